"""Readers of a log, as browsers and clients are: each knows what it saw completely, and goes on behind that."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from typing import Any, NamedTuple

import jsonata  # noqa: F401  It raises the recursion limit, which hypothesis would take for a fault of a test.
from flask import Flask

from app import create_app
from app.config import Settings
from app.errors import NotFound
from app.models.broken_stream import BrokenStream, Step
from app.sandbox import Sandbox
from app.services import streams
from app.services.streams import RESET, NothingLeft, Place, Stream, Subscriptions, open_stream
from app.web.sockets import Conversation
from app.web.streams import EventStream, Outlet

Json = Any


class Subject(NamedTuple):
    """What somebody reads about."""

    kind: str
    """execution_id, workflow_id, all"""
    key: str = ""

    def tells_of(self, event: Json) -> bool:
        """Whether an event belongs to it."""
        return self.kind == "all" or event[self.kind] == self.key

    def place_of(self, event: Json) -> int:
        """What a reader goes on behind."""
        return int(event["seq" if self.kind == "execution_id" else "cursor"])

    def find(self, sandbox: Sandbox, after: int | str) -> Place:
        """A place in its log."""
        if self.kind == "all":
            return streams.of_sandbox(sandbox, after)
        find = streams.of_execution if self.kind == "execution_id" else streams.of_workflow
        return find(sandbox, self.key, after)

    @property
    def path(self) -> str:
        """Where its events are."""
        return "/api/events" if self.kind == "all" else f"/api/{self.kind.removesuffix('_id')}s/{self.key}/events"

    def as_message(self) -> Json:
        """It, in a message of a WebSocket."""
        return {"all": True} if self.kind == "all" else {self.kind: self.key}

    @classmethod
    def of_message(cls, message: Json) -> Subject:
        """What a message is about."""
        if message.get("all"):
            return cls("all")
        kind = "execution_id" if "execution_id" in message else "workflow_id"
        return cls(kind, message[kind])

    def events(self, log: Iterable[Json], after: int) -> list[Json]:
        """What a reader from a place on has to be told."""
        return [event for event in log if self.tells_of(event) and self.place_of(event) > after]


class Blocks:
    """The pieces of server-sent events; what was not finished when the connection broke is none."""

    def __init__(self) -> None:
        self._rest = b""

    def read(self, data: bytes) -> list[dict[str, str]]:
        """The fields of every block that is complete by now; comments are none."""
        *complete, self._rest = (self._rest + data).split(b"\n\n")
        lines = [[line for line in block.decode().split("\n") if line[0] != ":"] for block in complete]
        return [dict(line.split(": ", 1) for line in block) for block in lines]


class Listener:
    """A browser that reads a stream with `EventSource`."""

    def __init__(self, sandbox: Sandbox, subject: Subject, after: int | str) -> None:
        self.sandbox = sandbox
        self.subject = subject
        self.told: list[Json] = []
        """What it was told since ``start``, of the log as it is now."""
        self.start = 0
        self.last_id = ""
        self.outlet: Outlet | None = None
        self.is_done = False
        """Whether it was told not to come again."""
        self.saw_end = False
        """Whether the server ended its stream, and it read up to that."""
        self._after = after
        self.blocks = Blocks()

    def connect(self) -> None:
        """Open the stream, behind the last id that was seen completely."""
        after = int(self.last_id or 0) or self._after
        with self.sandbox.view():
            try:
                if not self.told:
                    self.start = self.subject.find(self.sandbox, after).after
                find = partial(self.subject.find, self.sandbox, after)
                opened = open_stream(self.sandbox, find, self.subject.path, resumes=after not in (0, "latest"))
            except (NothingLeft, NotFound):
                self.is_done = True
                return
        if not isinstance(opened, BrokenStream):
            self.blocks, self.saw_end = Blocks(), False
            self.outlet = EventStream(opened, unnamed=False, readdress=None, heartbeat=10)

    def hear(self, steps: list[Step], cut: int | None = None) -> None:
        """Read what was sent, or only some bytes of it, and then the connection is lost."""
        data = b"".join(step.item or b"" for step in steps)
        if cut is not None:
            data = data[: cut % (len(data) + 1)]
        is_over = cut is not None or bool(steps and steps[-1].then)
        if is_over:
            self.saw_end = cut is None and steps[-1].then == streams.END
        self.read(data)
        if is_over:
            self.leave()

    def read(self, data: bytes) -> None:
        """Read some bytes."""
        for block in self.blocks.read(data):
            if "data" not in block:
                continue
            event = json.loads(block["data"])
            assert block["event"] == event["type"]
            self.last_id = block["id"]
            if event["type"] == RESET:
                assert block["id"] == ""
                self.forget()
            else:
                assert block["id"] == str(self.subject.place_of(event))
                self.note(event)

    def note(self, event: Json) -> None:
        """Keep an event."""
        self.told.append(event)

    def leave(self) -> None:
        """Lose the connection."""
        if self.outlet is not None:
            self.outlet.stream.close()
            self.outlet = None

    def forget(self) -> None:
        """Begin anew: what it was told is no more, and neither is the log that ended."""
        self.told = []
        self.saw_end = False

    def check(self, log: list[Json], *, is_all: bool) -> None:
        """It was told everything since its start, once and in order; or, so far, the beginning of that."""
        wanted = self.subject.events(log, self.start)
        # Who was away when a workflow was deleted is only told that it is not there any more.
        missed = self.is_done and self.subject.kind == "workflow_id" and not self.saw_end
        if not is_all or missed:
            wanted = wanted[: len(self.told)]
        assert self.told == wanted


class Sieve(Listener):
    """One that drops what comes a second time, told by its id."""

    def note(self, event: Json) -> None:
        """Keep an event, unless it is there."""
        if event not in self.told:
            assert not self.told or self.subject.place_of(event) > self.subject.place_of(self.told[-1])
            self.told.append(event)


class Careful(Listener):
    """One that also notices gaps: it goes on behind the last event before the first gap, whatever came later."""

    def __init__(self, sandbox: Sandbox, subject: Subject, after: int | str) -> None:
        super().__init__(sandbox, subject, after)
        self._early: dict[int, Json] = {}

    def forget(self) -> None:
        """Begin anew."""
        super().forget()
        self._early = {}

    def note(self, event: Json) -> None:
        """Keep an event when all before it are there."""
        self._early[self.subject.place_of(event)] = event
        place = self.start + len(self.told)
        while (following := self._early.pop(place + 1, None)) is not None:
            self.told.append(following)
            place += 1
        self.last_id = str(place)


class Caller:
    """A client that reads over a WebSocket.

    Of each subject it knows the last event that came behind the acknowledgement of its subscription: what other
    subscriptions brought before that says nothing about this one.
    """

    def __init__(self, sandbox: Sandbox, after: int | str, *, is_behind_all: bool) -> None:
        """:param is_behind_all: whether an answer comes behind all that has happened."""
        self.sandbox = sandbox
        self.subjects: list[Subject] = []
        self.told: dict[Subject, list[Json]] = {}
        self.outlet: Conversation | None = None
        self.is_done = False
        self._after = after
        self._is_behind_all = is_behind_all
        self._starts: dict[Subject, int] = {}
        self.places: dict[Subject, int] = {}
        self._active: set[Subject] = set()
        self._highest = 0

    def connect(self) -> None:
        """Come again, and subscribe to everything as it was."""
        self.begin()
        subscriptions = Subscriptions()
        opened = open_stream(self.sandbox, lambda: subscriptions, "/api/ws")
        if isinstance(opened, Stream):
            with CONTEXT.of_socket():
                self.outlet = Conversation(opened, subscriptions, lambda: None)
            self.subscribe_again()

    def begin(self) -> None:
        """Have no subscription."""
        self._active = set()
        self._highest = 0

    def subscribe_again(self) -> None:
        """Subscribe to everything from where it was left."""
        for subject in self.subjects:
            self._say("subscribe", subject)

    def subscribe(self, subject: Subject) -> None:
        """Read about this, too; or once more, from where it was left."""
        if subject not in self.subjects:
            self.subjects.append(subject)
        elif subject not in self.places:
            return  # Where it began is not known yet, so it would begin anew.
        self._say("subscribe", subject)

    def unsubscribe(self, subject: Subject) -> None:
        """Read about this no more."""
        if subject in self._active:
            self.subjects = [one for one in self.subjects if one != subject]
            self._say("unsubscribe", subject)

    def command(self, name: str, execution_id: str) -> None:
        """Say what is to be done."""
        self.tell({"type": name, "execution_id": execution_id, "id": name})

    def tell(self, message: Json) -> None:
        """Send a message."""
        assert self.outlet is not None
        self.outlet.handle(json.dumps(message))

    def hear(self, steps: list[Step], cut: int | None = None) -> None:
        """Read what was sent, or only some messages of it, and then the connection is lost."""
        messages = [json.loads(step.item) for step in steps if step.item]
        if cut is not None:
            messages = messages[: cut % (len(messages) + 1)]
        for number, message in enumerate(messages):
            if message["type"] == RESET:
                assert number == len(messages) - 1
                self.forget()
                self.places.clear()
            else:
                self.read(message)
        if cut is not None or (steps and steps[-1].then):
            self.leave()

    def read(self, message: Json) -> None:
        """Read a message."""
        if message["type"] == "ack":
            self._read_ack(message)
        elif message["type"] != "error":
            self._read_event(message)

    def leave(self) -> None:
        """Lose the connection."""
        if self.outlet is not None:
            self.outlet.stream.close()
            self.outlet = None

    def forget(self) -> None:
        """Begin anew: what it was told is no more."""
        self.told.clear()

    def check(self, log: list[Json], *, is_all: bool) -> None:
        """Of each subject it was told everything since its start, once and in order; or, so far, the beginning."""
        for subject, told in self.told.items():
            wanted = subject.events(log, self._starts[subject])
            complete = is_all and subject in self._active
            assert told == (wanted if complete else wanted[: len(told)])

    def _say(self, word: str, subject: Subject) -> None:
        after = {"after": self.places.get(subject, self._after)} if word == "subscribe" else {}
        self.tell({"type": word, **subject.as_message(), **after})

    def _read_ack(self, message: Json) -> None:
        if message["to"] == "subscribe":
            subject = Subject.of_message(message)
            if subject not in self.told:
                self.told[subject], self._starts[subject] = [], message["after"]
                self.places[subject] = message["after"]
            assert message["after"] <= self.places[subject]
            self._active.add(subject)
            # From its place on, everything is told; what others told of it before is told again, and only that.
            self._highest = 0
        elif message["to"] == "unsubscribe":
            self._active.discard(Subject.of_message(message))
        elif self._is_behind_all and (subject := Subject("execution_id", message["execution_id"])) in self._active:
            assert self.places[subject] >= message["last_seq"]

    def _read_event(self, event: Json) -> None:
        assert event["cursor"] > self._highest
        self._highest = event["cursor"]
        about = [subject for subject in self._active if subject.tells_of(event)]
        assert about
        for subject in about:
            if (place := subject.place_of(event)) > self.places[subject]:
                self.told[subject].append(event)
                self.places[subject] = place


Reader = Listener | Caller


class Context:
    """The request with which a WebSocket begins."""

    def __init__(self) -> None:
        self._app: Flask = create_app(Settings(pace="stopped", scenario="empty"))
        with self._app.test_request_context("/api/ws") as context:
            self._environ = context.request.environ

    def of_socket(self) -> Any:
        """To be entered while a conversation is made."""
        return self._app.request_context(dict(self._environ))


CONTEXT = Context()
