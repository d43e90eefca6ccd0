"""Request bodies: read as JSON, passed through a schema, refused with a pointer to each culprit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
from flask import request
from marshmallow import Schema, ValidationError

from ..errors import InvalidInput, MalformedInput, TooLarge, UnsupportedMedia
from ..nodes.schemas import pointer
from .current import limits
from .operation import Body
from .restful import current_operation

Json = Any

MOST_ERRORS = 100
"""Culprits that one answer names; who has more begins with these."""

MOST_NESTED = 200
"""Arrays and objects within each other; the writer of our answers takes 254, and wraps what it is given."""

_BOM = b"\xef\xbb\xbf"


def read_body() -> Json:
    """The JSON body as the schema of this operation gives it.

    :raises InvalidInput: with one entry for each culprit.
    """
    schema = _declared().schema
    assert isinstance(schema, Schema), "The operation has no schema to read its body with."
    return load(schema, read_json())


def read_json() -> Json:
    """The JSON body as it was sent; ``{}`` if there is none, and need not be.

    :raises MalformedInput: if it is no JSON.
    :raises UnsupportedMedia: if it says that it is something else.
    """
    raw = _read(limits().max_body_bytes)
    if not raw and not _declared().required:
        return {}
    _check_type()
    if not raw:
        raise MalformedInput("The body is empty; a JSON document was expected.", code="malformed_json")
    return parse(raw)


def read_raw(most: int) -> bytes:
    """The JSON body as its bytes, which are not looked into.

    :param most: bytes that are taken.
    :raises UnsupportedMedia: if it says that it is no JSON.
    """
    raw = _read(most)
    _check_type()
    return raw


def read_bytes() -> bytes:
    """The body as its bytes, whatever it says that it is."""
    return _read(limits().max_body_bytes)


def parse(raw: bytes) -> Json:
    """JSON from bytes; one that is nested too deep to be written again is refused like one that is broken.

    :raises MalformedInput: with the line and the column where reading ended.
    """
    try:
        document = orjson.loads(raw.removeprefix(_BOM))
    except orjson.JSONDecodeError as error:
        raise MalformedInput(
            f"The body is not JSON: {error.msg} (line {error.lineno}, column {error.colno}).",
            code="malformed_json",
            line=error.lineno,
            column=error.colno,
        ) from None
    _check_depth(raw, document)
    return document


def load(schema: Schema, document: Json) -> Json:
    """A document as a schema gives it.

    :raises InvalidInput: with one entry for each culprit.
    """
    try:
        return schema.load(document)
    except ValidationError as error:
        culprits = list(culprits_of(_in_order(error.messages, document), document))
    raise InvalidInput(_summary(culprits), culprits[:MOST_ERRORS])


def culprits_of(messages: Any, document: Json) -> Iterator[dict[str, Any]]:
    """The messages of a schema as a flat list of ``{pointer, message, node_id?, connection_id?}``."""
    for path, message in _flatten(messages, ()):
        entry = {"pointer": pointer([str(step) for step in path]), "message": message}
        yield entry | _owner(path, document)


def _in_order(messages: Any, document: Json) -> Any:
    """Messages in the order of the members that they are about: marshmallow takes unknown ones from a set."""
    if not isinstance(messages, dict):
        return messages
    members = document if isinstance(document, dict) else {}
    ordered = {name: messages[name] for name in members if name in messages} | messages
    return {name: _in_order(held, members.get(name)) for name, held in ordered.items()}


def _flatten(messages: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(messages, dict):
        for key, inner in messages.items():
            yield from _flatten(inner, path if key == "_schema" else (*path, key))
    elif isinstance(messages, list):
        for inner in messages:
            yield from _flatten(inner, path)
    else:
        yield path, str(messages)


def _owner(path: tuple[Any, ...], document: Json) -> dict[str, str]:
    """The id of the node or the connection that a path lies in, so that a canvas can mark it."""
    if len(path) < 2 or path[0] not in ("nodes", "connections", "edges") or not isinstance(path[1], int):
        return {}
    key = "connections" if path[0] == "connections" and "connections" in document else path[0]
    things = document.get(key) or document.get("edges") or []
    thing = things[path[1]] if path[1] < len(things) else None
    name = "node_id" if path[0] == "nodes" else "connection_id"
    return {name: thing["id"]} if isinstance(thing, dict) and isinstance(thing.get("id"), str) else {}


def _summary(culprits: list[dict[str, Any]]) -> str:
    first = culprits[0]
    where = f" at {first['pointer']}" if first["pointer"] else ""
    more = f" And {len(culprits) - 1} more." if len(culprits) > 1 else ""
    return f"The body does not fit{where}: {first['message']}{more}"


def _declared() -> Body:
    body = current_operation().body
    assert body is not None, "The operation says nothing of a body."
    return body


def _read(most: int) -> bytes:
    request.max_content_length = most
    raw = request.get_data()
    # Werkzeug cuts a body that comes in chunks at the limit, and says nothing.
    if request.content_length is None and len(raw) >= most:
        raise TooLarge(f"The body is larger than the {most} bytes that are taken here.")
    return raw


def _check_type() -> None:
    """Refuse a body of another kind; one of which nothing is said is read as JSON."""
    kind = request.mimetype
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    if kind and not is_json:
        raise UnsupportedMedia(f"The body must be sent with Content-Type: application/json, not {kind}.")


def _check_depth(raw: bytes, document: Json) -> None:
    # Counting brackets is quick, and settles it for nearly every body.
    if raw.count(b"[") + raw.count(b"{") <= MOST_NESTED:
        return
    # The writer itself knows best what it can write. It is given what an answer may wrap around a document, too.
    wrapped = document
    for _ in range(254 - MOST_NESTED):
        wrapped = [wrapped]
    try:
        orjson.dumps(wrapped)
    except orjson.JSONEncodeError:
        message = f"The body is nested deeper than {MOST_NESTED} arrays and objects."
        raise MalformedInput(message, code="too_deep") from None
