"""Values of foreign metadata as plain JSON: finite numbers, clean strings, lists and mappings."""

from __future__ import annotations

import math
from typing import Any

MAX_TEXT = 1000
MAX_ITEMS = 64
_MAX_HEX = 32


def plain(value: Any) -> Any:
    """The value as JSON, or ``None`` if it has no sensible form there.

    Rationals become floats; bytes become text where they are text, hexadecimal digits where they are few, and nothing
    otherwise; what is long is cut.
    """
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, bytes):
        return _bytes(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): plain(item) for key, item in list(value.items())[:MAX_ITEMS]}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in list(value)[:MAX_ITEMS]]
    return number(value)


def clean_text(text: str) -> str:
    """A string without control characters and halves of characters, at most `MAX_TEXT` characters."""
    kept = "".join(char for char in text[: 2 * MAX_TEXT] if char >= " " or char in "\t\n")
    return kept.encode("utf-8", "replace").decode().strip()[:MAX_TEXT]


def number(value: Any) -> int | float | None:
    """A finite number, whole where it is whole; ``None`` for everything else."""
    try:
        if isinstance(value, int):
            return value if abs(value) < 1 << 53 else None
        found = float(value)
    except (TypeError, ValueError, ArithmeticError):
        return None
    return round(found, 6) if math.isfinite(found) else None


def without_nothing(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts that are known."""
    return {key: value for key, value in facts.items() if value not in (None, "", [], {})}


def _bytes(value: bytes) -> str | None:
    trimmed = value.rstrip(b"\0 ")
    if trimmed.isascii() and trimmed.decode().isprintable():
        return clean_text(trimmed.decode())
    return value.hex() if len(value) <= _MAX_HEX else None
