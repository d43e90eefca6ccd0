"""How many requests somebody may make in a while, counted on the clock of a sandbox.

The library counts and decides; here it is given a place for its counts that knows no real time.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from limits import RateLimitItem
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from ..moments import LAST_MOMENT, MICROSECONDS
from ..sandbox import Sandbox

Windows = dict[str, tuple[int, int]]
"""By limit and by who it is for: how many requests there were, and the moment at which they are forgotten."""


class Verdict(NamedTuple):
    """What there is to tell about a request that was counted: of several limits, about the narrowest."""

    is_allowed: bool
    limit: RateLimitItem
    remaining: int
    resets_at: int
    """In whole seconds since 1970."""
    seconds: int
    """Until then; at least 1, if the request is refused."""


def count(sandbox: Sandbox, limits: Sequence[RateLimitItem], *who: str) -> Verdict:
    """Count a request; one that is refused is not counted, so it delays nothing.

    :param who: the kind of what they are known by, and that.
    """
    with sandbox.view() as now:
        limiter = FixedWindowRateLimiter(_Storage(sandbox.windows, now, sandbox.limits.max_windows))
        is_allowed = all(limiter.test(limit, *who) for limit in limits)
        if is_allowed:
            for limit in limits:
                limiter.hit(limit, *who)
            # Nobody waits for that, but whoever keeps the sandbox in a file has something to write.
            sandbox.note_change()
        told = [(limiter.get_window_stats(limit, *who), limit) for limit in limits]
    (reset, remaining), limit = min(told, key=lambda one: (one[0].remaining, -one[0].reset_time))
    return Verdict(is_allowed, limit, remaining, ceil(reset), ceil(reset - now / MICROSECONDS))


class _Storage(Storage):
    """The counts of a sandbox at one moment, as the library wants to be given them."""

    def __init__(self, windows: Windows, now: int, most: int) -> None:
        """:param most: windows that are kept."""
        super().__init__()
        self._windows = windows
        self._now = now
        self._most = most

    @property
    def base_exceptions(self) -> type[Exception]:
        """What can go wrong with a dictionary: nothing that the library could mend."""
        return KeyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and let a window begin if there is none; ``expiry`` is in seconds."""
        counted, ends_at = self._windows.get(key, (0, 0))
        if ends_at <= self._now:
            self._make_room()
            counted, ends_at = 0, min(self._now + expiry * MICROSECONDS, LAST_MOMENT)
        self._windows[key] = (counted + amount, ends_at)
        return counted + amount

    def get(self, key: str) -> int:
        """How many were counted in the window."""
        counted, ends_at = self._windows.get(key, (0, 0))
        return counted if ends_at > self._now else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds since 1970; now, if there is none."""
        return max(self._windows.get(key, (0, 0))[1], self._now) / MICROSECONDS

    def check(self) -> bool:
        """Whether the counts are there."""
        return True

    def reset(self) -> int:
        """Forget every count, and say how many there were."""
        count = len(self._windows)
        self._windows.clear()
        return count

    def clear(self, key: str) -> None:
        """Forget one count."""
        self._windows.pop(key, None)

    def _make_room(self) -> None:
        """Forget what has ended; of what has not, what began first, if else there were too many."""
        for key in [key for key, (_, ends_at) in self._windows.items() if ends_at <= self._now]:
            del self._windows[key]
        while len(self._windows) >= self._most:
            del self._windows[next(iter(self._windows))]
