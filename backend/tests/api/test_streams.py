"""Events as they happen: server-sent events of an execution, of a workflow and of the sandbox, over real sockets."""

from __future__ import annotations

import json
import socket
import struct
import time
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from app.config import Limits
from app.models.broken_stream import Step
from app.models.event import fold
from app.sandbox import Sandbox
from app.testing import Refused, SandboxClient, Server, serve
from app.web.writer import EVENT_STREAM, PIECE
from tests.editor import node
from tests.reading import BEAT, PATIENCE, Dropped, Reader, Stage, data, events_of

Json = Any

RETRY = "retry: 1000\nid: 0"
ORIGIN = "https://editor.example"


def problem(reader: Reader) -> Json:
    """Why there is no stream."""
    assert reader.headers["content-type"] == "application/problem+json"
    told = json.loads(reader.body())
    assert told["status"] == reader.status
    return told


# What a stream is


def test_a_stream_gives_every_event_as_it_happens_and_ends_behind_the_final_one(stage: Stage) -> None:
    execution = stage.run(1, 2)
    reader = stage.read(execution)
    begun = reader.until("node.started")
    stage.sandbox.clock.advance(1)
    then = reader.until("node.started")
    stage.sandbox.clock.advance(2)
    told = begun + then + reader.rest()
    assert data(told) == stage.events(execution)
    assert told[-1].name == "execution.completed"
    assert stage.streams() == 0


def test_a_message_has_the_seq_as_id_and_the_type_as_name(stage: Stage) -> None:
    execution = stage.run(1)
    stage.finish(execution)
    for message in stage.read(execution).rest():
        assert (message.id, message.name) == (str(message.data["seq"]), message.data["type"])


def test_streams_of_a_workflow_and_of_the_sandbox_have_the_cursor_as_id(stage: Stage) -> None:
    saved = stage.save(1)
    stage.finish(stage.execute(saved))
    for thing in (saved, None):
        events = stage.events(thing)
        told = stage.read(thing).take(len(events))
        assert data(told) == events
        assert [message.id for message in told] == [str(event["cursor"]) for event in events]


def test_unnamed_events_are_for_onmessage(stage: Stage) -> None:
    execution = stage.run(1)
    stage.finish(execution)
    told = stage.read(execution, "?unnamed=1").rest()
    assert {message.name for message in told} == {"message"}
    assert data(told) == stage.events(execution)


def test_events_in_a_stream_are_those_of_the_json_twin_and_fold_to_the_state(stage: Stage) -> None:
    execution = stage.run(1, 1, 1)
    reader = stage.read(execution)
    stage.sandbox.clock.advance(2)
    told = data(reader.take(len(stage.events(execution))))
    assert told == stage.events(execution)
    state = stage.sandbox.get(f"/api/executions/{execution['id']}")
    assert fold(told) == state


def test_the_head_is_that_of_a_stream_which_nobody_keeps_or_holds_back(stage: Stage) -> None:
    reader = stage.read()
    assert reader.status == 200
    assert reader.headers["content-type"].startswith("text/event-stream")
    assert "no-cache" in reader.headers["cache-control"]
    assert "no-transform" in reader.headers["cache-control"]
    assert reader.headers["x-accel-buffering"] == "no"
    assert "content-length" not in reader.headers
    assert reader.block() == RETRY


def test_a_page_of_another_origin_may_read_a_stream(stage: Stage) -> None:
    reader = stage.read(headers={"Origin": ORIGIN})
    assert reader.headers["access-control-allow-origin"] == "*"
    assert "X-Understudy-Rule" in reader.headers["access-control-expose-headers"]
    assert "X-Sandbox" in reader.headers["vary"]


def test_a_quiet_stream_shows_that_it_lives_and_nothing_happens_at_a_stopped_clock(stage: Stage) -> None:
    execution = stage.run(1)
    reader = stage.read(execution)
    assert reader.block() == RETRY
    begun = stage.events(execution)
    assert data(reader.take(len(begun))) == begun
    for _ in range(3):
        reader.beat()
    assert stage.events(execution) == begun


def test_streams_do_not_make_time_jump_at_pace_auto(stage: Stage) -> None:
    stage.sandbox.clock.set(pace="auto")
    execution = stage.run(1)
    reader = stage.read(execution)
    reader.until("node.started")
    reader.beat()
    reader.beat()
    assert stage.sandbox.get(f"/api/executions/{execution['id']}")["status"] == "running"


def test_events_come_by_themselves_at_a_clock_that_runs(stage: Stage) -> None:
    stage.sandbox.clock.set(pace="fast", rate=20)
    execution = stage.run(1, 1)
    assert stage.read(execution).rest()[-1].name == "execution.completed"


# From the start, and again from any place


def test_whoever_subscribes_to_an_execution_that_is_held_misses_nothing(stage: Stage) -> None:
    execution = stage.run(1, hold=True)
    reader = stage.read(execution)
    assert reader.next().name == "execution.created"
    reader.beat()
    stage.sandbox.post(f"/api/executions/{execution['id']}/release")
    assert reader.next().name == "execution.started"
    events = stage.finish(execution)
    assert data(reader.rest()) == events[2:]


@pytest.mark.parametrize("how", ["Last-Event-ID", "after"])
def test_from_every_place_a_reader_gets_exactly_the_rest(stage: Stage, how: str) -> None:
    execution = stage.run(1, 1)
    events = stage.finish(execution)
    for place in range(len(events)):
        query = f"?after={place}" if how == "after" else ""
        reader = stage.read(execution, query, headers={} if query else {how: str(place)})
        assert data(reader.rest()) == events[place:]
        reader.close()


@pytest.mark.parametrize("kind", ["workflow", "sandbox"])
def test_from_every_cursor_a_reader_gets_exactly_the_rest(stage: Stage, kind: str) -> None:
    saved, other = stage.save(1), stage.save(1)
    for workflow in (saved, other):
        stage.finish(stage.execute(workflow))
    thing = saved if kind == "workflow" else None
    events = stage.events(thing)
    for place in range(events[-1]["cursor"]):
        expected = [event for event in events if event["cursor"] > place]
        reader = stage.read(thing, headers={"Last-Event-ID": str(place)})
        assert data(reader.take(len(expected))) == expected
        reader.close()


def test_a_reader_that_comes_again_while_time_jumps_has_every_event_once(stage: Stage) -> None:
    execution = stage.run(*[1] * 6)
    told: list[Json] = []
    for _ in range(30):
        reader = stage.read(execution, headers={"Last-Event-ID": str(len(told))})
        if reader.status == 204:
            break
        stage.sandbox.clock.advance(0.7)
        told += data(reader.take(1))
        reader.close()
    told += data(stage.read(execution, f"?after={len(told)}").rest()) if reader.status != 204 else []
    assert told == stage.events(execution)


def test_last_event_id_comes_before_after(stage: Stage) -> None:
    execution = stage.run(1)
    events = stage.finish(execution)
    told = stage.read(execution, "?after=1", headers={"Last-Event-ID": "4"}).rest()
    assert data(told) == events[4:]


def test_latest_is_only_what_comes(stage: Stage) -> None:
    execution = stage.run(1, 1)
    readers = [stage.read(thing, "?after=latest") for thing in (execution, None)]
    begun = len(stage.events(execution))
    events = stage.finish(execution)
    assert data(readers[0].rest()) == events[begun:]
    assert data(readers[1].until("execution.completed")) == events[begun:]


def test_a_reader_that_is_lost_before_the_first_event_knows_where_it_was(stage: Stage) -> None:
    execution = stage.run(1)
    reader = stage.read(None, "?after=latest")
    _, _, place = reader.block().partition("id: ")
    reader.close()
    begun = len(stage.events(execution))
    events = stage.finish(execution)
    again = stage.read(None, "?after=latest", headers={"Last-Event-ID": place})
    assert data(again.until("execution.completed")) == events[begun:]


def test_a_place_ahead_of_the_log_begins_at_the_start(stage: Stage) -> None:
    execution = stage.run(1)
    events = stage.finish(execution)
    assert data(stage.read(execution, "?after=999").rest()) == events
    assert data(stage.read(None, headers={"Last-Event-ID": "999"}).until("execution.completed"))[1:] == events


def test_nothing_is_left_behind_the_final_event_so_a_browser_is_told_not_to_come_again(stage: Stage) -> None:
    execution = stage.run(1)
    end = len(stage.finish(execution))
    for options in ({"query": f"?after={end}"}, {"query": "?after=latest"}, {"headers": {"Last-Event-ID": str(end)}}):
        reader = stage.read(execution, **options)
        assert reader.status == 204
        assert "content-type" not in reader.headers
        assert reader.headers["access-control-allow-origin"] == "*"
    assert stage.streams() == 0


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "1 2", "+1", "1" * 20, "1" * 5000, "\xb2"])
def test_a_last_event_id_that_is_none_of_ours_is_refused(stage: Stage, last: str) -> None:
    reader = stage.read(stage.run(1), headers={"Last-Event-ID": last})
    assert reader.status == 400
    assert problem(reader)["code"] == "bad_last_event_id"


def test_an_empty_last_event_id_is_none(stage: Stage) -> None:
    execution = stage.run(1)
    events = stage.finish(execution)
    assert data(stage.read(execution, "?after=2", headers={"Last-Event-ID": ""}).rest()) == events[2:]


# Whatever an execution does


@pytest.mark.parametrize("command", ["stop", "pause"])
def test_commands_show_in_the_stream(stage: Stage, command: str) -> None:
    execution = stage.run(1)
    reader = stage.read(execution)
    reader.until("node.started")
    path = f"/api/executions/{execution['id']}"
    stage.sandbox.post(f"{path}/{command}")
    if command == "pause":
        assert reader.until("execution.paused")[-1].name == "execution.paused"
        stage.sandbox.clock.advance(100)
        reader.beat()
        stage.sandbox.post(f"{path}/resume")
        assert reader.until("execution.resumed")[-1].name == "execution.resumed"
        stage.sandbox.clock.advance(1)
        assert reader.rest()[-1].name == "execution.completed"
    else:
        assert reader.rest()[-1].name == "execution.stopped"


def test_an_execution_that_waits_keeps_its_stream_until_somebody_answers(stage: Stage) -> None:
    execution = stage.execute(stage.sandbox.post("/api/workflows", {"nodes": [node("ask", "approval")]}))
    reader = stage.read(execution)
    stage.sandbox.clock.advance(60)
    assert reader.until("execution.waiting")[-1].name == "execution.waiting"
    reader.beat()
    stage.sandbox.post(f"/api/executions/{execution['id']}/nodes/ask/answer", {"decision": "approved"})
    stage.sandbox.clock.advance(60)
    assert reader.rest()[-1].name == "execution.completed"


def test_an_execution_that_fails_ends_its_stream(stage: Stage) -> None:
    saved = stage.sandbox.post("/api/workflows", {"nodes": [node("a", mock={"error": "No."})]})
    execution = stage.execute(saved)
    reader = stage.read(execution)
    stage.sandbox.clock.advance(60)
    assert reader.rest()[-1].name == "execution.failed"


def test_an_execution_that_was_ended_and_deleted_ends_its_stream(stage: Stage) -> None:
    execution = stage.run(1)
    reader = stage.read(execution)
    reader.until("node.started")
    stage.sandbox.post(f"/api/executions/{execution['id']}/stop")
    stage.sandbox.delete(f"/api/executions/{execution['id']}")
    assert all(message.name != "log.reset" for message in reader.rest())


def test_two_readers_get_the_same_each_at_its_own_place(stage: Stage) -> None:
    execution = stage.run(1, 1)
    early, late = stage.read(execution), stage.read(execution, "?after=2&unnamed=1")
    stage.sandbox.clock.advance(1)
    early.until("node.completed")
    early.close()
    events = stage.finish(execution)
    assert data(late.rest()) == events[2:]


def test_the_stream_of_a_workflow_goes_on_from_one_execution_to_the_next(stage: Stage) -> None:
    saved, other = stage.save(1), stage.save(1)
    reader = stage.read(saved)
    for workflow in (saved, other, saved):
        stage.finish(stage.execute(workflow))
    stage.sandbox.patch(f"/api/workflows/{saved['id']}", {"name": "Otherwise"})
    events = stage.events(saved)
    assert data(reader.take(len(events))) == events
    assert {event["workflow_id"] for event in events} == {saved["id"]}
    assert events[-1]["type"] == "workflow.changed"
    reader.beat()


def test_a_workflow_that_is_deleted_ends_its_stream(stage: Stage) -> None:
    saved = stage.save(1)
    execution = stage.execute(saved)
    reader, own = stage.read(saved), stage.read(execution)
    reader.until("node.started")
    stage.sandbox.post(f"/api/executions/{execution['id']}/stop")
    stage.sandbox.delete(f"/api/workflows/{saved['id']}")
    last = reader.rest()[-1]
    assert (last.name, last.data["data"]["change"]) == ("workflow.changed", "deleted")
    assert own.rest()[-1].name != "log.reset"
    again = stage.read(saved, headers={"Last-Event-ID": last.id})
    assert again.status == 404


def test_who_was_away_when_a_workflow_was_deleted_is_told_so_and_only_then_that_it_is_gone(stage: Stage) -> None:
    saved = stage.save(1)
    stage.execute(saved)
    reader = stage.read(saved)
    known = reader.take(2)[-1].id
    reader.close()
    stage.sandbox.post(f"/api/workflows/{saved['id']}/stop")
    stage.sandbox.delete(f"/api/workflows/{saved['id']}")
    every = [event for event in stage.events() if event["workflow_id"] == saved["id"]]
    rest = stage.read(saved, headers={"Last-Event-ID": known}).rest()
    assert data(rest) == every[2:]
    assert rest[-1].data["data"]["change"] == "deleted"
    assert stage.sandbox.get(f"{events_of(saved)}?after={known}")["items"] == every[2:]
    for last in (rest[-1].id, "0"):
        assert stage.read(saved, headers={"Last-Event-ID": last}).status == 404


def test_a_log_of_thousands_of_events_comes_whole_and_in_order(stage: Stage) -> None:
    nodes = [node(f"n{number}", mock={"output": 1, "duration_ms": 1}) for number in range(900)]
    execution = stage.execute(stage.sandbox.post("/api/workflows", {"nodes": nodes}))
    events = stage.finish(execution)
    assert len(events) > 1000
    assert data(stage.read(execution).rest()) == events
    assert data(stage.read().take(len(events) + 1))[1:] == events


# Before the first byte


@pytest.mark.parametrize("path", ["/api/executions/none/events", "/api/workflows/none/events"])
def test_what_is_not_there_has_no_stream(stage: Stage, path: str) -> None:
    reader = stage.read(path)
    assert reader.status == 404
    assert problem(reader)["code"].endswith("_not_found")
    assert reader.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "", "9" * 5000, "latest2"])
def test_a_place_that_is_none_is_refused(stage: Stage, after: str) -> None:
    reader = stage.read(None, f"?after={after}")
    assert reader.status in (400, 422)
    assert "after" in json.dumps(problem(reader))


def test_a_parameter_of_the_json_twin_has_no_meaning_for_a_stream_or_is_refused(stage: Stage) -> None:
    execution = stage.run(1)
    events = stage.finish(execution)
    reader = stage.read(execution, "?limit=1&wait=1")
    if reader.status == 200:
        assert data(reader.rest()) == events
    else:
        assert reader.status == 422


@pytest.mark.parametrize(
    ("accept", "status"), [("image/png", 406), ("application/json", 200), ("*/*", 200), ("text/event-stream;q=0", 406)]
)
def test_without_wanting_a_stream_one_gets_json_or_406(stage: Stage, accept: str, status: int) -> None:
    reader = stage.read(stage.run(1), accept=accept)
    assert reader.status == status
    if status == 200:
        assert reader.headers["content-type"] == "application/json"
        assert json.loads(reader.body())["items"]
    else:
        assert problem(reader)["code"] == "not_acceptable"


def test_events_cannot_be_posted(stage: Stage) -> None:
    reader = stage.read(method="POST", headers={"Content-Length": "0"})
    assert reader.status == 405
    assert "GET" in reader.headers["allow"]


def test_head_is_the_head_of_the_stream_and_opens_none(stage: Stage) -> None:
    execution = stage.run(1)
    reader, real = stage.read(execution, method="HEAD"), stage.read(execution)
    told = ("content-type", "cache-control", "x-accel-buffering", "vary", "access-control-allow-origin")
    assert (reader.status, [reader.headers[name] for name in told]) == (200, [real.headers[name] for name in told])
    assert stage.streams() == 1


@pytest.mark.parametrize("path", ["/api/executions/none/events", "/api/workflows/none/events"])
def test_head_of_what_is_not_there_is_404(stage: Stage, path: str) -> None:
    assert stage.read(path, method="HEAD").status == 404


def test_a_place_that_the_log_has_forgotten_is_refused_before_the_first_byte() -> None:
    with serve(heartbeat=BEAT, limits=Limits(max_events=10)) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        execution = stage.run(*[1] * 5)
        events = stage.finish(execution)
        reader = stage.read(None, headers={"Last-Event-ID": "2"})
        assert reader.status == 409
        told = problem(reader)
        assert told["code"] == "events_forgotten"
        left = stage.events()
        assert left[0]["cursor"] == told["oldest"]
        assert data(stage.read().take(len(left))) == left
        # The log of the execution is its own, and whole.
        assert data(stage.read(execution, "?after=2").rest()) == events[2:]


def test_a_reader_behind_whom_the_log_forgot_events_is_let_go_and_nobody_else_is() -> None:
    with serve(heartbeat=BEAT, limits=Limits(max_events=10)) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        execution = stage.run(*[1] * 30)
        own, every = stage.read(execution), stage.read()
        begun = data(every.until("node.started"))
        events = stage.finish(execution)
        # All of it happened at once, far beyond what the log keeps: there is nothing that this one could go on with.
        assert every.whatever_comes() == []
        assert data(own.rest()) == events
        again = stage.read(None, headers={"Last-Event-ID": str(begun[-1]["cursor"])})
        assert (again.status, problem(again)["code"]) == (409, "events_forgotten")


def test_no_more_streams_are_opened_than_there_may_be() -> None:
    with serve(heartbeat=BEAT, limits=Limits(max_streams=3)) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        execution = stage.run(1)
        readers = [stage.read(execution), stage.read()]
        stage.talk()
        refused = stage.read(execution)
        assert refused.status == 429
        assert problem(refused)["code"] == "too_many_streams"
        readers[0].close()
        stage.until_streams(2)
        assert stage.read(execution).status == 200
        # Another sandbox has its own.
        other = Stage(stack.enter_context(server.sandbox()), stack)
        assert other.read().status == 200


# Sandboxes


@pytest.mark.parametrize("how", ["reset", "restore", "delete"])
def test_a_log_that_is_set_back_ends_its_streams_with_log_reset(stage: Stage, how: str) -> None:
    saved = stage.save(1)
    stage.sandbox.snapshots.take("then")
    execution = stage.execute(saved)
    readers = [stage.read(execution), stage.read(saved), stage.read(), stage.read(None, "?unnamed=1")]
    for reader in readers:
        reader.until("node.started")
    if how == "reset":
        stage.sandbox.reset()
    elif how == "restore":
        stage.sandbox.snapshots.restore("then")
    else:
        stage.sandbox.delete()
    for reader in readers:
        (last,) = reader.rest()
        assert last.id == ""
        assert last.data["type"] == "log.reset"
        assert last.name == ("message" if reader is readers[-1] else "log.reset")
        assert last.data.keys() == {"seq", "cursor", "type", "execution_id", "workflow_id", "at", "data"}


def test_after_a_reset_a_reader_begins_at_the_start_of_the_new_log(stage: Stage) -> None:
    stage.finish(stage.run(1))
    reader = stage.read()
    reader.until("execution.completed")
    stage.sandbox.reset()
    assert reader.rest()[-1].name == "log.reset"
    saved = stage.save(1)
    assert data(stage.read().take(1)) == stage.events(saved)


def test_a_fork_goes_on_by_itself_and_the_streams_of_the_first_stay(stage: Stage, server: Server) -> None:
    execution = stage.run(1)
    reader = stage.read(execution)
    reader.until("node.started")
    stage.sandbox.snapshots.take("now")
    with stage.sandbox.snapshots.fork("now", f"{stage.sandbox.name}-fork") as fork:
        fork.clock.advance(10)
        reader.beat()
        with Reader(f"{fork.url}{events_of(execution)}") as other:
            forked = data(other.rest())
    assert forked[-1]["type"] == "execution.completed"
    events = stage.finish(execution)
    assert data(reader.rest()) == events[3:]
    assert [event["type"] for event in forked] == [event["type"] for event in events]


def test_sandboxes_do_not_hear_of_each_other(stage: Stage, server: Server) -> None:
    reader = stage.read()
    reader.block()
    with server.sandbox() as other, ExitStack() as stack:
        Stage(other, stack).run(1)
        reader.beat()


def file_addresses(events: list[Json]) -> set[str]:
    """Where the files are that events tell of."""
    found: set[str] = set()

    def look(value: Json) -> None:
        if isinstance(value, dict):
            found.update(value[name] for name in ("content_url", "thumbnail_url") if value.get(name))
            value = list(value.values())
        for one in value if isinstance(value, list) else []:
            look(one)

    look(events)
    return found


@pytest.mark.parametrize("way", ["path", "header", "query", "cookie"])
def test_a_sandbox_is_chosen_as_elsewhere_and_files_keep_the_way(server: Server, stage: Stage, way: str) -> None:
    name = stage.sandbox.name
    picture = upload(stage.sandbox)
    execution = stage.sandbox.post(
        f"/api/workflows/{stage.save(1)['id']}/nodes/n0/process-files", {"file_ids": [picture["id"]]}
    )
    stage.sandbox.clock.advance(3600)
    address = f"{server.url}/s/{name}" if way == "path" else server.url
    headers = {"header": {"X-Sandbox": name}, "cookie": {"Cookie": f"sandbox={name}"}}.get(way, {})
    query = f"?sandbox={name}" if way == "query" else ""
    with Reader(f"{address}{events_of(execution)}{query}", headers) as reader:
        assert reader.status == 200
        found = file_addresses(data(reader.rest()))
    assert found
    before = f"/s/{name}" if way == "path" else ""
    assert all(one.startswith(f"{before}/api/files/") and one.endswith(query) for one in found)
    for one in found:
        with Reader(server.url + one, headers, accept="*/*") as reader:
            assert reader.status == 200


def upload(sandbox: SandboxClient) -> Json:
    """A file in the sandbox."""
    from urllib.request import ProxyHandler, Request, build_opener

    content = (
        b"--b\r\nContent-Disposition: form-data; name=file; filename=a.csv\r\n"
        b"Content-Type: text/csv\r\n\r\na,b\n1,2\n\r\n--b--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    request = Request(f"{sandbox.api}/files/upload", content, headers, method="POST")
    with build_opener(ProxyHandler({})).open(request) as answer:
        return json.load(answer)["items"][0]


def test_a_page_of_another_origin_cannot_choose_by_cookie(server: Server, stage: Stage) -> None:
    headers = {"Cookie": f"sandbox={stage.sandbox.name}", "Origin": ORIGIN}
    execution = stage.run(1)
    with Reader(server.url + events_of(execution), headers) as reader:
        assert reader.status == 404


def test_an_open_stream_keeps_its_sandbox_alive() -> None:
    with serve(heartbeat=BEAT, limits=Limits(sandbox_idle_seconds=1)) as server, ExitStack() as stack:
        kept, elsewhere = SandboxClient(server.url, "kept"), SandboxClient(server.url, "default")
        kept.reset()
        reader = stack.enter_context(Reader(f"{kept.api}/events"))
        reader.block()
        for _ in range(6):
            reader.beat()
        assert is_alive(elsewhere, "kept")
        saved = Stage(kept, stack).save(1)
        assert reader.next().data["workflow_id"] == saved["id"]
        reader.close()
        end = time.monotonic() + PATIENCE
        while is_alive(elsewhere, "kept"):
            assert time.monotonic() < end, "nobody reads, and it lives on"


def is_alive(elsewhere: SandboxClient, name: str) -> bool:
    """Whether a sandbox is alive, without using it."""
    return name in [one["sandbox"] for one in elsewhere.get("/_control/sandboxes")["items"]]


def test_a_stream_is_in_the_request_log_as_soon_as_it_is_open(stage: Stage) -> None:
    execution = stage.run(1)
    stage.read(execution, "?after=1")
    (entry,) = stage.sandbox.requests(path="/api/executions/*/events")
    assert (entry["method"], entry["path"], entry["query"]) == ("GET", events_of(execution), "after=1")
    assert entry["status"] == 200
    assert entry["rule"] is None


def test_a_rule_about_requests_is_asked_before_a_stream_is_opened(stage: Stage) -> None:
    stage.sandbox.faults.add(id="down", match={"path": "/api/**/events"}, status=503, times=1)
    execution = stage.run(1)
    refused = stage.read(execution)
    assert (refused.status, refused.headers["x-understudy-rule"]) == (503, "down")
    assert refused.headers["retry-after"] == "1"
    assert stage.streams() == 0
    assert stage.read(execution).status == 200


@pytest.mark.parametrize("how", ["reset", "empty", "truncate"])
def test_a_connection_that_breaks_on_purpose_leaves_no_stream(stage: Stage, how: str) -> None:
    execution = stage.run(1)
    stage.sandbox.faults.add(match={"path": "/api/**/events"}, connection=how)
    try:
        reader = stage.read(execution)
        reader.until_dropped()
    except (ConnectionError, Dropped):
        pass
    stage.until_streams(0)


# Readers that are slow, gone, or many


def test_a_reader_that_leaves_is_gone_at_once(stage: Stage) -> None:
    execution = stage.run(1)
    readers = [stage.read(execution), stage.read()]
    assert stage.streams() == 2
    for reader in readers:
        reader.close()
    stage.until_streams(0)


@pytest.mark.parametrize("goodbye", [True, False], ids=["closed", "reset"])
def test_a_reader_that_leaves_before_its_stream_is_open_leaves_none(stage: Stage, goodbye: bool) -> None:
    stage.sandbox.faults.add(match={"path": "/api/events"}, delay_ms=200)
    parts = urlsplit(stage.sandbox.url)
    line = socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE)
    line.sendall(f"GET {parts.path}/api/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n".encode())
    while stage.sandbox.faults.list()[0]["applied"] == 0:
        pass
    if not goodbye:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
    while not stage.sandbox.requests(path="/api/events"):
        pass
    stage.until_streams(0)


def test_at_pace_instant_a_reader_gets_everything(stage: Stage) -> None:
    stage.sandbox.clock.set(pace="instant")
    reader = stage.read()
    execution = stage.run(1, 1)
    assert data(reader.until("execution.completed"))[1:] == stage.events(execution)


def test_a_reader_that_takes_nothing_is_hung_up_on_and_others_go_on() -> None:
    with serve(heartbeat=1) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        text = "x" * 100_000
        nodes = [node(f"n{number}", mock={"output": text, "duration_ms": 1}) for number in range(100)]
        execution = stage.execute(stage.sandbox.post("/api/workflows", {"nodes": nodes}))
        slow, quick = (stage.read(execution, receive_bytes=size) for size in (4096, 0))
        stage.sandbox.clock.advance(60)
        assert quick.rest()[-1].name == "execution.completed"
        stage.until_streams(0)
        told = data(slow.until_dropped())
        assert [event["seq"] for event in told] == list(range(1, len(told) + 1))
        # It can come again for the rest.
        again = data(stage.read(execution, headers={"Last-Event-ID": str(len(told))}).rest())
        assert [event["seq"] for event in told + again] == list(range(1, len(stage.events(execution)) + 1))


def test_long_events_are_not_copied_for_every_reader_and_short_ones_go_out_together() -> None:
    long, short = [b"%d" % number * PIECE for number in range(3)], [b"x" * 100] * 1000
    pieces = EVENT_STREAM.arrange([Step(item) for item in (*long, *short)])
    sent = [piece for _, piece in pieces]
    assert all(piece is item for piece, item in zip(sent, long, strict=False))
    assert all(len(piece) <= PIECE for piece in sent[3:])
    assert (len(sent), b"".join(sent)) == (5, b"".join(long + short))


def test_a_server_that_ends_lets_all_readers_go_at_once() -> None:
    with ExitStack() as stack:
        with serve(heartbeat=60) as server:
            sandbox = server.sandbox()
            stage = Stage(sandbox, stack)
            execution = stage.run(1)
            readers = [stage.read(execution) for _ in range(50)]
            talkers = [stage.talk() for _ in range(10)]
            for reader in readers:
                reader.until("node.started")
            for talker in talkers:
                assert talker.is_quiet()
            start = time.monotonic()
        assert time.monotonic() - start < 3
        for reader in readers:
            assert reader.whatever_comes() == []
        for talker in talkers:
            assert talker.closed_with() in (1001, 1012)


def test_a_stream_that_was_read_to_its_end_leaves_the_connection_for_the_next_request(stage: Stage) -> None:
    execution = stage.run(1)
    stage.finish(execution)
    reader = stage.read(execution)
    reader.rest()
    reader.ask_again("/api/health")
    assert reader.status == 200


def test_a_sandbox_that_was_deleted_refuses_nobody_who_comes_after(stage: Stage) -> None:
    reader = stage.read()
    stage.sandbox.delete()
    assert reader.rest()[-1].name == "log.reset"
    with pytest.raises(Refused):
        stage.sandbox.delete()
    assert stage.read().status == 200


def test_a_request_behind_a_stream_does_not_hold_it_when_the_reader_leaves(stage: Stage) -> None:
    reader = stage.read()
    reader.socket.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    reader.close()
    stage.until_streams(0)


def test_a_reader_that_takes_nothing_at_the_end_is_hung_up_on() -> None:
    with serve(heartbeat=0.5) as server, ExitStack() as stack:
        stage = Stage(stack.enter_context(server.sandbox()), stack)
        nodes = [node(f"n{number}", mock={"output": "x" * 60_000, "duration_ms": 1}) for number in range(200)]
        execution = stage.execute(stage.sandbox.post("/api/workflows", {"nodes": nodes}))
        stage.sandbox.clock.advance(3600)
        readers = [stage.read(execution, receive_bytes=4096 * number) for number in range(1, 30)]
        assert len(readers) == 29
        stage.until_streams(0)


def test_where_there_is_no_event_loop_a_stream_holds_a_thread(client: FlaskClient, sandbox: Sandbox) -> None:
    workflow = client.post("/api/workflows", json={"nodes": [node("a", mock={"duration_ms": 1000})]}).get_json()
    execution = client.post(f"/api/workflows/{workflow['id']}/execute").get_json()
    path = f"/api/executions/{execution['id']}/events"
    answer = client.get(path, headers={"Accept": "text/event-stream"})
    assert answer.content_type == "text/event-stream; charset=utf-8"
    pieces = answer.iter_encoded()
    assert next(pieces) == b"retry: 1000\nid: 0\n\n"
    assert [next(pieces).split(b"\n")[1] for _ in range(3)] == [
        b"event: execution.created",
        b"event: execution.started",
        b"event: node.started",
    ]
    assert client.post("/_control/clock/advance", json={"seconds": 2}).status_code == 200
    told = b"".join(pieces)
    assert told.count(b"\nevent: ") == client.get(path).get_json()["last_seq"] - 3
    assert not sandbox.streams


def test_a_reader_alone_has_every_event_of_a_clock_that_runs_also_when_it_was_busy(stage: Stage) -> None:
    stage.sandbox.clock.set(pace="fast", rate=20)
    stage.sandbox.faults.add(stream={"delay": 5, "delay_ms": 100})
    execution = stage.run(*[0.5] * 8, hold=True)
    reader = stage.read(execution)
    stage.sandbox.post(f"/api/executions/{execution['id']}/release")
    assert data(reader.rest()) == stage.events(execution)


def test_who_names_a_stream_first_gets_one(stage: Stage) -> None:
    execution = stage.run(1)
    stage.finish(execution)
    for accept in ("text/event-stream, application/json", "text/event-stream; charset=utf-8", "TEXT/event-stream, */*"):
        assert stage.read(execution, accept=accept).headers["content-type"].startswith("text/event-stream")
    for accept in ("application/json, text/event-stream", "*/*", "text/event-stream;q=0.5, application/json"):
        assert stage.read(execution, accept=accept).headers["content-type"] == "application/json"
