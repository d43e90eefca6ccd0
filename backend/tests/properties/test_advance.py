"""However time is moved, the same happens, and what advances tell one after another is all of it."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from app.errors import CannotRun
from app.models.event import as_wire
from app.services import advance

from ..unit.engine.conftest import Play
from .graphs import Drawing, drawings
from .oracle import GIVEN
from .test_machine_properties import examples

Json = Any

WANTED = [
    {"event": "node.completed"},
    {"event": "node.started"},
    {"event": "connection.delivered"},
    {"event": "node.retrying"},
    {"status": "completed"},
    {"node_id": "n1", "status": "completed"},
    {"node_id": "n2", "event": "node.started"},
]

moves = st.lists(
    st.one_of(
        st.tuples(st.just("by"), st.integers(0, 60).map(lambda tenths: tenths / 100)),
        st.tuples(st.just("step"), st.integers(1, 7)),
        st.tuples(st.just("until"), st.sampled_from(WANTED)),
    ),
    max_size=12,
)


def begun(drawing: Drawing) -> Play:
    """An execution that has just started, in a sandbox that stands still."""
    play = Play()
    try:
        play.start(drawing.graph(), input=GIVEN)
    except CannotRun:
        assume(False)  # There is nothing in it but notes.
    return play


def move(play: Play, kind: str, how: Any) -> Json:
    """Let time go on in one of the ways."""
    if kind == "by":
        return advance.by(play.box, how)
    if kind == "step":
        return advance.step(play.box, how)
    return advance.until(play.box, how, 3600)


@examples(150)
@given(drawings(), moves)
def test_advances_tell_everything_once_and_in_order(drawing: Drawing, moves: list[tuple[str, Any]]) -> None:
    play = begun(drawing)
    before = play.box.store.log.cursor
    told = [event for kind, how in moves for event in move(play, kind, how)["events"]]
    told += advance.by(play.box, 86_400)["events"]
    assert told == [as_wire(event) for event in play.box.store.log.after(before)]


@examples(100)
@given(drawings(), moves)
def test_however_time_is_moved_the_same_happens(drawing: Drawing, moves: list[tuple[str, Any]]) -> None:
    many, one = begun(drawing), begun(drawing)
    for kind, how in moves:
        move(many, kind, how)
    for play in (many, one):
        advance.by(play.box, 86_400)
    logs = [[as_wire(event) for event in play.box.store.log.after(0)] for play in (many, one)]
    assert logs[0] == logs[1]


@examples(100)
@given(drawings(), moves)
def test_the_last_event_is_the_one_that_was_waited_for(drawing: Drawing, moves: list[tuple[str, Any]]) -> None:
    play = begun(drawing)
    for kind, how in moves:
        answer = move(play, kind, how)
        if kind == "step":
            assert answer["reached"] == (len(answer["events"]) == how)
        if kind == "until" and answer["reached"] and not answer["events"]:
            (execution,) = play.box.store.executions
            assert execution.node(how["node_id"]).status == how["status"]
        elif kind == "until" and answer["reached"]:
            last = answer["events"][-1]
            assert "event" not in how or last["type"] == how["event"]
            assert "node_id" not in how or last["data"]["node_id"] == how["node_id"]
