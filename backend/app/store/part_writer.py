"""Writes things of a store as plain data; see `parts.py` for the shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..models.event import Change, ConnectionDelivered, Record
from ..models.execution import Execution, Flow, NodeExecution
from ..models.file import File
from ..models.pool import Pool
from ..models.schedule import Schedule
from ..models.template import Template
from ..models.version import Version
from ..models.workflow import Workflow
from .parts import (
    PLAIN_FIELDS,
    ChangePart,
    EventPart,
    FilePart,
    FlowPart,
    OriginPart,
    RequestPart,
    RunPart,
    SchedulePart,
    StatusPart,
    TemplatePart,
    VersionPart,
    WorkflowPart,
)


def write_workflow(workflow: Workflow) -> WorkflowPart:
    """A workflow as plain data."""
    return WorkflowPart(*(getattr(workflow, name) for name in WorkflowPart.__struct_fields__))


def write_version(workflow: Workflow, version: Version) -> VersionPart:
    """A version of a workflow as plain data."""
    return VersionPart(workflow.id, *version)


def write_template(template: Template) -> TemplatePart:
    """A template as plain data."""
    return TemplatePart(*(getattr(template, name) for name in TemplatePart.__struct_fields__))


def write_schedule(schedule: Schedule) -> SchedulePart:
    """A schedule as plain data."""
    return SchedulePart(*(getattr(schedule, name) for name in SchedulePart.__struct_fields__))


def write_file(file: File) -> FilePart:
    """A file as plain data."""
    return FilePart(*(getattr(file, name) for name in FilePart.__struct_fields__))


def write_changes(records: Sequence[Record]) -> list[ChangePart]:
    """The changes of workflows that these events tell of."""
    return [_write_change(at, change, cursor) for _, at, change, _, _, _, cursor in records]


def execution_fields(execution: Execution, records: Sequence[Record], pool: Pool) -> dict[str, Any]:
    """The fields of an `ExecutionPart`, all but the pool, to which the values go.

    :param records: those of its events.
    """
    parent = execution.parent
    fields: dict[str, Any] = {name: getattr(execution, name) for name in PLAIN_FIELDS}
    return fields | {
        "input": pool.put(execution.input),
        "output": pool.put(execution.output),
        "error": None if execution.error is None else pool.put(execution.error),
        "parent": None if parent is None else OriginPart(parent["execution_id"], parent["node_id"]),
        "status_history": [StatusPart(**entry) for entry in execution.status_history],
        "waiting_for": [RequestPart(**request) for request in execution.waiting_for],
        "nodes": [_write_run(run, pool) for run in execution.nodes],
        "earlier": [_write_run(run, pool) for run in execution.earlier],
        "flows": [_write_flow(flow, pool) for flow in execution.flows],
        "events": _write_events(execution, records, pool),
    }


def _write_change(at: int, change: Change, cursor: int) -> ChangePart:
    return ChangePart(at, *change[:-2], cursor, change.owner_id, list(change.shared_with))


def _write_run(run: NodeExecution, pool: Pool) -> RunPart:
    inputs: Any = run.inputs
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
        None if inputs is None else pool.put_lists(inputs.by_port),
        None if run.output is None else pool.put_each(run.output),
        run.branch,
        run.origin,  # type: ignore[arg-type]
        None if run.error is None else pool.put(run.error),
        list(run.logs),
        run.began,
    )


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


def _write_events(execution: Execution, records: Sequence[Record], pool: Pool) -> list[EventPart]:
    places = {id(run): place for place, run in enumerate(execution.earlier + execution.nodes)}
    places |= {id(flow): place for place, flow in enumerate(execution.flows)}
    written = []
    for kind, at, subject, detail, _, _, cursor in records:
        if subject is None:
            written.append(EventPart(kind, at, None, pool.put_each(detail), cursor))
        else:
            told = pool.put(detail) if kind == ConnectionDelivered else detail
            written.append(EventPart(kind, at, places[id(subject)], told, cursor))
    return written
