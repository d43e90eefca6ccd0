"""What an answer must say besides its status and its schema.

A text with ``*`` at its end means that the answer begins so; ``*`` alone, that there is something at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from operations import Operation

Json = Any

ANY = "*"

BEGINNINGS = {
    "image/webp": "RIFF*",
    "text/html": "<!doctype html>*",
    "application/yaml": "openapi: 3.1*",
}
"""How a body begins that no schema describes."""


def usual_checks(operation: Operation, status: int, body: Json) -> dict[str, Json]:
    """What an answer of success must say, by runtime expression: its headers, how it begins, and what was sent."""
    if not 200 <= status < 300:
        return {}
    headers = (f"$response.header.{name}" for name in operation.headers(status))
    content = (operation.answer(status) or {}).get("content", {})
    beginning = BEGINNINGS.get(next(iter(content), ""))
    return {
        **dict.fromkeys(headers, ANY),
        **({"$response.body": beginning} if beginning else {}),
        **dict(_sent_back(operation, status, body)),
    }


def _sent_back(operation: Operation, status: int, body: Json) -> Iterator[tuple[str, str]]:
    """The texts of the body that the answer has a place for."""
    known = operation.members(status)
    if isinstance(body, Mapping):
        kept = {name: value for name, value in body.items() if name in known and not _names(value, known[name])}
        yield from _texts(kept, "$response.body#")


def _names(value: Json, schema: Mapping[str, Json]) -> bool:
    """Whether a text only names what the answer then describes, such as a user."""
    return isinstance(value, str) and schema.get("type") == "object"


def _texts(value: Json, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts(each, f"{where}/{name}")
    elif isinstance(value, str) and "{{" not in value:
        yield where, value
