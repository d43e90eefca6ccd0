"""Directing a sandbox, in and out."""

from __future__ import annotations

import math
from typing import Any

from marshmallow import INCLUDE, ValidationError, fields, validate, validates_schema

from ...config import MOST_RATE, PACES
from ...models.event import EXECUTION_EVENTS
from ...moments import LAST_MOMENT, from_iso
from ...web.current import NAME, NAME_RULE
from .base import Input, Output, Query, items_of, string, there, time, whole_number
from .checks import Checked, Messages, number, one_of, text, whole
from .executions import Event
from .faults import RuleShown

ADVANCES = ("seconds", "to", "until", "events")
"""The ways in which time may go on: exactly one of them."""


class Moment(fields.Field[int]):
    """A moment as ISO 8601, or in milliseconds since 1970 as JavaScript's ``Date.now()`` has it."""

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> int:
        moment = _read_moment(value)
        if not 0 <= moment < LAST_MOMENT:
            raise ValidationError("Must lie between the years 1970 and 9998.")
        return moment


def _read_moment(value: Any) -> int:
    """The moment in microseconds, in whole milliseconds."""
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return int(value) * 1000
    try:
        return from_iso(value) // 1000 * 1000
    except (TypeError, ValueError, OverflowError):
        message = "Must be a time such as 2026-01-01T09:00:00Z, or milliseconds since 1970."
        raise ValidationError(message) from None


_rate = number(least=0, most=MOST_RATE)


class ResetBody(Input):
    """How a sandbox begins anew; what is not given is as the server was started."""

    seed = Checked(whole(0, 2**53 - 1))
    scenario = Checked(text(1, 200))
    now = Moment()
    pace = Checked(one_of(*PACES))
    rate = Checked(_rate)


class ClockBody(Input):
    """What is to change about a clock."""

    pace = Checked(one_of(*PACES))
    rate = Checked(_rate)
    now = Moment()


class UntilBody(Input):
    """What is waited for: an event that has all of these."""

    execution_id = Checked(text(1, 200))
    event = Checked(one_of(*EXECUTION_EVENTS))
    node_id = Checked(text(1, 1000))
    status = Checked(text(1, 50))


class AdvanceBody(Input):
    """How far time is to go on."""

    seconds = Checked(number(least=0))
    to = Moment()
    until = fields.Nested(UntilBody)
    events = Checked(whole(1, 100_000))
    limit_seconds = Checked(number(least=0))

    @validates_schema
    def _check_one(self, data: dict[str, Any], **_: Any) -> None:
        if sum(name in data for name in ADVANCES) != 1:
            raise ValidationError(f"Give exactly one of {', '.join(ADVANCES)}.")
        if "limit_seconds" in data and "until" not in data:
            raise ValidationError("Only until has a limit.", "limit_seconds")


def _name(value: Any) -> Messages:
    return None if isinstance(value, str) and NAME.fullmatch(value) else f"Must be a name: {NAME_RULE}"


class SnapshotBody(Input):
    """The name of a snapshot that is to be taken."""

    name = Checked(_name, required=True)


class ForkBody(Input):
    """The name of the sandbox that is to go on from a snapshot."""

    sandbox = Checked(_name, required=True)


class RequestsQuery(Query):
    """Which of the requests in the log."""

    method = fields.String()
    path = fields.String()
    status = fields.Integer()
    rule = fields.String()
    limit = fields.Integer(validate=validate.Range(1))


class Clock(Output):
    """How time goes by in a sandbox."""

    pace = string()
    rate = there(fields.Float)
    now = time()


class Counts(Output):
    """How much a sandbox holds."""

    workflows = whole_number()
    executions = whole_number()
    templates = whole_number()
    files = whole_number()
    node_types = whole_number()
    events = whole_number()
    snapshots = whole_number()
    requests = whole_number()
    streams = whole_number()


class SandboxShown(Output):
    """A sandbox in the list of those that are alive."""

    sandbox = string()
    seed = whole_number()
    scenario = string()
    clock = there(fields.Nested, Clock)
    created_at = time()
    expires_at = time(allow_none=True)


class State(SandboxShown):
    """A sandbox as it is."""

    counts = there(fields.Nested, Counts)
    faults = there(fields.List, fields.Nested(RuleShown))
    limits = there(fields.Dict)


class Advanced(Output):
    """What happened while time went on."""

    now = time()
    reached = there(fields.Boolean)
    event_count = whole_number()
    events = there(fields.List, fields.Nested(Event))


class SnapshotShown(Output):
    """A snapshot in the list of those that a sandbox keeps."""

    name = string()
    taken_at = time()
    size = whole_number()


class SnapshotDocument(Output):
    """A snapshot as it is downloaded; what it holds is for this server to read."""

    class Meta:
        unknown = INCLUDE

    format = string()
    version = whole_number(1)


class RequestShown(Output):
    """A request in the log."""

    at = time()
    method = string()
    path = string()
    query = there(fields.String)
    status = fields.Integer(required=True, allow_none=True)
    ms = there(fields.Float)
    rule = fields.String(required=True, allow_none=True)


class ScenarioShown(Output):
    """What a sandbox can be filled with."""

    name = string()
    description = there(fields.String)


RESET = ResetBody()
CLOCK_BODY = ClockBody()
ADVANCE = AdvanceBody()
SNAPSHOT_BODY = SnapshotBody()
FORK = ForkBody()
REQUESTS_QUERY = RequestsQuery()

CLOCK = Clock()
STATE = State()
ADVANCED = Advanced()
SANDBOXES = items_of(SandboxShown)
SNAPSHOT = SnapshotShown()
SNAPSHOTS = items_of(SnapshotShown)
SNAPSHOT_DOCUMENT = SnapshotDocument()
REQUESTS = items_of(RequestShown)
SCENARIOS_SHOWN = items_of(ScenarioShown)
