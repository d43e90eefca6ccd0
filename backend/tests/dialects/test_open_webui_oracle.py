"""What FastAPI answers is what this door answers: the document's API is built with it, and asked the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from tests.dialects.real_open_webui import Answer, RealOpenWebui

Json = Any

JSON = "application/json"
FLOWS = "/api/v1/flows"
NODE = {"id": "a", "type": "input", "position": {"x": 0, "y": 0}, "data": {"label": "A"}}
OTHER = {**NODE, "id": "b"}
EDGE = {"id": "e", "source": "a", "target": "b"}
GRAPH = {"nodes": [NODE, OTHER], "edges": [EDGE]}
FLOW = {"name": "First", **GRAPH}

OUR_OWN = {"id", "user_id", "created_at", "updated_at", "order", "flowId"}
"""Members that the two make by themselves."""

SETTINGS = Settings(pace="stopped", scenario="empty", check_contract="fail")

Request = tuple[str, str, bytes, str | None]


def sent(method: str, path: str, body: Json = ..., content_type: str | None = JSON) -> Request:
    """A request with a body in JSON, or without one."""
    raw = b"" if body is ... else body if isinstance(body, bytes) else json.dumps(body).encode()
    return method, FLOWS + path, raw, content_type


BODIES: list[Json] = [
    FLOW,
    {**FLOW, "description": "Text", "meta": {"a": [1, {"b": None}]}},
    {**FLOW, "description": None, "meta": None},
    {**FLOW, "unknown": 1, "id": "mine", "user_id": "me"},
    {"name": "Empty", "nodes": [], "edges": []},
    {},
    {"name": "No graph"},
    {"nodes": [], "edges": []},
    *({**FLOW, "name": value} for value in (None, 5, 1.5, True, [], {}, "", "x", "x" * 255, "x" * 256)),
    *({**FLOW, "description": value} for value in (5, False, [], {}, "x" * 100_001)),
    *({**FLOW, "nodes": value} for value in (None, 5, "[]", {}, True)),
    *({**FLOW, "edges": value} for value in (None, 5, "[]", {}, True)),
    *({**FLOW, "meta": value} for value in (5, "{}", [], [["a", 1]], False)),
    {"name": 1, "description": 2, "nodes": 3, "edges": 4, "meta": 5},
    *(None, 5, "text", [], [FLOW], True, 1.5),
    *(b"", b"{", b"[1,]", b"nul", b'{"name":"a" "b"}', b"{'a': 1}", b'{"a":"\x01"}', b"\n\n  {", b'{"a": tru}'),
    b"\xef\xbb\xbf" + json.dumps(FLOW).encode(),
]

TABLE: list[Request] = [
    *(sent("POST", "/create", body) for body in BODIES),
    *(sent("POST", "/{flow}", body) for body in BODIES if body != b""),
    *(sent("POST", "/{flow}", {name: held}) for name, held in {**FLOW, "description": "x", "meta": {}}.items()),
    *(sent("POST", "/import", body) for body in (None, 5, "text", [], b"", b"{", b"[1,]")),
    *(sent("POST", "/import", {"version": held, "flow": FLOW}) for held in ("1.0", "2.0", 1, None)),
    sent("POST", "/import", {"version": "1.0", "flow": {**FLOW, "meta": {"a": 1}, "description": "x"}}),
    sent("POST", "/import", {"version": "1.0", "flow": GRAPH}),
    sent("POST", "/import", {"flow": FLOW}),
    *(sent("POST", "/create", FLOW, kind) for kind in ("text/plain", "application/x-www-form-urlencoded", "image/png")),
    sent("POST", "/create", FLOW, "application/vnd.api+json"),
    sent("POST", "/create", FLOW, "application/json; charset=utf-8"),
    sent("POST", "/import", FLOW, "text/plain"),
    sent("GET", "/"),
    sent("GET", "/{flow}"),
    sent("GET", "/{flow}/export"),
    sent("DELETE", "/{flow}"),
    *(
        sent("POST", "/{flow}/duplicate", body)
        for body in (..., {}, {"name": "Copy"}, {"name": 5}, {"name": ""}, [], 5)
    ),
    *(sent("POST", "/{flow}/execute", body) for body in (..., {}, {"inputs": {}}, [], 5, "x", b"{")),
    *(sent("POST", f"/{{flow}}/execute?mode={mode}", {}) for mode in ("client", "x", "")),
    *(
        sent("GET", f"/{{flow}}/executions?page={page}")
        for page in ("1", "2", "0", "-1", "x", "", "1.5", "%2B2", "1_0")
    ),
    sent("GET", "/{flow}/executions?page=x&page=2"),
    *(sent(method, "/nothing") for method in ("GET", "DELETE")),
    sent("POST", "/nothing", {"name": "x"}),
    sent("POST", "/nothing", {"name": 5}),
    *(sent("GET", f"/nothing{rest}") for rest in ("/export", "/executions")),
    *(sent("POST", f"/nothing{rest}") for rest in ("/duplicate", "/execute")),
    *(sent(method, path) for method in ("PUT", "PATCH") for path in ("/", "/{flow}", "/{flow}/export", "/create")),
    *(sent(method, "/") for method in ("POST", "DELETE")),
    sent("GET", "/{flow}/duplicate"),
    sent("GET", "/{flow}/nothing"),
    sent("GET", "/{flow}/export/more"),
    sent("GET", ""),
    sent("GET", "?a=b&c=%20d"),
    sent("GET", "/{flow}/"),
    sent("DELETE", "/{flow}/"),
    sent("POST", "/create/", FLOW),
    sent("GET", "/{flow}/export/?a=b"),
]


class Both:
    """The real one, and ours."""

    def __init__(self) -> None:
        self.real = RealOpenWebui()
        self.ours: FlaskClient = create_app(SETTINGS).test_client()
        self.keys = [self._create_here(), self.real(*sent("POST", "/create", FLOW)).json["id"]]

    def ask(self, request: Request) -> tuple[TestResponse, Answer]:
        """Both answers to a request."""
        method, target, raw, kind = request
        path, _, query = target.partition("?")
        ours = self.ours.open(
            path.format(flow=self.keys[0]), method=method, query_string=query, data=raw, content_type=kind
        )
        return ours, self.real(method, target.replace("{flow}", self.keys[1]), raw, kind)

    def _create_here(self) -> str:
        key: str = self.ours.post(f"{FLOWS}/create", json=FLOW).get_json()["id"]
        return key


def steady(told: Json) -> Json:
    """What was told, without what each makes by itself."""
    if isinstance(told, list):
        return [steady(one) for one in told]
    if not isinstance(told, dict) or "detail" in told:
        return told
    return {name: held for name, held in told.items() if name not in OUR_OWN}


def assert_alike(both: Both, request: Request) -> None:
    """Both answer with the same status, and say the same."""
    ours, real = both.ask(request)
    told = ours.get_data(as_text=True)
    assert ours.status_code == real.status, told
    assert steady(ours.get_json(silent=True)) == steady(real.json)
    assert ours.headers.get("Content-Type") == real.headers.get("content-type")
    place = real.headers.get("location", "").removeprefix("http://localhost").replace(both.keys[1], both.keys[0])
    assert ours.headers.get("Location", "") == place


@pytest.mark.parametrize("request_", TABLE, ids=lambda one: f"{one[0]} {one[1]} {one[2][:40]!r}")
def test_the_door_answers_as_the_real_one(request_: Request) -> None:
    assert_alike(Both(), request_)


DIFFERENT = [
    # The words of our addresses are no ids, so that a wrong method is told of.
    (sent("GET", "/create"), 405, 404),
    # A browser asks HEAD and OPTIONS of any server, and Flask answers.
    (sent("HEAD", "/"), 200, 405),
    (sent("OPTIONS", "/"), 204, 405),
    # What nobody could draw or send again is refused.
    (sent("POST", "/create", {**FLOW, "nodes": [5]}), 400, 200),
    (sent("POST", "/create", {**FLOW, "nodes": [NODE, NODE]}), 400, 200),
    (sent("POST", "/create", b'{"name": "x", "nodes": [NaN], "edges": []}'), 422, 200),
    # FastAPI takes what is no UTF-8 for a fault of its own.
    (sent("POST", "/create", b"\xff"), 422, 400),
    # Before version 0.132, FastAPI read a body of which nothing is said as JSON, too.
    (sent("POST", "/create", FLOW, None), 200, 422),
    # Inputs that are none are refused before anything runs.
    (sent("POST", "/{flow}/execute", {"inputs": [1]}), 422, 200),
    # A wrong method leads nowhere from an address that is not written right.
    (sent("POST", ""), 404, 307),
]


@pytest.mark.parametrize(("request_", "ours", "real"), DIFFERENT)
def test_the_door_differs_on_purpose(request_: Request, ours: int, real: int) -> None:
    answers = Both().ask(request_)
    assert (answers[0].status_code, answers[1].status) == (ours, real)


def test_a_description_that_is_empty_is_none() -> None:
    ours, real = Both().ask(sent("POST", "/create", {**FLOW, "description": ""}))
    assert (ours.get_json()["description"], real.json["description"]) == (None, "")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
GRAPHS = st.just([]) | VALUES.filter(lambda value: not isinstance(value, list) or value == [])
FORMS = st.fixed_dictionaries(
    {},
    optional={
        "name": VALUES,
        "description": VALUES.filter(lambda value: value != ""),
        "nodes": GRAPHS,
        "edges": GRAPHS,
        "meta": VALUES,
        "more": VALUES,
    },
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(form=FORMS | VALUES, path=st.sampled_from(["/create", "/{flow}", "/import"]))
def test_whatever_is_sent_is_judged_alike(both: Both, form: Json, path: str) -> None:
    if path == "/import" and isinstance(form, dict):
        form = {"version": form}
    assert_alike(both, sent("POST", path, form))


@pytest.fixture(scope="module")
def both() -> Both:
    return Both()
