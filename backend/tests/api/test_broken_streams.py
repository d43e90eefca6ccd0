"""Streams that break on purpose, seen from the other end of a real socket."""

from __future__ import annotations

import json
import time
from contextlib import ExitStack
from typing import Any

import pytest

from app.models.event import fold
from app.testing import serve
from tests.reading import BEAT, Reader, Stage, data

Json = Any


def rule(stage: Stage, members: Json, **more: Json) -> None:
    """Break streams; nothing else."""
    stage.sandbox.faults.add(**{"id": "bad", "stream": members, **more})


def counts(stage: Stage) -> tuple[int, int]:
    """How often the only rule matched, and how often it did something."""
    (only,) = stage.sandbox.faults.list()
    return only["matched"], only["applied"]


def positions(reader: list[Any]) -> list[int]:
    """What the ids say."""
    return [int(message.id) for message in reader]


def test_drop_breaks_the_connection_behind_an_event_without_a_proper_end(stage: Stage) -> None:
    rule(stage, {"drop_after": 3}, times=1)
    execution = stage.run(1)
    events = stage.finish(execution)
    reader = stage.read(execution)
    assert reader.headers["x-understudy-rule"] == "bad"
    assert data(reader.until_dropped()) == events[:3]
    assert counts(stage) == (1, 1)
    # The rule is used up, and a browser comes again.
    assert data(stage.read(execution, headers={"Last-Event-ID": "3"}).rest()) == events[3:]
    stage.until_streams(0)


def test_drop_waits_for_its_event(stage: Stage) -> None:
    execution = stage.run(1, hold=True)
    rule(stage, {"drop_after": 2})
    reader = stage.read(execution)
    assert reader.next().name == "execution.created"
    reader.beat()
    assert counts(stage) == (1, 0)
    stage.sandbox.post(f"/api/executions/{execution['id']}/release")
    assert [message.name for message in reader.until_dropped()] == ["execution.started"]


def test_drop_after_nothing_leaves_the_head_alone(stage: Stage) -> None:
    rule(stage, {"drop_after": 0})
    execution = stage.run(1)
    for headers in ({}, {"Last-Event-ID": "2"}):
        reader = stage.read(execution, headers=headers)
        assert reader.status == 200
        assert reader.until_dropped() == []


def test_a_dropped_connection_is_closed_and_not_reset_so_what_was_sent_arrives(stage: Stage) -> None:
    nodes = [{"id": f"n{number}", "type": "set", "data": {"mock": {"output": "x" * 5000}}} for number in range(100)]
    execution = stage.execute(stage.sandbox.post("/api/workflows", {"nodes": nodes}))
    events = stage.finish(execution)
    rule(stage, {"drop_after": len(events) - 1})
    assert data(stage.read(execution).until_dropped()) == events[:-1]


def test_stall_says_nothing_more_not_even_that_it_lives_and_ends_when_the_reader_leaves(stage: Stage) -> None:
    rule(stage, {"stall_after": 2})
    execution = stage.run(1)
    events = stage.finish(execution)
    reader = stage.read(execution)
    assert data(reader.take(2)) == events[:2]
    reader.socket.settimeout(3 * BEAT)
    with pytest.raises(TimeoutError):
        reader.block()
    assert stage.streams() == 1
    reader.close()
    stage.until_streams(0)


def test_a_stalled_stream_ends_with_its_server() -> None:
    with ExitStack() as stack:
        with serve(heartbeat=60) as server:
            stage = Stage(server.sandbox(), stack)
            rule(stage, {"stall_after": 0})
            reader = stage.read(stage.run(1))
            reader.block()
            start = time.monotonic()
        assert time.monotonic() - start < 3
        assert reader.whatever_comes() == []


def test_a_reset_is_no_way_out_of_a_stall(stage: Stage) -> None:
    rule(stage, {"stall_after": 0})
    reader = stage.read(stage.run(1))
    reader.block()
    stage.sandbox.reset()
    reader.socket.settimeout(3 * BEAT)
    with pytest.raises(TimeoutError):
        reader.block()


def test_a_duplicate_comes_twice_in_a_row(stage: Stage) -> None:
    rule(stage, {"duplicate": 2})
    execution = stage.run(1)
    end = len(stage.finish(execution))
    assert positions(stage.read(execution).rest()) == [1, 2, 2, *range(3, end + 1)]


def test_a_duplicate_of_the_final_event_comes_before_the_end(stage: Stage) -> None:
    execution = stage.run(1)
    end = len(stage.finish(execution))
    rule(stage, {"duplicate": end})
    assert positions(stage.read(execution).rest())[-2:] == [end, end]


def test_two_that_are_swapped_change_places(stage: Stage) -> None:
    rule(stage, {"swap": 2})
    execution = stage.run(1)
    end = len(stage.finish(execution))
    assert positions(stage.read(execution).rest()) == [1, 3, 2, *range(4, end + 1)]


def test_an_event_that_is_swapped_waits_for_the_one_behind_it(stage: Stage) -> None:
    execution = stage.run(1)
    last = len(stage.events(execution))
    rule(stage, {"swap": last})
    reader = stage.read(execution)
    assert positions(reader.take(last - 1)) == list(range(1, last))
    reader.beat()
    stage.sandbox.clock.advance(1)
    assert positions(reader.take(2)) == [last + 1, last]


def test_what_is_swapped_before_the_end_is_not_lost(stage: Stage) -> None:
    execution = stage.run(1)
    end = len(stage.finish(execution))
    rule(stage, {"swap": end - 1})
    assert positions(stage.read(execution).rest())[-2:] == [end, end - 1]


def test_what_is_held_for_a_swap_is_let_go_when_the_log_is_set_back(stage: Stage) -> None:
    execution = stage.run(1)
    rule(stage, {"swap": len(stage.events(execution))})
    reader = stage.read(execution)
    reader.take(2)
    stage.sandbox.reset()
    assert [message.name for message in reader.rest()][-1] == "log.reset"


def test_a_delay_is_real_and_holds_up_all_that_follows(stage: Stage) -> None:
    rule(stage, {"delay": 3, "delay_ms": 300})
    execution = stage.run(1)
    events = stage.finish(execution)
    reader = stage.read(execution)
    assert positions(reader.take(2)) == [1, 2]
    start = time.monotonic()
    told = reader.rest()
    assert time.monotonic() - start > 0.25
    assert data(told) == events[2:]


def test_a_delay_holds_up_no_other_stream(stage: Stage) -> None:
    execution = stage.run(1)
    rule(stage, {"delay": 1, "delay_ms": 60_000}, nth=1)
    late, other = stage.read(execution), stage.read(execution)
    events = stage.finish(execution)
    assert data(other.rest()) == events
    late.close()
    stage.until_streams(0)


def test_a_stream_that_is_delayed_ends_with_its_server() -> None:
    with ExitStack() as stack:
        with serve(heartbeat=BEAT) as server:
            stage = Stage(server.sandbox(), stack)
            rule(stage, {"delay": 1, "delay_ms": 60_000})
            reader, talker = stage.read(stage.run(1)), stage.talk()
            talker.ask("subscribe", all=True)
            reader.block()
            start = time.monotonic()
        assert time.monotonic() - start < 4
        assert reader.whatever_comes() == []


@pytest.mark.parametrize(("refusal", "status"), [(True, 503), (404, 404), (500, 500)])
def test_a_reconnect_is_refused_and_a_first_request_is_not(stage: Stage, refusal: Json, status: int) -> None:
    execution = stage.run(1)
    rule(stage, {"refuse_reconnect": refusal})
    assert stage.read(execution).status == 200
    for options in (
        {"headers": {"Last-Event-ID": "1"}},
        {"headers": {"Last-Event-ID": "0"}},
        {"query": "?after=1"},
    ):
        reader = stage.read(execution, **options)
        assert (reader.status, reader.headers["x-understudy-rule"]) == (status, "bad")
        assert reader.headers["content-type"] == "application/problem+json"
        assert json.loads(reader.body())["status"] == status
        assert reader.headers.get("retry-after") == ("1" if status == 503 else None)
    assert counts(stage) == (4, 3)
    (first, *refused) = stage.sandbox.requests(path="/api/executions/*/events")
    assert (first["status"], first["rule"]) == (200, "bad")
    assert {(entry["status"], entry["rule"]) for entry in refused} == {(status, "bad")}


def test_the_final_event_is_left_out_and_the_stream_ends_all_the_same(stage: Stage) -> None:
    rule(stage, {"omit_final": True})
    execution = stage.run(1)
    reader = stage.read(execution)
    events = stage.finish(execution)
    assert data(reader.rest()) == events[:-1]
    # A reader that compares comes again for it.
    stage.sandbox.faults.clear()
    assert data(stage.read(execution, headers={"Last-Event-ID": str(len(events) - 1)}).rest()) == events[-1:]


def test_in_the_streams_of_a_workflow_and_of_the_sandbox_positions_are_cursors(stage: Stage) -> None:
    saved = stage.save(1)
    execution = stage.execute(saved)
    stage.finish(execution)
    rule(stage, {"duplicate": 3})
    for thing in (saved, None):
        assert positions(stage.read(thing).take(5)) == [1, 2, 3, 3, 4]


def test_a_rule_for_some_paths_breaks_no_others(stage: Stage) -> None:
    execution = stage.run(1)
    rule(stage, {"drop_after": 1}, match={"path": f"/api/executions/{execution['id']}/events"})
    events = stage.finish(execution)
    assert len(stage.read(execution).until_dropped()) == 1
    assert data(stage.read().take(len(events) + 1))[1:] == events
    assert counts(stage) == (1, 1)


def test_only_the_nth_stream_is_broken(stage: Stage) -> None:
    execution = stage.run(1)
    events = stage.finish(execution)
    rule(stage, {"drop_after": 1}, nth=2)
    assert data(stage.read(execution).rest()) == events
    assert len(stage.read(execution).until_dropped()) == 1
    assert data(stage.read(execution).rest()) == events


def test_json_is_never_broken_by_a_rule_about_streams(stage: Stage) -> None:
    execution = stage.run(1)
    rule(stage, {"drop_after": 0, "refuse_reconnect": True})
    assert stage.events(execution)
    assert stage.sandbox.get(f"/api/executions/{execution['id']}/events?after=2")["items"]
    assert counts(stage) == (0, 0)


def test_head_meets_no_rule_about_streams(stage: Stage) -> None:
    execution = stage.run(1)
    rule(stage, {"refuse_reconnect": True})
    reader = stage.read(execution, method="HEAD", headers={"Last-Event-ID": "1"})
    assert reader.status == 200
    assert counts(stage) == (0, 0)


def test_a_stream_keeps_its_rule_when_the_rules_change(stage: Stage) -> None:
    execution = stage.run(1)
    rule(stage, {"omit_final": True})
    reader = stage.read(execution)
    reader.next()
    stage.sandbox.faults.clear()
    events = stage.finish(execution)
    assert data(reader.rest()) == events[1:-1]


@pytest.mark.parametrize("drops", [1, 2, 3, 5])
def test_a_client_that_is_dropped_again_and_again_ends_with_the_exact_state(stage: Stage, drops: int) -> None:
    execution = stage.run(1, 1, 1)
    for place in range(drops):
        stage.sandbox.faults.add(stream={"drop_after": 3 * place + 2}, times=1, nth=place + 1)
    told: list[Json] = []
    while not told or told[-1]["type"] != "execution.completed":
        reader = stage.read(execution, headers={"Last-Event-ID": str(len(told))} if told else {})
        stage.finish(execution)
        told += data(reader.whatever_comes())
    assert told == stage.events(execution)
    assert fold(told) == stage.sandbox.get(f"/api/executions/{execution['id']}")


# WebSockets are streams, too


def test_a_conversation_is_dropped_behind_a_cursor(stage: Stage) -> None:
    rule(stage, {"drop_after": 2}, match={"path": "/api/ws"})
    stage.run(1)
    talker = stage.talk()
    talker.ask("subscribe", all=True)
    assert [event["cursor"] for event in talker.hear_events(2)] == [1, 2]
    assert talker.closed_with() == 1006
    stage.until_streams(0)


def test_in_a_conversation_events_come_twice_and_change_places(stage: Stage) -> None:
    rule(stage, {"duplicate": 1, "swap": 3})
    execution = stage.run(1)
    stage.finish(execution)
    talker = stage.talk()
    talker.ask("subscribe", all=True)
    assert [event["cursor"] for event in talker.hear_events(5)] == [1, 1, 2, 4, 3]


def test_a_conversation_that_stalls_says_nothing_more(stage: Stage) -> None:
    rule(stage, {"stall_after": 1})
    stage.run(1)
    talker = stage.talk()
    talker.ask("subscribe", all=True)
    talker.hear_events(1)
    talker.say("ping")
    with pytest.raises(TimeoutError):
        talker.connection.recv(timeout=2 * BEAT)
    talker.connection.close()
    stage.until_streams(0)


def test_the_final_event_of_an_execution_is_left_out_of_a_conversation_that_goes_on(stage: Stage) -> None:
    rule(stage, {"omit_final": True})
    saved = stage.save(1)
    talker = stage.talk()
    talker.ask("subscribe", all=True, after="latest")
    for _ in range(2):
        execution = stage.execute(saved)
        events = stage.finish(execution)
        assert talker.hear_events(len(events) - 1) == events[:-1]
    assert talker.is_quiet()


def test_commands_are_obeyed_while_events_are_late(stage: Stage) -> None:
    execution = stage.run(1)
    rule(stage, {"delay": 2, "delay_ms": 60_000})
    talker = stage.talk()
    talker.ask("subscribe", all=True)
    talker.hear_events(1)
    with Reader(f"{stage.sandbox.api}/events?after=latest") as reader:
        reader.block()
        talker.say("pause", execution_id=execution["id"])
        assert reader.until("execution.paused")
    talker.connection.close()
    stage.until_streams(0)


def test_a_handshake_says_which_rule_breaks_the_conversation(stage: Stage) -> None:
    rule(stage, {"drop_after": 9})
    headers = stage.talk().connection.response.headers
    assert headers["X-Understudy-Rule"] == "bad"
    assert "X-Sandbox" in headers["Vary"]


def test_over_a_websocket_a_subscription_that_goes_on_is_refused(stage: Stage) -> None:
    execution = stage.run(1)
    rule(stage, {"refuse_reconnect": 404})
    talker = stage.talk()
    assert talker.ask("subscribe", execution_id=execution["id"])["type"] == "ack"
    talker.hear_events(3)
    refused = talker.ask("subscribe", execution_id=execution["id"], after=1)
    assert (refused["type"], refused["problem"]["status"]) == ("error", 404)
    assert counts(stage) == (1, 1)
    assert talker.is_quiet()


def test_a_stream_that_is_truncated_has_a_head_and_no_end(stage: Stage) -> None:
    execution = stage.run(1)
    stage.sandbox.faults.add(connection="truncate")
    reader = stage.read(execution)
    assert reader.status == 200
    assert "content-length" not in reader.headers
    assert reader.until_dropped() == []
    assert stage.streams() == 0


@pytest.mark.parametrize(
    "behind", [b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", b"x" * 300_000], ids=["ask", "junk"]
)
def test_a_stalled_stream_with_something_behind_it_is_gone_with_its_reader(stage: Stage, behind: bytes) -> None:
    rule(stage, {"stall_after": 0})
    reader = stage.read()
    reader.socket.sendall(behind)
    reader.close()
    stage.until_streams(0)
