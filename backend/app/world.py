"""Time, chance and ids of one sandbox.

Nothing else in this project reads a clock, draws a random number or makes up an id. Two worlds with the same seed,
asked the same questions, give the same answers, whatever happens in other worlds meanwhile.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from copy import copy
from hashlib import blake2b

from .moments import LAST_MOMENT, MICROSECONDS

FIXED_START = 1_767_258_000 * MICROSECONDS
"""2026-01-01T09:00:00Z: where a clock begins that does not follow real time, so that its times repeat."""

_SHARES = 1 << 56
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def real_now() -> int:
    """The wall clock, in microseconds since 1970."""
    return time.time_ns() // 1000


def real_monotonic() -> int:
    """A real clock that never goes back, in microseconds from an arbitrary point."""
    return time.monotonic_ns() // 1000


def sleep(seconds: float) -> None:
    """Wait in real time."""
    time.sleep(seconds)


class Clock:
    """Virtual time: a straight line over real time.

    ``now = virtual base + rate * (real - real base)``, in whole microseconds. Changing the rate folds the elapsed part
    into the base first, so time never jumps by accident, and it never goes back.
    """

    def __init__(self, start: int, rate: float = 1.0, source: Callable[[], int] = real_monotonic) -> None:
        """:param rate: virtual seconds per real second; 0 is a stopped clock.
        :param source: real time in microseconds; a test passes its own.
        """
        self._source = source
        self._line = (start, source(), rate)
        """Virtual base, real base and rate: one thing, so that who reads beside a change sees it or does not."""

    @property
    def rate(self) -> float:
        """Virtual seconds per real second."""
        return self._line[2]

    def now(self) -> int:
        """The virtual moment in microseconds; time ends where dates do."""
        virtual_base, real_base, rate = self._line
        if not rate:
            return virtual_base
        return min(virtual_base + int(rate * (self._source() - real_base)), LAST_MOMENT)

    def set_rate(self, rate: float) -> None:
        """Let time run at another rate from this moment on.

        :raises ValueError: if the rate is negative.
        """
        if not 0 <= rate < float("inf"):
            raise ValueError("a clock runs forward, at a rate that has an end")
        self._line = (self.now(), self._source(), rate)

    def jump_to(self, moment: int) -> None:
        """Move time forward to a moment; one that has passed is left alone.

        The past is not an error here because two readers may ask for the same jump.
        """
        self._line = (max(min(moment, LAST_MOMENT), self.now()), self._source(), self.rate)

    def real_seconds_until(self, moment: int) -> float:
        """How long to wait, in real seconds, until the moment is reached; infinite on a stopped clock."""
        left = moment - self.now()
        if left <= 0:
            return 0.0
        return left / self.rate / MICROSECONDS if self.rate else float("inf")


class Chance:
    """Luck that depends on the seed and on what it is for, never on who asked first."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        root = blake2b(str(seed).encode(), digest_size=16).digest()
        self._keyed = blake2b(digest_size=16, key=root)

    def within(self, *key: object) -> Chance:
        """The part of this chance whose keys begin so: ``within(a).share(b)`` is ``share(a, b)``, sooner."""
        part = copy(self)
        part._keyed = self._keyed.copy()
        part._keyed.update("\x1f".join(map(str, (*key, ""))).encode("utf-8", "surrogatepass"))
        return part

    def rng(self, *key: object) -> random.Random:
        """A fresh generator for this key."""
        return random.Random(int.from_bytes(self._digest(key), "big"))

    def share(self, *key: object) -> float:
        """One number from [0, 1) for this key: what a fresh generator would be too dear for."""
        return int.from_bytes(self._digest(key)[:7], "big") / _SHARES

    def whole(self, *key: object) -> int:
        """One whole number below 2**53 for this key, so that JavaScript reads it exactly."""
        return int.from_bytes(self._digest(key)[:8], "big") >> 11

    def _digest(self, key: tuple[object, ...]) -> bytes:
        hasher = self._keyed.copy()
        hasher.update("\x1f".join(map(str, key)).encode("utf-8", "surrogatepass"))
        return hasher.digest()


class Ids:
    """A counter per kind; ids look random, sort by age and repeat with the seed."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self.counters: dict[str, int] = {}

    def new(self, prefix: str) -> str:
        """The next id of a kind, such as ``wf_00001h7k2m9q``."""
        return self.numbered(prefix)[0]

    def numbered(self, prefix: str) -> tuple[str, int]:
        """The same, and its number: the first of a kind has 1."""
        number = self.counters.get(prefix, 0) + 1
        self.counters[prefix] = number
        return f"{prefix}_{_base32(number, 5)}{_base32(self._chance.whole('id', prefix, number), 7)}", number


class World:
    """The clock, the chance and the ids of one sandbox."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self.seed = seed
        self.clock = clock
        self.chance = Chance(seed)
        self.ids = Ids(self.chance)


def _base32(number: int, width: int) -> str:
    digits = []
    for _ in range(width):
        number, rest = divmod(number, 32)
        digits.append(_ALPHABET[rest])
    return "".join(reversed(digits))
