"""Reading the log: the events of an execution, of a workflow, of a whole sandbox.

An execution's are read by ``seq``, and it keeps all of them. Those of a workflow and of the sandbox are read by
``cursor`` from the sandbox's log, which forgets the oldest when there are too many.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final, Literal, NamedTuple

from ..errors import Conflict, NotFound
from ..models.event import Event, as_wire
from ..models.user import ANYONE, Viewer
from ..sandbox import Sandbox
from ..store.base import EventLog
from .permissions import check, is_told, sees
from .waiting import Patience

Json = Any

LATEST: Final = "latest"
"""The place where a log ends at the moment."""

STEP = 1000
"""How many events one look goes through: others wait for the lock as long as it lasts."""

Place = int | Literal["latest"]
"""Where in a log somebody is: the ``seq`` or ``cursor`` of the last event that was read, 0 before the first."""


class Reading(NamedTuple):
    """What one look into a log gave."""

    events: list[Event]
    """Oldest first."""
    place: int
    """How far was looked, which may be beyond the last of the events: reading goes on from here."""
    is_behind: bool = False
    """Whether there is more to look at already."""
    is_over: bool = False
    """Whether nothing will come after these events: the execution has ended, the workflow is not there."""


Look = Callable[[Place, int], Reading]
"""A look into a log, within a view: what comes after a place, at most so many events.

A place that is ahead of the log, as it is after a reset, begins at the start.
"""


def of_execution(
    sandbox: Sandbox, execution_id: str, after: Place = 0, limit: int = STEP, *, viewer: Viewer = ANYONE
) -> Reading:
    """Look for the events of an execution; within a view.

    :param after: a ``seq``.
    :raises NotFound: if there is no such execution, or none for this viewer.
    """
    check(sandbox, viewer, "execution", execution_id)
    execution = sandbox.store.executions.get(execution_id)
    log = execution.events
    start = _start(after, len(log))
    events = log[start : start + limit]
    place = start + len(events)
    is_behind = place < len(log)
    return Reading(events, place, is_behind, execution.is_final and not is_behind)


def of_workflow(
    sandbox: Sandbox, workflow_id: str, after: Place = 0, limit: int = STEP, *, viewer: Viewer = ANYONE
) -> Reading:
    """Look for the events of a workflow: those of all its executions, and the changes of its document; within a view.

    Of a workflow that was deleted there are those that the log still has.

    :param after: a ``cursor``.
    :raises Conflict: ``events_forgotten``.
    """
    reading = of_sandbox(sandbox, after, viewer=viewer)
    events = [event for event in reading.events if event.workflow_id == workflow_id]
    if len(events) > limit:
        events = events[:limit]
        reading = reading._replace(place=events[-1].cursor, is_behind=True)
    workflow = sandbox.store.workflows.find(workflow_id)
    is_gone = workflow is None or not sees(sandbox, viewer, workflow)
    return reading._replace(events=events, is_over=is_gone and not reading.is_behind)


def check_workflow(sandbox: Sandbox, workflow_id: str, after: Place, viewer: Viewer = ANYONE) -> None:
    """Within a view: refuse to read of a workflow that is not there for a viewer.

    Whoever read of it before it was deleted is told the last of it, and only then that it is gone.

    :raises NotFound: if there is no such workflow, and nothing to tell of it.
    """
    workflow = sandbox.store.workflows.find(workflow_id)
    if workflow is not None and sees(sandbox, viewer, workflow):
        return
    rest = sandbox.store.log.after(after) if after and after != LATEST else []
    if not any(event.workflow_id == workflow_id and is_told(sandbox, viewer, event) for event in rest):
        raise NotFound("workflow", workflow_id)


def of_sandbox(sandbox: Sandbox, after: Place = 0, limit: int = STEP, *, viewer: Viewer = ANYONE) -> Reading:
    """Look for the events of a sandbox that a viewer is told of; within a view.

    :param after: a ``cursor``.
    :raises Conflict: ``events_forgotten``, if some behind that place are not there any more. From the start, there is
        what is left.
    """
    log = sandbox.store.log
    start = _start(after, log.cursor)
    check_kept(log, start)
    limit = min(limit, STEP)
    events = log.after(start, limit)
    # A portion that ends where the log does has nothing behind it.
    is_behind = len(events) == limit and bool(events) and events[-1].cursor < log.cursor
    # Events of executions that were removed are left out, so the end of the log may be further than the last of them.
    place = events[-1].cursor if is_behind else log.cursor
    told = events if viewer.sees_all else [event for event in events if is_told(sandbox, viewer, event)]
    return Reading(told, place, is_behind)


def execution_events(
    sandbox: Sandbox,
    execution_id: str,
    *,
    after: Place = 0,
    wait: float = 0.0,
    limit: int = STEP,
    viewer: Viewer = ANYONE,
) -> dict[str, Json]:
    """The events of an execution after a ``seq``: ``{items, last_seq}``; going on at ``last_seq`` loses none.

    :param wait: real seconds to wait for one, if there is none yet and the execution goes on.
    """
    reading = _read(sandbox, partial(of_execution, sandbox, execution_id, viewer=viewer), after, limit, wait)
    return {"items": _shown(reading), "last_seq": reading.place}


def workflow_events(
    sandbox: Sandbox,
    workflow_id: str,
    *,
    after: Place = 0,
    wait: float = 0.0,
    limit: int = STEP,
    viewer: Viewer = ANYONE,
) -> dict[str, Json]:
    """The events of a workflow after a ``cursor``: ``{items, last_cursor}``; going on at ``last_cursor`` loses none.

    :param wait: real seconds to wait for one, if there is none yet.
    :raises NotFound: as `check_workflow` does.
    """
    with sandbox.view():
        check_workflow(sandbox, workflow_id, after, viewer)
    reading = _read(sandbox, partial(of_workflow, sandbox, workflow_id, viewer=viewer), after, limit, wait)
    if not reading.events:
        # It may have been deleted, or the sandbox have been set back, while somebody waited.
        with sandbox.view():
            check_workflow(sandbox, workflow_id, reading.place, viewer)
    return {"items": _shown(reading), "last_cursor": reading.place}


def sandbox_events(
    sandbox: Sandbox, *, after: Place = 0, wait: float = 0.0, limit: int = STEP, viewer: Viewer = ANYONE
) -> dict[str, Json]:
    """All events of a sandbox after a ``cursor``: ``{items, last_cursor}``; going on at ``last_cursor`` loses none.

    :param viewer: who is told only of what they see.
    :param wait: real seconds to wait for one, if there is none yet.
    """
    reading = _read(sandbox, partial(of_sandbox, sandbox, viewer=viewer), after, limit, wait)
    return {"items": _shown(reading), "last_cursor": reading.place}


def check_kept(log: EventLog, after: int) -> None:
    """Refuse a place from which nobody can go on without a gap; from the start, everybody gets what is left.

    :raises Conflict: ``events_forgotten``, with the ``oldest`` cursor that is kept.
    """
    if 0 < after < log.forgotten:
        raise Conflict(
            f"Events up to cursor {log.forgotten} are kept no more, so a reader at {after} would miss some. "
            "Read again what it is about, and go on from after=latest.",
            code="events_forgotten",
            oldest=log.forgotten + 1,
        )


def _read(sandbox: Sandbox, look: Look, after: Place, limit: int, wait: float) -> Reading:
    """Look until there are as many events as are wanted or the log ends; if there are none by then, wait for one."""
    patience = Patience(wait)
    store, found = sandbox.store, list[Event]()
    while True:
        with sandbox.view():
            if store is not sandbox.store:
                # It was reset or restored meanwhile: a place in the log from before says nothing about this one.
                store, after, found = sandbox.store, 0, []
            seen, reading = sandbox.changes, look(after, limit - len(found))
        after = reading.place
        found += reading.events
        if reading.is_behind and len(found) < limit:
            continue
        if found or reading.is_over or patience.left <= 0:
            return reading._replace(events=found)
        sandbox.wait(patience.left, seen)


def _start(after: Place, end: int) -> int:
    if after == LATEST:
        return end
    return after if after <= end else 0


def _shown(reading: Reading) -> list[dict[str, Json]]:
    return [as_wire(event) for event in reading.events]
