"""Node types that users bring: from JSON and back."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from ..errors import InvalidInput
from . import expressions, schemas
from .base import DATA_TYPES, Config, Effects, Inputs, Json, NodeType, Port, Simulation
from .generic import COLOR, QUICK

NAME = r"^[A-Za-z][A-Za-z0-9_.:/-]{0,63}$"
"""What the name of a type looks like."""

_NUMBER = {"type": "number", "minimum": 0, "maximum": 86_400_000}
_PORT = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {
            "type": "string",
            "minLength": 1,
            "maxLength": 64,
            "description": "How connections name it: as `sourceHandle` or `targetHandle`.",
        },
        "label": {"type": "string", "maxLength": 100, "description": "What it is called."},
        "data_type": {"type": "string", "enum": list(DATA_TYPES), "description": "What may flow through it."},
        "required": {"type": "boolean", "description": "Whether a node does not run without it."},
        "max_connections": {
            "type": ["integer", "null"],
            "minimum": 1,
            "description": "How many connections it takes; `null` for any number.",
        },
    },
}
SCHEMA: dict[str, Json] = {
    "type": "object",
    "required": ["type"],
    "properties": {
        "type": {"type": "string", "pattern": NAME, "description": "What nodes of this type carry as their `type`."},
        "display_name": {
            "type": "string",
            "minLength": 1,
            "maxLength": 100,
            "description": "What the palette shows; made of the type if it is not given.",
        },
        "description": {"type": "string", "maxLength": 2000, "description": "What it does, in a sentence."},
        "category": {
            "type": "string",
            "minLength": 1,
            "maxLength": 50,
            "description": "Under which heading the palette shows it.",
        },
        "icon": {"type": "string", "minLength": 1, "maxLength": 50, "description": "The name of its icon."},
        "color": {
            "type": "string",
            "pattern": "^#[0-9A-Fa-f]{3}([0-9A-Fa-f]{3})?$",
            "description": "Its color, such as `#3b82f6`.",
        },
        "inputs": {"type": "array", "items": _PORT, "maxItems": 50, "description": "Where connections come in."},
        "outputs": {"type": "array", "items": _PORT, "maxItems": 50, "description": "Where connections leave."},
        "config_schema": {"type": "object", "description": "What its configuration looks like, as JSON Schema."},
        "defaults": {"type": "object", "description": "The configuration that a new node begins with."},
        "output_schema": {
            "type": "object",
            "additionalProperties": {"type": "object"},
            "description": "What leaves by each port, as JSON Schema.",
        },
        "simulation": {
            "description": "How it behaves while nothing is behind it.",
            "type": "object",
            "properties": {
                "duration_ms": {
                    "description": "How long it takes, in milliseconds; or a lognormal distribution.",
                    "anyOf": [
                        _NUMBER,
                        {
                            "type": "object",
                            "properties": {
                                "median": {**_NUMBER, "description": "Half of the runs take less."},
                                "sigma": {
                                    "type": "number",
                                    "minimum": 0,
                                    "maximum": 5,
                                    "description": "How far it varies: the standard deviation of its logarithm.",
                                },
                                "min": {**_NUMBER, "description": "No run takes less."},
                                "max": {**_NUMBER, "description": "No run takes more."},
                            },
                        },
                    ],
                },
                "failure_rate": {
                    "type": "number",
                    "minimum": 0,
                    "maximum": 1,
                    "description": "How often it fails by chance, where failures are on.",
                },
            },
        },
        "output": {
            "anyOf": [{"const": "passthrough"}, {"type": "object"}, {"type": "null"}],
            "description": "What leaves it: a sample by port, or `passthrough` for what arrived.",
        },
    },
}
"""What the document of a type looks like."""


def from_json(document: Json) -> NodeType:
    """The node type that a document describes.

    :raises InvalidInput: with every fault at once.
    """
    faults = _faults(document)
    if faults:
        raise InvalidInput("This is not a node type.", list[dict[str, Any]](faults), code="invalid_node_type")
    output, outputs = document.get("output"), _ports(document, "outputs", "output")
    return NodeType(
        type=document["type"],
        display_name=document.get("display_name") or _title(document["type"]),
        description=document.get("description", ""),
        category=document.get("category", "custom"),
        run=partial(produce, output) if isinstance(output, dict) else partial(pass_along, _ids(outputs)),
        icon=document.get("icon", "box"),
        color=document.get("color", COLOR),
        inputs=_ports(document, "inputs", "input"),
        outputs=outputs,
        config_schema=document.get("config_schema") or {"type": "object", "properties": {}},
        defaults=document.get("defaults") or {},
        output_schema=document.get("output_schema") or {},
        simulation=_simulation(document.get("simulation") or {}),
        needs_effects=isinstance(output, dict),
        custom=True,
    )


def to_json(kind: NodeType) -> dict[str, Json]:
    """The document from which `from_json` makes the same type again."""
    shown = kind.as_dict()
    for name in ("dynamic_outputs", "trigger", "annotation", "custom"):
        del shown[name]
    shown["simulation"]["duration_ms"].pop("distribution")
    made_from = kind.run.args[0] if isinstance(kind.run, partial) else None
    shown["output"] = made_from if isinstance(made_from, dict) else "passthrough"
    return shown


def produce(sample: dict[str, Json], inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """The outputs that a sample shows, with its ``{{ }}`` worked out; the configuration is ``$config``."""
    scope = {**expressions.node_scope(inputs, effects), "config": config}
    return {port: expressions.render(value, scope) for port, value in sample.items()}


def pass_along(ports: tuple[str, ...], inputs: Inputs, _config: Config, _effects: Effects) -> dict[str, Json]:
    """Give on what arrived, by every output port."""
    return dict.fromkeys(ports, inputs.main)


def _faults(document: Json) -> list[schemas.Fault]:
    faults = schemas.check(document, SCHEMA)
    if not isinstance(document, dict):
        return faults
    for side in ("inputs", "outputs"):
        faults += _doubled_ports(document.get(side), side)
    schema = document.get("config_schema", {})
    wrong = schemas.check_schema(schema) if isinstance(schema, dict) else []
    faults += [_below("/config_schema", fault) for fault in wrong]
    if not wrong and isinstance(schema, dict) and isinstance(document.get("defaults"), dict):
        faults += [_below("/defaults", fault) for fault in _faults_of_defaults(document["defaults"], schema)]
    for port, part in _mapping(document.get("output_schema")).items():
        place = "/output_schema" + schemas.pointer([str(port)])
        faults += [_below(place, fault) for fault in schemas.check_schema(part) if isinstance(part, dict)]
    return faults + _faults_of_output(document)


def _faults_of_defaults(defaults: dict[str, Json], schema: dict[str, Json]) -> list[schemas.Fault]:
    # Defaults may leave open what the schema requires: that is for the user to fill in.
    return schemas.check(defaults, {name: part for name, part in schema.items() if name != "required"})


def _faults_of_output(document: dict[str, Json]) -> list[schemas.Fault]:
    output, ports = document.get("output"), document.get("outputs", [{"id": "output"}])
    if not isinstance(output, dict) or not isinstance(ports, list):
        return []
    known = [port.get("id") for port in ports if isinstance(port, dict)]
    unknown = [str(name) for name in output if name not in known]
    return [
        {"pointer": "/output" + schemas.pointer([name]), "message": f"There is no output port '{name}'."}
        for name in unknown
    ]


def _doubled_ports(ports: Json, side: str) -> list[schemas.Fault]:
    ids = [port.get("id") for port in ports if isinstance(port, dict)] if isinstance(ports, list) else []
    return [
        {"pointer": f"/{side}/{index}/id", "message": f"There is another port '{name}'."}
        for index, name in enumerate(ids)
        if name in ids[:index]
    ]


def _below(place: str, fault: schemas.Fault) -> schemas.Fault:
    return {**fault, "pointer": place + fault["pointer"]}


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _ports(document: dict[str, Json], side: str, usual: str) -> tuple[Port, ...]:
    return tuple(
        Port(
            port["id"],
            port.get("label", ""),
            port.get("data_type", "any"),
            port.get("required", False),
            port.get("max_connections"),
        )
        for port in document.get(side, [{"id": usual}])
    )


def _simulation(profile: dict[str, Json]) -> Simulation:
    rate = profile.get("failure_rate", 0.0)
    duration = profile.get("duration_ms", QUICK.median_ms)
    if not isinstance(duration, dict):
        # One number means exactly that long.
        exact = round(duration)
        return Simulation(median_ms=max(duration, 0.001), sigma=0, min_ms=exact, max_ms=exact, failure_rate=rate)
    median = duration.get("median", QUICK.median_ms)
    return Simulation(
        median_ms=max(median, 0.001),
        sigma=duration.get("sigma", 0.35),
        min_ms=round(duration.get("min", 0)),
        max_ms=round(duration.get("max", max(median * 20, 1))),
        failure_rate=rate,
    )


def _ids(ports: tuple[Port, ...]) -> tuple[str, ...]:
    return tuple(port.id for port in ports)


def _title(name: str) -> str:
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", re.split(r"[.:/]", name)[-1])
    return re.sub(r"[_-]+", " ", words).strip().capitalize() or name
