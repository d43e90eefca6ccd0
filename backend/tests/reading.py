"""Readers of streams on real sockets: of server-sent events, and of WebSockets."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator
from websockets.sync.client import ClientConnection, connect

from app.testing import SandboxClient
from tests.editor import line, node
from tests.promises import check_event

Json = Any

PATIENCE = 10
"""Real seconds after which a test gives up on a server."""

BEAT = 0.2
"""Real seconds of the heartbeat of a server for tests."""

MOST_BEATS = 40
"""Signs of life after which a test gives up on an event."""

FINAL = ("execution.completed", "execution.failed", "execution.stopped")


class Dropped(Exception):
    """The connection ended in the middle of an answer."""


class Ended(Exception):
    """The stream ended as it should."""


def _promised(told: Json) -> Json:
    """What was told; an event is what the contract says of it."""
    return check_event(told) if told.get("cursor") else told


class Message(NamedTuple):
    """What a browser would be told."""

    id: str
    """What the message says it is, which is nothing where a browser has to forget what it had."""
    name: str
    """``message``, if it has no other."""
    data: Json


class Reader:
    """Reads a stream of server-sent events."""

    def __init__(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        *,
        method: str = "GET",
        accept: str = "text/event-stream",
        receive_bytes: int = 0,
    ) -> None:
        """:param receive_bytes: how much the system takes in before the reader does; it decides unless told."""
        parts = urlsplit(url)
        self.socket = socket.socket()
        self.socket.settimeout(PATIENCE)
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.connect((parts.hostname, parts.port))
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        sent = {"Host": parts.netloc, "Accept": accept} | (headers or {})
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in sent.items()), "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        self._file = self.socket.makefile("rb")
        self._method = method
        self._text = b""
        try:
            self._read_head()
        except BaseException:
            self.close()
            raise

    def _read_head(self) -> None:
        first = self._file.readline()
        if not first:
            raise Dropped
        self.status = int(first.split()[1])
        self.headers: dict[str, str] = {}
        while text := self._file.readline().strip():
            name, _, value = text.decode().partition(": ")
            self.headers[name.lower()] = value

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave."""
        self._file.close()
        self.socket.close()

    def body(self) -> bytes:
        """An answer that is no stream."""
        return self._file.read(int(self.headers.get("content-length", 0)))

    def block(self) -> str:
        """What comes until the next empty line: an event, a comment, or how long to wait.

        :raises Ended: if the stream ends.
        :raises Dropped: if the connection does.
        """
        while b"\n\n" not in self._text:
            self._text += self._chunk()
        found, _, self._text = self._text.partition(b"\n\n")
        return found.decode()

    def _chunk(self) -> bytes:
        head = self._file.readline()
        if not head:
            raise Dropped
        size = int(head, 16)
        content = self._file.read(size + 2)
        if len(content) < size + 2:
            raise Dropped
        if size == 0:
            assert self._text == b"", "the stream ended in the middle of an event"
            raise Ended
        return content[:-2]

    def next(self) -> Message:
        """The next event."""
        for _ in range(MOST_BEATS):
            block = self.block()
            fields = dict(part.split(": ", 1) for part in block.split("\n") if not part.startswith(":"))
            if "data" in fields:
                return Message(fields["id"], fields.get("event", "message"), _promised(json.loads(fields["data"])))
        raise AssertionError("nothing comes but signs of life")

    def take(self, count: int) -> list[Message]:
        """The next events."""
        return [self.next() for _ in range(count)]

    def until(self, *types: str) -> list[Message]:
        """All events up to one of these types."""
        found = [self.next()]
        while found[-1].data["type"] not in types:
            found.append(self.next())
        return found

    def rest(self) -> list[Message]:
        """All events until the end."""
        found, how = self._until_over()
        assert how is Ended, "the connection broke"
        return found

    def until_dropped(self) -> list[Message]:
        """All events until the connection breaks."""
        found, how = self._until_over()
        assert how is not Ended, "it ended as it should"
        return found

    def whatever_comes(self) -> list[Message]:
        """All events until there are no more, however that comes."""
        return self._until_over()[0]

    def _until_over(self) -> tuple[list[Message], type[Exception]]:
        found: list[Message] = []
        try:
            while True:
                found.append(self.next())
        except (Ended, Dropped, ConnectionError) as how:
            return found, type(how)

    def ask_again(self, path: str) -> None:
        """Send another request over the same connection."""
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self._read_head()

    def beat(self) -> None:
        """A sign of life, and nothing before it."""
        block = self.block()
        assert block.startswith(":"), f"not quiet: {block}"


def data(messages: Iterable[Message]) -> list[Json]:
    """The events alone."""
    return [message.data for message in messages]


class Talker:
    """Talks over a WebSocket; all that it hears is compared with the published schema."""

    def __init__(self, connection: ClientConnection, schema: Json) -> None:
        self.connection = connection
        self._validator = Draft202012Validator({**schema, "oneOf": [{"$ref": "#/$defs/server"}]})

    def say(self, kind: str, **message: Json) -> None:
        """Send a message."""
        self.connection.send(json.dumps({"type": kind, **message}))

    def hear(self) -> Json:
        """The next message."""
        told = json.loads(self.connection.recv(timeout=PATIENCE))
        wrong = [error.message for error in self._validator.iter_errors(told)]
        assert not wrong, f"{told} is no message of a server: {wrong}"
        return _promised(told)

    def ask(self, kind: str, **message: Json) -> Json:
        """Send a message; gives what is said to it, which has to be the next that is said."""
        self.say(kind, **message)
        answer = self.hear()
        assert answer["to"] == kind, answer
        return answer

    def hear_until(self, *types: str) -> list[Json]:
        """All messages up to one of these types."""
        found = [self.hear()]
        while found[-1]["type"] not in types:
            found.append(self.hear())
        return found

    def hear_events(self, count: int) -> list[Json]:
        """The next messages, which have to be events."""
        found = [self.hear() for _ in range(count)]
        assert all("cursor" in event for event in found), found
        return found

    def is_quiet(self) -> bool:
        """Whether nothing had been said when the server answers a ping."""
        return bool(self.ask("ping")["type"] == "pong")

    def closed_with(self) -> int:
        """The code with which the server closes, if it says nothing more."""
        from websockets.exceptions import ConnectionClosed

        try:
            told = self.connection.recv(timeout=PATIENCE)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006
        raise AssertionError(f"it goes on talking: {told!r}")


@contextmanager
def talking(sandbox: SandboxClient, path: str = "/api/ws", **options: Any) -> Iterator[Talker]:
    """Somebody who talks to a sandbox over a WebSocket."""
    schema = sandbox.get("/api/ws/schema")
    url = sandbox.url.replace("http:", "ws:") + path
    with connect(url, proxy=None, open_timeout=PATIENCE, **options) as connection:
        yield Talker(connection, schema)


class Stage:
    """A sandbox as these tests use it: workflows that take virtual seconds, and readers of what happens."""

    def __init__(self, sandbox: SandboxClient, stack: ExitStack) -> None:
        self.sandbox = sandbox
        self._stack = stack

    def save(self, *seconds: float, **fields: Json) -> Json:
        """Save a workflow of nodes, one after the other, that last so long; without any, of one of a second."""
        nodes = [
            node(f"n{place}", mock={"output": place, "duration_ms": wanted * 1000})
            for place, wanted in enumerate(seconds or (1,))
        ]
        lines = [line(f"n{place}-n{place + 1}") for place in range(len(nodes) - 1)]
        return self.sandbox.post("/api/workflows", {"nodes": nodes, "connections": lines, **fields})

    def execute(self, workflow: Json, **options: Json) -> Json:
        """Start it."""
        return self.sandbox.post(f"/api/workflows/{workflow['id']}/execute", options)

    def run(self, *seconds: float, **options: Json) -> Json:
        """Save and start."""
        return self.execute(self.save(*seconds), **options)

    def finish(self, execution: Json) -> list[Json]:
        """Let it come to its end; gives all of its events."""
        self.sandbox.clock.advance(3600)
        return self.events(execution)

    def events(self, thing: Json | None = None) -> list[Json]:
        """The events of an execution, a workflow or the sandbox, as JSON has them."""
        found: list[Json] = self.sandbox.get(f"{events_of(thing)}?limit=10000")["items"]
        return found

    def read(self, thing: Json | str | None = None, query: str = "", **options: Any) -> Reader:
        """Read a stream."""
        path = thing if isinstance(thing, str) else events_of(thing)
        return self._stack.enter_context(Reader(self.sandbox.url + path + query, **options))

    def talk(self, path: str = "/api/ws", **options: Any) -> Talker:
        """Talk over a WebSocket."""
        return self._stack.enter_context(talking(self.sandbox, path, **options))

    def streams(self) -> int:
        """How many are open."""
        found: int = self.sandbox.state()["counts"]["streams"]
        return found

    def until_streams(self, count: int) -> None:
        """Wait until so many are open: who left is noticed a moment later."""
        import time

        end = time.monotonic() + PATIENCE
        while self.streams() != count:
            assert time.monotonic() < end, f"{self.streams()} streams are open, not {count}"


def events_of(thing: Json | None) -> str:
    """Where the events of a workflow, of an execution or of all are."""
    if thing is None:
        return "/api/events"
    kind = "executions" if "workflow_id" in thing else "workflows"
    return f"/api/{kind}/{thing['id']}/events"
