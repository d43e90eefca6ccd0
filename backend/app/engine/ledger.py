"""The ledger: every change of an execution's state, told in its log in the same breath."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..errors import IllegalTransition
from ..models import event as events
from ..models.execution import EXECUTION_TRANSITIONS, NODE_TRANSITIONS, Execution, Flow, NodeExecution
from ..moments import from_iso, iso
from ..nodes.base import Json
from .plan import ROOT, Plan, Step

Tell = Callable[[str, int, Any, Any], None]
"""Notes an event of the execution: its type, its moment, its subject (or ``None``) and its data; see `events.Event`."""


class Ledger:
    """Writes one execution: nobody else changes it, and nothing changes without an event.

    Which status may follow which is in `models/execution.py`.
    """

    def __init__(self, execution: Execution, plan: Plan, tell: Tell) -> None:
        """:param tell: notes an event in the log."""
        self.execution = execution
        self.plan = plan
        self.zero = 0
        """The moment at which execution time would have been zero, had there been no pause."""
        self._tell = tell

    def created(self, at: int) -> None:
        """The execution exists, with an idle node execution for every step."""
        execution, plan = self.execution, self.plan
        execution.nodes = [NodeExecution(step.id, step.type) for step in plan.steps]
        execution.flows = [Flow(*connection) for connection in plan.connections]
        execution.status_history.append({"status": "pending", "at": iso(at), "reason": None})
        self._tell(events.ExecutionCreated, at, None, {})

    def story(self) -> list[str]:
        """What happened until now, a line each."""
        return [repr(event) for event in self.execution.events]

    def _move(
        self, status: str, kind: str, at: int, reason: str | None = None, data: dict[str, Json] | None = None
    ) -> None:
        execution = self.execution
        if status not in EXECUTION_TRANSITIONS[execution.status]:
            raise IllegalTransition(f"Execution '{execution.id}'", execution.status, status, self.story())
        execution.status = status
        execution.status_history.append({"status": status, "at": iso(at), "reason": reason})
        self._tell(kind, at, None, {"reason": reason, **(data or {})})

    def _finish(self, status: str, kind: str, at: int, data: dict[str, Json]) -> None:
        """Move to a final status, with the output or the error."""
        execution = self.execution
        execution.finished_at = at
        for key in ("output", "error"):
            if key in data:
                setattr(execution, key, data[key])
        self._move(status, kind, at, data.pop("reason", None), data | {"progress": execution.progress()})

    def _end_pause(self, at: int) -> None:
        execution = self.execution
        if execution.paused_at is not None:
            execution.paused_for += at - execution.paused_at
            self.zero += at - execution.paused_at
            self._put_off(at - execution.paused_at)
            execution.paused_at = None

    def _put_off(self, pause: int) -> None:
        """A question that expires does so later by the pause."""
        for place, request in enumerate(self.execution.waiting_for):
            if request["expires_at"] is not None:
                later = iso(from_iso(request["expires_at"]) + pause)
                self.execution.waiting_for[place] = request | {"expires_at": later}

    def _set(self, run: NodeExecution, status: str) -> None:
        if status not in NODE_TRANSITIONS[run.status]:
            raise IllegalTransition(f"Node '{run.node_id}'", run.status, status, self.story())
        run.status = status
        run.written = None

    def _end_run(self, run: NodeExecution, at: int) -> None:
        run.finished_at = at
        run.duration_ms = (at - self.zero - run.began) // 1000

    def _write_logs(self, index: int, logs: Any, at: int) -> None:
        run = self.execution.nodes[index]
        if logs:
            run.logs = [*run.logs, *({"at": iso(at), **line} for line in logs)]
        for line in logs:
            self._tell(events.LogWritten, at, None, {"node_id": run.node_id, "iteration": run.iteration, **line})

    def _abandon_nodes(self, at: int) -> None:
        """What is under way is stopped; what was not reached is skipped."""
        self.execution.waiting_for.clear()
        for run in self.execution.nodes:
            if run.status == "idle":
                self._set(run, "skipped")
                self._tell(events.NodeSkipped, at, None, {"node_id": run.node_id, "iteration": run.iteration})
            elif "stopped" in NODE_TRANSITIONS[run.status]:
                self._set(run, "stopped")
                self._end_run(run, at)
                data = {"node_id": run.node_id, "iteration": run.iteration, "duration_ms": run.duration_ms}
                self._tell(events.NodeStopped, at, None, data)

    def _count(self, step: Step) -> None:
        if step.scope == ROOT:
            self.execution.completed_nodes += 1 + len(step.body)
