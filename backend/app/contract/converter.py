"""Schemas of ours as JSON Schema (2020-12), by apispec; what it does not know says so itself, in ``json_schema``."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields, validate

from ..web.checks import Told, ToldField, nullable
from ..web.operation import Content, in_markdown

Json = Any


class Converter(OpenAPIConverter):
    """apispec's converter, for fields and schemas that have a ``json_schema`` or ``rules`` of their own."""

    is_strict = False
    """Whether answers have no members but those that are told."""

    def field2property(self, field: fields.Field[Any]) -> dict[str, Json]:
        """The JSON Schema of a field."""
        found = _own_property(field) if isinstance(field, ToldField) else super().field2property(field)
        return _without_type(found) if "const" in found or type(field) is fields.Raw else found

    def schema2jsonschema(self, schema: Schema) -> dict[str, Json]:
        """The JSON Schema of a schema, with its docstring and with what no field can say alone."""
        found: dict[str, Json] = super().schema2jsonschema(schema)
        rules = deepcopy(dict(schema.rules)) if isinstance(schema, Told) else {}
        found["properties"] = {**found.get("properties", {}), **rules.pop("properties", {})}
        if not (self.is_strict or found.get("additionalProperties")) and isinstance(schema, Told) and schema.grows:
            del found["additionalProperties"]
        return {"description": in_markdown(type(schema).__doc__), **found, **rules}


class Schemas:
    """Makes JSON Schema of what operations take and give, and keeps what has a name for the components."""

    def __init__(self, *, strict: bool = False) -> None:
        """:param strict: whether answers have no members but those that are told: readers must not count on it."""
        plugin = MarshmallowPlugin(schema_name_resolver=_name_of)
        plugin.Converter = Converter
        self._spec = APISpec("", "", "3.1.0", plugins=[plugin])
        self._converter: Converter = plugin.converter  # type: ignore[assignment]
        self._converter.is_strict = strict
        self._converter.add_attribute_function(_exact)

    def schema_of(self, content: Content) -> dict[str, Json]:
        """The JSON Schema of a body or an answer, a reference where it has a name."""
        if isinstance(content, Mapping):
            return deepcopy(dict(content))
        if isinstance(content, tuple):
            return {"anyOf": [self.schema_of(one) for one in content]}
        if isinstance(content, Told) and content.json_schema is not None:
            own = deepcopy(dict(content.json_schema))
            return {"type": "array", "items": own} if content.many else own
        found: dict[str, Json] = self._converter.resolve_nested_schema(content)
        return found

    def parameters_of(self, query: Schema) -> list[dict[str, Json]]:
        """The query parameters of a schema."""
        return [self._parameter(name, field) for name, field in query.fields.items()]

    def components(self) -> dict[str, Json]:
        """The schemas that were spoken of, by name."""
        found: dict[str, Json] = self._spec.to_dict().get("components", {}).get("schemas", {})
        return found

    def _parameter(self, name: str, field: fields.Field[Any]) -> dict[str, Json]:
        schema = _without_null(self._converter.field2property(field))
        description = schema.pop("description", "")
        listed = {"explode": False} if schema.get("type") == "array" else {}
        return {"name": name, "in": "query", "description": description, "schema": schema, **listed}


def _name_of(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.strip("_")


def _own_property(field: ToldField) -> dict[str, Json]:
    told = {name: held for name, held in field.metadata.items() if name == "description"}
    found = deepcopy(dict(field.json_schema))
    return {**(nullable(found) if field.allow_none else found), **told}


def _exact(_self: Any, field: fields.Field[Any], **_options: Any) -> dict[str, Json]:
    """One value, where apispec would tell of a list of one."""
    equals = [check.comparable for check in field.validators if isinstance(check, validate.Equal)]
    return {"const": equals[0]} if equals else {}


def _without_type(schema: dict[str, Json]) -> dict[str, Json]:
    if "const" in schema:
        return {"type": "string", **{name: held for name, held in schema.items() if name != "enum"}}
    return {name: held for name, held in schema.items() if name != "type"}


def _without_null(schema: dict[str, Json]) -> dict[str, Json]:
    """A parameter that is not sent has no value; apispec tells of ``null``, which no address can say."""
    kinds = schema.get("type")
    if isinstance(kinds, list):
        left = [kind for kind in kinds if kind != "null"]
        schema = {**schema, "type": left[0] if len(left) == 1 else left}
    if isinstance(schema.get("enum"), list):
        schema = {**schema, "enum": [word for word in schema["enum"] if word is not None]}
    return {name: held for name, held in schema.items() if not (name == "default" and held is None)}
