"""A conversation about the palette."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.editor import Editor, node

MINE = {"type": "acme/thing", "display_name": "Thing", "output": {"output": {"made": "{{ $config.what }}"}}}


def test_the_palette_comes_at_once_and_once(client: FlaskClient, editor: Editor) -> None:
    response = client.get("/api/node-types")
    types = [kind["type"] for kind in response.get_json()["items"]]
    assert len(types) >= 40
    assert len(types) == len(set(types))
    again = client.get("/api/node-types", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert editor.get("/api/node-types/if")["category"]


def test_a_type_of_ones_own_is_served_simulated_and_deleted(client: FlaskClient, editor: Editor) -> None:
    before = client.get("/api/node-types").headers["ETag"]
    added = client.post("/api/node-types", json=MINE)
    path = added.headers["Location"]
    assert (added.status_code, path) == (201, "/api/node-types/acme%2Fthing")
    assert client.get("/api/node-types", headers={"If-None-Match": before}).status_code == 200
    saved = editor.save(node("a", "acme/thing", config={"what": "soup"}))
    ended = editor.finish(editor.execute(saved))
    assert ended["nodes"][0]["output"] == {"output": {"made": "soup"}}
    assert client.put(path, json={**MINE, "display_name": "Better"}).get_json()["display_name"] == "Better"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_types_that_came_with_the_server_stay(client: FlaskClient, problem_of: Any) -> None:
    assert problem_of(client.delete("/api/node-types/if"), 409)["code"] == "built_in_type"
    problem_of(client.post("/api/node-types", json={**MINE, "type": "if"}), 409)


def test_a_type_that_does_not_fit_is_refused(client: FlaskClient, problem_of: Any) -> None:
    problem_of(client.post("/api/node-types", json={"display_name": "No name"}), 422)
    refusal = problem_of(client.post("/api/node-types", json={**MINE, "inputs": [{"data_type": "soup"}]}), 422)
    assert refusal["errors"]
