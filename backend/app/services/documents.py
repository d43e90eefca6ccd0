"""Workflows as the API shows them: bytes made once per state, with their ETag."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import orjson

from ..models.execution import Execution
from ..models.workflow import Workflow
from ..moments import iso
from ..sandbox import Sandbox

Json = Any


@dataclass(frozen=True, slots=True)
class Document:
    """A workflow, ready to be sent."""

    body: bytes
    """JSON."""
    revision: int
    etag: str
    """With its quotes: ``"{revision}-{hash of the body}"``."""
    id: str


@dataclass(frozen=True, slots=True)
class Part:
    """A node or a connection, with the state of the workflow that it belongs to."""

    body: dict[str, Json]
    revision: int
    etag: str
    """That of the whole workflow."""


def render(sandbox: Sandbox, workflow: Workflow) -> Document:
    """The workflow as it is sent; made again only when it or its latest execution has changed."""
    state = _state(sandbox, workflow)
    held = workflow.cache.get("document")
    if held is None or held[0] != state:
        body = orjson.dumps(_body(sandbox, workflow))
        digest = blake2b(body, digest_size=8).hexdigest()
        held = (state, Document(body, workflow.revision, f'"{workflow.revision}-{digest}"', workflow.id))
        workflow.cache["document"] = held
    document: Document = held[1]
    return document


def part(sandbox: Sandbox, workflow: Workflow, body: dict[str, Json]) -> Part:
    """A piece of a workflow, with the workflow's revision and ETag."""
    document = render(sandbox, workflow)
    return Part(body, document.revision, document.etag)


def summary(sandbox: Sandbox, workflow: Workflow) -> dict[str, Json]:
    """The workflow as lists show it: counts instead of the graph."""
    state = _state(sandbox, workflow)
    held = workflow.cache.get("summary")
    if held is None or held[0] != state:
        shown = {
            "id": workflow.id,
            "name": workflow.name,
            "description": workflow.description,
            "tags": workflow.tags,
            "node_count": len(workflow.nodes),
            "connection_count": len(workflow.connections),
            "metadata": workflow.metadata,
        }
        held = workflow.cache["summary"] = (state, shown | workflow.extra | _bookkeeping(sandbox, workflow))
    return dict(held[1])


def latest_execution(sandbox: Sandbox, workflow: Workflow) -> Execution | None:
    """The execution that the status of a workflow tells of."""
    if workflow.last_execution_id is None:
        return None
    found = sandbox.store.executions.find(workflow.last_execution_id)
    if found is None:
        # The latest one was deleted: the one before it takes its place.
        others = reversed(sandbox.store.executions_of(workflow.id))
        found = next((execution for execution in others if execution.parent is None), None)
    return found


def status_of(sandbox: Sandbox, workflow: Workflow) -> str:
    """The status of the latest execution, or ``idle``."""
    execution = latest_execution(sandbox, workflow)
    return execution.status if execution else "idle"


def _state(sandbox: Sandbox, workflow: Workflow) -> tuple[str, str] | None:
    """What decides, besides the revision, how a workflow is shown."""
    execution = latest_execution(sandbox, workflow)
    return (execution.id, execution.status) if execution else None


def _body(sandbox: Sandbox, workflow: Workflow) -> dict[str, Json]:
    own = {
        "id": workflow.id,
        "name": workflow.name,
        "description": workflow.description,
        "tags": workflow.tags,
        "nodes": workflow.nodes,
        "connections": workflow.connections,
        "viewport": workflow.viewport,
        "metadata": workflow.metadata,
    }
    return own | workflow.extra | _bookkeeping(sandbox, workflow)


def _bookkeeping(sandbox: Sandbox, workflow: Workflow) -> dict[str, Json]:
    execution = latest_execution(sandbox, workflow)
    return {
        "number": workflow.number,
        "owner_id": workflow.owner_id,
        "status": execution.status if execution else "idle",
        "revision": workflow.revision,
        "created_at": iso(workflow.created_at),
        "updated_at": iso(workflow.updated_at),
        "last_execution": _outline(execution) if execution else None,
    }


def _outline(execution: Execution) -> dict[str, Json]:
    return {
        "id": execution.id,
        "status": execution.status,
        "mode": execution.mode,
        "created_at": iso(execution.created_at),
        "started_at": None if execution.started_at is None else iso(execution.started_at),
        "finished_at": None if execution.finished_at is None else iso(execution.finished_at),
    }
