"""One isolated copy of the whole backend: a world, a store and an engine under one lock.

Whoever reads or changes something does it within a turn. A turn takes the lock, asks the clock once, lets everything
happen that is due at its own time, and wakes whoever waits. There is no thread per execution and no timer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from typing import Any

from .config import Settings
from .engine.base import Engine, Submit, Work
from .errors import Conflict, NotFound, SetBack, TooManySandboxes
from .models.execution import Execution
from .models.fault import Faults
from .moments import LAST_MOMENT, MICROSECONDS
from .nodes.registry import Registry
from .store.base import Store
from .store.memory import MemoryStore
from .world import FIXED_START, Clock, World, real_monotonic, real_now

DEFAULT = "default"
"""The sandbox of whoever names none."""

RATES = {"real": 1.0, "stopped": 0.0, "instant": 0.0, "auto": 0.0}
"""Virtual seconds per real second of each pace; that of ``fast`` is a setting."""

_SOON = 0.005

MakeEngine = Callable[[World, Store, Registry, Faults, Submit, Settings], Engine]
Fire = Callable[["Sandbox", int], None]
"""Has the schedules that are due at a moment start their workflows, within a turn."""


class Sandbox:
    """One backend of its own."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        make_engine: MakeEngine,
        submit: Submit,
        start: int | None = None,
        fire: Fire | None = None,
    ) -> None:
        """:param start: the moment at which its clock begins; ``None`` for the one that suits the pace.
        :param fire: without it, schedules do nothing.
        """
        self.name = name
        self.limits = settings.limits
        self.created_at = real_now()
        self.used_at = real_monotonic()
        """When somebody last asked for it, by a real clock that never goes back."""
        self.visitors: set[int] = set()
        """The requests that are at work in it: as long as there are any, it is not idle."""
        self.snapshots: dict[str, Any] = {}
        self.requests: deque[Any] = deque(maxlen=settings.limits.max_requests)
        """The latest requests, oldest first."""
        self.settings = settings
        self.start = start
        self.pace = settings.pace
        self.world = World(settings.seed, _make_clock(settings, start))
        self.store: Store = MemoryStore(settings.limits.max_events)
        self.registry = Registry()
        self.faults = Faults(self.world.chance)
        self.engine = make_engine(self.world, self.store, self.registry, self.faults, submit, settings)
        self.replies: OrderedDict[tuple[str, ...], Any] = OrderedDict()
        """Answers kept for an ``Idempotency-Key``."""
        self.windows: dict[str, tuple[int, int]] = {}
        """By rate limit and by who it is for: how many requests there were, and when they are forgotten."""
        self.untold = range(0)
        """Cursors of events that an advance of the clock stopped in front of; the next one tells them first."""
        self.changes = 0
        """Counts the turns."""
        self.streams: set[Any] = set()
        """The open streams of its events: as long as there are any, it is not idle."""
        self.is_closed = False
        self._fire = fire
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._changed = threading.Condition(threading.RLock())

    @contextmanager
    def turn(self) -> Iterator[int]:
        """Change something: everything due has happened, and nobody else is at it. Gives the moment, in microseconds.

        It waits for work that a due fact still needs, with the lock open.

        :raises SetBack: if somebody has reset, restored or ended the sandbox meanwhile.
        """
        with self._changed:
            now = self._begin_turn()
            try:
                yield now
                # What is due at this very moment belongs to the turn, even if work has to be waited for.
                self._finish_until(now)
            finally:
                self._settle()
                self.note_change()

    @contextmanager
    def view(self) -> Iterator[int]:
        """Read something: like a turn, but work that is still going on is not waited for.

        :raises SetBack: if somebody has ended the sandbox.
        """
        with self._changed:
            self._check_open()
            now, cursor = self.now(), self.store.log.cursor
            self._advance(now)
            if self.store.log.cursor != cursor:
                # What was due has happened, and somebody may wait for it.
                self.note_change()
            yield now

    def now(self) -> int:
        """The moment, in whole milliseconds told in microseconds: finer than that nobody can see."""
        return self.world.clock.now() // 1000 * 1000

    def wait(self, seconds: float, seen: int, *, jumps: bool = True) -> float:
        """Sleep until something changes, the next fact is due, or the real seconds are over.

        At pace auto nobody sleeps for a fact: time jumps to it. Gives the real seconds that went by.

        :param seen: `changes` as it was when the caller looked: what came in between ends the wait at once.
        :param jumps: whether time may jump for this caller.
        """
        start = real_monotonic()
        with self._changed:
            if self.changes != seen:
                return 0.0
            due = self._next_worth_waiting()
            if jumps and due is not None and self.pace == "auto" and due > self.now():
                self.world.clock.jump_to(due)
                self.note_change()
                return 0.0
            due_in = self.seconds_until_due()
            self._changed.wait(seconds if due_in is None else min(seconds, due_in))
        return (real_monotonic() - start) / MICROSECONDS

    def next_due(self) -> int | None:
        """The moment of the next fact, also of a schedule; ``None`` where no more comes before time ends."""
        dues = (self.engine.next_due(), self._next_scheduled())
        return _before_the_end(min((due for due in dues if due is not None), default=None))

    def run_to(self, moment: int) -> int:
        """Within a turn: let time go on to a moment, and everything happen that is due until then."""
        self.world.clock.jump_to(moment)
        return self._catch_up()

    def finish_work(self) -> None:
        """Within a turn: wait, with the lock open, for the work that has begun by now."""
        for work in self.engine.under_way():
            self._wait_for(work)

    def begin_at(self, moment: int) -> None:
        """Set the clock, before anybody has seen it; afterwards it goes forward only."""
        self.world.clock = Clock(moment, self.world.clock.rate)

    def become(self, other: Sandbox) -> None:
        """Hold what the other sandbox holds, at once; it is used up by that."""
        with self._changed:
            engine, store = self.engine, self.store
            for name in _CONTENTS:
                setattr(self, name, getattr(other, name))
            self.note_change()
            engine.clear()
            store.clear()

    def close(self) -> None:
        """Let go of everything, and of whoever waits here."""
        with self._changed:
            self.is_closed = True
            self.engine.clear()
            self.store.clear()
            self.note_change()

    def note_change(self) -> None:
        """With the lock taken: count a change, and wake whoever waits for one."""
        self.changes += 1
        self._changed.notify_all()
        for tell in self._listeners:
            tell()

    def listen(self, tell: Callable[[], None]) -> None:
        """Have a function called at every change, with the lock taken; it must be done in no time."""
        with self._changed:
            self._listeners = (*self._listeners, tell)

    def unlisten(self, tell: Callable[[], None]) -> None:
        """Call a function no more."""
        with self._changed:
            self._listeners = tuple(other for other in self._listeners if other != tell)

    def seconds_until_due(self) -> float | None:
        """With the lock taken: the real seconds until something happens by itself; ``None`` if nothing will.

        A fact that is overdue waits for work, and is worth another look soon.
        """
        due = self.next_due()
        seconds = inf if due is None else self.world.clock.real_seconds_until(due)
        return None if seconds == inf else seconds or _SOON

    def _check_open(self) -> None:
        if self.is_closed:
            raise SetBack(self.name)

    def _begin_turn(self) -> int:
        while True:
            self._check_open()
            try:
                return self._catch_up()
            except SetBack:
                continue  # Nothing was begun yet, so the turn is one of the sandbox as it is now.

    def _catch_up(self) -> int:
        """Let everything due happen, and give the moment until which it has: nothing earlier is left to happen."""
        now = self.now()
        while (work := self._advance(now)) is not None:
            self._wait_for(work)
            now = self.now()
        return now

    def _advance(self, now: int) -> Work | None:
        """Let everything happen that is due until now, each at its own time, as `Engine.advance` has it.

        At one moment, what executions do comes before what schedules start.
        """
        while (due := self.store.schedules.next_due) is not None and due <= now and self._fire is not None:
            if (work := self.engine.advance(due)) is not None:
                return work
            self._fire(self, due)
        return self.engine.advance(now)

    def _next_worth_waiting(self) -> int | None:
        """The moment of the next fact that time jumps to for whoever waits: what schedules do has no end."""
        if not len(self.store.schedules):
            return _before_the_end(self.engine.next_due())
        return _before_the_end(self.engine.next_due_of(lambda _, root: root.mode != "schedule"))

    def _next_scheduled(self) -> int | None:
        return None if self._fire is None else self.store.schedules.next_due

    def _finish_until(self, moment: int) -> None:
        while (work := self._advance(moment)) is not None:
            self._wait_for(work)

    def _wait_for(self, work: Work) -> None:
        world = self.world
        self._changed.release()
        try:
            work.result()
        except CancelledError:
            raise SetBack(self.name) from None
        finally:
            self._changed.acquire()
        if self.is_closed or self.world is not world:
            raise SetBack(self.name)

    def _settle(self) -> None:
        """At pace instant, let what runs come to its end, or to a question, before the answer leaves.

        What schedules start meanwhile is not waited for: it might never end.
        """
        last = self.world.ids.counters.get("ex", 0)

        def counts(execution: Execution, root: Execution) -> bool:
            # One that waits for a person does nothing but lose patience.
            return execution.status == "running" and root.number <= last

        while self.pace == "instant" and (due := _before_the_end(self.engine.next_due_of(counts))) is not None:
            self.world.clock.jump_to(due)
            self._catch_up()


class Routine:
    """Does something again and again beside everything else, never twice at once, and a last time at its end."""

    def __init__(self, act: Callable[[], None], pause_seconds: float) -> None:
        self._lock = threading.Lock()
        self._act = act
        self._pause = pause_seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._repeat, name="routine", daemon=True)
        self._thread.start()

    def act(self) -> None:
        """Do it now, too; whoever asks meanwhile waits."""
        with self._lock:
            self._act()

    def stop(self) -> None:
        """Do it a last time."""
        self._stopped.set()
        self._thread.join()
        self.act()

    def _repeat(self) -> None:
        while not self._stopped.wait(self._pause):
            self.act()


@dataclass(slots=True)
class _Place:
    """Where a sandbox is, or is being made."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    sandbox: Sandbox | None = None


class Sandboxes:
    """The sandboxes of a server, each made on first use and forgotten when nobody uses it any more."""

    def __init__(
        self,
        settings: Settings,
        make_engine: MakeEngine,
        fill: Callable[[Sandbox, str], None] | None = None,
        fire: Fire | None = None,
    ) -> None:
        """:param fill: puts a scenario into a new sandbox."""
        self.settings = settings
        """What the server was started with: a sandbox begins so."""
        self.on_change: Callable[[str], None] = lambda _: None
        """Told the name of a sandbox that was made, changed or ended, before whoever asked for that goes on."""
        self._make_engine = make_engine
        self._fill = fill
        self._fire = fire
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}
        self._pool: ThreadPoolExecutor | None = None

    def get(self, name: str = DEFAULT) -> Sandbox:
        """The sandbox of this name; it comes to life if it has not.

        :raises TooManySandboxes: if as many are alive as there may be.
        """
        place = self._places.get(name)
        sandbox = None if place is None else place.sandbox
        if sandbox is None or self._is_idle(sandbox):
            sandbox = self._make_once(name)
        sandbox.used_at = real_monotonic()
        return sandbox

    def find(self, name: str) -> Sandbox | None:
        """The sandbox of this name, if it is alive; looking for it is no use of it."""
        self._forget_idle()
        place = self._places.get(name)
        return place.sandbox if place else None

    def alive(self) -> list[Sandbox]:
        """Every sandbox that is alive, by name."""
        self._forget_idle()
        places = sorted(self._places.items())
        return [place.sandbox for _, place in places if place.sandbox is not None]

    def remove(self, name: str) -> None:
        """Forget a sandbox.

        :raises NotFound: if none of this name is alive.
        """
        place = self._places.get(name, _Place())
        with place.lock:
            if place.sandbox is None:
                raise NotFound("sandbox", name)
            self._empty(name, place, place.sandbox)
        self.on_change(name)

    def close(self) -> None:
        """End all sandboxes, and let go of whoever waits in one."""
        for sandbox in self.alive():
            sandbox.close()

    def prepare(self, name: str = DEFAULT) -> None:
        """Make the sandbox of this name beside everything else."""
        self._submit(lambda: self.get(name))

    def fresh(self, name: str, settings: Settings | None = None, start: int | None = None) -> Sandbox:
        """A new sandbox with nothing in it, which nobody can find yet."""
        return Sandbox(name, settings or self.settings, self._make_engine, self._submit, start, self._fire)

    def filled(self, name: str, settings: Settings | None = None, start: int | None = None) -> Sandbox:
        """A new sandbox with what its scenario has, which nobody can find yet."""
        sandbox = self.fresh(name, settings, start)
        try:
            if self._fill:
                self._fill(sandbox, sandbox.settings.scenario)
        except BaseException:
            sandbox.close()
            raise
        return sandbox

    def put(self, name: str, make: Callable[[], Sandbox], *, is_new: bool = False) -> Sandbox:
        """Let a sandbox that is made here be found under its name; one that is there becomes like it.

        :param is_new: whether one that is there is refused.
        :raises TooManySandboxes: before anything is made.
        :raises Conflict: ``sandbox_exists``.
        """
        with self._held(name) as place:
            if is_new and place.sandbox is not None:
                message = f"The sandbox '{name}' is alive. DELETE /_control/sandboxes/{name} ends it."
                raise Conflict(message, code="sandbox_exists")
            made = make()
            if place.sandbox is None:
                place.sandbox = made
            else:
                place.sandbox.become(made)
            sandbox = place.sandbox
            sandbox.used_at = real_monotonic()
        # The place is free again by now: who is told may look for the sandbox.
        self.on_change(name)
        return sandbox

    def _make_once(self, name: str) -> Sandbox:
        # Whoever asks for the same sandbox meanwhile waits for it, and nobody else.
        with self._held(name) as place:
            if place.sandbox is not None:
                return place.sandbox
            sandbox = place.sandbox = self.filled(name)
        self.on_change(name)
        return sandbox

    @contextmanager
    def _held(self, name: str) -> Iterator[_Place]:
        """The place of this name with its lock taken; one that stays empty is given up."""
        while True:
            place = self._place(name)
            with place.lock:
                if self._places.get(name) is not place:
                    continue  # It was given up or forgotten while this thread waited for it.
                try:
                    yield place
                finally:
                    if place.sandbox is None:
                        self._give_up(name, place)
                return

    def _place(self, name: str) -> _Place:
        self._forget_idle()
        with self._lock:
            place = self._places.get(name)
            if place is None:
                if len(self._places) >= self.settings.limits.max_sandboxes:
                    raise TooManySandboxes(self.settings.limits.max_sandboxes)
                place = self._places[name] = _Place()
            return place

    def _give_up(self, name: str, place: _Place) -> None:
        """Take a place away, unless somebody else did."""
        with self._lock:
            if self._places.get(name) is place:
                del self._places[name]

    def _empty(self, name: str, place: _Place, sandbox: Sandbox) -> None:
        """With the lock of the place taken: end its sandbox, and give it up."""
        place.sandbox = None
        self._give_up(name, place)
        sandbox.close()

    def _is_idle(self, sandbox: Sandbox) -> bool:
        idle = 0 if sandbox.visitors or sandbox.streams else real_monotonic() - sandbox.used_at
        return sandbox.name != DEFAULT and idle > sandbox.limits.sandbox_idle_seconds * MICROSECONDS

    def _forget_idle(self) -> None:
        for name, place in list(self._places.items()):
            # Where somebody is at the place, its sandbox is about to be used.
            if place.lock.acquire(blocking=False):
                try:
                    if place.sandbox is not None and self._is_idle(place.sandbox):
                        self._empty(name, place, place.sandbox)
                finally:
                    place.lock.release()

    def _submit(self, work: Callable[[], Any]) -> Future[Any]:
        """Have something long done by one of a few threads that all sandboxes share."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="work")
        return self._pool.submit(work)


_CONTENTS = ("settings", "pace", "world", "store", "registry", "engine", "faults", "replies", "windows", "untold")
"""What a sandbox holds, and another can take over."""


def _before_the_end(moment: int | None) -> int | None:
    """A moment that a clock can reach."""
    return None if moment is None or moment > LAST_MOMENT else moment


def _make_clock(settings: Settings, start: int | None) -> Clock:
    """A clock that follows real time starts from it; one that does not starts where its times repeat."""
    rate = settings.rate if settings.pace == "fast" else RATES[settings.pace]
    if start is None:
        start = real_now() if rate else FIXED_START
    return Clock(start, rate)
