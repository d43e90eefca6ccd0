"""A pool: the JSON values of an execution, each written once and referred to by its place.

The output of a node is the value of a connection, the input of the next node and the detail of an event: one object
that is known in many places. Whoever writes them down one by one writes the same data again and again; and whoever
reads that has many objects where there was one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .written import Ports, must

Json = Any

_BY_VALUE = frozenset({str, int, bool, type(None)})


class Pool:
    """Values by their place."""

    def __init__(self, values: Sequence[Json] = ()) -> None:
        """:param values: those of a pool that was written."""
        self.values = list(values)
        """They are kept here beside their ids: an id says something only as long as its value lives."""
        self._places: dict[Any, int] = {}

    def put(self, value: Json) -> int:
        """The place of a value, which gets one if it has none."""
        kind: type = type(value)
        if kind is float and value - value != 0:
            # JSON has no word for a number without end, or for what is none.
            value, kind = None, type(None)
        # Equal texts are one, but 1 is not 1.0 or true, and 0.0 is not -0.0.
        key: Any = (kind, value) if kind in _BY_VALUE else (kind, repr(value)) if kind is float else id(value)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self.values)
            self.values.append(value)
        return place

    def put_each(self, values: dict[str, Json]) -> dict[str, int]:
        """The places of what an object holds."""
        put = self.put
        return {name: put(value) for name, value in values.items()}

    def put_lists(self, lists: Mapping[str, Sequence[Json]]) -> Ports:
        """The places of what each of these lists holds."""
        put = self.put
        return {name: [put(value) for value in values] for name, values in lists.items()}

    def get(self, place: int) -> Json:
        """The value at a place.

        :raises IndexError: if there is none.
        """
        return self.values[place]

    def get_each(self, places: dict[str, int]) -> dict[str, Json]:
        """An object made of the values at these places."""
        values = self.values
        return {name: values[place] for name, place in places.items()}

    def get_lists(self, places: Ports) -> dict[str, list[Json]]:
        """Lists made of the values at these places.

        :raises ValueError: if one is empty: at a port that is named, something arrived.
        """
        must(all(places.values()), "nothing arrived at a port")
        values = self.values
        return {name: [values[place] for place in held] for name, held in places.items()}

    def get_error(self, place: int | None) -> dict[str, Json] | None:
        """The error at a place, if there is a place.

        :raises ValueError: if what is there is none.
        """
        if place is None:
            return None
        error = self.values[place]
        must(isinstance(error, dict) and "message" in error, "an error is an object with a message")
        return error  # type: ignore[no-any-return]
