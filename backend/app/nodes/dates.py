"""Arithmetic with moments: ISO 8601 in, ISO 8601 out."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta

from ..errors import NodeFailure
from . import fields
from .base import Config, Effects, Inputs, Json, NodeType
from .functions import COLOR, QUICK
from .items import value_at

OPERATIONS = ("now", "add", "format", "parse", "diff")
UNITS = ("days", "hours", "minutes", "seconds", "weeks", "months", "years", "milliseconds")
_SECONDS = {"milliseconds": 0.001, "seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}
_DIFF_SECONDS = {**_SECONDS, "months": 2_629_746, "years": 31_556_952}


def reckon(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """The moment moved, written, taken apart, or its distance to another."""
    operation = fields.read_choice(config, "operation", OPERATIONS)
    now = datetime.fromisoformat(effects.now)
    if operation == "now":
        return {"output": iso(now)}
    moment = _moment(inputs, config, "value", now)
    try:
        return {"output": _reckoned(operation, moment, inputs, config, now)}
    except (OverflowError, ValueError) as error:
        raise NodeFailure("bad_config", f"This cannot be reckoned: {error}.") from None


def _reckoned(operation: str, moment: datetime, inputs: Inputs, config: Config, now: datetime) -> Json:
    unit = fields.read_choice(config, "unit", UNITS)
    if operation == "add":
        return iso(moved(moment, fields.read_number(config, "amount", 1, -1e9, 1e9), unit))
    if operation == "format":
        return moment.strftime(fields.read_text(config, "format", "%Y-%m-%d %H:%M")[:200])
    if operation == "parse":
        return parts(moment)
    seconds = (_moment(inputs, config, "other", now) - moment).total_seconds()
    return round(seconds / _DIFF_SECONDS[unit], 6)


def moved(moment: datetime, amount: float, unit: str) -> datetime:
    """A moment so much later; whole months keep to the last day of a shorter one."""
    if unit not in ("months", "years"):
        return moment + timedelta(seconds=amount * _SECONDS[unit])
    months = moment.year * 12 + moment.month - 1 + round(amount * (12 if unit == "years" else 1))
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError("the year is out of range")
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def parts(moment: datetime) -> dict[str, Json]:
    """A moment taken apart."""
    return {
        "iso": iso(moment),
        "timestamp_ms": round(moment.timestamp() * 1000),
        "year": moment.year,
        "month": moment.month,
        "day": moment.day,
        "hour": moment.hour,
        "minute": moment.minute,
        "second": moment.second,
        "weekday": calendar.day_name[moment.weekday()],
        "week": moment.isocalendar().week,
    }


def iso(moment: datetime) -> str:
    """A moment as ISO 8601 with milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(inputs: Inputs, config: Config, key: str, now: datetime) -> datetime:
    """The moment of a field, else under the field's name in the input, else now."""
    value = config.get(key)
    if value in (None, ""):
        given = inputs.main
        value = value_at(given, fields.read_text(config, "field")) if key == "value" else None
        if isinstance(value, dict) and not config.get("field"):
            value = value.get("timestamp", value.get("date"))
    if value in (None, ""):
        if key == "value" and config.get("field"):
            raise NodeFailure("bad_input", f"There is no date under '{config['field']}'.")
        return now
    return read_moment(value)


def read_moment(value: Json) -> datetime:
    """A moment from ISO 8601 text, or from seconds or milliseconds since 1970; without a zone it is UTC.

    :raises NodeFailure: ``bad_input``.
    """
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if abs(value) > 1e11 else value, UTC)
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError):
        shown = fields.text_of(value)[:60] or fields.kind_of(value)
        raise NodeFailure("bad_input", f"'{shown}' is no date: 2026-01-31T09:00:00Z would be one.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_DATE = fields.form(
    {
        "operation": fields.choice("Operation", OPERATIONS, "What to do with the date."),
        "value": fields.line("Date", "", "ISO 8601; empty: from the field, else now."),
        "field": fields.line("Field", "", "Where the date lies in the input."),
        "amount": fields.number("Amount", 1, -1e9, 1e9, "For add; may be negative."),
        "unit": fields.choice("Unit", UNITS, "For add and diff."),
        "format": fields.line("Format", "%Y-%m-%d %H:%M", "For format, as strftime has it."),
        "other": fields.line("Other date", "", "For diff; empty: now."),
    }
)

TYPES: tuple[NodeType, ...] = (
    NodeType(
        type="date",
        display_name="Date",
        description="Reckons with dates and times.",
        category="functions",
        run=reckon,
        icon="calendar",
        color=COLOR,
        config_schema=_DATE,
        defaults=fields.defaults_of(_DATE),
        output_schema={"output": {"type": ["string", "number", "object"]}},
        simulation=QUICK,
    ),
)
