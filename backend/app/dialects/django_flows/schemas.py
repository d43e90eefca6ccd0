"""Flows and executions, in and out, and what is said of bodies that do not fit, in the words of the real one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from ...models.workflow import MOST_NAME
from ...web import graph
from ...web.checks import Check, Told, ToldField, each, mapping, text
from ...web.schemas import Output, checked, there, whole_number
from .mapping import EXECUTION_STATUSES, MOST_VERSION, NODE_STATUSES

Json = Any

BROKEN = object()
"""What stands in the place of a value of a form that should be JSON, and is none."""

_TRUE = {"t", "y", "yes", "true", "on", "1", True}
_FALSE = {"f", "n", "no", "false", "off", "0", False}

_NAME = "What people call it."
_DESCRIPTION = "What it is for."
_NODES = "The nodes, as React Flow writes them."
_EDGES = "The edges between them, as React Flow writes them."
_METADATA = "Whatever else belongs to it."
_IS_ACTIVE = "Whether it is in use; nothing follows from it here."
_VERSION = "Its version, as its author counts them."
_TAGS = "Words to find it by."
_ID = "What names it in addresses."
_MOST_DESCRIPTION = 100_000


class _Field(ToldField):
    """A field with the messages that all fields have."""

    default_error_messages = {"required": "This field is required.", "null": "This field may not be null."}


class _Text(_Field):
    """A text: numbers become one, and blanks at either end are left out."""

    def __init__(self, most: int, *, blank: bool = False, about: str, **options: Any) -> None:
        super().__init__(metadata={"description": f"{about} At most {most} characters."}, **options)
        self.most = most
        self.blank = blank
        self.json_schema = {"type": ["string", "number"]} | ({} if blank else {"minLength": 1})

    def deserialize(self, value: Any, *where: Any, **options: Any) -> Any:
        """Look at texts without anything in them before all others."""
        if isinstance(value, str) and not value.strip():
            if not self.blank:
                raise ValidationError("This field may not be blank.")
            return ""
        return super().deserialize(value, *where, **options)

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ValidationError("Not a valid string.")
        found = str(value).strip()
        faults = [] if len(found) <= self.most else [f"Ensure this field has no more than {self.most} characters."]
        faults += ["Null characters are not allowed."] if "\0" in found else []
        if faults:
            raise ValidationError(faults)
        return found


class _Flag(_Field):
    """Yes or no, in any of the words for it."""

    json_schema = {"type": ["boolean", "string", "number"]}

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> bool:
        word = value.lower() if isinstance(value, str) else value
        if isinstance(word, str | int | float) and word in _TRUE | _FALSE:
            return word in _TRUE
        raise ValidationError("Must be a valid boolean.")


class _Kept(_Field):
    """JSON that is kept as it came, if a check has nothing against it."""

    def __init__(self, check: Check, kind: type, *, about: str) -> None:
        super().__init__(metadata={"description": about})
        self.check = check
        self.kind = kind
        self.json_schema = check.schema

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> Json:
        if value is BROKEN:
            raise ValidationError("Value must be valid JSON.")
        if not isinstance(value, self.kind):
            wanted = "list" if self.kind is list else "dictionary"
            raise ValidationError(f'Expected a {wanted} of items but got type "{type(value).__name__}".')
        if messages := self.check.find(value):
            raise ValidationError(messages)
        return value


class _Input(Told):
    """A body that comes in; members that it does not know, or may not change, are not looked at."""

    class Meta:
        unknown = EXCLUDE

    rules: Mapping[str, Any] = {"additionalProperties": True}

    @pre_load
    def refuse_others(self, body: Any, **_options: Any) -> Any:
        """Refuse what is no object."""
        if body is None:
            raise ValidationError("No data provided")
        if not isinstance(body, dict):
            raise ValidationError(f"Invalid data. Expected a dictionary, but got {type(body).__name__}.")
        return body


class DjangoFlowInput(_Input):
    """A flow as it is saved; what may be left out stays as it is, or is empty in a new one."""

    name = _Text(MOST_NAME, about=_NAME, required=True)
    description = _Text(_MOST_DESCRIPTION, blank=True, about=_DESCRIPTION)
    nodes = _Kept(graph.nodes, list, about=_NODES)
    edges = _Kept(graph.connections, list, about=_EDGES)
    metadata = _Kept(mapping, dict, about=_METADATA)
    is_active = _Flag(metadata={"description": f"{_IS_ACTIVE} Words such as `yes`, and 0 and 1, are taken, too."})
    version = _Text(MOST_VERSION, about=_VERSION)
    tags = _Kept(each(text(1, 200)), list, about=_TAGS)


class DjangoFlowPatch(DjangoFlowInput):
    """Those fields of a flow that change."""

    name = _Text(MOST_NAME, about=_NAME)


def _time(about: str, **options: Any) -> Any:
    form = validate.Regexp(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$")
    return there(fields.String, about=about, validate=form, **options)


class DjangoFlow(Output):
    """A flow: a workflow as this door shows it."""

    id = whole_number(1, about=_ID)
    name = there(fields.String, about=_NAME)
    description = there(fields.String, about=_DESCRIPTION)
    nodes = checked(each(graph.KEPT_NODE), about=_NODES)
    edges = checked(each(graph.KEPT_CONNECTION), about=_EDGES)
    metadata = there(fields.Dict, about=_METADATA)
    is_active = there(fields.Boolean, about=_IS_ACTIVE)
    created_at = _time("When it was created.")
    updated_at = _time("When it was last changed.")
    version = there(fields.String, about=_VERSION)
    tags = there(fields.List, fields.String(), about=_TAGS)


class DjangoFlowTemplate(Output):
    """A ready-made flow to start from."""

    name = there(fields.String, about=_NAME)
    description = there(fields.String, about=_DESCRIPTION)
    nodes = checked(each(graph.KEPT_NODE), about=_NODES)
    edges = checked(each(graph.KEPT_CONNECTION), about=_EDGES)
    tags = there(fields.List, fields.String(), about=_TAGS)


class DjangoExecutionStarted(Output):
    """That a flow is being executed."""

    execution_id = whole_number(1, about="The id of the execution.")
    status = there(fields.String, about="That it was started.", validate=validate.Equal("started"))
    message = there(fields.String, about="The same in words.")


class DjangoFlowExecution(Output):
    """One run of a flow."""

    id = whole_number(1, about=_ID)
    flow = whole_number(1, about="The id of the flow.")
    status = there(
        fields.String,
        about="Whether it is under way, and how it ended. One that is paused or waits for a person is `running`.",
        validate=validate.OneOf([*dict.fromkeys(EXECUTION_STATUSES.values())]),
    )
    started_at = _time("When it was created.")
    completed_at = _time("When it ended, however it did; `null` before.", allow_none=True)
    result = there(fields.Raw, about="What it gave; `{}` before.", allow_none=True)
    error_message = there(fields.String, about="Why it failed; empty if it did not.")


class DjangoNodeExecution(Output):
    """One run of a node."""

    id = whole_number(1, about="What tells it from others.")
    flow_execution = whole_number(1, about="The id of the execution that it belongs to.")
    node_id = there(fields.String, about="The id of the node in the flow.")
    status = there(
        fields.String,
        about="Whether it is at work, and how it ended. One that was skipped stays `pending`, a stopped one `failed`.",
        validate=validate.OneOf([*dict.fromkeys(NODE_STATUSES.values())]),
    )
    input_data = there(fields.Dict, about="What arrived at it, by port; `{}` before.")
    output_data = there(fields.Dict, about="What left it, by port; `{}` before.")
    executed_at = _time("When it began; `null` before.", allow_none=True)
    duration_ms = whole_number(about="How many milliseconds it took; 0 before it ended.")


_MESSAGES: Json = {"type": "array", "items": {"type": "string"}, "minItems": 1}
ERROR: Json = {
    "description": "An error: in one sentence, or by field what is wrong with it.",
    "type": "object",
    "properties": {
        "detail": {"type": "string", "description": "What went wrong."},
        "non_field_errors": {**_MESSAGES, "description": "What is wrong with the body as a whole."},
    },
    "additionalProperties": _MESSAGES,
    "minProperties": 1,
}
"""Every error of this door, as JSON Schema."""

FLOW_BODY = DjangoFlowInput()
FLOW_PATCH = DjangoFlowPatch()


def _all(schema: type[Schema]) -> Schema:
    return schema(many=True)


FLOW = DjangoFlow()
FLOWS = _all(DjangoFlow)
TEMPLATES = _all(DjangoFlowTemplate)
STARTED = DjangoExecutionStarted()
EXECUTION = DjangoFlowExecution()
EXECUTIONS = _all(DjangoFlowExecution)
NODE_EXECUTIONS = _all(DjangoNodeExecution)
