"""One graph put beside another: ids that are taken change, and whatever names them follows."""

from __future__ import annotations

from typing import Any

from ..engine.groups import parent_of
from ..models.workflow import free_name

Json = Any
Graph = list[dict[str, Json]]


def moved(nodes: Graph, offset: dict[str, float]) -> Graph:
    """The nodes, those outside of groups moved; children move with their group, since they lie relative to it."""
    across, down = offset.get("x", 0), offset.get("y", 0)
    if not across and not down:
        return nodes
    known = {node.get("id") for node in nodes}
    return [node if parent_of(node) in known else _moved(node, across, down) for node in nodes]


def merge(nodes: Graph, connections: Graph, new_nodes: Graph, new_connections: Graph) -> dict[str, Graph]:
    """Both graphs in one, as ``{nodes, connections}``; the nodes of the second one lie on top.

    An end or a parent that the second graph does not have either gets a name that is free in the first one: it dangles
    on, instead of meeting a stranger.
    """
    names = _new_names(_mentioned(new_nodes, new_connections), {node["id"] for node in nodes})
    taken = {line["id"] for line in connections}
    lines = _new_names([line["id"] for line in new_connections], taken)
    return {
        "nodes": nodes + [_renamed_node(node, names) for node in new_nodes],
        "connections": connections + [_renamed_connection(line, lines, names) for line in new_connections],
    }


def _moved(node: dict[str, Json], across: float, down: float) -> dict[str, Json]:
    position = node.get("position")
    if not isinstance(position, dict):
        return node
    there = {"x": position.get("x", 0) + across, "y": position.get("y", 0) + down}
    return {**node, "position": {**position, **there}}


def _mentioned(nodes: Graph, connections: Graph) -> list[str]:
    """Every node id in a graph, those first that belong to a node."""
    found = [node["id"] for node in nodes]
    found += [parent for node in nodes if (parent := parent_of(node))]
    found += [line[end] for line in connections for end in ("source", "target")]
    return list(dict.fromkeys(found))


def _new_names(wanted: list[str], taken: set[str]) -> dict[str, str]:
    """A name that is free for each that is wanted: itself, where it is."""
    taken = set(taken)
    names = {}
    # Names that can stay are given first, so that a changed one does not push another.
    for name in sorted(wanted, key=lambda name: name in taken):
        names[name] = free_name(name, taken)
        taken.add(names[name])
    return names


def _renamed_node(node: dict[str, Json], names: dict[str, str]) -> dict[str, Json]:
    parents = {field: names[node[field]] for field in ("parentId", "parentNode") if node.get(field) in names}
    return {**node, "id": names[node["id"]], **parents}


def _renamed_connection(line: dict[str, Json], lines: dict[str, str], names: dict[str, str]) -> dict[str, Json]:
    return {**line, "id": lines[line["id"]], "source": names[line["source"]], "target": names[line["target"]]}
