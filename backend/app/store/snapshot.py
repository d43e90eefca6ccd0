"""Things of a store as plain data: workflows, templates, files and executions.

Of an execution, every value lies in a pool and is known by its place there. What is many (node executions, connections,
events) is written as arrays, in the order of the fields here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from ..models import event as events
from ..models.event import History, Record
from ..models.execution import Execution, Flow, NodeExecution
from ..models.file import File
from ..models.pool import Pool
from ..models.template import Template
from ..models.workflow import Workflow
from ..moments import LAST_MOMENT, from_iso
from ..nodes.base import Inputs

Moment = Annotated[int, msgspec.Meta(ge=-LAST_MOMENT // 1000, le=LAST_MOMENT)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Offset = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
Place = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Name = Annotated[str, msgspec.Meta(min_length=1)]
Token = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,200}\Z")]
"""An id that the server gave: it also stands in URLs and headers."""
Line = Annotated[str, msgspec.Meta(pattern=r"^[^\r\n\0]*\Z")]
"""Text that may stand in a header."""
Ports = dict[str, list[Place]]

ExecutionStatus = Literal["pending", "running", "waiting", "paused", "completed", "failed", "stopped"]
NodeStatus = Literal["idle", "running", "waiting", "retrying", "completed", "failed", "skipped", "stopped"]
FileKind = Literal["image", "pdf", "audio", "video", "text", "archive", "other"]
Mode = Literal["manual", "partial", "process_files", "retry", "sub_workflow"]


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """A piece of a snapshot."""


class WorkflowPart(Part):
    """A workflow, without what was derived from it."""

    id: Token
    number: Count
    name: str
    description: str
    tags: list[str]
    nodes: list[dict[str, Any]]
    connections: list[dict[str, Any]]
    viewport: dict[str, Any]
    metadata: dict[str, Any]
    extra: dict[str, Any]
    created_at: Moment
    updated_at: Moment
    revision: Count
    last_execution_id: str | None


class TemplatePart(Part):
    """A template."""

    id: Token
    number: Count
    name: str
    description: str
    category: str
    tags: list[str]
    nodes: list[dict[str, Any]]
    connections: list[dict[str, Any]]
    viewport: dict[str, Any]
    parameters: list[dict[str, Any]]
    created_at: Moment
    updated_at: Moment
    revision: Count


class FilePart(Part):
    """A file with its bytes, in base64, and without its thumbnails."""

    id: Token
    name: str
    size: Count
    content_type: Line
    kind: FileKind
    sha256: Line
    width: Count | None
    height: Count | None
    metadata: dict[str, Any]
    content: bytes
    created_at: Moment


class StatusPart(Part):
    """An entry of the history of statuses."""

    status: ExecutionStatus
    at: str
    reason: str | None


class RequestPart(Part):
    """What a node waits for."""

    node_id: str
    iteration: int | list[int] | None
    prompt: str
    schema: dict[str, Any]
    options: list[dict[str, Any]]
    since: str
    expires_at: str | None


class OriginPart(Part):
    """Who called a sub-workflow."""

    execution_id: str
    node_id: str


class RunPart(Part, array_like=True):
    """A node execution."""

    node_id: str
    node_type: str
    iteration: int | list[int] | None
    status: NodeStatus
    attempt: Count
    progress: Count
    started_at: Moment | None
    finished_at: Moment | None
    duration_ms: Offset | None
    inputs: Ports | None
    output: dict[str, Place] | None
    branch: str | None
    origin: Literal["simulated", "mocked"]
    error: Place | None
    logs: list[dict[str, Any]]
    began: Offset


class FlowPart(Part, array_like=True):
    """A connection."""

    connection_id: str
    source: str
    target: str
    status: Literal["idle", "delivered", "dead"]
    value: Place
    delivered_at: Moment | None
    deliveries: Count


class EventPart(Part, array_like=True):
    """An event; its number is its place."""

    type: Literal[events.EVENT_TYPES]  # type: ignore[valid-type]
    at: Moment
    subject: Place | None
    """Of the node executions (those of earlier iterations first), or of the connections."""
    detail: dict[str, Place] | Count
    """Of an event without a subject, the places of its data; of a delivery, the place of its value; else a number."""
    cursor: Count


class ExecutionPart(Part, kw_only=True):
    """An execution with its events."""

    id: Token
    number: Count
    workflow_id: str
    workflow_revision: Count
    workflow_name: str
    mode: Mode
    input: Place
    seed: int
    created_at: Moment
    mocks: dict[str, Any]
    start_node: str | None
    stop_node: str | None
    parent: OriginPart | None
    depth: Count
    retry_of: str | None
    status: ExecutionStatus
    output: Place
    error: Place | None
    started_at: Moment | None
    finished_at: Moment | None
    paused_at: Moment | None
    paused_for: Count
    status_history: list[StatusPart]
    waiting_for: list[RequestPart]
    nodes: list[RunPart]
    earlier: list[RunPart]
    flows: list[FlowPart]
    completed_nodes: Count
    events: list[EventPart]
    pool: list[Any]


_PLAIN = (
    "id",
    "number",
    "workflow_id",
    "workflow_revision",
    "workflow_name",
    "mode",
    "seed",
    "created_at",
    "mocks",
    "start_node",
    "stop_node",
    "depth",
    "retry_of",
    "status",
    "started_at",
    "finished_at",
    "paused_at",
    "paused_for",
    "completed_nodes",
)
"""Fields of an execution that are written as they are."""


# --- writing -----------------------------------------------------------------------------------------------------


def write_workflow(workflow: Workflow) -> WorkflowPart:
    """A workflow as plain data."""
    return WorkflowPart(*(getattr(workflow, name) for name in WorkflowPart.__struct_fields__))


def write_template(template: Template) -> TemplatePart:
    """A template as plain data."""
    return TemplatePart(*(getattr(template, name) for name in TemplatePart.__struct_fields__))


def write_file(file: File) -> FilePart:
    """A file as plain data."""
    return FilePart(*(getattr(file, name) for name in FilePart.__struct_fields__))


def execution_fields(execution: Execution, pool: Pool) -> dict[str, Any]:
    """The fields of an `ExecutionPart`, all but the pool, to which the values go."""
    parent = execution.parent
    fields: dict[str, Any] = {name: getattr(execution, name) for name in _PLAIN}
    return fields | {
        "mocks": execution.mocks,
        "input": pool.put(execution.input),
        "output": pool.put(execution.output),
        "error": None if execution.error is None else pool.put(execution.error),
        "parent": None if parent is None else OriginPart(parent["execution_id"], parent["node_id"]),
        "status_history": [StatusPart(**entry) for entry in execution.status_history],
        "waiting_for": [RequestPart(**request) for request in execution.waiting_for],
        "nodes": [_write_run(run, pool) for run in execution.nodes],
        "earlier": [_write_run(run, pool) for run in execution.earlier],
        "flows": [_write_flow(flow, pool) for flow in execution.flows],
        "events": _write_events(execution, pool),
    }


def _write_run(run: NodeExecution, pool: Pool) -> RunPart:
    put = pool.put
    return RunPart(
        run.node_id,
        run.node_type,
        run.iteration,
        run.status,  # type: ignore[arg-type]
        run.attempt,
        run.progress,
        run.started_at,
        run.finished_at,
        run.duration_ms,
        _write_ports(run.inputs, pool),
        None if run.output is None else pool.put_each(run.output),
        run.branch,
        run.origin,  # type: ignore[arg-type]
        None if run.error is None else put(run.error),
        list(run.logs),
        run.began,
    )


def _write_ports(inputs: Any, pool: Pool) -> Ports | None:
    if inputs is None:
        return None
    put = pool.put
    return {port: [put(value) for value in values] for port, values in inputs.by_port.items()}


def _write_flow(flow: Flow, pool: Pool) -> FlowPart:
    return FlowPart(
        flow.connection_id,
        flow.source,
        flow.target,
        flow.status,  # type: ignore[arg-type]
        pool.put(flow.value),
        flow.delivered_at,
        flow.deliveries,
    )


def _write_events(execution: Execution, pool: Pool) -> list[EventPart]:
    places = {id(run): place for place, run in enumerate(execution.earlier + execution.nodes)}
    places |= {id(flow): place for place, flow in enumerate(execution.flows)}
    written = []
    for kind, at, subject, detail, _, _, cursor in execution.events.records:
        if subject is None:
            written.append(EventPart(kind, at, None, pool.put_each(detail), cursor))
        else:
            told = pool.put(detail) if kind == events.ConnectionDelivered else detail
            written.append(EventPart(kind, at, places[id(subject)], told, cursor))
    return written


# --- reading -----------------------------------------------------------------------------------------------------


def read_workflow(part: WorkflowPart) -> Workflow:
    """The workflow that was written."""
    return Workflow(**msgspec.structs.asdict(part))


def read_template(part: TemplatePart) -> Template:
    """The template that was written."""
    return Template(**msgspec.structs.asdict(part))


def read_file(part: FilePart) -> File:
    """The file that was written."""
    return File(**msgspec.structs.asdict(part))


def read_execution(part: ExecutionPart, pool: Pool) -> Execution:
    """The execution that was written, with its events.

    :raises ValueError: if its parts do not fit together.
    :raises IndexError: if one refers to another that is not there.
    """
    execution = Execution(
        **{name: getattr(part, name) for name in _PLAIN},
        input=pool.get(part.input),
        output=pool.get(part.output),
        error=_read_error(part.error, pool),
        parent=None if part.parent is None else msgspec.structs.asdict(part.parent),
        status_history=[msgspec.structs.asdict(entry) for entry in part.status_history],
        waiting_for=[_read_request(request) for request in part.waiting_for],
        nodes=[_read_run(run, pool) for run in part.nodes],
        earlier=[_read_run(run, pool) for run in part.earlier],
        flows=[_read_flow(flow, pool) for flow in part.flows],
    )
    execution.events = History(_read_events(part.events, execution, pool))
    return execution


def _read_request(request: RequestPart) -> dict[str, Any]:
    if request.expires_at is not None:
        from_iso(request.expires_at)
    return msgspec.structs.asdict(request)


def _read_error(place: int | None, pool: Pool) -> dict[str, Any] | None:
    if place is None:
        return None
    error = pool.get(place)
    if not isinstance(error, dict) or "message" not in error:
        raise ValueError("an error is an object with a message")
    return error


def _read_run(part: RunPart, pool: Pool) -> NodeExecution:
    return NodeExecution(
        part.node_id,
        part.node_type,
        part.iteration,
        part.status,
        part.attempt,
        part.progress,
        part.started_at,
        part.finished_at,
        part.duration_ms,
        None if part.inputs is None else _read_ports(part.inputs, pool),
        None if part.output is None else pool.get_each(part.output),
        part.branch,
        part.origin,
        _read_error(part.error, pool),
        part.logs,
        part.began,
    )


def _read_ports(ports: Ports, pool: Pool) -> Inputs:
    values = pool.values
    return Inputs({port: [values[place] for place in places] for port, places in ports.items()})


def _read_flow(part: FlowPart, pool: Pool) -> Flow:
    return Flow(
        part.connection_id,
        part.source,
        part.target,
        part.status,
        pool.get(part.value),
        part.delivered_at,
        part.deliveries,
    )


def _read_events(parts: list[EventPart], execution: Execution, pool: Pool) -> list[Record]:
    runs, flows = execution.earlier + execution.nodes, execution.flows
    records: list[Record] = []
    for number, part in enumerate(parts, 1):
        kind, detail, subject = part.type, part.detail, part.subject
        told: Any = detail
        if isinstance(detail, dict):
            told = pool.get_each(detail)
        elif kind == events.ConnectionDelivered:
            told = pool.get(detail)
        if (subject is None) != isinstance(detail, dict):
            raise ValueError("an event has a subject, or the data to tell")
        about: Any = None if subject is None else (flows if kind == events.ConnectionDelivered else runs)[subject]
        records.append((kind, part.at, about, told, execution, number, part.cursor))
    return records
