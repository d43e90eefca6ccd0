"""A snapshot taken at any moment goes on as its original does, and a broken one is refused and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app import mock_data
from app.engine.simulated import SimulatedEngine
from app.errors import CannotRun, InvalidInput, MalformedInput
from app.models.event import as_wire
from app.models.execution import Execution
from app.models.workflow import clean_graph
from app.sandbox import Sandbox, Sandboxes
from app.services import documents, executions, versions, workflows
from app.services.snapshot_installer import install, settings_of
from app.services.snapshot_reader import decode
from app.services.snapshot_writer import capture, encode

from ..unit.engine.conftest import Graph, Play, graph, node, took
from .graphs import drawings
from .oracle import GIVEN
from .test_history import opened
from .test_machine_properties import COMMANDS, examples, obey, scribbles

Json = Any


def written(play: Play) -> bytes:
    with play.box.view():
        return encode(capture(play.box))


def woken(raw: bytes, like: Play) -> Play:
    """A sandbox that a snapshot was installed in."""
    snapshot = decode(raw)
    settings = settings_of(snapshot, like.box.settings)
    play = Play()
    play.box = Sandbox("fork", settings, SimulatedEngine, Sandboxes(settings, SimulatedEngine)._submit)
    play.box.world.clock.jump_to(snapshot.sandbox.now)
    install(snapshot, play.box)
    play.engine, play.clock = play.box.engine, play.box.world.clock
    return play


def everything(play: Play) -> Json:
    """All that one can be told of a sandbox."""
    box = play.box
    return {
        "executions": [one.as_dict(iterations=True) for one in box.store.executions],
        "events": [as_wire(event) for event in box.store.log.after(0)],
        "logs": [[as_wire(event) for event in one.events] for one in box.store.executions],
        "workflows": [documents.render(box, one).body.decode() for one in box.store.workflows],
        "versions": [told_versions(box, one.id) for one in box.store.workflows],
        "dataflow": [executions.dataflow(box, one.id) for one in box.store.workflows],
        "files": [one.as_dict() for one in box.store.files],
        "values": box.store.values,
        "counters": box.world.ids.counters,
        "due": play.engine.next_due(),
    }


def told_versions(box: Sandbox, key: str) -> list[Json]:
    return [versions.get(box, key, str(one["revision"])) for one in versions.list_versions(box, key)]


def edit(play: Play, how: str) -> None:
    """Change the workflow of the execution that was started by hand, or what a version of it is called."""
    box, key = play.box, latest(play).workflow_id
    kept = versions.list_versions(box, key)
    if how == "save":
        workflows.patch(box, key, {"name": f"After {kept[0]['revision']}"})
    elif how == "label":
        versions.label(box, key, str(kept[-1]["revision"]), f"One of {len(kept)}")
    else:
        versions.restore(box, key, str(kept[-1]["revision"]))


EDITS = st.lists(st.sampled_from(["save", "label", "restore"]), max_size=4)


def through_javascript(raw: bytes) -> bytes:
    """What is left of a snapshot after ``JSON.parse`` and ``JSON.stringify``: whole numbers have no point any more."""

    def whole(value: Json) -> Json:
        if isinstance(value, float) and value.is_integer():
            return int(value)
        if isinstance(value, list):
            return [whole(inner) for inner in value]
        return {key: whole(inner) for key, inner in value.items()} if isinstance(value, dict) else value

    return json.dumps(whole(json.loads(raw))).encode()


def latest(play: Play) -> Execution:
    """The execution that was started by hand."""
    return next(one for one in play.box.store.executions if one.parent is None)


@examples(250)
@given(scribbles(), COMMANDS, COMMANDS, EDITS, EDITS, st.booleans())
def test_whatever_is_drawn_and_commanded_a_snapshot_goes_on_as_its_original(
    drawn, before, after, edits, later_edits, failures
):
    play = Play(max_steps=300, max_depth=2)
    play.engine.failures = failures
    try:
        play.start(drawn, input=[1, 2])
    except CannotRun:
        return
    for command, amount in before:
        obey(play, latest(play), command, amount)
    for how in edits:
        edit(play, how)
    raw = written(play)
    fork = woken(raw, play)
    assert written(fork) == raw
    assert everything(fork) == everything(play)
    for command, amount in after:
        for one in (play, fork):
            obey(one, latest(one), command, amount)
        assert everything(fork) == everything(play)
    for how in later_edits:
        for one in (play, fork):
            edit(one, how)
    for one in (play, fork):
        one.finish()
    assert everything(fork) == everything(play)
    assert written(fork) == written(play)


@examples(80)
@given(drawings(), st.integers(0, 9000))
def test_a_snapshot_in_the_midst_of_loops_and_retries_goes_on_as_its_original(drawing, moment):
    assume(any(box.kind != "note" for box in drawing.boxes))
    play = Play()
    workflow = play.save(drawing.graph())
    play.start(workflow, input=GIVEN)
    play.advance(moment)
    fork = woken(through_javascript(written(play)), play)
    for one in (play, fork):
        one.start(one.box.store.workflows.get(workflow.id))
        one.finish()
    assert everything(fork) == everything(play)


@pytest.mark.parametrize("moment", [0, 20, 150, 900, 4000])
def test_luck_failures_and_children_go_on_as_they_would(moment):
    for seed in range(10):
        play = opened(seed)
        play.advance(moment)
        fork = woken(written(play), play)
        for one in (play, fork):
            one.finish()
        assert everything(fork) == everything(play)


@pytest.mark.parametrize("template", mock_data.templates(), ids=lambda template: template["key"])
def test_every_node_family_goes_on_from_every_moment(template):
    play = Play(seed=3)
    play.engine.failures = True
    play.start(Graph(*clean_graph(template["nodes"], template["connections"])), input={"topic": "tea"})
    for _ in range(60):
        raw = written(play)
        fork = woken(raw, play)
        answer_all(play)
        answer_all(fork)
        if not play.step():
            break
        fork.step()
        assert everything(fork) == everything(play)
    assert everything(woken(written(play), play)) == everything(play)


def answer_all(play: Play) -> None:
    """Answer whoever waits; where no answer fits, the execution is stopped."""
    execution = latest(play)
    for request in list(execution.waiting_for):
        try:
            play.answer(execution, request["node_id"], {"decision": "approved"})
        except InvalidInput:
            play.stop(execution)
            return


def busy() -> Play:
    """A small sandbox in which everything is under way: a loop, a question, a retry, a pause, a child, a file.

    Of workflows, the log tells five changes; one has versions, with a label and a restore among them.
    """
    play = Play(seed=5)
    called = play.save(graph("a -> b", a=took(50), b=took(5000)))
    workflows.patch(play.box, called.id, {"name": "Tea"})
    versions.restore(play.box, called.id, "1")
    versions.label(play.box, called.id, "current", "As it was")
    versions.label(play.box, called.id, "1", "First")
    workflows.patch(play.box, called.id, {"name": "Chai"})
    workflows.delete(play.box, workflows.create(play.box, {}).id)
    play.start(
        graph(
            "t -> l:item -> x -> l",
            "l:done -> z",
            "t -> ask:approved -> z",
            "t -> flaky",
            "t -> call -> z",
            "t -> late -> w",
            late=took(590, output={"note": "tea"}),
            w="write_file",
            l=node("loop", mock={"output": [1, {"two": 2.5}]}),
            x=took(400),
            ask="approval",
            flaky=node(mock={"fail_attempts": 9, "error": "no"}, retry={"max_attempts": 3, "delay_ms": 9000}),
            call=node("sub_workflow", config={"workflow_id": "wf_1"}),
        )
    )
    play.advance(600)
    paused = play.start(graph("a -> b", a=took(100), b=took(100)))
    play.advance(50)
    play.pause(paused)
    return play


def spoiled(value: Json, way: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...], Json]]:
    """Every way to spoil one place: what happens to it, where, and the value to put there."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, held in inner:
        yield "remove", (*way, name), None
        for other in (None, True, 7, 2.5, "text", [], {}, [[]]):
            if type(other) is not type(held):
                yield "replace", (*way, name), other
        yield from spoiled(held, (*way, name))


def spoil(whole: Json, how: str, way: tuple[Any, ...], other: Json) -> bytes:
    copy = json.loads(json.dumps(whole))
    room = copy
    for step in way[:-1]:
        room = room[step]
    if how == "remove":
        del room[way[-1]]
    else:
        room[way[-1]] = other
    return json.dumps(copy).encode()


def test_a_snapshot_that_was_spoiled_anywhere_is_refused_or_of_use():
    play = busy()
    whole = json.loads(written(play))
    assert len(whole["executions"]) == 3
    refused = accepted = 0
    for how, way, other in spoiled(whole):
        raw = spoil(whole, how, way, other)
        fork = woken_or_none(raw, play)
        if fork is None:
            refused += 1
        else:
            accepted += 1
            use(fork)
    assert refused > 2000
    assert accepted > 200


def woken_or_none(raw: bytes, play: Play) -> Play | None:
    """The sandbox; none if the snapshot is refused in the right way."""
    try:
        return woken(raw, play)
    except InvalidInput as refused:
        places = [error["pointer"] for error in refused.errors]
        fits = (refused.code, len(places)) in (("broken_snapshot", 1), ("unknown_snapshot_version", 0))
    assert fits, places
    assert all(place == "" or place.startswith("/") for place in places), places
    return None


def use(fork: Play) -> None:
    """Do what one does with a sandbox."""
    written(fork)
    for _ in range(40):
        if not fork.step():
            break
    for execution in list(fork.box.store.executions):
        end(fork, execution)
    everything(fork)
    for workflow in fork.box.store.workflows:
        with suppress(CannotRun):
            fork.start(workflow)
    written(fork)


def end(fork: Play, execution: Execution) -> None:
    asked = [request["node_id"] for request in execution.waiting_for]
    run = execution.node(asked[0]) if asked else None
    if run is not None and run.status == "waiting" and execution.status in ("running", "waiting"):
        with suppress(InvalidInput):
            fork.answer(execution, run.node_id, {"decision": "approved"})
    if execution.status == "paused":
        fork.resume(execution)
    if not execution.is_final:
        fork.stop(execution)


def test_a_snapshot_that_was_cut_is_no_json():
    raw = written(busy())
    for end in [*range(0, len(raw) - 1, 97), len(raw) - 1]:
        with pytest.raises(MalformedInput) as refused:
            decode(raw[:end])
        assert refused.value.code == "malformed_json"
