"""Checks of plain values, put together to checks of objects and lists; each says the same as JSON Schema, too.

A graph has hundreds of small objects. One function for each, chosen from a table, takes a tenth of the time that a
schema for each would, and says the same. A check finds ``None``, a message, or messages by key.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import Schema, ValidationError, fields

Json = Any
Messages = str | dict[Any, Any] | None


@dataclass(frozen=True, slots=True)
class Check:
    """What a value must be."""

    find: Callable[[Any], Messages]
    """Finds what is wrong with a value."""
    schema: Mapping[str, Json]
    """The same as JSON Schema (2020-12), for the contract."""

    def about(self, text: str) -> Check:
        """The same check, with a description in the contract."""
        return replace(self, schema={**self.schema, "description": text})


def refer(name: str) -> dict[str, Json]:
    """A reference to a schema that the contract has under this name."""
    return {"$ref": f"#/components/schemas/{name}"}


class Told(Schema):
    """A schema that says itself, as JSON Schema, what no field can say."""

    rules: Mapping[str, Json] = {}
    """What is so beside its fields; ``properties`` come to theirs."""
    json_schema: Mapping[str, Json] | None = None
    """All of it, if its fields say nothing."""
    grows = False
    """Whether later versions may have further members, which readers skip."""


class ToldField(fields.Field[Any]):
    """A schema's field that says itself, as JSON Schema, what it is."""

    json_schema: Mapping[str, Json] = {}


class Checked(ToldField):
    """A schema's field whose value is kept as it came, if a check has nothing against it."""

    def __init__(self, check: Check, **options: Any) -> None:
        super().__init__(**options)
        self.check = check
        self.json_schema = check.schema

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> Any:
        if messages := self.check.find(value):
            raise ValidationError(messages)
        return value


def text(least: int = 0, most: int = 1_000_000) -> Check:
    """A string of so many characters."""

    def find(value: Any) -> Messages:
        if not isinstance(value, str):
            return "Must be a string."
        return None if least <= len(value) <= most else f"Must have {least} to {most} characters."

    return Check(find, {"type": "string", "minLength": least, "maxLength": most})


def number(least: float = -math.inf, above: float = -math.inf, most: float = math.inf) -> Check:
    """A number that is at least, truly above, or at most another."""

    def find(value: Any) -> Messages:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            return "Must be a number."
        if value < least:
            return f"Must be at least {least:g}."
        if value > most:
            return f"Must be at most {most:g}."
        return None if value > above else f"Must be above {above:g}."

    bounds = {"minimum": least, "exclusiveMinimum": above, "maximum": most}
    return Check(find, {"type": "number"} | {name: held for name, held in bounds.items() if math.isfinite(held)})


def whole(least: int, most: int) -> Check:
    """A whole number between two others."""

    def find(value: Any) -> Messages:
        if not isinstance(value, int) or isinstance(value, bool):
            return "Must be a whole number."
        return None if least <= value <= most else f"Must be between {least} and {most}."

    return Check(find, {"type": "integer", "minimum": least, "maximum": most})


def one_of(*words: str) -> Check:
    """One of these strings."""

    def find(value: Any) -> Messages:
        return None if isinstance(value, str) and value in words else f"Must be one of: {', '.join(words)}."

    return Check(find, {"type": "string", "enum": [*words]})


boolean = Check(lambda value: None if isinstance(value, bool) else "Must be true or false.", {"type": "boolean"})
"""``true`` or ``false``, not a word that means it."""

mapping = Check(
    lambda value: None if isinstance(value, dict) else "Must be an object.",
    {"type": "object", "additionalProperties": True},
)
"""Any object."""

anything = Check(lambda _: None, {})
"""Any JSON at all."""


def or_null(check: Check) -> Check:
    """What a check lets pass, or ``null``."""
    find = check.find
    return Check(lambda value: None if value is None else find(value), nullable(check.schema))


def either(first: Check, second: Check, message: str) -> Check:
    """What one of two checks lets pass."""

    def find(value: Any) -> Messages:
        return message if first.find(value) and second.find(value) else None

    return Check(find, {"anyOf": [first.schema, second.schema]})


def each(check: Check, least: int = 0) -> Check:
    """A list, of at least so many items, in which every item passes."""
    find_in_item = check.find

    def find(value: Any) -> Messages:
        if not isinstance(value, list):
            return "Must be a list."
        if len(value) < least:
            return f"Must have at least {least}."
        return {place: messages for place, item in enumerate(value) if (messages := find_in_item(item))} or None

    return Check(find, {"type": "array", "items": check.schema} | ({"minItems": least} if least else {}))


def mapping_of(check: Check) -> Check:
    """An object of which every member passes."""
    find_in_member = check.find

    def find(value: Any) -> Messages:
        if not isinstance(value, dict):
            return "Must be an object."
        return {name: messages for name, held in value.items() if (messages := find_in_member(held))} or None

    return Check(find, {"type": "object", "additionalProperties": check.schema})


def shape(checks: Mapping[str, Check], required: Iterable[str] = (), *, closed: bool = False) -> Check:
    """An object whose members, where they are present, pass.

    :param closed: whether it may have no other members; they are free otherwise.
    """
    required = tuple(required)
    finders = {name: check.find for name, check in checks.items()}

    def find(value: Any) -> Messages:
        if not isinstance(value, dict):
            return "Must be an object."
        messages: dict[str, Any] = {}
        for name in required:
            if name not in value:
                messages[name] = "Must be given."
        for name, held in value.items():
            if name in finders and (found := finders[name](held)):
                messages[name] = found
        return messages or None

    members = {name: check.schema for name, check in checks.items()}
    schema: dict[str, Json] = {"type": "object", "properties": members}
    schema |= {"required": [*required]} if required else {}
    schema["additionalProperties"] = not closed
    return Check(_closed(find, checks) if closed else find, schema)


def _closed(find: Callable[[Any], Messages], checks: Mapping[str, Check]) -> Callable[[Any], Messages]:
    def find_unknown(value: Any) -> Messages:
        unknown = [name for name in value if name not in checks] if isinstance(value, dict) else []
        return dict.fromkeys(unknown, "Unknown field.") or find(value)

    return find_unknown


def nullable(schema: Mapping[str, Json]) -> dict[str, Json]:
    """The JSON Schema of the same, or ``null``."""
    kind = schema.get("type")
    if isinstance(kind, str):
        words = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, "type": [kind, "null"], **words}
    return dict(schema) if isinstance(kind, list) or not schema else {"anyOf": [schema, {"type": "null"}]}
