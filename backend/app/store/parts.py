"""Things of a store as plain data, the shape of it: workflows, templates, files and executions.

Of an execution, every value lies in a pool and is known by its place there. What is many (node executions, connections,
events) is written as arrays, in the order of the fields here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from ..models.event import EXECUTION_EVENTS
from ..models.schedule import LONGEST_INTERVAL
from ..models.user import DEFAULT_USER
from ..models.workflow import Permission
from ..models.written import Count, Moment, Offset, Place, Ports

Token = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,200}\Z")]
"""An id that the server gave: it also stands in URLs and headers."""
Line = Annotated[str, msgspec.Meta(pattern=r"^[^\r\n\0]*\Z")]
"""Text that may stand in a header."""

ExecutionStatus = Literal["pending", "running", "waiting", "paused", "completed", "failed", "stopped"]
NodeStatus = Literal["idle", "running", "waiting", "retrying", "completed", "failed", "skipped", "stopped"]
FileKind = Literal["image", "pdf", "audio", "video", "text", "archive", "other"]
Mode = Literal["manual", "partial", "process_files", "retry", "sub_workflow", "schedule", "webhook"]


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """A piece of a snapshot."""


class LinkPart(Part, array_like=True):
    """A link that shows a workflow."""

    token: Token
    created_at: Moment


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
    owner_id: Token = DEFAULT_USER
    shares: dict[str, Permission] = {}
    saved_by: Token = DEFAULT_USER
    version_label: str | None = None
    restored_from: Count | None = None
    link: LinkPart | None = None


class VersionPart(Part):
    """A version of a workflow that was before the present one."""

    workflow_id: Token
    revision: Count
    label: str | None
    created_at: Moment
    saved_by: Token
    restored_from: Count | None
    name: str
    description: str
    tags: list[str]
    nodes: list[dict[str, Any]]
    connections: list[dict[str, Any]]
    viewport: dict[str, Any]
    metadata: dict[str, Any]
    extra: dict[str, Any]


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
    owner_id: Token | None = DEFAULT_USER


class SchedulePart(Part):
    """A schedule."""

    id: Token
    number: Count
    workflow_id: Token
    name: str
    cron: str | None
    timezone: str
    interval_seconds: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_INTERVAL)] | None
    enabled: bool
    node_id: str | None
    input: Any
    next_at: Moment | None
    created_at: Moment
    updated_at: Moment
    last_at: Moment | None
    last_execution_id: str | None
    last_error: dict[str, str] | None
    fired: Count
    missed: Count


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
    owner_id: Token = DEFAULT_USER


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
    """An event of an execution; its number is its place."""

    type: Literal[EXECUTION_EVENTS]  # type: ignore[valid-type]
    at: Moment
    subject: Place | None
    """Of the node executions (those of earlier iterations first), or of the connections."""
    detail: dict[str, Place] | Count
    """Of an event without a subject, the places of its data; of a delivery, the place of its value; else a number."""
    cursor: Count


class ChangePart(Part, array_like=True):
    """An event that tells of the change of a workflow."""

    at: Moment
    workflow_id: Token
    change: Literal["created", "updated", "deleted"]
    revision: Count
    name: str
    updated_at: Moment
    cursor: Count
    owner_id: Token = DEFAULT_USER
    shared_with: list[Token] = []


class ChangesPart(Part):
    """Some of these events, one after another."""

    changes: list[ChangePart]


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
    owner_id: Token = DEFAULT_USER
    sees_all: bool = False
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


PLAIN_FIELDS = (
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
    "owner_id",
    "sees_all",
    "status",
    "started_at",
    "finished_at",
    "paused_at",
    "paused_for",
    "completed_nodes",
)
"""Fields of an execution that are written as they are."""
