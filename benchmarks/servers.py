"""The measurement that chose the server: bare applications with many open streams on servers that could do it.

Four times a second every stream is sent the moment that it is, so a reader knows how late it got it. Then the rates of
requests: the whole application behind each server as it comes, and as `run.py` serves it. The reference is uvicorn on
asyncio. Servers that are not installed are left out.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from http_rate import load, make_body, make_request
from measuring import ROOT, Readers, at_share, call, is_quick, resident

TICK = 0.25
"""Seconds between two events."""

REFERENCE = "uvicorn, asyncio"

UVICORN = ["-m", "uvicorn", "--factory", "--http", "httptools", "--no-access-log", "--log-level", "error", "--port"]
GUNICORN = ["-m", "gunicorn", "-k", "gthread", "--worker-connections", "3000", "--log-level", "error", "--bind"]
GRANIAN = ["-m", "granian", "--factory", "--no-access-log", "--log-level", "error", "--port"]

STREAMS = {
    REFERENCE: [*UVICORN, "PORT", "--loop", "asyncio", "servers:make_asgi"],
    "uvicorn, uvloop": [*UVICORN, "PORT", "--loop", "uvloop", "servers:make_asgi"],
    "granian, asgi": [*GRANIAN, "PORT", "--interface", "asgi", "--loop", "asyncio", "servers:make_asgi"],
    "hypercorn": [
        "-m",
        "hypercorn",
        "--backlog",
        "2048",
        "--log-level",
        "error",
        "--bind",
        "127.0.0.1:PORT",
        "servers:make_asgi()",
    ],
    "granian, wsgi": [*GRANIAN, "PORT", "--interface", "wsgi", "--blocking-threads", "1100", "servers:make_wsgi"],
    "gunicorn, gthread": [*GUNICORN, "127.0.0.1:PORT", "--threads", "1100", "servers:make_wsgi()"],
}
"""How the bare applications are served; ``PORT`` is replaced."""

REQUESTS = {
    "uvicorn, a2wsgi": [*UVICORN, "PORT", "--loop", "asyncio", "servers:make_own_asgi"],
    "granian, wsgi": [*GRANIAN, "PORT", "--interface", "wsgi", "--blocking-threads", "16", "servers:make_own_wsgi"],
    "gunicorn, gthread": [*GUNICORN, "127.0.0.1:PORT", "--threads", "64", "servers:make_own_wsgi()"],
}
"""How the whole application is served."""

# --- the applications --------------------------------------------------------------------------------------------


class AsgiBroadcast:
    """Streams on an event loop."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[float]] = []
        self._ticker: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Begin a stream."""
        if scope["type"] == "lifespan":
            return await _live(receive, send)
        if self._ticker is None:
            self._ticker = asyncio.create_task(self._tick())
        head = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b": begun\n\n", "more_body": True})
        while True:
            self._waiting.append(asyncio.get_running_loop().create_future())
            body = b"data: %.6f\n\n" % await self._waiting[-1]
            await send({"type": "http.response.body", "body": body, "more_body": True})

    async def _tick(self) -> None:
        due = time.time()
        while True:
            due += TICK
            await asyncio.sleep(max(0.0, due - time.time()))
            waiting, self._waiting = self._waiting, []
            for one in waiting:
                if not one.done():
                    one.set_result(due)


async def _live(receive: Any, send: Any) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


class WsgiBroadcast:
    """Streams of which each holds a thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due = 0.0

    def __call__(self, _: Any, start_response: Any) -> Iterator[bytes]:
        """Begin a stream."""
        self._begin()
        start_response("200 OK", [("Content-Type", "text/event-stream")])
        return self._stream()

    def _begin(self) -> None:
        with self._changed:
            if not self._due:
                self._due = time.time()
                threading.Thread(target=self._tick, daemon=True).start()

    def _stream(self) -> Iterator[bytes]:
        yield b": begun\n\n"
        seen = self._due
        while True:
            with self._changed:
                while self._due == seen:
                    self._changed.wait()
                seen = self._due
            yield b"data: %.6f\n\n" % seen

    def _tick(self) -> None:
        while True:
            time.sleep(max(0.0, self._due + TICK - time.time()))
            with self._changed:
                self._due += TICK
                self._changed.notify_all()


def make_asgi() -> Any:
    """The bare application for an event loop."""
    return AsgiBroadcast()


def make_wsgi() -> Any:
    """The bare application for threads."""
    return WsgiBroadcast()


def make_own_wsgi() -> Any:
    """Understudy, for servers of WSGI applications."""
    from backend.app import create_app
    from backend.app.config import read_settings
    from backend.app.server import tune_collector

    app = create_app(read_settings({}, scenario="empty"))
    tune_collector()
    return app


def make_own_asgi() -> Any:
    """Understudy through a2wsgi as it is, which hands each answer over piece by piece."""
    from a2wsgi import WSGIMiddleware

    return WSGIMiddleware(make_own_wsgi(), workers=500)


# --- what is measured --------------------------------------------------------------------------------------------


@contextmanager
def served(command: list[str]) -> Iterator[tuple[int, str]]:
    """A server in a process group of its own: the group, and the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    called = [sys.executable, *(part.replace("PORT", port) for part in command)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(called, cwd=ROOT / "benchmarks", start_new_session=True, **quiet)  # type: ignore[call-overload]
    try:
        wait_for(process, int(port))
        yield process.pid, f"http://127.0.0.1:{port}"
    finally:
        # Some wait for open streams when they are asked to end.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until somebody listens."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            time.sleep(0.5)
            return
        except OSError:
            time.sleep(0.1)
        if process.poll() is not None:
            break
    raise RuntimeError("the server did not come up")


def memory_of(group: int) -> int:
    """The bytes that all processes of a group hold."""
    members = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = folder.joinpath("stat").read_text().rpartition(")")[2].split()
        except OSError:  # It has ended.
            continue
        if int(told[2]) == group:
            members.append(int(folder.name))
    return resident(*members)


def measure_streams(command: list[str], count: int, seconds: float) -> tuple[list[float], float]:
    """The seconds by which events came late to so many streams, and the bytes that each stream takes."""
    with served(command) as (group, address):
        before = memory_of(group)
        readers = Readers(address, count)
        readers.ask(*[b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"] * count)
        begin = time.time() + 1.0
        readers.read(1.0 + seconds)
        held = (memory_of(group) - before) / count
        readers.close()
    lags = [late for pieces in readers.arrivals for late in find_lags(pieces, begin)]
    expected = count * int(seconds / TICK - 1)
    if len(lags) < expected:
        print(f"{'':<20} only {len(lags):,} of {expected:,} events came")
    return lags, held


def find_lags(pieces: list[tuple[float, bytes]], begin: float) -> Iterator[float]:
    """The seconds by which the events of one stream came late."""
    rest = b""
    for arrived, data in pieces:
        *lines, rest = (rest + data).split(b"\n")
        moments = [float(line[6:]) for line in lines if line.startswith(b"data: ")]
        yield from (arrived - moment for moment in moments if moment >= begin)


def measure_rates(name: str, address: str, seconds: float, rounds: int) -> None:
    """Print the rates of reading and of creating a workflow."""
    body = make_body()
    workflow = call(f"{address}/api/workflows", body)
    asked = {
        "GET, 7 KB": make_request("GET", f"/api/workflows/{workflow['id']}"),
        "POST, 7 KB": make_request("POST", "/api/workflows", json.dumps(body).encode()),
    }
    for what, request in asked.items():
        taken = max((load(address, request, seconds) for _ in range(rounds)), key=len)
        print(f"{name:<20} {what:<11} {len(taken) / seconds:7,.0f}/s   ", end="")
        print(f"p50 {at_share(taken, 0.5):6.2f} ms   p99 {at_share(taken, 0.99):6.2f} ms", flush=True)


def find_installed(commands: dict[str, list[str]]) -> dict[str, list[str]]:
    """Those servers that are there; the others are named."""
    found = {}
    for name, command in commands.items():
        needed = [command[1], "uvloop"] if "uvloop" in command else [command[1]]
        if missing := [module for module in needed if find_spec(module) is None]:
            print(f"{name:<20} left out: {missing[0]} is not installed")
        else:
            found[name] = command
    return found


def compare_streams(counts: list[int], seconds: float) -> None:
    """Print how late events come with each server, and how much faster that is than with the reference."""
    installed = find_installed(STREAMS)
    for count in counts:
        reference: list[float] = []
        for name, command in installed.items():
            lags, held = measure_streams(command, count, seconds)
            reference = reference or lags
            ratio = at_share(reference, 0.5) / at_share(lags, 0.5)
            print(f"{name:<20} {count:>5,} streams   lag p50 {at_share(lags, 0.5):7.2f} ms   ", end="")
            print(f"p99 {at_share(lags, 0.99):7.2f} ms   {held / 1000:6.1f} kB each   ratio {ratio:.2f}", flush=True)


def compare_rates(seconds: float, rounds: int) -> None:
    """Print how many requests a second the whole application answers behind each server."""
    run = [str(ROOT / "run.py"), "--scenario", "empty", "--port", "PORT"]
    for name, command in {"run.py": run, **find_installed(REQUESTS)}.items():
        with served(command) as (_, address):
            measure_rates(name, address, seconds, rounds)


def main() -> None:
    """Print lags, then rates."""
    quick = is_quick()
    compare_streams([20] if quick else [500, 1000], 1.0 if quick else 8.0)
    compare_rates(0.2 if quick else 2.0, 1 if quick else 3)


if __name__ == "__main__":
    if sys.platform != "win32":
        multiprocessing.set_start_method("fork")
    main()
