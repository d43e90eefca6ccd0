"""What the tests of machine and engine share: graphs in a line of text, and a sandbox whose clock is moved by hand."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass, replace
from typing import Any

from app.config import Limits, Settings
from app.engine.simulated import SimulatedEngine
from app.models.event import as_wire, fold
from app.models.execution import Execution
from app.models.workflow import Workflow, clean_graph
from app.sandbox import Sandbox, Sandboxes

Json = Any
_END = re.compile(r"(?P<id>\w+)(?:@(?P<into>\w+))?(?::(?P<out>\w+))?")


@dataclass
class Graph:
    """A document: nodes and connections as React Flow writes them."""

    nodes: list[dict[str, Json]]
    connections: list[dict[str, Json]]


def node(kind: str | None = None, parent: str | None = None, **data: Json) -> dict[str, Json]:
    """A node without its id: its type, its group, and what stands in its ``data``."""
    made: dict[str, Json] = {"data": data}
    if kind is not None:
        made["type"] = kind
    if parent is not None:
        made["parentId"] = parent
    return made


def took(milliseconds: int, **mock: Json) -> dict[str, Json]:
    """A node of no known type that takes exactly so long."""
    return node(mock={"duration_ms": milliseconds, **mock})


def broken(milliseconds: int = 1, **data: Json) -> dict[str, Json]:
    """A node that always fails."""
    return node(mock={"duration_ms": milliseconds, "error": {"code": "boom", "message": "Boom."}}, **data)


def graph(*lines: str, **nodes: dict[str, Json] | str) -> Graph:
    """A graph drawn in lines: ``"a -> loop@input:item -> b -> loop@back"``.

    ``@`` names the port that a connection enters by, ``:`` the one it leaves by. Nodes come in the order in which they
    are named; what the keywords say of them is a type or what `node` gives.
    """
    found: dict[str, None] = {}
    connections = []
    for line in lines:
        ends = [_END.fullmatch(text.strip()) for text in line.split("->")]
        assert all(ends), f"cannot read {line!r}"
        found |= dict.fromkeys(end["id"] for end in ends if end)
        connections += [_connection(one, other) for one, other in itertools.pairwise(ends)]
    found |= dict.fromkeys(nodes)
    drawn = [_drawn(name, nodes.get(name, {})) for name in found]
    return Graph(*clean_graph(drawn, connections))


def _connection(one: Any, other: Any) -> dict[str, Json]:
    return {
        "source": one["id"],
        "sourceHandle": one["out"],
        "target": other["id"],
        "targetHandle": other["into"],
    }


def _drawn(name: str, said: dict[str, Json] | str) -> dict[str, Json]:
    return {"id": name, **(node(said) if isinstance(said, str) else said)}


class Play:
    """A sandbox that stands still, and what tests do to it."""

    def __init__(self, seed: int = 1, **limits: int) -> None:
        settings = Settings(pace="stopped", scenario="empty", seed=seed, limits=replace(Limits(), **limits))
        self.box: Sandbox = Sandboxes(settings, SimulatedEngine).get()
        self.engine = self.box.engine
        self.clock = self.box.world.clock

    def save(self, drawn: Graph, **metadata: Json) -> Workflow:
        """Keep a graph as a workflow."""
        number = len(self.box.store.workflows) + 1
        workflow = Workflow(
            f"wf_{number}", number, "Test", "", [], drawn.nodes, drawn.connections, {}, metadata, {}, 0, 0
        )
        self.box.store.workflows.add(workflow)
        return workflow

    def create(self, drawn: Graph | Workflow, **options: Json) -> Execution:
        """A pending execution."""
        workflow = drawn if isinstance(drawn, Workflow) else self.save(drawn)
        with self.box.turn() as now:
            return self.engine.create(workflow, now, **options)

    def start(self, drawn: Graph | Workflow, **options: Json) -> Execution:
        """An execution that has begun; no time has passed."""
        return self.release(self.create(drawn, **options))

    def run(self, drawn: Graph | Workflow, **options: Json) -> Execution:
        """An execution that went on until nothing more was due."""
        execution = self.start(drawn, **options)
        self.finish()
        return execution

    def release(self, execution: Execution) -> Execution:
        with self.box.turn() as now:
            self.engine.release(execution, now)
        return execution

    def pause(self, execution: Execution) -> None:
        with self.box.turn() as now:
            self.engine.pause(execution, now)

    def resume(self, execution: Execution) -> None:
        with self.box.turn() as now:
            self.engine.resume(execution, now)

    def stop(self, execution: Execution) -> None:
        with self.box.turn() as now:
            self.engine.stop(execution, now)

    def answer(self, execution: Execution, node_id: str, answer: Json) -> None:
        with self.box.turn() as now:
            self.engine.answer(execution, node_id, answer, now)

    def advance(self, milliseconds: int) -> None:
        """Let so much time go by."""
        self.clock.jump_to(self.clock.now() + milliseconds * 1000)
        with self.box.turn():
            pass

    def step(self) -> bool:
        """Let the next fact happen; tells whether there was one."""
        due = self.engine.next_due()
        if due is None:
            return False
        self.clock.jump_to(due)
        with self.box.turn():
            pass
        return True

    def finish(self, most: int = 100_000) -> None:
        """Let everything happen."""
        while self.step():
            most -= 1
            assert most, "it never ends"


def wire(execution: Execution) -> list[dict[str, Json]]:
    """The log of an execution as a client gets it."""
    return json.loads(json.dumps([as_wire(event) for event in execution.events]))


def state(execution: Execution) -> dict[str, Json]:
    """The execution as the API shows it; the fold of its events is the same, or the test fails."""
    shown = json.loads(json.dumps(execution.as_dict()))
    folded = fold(wire(execution))
    assert folded == shown
    return shown


def statuses(execution: Execution) -> dict[str, str]:
    """The status of each node."""
    return {run["node_id"]: run["status"] for run in state(execution)["nodes"]}


def runs(execution: Execution, node_id: str) -> list[dict[str, Json]]:
    """Every node execution of a node, the earliest iteration first."""
    return [run for run in execution.as_dict(iterations=True)["nodes"] if run["node_id"] == node_id]


def kinds(execution: Execution) -> list[str]:
    """What happened, in order."""
    return [event.type for event in execution.events]


def since_start(execution: Execution, moment: int | None) -> int | None:
    """A moment as milliseconds from the start of the execution."""
    return None if moment is None or execution.started_at is None else (moment - execution.started_at) // 1000


def times(execution: Execution) -> dict[str, tuple[int | None, int | None]]:
    """When each node started and ended, in milliseconds from the start of the execution."""
    return {
        run.node_id: (since_start(execution, run.started_at), since_start(execution, run.finished_at))
        for run in execution.nodes
    }
