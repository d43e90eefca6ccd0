"""What is told live, and to whom: streams and conversations on a real socket, where everybody logs in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from app.testing import SandboxClient, Server, serve
from tests.reading import BEAT, FINAL, PATIENCE, Reader, Stage, Talker, data, talking

Json = Any


class Client(SandboxClient):
    """A sandbox as one of its users has it."""

    def __init__(self, server: Server, sandbox: SandboxClient, username: str) -> None:
        super().__init__(server.url, sandbox.name)
        shown = {"username": username, "password": f"{username}-password"}
        session = sandbox.post("/api/auth/login", shown)
        self.shown = {"Authorization": f"Bearer {session['access_token']}"}

    def _ask(self, method: str, path: str, body: Json, headers: dict[str, str] | None) -> Json:
        return super()._ask(method, path, body, self.shown | (headers or {}))


class Person(Stage):
    """A user who has logged in: what they draw and run, and what they are told."""

    def finish(self, execution: Json) -> list[Json]:
        """Let it come to its end, sooner than a token does; gives all of its events."""
        self.sandbox.clock.advance(60)
        return self.events(execution)

    def address_token(self) -> str:
        """What goes into the address of what cannot send a header."""
        return f"access_token={self.sandbox.post('/api/auth/url-token')['access_token']}"

    def listen(self, thing: Json | None = None) -> Reader:
        """Read a stream as an EventSource does, which sends no header."""
        return self.read(thing, f"?{self.address_token()}")

    def call(self) -> Talker:
        """Talk over a WebSocket as a browser does, which sends no header."""
        return self.talk(f"/api/ws?{self.address_token()}")

    def share(self, workflow: Json, username: str, permission: str) -> str:
        """Share a workflow; gives the id of the user."""
        share = {"user": username, "permission": permission}
        key: str = self.sandbox.post(f"/api/workflows/{workflow['id']}/shares", share)["user"]["id"]
        return key

    def take_back(self, workflow: Json, user_id: str) -> None:
        """Share it no more."""
        self.sandbox.delete(f"/api/workflows/{workflow['id']}/shares/{user_id}")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve(heartbeat=BEAT, check_contract="fail", auth="required") as server:
        yield server


@pytest.fixture
def enter(server: Server) -> Iterator[Callable[[str], Person]]:
    """Lets users log in to a sandbox: ``enter("alice")``."""
    with server.sandbox() as sandbox, ExitStack() as stack:
        yield lambda username: Person(Client(server, sandbox, username), stack)


@pytest.fixture
def alice(enter: Callable[[str], Person]) -> Person:
    return enter("alice")


@pytest.fixture
def demo(enter: Callable[[str], Person]) -> Person:
    return enter("demo")


def workflows_of(events: list[Json]) -> set[str]:
    return {event["workflow_id"] for event in events}


# Who is told what


def test_a_stream_of_the_sandbox_tells_a_user_only_of_what_they_see(alice: Person, demo: Person) -> None:
    readers = {person: person.listen() for person in (alice, demo)}
    executions = {person: person.run(1) for person in readers}
    alice.finish(executions[alice])
    for person, reader in readers.items():
        told = data(reader.until(*FINAL))
        assert told == person.events()
        assert workflows_of(told) == {executions[person]["workflow_id"]}


def test_a_websocket_tells_a_user_only_of_what_they_see(alice: Person, demo: Person) -> None:
    talkers = {person: person.call() for person in (alice, demo)}
    for talker in talkers.values():
        talker.ask("subscribe", all=True)
    executions = {person: person.run(1) for person in talkers}
    alice.finish(executions[alice])
    for person, talker in talkers.items():
        told = talker.hear_until(*FINAL)
        assert told == person.events()
        assert workflows_of(told) == {executions[person]["workflow_id"]}
        assert talker.is_quiet()


def test_an_admin_is_told_of_everything(alice: Person, demo: Person, enter: Callable[[str], Person]) -> None:
    admin = enter("admin")
    reader, talker = admin.listen(), admin.call()
    talker.ask("subscribe", all=True)
    for person in (alice, demo):
        person.finish(person.run(1))
    events = admin.events()
    assert workflows_of(events) == workflows_of(alice.events()) | workflows_of(demo.events())
    assert data(reader.take(len(events))) == events
    assert talker.hear_events(len(events)) == events


@pytest.mark.parametrize("kind", ["execution", "workflow"])
def test_of_anothers_nobody_gets_a_stream(alice: Person, demo: Person, kind: str) -> None:
    execution = alice.run(1)
    reader = demo.listen(execution if kind == "execution" else {"id": execution["workflow_id"]})
    assert (reader.status, json.loads(reader.body())["code"]) == (404, f"{kind}_not_found")


@pytest.mark.parametrize("kind", ["execution", "workflow"])
def test_nobody_subscribes_to_anothers(alice: Person, demo: Person, kind: str) -> None:
    execution = alice.run(1)
    talker = demo.call()
    about = {"execution_id": execution["id"]} if kind == "execution" else {"workflow_id": execution["workflow_id"]}
    told = talker.ask("subscribe", **about)
    assert (told["type"], told["problem"]["code"]) == ("error", f"{kind}_not_found")
    alice.finish(execution)
    assert talker.is_quiet()


# Who may say what is to be done


@pytest.mark.parametrize("kind", ["execution", "workflow"])
@pytest.mark.parametrize("command", ["pause", "stop"])
def test_nobody_commands_anothers(alice: Person, demo: Person, kind: str, command: str) -> None:
    execution = alice.run(1)
    about = {"execution_id": execution["id"]} if kind == "execution" else {"workflow_id": execution["workflow_id"]}
    told = demo.call().ask(command, **about)
    assert (told["type"], told["problem"]["code"]) == ("error", f"{kind}_not_found")
    assert alice.finish(execution)[-1]["type"] == "execution.completed"


def test_who_may_view_is_told_and_does_not_command_and_who_may_edit_does(alice: Person, demo: Person) -> None:
    workflow = alice.save(1)
    execution = alice.execute(workflow)
    talker, about = demo.call(), {"execution_id": execution["id"]}
    alice.share(workflow, "demo", "view")
    assert talker.ask("subscribe", **about)["type"] == "ack"
    assert talker.hear_events(len(alice.events(execution))) == alice.events(execution)
    for command in ("pause", "stop"):
        told = talker.ask(command, **about)
        assert (told["type"], told["problem"]["code"]) == ("error", "not_permitted")
    alice.share(workflow, "demo", "edit")
    talker.say("pause", **about)
    paused, done = talker.hear(), talker.hear()
    assert (paused["type"], done["type"], done["status"]) == ("execution.paused", "ack", "paused")


def test_a_question_is_answered_only_by_who_may_edit(alice: Person, demo: Person) -> None:
    workflow = alice.sandbox.post("/api/workflows", {"nodes": [{"id": "ask", "type": "approval"}]})
    execution = alice.execute(workflow)
    alice.sandbox.clock.until(execution_id=execution["id"], status="waiting")
    talker = demo.call()
    given = {"execution_id": execution["id"], "node_id": "ask", "answer": {"decision": "approved"}}
    told = [talker.ask("answer", **given)["problem"]["code"]]
    alice.share(workflow, "demo", "view")
    told.append(talker.ask("answer", **given)["problem"]["code"])
    alice.share(workflow, "demo", "edit")
    assert (told, talker.ask("answer", **given)["type"]) == (["execution_not_found", "not_permitted"], "ack")


# What is shared, and shared no more


def test_what_is_shared_is_told_of_from_then_on(alice: Person, demo: Person) -> None:
    workflow = alice.save(1)
    talker = demo.call()
    talker.ask("subscribe", all=True)
    alice.execute(workflow)
    assert talker.is_quiet()
    alice.share(workflow, "demo", "view")
    alice.sandbox.clock.advance(60)
    assert talker.hear_until(*FINAL)[-1]["workflow_id"] == workflow["id"]


@pytest.mark.parametrize("kind", ["execution", "workflow"])
def test_a_stream_of_what_is_shared_no_more_ends(alice: Person, demo: Person, kind: str) -> None:
    workflow = alice.save(1, 1)
    execution = alice.execute(workflow)
    user_id = alice.share(workflow, "demo", "view")
    thing = execution if kind == "execution" else workflow
    reader = demo.listen(thing)
    begun = demo.events(thing)
    assert data(reader.take(len(begun))) == begun
    alice.take_back(workflow, user_id)
    alice.finish(execution)
    assert reader.rest() == []


def test_a_stream_of_the_sandbox_goes_on_without_what_is_shared_no_more(alice: Person, demo: Person) -> None:
    workflow = alice.save(1)
    execution = alice.execute(workflow)
    user_id = alice.share(workflow, "demo", "view")
    reader = demo.listen()
    begun = demo.events()
    assert data(reader.take(len(begun))) == begun
    alice.take_back(workflow, user_id)
    alice.finish(execution)
    mine = demo.save(1)
    assert [event["workflow_id"] for event in data(reader.take(1))] == [mine["id"]]


@pytest.mark.parametrize("kind", ["execution", "workflow", "all"])
def test_a_subscription_brings_nothing_of_what_is_shared_no_more(alice: Person, demo: Person, kind: str) -> None:
    workflow = alice.save(1, 1)
    execution = alice.execute(workflow)
    user_id = alice.share(workflow, "demo", "edit")
    talker = demo.call()
    about = {"execution_id": execution["id"], "workflow_id": workflow["id"], "all": True}
    name = {"execution": "execution_id", "workflow": "workflow_id", "all": "all"}[kind]
    talker.ask("subscribe", **{name: about[name]}, after="latest")
    alice.take_back(workflow, user_id)
    alice.finish(execution)
    assert talker.is_quiet()
    told = talker.ask("stop", execution_id=execution["id"])
    assert told["problem"]["code"] == "execution_not_found"


# Who was logged in, and is not any more

NEW_PASSWORD = {"current_password": "alice-password", "new_password": "another password"}


@pytest.fixture(params=["logged out", "deactivated", "another role", "another password"])
def end(request: pytest.FixtureRequest, enter: Callable[[str], Person], alice: Person) -> Callable[[], Any]:
    """Ends what Alice has opened. She changes her password in another place, where she has logged in, too."""
    admin, elsewhere = enter("admin").sandbox, enter("alice").sandbox
    endings: dict[str, Callable[[], Any]] = {
        "logged out": lambda: alice.sandbox.post("/api/auth/logout"),
        "deactivated": lambda: admin.patch("/api/users/us_alice", {"is_active": False}),
        "another role": lambda: admin.patch("/api/users/us_alice", {"role": "admin"}),
        "another password": lambda: elsewhere.post("/api/auth/change-password", NEW_PASSWORD),
    }
    return endings[request.param]


def test_a_stream_ends_with_what_it_was_opened_with(alice: Person, demo: Person, end: Callable[[], None]) -> None:
    saved = alice.save(1)
    reader, stays = alice.listen(saved), demo.listen()
    assert reader.next().data["workflow_id"] == saved["id"]
    end()
    assert reader.rest() == []
    kept = demo.save(1)
    assert stays.next().data["workflow_id"] == kept["id"]


def test_a_conversation_ends_with_what_it_was_opened_with(alice: Person, end: Callable[[], None]) -> None:
    talker = alice.call()
    talker.ask("subscribe", all=True, after="latest")
    end()
    told = talker.hear()
    assert (told["type"], told["to"], told["problem"]["code"]) == ("error", None, "bad_token")
    assert talker.closed_with() == 1008


@pytest.mark.parametrize("shown", ["access token", "token for addresses"])
def test_a_token_that_is_over_still_listens_and_commands_no_more(
    alice: Person, enter: Callable[[str], Person], shown: str
) -> None:
    workflow = alice.sandbox.post("/api/workflows", {"nodes": [{"id": "ask", "type": "approval"}]})
    execution = alice.execute(workflow)
    alice.sandbox.clock.advance(60)
    access = alice.sandbox.shown["Authorization"].replace("Bearer ", "access_token=")
    talker = alice.talk(f"/api/ws?{access if shown == 'access token' else alice.address_token()}")
    alice.sandbox.clock.advance(800)
    assert talker.ask("pause", execution_id=execution["id"])["type"] == "ack"
    assert talker.ask("subscribe", all=True, after="latest")["type"] == "ack"
    alice.sandbox.clock.advance(101)
    for command in ("resume", "stop"):
        assert talker.ask(command, execution_id=execution["id"])["problem"]["code"] == "token_expired"
    given = {"execution_id": execution["id"], "node_id": "ask", "answer": {"decision": "approved"}}
    assert talker.ask("answer", **given)["problem"]["code"] == "token_expired"
    again = enter("alice")
    assert again.sandbox.get(f"/api/executions/{execution['id']}")["status"] == "paused"
    saved = again.save(1)
    assert talker.hear()["workflow_id"] == saved["id"]


# Who has not logged in


@pytest.mark.parametrize(
    ("query", "code"),
    [("", "not_authenticated"), ("?access_token=", "not_authenticated"), ("?access_token=x", "bad_token")],
)
def test_without_a_token_there_is_neither_a_stream_nor_a_conversation(alice: Person, query: str, code: str) -> None:
    execution = alice.run(1)
    for thing in (None, execution):
        reader = alice.read(thing, query)
        assert (reader.status, reader.headers["content-type"]) == (401, "application/problem+json")
        assert json.loads(reader.body())["code"] == code
    refused = refusal(alice, f"/api/ws{query}")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"].startswith("Bearer")
    problem = json.loads(refused.body)
    assert (refused.status_code, problem["status"], problem["code"]) == (401, 401, code)


def test_a_token_for_addresses_opens_nothing_after_its_minute(alice: Person) -> None:
    token = alice.address_token()
    reader = alice.read(None, f"?{token}")
    alice.sandbox.clock.advance(60)
    late = alice.read(None, f"?{token}")
    assert (late.status, json.loads(late.body())["code"]) == (401, "token_expired")
    assert json.loads(refusal(alice, f"/api/ws?{token}").body)["code"] == "token_expired"
    # What is open stays open: a browser cannot show another token in the middle of a stream.
    saved = alice.save(1)
    assert reader.next().data["workflow_id"] == saved["id"]


def test_a_token_may_come_in_a_header_as_elsewhere(alice: Person) -> None:
    shown = alice.sandbox.shown  # type: ignore[attr-defined]
    talker = alice.talk(additional_headers=shown)
    talker.ask("subscribe", all=True)
    # Where there are both, the header counts.
    reader = alice.read(None, "?access_token=x", headers=shown)
    alice.save(1)
    assert talker.hear() == reader.next().data


def test_who_shows_nothing_is_told_what_the_default_user_sees_where_logging_in_is_optional() -> None:
    with serve(heartbeat=BEAT, auth="optional") as server, server.sandbox() as sandbox, ExitStack() as stack:
        alice = Person(Client(server, sandbox, "alice"), stack)
        nobody = Stage(sandbox, stack)
        reader, talker = nobody.read(), nobody.talk()
        talker.ask("subscribe", all=True)
        alice.save(1)
        saved = nobody.save(1)
        assert reader.next().data["workflow_id"] == talker.hear()["workflow_id"] == saved["id"]


def refusal(person: Person, path: str) -> Any:
    """The answer to a handshake that is not accepted."""
    with pytest.raises(InvalidStatus) as found, talking(person.sandbox, path, close_timeout=PATIENCE):
        pass
    return found.value.response
