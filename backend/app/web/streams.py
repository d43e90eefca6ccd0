"""Streams over HTTP: server-sent events, as `EventSource` reads them.

``id:`` is the ``seq`` of an event, or its ``cursor`` in the streams of a workflow and of the sandbox. A browser that
lost its connection sends it back as ``Last-Event-ID``, and goes on behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import inf
from typing import Any, Protocol

import orjson
from flask import Response, current_app, request

from ..errors import Conflict, MalformedInput, SetBack
from ..models.broken_stream import REFUSAL, BrokenStream, Step
from ..models.event import Event, as_wire
from ..moments import MICROSECONDS, iso
from ..sandbox import Sandbox
from ..services.events import LATEST
from ..services.streams import END, RESET, NothingLeft, Place, Stream, open_stream
from ..world import real_monotonic
from .addresses import Readdresser, readdresser
from .bending import refuse, sign
from .current import BEHIND_ASGI, current_sandbox, settings
from .identity import current_user
from .negotiation import best_type
from .reply import JSON

EVENT_STREAM = "text/event-stream"

HEARTBEAT = b": still here\n\n"
"""A comment, which no reader is told of."""

RETRY_MS = 1000
"""Real milliseconds after which a browser connects again; it goes out first, so that the head leaves at once."""

AT_ONCE = 50
"""Streams that are looked after while others wait for the sandbox."""

WATCHER = "understudy.watcher"
"""Where an application has what looks at every event that goes out, in its wire form; nobody does without it."""

OPENED = "understudy.stream"
"""Where the environment of a request has the stream that was opened."""

_HEADERS = {
    # What a proxy holds back, compresses or keeps would come too late.
    "Cache-Control": "no-cache, no-transform",
    "X-Accel-Buffering": "no",
}


class Outlet(Protocol):
    """A stream in the form in which it goes out."""

    stream: Stream

    def take(self) -> list[Step]:
        """With the sandbox's lock taken: what to send next."""

    def is_behind(self) -> bool:
        """Whether there may be something to take."""

    def begin(self) -> bytes:
        """What goes out first."""

    def encode(self, item: Any, known: dict[Any, bytes]) -> bytes:
        """An item as it goes out.

        :param known: what was encoded before, so that what many readers get is encoded once.
        """


class EventStream:
    """A stream as server-sent events."""

    def __init__(
        self,
        stream: Stream,
        *,
        unnamed: bool,
        readdress: Readdresser | None,
        heartbeat: float,
        watch: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        """:param unnamed: whether there is no ``event:``, so that ``onmessage`` is told of all.
        :param heartbeat: real seconds between signs of life, where no event loop sends them.
        :param watch: looks at every event that goes out.
        """
        self.stream = stream
        self._watch = watch or _look_away
        self._heartbeat = heartbeat
        self._form = (stream.by, unnamed, readdress)

    def take(self) -> list[Step]:
        """What to send next."""
        try:
            return self.stream.take()
        except Conflict:
            # The log forgot what comes next. Whoever comes again is told so.
            return [Step(None, then="drop")]

    def is_behind(self) -> bool:
        """Whether there may be something to take."""
        return self.stream.is_behind()

    def begin(self) -> bytes:
        """How long to wait before coming again, and from where on.

        Without a place, a reader that is lost before the first event would come again with ``after=latest``.
        """
        return b"retry: %d\nid: %d\n\n" % (RETRY_MS, self.stream.after)

    def encode(self, item: Any, known: dict[Any, bytes]) -> bytes:
        """An event, or the end of the log, as server-sent event."""
        if item == RESET:
            return _write(log_reset(self.stream), "", self._form)
        key = (*identity(item), self._form)
        if key not in known:
            wire = as_wire(item)
            self._watch(wire)
            known[key] = _write(wire, wire[self._form[0]], self._form)
        return known[key]

    def __iter__(self) -> Iterator[bytes]:
        """The stream for a server without an event loop: it holds a thread until it ends."""
        sandbox = self.stream.sandbox
        try:
            yield self.begin()
            steps: list[Step] = []
            while not (steps and steps[-1].then):
                seen = sandbox.changes
                steps = look([self])[0][0]
                yield from (step.item for step in steps if step.item)
                if not (steps or self.is_behind()):
                    sandbox.wait(self._heartbeat, seen, jumps=False)
                    yield HEARTBEAT
        finally:
            self.stream.close()


def watcher() -> Callable[[dict[str, Any]], None]:
    """What looks at every event that this application sends."""
    found: Callable[[dict[str, Any]], None] = current_app.extensions.get(WATCHER, _look_away)
    return found


def _look_away(_event: dict[str, Any]) -> None:
    """Nobody wants to see it."""


def wants_stream() -> bool:
    """Whether the caller would rather have a stream than JSON."""
    return best_type((JSON, EVENT_STREAM)) == EVENT_STREAM


def position(query: dict[str, Any]) -> int | str:
    """Where a reader goes on: behind its ``Last-Event-ID``, else behind ``?after=``.

    :raises MalformedInput: ``bad_last_event_id``.
    """
    told = request.headers.get("Last-Event-ID", "")
    if not told:
        after: int | str = query["after"]
        return after
    if not (told.isascii() and told.isdigit() and len(told) < 20):
        raise MalformedInput(f"Last-Event-ID must be an id of this stream, not {told!r}.", code="bad_last_event_id")
    return int(told)


def stream_from(find_place: Callable[[Sandbox, Any], Place], query: dict[str, Any]) -> Response:
    """The answer that goes on for as long as events come.

    :param find_place: gives the place in the log, of a sandbox and a position.
    """
    after, sandbox = position(query), current_sandbox()
    find = partial(find_place, sandbox, after)
    if request.method == "HEAD":
        return _head(sandbox, find)
    try:
        resumes = "Last-Event-ID" in request.headers or after not in (0, LATEST)
        opened = open_stream(sandbox, find, request.path, resumes=resumes, caller=current_user())
    except NothingLeft:
        return _nothing()

    def carry_on(stream: Stream) -> Response:
        outlet = EventStream(
            stream,
            unnamed=query["unnamed"],
            readdress=readdresser(),
            heartbeat=settings().heartbeat,
            watch=watcher(),
        )
        request.environ[OPENED] = outlet
        return _answer(iter(()) if BEHIND_ASGI in request.environ else outlet)

    return follow(opened, carry_on)


def follow(opened: Stream | BrokenStream, carry_on: Callable[[Stream], Response]) -> Response:
    """The answer to a stream that was opened, or refused by a rule."""
    if isinstance(opened, BrokenStream):
        return refuse(opened.rule_id, opened.refusal or REFUSAL)
    if opened.broken is not None:
        sign(opened.broken.rule_id)
    return carry_on(opened)


def look(outlets: Sequence[Outlet]) -> tuple[list[list[Step]], float]:
    """What each of some streams of one sandbox is to send next, encoded; and the moment when there may be more.

    The moment is one of `real_monotonic`, in seconds; infinite where nothing happens by itself.
    """
    known: dict[Any, bytes] = {}
    found: list[list[Step]] = []
    due = inf
    for start in range(0, len(outlets), AT_ONCE):
        some = outlets[start : start + AT_ONCE]
        taken, soon = _take(some)
        due = min(due, soon)
        found += [_encode(outlet, steps, known) for outlet, steps in zip(some, taken, strict=True)]
    return found, due


def _take(outlets: Sequence[Outlet]) -> tuple[list[list[Step]], float]:
    sandbox = outlets[0].stream.sandbox
    now = real_monotonic() / MICROSECONDS
    try:
        with sandbox.view():
            behind = [outlet.is_behind() for outlet in outlets]
            found = [outlet.take() if is_behind else [] for outlet, is_behind in zip(outlets, behind, strict=True)]
            due_in = sandbox.seconds_until_due()
    except SetBack:
        return [[Step(RESET, then=END)] for _ in outlets], inf
    # What others did in a long log may hide what there is for a stream.
    if any(not steps and outlet.is_behind() for outlet, steps, was in zip(outlets, found, behind, strict=True) if was):
        return found, now
    return found, inf if due_in is None else now + due_in


def _encode(outlet: Outlet, steps: list[Step], known: dict[Any, bytes]) -> list[Step]:
    return [step if step.item is None else step._replace(item=outlet.encode(step.item, known)) for step in steps]


def identity(event: Event) -> tuple[int, int]:
    """What tells an event from all others: after a reset, other events have the same cursors."""
    return id(event.subject if event.execution is None else event.execution), event.cursor


def log_reset(stream: Stream) -> dict[str, Any]:
    """The last that is told of a log that is gone, in the form of an event."""
    nothing = dict.fromkeys(("seq", "cursor", "execution_id", "workflow_id"))
    return {**nothing, "type": RESET, "at": iso(stream.sandbox.now()), "data": {}}


def _write(wire: dict[str, Any], position: Any, form: tuple[str, bool, Readdresser | None]) -> bytes:
    _, unnamed, readdress = form
    data = orjson.dumps(wire)
    if readdress is not None:
        data = readdress(data)
    # An id without a value makes a browser forget the one that it had.
    name = b"" if unnamed else b"event: %b\n" % wire["type"].encode()
    return b"id: %b\n%bdata: %b\n\n" % (str(position).encode(), name, data)


def _head(sandbox: Sandbox, find_place: Callable[[], Place]) -> Response:
    with sandbox.view():
        place = find_place()
    return _nothing() if place.is_over else _answer(iter(()))


def _nothing() -> Response:
    """A browser that is told so does not come again."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response


def _answer(body: Any) -> Response:
    return Response(body, headers=_HEADERS, content_type=f"{EVENT_STREAM}; charset=utf-8")
