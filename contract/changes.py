"""What breaks between two schemas: what could be sent must still be taken, what is answered must have been told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from shapes import AT_LEAST, AT_MOST, Document, fits_type

Json = Any

COMPARED = {"type", "const", "properties", "required", "additionalProperties", "items", "$name"}
"""The keywords of a shape that are not limits."""


class Change(NamedTuple):
    """One difference: where, of what, how it was, how it is, and why that breaks."""

    where: str
    what: str
    before: str
    after: str
    why: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} was {self.before}, is {self.after}"


@dataclass(frozen=True)
class Side:
    """Requests or answers, and the words for what changes in them."""

    name: str
    reverse: bool
    """Whether what is new must fit what was told, and not the other way round."""
    value: tuple[str, str]
    presence: tuple[str, str]
    why: str
    lost: str
    open_lists: bool = False
    """Whether a value more in a list of values is no break."""

    def change(self, where: str, what: str, words: tuple[str, str], why: str = "") -> Change:
        """A breaking change on this side."""
        return Change(f"{where} in {self.name}", what, *words, why or self.why)

    def in_order(self, old: Json, new: Json) -> tuple[Json, Json]:
        """The two so that the first must fit the second; done twice, it is undone."""
        return (new, old) if self.reverse else (old, new)


REQUESTS = Side(
    name="requests",
    reverse=False,
    value=("taken", "refused"),
    presence=("optional", "required"),
    why="what was sent so far may be refused",
    lost="what is sent for it is refused or not heard",
)
ANSWERS = Side(
    name="answers",
    reverse=True,
    value=("never given", "given"),
    presence=("always there", "missing at times"),
    why="readers were not told of it",
    lost="whoever reads it finds nothing",
)
ERRORS = replace(ANSWERS, name="errors", open_lists=True)
GONE = ("there", "not there")
COMPOSED = {"$ref", "allOf", "anyOf", "oneOf"}


class Schemas:
    """The schemas of two documents, side by side.

    The first time that a pair with a named or composed schema is met, it is compared and kept, so that a schema that
    holds itself comes to an end. The changes of a named one are told at its name.
    """

    def __init__(self, old: Document, new: Document) -> None:
        self.old = old
        self.new = new
        self._known: dict[Json, list[Change]] = {}

    def compare(self, side: Side, where: str, old: Json, new: Json) -> list[Change]:
        """What breaks between two schemas on this side."""
        if not (is_composed(old) or is_composed(new)):
            return self._compare(side, where, old, new)
        known = (side, json.dumps([old, new], sort_keys=True))
        if known not in self._known:
            self._known[known] = []
            named = is_named(old) and is_named(new)
            place = old["$ref"].rpartition("/")[2] if named else where
            self._known[known] = self._compare(side, place, old, new)
        return self._known[known]

    def _compare(self, side: Side, where: str, old: Json, new: Json) -> list[Change]:
        (inner_in, inner), (outer_in, outer) = side.in_order((self.old, old), (self.new, new))
        others = outer_in.shapes(outer)
        found = [change for shape in inner_in.shapes(inner) for change in self._fit(side, where, shape, others)]
        return self._default(side, where, old, new) + found

    def _default(self, side: Side, where: str, old: Json, new: Json) -> list[Change]:
        has_both = all(isinstance(schema, dict) and "default" in schema for schema in (old, new))
        if side.reverse or not has_both or old["default"] == new["default"]:
            return []
        words = (json.dumps(old["default"]), json.dumps(new["default"]))
        return [side.change(where, "the default", words, "who leaves it out gets something else")]

    def _fit(self, side: Side, where: str, shape: Json, others: list[Json]) -> list[Change]:
        """What keeps a shape from being like the one of the others that is nearest to it."""
        tries = [self._shape(side, where, shape, other) for other in others if self._alike(side, shape, other)]
        if tries:
            return min(tries, key=len)
        if side.open_lists and "const" in shape and any("const" in other for other in others):
            return []
        document = side.in_order(self.old, self.new)[0]
        return [side.change(where, document.describe(shape), side.value)]

    def _alike(self, side: Side, shape: Json, other: Json) -> bool:
        if not fits_type(shape["type"], other["type"]) or ("const" in other and shape.get("const") != other["const"]):
            return False
        inner, outer = side.in_order(self.old, self.new)
        tags, further = inner.tags(shape), outer.tags(other)
        return all(tags[name] & further[name] for name in tags.keys() & further.keys())

    def _shape(self, side: Side, where: str, inner: Json, outer: Json) -> list[Change]:
        if "const" in inner and "const" in outer:
            return []
        where = self._name(side, inner, outer) or where
        changes = [*self._limits(side, where, inner, outer), *self._members(side, where, inner, outer)]
        if "items" in outer:
            items = side.in_order(inner.get("items", {}), outer["items"])
            changes += self.compare(side, f"{where}[]", *items)
        return changes + self._further(side, where, inner, outer)

    def _name(self, side: Side, inner: Json, outer: Json) -> str | None:
        """The name in the old document of two shapes that both have one."""
        old, new = (shape.get("$name") for shape in side.in_order(inner, outer))
        return old if new else None

    def _limits(self, side: Side, where: str, inner: Json, outer: Json) -> Iterator[Change]:
        for word in sorted(outer.keys() - COMPARED):
            if word not in inner or not is_within(word, inner[word], outer[word]):
                words = [json.dumps(shape[word]) if word in shape else "unset" for shape in (inner, outer)]
                yield side.change(where, word, side.in_order(*words))

    def _members(self, side: Side, where: str, inner: Json, outer: Json) -> Iterator[Change]:
        for name in sorted({*outer.get("required", [])} - {*inner.get("required", [])}):
            if name in inner.get("properties", {}) or name not in outer.get("properties", {}):
                yield side.change(f"{where}.{name}", "the property", side.presence)
            elif side is REQUESTS:
                yield side.change(f"{where}.{name}", "the property", ("not there", "required"))
        old, new = (shape.get("properties", {}) for shape in side.in_order(inner, outer))
        for name, schema in old.items():
            if name in new:
                yield from self.compare(side, f"{where}.{name}", schema, new[name])
            else:
                yield side.change(f"{where}.{name}", "the property", GONE, side.lost)

    def _further(self, side: Side, where: str, inner: Json, outer: Json) -> list[Change]:
        """Properties that have no names: those that readers were not told of at all, they skip."""
        old, new = (shape.get("additionalProperties", True) for shape in side.in_order(inner, outer))
        if inner["type"] != "object" or old is new or (side.reverse and isinstance(old, bool)):
            return []
        if new is False:
            return [side.change(f"{where}.*", "further properties", GONE, side.lost)]
        return self.compare(side, f"{where}.*", old, new)


def is_named(schema: Json) -> bool:
    """Whether a schema is the name of another."""
    return isinstance(schema, dict) and "$ref" in schema


def is_composed(schema: Json) -> bool:
    """Whether a schema refers to others."""
    return isinstance(schema, dict) and not COMPOSED.isdisjoint(schema)


def is_within(word: str, inner: Json, outer: Json) -> bool:
    """Whether what keeps to the first limit keeps to the second."""
    if word in AT_LEAST:
        return bool(inner >= outer)
    if word in AT_MOST:
        return bool(inner <= outer)
    return bool(inner == outer)
