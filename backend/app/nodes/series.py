"""Functions over lists of items: order, sums, averages."""

from __future__ import annotations

from collections import deque
from math import fsum

from ..errors import NodeFailure
from . import fields
from .base import Config, Effects, Inputs, Json, NodeType, Port, Simulation
from .functions import COLOR, LIST_SCHEMA, QUICK
from .items import LIST_OUT, arrived, identity, items_of, number_of, numbers_at, order_key, value_at

OPERATIONS = ("sum", "avg", "min", "max", "count", "first", "last")
ORDERS = ("ascending", "descending")
ENDS = ("first", "last")


def sort(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """Order the items by a field; equal ones keep their order, those without it come last."""
    by = fields.read_text(config, "by")
    down = fields.read_choice(config, "order", ORDERS) == "descending"
    found = arrived(inputs)
    present = [item for item in found if value_at(item, by) is not None]
    missing = [item for item in found if value_at(item, by) is None]
    return {"output": sorted(present, key=lambda item: order_key(value_at(item, by)), reverse=down) + missing}


def aggregate(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """One row per group, or one row of all."""
    operations = _operations(config)
    by = fields.read_names(config, "group_by")
    found = arrived(inputs)
    if not by:
        return {"output": _summary(found, operations)}
    groups: dict[str, list[Json]] = {}
    for item in found:
        groups.setdefault(identity([value_at(item, name) for name in by]), []).append(item)
    rows = [{name: value_at(group[0], name) for name in by} | _summary(group, operations) for group in groups.values()]
    return {"output": rows}


def _operations(config: Config) -> list[dict[str, Json]]:
    wanted = [entry for entry in items_of(config.get("operations")) if isinstance(entry, dict)]
    if not wanted:
        raise NodeFailure("bad_config", "'operations' is empty: there is nothing to compute.")
    for entry in wanted:
        fields.read_choice(entry, "operation", OPERATIONS)
    return wanted


def _summary(items: list[Json], operations: list[dict[str, Json]]) -> dict[str, Json]:
    row: dict[str, Json] = {}
    for entry in operations:
        operation, field = fields.read_choice(entry, "operation", OPERATIONS), fields.read_text(entry, "field")
        usual = f"{operation}_{field}" if field else operation
        row[fields.read_text(entry, "as", usual)] = _computed(operation, items, field)
    return row


def _computed(operation: str, items: list[Json], field: str) -> Json:
    values = [value for item in items if (value := value_at(item, field)) is not None]
    if operation == "count":
        return len(values)
    if operation in ENDS:
        return values[0 if operation == "first" else -1] if values else None
    numbers = numbers_at(items, field)
    if operation == "sum":
        return _tidy(fsum(numbers))
    if not numbers:
        return None
    return _tidy(fsum(numbers) / len(numbers)) if operation == "avg" else (min if operation == "min" else max)(numbers)


def _tidy(number: float) -> float:
    # 0.1 + 0.2 is to be 0.3, and 6.0 is to be 6.
    rounded = float(f"{number:.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 2**53 else rounded


def average_along(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """To each item, the average of it and those before it within the window."""
    window = fields.read_whole(config, "window", 5, 1, 100_000)
    field = fields.read_text(config, "field")
    target = fields.read_text(config, "target", f"{field}_average" if field else "average")
    found = arrived(inputs)
    field = field or _usual_field(found)
    numbers_at(found, field)
    recent: deque[float] = deque(maxlen=window)
    averaged: list[Json] = []
    for item in found:
        number = number_of(value_at(item, field))
        if number is not None:
            recent.append(number)
        mean = _tidy(fsum(recent) / len(recent)) if recent else None
        averaged.append({**item, target: mean} if isinstance(item, dict) else mean)
    return {"output": averaged}


def _usual_field(items: list[Json]) -> str:
    return "value" if items and isinstance(items[0], dict) else ""


def find_extremes(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """The least, the greatest, what lies between, and how many there are."""
    found = arrived(inputs)
    field = fields.read_text(config, "field") or _usual_field(found)
    numbers = numbers_at(found, field)
    if not numbers:
        return {"output": {"min": None, "max": None, "range": None, "count": 0}}
    low, high = min(numbers), max(numbers)
    return {"output": {"min": low, "max": high, "range": _tidy(high - low), "count": len(numbers)}}


def limit(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """So many items from the beginning or the end."""
    count = fields.read_whole(config, "count", 10, 0, 1_000_000)
    found = arrived(inputs)
    kept = found[:count] if fields.read_choice(config, "keep", ENDS) == "first" else found[max(len(found) - count, 0) :]
    return {"output": kept}


def drop_repeats(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """The first item of each kind, by a field or as a whole."""
    field = fields.read_text(config, "field")
    firsts: dict[str, Json] = {}
    for item in arrived(inputs):
        firsts.setdefault(identity(value_at(item, field)), item)
    return {"output": list(firsts.values())}


_SORT = fields.form(
    {
        "by": fields.line("By", "", "The field; a.b for deeper ones. Empty: the items themselves."),
        "order": fields.choice("Order", ORDERS, "Least or greatest first."),
    }
)
_AGGREGATE = fields.form(
    {
        "group_by": {
            "type": "array",
            "items": {"type": "string"},
            "title": "Group by",
            "description": "Fields whose values make the groups; none: one group.",
            "default": [],
        },
        "operations": {
            "type": "array",
            "title": "Operations",
            "description": "What is computed of each group.",
            "items": {
                "type": "object",
                "properties": {
                    "operation": fields.choice("Operation", OPERATIONS, "What to compute."),
                    "field": fields.line("Field", "", "Of which field."),
                    "as": fields.line("Name", "", "Empty: operation and field, such as sum_price."),
                },
            },
            "default": [{"operation": "count"}],
        },
    }
)
_AVERAGE = fields.form(
    {
        "window": fields.whole("Window", 5, 1, 100_000, "How many items go into an average."),
        "field": fields.line("Field", "", "Of which field; empty: 'value', or the items themselves."),
        "target": fields.line("Name", "", "Empty: the field's name and _average."),
    }
)
_EXTREMES = fields.form({"field": fields.line("Field", "", "Empty: 'value', or the items themselves.")})
_LIMIT = fields.form(
    {
        "count": fields.whole("Items", 10, 0, 1_000_000, "How many are kept."),
        "keep": fields.choice("Keep", ENDS, "From which end."),
    }
)
_UNIQUE = fields.form({"field": fields.line("Field", "", "What makes items alike; empty: all of it.")})
_NUMBER = {"type": ["number", "null"]}

TYPES: tuple[NodeType, ...] = (
    NodeType(
        type="sort",
        display_name="Sort",
        description="Orders items by a field.",
        category="functions",
        run=sort,
        icon="arrow-down-narrow-wide",
        color=COLOR,
        outputs=(LIST_OUT,),
        config_schema=_SORT,
        defaults=fields.defaults_of(_SORT),
        output_schema=LIST_SCHEMA,
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="aggregate",
        display_name="Aggregate",
        description="Sums, averages and counts, by group.",
        category="functions",
        run=aggregate,
        icon="sigma",
        color=COLOR,
        config_schema=_AGGREGATE,
        defaults=fields.defaults_of(_AGGREGATE),
        output_schema={"output": {"type": ["object", "array"], "items": {"type": "object"}}},
        simulation=Simulation(median_ms=55, sigma=0.4, min_ms=2, max_ms=3000),
        needs_effects=False,
    ),
    NodeType(
        type="moving_average",
        display_name="Moving average",
        description="Smooths a series.",
        category="functions",
        run=average_along,
        icon="chart-spline",
        color=COLOR,
        outputs=(LIST_OUT,),
        config_schema=_AVERAGE,
        defaults=fields.defaults_of(_AVERAGE),
        output_schema=LIST_SCHEMA,
        simulation=Simulation(median_ms=50, sigma=0.4, min_ms=2, max_ms=3000),
        needs_effects=False,
    ),
    NodeType(
        type="min_max",
        display_name="Min / max",
        description="The least and the greatest value of a series.",
        category="functions",
        run=find_extremes,
        icon="chevrons-up-down",
        color=COLOR,
        outputs=(Port("output", data_type="object"),),
        config_schema=_EXTREMES,
        defaults=fields.defaults_of(_EXTREMES),
        output_schema={
            "output": {
                "type": "object",
                "required": ["min", "max", "range", "count"],
                "properties": {"min": _NUMBER, "max": _NUMBER, "range": _NUMBER, "count": {"type": "integer"}},
            }
        },
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="limit",
        display_name="Limit",
        description="Keeps the first or last items.",
        category="functions",
        run=limit,
        icon="scissors",
        color=COLOR,
        outputs=(LIST_OUT,),
        config_schema=_LIMIT,
        defaults=fields.defaults_of(_LIMIT),
        output_schema=LIST_SCHEMA,
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="unique",
        display_name="Unique",
        description="Drops repeated items.",
        category="functions",
        run=drop_repeats,
        icon="fingerprint",
        color=COLOR,
        outputs=(LIST_OUT,),
        config_schema=_UNIQUE,
        defaults=fields.defaults_of(_UNIQUE),
        output_schema=LIST_SCHEMA,
        simulation=QUICK,
        needs_effects=False,
    ),
)
