"""What holds at every door: statuses, keys that let things happen once, and names."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app, routes
from app.config import Settings
from app.models.workflow import MOST_NAME
from app.web.door import Door
from app.web.restful import doors_of
from tests.dialects.test_doors import DOORS, EACH, Native, OpenWebui
from tests.dialects.test_doors import Door as Client

GRAPH: dict[str, list[Any]] = {"nodes": [], "edges": []}
EVERY = pytest.mark.parametrize("door", doors_of(routes()), ids=lambda door: door.name)


@pytest.fixture
def client() -> FlaskClient:
    """A house of which the doors are tried."""
    return create_app(Settings(pace="stopped", scenario="empty", check_contract="fail")).test_client()


@EVERY
@pytest.mark.parametrize("status", [404, 418, 422, 503])
def test_the_status_that_was_asked_for_is_the_one_that_comes(client: FlaskClient, door: Door, status: int) -> None:
    for wish in ({"Prefer": f"code={status}"}, {"x-mock-response-code": str(status)}):
        answer = client.get(f"{door.prefix}/", headers=wish)
        assert (answer.status_code, answer.content_type) == (status, door.content_type)


@EVERY
def test_the_status_that_a_rule_asks_for_is_the_one_that_comes(client: FlaskClient, door: Door) -> None:
    client.put("/_control/faults", json=[{"match": {"path": f"{door.prefix}/"}, "status": 422}])
    assert client.get(f"{door.prefix}/").status_code == 422


@pytest.mark.parametrize(("path", "status"), [("/api/workflows", 422), ("/api/flows/", 400), ("/api/v1/flows/", 400)])
def test_a_code_that_a_rule_asks_for_has_the_status_of_the_door(client: FlaskClient, path: str, status: int) -> None:
    client.put("/_control/faults", json=[{"match": {"path": path}, "code": "cannot_run"}])
    assert client.get(path).status_code == status


@pytest.mark.parametrize("path", ["/api/workflows", *(f"{door.prefix}/" for door in doors_of(routes()))])
def test_a_401_that_was_asked_for_says_how_to_log_in(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"Prefer": "code=401"}).headers["WWW-Authenticate"] == "Bearer"


def test_what_is_refused_has_the_status_that_the_door_has_for_it(client: FlaskClient) -> None:
    twins = {"name": "x", "nodes": [{"id": "a"}, {"id": "a"}], "edges": []}
    answers = [client.post(path, json=twins) for path in ("/api/workflows", "/api/flows/", "/api/v1/flows/create")]
    assert [answer.status_code for answer in answers] == [422, 400, 400]
    answers = [client.post(path, json={"name": 5.5 if "v1" in path else []}) for path in PATHS]
    assert [answer.status_code for answer in answers] == [422, 400, 422]


PATHS = ("/api/workflows", "/api/flows/", "/api/v1/flows/create")


@pytest.mark.parametrize("path", ["/api/flows/", "/api/flows/1/duplicate/", "/api/flows/1/execute/"])
def test_what_is_sent_twice_to_the_django_door_with_one_key_happens_once(client: FlaskClient, path: str) -> None:
    client.post("/api/flows/", json={"name": "First", **GRAPH, "nodes": [{"id": "a"}]})
    sent = {"json": {"name": "New"}, "headers": {"Idempotency-Key": "key"}}
    first, again = client.post(path, **sent), client.post(path, **sent)
    assert first.status_code in (200, 201)
    assert (again.data, again.headers["Idempotency-Replayed"]) == (first.data, "true")
    made = "/api/flows/1/executions/" if path.endswith("execute/") else "/api/flows/"
    assert len(client.get(made).get_json()) == (1 if path.endswith("execute/") else 2)
    other = client.post("/api/flows/", json={"name": "Other"}, headers={"Idempotency-Key": "key"})
    assert other.status_code == 400
    assert "another request" in other.get_json()["detail"]


@EACH
def test_the_longest_name_goes_through_every_door(client: FlaskClient, place: int) -> None:
    doors: list[Client] = [door(client) for door in DOORS]
    key = doors[place].create({"name": "n" * MOST_NAME, **GRAPH})
    for door in doors:
        assert door.read(key)["name"] == "n" * MOST_NAME
    assert [one["name"] for one in client.get("/api/v1/flows/").get_json()] == ["n" * MOST_NAME]
    exported = client.get(f"{OpenWebui.url}/{key}/export").get_json()
    assert client.post(f"{OpenWebui.url}/import", json=exported).status_code == 200


def test_the_words_of_one_door_are_ids_at_every_other(client: FlaskClient) -> None:
    told = {path: client.get(path).get_json()["code"] for path in ("/api/workflows/stats", "/api/executions/create")}
    assert told == {"/api/workflows/stats": "workflow_not_found", "/api/executions/create": "execution_not_found"}
    assert client.get("/api/workflows/import").status_code == 405
    assert client.get("/api/v1/flows/create").status_code == 405


def test_the_open_webui_door_answers_whatever_is_accepted(client: FlaskClient) -> None:
    key = Native(client).create({"name": "One", **GRAPH})
    for accept in ("text/html", "image/png"):
        assert client.get(f"{OpenWebui.url}/{key}", headers={"Accept": accept}).get_json()["name"] == "One"


def test_a_redirect_keeps_the_query_and_the_sandbox_that_it_names(client: FlaskClient) -> None:
    told = client.get("/api/flows?a=x+y&&sandbox=other&b=%20").headers["Location"]
    assert told == "/api/flows/?a=x+y&&b=%20&sandbox=other"
    told = client.get(f"{OpenWebui.url}?a=x+y&sandbox=other").headers["Location"]
    assert told == "/api/v1/flows/?a=x+y&sandbox=other"
