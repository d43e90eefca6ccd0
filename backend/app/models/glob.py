"""Patterns of paths, as the tools of our users write them."""

from __future__ import annotations

import re
from typing import Any

_TOKENS = re.compile(r"(?<=/)\*\*+/|\*\*+|\\.?|.", re.DOTALL)
_MEANINGS = {"*": "[^/]*", "?": "[^/]"}


class BadPattern(ValueError):
    """A pattern cannot be read."""


def compile_glob(pattern: str) -> Any:
    """A glob as Playwright and Cypress read it, as a regular expression that cannot hang.

    ``*`` stays within a segment, ``**`` crosses them, ``?`` is one character, ``{a,b}`` is one of several, and a
    backslash takes away what the next character means.

    :raises BadPattern: if a brace or a backslash is left open.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile("(?s)" + _as_regex(pattern), options)
    except re2.error as error:
        raise BadPattern(f"This pattern cannot be used: {error}.") from None


def _as_regex(pattern: str) -> str:
    parts, is_open = [], False
    for token in _TOKENS.findall(pattern):
        if (token == "{" and is_open) or (token == "}" and not is_open) or token == "\\":
            raise BadPattern(f"'{token}' has no counterpart here.")
        is_open = token == "{" or (is_open and token != "}")
        parts.append(_meaning(token, is_open))
    if is_open:
        raise BadPattern("'{' has no counterpart here.")
    return "".join(parts)


def _meaning(token: str, is_open: bool) -> str:
    if token.startswith("**"):
        return "(?:.*/)?" if token.endswith("/") else ".*"
    if token in ("{", "}") or (token == "," and is_open):
        return {"{": "(?:", "}": ")", ",": "|"}[token]
    return _MEANINGS.get(token) or re.escape(token.removeprefix("\\"))
