"""The fields of a node's configuration: how a form draws them, and how a node reads them.

What is written between double braces was rendered before a node runs, so a field may hold any JSON value by then. The
readers take what can be understood as the wanted type and fail the node, in words, on everything else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from ..errors import NodeFailure
from .base import Config, Inputs, Json


def form(fields: Mapping[str, Json], required: Sequence[str] = ()) -> dict[str, Json]:
    """The JSON Schema of a configuration with these fields."""
    schema: dict[str, Json] = {"type": "object", "properties": dict(fields)}
    return schema | ({"required": list(required)} if required else {})


def line(title: str, default: str = "", description: str = "", **more: Json) -> dict[str, Json]:
    """A field for one line of text, which may be an expression."""
    return _field("string", title, description, default=default, **more)


def box(title: str, default: str = "", description: str = "") -> dict[str, Json]:
    """A field for several lines of text."""
    return line(title, default, description, format="textarea")


def secret(title: str, description: str = "") -> dict[str, Json]:
    """A field for a credential: never shown again, never required."""
    return _field("string", title, description, format="password", writeOnly=True)


def number(title: str, default: float, low: float, high: float, description: str = "") -> dict[str, Json]:
    """A field for a number between two bounds."""
    return _field("number", title, description, default=default, minimum=low, maximum=high)


def whole(title: str, default: int, low: int, high: int, description: str = "") -> dict[str, Json]:
    """A field for a whole number between two bounds."""
    return _field("integer", title, description, default=default, minimum=low, maximum=high)


def choice(title: str, options: Sequence[str], description: str = "") -> dict[str, Json]:
    """A field for one of these options; the first is the default."""
    return _field("string", title, description, enum=list(options), default=options[0])


def tick(title: str, default: bool, description: str = "") -> dict[str, Json]:
    """A field for yes or no."""
    return _field("boolean", title, description, default=default)


def anything(title: str, description: str = "") -> dict[str, Json]:
    """A field for any JSON value."""
    return {"title": title, "description": description or title}


def defaults_of(schema: Mapping[str, Json]) -> Config:
    """The configuration of a node that was just dropped on the canvas."""
    fields: Mapping[str, Json] = schema["properties"]
    return {name: field["default"] for name, field in fields.items() if "default" in field}


def text_of(value: Json) -> str:
    """A value as a person would read it: the text of a message, else JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Mapping):
        for key in ("text", "message", "content", "body", "summary", "answer", "description"):
            if isinstance(value.get(key), str):
                return str(value[key])
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return as_json(value)


def as_json(value: Json, indent: int | None = None) -> str:
    """A value as JSON text.

    :raises NodeFailure: ``too_deep``.
    """
    try:
        return json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    except RecursionError:
        raise NodeFailure("too_deep", "What arrived is nested too deeply to be written down.") from None


def kind_of(value: Json) -> str:
    """What a value is, in a word for messages."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    names = ((str, "text"), ((int, float), "a number"), (Mapping, "an object"), (list, "a list"))
    return next((name for kind, name in names if isinstance(value, kind)), "something else")


def read_text(config: Config, key: str, default: str = "") -> str:
    """A field as text; a missing one is the default."""
    value = config.get(key)
    return default if value is None or value == "" else text_of(value)


def read_number(config: Config, key: str, default: float, low: float, high: float) -> float:
    """A field as a number within bounds; text that is a number will do.

    :raises NodeFailure: ``bad_config``.
    """
    value = config.get(key)
    if value is None or value == "":
        return default
    try:
        found = float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None or not low <= found <= high:
        shown = text_of(value)[:60]
        raise NodeFailure("bad_config", f"'{key}' must be a number from {low:g} to {high:g}, not '{shown}'.")
    return found


def read_whole(config: Config, key: str, default: int, low: int, high: int) -> int:
    """A field as a whole number within bounds.

    :raises NodeFailure: ``bad_config``.
    """
    found = read_number(config, key, default, low, high)
    if found != int(found):
        raise NodeFailure("bad_config", f"'{key}' must be a whole number, not {found:g}.")
    return int(found)


def read_choice(config: Config, key: str, options: Sequence[str]) -> str:
    """A field as one of its options; a missing one is the first.

    :raises NodeFailure: ``bad_config``.
    """
    found = read_text(config, key, options[0])
    if found not in options:
        raise NodeFailure("bad_config", f"'{key}' must be one of {', '.join(options)}, not '{found[:60]}'.")
    return found


def read_mapping(config: Config, key: str) -> dict[str, Json]:
    """A field as an object; JSON text will do, and so will a list of ``{name, value}`` rows.

    :raises NodeFailure: ``bad_config``.
    """
    value = _parsed(config.get(key))
    if value is None or value == "":
        return {}
    if isinstance(value, list) and all(isinstance(row, Mapping) for row in value):
        return {text_of(row.get("name", row.get("key"))): row.get("value") for row in value}
    if not isinstance(value, Mapping):
        raise NodeFailure("bad_config", f"'{key}' must be an object with names and values, not {kind_of(value)}.")
    return {str(name): item for name, item in value.items()}


def read_names(config: Config, key: str) -> list[str]:
    """A field as a list of texts; one text is split at commas and line ends."""
    value = _parsed(config.get(key))
    if value is None:
        return []
    if not isinstance(value, list):
        value = text_of(value).replace("\n", ",").split(",")
    return [name for name in (text_of(item).strip() for item in value) if name]


def written_or_arrived(config: Config, key: str, inputs: Inputs) -> Json:
    """What the field says, or what arrived if it is empty."""
    value = config.get(key)
    return inputs.main if value is None or value == "" else value


def list_of(value: Json, *keys: str) -> list[Json] | None:
    """The list in a value: itself, or under one of these keys; ``None`` if there is none."""
    if isinstance(value, list):
        return value
    if isinstance(value, Mapping):
        return next((value[key] for key in keys if isinstance(value.get(key), list)), None)
    return None


def _parsed(value: Json) -> Json:
    if isinstance(value, str) and value.strip()[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _field(kind: str, title: str, description: str, **more: Json) -> dict[str, Json]:
    return {"type": kind, "title": title, "description": description or title} | more
