"""What a node and a connection must look like to be saved. Everything that is not named here is free."""

from __future__ import annotations

from collections.abc import Mapping

from .checks import Check, boolean, each, either, mapping, number, one_of, or_null, shape, text, whole

_MOST = 2**53 - 1
"""The largest whole number that JavaScript reads exactly."""

_id = text(1, 200)
_handle = or_null(text(0, 200))

_RETRY = {
    "max_attempts": whole(1, 100),
    "delay_ms": number(least=0, most=_MOST),
    "backoff": either(
        number(least=1), one_of("fixed", "exponential"), "Must be a number from 1 on, fixed or exponential."
    ),
}
_MOCK = {
    "duration_ms": number(least=0, most=_MOST),
    "error": either(text(1), shape({"code": text(1), "message": text()}), "Must be a string or {code, message}."),
    "fail_attempts": whole(0, 1_000_000),
    "skip": boolean,
}
_DATA = {
    "config": mapping,
    "disabled": boolean,
    "on_error": one_of("stop", "continue", "error_port"),
    "retry": or_null(shape(_RETRY)),
    "timeout_ms": or_null(number(above=0, most=_MOST)),
    "mock": or_null(shape(_MOCK)),
}
_POINT = {"x": number(), "y": number()}
_VIEWPORT = {**_POINT, "zoom": number(above=0)}

mock = shape(_MOCK)
viewport = shape(_VIEWPORT)
node = shape(
    {
        "id": _id,
        "type": or_null(text(0, 200)),
        "position": shape(_POINT, required=_POINT),
        "data": shape({**_DATA, "config": or_null(mapping)}),
        "parentId": or_null(_id),
    }
)
connection = shape(
    {
        "id": _id,
        "source": _id,
        "target": _id,
        "sourceHandle": _handle,
        "targetHandle": _handle,
        "data": or_null(mapping),
    },
    required=("source", "target"),
)
nodes = each(node)
connections = each(connection)


def _changed(checks: Mapping[str, Check]) -> Check:
    """An object as RFC 7396 changes it: ``null`` takes a member away."""
    return shape({name: or_null(check) for name, check in checks.items()})


node_patch = shape(
    {
        "id": _id,
        "type": or_null(text(0, 200)),
        "position": or_null(shape(_POINT)),
        "data": or_null(_changed({**_DATA, "retry": _changed(_RETRY), "mock": _changed(_MOCK)})),
        "parentId": or_null(_id),
    }
)
