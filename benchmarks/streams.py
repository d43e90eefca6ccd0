"""Many open streams of one sandbox: how late events arrive, and what streams cost.

Twenty executions deliver events at moments that are known beforehand; each stream follows one of them, and one in
twenty the whole sandbox. Afterwards every stream is compared with the log. The reference sends the same bytes at the
same moments: a bare application on uvicorn that knows them beforehand. Meanwhile somebody reads a workflow and its
status, fifty times a second.

The clock of a sandbox begins at the wall clock, so that an event's `at` is a moment of the wall clock of the reader.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from http.client import HTTPConnection
from itertools import groupby, pairwise
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from measuring import Readers, at_share, call, is_quick, resident, running, spread
from websockets.client import ClientProtocol
from websockets.frames import Frame
from websockets.uri import parse_uri

# The modules above make the project importable.
# isort: split
from backend.app.server import listen

Json = Any
Event = dict[str, Json]

ALL = "all"
"""The channel of those who follow the whole sandbox; the others are named for the execution."""

GOAL = 50
"""Milliseconds that all but one in a hundred events may take."""


class Load(NamedTuple):
    """What is going on."""

    executions: int = 20
    nodes: int = 5
    node_ms: int = 2000
    """How long a node takes; its progress is told every quarter of that."""

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return (self.nodes + 0.3) * self.node_ms / 1000


# --- the two ways of reading -------------------------------------------------------------------------------------


class EventSources:
    """Server-sent events."""

    name = "SSE"

    def __init__(self, address: str, channels: list[str], after: str = "0") -> None:
        """Open a stream of each channel."""
        self.channels = channels
        self.readers = Readers(address, len(channels))
        self.opened_in = self.readers.ask(*(self._request(channel, after) for channel in channels))

    def events(self, place: int) -> Iterator[tuple[float, bytes]]:
        """The events that a stream brought, each with the moment of its arrival."""
        rest = b""
        for arrived, data in self.readers.arrivals[place]:
            *lines, rest = (rest + data).split(b"\n")
            yield from ((arrived, line[6:]) for line in lines if line.startswith(b"data: "))

    def _request(self, channel: str, after: str) -> bytes:
        path = "/api/events" if channel == ALL else f"/api/executions/{channel}/events"
        return f"GET {path}?after={after} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n".encode()


class WebSockets:
    """WebSockets without compression, as programs open them."""

    name = "WebSocket"

    def __init__(self, address: str, channels: list[str], after: str = "0") -> None:
        """Open one for each channel, and subscribe."""
        self.channels = channels
        self.readers = Readers(address, len(channels))
        uri = parse_uri(f"ws{address.removeprefix('http')}/api/ws")
        self._protocols = [ClientProtocol(uri, max_size=None) for _ in channels]
        self.opened_in = self.readers.ask(*map(self._greet, self._protocols))
        self._fed = [len(arrived) for arrived in self.readers.arrivals]
        self.opened_in += self.readers.ask(*(self._subscribe(place, after) for place in range(len(channels))))

    def events(self, place: int) -> Iterator[tuple[float, bytes]]:
        """The events that a WebSocket brought, each with the moment of its arrival."""
        protocol = self._protocols[place]
        for arrived, data in self.readers.arrivals[place][self._fed[place] :]:
            protocol.receive_data(data)
            for frame in protocol.events_received():
                if isinstance(frame, Frame) and b'"cursor"' in frame.data:
                    yield arrived, bytes(frame.data)

    def _greet(self, protocol: ClientProtocol) -> bytes:
        protocol.send_request(protocol.connect())
        return b"".join(protocol.data_to_send())

    def _subscribe(self, place: int, after: str) -> bytes:
        protocol, channel = self._protocols[place], self.channels[place]
        for _, data in self.readers.arrivals[place]:
            protocol.receive_data(data)
        protocol.events_received()
        if protocol.handshake_exc is not None:
            raise protocol.handshake_exc
        subject = {"all": True} if channel == ALL else {"execution_id": channel}
        position = after if after == "latest" else int(after)
        protocol.send_text(orjson.dumps({"type": "subscribe", **subject, "after": position}))
        return b"".join(protocol.data_to_send())


Way = type[EventSources] | type[WebSockets]


# --- what is measured --------------------------------------------------------------------------------------------


class Found(NamedTuple):
    """What a server did."""

    lags: list[float]
    reads: list[float]
    opened_in: float
    bytes_each: float


def measure(way: Way, count: int, load: Load) -> None:
    """Measure so many streams on Understudy and on the reference, and print what was found."""
    with running("run.py", "--port", "0", "--scenario", "empty", "--pace", "real") as (process, address):
        executions = [make_execution(address, load) for _ in range(load.executions)]
        paths = [
            f"/api/workflows/{executions[0]['workflow_id']}",
            f"/api/workflows/{executions[0]['workflow_id']}/status",
        ]
        peace, off = read_often(address, paths, min(load.seconds, 5.0)), find_offset(address)
        channels = share_out([execution["id"] for execution in executions], count)
        begin = release_all(address, [execution["id"] for execution in executions], load.node_ms / 4000)
        ours, log = follow(way, process.pid, address, channels, load, paths, begin)
        ended = end_all(way, process, address, count)
    with replaying(log) as (process, address):
        reference, _ = follow(
            way, process.pid, address, channels, load, ["/document"], lambda: call(f"{address}/begin")
        )
    title = f"{way.name}, {count:,} on {load.executions}"
    tell(f"{title:<28} Understudy  ", ours)
    tell(f"{'':<28} bare uvicorn", reference)
    print(f"{'':<28} lag p50 ratio {share_of(reference.lags, ours.lags, 0.5):.2f}   ", end="")
    print(f"p99 ratio {share_of(reference.lags, ours.lags, 0.99):.2f}   ", end="")
    print(f"goal {GOAL} ms: {'yes' if at_share(ours.lags, 0.99) < GOAL else 'no'}")
    print(f"{'':<28} reads in peace {spread(peace)}   ratio {share_of(peace, ours.reads, 0.5):.2f}")
    print(
        f"{'':<28} SIGTERM: streams ended after {ended[0] * 1000:.0f} ms, process after {ended[1] * 1000:.0f} ms",
        end="",
    )
    print(f"   clocks {off[0]:+.2f} to {off[1]:+.2f} ms apart", flush=True)


def tell(title: str, found: Found) -> None:
    """Print what a server did."""
    print(f"{title} lag   {spread(found.lags)}   {len(found.lags):,} events, each once and in order")
    print(f"{'':<41} reads {spread(found.reads)}   ", end="")
    print(f"opened in {found.opened_in:.2f} s, {found.bytes_each / 1000:.1f} kB each")


def share_of(reference: list[float], ours: list[float], share: float) -> float:
    """How fast we are, measured by the reference."""
    return at_share(reference, share) / at_share(ours, share)


def follow(
    way: Way, pid: int, address: str, channels: list[str], load: Load, paths: list[str], begin: Callable[[], Json]
) -> tuple[Found, list[Event]]:
    """Open all streams, let everything happen, and compare what they brought with the log.

    :param begin: starts it, and gives the seconds by which all happens later than the events say, and the log.
    """
    before = resident(pid)
    streams = way(address, channels)
    streams.readers.read(1.0)
    held = (resident(pid) - before) / len(channels)
    reading, reads = beside(read_often, address, paths, load.seconds)
    began = begin()
    streams.readers.read(load.seconds, quiet=1.0)
    reading.join()
    log = began["log"] or call(f"{address}/api/events?limit=10000")["items"]
    lags = list(find_lags(streams, log, began["later"], began["since"]))
    streams.readers.close()
    return Found(lags, reads.get(), streams.opened_in, held), log


def find_lags(streams: EventSources | WebSockets, log: list[Event], later: float, since: float) -> Iterator[float]:
    """The seconds from the moment at which an event was due to its arrival, on every stream.

    :raises RuntimeError: if a stream did not get each event once and in order.
    """
    due = {event["cursor"]: moment_of(event["at"]) + later for event in log}
    for place, channel in enumerate(streams.channels):
        found = [(arrived, parse(text)) for arrived, text in streams.events(place)]
        expected = [event for event in log if channel in (ALL, event["execution_id"])]
        if [event for _, event in found] != expected:
            raise RuntimeError(f"of {len(expected)} events of {channel}, {len(found)} arrived, or in another order")
        yield from (arrived - due[event["cursor"]] for arrived, event in found if due[event["cursor"]] >= since)


@lru_cache(maxsize=100_000)
def parse(text: bytes) -> Event:
    """An event."""
    event: Event = orjson.loads(text)
    return event


def moment_of(at: str) -> float:
    """The seconds since 1970."""
    return datetime.fromisoformat(at).timestamp()


def end_all(way: Way, process: Any, address: str, count: int) -> tuple[float, float]:
    """The seconds from a SIGTERM to the end of the last of so many streams, and of the process."""
    streams = way(address, [ALL] * count, "latest")
    streams.readers.read(0.5)
    began = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    streams.readers.read(30.0)
    ended = time.perf_counter() - began
    process.wait()
    streams.readers.close()
    return ended, time.perf_counter() - began


# --- the load ----------------------------------------------------------------------------------------------------


def make_execution(address: str, load: Load) -> Json:
    """An execution that waits for its release; every node of its workflow takes as long."""
    data = {"mock": {"output": {"rows": 3}, "duration_ms": load.node_ms}}
    names = [f"n{place}" for place in range(load.nodes)]
    nodes = [{"id": name, "type": "set", "position": {"x": 0, "y": 0}, "data": data} for name in names]
    connections = [{"source": one, "target": other} for one, other in pairwise(names)]
    workflow = call(f"{address}/api/workflows", {"nodes": nodes, "connections": connections})
    return call(f"{address}/api/workflows/{workflow['id']}/execute", {"hold": True})


def share_out(executions: list[str], count: int) -> list[str]:
    """What each of so many streams follows."""
    return [ALL if place % 20 == 19 else executions[place % len(executions)] for place in range(count)]


def release_all(address: str, executions: list[str], seconds: float) -> Callable[[], Json]:
    """What releases executions one after the other within so many seconds, so that their events spread evenly."""

    def release() -> Json:
        since = time.time()
        beside(release_slowly, address, executions, seconds / len(executions))
        return {"since": since, "later": 0.0, "log": None}

    return release


def release_slowly(address: str, executions: list[str], pause: float) -> list[float]:
    """Release them with pauses in between."""
    for execution in executions:
        call(f"{address}/api/executions/{execution}/release", {})
        time.sleep(pause)
    return []


def beside(
    work: Callable[..., list[float]], *arguments: Any
) -> tuple[multiprocessing.Process, SimpleQueue[list[float]]]:
    """Have something done by another process, while this one reads."""
    found: SimpleQueue[list[float]] = multiprocessing.SimpleQueue()
    process = multiprocessing.Process(target=do, args=(found, work, *arguments))
    process.start()
    return process, found


def do(found: SimpleQueue[list[float]], work: Callable[..., list[float]], *arguments: Any) -> None:
    """Do something, and put what it gives where it is waited for."""
    found.put(work(*arguments))


def read_often(address: str, paths: list[str], seconds: float) -> list[float]:
    """The seconds that every read took, fifty a second, of one path after the other."""
    connection = HTTPConnection(address.removeprefix("http://"))
    times: list[float] = []
    end = time.perf_counter() + seconds
    while (began := time.perf_counter()) < end:
        connection.request("GET", paths[len(times) % len(paths)])
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        times.append(time.perf_counter() - began)
        time.sleep(max(0.0, 0.02 - times[-1]))
    return times


def find_offset(address: str) -> tuple[float, float]:
    """By how many milliseconds the clock of the sandbox is ahead of the wall clock: at least, and at most."""
    least, most = float("-inf"), float("inf")
    for _ in range(20):
        before = time.time()
        now = moment_of(call(f"{address}/_control/clock")["now"])
        # It tells whole milliseconds, and reads itself at some time before it answers.
        least, most = max(least, now - time.time()), min(most, now + 0.001 - before)
    return least * 1000, most * 1000


# --- the reference -----------------------------------------------------------------------------------------------


@contextmanager
def replaying(log: list[Event]) -> Iterator[tuple[Any, str]]:
    """A bare application that tells a log again."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "log.json")
        file.write_bytes(orjson.dumps(log))
        with running(__file__, "--replay", str(file)) as served:
            yield served


class Replay:
    """A bare ASGI application: one timer, and a queue for each stream."""

    def __init__(self, log: list[Event]) -> None:
        # What had happened before the streams were opened is nothing to be late with.
        self._log = [event for event in log if event["type"] not in ("workflow.changed", "execution.created")]
        self._readers: dict[str, list[asyncio.Queue[list[Event]]]] = {}
        self._timer: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request, or begin a stream."""
        if scope["type"] == "websocket":
            await self._converse(receive, send)
        elif scope["path"] == "/begin":
            await _answer(send, orjson.dumps(self._begin()))
        elif scope["path"] == "/document":
            await _answer(send, b'"' + b"x" * 1500 + b'"')
        else:
            await self._stream(scope["path"].removeprefix("/api/executions/").removesuffix("/events"), send)

    def _begin(self) -> Json:
        later = time.time() + 0.2 - moment_of(self._log[0]["at"])
        self._timer = asyncio.create_task(self._tell(later))
        return {"since": 0.0, "later": later, "log": self._log}

    async def _tell(self, later: float) -> None:
        for at, happened in groupby(self._log, lambda event: event["at"]):
            await asyncio.sleep(max(0.0, moment_of(at) + later - time.time()))
            told = [encode(event) for event in happened]
            self._hand(ALL, [each[1] for each in told])
            for channel, part in groupby(told, lambda each: each[0]):
                self._hand(channel, [each[1] for each in part])

    def _hand(self, channel: str, texts: list[Any]) -> None:
        for queue in self._readers.get(channel, ()):
            queue.put_nowait(texts)

    async def _stream(self, channel: str, send: Callable[[Json], Awaitable[None]]) -> None:
        head = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b"retry: 1000\n\n", "more_body": True})
        async for texts in self._join(ALL if channel == "/api" else channel):
            body = b"".join(b"id: 1\nevent: node.started\ndata: %b\n\n" % text for text in texts)
            await send({"type": "http.response.body", "body": body, "more_body": True})

    async def _converse(self, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        wanted = json.loads((await receive())["text"])
        await send({"type": "websocket.send", "text": '{"type":"ack"}'})
        async for texts in self._join(wanted.get("execution_id", ALL)):
            for text in texts:
                await send({"type": "websocket.send", "text": text.decode()})

    async def _join(self, channel: str) -> Any:
        queue: asyncio.Queue[Any] = asyncio.Queue()
        self._readers.setdefault(channel, []).append(queue)
        while True:
            yield await queue.get()


def encode(event: Event) -> tuple[str, bytes]:
    """The channel of an event, and its text."""
    return event["execution_id"], orjson.dumps(event)


async def _answer(send: Callable[[Json], Awaitable[None]], body: bytes) -> None:
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": head})
    await send({"type": "http.response.body", "body": body})


def replay(file: str) -> None:
    """Serve a log until somebody ends the process."""
    import uvicorn

    listener = listen("127.0.0.1", 0)
    print(f"http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    app: Any = Replay(json.loads(Path(file).read_bytes()))
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="off",
        access_log=False,
        log_level="critical",
        timeout_graceful_shutdown=0,
    )
    uvicorn.Server(config).run([listener])


def main() -> None:
    """Print what was found: a few executions with many streams, and all streams on one."""
    cases: Iterable[tuple[Way, int, Load]] = [
        (EventSources, 100, Load()),
        (EventSources, 500, Load()),
        (EventSources, 1000, Load()),
        (EventSources, 500, Load(executions=1)),
        (WebSockets, 500, Load()),
    ]
    if is_quick():
        cases = [(way, 20, Load(2, 1, 400)) for way in (EventSources, WebSockets)]
    for way, count, load in cases:
        measure(way, count, load)


if __name__ == "__main__":
    if "--replay" in sys.argv:
        replay(sys.argv[-1])
    else:
        if sys.platform != "win32":
            multiprocessing.set_start_method("fork")
        main()
