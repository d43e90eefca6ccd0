"""A conversation about the nodes of one workflow."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.editor import Editor, node


def test_a_node_is_added_read_changed_and_deleted(client: FlaskClient, editor: Editor) -> None:
    path = f"/api/workflows/{editor.save(node('a'))['id']}/nodes"
    added = client.post(path, json=node("b"))
    assert (added.status_code, added.headers["Location"]) == (201, f"{path}/b")
    assert added.headers["ETag"].startswith('"2-')
    assert client.get(f"{path}/b").get_json() == node("b")
    moved = client.patch(f"{path}/b", json={"position": {"x": 40}}).get_json()
    assert moved["position"] == {"x": 40, "y": 0}
    replaced = client.put(f"{path}/b", json=node("b", "template")).get_json()
    assert replaced == node("b", "template")
    assert client.delete(f"{path}/b").status_code == 204
    assert [one["id"] for one in editor.get(path)["items"]] == ["a"]


def test_deleting_a_node_deletes_its_connections(client: FlaskClient, editor: Editor) -> None:
    saved = editor.save(node("a"), node("b"), node("c"))
    client.delete(f"/api/workflows/{saved['id']}/nodes/b")
    assert editor.get(f"/api/workflows/{saved['id']}")["connections"] == []


def test_ids_may_have_slashes_and_letters_of_any_script(client: FlaskClient, editor: Editor) -> None:
    path = f"/api/workflows/{editor.save()['id']}/nodes"
    for key in ("group/child", "пуск", "a b?c#d"):
        added = client.post(path, json=node(key))
        assert client.get(added.headers["Location"]).get_json()["id"] == key


def test_a_second_node_of_the_same_id_is_refused(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    path = f"/api/workflows/{editor.save(node('a'))['id']}/nodes"
    problem_of(client.post(path, json=node("a")), 409)


def test_a_node_that_does_not_fit_is_refused(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    path = f"/api/workflows/{editor.save(node('a'))['id']}/nodes"
    refusal = problem_of(client.post(path, json={"id": 7, "data": {"on_error": "shrug"}}), 422)
    assert {entry["pointer"] for entry in refusal["errors"]} == {"/id", "/data/on_error"}
    problem_of(client.patch(f"{path}/a", json={"position": {"x": "far"}}), 422)
    problem_of(client.post(path, json=["a"]), 422)


def test_a_node_that_is_not_there_is_a_404(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    path = f"/api/workflows/{editor.save(node('a'))['id']}/nodes"
    assert problem_of(client.get(f"{path}/b"), 404)["code"] == "node_not_found"
    assert problem_of(client.get("/api/workflows/none/nodes"), 404)["code"] == "workflow_not_found"


@pytest.mark.parametrize(
    "name", ["/a", "a/", "a//b", "a/../b", "..", "a\r\nb", "%2F", "a?b#c", "x/process-files", "é😀", " "]
)
def test_whatever_a_node_is_called_its_url_leads_to_it(name: str, client: FlaskClient, editor: Editor) -> None:
    workflow = editor.post("/api/workflows", {"nodes": [node(name), node("other")]})
    join = {"id": name, "source": name, "target": "other"}
    added = client.post(f"/api/workflows/{workflow['id']}/connections", json=join)
    assert client.get(added.headers["Location"]).get_json() == join
    path = f"/api/workflows/{workflow['id']}/nodes/{quote(name, safe='')}"
    assert client.get(path).get_json() == node(name)
    assert client.post(f"{path}/process-files", json={"file_ids": ["none"]}).get_json()["code"] == "file_not_found"
    assert client.delete(added.headers["Location"]).status_code == 204
    assert client.delete(path).status_code == 204
