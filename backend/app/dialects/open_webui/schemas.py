"""What this door answers with."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, fields, validate

from ...web import graph
from ...web.checks import Checked, Told, each
from .forms import CONTENT, schema_of
from .mapping import NODE_STATUSES, STATUSES, VERSION

Json = Any


class Answer(Told, Schema):
    """A body that goes out; a member that is not declared is a mistake of ours."""

    grows = True

    class Meta:
        unknown = RAISE


def _there(field: type[fields.Field[Any]], *args: Any, about: str, **options: Any) -> Any:
    return field(*args, required=True, metadata={"description": about}, **options)


def _count(about: str, **options: Any) -> Any:
    return _there(fields.Integer, strict=True, validate=validate.Range(min=0), about=about, **options)


def _moment(about: str, **options: Any) -> Any:
    return _count(f"{about} In whole seconds since 1970.", **options)


def _number(about: str, **options: Any) -> Any:
    return _there(fields.Float, validate=validate.Range(min=0), about=about, **options)


def _status(words: dict[str, str], about: str) -> Any:
    return _there(fields.String, validate=validate.OneOf([*words.values()]), about=about)


_ID = "What names it in addresses; nothing is to be read into it."
_NODES = "Its nodes, in the order in which they are drawn."
_EDGES = "The connections between its nodes."
_FLOW_ID = "The id of the flow."


class OpenWebuiListedFlow(Answer):
    """A flow as the list has it: without its graph."""

    id = _there(fields.String, about=_ID)
    name = _there(fields.String, validate=validate.Length(1, 200), about="What people call it.")
    description = _there(fields.String, allow_none=True, about="What it is for; `null` if nobody said.")
    created_at = _moment("When it was created.")
    updated_at = _moment("When it was last changed.")
    meta = _there(fields.Dict, about="Whatever else belongs to it: what our own API calls `metadata`.")


class OpenWebuiFlow(OpenWebuiListedFlow):
    """A flow with its graph."""

    user_id = _there(fields.String, about="The id of the user that it belongs to.")
    nodes = Checked(each(graph.KEPT_NODE), required=True, metadata={"description": _NODES})
    edges = Checked(each(graph.KEPT_CONNECTION), required=True, metadata={"description": _EDGES})


class OpenWebuiExportedFlow(Answer):
    """What an export has of a flow."""

    name = _there(fields.String, about="What people call it.")
    description = _there(fields.String, allow_none=True, about="What it is for; `null` if nobody said.")
    nodes = Checked(each(graph.KEPT_NODE), required=True, metadata={"description": _NODES})
    edges = Checked(each(graph.KEPT_CONNECTION), required=True, metadata={"description": _EDGES})
    meta = _there(fields.Dict, about="Whatever else belongs to it.")


class OpenWebuiExport(Answer):
    """A flow to take elsewhere."""

    version = _there(fields.String, validate=validate.Equal(VERSION), about="What this document is.")
    flow = _there(
        fields.Nested, OpenWebuiExportedFlow, about="The flow, with an empty text in the place of every secret."
    )


class OpenWebuiDelegation(Answer):
    """What a client needs to execute a flow by itself."""

    message = _there(fields.String, about="Who executes it, for people.")
    flowId = _there(fields.String, about=_FLOW_ID)  # noqa: N815
    status = _there(fields.String, validate=validate.Equal("delegated_to_client"), about="That nothing runs here.")
    inputs = _there(fields.Dict, about="The inputs that were sent.")
    order = _there(
        fields.List,
        fields.String(),
        about="The ids of all nodes, each behind those that lead to it; in a cycle, the first of the document begins.",
    )
    nodes = Checked(each(graph.KEPT_NODE), required=True, metadata={"description": _NODES})
    edges = Checked(each(graph.KEPT_CONNECTION), required=True, metadata={"description": _EDGES})


class OpenWebuiStart(Answer):
    """An execution that has begun on the server."""

    message = _there(fields.String, about="Who executes it, for people.")
    flowId = _there(fields.String, about=_FLOW_ID)  # noqa: N815
    status = _status(STATUSES, "Whether it is under way, and how it ended.")
    execution_id = _there(fields.String, about="The id of the execution.")


class OpenWebuiListedExecution(Answer):
    """An execution as the list has it."""

    id = _there(fields.String, about=_ID)
    flow_id = _there(fields.String, about=_FLOW_ID)
    status = _status(STATUSES, "Whether it is under way, and how it ended.")
    execution_time = _count("Milliseconds of virtual time that it took until now; pauses do not count.")
    created_at = _moment("When it was created.")


class OpenWebuiNodeResult(Answer):
    """What became of a node."""

    status = _status(NODE_STATUSES, "Whether it is at work, and how it ended.")
    output = _there(fields.Dict, allow_none=True, about="What it gave, by port; `null` before it has.")
    error = _there(fields.String, allow_none=True, about="What went wrong, for people; `null` if nothing did.")
    execution_time = _count("Milliseconds that it took; `null` before it has ended.", allow_none=True)


class OpenWebuiExecution(OpenWebuiListedExecution):
    """An execution with what went in, came out and went wrong."""

    user_id = _there(fields.String, about="The id of the user that it belongs to.")
    inputs = _there(fields.Dict, allow_none=True, about="What went in; what is no object stands under `input`.")
    outputs = _there(fields.Dict, allow_none=True, about="What came out; what is no object stands under `output`.")
    node_results = _there(
        fields.Dict,
        keys=fields.String(),
        values=fields.Nested(OpenWebuiNodeResult),
        about="By the id of the node: what became of it.",
    )
    errors = _there(
        fields.Dict, keys=fields.String(), values=fields.String(), about="By the id of the node: what went wrong."
    )
    meta = _there(fields.Dict, about="How it came to be: `mode`, as our own API has it.")


class OpenWebuiStats(Answer):
    """How often a flow was executed, and how that went."""

    total_executions = _count("How many executions there are.")
    success_count = _count("How many of them ended well.")
    error_count = _count("How many of them failed.")
    aborted_count = _count("How many of them were stopped.")
    avg_execution_time = _number("Milliseconds that those took which have ended; 0 if none has.")
    last_execution_at = _moment("When the latest was created; `null` if there is none.", allow_none=True)


class OpenWebuiNodeAnalytics(Answer):
    """How often a node was executed, and how that went."""

    node_id = _there(fields.String, about="The id of the node in the graph.")
    node_type = _there(fields.String, about="What kind of node it is.")
    execution_count = _count("How often it was reached; in a loop, each time counts.")
    success_count = _count("How often it ended well.")
    error_count = _count("How often it failed.")
    error_rate = _number(
        "Of those that ended, the share that failed, from 0 to 1; `null` if none has.", allow_none=True
    )
    avg_execution_time = _number("Milliseconds that those took which have ended; `null` if none has.", allow_none=True)


class OpenWebuiAnalytics(OpenWebuiStats):
    """How often a flow was executed, how that went and how long it took, as a whole and by node."""

    flow_id = _there(fields.String, about=_FLOW_ID)
    by_status = _there(
        fields.Dict, keys=fields.String(), values=fields.Integer(strict=True), about="By status: how many there are."
    )
    success_rate = _number(
        "Of those that ended, the share that ended well, from 0 to 1; `null` if none has.", allow_none=True
    )
    execution_time = _there(
        fields.Dict,
        keys=fields.String(),
        values=fields.Integer(strict=True, allow_none=True),
        about="By percentile (`p50`, `p90`, `p95`, `p99`): milliseconds that those took which ended, or `null`.",
    )
    nodes = _there(
        fields.List, fields.Nested(OpenWebuiNodeAnalytics), about="The nodes that were reached, as they first were."
    )


class Page(Told, Schema):
    """Which page of a list is wanted."""

    page = fields.Integer(
        load_default=1, validate=validate.Range(min=1), metadata={"description": "Which page, from 1; 60 are on each."}
    )


class Mode(Told, Schema):
    """Who executes a flow."""

    mode = fields.String(
        load_default="client",
        validate=validate.OneOf(["client", "server"]),
        metadata={
            "description": "Who executes it: the `client`, as usual, which gets what it needs, or this `server`."
        },
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
