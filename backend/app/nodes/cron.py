"""Cron expressions: five fields, and the next moment that fits them."""

from __future__ import annotations

from datetime import datetime, time, timedelta

FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
_SHORTHANDS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}
_NAMES = {
    name: index + 1
    for index, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
} | {name: index for index, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
_DAYS_AHEAD = 366 * 8 + 1
"""29 February can be this far away."""


def next_moment(expression: str, after: datetime) -> datetime:
    """The first full minute after a moment that a cron expression names.

    :raises ValueError: if the expression is none, or names a day that never comes.
    """
    minutes, hours, *days = fields = parse(expression)
    start = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    any_day, any_weekday = len(days[0]) == 31, len(fields[4]) == 7
    for ahead in range(_DAYS_AHEAD):
        day = start.date() + timedelta(days=ahead)
        on_day, on_weekday = day.day in days[0], day.isoweekday() % 7 in days[2]
        # Cron's old rule: if both days are restricted, one of them is enough.
        fits = (on_day and on_weekday) if any_day or any_weekday else (on_day or on_weekday)
        if day.month in days[1] and fits:
            for moment in (time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes)):
                found = datetime.combine(day, moment, start.tzinfo)
                if found >= start:
                    return found
    raise ValueError(f"'{expression}' names a day that never comes.")


def parse(expression: str) -> list[frozenset[int]]:
    """The numbers that each field allows, Sunday being 0.

    :raises ValueError: if the expression is none.
    """
    text = _SHORTHANDS.get(expression.strip().lower(), expression)
    parts = text.lower().split()
    if len(parts) != len(FIELDS):
        raise ValueError(f"'{expression}' has {len(parts)} fields; cron has five: minute hour day month weekday.")
    sets = [_numbers(part, *field) for part, field in zip(parts, FIELDS, strict=True)]
    sets[4] = frozenset(number % 7 for number in sets[4])
    return sets


def _numbers(part: str, name: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for piece in part.split(","):
        span, _, step = piece.partition("/")
        first, _, last = span.partition("-")
        try:
            start = low if first == "*" else _number(first)
            end = (high if first == "*" or step else start) if not last else _number(last)
            every = int(step) if step else 1
        except ValueError:
            raise ValueError(f"'{piece}' is no {name} of a cron expression.") from None
        if not (low <= start <= end <= high and every > 0):
            raise ValueError(f"'{piece}' is no {name} of a cron expression: it goes from {low} to {high}.")
        found.update(range(start, end + 1, every))
    return frozenset(found)


def _number(text: str) -> int:
    return _NAMES[text] if text in _NAMES else int(text)
