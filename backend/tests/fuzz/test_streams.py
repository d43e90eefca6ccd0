"""Streams, asked for in every way: each event is what the contract says, and they are those that JSON has."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.budget import LONGER
from tests.fuzz.stage import Stage
from tests.promises import check_event

Json = Any

STAGE = Stage(forgetful=False)
CLIENT = STAGE.app.test_client()
LOGS = [
    "/api/events",
    *(f"/api/workflows/{key}/events" for key in STAGE.known["workflow_id"]),
    *(f"/api/executions/{key}/events" for key in STAGE.known["execution_id"]),
]
PLACES = st.none() | st.integers(0, 60)


@settings(
    max_examples=LONGER or 60,
    derandomize=not LONGER,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.sampled_from(LOGS), PLACES, PLACES, st.sampled_from(("", "1", "0", "true")))
def test_a_stream_tells_what_the_log_holds(log: str, after: int | None, last: int | None, unnamed: str) -> None:
    query = {} if after is None else {"after": after}
    headers = {"Accept": "text/event-stream"} | ({} if last is None else {"Last-Event-ID": str(last)})
    place = (after or 0) if last is None else last
    told = CLIENT.get(log, query_string={"after": place, "limit": 10_000}).get_json()
    asked = query | ({"unnamed": unnamed} if unnamed else {})
    stream = CLIENT.get(log, query_string=asked, headers=headers, buffered=False)
    if stream.status_code == 204:
        assert told["items"] == []
        return
    blocks = read(stream, len(told["items"]))
    assert [check_event(json.loads(block["data"])) for block in blocks] == told["items"]
    by = "seq" if "/executions/" in log else "cursor"
    assert [block["id"] for block in blocks] == [str(event[by]) for event in told["items"]]
    names = [None if unnamed in ("1", "true") else event["type"] for event in told["items"]]
    assert [block.get("event") for block in blocks] == names


def read(stream: Any, count: int) -> list[dict[str, str]]:
    """So many events of a stream, which goes on unless its execution has ended."""
    found: list[dict[str, str]] = []
    begin = b""
    chunks = iter(stream.response)
    while len(found) < count:
        begin += next(chunks)
        *blocks, begin = begin.split(b"\n\n")
        fields = [dict(line.split(": ", 1) for line in block.decode().split("\n")) for block in blocks]
        found += [field for field in fields if "data" in field]
    stream.close()
    return found
