"""Cron expressions and time zones: when something is due next. The library cronsim reads the expressions.

Where clocks are changed, it does as Debian's cron does: what an expression that names minute and hour has in the hour
that is left out is due right behind it, and what it has in the hour that comes twice is due once. An expression with an
asterisk in one of the two goes by time as it passes: nothing in the hour that is left out, twice in the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import cache
from importlib.resources import files

FIELDS = ("minute", "hour", "day", "month", "weekday")
_SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


def next_moment(expression: str, after: datetime) -> datetime:
    """The first full minute after a moment that a cron expression names, in the moment's own time zone.

    :raises ValueError: if the expression is none, or names no day that ever comes.
    """
    found = next(moments(expression, after), None)
    if found is None:
        raise ValueError(f"'{expression}' names a day that never comes.")
    return found


def moments(expression: str, after: datetime) -> Iterator[datetime]:
    """All full minutes after a moment that a cron expression names, in the moment's own time zone.

    :raises ValueError: if the expression is none.
    """
    from cronsim import CronSim, CronSimError

    try:
        found = CronSim(_five_fields(expression), after)
    except CronSimError as error:
        raise ValueError(f"'{expression}' is no cron expression: {error}.") from None
    return _later(found, after.astimezone(UTC))


def _later(found: Iterator[datetime], after: datetime) -> Iterator[datetime]:
    # Behind the last date there is none any more.
    with suppress(OverflowError):
        for moment in found:
            # In the second of two hours with the same name, the library finds what was due in the first.
            if moment.astimezone(UTC) > after:
                yield moment


def read_zone(name: str) -> tzinfo:
    """The time zone of a name such as ``Europe/Berlin``.

    :raises ValueError: if there is none.
    """
    from zoneinfo import ZoneInfo

    if name == "UTC":
        return UTC
    # What else a machine has, such as `localtime`, means something else on the next one.
    if name not in _zones():
        raise ValueError(f"'{name}' is no time zone; there are UTC, Europe/Berlin and so on.")
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    """The names of the time zones that there are everywhere."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def _five_fields(expression: str) -> str:
    text = _SHORTHANDS.get(expression.strip().lower(), expression)
    count = len(text.split())
    # The library would take six fields, too, the first being the second.
    if count != len(FIELDS):
        raise ValueError(f"'{expression}' has {count} fields; cron has five: {' '.join(FIELDS)}.")
    return text
