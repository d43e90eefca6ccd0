"""What the contract speaks of by name, beside the schemas of operations: graphs, known nodes, events, problems."""

from __future__ import annotations

from typing import Any

from ...nodes.base import NodeType
from ...nodes.registry import BUILT_IN
from ...web import graph
from ...web.checks import refer
from ...web.operation import Content
from . import rules, statuses
from .events import event_schemas
from .problems import PROBLEM

Json = Any


def named_schemas() -> dict[str, Content]:
    """The schemas by name."""
    nodes = {_node_name(kind): _known_node(kind) for kind in BUILT_IN.values()}
    told = event_schemas()
    events = {type(schema).__name__: schema for schema in told.values()}
    return {
        **graph.SCHEMAS,
        **rules.SCHEMAS,
        **statuses.SCHEMAS,
        **nodes,
        "KnownNode": _union({kind.type: _node_name(kind) for kind in BUILT_IN.values()}, _KNOWN),
        **events,
        "Event": _union({kind: type(schema).__name__ for kind, schema in told.items()}, _EVENT),
        "Problem": PROBLEM,
    }


_KNOWN = "A node of a type that the server knows, with the configuration that the type has."
_EVENT = "Something that happened. Folding the events of an execution gives what GET gives of it."


def _union(names: dict[str, str], description: str) -> dict[str, Json]:
    """One of several shapes, told apart by ``type``."""
    return {
        "description": description,
        "oneOf": [refer(name) for name in names.values()],
        "discriminator": {
            "propertyName": "type",
            "mapping": {kind: refer(name)["$ref"] for kind, name in names.items()},
        },
    }


def _known_node(kind: NodeType) -> dict[str, Json]:
    config = {**kind.as_dict()["config_schema"], "description": graph.CONFIG}
    data = {**graph.DATA, "properties": {**graph.DATA["properties"], "config": config}}
    about = {name: held["description"] for name, held in graph.SCHEMAS["NodeInput"]["properties"].items()}
    members = {
        "type": {"type": "string", "const": kind.type, "description": about["type"]},
        "data": {**data, "description": about["data"]},
    }
    return {
        "description": f"{kind.display_name}: {kind.description}",
        "type": "object",
        "properties": {**graph.SCHEMAS["NodeInput"]["properties"], **members},
        "required": ["type"],
    }


def _node_name(kind: NodeType) -> str:
    return "".join(word.capitalize() for word in kind.type.split("_")) + "Node"
