"""Checks of plain values, put together to checks of objects and lists.

A graph has hundreds of small objects. One function for each, chosen from a table, takes a tenth of the time that a
schema for each would, and says the same. A check gives ``None``, a message, or messages by key.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from marshmallow import ValidationError, fields

Messages = str | dict[Any, Any] | None
Check = Callable[[Any], Messages]


class Checked(fields.Field[Any]):
    """A schema's field whose value is kept as it came, if a check has nothing against it."""

    def __init__(self, check: Check, **options: Any) -> None:
        super().__init__(**options)
        self.check = check

    def _deserialize(self, value: Any, *_where: Any, **_options: Any) -> Any:
        if messages := self.check(value):
            raise ValidationError(messages)
        return value


def text(least: int = 0, most: int = 1_000_000) -> Check:
    """A string of so many characters."""

    def check(value: Any) -> Messages:
        if not isinstance(value, str):
            return "Must be a string."
        return None if least <= len(value) <= most else f"Must have {least} to {most} characters."

    return check


def number(least: float = -math.inf, above: float = -math.inf, most: float = math.inf) -> Check:
    """A number that is at least, truly above, or at most another."""

    def check(value: Any) -> Messages:
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            return "Must be a number."
        if value < least:
            return f"Must be at least {least:g}."
        if value > most:
            return f"Must be at most {most:g}."
        return None if value > above else f"Must be above {above:g}."

    return check


def whole(least: int, most: int) -> Check:
    """A whole number between two others."""

    def check(value: Any) -> Messages:
        if not isinstance(value, int) or isinstance(value, bool):
            return "Must be a whole number."
        return None if least <= value <= most else f"Must be between {least} and {most}."

    return check


def one_of(*words: str) -> Check:
    """One of these strings."""

    def check(value: Any) -> Messages:
        return None if isinstance(value, str) and value in words else f"Must be one of: {', '.join(words)}."

    return check


def boolean(value: Any) -> Messages:
    """``true`` or ``false``, not a word that means it."""
    return None if isinstance(value, bool) else "Must be true or false."


def mapping(value: Any) -> Messages:
    """Any object."""
    return None if isinstance(value, dict) else "Must be an object."


def or_null(check: Check) -> Check:
    """What a check lets pass, or ``null``."""
    return lambda value: None if value is None else check(value)


def either(first: Check, second: Check, message: str) -> Check:
    """What one of two checks lets pass."""
    return lambda value: message if first(value) and second(value) else None


def each(check: Check, least: int = 0) -> Check:
    """A list, of at least so many items, in which every item passes."""

    def check_all(value: Any) -> Messages:
        if not isinstance(value, list):
            return "Must be a list."
        if len(value) < least:
            return f"Must have at least {least}."
        return {place: messages for place, item in enumerate(value) if (messages := check(item))} or None

    return check_all


def shape(checks: Mapping[str, Check], required: Iterable[str] = ()) -> Check:
    """An object whose members, where they are present, pass; members that are not named are free."""
    required = tuple(required)

    def check_members(value: Any) -> Messages:
        if not isinstance(value, dict):
            return "Must be an object."
        messages: dict[str, Any] = {}
        for name in required:
            if name not in value:
                messages[name] = "Must be given."
        for name, held in value.items():
            if name in checks and (found := checks[name](held)):
                messages[name] = found
        return messages or None

    return check_members
