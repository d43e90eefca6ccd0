"""The statuses, out."""

from __future__ import annotations

from marshmallow import fields, validate

from ...models.execution import COMMANDS
from ...web.checks import each
from ...web.schemas import Output, checked, string, there
from .statuses import EXECUTION_STATUS, NODE_STATUS

WORDS = sorted({command for commands in COMMANDS.values() for command in commands} | {"execute"})
"""What can be said to a workflow or an execution."""


class _Status(Output):
    meaning = string(about="What it says, in words.")


class _OfExecutions(_Status):
    next = checked(each(EXECUTION_STATUS), about="The statuses that may follow it.")
    commands = there(
        fields.List,
        fields.String(validate=validate.OneOf(WORDS)),
        about="What can be said to it, and changes something.",
    )


class _OfEvents(_Status):
    final = there(fields.Boolean, about="Whether nothing can follow it.")
    events = there(fields.List, fields.String(), about="The types of the events that lead to it.")


class WorkflowStatusMeaning(_OfExecutions):
    """A status that a workflow has beside those of its latest execution."""

    status = string(validate=validate.Equal("idle"), about="The word for it.")


class ExecutionStatusMeaning(_OfExecutions, _OfEvents):
    """A status of an execution."""

    status = checked(EXECUTION_STATUS, about="The word for it.")


class NodeStatusMeaning(_OfEvents):
    """A status of a node execution."""

    status = checked(NODE_STATUS, about="The word for it.")
    next = checked(each(NODE_STATUS), about="The statuses that may follow it.")


class Statuses(Output):
    """All statuses there are."""

    workflow = there(
        fields.List,
        fields.Nested(WorkflowStatusMeaning),
        about="What a workflow has beside the statuses of its latest execution.",
    )
    execution = there(fields.List, fields.Nested(ExecutionStatusMeaning), about="What an execution can be.")
    node = there(fields.List, fields.Nested(NodeStatusMeaning), about="What a node execution can be.")


STATUSES = Statuses()
