"""Snapshots over HTTP: taken, kept, carried elsewhere, restored and forked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from app.config import Limits, Settings
from tests.editor import Editor, node

Json = Any


@pytest.fixture
def running(editor: Editor) -> Json:
    """An execution in the middle of its second node, of 20 seconds."""
    nodes = [node(f"n{place}", "delay", config={"seconds": 10 * place + 10}) for place in range(3)]
    execution = editor.execute(editor.save(*nodes))
    editor.post("/_control/clock/advance", {"seconds": 15})
    return execution


@pytest.fixture
def taken(editor: Editor, running: Json) -> Json:
    """A snapshot of that."""
    return editor.post("/_control/snapshots", {"name": "middle"})


def everything(client: FlaskClient, sandbox: str = "default") -> list[Json]:
    """What a sandbox shows of itself."""
    paths = ["workflows", "executions?per_page=100", "files", "templates", "node-types"]
    shown = [client.get(f"/s/{sandbox}/api/{path}").get_json() for path in paths]
    shown += [client.get(f"/s/{sandbox}/api/executions/{one['id']}/events").get_json() for one in shown[1]["items"]]
    return [*shown, client.get(f"/s/{sandbox}/_control/clock").get_json()]


def test_a_snapshot_says_when_it_was_taken(client: FlaskClient, taken: Json) -> None:
    assert taken["name"] == "middle"
    assert taken["taken_at"] == "2026-01-01T09:00:15.000Z"
    assert taken["size"] == len(client.get("/_control/snapshots/middle").get_data())
    assert client.get("/_control/snapshots").get_json() == {"items": [taken]}


def test_a_restore_sets_everything_back(client: FlaskClient, editor: Editor, taken: Json) -> None:
    before = everything(client)
    editor.post("/_control/clock/advance", {"seconds": 3600})
    editor.save(node("later"))
    editor.post("/api/node-types", {"type": "later"})
    assert everything(client) != before
    state = editor.post("/_control/snapshots/middle/restore")
    assert state["clock"]["now"] == "2026-01-01T09:00:15.000Z"
    assert everything(client) == before


def test_what_goes_on_after_a_restore_goes_on_as_it_did(client: FlaskClient, editor: Editor, taken: Json) -> None:
    def go_on() -> list[Json]:
        editor.post("/_control/clock/advance", {"seconds": 30})
        editor.execute(editor.save(node("later", "http_request", config={"url": "https://example.org"})))
        editor.post("/_control/clock/advance", {"seconds": 3600})
        return everything(client)

    first = go_on()
    editor.post("/_control/snapshots/middle/restore")
    assert go_on() == first


def test_a_fork_and_its_original_go_on_to_the_same_end(client: FlaskClient, editor: Editor, taken: Json) -> None:
    response = client.post("/_control/snapshots/middle/fork", json={"sandbox": "twin"})
    assert response.status_code == 201
    assert response.headers["Location"] == "/s/twin/_control"
    assert response.get_json()["sandbox"] == "twin"
    for sandbox in ("default", "twin"):
        client.post(f"/s/{sandbox}/_control/clock/advance", json={"seconds": 3600})
    ends = [everything(client, sandbox) for sandbox in ("default", "twin")]
    without_links = [orjson.dumps(end).replace(b"/s/twin", b"").replace(b"/s/default", b"") for end in ends]
    assert without_links[0] == without_links[1]


def test_a_fork_lives_its_own_life(client: FlaskClient, taken: Json) -> None:
    client.post("/_control/snapshots/middle/fork", json={"sandbox": "twin"})
    before = everything(client)
    client.post("/s/twin/_control/clock/advance", json={"seconds": 3600})
    client.post("/s/twin/api/workflows", json={"name": "x"})
    assert everything(client) == before


def test_a_fork_overwrites_nobody(client: FlaskClient, problem_of: Callable[..., Json], taken: Json) -> None:
    client.post("/s/twin/api/workflows", json={"name": "x"})
    response = client.post("/_control/snapshots/middle/fork", json={"sandbox": "twin"})
    assert problem_of(response, 409)["code"] == "sandbox_exists"
    assert client.get("/s/twin/api/workflows").get_json()["total"] == 1


def test_faults_keys_files_and_types_are_in_it(client: FlaskClient, editor: Editor, upload: Callable[..., Any]) -> None:
    upload(("a.txt", b"hello"))
    key = {"Idempotency-Key": "once"}
    client.post("/api/node-types", json={"type": "mine"})
    first = client.post("/api/workflows", json={"name": "x"}, headers=key).get_data()
    client.put(
        "/_control/faults", json=[{"id": "third", "match": {"path": "/api/workflows"}, "nth": [3], "status": 503}]
    )
    client.get("/api/workflows")
    editor.post("/_control/snapshots", {"name": "all"})
    document = client.get("/_control/snapshots/all").get_data()
    client.post("/_control/reset")
    client.put("/_control/snapshots/back", data=document, content_type="application/json")
    editor.post("/_control/snapshots/back/restore")
    again = client.post("/api/workflows", json={"name": "x"}, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.get_data() == first
    assert client.get("/api/workflows").status_code == 503
    file = client.get("/api/files").get_json()["items"][0]
    assert client.get(file["content_url"]).get_data() == b"hello"
    assert client.get("/api/node-types/mine").status_code == 200


def test_a_reset_leaves_snapshots_alone(client: FlaskClient, editor: Editor, taken: Json) -> None:
    before = everything(client)
    client.post("/_control/reset", json={"seed": 99})
    assert client.get("/_control/snapshots").get_json() == {"items": [taken]}
    editor.post("/_control/snapshots/middle/restore")
    assert everything(client) == before
    assert client.get("/_control").get_json()["seed"] == 7


def test_a_document_is_carried_to_another_sandbox(client: FlaskClient, taken: Json) -> None:
    response = client.get("/_control/snapshots/middle")
    assert response.headers["Content-Disposition"] == 'attachment; filename="middle.json"'
    put = client.put("/s/far/_control/snapshots/theirs", data=response.get_data(), content_type="application/json")
    assert put.status_code == 201
    assert put.headers["Location"] == "/s/far/_control/snapshots/theirs"
    assert put.get_json() == {**taken, "name": "theirs"}
    assert client.get("/s/far/api/workflows").get_json()["total"] == 0
    client.post("/s/far/_control/snapshots/theirs/restore")
    assert everything(client, "far")[1]["total"] == 1


def test_the_same_state_is_the_same_document(client: FlaskClient, taken: Json) -> None:
    document = client.get("/_control/snapshots/middle").get_data()
    client.post("/_control/snapshots/middle/fork", json={"sandbox": "twin"})
    client.post("/s/twin/_control/snapshots", json={"name": "again"})
    assert client.get("/s/twin/_control/snapshots/again").get_data() == document


def test_putting_again_replaces(client: FlaskClient, editor: Editor, taken: Json) -> None:
    document = client.get("/_control/snapshots/middle").get_data()
    editor.post("/_control/clock/advance", {"seconds": 60})
    editor.post("/_control/snapshots", {"name": "late"})
    put = client.put("/_control/snapshots/late", data=document, content_type="application/json")
    assert put.status_code == 200
    assert put.get_json()["taken_at"] == taken["taken_at"]


def test_a_name_is_taken_once(client: FlaskClient, problem_of: Callable[..., Json], taken: Json) -> None:
    response = client.post("/_control/snapshots", json={"name": "middle"})
    assert problem_of(response, 409)["code"] == "snapshot_exists"
    assert client.delete("/_control/snapshots/middle").status_code == 204
    assert client.post("/_control/snapshots", json={"name": "middle"}).status_code == 201


@pytest.mark.parametrize("body", [{}, {"name": 3}, {"name": ""}, {"nam": "x"}])
def test_a_snapshot_needs_a_name(client: FlaskClient, problem_of: Callable[..., Json], body: Json) -> None:
    problem_of(client.post("/_control/snapshots", json=body), 422)


@pytest.mark.parametrize("name", ["a/b", "-", "a b"])
def test_an_impossible_name_is_refused(client: FlaskClient, problem_of: Callable[..., Json], name: str) -> None:
    problem = problem_of(client.post("/_control/snapshots", json={"name": name}), 422)
    assert problem["errors"][0]["pointer"] == "/name"
    assert client.get("/_control/snapshots").get_json() == {"items": []}


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", ""), ("POST", "/restore"), ("POST", "/fork")])
def test_what_is_not_there_is_not_found(
    client: FlaskClient, problem_of: Callable[..., Json], method: str, path: str
) -> None:
    body = {"sandbox": "twin"} if path == "/fork" else None
    response = client.open(f"/_control/snapshots/none{path}", method=method, json=body)
    assert problem_of(response, 404)["code"] == "snapshot_not_found"
    assert "twin" not in [one["sandbox"] for one in client.get("/_control/sandboxes").get_json()["items"]]


class TestBroken:
    """What cannot be read is refused, and changes nothing."""

    def put(self, client: FlaskClient, content: bytes, kind: str = "application/json") -> Any:
        """Upload something."""
        return client.put("/_control/snapshots/bad", data=content, content_type=kind)

    @pytest.fixture
    def document(self, client: FlaskClient, taken: Json) -> Json:
        return client.get("/_control/snapshots/middle").get_json()

    @pytest.mark.parametrize("length", [0, 1, 100, -1])
    def test_one_that_was_cut(
        self, client: FlaskClient, problem_of: Callable[..., Json], document: Json, length: int
    ) -> None:
        content = orjson.dumps(document)[:length]
        assert problem_of(self.put(client, content), 400)["code"] == "malformed_json"
        assert len(client.get("/_control/snapshots").get_json()["items"]) == 1

    @pytest.mark.parametrize("version", [0, 2, "1", None])
    def test_one_of_another_version(
        self, client: FlaskClient, problem_of: Callable[..., Json], document: Json, version: Json
    ) -> None:
        problem = problem_of(self.put(client, orjson.dumps(document | {"version": version})), 422)
        assert problem["code"] == "unknown_snapshot_version"
        assert "version 1" in problem["detail"]

    @pytest.mark.parametrize("content", [b"{}", b"[]", b"3", b'{"format": "other", "version": 1}'])
    def test_something_else(self, client: FlaskClient, problem_of: Callable[..., Json], content: bytes) -> None:
        problem_of(self.put(client, content), 422)

    def test_one_in_which_something_is_missing(
        self, client: FlaskClient, problem_of: Callable[..., Json], document: Json
    ) -> None:
        del document["executions"][0]["status"]
        problem = problem_of(self.put(client, orjson.dumps(document)), 422)
        assert problem["code"] == "broken_snapshot"
        assert "$.executions[0]" in problem["detail"]

    def test_one_that_is_no_json_by_its_own_word(
        self, client: FlaskClient, problem_of: Callable[..., Json], document: Json
    ) -> None:
        problem_of(self.put(client, orjson.dumps(document), "text/plain"), 415)

    def test_one_that_is_too_large(self, problem_of: Callable[..., Json]) -> None:
        from app import create_app

        settings = Settings(pace="stopped", scenario="empty", limits=Limits(max_snapshot_bytes=1000))
        client = create_app(settings).test_client()
        problem_of(self.put(client, b'"' + b"x" * 1000 + b'"'), 413)


class TestLimit:
    """So many snapshots are kept and no more."""

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(pace="stopped", scenario="empty", limits=Limits(max_snapshots=2))

    def test_more_are_refused(self, client: FlaskClient, problem_of: Callable[..., Json]) -> None:
        for name in ("a", "b"):
            client.post("/_control/snapshots", json={"name": name})
        response = client.post("/_control/snapshots", json={"name": "c"})
        assert problem_of(response, 422)["code"] == "too_many_snapshots"
        assert [one["name"] for one in client.get("/_control/snapshots").get_json()["items"]] == ["a", "b"]
