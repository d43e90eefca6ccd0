"""Letting the time of a sandbox go on: by so much, to a moment, until something happens, event by event.

Time goes from one due fact to the next. Several events may happen at one moment; where an advance stops in front of
some of them, they have happened all the same, and the next advance tells them first. So the events that advances tell,
one after another, are all that happened in them, as far as the log keeps them and one answer holds them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import InvalidInput
from ..models.event import EXECUTION_EVENTS, NODE_EVENTS, Event, as_wire, status_after
from ..models.execution import EXECUTION_TRANSITIONS, NODE_TRANSITIONS, Execution
from ..moments import LAST_MOMENT, iso
from ..sandbox import Sandbox
from .controls import check_forward

Json = Any

LIMIT_SECONDS = 86_400
"""How much virtual time something is waited for, unless the caller says otherwise: a day."""


_WITHOUT_NODE = (
    "execution.created",
    "execution.started",
    "execution.paused",
    "execution.resumed",
    "execution.completed",
    "connection.delivered",
)
"""Events that never name a node."""


def by(sandbox: Sandbox, seconds: float) -> dict[str, Json]:
    """Let so many virtual seconds go by.

    :raises InvalidInput: ``clock_too_far``.
    """
    with sandbox.turn() as now:
        return _run(sandbox, now, now + _microseconds(seconds))


def to(sandbox: Sandbox, moment: int) -> dict[str, Json]:
    """Let time go on to a moment.

    :raises InvalidInput: ``clock_backwards``, ``clock_too_far``.
    """
    with sandbox.turn() as now:
        return _run(sandbox, now, moment)


def step(sandbox: Sandbox, count: int) -> dict[str, Json]:
    """Let time go on until so many further events have happened; where nothing is due any more, it stands."""
    with sandbox.turn():
        course = Course(sandbox)
        left = count - len(course.events)
        while left > 0 and (due := sandbox.next_due()) is not None:
            left -= len(course.run_to(due))
        return course.told(count if left <= 0 else None, reached=left <= 0)


def until(sandbox: Sandbox, wanted: dict[str, Json], limit_seconds: float = LIMIT_SECONDS) -> dict[str, Json]:
    """Let time go on until an event happens that has all that is wanted, or until the limit.

    A status that already holds is reached at once, and so is an event of an execution that is over. Where the execution
    that is meant ends otherwise, time stands then.

    :param wanted: any of ``execution_id``, ``event`` (its type), ``node_id``, ``status``: of the node if one is
        named, else of the execution.
    :param limit_seconds: of virtual time.
    :raises NotFound: if there is no such execution.
    :raises InvalidInput: ``bad_until``, if nothing could ever be so; ``clock_too_far``.
    """
    _check_wanted(wanted)
    with sandbox.turn() as now:
        execution = _execution(sandbox, wanted)
        course, fits = Course(sandbox), _make_test(wanted)
        limit = now + _microseconds(limit_seconds)
        check_forward(limit, now)
        place = _find(course.events, fits)
        if place is None and _holds(sandbox, execution, wanted, fits):
            return course.told(0, reached=True)
        while place is None and not (execution is not None and execution.is_final):
            due = sandbox.next_due()
            if due is None or due > limit:
                course.run_to(limit)
                break
            before = len(course.events)
            found = _find(course.run_to(due), fits)
            place = None if found is None else before + found
        return course.told(None if place is None else place + 1, reached=place is not None)


class Course:
    """What happens while time goes on, from what the last advance left untold."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._log = sandbox.store.log
        self._cursor = self._log.cursor
        left = sandbox.untold
        self.events = [event for event in self._told_after(left.start - 1) if event.cursor in left] if left else []

    def run_to(self, moment: int) -> list[Event]:
        """Let time go on to a moment; gives what happened on the way."""
        self._sandbox.run_to(moment)
        happened = self._told_after(self._cursor)
        self._cursor = self._log.cursor
        self.events += happened
        return happened

    def _told_after(self, cursor: int) -> list[Event]:
        """What executions did; a workflow is changed by somebody, who may do so beside this, and not by time."""
        return [event for event in self._log.after(cursor) if event.execution is not None]

    def told(self, count: int | None = None, *, reached: bool) -> dict[str, Json]:
        """The answer: the first so many events (``None``: all), and when it is now."""
        told = self.events[:count]
        rest = self.events[len(told) :]
        self._sandbox.untold = range(rest[0].cursor, rest[-1].cursor + 1) if rest else range(0)
        most = self._sandbox.limits.max_events_told
        return {
            "now": iso(self._sandbox.now()),
            "reached": reached,
            "event_count": len(told),
            "events": [as_wire(event) for event in told[-most:]],
        }


def _run(sandbox: Sandbox, now: int, moment: int) -> dict[str, Json]:
    check_forward(moment, now)
    course = Course(sandbox)
    course.run_to(moment)
    return course.told(reached=True)


def _microseconds(seconds: float) -> int:
    """In whole milliseconds, finer than which no moment is; what is too much for a number is just too much."""
    return round(min(seconds, LAST_MOMENT) * 1000) * 1000


def _check_wanted(wanted: dict[str, Json]) -> None:
    if not wanted:
        raise _unlike("", "Say what to wait for: execution_id, event, node_id, status.")
    kind, status = wanted.get("event"), wanted.get("status")
    if kind is not None and kind not in EXECUTION_EVENTS:
        raise _unlike("/event", f"'{kind}' is no event of an execution; there are {', '.join(EXECUTION_EVENTS)}.")
    statuses = NODE_TRANSITIONS if _is_about_node(wanted) else EXECUTION_TRANSITIONS
    if status is not None and status not in statuses:
        raise _unlike("/status", f"'{status}' is none of: {', '.join(statuses)}.")
    if kind is not None and status is not None and status != status_after(kind):
        raise _unlike("/status", f"After {kind}, the status is never '{status}'.")
    if kind in _WITHOUT_NODE and "node_id" in wanted:
        raise _unlike("/node_id", f"{kind} is about no node.")


def _unlike(pointer: str, message: str) -> InvalidInput:
    return InvalidInput(message, [{"pointer": f"/until{pointer}", "message": message}], code="bad_until")


def _is_about_node(wanted: dict[str, Json]) -> bool:
    return "node_id" in wanted or wanted.get("event") in NODE_EVENTS


def _execution(sandbox: Sandbox, wanted: dict[str, Json]) -> Execution | None:
    key = wanted.get("execution_id")
    if key is None:
        return None
    execution = sandbox.store.executions.get(key)
    node_id = wanted.get("node_id")
    if node_id is not None and execution.node(node_id) is None:
        raise _unlike("/node_id", f"Execution '{key}' has no node '{node_id}'.")
    return execution


def _holds(sandbox: Sandbox, named: Execution | None, wanted: dict[str, Json], fits: Callable[[Event], bool]) -> bool:
    """Whether what is wanted is so already; events are those to come, unless none can come any more."""
    if "event" in wanted:
        return named is not None and named.is_final and any(fits(event) for event in named.events)
    if "status" not in wanted:
        return False
    node_id = wanted.get("node_id")
    meant = _meant(sandbox, node_id) if named is None else [named]
    shown = [one.status if node_id is None else _status_of(one, node_id) for one in meant]
    return wanted["status"] in shown


def _meant(sandbox: Sandbox, node_id: str | None) -> list[Execution]:
    """The executions that are meant where none is named: those under way, else of a node the latest that has it."""
    every = [one for one in sandbox.store.executions if node_id is None or one.node(node_id) is not None]
    return [one for one in every if not one.is_final] or (every[-1:] if node_id is not None else [])


def _status_of(execution: Execution, node_id: str) -> str | None:
    run = execution.node(node_id)
    return None if run is None else run.status


def _make_test(wanted: dict[str, Json]) -> Callable[[Event], bool]:
    about_node = _is_about_node(wanted)
    tests: dict[str, Callable[[Event], Any]] = {
        "execution_id": lambda event: event.execution_id,
        "event": lambda event: event.type,
        "node_id": lambda event: event.node_id,
        "status": lambda event: status_after(event.type) if (event.type in NODE_EVENTS) == about_node else None,
    }
    chosen = [(tests[name], value) for name, value in wanted.items()]

    def fits(event: Event) -> bool:
        return all(look(event) == value for look, value in chosen)

    return fits


def _find(events: list[Event], fits: Callable[[Event], bool]) -> int | None:
    return next((place for place, event in enumerate(events) if fits(event)), None)
