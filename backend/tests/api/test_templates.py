"""A conversation about templates."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.editor import Editor, line, node


def test_a_template_is_made_of_a_workflow_and_applied(client: FlaskClient, editor: Editor) -> None:
    saved = editor.save(node("a"), node("b"), name="Source")
    made = client.post("/api/templates", json={"name": "Pattern", "workflow_id": saved["id"], "tags": ["x"]})
    template = made.get_json()
    assert (made.status_code, made.headers["Location"]) == (201, f"/api/templates/{template['id']}")
    assert [one["id"] for one in template["nodes"]] == ["a", "b"]
    target = editor.save(node("old"))
    applied = client.post(f"/api/templates/{template['id']}/apply", json={"workflow_id": target["id"]})
    assert applied.status_code == 200
    assert [one["id"] for one in applied.get_json()["nodes"]] == ["a", "b"]
    assert applied.headers["ETag"].startswith('"2-')


def test_a_template_merges_into_a_workflow_under_free_ids(editor: Editor) -> None:
    template = editor.post("/api/templates", {"name": "P", "nodes": [node("a"), node("b")], "edges": [line("a-b")]})
    target = editor.save(node("a"))
    order = {"workflow_id": target["id"], "mode": "merge", "offset": {"x": 100, "y": 0}}
    merged = editor.post(f"/api/templates/{template['id']}/apply", order)
    ids = [one["id"] for one in merged["nodes"]]
    assert len(ids) == len(set(ids)) == 3
    assert merged["connections"][0]["source"] in ids
    assert merged["nodes"][-1]["position"]["x"] == 100


def test_a_template_applied_nowhere_becomes_a_workflow(editor: Editor) -> None:
    template = editor.post("/api/templates", {"name": "Pattern", "nodes": [node("a")]})
    assert editor.post(f"/api/templates/{template['id']}/apply")["name"] == "Pattern"


def test_parameters_are_filled_in(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    parameter = {"name": "channel", "type": "string", "pointers": ["/nodes/0/data/config/channel"]}
    body = {"name": "P", "nodes": [node("a", "slack", config={"channel": "#x"})], "parameters": [parameter]}
    path = f"/api/templates/{editor.post('/api/templates', body)['id']}/apply"
    filled = editor.post(path, {"parameters": {"channel": "#ours"}})
    assert filled["nodes"][0]["data"]["config"]["channel"] == "#ours"
    problem_of(client.post(path, json={"parameters": {"canal": "#ours"}}), 422)
    problem_of(client.post(path, json={"mode": "mix"}), 422)


def test_templates_are_listed_replaced_and_deleted(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    template = editor.post("/api/templates", {"name": "One", "category": "tests", "nodes": [node("a")]})
    path = f"/api/templates/{template['id']}"
    listed = editor.get("/api/templates?category=tests")
    assert [(item["id"], item["node_count"]) for item in listed["items"]] == [(template["id"], 1)]
    assert client.put(path, json={"name": "Two", "nodes": []}).get_json()["name"] == "Two"
    assert client.delete(path).status_code == 204
    assert problem_of(client.get(path), 404)["code"] == "template_not_found"


def test_an_exported_template_can_be_imported(client: FlaskClient, editor: Editor) -> None:
    template = editor.post("/api/templates", {"name": "One", "nodes": [node("a")]})
    exported = editor.get(f"/api/templates/{template['id']}/export")
    imported = client.post("/api/templates/import", json=exported)
    assert imported.status_code == 201
    assert imported.get_json()["nodes"] == template["nodes"]


def test_a_template_is_made_of_something(client: FlaskClient, problem_of: Any) -> None:
    for body in ({}, {"name": "Nothing"}):
        refused = problem_of(client.post("/api/templates", json=body), 422)
        assert [culprit["pointer"] for culprit in refused["errors"]] == ["/nodes"]


def test_a_template_is_not_saved_over_somebody_elses(client: FlaskClient, problem_of: Any) -> None:
    made = client.post("/api/templates", json={"name": "One", "nodes": []})
    path, tag = made.headers["Location"], made.headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    saved = client.put(path, json={"name": "Two", "nodes": []}, headers={"If-Match": tag})
    assert saved.headers["ETag"] == client.get(path).headers["ETag"] != tag
    assert saved.headers["ETag"].startswith('"2-')
    problem_of(client.put(path, json={"name": "Three", "nodes": []}, headers={"If-Match": tag}), 412)
    problem_of(client.delete(path, headers={"If-Match": tag}), 412)
    assert client.get(path).get_json()["name"] == "Two"


def test_a_template_is_not_applied_over_a_change(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    template = editor.post("/api/templates", {"name": "P", "nodes": [node("a")]})
    target = editor.save(node("old"))
    editor.post(f"/api/workflows/{target['id']}/nodes", node("new"))
    path, order = f"/api/templates/{template['id']}/apply", {"workflow_id": target["id"]}
    problem_of(client.post(path, json=order, headers={"If-Match": '"1-0"'}), 412)
    assert client.post(path, json=order, headers={"If-Match": '"2-0"'}).status_code == 200
