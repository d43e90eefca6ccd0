"""One isolated copy of the whole backend: a world, a store and an engine under one lock.

Whoever reads or changes something does it within a turn. A turn takes the lock, asks the clock once, lets everything
happen that is due at its own time, and wakes whoever waits. There is no thread per execution and no timer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from .config import Settings
from .engine.base import Engine, Submit
from .moments import MICROSECONDS
from .nodes.registry import Registry
from .store.base import Store
from .store.memory import MemoryStore
from .world import FIXED_START, Clock, World, real_monotonic, real_now

RATES = {"real": 1.0, "stopped": 0.0, "instant": 0.0, "auto": 0.0}
"""Virtual seconds per real second of each pace; that of ``fast`` is a setting."""

MakeEngine = Callable[[World, Store, Registry, Submit, Settings], Engine]


class Sandbox:
    """One backend of its own."""

    def __init__(self, name: str, settings: Settings, make_engine: MakeEngine, submit: Submit) -> None:
        self.name = name
        self.settings = settings
        self.limits = settings.limits
        self.pace = settings.pace
        self.world = World(settings.seed, _make_clock(settings))
        self.store: Store = MemoryStore(settings.limits.max_events)
        self.registry = Registry()
        self.engine = make_engine(self.world, self.store, self.registry, submit, settings)
        self.replies: OrderedDict[tuple[str, ...], Any] = OrderedDict()
        """Answers kept for an ``Idempotency-Key``."""
        self.changes = 0
        """Counts the turns."""
        self._changed = threading.Condition(threading.RLock())

    @contextmanager
    def turn(self) -> Iterator[int]:
        """Change something: everything due has happened, and nobody else is at it. Gives the moment, in microseconds.

        It waits for work that a due fact still needs, with the lock open.
        """
        with self._changed:
            now = self._catch_up()
            try:
                yield now
            finally:
                self._settle()
                self.changes += 1
                self._changed.notify_all()

    @contextmanager
    def view(self) -> Iterator[int]:
        """Read something: like a turn, but work that is still going on is not waited for."""
        with self._changed:
            now = self.now()
            self.engine.advance(now)
            yield now

    def now(self) -> int:
        """The moment, in whole milliseconds told in microseconds: finer than that nobody can see."""
        return self.world.clock.now() // 1000 * 1000

    def wait(self, seconds: float, seen: int) -> float:
        """Sleep until something changes, the next fact is due, or the real seconds are over.

        At pace auto nobody sleeps for a fact: time jumps to it. Gives the real seconds that went by.

        :param seen: `changes` as it was when the caller looked: what came in between ends the wait at once.
        """
        start = real_monotonic()
        with self._changed:
            if self.changes != seen:
                return 0.0
            due = self.engine.next_due()
            if due is not None and self.pace == "auto" and due > self.now():
                self.world.clock.jump_to(due)
                return 0.0
            if due is not None:
                # A fact that is overdue waits for work; it is looked for again soon.
                seconds = min(seconds, max(self.world.clock.real_seconds_until(due), 0.005))
            self._changed.wait(seconds)
        return (real_monotonic() - start) / MICROSECONDS

    def _catch_up(self) -> int:
        """Let everything due happen, and give the moment until which it has: nothing earlier is left to happen."""
        now = self.now()
        while (work := self.engine.advance(now)) is not None:
            self._changed.release()
            try:
                work.result()
            finally:
                self._changed.acquire()
            now = self.now()
        return now

    def _settle(self) -> None:
        """At pace instant, let everything happen before the answer leaves."""
        while self.pace == "instant" and (due := self.engine.next_due()) is not None:
            self.world.clock.jump_to(due)
            self._catch_up()


class Sandboxes:
    """The sandboxes of a server, each made on first use."""

    def __init__(
        self, settings: Settings, make_engine: MakeEngine, fill: Callable[[Sandbox, str], None] | None = None
    ) -> None:
        """:param fill: puts a scenario into a new sandbox."""
        self._settings = settings
        self._make_engine = make_engine
        self._fill = fill
        self._lock = threading.Lock()
        self._sandboxes: dict[str, Sandbox] = {}
        self._pool: ThreadPoolExecutor | None = None

    def get(self, name: str = "default") -> Sandbox:
        """The sandbox of this name."""
        sandbox = self._sandboxes.get(name)
        if sandbox is None:
            with self._lock:
                sandbox = self._sandboxes.get(name) or self._make(name)
        return sandbox

    def prepare(self, name: str = "default") -> None:
        """Make the sandbox of this name beside everything else."""
        self._submit(lambda: self.get(name))

    def _make(self, name: str) -> Sandbox:
        sandbox = Sandbox(name, self._settings, self._make_engine, self._submit)
        if self._fill:
            self._fill(sandbox, self._settings.scenario)
        self._sandboxes[name] = sandbox
        return sandbox

    def _submit(self, work: Callable[[], Any]) -> Future[Any]:
        """Have something long done by one of a few threads that all sandboxes share."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="work")
        return self._pool.submit(work)


def _make_clock(settings: Settings) -> Clock:
    """A clock that follows real time starts from it; one that does not starts where its times repeat."""
    rate = settings.rate if settings.pace == "fast" else RATES[settings.pace]
    return Clock(real_now() if rate else FIXED_START, rate)
