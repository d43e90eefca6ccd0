"""Enough of SQL to answer it honestly: what a statement selects, from where, which rows and in what order.

A small reader of our own, because a real parser is a dependency of megabytes for a table that does not exist. It reads
one statement; joins and subqueries are read over, and their columns are made up like all others.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from ..nodes.base import Json
from .fake_sql_statement import Statement, Token

CLAUSES = ("FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "FETCH", "UNION")
"""What may follow the columns of a SELECT, in this order."""

_BINARY = frozenset("+ - * / % = <> != < > <= >= || :: -> ->> ~".split())  # noqa: SIM905
_INNER_WORDS = frozenset(
    """AND OR NOT IN IS NULL LIKE ILIKE BETWEEN CASE WHEN THEN ELSE END DISTINCT OVER PARTITION BY ORDER ASC DESC FROM
    INTERVAL AT TIME ZONE FOR ROWS FILTER WHERE SELECT EXISTS""".split()  # noqa: SIM905
)


@dataclass(slots=True)
class Item:
    """One column of the answer."""

    name: str
    function: str = ""
    """Lower case; empty for a plain column, ``CASE`` or ``EXPRESSION`` for what is no function."""
    column: str = ""
    """The first column that the expression names; empty if none."""
    distinct: bool = False
    literal: Json = None
    star: bool = False


@dataclass(slots=True)
class Condition:
    """One comparison of a WHERE; `values` has two for BETWEEN, any number for IN."""

    column: str
    operator: str
    values: list[Json]


@dataclass(slots=True)
class Select:
    """What a SELECT asks for."""

    table: str = ""
    items: list[Item] = field(default_factory=list)
    distinct: bool = False
    where: list[list[Condition]] = field(default_factory=list)
    """Alternatives (OR) of conditions that hold together (AND)."""
    group: list[str] = field(default_factory=list)
    having: list[list[Condition]] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)
    """Names, and whether downwards."""
    limit: int | None = None
    offset: int = 0


def read_select(statement: Statement) -> Select:
    """What a SELECT asks for.

    :raises NodeFailure: ``sql_error``.
    """
    tokens = _main_select(statement)
    clauses = _clauses(statement, tokens)
    select = Select(table=_table(statement, clauses))
    columns = clauses[""]
    if columns and columns[0].word in ("DISTINCT", "ALL"):
        select.distinct = columns.pop(0).word == "DISTINCT"
    if columns and columns[0].word == "TOP" and len(columns) > 1:
        select.limit = _count(statement, columns[1:2])
        columns = columns[2:]
    select.items = [_item(statement, part, tokens) for part in statement.split(columns, ",")]
    _read_rows(statement, clauses, select)
    return select


def _main_select(statement: Statement) -> list[Token]:
    """The pieces after the outermost SELECT, up to a UNION, whose other half has the same columns anyway."""
    depth = 0
    for place, token in enumerate(statement.tokens):
        depth += (token.text == "(") - (token.text == ")")
        if token.word == "SELECT" and not depth:
            return statement.split(statement.tokens[place + 1 :], "UNION", "EXCEPT", "INTERSECT")[0]
    raise statement.wrong(None, "a SELECT is missing.")


def _clauses(statement: Statement, tokens: list[Token]) -> dict[str, list[Token]]:
    clauses: dict[str, list[Token]] = {"": []}
    name, depth, reached = "", 0, -1
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if depth or token.word not in CLAUSES:
            clauses[name].append(token)
            continue
        order = CLAUSES.index(token.word)
        if order <= reached and token.word not in ("LIMIT", "OFFSET", "FETCH"):
            raise statement.wrong(token, f"{token.word} stands in the wrong place.")
        if not clauses[name]:
            raise statement.wrong(token, f"something is missing before {token.word}.")
        name, reached = token.word, order
        clauses[name] = []
    if not clauses[name]:
        raise statement.wrong(None, f"something is missing after {name or 'SELECT'}.")
    return clauses


def _table(statement: Statement, clauses: dict[str, list[Token]]) -> str:
    source = clauses.get("FROM")
    if source is None:
        return ""
    if source[0].kind not in ("word", "quoted") and source[0].text != "(":
        raise statement.wrong(source[0], "a table was expected after FROM.")
    names = [token for token in source if token.kind in ("word", "quoted")]
    dotted = [token.name for token, before in zip(source[2::2], source[1::2], strict=False) if before.text == "."]
    if source[0].text == "(":
        inner = [after.name for token, after in pairwise(source) if token.word == "FROM"]
        return inner[0] if inner else "rows"
    return dotted[-1] if dotted and source[1].text == "." else names[0].name


def _item(statement: Statement, part: list[Token], all_tokens: list[Token]) -> Item:
    if not part:
        last = next((token for token in reversed(all_tokens) if token.text == ","), None)
        raise statement.wrong(last, "a column is missing here.")
    if part[-1].text == "*" and (len(part) == 1 or (len(part) == 3 and part[1].text == ".")):
        return Item("*", star=True)
    body, alias = _alias(statement, part)
    names = _columns_in(body)
    item = Item(alias, column=names[0] if names else "")
    if len(body) > 2 and body[0].kind == "word" and body[1].text == "(":
        item.function = body[0].text.lower()
        item.distinct = body[2].word == "DISTINCT"
    elif body[0].word == "CASE":
        item.function, item.literal = "CASE", _outcomes(statement, body)
    elif len(body) > 1 and names and not all(token.text == "." for token in body[1::2]):
        item.function = "EXPRESSION"
    elif not names:
        item.literal = statement.value(body)
    if not alias:
        item.name = item.column if not item.function and names else item.function or statement.text_of(body)
    if item.function == "EXPRESSION" and not alias:
        item.name = statement.text_of(body)
    return item


def _outcomes(statement: Statement, tokens: list[Token]) -> list[Json]:
    """The plain values that a CASE can give."""
    pairs = pairwise(tokens)
    return [statement.value([token]) for before, token in pairs if before.word in ("THEN", "ELSE")] or [None]


def _alias(statement: Statement, part: list[Token]) -> tuple[list[Token], str]:
    """The expression and the name given to it, which is empty if there is none."""
    halves = statement.split(part, "AS")
    if len(halves) > 1:
        if (
            len(halves) > 2
            or not halves[0]
            or len(halves[1]) != 1
            or halves[1][0].kind not in ("word", "quoted", "text")
        ):
            raise statement.wrong(part[-1], "one name was expected after AS.")
        _check_expression(statement, halves[0])
        return halves[0], halves[1][0].text.strip("'") if halves[1][0].kind == "text" else halves[1][0].name
    implicit = len(part) > 1 and part[-1].kind in ("word", "quoted") and part[-1].word not in _INNER_WORDS
    if implicit and (_ends(part[-2]) and part[-2].text != "."):
        _check_expression(statement, part[:-1])
        return part[:-1], part[-1].name
    _check_expression(statement, part)
    return part, ""


def _check_expression(statement: Statement, tokens: list[Token]) -> None:
    """Two values need an operator between them, an operator needs its values."""
    if tokens[0].text in _BINARY - {"-", "+", "~"}:
        raise statement.wrong(tokens[0], "a value is missing before this, or this does not belong here.")
    for before, token in pairwise(tokens):
        if _ends(before) and _begins(token) and not (before.kind == "word" and token.text == "("):
            raise statement.wrong(token, "an operator or a comma was expected before this.")
        if before.text in _BINARY and token.text in _BINARY and token.text not in "-*+":
            raise statement.wrong(token, "a value was expected here.")
    if tokens[-1].text in _BINARY and tokens[-1].text != "*":
        raise statement.wrong(tokens[-1], "a value is missing after this.")


def _ends(token: Token) -> bool:
    """Whether a value may end with this piece."""
    if token.kind == "word":
        return token.word not in _INNER_WORDS or token.word in ("END", "NULL")
    return token.kind in ("text", "number", "quoted", "param") or token.text == ")"


def _begins(token: Token) -> bool:
    if token.kind == "word":
        return token.word not in _INNER_WORDS
    return token.kind in ("text", "number", "quoted", "param")


def _columns_in(tokens: list[Token]) -> list[str]:
    """The columns that an expression names; of ``orders.total`` the last part."""
    found = []
    for place, token in enumerate(tokens):
        after = tokens[place + 1].text if place + 1 < len(tokens) else ""
        plain = token.kind == "quoted" or (token.kind == "word" and token.word not in _INNER_WORDS)
        if (
            plain
            and after not in ("(", ".")
            and token.word not in ("TRUE", "FALSE", "CURRENT_DATE", "CURRENT_TIMESTAMP")
        ):
            found.append(token.name)
    return found


def _read_rows(statement: Statement, clauses: dict[str, list[Token]], select: Select) -> None:
    if "WHERE" in clauses:
        select.where = _alternatives(statement, clauses["WHERE"])
    if "GROUP" in clauses:
        select.group = [
            _named(statement, part, select) for part in statement.split(_after_by(statement, clauses["GROUP"]), ",")
        ]
    if "HAVING" in clauses:
        select.having = _alternatives(statement, clauses["HAVING"])
    if "ORDER" in clauses:
        parts = statement.split(_after_by(statement, clauses["ORDER"]), ",")
        select.order = [(_named(statement, part, select), any(t.word == "DESC" for t in part)) for part in parts]
    if "LIMIT" in clauses:
        numbers = [_count(statement, part) for part in statement.split(clauses["LIMIT"], ",")]
        select.limit = numbers[-1]
        select.offset = numbers[0] if len(numbers) > 1 else 0
    if "OFFSET" in clauses:
        select.offset = _count(statement, [token for token in clauses["OFFSET"] if token.word not in ("ROW", "ROWS")])
    if "FETCH" in clauses:
        select.limit = _count(statement, [token for token in clauses["FETCH"] if token.kind in ("number", "param")])


def _after_by(statement: Statement, tokens: list[Token]) -> list[Token]:
    if tokens[0].word != "BY" or len(tokens) < 2:
        raise statement.wrong(tokens[0], "BY and a column were expected here.")
    return tokens[1:]


def _named(statement: Statement, part: list[Token], select: Select) -> str:
    """The column that ORDER BY or GROUP BY means: its name, its number, or the text of its expression."""
    body = [token for token in part if token.word not in ("ASC", "DESC", "NULLS", "FIRST", "LAST")]
    if not body:
        raise statement.wrong(part[0] if part else None, "a column was expected here.")
    if len(body) == 1 and body[0].kind == "number":
        place = int(body[0].text) - 1 if body[0].text.isdigit() else -1
        if not 0 <= place < len(select.items):
            raise statement.wrong(body[0], "there is no such column in the answer.")
        return select.items[place].name
    _check_expression(statement, body)
    called = body[0].text.lower() if len(body) > 1 and body[1].text == "(" else ""
    inner = (_columns_in(body) or [""])[0]
    same = [item.name for item in select.items if item.function and item.function == called and item.column == inner]
    return same[0] if same else inner or statement.text_of(body)


def _count(statement: Statement, tokens: list[Token]) -> int:
    found = statement.value(tokens) if tokens else None
    if isinstance(found, str) and found.isdigit():
        found = int(found)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise statement.wrong(tokens[0] if tokens else None, "a whole number was expected here.")
    return found


def _alternatives(statement: Statement, tokens: list[Token]) -> list[list[Condition]]:
    """A condition as alternatives of conjunctions. Parentheses around one are opened; NOT and EXISTS are read over."""
    found = []
    for branch in statement.split(tokens, "OR"):
        if not branch:
            raise statement.wrong(None, "a condition is missing beside OR.")
        found.append([each for part in _parts_of_and(statement, branch) for each in _condition(statement, part)])
    return found


def _parts_of_and(statement: Statement, tokens: list[Token]) -> list[list[Token]]:
    """The parts between ANDs; the AND of a BETWEEN belongs to it."""
    joined: list[list[Token]] = []
    for part in statement.split(tokens, "AND"):
        if joined and any(t.word == "BETWEEN" for t in joined[-1]) and not any(t.word == "AND" for t in joined[-1]):
            joined[-1] = [*joined[-1], Token("word", "AND", part[0].at if part else 0), *part]
        else:
            joined.append(part)
        if not part:
            raise statement.wrong(None, "a condition is missing beside AND.")
    return joined


def _condition(statement: Statement, part: list[Token]) -> list[Condition]:
    if part[0].text == "(" and part[-1].text == ")":
        return _alternatives(statement, part[1:-1])[0] if len(part) > 2 else []
    if part[0].word in ("NOT", "EXISTS"):
        return []
    operators = ("=", "<>", "!=", "<", ">", "<=", ">=", "LIKE", "ILIKE", "IN", "BETWEEN", "IS", "NOT")
    place = _first(part, operators)
    left = part[:place] if place is not None else part
    if not left:
        raise statement.wrong(part[0], "a column was expected before this.")
    _check_expression(statement, left)
    if place is None:
        return [Condition(_columns_in(left)[0], "=", [True])] if _columns_in(left) else []
    return _compared(statement, left, part[place], part[place + 1 :])


def _compared(statement: Statement, left: list[Token], sign: Token, right: list[Token]) -> list[Condition]:
    operator = sign.word or sign.text
    negated = operator == "NOT" or bool(right and right[0].word == "NOT")
    rest = [token for token in right if token.word != "NOT"]
    if operator == "NOT" and rest:
        operator, rest = rest[0].word, rest[1:]
    if not rest:
        raise statement.wrong(sign, "a value is missing after this.")
    if operator == "BETWEEN":
        halves = statement.split(rest, "AND")
        if len(halves) != 2:
            raise statement.wrong(sign, "BETWEEN needs two values with AND between them.")
    elif operator == "IN":
        halves = statement.split(rest[1:-1], ",")
    else:
        _check_expression(statement, rest)
        halves = [rest]
    if not _columns_in(left) or not all(halves) or any(t.word == "SELECT" for half in halves for t in half):
        return []
    called = left[0].text.lower() if len(left) > 1 and left[1].text == "(" else ""
    name = (
        f"{called}({_columns_in(left)[0]})" if called in ("count", "sum", "avg", "min", "max") else _columns_in(left)[0]
    )
    values = [statement.value(half) for half in halves]
    return [
        Condition(
            name, ("not " if negated else "") + operator.lower().replace("ilike", "like").replace("!=", "<>"), values
        )
    ]


def _first(tokens: list[Token], signs: tuple[str, ...]) -> int | None:
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.text == "(") - (token.text == ")")
        if not depth and (token.word or token.text) in signs and token.kind in ("word", "sign"):
            return place
    return None
