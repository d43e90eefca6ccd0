"""Lists of things, as nodes receive them."""

from __future__ import annotations

import json
import math

from ..errors import NodeFailure
from .base import Inputs, Json, Port
from .fields import kind_of

LIST_OUT = Port("output", data_type="array")


def items_of(value: Json) -> list[Json]:
    """A value as a list: itself, the only list in an object, else a list of just this; null is empty."""
    if isinstance(value, list):
        return value
    if value is None:
        return []
    if isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        if len(lists) == 1:
            return lists[0]
    return [value]


def arrived(inputs: Inputs, port: str | None = None) -> list[Json]:
    """The items that came in; those of several connections one after another."""
    values = inputs.all(port) if port else _main_values(inputs)
    return [item for value in values for item in items_of(value)]


def _main_values(inputs: Inputs) -> list[Json]:
    return inputs.all("input") if "input" in inputs.by_port else [inputs.main]


def value_at(item: Json, field: str) -> Json:
    """What lies under a field, ``a.b.0`` for deeper ones; null if there is nothing. No field: the item itself."""
    if not field:
        return item
    if isinstance(item, dict) and field in item:
        return item[field]
    for step in field.split("."):
        if isinstance(item, dict):
            item = item.get(step)
        elif isinstance(item, list) and step.isdecimal() and int(step) < len(item):
            item = item[int(step)]
        else:
            return None
    return item


def number_of(value: Json) -> float | None:
    """A value as a number, if it is one or a text of one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    return value if isinstance(value, float) and math.isfinite(value) else None


def numbers_at(items: list[Json], field: str) -> list[float]:
    """The numbers under a field; what is no number is left out.

    :raises NodeFailure: ``bad_input`` if there are items and not one has a number there.
    """
    numbers = [number for item in items if (number := number_of(value_at(item, field))) is not None]
    if items and not numbers:
        raise NodeFailure("bad_input", f"There are no numbers {_under(field)}: {describe(items)}.")
    return numbers


def describe(items: list[Json]) -> str:
    """A few words on what the items look like, for messages."""
    first = items[0] if items else None
    if isinstance(first, dict) and first:
        return f"the first item has {', '.join(repr(str(name)) for name in list(first)[:8])}"
    return f"the first item is {kind_of(first)}"


def order_key(value: Json) -> tuple[int, Json]:
    """A key that puts numbers before texts before all else, so that unlike values can be sorted together."""
    if isinstance(value, bool):
        return 0, int(value)
    if isinstance(value, int | float):
        return (1, value) if value == value else (4, "")
    if isinstance(value, str):
        return 2, value
    return 3, identity(value)


def identity(value: Json) -> str:
    """A text that is the same for equal JSON values, and for no others."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _under(field: str) -> str:
    return f"under '{field}'" if field else "among the items"
