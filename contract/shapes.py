"""Schemas as shapes: each of one type, without references, compositions and enums, so that two can be compared."""

from __future__ import annotations

import json
from functools import reduce
from itertools import product
from typing import Any

Json = Any

ANY_TYPE = ("null", "boolean", "number", "string", "array", "object")
TEXTS = {"title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly", "xml"}
TEXTS |= {"externalDocs", "discriminator", "$comment", "$schema", "$defs", "$ref", "allOf", "anyOf", "oneOf", "enum"}
"""Keywords that forbid no value, or that are seen through."""
AT_LEAST = {"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"}
AT_MOST = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"}
OF_ONE_TYPE = {
    "string": {"minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType", "contentSchema"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
    "array": {"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains"},
    "object": {"properties", "required", "additionalProperties", "patternProperties", "propertyNames"}
    | {"minProperties", "maxProperties", "dependentRequired", "dependentSchemas", "unevaluatedProperties"},
}
"""Keywords that say nothing of values of another type."""


class Document:
    """An OpenAPI document, and the shapes that its schemas allow."""

    def __init__(self, content: Json) -> None:
        self.content = content
        self._named: dict[str, list[Json]] = {}

    def resolve(self, thing: Json) -> Json:
        """What a reference points to, or the thing itself."""
        while "$ref" in thing:
            thing = self._find(thing["$ref"])
        return thing

    def _find(self, reference: str) -> Json:
        found = self.content
        try:
            for name in reference.removeprefix("#/").split("/"):
                found = found[name.replace("~1", "/").replace("~0", "~")]
        except KeyError:
            raise ValueError(f"{reference} leads nowhere in the document.") from None
        return found

    def shapes(self, schema: Json) -> list[Json]:
        """The shapes that the values of a schema may have; `$name` is the named schema that one comes from."""
        if isinstance(schema, bool):
            return own_shapes({}) if schema else []
        choices = [own_shapes(schema)]
        if "$ref" in schema:
            choices.append(self._shapes_named(schema["$ref"]))
        choices += [self.shapes(part) for part in schema.get("allOf", [])]
        unions = [schema[word] for word in ("anyOf", "oneOf") if word in schema]
        choices += [[shape for part in union for shape in self.shapes(part)] for union in unions]
        found = reduce(merge_all, choices)
        return found if len(schema.get("allOf", [])) < 2 else [shape | {"$name": None} for shape in found]

    def _shapes_named(self, reference: str) -> list[Json]:
        if reference not in self._named:
            schema, name = self._find(reference), {"$name": reference.rpartition("/")[2]}
            of_union = isinstance(schema, dict) and ("anyOf" in schema or "oneOf" in schema)
            found = self.shapes(schema)
            self._named[reference] = [name | shape if of_union else shape | name for shape in found]
        return self._named[reference]

    def tags(self, shape: Json) -> dict[str, set[str]]:
        """The required properties that have one of a few values: they tell the members of a union apart."""
        properties = shape.get("properties", {})
        found = {name: self.shapes(properties.get(name, {})) for name in shape.get("required", [])}
        exact = {name: values for name, values in found.items() if values and all("const" in value for value in values)}
        return {name: {json.dumps(value["const"]) for value in values} for name, values in exact.items()}

    def describe(self, shape: Json) -> str:
        """A shape in a few words."""
        if "const" in shape:
            return json.dumps(shape["const"], ensure_ascii=False)
        tags = [f"{name} {min(values)}" for name, values in self.tags(shape).items() if len(values) == 1]
        if tags:
            return f"{shape['type']} with {tags[0]}"
        return "null" if shape["type"] == "null" else f"any {shape['type']}"


def own_shapes(schema: Json) -> list[Json]:
    """The shapes that the keywords beside compositions and references leave."""
    types = schema.get("type", ANY_TYPE)
    types = [types] if isinstance(types, str) else list(types)
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    if values is None:
        return [keep(schema, name) for name in types]
    named = [(value, type_of(value)) for value in values]
    return [{"type": name, "const": value} for value, name in named if any(fits_type(name, other) for other in types)]


def keep(schema: Json, name: str) -> Json:
    """What a schema says of values of this type."""
    kind = "number" if name == "integer" else name
    others = set().union(*(words for other, words in OF_ONE_TYPE.items() if other != kind))
    others |= {"format"} if name in ("null", "boolean", "array", "object") else set()
    said = {word: value for word, value in schema.items() if word not in TEXTS | others and not word.startswith("x-")}
    return said | {"type": name}


def type_of(value: Json) -> str:
    """The JSON Schema type of a value."""
    if isinstance(value, float):
        return "integer" if value.is_integer() else "number"
    names = {type(None): "null", bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}
    return names[type(value)]


def fits_type(one: str, other: str) -> bool:
    """Whether every value of the one type is of the other."""
    return one == other or (one, other) == ("integer", "number")


def merge_all(some: list[Json], others: list[Json]) -> list[Json]:
    """The shapes of values that have one of these shapes and one of those."""
    return [both for one, other in product(some, others) if (both := merge(one, other)) is not None]


def merge(one: Json, other: Json) -> Json | None:
    """The shape of values that have both shapes; None if there are none."""
    if "const" in one or "const" in other:
        exact, rest = (one, other) if "const" in one else (other, one)
        agree = fits_type(exact["type"], rest["type"]) and rest.get("const", exact["const"]) == exact["const"]
        return exact if agree else None
    if not fits_type(one["type"], other["type"]):
        one, other = other, one
    if not fits_type(one["type"], other["type"]):
        return None
    return {word: merge_keyword(word, one, other) for word in one | other}


def merge_keyword(word: str, one: Json, other: Json) -> Json:
    """The stricter of two keywords, or the only one."""
    if word not in one or word not in other or word in ("type", "$name"):
        return one[word] if word in one else other[word]
    if word == "required":
        return sorted({*one[word], *other[word]})
    if word == "properties":
        both = one[word].keys() & other[word].keys()
        return one[word] | other[word] | {name: both_of(one[word][name], other[word][name]) for name in both}
    if word in AT_LEAST | AT_MOST:
        return (max if word in AT_LEAST else min)(one[word], other[word])
    return both_of(one[word], other[word])


def both_of(one: Json, other: Json) -> Json:
    """The schema of what has both schemas; one that holds itself must not grow whenever it is looked into."""
    parts: list[Json] = []
    for schema in (one, other):
        inside = schema["allOf"] if isinstance(schema, dict) and schema.keys() == {"allOf"} else [schema]
        parts += [part for part in inside if part not in parts]
    return parts[0] if len(parts) == 1 else {"allOf": parts}
