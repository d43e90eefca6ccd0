"""Patterns of paths, as the tools of our users write them."""

from __future__ import annotations

import re
from typing import Protocol

_TOKENS = re.compile(r"(?<=/)\*\*+/|\*\*+|\\.?|.", re.DOTALL)
_MEANINGS = {"*": "[^/]*", "?": "[^/]"}


class BadPattern(ValueError):
    """A pattern cannot be read."""


class Glob(Protocol):
    """A pattern that can be compared with paths."""

    def fullmatch(self, path: str, /) -> object | None:
        """Something if the whole path fits."""


def plain_path(path: str) -> str:
    """A path without the slash at its end, which the router does not look at."""
    return path.removesuffix("/") or "/"


def compile_glob(pattern: str) -> Glob:
    """A glob as Playwright and Cypress read it, as a regular expression that cannot hang.

    ``*`` stays within a segment, ``**`` crosses them, ``?`` is one character, ``{a,b}`` is one of several, and a
    backslash takes away what the next character means. A ``*`` that the pattern begins with is read as ``**``, as every
    path begins with a slash; a slash at the end of the pattern means nothing.

    :param pattern: to be compared with plain paths.
    :raises BadPattern: if a brace or a backslash is left open.
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        glob: Glob = re2.compile("(?s)" + _as_regex(pattern), options)
    except re2.error as error:
        raise BadPattern(f"This pattern cannot be used: {error}.") from None
    return glob


def _as_regex(pattern: str) -> str:
    parts, is_open = [], False
    for token in _tokens(pattern):
        if (token == "{" and is_open) or (token == "}" and not is_open) or token == "\\":
            raise BadPattern(f"'{token}' has no counterpart here.")
        is_open = token == "{" or (is_open and token != "}")
        parts.append(_meaning(token, is_open))
    if is_open:
        raise BadPattern("'{' has no counterpart here.")
    return "".join(parts)


def _tokens(pattern: str) -> list[str]:
    tokens = _TOKENS.findall(f"*{pattern}" if pattern.startswith("*") else pattern)
    if len(tokens) > 1 and not tokens[-1].startswith("\\"):
        tokens[-1] = tokens[-1].removesuffix("/")
    return tokens


def _meaning(token: str, is_open: bool) -> str:
    if token.startswith("**"):
        return "(?:.*/)?" if token.endswith("/") else ".*"
    if token in ("{", "}") or (token == "," and is_open):
        return {"{": "(?:", "}": ")", ",": "|"}[token]
    return _MEANINGS.get(token) or re.escape(token.removeprefix("\\"))
