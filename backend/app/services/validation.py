"""What is wrong with a graph, told so that a canvas can mark it.

An *error* keeps the graph from running as it is drawn, a *warning* is likely not meant so, an *info* is neither.
Each issue is ``{code, severity, message, pointer, node_id?, connection_id?}``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..engine.groups import group_members, parent_of
from ..engine.planning import dangling, make_plan
from ..errors import CannotRun
from ..models.workflow import ends
from ..nodes import schemas
from ..nodes.base import CONVERTIBLE, NodeType, Port
from ..nodes.registry import Registry

Json = Any
Issue = dict[str, Json]

ERROR, WARNING, INFO = "error", "warning", "info"


def issues(nodes: list[dict[str, Json]], connections: list[dict[str, Json]], registry: Registry) -> list[Issue]:
    """Every issue of a graph whose nodes and connections have ids: of the nodes, the connections, then the whole."""
    graph = Graph(nodes, connections, registry)
    return [*_of_nodes(graph), *_of_connections(graph), *_of_ports(graph), *_of_the_whole(graph)]


class Graph:
    """A graph with what the checks look up again and again."""

    def __init__(self, nodes: list[dict[str, Json]], connections: list[dict[str, Json]], registry: Registry) -> None:
        self.nodes = nodes
        self.connections = connections
        self.registry = registry
        self.by_id = {node["id"]: node for node in nodes}
        self.place = {node["id"]: place for place, node in enumerate(nodes)}
        self.types = {node["id"]: registry.get(node.get("type")) for node in nodes}
        try:
            self.groups = group_members(nodes, registry.get)
        except CannotRun:
            # Executing refuses it, and that is told among the issues.
            self.groups = {}
        self.sound = [line for line in connections if line["source"] in self.by_id and line["target"] in self.by_id]
        self.targets = {line["target"] for line in self.sound}

    def executes(self, node_id: str) -> bool:
        """Whether a node is one that runs: no group, no annotation."""
        return node_id not in self.groups and not self.types[node_id].annotation

    def has_ports(self, node_id: str) -> bool:
        """Whether its type says which ports a node has; those of unknown types and groups are what is connected."""
        return node_id not in self.groups and self.registry.knows(self.types[node_id].type)

    def outputs(self, node_id: str) -> tuple[Port, ...]:
        """The output ports of a node, as it is configured."""
        kind = self.types[node_id]
        return kind.output_ports(kind.defaults | self.config(node_id))

    def config(self, node_id: str) -> dict[str, Json]:
        """The configuration of a node, without its type's defaults."""
        config = _data(self.by_id[node_id]).get("config")
        return config if isinstance(config, dict) else {}

    def around(self, node_id: str) -> Iterator[str]:
        """A node and the groups that it is in, innermost first."""
        seen: set[str] = set()
        here = node_id
        while here in self.by_id and here not in seen:
            yield here
            seen.add(here)
            here = parent_of(self.by_id[here]) or ""


def _of_nodes(graph: Graph) -> Iterator[Issue]:
    for place, node in enumerate(graph.nodes):
        where, kind = f"/nodes/{place}", node.get("type")
        if kind and not graph.registry.knows(kind):
            message = f"Nobody knows the type '{kind}'; a node of it passes its input through."
            yield _on_node("unknown_node_type", WARNING, message, node, f"{where}/type")
        yield from _of_config(graph, node, f"{where}/data/config")
        parent = parent_of(node)
        if parent and parent not in graph.by_id:
            name = "parentId" if node.get("parentId") else "parentNode"
            yield _on_node("missing_parent", ERROR, f"Its group '{parent}' is not there.", node, f"{where}/{name}")
        if not isinstance(node.get("position"), dict):
            yield _on_node("missing_position", INFO, "It has no position on the canvas.", node, f"{where}/position")


def _of_config(graph: Graph, node: dict[str, Json], where: str) -> Iterator[Issue]:
    config = _data(node).get("config")
    if config is not None and not isinstance(config, dict):
        if graph.registry.knows(node.get("type")):
            yield _on_node("config_invalid", ERROR, "The configuration is an object.", node, where)
        return
    kind = graph.types[node["id"]]
    for fault in schemas.check_config(kind, kind.defaults | (config or {})):
        name = fault["pointer"].removeprefix("/")
        message = f"{name}: {fault['message']}" if name else fault["message"]
        yield _on_node("config_invalid", ERROR, message, node, where + fault["pointer"])


def _of_connections(graph: Graph) -> Iterator[Issue]:
    for issue in dangling(graph.nodes, graph.connections):
        yield {**issue, "severity": ERROR}
    first: dict[Any, str] = {}
    for place, line in enumerate(graph.connections):
        where = f"/connections/{place}"
        twin = first.setdefault(ends(line), line["id"])
        if twin != line["id"]:
            message = f"Connection '{twin}' has the same ends."
            yield _on_connection("duplicate_connection", WARNING, message, line, where)
        if line["source"] in graph.by_id and line["target"] in graph.by_id:
            yield from _of_ends(graph, line, where)


def _of_ends(graph: Graph, line: dict[str, Json], where: str) -> Iterator[Issue]:
    source, target = line["source"], line["target"]
    if source == target and graph.types[source].type != "loop":
        yield _on_connection("self_loop", ERROR, f"It leads from '{source}' back to itself.", line, where)
    leaving = _port(graph.outputs(source), line.get("sourceHandle")) if graph.has_ports(source) else None
    arriving = _port(graph.types[target].inputs, line.get("targetHandle")) if graph.has_ports(target) else None
    if graph.has_ports(source) and leaving is None and line.get("sourceHandle") != "error":
        message = _no_port(graph.outputs(source), "output", source, line.get("sourceHandle"))
        yield _on_connection("unknown_port", ERROR, message, line, f"{where}/sourceHandle")
    if graph.has_ports(target) and arriving is None:
        message = _no_port(graph.types[target].inputs, "input", target, line.get("targetHandle"))
        yield _on_connection("unknown_port", ERROR, message, line, f"{where}/targetHandle")
    if leaving and arriving and (severity := _mismatch(leaving.data_type, arriving.data_type)):
        fits = "is converted" if severity == WARNING else "does not fit"
        message = f"What leaves '{source}' is {leaving.data_type}, which {fits}: '{target}' takes {arriving.data_type}."
        yield _on_connection("incompatible_types", severity, message, line, where)


def _of_ports(graph: Graph) -> Iterator[Issue]:
    """Ports that too much is connected to, and those that need something and get nothing."""
    leaving = Counter((line["source"], _port_id(graph, line, "source")) for line in graph.sound)
    arriving = Counter((line["target"], _port_id(graph, line, "target")) for line in graph.sound)
    for place, node in enumerate(graph.nodes):
        key = node["id"]
        if not graph.has_ports(key) or not graph.executes(key):
            continue
        yield from _of_side(node, place, graph.outputs(key), leaving)
        yield from _of_side(node, place, graph.types[key].inputs, arriving)
        fed_by_group = any(group in graph.targets for group in graph.around(key) if group != key)
        for port in graph.types[key].inputs:
            if port.required and not arriving[key, port.id] and not fed_by_group and not _data(node).get("disabled"):
                message = f"Nothing is connected to its input '{port.id}', which it needs."
                yield _on_node("missing_required_input", ERROR, message, node, f"/nodes/{place}")


def _of_side(
    node: dict[str, Json], place: int, ports: tuple[Port, ...], counts: Counter[tuple[str, str | None]]
) -> Iterator[Issue]:
    for port in ports:
        count = counts[node["id"], port.id]
        if port.max_connections is not None and count > port.max_connections:
            message = f"Port '{port.id}' takes {port.max_connections} of the {count} connections that it has."
            yield _on_node("max_connections", ERROR, message, node, f"/nodes/{place}")


def _of_the_whole(graph: Graph) -> Iterator[Issue]:
    yield from _refusal(graph)
    running = [node["id"] for node in graph.nodes if graph.executes(node["id"])]
    if not running:
        return
    starts = [key for key in running if _is_start(graph.types[key])]
    if not starts:
        message = "Nothing starts this workflow but a person: it has no trigger."
        yield {"code": "no_trigger", "severity": WARNING, "message": message, "pointer": "/nodes"}
        return
    starts += [key for key in running if _is_source(graph, key)]
    reached = _reached(graph, starts)
    for key in running:
        if key not in reached:
            message = "No trigger leads to it."
            yield _on_node("unreachable", WARNING, message, graph.by_id[key], f"/nodes/{graph.place[key]}")


def _refusal(graph: Graph) -> list[Issue]:
    """What executing would refuse besides the dangling connections, which were told already."""
    try:
        make_plan(graph.nodes, graph.sound, graph.registry.get)
    except CannotRun as error:
        loops = {line["source"] for line in graph.sound if line["source"] == line["target"]}
        return [
            {**issue, "severity": ERROR}
            for issue in error.errors
            if not (issue.get("node_id") in loops and set(issue.get("path", "-")) == {issue.get("node_id")})
        ]
    return []


def _reached(graph: Graph, starts: list[str]) -> set[str]:
    """All nodes that something flows to; what reaches a group reaches what is in it, and leaves from there."""
    following: dict[str, list[str]] = {}
    for line in graph.sound:
        following.setdefault(line["source"], []).append(line["target"])
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        here = waiting.pop()
        if here in reached:
            continue
        reached.add(here)
        waiting.extend(graph.groups.get(here, ()))
        for around in graph.around(here):
            waiting.extend(following.get(around, ()))
    return reached


def _is_start(kind: NodeType) -> bool:
    """Triggers, and React Flow's own input node, which is where its examples begin."""
    return kind.trigger or kind.type == "input"


def _is_source(graph: Graph, key: str) -> bool:
    """Whether a node begins with data of its own: types without inputs, and the input family (constant, form)."""
    kind = graph.types[key]
    return graph.has_ports(key) and (not kind.inputs or (kind.category == "input" and key not in graph.targets))


def _port(ports: tuple[Port, ...], handle: str | None) -> Port | None:
    """The port that a handle names; none is the first one."""
    if not handle:
        return ports[0] if ports else None
    return next((port for port in ports if port.id == handle), None)


def _port_id(graph: Graph, line: dict[str, Json], end: str) -> str | None:
    ports = graph.outputs(line[end]) if end == "source" else graph.types[line[end]].inputs
    port = _port(ports, line.get(f"{end}Handle"))
    return port.id if port else None


def _no_port(ports: tuple[Port, ...], side: str, node_id: str, handle: str | None) -> str:
    names = ", ".join(port.id for port in ports)
    if not names:
        return f"Node '{node_id}' has no {side}s."
    return f"Node '{node_id}' has no {side} '{handle}'. It has: {names}."


def _mismatch(leaving: str, arriving: str) -> str:
    if leaving == arriving or "any" in (leaving, arriving):
        return ""
    return WARNING if (leaving, arriving) in CONVERTIBLE else ERROR


def _data(node: dict[str, Json]) -> dict[str, Json]:
    data = node.get("data")
    return data if isinstance(data, dict) else {}


def _on_node(code: str, severity: str, message: str, node: dict[str, Json], pointer: str) -> Issue:
    return {"code": code, "severity": severity, "message": message, "pointer": pointer, "node_id": node["id"]}


def _on_connection(code: str, severity: str, message: str, line: dict[str, Json], pointer: str) -> Issue:
    return {"code": code, "severity": severity, "message": message, "pointer": pointer, "connection_id": line["id"]}
