"""What brings open streams on the event loop their events.

There is one feed per sandbox that has open streams. It looks into the log, in a thread and once for all of them, when
something has changed or is due; a stream that is not ready for more is left out, and asks when it is.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from math import inf
from typing import Any

from ..models.broken_stream import Step
from ..sandbox import Sandbox
from ..services.streams import END
from .streams import Outlet, look

THREADS = 16
"""Sandboxes whose logs are looked into at the same time."""

BEAT = "beat"
"""Said to a stream in which nothing has happened for a while."""

GONE = "gone"
"""Said to a stream whose reader has left."""

_log = logging.getLogger(__name__)


class Feeds:
    """The feeds of all sandboxes."""

    def __init__(self, heartbeat: float) -> None:
        """:param heartbeat: real seconds after which a quiet stream is given a sign of life."""
        self._heartbeat = heartbeat
        self._is_closed = False
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="feed")
        self._feeds: dict[Sandbox, Feed] = {}

    def join(self, outlet: Outlet) -> Feed:
        """The feed for a stream, which has to leave it in the end."""
        sandbox = outlet.stream.sandbox
        feed = self._feeds.get(sandbox)
        if feed is None:
            feed = self._feeds[sandbox] = Feed(sandbox, self._threads, self._heartbeat, self._forget)
        feed.streams += 1
        if self._is_closed:
            feed.end_all()
        return feed

    def close(self) -> None:
        """End all streams."""
        self._is_closed = True
        for feed in list(self._feeds.values()):
            feed.end_all()
        self._threads.shutdown(wait=False)

    def _forget(self, feed: Feed) -> None:
        if self._feeds.get(feed.sandbox) is feed:
            del self._feeds[feed.sandbox]


class Feed:
    """Looks into the log of one sandbox for all of its streams."""

    def __init__(
        self, sandbox: Sandbox, threads: ThreadPoolExecutor, heartbeat: float, on_end: Callable[[Feed], None]
    ) -> None:
        self.sandbox = sandbox
        self.streams = 0
        """How many streams it serves; without any it ends."""
        self._threads = threads
        self._heartbeat = heartbeat
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[Outlet, asyncio.Future[Sequence[Step]]] = {}
        """In the order in which they began to wait."""
        self._since: dict[Outlet, float] = {}
        """When they did, by the clock of the loop."""
        self._asleep: dict[Outlet, asyncio.Future[Sequence[Step]]] = {}
        """Streams whose next event is late on purpose."""
        self._missed: dict[Outlet, Sequence[Step]] = {}
        """What was taken for a stream that was given a sign of life at the same moment."""
        self._gone: set[Outlet] = set()
        self._changed = asyncio.Event()
        self._is_told = False
        self._is_over = False
        self._task = self._loop.create_task(self._run())

    async def next(self, outlet: Outlet) -> Sequence[Step]:
        """What a stream is to send next, as soon as there is something."""
        if outlet in self._gone:
            return _word(GONE)
        if outlet in self._missed:
            return self._missed.pop(outlet)
        if self._is_over:
            return _word(END)
        if outlet.is_behind() or not self._waiting:
            self._changed.set()
        waiting: asyncio.Future[Sequence[Step]]
        waiting = self._waiting[outlet] = self._loop.create_future()
        self._since[outlet] = self._loop.time()
        try:
            return await waiting
        finally:
            del self._waiting[outlet], self._since[outlet]

    async def until_gone(self, outlet: Outlet) -> str:
        """Wait until the reader of a stream leaves, or the server ends; gives which."""
        word = BEAT
        while word not in (GONE, END):
            word = (await self.next(outlet))[-1].then
        return word

    async def sleep(self, outlet: Outlet, seconds: float) -> str:
        """Let real time go by before a stream goes on; gives how it is over by then, if it is: ``gone`` or ``end``."""
        if outlet not in self._gone and not self._is_over:
            asleep = self._asleep[outlet] = self._loop.create_future()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await asleep
            del self._asleep[outlet]
        if outlet in self._gone:
            return GONE
        return END if self._is_over else ""

    def give_up(self, outlet: Outlet) -> None:
        """Let a stream know that its reader has left, now or when it asks again."""
        self._gone.add(outlet)
        for futures in (self._waiting, self._asleep):
            if outlet in futures:
                _say(futures[outlet], GONE)

    def leave(self, outlet: Outlet) -> None:
        """Be done with a stream."""
        outlet.stream.close()
        self._missed.pop(outlet, None)
        self._gone.discard(outlet)
        self.streams -= 1
        if not self.streams:
            self._on_end(self)
            self._is_over = True
            self._changed.set()

    def end_all(self) -> None:
        """End every stream, now or when it asks again."""
        self._is_over = True
        self._changed.set()
        for waiting in (*self._waiting.values(), *self._asleep.values()):
            _say(waiting, END)

    def notice(self) -> None:
        """Look again soon; may be called from any thread."""
        if not self._is_told:
            self._is_told = True
            with suppress(RuntimeError):  # The loop has ended.
                self._loop.call_soon_threadsafe(self._look_again)

    def _look_again(self) -> None:
        self._is_told = False
        self._changed.set()

    async def _run(self) -> None:
        try:
            if not self._is_over:
                await self._in_thread(self.sandbox.listen, self.notice)
            while not self._is_over:
                self._changed.clear()
                due = await self._hand_out()
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(min(due, self._next_beat())):
                        await self._changed.wait()
                self._beat()
        except Exception:
            _log.exception("The streams of the sandbox %s broke off", self.sandbox.name)
            self.end_all()
        finally:
            self._on_end(self)
            with suppress(RuntimeError):  # The server has ended.
                await self._in_thread(self.sandbox.unlisten, self.notice)

    async def _hand_out(self) -> float:
        """Give each stream what there is for it; gives the moment, by the clock of the loop, when there may be more."""
        outlets = list(self._waiting)
        if not outlets:
            return inf
        found: list[list[Step]]
        due: float
        found, due = await self._in_thread(look, outlets)
        for outlet, steps in zip(outlets, found, strict=True):
            if steps:
                self._hand(outlet, steps)
        return due

    def _next_beat(self) -> float:
        """The moment when the stream that has waited for longest is given a sign of life."""
        return next(iter(self._since.values()), inf) + self._heartbeat

    def _beat(self) -> None:
        """Give a sign of life to those that have waited for long enough."""
        latest = self._loop.time() - self._heartbeat
        for outlet, since in self._since.items():
            if since > latest:
                break
            _say(self._waiting[outlet], BEAT)

    def _hand(self, outlet: Outlet, steps: Sequence[Step]) -> None:
        waiting = self._waiting.get(outlet)
        if waiting is not None and not waiting.done():
            waiting.set_result(steps)
        elif not outlet.stream.is_closed:
            self._missed[outlet] = steps

    def _in_thread(self, act: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        return self._loop.run_in_executor(self._threads, act, *arguments)


def _say(waiting: asyncio.Future[Sequence[Step]], word: str) -> None:
    if not waiting.done():
        waiting.set_result(_word(word))


def _word(word: str) -> list[Step]:
    return [Step(None, then=word)]
