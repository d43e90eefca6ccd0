"""Schemas of the contract (JSON Schema 2020-12) as Postman's sandbox reads them: it has Ajv 6, which knows draft 07."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = Any

_TEXTS = ("description", "title", "example", "examples", "default", "deprecated", "discriminator", "writeOnly")
_UNKNOWN = ("format", "unevaluatedProperties", "unevaluatedItems")
"""Ajv 6 refuses a format that it does not know, and overlooks the other two."""


def as_draft07(schema: Json) -> Json:
    """The schema without what is only for readers; what it refers to is in ``definitions``."""
    if isinstance(schema, list):
        return [as_draft07(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = dict(_members({name: value for name, value in schema.items() if name not in _TEXTS + _UNKNOWN}))
    if "$ref" in told and len(told) > 1:
        # In draft 07 nothing beside a reference counts.
        return {"allOf": [{"$ref": told.pop("$ref")}, told]}
    return told


def _members(schema: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    dependencies = {**schema.get("dependentRequired", {}), **schema.get("dependentSchemas", {})}
    if dependencies:
        yield "dependencies", {name: as_draft07(value) for name, value in dependencies.items()}
    for name, value in schema.items():
        if name == "$ref":
            yield name, value.replace("#/components/schemas/", "#/definitions/")
        elif name == "prefixItems":
            yield "items", as_draft07(value)
        elif name in ("properties", "patternProperties", "$defs", "definitions"):
            yield name, {key: as_draft07(each) for key, each in value.items()}
        elif name == "items" and "prefixItems" in schema:
            yield "additionalItems", as_draft07(value)
        elif name in ("enum", "const", "required"):
            yield name, value
        elif name not in ("dependentRequired", "dependentSchemas"):
            yield name, as_draft07(value)


def definitions(schemas: Mapping[str, Json], roots: Json) -> dict[str, Json]:
    """The named schemas that any of the roots needs, by name."""
    found: dict[str, Json] = {}
    waiting = sorted(_references(roots))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = as_draft07(schemas[name])
            waiting += sorted(_references(schemas[name]))
    return dict(sorted(found.items()))


def _references(schema: Json) -> set[str]:
    if isinstance(schema, list):
        return set().union(*map(_references, schema))
    if not isinstance(schema, dict):
        return set()
    mine = {schema["$ref"].rpartition("/")[2]} if isinstance(schema.get("$ref"), str) else set()
    return mine.union(*(_references(value) for name, value in schema.items() if name != "discriminator"))
