"""Simulated status transitions of nodes per second, beside SimPy on the same graphs.

Ours keeps everything: events, inputs, outputs, dataflow, durations drawn by chance. SimPy's model of the same graph is
one process per node, `AllOf` over its predecessors, a timeout with the same duration, and a log entry on start and on
completion. *SimPy with data* does what an editor needs as well: it draws the durations itself, hands the outputs on as
inputs, and notes what went over each connection.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

import simpy
from measuring import (
    DAY,
    Graph,
    chain,
    collect_as_server,
    collect_by_default,
    is_quick,
    layered,
    make_sandbox,
    make_workflow,
    pair_ratio,
    take_turns,
    tree,
)

# The modules above make the project importable.
# isort: split
from backend.app.models.execution import Execution
from backend.app.models.workflow import Workflow
from backend.app.sandbox import Sandbox

Json = Any


def run_ours(sandbox: Sandbox, workflow: Workflow, copies: int) -> list[Execution]:
    """Start so many executions, and have them advanced by one jump of the clock."""
    with sandbox.turn() as now:
        executions = [sandbox.engine.create(workflow, now) for _ in range(copies)]
        for execution in executions:
            sandbox.engine.release(execution, now)
    sandbox.world.clock.jump_to(now + DAY)
    with sandbox.turn():
        return executions


def run_simpy(graph: Graph, before: dict[str, list[str]], durations: dict[str, int], copies: int) -> list[Json]:
    """The same in SimPy."""
    environment, log = simpy.Environment(), []

    def work(name: str, processes: dict[str, Any]) -> Any:
        if before[name]:
            yield environment.all_of([processes[other] for other in before[name]])
        log.append((environment.now, name, "started"))
        yield environment.timeout(durations[name])
        log.append((environment.now, name, "completed"))

    for _ in range(copies):
        processes: dict[str, Any] = {}
        for name in graph[0]:
            processes[name] = environment.process(work(name, processes))
    environment.run()
    return log


def run_simpy_with_data(graph: Graph, before: dict[str, list[str]], after: dict[str, list[str]], copies: int) -> Json:
    """The same in SimPy, with durations drawn, and data that flows and is noted."""
    environment, log, luck = simpy.Environment(), [], Random(1)

    def work(name: str, runs: dict[str, Json], processes: dict[str, Any], flows: dict[tuple[str, str], Json]) -> Any:
        if before[name]:
            yield environment.all_of([processes[other] for other in before[name]])
        run = runs[name]
        run["status"], run["started_at"] = "running", environment.now
        run["input"] = {"input": [runs[other]["output"]["output"] for other in before[name]]}
        log.append({"at": environment.now, "type": "started", "node_id": name, "input": run["input"]})
        duration = round(luck.lognormvariate(math.log(15), 0.3))
        yield environment.timeout(duration)
        run["status"], run["finished_at"], run["duration_ms"] = "completed", environment.now, duration
        run["output"] = {"output": run["input"]["input"][0] if before[name] else None}
        log.append({"at": environment.now, "type": "completed", "node_id": name, "output": run["output"]})
        for other in after[name]:
            flows[name, other] = run["output"]["output"]
            log.append({"at": environment.now, "type": "delivered", "source": name, "target": other})

    for _ in range(copies):
        processes: dict[str, Any] = {}
        flows: dict[tuple[str, str], Json] = {}
        runs: dict[str, Json] = {name: {"node_id": name, "status": "idle", "output": None} for name in graph[0]}
        for name in graph[0]:
            processes[name] = environment.process(work(name, runs, processes, flows))
    environment.run()
    return log


def compare(name: str, graph: Graph, copies: int, rounds: int) -> None:
    """Measure one kind of graph, and print a line."""
    workflow = make_workflow(graph)
    before: dict[str, list[str]] = {node: [] for node in graph[0]}
    after: dict[str, list[str]] = {node: [] for node in graph[0]}
    for source, target in graph[1]:
        before[target].append(source)
        after[source].append(target)
    [first] = run_ours(make_sandbox(workflow), workflow, 1)
    assert first.status == "completed"
    durations = {run.node_id: run.duration_ms or 0 for run in first.nodes}

    def ours() -> Callable[[], Any]:
        sandbox = make_sandbox(workflow)
        return lambda: run_ours(sandbox, workflow, copies)

    times = take_turns(
        rounds,
        ours,
        lambda: lambda: run_simpy(graph, before, durations, copies),
        lambda: lambda: run_simpy_with_data(graph, before, after, copies),
    )
    transitions = 2 * len(graph[0]) * copies
    rates = "".join(f"{transitions / min(each):>12,.0f}" for each in times)
    print(f"{name:<24}{rates}{pair_ratio(times[0], times[1]):>10.2f}{pair_ratio(times[0], times[2]):>10.2f}")


def main() -> None:
    """Print a table for each setting of the garbage collector."""
    part = 10 if is_quick() else 1
    rounds = 1 if is_quick() else 7
    side = 100 // part
    kinds = {
        f"chain {10_000 // part}": (chain(10_000 // part), 1),
        f"layers {side}x{side}, 1 each": (layered(side, side, 1), 1),
        f"layers {side}x{side}, 2 each": (layered(side, side, 2), 1),
        f"layers {side}x{side}, 3 each": (layered(side, side, 3), 1),
        f"tree {10_000 // part}": (tree(10_000 // part), 1),
        f"{500 // part} graphs of 20": (layered(5, 4, 2), 500 // part),
    }
    for words, set_collector in (("as the server", collect_as_server), ("by default", collect_by_default)):
        print(f"\nGarbage collector set {words}: transitions per second (best), ratios (median of {rounds} pairs)")
        print(f"{'':<24}{'ours':>12}{'SimPy':>12}{'with data':>12}{'/SimPy':>10}{'/with data':>11}")
        for name, (graph, copies) in kinds.items():
            set_collector()
            compare(name, graph, copies, rounds)


if __name__ == "__main__":
    main()
