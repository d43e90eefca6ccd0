"""Directing a sandbox, in and out."""

from __future__ import annotations

import math
from typing import Any

from marshmallow import INCLUDE, ValidationError, fields, validate, validates_schema

from ...config import MOST_RATE, PACES
from ...models.event import EXECUTION_EVENTS
from ...moments import LAST_MOMENT, from_iso
from ...web.checks import Check, Checked, Messages, ToldField, each, number, one_of, text, whole
from ...web.current import NAME, NAME_RULE
from ...web.schemas import Input, Output, Query, described, items_of, string, there, time, whole_number
from .events import EVENT
from .faults import Rule

ADVANCES = ("seconds", "to", "until", "events")
"""The ways in which time may go on: exactly one of them."""


class Moment(ToldField):
    """A moment as ISO 8601, or in milliseconds since 1970 as JavaScript's ``Date.now()`` has it."""

    json_schema = {
        "anyOf": [
            {"type": "string", "format": "date-time"},
            {"type": "number", "minimum": 0, "exclusiveMaximum": LAST_MOMENT // 1000},
        ]
    }

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

PACE = (
    "How time goes by: as outside (`real`), at a rate (`fast`), only when told (`stopped`), at once to the end of all "
    "executions (`instant`), or whenever somebody waits for something (`auto`)."
)
RATE = "Virtual seconds per real second, for pace `fast`; given alone, it chooses the pace that fits."


class ResetBody(Input):
    """How a sandbox begins anew; what is not given is as the server was started."""

    seed = Checked(whole(0, 2**53 - 1), metadata=described("From which all chance and all ids of the sandbox follow."))
    scenario = Checked(text(1, 200), metadata=described("What it is filled with: the name of a scenario."))
    now = Moment(metadata=described("Where its clock begins: ISO 8601, or milliseconds since 1970."))
    pace = Checked(one_of(*PACES), metadata=described(PACE))
    rate = Checked(_rate, metadata=described(RATE))


class ClockBody(Input):
    """What is to change about a clock."""

    pace = Checked(one_of(*PACES), metadata=described(PACE))
    rate = Checked(_rate, metadata=described(RATE))
    now = Moment(
        metadata=described(
            "The moment to go on to first, never back: ISO 8601, or milliseconds since 1970. What is due until then "
            "happens."
        )
    )


class UntilBody(Input):
    """What is waited for: an event that has all of these."""

    execution_id = Checked(text(1, 200), metadata=described("The execution that the event tells of."))
    event = Checked(one_of(*EXECUTION_EVENTS), metadata=described("The type of the event."))
    node_id = Checked(text(1, 1000), metadata=described("The node that the event tells of."))
    status = Checked(
        text(1, 50),
        metadata=described("The status that the event leaves: of the node if it tells of one, else of the execution."),
    )


class AdvanceBody(Input):
    """How far time is to go on."""

    seconds = Checked(number(least=0), metadata=described("How many virtual seconds go by, to the millisecond."))
    to = Moment(metadata=described("The moment to go on to, never back: ISO 8601, or milliseconds since 1970."))
    until = fields.Nested(
        UntilBody, metadata=described("What is waited for; time stands at the moment at which it happens.")
    )
    events = Checked(
        whole(1, 100_000), metadata=described("How many events are to happen; fewer do if nothing is due any more.")
    )
    limit_seconds = Checked(
        number(least=0), metadata=described("How many virtual seconds `until` is waited for; a day if nothing is said.")
    )
    rules = {
        "oneOf": [{"required": [name]} for name in ADVANCES],
        "dependentRequired": {"limit_seconds": ["until"]},
    }

    @validates_schema
    def _check_one(self, data: dict[str, Any], **_: Any) -> None:
        if sum(name in data for name in ADVANCES) != 1:
            raise ValidationError(f"Give exactly one of {', '.join(ADVANCES)}.")
        if "limit_seconds" in data and "until" not in data:
            raise ValidationError("Only until has a limit.", "limit_seconds")


def _find_in_name(value: Any) -> Messages:
    return None if isinstance(value, str) and NAME.fullmatch(value) else f"Must be a name: {NAME_RULE}"


_name = Check(_find_in_name, {"type": "string", "pattern": f"^{NAME.pattern}$"})


class SnapshotBody(Input):
    """The name of a snapshot that is to be taken."""

    name = Checked(
        _name, required=True, metadata=described("By which the snapshot is found again; one that is taken is refused.")
    )


class ForkBody(Input):
    """The name of the sandbox that is to go on from a snapshot."""

    sandbox = Checked(
        _name, required=True, metadata=described("The sandbox that is made; none of this name may be alive.")
    )


class RequestsQuery(Query):
    """Which of the requests in the log."""

    method = fields.String(metadata=described("Only requests with this method, in upper or lower case."))
    path = fields.String(
        metadata=described(
            "Only requests whose path fits this glob, such as `*/status`, with or without the prefix of the sandbox."
        )
    )
    status = fields.Integer(metadata=described("Only requests that were answered with this status."))
    rule = fields.String(metadata=described("Only requests that this bent: the id of a rule, `prefer` or `latency`."))
    limit = fields.Integer(validate=validate.Range(1), metadata=described("Only so many, the latest."))


class Clock(Output):
    """How time goes by in a sandbox."""

    pace = string(about=PACE, validate=validate.OneOf(PACES))
    rate = there(fields.Float, about="Virtual seconds per real second; 0 where time stands by itself.")
    now = time(about="When it is in the sandbox.")


class Counts(Output):
    """How much a sandbox holds."""

    workflows = whole_number(about="How many workflows there are.")
    executions = whole_number(about="How many executions are kept, those under way among them.")
    templates = whole_number(about="How many templates there are.")
    files = whole_number(about="How many files there are.")
    node_types = whole_number(about="How many node types of one's own there are.")
    events = whole_number(about="How many events have happened since the log began: its last cursor.")
    snapshots = whole_number(about="How many snapshots are kept.")
    requests = whole_number(about="How many requests the request log has.")
    streams = whole_number(about="How many streams are open.")


class SandboxSummary(Output):
    """A sandbox in the list of those that are alive."""

    sandbox = string(about="The name by which it is chosen.")
    seed = whole_number(about="From which all its chance and its ids follow.")
    scenario = string(about="What it was filled with.")
    clock = there(fields.Nested, Clock, about="How time goes by in it.")
    created_at = time(about="When it came to life, in real time.")
    expires_at = time(
        allow_none=True, about="When it is forgotten if nobody uses it before, in real time; `null` if never."
    )


class SandboxState(SandboxSummary):
    """A sandbox as it is."""

    counts = there(fields.Nested, Counts, about="How much it holds.")
    faults = there(
        fields.List,
        fields.Nested(Rule),
        about="The rules that bend its requests, nodes and streams, in the order in which they are asked.",
    )
    limits = there(fields.Dict, about="Every limit, by the name of its setting.")


class Advanced(Output):
    """What happened while time went on."""

    now = time(about="When it is in the sandbox now.")
    reached = there(
        fields.Boolean, about="Whether what was asked for has come about; only `until` and `events` may end without it."
    )
    event_count = whole_number(about="How many events happened.")
    events = Checked(
        each(EVENT),
        required=True,
        metadata=described("What happened, oldest first; of more than the limit `max_events_told` the latest."),
    )


class Snapshot(Output):
    """A snapshot in the list of those that a sandbox keeps."""

    name = string(about="By which it is restored, forked, downloaded or deleted.")
    taken_at = time(about="The virtual moment that it shows.")
    size = whole_number(about="How many bytes its document has.")


class SnapshotDocument(Output):
    """A snapshot as it is downloaded; what it holds is for this server to read."""

    class Meta:
        unknown = INCLUDE

    format = string(about="What this document is: `understudy-snapshot`.")
    version = whole_number(1, about="The version of the format; a server reads its own only.")


class LoggedRequest(Output):
    """A request in the log."""

    at = time(about="When it was answered, in virtual time.")
    method = string(about="The HTTP method, in capitals.")
    path = string(about="What was asked for, without the prefix of the sandbox.")
    query = there(fields.String, about="The query parameters as they were sent, without the question mark.")
    status = there(
        fields.Integer,
        allow_none=True,
        about="The status of the answer; `null` if the connection was broken on purpose.",
    )
    ms = there(fields.Float, about="Real milliseconds until the answer, the delays of faults among them.")
    rule = there(
        fields.String,
        allow_none=True,
        about="What bent it: the id of a rule, `prefer` or `latency`; `null` if nothing did.",
    )


class Scenario(Output):
    """What a sandbox can be filled with."""

    name = string(about="By which a reset asks for it.")
    description = there(fields.String, about="What a sandbox has in it then.")


RESET = ResetBody()
CLOCK_BODY = ClockBody()
ADVANCE = AdvanceBody()
SNAPSHOT_BODY = SnapshotBody()
FORK = ForkBody()
REQUESTS_QUERY = RequestsQuery()

CLOCK = Clock()
STATE = SandboxState()
ADVANCED = Advanced()
SANDBOXES = items_of(SandboxSummary, "The sandboxes that are alive, by name.")
SNAPSHOT = Snapshot()
SNAPSHOTS = items_of(Snapshot, "The snapshots, in the order in which they came.")
SNAPSHOT_DOCUMENT = SnapshotDocument()
REQUESTS = items_of(LoggedRequest, "The latest requests, oldest first.")
SCENARIOS_SHOWN = items_of(Scenario, "The scenarios, the usual one first.")
