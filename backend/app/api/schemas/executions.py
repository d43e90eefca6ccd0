"""Executions and their events, in and out."""

from __future__ import annotations

from marshmallow import INCLUDE, fields, validate

from ...models.event import EVENT_TYPES
from ...models.execution import MODES, NODE_TRANSITIONS
from . import graph
from .base import Input, OpenInput, Output, anything, id_or_null, items_of, page_of, string, there, time, whole_number
from .checks import Check, Checked, boolean, each, mapping, number, text, whole
from .workflows import STATUSES

NODE_STATUSES = tuple(NODE_TRANSITIONS)


def _mapping_of(check: Check) -> Check:
    """An object of which every member passes."""

    def check_members(value: object) -> dict[object, object] | str | None:
        if not isinstance(value, dict):
            return "Must be an object."
        return {name: messages for name, held in value.items() if (messages := check(held))} or None

    return check_members


class ExecuteBody(Input):
    """What an execution is told at its start."""

    input = fields.Raw(allow_none=True)
    seed = Checked(whole(0, 2**53 - 1), allow_none=True)
    hold = Checked(boolean)
    mocks = Checked(_mapping_of(graph.mock))
    start_node = id_or_null()
    stop_node = id_or_null()


class ProcessBody(OpenInput):
    """Which files a node is to process; all else is input of the node beside them."""

    file_ids = Checked(each(text(1, 200), 1), required=True)
    input = Checked(mapping, allow_none=True)


class ErrorShown(Output):
    """Why something failed."""

    class Meta:
        unknown = INCLUDE

    code = string()
    message = string()


class NodeExecution(Output):
    """One run of a node. Inputs, outputs and logs are left out where only the status is asked for."""

    node_id = string()
    node_type = string()
    status = string(validate=validate.OneOf(NODE_STATUSES))
    iteration = anything()
    attempt = whole_number()
    progress = Checked(whole(0, 100), required=True)
    started_at = time(allow_none=True)
    finished_at = time(allow_none=True)
    duration_ms = Checked(number(least=0), required=True, allow_none=True)
    input = fields.Dict(allow_none=True)
    output = fields.Dict(allow_none=True)
    branch = string(allow_none=True)
    origin = string(validate=validate.OneOf(["simulated", "mocked"]))
    error = there(fields.Nested, ErrorShown, allow_none=True)
    logs = fields.List(fields.Dict())


class Progress(Output):
    """How far an execution is."""

    completed = whole_number()
    total = whole_number()
    percent = Checked(whole(0, 100), required=True)


class StatusChange(Output):
    """One line of the history of an execution."""

    status = string(validate=validate.OneOf(STATUSES))
    at = time()
    reason = string(allow_none=True)


class ExecutionSummary(Output):
    """An execution as lists show it."""

    id = string()
    workflow_id = string()
    workflow_name = string()
    workflow_revision = whole_number(1)
    status = string(validate=validate.OneOf(STATUSES))
    mode = string(validate=validate.OneOf(MODES))
    seed = whole_number()
    start_node = string(allow_none=True)
    stop_node = string(allow_none=True)
    parent = there(fields.Dict, allow_none=True)
    retry_of = string(allow_none=True)
    error = there(fields.Nested, ErrorShown, allow_none=True)
    progress = there(fields.Nested, Progress)
    created_at = time()
    started_at = time(allow_none=True)
    finished_at = time(allow_none=True)
    elapsed_ms = whole_number()
    last_seq = whole_number()


class Execution(ExecutionSummary):
    """An execution with its nodes."""

    input = anything()
    output = anything()
    status_history = there(fields.List, fields.Nested(StatusChange))
    waiting_for = there(fields.List, fields.Dict())
    nodes = there(fields.List, fields.Nested(NodeExecution))


class Status(Execution):
    """The latest execution of a workflow, or ``idle``."""

    status = string(validate=validate.OneOf(["idle", *STATUSES]))


class Event(Output):
    """Something that happened; one that tells of a workflow has neither ``seq`` nor ``execution_id``."""

    seq = whole_number(1, allow_none=True)
    cursor = whole_number(1)
    type = string(validate=validate.OneOf(EVENT_TYPES))
    execution_id = string(allow_none=True)
    workflow_id = string()
    at = time()
    data = Checked(mapping, required=True)


EXECUTE_BODY = ExecuteBody()
PROCESS_BODY = ProcessBody()

EXECUTION = Execution()
EXECUTION_PAGE = page_of(ExecutionSummary)
STATUS = Status(partial=True)
EVENTS = items_of(Event, last_seq=whole_number())
EVENTS_BY_CURSOR = items_of(Event, last_cursor=whole_number())
