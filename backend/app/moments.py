"""Moments as whole numbers and as text; nothing here asks what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

MICROSECONDS = 1_000_000
"""Microseconds in a second: the unit of every moment in this project is the microsecond."""

LAST_MOMENT = 253_370_764_800 * MICROSECONDS
"""The year 9999: behind it there are no dates any more."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(moment: int) -> str:
    """A moment in microseconds as ISO 8601 UTC with milliseconds."""
    return f"{_second(moment // MICROSECONDS)}.{moment // 1000 % 1000:03d}Z"


@lru_cache(maxsize=4096)
def _second(second: int) -> str:
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}"


def from_iso(text: str) -> int:
    """The moment, in microseconds, that an ISO 8601 text names; one without a zone is read as UTC.

    :raises ValueError: if the text is no time.
    """
    stamp = datetime.fromisoformat(text)
    return from_date(stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp)


def as_date(moment: int) -> datetime:
    """A moment in microseconds as a date of the library, in UTC."""
    return _EPOCH + timedelta(microseconds=moment)


def from_date(stamp: datetime) -> int:
    """The moment, in microseconds, of a date with a time zone."""
    return (stamp - _EPOCH) // timedelta(microseconds=1)
