"""Reads things of a store from plain data that a stranger may have written."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict

from ..models.event import Change, ConnectionDelivered, History, Record, WorkflowChanged
from ..models.execution import Execution, Flow, NodeExecution
from ..models.file import File
from ..models.pool import Pool
from ..models.schedule import Schedule
from ..models.template import Template
from ..models.version import Version
from ..models.workflow import ShareLink, Workflow
from ..models.written import must
from ..moments import from_iso
from ..nodes.base import Inputs
from .parts import (
    PLAIN_FIELDS,
    ChangePart,
    EventPart,
    ExecutionPart,
    FilePart,
    FlowPart,
    RequestPart,
    RunPart,
    SchedulePart,
    TemplatePart,
    VersionPart,
    WorkflowPart,
)


def read_workflow(part: WorkflowPart) -> Workflow:
    """The workflow that was written."""
    link = None if part.link is None else ShareLink(part.link.token, part.link.created_at)
    return Workflow(**asdict(part) | {"link": link})


def read_version(part: VersionPart) -> Version:
    """The version that was written."""
    return Version(**{name: getattr(part, name) for name in Version._fields})


def read_template(part: TemplatePart) -> Template:
    """The template that was written."""
    return Template(**asdict(part))


def read_schedule(part: SchedulePart) -> Schedule:
    """The schedule that was written."""
    return Schedule(**asdict(part))


def read_file(part: FilePart) -> File:
    """The file that was written."""
    return File(**asdict(part))


def read_changes(parts: list[ChangePart]) -> list[Record]:
    """The events that tell of these changes of workflows."""
    return [(WorkflowChanged, part.at, _read_change(part), None, None, 0, part.cursor) for part in parts]


def read_execution(part: ExecutionPart, pool: Pool) -> Execution:
    """The execution that was written, with its events.

    :raises ValueError: if its parts do not fit together.
    :raises IndexError: if one refers to another that is not there.
    """
    execution = Execution(
        **{name: getattr(part, name) for name in PLAIN_FIELDS},
        input=pool.get(part.input),
        output=pool.get(part.output),
        error=pool.get_error(part.error),
        parent=None if part.parent is None else asdict(part.parent),
        status_history=[asdict(entry) for entry in part.status_history],
        waiting_for=[_read_request(request) for request in part.waiting_for],
        nodes=[_read_run(run, pool) for run in part.nodes],
        earlier=[_read_run(run, pool) for run in part.earlier],
        flows=[_read_flow(flow, pool) for flow in part.flows],
    )
    execution.events = History(_read_events(part.events, execution, pool))
    return execution


def _read_change(part: ChangePart) -> Change:
    told = (part.workflow_id, part.change, part.revision, part.name, part.updated_at)
    return Change(*told, part.owner_id, tuple(part.shared_with))


def _read_request(request: RequestPart) -> dict[str, Any]:
    if request.expires_at is not None:
        from_iso(request.expires_at)
    return asdict(request)


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
        None if part.inputs is None else Inputs(pool.get_lists(part.inputs)),
        None if part.output is None else pool.get_each(part.output),
        part.branch,
        part.origin,
        pool.get_error(part.error),
        part.logs,
        part.began,
    )


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
        elif kind == ConnectionDelivered:
            told = pool.get(detail)
        must((subject is None) == isinstance(detail, dict), "an event has a subject, or the data to tell")
        about: Any = None if subject is None else (flows if kind == ConnectionDelivered else runs)[subject]
        records.append((kind, part.at, about, told, execution, number, part.cursor))
    return records
