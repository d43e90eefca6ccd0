"""The page on events has every type, with the members of its data."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from app.models.event import EVENT_TYPES
from app.testing import SandboxClient, serve
from tests.docs.pages import DOCS, read_rows

SECTIONS = ("Of an execution", "Of a node", "Of connections, logs and documents")
TOLD = {
    name.strip("`"): re.findall(r"`(\w+)`", data)
    for section in SECTIONS
    for name, _, data in read_rows(DOCS / "events.md", section)
}
"""By type: the members that the page names."""


@pytest.fixture(scope="module")
def shown() -> dict[str, set[str]]:
    """By type: the members of the data of all events that came in some stories."""
    found: dict[str, set[str]] = defaultdict(set)
    with serve() as server, server.sandbox("one", scenario="mid-flight") as one, server.sandbox("two") as two:
        retry_wait_and_stop(two)
        one.post(f"/api/executions/{latest(one, 'waiting')}/pause")
        one.post(f"/api/executions/{latest(one, 'paused')}/resume")
        for event in [*events_of(one), *events_of(two)]:
            found[event["type"]] |= event["data"].keys()
    return found


def latest(sandbox: SandboxClient, status: str) -> str:
    """An execution in this status."""
    execution: str = sandbox.get(f"/api/executions?status={status}")["items"][0]["id"]
    return execution


def retry_wait_and_stop(sandbox: SandboxClient) -> None:
    """A node that fails twice and is retried once, one that writes into the log, a question, and the end of it all."""
    again = {"mock": {"fail_attempts": 2}, "retry": {"max_attempts": 2}, "on_error": "continue"}
    nodes = [
        {"id": "again", "type": "delay", "data": again},
        {"id": "tell", "type": "log"},
        {"id": "ask", "type": "approval"},
    ]
    edges = [{"source": "again", "target": "tell"}, {"source": "tell", "target": "ask"}]
    workflow = sandbox.post("/api/workflows", {"nodes": nodes, "edges": edges})
    execution = sandbox.post(f"/api/workflows/{workflow['id']}/execute")
    sandbox.clock.until(execution_id=execution["id"], status="waiting")
    sandbox.post(f"/api/executions/{execution['id']}/stop")


def events_of(sandbox: SandboxClient) -> list[dict[str, dict[str, object]]]:
    """All events of a sandbox."""
    found: list[dict[str, dict[str, object]]] = sandbox.get("/api/events?limit=10000")["items"]
    return found


def test_the_page_has_every_type_and_no_other() -> None:
    assert list(TOLD) == list(dict.fromkeys(TOLD))
    assert set(TOLD) == set(EVENT_TYPES)


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_members_of_data_are_those_that_come(shown: dict[str, set[str]], name: str) -> None:
    assert shown[name] == set(TOLD[name])
