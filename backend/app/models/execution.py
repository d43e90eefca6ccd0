"""An execution: one run of a workflow, with one node execution for each node (and iteration) of it.

The statuses are a closed set. Which may follow which is data: `EXECUTION_TRANSITIONS` and `NODE_TRANSITIONS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import orjson

from ..moments import iso
from .event import History, progress
from .file import File
from .user import DEFAULT_USER, Viewer

Json = Any

EXECUTION_TRANSITIONS: dict[str, tuple[str, ...]] = {
    "pending": ("running", "failed", "stopped"),
    "running": ("paused", "waiting", "completed", "failed", "stopped"),
    "waiting": ("running", "paused", "failed", "stopped"),
    "paused": ("running", "stopped"),
    "completed": (),
    "failed": (),
    "stopped": (),
}
"""Which status of an execution may follow which. *Paused* is a user's command, *waiting* a node that needs a person."""

NODE_TRANSITIONS: dict[str, tuple[str, ...]] = {
    "idle": ("running", "skipped", "stopped"),
    "running": ("waiting", "retrying", "completed", "failed", "stopped"),
    "waiting": ("completed", "retrying", "failed", "stopped"),
    "retrying": ("running", "stopped"),
    "completed": (),
    "failed": (),
    "skipped": (),
    "stopped": (),
}
"""Which status of a node execution may follow which."""

COMMANDS: dict[str, tuple[str, ...]] = {
    "pending": ("release", "stop"),
    "running": ("pause", "stop"),
    "waiting": ("pause", "stop", "answer"),
    "paused": ("resume", "stop"),
    "completed": ("retry",),
    "failed": ("retry",),
    "stopped": ("retry",),
}
"""The commands that change something in each status of an execution."""

FINAL = frozenset(status for status, following in EXECUTION_TRANSITIONS.items() if not following)
NODE_FINAL = frozenset(status for status, following in NODE_TRANSITIONS.items() if not following)

QUEUED_MODES = ("schedule", "webhook")
"""How an execution came to be that nobody started by hand: it waits for its turn where the workflow is at work."""

MODES = ("manual", "partial", "process_files", "retry", "sub_workflow", *QUEUED_MODES)
"""How an execution came to be."""

Iteration = int | list[int] | None
"""``None`` outside of loops, the count from 0 within one, the path of counts within nested ones."""


class Arrived(Protocol):
    """What arrived at a node, as it was handed to it."""

    def as_dict(self) -> dict[str, Json]: ...


@dataclass(slots=True)
class NodeExecution:
    """One run of a node, with its latest attempt."""

    node_id: str
    node_type: str
    iteration: Iteration = None
    status: str = "idle"
    attempt: int = 0
    progress: int = 0
    """Percent."""
    started_at: int | None = None
    finished_at: int | None = None
    duration_ms: int | None = None
    """In virtual execution time: a pause does not count."""
    inputs: Arrived | None = None
    output: dict[str, Json] | None = None
    """By port."""
    branch: str | None = None
    origin: str = "simulated"
    error: dict[str, Json] | None = None
    logs: Sequence[dict[str, Json]] = ()
    began: int = 0
    """The execution time, in microseconds, at which the node first started: durations are measured from there."""
    written: Any = field(default=None, repr=False, compare=False)
    """Its JSON without data and logs, as long as nothing changes; see `brief`."""

    @property
    def input(self) -> dict[str, Json] | None:
        """What arrived, by port; ``None`` before it started."""
        return None if self.inputs is None else self.inputs.as_dict()

    def brief(self) -> Any:
        """The node execution without data and logs, as JSON that was written already.

        An editor polls the status, and of ten thousand nodes a few have changed since.
        """
        if self.written is None:
            self.written = orjson.Fragment(orjson.dumps(self.as_dict(data=False, logs=False)))
        return self.written

    def as_dict(self, *, data: bool = True, logs: bool = True) -> dict[str, Json]:
        """The node execution as the API shows it.

        :param data: with input and output.
        """
        shown: dict[str, Json] = {
            "node_id": self.node_id,
            "node_type": self.node_type,
            "status": self.status,
            "iteration": self.iteration,
            "attempt": self.attempt,
            "progress": self.progress,
            "started_at": None if self.started_at is None else iso(self.started_at),
            "finished_at": None if self.finished_at is None else iso(self.finished_at),
            "duration_ms": self.duration_ms,
        }
        if data:
            shown["input"] = self.input
            shown["output"] = self.output
        shown["branch"] = self.branch
        shown["origin"] = self.origin
        shown["error"] = self.error
        if logs:
            shown["logs"] = list(self.logs)
        return shown


@dataclass(slots=True)
class Flow:
    """What has gone over one connection: a line of the dataflow."""

    connection_id: str
    source: str
    target: str
    status: str = "idle"
    """idle, active (its source is at work), delivered or dead."""
    value: Json = None
    delivered_at: int | None = None
    deliveries: int = 0


@dataclass(slots=True)
class Execution:
    """One run of a workflow, as the machine moves it. Only the machine changes one."""

    id: str
    number: int
    workflow_id: str
    workflow_revision: int
    workflow_name: str
    mode: str
    input: Json
    seed: int
    created_at: int
    mocks: dict[str, dict[str, Json]] = field(default_factory=dict)
    start_node: str | None = None
    stop_node: str | None = None
    parent: dict[str, str] | None = None
    """For the child of a sub-workflow: ``{execution_id, node_id}``."""
    depth: int = 0
    retry_of: str | None = None
    owner_id: str = DEFAULT_USER
    """Who started it; of a schedule, a webhook or a sub-workflow, in whose name that was done."""
    sees_all: bool = False
    """Whether its nodes reach what belongs to others, too, as they do for admins and where nobody logs in."""
    status: str = "pending"
    output: Json = None
    error: dict[str, Json] | None = None
    started_at: int | None = None
    finished_at: int | None = None
    paused_at: int | None = None
    paused_for: int = 0
    """Microseconds spent paused until now, the pause that lasts still left out."""
    status_history: list[dict[str, Json]] = field(default_factory=list)
    waiting_for: list[dict[str, Json]] = field(default_factory=list)
    nodes: list[NodeExecution] = field(default_factory=list)
    """The latest node execution of every executable node, in the order of the document."""
    earlier: list[NodeExecution] = field(default_factory=list)
    """Node executions of iterations that are over, oldest first."""
    flows: list[Flow] = field(default_factory=list)
    completed_nodes: int = 0
    events: History = field(default_factory=History)
    files: Mapping[str, File] = field(default_factory=dict, repr=False, compare=False)
    """The files that it was given, by id: until it ends it can read them, whoever deletes them meanwhile."""

    @property
    def viewer(self) -> Viewer:
        """Through whose eyes its nodes look, and in whose name they act."""
        return Viewer(self.owner_id, self.sees_all)

    @property
    def is_final(self) -> bool:
        """Whether nothing will happen any more."""
        return self.status in FINAL

    @property
    def is_queued(self) -> bool:
        """Whether it begins by itself, when its turn has come; one that was held waits for somebody."""
        return self.status == "pending" and self.mode in QUEUED_MODES

    @property
    def last_at(self) -> int:
        """The moment of the latest event."""
        return self.events[-1].at if self.events else self.created_at

    def elapsed_ms(self) -> int:
        """Execution time until the latest event, in milliseconds; pauses stand still.

        It is measured at the latest event and not at the time of reading, so that what is read changes only with
        events.
        """
        if self.started_at is None:
            return 0
        until = self.last_at if self.paused_at is None else self.paused_at
        return (until - self.started_at - self.paused_for) // 1000

    def progress(self) -> dict[str, int]:
        """``{completed, total, percent}`` of the executable nodes; those in a loop count when the loop is done."""
        return progress(self.completed_nodes, len(self.nodes))

    def node(self, node_id: str) -> NodeExecution | None:
        """The latest node execution of a node."""
        return next((run for run in self.nodes if run.node_id == node_id), None)

    def summary(self) -> dict[str, Json]:
        """The execution as lists show it: without its nodes, inputs and outputs."""
        return {
            "id": self.id,
            "number": self.number,
            "owner_id": self.owner_id,
            "workflow_id": self.workflow_id,
            "workflow_name": self.workflow_name,
            "workflow_revision": self.workflow_revision,
            "status": self.status,
            "mode": self.mode,
            "seed": self.seed,
            "start_node": self.start_node,
            "stop_node": self.stop_node,
            "parent": self.parent,
            "retry_of": self.retry_of,
            "error": self.error,
            "progress": self.progress(),
            "created_at": iso(self.created_at),
            "started_at": None if self.started_at is None else iso(self.started_at),
            "finished_at": None if self.finished_at is None else iso(self.finished_at),
            "elapsed_ms": self.elapsed_ms(),
            "last_seq": len(self.events),
        }

    def beginning(self) -> dict[str, Json]:
        """The execution as it was when it was created."""
        first = replace(self, status="pending", output=None, error=None, started_at=None, finished_at=None)
        first.paused_at, first.paused_for, first.completed_nodes = None, 0, 0
        first.status_history, first.waiting_for = self.status_history[:1], []
        first.events = History(self.events.records[:1])
        first.nodes = [NodeExecution(run.node_id, run.node_type) for run in self.nodes]
        return first.as_dict()

    def as_dict(self, *, data: bool = True, logs: bool = True, iterations: bool = False) -> dict[str, Json]:
        """The execution as the API shows it.

        :param data: with inputs and outputs.
        :param iterations: all node executions of loop bodies instead of the latest of each node.
        """
        shown = self.summary()
        if data:
            shown["input"] = self.input
            shown["output"] = self.output
        shown["status_history"] = [dict(entry) for entry in self.status_history]
        shown["waiting_for"] = [dict(entry) for entry in self.waiting_for]
        runs = self.earlier + self.nodes if iterations else self.nodes
        shown["nodes"] = [run.as_dict(data=data, logs=logs) for run in runs]
        return shown

    def brief(self) -> bytes:
        """The execution as JSON, without inputs, outputs and logs: what a status is."""
        shown = self.summary()
        shown["status_history"] = self.status_history
        shown["waiting_for"] = self.waiting_for
        shown["nodes"] = [run.brief() for run in self.nodes]
        return orjson.dumps(shown)
