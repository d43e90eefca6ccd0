"""How much a value is: what keeps data from growing without end on its way from node to node.

A value that is made of others refers to them and costs next to nothing, until it is written: forty nodes that each put
their input into their output twice come to a million million copies. So values are weighed where they are made. What is
heavy is weighed once; whoever refers to it again adds what is known.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import NodeFailure
from .base import Json

MOST_NESTED = 200
"""Lists and objects within each other, as in a body; the writer of answers takes 254, and wraps what it is given."""

PART = 8
"""What a value weighs beside its characters, in bytes."""

_HEAVY = 4_000
_PLAIN = frozenset({int, float, bool, type(None)})


class Scale:
    """Weighs the values of one execution, or of one evaluation."""

    __slots__ = ("_known", "most")

    def __init__(self, most: int) -> None:
        """:param most: bytes above which nobody wants to know it exactly."""
        self.most = most
        self._known: dict[int, tuple[int, int, Json]] = {}

    def weigh(self, value: Json) -> int:
        """About the bytes that a value is as JSON; anything above `most` if it is more than that.

        :raises NodeFailure: ``too_deep``, if it could not be written.
        """
        kind = type(value)
        if kind is str:
            return len(value) + PART
        if kind in _PLAIN:
            return PART
        if (found := self._known.get(id(value))) is not None:
            return found[0]
        weight, height = self._walk(value)
        if height > MOST_NESTED:
            raise NodeFailure("too_deep", f"The data are nested deeper than {MOST_NESTED} lists and objects.")
        if _HEAVY < weight <= self.most:
            # It is kept beside its weight: an id says something only as long as the value lives.
            self._known[id(value)] = (weight, height, value)
        return weight

    def _walk(self, value: Json) -> tuple[int, int]:
        """Level by level, so that neither depth nor repetition costs more than the limit allows."""
        weight = depth = height = 0
        level = [value]
        while level and weight <= self.most and depth <= MOST_NESTED:
            depth += 1
            below: list[Json] = []
            for part in level:
                if found := self._known.get(id(part)):
                    weight += found[0]
                    height = max(height, depth - 1 + found[1])
                elif isinstance(part, dict | list):
                    weight += _weigh_members(part, below)
                if weight > self.most:
                    break
            level = below
        return weight, max(height, depth)


def _weigh_members(part: dict[str, Json] | list[Json], below: list[Json]) -> int:
    """What an object or a list weighs without the objects and lists in it, which are put to those below."""
    members: Iterable[Json] = part
    weight = PART * (len(part) + 1)
    if isinstance(part, dict):
        weight += sum(map(len, part))
        members = part.values()
    for inner in members:
        kind = type(inner)
        if kind is str:
            weight += len(inner)
        elif kind not in _PLAIN:
            below.append(inner)
    return weight
