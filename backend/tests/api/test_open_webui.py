"""Open WebUI's door: its own URLs, words and shapes, over the same workflows and executions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.config import Limits, Settings
from tests import person as people
from tests.editor import Editor, line, node

Json = Any

FLOWS = "/api/v1/flows"
GRAPH = {"nodes": [node("a"), node("b")], "edges": [line("a-b")]}
FLOW = {"name": "First", **GRAPH}
LOCKED = Settings(pace="stopped", scenario="empty", seed=7, auth="required", check_contract="fail")


@pytest.fixture
def flow(editor: Editor) -> Json:
    """A flow that was made here."""
    return editor.post(f"{FLOWS}/create", FLOW)


def run(editor: Editor, flow: Json, **inputs: Json) -> Json:
    """An execution on the server that has ended, or waits for somebody, as our own API has it."""
    started = editor.post(f"{FLOWS}/{flow['id']}/execute?mode=server", {"inputs": inputs})
    return editor.finish({"id": started["execution_id"]})


def test_what_is_saved_here_is_a_workflow(editor: Editor) -> None:
    flow = editor.post(f"{FLOWS}/create", {**FLOW, "description": "Text", "meta": {"color": "red"}})
    workflow = editor.get(f"/api/workflows/{flow['id']}")
    assert (workflow["name"], workflow["description"]) == ("First", "Text")
    assert (workflow["nodes"], workflow["connections"]) == (GRAPH["nodes"], GRAPH["edges"])
    assert (workflow["metadata"], workflow["owner_id"]) == ({"color": "red"}, flow["user_id"])


def test_a_workflow_is_a_flow_here(editor: Editor) -> None:
    workflow = editor.save(node("a"), name="Ours", metadata={"k": 1})
    assert editor.get(f"{FLOWS}/{workflow['id']}") == {
        "id": workflow["id"],
        "user_id": "us_demo",
        "name": "Ours",
        "description": None,
        "nodes": [node("a")],
        "edges": [],
        "created_at": 1767258000,
        "updated_at": 1767258000,
        "meta": {"k": 1},
    }


def test_the_list_has_no_graphs_and_begins_with_the_last_changed(editor: Editor, flow: Json) -> None:
    editor.advance(1000)
    second = editor.post(f"{FLOWS}/create", {**FLOW, "name": "Second"})
    assert [one["name"] for one in editor.get(f"{FLOWS}/")] == ["Second", "First"]
    editor.advance(1000)
    editor.post(f"{FLOWS}/{flow['id']}", {"name": "Third"})
    listed = editor.get(f"{FLOWS}/")
    assert [one["name"] for one in listed] == ["Third", "Second"]
    assert set(listed[0]) == {"id", "name", "description", "created_at", "updated_at", "meta"}
    assert listed[0]["updated_at"] == second["updated_at"] + 1


def test_the_list_has_all_flows_however_many_a_page_of_ours_has(editor: Editor) -> None:
    for number in range(150):
        editor.post(f"{FLOWS}/create", {"name": f"Flow {number}", "nodes": [], "edges": []})
    assert len(editor.get(f"{FLOWS}/")) == 150


def test_an_update_leaves_alone_what_it_does_not_have(editor: Editor) -> None:
    viewport = {"x": 5, "y": 6, "zoom": 2}
    own = {"tags": ["t"], "viewport": viewport, "theme": "dark", "metadata": {"kept": True}, "description": "Text"}
    workflow = editor.save(node("a"), node("b"), **own)
    editor.post(f"{FLOWS}/{workflow['id']}", {"name": "New", "description": None})
    after = editor.get(f"/api/workflows/{workflow['id']}")
    assert {name: after[name] for name in own} == own
    assert (after["nodes"], after["connections"]) == (workflow["nodes"], workflow["connections"])
    assert (after["name"], after["revision"]) == ("New", 2)


def test_an_update_replaces_what_it_has(editor: Editor, flow: Json) -> None:
    editor.post(f"{FLOWS}/{flow['id']}", {"meta": {"old": 1}})
    after = editor.post(f"{FLOWS}/{flow['id']}", {"nodes": [node("c")], "edges": [], "meta": {"new": 1}})
    assert (after["nodes"], after["edges"], after["meta"], after["name"]) == ([node("c")], [], {"new": 1}, "First")


def test_what_react_flow_keeps_while_editing_is_not_saved(editor: Editor, flow: Json) -> None:
    selected = {**node("c"), "selected": True, "measured": {"width": 1}}
    assert editor.post(f"{FLOWS}/{flow['id']}", {"nodes": [selected], "edges": []})["nodes"] == [node("c")]


def test_a_refused_update_changes_nothing(client: FlaskClient, editor: Editor, flow: Json) -> None:
    twins = {"name": "New", "nodes": [node("a"), node("a")]}
    response = client.post(f"{FLOWS}/{flow['id']}", json=twins)
    told = "Two nodes have the same id. 'a' is already the id of nodes/0."
    assert (response.status_code, response.get_json()) == (400, {"detail": told})
    assert editor.get(f"{FLOWS}/{flow['id']}") == flow


def test_deleting_says_true_and_stops_what_runs(editor: Editor, client: FlaskClient) -> None:
    flow = editor.post(f"{FLOWS}/create", {"name": "Slow", "nodes": [node("a", "delay")], "edges": []})
    started = editor.post(f"{FLOWS}/{flow['id']}/execute?mode=server")
    response = client.delete(f"{FLOWS}/{flow['id']}")
    assert (response.status_code, response.get_json()) == (200, True)
    assert editor.get(f"/api/executions/{started['execution_id']}")["status"] == "stopped"
    assert client.get(f"{FLOWS}/{flow['id']}").get_json() == {"detail": "Not Found"}


def test_a_copy_has_a_name_of_its_own(editor: Editor, flow: Json) -> None:
    copy = editor.post(f"{FLOWS}/{flow['id']}/duplicate")
    assert (copy["name"], copy["nodes"], copy["edges"]) == ("First (Copy)", flow["nodes"], flow["edges"])
    assert editor.post(f"{FLOWS}/{flow['id']}/duplicate", {"name": "Mine"})["name"] == "Mine"
    assert len({flow["id"], copy["id"]}) == 2


def test_an_export_can_be_imported(editor: Editor) -> None:
    flow = editor.post(f"{FLOWS}/create", {**FLOW, "description": "Text", "meta": {"a": 1}})
    export = editor.get(f"{FLOWS}/{flow['id']}/export")
    again = editor.post(f"{FLOWS}/import", export)
    own = ("id", "created_at", "updated_at")
    assert {**again, **{name: flow[name] for name in own}} == flow
    assert again["id"] != flow["id"]


def test_an_export_has_no_secrets(editor: Editor) -> None:
    secret = node("a", "http_request", config={"url": "https://a.example", "api_key": "s3cret"}, token="s3cret")
    flow = editor.post(f"{FLOWS}/create", {"name": "Secret", "nodes": [secret], "edges": []})
    assert flow["nodes"] == [secret]
    assert "s3cret" not in str(editor.get(f"{FLOWS}/{flow['id']}/export"))


@pytest.mark.parametrize(
    ("document", "detail"),
    [
        ({"version": "2.0", "flow": FLOW}, 'Import failed: this is not {"version": "1.0", "flow": {...}}.'),
        ({"flow": FLOW}, 'Import failed: this is not {"version": "1.0", "flow": {...}}.'),
        (FLOW, 'Import failed: this is not {"version": "1.0", "flow": {...}}.'),
        ({"version": "1.0", "flow": [FLOW]}, 'Import failed: this is not {"version": "1.0", "flow": {...}}.'),
        ({"version": "1.0", "flow": {"name": 5}}, "Import failed: Input should be a valid string at /flow/name."),
        (
            {"version": "1.0", "flow": {**FLOW, "edges": [{"source": "a"}]}},
            "The graph does not fit at /edges/0/target: Must be given.",
        ),
    ],
)
def test_what_is_no_export_is_refused_with_the_reason(client: FlaskClient, document: Json, detail: str) -> None:
    response = client.post(f"{FLOWS}/import", json=document)
    assert (response.status_code, response.get_json()) == (400, {"detail": detail})
    assert client.get(f"{FLOWS}/").get_json() == []


def test_executing_gives_the_client_what_it_needs_and_runs_nothing(editor: Editor) -> None:
    graph = {"nodes": [node("b"), node("a")], "edges": [line("a-b")]}
    flow = editor.post(f"{FLOWS}/create", {"name": "Backwards", **graph})
    assert editor.post(f"{FLOWS}/{flow['id']}/execute", {"inputs": {"text": "Hello"}}) == {
        "message": "Flow execution is handled client-side",
        "flowId": flow["id"],
        "status": "delegated_to_client",
        "inputs": {"text": "Hello"},
        "order": ["a", "b"],
        **graph,
    }
    assert editor.get("/api/executions")["total"] == 0


def test_the_server_executes_when_asked_to(editor: Editor, flow: Json) -> None:
    started = editor.post(f"{FLOWS}/{flow['id']}/execute?mode=server", {"inputs": {"text": "Hello"}})
    assert (started["flowId"], started["status"]) == (flow["id"], "running")
    execution = editor.get(f"/api/executions/{started['execution_id']}")
    assert (execution["workflow_id"], execution["input"]) == (flow["id"], {"text": "Hello"})


def test_inputs_may_be_the_whole_body(editor: Editor, flow: Json) -> None:
    started = editor.post(f"{FLOWS}/{flow['id']}/execute?mode=server", {"text": "Hello"})
    assert editor.get(f"/api/executions/{started['execution_id']}")["input"] == {"text": "Hello"}


def test_a_second_execution_at_once_is_refused(client: FlaskClient, flow: Json) -> None:
    url = f"{FLOWS}/{flow['id']}/execute?mode=server"
    assert client.post(url).status_code == 200
    refused = client.post(url)
    assert refused.status_code == 409
    assert "is being executed" in refused.get_json()["detail"]


def test_a_graph_that_cannot_run_is_refused_with_the_reason(client: FlaskClient, editor: Editor) -> None:
    flow = editor.post(f"{FLOWS}/create", {"name": "Empty", "nodes": [], "edges": []})
    refused = client.post(f"{FLOWS}/{flow['id']}/execute?mode=server")
    assert (refused.status_code, list(refused.get_json())) == (400, ["detail"])
    assert "There is no node to execute" in refused.get_json()["detail"]


def test_executions_are_told_in_the_words_of_this_door(editor: Editor) -> None:
    nodes = [node("good"), node("bad", mock={"error": {"code": "boom", "message": "Boom."}}), node("never")]
    flow = editor.post(
        f"{FLOWS}/create", {"name": "Fails", "nodes": nodes, "edges": [line("good-bad"), line("bad-never")]}
    )
    ended = run(editor, flow, x=1)
    path = f"{FLOWS}/{flow['id']}/executions"
    (listed,) = editor.get(path)
    assert listed == {
        "id": ended["id"],
        "flow_id": flow["id"],
        "status": "error",
        "execution_time": ended["elapsed_ms"],
        "created_at": 1767258000,
    }
    told = editor.get(f"{path}/{ended['id']}")
    assert {name: told[name] for name in listed} == listed
    assert (told["inputs"], told["errors"], told["user_id"]) == ({"x": 1}, {"bad": "Boom."}, "us_demo")
    results = {key: result["status"] for key, result in told["node_results"].items()}
    assert results == {"good": "success", "bad": "error", "never": "skipped"}


def test_executions_come_in_pages_of_sixty_the_newest_first(editor: Editor, flow: Json) -> None:
    made = [run(editor, flow)["id"] for _ in range(61)]
    path = f"{FLOWS}/{flow['id']}/executions"
    assert [one["id"] for one in editor.get(path)] == made[:0:-1]
    assert [one["id"] for one in editor.get(f"{path}?page=2")] == made[:1]
    assert editor.get(f"{path}?page=3") == []


def test_an_execution_of_another_flow_is_not_there(client: FlaskClient, editor: Editor, flow: Json) -> None:
    other = run(editor, editor.post(f"{FLOWS}/create", FLOW))
    assert client.get(f"{FLOWS}/{flow['id']}/executions/{other['id']}").status_code == 404


def test_analytics_measure_what_was_executed(editor: Editor, flow: Json) -> None:
    path = f"{FLOWS}/{flow['id']}"
    took = sorted(run(editor, flow)["elapsed_ms"] for _ in range(3))
    editor.post(path, {"nodes": [node("a"), node("b", mock={"error": "Boom.", "duration_ms": 5})]})
    editor.advance(10_000)
    failed = run(editor, flow)
    told = editor.get(f"{path}/analytics")
    every = sorted([*took, failed["elapsed_ms"]])
    assert told["by_status"] == {
        **dict.fromkeys(("pending", "running", "paused", "waiting", "aborted"), 0),
        "success": 3,
        "error": 1,
    }
    assert (told["total_executions"], told["success_rate"]) == (4, 0.75)
    assert told["avg_execution_time"] == pytest.approx(sum(every) / 4, abs=0.001)
    assert (told["execution_time"]["p50"], told["execution_time"]["p99"]) == (every[1], every[3])
    assert told["last_execution_at"] == editor.get(f"{path}/executions")[0]["created_at"]
    counts = {one["node_id"]: (one["execution_count"], one["error_count"]) for one in told["nodes"]}
    assert counts == {"a": (4, 0), "b": (4, 1)}
    short = editor.get(f"{path}/executions/stats")
    assert short == {name: told[name] for name in short}


def test_what_the_console_of_ours_runs_counts_here_too(editor: Editor, flow: Json) -> None:
    editor.post(f"/api/workflows/{flow['id']}/execute")
    assert editor.get(f"{FLOWS}/{flow['id']}/analytics")["by_status"]["running"] == 1


def test_a_key_makes_a_flow_once(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "one"}
    first = client.post(f"{FLOWS}/create", json=FLOW, headers=key)
    assert client.post(f"{FLOWS}/create", json=FLOW, headers=key).get_json() == first.get_json()
    assert len(client.get(f"{FLOWS}/").get_json()) == 1


def test_a_redirect_stays_in_its_sandbox(client: FlaskClient) -> None:
    assert client.get(f"/s/mine{FLOWS}?a=1").headers["Location"] == f"/s/mine{FLOWS}/?a=1"
    assert client.get(f"{FLOWS}?sandbox=mine&a=1").headers["Location"] == f"{FLOWS}/?a=1&sandbox=mine"
    assert client.get(FLOWS, follow_redirects=True).get_json() == []


def test_a_preflight_is_not_redirected(client: FlaskClient) -> None:
    asked = {"Origin": "http://localhost:5173", "Access-Control-Request-Method": "POST"}
    assert client.options(FLOWS, headers=asked).status_code == 204


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        (401, "Invalid token"),
        (403, "Access Prohibited"),
        (404, "Not Found"),
        (405, "Method Not Allowed"),
        (500, "Internal Server Error"),
        (503, "Service Unavailable"),
    ],
)
def test_errors_that_are_asked_for_have_the_words_of_this_door(client: FlaskClient, code: int, detail: str) -> None:
    response = client.get(f"{FLOWS}/", headers={"Prefer": f"code={code}"})
    assert (response.status_code, response.get_json()) == (code, {"detail": detail})
    assert response.content_type == "application/json"


def test_a_status_that_is_asked_for_is_not_changed(client: FlaskClient) -> None:
    assert client.get(f"{FLOWS}/", headers={"Prefer": "code=422"}).status_code == 422


def test_limits_are_told_with_400(settings: Settings) -> None:
    client = create_app(replace(settings, limits=Limits(max_workflows=1), check_contract="fail")).test_client()
    assert client.post(f"{FLOWS}/create", json=FLOW).status_code == 200
    refused = client.post(f"{FLOWS}/create", json=FLOW)
    assert refused.status_code == 400
    assert "max_workflows" in refused.get_json()["detail"]


class Person(people.Person):
    """Somebody who has logged in."""

    def __call__(self, method: str, path: str, body: Json = None, **headers: str) -> TestResponse:
        return super().__call__(method, f"{FLOWS}{path}", body, **headers)


@pytest.fixture
def locked() -> FlaskClient:
    """A server where everybody logs in."""
    return create_app(LOCKED).test_client()


EACH = [
    ("GET", "", None),
    ("POST", "", {"name": "Mine now"}),
    ("POST", "/duplicate", None),
    ("GET", "/export", None),
    ("POST", "/execute", None),
    ("POST", "/execute?mode=server", None),
    ("GET", "/executions", None),
    ("GET", "/executions/stats", None),
    ("GET", "/executions/none", None),
    ("GET", "/analytics", None),
    ("DELETE", "", None),
]


def test_a_flow_of_somebody_else_is_prohibited_and_stays_as_it_is(locked: FlaskClient) -> None:
    alice, demo = Person(locked, "alice"), Person(locked, "demo")
    flow = alice("POST", "/create", FLOW).get_json()
    for method, path, body in EACH:
        refused = demo(method, f"/{flow['id']}{path}", body)
        assert (refused.status_code, refused.get_json()) == (403, {"detail": "Access Prohibited"}), path
        assert demo(method, f"/nothing{path}", body).get_json() == {"detail": "Not Found"}, path
    assert demo("GET", "/").get_json() == []
    assert alice("GET", f"/{flow['id']}").get_json() == flow


def test_an_admin_reaches_every_flow(locked: FlaskClient) -> None:
    flow = Person(locked, "alice")("POST", "/create", FLOW).get_json()
    admin = Person(locked, "admin")
    assert [one["id"] for one in admin("GET", "/").get_json()] == [flow["id"]]
    assert [admin(method, f"/{flow['id']}{path}", body).status_code for method, path, body in EACH] == [
        404 if path.endswith("none") else 200 for _, path, _ in EACH
    ]


def test_a_copy_belongs_to_whoever_made_it(locked: FlaskClient) -> None:
    flow = Person(locked, "alice")("POST", "/create", FLOW).get_json()
    copy = Person(locked, "admin")("POST", f"/{flow['id']}/duplicate").get_json()
    assert (flow["user_id"], copy["user_id"]) == ("us_alice", "us_admin")


def test_whoever_shows_no_token_or_a_wrong_one_is_told_so(locked: FlaskClient) -> None:
    nobody = locked.get(f"{FLOWS}/")
    assert (nobody.status_code, nobody.get_json()) == (401, {"detail": "Not authenticated"})
    wrong = locked.get(f"{FLOWS}/", headers={"Authorization": "Bearer none"})
    assert (wrong.status_code, wrong.get_json()) == (401, {"detail": "Invalid token"})
