"""A conversation about the versions of a workflow."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from tests.editor import Editor, node
from tests.person import bearer

Json = Any


@pytest.fixture
def path(client: FlaskClient, editor: Editor) -> str:
    """A workflow that was saved three times: with one node, with two, and with the first one moved."""
    path = f"/api/workflows/{editor.save(node('a'), name='Tea')['id']}"
    client.post(f"{path}/nodes", json=node("b"))
    client.patch(f"{path}/nodes/a", json={"position": {"x": 40}})
    return path


def test_versions_are_listed_the_newest_first_without_their_documents(editor: Editor, path: str) -> None:
    listed = editor.get(f"{path}/versions")["items"]
    assert [(one["revision"], one["node_count"], one["is_current"]) for one in listed] == [
        (3, 2, True),
        (2, 2, False),
        (1, 1, False),
    ]
    assert "workflow" not in listed[0]


def test_a_version_has_a_document_that_can_be_saved_again(client: FlaskClient, editor: Editor, path: str) -> None:
    document = editor.get(f"{path}/versions/1")["workflow"]
    assert document["nodes"] == [node("a")]
    assert client.put(path, json=document).get_json()["revision"] == 4
    assert editor.get(f"{path}/versions/current")["workflow"] == document


def test_a_move_of_a_node_is_a_change_of_its_position(editor: Editor, path: str) -> None:
    found = editor.get(f"{path}/versions/3/diff")
    (changed,) = found["nodes"]["changed"]
    assert changed["changes"] == [{"pointer": "/position/x", "before": 0, "after": 40}]
    assert (changed["before"]["position"]["x"], changed["after"]["position"]["x"]) == (0, 40)


@pytest.mark.parametrize("pair", [("1", "current"), ("1", "3"), ("3", "1"), ("current", "1")])
def test_any_two_versions_can_be_compared(editor: Editor, path: str, pair: tuple[str, str]) -> None:
    found = editor.get(f"{path}/versions/{pair[0]}/diff?with={pair[1]}")
    assert (found["from"], found["to"]) == (1, 3)
    assert [one["id"] for one in found["nodes"]["added"]] == ["b"]
    assert [one["id"] for one in found["nodes"]["changed"]] == ["a"]


def test_a_restore_answers_with_the_workflow_and_its_new_entity_tag(client: FlaskClient, path: str) -> None:
    response = client.post(f"{path}/versions/1/restore")
    assert (response.status_code, response.get_json()["revision"]) == (200, 4)
    assert response.get_json() == client.get(path).get_json()
    assert response.headers["ETag"] == client.get(path).headers["ETag"]


def test_a_restore_listens_to_if_match(client: FlaskClient, path: str, problem_of: Any) -> None:
    old = client.get(path).headers["ETag"]
    client.patch(path, json={"name": "Chai"})
    refused = problem_of(client.post(f"{path}/versions/1/restore", headers={"If-Match": old}), 412)
    assert (refused["code"], refused["current_revision"]) == ("revision_mismatch", 4)
    new = client.get(path).headers["ETag"]
    assert client.post(f"{path}/versions/1/restore", headers={"If-Match": new}).status_code == 200


def test_a_label_leaves_the_entity_tag_as_it_is(client: FlaskClient, editor: Editor, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    assert client.patch(f"{path}/versions/3", json={"label": "Moved"}).get_json()["label"] == "Moved"
    assert client.get(path).headers["ETag"] == tag
    assert [one["label"] for one in editor.get(f"{path}/versions")["items"]] == ["Moved", None, None]


@pytest.mark.parametrize("body", [{}, {"label": ""}, {"label": 5}, {"label": "x" * 201}, {"label": "x", "name": "y"}])
def test_a_label_that_does_not_fit_is_refused(client: FlaskClient, path: str, body: Json, problem_of: Any) -> None:
    assert problem_of(client.patch(f"{path}/versions/1", json=body), 422)["code"] == "invalid_input"


@pytest.mark.parametrize("strange", ["abc", "0", "9", "1.5", "-1"])
def test_what_is_no_version_is_told_as_one_that_is_not_there(
    client: FlaskClient, path: str, strange: str, problem_of: Any
) -> None:
    answers = [
        client.get(f"{path}/versions/{strange}"),
        client.patch(f"{path}/versions/{strange}", json={"label": "x"}),
        client.get(f"{path}/versions/{strange}/diff"),
        client.get(f"{path}/versions/1/diff?with={strange}"),
        client.post(f"{path}/versions/{strange}/restore"),
    ]
    assert {problem_of(answer, 404)["code"] for answer in answers} == {"version_not_found"}


def test_an_execution_goes_on_with_the_graph_that_it_began_with(client: FlaskClient, editor: Editor, path: str) -> None:
    execution = editor.execute({"id": path.rpartition("/")[2]})
    client.post(f"{path}/versions/1/restore")
    ended = editor.finish(execution)
    assert (ended["status"], ended["workflow_revision"]) == ("completed", 3)
    assert [run["node_id"] for run in ended["nodes"]] == ["a", "b"]


def test_versions_of_a_deleted_workflow_are_gone(client: FlaskClient, path: str, problem_of: Any) -> None:
    client.delete(path)
    assert problem_of(client.get(f"{path}/versions"), 404)["code"] == "workflow_not_found"


def test_a_version_names_who_has_logged_in_and_saved_it() -> None:
    client = create_app(Settings(pace="stopped", scenario="empty", auth="required")).test_client()
    known = {name: bearer(client, name) for name in ("alice", "admin")}
    path = f"/api/workflows/{client.post('/api/workflows', json={}, headers=known['alice']).get_json()['id']}"
    client.patch(path, json={"name": "Mine"}, headers=known["admin"])
    client.post(f"{path}/versions/1/restore", headers=known["alice"])
    listed = client.get(f"{path}/versions", headers=known["alice"]).get_json()["items"]
    assert [one["saved_by"]["username"] for one in listed] == ["alice", "admin", "alice"]


@pytest.mark.parametrize(
    ("method", "place"),
    [("GET", ""), ("GET", "/1"), ("PATCH", "/1"), ("GET", "/1/diff"), ("POST", "/1/restore")],
)
def test_versions_of_others_are_not_there(method: str, place: str) -> None:
    client = create_app(Settings(pace="stopped", scenario="empty", auth="required")).test_client()
    mine = client.post("/api/workflows", json={}, headers=bearer(client, "alice")).get_json()["id"]
    body = {"json": {"label": "x"}} if method == "PATCH" else {}
    path = f"/api/workflows/{mine}/versions{place}"
    response = client.open(path, method=method, headers=bearer(client, "demo"), **body)
    assert (response.status_code, response.get_json()["code"]) == (404, "workflow_not_found")
