"""Pause and resume let time stand still; stop is the end, from every status."""

from __future__ import annotations

import pytest

from app.models.execution import COMMANDS, EXECUTION_TRANSITIONS, FINAL, NODE_FINAL, NODE_TRANSITIONS

from .conftest import Play, graph, kinds, node, state, statuses, took


def test_a_pause_keeps_the_progress_of_what_is_under_way():
    play = Play()
    execution = play.start(graph("a -> b", a=took(1000), b=took(10)))
    play.advance(600)
    play.pause(execution)
    shown = state(execution)
    assert (shown["status"], shown["elapsed_ms"]) == ("paused", 600)
    assert (shown["nodes"][0]["status"], shown["nodes"][0]["progress"]) == ("running", 50)
    play.advance(3_600_000)
    assert state(execution) == shown
    play.resume(execution)
    play.advance(399)
    assert statuses(execution)["a"] == "running"
    play.advance(1)
    assert statuses(execution)["a"] == "completed"
    play.finish()
    assert state(execution)["elapsed_ms"] == 1010
    assert state(execution)["nodes"][0]["duration_ms"] == 1000


def test_nothing_is_due_while_paused():
    play = Play()
    execution = play.start(graph("a", a=took(1000)))
    play.pause(execution)
    assert play.engine.next_due() is None
    play.resume(execution)
    assert play.engine.next_due() is not None


def test_many_pauses_add_up():
    play = Play()
    execution = play.start(graph("a -> b", a=took(100), b=took(100)))
    for _ in range(19):
        play.advance(10)
        play.pause(execution)
        play.advance(777)
        play.resume(execution)
    play.finish()
    assert execution.elapsed_ms() == 200
    assert execution.finished_at - execution.started_at == (200 + 19 * 777) * 1000
    state(execution)


def test_pausing_and_resuming_at_once_changes_no_time():
    play = Play()
    execution = play.start(graph("a", a=took(100)))
    for _ in range(5):
        play.pause(execution)
        play.resume(execution)
    play.finish()
    assert execution.finished_at - execution.started_at == 100_000


def test_a_pause_between_two_attempts_holds_the_next_one_back():
    play = Play()
    mock = {"fail_attempts": 1, "duration_ms": 10}
    execution = play.start(graph("a", a=node(retry={"max_attempts": 2, "delay_ms": 100}, mock=mock)))
    play.advance(60)
    play.pause(execution)
    play.advance(10_000)
    assert statuses(execution) == {"a": "retrying"}
    play.resume(execution)
    play.finish()
    assert (execution.status, execution.elapsed_ms()) == ("completed", 120)


def test_a_pause_holds_a_timeout_back():
    play = Play()
    execution = play.start(graph("a", a=node(timeout_ms=100, mock={"duration_ms": 500})))
    play.advance(99)
    play.pause(execution)
    play.advance(10_000)
    play.resume(execution)
    play.finish()
    assert (execution.status, execution.elapsed_ms()) == ("failed", 100)


def test_a_pause_of_one_execution_leaves_the_others_alone():
    play = Play()
    drawn = graph("a -> b", a=took(100), b=took(100))
    one, other = play.start(drawn), play.start(drawn)
    play.advance(50)
    play.pause(one)
    play.finish()
    assert (one.status, other.status) == ("paused", "completed")


def test_the_history_of_statuses_tells_the_whole_way():
    play = Play()
    execution = play.start(graph("a", a=took(100)))
    play.pause(execution)
    play.resume(execution)
    play.finish()
    assert [entry["status"] for entry in state(execution)["status_history"]] == [
        "pending",
        "running",
        "paused",
        "running",
        "completed",
    ]


def reach(status):
    """An execution in this status, and its sandbox."""
    play = Play()
    drawn = graph("q -> a -> b", "c", q=node("approval" if status == "waiting" else None), c=took(1), b=took(50))
    execution = play.create(drawn)
    if status != "pending":
        play.release(execution)
    if status == "waiting":
        play.finish()
    if status == "paused":
        play.pause(execution)
    assert execution.status == status
    return play, execution


@pytest.mark.parametrize("status", ["pending", "running", "waiting", "paused"])
def test_stop_is_final_from_every_status(status):
    play, execution = reach(status)
    play.advance(0)
    play.stop(execution)
    shown = state(execution)
    assert shown["status"] == "stopped"
    assert shown["finished_at"]
    assert {run["status"] for run in shown["nodes"]} <= NODE_FINAL
    assert kinds(execution)[-1] == "execution.stopped"
    play.advance(1_000_000)
    assert play.engine.next_due() is None
    assert state(execution) == shown


def test_what_was_under_way_is_stopped_and_what_was_not_reached_is_skipped():
    play = Play()
    execution = play.start(graph("a -> b -> c", a=took(10), b=took(100)))
    play.advance(40)
    play.stop(execution)
    assert statuses(execution) == {"a": "completed", "b": "stopped", "c": "skipped"}
    assert state(execution)["nodes"][1]["duration_ms"] == 30


def test_a_stopped_pause_does_not_count_as_time():
    play = Play()
    execution = play.start(graph("a", a=took(100)))
    play.advance(30)
    play.pause(execution)
    play.advance(1000)
    play.stop(execution)
    assert state(execution)["elapsed_ms"] == 30
    assert state(execution)["nodes"][0]["duration_ms"] == 30


def test_a_node_that_is_retrying_is_stopped_too():
    play = Play()
    execution = play.start(graph("a", a=node(retry={"max_attempts": 3, "delay_ms": 1000}, mock={"error": "no"})))
    play.advance(900)
    play.stop(execution)
    assert statuses(execution) == {"a": "stopped"}
    assert state(execution)["status"] == "stopped"


def test_stopping_in_a_loop_stops_the_loop_and_its_body():
    play = Play()
    drawn = graph("l:item -> x -> y -> l", "l:done -> z", l=node("loop", config={"items": [1, 2, 3]}), x=took(100))
    execution = play.start(drawn)
    play.advance(250)
    play.stop(execution)
    assert statuses(execution) == {"l": "stopped", "x": "stopped", "y": "completed", "z": "skipped"} or statuses(
        execution
    ) == {"l": "stopped", "x": "stopped", "y": "skipped", "z": "skipped"}
    assert play.engine.next_due() is None


def test_the_tables_are_closed():
    for table in (EXECUTION_TRANSITIONS, NODE_TRANSITIONS):
        assert {status for following in table.values() for status in following} <= set(table)
    assert set(COMMANDS) == set(EXECUTION_TRANSITIONS)
    assert {"completed", "failed", "stopped"} == FINAL
    assert all("stopped" in EXECUTION_TRANSITIONS[status] for status in set(EXECUTION_TRANSITIONS) - FINAL)
