"""Streams that are broken on purpose: what a rule makes of the events that a stream would send.

Nothing here waits, sends or closes. A broken stream takes the events in their order, in portions as they come, and
gives the steps that whoever holds the connection carries out. How the events are cut into portions makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

Json = Any

CUTS = {"drop_after": "drop", "stall_after": "stall"}
"""Members that name the event after which nothing comes, or 0, and what happens to the connection then."""

REFUSAL = 503
"""The status of a refused reconnect, if the rule names none."""


class Told(NamedTuple):
    """An event that a stream would send."""

    position: int
    """What its ``id:`` says."""
    item: Any
    is_final: bool = False
    """Whether the stream ends with it."""


class Step(NamedTuple):
    """What to do next: wait, then send."""

    item: Any
    """``None``, if there is nothing to send."""
    delay_ms: int = 0
    """To wait before it, in real time."""
    then: str = ""
    """``drop``: break the connection after it; ``stall``: leave it open and send nothing more, not even a heartbeat."""


class BrokenStream:
    """One stream that a rule is about."""

    def __init__(
        self, rule_id: str, members: dict[str, Json], count: Callable[[], bool], refusal: int | None = None
    ) -> None:
        """:param members: what the rule says about streams, checked.
        :param count: counts that something happens, and says whether it may.
        """
        self.rule_id = rule_id
        self.refusal = refusal
        """The status with which it is refused; ``None`` if it is opened."""
        self._members = members
        self._count = count
        self._held: Told | None = None
        self._is_over = False

    def refuse(self) -> int | None:
        """The status with which somebody is refused who comes back within a stream; ``None`` if nobody is.

        It counts for the rule, so the sandbox's lock has to be taken.
        """
        status = refusal_of(self._members)
        return status if status is not None and self._count() else None

    def begin(self) -> list[Step]:
        """What happens before the first event: nothing, or the end of it all."""
        steps = self._cut(0, [Step(None)])
        return steps if self._is_over else []

    def bend(self, events: Iterable[Told]) -> list[Step]:
        """What to do about the next events; nothing more after a step that drops or stalls.

        It counts for the rule, so the sandbox's lock has to be taken.
        """
        return [step for event in events for sent in self._arrange(event) for step in self._send(sent)]

    def end(self) -> list[Step]:
        """What is still held back when nothing more comes: where there is no next event, there is nothing to swap."""
        held, self._held = self._held, None
        return [] if held is None else self._send(held)

    def _arrange(self, event: Told) -> list[Told]:
        """The events whose turn it is, now that this one is there."""
        if self._is_over:
            return []
        held, self._held = self._held, None
        rest = [] if held is None else [held]
        if event.is_final and "omit_final" in self._members and self._count():
            return rest
        if not event.is_final and self._hits("swap", event.position):
            self._held = event
            return []
        return [event, *rest]

    def _send(self, event: Told) -> list[Step]:
        if self._is_over:
            return []
        is_late = self._hits("delay", event.position)
        steps = [Step(event.item, self._members["delay_ms"] if is_late else 0)]
        if self._hits("duplicate", event.position):
            steps.append(Step(event.item))
        return self._cut(event.position, steps)

    def _cut(self, position: int, steps: list[Step]) -> list[Step]:
        """The same steps, the last of which is the end if the rule says so."""
        for member, then in CUTS.items():
            if not self._is_over and self._hits(member, position):
                self._is_over = True
                steps[-1] = steps[-1]._replace(then=then)
        return steps

    def _hits(self, member: str, position: int) -> bool:
        return self._members.get(member) == position and self._count()


def refusal_of(members: dict[str, Json]) -> int | None:
    """The status with which a reconnect is refused; ``None`` if it is not."""
    status: int | bool | None = members.get("refuse_reconnect")
    return REFUSAL if status is True else status


def is_stream(members: Json) -> bool:
    """Whether a rule can say this about streams; how long a delay may be is not looked at."""
    if not isinstance(members, dict) or not members:
        return False
    both = ("delay" in members) == ("delay_ms" in members)
    return both and all(_fits(name, held) for name, held in members.items())


def _fits(name: str, held: Json) -> bool:
    if isinstance(held, bool):
        return held and name in _SWITCHES
    return isinstance(held, int) and held in _RANGES.get(name, ())


_SWITCHES = ("refuse_reconnect", "omit_final")
_RANGES = {
    "drop_after": range(2**53),
    "duplicate": range(1, 2**53),
    "swap": range(1, 2**53),
    "delay": range(1, 2**53),
    "delay_ms": range(1, 2**53),
    "stall_after": range(2**53),
    "refuse_reconnect": range(400, 600),
}
