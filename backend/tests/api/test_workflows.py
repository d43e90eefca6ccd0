"""A conversation about workflows: saved, read, changed, copied, exported, imported, judged, deleted."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.editor import Editor, line, node


def test_a_new_workflow_says_where_it_is_and_which_revision(client: FlaskClient) -> None:
    response = client.post("/api/workflows", json={"name": "Mine", "nodes": [node("a")], "connections": []})
    saved = response.get_json()
    assert response.status_code == 201
    assert response.headers["Location"] == f"/api/workflows/{saved['id']}"
    assert response.headers["ETag"].startswith('"1-')
    assert saved["status"] == "idle"
    assert client.get(response.headers["Location"]).get_json() == saved


def test_unknown_fields_come_back_and_transient_ones_do_not(editor: Editor) -> None:
    sent = {**node("a"), "selected": True, "measured": {"width": 1}, "zIndex": 4, "custom": [1, {"deep": None}]}
    saved = editor.save(sent, owner={"team": "x"})
    assert saved["nodes"] == [{name: held for name, held in sent.items() if name not in ("selected", "measured")}]
    assert saved["owner"] == {"team": "x"}


def test_what_react_flow_gives_can_be_sent_and_got(editor: Editor) -> None:
    graph = {"nodes": [node("a"), node("b")], "edges": [line("a-b")], "viewport": {"x": 1, "y": 2.5, "zoom": 0.5}}
    saved = editor.post("/api/workflows", graph)
    assert saved["connections"] == graph["edges"]
    assert editor.get(f"/api/workflows/{saved['id']}?shape=reactflow") == graph


def test_edges_and_connections_together_are_refused(client: FlaskClient, problem_of: Any) -> None:
    refusal = problem_of(client.post("/api/workflows", json={"nodes": [], "edges": [], "connections": []}), 422)
    assert refusal["errors"][0]["pointer"] == "/edges"


def test_a_misfit_is_named_by_pointer_and_node(client: FlaskClient, problem_of: Any) -> None:
    wrong = {**node("b"), "position": {"x": "left", "y": 0}}
    nodes = [node("a"), wrong, {**node("c"), "data": {"retry": {"max_attempts": 0}}}]
    body = {"nodes": nodes, "connections": [{"id": "e", "source": "a"}]}
    refusal = problem_of(client.post("/api/workflows", json=body), 422)
    named = {entry["pointer"]: entry.get("node_id") or entry.get("connection_id") for entry in refusal["errors"]}
    assert named == {
        "/nodes/1/position/x": "b",
        "/nodes/2/data/retry/max_attempts": "c",
        "/connections/0/target": "e",
    }
    assert client.get("/api/workflows").get_json()["total"] == 0


def test_a_parent_as_react_flow_11_names_it_is_an_id_too(client: FlaskClient, problem_of: Any) -> None:
    inside = {**node("a"), "parentNode": ["group"]}
    refusal = problem_of(client.post("/api/workflows", json={"nodes": [inside]}), 422)
    assert [(entry["pointer"], entry["node_id"]) for entry in refusal["errors"]] == [("/nodes/0/parentNode", "a")]


def test_what_get_gave_can_be_put_back(client: FlaskClient, editor: Editor) -> None:
    saved = editor.save(node("a"), name="Mine")
    back = client.put(f"/api/workflows/{saved['id']}", json=saved)
    assert back.status_code == 200
    assert back.get_json() == saved


def test_put_replaces_and_patch_merges(client: FlaskClient, editor: Editor) -> None:
    saved = editor.save(node("a"), name="Mine", description="old", metadata={"keep": 1, "drop": 2}, color="red")
    path = f"/api/workflows/{saved['id']}"
    patch = {"name": "Ours", "metadata": {"drop": None}, "color": None}
    patched = client.patch(path, json=patch, content_type="application/merge-patch+json").get_json()
    assert (patched["name"], patched["description"], patched["metadata"]) == ("Ours", "old", {"keep": 1})
    assert "color" not in patched
    # React Flow's toObject() knows no name, so what a PUT does not mention of the head stays; the graph does not.
    replaced = client.put(path, json={"name": "New"}).get_json()
    assert (replaced["name"], replaced["nodes"]) == ("New", [])
    assert (replaced["description"], replaced["revision"]) == ("old", 3)


def test_saving_never_fails_because_a_graph_is_unfinished(client: FlaskClient) -> None:
    body = {"nodes": [node("a"), node("b", "no_such_type")], "connections": [line("a-gone"), line("b-b")]}
    response = client.post("/api/workflows?issues=true", json=body)
    codes = {issue["code"] for issue in response.get_json()["issues"]}
    assert response.status_code == 201
    assert {"dangling_connection", "self_loop", "unknown_node_type"} <= codes


def test_issues_come_only_when_asked_for(editor: Editor) -> None:
    assert "issues" not in editor.save(node("a"))


def test_validate_judges_what_is_saved_or_what_is_sent(editor: Editor) -> None:
    saved = editor.save(node("t", "manual_trigger"), node("a"))
    path = f"/api/workflows/{saved['id']}/validate"
    assert editor.post(path)["valid"] is True
    draft = editor.post(path, {"nodes": [node("a")], "edges": [line("a-gone")]})
    assert draft["valid"] is False
    assert editor.post(path)["valid"] is True


def test_a_copy_is_a_workflow_of_its_own(client: FlaskClient, editor: Editor) -> None:
    saved = editor.save(node("a"), name="Mine")
    copy = client.post(f"/api/workflows/{saved['id']}/duplicate")
    assert copy.status_code == 201
    assert copy.get_json()["name"] == "Mine (Copy)"
    assert copy.headers["Location"].endswith(copy.get_json()["id"])
    named = editor.post(f"/api/workflows/{saved['id']}/duplicate", {"name": "Other"})
    assert named["name"] == "Other"
    assert len({saved["id"], copy.get_json()["id"], named["id"]}) == 3


def test_an_export_can_be_imported(client: FlaskClient, editor: Editor) -> None:
    saved = editor.save(node("a"), node("b"), name="Mine")
    exported = editor.get(f"/api/workflows/{saved['id']}/export")
    imported = client.post("/api/workflows/import", json=exported)
    assert imported.status_code == 201
    assert imported.get_json()["nodes"] == saved["nodes"]
    assert imported.get_json()["name"] == "Mine"


def test_an_import_of_something_else_is_refused(client: FlaskClient, problem_of: Any) -> None:
    problem_of(client.post("/api/workflows/import", json={"cells": []}), 422)
    problem_of(client.post("/api/workflows/import", json=[1, 2]), 422)


def test_a_deleted_workflow_is_gone(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    path = f"/api/workflows/{editor.save(node('a'))['id']}"
    response = client.delete(path)
    assert (response.status_code, response.data) == (204, b"")
    assert "Content-Type" not in response.headers
    assert problem_of(client.get(path), 404)["code"] == "workflow_not_found"
    problem_of(client.delete(path), 404)
    problem_of(client.put(path, json={}), 404)


def test_a_list_shows_counts_instead_of_graphs(editor: Editor) -> None:
    editor.save(node("a"), node("b"), name="Two")
    (summary,) = editor.get("/api/workflows")["items"]
    assert (summary["node_count"], summary["connection_count"]) == (2, 1)
    assert "nodes" not in summary


def test_a_slash_at_the_end_is_forgiven(client: FlaskClient, editor: Editor) -> None:
    saved = editor.save(node("a"))
    assert client.get("/api/workflows/").status_code == 200
    assert client.get(f"/api/workflows/{saved['id']}/").get_json() == saved


@pytest.mark.parametrize("verb", ["post", "put", "patch", "duplicate", "import"])
def test_nothing_is_saved_where_the_query_does_not_fit(
    client: FlaskClient, editor: Editor, problem_of: Any, verb: str
) -> None:
    saved = editor.save(node("a"))
    path = f"/api/workflows/{saved['id']}"
    calls = {
        "post": ("POST", "/api/workflows"),
        "put": ("PUT", path),
        "patch": ("PATCH", path),
        "duplicate": ("POST", f"{path}/duplicate"),
        "import": ("POST", "/api/workflows/import"),
    }
    method, url = calls[verb]
    body = {"name": "Other"} if verb == "duplicate" else {"name": "Other", "nodes": [], "connections": []}
    refused = client.open(f"{url}?issues=perhaps", method=method, json=body)
    assert problem_of(refused, 422)["code"] == "bad_query"
    assert [workflow["name"] for workflow in editor.get("/api/workflows")["items"]] == [saved["name"]]
    assert editor.get(path)["revision"] == saved["revision"]
