"""What waits for its turn begins when the execution before it ends, and nothing else does."""

from __future__ import annotations

from .conftest import Play, broken, graph, kinds, node, took


def test_what_waits_begins_at_the_moment_of_the_end_and_before_anything_later():
    play = Play()
    workflow = play.save(graph("a", a=took(100)))
    first = play.start(workflow, mode="webhook")
    second = play.create(workflow, mode="schedule")
    play.advance(1000)
    assert (first.finished_at, second.finished_at) == (second.started_at, second.started_at + 100_000)


def test_what_is_held_waits_for_somebody_and_not_for_its_turn():
    play = Play()
    workflow = play.save(graph("a", a=took(100)))
    play.start(workflow)
    held = play.create(workflow)
    play.advance(1000)
    assert held.status == "pending"


def test_a_long_queue_of_what_ends_at_once_is_worked_off_at_once():
    play = Play()
    workflow = play.save(graph("a", a=node(disabled=True)))
    first = play.start(play.save(graph("a", a=took(100))))
    assert first.status == "running"
    ahead = play.create(workflow, mode="manual")
    queue = [play.create(workflow, mode="webhook") for _ in range(1000)]
    play.stop(ahead)
    assert {one.status for one in queue} == {"completed"}


def test_however_an_execution_ends_the_next_one_begins():
    for ended in (took(10), broken(10), node("approval", timeout_ms=10)):
        play = Play()
        workflow = play.save(graph("a", a=ended))
        play.start(workflow, mode="webhook")
        following = play.create(workflow, mode="webhook")
        play.advance(5000)
        assert following.started_at is not None


def test_a_part_of_another_execution_has_no_turn():
    play = Play()
    inner = play.save(graph("a", a=took(100)))
    outer = play.save(graph("call", call=node("sub_workflow", config={"workflow_id": inner.id})))
    play.start(inner, mode="webhook")
    caller = play.start(outer)
    play.advance(30)
    child = next(one for one in play.box.store.executions if one.parent)
    assert (child.status, caller.status, len(play.box.store.under_way(inner.id))) == ("running", "running", 1)
    queued = play.create(inner, mode="webhook")
    play.stop(child)
    assert queued.status == "pending"


def test_the_latest_execution_of_a_workflow_is_the_one_whose_turn_it_is():
    play = Play()
    workflow = play.save(graph("a", a=took(100)))
    first = play.start(workflow, mode="webhook")
    second = play.create(workflow, mode="webhook")
    assert workflow.last_execution_id == first.id
    play.stop(first)
    assert workflow.last_execution_id == second.id
    assert kinds(second) == ["execution.created", "execution.started", "node.started"]
