"""The Django door over the same core: what it shows of workflows and executions, to whom, and what it leaves alone.

That it answers as the real one is compared in `tests.dialects.django`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.config import Limits, Settings
from tests import person as people
from tests.editor import Editor, node

Json = Any
FLOWS = "/api/flows/"
USUAL = Settings(pace="stopped", scenario="empty", seed=7, check_contract="fail")


def sent(response: TestResponse, status: int = 200) -> Json:
    """What was answered, with this status."""
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json()


class Person(people.Person):
    """A user who has logged in."""

    def sees(self) -> list[str]:
        """The names of the flows in the list."""
        return [flow["name"] for flow in self("GET", FLOWS).json]


# Flows


def test_a_workflow_of_our_own_api_is_a_flow_and_the_other_way_round(editor: Editor) -> None:
    saved = editor.save(node("a"), node("b"), name="Ours", tags=["x"], metadata={"k": 1})
    (flow,) = editor.get(FLOWS)
    assert flow == {
        "id": 1,
        "name": "Ours",
        "description": "",
        "nodes": saved["nodes"],
        "edges": saved["connections"],
        "metadata": {"k": 1},
        "is_active": False,
        "created_at": "2026-01-01T09:00:00Z",
        "updated_at": "2026-01-01T09:00:00Z",
        "version": "1.0.0",
        "tags": ["x"],
    }
    made = sent(editor.client.post(FLOWS, json={**flow, "name": "Theirs"}), 201)
    (theirs,) = editor.get("/api/workflows?q=Theirs")["items"]
    workflow = editor.get(f"/api/workflows/{theirs['id']}")
    assert (workflow["nodes"], workflow["connections"]) == (saved["nodes"], saved["connections"])
    assert workflow["number"] == made["id"] == 2


def test_what_only_a_workflow_has_stays_when_a_flow_is_saved(editor: Editor) -> None:
    saved = editor.save(node("a"), viewport={"x": 5, "y": 6, "zoom": 2}, folder={"id": 3}, version=5, is_active="false")
    flow = editor.get(f"{FLOWS}1/")
    assert (flow["version"], flow["is_active"]) == ("5", False)
    sent(editor.client.put(f"{FLOWS}1/", json={**flow, "nodes": [], "edges": [], "is_active": True, "version": "6"}))
    after = editor.get(f"/api/workflows/{saved['id']}")
    assert (after["viewport"], after["folder"]) == (saved["viewport"], saved["folder"])
    assert (after["nodes"], after["version"], after["is_active"]) == ([], "6", True)


def test_metadata_is_replaced_and_not_merged(editor: Editor) -> None:
    editor.save(metadata={"a": 1})
    assert sent(editor.client.patch(f"{FLOWS}1/", json={"metadata": {"b": 2}}))["metadata"] == {"b": 2}


def test_the_last_changed_comes_first(editor: Editor) -> None:
    for name in "abc":
        sent(editor.client.post(FLOWS, json={"name": name}), 201)
        editor.advance(1000)
    sent(editor.client.patch(f"{FLOWS}1/", json={"description": "Changed."}))
    assert [flow["name"] for flow in editor.get(FLOWS)] == ["a", "c", "b"]


def test_times_have_microseconds_only_where_there_are_any(editor: Editor) -> None:
    editor.save()
    editor.advance(1234)
    changed = sent(editor.client.patch(f"{FLOWS}1/", json={"description": "Changed."}))
    assert changed["created_at"] == "2026-01-01T09:00:00Z"
    assert changed["updated_at"] == "2026-01-01T09:00:01.234000Z"


def test_a_refused_body_changes_nothing(editor: Editor) -> None:
    editor.save(node("a"), name="As it was")
    before = editor.get(f"{FLOWS}1/")
    twins = [{"id": "a"}, {"id": "a"}]
    for body in ({"name": "New", "version": ""}, {"name": "New", "nodes": twins}, {"name": "New", "tags": [5]}):
        assert set(sent(editor.client.put(f"{FLOWS}1/", json=body), 400)) == {[*body][1]}
    assert editor.get(f"{FLOWS}1/") == before


def test_a_graph_that_does_not_fit_is_told_by_field_and_place(client: FlaskClient) -> None:
    graph = {"nodes": [{"id": "a"}, {"id": 5}], "edges": [{"source": "a"}]}
    told = sent(client.post(FLOWS, json={"name": "New", **graph}), 400)
    assert told == {"nodes": ["1/id: Must be a string."], "edges": ["0/target: Must be given."]}
    twins = [{"id": "e", "source": "a", "target": "a"}] * 2
    told = sent(client.post(FLOWS, json={"name": "New", "edges": twins}), 400)
    assert told == {"edges": ["1/id: 'e' is already the id of connections/0."]}


def test_a_duplicate_has_the_graph_and_begins_anew(editor: Editor) -> None:
    saved = editor.save(node("a"), node("b"), name="x" * 255, viewport={"x": 1, "y": 2, "zoom": 3}, mine=1)
    sent(editor.client.patch(f"{FLOWS}1/", json={"is_active": True, "version": "9"}))
    copy = sent(editor.client.post(f"{FLOWS}1/duplicate/"), 201)
    assert copy["name"] == "x" * 248 + " (Copy)"
    assert (copy["nodes"], copy["edges"]) == (saved["nodes"], saved["connections"])
    assert (copy["is_active"], copy["version"]) == (False, "1.0.0")
    assert editor.post(f"/api/workflows/{saved['id']}/duplicate")["name"] == copy["name"]
    workflow = next(one for one in editor.get("/api/workflows?q=Copy")["items"] if one["number"] == copy["id"])
    assert editor.get(f"/api/workflows/{workflow['id']}")["viewport"] == saved["viewport"]
    assert workflow["mine"] == 1


def test_limits_are_told_in_one_sentence() -> None:
    client = create_app(replace(USUAL, limits=Limits(max_workflows=1, max_nodes=1))).test_client()
    told = sent(client.post(FLOWS, json={"name": "a", "nodes": [{"id": "a"}, {"id": "b"}]}), 400)
    assert "UNDERSTUDY_MAX_NODES" in told["detail"]
    sent(client.post(FLOWS, json={"name": "a"}), 201)
    for path in (FLOWS, f"{FLOWS}1/duplicate/"):
        assert "UNDERSTUDY_MAX_WORKFLOWS" in sent(client.post(path, json={"name": "a"}), 400)["detail"]


def test_the_templates_of_the_document_are_there_and_can_be_saved_and_run() -> None:
    client = create_app(replace(USUAL, scenario="demo")).test_client()
    templates = {one["name"]: one for one in sent(client.get(f"{FLOWS}templates/"))}
    for name in ("IoT Data Pipeline", "Data Analytics Flow"):
        assert set(templates[name]) == {"name", "description", "nodes", "edges", "tags"}
    for template in templates.values():
        made = sent(client.post(FLOWS, json=template), 201)
        assert made["nodes"] == template["nodes"]
        assert sent(client.post(f"{FLOWS}{made['id']}/execute/"))["status"] == "started"


# Executions


def test_an_execution_is_followed_by_its_number_to_its_end(editor: Editor) -> None:
    editor.save(node("a", mock={"output": 5, "duration_ms": 2000}), node("b", mock={"output": 6}))
    started = sent(editor.client.post(f"{FLOWS}1/execute/"))
    assert started == {"execution_id": 1, "status": "started", "message": "Flow execution started"}
    one = f"{FLOWS}executions/1/"
    assert editor.get(one) == {
        "id": 1,
        "flow": 1,
        "status": "running",
        "started_at": "2026-01-01T09:00:00Z",
        "completed_at": None,
        "result": {},
        "error_message": "",
    }
    assert [run["status"] for run in editor.get(f"{one}nodes/")] == ["running", "pending"]
    (native,) = editor.get("/api/executions")["items"]
    editor.finish(native)
    ended = editor.get(one)
    assert (ended["status"], ended["result"]) == ("completed", {"b": 6})
    assert ended["completed_at"] > ended["started_at"]
    first, second = editor.get(f"{one}nodes/")
    assert first == {
        "id": 1_000_001,
        "flow_execution": 1,
        "node_id": "a",
        "status": "completed",
        "input_data": {},
        "output_data": {"output": 5},
        "executed_at": "2026-01-01T09:00:00Z",
        "duration_ms": 2000,
    }
    assert (second["node_id"], second["input_data"]) == ("b", {"input": 5})


def test_the_executions_of_a_flow_are_listed_the_newest_first(editor: Editor) -> None:
    for name in "ab":
        editor.save(node(name, mock={"error": f"{name} broke."}))
    for number in (1, 2, 1):
        sent(editor.client.post(f"{FLOWS}{number}/execute/"))
        for native in editor.get("/api/executions")["items"]:
            editor.finish(native)
    listed = editor.get(f"{FLOWS}1/executions/")
    assert [(one["id"], one["flow"], one["status"]) for one in listed] == [(3, 1, "failed"), (1, 1, "failed")]
    assert listed[0]["error_message"] == "a broke."
    assert listed == [editor.get(f"{FLOWS}executions/{one['id']}/") for one in listed]


def test_what_is_paused_or_waits_runs_here_and_what_is_skipped_never_came(editor: Editor) -> None:
    saved = editor.save(node("ask", "approval"), node("then"))
    execution = editor.execute(saved)
    editor.finish(execution)
    assert editor.get(f"{FLOWS}executions/1/")["status"] == "running"
    editor.post(f"/api/executions/{execution['id']}/pause")
    assert editor.get(f"{FLOWS}executions/1/")["status"] == "running"
    editor.post(f"/api/executions/{execution['id']}/stop")
    assert editor.get(f"{FLOWS}executions/1/")["status"] == "stopped"
    assert [run["status"] for run in editor.get(f"{FLOWS}executions/1/nodes/")] == ["failed", "pending"]


def test_a_flow_that_is_executed_is_not_executed_again(editor: Editor) -> None:
    editor.save(node("a", mock={"duration_ms": 1000}))
    sent(editor.client.post(f"{FLOWS}1/execute/"))
    assert "being executed" in sent(editor.client.post(f"{FLOWS}1/execute/"), 409)["detail"]
    assert len(editor.get(f"{FLOWS}1/executions/")) == 1


def test_a_graph_that_cannot_run_is_refused_and_nothing_is_executed(editor: Editor) -> None:
    sent(editor.client.post(FLOWS, json={"name": "A", "edges": [{"source": "x", "target": "y"}]}), 201)
    told = sent(editor.client.post(f"{FLOWS}1/execute/"), 400)
    assert told["detail"].startswith("The workflow cannot run: ")
    assert "'x'" in told["detail"]
    assert editor.get(f"{FLOWS}1/executions/") == []


def test_the_executions_of_a_flow_that_was_deleted_are_gone_with_it(editor: Editor) -> None:
    editor.finish(editor.execute(editor.save(node("a"))))
    assert editor.client.delete(f"{FLOWS}1/").status_code == 204
    missing = {"detail": "No FlowExecution matches the given query."}
    for path in (f"{FLOWS}executions/1/", f"{FLOWS}executions/1/nodes/", f"{FLOWS}executions/77/"):
        assert sent(editor.client.get(path), 404) == missing
    # Our own API keeps them.
    assert editor.get("/api/executions")["total"] == 1


# Users


def test_a_user_has_only_flows_of_their_own_even_an_admin() -> None:
    client = create_app(replace(USUAL, auth="required")).test_client()
    alice, admin = Person(client, "alice"), Person(client, "admin")
    sent(alice("POST", FLOWS, {"name": "Alice's", "nodes": [node("a")]}), 201)
    sent(admin("POST", FLOWS, {"name": "The admin's"}), 201)
    sent(alice("POST", f"{FLOWS}1/execute/"))
    assert (alice.sees(), admin.sees()) == (["Alice's"], ["The admin's"])
    for method, path in (
        ("GET", ""),
        ("PUT", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "execute/"),
        ("POST", "duplicate/"),
        ("GET", "executions/"),
    ):
        told = sent(admin(method, f"{FLOWS}1/{path}", {"name": "Mine now"} if method[0] == "P" else None), 404)
        assert told == {"detail": "No FlowDiagram matches the given query."}
    assert sent(admin("GET", f"{FLOWS}executions/1/"), 404)["detail"].startswith("No FlowExecution")
    assert alice.sees() == ["Alice's"]


def test_a_flow_that_is_shared_is_not_among_those_of_the_other_user() -> None:
    client = create_app(replace(USUAL, auth="required")).test_client()
    demo, alice = Person(client, "demo"), Person(client, "alice")
    sent(demo("POST", FLOWS, {"name": "Shared"}), 201)
    (workflow,) = demo("GET", "/api/workflows").json["items"]
    sent(demo("POST", f"/api/workflows/{workflow['id']}/shares", {"user": "alice", "permission": "edit"}), 201)
    assert alice("GET", "/api/workflows").json["total"] == 1
    assert alice.sees() == []


def test_where_nobody_logs_in_every_flow_is_there(client: FlaskClient) -> None:
    sent(client.post(FLOWS, json={"name": "Everybody's"}), 201)
    assert len(sent(client.get(FLOWS))) == 1


def test_who_asks_too_often_is_told_how_long_to_wait() -> None:
    client = create_app(replace(USUAL, rate_limit="1/minute")).test_client()
    sent(client.get(FLOWS))
    refused = client.get(FLOWS)
    seconds = refused.headers["Retry-After"]
    assert sent(refused, 429) == {"detail": f"Request was throttled. Expected available in {seconds} seconds."}


# Addresses


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/s/mine/api/flows?page=2", "/s/mine/api/flows/?page=2"),
        ("/api/flows/7/execute?sandbox=mine", "/api/flows/7/execute/?sandbox=mine"),
        ("/api/flows?a=1&sandbox=mine&b=2", "/api/flows/?a=1&b=2&sandbox=mine"),
    ],
)
def test_the_way_to_the_slash_leads_into_the_same_sandbox(client: FlaskClient, asked: str, expected: str) -> None:
    method = "POST" if "execute" in asked else "GET"
    response = client.open(asked, method=method)
    assert (response.status_code, response.headers["Location"]) == (301, expected)


@pytest.mark.parametrize("path", ["/api/flows", "/api/flows/", "/api/flows/1"])
def test_a_preflight_is_answered_and_sent_nowhere_else(client: FlaskClient, path: str) -> None:
    asked = {"Origin": "http://localhost:3000", "Access-Control-Request-Method": "PUT"}
    response = client.options(path, headers=asked)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_an_error_that_a_test_asks_for_looks_as_all_others_here(client: FlaskClient) -> None:
    for status in (400, 403, 404, 409, 429, 500, 503):
        response = client.get(FLOWS, headers={"Prefer": f"code={status}"})
        assert set(sent(response, status)) == {"detail"}
        assert response.headers["X-Understudy-Rule"] == "prefer"


def test_our_own_addresses_stay_as_they_are(client: FlaskClient) -> None:
    assert client.get("/api/workflows").status_code == client.get("/api/workflows/").status_code == 200
    assert sent(client.get("/api/flowsome"), 404)["code"] == "unknown_url"
