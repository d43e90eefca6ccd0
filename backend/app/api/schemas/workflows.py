"""Workflows, nodes and connections, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, ValidationError, fields, post_load, pre_load, validate

from ...models.execution import EXECUTION_TRANSITIONS, MODES
from ...models.workflow import SERVER_FIELDS
from . import graph
from .base import Input, OpenInput, Output, anything, items_of, page_of, string, there, time, whole_number
from .checks import Check, Checked, each, mapping, text

STATUSES = tuple(EXECUTION_TRANSITIONS)


class GraphBody(OpenInput):
    """A graph; React Flow's ``edges`` is read as ``connections``."""

    nodes = Checked(graph.nodes)
    connections = Checked(graph.connections)
    viewport = Checked(graph.viewport)

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

    name = Checked(text(1, 200))
    description = Checked(text(0, 100_000))
    tags = Checked(each(text(1, 200)))
    metadata = Checked(mapping)

    @post_load
    def drop_server_fields(self, body: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Leave out what the server writes."""
        return {name: held for name, held in body.items() if name not in SERVER_FIELDS}


class WorkflowPatch(WorkflowBody):
    """A change of a workflow as RFC 7396 writes it: objects merge, lists replace, ``null`` takes a member away."""

    name = Checked(text(1, 200), allow_none=True)
    description = Checked(text(0, 100_000), allow_none=True)
    tags = Checked(each(text(1, 200)), allow_none=True)
    metadata = Checked(mapping, allow_none=True)
    nodes = Checked(graph.nodes, allow_none=True)
    connections = Checked(graph.connections, allow_none=True)
    viewport = Checked(graph.viewport, allow_none=True)


class WholeBody(OpenInput):
    """A body that one check looks at as a whole; React Flow's own members are kept exactly."""

    def __init__(self, check: Check) -> None:
        super().__init__()
        self.check = check

    @pre_load
    def check_all(self, body: Any, **_options: Any) -> Any:
        """Refuse what the check has something against."""
        messages = self.check(body)
        if messages:
            raise ValidationError(messages if isinstance(messages, dict) else {"_schema": [messages]})
        return body


class DuplicateBody(Input):
    """What a copy is called."""

    name = Checked(text(1, 200))


class Node(Output):
    """A node as it is kept."""

    class Meta:
        unknown = INCLUDE

    id = string()


class Connection(Node):
    """A connection as it is kept."""

    source = string()
    target = string()


class Issue(Output):
    """Something that keeps a workflow from running, or may."""

    code = string()
    severity = string(validate=validate.OneOf(["error", "warning", "info"]))
    message = string()
    pointer = string()
    node_id = fields.String(allow_none=True)
    connection_id = fields.String(allow_none=True)
    path = fields.List(fields.String())


class LastExecution(Output):
    """The latest execution of a workflow, in short."""

    id = string()
    status = string(validate=validate.OneOf(STATUSES))
    mode = string(validate=validate.OneOf(MODES))
    created_at = time()
    started_at = time(allow_none=True)
    finished_at = time(allow_none=True)


class _WorkflowHead(Output):
    id = string()
    name = string(validate=validate.Length(1, 200))
    description = string()
    tags = there(fields.List, fields.String())
    status = string(validate=validate.OneOf(["idle", *STATUSES]))
    revision = whole_number(1)
    created_at = time()
    updated_at = time()
    last_execution = there(fields.Nested, LastExecution, allow_none=True)


class Workflow(_WorkflowHead):
    """A workflow with its graph."""

    class Meta:
        unknown = INCLUDE

    nodes = there(fields.List, fields.Nested(Node))
    connections = there(fields.List, fields.Nested(Connection))
    viewport = there(fields.Dict)
    metadata = there(fields.Dict)
    issues = fields.List(fields.Nested(Issue))


class WorkflowSummary(_WorkflowHead):
    """A workflow as lists show it."""

    class Meta:
        unknown = INCLUDE

    node_count = whole_number()
    connection_count = whole_number()


class ReactFlow(Output):
    """What React Flow's ``toObject()`` gives."""

    nodes = there(fields.List, fields.Nested(Node))
    edges = there(fields.List, fields.Nested(Connection))
    viewport = there(fields.Dict)


class WorkflowExport(Output):
    """A workflow to take elsewhere."""

    format = string()
    exported_at = time()
    workflow = there(fields.Dict)


class Validation(Output):
    """Whether a workflow can run, and what there is to say about it."""

    valid = there(fields.Boolean)
    issues = there(fields.List, fields.Nested(Issue))


class Flow(Output):
    """What has gone over one connection."""

    connection_id = string()
    source = string()
    target = string()
    status = string(validate=validate.OneOf(["idle", "active", "delivered", "dead"]))
    items = anything()
    bytes = anything()
    preview = anything()
    delivered_at = time(allow_none=True)
    deliveries = fields.Integer()


class Dataflow(Output):
    """What has gone over the connections of a workflow."""

    execution_id = string(allow_none=True)
    workflow_id = fields.String()
    status = fields.String()
    connections = there(fields.List, fields.Nested(Flow))


WORKFLOW_BODY = WorkflowBody()
WORKFLOW_PATCH = WorkflowPatch()
GRAPH_BODY = GraphBody()
NODE_BODY = WholeBody(graph.node)
NODE_PATCH = WholeBody(graph.node_patch)
CONNECTION_BODY = WholeBody(graph.connection)
DUPLICATE_BODY = DuplicateBody()

WORKFLOW = Workflow()
WORKFLOW_PAGE = page_of(WorkflowSummary)
REACT_FLOW = ReactFlow()
WORKFLOW_EXPORT = WorkflowExport()
VALIDATION = Validation()
DATAFLOW = Dataflow()
NODE = Node()
NODES = items_of(Node)
CONNECTION = Connection()
CONNECTIONS = items_of(Connection)
