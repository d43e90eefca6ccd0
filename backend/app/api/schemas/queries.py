"""Query parameters of every URL that takes some."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import ValidationError, fields, missing, validate

from ...models.execution import MODES
from ...models.file import KINDS
from ...services import executions, files, schedules, templates, workflows
from ...services.events import LATEST
from ...services.waiting import ANY_STATUS, LONGEST_WAIT
from ...web.checks import ToldField
from ...web.schemas import Query, described
from .statuses import STATUSES


class Words(ToldField):
    """Words from a closed set, given several times or separated by commas."""

    def __init__(self, words: tuple[str, ...], **options: Any) -> None:
        super().__init__(**options)
        self.words = words
        self.json_schema = {"type": "array", "items": {"type": "string", "enum": [*words]}}

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> list[str]:
        given = ",".join(value if isinstance(value, list) else [value])
        words = [word.strip() for word in given.split(",") if word.strip()]
        if unknown := [word for word in words if word not in self.words]:
            raise ValidationError(f"'{unknown[0]}' is none of: {', '.join(self.words)}.")
        return words


class Place(ToldField, fields.Integer):
    """A place in a log: a whole number, or ``latest`` for where it ends at the moment."""

    json_schema = {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "const": LATEST}]}

    def _deserialize(self, value: Any, *where: Any, **options: Any) -> Any:
        if value == LATEST:
            return LATEST
        place = super()._deserialize(value, *where, **options)
        if place is not None and place < 0:
            raise ValidationError("Must be a whole number, not below 0, or 'latest'.")
        return place


def wait(*, about: str, **options: Any) -> Any:
    """How many real seconds somebody waits, if need be."""
    return fields.Float(validate=validate.Range(0, LONGEST_WAIT), metadata=described(about), **options)


def switch(*, about: str, usual: Any = False) -> Any:
    """A parameter that is true or false.

    :param usual: what it is if it is not given; `marshmallow.missing`: then it is not there.
    """
    yes, no = {"true", "1", "yes", ""}, {"false", "0", "no"}
    return fields.Boolean(truthy=yes, falsy=no, load_default=usual, metadata=described(about))


def sort(names: Iterable[str], usual: str) -> Any:
    """A field to sort by. Whether the list has it is checked by the list itself, which says by what it sorts."""
    words = [minus + name for name in names for minus in ("", "-")]
    about = (
        f"What to sort by, `{usual}` if nothing is said. A minus turns the order; what has nothing there comes last."
    )
    known = {"enum": words, **described(about)}
    return fields.String(load_default=None, validate=validate.Length(1, 100), metadata=known)


def looked_for(about: str) -> Any:
    """A text that is looked for."""
    return fields.String(load_default=None, validate=validate.Length(max=1000), metadata=described(about))


class ListQuery(Query):
    """What every list takes; how many a page may have is a setting, checked where that is known."""

    page = fields.Integer(
        load_default=1,
        validate=validate.Range(1, 1_000_000_000),
        metadata=described("Which page, from 1; one behind the last is empty."),
    )
    per_page = fields.Integer(
        load_default=20,
        validate=validate.Range(1),
        metadata=described("How many items a page has at most; there is a limit, the setting `max_per_page`."),
    )


class WorkflowsQuery(ListQuery):
    """Filters of the workflows."""

    sort = sort(workflows.SORTS, "-updated_at")
    q = looked_for("Only workflows with this text in their name, description or tags, in upper or lower case.")
    status = Words(("idle", *STATUSES), metadata=described("Only workflows that are one of these."))
    tag = fields.String(metadata=described("Only workflows with this tag."))
    shared = switch(
        about="Only workflows that others have shared with the caller; `false`: only the caller's own.", usual=missing
    )


class ExecutionsQuery(ListQuery):
    """Filters of the executions."""

    sort = sort(executions.SORTS, "-created_at")
    q = looked_for(
        "Only executions with this text in their id or in the name of their workflow, in upper or lower case."
    )
    workflow_id = fields.String(metadata=described("Only executions of this workflow."))
    status = Words(STATUSES, metadata=described("Only executions that are one of these."))
    mode = Words(MODES, metadata=described("Only executions that came to be in one of these ways."))


class TemplatesQuery(ListQuery):
    """Filters of the templates."""

    sort = sort(templates.SORTS, "-updated_at")
    q = looked_for(
        "Only templates with this text in their name, description, category or tags, in upper or lower case."
    )
    category = fields.String(metadata=described("Only templates of this category."))
    tag = fields.String(metadata=described("Only templates with this tag."))


class SchedulesQuery(ListQuery):
    """Filters of the schedules."""

    sort = sort(schedules.SORTS, "next_at")
    q = looked_for("Only schedules with this text in their name, in upper or lower case.")
    workflow_id = fields.String(metadata=described("Only schedules of this workflow."))


class FilesQuery(ListQuery):
    """Filters of the files."""

    sort = sort(files.SORTS, "-created_at")
    q = looked_for("Only files with this text in their name, in upper or lower case.")
    kind = Words(KINDS, metadata=described("Only files of one of these kinds."))


_WAIT = (
    "Real seconds to wait, if need be, for a change or for a status of `until`; none if nothing is said. "
    "`Prefer: wait=` comes before it."
)
_UNTIL = (
    "The statuses to wait for, or `status` for any other than the present one; without it, every change is waited for. "
    "Without `wait`, 30 seconds."
)


class WorkflowQuery(Query):
    """How a workflow is shown."""

    shape = fields.String(
        load_default=None,
        validate=validate.OneOf(["reactflow"]),
        metadata=described("`reactflow` for what `toObject()` gives, and nothing else."),
    )


class SavedQuery(Query):
    """Whether a workflow that was saved is shown with its issues."""

    issues = switch(about="Whether the answer has the `issues` of the workflow.")


class ExecutionQuery(Query):
    """How an execution is shown: all iterations of loop bodies, or the latest; and how long to wait, for what."""

    iterations = fields.String(
        load_default="latest",
        validate=validate.OneOf(["latest", "all"]),
        metadata=described("Of nodes in a loop: `latest` for the latest round, `all` for every one."),
    )
    wait = wait(load_default=None, about=_WAIT)
    until = Words((ANY_STATUS, *STATUSES), load_default=[], metadata=described(_UNTIL))


class StatusQuery(Query):
    """What a status has beside the status; and how long to wait, for what."""

    include = Words(
        ("data", "logs"),
        load_default=[],
        metadata=described("What to show, too: inputs and outputs (`data`), what nodes had to say (`logs`)."),
    )
    wait = wait(load_default=None, about=_WAIT)
    until = Words((ANY_STATUS, *STATUSES), load_default=[], metadata=described(_UNTIL))


class EventsQuery(Query):
    """Which events, and how long to wait for one, in real seconds.

    A stream looks only at where it begins, and whether its events are all of one kind to a browser.
    """

    after = Place(
        load_default=0,
        metadata=described(
            "The `seq` or `cursor` of the last event that the caller has: what comes after it is told. 0 is the "
            "beginning, `latest` the end at the moment."
        ),
    )
    wait = wait(
        load_default=0.0, about="Real seconds to wait for an event if there is none yet; not looked at by a stream."
    )
    limit = fields.Integer(
        load_default=1000,
        validate=validate.Range(1, 10_000),
        metadata=described("How many events are told at most; not looked at by a stream."),
    )
    unnamed = switch(
        about="Whether the events of a stream have no name, so that `onmessage` is told of all; not looked at in JSON."
    )


class ThumbnailQuery(Query):
    """Size, in pixels of the longer side, and format of a thumbnail."""

    size = fields.Integer(
        load_default=256, validate=validate.Range(16, 1024), metadata=described("Pixels of the longer side.")
    )
    format = fields.String(
        load_default=None,
        validate=validate.OneOf(["webp", "png"]),
        metadata=described("Which format the picture has; without it, as `Accept` says, `webp` if it takes both."),
    )


WORKFLOWS = WorkflowsQuery()
EXECUTIONS = ExecutionsQuery()
TEMPLATES = TemplatesQuery()
SCHEDULES = SchedulesQuery()
FILES = FilesQuery()
WORKFLOW = WorkflowQuery()
SAVED = SavedQuery()
EXECUTION = ExecutionQuery()
STATUS = StatusQuery()
EVENTS = EventsQuery()
THUMBNAIL = ThumbnailQuery()
