"""What happened: the log of an execution, and how its state follows from it.

Beside the events of executions there is one that tells of a workflow: that its document is another one now.

Events are past tense. In code they are small records that refer to what they tell of; on the wire each is
``{seq, cursor, type, execution_id, workflow_id, at, data}``. Folding the wire form (`fold`) gives exactly what
``GET /executions/{id}`` gives, so a client that keeps the events never has to ask for the state.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

from ..moments import from_iso, iso
from .user import DEFAULT_USER

if TYPE_CHECKING:
    from .execution import Execution, Flow, NodeExecution

Json = Any

ExecutionCreated = "execution.created"
ExecutionStarted = "execution.started"
ExecutionPaused = "execution.paused"
ExecutionResumed = "execution.resumed"
ExecutionWaiting = "execution.waiting"
ExecutionCompleted = "execution.completed"
ExecutionFailed = "execution.failed"
ExecutionStopped = "execution.stopped"
NodeStarted = "node.started"
NodeProgressed = "node.progress"
NodeCompleted = "node.completed"
NodeFailed = "node.failed"
NodeRetrying = "node.retrying"
NodeWaiting = "node.waiting"
NodeSkipped = "node.skipped"
NodeStopped = "node.stopped"
ConnectionDelivered = "connection.delivered"
LogWritten = "log"
WorkflowChanged = "workflow.changed"

EXECUTION_EVENTS = (
    ExecutionCreated,
    ExecutionStarted,
    ExecutionPaused,
    ExecutionResumed,
    ExecutionWaiting,
    ExecutionCompleted,
    ExecutionFailed,
    ExecutionStopped,
    NodeStarted,
    NodeProgressed,
    NodeCompleted,
    NodeFailed,
    NodeRetrying,
    NodeWaiting,
    NodeSkipped,
    NodeStopped,
    ConnectionDelivered,
    LogWritten,
)
"""The events that tell of an execution."""

EVENT_TYPES = (*EXECUTION_EVENTS, WorkflowChanged)

_STATUS_AFTER = {
    ExecutionCreated: "pending",
    ExecutionStarted: "running",
    ExecutionPaused: "paused",
    ExecutionResumed: "running",
    ExecutionWaiting: "waiting",
    ExecutionCompleted: "completed",
    ExecutionFailed: "failed",
    ExecutionStopped: "stopped",
}
_NODE_STATUS_AFTER = {
    NodeStarted: "running",
    NodeCompleted: "completed",
    NodeFailed: "failed",
    NodeRetrying: "retrying",
    NodeWaiting: "waiting",
    NodeSkipped: "skipped",
    NodeStopped: "stopped",
}


FINAL_EVENTS = (ExecutionCompleted, ExecutionFailed, ExecutionStopped)
"""The events that end an execution."""

NODE_EVENTS = tuple(kind for kind in EVENT_TYPES if kind.startswith("node."))
"""The events that tell of a node."""


def status_after(kind: str) -> str | None:
    """The status that an event of this type leaves: of the node, if it tells of one, else of the execution."""
    return _NODE_STATUS_AFTER.get(kind) or _STATUS_AFTER.get(kind)


CHANGES = ("created", "updated", "deleted")
"""What can become of the document of a workflow."""


class Change(NamedTuple):
    """What became of the document of a workflow."""

    workflow_id: str
    change: Literal["created", "updated", "deleted"]
    """One of `CHANGES`."""
    revision: int
    """The last one, if it was deleted."""
    name: str
    updated_at: int
    """In microseconds."""
    owner_id: str = DEFAULT_USER
    """Whose it was."""
    shared_with: tuple[str, ...] = ()
    """With whom it was shared, if it was deleted: they are told of that, too."""


class Event(NamedTuple):
    """One thing that happened, at its own time."""

    type: str
    at: int
    """The moment in microseconds."""
    subject: Any
    """The node execution, the connection or the `Change` that it tells of, or ``None``."""
    detail: Any
    """The data, if there is no subject; else the one thing that the subject does not keep: see `_DATA`."""
    execution: Execution | None
    """``None`` if it tells of a workflow."""
    seq: int
    """Counts the events of the execution from 1; 0 if there is none."""
    cursor: int
    """Counts the events of the sandbox from 1."""

    @property
    def execution_id(self) -> str | None:
        """The execution that it tells of."""
        return None if self.execution is None else self.execution.id

    @property
    def workflow_id(self) -> str:
        """The workflow that it tells of, or that was executed."""
        owner = self.subject if self.execution is None else self.execution
        return owner.workflow_id

    @property
    def data(self) -> dict[str, Json]:
        """What there is to tell, beside the type and the moment."""
        if self.subject is None:
            return self.detail  # type: ignore[no-any-return]
        return _DATA[self.type](self.subject, self.detail)

    @property
    def node_id(self) -> str | None:
        """The node that it tells of."""
        teller = self.detail if self.subject is None else self.subject
        return teller.get("node_id") if isinstance(teller, dict) else getattr(teller, "node_id", None)

    def __repr__(self) -> str:
        return f"{iso(self.at)} {self.type} {self.node_id or ''}".rstrip()


Record = tuple[str, int, Any, Any, "Execution | None", int, int]
"""The fields of an `Event` in a bare tuple: what is kept of the many that nobody may ever read."""


class History(Sequence[Event]):
    """The events of an execution in their order; each is made of its record when it is read."""

    __slots__ = ("records",)

    def __init__(self, records: list[Record] | None = None) -> None:
        self.records = records or []

    def __len__(self) -> int:
        return len(self.records)

    @overload
    def __getitem__(self, place: int) -> Event: ...
    @overload
    def __getitem__(self, place: slice) -> list[Event]: ...
    def __getitem__(self, place: int | slice) -> Event | list[Event]:
        if isinstance(place, slice):
            return [Event(*record) for record in self.records[place]]
        return Event(*self.records[place])


def _started(run: NodeExecution, attempt: int) -> dict[str, Json]:
    return {
        "node_id": run.node_id,
        "iteration": run.iteration,
        "attempt": attempt,
        "origin": run.origin,
        "input": run.input,
    }


def _completed(run: NodeExecution, completed_nodes: int) -> dict[str, Json]:
    return {
        "node_id": run.node_id,
        "iteration": run.iteration,
        "attempt": run.attempt,
        "output": run.output,
        "branch": run.branch,
        "duration_ms": run.duration_ms,
        "progress": 100,
        "completed_nodes": completed_nodes,
    }


def _skipped(run: NodeExecution, completed_nodes: int) -> dict[str, Json]:
    return {
        "node_id": run.node_id,
        "iteration": run.iteration,
        "origin": run.origin,
        "completed_nodes": completed_nodes,
    }


def _delivered(flow: Flow, value: Json) -> dict[str, Json]:
    return {"connection_id": flow.connection_id, "source": flow.source, "target": flow.target, "value": value}


def _changed(change: Change, _: None) -> dict[str, Json]:
    return {
        "change": change.change,
        "revision": change.revision,
        "name": change.name,
        "updated_at": iso(change.updated_at),
    }


_DATA: dict[str, Callable[[Any, Any], dict[str, Json]]] = {
    NodeStarted: _started,
    NodeCompleted: _completed,
    NodeSkipped: _skipped,
    ConnectionDelivered: _delivered,
    WorkflowChanged: _changed,
}
"""How the data of events with a subject is put together: of what will not change any more, and only when it is read."""


def as_wire(event: Event) -> dict[str, Json]:
    """The event as the API shows it."""
    return {
        "seq": event.seq or None,
        "cursor": event.cursor,
        "type": event.type,
        "execution_id": event.execution_id,
        "workflow_id": event.workflow_id,
        "at": iso(event.at),
        "data": shown_data(event),
    }


def shown_data(event: Event) -> dict[str, Json]:
    """The event's data as the API shows it; what is dear to tell is worked out only here."""
    if event.execution is None:
        return event.data
    if event.type == ExecutionCreated:
        return event.execution.beginning()
    shown = dict(event.data)
    if "completed_nodes" in shown:
        shown["execution_progress"] = progress(shown.pop("completed_nodes"), len(event.execution.nodes))
    if event.type == ConnectionDelivered:
        shown |= measure(shown.pop("value"))
    return shown


def progress(completed: int, total: int) -> dict[str, int]:
    """How far an execution is: ``{completed, total, percent}``."""
    return {"completed": completed, "total": total, "percent": completed * 100 // total if total else 0}


def measure(value: Json) -> dict[str, Json]:
    """How much a value is, and a piece of it: ``{items, bytes, preview}``."""
    import orjson

    text = orjson.dumps(value)
    return {
        "items": len(value) if isinstance(value, list) else 1,
        "bytes": len(text),
        "preview": preview(value, len(text)),
    }


def preview(value: Json, size: int = 0, limit: int = 400) -> Json:
    """A piece of the value that is small enough for a tooltip: the first items of a list, the start of a text."""
    if size <= limit and not isinstance(value, str):
        return value
    if isinstance(value, list):
        return [preview(item, limit + 1, limit // 3) for item in value[:3]]
    if isinstance(value, dict):
        return {key: preview(held, limit + 1, limit // 3) for key, held in list(value.items())[:8]}
    return value[:limit] if isinstance(value, str) else value


def fold(events: list[dict[str, Json]]) -> dict[str, Json]:
    """The state of an execution after these events, in their wire form and from the first on.

    It equals ``GET /executions/{id}`` at the moment of the last event. This is the recipe for clients, and the proof
    that the log is the truth: the machine does not use it.
    """
    state: dict[str, Json] = {}
    for event in events:
        fold_one(state, event)
    return state


def fold_one(state: dict[str, Json], event: dict[str, Json]) -> None:
    """Change the state of an execution to what it is after its next event, in its wire form."""
    kind, data = event["type"], event["data"]
    if kind == ExecutionCreated:
        state.update(_copy(data))
    elif kind in _STATUS_AFTER:
        _fold_status(state, kind, event["at"], data)
    elif kind == LogWritten:
        _latest(state, data)["logs"].append({"at": event["at"], "level": data["level"], "message": data["message"]})
    elif kind != ConnectionDelivered:
        _fold_node(state, kind, event["at"], data)
    state["last_seq"] = event["seq"]
    state["elapsed_ms"] = _elapsed(state, event["at"])


def _fold_status(state: dict[str, Json], kind: str, at: str, data: dict[str, Json]) -> None:
    state["status"] = _STATUS_AFTER[kind]
    state["status_history"].append({"status": state["status"], "at": at, "reason": data.get("reason")})
    if kind == ExecutionStarted:
        state["started_at"] = at
    if kind in FINAL_EVENTS:
        state["finished_at"] = at
        state["waiting_for"] = []
        state.update({key: data[key] for key in ("output", "error") if key in data})
    for key in ("progress", "waiting_for"):
        if key in data:
            state[key] = data[key]


def _fold_node(state: dict[str, Json], kind: str, at: str, data: dict[str, Json]) -> None:
    run = _latest(state, data)
    if kind in _NODE_STATUS_AFTER:
        run["status"] = _NODE_STATUS_AFTER[kind]
    if kind == NodeStarted:
        run["started_at"] = run["started_at"] or at
        run["progress"] = 0
        run["error"] = None
    if kind in (NodeCompleted, NodeFailed, NodeStopped):
        run["finished_at"] = at
    if kind == NodeWaiting:
        state["waiting_for"].append(data["request"])
    elif kind in (NodeCompleted, NodeFailed, NodeStopped, NodeRetrying):
        state["waiting_for"] = [asked for asked in state["waiting_for"] if asked["node_id"] != data["node_id"]]
    for key in ("attempt", "input", "output", "branch", "origin", "error", "duration_ms", "progress"):
        if key in data:
            run[key] = data[key]
    if "execution_progress" in data:
        state["progress"] = data["execution_progress"]


def _latest(state: dict[str, Json], data: dict[str, Json]) -> dict[str, Json]:
    """The node's latest node execution; a new one takes its place where the event tells of another iteration."""
    place = next(place for place, run in enumerate(state["nodes"]) if run["node_id"] == data["node_id"])
    run = state["nodes"][place]
    iteration = data.get("iteration")
    if run["iteration"] != iteration:
        if run["status"] == "idle":
            run["iteration"] = iteration
        else:
            run = state["nodes"][place] = _fresh(run, iteration)
    return run  # type: ignore[no-any-return]


def _fresh(run: dict[str, Json], iteration: Json) -> dict[str, Json]:
    empty: dict[str, Json] = dict.fromkeys(run)
    empty |= {"node_id": run["node_id"], "node_type": run["node_type"], "iteration": iteration}
    return empty | {"status": "idle", "attempt": 0, "progress": 0, "origin": "simulated", "logs": []}


def _elapsed(state: dict[str, Json], at: str) -> int:
    if not state["started_at"]:
        return 0
    end, paused, since = from_iso(at), 0, None
    for entry in state["status_history"]:
        if entry["status"] == "paused":
            since = from_iso(entry["at"])
        elif since is not None:
            paused += from_iso(entry["at"]) - since
            since = None
    if since is not None:
        end = since
    return (end - from_iso(state["started_at"]) - paused) // 1000


def _copy(data: dict[str, Json]) -> dict[str, Json]:
    """The beginning of a state that may be changed without changing the event."""
    lists = {key: [dict(entry) for entry in data[key]] for key in ("status_history", "waiting_for", "nodes")}
    for run in lists["nodes"]:
        run["logs"] = list(run["logs"])
    return data | lists
