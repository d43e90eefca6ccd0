"""What a node and a connection must look like to be saved. Everything that is not named here is free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..models.workflow import MOST_ID
from .checks import (
    Check,
    anything,
    boolean,
    each,
    either,
    mapping,
    number,
    one_of,
    or_null,
    refer,
    shape,
    text,
    whole,
)

_MOST = 2**53 - 1
"""The largest whole number that JavaScript reads exactly."""

_id = text(1, MOST_ID)
_handle = or_null(text(0, 200))


def _named(name: str, check: Check) -> Check:
    """The same check, of which the contract speaks by name."""
    return Check(check.find, refer(name))


_RETRY = {
    "max_attempts": whole(1, 100).about("How many attempts there are, the first among them; 1 if nothing is said."),
    "delay_ms": number(least=0, most=_MOST).about("Milliseconds before the second attempt; 0 if nothing is said."),
    "backoff": either(
        number(least=1, most=_MOST), one_of("fixed", "exponential"), "Must be a number from 1 on, fixed or exponential."
    ).about(
        "By what the delay is multiplied after each attempt: a number, `fixed` (1, the usual) or `exponential` (2)."
    ),
}
_ERROR = shape(
    {
        "code": text(1).about("What went wrong, for programs; `mocked` if nothing is said."),
        "message": text().about("What went wrong, for people."),
    }
)
_MOCK = {
    "output": anything.about(
        "What leaves: by port if all its members are named like ports, else by the first. Without it, the input does."
    ),
    "duration_ms": number(least=0, most=_MOST).about(
        "Milliseconds that each attempt takes; without it, as long as the type usually does."
    ),
    "error": either(text(1), _ERROR, "Must be a string or {code, message}.").about(
        "With what it fails: a message, or a code and a message."
    ),
    "fail_attempts": whole(0, 1_000_000).about(
        "How many attempts fail before one works; without it, all do if there is an `error`, else none."
    ),
    "skip": boolean.about("Whether it is skipped."),
}
CONFIG = (
    "The settings of the node, as `config_schema` of its type tells them; one that is missing is as in its `defaults`."
)
_ABOUT_RETRY = "How often the node is tried again if it fails; `null` or nothing: not at all."
_ABOUT_MOCK = "What the node does in the place of its work; `null` or nothing: it works."
_DATA = {
    "label": anything.about("What stands on the node, usually a text; expressions find its output under this name."),
    "config": mapping.about(CONFIG),
    "disabled": boolean.about("Whether the node does nothing but hand its input on."),
    "on_error": one_of("stop", "continue", "error_port").about(
        "What follows if its last attempt fails: the execution fails, too (`stop`, the usual), its input goes on "
        "(`continue`), or the error leaves by the port `error` (`error_port`)."
    ),
    "retry": or_null(_named("Retry", shape(_RETRY))).about(_ABOUT_RETRY),
    "timeout_ms": or_null(number(above=0, most=_MOST)).about(
        "Milliseconds after which an attempt, or the wait for an answer, fails; `null` or nothing: never."
    ),
    "mock": or_null(_named("Mock", shape(_MOCK))).about(_ABOUT_MOCK),
}
_POINT = {
    "x": number().about("Pixels to the right."),
    "y": number().about("Pixels down."),
}
_VIEWPORT = {
    "x": number().about("Pixels by which the canvas is moved to the right."),
    "y": number().about("Pixels by which the canvas is moved down."),
    "zoom": number(above=0).about("How many times as large as it is the canvas is shown."),
}

_data = shape({**_DATA, "config": or_null(mapping).about(CONFIG)})
_NODE_ID = _id.about("How its connections name it: chosen by the client, or by the server if there is none.")
_TYPE = "What kind of node it is; one of a type that nobody knows hands its input on. `null` is as good as nothing."
_POSITION = "Where it is on the canvas; within a group, from the corner of that."
_NODE_DATA = "What it is set to do, and all that the editor keeps about it."
_PARENT = "The id of the group that it is in; `null` or nothing: none."
_OLD_PARENT = "What React Flow 11 calls `parentId`; not looked at beside it."
_node = shape(
    {
        "id": _NODE_ID,
        "type": or_null(text(0, 200)).about(_TYPE),
        "position": shape(_POINT, required=_POINT).about(_POSITION),
        "data": _named("NodeData", _data).about(_NODE_DATA),
        "parentId": or_null(_id).about(_PARENT),
        "parentNode": or_null(text(0, 200)).about(_OLD_PARENT),
    }
)
_CONNECTION_ID = _id.about("By which it is found again: chosen by the client, or by the server if there is none.")
_CONNECTION_DATA = "What the editor keeps about it."
_ENDS = {
    "source": _id.about("The id of the node that it comes from."),
    "target": _id.about("The id of the node that it goes to."),
    "sourceHandle": _handle.about("The id of the port that it leaves by; `null` or nothing: the first."),
    "targetHandle": _handle.about("The id of the port that it arrives at; `null` or nothing: the first."),
    "data": or_null(mapping).about(_CONNECTION_DATA),
}
_connection = shape({"id": _CONNECTION_ID, **_ENDS}, required=("source", "target"))

mock = _named("Mock", shape(_MOCK))
viewport = _named("Viewport", shape(_VIEWPORT))
node = _named("NodeInput", _node)
node_body = Check(node.find, {"anyOf": [refer("KnownNode"), refer("NodeInput")]})
"""A node by itself: the contract says what the configuration of each known type is, and saving does not insist."""
connection = _named("ConnectionInput", _connection)
nodes = each(node)
connections = each(connection)


def _changed(checks: Mapping[str, Check]) -> Check:
    """An object as RFC 7396 changes it: ``null`` takes a member away."""
    return shape({name: or_null(check).about(check.schema["description"]) for name, check in checks.items()})


_retry_patch = _changed(_RETRY).about(_ABOUT_RETRY)
_mock_patch = _changed(_MOCK).about(_ABOUT_MOCK)
node_patch = shape(
    {
        "id": _id.about("Its id, which does not change."),
        "type": or_null(text(0, 200)).about(_TYPE),
        "position": or_null(shape(_POINT)).about(_POSITION),
        "data": or_null(_changed({**_DATA, "retry": _retry_patch, "mock": _mock_patch})).about(_NODE_DATA),
        "parentId": or_null(_id).about(_PARENT),
        "parentNode": or_null(text(0, 200)).about(_OLD_PARENT),
    }
).about("What changes of a node, as RFC 7396 writes it: objects merge, `null` takes a member away, all else replaces.")

_react_flow_node = shape(
    {
        "id": _NODE_ID,
        "type": text(0, 200).about("What kind of node it is."),
        "position": shape(_POINT, required=_POINT).about(_POSITION),
        "data": mapping.about(_NODE_DATA),
        "parentId": _id.about("The id of the group that it is in."),
    },
    required=("id", "position", "data"),
)
_react_flow_edge = shape(
    {"id": _CONNECTION_ID, **_ENDS, "data": mapping.about(_CONNECTION_DATA)}, required=("id", "source", "target")
)
_react_flow_viewport = shape(_VIEWPORT, required=_VIEWPORT)

REACT_FLOW_NODE = _named("ReactFlowNode", _react_flow_node)
REACT_FLOW_EDGE = _named("ReactFlowEdge", _react_flow_edge)
REACT_FLOW_VIEWPORT = _named("ReactFlowViewport", _react_flow_viewport)
KEPT_NODE = Check(node.find, refer("Node"))
KEPT_CONNECTION = Check(connection.find, refer("Connection"))

DATA = _data.schema
"""What every node may have in its data."""

SCHEMAS: dict[str, Mapping[str, Any]] = {
    "Retry": shape(_RETRY).about("How often, and after which delays, a node is tried again.").schema,
    "Mock": shape(_MOCK).about("What a node is pinned to do; it is marked as `mocked` wherever it shows.").schema,
    "NodeData": _data.about("What a node is set to do; members that are not named here are the editor's own.").schema,
    "NodeInput": _node.about("A node as React Flow writes it; members that are not named here are kept, too.").schema,
    "Node": {**_node.about("A node as it was saved: as it was sent, and with an id.").schema, "required": ["id"]},
    "ConnectionInput": _connection.about(
        "A connection as React Flow writes an edge; other members are kept, too."
    ).schema,
    "Connection": {
        **_connection.about("A connection as it was saved: as it was sent, and with an id.").schema,
        "required": ["id", "source", "target"],
    },
    "Viewport": shape(_VIEWPORT).about("Which part of the canvas is looked at.").schema,
    "ReactFlowNode": _react_flow_node.about("A node with all that React Flow needs to draw it.").schema,
    "ReactFlowEdge": _react_flow_edge.about("An edge with all that React Flow needs to draw it.").schema,
    "ReactFlowViewport": _react_flow_viewport.about("A viewport with all that React Flow needs.").schema,
}
"""What the contract speaks of by name."""
