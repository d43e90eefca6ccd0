"""Loops: which steps are in the body of a loop node, and which ways lead back into it."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import CannotRun
from .plan import Json, Link, Plan, Step

MOST_LOOKED_AT = 3_000_000
"""Links that are followed to find the bodies of all loops: enough for any that a person can understand."""


class _Ways:
    """The links that leave each step."""

    def __init__(self, plan: Plan) -> None:
        self.out: list[list[Link]] = [[] for _ in plan.steps]
        for link in plan.links:
            self.out[link.source].append(link)
        self._left = MOST_LOOKED_AT

    def take(self, count: int) -> None:
        """Note that so many were followed.

        :raises CannotRun: where loops lead to each other in so many ways that nobody can tell which lies in which.
        """
        self._left -= count
        if self._left < 0:
            message = "The loops lead to each other in too many ways to tell which lies within which."
            culprit = {"code": "cycle", "pointer": "/connections", "message": message}
            raise CannotRun(message, [culprit], code="loops_entangled")


def mark_bodies(plan: Plan) -> None:
    """Find the body of each loop, the outer loops first: within a body, its own loop node leads nowhere.

    :raises CannotRun: ``loops_entangled``.
    """
    following = _Ways(plan)
    every = set(range(len(plan.steps)))
    rooms = [(every, _entries(plan, every, following))]
    while rooms:
        inside, entries = rooms.pop()
        held: set[int] = set()
        for loop in _outer_first(plan, inside, entries, following):
            if loop not in held:
                body = _find_body(loop, inside - {loop}, following)
                _take_body(plan, plan.steps[loop], body)
                rooms.append((body, _targets(loop, following, item=True)))
                held |= body


def find_overlaps(plan: Plan, places: dict[str, int]) -> list[dict[str, Json]]:
    """One issue per loop that shares nodes with another, and neither lies within the other."""
    bodies = {step.index: set(step.body) for step in plan.steps if step.body and step.is_loop}
    found = []
    for one, body in bodies.items():
        for other, others in bodies.items():
            if one < other and not body.isdisjoint(others) and not _nested(one, other, bodies):
                found.append(_overlap_issue(plan.steps[one].id, plan.steps[other].id, places))
    return found


def _outer_first(plan: Plan, inside: set[int], entries: list[int], following: _Ways) -> list[int]:
    """The loops among these steps, each behind those that it may lie in."""
    loops = [index for index in sorted(inside) if plan.steps[index].is_loop]
    reached = {loop: _reach(_targets(loop, following, item=True), inside - {loop}, following) for loop in loops}
    depths = dict.fromkeys(loops, 0)
    for one in loops:
        for other in reached[one] & depths.keys():
            # Where two lead to each other, the outer one is that through which every way to the other leads.
            if one not in reached[other] or other not in _reach(entries, inside - {one}, following):
                depths[other] += 1
    return sorted(loops, key=depths.__getitem__)


def _entries(plan: Plan, inside: set[int], following: _Ways) -> list[int]:
    """Where an execution can begin: steps that nothing feeds; in a ring without such a step, its first loop."""
    fed = {link.target for link in plan.links}
    entries = [step.index for step in plan.steps if step.index not in fed]
    reached = _reach(entries, inside, following)
    for step in plan.steps:
        if step.is_loop and step.index not in reached:
            entries.append(step.index)
            reached |= _reach([step.index], inside, following)
    return entries


def _targets(loop: int, following: _Ways, *, item: bool) -> list[int]:
    """What hangs on the ``item`` port of a loop, or on its other ports."""
    return [link.target for link in following.out[loop] if (link.source_port == "item") == item]


def _find_body(loop: int, inside: set[int], following: _Ways) -> set[int]:
    """What hangs on the ``item`` port of a loop, and not on another one, by ways through these steps."""
    after = _reach(_targets(loop, following, item=False), inside, following)
    return _reach(_targets(loop, following, item=True), inside, following) - after


def _take_body(plan: Plan, loop: Step, body: set[int]) -> None:
    loop.body = sorted(body)
    for link in plan.links:
        if link.target == loop.index:
            itself = link.source == loop.index and link.source_port == "item"
            link.back = link.target_port == "back" or link.source in body or itself


def _reach(starts: Iterable[int], inside: set[int], following: _Ways) -> set[int]:
    reached, open_steps = set(), list(starts)
    while open_steps:
        index = open_steps.pop()
        if index in inside and index not in reached:
            reached.add(index)
            following.take(len(following.out[index]))
            open_steps.extend(link.target for link in following.out[index])
    return reached


def _nested(one: int, other: int, bodies: dict[int, set[int]]) -> bool:
    """Whether one of two loops lies within the other, body and all."""
    if other in bodies[one]:
        return bodies[other] < bodies[one]
    return one in bodies[other] and bodies[one] < bodies[other]


def _overlap_issue(one: str, other: str, places: dict[str, int]) -> dict[str, Json]:
    message = f"The loops '{one}' and '{other}' overlap: one must lie within the other."
    return {"code": "cycle", "pointer": f"/nodes/{places[other]}", "node_id": other, "message": message}
