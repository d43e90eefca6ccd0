"""Streams: what one reader gets of a log, from its place on, for as long as it reads.

A stream keeps no events. It keeps its place, and takes what lies behind it when its reader is ready for more: so a slow
reader costs no memory, and one that comes back goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import inf
from typing import Protocol

from ..errors import NotAuthenticated, NotFound, TooManyStreams
from ..models.broken_stream import BrokenStream, Step, Told
from ..models.event import FINAL_EVENTS, Event
from ..models.user import ANYONE, Caller, Viewer
from ..sandbox import Sandbox
from ..world import real_monotonic
from . import events
from .events import Look, Reading
from .sessions import check_caller

MOST = 100
"""Events that a stream takes at once: what is on its way to a thousand readers has to fit into memory."""

RESET = "log.reset"
"""What a reader is told last when its log is gone, in the place of an event."""

END = "end"
"""What happens to a stream after a step that is its last."""

REFUSED = "refused"
"""The same, where its reader may read no more; see `Stream.refusal`."""


class NothingLeft(Exception):
    """All events were read, and there will be no more."""


class Source(Protocol):
    """What the events of a stream come from."""

    by: str
    """What a reader's place is told by: ``seq`` or ``cursor``."""
    after: int
    """The place: that of the last event that was taken, 0 before the first."""
    is_over: bool
    """Whether nothing can come any more."""

    def is_behind(self) -> bool:
        """Whether something has happened that was not taken; may be asked without the sandbox's lock."""

    def take(self) -> list[Told]:
        """The next events."""


class Place:
    """A place in a log: of one execution, of a workflow, or of a sandbox."""

    def __init__(self, look: Look, end: Callable[[], int], after: events.Place, *, by: str) -> None:
        """:param end: gives the place at which the log ends."""
        self.by = by
        self.is_over = False
        self._look = look
        self._end = end
        self.after = end() if after == events.LATEST else int(after)
        reading = look(self.after, 1)
        if self.after > end():
            self.after = 0
        self.is_over = reading.is_over and not reading.events

    def is_behind(self) -> bool:
        """Whether the log goes on."""
        return self._end() != self.after

    def look(self) -> Reading:
        """What comes next, without taking it."""
        try:
            return self._look(self.after, MOST)
        except NotFound:  # It was deleted after its end.
            return Reading([], self.after, is_over=True)

    def take(self) -> list[Told]:
        """The next events."""
        return self.move(self.look())

    def move(self, reading: Reading, until: float = inf) -> list[Told]:
        """Go behind what was looked at, as far as a cursor, and give it."""
        found = [event for event in reading.events if event.cursor <= until]
        if len(found) == len(reading.events):
            self.after = reading.place if self.by == "seq" else int(min(reading.place, until))
            self.is_over = reading.is_over
        elif found:
            self.after = self._position(found[-1])
        return [Told(self._position(event), event, event.type in FINAL_EVENTS) for event in found]

    def _position(self, event: Event) -> int:
        return event.seq if self.by == "seq" else event.cursor


def of_execution(sandbox: Sandbox, execution_id: str, after: events.Place = 0, *, viewer: Viewer = ANYONE) -> Place:
    """A place in the log of an execution; within a view.

    :param after: a ``seq``; one that is ahead of the log begins at the start.
    :raises NotFound: if there is no such execution.
    """
    execution = sandbox.store.executions.get(execution_id)
    look = partial(events.of_execution, sandbox, execution_id, viewer=viewer)
    return Place(look, lambda: len(execution.events), after, by="seq")


def of_workflow(sandbox: Sandbox, workflow_id: str, after: events.Place = 0, *, viewer: Viewer = ANYONE) -> Place:
    """A place among the events of a workflow and its executions; within a view.

    :param after: a ``cursor``; one that is ahead of the log begins at the start.
    :raises NotFound: if there is no such workflow, and nothing to tell a reader who was there before it was deleted.
    :raises Conflict: ``events_forgotten``.
    """
    events.check_workflow(sandbox, workflow_id, after, viewer)
    log = sandbox.store.log
    look = partial(events.of_workflow, sandbox, workflow_id, viewer=viewer)
    return Place(look, lambda: log.cursor, after, by="cursor")


def of_sandbox(sandbox: Sandbox, after: events.Place = 0, *, viewer: Viewer = ANYONE) -> Place:
    """A place among all events of a sandbox that a viewer is told of; within a view.

    :param after: a ``cursor``; one that is ahead of the log begins at the start.
    :raises Conflict: ``events_forgotten``.
    """
    log = sandbox.store.log
    return Place(partial(events.of_sandbox, sandbox, viewer=viewer), lambda: log.cursor, after, by="cursor")


class Subscriptions:
    """Several places in the logs of one sandbox; what they bring comes in one order, and once."""

    by = "cursor"
    after = 0
    is_over = False

    def __init__(self) -> None:
        self._places: dict[str, Place] = {}

    def add(self, name: str, place: Place) -> None:
        """Read from a place on, too; one of the same name is left for it."""
        self._places[name] = place

    def remove(self, name: str) -> None:
        """Read no more from a place."""
        self._places.pop(name, None)

    def is_behind(self) -> bool:
        """Whether something has happened in any of the logs."""
        return any(place.is_behind() for place in list(self._places.values()))

    def take(self) -> list[Told]:
        """The next events, in the order of their cursors."""
        readings = {name: place.look() for name, place in self._places.items()}
        # Nobody goes further than the one who has the most before him: so what two of them bring meets here.
        until = min((_reach(reading) for reading in readings.values()), default=inf)
        moved = (self._move(name, reading, until) for name, reading in readings.items())
        found = {told.item.cursor: told for part in moved for told in part}
        return [found[cursor] for cursor in sorted(found)]

    def _move(self, name: str, reading: Reading, until: float) -> list[Told]:
        place = self._places[name]
        told = place.move(reading, until)
        if place.is_over:
            self.remove(name)
        return told


class Stream:
    """What one reader gets; its sandbox knows of it until it is closed."""

    def __init__(
        self, sandbox: Sandbox, source: Source, broken: BrokenStream | None = None, caller: Caller | None = None
    ) -> None:
        """:param caller: who reads; ``None`` for whoever has not logged in.
        :raises TooManyStreams: if as many are open as there may be.
        """
        if len(sandbox.streams) >= sandbox.limits.max_streams:
            raise TooManyStreams(sandbox.limits.max_streams)
        self.sandbox = sandbox
        self.by = source.by
        self.after = source.after
        """Where it began."""
        self.broken = broken
        """What a rule makes of it."""
        self.is_closed = False
        self.refusal: NotAuthenticated | None = None
        """Why its reader may read no more, once that is so."""
        self._caller = caller
        self._store = sandbox.store
        self._source = source
        self._begun = False
        self._is_cut = False
        sandbox.streams.add(self)

    @property
    def is_set_back(self) -> bool:
        """Whether the log that it reads is gone: the sandbox was reset, restored or ended."""
        return self.sandbox.is_closed or self.sandbox.store is not self._store

    def is_behind(self) -> bool:
        """Whether there may be something to take; may be asked without the sandbox's lock."""
        if self._is_cut:
            return False
        return not self._begun or self.is_set_back or self._source.is_behind() or self._is_refused()

    def take(self) -> list[Step]:
        """With the sandbox's lock taken: what to send next; the last step of all says so."""
        if self._is_cut:
            return []
        if self.is_set_back:
            steps = [Step(RESET, then=END)]
        else:
            steps = [Step(None, then=REFUSED)] if self._is_refused() else self._next()
        self._is_cut = bool(steps and steps[-1].then)
        return steps

    def close(self) -> None:
        """Be done with it."""
        self.is_closed = True
        self.sandbox.streams.discard(self)
        self.sandbox.used_at = real_monotonic()

    def _is_refused(self) -> bool:
        """Whether its reader is not any more who they were when they came."""
        if self._caller is not None:
            try:
                check_caller(self.sandbox, self._caller)
            except NotAuthenticated as error:
                self.refusal = error
        return self.refusal is not None

    def _next(self) -> list[Step]:
        is_first, self._begun = not self._begun, True
        told = self._source.take()
        if self.broken is None:
            steps = [Step(event.item) for event in told]
        else:
            steps = (self.broken.begin() if is_first else []) + self.broken.bend(told)
        if not self._source.is_over:
            return steps
        steps += [] if self.broken is None else self.broken.end()
        return steps if steps and steps[-1].then else [*steps, Step(None, then=END)]


def open_stream(
    sandbox: Sandbox,
    find_source: Callable[[], Source],
    path: str,
    *,
    resumes: bool = False,
    caller: Caller | None = None,
) -> Stream | BrokenStream:
    """A stream, or what a rule makes of it, if it refuses it.

    :param find_source: called with the sandbox's lock taken.
    :param path: that of the request, for the rules that break streams.
    :param resumes: whether the reader had read before.
    :param caller: who reads, for as long as they are who they are now; ``None`` for whoever has not logged in.
    :raises NothingLeft: if nothing can come any more.
    """
    with sandbox.view():
        source = find_source()
        if source.is_over:
            raise NothingLeft
        broken = sandbox.faults.for_stream("GET", path, resumes=resumes) if sandbox.faults.has_stream_rules else None
        if broken is not None:
            # The rule has counted.
            sandbox.note_change()
            if broken.refusal is not None:
                return broken
        return Stream(sandbox, source, broken, caller)


def _reach(reading: Reading) -> float:
    """The cursor as far as a look went."""
    if not reading.is_behind:
        return inf
    return reading.events[-1].cursor if reading.events else reading.place
