"""Rules about the nodes and connections of one graph that hold wherever they come from."""

from __future__ import annotations

from typing import Any

from ..engine.groups import parent_of
from ..errors import InvalidInput

Json = Any
Node = dict[str, Json]
Connection = dict[str, Json]


def check_shape(nodes: list[Json], connections: list[Json]) -> None:
    """Refuse what could not be drawn or looked up: nodes that are no objects, connections without ends.

    :raises InvalidInput: ``bad_graph``, with one error per culprit.
    """
    culprits = [fault for place, node in enumerate(nodes) for fault in _node_faults(node, f"/nodes/{place}")]
    for place, connection in enumerate(connections):
        culprits += _connection_faults(connection, f"/connections/{place}")
    if culprits:
        raise InvalidInput("The graph does not fit.", culprits[:100], code="bad_graph")


def check_node(node: Node) -> None:
    """Refuse a node that could not be drawn.

    :raises InvalidInput: ``bad_node``, with one error per culprit.
    """
    if culprits := _node_faults(node, ""):
        raise InvalidInput("The node does not fit.", culprits, code="bad_node")


def check_connection(connection: Connection) -> None:
    """Refuse a connection without ends.

    :raises InvalidInput: ``bad_connection``, with one error per culprit.
    """
    if culprits := _connection_faults(connection, ""):
        raise InvalidInput("The connection does not fit.", culprits, code="bad_connection")


def check_ends(connection: Connection, nodes: list[Node]) -> None:
    """Refuse a single connection from or to a node that is not there.

    :raises InvalidInput: ``dangling_connection``, with one error per end.
    """
    known = {node["id"] for node in nodes}
    culprits = [
        {"pointer": f"/{end}", "message": f"There is no node '{connection[end]}'.", "node_id": connection[end]}
        for end in ("source", "target")
        if connection[end] not in known
    ]
    if culprits:
        raise InvalidInput("A connection needs a node at either end.", culprits, code="dangling_connection")


def check_same_id(thing: dict[str, Json], key: str) -> None:
    """Refuse a body that names another id than the one it is sent to.

    :raises InvalidInput: ``id_mismatch``.
    """
    if thing.get("id") not in (None, "", key):
        message = f"The id in the body is '{thing['id']}', the one in the address '{key}'; ids do not change."
        raise InvalidInput(message, [{"pointer": "/id", "message": message}], code="id_mismatch")


def without_nodes(nodes: list[Node], connections: list[Connection], gone: set[str]) -> dict[str, Json]:
    """The graph without these nodes, without what lies inside of them, and without their connections."""
    gone = gone | inside(nodes, gone)
    return {
        "nodes": [node for node in nodes if node["id"] not in gone],
        "connections": [line for line in connections if line["source"] not in gone and line["target"] not in gone],
    }


def inside(nodes: list[Node], groups: set[str]) -> set[str]:
    """The ids of all nodes that lie in these groups, however deep."""
    children: dict[str, list[str]] = {}
    for node in nodes:
        if parent := parent_of(node):
            children.setdefault(parent, []).append(node["id"])
    found: set[str] = set()
    waiting = sorted(groups)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found


def _node_faults(node: Json, place: str) -> list[dict[str, Json]]:
    if not isinstance(node, dict):
        return [_fault(place, "A node is an object.")]
    checks = [
        ("id", _is_name(node.get("id")), "The id is a text."),
        ("type", node.get("type") is None or isinstance(node["type"], str), "The type is a text."),
        ("data", node.get("data") is None or isinstance(node["data"], dict), "The data are an object."),
        ("position", _is_position(node.get("position")), "The position is an object with the numbers x and y."),
        ("parentId", _is_name(node.get("parentId")), "The parent is a text."),
        ("parentNode", _is_name(node.get("parentNode")), "The parent is a text."),
    ]
    faults = [_fault(f"{place}/{name}", message) for name, fits, message in checks if not fits]
    data = node.get("data")
    return faults + (_data_faults(data, f"{place}/data") if isinstance(data, dict) else [])


def _data_faults(data: dict[str, Json], place: str) -> list[dict[str, Json]]:
    """What in a node's data an engine could not go by; all else in it is its author's own."""
    faults = [_fault(f"{place}/{name}", message) for name, fits, message in _DATA_RULES if not fits(data.get(name))]
    for part, rules in (("retry", _RETRY_RULES), ("mock", _MOCK_RULES)):
        held = data.get(part)
        if isinstance(held, dict):
            inner = [(name, message) for name, fits, message in rules if not fits(held.get(name))]
            faults += [_fault(f"{place}/{part}/{name}", message) for name, message in inner]
    return faults


def _connection_faults(connection: Json, place: str) -> list[dict[str, Json]]:
    if not isinstance(connection, dict):
        return [_fault(place, "A connection is an object.")]
    faults = [
        _fault(f"{place}/{end}", f"The {end} is the id of a node.")
        for end in ("source", "target")
        if not isinstance(connection.get(end), str) or not connection[end]
    ]
    faults += [
        _fault(f"{place}/{name}", "This is a text, or null.")
        for name in ("id", "sourceHandle", "targetHandle")
        if not isinstance(connection.get(name), str | None)
    ]
    return faults


def _is_name(value: Json) -> bool:
    return value is None or isinstance(value, str)


def _is_object(value: Json) -> bool:
    return value is None or isinstance(value, dict)


def _is_flag(value: Json) -> bool:
    return value is None or isinstance(value, bool)


def _is_number(value: Json, least: float = 0) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value < _ENDLESS


def _is_duration(value: Json) -> bool:
    return value is None or _is_number(value)


def _is_count(value: Json) -> bool:
    return value is None or (_is_number(value) and value == int(value))


def _is_backoff(value: Json) -> bool:
    return value is None or value in ("fixed", "linear", "exponential") or _is_number(value, 1)


def _is_timeout(value: Json) -> bool:
    return value is None or (_is_number(value) and value > 0)


def _is_reaction(value: Json) -> bool:
    return value in (None, "stop", "continue", "error_port")


def _is_error(value: Json) -> bool:
    return value is None or isinstance(value, str | dict)


_ENDLESS = 2.0**53
"""Numbers from here on are no durations and no counts."""

_DATA_RULES = (
    ("config", _is_object, "The configuration is an object."),
    ("disabled", _is_flag, "This is true or false."),
    ("on_error", _is_reaction, "stop, continue or error_port."),
    ("retry", _is_object, "The retry is an object."),
    ("timeout_ms", _is_timeout, "A number above 0."),
    ("mock", _is_object, "The mock is an object."),
)
_RETRY_RULES = (
    ("max_attempts", _is_count, "A whole number."),
    ("delay_ms", _is_duration, "A number from 0 on."),
    ("backoff", _is_backoff, "A number from 1 on, fixed or exponential."),
)
_MOCK_RULES = (
    ("duration_ms", _is_duration, "A number from 0 on."),
    ("fail_attempts", _is_count, "A whole number."),
    ("error", _is_error, "A text, or an object with code and message."),
    ("skip", _is_flag, "This is true or false."),
)


def _is_position(value: Json) -> bool:
    if value is None:
        return True
    return isinstance(value, dict) and all(
        isinstance(value.get(axis), int | float) and not isinstance(value.get(axis), bool) for axis in ("x", "y")
    )


def _fault(pointer: str, message: str) -> dict[str, Json]:
    return {"pointer": pointer, "message": message}
