"""Nodes at the end of a graph: what a person or a caller gets to see."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from ..errors import NodeFailure
from .base import Config, Effects, Inputs, Json, NodeType, Port, Result, Simulation
from .fields import (
    anything,
    choice,
    defaults_of,
    form,
    kind_of,
    line,
    list_of,
    read_choice,
    read_mapping,
    read_names,
    read_text,
    read_whole,
    text_of,
    whole,
    written_or_arrived,
)

COLOR = "#f59e0b"
CHARTS = ("line", "bar", "pie", "scatter", "area")
LEVELS = ("info", "debug", "warning", "error")
KINDS = ("auto", "table", "text", "json", "image")
LONGEST_LINE = 2_000
"""Characters of a log line."""

_kind = partial(NodeType, category="output", color=COLOR)


def display(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """Show what arrived, as what it is."""
    kind = read_choice(config, "kind", KINDS)
    value = inputs.main
    return {
        "output": {
            "value": value,
            "kind": kind_by_shape(value) if kind == "auto" else kind,
            "title": read_text(config, "title"),
        }
    }


def log(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Write a line into the log of the execution and pass on what arrived."""
    level = read_choice(config, "level", LEVELS)
    message = text_of(written_or_arrived(config, "message", inputs))
    effects.log(message[:LONGEST_LINE] or "Nothing arrived.", level)
    return {"output": inputs.main}


def chart(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """Turn rows into what chart libraries draw: labels and one dataset for each field."""
    style = read_choice(config, "chart_type", CHARTS)
    rows = _rows(inputs.main)
    x, wanted = read_text(config, "x"), read_names(config, "y")
    fields = wanted or _number_fields(rows, x)
    if not fields:
        raise NodeFailure("nothing_to_draw", "The rows have no field with numbers: name one in 'y'.")
    x = x or _label_field(rows, fields)
    labels = [text_of(row.get(x)) if x else str(place) for place, row in enumerate(rows, 1)]
    datasets = [{"label": name, "data": _data(rows, x, name, style)} for name in fields]
    return {"output": {"type": style, "title": read_text(config, "title"), "labels": labels, "datasets": datasets}}


def respond(inputs: Inputs, config: Config, _effects: Effects) -> Result:
    """Make the answer of the whole execution."""
    status = read_whole(config, "status", 200, 100, 599)
    body = written_or_arrived(config, "body", inputs)
    headers = {name.lower(): text_of(value) for name, value in read_mapping(config, "headers").items()}
    answer = {"status": status, "headers": headers, "body": body}
    return Result({"output": answer}, response=answer, responds=True)


def kind_by_shape(value: Json) -> str:
    """What a value looks like to a person: a table, a text, an image, else JSON."""
    if isinstance(value, list) and value and all(isinstance(row, Mapping) for row in value):
        return "image" if all(_is_image(row) for row in value) else "table"
    if isinstance(value, Mapping):
        files = value.get("files")
        if isinstance(files, list) and files:
            return kind_by_shape(files) if kind_by_shape(files) == "image" else "json"
        return "image" if _is_image(value) else "json"
    if isinstance(value, str):
        return "image" if re.match(r"data:image/|https?://\S+\.(png|jpe?g|gif|webp|svg)$", value) else "text"
    return "text" if isinstance(value, (int, float)) else "json"


def _is_image(value: Mapping[str, Json]) -> bool:
    return value.get("kind") == "image" or str(value.get("content_type", "")).startswith("image/")


def _rows(value: Json) -> list[Mapping[str, Json]]:
    listed = list_of(value, "rows", "items", "data", "body", "messages")
    if not listed:
        raise NodeFailure(
            "nothing_to_draw", f"A chart needs a list of objects or numbers; what arrived is {kind_of(value)}."
        )
    return [row if isinstance(row, Mapping) else {"value": row} for row in listed]


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _number_fields(rows: list[Mapping[str, Json]], x: str) -> list[str]:
    names = dict.fromkeys(str(name) for row in rows for name in row)
    plain = [name for name in names if name not in (x, "id") and not name.lower().endswith("_id")]
    return [name for name in plain if any(_is_number(row.get(name)) for row in rows)]


def _label_field(rows: list[Mapping[str, Json]], fields: list[str]) -> str:
    names = [str(name) for name in rows[0] if name not in fields]
    times = [name for name in names if re.search(r"time|date|_at$|month|day", name.lower())]
    return next(iter(times or names), "")


def _data(rows: list[Mapping[str, Json]], x: str, name: str, style: str) -> list[Json]:
    values = [_value(row.get(name)) for row in rows]
    if all(value is None for value in values):
        known = ", ".join(dict.fromkeys(str(key) for row in rows for key in row)) or "none"
        raise NodeFailure("nothing_to_draw", f"No row has a number in '{name}'. The fields are: {known[:300]}.")
    if style != "scatter":
        return values
    return [
        {"x": row.get(x, place) if x else place, "y": value}
        for place, (row, value) in enumerate(zip(rows, values, strict=True), 1)
    ]


def _value(value: Json) -> Json:
    if _is_number(value):
        return value
    if isinstance(value, str) and re.fullmatch(r"\s*[-+]?\d+(\.\d+)?\s*", value[:40]):
        return float(value) if "." in value else int(value)
    return None


_DISPLAY = form({"kind": choice("Show as", KINDS, "How to show it; auto looks at it."), "title": line("Title")})
_LOG = form(
    {
        "level": choice("Level", LEVELS),
        "message": line("Message", "", "If empty, what arrived."),
    }
)
_CHART = form(
    {
        "chart_type": choice("Chart", CHARTS),
        "x": line("X field", "", "The field for the labels; if empty, a time or the first field."),
        "y": {
            "type": "array",
            "items": {"type": "string"},
            "title": "Y fields",
            "description": "One dataset each; if empty, all fields with numbers.",
            "default": [],
        },
        "title": line("Title"),
    }
)
_RESPOND = form(
    {
        "status": whole("Status", 200, 100, 599),
        "headers": {"type": "object", "title": "Headers", "description": "By name.", "default": {}},
        "body": anything("Body", "If empty, what arrived."),
    }
)

TYPES: tuple[NodeType, ...] = (
    _kind(
        "display",
        "Display",
        "Shows what arrives.",
        run=display,
        icon="monitor",
        config_schema=_DISPLAY,
        defaults=defaults_of(_DISPLAY),
        output_schema={
            "output": {
                "type": "object",
                "properties": {"value": {}, "kind": {"enum": list(KINDS[1:])}, "title": {"type": "string"}},
                "required": ["value", "kind"],
            }
        },
        simulation=Simulation(5, 0.3),
    ),
    _kind(
        "log",
        "Log",
        "Writes a line into the log.",
        run=log,
        icon="scroll-text",
        config_schema=_LOG,
        defaults=defaults_of(_LOG),
        output_schema={"output": {}},
        simulation=Simulation(3, 0.3),
    ),
    _kind(
        "chart",
        "Chart data",
        "Turns rows into data for a chart.",
        run=chart,
        icon="chart-column",
        inputs=(Port("input", "Rows"),),
        outputs=(Port("output", "Chart", "object"),),
        config_schema=_CHART,
        defaults=defaults_of(_CHART),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "type": {"enum": list(CHARTS)},
                    "labels": {"type": "array", "items": {"type": "string"}},
                    "datasets": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["label", "data"],
                            "properties": {"data": {"type": "array"}},
                        },
                    },
                },
                "required": ["type", "labels", "datasets"],
            }
        },
        simulation=Simulation(25, 0.4),
    ),
    _kind(
        "respond",
        "Respond",
        "Answers whoever started the execution.",
        run=respond,
        icon="reply",
        outputs=(Port("output", "Response", "object"),),
        config_schema=_RESPOND,
        defaults=defaults_of(_RESPOND),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "status": {"type": "integer", "minimum": 100, "maximum": 599},
                    "headers": {"type": "object"},
                    "body": {},
                },
                "required": ["status", "headers", "body"],
            }
        },
        simulation=Simulation(8, 0.3),
    ),
)
