"""The same over a real server: whoever reads, and however often the connection breaks, is told everything once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.sync.client import ClientConnection, connect

from app.models.event import fold
from app.testing import Refused, SandboxClient, Server, serve

from .readers import Blocks, Caller, Listener, Subject
from .test_machine_properties import examples
from .test_streams import GRAPHS, INNER, acts

Json = Any

PATIENCE = 20


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server for all examples."""
    with serve(heartbeat=5) as running:
        yield running


class SocketListener(Listener):
    """One that reads server-sent events over a connection of its own."""

    def __init__(self, sandbox: Any, subject: Subject) -> None:
        super().__init__(sandbox, subject, 0)
        self.answer: HTTPResponse | None = None
        self._connection: HTTPConnection | None = None

    def connect(self) -> None:
        """Open the stream, behind the last id that was seen completely."""
        host, _, path = self.sandbox.url.removeprefix("http://").partition("/")
        self._connection = HTTPConnection(host, timeout=PATIENCE)
        id_seen = {"Last-Event-ID": self.last_id} if self.last_id else {}
        self._connection.request(
            "GET", f"/{path}{self.subject.path}", headers={"Accept": "text/event-stream", **id_seen}
        )
        answer = self._connection.getresponse()
        if answer.status == 200:
            self.blocks, self.answer = Blocks(), answer
        else:
            assert answer.status == 204
            self.is_done = True
            self.leave()

    def read_up_to(self, place: int, more: int = 0) -> None:
        """Read events up to this place, and some bytes behind it, which have to be there."""
        if self.answer is None:
            return
        while self.subject.place_of(self.told[-1]) < place if self.told else place:
            self.read(self.answer.readline())
        if more:
            self.read(self.answer.read(more))

    def check_end(self) -> None:
        """The stream ends with the execution, and nothing comes behind it."""
        if self.answer is not None:
            assert self.answer.read() == b""

    def leave(self) -> None:
        """Lose the connection."""
        if self.answer is not None:
            self.answer.close()
        if self._connection is not None:
            self._connection.close()
        self.answer = self._connection = None


class SocketCaller(Caller):
    """One that reads over a real WebSocket."""

    def __init__(self, sandbox: Any, subjects: list[Subject]) -> None:
        super().__init__(sandbox, 0, is_behind_all=True)
        self.subjects = subjects
        self.socket: ClientConnection | None = None
        self._held = ExitStack()

    def connect(self) -> None:
        """Come again, and subscribe to everything as it was."""
        self.begin()
        address = f"{self.sandbox.url.replace('http', 'ws')}/api/ws"
        # Without a limit to what it keeps, since it would not see the end of the connection behind what nobody reads.
        opened = connect(address, proxy=None, open_timeout=PATIENCE, max_queue=None)
        self.socket = self._held.enter_context(opened)
        self.subscribe_again()

    def tell(self, message: Json) -> None:
        """Send a message."""
        if self.socket is not None:
            self.socket.send(json.dumps(message))

    def read_on(self) -> None:
        """Read all that has happened."""
        if self.socket is not None:
            self.tell({"type": "ping"})
            while (message := json.loads(self.socket.recv(PATIENCE)))["type"] != "pong":
                self.read(message)

    def read_some(self, count: int) -> None:
        """Read some of the answers to what was asked; all have to come."""
        for _ in range(count if self.socket is not None else 0):
            self.read(json.loads(self.socket.recv(PATIENCE)))  # type: ignore[union-attr]

    def leave(self) -> None:
        """Close the connection, whatever may still come."""
        if self.socket is not None:
            self._held.close()
        self.socket = None


class Story:
    """A sandbox of a server, and who reads about it over the network."""

    def __init__(self, sandbox: SandboxClient, graph: str) -> None:
        self.sandbox = sandbox
        inner = self._save(INNER.nodes, INNER.connections)
        drawn = GRAPHS[graph]
        self.workflow_id = self._save(json.loads(json.dumps(drawn.nodes).replace("{inner}", inner)), drawn.connections)
        self.listeners: list[SocketListener] = []
        self.callers: list[SocketCaller] = []
        self.execute(0, 1)
        (execution,) = self.executions()
        subjects = [Subject("execution_id", execution["id"]), Subject("workflow_id", self.workflow_id), Subject("all")]
        for subject in subjects:
            self.listeners.append(SocketListener(sandbox, subject))
            self.callers.append(SocketCaller(sandbox, [subject]))
        self.callers.append(SocketCaller(sandbox, subjects))

    def act(self, name: str, one: int, other: int) -> None:
        """Let something happen, if it can at this moment."""
        with suppress(Refused):
            getattr(self, name)(one, other)

    def execute(self, _: int, other: int) -> None:
        """Begin an execution, which may be held back."""
        self.sandbox.post(f"/api/workflows/{self.workflow_id}/execute", {"hold": other % 3 == 0})

    def command(self, one: int, _: int) -> None:
        """Say something to the latest execution, over HTTP or over a WebSocket."""
        word = ("release", "pause", "resume", "stop")[one % 7 % 4]
        if one % 2:
            self.sandbox.post(f"/api/workflows/{self.workflow_id}/{word}")
        else:
            self.callers[one % 4].tell({"type": word, "workflow_id": self.workflow_id})
            self.callers[one % 4].read_on()

    def answer(self, *_: int) -> None:
        """Answer whoever waits."""
        for execution in self.executions():
            for asked in self.sandbox.get(f"/api/executions/{execution['id']}")["waiting_for"]:
                path = f"/api/executions/{execution['id']}/nodes/{asked['node_id']}/answer"
                self.sandbox.post(path, {"decision": "approved"})

    def jump(self, _: int, other: int) -> None:
        """Let time go on."""
        self.sandbox.clock.advance(other / 1000)

    def save(self, _: int, other: int) -> None:
        self.sandbox.patch(f"/api/workflows/{self.workflow_id}", {"name": f"Tea {other}"})

    def cut(self, one: int, other: int) -> None:
        """Have a connection break behind an event, in the middle of the next one if there is one."""
        listener = self.listeners[one % len(self.listeners)]
        places = [listener.subject.place_of(event) for event in listener.subject.events(self.log(), 0)]
        number = other % len(places)
        read = listener.subject.place_of(listener.told[-1]) if listener.told else 0
        is_more = number + 1 < len(places) and read <= places[number]
        listener.read_up_to(places[number], other % 40 if is_more else 0)
        listener.leave()

    def leave(self, one: int, other: int) -> None:
        """Have a client lose its connection in the midst of the answers."""
        caller = self.callers[one % len(self.callers)]
        caller.tell({"type": "ping"})
        caller.leave()
        if other % 2:
            caller.connect()
            caller.read_some(other % (len(caller.subjects) + 1))

    def come_back(self, *_: int) -> None:
        """Have those connect again who lost their connection."""
        for listener in self.listeners:
            if listener.answer is None and not listener.is_done:
                listener.connect()
        for caller in self.callers:
            if caller.socket is None:
                caller.connect()

    def log(self) -> list[Json]:
        """All that happened."""
        found: list[Json] = self.sandbox.get("/api/events?limit=10000")["items"]
        return found

    def executions(self) -> list[Json]:
        """The executions, as a list shows them."""
        found: list[Json] = self.sandbox.get(f"/api/executions?workflow_id={self.workflow_id}")["items"]
        return found

    def check(self) -> None:
        """Everybody has come back, and nothing was lost or came twice; what is shown is what was told."""
        self.come_back()
        log = self.log()
        for listener in self.listeners:
            listener.read_up_to(listener.subject.place_of(listener.subject.events(log, 0)[-1]))
            listener.check(log, is_all=True)
        for caller in self.callers:
            caller.read_on()
            caller.check(log, is_all=True)
        first = self.sandbox.get(f"/api/executions/{self.listeners[0].subject.key}")
        assert fold(self.listeners[0].told) == first
        if first["finished_at"]:
            self.listeners[0].check_end()

    def close(self) -> None:
        """Have everybody leave."""
        for reader in [*self.listeners, *self.callers]:
            reader.leave()

    def _save(self, nodes: Json, connections: Json) -> str:
        return str(self.sandbox.post("/api/workflows", {"nodes": nodes, "connections": connections})["id"])


ACTS = ("execute", "command", "command", "answer", "jump", "jump", "save", "cut", "cut", "leave", "leave", "come_back")


@settings(examples(30), suppress_health_check=[*HealthCheck])
@given(graph=st.sampled_from([*GRAPHS]), told=acts(*ACTS, most=25))
def test_over_the_network_everybody_is_told_everything_once(
    server: Server, graph: str, told: list[tuple[str, int, int]]
) -> None:
    with server.sandbox() as sandbox, ExitStack() as end:
        story = Story(sandbox, graph)
        end.callback(story.close)
        story.come_back()
        for name, one, other in told:
            story.act(name, one, other)
        story.check()
