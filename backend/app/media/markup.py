"""The first element of a marked-up text, found without parsing it."""

from __future__ import annotations

import re

_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z][\w.-]*)")


def root_name(text: str) -> str | None:
    """The local name, in lower case, of the first element after declarations, comments and doctype."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        after = _skip(text, at)
        if after is None:
            found = _ROOT.match(text, at)
            return found.group(1).lower() if found else None
        at = after
    return None


def _skip(text: str, at: int) -> int | None:
    """Where the declaration that begins here ends; ``None`` if none begins here."""
    if text.startswith("<?", at):
        return _after(text, "?>", at)
    if text.startswith("<!--", at):
        return _after(text, "-->", at)
    if text.startswith("<!", at):
        subset, end = text.find("[", at), text.find(">", at)
        return _after(text, ">", text.find("]", subset)) if 0 <= subset < end else _after(text, ">", at)
    return None


def _after(text: str, mark: str, at: int) -> int:
    end = text.find(mark, max(at, 0))
    return len(text) if end < 0 else end + len(mark)
