"""An hour that goes by over 1,000 live executions of 20 nodes, beside SimPy; as a call, and over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from many import prepare_simpy
from measuring import (
    call,
    chain,
    collect_as_server,
    is_quick,
    make_sandbox,
    make_workflow,
    pair_ratio,
    take_turns,
    understudy,
)

# The modules above make the project importable.
# isort: split
from backend.app.services import advance

GRAPH = chain(20)
HOUR = 3600
GOAL_SECONDS = 2


def prepare(copies: int) -> Callable[[], Any]:
    """So many executions that have begun; what is left is the hour, and telling what happened in it."""
    workflow = make_workflow(GRAPH)
    sandbox = make_sandbox(workflow)
    with sandbox.turn() as now:
        for _ in range(copies):
            sandbox.engine.release(sandbox.engine.create(workflow, now), now)
    return lambda: advance.by(sandbox, HOUR)


def over_http(copies: int) -> tuple[float, int]:
    """The seconds that the same takes a client of a real server, and the events in the answer."""
    nodes = [{"id": name, "data": {}} for name in GRAPH[0]]
    edges = [{"source": source, "target": target} for source, target in GRAPH[1]]
    with understudy("--scenario", "empty", "--pace", "stopped") as address:
        for _ in range(copies):
            saved = call(f"{address}/api/workflows", {"nodes": nodes, "edges": edges})
            call(f"{address}/api/workflows/{saved['id']}/execute", {})
        began = time.perf_counter()
        told = call(f"{address}/_control/clock/advance", {"seconds": HOUR})
        return time.perf_counter() - began, len(told["events"])


def main() -> None:
    """Print a line for the call and one for HTTP."""
    collect_as_server()
    copies, rounds = (50, 1) if is_quick() else (1000, 5)
    ours, simpy = take_turns(rounds, lambda: prepare(copies), lambda: prepare_simpy(GRAPH, copies))
    answer = prepare(copies)()
    print(
        f"an hour over {copies} executions of 20 nodes: {min(ours):.3f} s, {answer['event_count']} events, "
        f"{len(answer['events'])} of them told (goal {GOAL_SECONDS} s)   "
        f"SimPy {min(simpy):.3f} s   ratio {pair_ratio(ours, simpy):.2f}"
    )
    if not is_quick():
        seconds, told = over_http(copies)
        print(f"the same over HTTP: {seconds:.3f} s, with {told} events in the answer")


if __name__ == "__main__":
    main()
