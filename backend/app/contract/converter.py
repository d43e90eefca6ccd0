"""Schemas of ours as JSON Schema (2020-12), by apispec; what it does not know says so itself, in ``json_schema``."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields

from ..web.operation import Shape

Json = Any


class Converter(OpenAPIConverter):
    """apispec's converter, for fields and schemas that have a ``json_schema`` or ``rules`` of their own."""

    def field2property(self, field: fields.Field[Any]) -> dict[str, Json]:
        """The JSON Schema of a field."""
        own = getattr(field, "json_schema", None)
        found = super().field2property(field) if own is None else _own_property(field, own)
        return _without_type(found) if "const" in found or type(field) is fields.Raw else found

    def schema2jsonschema(self, schema: Schema) -> dict[str, Json]:
        """The JSON Schema of a schema, with its docstring and with what no field can say alone."""
        found: dict[str, Json] = super().schema2jsonschema(schema)
        rules = deepcopy(dict(getattr(schema, "rules", {})))
        found["properties"] = {**found.get("properties", {}), **rules.pop("properties", {})}
        return {"description": in_markdown(type(schema).__doc__), **found, **rules}


class Shapes:
    """Makes JSON Schema of shapes; schemas are kept under their names in the components of the document."""

    def __init__(self) -> None:
        plugin = MarshmallowPlugin(schema_name_resolver=_name_of)
        plugin.Converter = Converter
        self._spec = APISpec("", "", "3.1.0", plugins=[plugin])
        self._converter: Converter = plugin.converter  # type: ignore[assignment]
        self._converter.add_attribute_function(_exact)

    def schema_of(self, shape: Shape) -> dict[str, Json]:
        """The JSON Schema of a shape, a reference where it has a name."""
        if isinstance(shape, Mapping):
            return deepcopy(dict(shape))
        if isinstance(shape, tuple):
            return {"anyOf": [self.schema_of(one) for one in shape]}
        if hasattr(shape, "json_schema"):
            own = deepcopy(dict(shape.json_schema))
            return {"type": "array", "items": own} if shape.many else own
        found: dict[str, Json] = self._converter.resolve_nested_schema(shape)
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


def in_markdown(text: str | None) -> str:
    """A docstring as Markdown, its lines joined to paragraphs."""
    paragraphs = (text or "").strip().replace("``", "`").split("\n\n")
    return "\n\n".join(" ".join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs)


def _name_of(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.strip("_")


def _own_property(field: fields.Field[Any], own: Mapping[str, Json]) -> dict[str, Json]:
    told = {name: held for name, held in field.metadata.items() if name == "description"}
    found = deepcopy(dict(own))
    return {**(_nullable(found) if field.allow_none else found), **told}


def _nullable(schema: dict[str, Json]) -> dict[str, Json]:
    kind = schema.get("type")
    if isinstance(kind, str):
        words = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, "type": [kind, "null"], **words}
    return schema if isinstance(kind, list) or not schema else {"anyOf": [schema, {"type": "null"}]}


def _exact(_self: Any, field: fields.Field[Any], **_options: Any) -> dict[str, Json]:
    """One value, where apispec would tell of a list of one."""
    equals = [check.comparable for check in field.validators if hasattr(check, "comparable")]
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
