"""What holds for every graph and every moment."""

from __future__ import annotations

import itertools
import json
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.errors import CannotRun, InvalidInput
from app.models.execution import EXECUTION_TRANSITIONS, NODE_FINAL, NODE_TRANSITIONS, Execution

from ..unit.engine.conftest import Graph, Play, graph, node, since_start, state, wire
from .graphs import drawings
from .oracle import GIVEN, Oracle


def examples(count: int) -> settings:
    """So many graphs, the same ones each time: a failure here is one that everybody sees."""
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    return settings(max_examples=count, deadline=None, derandomize=True, database=None, suppress_health_check=slow)


def runs_of(execution: Execution) -> dict[Any, Any]:
    """Every node execution: ``(node, iteration) -> (status, start, end, input)``, in milliseconds of the execution."""
    found = {}
    for run in execution.earlier + execution.nodes:
        iteration = tuple(run.iteration) if isinstance(run.iteration, list) else run.iteration
        begin, end = since_start(execution, run.started_at), since_start(execution, run.finished_at)
        key = (run.node_id, iteration)
        assert key not in found, "two node executions for one iteration"
        found[key] = (run.status, begin, end, run.input)
    return found


def outcome(execution: Execution) -> list[Any]:
    """What a pause must not change: everything but the moments."""
    runs = [
        (run.node_id, run.iteration, run.status, run.attempt, run.input, run.output, run.duration_ms, run.error)
        for run in execution.earlier + execution.nodes
    ]
    return [execution.status, execution.output, execution.elapsed_ms(), execution.error, runs]


def check_log(execution: Execution) -> None:
    """The log has no gap, time does not go back in it, and no status leaves the table."""
    events = wire(execution)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert all(one.at <= other.at for one, other in zip(execution.events, execution.events[1:], strict=False))
    history = [entry["status"] for entry in execution.status_history]
    assert history[0] == "pending"
    assert all(after in EXECUTION_TRANSITIONS[before] for before, after in itertools.pairwise(history))
    check_node_statuses(events)


def check_node_statuses(events: list[dict[str, Any]]) -> None:
    words = {"started": "running", "progress": None}
    last: dict[Any, str] = {}
    for event in events:
        room, _, word = event["type"].partition(".")
        status = words.get(word, word)
        if room != "node" or status is None:
            continue
        key = (event["data"]["node_id"], json.dumps(event["data"]["iteration"]))
        assert status in NODE_TRANSITIONS[last.get(key, "idle")], (key, last.get(key), status)
        last[key] = status


@examples(250)
@given(drawings())
def test_every_node_starts_when_its_inputs_are_decided_and_is_skipped_when_none_came(drawing):
    assume(any(box.kind != "note" for box in drawing.boxes))
    play = Play()
    execution = play.run(drawing.graph(), input=GIVEN)
    foretold = Oracle(drawing)
    assert execution.status == "completed"
    assert runs_of(execution) == foretold.runs
    assert execution.elapsed_ms() == foretold.end
    assert execution.progress()["percent"] == 100
    check_log(execution)


@examples(60)
@given(drawings())
def test_the_events_fold_to_the_state_at_every_moment_and_stay_as_they_were(drawing):
    assume(any(box.kind != "note" for box in drawing.boxes))
    play = Play()
    execution = play.create(drawing.graph(), input=GIVEN)
    state(execution)
    play.release(execution)
    told: list[Any] = []
    while play.step():
        state(execution)
        now = wire(execution)
        assert now[: len(told)] == told, "what was told has changed"
        told = now


@examples(80)
@given(drawings(8), st.lists(st.tuples(st.integers(0, 6000), st.integers(0, 100_000)), min_size=1, max_size=4))
def test_pauses_change_neither_outputs_nor_execution_time(drawing, pauses):
    assume(any(box.kind != "note" for box in drawing.boxes))
    plain = Play().run(drawing.graph(), input=GIVEN)
    play = Play()
    execution = play.start(drawing.graph(), input=GIVEN)
    for after, lasting in pauses:
        play.advance(after)
        if execution.is_final:
            break
        play.pause(execution)
        held = state(execution)
        play.advance(lasting)
        assert state(execution) == held
        play.resume(execution)
    play.finish()
    assert outcome(execution) == outcome(plain)
    state(execution)
    check_log(execution)


@examples(60)
@given(drawings(8), st.integers(0, 8000), st.booleans())
def test_stop_is_final(drawing, moment, paused):
    assume(any(box.kind != "note" for box in drawing.boxes))
    play = Play()
    execution = play.start(drawing.graph(), input=GIVEN)
    play.advance(moment)
    assume(not execution.is_final)
    if paused:
        play.pause(execution)
        play.advance(5)
    play.stop(execution)
    shown, count = state(execution), len(execution.events)
    assert shown["status"] == "stopped"
    assert {run["status"] for run in shown["nodes"]} <= NODE_FINAL
    play.advance(1_000_000)
    play.finish()
    assert (len(execution.events), state(execution)) == (count, shown)
    assert play.engine.next_due() is None
    check_log(execution)


KINDS = ["mine", "mine", "if", "switch", "loop", "loop", "approval", "note", "group", "merge", "sub_workflow", "delay"]


@st.composite
def scribbles(draw: Any) -> Graph:
    """Whatever somebody may draw: any line between any two nodes, groups in groups, failures that end it all."""
    names = [f"n{number}" for number in range(draw(st.integers(1, 7)))]
    nodes = {name: _scribble_node(draw, names) for name in names}
    ends = st.tuples(st.sampled_from(names), st.sampled_from(names), st.sampled_from(["", ":item", ":done", ":error"]))
    forward = draw(st.booleans())
    lines = [
        f"{one}{port} -> {other}"
        for one, other, port in draw(st.lists(ends, max_size=12, unique=True))
        if not forward or one < other
    ]
    return graph(*names, *lines, **nodes)


def _scribble_node(draw: Any, names: list[str]) -> dict[str, Any]:
    mock = draw(
        st.sampled_from([None, None, None, {"error": "no"}, {"skip": True}, {"fail_attempts": 1}, {"output": [1, 2]}])
    )
    return node(
        draw(st.sampled_from(KINDS)),
        draw(st.sampled_from([None, None, None, *names])),
        config={"condition": draw(st.booleans()), "workflow_id": "wf_1", "rules": []},
        on_error=draw(st.sampled_from([None, "stop", "continue", "error_port"])),
        disabled=draw(st.sampled_from([False, False, False, True])),
        retry=draw(st.sampled_from([None, {"max_attempts": 2, "delay_ms": 50}])),
        timeout_ms=draw(st.sampled_from([None, None, 5, 200])),
        mock=mock,
    )


COMMANDS = st.lists(
    st.tuples(
        st.sampled_from(["step", "step", "step", "wait", "pause", "resume", "answer", "stop"]), st.integers(0, 500)
    ),
    max_size=25,
)


@examples(300)
@given(scribbles(), COMMANDS, st.booleans())
def test_whatever_is_drawn_and_commanded_the_books_are_right(drawn, commands, failures):
    play = Play(max_steps=300, max_depth=2)
    play.engine.failures = failures
    try:
        execution = play.start(drawn, input=[1, 2])
    except CannotRun as refused:
        check_refusal(refused)
        return
    for command, amount in commands:
        obey(play, execution, command, amount)
        for one in play.box.store.executions:
            state(one)
    play.finish()
    if execution.status == "paused":
        play.resume(execution)
        play.finish()
    for one in play.box.store.executions:
        state(one)
        check_log(one)
    assert execution.status in ("completed", "failed", "stopped", "waiting") or any(
        one.status in ("paused", "waiting") for one in play.box.store.executions
    )
    check_sandbox_log(play)


def check_refusal(refused: CannotRun) -> None:
    assert refused.errors
    assert all(error["message"] and error["pointer"].startswith("/") for error in refused.errors)


def obey(play: Play, execution: Execution, command: str, amount: int) -> None:
    """Give a command where it is allowed."""
    status = execution.status
    if command == "step":
        play.step()
    elif command == "wait":
        play.advance(amount)
    elif (command, status) in (("pause", "running"), ("pause", "waiting")):
        play.pause(execution)
    elif (command, status) == ("resume", "paused"):
        play.resume(execution)
    elif command == "stop" and not execution.is_final and amount > 400:
        play.stop(execution)
    elif command == "answer" and status in ("running", "waiting") and execution.waiting_for:
        answer = {"decision": "approved" if amount % 3 else "nonsense"}
        try:
            play.answer(execution, execution.waiting_for[0]["node_id"], answer)
        except InvalidInput:
            assert not amount % 3


def check_sandbox_log(play: Play) -> None:
    events = play.box.store.log.after(0)
    assert [event.cursor for event in events] == list(range(1, len(events) + 1))
    assert all(one.at <= other.at for one, other in itertools.pairwise(events))


@examples(40)
@given(st.lists(drawings(5), min_size=2, max_size=4), st.lists(st.integers(0, 2000), max_size=6))
def test_executions_do_not_disturb_each_other(drawn, slices):
    drawn = [one for one in drawn if any(box.kind != "note" for box in one.boxes)]
    alone = [outcome(Play().run(drawing.graph(), input=GIVEN)) for drawing in drawn]
    play = Play()
    together = [play.start(drawing.graph(), input=GIVEN) for drawing in drawn]
    for part in slices:
        play.advance(part)
    play.finish()
    assert [outcome(execution) for execution in together] == alone
    check_sandbox_log(play)
