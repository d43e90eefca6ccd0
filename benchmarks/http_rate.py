"""Requests per second on real sockets, beside a bare Flask application on the same server code.

Each server is a process of its own. The load comes from a few processes with one connection each that stays open; they
share the machine with the servers, and read and write bare sockets in order to leave it to them. Servers are measured
in turns.
"""

from __future__ import annotations

import json
import multiprocessing
import socket
import sys
import time
from multiprocessing.queues import SimpleQueue
from statistics import median
from typing import Any
from urllib.request import urlopen

from measuring import at_share, bare_flask, call, is_quick, layered, understudy

CLIENTS = 4
GRAPH_BYTES = 7_000


def make_body() -> dict[str, Any]:
    """A workflow of 7 KB, as React Flow writes one."""
    names, lines = layered(4, 7, 1)
    nodes = [
        {
            "id": name,
            "type": "set",
            "position": {"x": 240 * place, "y": 120},
            "data": {"label": f"Step {place}", "config": {"fields": [{"name": "a", "value": str(place)}]}},
        }
        for place, name in enumerate(names)
    ]
    edges = [{"id": f"e{place}", "source": one, "target": other} for place, (one, other) in enumerate(lines)]
    body = {"name": "Seven kilobytes", "nodes": nodes, "connections": edges}
    body["metadata"] = {"note": "x" * max(0, GRAPH_BYTES - len(json.dumps(body)))}
    return body


def make_request(method: str, path: str, body: bytes = b"") -> bytes:
    """The request as it goes over the wire."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n"
    if body:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


def keep_asking(address: str, request: bytes, seconds: float, answers: SimpleQueue[list[float]]) -> None:
    """Send a request again and again, and tell how long each answer took."""
    host, _, port = address.removeprefix("http://").partition(":")
    times = []
    with socket.create_connection((host, int(port))) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end = time.perf_counter() + seconds
        while (began := time.perf_counter()) < end:
            connection.sendall(request)
            read_answer(connection)
            times.append(time.perf_counter() - began)
    answers.put(times)


def read_answer(connection: socket.socket) -> None:
    """Read one answer to its end; only good ones count."""
    data = connection.recv(262_144)
    while b"\r\n\r\n" not in data:
        data += connection.recv(262_144)
    head, _, body = data.partition(b"\r\n\r\n")
    if head[9:10] != b"2":
        raise RuntimeError(data[:500].decode())
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    left = length - len(body)
    while left > 0:
        left -= len(connection.recv(262_144))


def load(address: str, request: bytes, seconds: float) -> list[float]:
    """The times of all answers that a server gave so many clients in so many seconds."""
    answers: SimpleQueue[list[float]] = multiprocessing.SimpleQueue()
    clients = [
        multiprocessing.Process(target=keep_asking, args=(address, request, seconds, answers)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    times = [taken for _ in clients for taken in answers.get()]
    for client in clients:
        client.join()
    return times


def compare(name: str, ours: tuple[str, bytes], bare: tuple[str, bytes], rounds: int, seconds: float) -> float:
    """Measure two servers in turns, print two lines and a ratio, and give our rate."""
    found: list[list[list[float]]] = [[], []]
    for _ in range(rounds):
        for server, taken in zip((ours, bare), found, strict=True):
            taken.append(load(*server, seconds))
    rates = [[len(times) / seconds for times in taken] for taken in found]
    ratio = median(own / other for own, other in zip(*rates, strict=True))
    for words, taken, rate in zip(("Understudy", "bare Flask"), found, rates, strict=True):
        times = [one for part in taken for one in part]
        print(
            f"{name:<32} {words:<11} {median(rate):8,.0f}/s   p50 {at_share(times, 0.5):6.2f} ms"
            f"   p99 {at_share(times, 0.99):6.2f} ms"
        )
    print(f"{'':<32} ratio {ratio:.2f}", flush=True)
    return median(rates[0])


def fill(address: str, body: dict[str, Any], count: int) -> None:
    """Save more workflows, until there are so many."""
    there = call(f"{address}/api/workflows?per_page=1")["total"]
    for _ in range(count - there):
        call(f"{address}/api/workflows", body)


def fetch(url: str) -> bytes:
    """The bytes that a URL answers."""
    with urlopen(url) as answer:
        return bytes(answer.read())


def main() -> None:
    """Print rates and ratios."""
    quick = is_quick()
    rounds, seconds, many = (1, 0.2, 200) if quick else (5, 2.0, 10_000)
    body, small = make_body(), {"name": "Small", "nodes": [], "connections": []}
    sent = json.dumps(body).encode()
    with understudy() as ours:
        workflow = call(f"{ours}/api/workflows", body)
        one, page = f"/api/workflows/{workflow['id']}", "/api/workflows?per_page=20"
        fill(ours, small, 100)
        with bare_flask(fetch(ours + one), fetch(ours + page)) as bare:
            sends, lists = (bare, make_request("GET", "/0")), (bare, make_request("GET", "/1"))
            compare("GET, 7 KB", (ours, make_request("GET", one)), sends, rounds, seconds)
            few = compare("list, 20 of 100", (ours, make_request("GET", page)), lists, rounds, seconds)
            fill(ours, small, many)
            name = f"list, 20 of {many:,}"
            full = compare(name, (ours, make_request("GET", page)), lists, rounds, seconds)
            print(f"list with {many:,} against 100: ratio {full / few:.2f}")
    create(sent, rounds, seconds)


def create(sent: bytes, rounds: int, seconds: float) -> None:
    """Measure creating in a server that is empty at first, and may keep all that comes."""
    with understudy() as ours, bare_flask() as bare:
        parse = (bare, make_request("POST", "/parse", sent))
        compare("POST, 7 KB", (ours, make_request("POST", "/api/workflows", sent)), parse, rounds, seconds)


if __name__ == "__main__":
    if sys.platform != "win32":
        multiprocessing.set_start_method("fork")
    main()
