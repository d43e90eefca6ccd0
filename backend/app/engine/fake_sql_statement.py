"""One SQL statement in pieces, and where it goes wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import NodeFailure
from ..nodes.base import Json

DEEPEST = 100
"""Parentheses in each other that one statement may have."""

_TOKEN = re.compile(
    r"""(?P<space>\s+|--[^\n]*|/\*.*?\*/)
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")+"|`[^`]+`|\[[A-Za-z_][^\]]*\])
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)
    |(?P<param>\?|%s|%\(\w+\)s|\$\d+|:[A-Za-z_]\w*|@[A-Za-z_]\w*)
    |(?P<word>[^\W\d]\w*)
    |(?P<sign>::|<>|!=|<=|>=|\|\||->>|->|[-+*/%=<>(),.;~])""",
    re.VERBOSE | re.DOTALL,
)
_STARTS = "SELECT WITH INSERT UPDATE DELETE REPLACE CREATE DROP ALTER TRUNCATE BEGIN COMMIT ROLLBACK".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a statement."""

    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """The piece as a keyword: upper case, empty if it is no word."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """The piece as a name, without its quotes."""
        return self.text[1:-1].replace('""', '"') if self.kind == "quoted" else self.text


class Statement:
    """The pieces of one statement, and where it goes wrong."""

    def __init__(self, sql: str, parameters: Json = None) -> None:
        """:raises NodeFailure: ``sql_error``, for what is no SQL at all."""
        self.sql = sql
        self._parameters = parameters
        self._used = 0
        self.tokens = self._tokenize()
        self._check()

    @property
    def verb(self) -> str:
        """What the statement does: SELECT, INSERT ..."""
        return self.tokens[0].word

    def wrong(self, token: Token | None, why: str) -> NodeFailure:
        """The failure for a place in the statement; without a token, its end."""
        at = token.at if token else len(self.sql.rstrip())
        line = self.sql.count("\n", 0, at) + 1
        column = at - (self.sql.rfind("\n", 0, at) + 1) + 1
        near = f"near '{token.text}'" if token else "at the end"
        message = f"SQL error {near} (line {line}, column {column}): {why}"
        return NodeFailure("sql_error", message, line=line, column=column)

    def split(self, tokens: list[Token], *signs: str) -> list[list[Token]]:
        """The pieces between these words or signs, outside of parentheses; the separators are left out."""
        parts: list[list[Token]] = [[]]
        depth = 0
        for token in tokens:
            depth += (token.text == "(") - (token.text == ")")
            if not depth and (token.word or token.text) in signs and token.kind in ("word", "sign"):
                parts.append([])
            else:
                parts[-1].append(token)
        return parts

    def value(self, tokens: list[Token]) -> Json:
        """The value of a literal or parameter; of another expression its text."""
        sign = -1 if tokens and tokens[0].text == "-" else 1
        rest = tokens[1:] if sign < 0 else tokens
        if len(rest) != 1:
            return self.text_of(tokens)
        token = rest[0]
        if token.kind == "number":
            return sign * (float(token.text) if re.search(r"[.eE]", token.text) else int(token.text))
        if token.kind == "text":
            return token.text[1:-1].replace("''", "'")
        if token.kind == "param":
            return self._parameter(token)
        return {"TRUE": True, "FALSE": False, "NULL": None}.get(token.word, token.name)

    def text_of(self, tokens: list[Token]) -> str:
        """The source of these pieces, as it stands."""
        return self.sql[tokens[0].at : tokens[-1].at + len(tokens[-1].text)] if tokens else ""

    def _parameter(self, token: Token) -> Json:
        name = re.sub(r"^%\((\w+)\)s$|^[:@$](\w+)$", r"\1\2", token.text)
        given = self._parameters
        if isinstance(given, Mapping) and name in given:
            return given[name]
        place = int(name) - 1 if name.isdigit() else self._used
        self._used += 1
        if isinstance(given, list) and 0 <= place < len(given):
            return given[place]
        raise NodeFailure("sql_error", f"The statement asks for a parameter '{token.text}' that was not given.")

    def _tokenize(self) -> list[Token]:
        tokens, at = [], 0
        while at < len(self.sql):
            found = _TOKEN.match(self.sql, at)
            if not found:
                raise self.wrong(Token("sign", self.sql[at], at), "this does not belong into a statement.")
            if found.lastgroup != "space":
                tokens.append(Token(str(found.lastgroup), found.group(), at))
            at = found.end()
        while tokens and tokens[-1].text == ";":
            tokens.pop()
        return tokens

    def _check(self) -> None:
        if not self.tokens:
            raise NodeFailure("sql_error", "There is no SQL statement to run.")
        if self.verb not in _STARTS:
            raise self.wrong(self.tokens[0], f"a statement begins with {', '.join(_STARTS[:6])} or the like.")
        open_at: list[Token] = []
        for token in self.tokens:
            if token.text == "(":
                open_at.append(token)
                if len(open_at) > DEEPEST:
                    raise self.wrong(token, f"parentheses may be nested {DEEPEST} deep.")
            elif token.text == ")" and not (open_at and open_at.pop()):
                raise self.wrong(token, "nothing was opened that this could close.")
            elif token.text == ";":
                raise self.wrong(token, "only one statement can be run at a time.")
        if open_at:
            raise self.wrong(open_at[-1], "this parenthesis is never closed.")
