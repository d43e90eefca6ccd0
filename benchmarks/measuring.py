"""What the benchmarks share: graphs, a sandbox with a clock that stands, rounds that take turns, and servers."""

from __future__ import annotations

import gc
import json
import re
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from backend.app.config import Settings  # noqa: E402
from backend.app.engine.simulated import SimulatedEngine  # noqa: E402
from backend.app.models.workflow import Workflow, clean_graph  # noqa: E402
from backend.app.sandbox import Sandbox, Sandboxes  # noqa: E402
from backend.app.server import tune_collector  # noqa: E402

DAY = 24 * 3600 * 1_000_000

Graph = tuple[list[str], list[tuple[str, str]]]
"""Ids of nodes, and pairs (source, target)."""


# --- graphs ------------------------------------------------------------------------------------------------------


def chain(length: int) -> Graph:
    """One node after the other."""
    return [f"n{i}" for i in range(length)], [(f"n{i}", f"n{i + 1}") for i in range(length - 1)]


def tree(size: int) -> Graph:
    """Every node feeds two."""
    return [f"n{i}" for i in range(size)], [(f"n{(i - 1) // 2}", f"n{i}") for i in range(1, size)]


def layered(width: int, depth: int, predecessors: int) -> Graph:
    """Layers of nodes, each fed by so many of the layer before, drawn with a fixed seed."""
    luck = Random(1)
    nodes = [f"n{layer}_{place}" for layer in range(depth) for place in range(width)]
    lines = [
        (f"n{layer - 1}_{source}", f"n{layer}_{place}")
        for layer in range(1, depth)
        for place in range(width)
        for source in luck.sample(range(width), predecessors)
    ]
    return nodes, lines


def make_workflow(graph: Graph, number: int = 1) -> Workflow:
    """A saved workflow of nodes that pass on what they get."""
    nodes, lines = clean_graph(
        [{"id": name, "data": {}} for name in graph[0]],
        [{"source": source, "target": target} for source, target in graph[1]],
    )
    return Workflow(f"wf_{number}", number, f"Workflow {number}", "", [], nodes, lines, {}, {}, {}, 0, 0)


def make_sandbox(*workflows: Workflow) -> Sandbox:
    """A sandbox in which no time passes by itself."""
    sandbox = Sandboxes(Settings(pace="stopped", scenario="empty"), SimulatedEngine).get()
    for workflow in workflows:
        sandbox.store.workflows.add(workflow)
    return sandbox


# --- time --------------------------------------------------------------------------------------------------------


def collect_as_server() -> None:
    """Set the garbage collector as the server does."""
    tune_collector()


def collect_by_default() -> None:
    """Set the garbage collector as Python does."""
    gc.unfreeze()
    gc.set_threshold(700, 10, 10)


def take_turns(rounds: int, *works: Callable[[], Callable[[], Any]]) -> list[list[float]]:
    """The seconds of every round of each work, done in turns, so that a busy machine meets all alike.

    :param works: prepares what is measured, and gives what to measure.
    """
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, times in zip(works, taken, strict=True):
            ready = work()
            gc.collect()
            began = time.perf_counter()
            result = ready()
            times.append(time.perf_counter() - began)
            del ready, result
    return taken


def pair_ratio(ours: Sequence[float], reference: Sequence[float]) -> float:
    """How many times faster than the reference: the median over the rounds, each compared with its neighbour."""
    return median(other / own for own, other in zip(ours, reference, strict=True))


def at_share(times: Sequence[float], share: float) -> float:
    """The time, in milliseconds, that this share of them does not exceed."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


def spread(times: Sequence[float]) -> str:
    """Times in a line: p50, p99 and the longest."""
    return f"p50 {at_share(times, 0.5):7.2f} ms   p99 {at_share(times, 0.99):7.2f} ms   max {max(times) * 1000:7.2f} ms"


def is_quick() -> bool:
    """Whether ``--quick`` was said: small sizes, to see that everything works."""
    return "--quick" in sys.argv


# --- servers -----------------------------------------------------------------------------------------------------


@contextmanager
def running(*command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own: the process, and the address that it prints."""
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process, read_address(process)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def serving(*command: str) -> Iterator[str]:
    """A server in a process of its own: the address that it prints."""
    with running(*command) as (_, address):
        yield address


def read_address(process: subprocess.Popen[str]) -> str:
    """The first address in what a server prints."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://[^/\s]+", line):
            return found[0]
    raise RuntimeError("the server ended before it told its address")


@contextmanager
def understudy(*options: str) -> Iterator[str]:
    """Understudy, as ``run.py`` starts it."""
    with serving("run.py", "--port", "0", *(options or ("--scenario", "empty"))) as address:
        yield address


@contextmanager
def bare_flask(*bodies: bytes) -> Iterator[str]:
    """A Flask application that sends these bytes at ``/0``, ``/1`` …, served by the same server code."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for place, body in enumerate(bodies):
            Path(folder, str(place)).write_bytes(body)
            names.append(str(Path(folder, str(place))))
        with serving("benchmarks/bare_flask.py", *names) as address:
            yield address


def call(url: str, body: Any = None, method: str | None = None) -> Any:
    """What a URL answers, read as JSON; with a body it is a POST."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"} if data else {}, method=method)
    with urlopen(request) as answer:
        return json.loads(answer.read() or b"null")


def resident(*processes: int) -> int:
    """The memory that processes hold, in bytes; 0 where the system does not say."""
    try:
        return sum(int(Path(f"/proc/{number}/statm").read_text().split()[1]) for number in processes) * 4096
    except OSError:
        return 0


# --- readers -----------------------------------------------------------------------------------------------------


class Readers:
    """Many connections, all read by one thread that does nothing else: it notes what arrives when, and looks later."""

    def __init__(self, address: str, count: int) -> None:
        """:param address: as `running` gives it."""
        host, _, port = address.removeprefix("http://").partition(":")
        self.arrivals: list[list[tuple[float, bytes]]] = [[] for _ in range(count)]
        """What every connection brought, each piece with the time of the wall clock."""
        self._selector = selectors.DefaultSelector()
        self._connections = [socket.create_connection((host, int(port))) for _ in range(count)]
        for place, connection in enumerate(self._connections):
            connection.setblocking(False)
            self._selector.register(connection, selectors.EVENT_READ, (connection, self.arrivals[place]))

    def ask(self, *messages: bytes) -> float:
        """Send one message on each connection; gives the seconds until each of them has brought something more."""
        began, had = time.perf_counter(), [len(arrived) for arrived in self.arrivals]
        for connection, message in zip(self._connections, messages, strict=True):
            connection.sendall(message)
        while any(len(arrived) == count for arrived, count in zip(self.arrivals, had, strict=True)):
            self._read_once()
            if time.perf_counter() - began > 60:
                raise RuntimeError("not every stream was answered")
        return time.perf_counter() - began

    def read(self, seconds: float, quiet: float = 0.0) -> None:
        """Read for so many seconds, and on until nothing has come for a while, or all connections have ended.

        :param quiet: the seconds of that while.
        """
        end = time.perf_counter() + seconds
        while self._selector.get_map() and (left := end - time.perf_counter()) > 0:
            if self._read_once(left):
                end = max(end, time.perf_counter() + quiet)

    def close(self) -> None:
        """Leave."""
        self._selector.close()
        for connection in self._connections:
            connection.close()

    def _read_once(self, seconds: float = 1.0) -> bool:
        """Read whatever there is; gives whether there was anything."""
        ready = self._selector.select(seconds)
        for key, _ in ready:
            connection, arrived = key.data
            try:
                data = connection.recv(262_144)
            except ConnectionError:
                data = b""
            if data:
                arrived.append((time.time(), data))
            else:
                self._selector.unregister(connection)
        return bool(ready)
