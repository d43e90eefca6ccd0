"""Many executions at once, advanced by one read, beside SimPy; and how many threads that takes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from measuring import (
    DAY,
    Graph,
    chain,
    collect_as_server,
    is_quick,
    layered,
    make_sandbox,
    make_workflow,
    pair_ratio,
    take_turns,
)
from transitions import run_simpy

# The modules above make the project importable.
# isort: split
from backend.app.services import executions


def prepare(graph: Graph, copies: int) -> Callable[[], bytes]:
    """So many executions that have begun, and a day that has gone by: what is left is one read."""
    workflow = make_workflow(graph)
    sandbox = make_sandbox(workflow)
    with sandbox.turn() as now:
        for _ in range(copies):
            sandbox.engine.release(sandbox.engine.create(workflow, now), now)
    sandbox.world.clock.jump_to(now + DAY)
    return lambda: executions.status(sandbox, workflow.id)


def prepare_simpy(graph: Graph, copies: int) -> Callable[[], Any]:
    """The same number of the same graphs in one environment."""
    before: dict[str, list[str]] = {node: [] for node in graph[0]}
    for source, target in graph[1]:
        before[target].append(source)
    durations = dict.fromkeys(graph[0], 15)
    return lambda: run_simpy(graph, before, durations, copies)


def compare(name: str, graph: Graph, copies: int, rounds: int) -> None:
    """Measure one kind, and print a line."""
    threads = threading.active_count()
    read = prepare(graph, copies)
    assert b'"status":"completed"' in read()
    assert threading.active_count() == threads, "an execution took a thread"
    ours, simpy = take_turns(rounds, lambda: prepare(graph, copies), lambda: prepare_simpy(graph, copies))
    print(
        f"{name:<34} one read {min(ours):7.3f} s   SimPy {min(simpy):7.3f} s   ratio {pair_ratio(ours, simpy):5.2f}"
        f"   threads {threads} before, {threading.active_count()} after"
    )


def main() -> None:
    """Print a line for each kind."""
    collect_as_server()
    part, rounds = (20, 1) if is_quick() else (1, 5)
    many = 1000 // part
    compare(f"{many} executions of 100 nodes", layered(10, 10, 2), many, rounds)
    compare(f"{many} executions of 10 nodes", chain(10), many, rounds)


if __name__ == "__main__":
    main()
