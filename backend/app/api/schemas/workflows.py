"""Workflows, nodes and connections, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import INCLUDE, ValidationError, fields, post_load, pre_load, validate

from ...models.execution import MODES
from ...models.workflow import MOST_NAME, SERVER_FIELDS
from ...web import graph
from ...web.checks import Check, Checked, each, mapping, text
from ...web.schemas import (
    Input,
    OpenInput,
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
from .statuses import EXECUTION_STATUS, WORKFLOW_STATUS

_NODES = "Its nodes, in the order in which they are drawn."
_CONNECTIONS = "The connections between its nodes."
_VIEWPORT = "Which part of the canvas is looked at."
_NAME = "What people call it."
_DESCRIPTION = "What it is for."
_TAGS = "Words to find it by."
_METADATA = "Whatever else belongs to it; expressions see its `variables` as `$vars`."


class GraphBody(OpenInput):
    """A graph; React Flow's ``edges`` is read as ``connections``."""

    nodes = Checked(graph.nodes, metadata=described(_NODES))
    connections = Checked(graph.connections, metadata=described(_CONNECTIONS))
    viewport = Checked(graph.viewport, metadata=described(_VIEWPORT))
    rules: Mapping[str, Any] = {
        "properties": {
            "edges": graph.connections.about("What React Flow calls `connections`: give one of the two.").schema
        },
        "dependentSchemas": {"connections": {"properties": {"edges": False}}},
    }

    @pre_load
    def read_edges(self, body: Any, **_options: Any) -> Any:
        """Call the connections by one name."""
        if not isinstance(body, dict) or "edges" not in body:
            return body
        if "connections" in body:
            raise ValidationError("Give either connections or edges; they are the same.", "edges")
        named = {name: held for name, held in body.items() if name != "edges"}
        return named | {"connections": body["edges"]}


class WorkflowBody(GraphBody):
    """A workflow as it is saved. What the server writes is not looked at, so that what GET gave can be PUT back."""

    name = Checked(text(1, MOST_NAME), metadata=described(_NAME))
    description = Checked(text(0, 100_000), metadata=described(_DESCRIPTION))
    tags = Checked(each(text(1, 200)), metadata=described(_TAGS))
    metadata = Checked(mapping, metadata=described(_METADATA))

    @post_load
    def drop_server_fields(self, body: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Leave out what the server writes."""
        return {name: held for name, held in body.items() if name not in SERVER_FIELDS}


class WorkflowPatch(WorkflowBody):
    """A change of a workflow as RFC 7396 writes it: objects merge, lists replace, ``null`` takes a member away."""

    name = Checked(text(1, MOST_NAME), allow_none=True, metadata=described(_NAME))
    description = Checked(text(0, 100_000), allow_none=True, metadata=described(_DESCRIPTION))
    tags = Checked(each(text(1, 200)), allow_none=True, metadata=described(_TAGS))
    metadata = Checked(mapping, allow_none=True, metadata=described(_METADATA))
    nodes = Checked(graph.nodes, allow_none=True, metadata=described(_NODES))
    connections = Checked(graph.connections, allow_none=True, metadata=described(_CONNECTIONS))
    viewport = Checked(graph.viewport, allow_none=True, metadata=described(_VIEWPORT))


class WholeBody(OpenInput):
    """A body that one check looks at as a whole; React Flow's own members are kept exactly."""

    def __init__(self, check: Check) -> None:
        super().__init__()
        self.check = check
        self.json_schema = check.schema

    @pre_load
    def check_all(self, body: Any, **_options: Any) -> Any:
        """Refuse what the check has something against."""
        messages = self.check.find(body)
        if messages:
            raise ValidationError(messages if isinstance(messages, dict) else {"_schema": [messages]})
        return body


class DuplicateBody(Input):
    """What a copy is called."""

    name = Checked(
        text(1, MOST_NAME),
        metadata=described("What the copy is called; without it, as the original with `(Copy)` behind it."),
    )


class Issue(Output):
    """Something that keeps a workflow from running, or may."""

    code = string(about="What is wrong, for programs.")
    severity = string(
        validate=validate.OneOf(["error", "warning", "info"]),
        about="How bad it is: an `error` keeps the graph from running, a `warning` is likely not meant so.",
    )
    message = string(about="What is wrong, for people.")
    pointer = string(about="The place in the graph, as a JSON Pointer.")
    node_id = fields.String(allow_none=True, metadata=described("The id of the node to mark on the canvas."))
    connection_id = fields.String(
        allow_none=True, metadata=described("The id of the connection to mark on the canvas.")
    )
    path = fields.List(
        fields.String(), metadata=described("The ids of the nodes of a cycle, in their order; the first is the last.")
    )


class LastExecution(Output):
    """The latest execution of a workflow, in short."""

    id = string(about="What names it in addresses; nothing is to be read into it.")
    status = checked(EXECUTION_STATUS, about="Whether it is under way, and how it ended.")
    mode = string(validate=validate.OneOf(MODES), about="How it came to be.")
    created_at = time(about="When it was created.")
    started_at = time(allow_none=True, about="When it began; `null` if it has not.")
    finished_at = time(allow_none=True, about="When it ended; `null` before.")


class _WorkflowHead(Output):
    id = string(about="What names it in addresses; nothing is to be read into it.")
    name = string(validate=validate.Length(1, MOST_NAME), about=_NAME)
    description = string(about=_DESCRIPTION)
    tags = there(fields.List, fields.String(), about=_TAGS)
    number = whole_number(1, about="Counts the workflows of the sandbox; its id where ids are whole numbers.")
    owner_id = string(about="The id of the user that it belongs to.")
    status = checked(
        WORKFLOW_STATUS,
        about="The status of its latest execution; `idle` if it never ran.",
    )
    revision = whole_number(1, about="Rises with every change of the document, from 1; `If-Match` compares it.")
    created_at = time(about="When it was created.")
    updated_at = time(about="When the document was last changed.")
    last_execution = there(
        fields.Nested, LastExecution, allow_none=True, about="Its latest execution, in short; `null` if it never ran."
    )


class KeptGraph(Output):
    """A graph as it is kept."""

    nodes = Checked(each(graph.KEPT_NODE), required=True, metadata=described(_NODES))
    connections = Checked(each(graph.KEPT_CONNECTION), required=True, metadata=described(_CONNECTIONS))
    viewport = Checked(graph.viewport, required=True, metadata=described(_VIEWPORT))


class Workflow(KeptGraph, _WorkflowHead):
    """A workflow with its graph."""

    class Meta:
        unknown = INCLUDE

    metadata = there(fields.Dict, about=_METADATA)
    issues = fields.List(
        fields.Nested(Issue),
        metadata=described("What keeps it from running, or may; there only if `?issues=true` asks for it."),
    )


class WorkflowSummary(_WorkflowHead):
    """A workflow as lists show it."""

    class Meta:
        unknown = INCLUDE

    metadata = there(fields.Dict, about=_METADATA)
    node_count = whole_number(about="How many nodes it has.")
    connection_count = whole_number(about="How many connections it has.")


class ReactFlow(Output):
    """What React Flow's ``toObject()`` gives, in its own types."""

    nodes = Checked(each(graph.REACT_FLOW_NODE), required=True, metadata=described(_NODES))
    edges = Checked(each(graph.REACT_FLOW_EDGE), required=True, metadata=described(_CONNECTIONS))
    viewport = Checked(graph.REACT_FLOW_VIEWPORT, required=True, metadata=described(_VIEWPORT))


class WorkflowExport(Output):
    """A workflow to take elsewhere."""

    format = string(about="What this document is: `understudy/1`.")
    exported_at = time(about="When it was exported, in virtual time.")
    workflow = there(fields.Dict, about="The document, with an empty text in the place of every secret.")


class Validation(Output):
    """Whether a workflow can run, and what there is to say about it."""

    valid = there(fields.Boolean, about="Whether it can run: no issue is an `error`.")
    issues = there(
        fields.List,
        fields.Nested(Issue),
        about="What there is to say: of the nodes, of the connections, then of the whole.",
    )


class ConnectionFlow(Output):
    """What has gone over one connection."""

    connection_id = string(about="The id of the connection in the graph.")
    source = string(about="The id of the node that it comes from.")
    target = string(about="The id of the node that it goes to.")
    status = string(
        validate=validate.OneOf(["idle", "active", "delivered", "dead"]),
        about="Whether its source is at work (`active`), something went over it, or nothing ever will (`dead`).",
    )
    items = whole_number(about="How many items went over it: those of a list, else 1; 0 before.")
    bytes = whole_number(about="How many bytes that is as JSON; 0 before.")
    preview = anything(about="A piece of what went over it last, small enough for a tooltip; `null` before.")
    delivered_at = time(allow_none=True, about="When something last went over it; `null` before.")


class Dataflow(Output):
    """What has gone over the connections of a workflow."""

    execution_id = string(
        allow_none=True, about="The id of the execution that is shown; `null` if the workflow never ran."
    )
    workflow_id = string(about="The id of the workflow.")
    status = checked(WORKFLOW_STATUS, about="The status of that execution; `idle` if there is none.")
    connections = there(
        fields.List,
        fields.Nested(ConnectionFlow),
        about="Every connection with what went over it, in the order of the graph.",
    )


WORKFLOW_BODY = WorkflowBody()
WORKFLOW_PATCH = WorkflowPatch()
GRAPH_BODY = GraphBody()
NODE_BODY = WholeBody(graph.node_body)
NODE_PATCH = WholeBody(graph.node_patch)
CONNECTION_BODY = WholeBody(graph.connection)
IMPORT = mapping.schema
"""A document that somebody else may have written: what is understood is said in words."""
DUPLICATE_BODY = DuplicateBody()

WORKFLOW = Workflow()
WORKFLOW_PAGE = page_of(WorkflowSummary, "workflows")
REACT_FLOW = ReactFlow()
WORKFLOW_EXPORT = WorkflowExport()
VALIDATION = Validation()
DATAFLOW = Dataflow()
WORKFLOW_OR_REACT_FLOW = (WORKFLOW, REACT_FLOW)
NODE = graph.KEPT_NODE.schema
NODES = items_of("NodeList", "The nodes, in the order of the document.", graph.KEPT_NODE)
CONNECTION = graph.KEPT_CONNECTION.schema
CONNECTIONS = items_of("ConnectionList", "The connections, in the order of the document.", graph.KEPT_CONNECTION)
