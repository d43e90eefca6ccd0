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


def finished(person: Person, sandbox: Sandbox, execution: Json) -> Json:
    """An execution, after all the time that it takes."""
    with sandbox.turn() as now:
        sandbox.run_to(now + 60_000_000)
    return person.get(f"/api/executions/{execution['id']}")


def code_of(execution: Json) -> str | None:
    """With which code it failed, if it did."""
    return (execution["error"] or {}).get("code")


REACHING = {
    "sub_workflow": ("workflow_not_found", lambda key: {"workflow_id": key}),
    "file_input": ("file_not_found", lambda key: {"file_ids": [key]}),
}
"""By type of a node: how it fails where what it names is not there, and how it names it."""


def reach(person: Person, kind: str, key: str) -> str:
    """A workflow of somebody whose only node reaches for something."""
    only = node("one", kind, config=REACHING[kind][1](key))
    made: str = person.make("/api/workflows", {"nodes": [only]})["id"]
    return made


def own_thing(person: Person, kind: str) -> str:
    """What a node of this kind can reach for."""
    return person.make("/api/workflows", GRAPH)["id"] if kind == "sub_workflow" else person.upload()


def let_edit(owner: Person, workflow_id: str, username: str, permission: str = "edit") -> None:
    owner.make(f"/api/workflows/{workflow_id}/shares", {"user": username, "permission": permission})


@pytest.mark.parametrize("kind", REACHING)
def test_whoever_may_edit_a_workflow_reaches_nothing_more_through_it(
    alice: Person, demo: Person, sandbox: Sandbox, kind: str
) -> None:
    theirs, mine = own_thing(demo, kind), own_thing(alice, kind)
    for key, codes in ((theirs, (REACHING[kind][0], None)), (mine, (None, REACHING[kind][0]))):
        shared = reach(demo, kind, key)
        let_edit(demo, shared, "alice")
        for person, code in zip((alice, demo), codes, strict=True):
            execution = finished(person, sandbox, person.make(f"/api/workflows/{shared}/execute"))
            assert (execution["owner_id"], code_of(execution)) == (person.id, code)
            # Whose eyes count is whose who starts it, and no matter whose the one before was.
            for other, expected in zip((alice, demo), codes, strict=True):
                again = finished(other, sandbox, other.make(f"/api/executions/{execution['id']}/retry"))
                assert (again["owner_id"], code_of(again)) == (other.id, expected)


def test_a_workflow_is_called_by_whom_it_is_shared_with_to_edit(alice: Person, demo: Person, sandbox: Sandbox) -> None:
    called = demo.make("/api/workflows", GRAPH)["id"]
    workflow = reach(alice, "sub_workflow", called)
    for permission, code in (("view", "workflow_not_found"), ("edit", None)):
        let_edit(demo, called, "alice", permission)
        assert code_of(finished(alice, sandbox, alice.make(f"/api/workflows/{workflow}/execute"))) == code
    child = next(one for one in alice.get("/api/executions")["items"] if one["parent"])
    assert (child["workflow_id"], child["owner_id"]) == (called, alice.id)


@pytest.mark.parametrize("kind", REACHING)
def test_what_an_admin_starts_reaches_everything_and_so_do_the_schedules_of_one(
    demo: Person, admin: Person, sandbox: Sandbox, kind: str
) -> None:
    workflow = reach(admin, kind, own_thing(demo, kind))
    assert code_of(finished(admin, sandbox, admin.make(f"/api/workflows/{workflow}/execute"))) is None
    admin.make(f"/api/workflows/{workflow}/schedules", {"interval_seconds": 30})
    with sandbox.turn() as now:
        sandbox.run_to(now + 35_000_000)
    fired = admin.get(f"/api/executions?workflow_id={workflow}&mode=schedule")["items"][0]
    assert (fired["owner_id"], code_of(finished(admin, sandbox, fired))) == (admin.id, None)


@pytest.mark.parametrize("kind", REACHING)
def test_a_schedule_looks_through_the_eyes_of_the_owner(
    alice: Person, demo: Person, sandbox: Sandbox, kind: str
) -> None:
    told = {}
    for owner in (alice, demo):
        workflow = reach(owner, kind, own_thing(demo, kind))
        owner.make(f"/api/workflows/{workflow}/schedules", {"interval_seconds": 30})
        with sandbox.turn() as now:
            sandbox.run_to(now + 35_000_000)
        fired = owner.get(f"/api/executions?workflow_id={workflow}&mode=schedule")["items"][0]
        told[fired["owner_id"]] = code_of(finished(owner, sandbox, fired))
    assert told == {alice.id: REACHING[kind][0], demo.id: None}


@pytest.mark.parametrize("kind", REACHING)
def test_where_nobody_logs_in_an_execution_reaches_everything(kind: str) -> None:
    client = create_app(Settings(pace="instant", scenario="empty", check_contract="fail")).test_client()
    sandbox = client.application.extensions[EXTENSION].get()
    theirs = Person(client, sandbox, "alice")
    with sandbox.turn():
        key = own_thing(theirs, kind)
        for thing in (*sandbox.store.workflows, *sandbox.store.files):
            thing.owner_id = theirs.id
    execution = theirs.make(f"/api/workflows/{reach(theirs, kind, key)}/execute")
    assert (execution["status"], execution["owner_id"]) == ("completed", ANYONE.user_id)


def test_whom_a_workflow_is_shared_with_no_more_tries_it_no_more(alice: Person, demo: Person, sandbox: Sandbox) -> None:
    workflow = demo.make("/api/workflows", GRAPH)["id"]
    let_edit(demo, workflow, "alice")
    execution = finished(alice, sandbox, alice.make(f"/api/workflows/{workflow}/execute"))
    path = f"/api/executions/{execution['id']}/retry"
    let_edit(demo, workflow, "alice", "view")
    assert alice.ask("POST", path).get_json()["code"] == "not_permitted"
    demo.ask("DELETE", f"/api/workflows/{workflow}/shares/{alice.id}")
    assert alice.ask("POST", path).get_json()["code"] == "workflow_not_found"


def test_a_snapshot_knows_through_whose_eyes_an_execution_looks(
    alice: Person, demo: Person, admin: Person, client: FlaskClient, sandbox: Sandbox
) -> None:
    held = [
        person.make(f"/api/workflows/{reach(person, 'file_input', demo.upload())}/execute", {"hold": True})
        for person in (alice, admin)
    ]
    client.post("/_control/snapshots", json={"name": "middle"})
    client.post("/_control/snapshots/middle/restore")
    codes = []
    for person, execution in zip((alice, admin), held, strict=True):
        person.make(f"/api/executions/{execution['id']}/release")
        codes.append(code_of(finished(person, sandbox, execution)))
    assert codes == ["file_not_found", None]


def test_values_that_nodes_keep_are_those_of_whoever_starts_them(alice: Person, demo: Person, sandbox: Sandbox) -> None:
    config = {"operation": "increment", "namespace": "box", "key": "count"}
    shared = demo.make("/api/workflows", {"nodes": [node("one", "key_value", config=config)]})["id"]
    let_edit(demo, shared, "alice")
    counts = []
    for person in (demo, demo, alice, demo):
        execution = finished(person, sandbox, person.make(f"/api/workflows/{shared}/execute"))
        counts.append(execution["nodes"][0]["output"]["output"]["value"])
    assert counts == [1, 2, 1, 3]
    # Nobody gets there by a name that looks like the place of somebody else, either.
    for name in sandbox.store.values:
        config = {"operation": "get", "namespace": name, "key": "count"}
        workflow = demo.make("/api/workflows", {"nodes": [node("one", "key_value", config=config)]})["id"]
        execution = finished(demo, sandbox, demo.make(f"/api/workflows/{workflow}/execute"))
        assert execution["nodes"][0]["output"]["output"]["value"] == (3 if name == "box" else None)


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


def test_whom_a_workflow_was_shared_with_is_told_that_it_was_deleted(
    alice: Person, demo: Person, client: FlaskClient, sandbox: Sandbox
) -> None:
    shared, left, others = (demo.make("/api/workflows", GRAPH)["id"] for _ in range(3))
    for key in (shared, left):
        let_edit(demo, key, "alice", "view")
    start = alice.get("/api/events")["last_cursor"]
    demo.ask("DELETE", f"/api/workflows/{left}/shares/{alice.id}")
    for key in (shared, left, others):
        demo.ask("DELETE", f"/api/workflows/{key}")
    # A snapshot knows that, too.
    client.post("/_control/snapshots", json={"name": "middle"})
    client.post("/_control/snapshots/middle/restore")
    for path in (f"/api/events?after={start}", f"/api/workflows/{shared}/events?after={start}"):
        told = [(event["workflow_id"], event["data"]["change"]) for event in alice.get(path)["items"]]
        assert told == [(shared, "deleted")]
    assert alice.ask("GET", f"/api/workflows/{left}/events?after={start}").status_code == 404


def test_a_script_of_another_origin_may_read_what_is_wrong_with_its_login(client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost:5173", "Authorization": "Bearer nonsense"}
    answer = client.get("/api/workflows", headers=headers)
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"].split(", ")


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
