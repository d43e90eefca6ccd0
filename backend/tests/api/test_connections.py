"""A conversation about the connections of one workflow."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.editor import Editor, line, node


def test_a_connection_is_added_read_changed_and_deleted(client: FlaskClient, editor: Editor) -> None:
    path = f"/api/workflows/{editor.save(node('a'), node('b'), node('c'), lines=[])['id']}/connections"
    added = client.post(path, json=line("a-b"))
    assert (added.status_code, added.headers["Location"]) == (201, f"{path}/a-b")
    assert client.get(f"{path}/a-b").get_json() == line("a-b")
    moved = client.put(f"{path}/a-b", json={"source": "a", "target": "c"}).get_json()
    assert (moved["id"], moved["target"]) == ("a-b", "c")
    assert client.delete(f"{path}/a-b").status_code == 204
    assert editor.get(path)["items"] == []


def test_a_connection_without_an_id_gets_the_one_react_flow_would_give(client: FlaskClient, editor: Editor) -> None:
    path = f"/api/workflows/{editor.save(node('a'), node('b'), lines=[])['id']}/connections"
    added = client.post(path, json={"source": "a", "target": "b"})
    assert added.get_json()["id"] == "xy-edge__a-b"
    assert client.get(added.headers["Location"]).status_code == 200


def test_the_same_ends_again_are_the_same_connection(client: FlaskClient, editor: Editor) -> None:
    path = f"/api/workflows/{editor.save(node('a'), node('b'), lines=[])['id']}/connections"
    first = client.post(path, json={"source": "a", "target": "b"})
    again = client.post(path, json={"source": "a", "target": "b", "sourceHandle": None})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.get_json() == first.get_json()
    assert again.headers["ETag"] == first.headers["ETag"]


def test_one_connection_to_a_missing_node_is_refused(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    path = f"/api/workflows/{editor.save(node('a'))['id']}/connections"
    refusal = problem_of(client.post(path, json={"source": "a", "target": "gone"}), 422)
    assert refusal["code"] == "dangling_connection"
    assert refusal["errors"][0]["pointer"] == "/target"


def test_a_connection_without_ends_is_refused(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    path = f"/api/workflows/{editor.save(node('a'))['id']}/connections"
    refusal = problem_of(client.post(path, json={"sourceHandle": 4}), 422)
    assert {entry["pointer"] for entry in refusal["errors"]} == {"/source", "/target", "/sourceHandle"}
    assert problem_of(client.get(f"{path}/none"), 404)["code"] == "connection_not_found"
