"""The contract is what the code says: nothing is missing in it, nothing is made up, and answers keep to it."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask, Response
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from app import create_app
from app.config import Settings
from app.contract.problems import answers
from app.errors import InvalidInput
from app.models.event import EVENT_TYPES, as_wire
from app.models.execution import EXECUTION_TRANSITIONS, NODE_TRANSITIONS
from app.nodes.registry import BUILT_IN
from app.testing import serve
from app.web.cors import EXPOSED
from app.web.restful import in_braces
from tests.editor import Editor, node

Json = Any
ROOT = Path(__file__).resolve().parents[3]
WRITE = [sys.executable, "contract/write.py", "--check"]

OF_NO_OPERATION = {
    "method_not_allowed": "no operation has the method",
    "broken_contract": "only where answers are checked",
    "illegal_transition": "a bug of ours, which nothing is known to bring about",
    "error": "the root of the tree, which nothing raises",
    "not_found": "raised with a kind",
    "conflict": "raised with a code of its own",
    "not_allowed": "raised with a code of its own",
    "limit_reached": "raised with a code of its own",
    "unknown_url": "no operation has the address",
    "bad_connection": "the schema of the body refuses it first",
    "bad_faults": "of a snapshot, which is refused as a broken one",
    "bad_mode": "the schema of the body refuses it first",
    "bad_page": "the schema of the query refuses it first",
    "bad_filter": "the schema of the query refuses it first",
    "invalid_thumbnail_size": "the schema of the query refuses it first",
    "invalid_thumbnail_format": "the schema of the query refuses it first",
    "bad_message": "only over a WebSocket",
    "bad_node_type_file": "only at the start",
    "too_many_requests": "only where somebody asks for it",
}
"""The codes that no operation names, and why."""


@pytest.fixture(scope="module")
def document() -> Json:
    return create_app(Settings(scenario="empty")).test_client().get("/openapi.json").get_json()


def operations(document: Json) -> list[tuple[str, str, Json]]:
    return [(path, method, told) for path, methods in document["paths"].items() for method, told in methods.items()]


def test_the_document_is_openapi(document: Json) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_url_and_method_is_in_the_contract_and_nothing_else(app: Flask, document: Json) -> None:
    served = {
        (in_braces(rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, _ in operations(document)} == served


def test_the_names_of_operations_are_names_of_methods_and_told_once(document: Json) -> None:
    names = [told["operationId"] for _, _, told in operations(document)]
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name[0].islower() for name in names)


def test_every_event_type_is_a_member_of_the_union(document: Json) -> None:
    assert set(document["components"]["schemas"]["Event"]["discriminator"]["mapping"]) == set(EVENT_TYPES)


def test_every_node_type_is_a_member_of_the_union(document: Json) -> None:
    known = document["components"]["schemas"]["KnownNode"]
    assert set(known["discriminator"]["mapping"]) == set(BUILT_IN)
    assert len(known["oneOf"]) == len(BUILT_IN)


def test_every_code_of_an_answer_is_named_by_an_operation(document: Json) -> None:
    named = {
        code
        for _, _, told in operations(document)
        for answer in told["responses"].values()
        for content in answer.get("content", {}).values()
        for part in content["schema"].get("allOf", [])
        for code in part.get("properties", {}).get("code", {}).get("enum", [])
    }
    assert named | set(OF_NO_OPERATION) == set(answers())
    assert not named & set(OF_NO_OPERATION)


def test_examples_come_from_calls_and_fit_their_schemas(document: Json) -> None:
    found = 0
    for path, method, told in operations(document):
        parts = [told.get("requestBody", {}), *told["responses"].values()]
        for content in [kind for part in parts for kind in part.get("content", {}).values()]:
            if "example" in content:
                schema = {**content["schema"], "components": document["components"]}
                assert not list(Draft202012Validator(schema).iter_errors(content["example"])), f"{method} {path}"
                found += 1
    assert found > 80


def test_headers_that_scripts_may_read_are_in_the_contract(document: Json) -> None:
    assert set(EXPOSED) <= set(document["components"]["headers"])


def test_the_committed_files_are_as_the_code_would_write_them() -> None:
    done = subprocess.run(WRITE, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_what_was_released_is_not_broken_without_a_new_version() -> None:
    command = [sys.executable, "contract/compare.py", "contract/released.json", "contract/openapi.json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_yaml_says_the_same(client: FlaskClient, document: Json) -> None:
    answer = client.get("/openapi.yaml")
    assert answer.content_type == "application/yaml"
    assert yaml.safe_load(answer.data) == document
    assert b"&id" not in answer.data


@pytest.mark.parametrize(
    ("path", "headers", "server"),
    [
        ("/openapi.json", {}, "/"),
        ("/s/mine/openapi.json", {}, "/s/mine"),
        ("/openapi.json?sandbox=mine", {}, "/s/mine"),
        ("/openapi.json", {"X-Sandbox": "mine"}, "/s/mine"),
    ],
)
def test_its_addresses_lie_in_the_sandbox_of_who_reads_it(
    client: FlaskClient, path: str, headers: dict[str, str], server: str
) -> None:
    assert client.get(path, headers=headers).get_json()["servers"][0]["url"] == server


def test_who_has_the_contract_is_not_sent_it_again(client: FlaskClient) -> None:
    etag = client.get("/openapi.json").headers["ETag"]
    assert client.get("/openapi.json", headers={"If-None-Match": etag}).status_code == 304


def test_the_statuses_are_those_of_the_machine(client: FlaskClient) -> None:
    told = client.get("/api/meta/statuses").get_json()
    assert [one["status"] for one in told["execution"]] == [*EXECUTION_TRANSITIONS]
    assert [one["status"] for one in told["node"]] == [*NODE_TRANSITIONS]
    paused = next(one for one in told["execution"] if one["status"] == "paused")
    assert (paused["next"], paused["commands"]) == (["running", "stopped"], ["resume", "stop"])
    assert [one["status"] for one in told["execution"] if one["final"]] == ["completed", "failed", "stopped"]
    events = [kind for one in told["execution"] + told["node"] for kind in one["events"]]
    assert set(EVENT_TYPES) - set(events) == {"node.progress", "connection.delivered", "log", "workflow.changed"}


class TestAnswersAreHeldAgainstTheContract:
    """With ``--check-contract``, what is not as it was promised is told."""

    @pytest.fixture
    def mode(self) -> str:
        return "fail"

    @pytest.fixture
    def app(self, mode: str) -> Flask:
        return create_app(Settings(pace="stopped", scenario="empty", check_contract=mode))

    def spoil(self, app: Flask, endpoint: str, response: Response) -> FlaskClient:
        app.view_functions[endpoint] = lambda **_: response
        return app.test_client()

    def test_a_member_that_nobody_promised_is_a_500_with_its_place(self, app: Flask) -> None:
        body = json.dumps({"status": "ok", "auth": "off", "control": "open", "versions": {"python": 3}})
        client = self.spoil(app, "api/health", Response(body, content_type="application/json"))
        told = client.get("/api/health")
        assert (told.status_code, told.get_json()["code"]) == (500, "broken_contract")
        assert told.get_json()["errors"] == [{"pointer": "/versions/python", "message": "3 is not of type 'string'"}]
        assert "GET /api/health" in told.get_json()["detail"]

    def test_a_header_that_is_missing_is_a_violation(self, app: Flask) -> None:
        told = self.spoil(app, "api/node-types", Response('{"items": []}', content_type="application/json"))
        message = "The header ETag is missing, which the contract promises."
        assert told.get("/api/node-types").get_json()["errors"] == [{"pointer": "", "message": message}]

    def test_a_member_that_nobody_told_of_is_a_violation_though_readers_must_be_ready_for_it(
        self, app: Flask, document: Json
    ) -> None:
        body = json.dumps({"status": "ok", "auth": "off", "control": "open", "versions": {}, "surprise": 1})
        told = self.spoil(app, "api/health", Response(body, content_type="application/json")).get("/api/health")
        assert "'surprise' was unexpected" in told.get_json()["detail"]
        assert "additionalProperties" not in document["components"]["schemas"]["Health"]

    @pytest.mark.parametrize(
        ("response", "message"),
        [
            (Response(status=203), "The contract has no 203 here."),
            (Response("x", content_type="text/plain"), "The contract has no text/plain here."),
            (
                Response("{}", 200, {"X-New": "1"}, content_type="application/json"),
                "The contract has no header X-New here.",
            ),
            (
                Response("no", 404, content_type="text/html"),
                "An error must be application/problem+json, not text/html.",
            ),
        ],
    )
    def test_statuses_types_headers_and_errors_are_promised_too(
        self, app: Flask, response: Response, message: str
    ) -> None:
        told = self.spoil(app, "api/health", response).get("/api/health").get_json()
        assert message in [violation["message"] for violation in told["errors"]]

    def test_of_a_union_the_member_is_told_that_its_type_names(self, app: Flask) -> None:
        wire = {"seq": 1, "cursor": 1, "execution_id": "ex", "workflow_id": "wf", "at": "2026-01-01T09:00:00.000Z"}
        events = [wire | {"type": "execution.paused", "data": {}}, wire | {"type": "execution.lost", "data": {}}]
        for event, pointer in zip(events, ("/items/0/data", "/items/0/type"), strict=True):
            body = json.dumps({"items": [event], "last_cursor": 1})
            client = self.spoil(app, "api/events", Response(body, content_type="application/json"))
            assert client.get("/api/events").get_json()["errors"][0]["pointer"] == pointer

    def test_what_has_no_content_has_none(self, app: Flask) -> None:
        client = self.spoil(app, "_control/reset", Response("done", 204))
        assert client.post("/_control/reset").get_json()["code"] == "broken_contract"

    def test_a_page_of_another_origin_is_told_too(self, app: Flask) -> None:
        client = self.spoil(app, "api/health", Response("{}", content_type="application/json"))
        told = client.get("/api/health", headers={"Origin": "http://localhost:5173"})
        assert (told.status_code, told.headers["Access-Control-Allow-Origin"]) == (500, "*")

    def test_an_error_has_a_code_that_the_operation_names(self, app: Flask) -> None:
        def refuse(**_: Json) -> None:
            raise InvalidInput("No.", code="clock_backwards")

        app.view_functions["api/workflows"] = refuse
        told = app.test_client().get("/api/workflows").get_json()
        assert (told["code"], told["errors"][0]["pointer"]) == ("broken_contract", "/code")

    def test_an_error_that_was_asked_for_is_no_violation(self, app: Flask) -> None:
        told = app.test_client().get("/api/workflows", headers={"Prefer": "code=418"})
        assert (told.status_code, told.get_json()["code"]) == (418, "i_m_a_teapot")

    def test_a_body_that_was_taken_must_be_one_that_the_contract_takes(self, app: Flask) -> None:
        app.view_functions["_control/snapshots"] = lambda **_: Response(
            json.dumps({"name": "x", "taken_at": "2026-01-01T09:00:00.000Z", "size": 1}),
            201,
            {"Location": "/_control/snapshots/x"},
            content_type="application/json",
        )
        told = app.test_client().post("/_control/snapshots", json={"name": "not a name"}).get_json()
        assert told["errors"][0]["pointer"] == "/name"
        assert told["errors"][0]["message"].startswith("This was taken, and the contract would not")

    def test_an_answer_that_goes_to_nobody_is_not_looked_at(self, caplog: pytest.LogCaptureFixture) -> None:
        with serve(check_contract="fail", latency="5") as server, server.sandbox(scenario="empty") as sandbox:
            assert sandbox.get("/api/workflows")["items"] == []
        assert caplog.text == ""

    @pytest.mark.parametrize("mode", ["log"])
    def test_otherwise_it_is_a_line_in_the_log(self, app: Flask, caplog: pytest.LogCaptureFixture) -> None:
        client = self.spoil(app, "api/health", Response("{}", content_type="application/json"))
        with caplog.at_level(logging.WARNING):
            assert client.get("/api/health").status_code == 200
        assert "GET /api/health 200:  'auth' is a required property" in caplog.text

    def test_an_event_of_a_stream_that_is_not_as_promised_is_a_line_in_the_log(
        self, app: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        client = app.test_client()
        client.post("/api/workflows", json={})
        monkeypatch.setattr("app.web.streams.as_wire", lambda event: as_wire(event) | {"cursor": "1"})
        with caplog.at_level(logging.WARNING):
            told = client.get("/api/events", headers={"Accept": "text/event-stream"}, buffered=False)
            assert b"workflow.changed" in b"".join(piece for piece, _ in zip(told.response, range(2), strict=False))
        assert "A stream tells workflow.changed: /cursor '1' is not of type 'integer'" in caplog.text

    @pytest.mark.parametrize("mode", [""])
    def test_nobody_looks_unless_told(self, app: Flask) -> None:
        client = self.spoil(app, "api/health", Response("{}", content_type="application/json"))
        assert client.get("/api/health").get_json() == {}

    def test_a_whole_story_keeps_to_it_over_a_socket(self) -> None:
        with serve(check_contract="fail") as server, server.sandbox(scenario="mid-flight") as sandbox:
            for path in ("/api/workflows", "/api/executions", "/api/templates", "/api/events"):
                assert sandbox.get(path)["items"]


def test_a_bare_node_comes_back_as_react_flow_types_it_and_nothing_else_is_lost(
    editor: Editor, client: FlaskClient
) -> None:
    bare = {"id": "a", "type": None, "parentId": None, "mine": None}
    saved = editor.save(bare, node("b"), lines=["a-b"])
    shown = client.get(f"/api/workflows/{saved['id']}?shape=reactflow").get_json()
    assert shown["nodes"][0] == {"id": "a", "mine": None, "position": {"x": 0, "y": 0}, "data": {}}
    assert shown["viewport"] == {"x": 0, "y": 0, "zoom": 1}
    assert client.get(f"/api/workflows/{saved['id']}").get_json()["nodes"][0] == bare
