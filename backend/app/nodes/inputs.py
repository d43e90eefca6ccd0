"""Inputs: values, made-up series, files, and what a person fills in."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from ..errors import NodeFailure
from . import fields
from .base import Config, Effects, Inputs, Json, NodeType, Port, Question, Result, Simulation
from .items import LIST_OUT, items_of

COLOR = "#0ea5e9"
QUICK = Simulation(median_ms=10, sigma=0.3, min_ms=1, max_ms=200)
MAX_COUNT = 10_000


class Quantity(NamedTuple):
    """What a kind of sensor usually shows."""

    unit: str
    baseline: float
    amplitude: float
    noise: float
    digits: int
    floor: float


QUANTITIES = {
    "temperature": Quantity("°C", 21.0, 4.0, 0.3, 2, -273.15),
    "humidity": Quantity("%", 48.0, 9.0, 1.2, 1, 0),
    "pressure": Quantity("hPa", 1013.0, 3.0, 0.4, 1, 0),
    "vibration": Quantity("mm/s", 2.4, 0.6, 0.25, 3, 0),
    "co2": Quantity("ppm", 620.0, 180.0, 18.0, 0, 0),
    "power": Quantity("W", 850.0, 420.0, 40.0, 1, 0),
}
DISTRIBUTIONS = ("integer", "float", "boolean", "choice", "uuid", "string")
FIELD_TYPES = ("text", "number", "boolean", "choice", "date", "email", "textarea")


def give_constant(_inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """The value of the configuration."""
    return {"output": config.get("value")}


def draw(_inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Random values: one by itself, several as a list."""
    count = fields.read_whole(config, "count", 1, 1, MAX_COUNT)
    low, high = _bounds(config)
    choices = fields.read_names(config, "choices")
    kind = fields.read_choice(config, "kind", DISTRIBUTIONS)
    if kind == "choice" and not choices:
        raise NodeFailure("bad_config", "'choices' is empty: there is nothing to choose from.")
    drawn = [_draw_one(kind, effects.rng, low, high, choices) for _ in range(count)]
    return {"output": drawn[0] if count == 1 else drawn}


def _bounds(config: Config) -> tuple[float, float]:
    low = fields.read_number(config, "min", 0, -1e15, 1e15)
    high = fields.read_number(config, "max", 100, -1e15, 1e15)
    return min(low, high), max(low, high)


def _draw_one(kind: str, rng: Random, low: float, high: float, choices: list[str]) -> Json:
    match kind:
        case "integer":
            first = math.ceil(low)
            return rng.randint(first, max(math.floor(high), first))
        case "float":
            return round(rng.uniform(low, high), 6)
        case "boolean":
            return rng.random() < 0.5
        case "choice":
            return rng.choice(choices)
        case "uuid":
            digits = f"{rng.getrandbits(128):032x}"
            return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
        case _:
            return "".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=12))


def measure(_inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """A series that ends now: a daily wave around a baseline, noise, and outliers if wanted."""
    quantity = QUANTITIES[fields.read_choice(config, "kind", tuple(QUANTITIES))]
    count = fields.read_whole(config, "count", 48, 1, MAX_COUNT)
    interval = fields.read_number(config, "interval_s", 300, 0.001, 31_536_000)
    outliers = fields.read_whole(config, "anomalies", 0, 0, count)
    levels = _levels(config, quantity)
    end = datetime.fromisoformat(effects.now)
    marked = set(effects.rng.sample(range(count), outliers))
    try:
        moments = [end - timedelta(seconds=interval * (count - 1 - index)) for index in range(count)]
    except OverflowError:
        raise NodeFailure("bad_config", "The series would begin before the first year.") from None
    sensor = fields.read_text(config, "sensor_id", "sensor-1")
    return {
        "output": [
            _reading(moment, levels, effects.rng, index in marked) | {"unit": quantity.unit, "sensor_id": sensor}
            for index, moment in enumerate(moments)
        ]
    }


def _levels(config: Config, usual: Quantity) -> Quantity:
    changes = {
        name: fields.read_number(config, name, getattr(usual, name), -1e9, 1e9)
        for name in ("baseline", "amplitude", "noise")
    }
    return usual._replace(**changes)  # type: ignore[arg-type]


def _reading(moment: datetime, levels: Quantity, rng: Random, outlier: bool) -> dict[str, Any]:
    # The wave is lowest before dawn and highest in the afternoon, as in a building.
    hours = moment.hour + moment.minute / 60 + moment.second / 3600
    value = levels.baseline + levels.amplitude * math.sin((hours - 9) / 24 * math.tau)
    value += rng.gauss(0, 1) * levels.noise
    if outlier:
        value += rng.choice((-1, 1)) * (4 * abs(levels.amplitude) + 8 * abs(levels.noise))
    shown = round(max(value, levels.floor), levels.digits) + 0.0
    return {"timestamp": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"), "value": shown}


def take_files(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """The files that the configuration names, else those that came in."""
    named = fields.read_names(config, "file_ids")
    ids = named or [found for item in _file_items(inputs.main) if (found := _file_id(item))]
    return {"output": [effects.file(file_id).as_dict() for file_id in ids]}


def _file_items(value: Json) -> list[Json]:
    if isinstance(value, dict):
        value = value.get("file_ids", value.get("files", value))
    return items_of(value)


def _file_id(item: Json) -> str | None:
    found = item.get("id", item.get("file_id")) if isinstance(item, dict) else item
    return found if isinstance(found, str) and found else None


def ask(_inputs: Inputs, config: Config, _effects: Effects) -> Result:
    """Ask a person to fill in the fields."""
    title = fields.read_text(config, "title", "Please fill in")
    note = fields.read_text(config, "description")
    return Result(question=Question(prompt=f"{title}\n{note}".strip(), schema=answer_schema(config)))


def take_answer(_inputs: Inputs, _config: Config, answer: Json) -> dict[str, Json]:
    """What the person filled in."""
    return {"output": answer}


def answer_schema(config: Config) -> dict[str, Json]:
    """The JSON Schema of a form's answer."""
    asked = [field for field in items_of(config.get("fields")) if isinstance(field, dict) and field.get("name")]
    schema: dict[str, Json] = {
        "type": "object",
        "properties": {str(field["name"]): _property(field) for field in asked},
    }
    required = [str(field["name"]) for field in asked if field.get("required")]
    return schema | ({"required": required} if required else {})


def _property(field: dict[str, Json]) -> dict[str, Json]:
    kind = field.get("type", "text")
    shape: dict[str, Json] = {"title": fields.text_of(field.get("label") or field["name"])}
    if kind in ("number", "boolean"):
        shape["type"] = kind
    elif kind == "choice" and field.get("options"):
        shape["enum"] = items_of(field["options"])
    else:
        shape["type"] = "string"
    if kind in ("date", "email", "textarea"):
        shape["format"] = kind
    return shape | ({"default": field["default"]} if "default" in field else {})


_CONSTANT = fields.form({"value": fields.anything("Value", "Any JSON value.") | {"default": "Hello"}})
_RANDOM = fields.form(
    {
        "kind": fields.choice("Kind", DISTRIBUTIONS, "What to draw."),
        "count": fields.whole("Count", 1, 1, MAX_COUNT, "More than one gives a list."),
        "min": fields.number("Minimum", 0, -1e15, 1e15, "For numbers."),
        "max": fields.number("Maximum", 100, -1e15, 1e15, "For numbers."),
        "choices": {
            "type": "array",
            "items": {"type": "string"},
            "title": "Choices",
            "description": "For kind 'choice'.",
            "default": ["red", "green", "blue"],
        },
    }
)
_SENSOR = fields.form(
    {
        "kind": fields.choice("Kind", tuple(QUANTITIES), "What it measures."),
        "sensor_id": fields.line("Sensor", "sensor-1", "Its name."),
        "count": fields.whole("Readings", 48, 1, MAX_COUNT, "How many; the last is now."),
        "interval_s": fields.number("Interval", 300, 0.001, 31_536_000, "Seconds between two readings."),
        "baseline": {"type": "number", "title": "Baseline", "description": "Empty: usual for the kind."},
        "amplitude": {"type": "number", "title": "Amplitude", "description": "Of the daily wave. Empty: as usual."},
        "noise": {"type": "number", "title": "Noise", "description": "Standard deviation. Empty: as usual."},
        "anomalies": fields.whole("Anomalies", 0, 0, MAX_COUNT, "How many readings are far off."),
    }
)
_FILES = fields.form(
    {
        "file_ids": {
            "type": "array",
            "items": {"type": "string"},
            "title": "Files",
            "description": "Ids of uploaded files; empty: those that come in.",
            "default": [],
        }
    }
)
_FORM = fields.form(
    {
        "title": fields.line("Title", "Please fill in", "What the person reads first."),
        "description": fields.box("Description", "", "A sentence below the title."),
        "fields": {
            "type": "array",
            "title": "Fields",
            "description": "What is asked.",
            "items": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string", "title": "Name", "description": "The key in the answer."},
                    "label": {"type": "string", "title": "Label", "description": "What the person reads."},
                    "type": fields.choice("Type", FIELD_TYPES, "What can be entered."),
                    "required": fields.tick("Required", False, "Whether it may stay empty."),
                    "options": {"type": "array", "items": {}, "title": "Options", "description": "For type 'choice'."},
                    "default": fields.anything("Default", "What is filled in already."),
                },
            },
            "default": [{"name": "name", "label": "Your name", "type": "text", "required": True}],
        },
    }
)
_READING = {
    "type": "object",
    "required": ["timestamp", "value", "unit", "sensor_id"],
    "properties": {
        "timestamp": {"type": "string"},
        "value": {"type": "number"},
        "unit": {"type": "string"},
        "sensor_id": {"type": "string"},
    },
}

TYPES: tuple[NodeType, ...] = (
    NodeType(
        type="constant",
        display_name="Constant",
        description="A fixed value.",
        category="input",
        run=give_constant,
        icon="equal",
        color=COLOR,
        inputs=(Port("input", "Trigger"),),
        config_schema=_CONSTANT,
        defaults=fields.defaults_of(_CONSTANT),
        output_schema={"output": {}},
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="random",
        display_name="Random",
        description="Random numbers, choices or texts.",
        category="input",
        run=draw,
        icon="dices",
        color=COLOR,
        inputs=(Port("input", "Trigger"),),
        config_schema=_RANDOM,
        defaults=fields.defaults_of(_RANDOM),
        output_schema={"output": {"type": ["number", "boolean", "string", "array"]}},
        simulation=QUICK,
    ),
    NodeType(
        type="sensor",
        display_name="Sensor",
        description="Readings of a sensor up to now.",
        category="input",
        run=measure,
        icon="thermometer",
        color=COLOR,
        inputs=(Port("input", "Trigger"),),
        outputs=(LIST_OUT,),
        config_schema=_SENSOR,
        defaults=fields.defaults_of(_SENSOR),
        output_schema={"output": {"type": "array", "items": _READING}},
        simulation=Simulation(median_ms=120, sigma=0.4, min_ms=10, max_ms=3000, failure_rate=0.01),
    ),
    NodeType(
        type="file_input",
        display_name="File input",
        description="Uploaded files.",
        category="input",
        run=take_files,
        icon="file-input",
        color=COLOR,
        inputs=(Port("input", "Files"),),
        outputs=(LIST_OUT,),
        config_schema=_FILES,
        defaults=fields.defaults_of(_FILES),
        output_schema={
            "output": {"type": "array", "items": {"type": "object", "required": ["id", "name", "size", "content_type"]}}
        },
        simulation=Simulation(median_ms=60, sigma=0.4, min_ms=5, max_ms=2000),
    ),
    NodeType(
        type="form",
        display_name="Form",
        description="Waits until a person has filled in a form.",
        category="input",
        run=ask,
        icon="clipboard-list",
        color=COLOR,
        outputs=(Port("output", data_type="object"),),
        config_schema=_FORM,
        defaults=fields.defaults_of(_FORM),
        output_schema={"output": {"type": "object"}},
        simulation=QUICK,
        answer=take_answer,
        needs_effects=False,
    ),
)
