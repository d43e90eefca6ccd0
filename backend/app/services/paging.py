"""Lists in pages: filtered, sorted, cut."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeVar

from ..config import Limits
from ..errors import InvalidInput, TooMany

T = TypeVar("T")
Keys = dict[str, Callable[[Any], Any]]
"""By the name of a field: what a thing has there."""


@dataclass(frozen=True, slots=True)
class Page:
    """A piece of a list, and how long the whole list is."""

    items: list[dict[str, Any]]
    total: int
    page: int
    per_page: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Which piece of which list somebody wants."""

    page: int = 1
    per_page: int = 20
    sort: str | None = None
    """A field, with a minus before it for the other way round; ``None`` for the order that suits the list."""
    q: str | None = None
    """A text to look for, in upper or lower case."""
    filters: dict[str, list[str] | str] = field(default_factory=dict)
    """By field: the value that things have, or one of several values."""

    @property
    def start(self) -> int:
        """The place of the first thing on the page, from 0."""
        return (self.page - 1) * self.per_page

    @property
    def stop(self) -> int:
        """The place behind the last thing on the page."""
        return self.start + self.per_page

    @property
    def is_plain(self) -> bool:
        """Whether everything is wanted, in the order that suits the list."""
        return self.sort is None and not self.q and not self.filters


def paginate(
    things: list[T],
    listing: Listing,
    show: Callable[[T], dict[str, Any]],
    *,
    sorts: Keys | Sequence[str],
    default: str,
    number: Callable[[T], Any],
) -> Page:
    """One page of things that were selected already; only those on it are shown.

    :param sorts: what can be sorted by: names of attributes, or functions by name.
    :param default: the order where none is asked for.
    :param number: decides between things that have the same in the field that is sorted by.
    :raises InvalidInput: ``bad_sort``.
    """
    keys: Keys = sorts if isinstance(sorts, dict) else {name: attrgetter(name) for name in sorts}
    _check_sort(listing, keys)
    things = order(things, listing.sort or default, keys, number)
    return Page(
        [show(thing) for thing in things[listing.start : listing.stop]], len(things), listing.page, listing.per_page
    )


def check(listing: Listing, limits: Limits, sorts: Collection[str]) -> None:
    """Refuse a page that cannot be, one that is too long, and an order that the list does not have.

    :raises InvalidInput: ``bad_page``, ``bad_sort``.
    :raises TooMany: ``too_many_per_page``.
    """
    _check_sort(listing, sorts)
    if listing.page < 1 or listing.per_page < 1:
        raise InvalidInput("Pages count from 1, and hold at least 1.", code="bad_page")
    if listing.per_page > limits.max_per_page:
        message = f"A page holds at most {limits.max_per_page} here (setting max_per_page), not {listing.per_page}."
        raise TooMany(message, [{"pointer": "/per_page", "message": message}], code="too_many_per_page")


def select(things: Iterable[T], listing: Listing, *, filters: Keys, texts: Callable[[T], Iterable[str]]) -> list[T]:
    """The things that pass the filters and hold the text that is looked for, in the order they come.

    :param filters: a field may have several values at once (tags): one that is wanted is enough.
    """
    wanted = {name: _values(value) for name, value in listing.filters.items()}
    for name in wanted:
        if name not in filters:
            raise InvalidInput(f"This list has no filter '{name}'.", code="bad_filter")
    needle = (listing.q or "").strip().casefold()
    return [
        thing
        for thing in things
        if all(_values(filters[name](thing)) & values for name, values in wanted.items())
        and (not needle or any(needle in text.casefold() for text in texts(thing)))
    ]


def order(things: list[T], sort: str, sorts: Keys, number: Callable[[T], Any]) -> list[T]:
    """The things by a field; those that have the same there by their number.

    Things that have nothing there come last, whichever way round.
    """
    key = sorts[sort.removeprefix("-")]
    having = [thing for thing in things if key(thing) is not None]
    lacking = [thing for thing in things if key(thing) is None]
    having.sort(key=lambda thing: (_fold(key(thing)), number(thing)), reverse=sort.startswith("-"))
    return having + lacking


def _check_sort(listing: Listing, sorts: Collection[str]) -> None:
    if listing.sort and listing.sort.removeprefix("-") not in sorts:
        names = ", ".join(sorted(sorts))
        message = f"This list sorts by {names} (a minus before it turns the order), not by '{listing.sort}'."
        raise InvalidInput(message, [{"pointer": "/sort", "message": message}], code="bad_sort")


def _fold(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _values(value: Any) -> set[Any]:
    return set(value) if isinstance(value, list) else {value}
