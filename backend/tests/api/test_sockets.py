"""Conversations over a WebSocket: subscriptions, commands, and what is said about both."""

from __future__ import annotations

import gc
import json
import socket
import weakref
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from websockets.exceptions import InvalidStatus

from app.config import Limits
from app.models.event import fold
from app.sandbox import Sandbox
from app.services.streams import Stream, Subscriptions
from app.testing import Refused, SandboxClient, Server, serve
from app.web.sockets import MOST_UNSAID, Conversation
from tests.editor import node
from tests.reading import BEAT, FINAL, PATIENCE, Stage, Talker, talking

Json = Any

SET_BACK = 1012
ORIGIN = "https://editor.example"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    # A client that has much to read is slow to answer a ping, on a machine that has other things to do.
    with serve(heartbeat=PATIENCE) as server:
        yield server


@pytest.fixture
def talker(stage: Stage) -> Talker:
    return stage.talk()


def subject(thing: Json) -> Json:
    """What one subscribes to."""
    if thing is None:
        return {"all": True}
    return {"execution_id" if "workflow_id" in thing else "workflow_id": thing["id"]}


def refused(stage: Stage, path: str = "/api/ws", **options: Any) -> Any:
    """The answer to a handshake that is not accepted; its body is a problem."""
    with pytest.raises(InvalidStatus) as found:
        stage.talk(path, **options)
    answer = found.value.response
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.body)["status"] == answer.status_code
    return answer


def code_of(answer: Any) -> Any:
    return json.loads(answer.body)["code"]


# Subscriptions


@pytest.mark.parametrize("kind", ["execution", "workflow", "all"])
def test_who_subscribes_hears_all_that_happened_and_all_that_happens(stage: Stage, talker: Talker, kind: str) -> None:
    saved = stage.save(1, 1)
    execution = stage.execute(saved)
    thing = {"execution": execution, "workflow": saved, "all": None}[kind]
    begun = stage.events(thing)
    ack = talker.ask("subscribe", **subject(thing), id="one")
    assert ack == {"type": "ack", "to": "subscribe", "id": "one", "after": 0} | subject(thing)
    assert talker.hear_events(len(begun)) == begun
    stage.finish(execution)
    events = stage.events(thing)
    assert talker.hear_events(len(events) - len(begun)) == events[len(begun) :]
    assert talker.is_quiet()


def test_events_are_in_the_same_envelope_as_everywhere_and_fold_to_the_state(stage: Stage, talker: Talker) -> None:
    execution = stage.run(1, 1)
    talker.ask("subscribe", **subject(execution))
    stage.finish(execution)
    told = talker.hear_until(*FINAL)
    assert told == stage.events(execution)
    assert fold(told) == stage.sandbox.get(f"/api/executions/{execution['id']}")


@pytest.mark.parametrize("kind", ["execution", "workflow", "all"])
def test_from_every_place_a_subscriber_gets_exactly_the_rest(stage: Stage, talker: Talker, kind: str) -> None:
    saved = stage.save(1)
    execution = stage.execute(saved)
    stage.finish(execution)
    thing = {"execution": execution, "workflow": saved, "all": None}[kind]
    by = "seq" if kind == "execution" else "cursor"
    events = stage.events(thing)
    for place in range(events[-1][by] + 1):
        assert talker.ask("subscribe", **subject(thing), after=place)["after"] == place
        expected = [event for event in events if event[by] > place]
        assert talker.hear_events(len(expected)) == expected
        talker.ask("unsubscribe", **subject(thing))


def test_latest_is_only_what_comes(stage: Stage, talker: Talker) -> None:
    execution = stage.run(1)
    begun = len(stage.events(execution))
    assert talker.ask("subscribe", **subject(execution), after="latest")["after"] == begun
    events = stage.finish(execution)
    assert talker.hear_events(len(events) - begun) == events[begun:]


def test_a_place_ahead_of_the_log_begins_at_the_start(stage: Stage, talker: Talker) -> None:
    execution = stage.run(1)
    events = stage.finish(execution)
    assert talker.ask("subscribe", **subject(execution), after=999)["after"] == 0
    assert talker.hear_events(len(events)) == events


def test_overlapping_subscriptions_bring_each_event_once_in_the_order_of_the_log(stage: Stage, talker: Talker) -> None:
    saved, other = stage.save(1), stage.save(1)
    executions = [stage.execute(saved), stage.execute(other)]
    things = [executions[0], saved, None, executions[1], other]
    for thing in things:
        talker.say("subscribe", **subject(thing), after="latest")
    assert [talker.hear()["to"] for _ in things] == ["subscribe"] * len(things)
    begun = len(stage.events())
    for execution in executions:
        stage.finish(execution)
    events = stage.events()[begun:]
    assert talker.hear_events(len(events)) == events
    assert talker.is_quiet()


def test_an_earlier_place_brings_what_was_not_asked_for_before(stage: Stage, talker: Talker) -> None:
    saved = stage.save(1)
    execution = stage.execute(saved)
    talker.ask("subscribe", all=True, after="latest")
    talker.ask("subscribe", **subject(saved))
    begun = stage.events(saved)
    assert talker.hear_events(len(begun)) == begun
    events = stage.finish(execution)
    assert talker.hear_events(len(events) + 1 - len(begun)) == events[len(begun) - 1 :]


def test_who_subscribes_again_begins_again(stage: Stage, talker: Talker) -> None:
    execution = stage.run(1)
    begun = stage.events(execution)
    for _ in range(2):
        talker.ask("subscribe", **subject(execution))
        assert talker.hear_events(len(begun)) == begun
    assert talker.is_quiet()


def test_who_leaves_one_hears_the_others(stage: Stage, talker: Talker) -> None:
    one, other = stage.run(1), stage.run(1)
    for execution in (one, other):
        talker.ask("subscribe", **subject(execution), after="latest")
    assert talker.ask("unsubscribe", **subject(one), id=7) == {
        "type": "ack",
        "to": "unsubscribe",
        "id": 7,
        "execution_id": one["id"],
    }
    begun = len(stage.events(other))
    stage.finish(one)
    assert {event["execution_id"] for event in talker.hear_until(*FINAL)} == {other["id"]}
    assert begun < len(stage.events(other))
    assert talker.is_quiet()


def test_to_leave_what_one_never_subscribed_to_changes_nothing(stage: Stage, talker: Talker) -> None:
    assert talker.ask("unsubscribe", all=True)["type"] == "ack"
    assert talker.ask("unsubscribe", execution_id="none")["type"] in ("ack", "error")


def test_what_ended_may_be_subscribed_to_and_brings_its_events(stage: Stage, talker: Talker) -> None:
    execution = stage.run(1)
    events = stage.finish(execution)
    talker.ask("subscribe", **subject(execution), after=len(events))
    assert talker.is_quiet()
    talker.ask("subscribe", **subject(execution), after=len(events) - 1)
    assert talker.hear_events(1) == events[-1:]


@pytest.mark.parametrize("thing", [{"execution_id": "none"}, {"workflow_id": "none"}])
def test_what_is_not_there_cannot_be_subscribed_to(talker: Talker, thing: Json) -> None:
    told = talker.ask("subscribe", **thing, id="x")
    assert (told["type"], told["id"], told["problem"]["status"]) == ("error", "x", 404)
    assert told["problem"]["code"].endswith("_not_found")


def test_a_place_that_the_log_has_forgotten_is_refused_and_nobody_is_lost() -> None:
    with serve(limits=Limits(max_events=10)) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        talker = stage.talk()
        execution = stage.run(*[1] * 5)
        stage.finish(execution)
        told = talker.ask("subscribe", all=True, after=2)
        assert (told["problem"]["status"], told["problem"]["code"]) == (409, "events_forgotten")
        assert talker.is_quiet()
        talker.ask("subscribe", all=True)
        assert talker.hear_events(1)[0]["cursor"] == told["problem"]["oldest"]


def test_a_talker_behind_whom_the_log_forgot_events_is_told_so_and_let_go_and_nobody_else_is() -> None:
    with serve(limits=Limits(max_events=10)) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        execution = stage.run(*[1] * 30)
        late, own = stage.talk(), stage.talk()
        late.ask("subscribe", all=True, after="latest")
        own.ask("subscribe", **subject(execution))
        stage.finish(execution)
        assert own.hear_until(*FINAL) == stage.events(execution)
        assert own.is_quiet()
        told = late.hear()
        assert (told["type"], told["to"], told["problem"]["code"]) == ("error", None, "events_forgotten")
        assert late.closed_with() == SET_BACK


def test_a_workflow_that_is_deleted_says_so_last(stage: Stage, talker: Talker) -> None:
    saved = stage.save(1)
    talker.ask("subscribe", **subject(saved), after="latest")
    stage.sandbox.delete(f"/api/workflows/{saved['id']}")
    (told,) = talker.hear_events(1)
    assert (told["type"], told["data"]["change"]) == ("workflow.changed", "deleted")
    stage.save(1)
    assert talker.is_quiet()


def test_thousands_of_events_of_several_subscriptions_come_once_and_in_the_order_of_the_log(
    stage: Stage, talker: Talker
) -> None:
    nodes = [node(f"n{number}", mock={"output": 1, "duration_ms": number % 7}) for number in range(400)]
    one, other = (stage.sandbox.post("/api/workflows", {"nodes": nodes}) for _ in range(2))
    talker.ask("subscribe", all=True, after="latest")
    executions = [stage.execute(workflow, hold=True) for workflow in (one, other)]
    talker.hear_events(2)
    for thing in (one, *executions):
        talker.ask("subscribe", **subject(thing), after=1 if thing is not one else "latest")
    begun = len(stage.events())
    stage.sandbox.clock.set(pace="instant")
    for execution in executions:
        stage.sandbox.post(f"/api/executions/{execution['id']}/release")
    events = stage.events()[begun:]
    assert len(events) > 1500
    assert talker.hear_events(len(events)) == events
    assert talker.is_quiet()


def test_talkers_hear_the_same_each_at_its_own_place(stage: Stage) -> None:
    execution = stage.run(1)
    talkers = [stage.talk() for _ in range(4)]
    for place, talker in enumerate(talkers):
        talker.ask("subscribe", **subject(execution), after=place)
    events = stage.finish(execution)
    for place, talker in enumerate(talkers):
        assert talker.hear_until(*FINAL) == events[place:]


# Commands


def test_commands_are_acknowledged_with_what_became_of_the_execution(stage: Stage, talker: Talker) -> None:
    execution = stage.run(1, hold=True)
    about = {"execution_id": execution["id"]}
    for command, status in (("release", "running"), ("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        ack = talker.ask(command, **about, id=command)
        assert (
            ack
            == {
                "type": "ack",
                "to": command,
                "id": command,
                "status": status,
                "workflow_id": execution["workflow_id"],
                "last_seq": len(stage.events(execution)),
            }
            | about
        )


def test_the_events_that_a_command_brings_about_come_before_its_acknowledgement(stage: Stage, talker: Talker) -> None:
    execution = stage.run(1)
    talker.ask("subscribe", **subject(execution), after="latest")
    for command in ("pause", "resume") * 20:
        talker.say(command, execution_id=execution["id"])
        told = talker.hear_until("ack")
        assert [message["type"] for message in told] == [f"execution.{command}d", "ack"]
        assert told[0]["seq"] == told[1]["last_seq"]


def test_commands_can_be_given_to_the_latest_execution_of_a_workflow(stage: Stage, talker: Talker) -> None:
    saved = stage.save(1)
    execution = stage.execute(saved)
    ack = talker.ask("stop", workflow_id=saved["id"])
    assert (ack["execution_id"], ack["status"]) == (execution["id"], "stopped")


def test_a_command_that_already_holds_changes_nothing(stage: Stage, talker: Talker) -> None:
    execution = stage.run(1)
    acks = [talker.ask("pause", execution_id=execution["id"]) for _ in range(2)]
    assert acks[0] == acks[1]


@pytest.mark.parametrize("command", ["release", "pause", "resume", "stop", "answer"])
def test_a_wrong_command_gives_the_same_problem_as_http(stage: Stage, talker: Talker, command: str) -> None:
    execution = stage.run(1)
    if command == "stop":
        stage.finish(execution)
    path = f"/api/executions/{execution['id']}"
    try:
        stage.sandbox.post(f"{path}/nodes/n0/answer" if command == "answer" else f"{path}/{command}")
        expected = None
    except Refused as refusal:
        expected = refusal.problem
    more = {"node_id": "n0"} if command == "answer" else {}
    told = talker.ask(command, execution_id=execution["id"], **more)
    assert told.get("problem") == expected
    if command in ("answer", "stop", "release"):
        assert expected is None or {"status", "allowed"} <= expected.keys()


def test_a_workflow_that_never_ran_has_nothing_to_command(stage: Stage, talker: Talker) -> None:
    saved = stage.save(1)
    problem = talker.ask("pause", workflow_id=saved["id"])["problem"]
    with pytest.raises(Refused) as refusal:
        stage.sandbox.post(f"/api/workflows/{saved['id']}/pause")
    assert problem == refusal.value.problem


@pytest.mark.parametrize("about", [{"execution_id": "none"}, {"workflow_id": "none"}])
def test_what_is_not_there_obeys_no_command(talker: Talker, about: Json) -> None:
    assert talker.ask("stop", **about)["problem"]["status"] == 404


def test_a_node_that_waits_is_answered(stage: Stage, talker: Talker) -> None:
    execution = stage.execute(stage.sandbox.post("/api/workflows", {"nodes": [node("ask", "approval")]}))
    stage.sandbox.clock.advance(60)
    about = {"execution_id": execution["id"], "node_id": "ask"}
    wrong = talker.ask("answer", **about, answer={"decision": "perhaps", "x": 1})
    with pytest.raises(Refused) as refusal:
        stage.sandbox.post(f"/api/executions/{execution['id']}/nodes/ask/answer", {"decision": "perhaps", "x": 1})
    assert wrong["problem"] == refusal.value.problem
    ack = talker.ask("answer", **about, answer={"decision": "approved"})
    assert (ack["type"], ack["execution_id"]) == ("ack", execution["id"])
    stage.sandbox.clock.advance(60)
    assert stage.sandbox.get(f"/api/executions/{execution['id']}")["status"] == "completed"
    assert talker.ask("answer", **about, answer={"decision": "approved"})["problem"]["status"] == 409


def test_a_command_is_kept_in_the_data_file_before_it_is_acknowledged(tmp_path: Path) -> None:
    import shutil
    import threading
    from dataclasses import replace

    from app import create_app
    from app.config import Settings
    from app.server import Server as HttpServer
    from app.server import listen
    from app.services.keeping import Keeper
    from app.web.current import EXTENSION

    def run_server(settings: Settings, act: Any) -> None:
        app = create_app(settings)
        keeper = Keeper(app.extensions[EXTENSION], settings.data)
        http = HttpServer(app, listen("127.0.0.1", 0))
        thread = threading.Thread(target=http.serve)
        thread.start()
        try:
            with ExitStack() as stack:
                stage = Stage(SandboxClient(f"http://127.0.0.1:{http.port}", "default"), stack)
                stage.sandbox.url = f"http://127.0.0.1:{http.port}"
                act(stage)
        finally:
            http.stop()
            thread.join()
            keeper.close()
            app.extensions[EXTENSION].close()

    data, copy = tmp_path / "data", tmp_path / "copy"
    data.mkdir()
    settings = Settings(pace="stopped", scenario="empty", heartbeat=BEAT, data=str(data / "kept"))
    found: list[list[Json]] = []

    def pause(stage: Stage) -> None:
        execution = stage.run(1)
        stage.talk().ask("pause", execution_id=execution["id"])
        shutil.copytree(data, copy)  # As if the server had been killed at this moment.
        found.append(stage.events(execution))

    def look(stage: Stage) -> None:
        execution = {"id": found[0][0]["execution_id"], "workflow_id": ""}
        assert stage.events(execution) == found[0]
        assert found[0][-1]["type"] == "execution.paused"

    run_server(settings, pause)
    run_server(replace(settings, data=str(copy / "kept")), look)


# Messages that are none


@pytest.mark.parametrize("kind", ["", "nonsense", "event", "ack", 1, None, True, [], {"a": 1}])
def test_an_unknown_type_is_told_with_those_that_there_are(talker: Talker, kind: Json) -> None:
    talker.connection.send(json.dumps({"type": kind, "id": "x"}))
    told = talker.hear()
    assert (told["type"], told["to"], told["id"]) == ("error", None, "x")
    assert told["problem"]["status"] == 422
    assert "subscribe" in told["problem"]["detail"]
    assert talker.is_quiet()


@pytest.mark.parametrize(
    "text",
    ["", "{", "nonsense", "NaN", '{"type": "ping"', '{"a": 1}{"a": 2}', "[" * 100_000, '{"type": NaN}', '"\\ud8"'],
)
def test_what_is_no_json_is_told_and_the_conversation_goes_on(talker: Talker, text: str) -> None:
    talker.connection.send(text)
    told = talker.hear()
    assert (told["type"], told["to"], told["id"], told["problem"]["status"]) == ("error", None, None, 400)
    assert talker.is_quiet()


@pytest.mark.parametrize("text", ["[]", "1", "null", '"ping"', "{}", '{"id": {"a": 1}}', '{"id": [1], "type": "no"}'])
def test_what_is_no_message_is_told_and_the_conversation_goes_on(talker: Talker, text: str) -> None:
    talker.connection.send(text)
    told = talker.hear()
    assert (told["type"], told["to"], told["id"], told["problem"]["status"]) == ("error", None, None, 422)
    assert talker.is_quiet()


@pytest.mark.parametrize("content", [b'{"type": "ping"}', b"\xff\xfe", b""])
def test_a_binary_message_is_refused_and_the_conversation_goes_on(talker: Talker, content: bytes) -> None:
    talker.connection.send(content)
    assert talker.hear()["problem"]["status"] == 400
    assert talker.is_quiet()


@pytest.mark.parametrize(
    "message",
    [
        {"type": "subscribe"},
        {"type": "subscribe", "all": False},
        {"type": "subscribe", "all": True, "execution_id": "x"},
        {"type": "subscribe", "execution_id": 1},
        {"type": "subscribe", "execution_id": ""},
        {"type": "subscribe", "execution_id": "x" * 2000},
        {"type": "subscribe", "all": True, "after": -1},
        {"type": "subscribe", "all": True, "after": 1.5},
        {"type": "subscribe", "all": True, "after": True},
        {"type": "subscribe", "all": True, "after": "soon"},
        {"type": "subscribe", "all": True, "afther": 1},
        {"type": "unsubscribe"},
        {"type": "pause"},
        {"type": "pause", "all": True},
        {"type": "answer", "execution_id": "x"},
        {"type": "answer", "workflow_id": "x", "node_id": "y"},
        {"type": "ping", "id": {}},
        {"type": "ping", "id": True},
        {"type": "ping", "extra": 1},
    ],
    ids=str,
)
def test_a_slip_of_the_pen_is_told_and_nothing_is_done(stage: Stage, talker: Talker, message: Json) -> None:
    talker.connection.send(json.dumps(message))
    told = talker.hear()
    assert (told["type"], told["to"]) == ("error", message["type"])
    assert (told["problem"]["status"], told["problem"]["code"]) == (422, "bad_message")
    assert told["problem"]["errors"]
    stage.save(1)
    assert talker.is_quiet()


@pytest.mark.parametrize(("after", "place"), [(None, 0), ("2", 2), (2, 2), ("latest", 3)])
def test_a_place_may_be_said_as_a_browser_has_it(talker: Talker, stage: Stage, after: Json, place: int) -> None:
    execution = stage.run(1)
    assert talker.ask("subscribe", execution_id=execution["id"], after=after)["after"] == place


def test_of_an_event_with_both_ids_the_execution_is_meant(talker: Talker, stage: Stage) -> None:
    event = stage.events(stage.run(1))[0]
    ids = {name: event[name] for name in ("execution_id", "workflow_id")}
    assert "workflow_id" not in talker.ask("subscribe", **ids, after="latest")
    talker.say("stop", **ids)
    assert talker.hear_until("ack")[-1]["execution_id"] == event["execution_id"]


def test_who_names_nothing_is_told_what_to_name(talker: Talker) -> None:
    problem = talker.ask("subscribe")["problem"]
    assert problem["detail"] == "Name one of execution_id, workflow_id, all."


def test_a_long_story_comes_before_the_acknowledgement_of_what_made_it(talker: Talker, stage: Stage) -> None:
    nodes = [node(f"n{number}") for number in range(250)]
    workflow = stage.sandbox.post("/api/workflows", {"nodes": nodes})
    execution = stage.execute(workflow, hold=True)
    talker.ask("subscribe", execution_id=execution["id"])
    talker.say("release", execution_id=execution["id"])
    *events, acknowledgement = talker.hear_until("ack")
    assert acknowledgement["last_seq"] == events[-1]["seq"] > 250


@pytest.mark.parametrize("after", [2**53, 2**63, 2**64, 10**30])
def test_a_place_however_large_is_ahead_of_the_log(talker: Talker, stage: Stage, after: int) -> None:
    told = talker.ask("subscribe", all=True, after=after)
    assert told["type"] in ("ack", "error")
    assert talker.is_quiet()


@pytest.mark.parametrize("given", ["a", "", 0, 1, -1.5, None, "ü" * 100, 2**53])
def test_an_answer_repeats_the_id_as_it_was(talker: Talker, given: Json) -> None:
    assert talker.ask("ping", id=given) == {"type": "pong", "to": "ping", "id": given}


@pytest.mark.parametrize("given", [2**64, 10**40])
def test_a_number_that_is_too_long_for_an_id_does_no_harm(talker: Talker, given: int) -> None:
    talker.say("ping", id=given)
    assert talker.hear()["type"] in ("pong", "error")
    assert talker.is_quiet()


def test_a_message_without_an_id_is_answered_without_one(talker: Talker) -> None:
    assert talker.ask("ping") == {"type": "pong", "to": "ping", "id": None}


def test_messages_are_answered_in_their_order(talker: Talker) -> None:
    for number in range(100):
        talker.say("ping", id=number)
    assert [talker.hear()["id"] for _ in range(100)] == list(range(100))


def test_a_message_that_is_too_long_ends_the_conversation_and_no_other() -> None:
    with serve(limits=Limits(max_body_bytes=10_000)) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        talker, other = stage.talk(), stage.talk()
        talker.connection.send(json.dumps({"type": "ping", "id": "x" * 20_000}))
        assert talker.closed_with() == 1009
        assert other.is_quiet()
        stage.until_streams(1)


# The handshake


def test_a_plain_request_is_told_to_upgrade(stage: Stage) -> None:
    reader = stage.read("/api/ws", accept="*/*")
    assert (reader.status, reader.headers["upgrade"]) == (426, "websocket")
    assert json.loads(reader.body())["code"] == "upgrade_required"


@pytest.mark.parametrize("way", ["path", "header", "query", "cookie"])
def test_a_sandbox_is_chosen_as_elsewhere(server: Server, stage: Stage, way: str) -> None:
    name = stage.sandbox.name
    elsewhere = SandboxClient(server.url, "elsewhere")
    if way != "path":
        elsewhere.url = server.url
    else:
        elsewhere = stage.sandbox
    headers = {"header": {"X-Sandbox": name}, "cookie": {"Cookie": f"sandbox={name}"}}.get(way, {})
    path = "/api/ws" + (f"?sandbox={name}" if way == "query" else "")
    with talking(elsewhere, path, additional_headers=headers) as talker:
        talker.ask("subscribe", all=True)
        saved = stage.save(1)
        assert talker.hear()["workflow_id"] == saved["id"]


def test_a_page_of_another_origin_cannot_choose_by_cookie(server: Server, stage: Stage) -> None:
    execution = stage.run(1)
    client = SandboxClient(server.url, "default")
    client.url = server.url
    headers = {"Cookie": f"sandbox={stage.sandbox.name}"}
    with talking(client, origin=ORIGIN, additional_headers=headers) as talker:
        assert talker.ask("subscribe", **subject(execution))["problem"]["status"] == 404


def test_a_name_that_no_sandbox_can_have_is_refused(server: Server, stage: Stage) -> None:
    stage.sandbox = SandboxClient(server.url, "default")
    stage.sandbox.url = server.url
    answer = refused(stage, additional_headers={"X-Sandbox": "!"})
    assert (answer.status_code, code_of(answer)) == (400, "bad_sandbox_name")


def test_a_rule_about_requests_refuses_a_handshake(stage: Stage) -> None:
    stage.sandbox.faults.add(id="down", match={"path": "/api/ws"}, status=503, times=1)
    answer = refused(stage)
    assert (answer.status_code, answer.headers["x-understudy-rule"]) == (503, "down")
    assert stage.talk().is_quiet()


@pytest.mark.parametrize("how", ["reset", "empty", "truncate"])
def test_a_rule_about_connections_breaks_a_handshake(stage: Stage, how: str) -> None:
    stage.sandbox.faults.add(match={"path": "/api/ws"}, connection=how, times=1)
    with pytest.raises(Exception) as found:
        stage.talk()
    assert not isinstance(found.value, AssertionError | TimeoutError)
    stage.until_streams(0)
    assert stage.talk().is_quiet()


def test_origins_that_are_not_named_are_refused() -> None:
    with serve(cors_origins=f"{ORIGIN}, http://other.example") as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        answer = refused(stage, origin="https://evil.example")
        assert (answer.status_code, code_of(answer)) == (403, "foreign_origin")
        assert refused(stage, origin="null").status_code == 403
        assert stage.talk(origin=ORIGIN).is_quiet()
        assert stage.talk(origin="http://other.example").is_quiet()
        assert stage.talk().is_quiet()  # No browser.
        assert stage.talk(origin=server.url).is_quiet()


def test_unless_origins_are_named_every_page_may_talk(stage: Stage) -> None:
    assert stage.talk(origin=ORIGIN).is_quiet()


def test_a_conversation_counts_as_a_stream() -> None:
    with serve(limits=Limits(max_streams=1)) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        talker = stage.talk()
        assert talker.is_quiet()
        answer = refused(stage)
        assert (answer.status_code, code_of(answer)) == (429, "too_many_streams")
        talker.connection.close()
        stage.until_streams(0)
        assert stage.talk().is_quiet()


def test_a_handshake_is_in_the_request_log(stage: Stage) -> None:
    stage.talk()
    (entry,) = stage.sandbox.requests(path="/api/ws")
    assert (entry["method"], entry["status"]) == ("GET", 101)


@pytest.mark.parametrize("path", ["/api/workflows", "/api/nothing", "/", "/_control", "/api/events"])
def test_other_urls_speak_no_websocket(stage: Stage, path: str) -> None:
    with pytest.raises(InvalidStatus) as found:
        stage.talk(path)
    assert found.value.response.status_code < 500
    stage.until_streams(0)


# The end of it


@pytest.mark.parametrize("how", ["reset", "restore", "delete"])
def test_a_log_that_is_set_back_is_told_and_the_client_may_come_again(stage: Stage, how: str) -> None:
    stage.sandbox.snapshots.take("then")
    execution = stage.run(1)
    talkers = [stage.talk() for _ in range(3)]
    talkers[0].ask("subscribe", all=True, after="latest")
    talkers[1].ask("subscribe", **subject(execution), after="latest")
    if how == "reset":
        stage.sandbox.reset()
    elif how == "restore":
        stage.sandbox.snapshots.restore("then")
    else:
        stage.sandbox.delete()
    for talker in talkers:
        told = talker.hear()
        assert told["type"] == "log.reset"
        assert talker.closed_with() == SET_BACK
    assert stage.talk().is_quiet()


def test_a_client_that_closes_is_gone_at_once(stage: Stage) -> None:
    talker = stage.talk()
    assert talker.is_quiet()
    assert stage.streams() == 1
    talker.connection.close()
    stage.until_streams(0)


def test_a_client_that_vanishes_without_a_goodbye_is_gone(stage: Stage) -> None:
    talker = stage.talk()
    assert talker.is_quiet()
    talker.connection.socket.shutdown(socket.SHUT_RDWR)
    stage.until_streams(0)


def test_a_client_that_answers_no_ping_is_gone_after_the_heartbeat() -> None:
    with serve(heartbeat=BEAT) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        with closing(bare_conversation(stage)):
            stage.until_streams(0)


def bare_conversation(stage: Stage) -> socket.socket:
    """A client that says nothing by itself, and takes in little."""
    parts = urlsplit(stage.sandbox.url)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(PATIENCE)
    line.connect((parts.hostname, parts.port))
    lines = [
        f"GET {parts.path}/api/ws HTTP/1.1",
        f"Host: {parts.netloc}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "\r\n",
    ]
    line.sendall("\r\n".join(lines).encode())
    assert line.recv(12) == b"HTTP/1.1 101"
    return line


def test_a_client_that_reads_nothing_is_hung_up_on_and_others_go_on() -> None:
    with serve(heartbeat=1) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        nodes = [node(f"n{number}", mock={"output": "x" * 100_000, "duration_ms": 1}) for number in range(100)]
        execution = stage.execute(stage.sandbox.post("/api/workflows", {"nodes": nodes}))
        slow = stack.enter_context(closing(bare_conversation(stage)))
        content = b'{"type": "subscribe", "all": true}'
        slow.sendall(bytes([0x81, 0x80 | len(content), 0, 0, 0, 0]) + content)
        talker = stage.talk(max_queue=None, max_size=None)
        talker.ask("subscribe", **subject(execution))
        stage.sandbox.clock.advance(60)
        assert talker.hear_until(*FINAL) == stage.events(execution)
        stage.until_streams(1)
        assert talker.is_quiet()


def test_the_end_of_a_server_closes_a_conversation_properly() -> None:
    with ExitStack() as stack:
        with serve(heartbeat=60) as server:
            stage = Stage(server.sandbox(), stack)
            execution = stage.run(1)
            talker = stage.talk()
            talker.ask("subscribe", **subject(execution))
            begun = stage.events(execution)
            assert talker.hear_events(len(begun)) == begun
        assert talker.closed_with() in (1001, SET_BACK)


def test_at_pace_instant_a_subscriber_hears_everything(stage: Stage, talker: Talker) -> None:
    stage.sandbox.clock.set(pace="instant")
    talker.ask("subscribe", all=True)
    stage.run(1, 1)
    assert talker.hear_until(*FINAL) == stage.events()


# What is published


def test_the_schema_is_a_schema_and_knows_every_message(stage: Stage) -> None:
    schema = stage.sandbox.get("/api/ws/schema")
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for message in ({"type": "ping"}, {"type": "subscribe", "all": True}, {"type": "pong", "to": "ping", "id": None}):
        assert validator.is_valid(message)
    assert not validator.is_valid({"type": "nonsense"})


def test_file_addresses_in_events_keep_the_way(stage: Stage, talker: Talker) -> None:
    from tests.api.test_streams import file_addresses, upload

    picture = upload(stage.sandbox)
    saved = stage.save(1)
    execution = stage.sandbox.post(
        f"/api/workflows/{saved['id']}/nodes/n0/process-files", {"file_ids": [picture["id"]]}
    )
    talker.ask("subscribe", **subject(execution))
    stage.sandbox.clock.advance(3600)
    found = file_addresses(talker.hear_until(*FINAL))
    assert found
    assert all(one.startswith(f"/s/{stage.sandbox.name}/api/files/") for one in found)


def test_a_handshake_that_cannot_be_read_is_answered(stage: Stage) -> None:
    with pytest.raises(InvalidStatus) as refused:
        stage.talk(additional_headers={"X-Long": "x" * 10_000})
    assert refused.value.response.status_code == 431


def test_a_conversation_that_is_over_is_forgotten_without_a_search_for_garbage(app: Flask, sandbox: Sandbox) -> None:
    def converse_once() -> weakref.ref[Conversation]:
        with app.test_request_context("/api/ws"), sandbox.view():
            subscriptions = Subscriptions()
            stream = Stream(sandbox, subscriptions)
            conversation = Conversation(stream, subscriptions, lambda: None)
        conversation.handle('{"type": "subscribe", "all": true}')
        conversation.handle('{"type": "ping"}')
        with sandbox.view():
            assert len(conversation.take()) == 2
        stream.close()
        return weakref.ref(conversation)

    gc.disable()
    try:
        assert converse_once()() is None
    finally:
        gc.enable()


def test_a_client_that_talks_on_without_listening_is_hung_up_on(app: Flask, sandbox: Sandbox) -> None:
    with app.test_request_context("/api/ws"), sandbox.view():
        subscriptions = Subscriptions()
        conversation = Conversation(Stream(sandbox, subscriptions), subscriptions, lambda: None)
    for _ in range(2 * MOST_UNSAID):
        conversation.handle('{"type": "ping"}')
    with sandbox.view():
        steps = conversation.take()
    assert len(steps) == MOST_UNSAID + 2
    assert steps[-1].then == "drop"
