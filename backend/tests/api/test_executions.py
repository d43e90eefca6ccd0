"""A conversation about executions: started, watched, paused, resumed, stopped, retried, answered."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.sandbox import Sandbox, Sandboxes
from app.services import executions, snapshots
from tests.editor import Editor, line, node

SLOW = {"mock": {"output": {"n": 1}, "duration_ms": 1000}}


def two_steps(editor: Editor) -> Any:
    return editor.save(node("a", "manual_trigger"), node("b", "set", **SLOW))


def test_before_the_first_execution_a_workflow_is_idle(editor: Editor) -> None:
    saved = two_steps(editor)
    assert editor.get(f"/api/workflows/{saved['id']}/status") == {"status": "idle", "workflow_id": saved["id"]}
    flows = editor.get(f"/api/workflows/{saved['id']}/dataflow")
    assert [flow["status"] for flow in flows["connections"]] == ["idle"]


def test_execute_says_where_to_follow_and_runs_to_the_end(client: FlaskClient, editor: Editor) -> None:
    saved = two_steps(editor)
    response = client.post(f"/api/workflows/{saved['id']}/execute")
    started = response.get_json()
    assert (response.status_code, started["status"]) == (202, "running")
    assert response.headers["Location"] == f"/api/executions/{started['id']}"
    ended = editor.finish(started)
    assert ended["status"] == "completed"
    assert [run["status"] for run in ended["nodes"]] == ["completed", "completed"]
    assert ended["nodes"][1]["origin"] == "mocked"
    assert editor.get(f"/api/workflows/{saved['id']}")["last_execution"]["id"] == started["id"]
    assert editor.get(f"/api/workflows/{saved['id']}/dataflow")["connections"][0]["status"] == "delivered"


def test_a_status_leaves_data_and_logs_out_unless_asked(editor: Editor) -> None:
    saved = two_steps(editor)
    editor.finish(editor.execute(saved, input={"x": 1}))
    path = f"/api/workflows/{saved['id']}/status"
    assert not {"input", "output", "logs"} & set(editor.get(path)["nodes"][0])
    assert {"input", "output", "logs"} <= set(editor.get(f"{path}?include=data,logs")["nodes"][0])
    assert "logs" in editor.get(f"{path}?include=logs")["nodes"][0]


def test_pause_resume_and_stop_do_what_they_say_and_nothing_twice(editor: Editor) -> None:
    saved = two_steps(editor)
    started = editor.execute(saved)
    editor.advance(200)
    for command, status in [("pause", "paused"), ("resume", "running"), ("stop", "stopped")]:
        path = f"/api/executions/{started['id']}/{command}"
        done = editor.post(path)
        assert done["status"] == status
        assert editor.post(path) == done


def test_the_commands_of_a_workflow_are_for_its_latest_execution(editor: Editor) -> None:
    saved = two_steps(editor)
    started = editor.execute(saved)
    for command, status in [("pause", "paused"), ("resume", "running"), ("stop", "stopped")]:
        done = editor.post(f"/api/workflows/{saved['id']}/{command}")
        assert (done["id"], done["status"]) == (started["id"], status)


def test_a_command_needs_neither_body_nor_content_type(client: FlaskClient, editor: Editor) -> None:
    started = editor.execute(two_steps(editor))
    answer = client.post(f"/api/executions/{started['id']}/pause", data=b"{not json", content_type="text/plain")
    assert answer.get_json()["status"] == "paused"


def test_a_wrong_command_says_what_is_allowed(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    saved = two_steps(editor)
    idle = problem_of(client.post(f"/api/workflows/{saved['id']}/pause"), 409)
    assert (idle["current_status"], idle["allowed"]) == ("idle", ["execute"])
    ended = editor.finish(editor.execute(saved))
    refusal = problem_of(client.post(f"/api/executions/{ended['id']}/pause"), 409)
    assert (refusal["code"], refusal["current_status"], refusal["status"]) == ("wrong_status", "completed", 409)
    assert "retry" in refusal["allowed"]


@pytest.mark.parametrize("how", ["restored", "forgotten"])
@pytest.mark.parametrize("command", ["workflows", "executions"])
def test_a_command_to_what_is_gone_before_its_answer_is_told_so(
    editor: Editor, sandboxes: Sandboxes, sandbox: Sandbox, problem_of: Any, command: str, how: str
) -> None:
    saved = two_steps(editor)
    editor.client.post("/_control/snapshots", json={"name": "before"})
    started = editor.execute(saved)
    path = {"workflows": saved["id"], "executions": started["id"]}[command]

    def come_between() -> None:
        """Right after the command has been obeyed."""
        sandbox.unlisten(come_between)
        if how == "restored":
            snapshots.restore(sandboxes, sandbox, "before")
        else:
            executions.delete(sandbox, started["id"])

    sandbox.listen(come_between)
    assert problem_of(editor.client.post(f"/api/{command}/{path}/stop"), 409)["code"] == "set_back"
    assert editor.get("/api/executions")["items"] == []


def test_one_execution_at_a_time(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    saved = two_steps(editor)
    started = editor.execute(saved)
    refusal = problem_of(client.post(f"/api/workflows/{saved['id']}/execute"), 409)
    assert refusal["execution_id"] == started["id"]


def test_a_held_execution_waits_for_release(editor: Editor) -> None:
    saved = two_steps(editor)
    held = editor.execute(saved, hold=True)
    editor.advance(5000)
    assert editor.get(f"/api/executions/{held['id']}")["status"] == "pending"
    assert editor.post(f"/api/executions/{held['id']}/release")["status"] == "running"


def test_a_graph_that_cannot_run_is_refused_at_the_culprit(
    client: FlaskClient, editor: Editor, problem_of: Any
) -> None:
    saved = editor.save(node("a"), node("b"), lines=["a-b", "b-a", "a-gone"])
    refusal = problem_of(client.post(f"/api/workflows/{saved['id']}/execute"), 422)
    assert "a-gone" in [entry.get("connection_id") for entry in refusal["errors"]]
    assert client.get("/api/executions").get_json()["total"] == 0


def test_executing_names_every_culprit_at_once(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    nodes = [node("a"), node("b"), node("c"), node("d")]
    saved = editor.save(*nodes, lines=["a-b", "b-a", "c-c", "d-gone", "lost-d"])
    refused = problem_of(client.post(f"/api/workflows/{saved['id']}/execute"), 422)
    told = {(culprit["code"], culprit["pointer"]) for culprit in refused["errors"]}
    loose = {("dangling_connection", "/connections/3/target"), ("dangling_connection", "/connections/4/source")}
    assert told == loose | {("cycle", "/nodes/0"), ("cycle", "/nodes/2")}
    assert editor.get(f"/api/executions?workflow_id={saved['id']}")["total"] == 0


def test_options_that_do_not_fit_are_refused(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    path = f"/api/workflows/{two_steps(editor)['id']}/execute"
    for body, pointer in [
        ({"seed": -1}, "/seed"),
        ({"hold": "yes"}, "/hold"),
        ({"mocks": {"a": {"fail_attempts": "two"}}}, "/mocks/a/fail_attempts"),
        ({"unknown": 1}, "/unknown"),
        ([], ""),
    ]:
        assert problem_of(client.post(path, json=body), 422)["errors"][0]["pointer"] == pointer


def test_a_retry_is_another_execution_of_the_same(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    failing = node("a", "set", mock={"error": "down"})
    started = editor.execute(editor.save(failing))
    ended = editor.finish(started)
    assert (ended["status"], ended["error"]["node_id"]) == ("failed", "a")
    again = client.post(f"/api/executions/{ended['id']}/retry")
    assert (again.status_code, again.get_json()["mode"]) == (202, "retry")
    assert again.get_json()["retry_of"] == ended["id"]
    running = again.get_json()["id"]
    problem_of(client.post(f"/api/executions/{running}/retry"), 409)


def test_events_go_on_where_a_client_left_off(editor: Editor) -> None:
    ended = editor.finish(editor.execute(two_steps(editor)))
    path = f"/api/executions/{ended['id']}/events"
    log = editor.get(path)
    assert [event["seq"] for event in log["items"]] == list(range(1, log["last_seq"] + 1))
    assert log["items"][-1]["type"] == "execution.completed"
    first = editor.get(f"{path}?limit=2")
    rest = editor.get(f"{path}?after={first['last_seq']}&wait=1")
    assert first["items"] + rest["items"] == log["items"]
    assert editor.get(f"{path}?after={rest['last_seq']}") == {"items": [], "last_seq": log["last_seq"]}


def test_a_client_that_is_ahead_of_the_log_is_told_it_from_the_start(editor: Editor) -> None:
    saved = two_steps(editor)
    ended = editor.finish(editor.execute(saved))
    path = f"/api/executions/{ended['id']}/events"
    seen = editor.get(path)["last_seq"]
    editor.client.post("/_control/reset")
    again = editor.execute(two_steps(editor))
    assert again["id"] == ended["id"]
    log = editor.get(path)
    assert log["last_seq"] < seen
    assert editor.get(f"{path}?after={seen}&wait=60") == log


def test_a_person_answers_and_the_execution_goes_on(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    started = editor.execute(editor.save(node("t", "manual_trigger"), node("ask", "approval")))
    waiting = editor.finish(started)
    assert waiting["status"] == "waiting"
    assert waiting["waiting_for"][0]["node_id"] == "ask"
    path = f"/api/executions/{started['id']}/nodes/ask/answer"
    problem_of(client.post(path, json={"decision": "perhaps"}), 422)
    editor.post(path, {"decision": "approved"})
    assert editor.finish(started)["status"] == "completed"
    problem_of(client.post(path, json={"decision": "approved"}), 409)


def test_executions_are_listed_by_workflow_and_status(editor: Editor) -> None:
    one, other = two_steps(editor), two_steps(editor)
    ended = editor.finish(editor.execute(one))
    running = editor.execute(other)
    listed = editor.get("/api/executions?status=running,paused")
    assert [item["id"] for item in listed["items"]] == [running["id"]]
    assert editor.get(f"/api/executions?workflow_id={one['id']}")["items"][0]["id"] == ended["id"]
    assert editor.get("/api/executions?status=completed&status=running&mode=manual")["total"] == 2


def test_only_what_has_ended_can_be_deleted(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    started = editor.execute(two_steps(editor))
    path = f"/api/executions/{started['id']}"
    problem_of(client.delete(path), 409)
    editor.finish(started)
    assert client.delete(path).status_code == 204
    assert problem_of(client.get(path), 404)["code"] == "execution_not_found"


def test_all_iterations_of_a_loop_can_be_seen(editor: Editor) -> None:
    loop = [{**line("loop-body"), "sourceHandle": "item"}, {**line("body-loop"), "targetHandle": "back"}]
    graph = {
        "nodes": [node("t", "manual_trigger"), node("loop", "loop"), node("body", "set")],
        "connections": [line("t-loop"), *loop],
    }
    ended = editor.finish(editor.execute(editor.post("/api/workflows", graph), input=[1, 2, 3]))
    path = f"/api/executions/{ended['id']}"
    latest = [run for run in editor.get(path)["nodes"] if run["node_id"] == "body"]
    every = [run for run in editor.get(f"{path}?iterations=all")["nodes"] if run["node_id"] == "body"]
    assert len(latest) == 1
    assert [run["iteration"] for run in every] == [0, 1, 2]


def test_an_answer_without_a_body_is_an_empty_one(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    question = {"fields": [{"name": "comment", "type": "string"}]}
    for kind, config, status in [("approval", {}, 422), ("form", question, 200)]:
        started = editor.finish(editor.execute(editor.save(node("ask", kind, config=config))))
        assert started["status"] == "waiting"
        response = client.post(f"/api/executions/{started['id']}/nodes/ask/answer")
        assert response.status_code == status, response.get_json()
