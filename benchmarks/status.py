"""Reading the status of a running execution of 10,000 nodes, by service and by HTTP.

The references: `orjson.dumps` of the same document as plain dicts, and a bare Flask application that sends the same
bytes by the same server code. By service the clock is moved by hand so that a node ends between two reads; by HTTP the
execution runs in real time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any

import orjson
from measuring import (
    Graph,
    at_share,
    bare_flask,
    call,
    chain,
    collect_as_server,
    is_quick,
    make_sandbox,
    make_workflow,
    spread,
    understudy,
)

# The modules above make the project importable.
# isort: split
from backend.app.services import executions


def by_service(graph: Graph, reads: int) -> bytes:
    """Measure the service beside orjson, and give what it answered."""
    workflow = make_workflow(graph)
    sandbox = make_sandbox(workflow)
    with sandbox.turn() as now:
        sandbox.engine.release(sandbox.engine.create(workflow, now), now)
    first = timed(lambda: executions.status(sandbox, workflow.id))
    plain = orjson.loads(executions.status(sandbox, workflow.id))
    ours, reference = [], []
    for _ in range(reads):
        due = sandbox.engine.next_due()
        assert due is not None
        sandbox.world.clock.jump_to(due)
        ours.append(timed(lambda: executions.status(sandbox, workflow.id)))
        reference.append(timed(lambda: orjson.dumps(plain)))
    body = executions.status(sandbox, workflow.id)
    assert orjson.loads(body)["status"] == "running"
    print(f"{len(graph[0])} nodes, {len(body):,} bytes, {reads} reads; the first read took {first * 1000:.1f} ms")
    print(f"service             {spread(ours)}")
    print(f"orjson, plain dicts {spread(reference)}   p50 ratio {share_of(reference, ours):.2f}")
    return body


def by_http(graph: Graph, body: bytes, reads: int) -> None:
    """Measure the whole way beside bare Flask that sends as many bytes."""
    workflow = make_workflow(graph)
    with understudy("--scenario", "empty", "--pace", "real") as ours, bare_flask(body) as bare:
        saved = call(f"{ours}/api/workflows", {"nodes": workflow.nodes, "connections": workflow.connections})
        call(f"{ours}/api/workflows/{saved['id']}/execute", {})
        paths = [f"/api/workflows/{saved['id']}/status", "/0"]
        times = read_in_turns([ours, bare], paths, reads)
        assert call(f"{ours}{paths[0]}")["status"] == "running"
    print(f"HTTP, Understudy    {spread(times[0][1:])}   (the first took {times[0][0] * 1000:.1f} ms)")
    print(f"HTTP, bare Flask    {spread(times[1][1:])}   p50 ratio {share_of(times[1][1:], times[0][1:]):.2f}")


def read_in_turns(addresses: list[str], paths: list[str], reads: int) -> list[list[float]]:
    """The seconds that each server took for its path, read in turns over connections that stay open."""
    connections = [HTTPConnection(address.removeprefix("http://")) for address in addresses]
    times: list[list[float]] = [[] for _ in addresses]
    for _ in range(reads):
        for connection, path, taken in zip(connections, paths, times, strict=True):
            taken.append(timed(lambda connection=connection, path=path: fetch(connection, path)))
    return times


def fetch(connection: HTTPConnection, path: str) -> bytes:
    """What a path answers."""
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body
    return body


def timed(work: Callable[[], Any]) -> float:
    """The seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def share_of(reference: list[float], ours: list[float]) -> float:
    """How fast we are, measured by the reference."""
    return at_share(reference, 0.5) / at_share(ours, 0.5)


def main() -> None:
    """Print times and ratios."""
    size, reads = (1_000, 20) if is_quick() else (10_000, 500)
    collect_as_server()
    graph = chain(size)
    body = by_service(graph, reads)
    by_http(graph, body, reads)


if __name__ == "__main__":
    main()
