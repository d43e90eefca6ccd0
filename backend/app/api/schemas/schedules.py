"""Schedules, in and out."""

from __future__ import annotations

from marshmallow import fields

from ...models.schedule import LONGEST_INTERVAL
from ...web.checks import Checked, boolean, one_of, or_null, shape, text, whole
from ...web.schemas import (
    Input,
    Output,
    anything,
    checked,
    described,
    items_of,
    page_of,
    string,
    there,
    time,
    whole_number,
)

_NAME = "What people call it."
_CRON = (
    "Minute, hour, day, month and weekday, such as `0 9 * * 1-5`, or `@hourly`, `@daily`, `@weekly`, `@monthly`, "
    "`@yearly`; `null` if it goes by an interval."
)
_ZONE = "The time zone in which the cron expression is read, such as `Europe/Berlin`."
_INTERVAL = "How many seconds lie between two executions; `null` if it goes by a cron expression."
_ENABLED = "Whether it starts anything."
_NODE = "The id of the trigger at which executions begin; `null` if they are of the whole workflow."
_INPUT = "What the executions work on, any JSON."
_ZONE_NAME = text(1, 100)


class SchedulePatch(Input):
    """What is to change about a schedule. Another rule takes the place of the one that was there."""

    name = Checked(text(0, 200), metadata=described(_NAME))
    cron = Checked(or_null(text(1, 200)), allow_none=True, metadata=described(_CRON))
    timezone = Checked(_ZONE_NAME, metadata=described(_ZONE))
    interval_seconds = Checked(or_null(whole(1, LONGEST_INTERVAL)), allow_none=True, metadata=described(_INTERVAL))
    enabled = Checked(boolean, metadata=described(_ENABLED))
    node_id = Checked(or_null(text(1, 200)), allow_none=True, metadata=described(_NODE))
    input = fields.Raw(allow_none=True, metadata=described(_INPUT))


class ScheduleBody(SchedulePatch):
    """A schedule: a rule, and what is executed by it."""

    rules = {"anyOf": [{"required": ["cron"]}, {"required": ["interval_seconds"]}]}


_ERROR = shape(
    {"code": text(1, 200).about("What went wrong, for programs."), "message": text().about("What, for people.")},
    required=("code", "message"),
)


class Schedule(Output):
    """When a workflow is executed without anybody asking for it."""

    id = string(about="What names it in addresses; nothing is to be read into it.")
    workflow_id = string(about="The id of the workflow that is executed.")
    name = string(about=_NAME)
    mode = checked(one_of("cron", "interval"), about="By what it goes.")
    cron = string(allow_none=True, about=_CRON)
    timezone = string(about=_ZONE)
    interval_seconds = whole_number(1, allow_none=True, about=_INTERVAL)
    enabled = there(fields.Boolean, about=_ENABLED)
    node_id = string(allow_none=True, about=_NODE)
    input = anything(about=_INPUT)
    next_at = time(allow_none=True, about="When it is due next; `null` if it is not enabled, or never comes again.")
    last_at = time(allow_none=True, about="When it was last due, and tried to start the workflow; `null` before.")
    last_execution_id = string(allow_none=True, about="The id of the last execution that it created.")
    last_error = checked(
        or_null(_ERROR),
        allow_none=True,
        about="Why it created no execution the last time that it was due; `null` if it did.",
    )
    fired = whole_number(about="How many executions it has created.")
    missed = whole_number(about="How many times it was due and created none.")
    created_at = time(about="When it was created.")
    updated_at = time(about="When it was last changed.")


SCHEDULE_BODY = ScheduleBody()
SCHEDULE_PATCH = SchedulePatch()
SCHEDULE = Schedule()
SCHEDULE_PAGE = page_of(Schedule, "schedules")
SCHEDULES = items_of(Schedule, "The schedules of the workflow, the oldest first.")
