"""The statuses, out."""

from __future__ import annotations

from marshmallow import fields, validate

from ...models.execution import COMMANDS, EXECUTION_TRANSITIONS, NODE_TRANSITIONS
from .base import Output, string, there

_COMMANDS = sorted({command for commands in COMMANDS.values() for command in commands} | {"execute"})


class _Status(Output):
    meaning = string(about="What it says, in words.")
    final = there(fields.Boolean, about="Whether nothing can follow it.")
    events = there(fields.List, fields.String(), about="The types of the events that lead to it.")


class WorkflowStatus(Output):
    """A status that a workflow has beside those of its latest execution."""

    status = string(validate=validate.Equal("idle"), about="The word for it.")
    meaning = string(about="What it says, in words.")
    next = there(
        fields.List,
        fields.String(validate=validate.OneOf([*EXECUTION_TRANSITIONS])),
        about="The statuses that may follow it.",
    )
    commands = there(
        fields.List,
        fields.String(validate=validate.OneOf(_COMMANDS)),
        about="What can be said to it, and changes something.",
    )


class ExecutionStatus(_Status):
    """A status of an execution."""

    status = string(validate=validate.OneOf([*EXECUTION_TRANSITIONS]), about="The word for it.")
    next = there(
        fields.List,
        fields.String(validate=validate.OneOf([*EXECUTION_TRANSITIONS])),
        about="The statuses that may follow it.",
    )
    commands = there(
        fields.List,
        fields.String(validate=validate.OneOf(_COMMANDS)),
        about="What can be said to it, and changes something.",
    )


class NodeStatus(_Status):
    """A status of a node execution."""

    status = string(validate=validate.OneOf([*NODE_TRANSITIONS]), about="The word for it.")
    next = there(
        fields.List,
        fields.String(validate=validate.OneOf([*NODE_TRANSITIONS])),
        about="The statuses that may follow it.",
    )


class Statuses(Output):
    """All statuses there are."""

    workflow = there(
        fields.List,
        fields.Nested(WorkflowStatus),
        about="What a workflow has beside the statuses of its latest execution.",
    )
    execution = there(fields.List, fields.Nested(ExecutionStatus), about="What an execution can be.")
    node = there(fields.List, fields.Nested(NodeStatus), about="What a node execution can be.")


STATUSES = Statuses()
