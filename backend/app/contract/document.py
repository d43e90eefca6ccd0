"""The contract as an OpenAPI 3.1 document, generated from the table of routes and all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..models.statuses import machine
from ..version import VERSION
from ..web.operation import Content, Operation
from ..web.restful import Route, doors_of
from . import words
from .converter import Schemas
from .operations import Examples, describe, tag_of, variables_of
from .problems import answers

Json = Any


def build(
    routes: Sequence[Route],
    schemas: Mapping[str, Content],
    examples: Examples,
    *,
    strict: bool = False,
) -> dict[str, Json]:
    """The whole document.

    :param schemas: what answers and bodies speak of by name, beside the schemas of operations.
    :param examples: what was sent and answered in really run calls.
    :param strict: whether answers have no members but those that are told: so our own are looked at, while readers
        must be ready for more.
    """
    made = Schemas(strict=strict)
    doors = doors_of(routes)
    named = {name: found for name, shape in schemas.items() if "$ref" not in (found := made.schema_of(shape))}
    named |= {door.error_name: door.error for door in doors}
    paths: dict[str, dict[str, Json]] = {}
    for route, method, operation in operations_of(routes):
        told = describe(route, operation, made, examples)
        paths.setdefault(route.path, {})[method] = told
    _link(paths, words.HOLDERS | {name: told for door in doors for name, told in door.holders.items()})
    return {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": "/", "description": "This server, in the sandbox that the request chooses."}],
        "security": [{}],
        "tags": _tags(routes),
        "paths": paths,
        "components": {
            "schemas": dict(sorted((made.components() | named).items())),
            "examples": {code: _example(code, body) for code, body in examples["problems"].items()},
            "parameters": words.COMMON | words.BENDING,
            "headers": {name: _header(name, text) for name, text in words.ANSWER_HEADERS.items()},
            "securitySchemes": words.SECURITY,
        },
    }


def operations_of(routes: Iterable[Route]) -> Iterable[tuple[Route, str, Operation]]:
    """Every operation, with its URL and its method, in the order of the table."""
    return [(route, method, operation) for route in routes for method, operation in route.operations.items()]


def _info() -> dict[str, Json]:
    return {
        "title": words.TITLE,
        "summary": words.SUMMARY,
        "description": f"{words.DESCRIPTION}\n{_statuses()}",
        "version": VERSION,
        "contact": {"name": "Understudy"},
    }


def _tags(routes: Iterable[Route]) -> list[Json]:
    used = {tag_of(route) for route in routes}
    told = words.TAGS | {door.name: f"{door.title}: {door.about}" for door in doors_of(routes)}
    return [{"name": name, "description": text} for name, text in told.items() if name in used]


def _statuses() -> str:
    """The statuses of an execution in words: what each means, what may follow, and what can be said."""
    rows = [
        f"- `{one['status']}`: {one['meaning']} {_following(one['next'])} Commands: {_listed(one['commands'])}."
        for one in machine()["execution"]
    ]
    return "\n".join(["An execution is one of these (`GET /api/meta/statuses` has them as data):\n", *rows])


def _following(statuses: list[str]) -> str:
    return f"Then {_listed(statuses)}." if statuses else "It is final."


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _example(code: str, problem: Json) -> dict[str, Json]:
    return {"summary": answers()[code].title, "value": problem}


def _header(name: str, text: str) -> dict[str, Json]:
    always = {} if name in words.SOMETIMES else {"required": True}
    return {"description": text, **always, "schema": {"type": "string"}}


def _link(paths: dict[str, dict[str, Json]], holders: Mapping[str, Mapping[str, str]]) -> None:
    """Say, where an answer tells what other addresses need, which operations can follow it."""
    for operations in paths.values():
        for operation in operations.values():
            for status in ("200", "201", "202"):
                answer = operation["responses"].get(status, {})
                if links := _links(paths, operation, holders.get(_schema_name(answer), {})):
                    answer["links"] = links


def _schema_name(answer: Mapping[str, Json]) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _links(paths: dict[str, dict[str, Json]], operation: Json, known: Mapping[str, str]) -> dict[str, Json]:
    found = {}
    for path, operations in paths.items():
        needed = variables_of(path)
        if needed and all(name in known for name in needed):
            given = {name: known[name] for name in needed}
            for other in operations.values():
                if other is not operation:
                    found[other["operationId"]] = {"operationId": other["operationId"], "parameters": given}
    return found
