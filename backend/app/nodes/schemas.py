"""JSON Schema (2020-12) for configurations, answers and outputs."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from . import expressions
from .base import Json, NodeType

Fault = dict[str, str]
"""One thing that does not fit: ``{pointer, message}``, the pointer from the top of the value."""

_JUDGED_AS_A_WHOLE = frozenset({"anyOf", "oneOf", "allOf", "not", "if", "enum", "const", "uniqueItems", "contains"})
MAX_FAULTS = 50
"""More are not listed: nobody reads them."""


def check(value: Json, schema: dict[str, Json]) -> list[Fault]:
    """What in a value does not fit a schema; nothing if it fits."""
    return [_fault(error) for error in _errors(value, schema)][:MAX_FAULTS]


def check_config(node_type: NodeType, config: Json) -> list[Fault]:
    """What in a node's configuration does not fit its type.

    A text that holds ``{{ }}`` fits everywhere, because its value shows only when the node runs; an expression that
    cannot be parsed is a fault.
    """
    errors = _errors(config, node_type.config_schema)
    faults = [_fault(error) for error in errors if not _open_until_run(error)]
    return (faults + _faulty_expressions(config, node_type.config_schema, ""))[:MAX_FAULTS]


def check_schema(schema: Json) -> list[Fault]:
    """What keeps a document from being a JSON Schema; nothing if it is one."""
    if not isinstance(schema, dict):
        return [{"pointer": "", "message": "A JSON Schema is an object."}]
    from jsonschema import Draft202012Validator

    meta = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    return [_fault(error) for error in _sorted(meta.iter_errors(schema))]


def _errors(value: Json, schema: dict[str, Json]) -> list[Any]:
    if not schema:
        return []
    return _sorted(_validator(json.dumps(schema, sort_keys=True)).iter_errors(value))


def _sorted(errors: Any) -> list[Any]:
    return sorted(errors, key=lambda error: [str(step) for step in error.absolute_path])


@lru_cache(maxsize=512)
def _validator(schema: str) -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(schema))


def _open_until_run(error: Any) -> bool:
    if isinstance(error.instance, str):
        return "{{" in error.instance
    return error.validator in _JUDGED_AS_A_WHOLE and expressions.has_templates(error.instance)


def _fault(error: Any) -> Fault:
    path = [str(step) for step in error.absolute_path]
    message = error.message
    if error.validator == "required":
        missing = next((name for name in error.validator_value if name not in error.instance), "")
        # jsonschema reports each missing name by itself, and says which only in its message.
        missing = next((name for name in error.validator_value if message.startswith(repr(name))), missing)
        path, message = [*path, missing], "This is required."
    return {"pointer": pointer(path), "message": _shortened(message)}


def pointer(path: list[str]) -> str:
    """A JSON Pointer (RFC 6901) to a place."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)


def _shortened(message: str) -> str:
    return message if len(message) <= 300 else message[:200] + " ... " + message[-90:]


def _faulty_expressions(value: Json, schema: Json, place: str) -> list[Fault]:
    schema = schema if isinstance(schema, dict) else {}
    if isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties")
        pairs = [(str(key), inner, known.get(key, other)) for key, inner in value.items()]
    elif isinstance(value, list):
        pairs = [(str(index), inner, schema.get("items")) for index, inner in enumerate(value)]
    elif isinstance(value, str):
        return _text_faults(value, schema.get("format") == "expression", place)
    else:
        return []
    return [fault for key, inner, part in pairs for fault in _faulty_expressions(inner, part, place + pointer([key]))]


def _text_faults(text: str, expression: bool, place: str) -> list[Fault]:
    if expression:
        found = [text] if text.strip() else []
    else:
        found = [part for dynamic, part in expressions.parts_of(text) if dynamic and part] if "{{" in text else []
    complaints = [complaint for part in found if (complaint := expressions.complaint(part))]
    return [{"pointer": place, "message": complaint} for complaint in complaints]
