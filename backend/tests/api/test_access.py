"""Whose things are whose: two users in one sandbox, and what each of them gets to see."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from app.models.user import ANYONE, Viewer
from app.sandbox import Sandbox
from app.services import accounts, events, executions, workflows
from app.web.current import EXTENSION
from tests.editor import node

Json = Any

GRAPH = {"nodes": [node("only", "manual_trigger")]}


class Person:
    """A user who has logged in."""

    def __init__(self, client: FlaskClient, sandbox: Sandbox, username: str) -> None:
        told = accounts.log_in(sandbox, username, f"{username}-password")
        self._client = client
        self.token: str = told["access_token"]
        self.id: str = told["user"]["id"]
        self.viewer = Viewer(self.id, told["user"]["role"] == "admin")

    def ask(self, method: str, path: str, body: Json = None, **headers: str) -> TestResponse:
        """The answer to a request."""
        shown = {"Authorization": f"Bearer {self.token}", **headers}
        return self._client.open(path, method=method, json=body, headers=shown)

    def get(self, path: str) -> Json:
        """What there is at a path."""
        answer = self.ask("GET", path)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def make(self, path: str, body: Json = None, **headers: str) -> Json:
        """Make or start something."""
        answer = self.ask("POST", path, body, **headers)
        assert answer.status_code in (200, 201, 202), answer.get_data(as_text=True)
        return answer.get_json()

    def upload(self) -> str:
        """The id of a file that was uploaded."""
        picture = io.BytesIO()
        Image.new("RGB", (4, 4)).save(picture, "PNG")
        answer = self._client.post(
            "/api/files/upload",
            data={"file": (io.BytesIO(picture.getvalue()), "picture.png")},
            headers={"Authorization": f"Bearer {self.token}"},
        )
        key: str = answer.get_json()["items"][0]["id"]
        return key


@pytest.fixture(params=["required", "optional"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """People log in."""
    return Settings(pace="stopped", scenario="empty", seed=7, auth=request.param, check_contract="fail")


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    """Plain HTTP, to sandboxes that have what a server puts into them."""
    return create_app(settings).test_client()


@pytest.fixture
def sandbox(client: FlaskClient) -> Sandbox:
    """The sandbox that requests without further words are for."""
    found: Sandbox = client.application.extensions[EXTENSION].get()
    return found


@pytest.fixture
def alice(client: FlaskClient, sandbox: Sandbox) -> Person:
    return Person(client, sandbox, "alice")


@pytest.fixture
def demo(client: FlaskClient, sandbox: Sandbox) -> Person:
    return Person(client, sandbox, "demo")


@pytest.fixture
def admin(client: FlaskClient, sandbox: Sandbox) -> Person:
    return Person(client, sandbox, "admin")


def ids(page: Json) -> list[str]:
    return [item["id"] for item in page["items"]]


def test_what_one_makes_is_ones_own(alice: Person) -> None:
    workflow = alice.make("/api/workflows", GRAPH)
    execution = alice.make(f"/api/workflows/{workflow['id']}/execute")
    template = alice.make("/api/templates", {"workflow_id": workflow["id"]})
    copy = alice.make(f"/api/workflows/{workflow['id']}/duplicate")
    applied = alice.make(f"/api/templates/{template['id']}/apply", {})
    file = alice.get(f"/api/files/{alice.upload()}")
    made = (workflow, execution, template, copy, applied, file)
    assert {thing["owner_id"] for thing in made} == {alice.id}


def test_lists_have_what_is_ones_own_and_an_admins_has_all(alice: Person, demo: Person, admin: Person) -> None:
    for person in (alice, demo):
        workflow = person.make("/api/workflows", GRAPH)
        person.make(f"/api/workflows/{workflow['id']}/execute")
        person.make("/api/templates", GRAPH)
        person.upload()
    for kind in ("workflows", "executions", "templates", "files"):
        alices, demos = alice.get(f"/api/{kind}"), demo.get(f"/api/{kind}")
        assert [alices["total"], demos["total"]] == [1, 1]
        assert set(ids(admin.get(f"/api/{kind}"))) == {*ids(alices), *ids(demos)}


def test_the_number_of_things_on_a_page_is_that_of_ones_own(alice: Person, demo: Person) -> None:
    for number in range(5):
        (alice if number % 2 else demo).make("/api/workflows", {"name": str(number)})
    page = demo.get("/api/workflows?per_page=2&page=2&sort=name")
    assert ([item["name"] for item in page["items"]], page["total"], page["pages"]) == (["4"], 3, 2)


def test_templates_that_came_with_the_sandbox_are_for_all_to_apply_and_for_admins_to_change(
    settings: Settings,
) -> None:
    app = create_app(Settings(pace="stopped", scenario="demo", seed=7, auth=settings.auth, check_contract="fail"))
    sandbox = app.extensions[EXTENSION].get()
    alice, admin = (Person(app.test_client(), sandbox, name) for name in ("alice", "admin"))
    template = alice.get("/api/templates")["items"][0]
    assert template["owner_id"] is None
    path = f"/api/templates/{template['id']}"
    assert alice.get(path)["nodes"]
    assert alice.make(f"{path}/apply", {})["owner_id"] == alice.id
    assert alice.ask("DELETE", path).get_json()["code"] == "not_permitted"
    assert admin.ask("DELETE", path).status_code == 204


def test_an_id_in_a_body_is_worth_no_more_than_one_in_an_address(alice: Person, demo: Person) -> None:
    theirs, mine = demo.make("/api/workflows", GRAPH), alice.make("/api/workflows", GRAPH)
    template = alice.make("/api/templates", GRAPH)
    file = demo.upload()
    answers = [
        alice.ask("POST", "/api/templates", {"workflow_id": theirs["id"]}),
        alice.ask("POST", f"/api/templates/{template['id']}/apply", {"workflow_id": theirs["id"]}),
        alice.ask("POST", f"/api/workflows/{mine['id']}/nodes/only/process-files", {"file_ids": [file]}),
    ]
    told = [(answer.status_code, answer.get_json()["code"]) for answer in answers]
    assert told == [(404, "workflow_not_found"), (404, "workflow_not_found"), (422, "file_not_found")]
    assert demo.get(f"/api/workflows/{theirs['id']}")["revision"] == 1


def test_filters_find_nothing_of_others(alice: Person, demo: Person) -> None:
    workflow = demo.make("/api/workflows", GRAPH)
    demo.make(f"/api/workflows/{workflow['id']}/execute")
    assert alice.get(f"/api/executions?workflow_id={workflow['id']}")["items"] == []


def test_a_node_calls_no_workflow_and_reads_no_file_of_others(alice: Person, demo: Person, sandbox: Sandbox) -> None:
    called, read = demo.make("/api/workflows", GRAPH)["id"], demo.upload()
    nodes = {
        "workflow_not_found": node("one", "sub_workflow", config={"workflow_id": called}),
        "file_not_found": node("one", "file_input", config={"file_ids": [read]}),
    }
    for code, only in nodes.items():
        errors = {}
        for person in (alice, demo):
            workflow = person.make("/api/workflows", {"nodes": [only]})
            execution = person.make(f"/api/workflows/{workflow['id']}/execute")
            with sandbox.turn() as now:
                sandbox.run_to(now + 60_000_000)
            errors[person.id] = person.get(f"/api/executions/{execution['id']}")["error"]
        assert (errors[alice.id] or {}).get("code") == code
        assert errors[demo.id] is None


def test_one_is_told_of_what_one_sees_and_of_nothing_else(alice: Person, demo: Person, sandbox: Sandbox) -> None:
    for person in (alice, demo):
        workflow = person.make("/api/workflows", GRAPH)
        person.make(f"/api/workflows/{workflow['id']}/execute")
        person.ask("DELETE", f"/api/workflows/{workflow['id']}")
    mine, theirs = (person.get("/api/events")["items"] for person in (alice, demo))
    all_of_it = events.sandbox_events(sandbox)["items"]
    assert sorted([*mine, *theirs], key=lambda event: event["cursor"]) == all_of_it
    assert {event["workflow_id"] for event in mine}.isdisjoint(event["workflow_id"] for event in theirs)
    assert [event["data"]["change"] for event in mine if event["type"] == "workflow.changed"] == ["created", "deleted"]


def test_a_workflow_that_was_deleted_is_told_of_to_its_owner_alone(alice: Person, demo: Person) -> None:
    workflow = alice.make("/api/workflows", GRAPH)
    alice.ask("DELETE", f"/api/workflows/{workflow['id']}")
    path = f"/api/workflows/{workflow['id']}/events?after=1"
    assert [event["data"]["change"] for event in alice.get(path)["items"]] == ["deleted"]
    assert demo.ask("GET", path).status_code == 404


def test_one_may_choose_the_idempotency_key_that_somebody_else_chose(alice: Person, demo: Person) -> None:
    made = [person.make("/api/workflows", GRAPH, **{"Idempotency-Key": "one"}) for person in (alice, demo, alice)]
    assert made[0] == made[2] != made[1]
    assert [workflow["owner_id"] for workflow in made[:2]] == [alice.id, demo.id]


def test_what_pages_show_takes_a_token_in_its_address(alice: Person, client: FlaskClient) -> None:
    file, workflow = alice.upload(), alice.make("/api/workflows", GRAPH)
    execution = alice.make(f"/api/workflows/{workflow['id']}/execute")
    token = alice.make("/api/auth/url-token")["access_token"]
    embedded = (
        f"/api/files/{file}/content",
        f"/api/files/{file}/thumbnail",
        f"/api/executions/{execution['id']}/events",
        f"/api/workflows/{workflow['id']}/events",
        "/api/events",
    )
    for path in embedded:
        assert client.get(f"{path}?access_token={token}").status_code == 200, path
        assert client.get(f"{path}?access_token={alice.token}").status_code == 200, path
        assert client.get(f"{path}?access_token=nonsense").get_json()["code"] == "bad_token"
        assert client.get(path).status_code in (401, 404, 200)
    assert client.get(f"/api/workflows/{workflow['id']}?access_token={token}").status_code in (401, 404)


def test_a_token_in_an_address_is_over_after_a_minute(alice: Person, client: FlaskClient, sandbox: Sandbox) -> None:
    file = alice.upload()
    token = alice.make("/api/auth/url-token")["access_token"]
    with sandbox.turn() as now:
        sandbox.run_to(now + 60_000_000)
    answer = client.get(f"/api/files/{file}/content?access_token={token}")
    assert (answer.status_code, answer.get_json()["code"]) == (401, "token_expired")


def test_the_log_of_requests_has_no_token(alice: Person, client: FlaskClient) -> None:
    file = alice.upload()
    client.get(f"/api/files/{file}/content?x=1&access_token={alice.token}&y=2")
    entries = client.get("/_control/requests").get_json()["items"]
    assert alice.token not in str(entries)
    assert any(entry["query"] == "x=1&access_token=***&y=2" for entry in entries)


def test_a_key_of_the_server_is_as_good_as_a_token(alice: Person, client: FlaskClient) -> None:
    key = alice.make("/api/auth/api-keys", {"name": "ci"})["key"]
    workflow = alice.make("/api/workflows", GRAPH)
    for shown in ({"X-API-Key": key}, {"Authorization": f"Bearer {key}"}):
        assert client.get(f"/api/workflows/{workflow['id']}", headers=shown).status_code == 200


def test_who_shows_nothing_is_the_default_user_where_logging_in_is_optional(
    settings: Settings, alice: Person, client: FlaskClient
) -> None:
    workflow = alice.make("/api/workflows", GRAPH)
    mine = client.post("/api/workflows", json=GRAPH)
    if settings.auth == "required":
        assert mine.status_code == 401
    else:
        assert mine.get_json()["owner_id"] == ANYONE.user_id
        assert client.get(f"/api/workflows/{workflow['id']}").status_code == 404


def test_where_nobody_logs_in_everything_is_there_and_tokens_are_not_looked_at() -> None:
    client = create_app(Settings(pace="stopped", scenario="empty", check_contract="fail")).test_client()
    sandbox = client.application.extensions[EXTENSION].get()
    theirs = workflows.create(sandbox, GRAPH, viewer=Viewer("us_alice", sees_all=False))
    executions.execute(sandbox, theirs.id, {})
    for shown in ({}, {"Authorization": "Bearer YOUR_TOKEN"}, {"X-API-Key": "nonsense"}):
        assert client.get(f"/api/workflows/{theirs.id}", headers=shown).status_code == 200
        assert client.get("/api/workflows", headers=shown).get_json()["total"] == 1


def test_a_preflight_never_needs_a_token(client: FlaskClient) -> None:
    asked = {"Origin": "http://localhost:5173", "Access-Control-Request-Method": "PUT"}
    answer = client.options("/api/workflows/any", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"]
