"""How long the expressions of a node may take, all together."""

from __future__ import annotations

from ..world import real_monotonic

MAX_STEPS = 200_000
"""Steps of an evaluation: what ends an endless loop at the same place on every machine."""
MAX_TIME_US = 1_000_000
MAX_WEIGHT = 8_000_000
"""Bytes, about, of a value that comes up on the way."""

HASTY_STEPS = 2_000
HASTY_WEIGHT = 50_000
HASTY_TEXT = 2_000


class NeedsTimeError(Exception):
    """An expression takes longer than one that others have to wait for may take."""


class Budget:
    """What is left of the steps and the time of a node; its expressions draw from it one after another.

    A hasty one ends where others would have to wait: the node is then run again, where nobody waits, with a patient
    one. It counts steps and sizes and never looks at a clock, so that a node takes the same way on every machine.
    """

    __slots__ = ("hasty", "left", "steps", "until", "weight")

    def __init__(self, steps: int = MAX_STEPS, *, hasty: bool = False) -> None:
        self.hasty = hasty
        self.steps = self.left = HASTY_STEPS if hasty else steps
        self.weight = HASTY_WEIGHT if hasty else MAX_WEIGHT
        self.until = 0 if hasty else real_monotonic() + MAX_TIME_US

    @property
    def spent(self) -> int:
        """The steps that were taken."""
        return self.steps - max(self.left, 0)

    @property
    def is_over(self) -> bool:
        """Whether the steps, or the time, are used up."""
        if self.left < 0:
            return True
        return not self.hasty and not self.left % 128 and real_monotonic() > self.until
