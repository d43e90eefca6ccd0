"""Query parameters of every URL that takes some."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate

from ...models.execution import MODES
from ...models.file import KINDS
from ...services.events import LATEST
from ...services.waiting import ANY_STATUS, LONGEST_WAIT
from .base import Query
from .workflows import STATUSES


class Words(fields.Field[list[str]]):
    """Words from a closed set, given several times or separated by commas."""

    def __init__(self, words: tuple[str, ...], **options: Any) -> None:
        super().__init__(**options)
        self.words = words

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> list[str]:
        given = ",".join(value if isinstance(value, list) else [value])
        words = [word.strip() for word in given.split(",") if word.strip()]
        if unknown := [word for word in words if word not in self.words]:
            raise ValidationError(f"'{unknown[0]}' is none of: {', '.join(self.words)}.")
        return words


class Place(fields.Integer):
    """A place in a log: a whole number, or ``latest`` for where it ends at the moment."""

    def _deserialize(self, value: Any, *where: Any, **options: Any) -> Any:
        if value == LATEST:
            return LATEST
        place = super()._deserialize(value, *where, **options)
        if place is not None and place < 0:
            raise ValidationError("Must be a whole number, not below 0, or 'latest'.")
        return place


def wait(**options: Any) -> Any:
    """How many real seconds somebody waits, if need be."""
    return fields.Float(validate=validate.Range(0, LONGEST_WAIT), **options)


def switch(**options: Any) -> Any:
    """A parameter that is true or false."""
    return fields.Boolean(truthy={"true", "1", "yes", ""}, falsy={"false", "0", "no"}, load_default=False, **options)


class ListQuery(Query):
    """What every list takes; how many a page may have is a setting, checked where that is known."""

    page = fields.Integer(load_default=1, validate=validate.Range(1, 1_000_000_000))
    per_page = fields.Integer(load_default=20, validate=validate.Range(1))
    sort = fields.String(load_default=None, validate=validate.Length(1, 100))
    q = fields.String(load_default=None, validate=validate.Length(max=1000))


class WorkflowsQuery(ListQuery):
    """Filters of the workflows."""

    status = Words(("idle", *STATUSES))
    tag = fields.String()


class ExecutionsQuery(ListQuery):
    """Filters of the executions."""

    workflow_id = fields.String()
    status = Words(STATUSES)
    mode = Words(MODES)


class TemplatesQuery(ListQuery):
    """Filters of the templates."""

    category = fields.String()
    tag = fields.String()


class FilesQuery(ListQuery):
    """Filters of the files."""

    kind = Words(KINDS)


class WorkflowQuery(Query):
    """How a workflow is shown."""

    shape = fields.String(load_default=None, validate=validate.OneOf(["reactflow"]))
    issues = switch()


class ExecutionQuery(Query):
    """How an execution is shown: all iterations of loop bodies, or the latest; and how long to wait, for what."""

    iterations = fields.String(load_default="latest", validate=validate.OneOf(["latest", "all"]))
    wait = wait(load_default=None)
    until = Words((ANY_STATUS, *STATUSES), load_default=[])


class StatusQuery(Query):
    """What a status has beside the status; and how long to wait, for what."""

    include = Words(("data", "logs"), load_default=[])
    wait = wait(load_default=None)
    until = Words((ANY_STATUS, *STATUSES), load_default=[])


class EventsQuery(Query):
    """Which events, and how long to wait for one, in real seconds."""

    after = Place(load_default=0)
    wait = wait(load_default=0.0)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 10_000))


class StreamQuery(Query):
    """Which events a stream begins with, and whether they are all of one kind to a browser."""

    after = Place(load_default=0)
    unnamed = switch()


class ThumbnailQuery(Query):
    """Size, in pixels of the longer side, and format of a thumbnail."""

    size = fields.Integer(load_default=256, validate=validate.Range(16, 1024))
    format = fields.String(load_default=None, validate=validate.OneOf(["webp", "png"]))


WORKFLOWS = WorkflowsQuery()
EXECUTIONS = ExecutionsQuery()
TEMPLATES = TemplatesQuery()
FILES = FilesQuery()
WORKFLOW = WorkflowQuery()
EXECUTION = ExecutionQuery()
STATUS = StatusQuery()
EVENTS = EventsQuery()
STREAM = StreamQuery()
THUMBNAIL = ThumbnailQuery()
