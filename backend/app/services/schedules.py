"""Schedules: executions of workflows that begin when their time has come.

A schedule knows the one moment at which it is due next. Whoever lets time go on in a sandbox stops at that moment, and
has `fire` start what is due.

What schedules do follows from virtual time and from what people did to them, never from how often somebody looked or
into how many jumps the time was cut. So what bounds it is counted over all of it: when the schedules of a sandbox have
been due as often as they may be, they stop until one is made or changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo
from itertools import count
from typing import Any

from ..errors import InvalidInput, NotFound, UnderstudyError
from ..models.schedule import Schedule
from ..models.user import ANYONE, Viewer
from ..models.workflow import Workflow
from ..moments import LAST_MOMENT, MICROSECONDS, as_date, from_date
from ..nodes import cron
from ..sandbox import Sandbox
from . import paging
from .changes import check_count, is_same
from .executions import begin
from .paging import Keys, Listing, Page
from .permissions import sees
from .triggers import find_trigger

Json = Any

FIELDS = ("name", "cron", "timezone", "interval_seconds", "enabled", "node_id", "input")
"""What whoever makes a schedule says of it."""

SORTS: Keys = {
    "next_at": lambda schedule: schedule.next_at,
    "name": lambda schedule: schedule.name,
    "created_at": lambda schedule: schedule.created_at,
    "updated_at": lambda schedule: schedule.updated_at,
}
"""What schedules can be sorted by."""

_USUAL: dict[str, Json] = dict.fromkeys(FIELDS) | {"name": "", "timezone": "UTC", "enabled": True}


def create(sandbox: Sandbox, workflow_id: str, given: dict[str, Json]) -> dict[str, Json]:
    """A new schedule of a workflow, with any of `FIELDS`; it counts from now. Those that had stopped go on.

    :raises InvalidInput: ``bad_schedule``, with one entry for each culprit.
    :raises TooMany: ``too_many_schedules``.
    """
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        fields = _checked(sandbox, workflow, _USUAL, given, now)
        schedules, limits = sandbox.store.schedules, sandbox.limits
        check_count("schedules", len(schedules) + 1, limits.max_schedules, "max_schedules")
        key, number = sandbox.world.ids.numbered("sc")
        schedule = Schedule(
            id=key,
            number=number,
            workflow_id=workflow_id,
            next_at=None,
            created_at=now,
            updated_at=now,
            **fields,
        )
        schedule.next_at = _following(schedule, now)
        schedules.add(schedule)
        _go_on(sandbox, now)
        return schedule.as_dict()


def list_schedules(sandbox: Sandbox, listing: Listing, *, viewer: Viewer = ANYONE) -> Page:
    """The schedules of all workflows that somebody sees, the next one first; the filter is ``workflow_id``."""
    paging.check(listing, sandbox.limits, SORTS)
    with sandbox.view():
        workflows = sandbox.store.workflows
        seen = [one for one in sandbox.store.schedules if sees(sandbox, viewer, workflows.get(one.workflow_id))]
        filters: Keys = {"workflow_id": lambda schedule: schedule.workflow_id}
        found = paging.select(seen, listing, filters=filters, texts=lambda schedule: [schedule.name])
        return paging.paginate(
            found, listing, Schedule.as_dict, sorts=SORTS, default="next_at", number=lambda schedule: schedule.number
        )


def list_of(sandbox: Sandbox, workflow_id: str) -> list[dict[str, Json]]:
    """The schedules of a workflow, oldest first."""
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        return [schedule.as_dict() for schedule in sandbox.store.schedules.of(workflow.id)]


def get(sandbox: Sandbox, workflow_id: str, schedule_id: str) -> dict[str, Json]:
    """A schedule of a workflow.

    :raises NotFound: if there is none.
    """
    with sandbox.view():
        return _find(sandbox, workflow_id, schedule_id).as_dict()


def patch(sandbox: Sandbox, workflow_id: str, schedule_id: str, given: dict[str, Json]) -> dict[str, Json]:
    """Change some of `FIELDS`. Another rule counts anew from now, and so does a schedule that is enabled again.

    Schedules that had stopped go on, even if nothing else changes.

    :raises InvalidInput: ``bad_schedule``, with one entry for each culprit.
    """
    with sandbox.turn() as now:
        schedule = _find(sandbox, workflow_id, schedule_id)
        before = {name: getattr(schedule, name) for name in FIELDS}
        fields = _checked(sandbox, sandbox.store.workflows.get(workflow_id), before, given, now)
        if not is_same(before, fields):
            rule = (schedule.rule, schedule.enabled)
            for name, value in fields.items():
                setattr(schedule, name, value)
            schedule.updated_at = now
            if (schedule.rule, schedule.enabled) != rule:
                _move(sandbox, schedule, _following(schedule, now))
        _go_on(sandbox, now)
        return schedule.as_dict()


def delete(sandbox: Sandbox, workflow_id: str, schedule_id: str) -> None:
    """Delete a schedule; what it has started goes on.

    :raises NotFound: if there is none.
    """
    with sandbox.turn():
        sandbox.store.schedules.remove(_find(sandbox, workflow_id, schedule_id).id)


def fire(sandbox: Sandbox, at: int) -> None:
    """Have the schedules that are due at a moment start their workflows, the oldest schedule first; within a turn."""
    schedules = sandbox.store.schedules
    for schedule in schedules.due_at(at):
        if schedules.due_count >= sandbox.limits.max_fired:
            _stop(sandbox)
            return
        schedules.due_count += 1
        _start(sandbox, schedule, at)


def _start(sandbox: Sandbox, schedule: Schedule, at: int) -> None:
    schedule.last_at = at
    # It goes on whatever comes of this, so that it is not due for ever.
    _move(sandbox, schedule, _following(schedule, at))
    try:
        workflow = sandbox.store.workflows.get(schedule.workflow_id)
        _check_trigger(sandbox, workflow, schedule.node_id)
        execution = begin(sandbox, workflow, at, mode="schedule", given=schedule.input, start_node=schedule.node_id)
    except UnderstudyError as error:
        schedule.missed += 1
        first = error.errors[0]["message"] if error.errors else error.message
        schedule.last_error = {"code": error.code, "message": first}
    else:
        schedule.fired += 1
        schedule.last_execution_id = execution.id
        schedule.last_error = None


def _check_trigger(sandbox: Sandbox, workflow: Workflow, node_id: str | None) -> None:
    """Refuse to begin at what was a trigger when the schedule was made, and is none any more."""
    for _, message in _faults_of_node(sandbox, workflow, node_id):
        raise InvalidInput(message, code="bad_schedule")


def _stop(sandbox: Sandbox) -> None:
    """Have no schedule be due any more, and each say why."""
    most = sandbox.limits.max_fired
    message = f"Schedules have been due {most} times (setting max_fired) since one was last made or changed."
    for schedule in sandbox.store.schedules:
        if schedule.next_at is not None:
            schedule.last_error = {"code": "limit_reached", "message": message}
            _move(sandbox, schedule, None)


def _go_on(sandbox: Sandbox, now: int) -> None:
    """Count anew how often schedules are due; those that had stopped count from now."""
    schedules = sandbox.store.schedules
    schedules.due_count = 0
    for schedule in schedules:
        if schedule.next_at is None:
            _move(sandbox, schedule, _following(schedule, now))


def _move(sandbox: Sandbox, schedule: Schedule, moment: int | None) -> None:
    before, schedule.next_at = schedule.next_at, moment
    sandbox.store.schedules.moved(schedule, before)


def _following(schedule: Schedule, moment: int) -> int | None:
    """When it is due after a moment; ``None`` if it is not enabled, or time ends before."""
    if not schedule.enabled:
        return None
    following = next(_moments(schedule, moment), None)
    return None if following is None or following > LAST_MOMENT else following


def _moments(schedule: Schedule, after: int) -> Iterator[int]:
    """All moments of its rule after another one."""
    if schedule.cron is None:
        assert schedule.interval_seconds is not None, "A schedule goes by an interval, or by an expression."
        step = schedule.interval_seconds * MICROSECONDS
        return count(after + step, step)
    stamp = as_date(after).astimezone(cron.read_zone(schedule.timezone))
    return map(from_date, cron.moments(schedule.cron, stamp))


def _find(sandbox: Sandbox, workflow_id: str, schedule_id: str) -> Schedule:
    sandbox.store.workflows.get(workflow_id)
    schedule = sandbox.store.schedules.find(schedule_id)
    if schedule is None or schedule.workflow_id != workflow_id:
        raise NotFound("schedule", schedule_id)
    return schedule


def _checked(
    sandbox: Sandbox, workflow: Workflow, before: dict[str, Json], given: dict[str, Json], now: int
) -> dict[str, Json]:
    """The fields after a change; who gives one of the two rules takes the other one away."""
    others = {"cron": "interval_seconds", "interval_seconds": "cron"}
    replaced = {other: None for name, other in others.items() if given.get(name) is not None}
    fields = before | replaced | given
    faults = [*_faults_of_rule(fields, now), *_faults_of_node(sandbox, workflow, given.get("node_id"))]
    culprits = [{"pointer": f"/{name}", "message": message} for name, message in faults]
    if culprits:
        raise InvalidInput("The schedule does not fit: " + culprits[0]["message"], culprits, code="bad_schedule")
    return fields


def _faults_of_rule(fields: dict[str, Json], now: int) -> Iterator[tuple[str, str]]:
    """What is wrong with when it is due, by the name of the field."""
    given = [name for name in ("cron", "interval_seconds") if fields[name] is not None]
    if len(given) != 1:
        yield given[-1] if given else "cron", "Give either cron or interval_seconds."
    zone: tzinfo = UTC
    try:
        zone = cron.read_zone(fields["timezone"])
    except ValueError as error:
        yield "timezone", str(error)
    if fields["cron"] is not None:
        try:
            cron.next_moment(fields["cron"], as_date(now).astimezone(zone))
        except ValueError as error:
            yield "cron", str(error)


def _faults_of_node(sandbox: Sandbox, workflow: Workflow, node_id: str | None) -> Iterator[tuple[str, str]]:
    if node_id is not None and find_trigger(sandbox, workflow, node_id) is None:
        yield "node_id", f"Workflow '{workflow.id}' has no trigger '{node_id}', or it is disabled."
