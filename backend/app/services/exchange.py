"""Documents on their way in and out: the shapes that an import understands, and exports without secrets."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson

from ..errors import InvalidInput
from ..nodes.base import NodeType
from .graphs import check_shape

Json = Any
TypeOf = Callable[[str | None], NodeType]

FORMAT = "understudy/1"
"""What an export of ours says that it is."""

ACCEPTED = (
    "an export of this server, a workflow with nodes and connections, React Flow's {nodes, edges, viewport}, "
    "or a graph under 'flow', 'data' or 'flowData'"
)
"""What an import understands, in words."""

SECRET_NAMES = (
    "api_key",
    "apikey",
    "token",
    "password",
    "passwd",
    "secret",
    "authorization",
    "private_key",
    "access_key",
)
"""Fields whose names end so hold secrets, whatever their type's schema says."""

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def read_workflow(document: Json) -> dict[str, Json]:
    """The workflow in a document that somebody else may have written; ``edges`` are its connections then.

    :raises InvalidInput: ``unknown_format``; ``bad_graph`` with one error per culprit.
    """
    return _read(document, "workflow")


def read_template(document: Json) -> dict[str, Json]:
    """The template in a document; a workflow will do.

    :raises InvalidInput: ``unknown_format``; ``bad_graph`` with one error per culprit.
    """
    return _read(document, "template")


def blank_secrets(document: dict[str, Json], type_of: TypeOf) -> dict[str, Json]:
    """The document with an empty text in the place of every secret: those that a type's schema marks, and by name."""
    blanked: dict[str, Json] = _blank_by_name(document)
    blanked["nodes"] = [_blank_config(node, type_of) for node in blanked["nodes"]]
    return blanked


def _read(document: Json, wanted: str) -> dict[str, Json]:
    outer = document if isinstance(document, dict) else {}
    _check_format(outer)
    found = next((part for part in _candidates(outer, wanted) if _holds_graph(part)), None)
    if found is None:
        raise InvalidInput(
            f"There is no graph in this that can be read. An import takes {ACCEPTED}.", code="unknown_format"
        )
    if "connections" not in found:
        found = {name: value for name, value in found.items() if name != "edges"} | {"connections": found["edges"]}
    if isinstance(outer.get("name"), str):
        found = {"name": outer["name"]} | found
    _check_fields(found)
    found = {name: value for name, value in found.items() if value is not None or name not in _OWN}
    check_shape(found["nodes"], found["connections"])
    return found


def _check_format(document: dict[str, Json]) -> None:
    declared = document.get("format")
    if isinstance(declared, str) and declared.startswith("understudy/") and declared != FORMAT:
        message = f"This export is of the format '{declared}'; this server reads '{FORMAT}'."
        raise InvalidInput(message, [{"pointer": "/format", "message": message}], code="unknown_format")


def _candidates(document: dict[str, Json], wanted: str) -> list[Json]:
    others = ("template",) if wanted == "workflow" else ("workflow",)
    return [
        *(document.get(name) for name in (wanted, *others)),
        document,
        document.get("flow"),
        document.get("data"),
        _parsed(document.get("flowData")),
    ]


def _parsed(text: Json) -> Json:
    try:
        return orjson.loads(text) if isinstance(text, str) else text
    except orjson.JSONDecodeError:
        return None


def _holds_graph(part: Json) -> bool:
    if not isinstance(part, dict) or not isinstance(part.get("nodes"), list):
        return False
    return isinstance(part.get("connections", part.get("edges")), list)


_KINDS: tuple[tuple[str, type, str], ...] = (
    ("name", str, "a text"),
    ("description", str, "a text"),
    ("category", str, "a text"),
    ("tags", list, "a list of texts"),
    ("viewport", dict, "an object"),
    ("metadata", dict, "an object"),
    ("parameters", list, "a list"),
)


_OWN = {name for name, _, _ in _KINDS}


def _check_fields(found: dict[str, Json]) -> None:
    culprits = [
        {"pointer": f"/{name}", "message": f"This must be {words}."}
        for name, kind, words in _KINDS
        if found.get(name) is not None and not isinstance(found[name], kind)
    ]
    tags = found.get("tags")
    if isinstance(tags, list) and not all(isinstance(tag, str) for tag in tags):
        culprits.append({"pointer": "/tags", "message": "This must be a list of texts."})
    if culprits:
        raise InvalidInput("The document does not fit.", culprits, code="bad_document")


def _blank_by_name(value: Json) -> Json:
    if isinstance(value, list):
        return [_blank_by_name(item) for item in value]
    if not isinstance(value, dict):
        return value
    blanked = {name: _blank(held) if _is_secret(name) else _blank_by_name(held) for name, held in value.items()}
    label = value.get("name", value.get("key"))
    # Headers are often rows of a name and a value.
    if isinstance(label, str) and "value" in value and _is_secret(label):
        blanked["value"] = _blank(value["value"])
    return blanked


def _is_secret(name: str) -> bool:
    plain = _WORD_START.sub("_", name).lower().replace("-", "_").replace(" ", "_")
    return plain.endswith(SECRET_NAMES)


def _blank(value: Json) -> Json:
    """Nothing in the place of texts and numbers; flags stay, since they only say that there is a secret.

    An object under a secret's name may describe a field (its type, its label): of that, only what it holds goes.
    """
    if isinstance(value, dict):
        held = {name: _blank(value[name]) for name in ("value", "default") if name in value}
        return _blank_by_name(value) | held
    if isinstance(value, list):
        return [_blank(item) for item in value]
    return value if value is None or isinstance(value, bool) else ""


def _blank_config(node: dict[str, Json], type_of: TypeOf) -> dict[str, Json]:
    data = node.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("config"), dict):
        return node
    schema = type_of(node.get("type")).config_schema
    return {**node, "data": {**data, "config": _blank_by_schema(data["config"], schema)}}


def _blank_by_schema(value: Json, schema: Json) -> Json:
    if not isinstance(schema, dict):
        return value
    if schema.get("writeOnly") or schema.get("format") == "password":
        return _blank(value)
    if isinstance(value, dict):
        known, other = schema.get("properties") or {}, schema.get("additionalProperties")
        return {name: _blank_by_schema(held, known.get(name, other)) for name, held in value.items()}
    if isinstance(value, list):
        return [_blank_by_schema(item, schema.get("items")) for item in value]
    return value
