"""Groups: frames around nodes. They execute nothing; what is connected to one reaches the nodes in it."""

from __future__ import annotations

from ..errors import CannotRun
from .plan import Json, TypeOf

MOST_MEMBERS = 200_000
"""Members of all groups together; a node counts in each group around it."""

MOST_PAIRS = 10_000_000
"""Pairs of a group and a connection, or of two groups, that are looked at."""


def group_members(nodes: list[dict[str, Json]], type_of: TypeOf) -> dict[str, list[str]]:
    """For each group, the ids of the nodes in it that execute, those in inner groups too.

    A node is a group if its type is ``group`` or another node names it as its parent.

    :raises CannotRun: ``too_many_groups``.
    """
    children: dict[str, list[dict[str, Json]]] = {}
    known = {node["id"] for node in nodes}
    for node in nodes:
        parent = parent_of(node)
        if parent in known and parent != node["id"]:
            children.setdefault(str(parent), []).append(node)
    groups = {node["id"] for node in nodes if node.get("type") == "group"} | set(children)
    found: dict[str, list[str]] = {}
    left = MOST_MEMBERS
    for group in sorted(groups):
        found[group], inner = _members(group, children, groups, type_of)
        left -= inner
        if left < 0:
            raise too_many(f"groups with more than {MOST_MEMBERS:,} members in all, and those of inner groups count")
    return found


def too_many(what: str) -> CannotRun:
    """The refusal of a graph whose groups come to more than can be worked out in good time."""
    message = f"The graph has {what}."
    return CannotRun(
        message, [{"code": "too_many_groups", "pointer": "/nodes", "message": message}], code="too_many_groups"
    )


def parent_of(node: dict[str, Json]) -> str | None:
    """The id of the group that a node is in; files of React Flow 11 say ``parentNode``."""
    return node.get("parentId") or node.get("parentNode")


def is_annotation(node: dict[str, Json], type_of: TypeOf) -> bool:
    return type_of(node.get("type")).annotation


def stays_inside(connection: dict[str, Json], groups: dict[str, list[str]]) -> bool:
    """Whether it connects a group with what is in it: nothing can go over it."""
    source, target = connection["source"], connection["target"]
    if source not in groups and target not in groups:
        return False
    one, other = set(groups.get(source, [source])), set(groups.get(target, [target]))
    return one <= other or other <= one


def inner_ends(
    connections: list[dict[str, Json]], groups: dict[str, list[str]]
) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """For each group, the members that feed another member, and those that are fed by one."""
    if len(groups) * (len(groups) + len(connections)) > MOST_PAIRS:
        raise too_many(f"{len(groups)} groups, which are too many beside its {len(connections)} connections")
    feeding: dict[str, set[str]] = {group: set() for group in groups}
    fed: dict[str, set[str]] = {group: set() for group in groups}
    for group, members in groups.items():
        full = (inner for inner in groups if inner != group and groups[inner])
        within = set(members) | {inner for inner in full if set(groups[inner]) <= set(members)}
        for connection in connections:
            if connection["source"] in within and connection["target"] in within:
                feeding[group].update(groups.get(connection["source"], [connection["source"]]))
                fed[group].update(groups.get(connection["target"], [connection["target"]]))
    return feeding, fed


def _members(
    group: str, children: dict[str, list[dict[str, Json]]], groups: set[str], type_of: TypeOf
) -> tuple[list[str], int]:
    """The members, and how many nodes lie in the group, groups and annotations included."""
    members, open_groups, seen = [], [group], {group}
    while open_groups:
        for child in children.get(open_groups.pop(), ()):
            if child["id"] in seen:
                continue
            seen.add(child["id"])
            if child["id"] in groups:
                open_groups.append(child["id"])
            elif not is_annotation(child, type_of):
                members.append(child["id"])
    return members, len(seen)
