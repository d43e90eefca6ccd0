"""What this door answers with."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from ...models.workflow import MOST_NAME
from ...web import graph
from ...web.checks import each
from ...web.schemas import Output, Query, checked, described, there, whole_number
from .forms import CONTENT, schema_of
from .mapping import NODE_STATUSES, STATUSES, VERSION

Json = Any


def _moment(about: str, **options: Any) -> Any:
    return whole_number(about=f"{about} In whole seconds since 1970.", **options)


def _number(about: str, **options: Any) -> Any:
    return there(fields.Float, validate=validate.Range(min=0), about=about, **options)


def _status(words: dict[str, str], about: str) -> Any:
    return there(fields.String, validate=validate.OneOf([*words.values()]), about=about)


_ID = "What names it in addresses; nothing is to be read into it."
_NODES = "Its nodes, in the order in which they are drawn."
_EDGES = "The connections between its nodes."
_FLOW_ID = "The id of the flow."


class OpenWebuiListedFlow(Output):
    """A flow as the list has it: without its graph."""

    id = there(fields.String, about=_ID)
    name = there(fields.String, validate=validate.Length(1, MOST_NAME), about="What people call it.")
    description = there(fields.String, allow_none=True, about="What it is for; `null` if nobody said.")
    created_at = _moment("When it was created.")
    updated_at = _moment("When it was last changed.")
    meta = there(fields.Dict, about="Whatever else belongs to it: what our own API calls `metadata`.")


class OpenWebuiFlow(OpenWebuiListedFlow):
    """A flow with its graph."""

    user_id = there(fields.String, about="The id of the user that it belongs to.")
    nodes = checked(each(graph.KEPT_NODE), about=_NODES)
    edges = checked(each(graph.KEPT_CONNECTION), about=_EDGES)


class OpenWebuiExportedFlow(Output):
    """What an export has of a flow."""

    name = there(fields.String, about="What people call it.")
    description = there(fields.String, allow_none=True, about="What it is for; `null` if nobody said.")
    nodes = checked(each(graph.KEPT_NODE), about=_NODES)
    edges = checked(each(graph.KEPT_CONNECTION), about=_EDGES)
    meta = there(fields.Dict, about="Whatever else belongs to it.")


class OpenWebuiExport(Output):
    """A flow to take elsewhere."""

    version = there(fields.String, validate=validate.Equal(VERSION), about="What this document is.")
    flow = there(
        fields.Nested, OpenWebuiExportedFlow, about="The flow, with an empty text in the place of every secret."
    )


class OpenWebuiDelegation(Output):
    """What a client needs to execute a flow by itself."""

    message = there(fields.String, about="Who executes it, for people.")
    flowId = there(fields.String, about=_FLOW_ID)  # noqa: N815
    status = there(fields.String, validate=validate.Equal("delegated_to_client"), about="That nothing runs here.")
    inputs = there(fields.Dict, about="The inputs that were sent.")
    order = there(
        fields.List,
        fields.String(),
        about="The ids of all nodes, each behind those that lead to it; in a cycle, the first of the document begins.",
    )
    nodes = checked(each(graph.KEPT_NODE), about=_NODES)
    edges = checked(each(graph.KEPT_CONNECTION), about=_EDGES)


class OpenWebuiStart(Output):
    """An execution that has begun on the server."""

    message = there(fields.String, about="Who executes it, for people.")
    flowId = there(fields.String, about=_FLOW_ID)  # noqa: N815
    status = _status(STATUSES, "Whether it is under way, and how it ended.")
    execution_id = there(fields.String, about="The id of the execution.")


class OpenWebuiListedExecution(Output):
    """An execution as the list has it."""

    id = there(fields.String, about=_ID)
    flow_id = there(fields.String, about=_FLOW_ID)
    status = _status(STATUSES, "Whether it is under way, and how it ended.")
    execution_time = whole_number(about="Milliseconds of virtual time that it took until now; pauses do not count.")
    created_at = _moment("When it was created.")


class OpenWebuiNodeResult(Output):
    """What became of a node."""

    status = _status(NODE_STATUSES, "Whether it is at work, and how it ended.")
    output = there(fields.Dict, allow_none=True, about="What it gave, by port; `null` before it has.")
    error = there(fields.String, allow_none=True, about="What went wrong, for people; `null` if nothing did.")
    execution_time = whole_number(about="Milliseconds that it took; `null` before it has ended.", allow_none=True)


class OpenWebuiExecution(OpenWebuiListedExecution):
    """An execution with what went in, came out and went wrong."""

    user_id = there(fields.String, about="The id of the user that it belongs to.")
    inputs = there(fields.Dict, allow_none=True, about="What went in; what is no object stands under `input`.")
    outputs = there(fields.Dict, allow_none=True, about="What came out; what is no object stands under `output`.")
    node_results = there(
        fields.Dict,
        keys=fields.String(),
        values=fields.Nested(OpenWebuiNodeResult),
        about="By the id of the node: what became of it.",
    )
    errors = there(
        fields.Dict, keys=fields.String(), values=fields.String(), about="By the id of the node: what went wrong."
    )
    meta = there(fields.Dict, about="How it came to be: `mode`, as our own API has it.")


class OpenWebuiStats(Output):
    """How often a flow was executed, and how that went."""

    total_executions = whole_number(about="How many executions there are.")
    success_count = whole_number(about="How many of them ended well.")
    error_count = whole_number(about="How many of them failed.")
    aborted_count = whole_number(about="How many of them were stopped.")
    avg_execution_time = _number("Milliseconds that those took which have ended; 0 if none has.")
    last_execution_at = _moment("When the latest was created; `null` if there is none.", allow_none=True)


class OpenWebuiNodeAnalytics(Output):
    """How often a node was executed, and how that went."""

    node_id = there(fields.String, about="The id of the node in the graph.")
    node_type = there(fields.String, about="What kind of node it is.")
    execution_count = whole_number(about="How often it was reached; in a loop, each time counts.")
    success_count = whole_number(about="How often it ended well.")
    error_count = whole_number(about="How often it failed.")
    error_rate = _number(
        "Of those that ended, the share that failed, from 0 to 1; `null` if none has.", allow_none=True
    )
    avg_execution_time = _number("Milliseconds that those took which have ended; `null` if none has.", allow_none=True)


class OpenWebuiAnalytics(OpenWebuiStats):
    """How often a flow was executed, how that went and how long it took, as a whole and by node."""

    flow_id = there(fields.String, about=_FLOW_ID)
    by_status = there(
        fields.Dict, keys=fields.String(), values=fields.Integer(strict=True), about="By status: how many there are."
    )
    success_rate = _number(
        "Of those that ended, the share that ended well, from 0 to 1; `null` if none has.", allow_none=True
    )
    execution_time = there(
        fields.Dict,
        keys=fields.String(),
        values=fields.Integer(strict=True, allow_none=True),
        about="By percentile (`p50`, `p90`, `p95`, `p99`): milliseconds that those took which ended, or `null`.",
    )
    nodes = there(
        fields.List, fields.Nested(OpenWebuiNodeAnalytics), about="The nodes that were reached, as they first were."
    )


class Page(Query):
    """Which page of a list is wanted."""

    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1), metadata=described("Which page, from 1; 60 are on each.")
    )


class Mode(Query):
    """Who executes a flow."""

    mode = fields.String(
        load_default="client",
        validate=validate.OneOf(["client", "server"]),
        metadata=described("Who executes it: the `client`, as usual, which gets what it needs, or this `server`."),
    )


IMPORT_BODY: dict[str, Json] = {
    "type": "object",
    "required": ["version", "flow"],
    "properties": {
        "version": {"type": "string", "const": VERSION, "description": "What the document is."},
        "flow": {**schema_of(CONTENT), "description": "The flow."},
    },
    "additionalProperties": True,
}
FLOW = OpenWebuiFlow()
FLOWS = OpenWebuiListedFlow(many=True)
EXPORT = OpenWebuiExport()
EXECUTED = (OpenWebuiDelegation(), OpenWebuiStart())
EXECUTION = OpenWebuiExecution()
EXECUTIONS = OpenWebuiListedExecution(many=True)
STATS = OpenWebuiStats()
ANALYTICS = OpenWebuiAnalytics()
PAGE = Page()
MODE = Mode()
