"""The executions of a flow, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ...errors import NotFound
from ...models.execution import FINAL, Execution
from ...models.user import Viewer
from ...moments import MICROSECONDS
from ...sandbox import Sandbox
from .flows import find
from .mapping import STATUSES, to_execution, to_listed_execution

Json = Any

PER_PAGE = 60
"""Executions of a page."""

PERCENTILES = (50, 90, 95, 99)


class NodeRun(NamedTuple):
    """What counts of a node execution."""

    node_id: str
    node_type: str
    status: str
    duration_ms: int | None


class Run(NamedTuple):
    """What counts of an execution."""

    status: str
    elapsed_ms: int
    created_at: int
    """In microseconds."""
    nodes: tuple[NodeRun, ...]


def list_executions(sandbox: Sandbox, flow_id: str, page: int, viewer: Viewer) -> list[dict[str, Json]]:
    """A page of the executions of a flow, the newest first."""
    with sandbox.view():
        newest = _of(sandbox, flow_id, viewer)[::-1]
        found = [one.summary() for one in newest[(page - 1) * PER_PAGE : page * PER_PAGE]]
    return [to_listed_execution(one) for one in found]


def get(sandbox: Sandbox, flow_id: str, flow_execution_id: str, viewer: Viewer) -> dict[str, Json]:
    """An execution of a flow.

    :raises NotFound: if the flow has none with this id.
    """
    with sandbox.view():
        find(sandbox, flow_id, viewer)
        execution = sandbox.store.executions.get(flow_execution_id)
        if execution.workflow_id != flow_id:
            raise NotFound("execution", flow_execution_id)
        found = execution.as_dict(logs=False)
    return to_execution(found)


def stats(sandbox: Sandbox, flow_id: str, viewer: Viewer) -> dict[str, Json]:
    """How often a flow was executed, and how that went, in short."""
    return totals(_runs(sandbox, flow_id, viewer, nodes=False))


def analytics(sandbox: Sandbox, flow_id: str, viewer: Viewer) -> dict[str, Json]:
    """How often a flow was executed, how that went and how long it took, as a whole and by node."""
    runs = _runs(sandbox, flow_id, viewer, nodes=True)
    ended = sorted(run.elapsed_ms for run in runs if run.status in FINAL)
    counts = {word: sum(run.status == status for run in runs) for status, word in STATUSES.items()}
    return {
        "flow_id": flow_id,
        **totals(runs),
        "by_status": counts,
        "success_rate": _share(counts["success"], len(ended)),
        "execution_time": {f"p{percent}": percentile(ended, percent) for percent in PERCENTILES},
        "nodes": by_node(run for each in runs for run in each.nodes),
    }


def totals(runs: Sequence[Run]) -> dict[str, Json]:
    """The counts of executions; the average is over those that have ended."""
    counts = {status: sum(run.status == status for run in runs) for status in FINAL}
    ended = [run.elapsed_ms for run in runs if run.status in FINAL]
    return {
        "total_executions": len(runs),
        "success_count": counts["completed"],
        "error_count": counts["failed"],
        "aborted_count": counts["stopped"],
        "avg_execution_time": _average(ended) or 0.0,
        "last_execution_at": max((run.created_at // MICROSECONDS for run in runs), default=None),
    }


def by_node(runs: Iterable[NodeRun]) -> list[dict[str, Json]]:
    """What became of each node that was reached; the average is over the runs that have ended."""
    kept: dict[str, list[NodeRun]] = {}
    for run in runs:
        if run.status not in ("idle", "skipped"):
            kept.setdefault(run.node_id, []).append(run)
    return [_of_node(node_id, found) for node_id, found in kept.items()]


def percentile(ordered: Sequence[int], percent: int) -> int | None:
    """The least of some ordered numbers that so many percent of them do not exceed; ``None`` if there is none."""
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None


def _of_node(node_id: str, runs: list[NodeRun]) -> dict[str, Json]:
    success = sum(run.status == "completed" for run in runs)
    errors = sum(run.status == "failed" for run in runs)
    return {
        "node_id": node_id,
        "node_type": runs[-1].node_type,
        "execution_count": len(runs),
        "success_count": success,
        "error_count": errors,
        "error_rate": _share(errors, success + errors),
        "avg_execution_time": _average([run.duration_ms for run in runs if run.duration_ms is not None]),
    }


def _runs(sandbox: Sandbox, flow_id: str, viewer: Viewer, *, nodes: bool) -> list[Run]:
    """What counts of the executions of a flow: they are counted when the sandbox is free again."""
    with sandbox.view():
        return [_counted(one, nodes) for one in _of(sandbox, flow_id, viewer)]


def _of(sandbox: Sandbox, flow_id: str, viewer: Viewer) -> list[Execution]:
    return sandbox.store.executions_of(find(sandbox, flow_id, viewer).id)


def _counted(execution: Execution, nodes: bool) -> Run:
    runs = [*execution.earlier, *execution.nodes] if nodes else []
    told = tuple(NodeRun(run.node_id, run.node_type, run.status, run.duration_ms) for run in runs)
    return Run(execution.status, execution.elapsed_ms(), execution.created_at, told)


def _average(numbers: Sequence[int]) -> float | None:
    return round(sum(numbers) / len(numbers), 3) if numbers else None


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
