"""What a database would have answered: made-up rows, and everything the statement does with them really done."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from typing import Any

from ..moments import MICROSECONDS, from_iso, iso
from ..nodes.base import Json
from .fake_sql_reader import Condition, Item, Select, read_select
from .fake_sql_statement import Statement, Token
from .fake_values import Luck, columns_of, plural, value_of

FEWEST_ROWS, MOST_ROWS = 24, 60
"""Rows that a made-up table holds, when no condition narrows it."""

_AGGREGATES = ("count", "sum", "avg", "min", "max")
_ROUNDERS: dict[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "trim": str.strip}
_NOW = re.compile(
    r"(?:now\(\)|current_timestamp|current_date)(?:\s*(?P<sign>[-+])\s*interval\s*'?(?P<number>\d{1,5})'?\s*"
    r"(?P<unit>minute|hour|day|week|month|year)s?'?)?",
    re.IGNORECASE,
)
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000, "year": 31_536_000}
Row = dict[str, Json]


def answer(sql: str, parameters: Json, luck: Luck) -> dict[str, Json]:
    """A database's answer: ``{columns, rows, row_count}``.

    :raises NodeFailure: ``sql_error``, with the place.
    """
    statement = Statement(sql, parameters)
    if statement.verb in ("SELECT", "WITH"):
        return _shown(_selected(read_select(statement), luck))
    return _changed(statement, luck)


def _shown(pair: tuple[list[str], list[Row]]) -> dict[str, Json]:
    columns, rows = pair
    return {"columns": columns, "rows": rows, "row_count": len(rows)}


def _selected(select: Select, luck: Luck) -> tuple[list[str], list[Row]]:
    items = _without_stars(select)
    base = _table(select, items, luck)
    if select.group or any(item.function in _AGGREGATES for item in items):
        groups = _groups(select, base, luck)
        pairs = [({item.name: _aggregate(item, members, luck) for item in items}, members) for members in groups]
        pairs = [(row, members) for row, members in pairs if _holds(select.having, row, members, luck)]
    else:
        pairs = [({item.name: _cell(item, row, luck) for item in items}, [row]) for row in base]
    rows = _ordered(select, pairs)
    if select.distinct:
        rows = list({repr(row): row for row in rows}.values())
    stop = None if select.limit is None else select.offset + select.limit
    return list(dict.fromkeys(item.name for item in items)), rows[select.offset : stop]


def _without_stars(select: Select) -> list[Item]:
    found: list[Item] = []
    for item in select.items:
        found += [Item(name, column=name) for name in columns_of(select.table or "rows")] if item.star else [item]
    return found


def _table(select: Select, items: list[Item], luck: Luck) -> list[Row]:
    """The rows that the conditions leave, with every column that the statement speaks of."""
    if not select.table:
        return [{}]
    luck.table = plural(select.table.lower())
    spoken = [item.column for item in items] + select.group + [name for name, _ in select.order]
    outputs = {item.name for item in items if item.column != item.name}
    conditions = [each.column for branch in select.where for each in branch]
    columns = [name for name in dict.fromkeys([*spoken, *conditions]) if name and name not in outputs]
    ranked = sorted(columns, key=lambda name: (name != "name", name not in ("first_name", "last_name", "city")))
    count = 1 if _is_single(select.where) else luck.rng.randint(FEWEST_ROWS, MOST_ROWS)
    return [_row(ranked, select.where, luck, place) for place in range(count)]


def _is_single(where: list[list[Condition]]) -> bool:
    return len(where) == 1 and any(each.column.lower() == "id" and each.operator == "=" for each in where[0])


def _row(columns: list[str], where: list[list[Condition]], luck: Luck, place: int) -> Row:
    luck.row, luck.memory = place, {}
    branch = [_dated(each, luck) for each in where[place % len(where)]] if where else []
    for column in columns:
        luck.memory[column] = value_of(column, luck)
        for condition in branch:
            if condition.column == column:
                luck.memory[column] = _bent(luck.memory[column], condition, luck)
    return luck.memory


def _dated(condition: Condition, luck: Luck) -> Condition:
    """The condition with ``now() - interval '7 days'`` worked out."""
    values = [_moment(value, luck) if isinstance(value, str) else value for value in condition.values]
    return Condition(condition.column, condition.operator, values)


def _moment(text: str, luck: Luck) -> str:
    found = _NOW.fullmatch(text.strip())
    if not found:
        return text
    seconds = int(found["number"] or 0) * _SECONDS.get((found["unit"] or "day").lower(), 0)
    sign = -1 if found["sign"] == "-" else 1
    return iso(from_iso(luck.now) + sign * seconds * MICROSECONDS)


def _bent(value: Json, condition: Condition, luck: Luck) -> Json:
    """The value, made to fit a condition."""
    if _fits(value, condition):
        return value
    wanted = condition.values[0]
    if condition.operator in ("=", "<=", ">="):
        return wanted
    if condition.operator == "in":
        return luck.pick(condition.values)
    if condition.operator == "between":
        return _between(condition.values[0], condition.values[-1], luck)
    if condition.operator in ("<", ">"):
        return _beyond(wanted, condition.operator == ">", value, luck)
    if condition.operator == "like":
        return str(wanted).replace("%", str(value).lower()[:6]).replace("_", "a")
    if condition.operator == "is":
        return wanted
    return f"other {value}" if isinstance(value, str) else luck.row + 1_000


def _between(low: Json, high: Json, luck: Luck) -> Json:
    if isinstance(low, int) and isinstance(high, int) and low <= high:
        return luck.rng.randint(low, high)
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        return round(low + (high - low) * luck.rng.random(), 2)
    return low


def _beyond(bound: Json, above: bool, like: Json, luck: Luck) -> Json:
    """A value on the right side of a number or a time."""
    sign = 1 if above else -1
    if isinstance(bound, (int, float)):
        step = luck.rng.random() * max(abs(bound), 10)
        return round(bound + sign * step, 2) if isinstance(like, float) else int(bound) + sign * (1 + int(step))
    try:
        start, now = from_iso(str(bound)), from_iso(luck.now)
        room = now - start if above and start < now else 35 * 86_400 * MICROSECONDS
        moment = iso(start + sign * max(round(luck.rng.random() * room), 1_000))
    except ValueError:
        return f"{bound}{luck.code(1)}" if above else ""
    return moment[:10] if len(str(bound)) == 10 and len(str(like)) == 10 else moment


def _fits(value: Json, condition: Condition) -> bool:
    operator, values = condition.operator, condition.values
    if operator.startswith("not "):
        return not _fits(value, Condition(condition.column, operator[4:], values))
    if operator == "in":
        return value in values
    if operator == "is":
        return bool(value is values[0])
    if operator == "like":
        pattern = str(values[0]).replace("*", "[*]").replace("?", "[?]").replace("%", "*").replace("_", "?")
        return fnmatch.fnmatchcase(str(value).lower(), pattern.lower())
    if operator == "=":
        return bool(value == values[0])
    if operator == "<>":
        return bool(value != values[0])
    return _compares(value, operator, values)


def _compares(value: Json, operator: str, values: list[Json]) -> bool:
    try:
        if operator == "between":
            return bool(values[0] <= value <= values[1])
        sign = {"<": value < values[0], "<=": value <= values[0], ">": value > values[0], ">=": value >= values[0]}
    except (TypeError, IndexError):
        return False
    return bool(sign.get(operator, True))


def _groups(select: Select, base: list[Row], luck: Luck) -> list[list[Row]]:
    if not select.group:
        return [base]
    items = [_grouped_by(select, name) for name in select.group]
    found: dict[str, list[Row]] = {}
    for row in base:
        key = repr([_cell(item, row, luck) for item in items])
        found.setdefault(key, []).append(row)
    return list(found.values())


def _grouped_by(select: Select, name: str) -> Item:
    return next((item for item in select.items if item.name == name), Item(name, column=name))


def _aggregate(item: Item, members: list[Row], luck: Luck) -> Json:
    if item.function not in _AGGREGATES:
        return _cell(item, members[0], luck) if members else None
    values = (
        [row[item.column] for row in members if row.get(item.column) is not None] if item.column else [1] * len(members)
    )
    if item.distinct:
        values = list({repr(value): value for value in values}.values())
    return _reduced(item.function, values)


def _reduced(function: str, values: list[Any]) -> Json:
    if function == "count":
        return len(values)
    numbers = [value for value in values if isinstance(value, (int, float))]
    if function in ("min", "max"):
        chosen = min if function == "min" else max
        kept: list[Any] = numbers or [str(value) for value in values]
        return chosen(kept, default=None)
    if not numbers:
        return None
    return round(sum(numbers) / len(numbers), 2) if function == "avg" else round(sum(numbers), 2)


def _cell(item: Item, row: Row, luck: Luck) -> Json:
    if not item.function:
        return row.get(item.column) if item.column else item.literal
    value = row.get(item.column)
    if item.function in _ROUNDERS:
        return _ROUNDERS[item.function](str(value))
    if item.function == "round" and isinstance(value, (int, float)):
        return round(value)
    if item.function in ("now", "current_timestamp"):
        return luck.now
    if item.function in ("date", "date_trunc"):
        return str(value)[:10]
    if item.function == "CASE":
        return luck.pick(item.literal)
    if item.function == "EXPRESSION" and isinstance(value, (int, float)):
        return value
    if item.function in ("coalesce", "ifnull", "cast", "abs", "distinct"):
        return value
    if item.function == "length":
        return len(str(value))
    return value_of(item.name, luck)


def _holds(alternatives: list[list[Condition]], row: Row, members: list[Row], luck: Luck) -> bool:
    if not alternatives:
        return True
    return any(
        all(_fits(_looked_up(each.column, row, members, luck), each) for each in branch) for branch in alternatives
    )


def _looked_up(name: str, row: Row, members: list[Row], luck: Luck) -> Json:
    """A column of the answer, else an aggregate such as ``count(*)`` over the members of the group."""
    if name in row:
        return row[name]
    function, _, column = name.rstrip(")").partition("(")
    return _aggregate(Item(name, function, "" if column == "*" else column), members, luck)


def _ordered(select: Select, pairs: list[tuple[Row, list[Row]]]) -> list[Row]:
    """The rows in order: numbers before texts, nothing at the end."""
    for name, downwards in reversed(select.order):

        def value(pair: tuple[Row, list[Row]], name: str = name) -> Json:
            return pair[0].get(name, pair[1][0].get(name) if pair[1] else None)

        known = [pair for pair in pairs if value(pair) is not None]
        known.sort(key=lambda pair: _sort_key(value(pair)), reverse=downwards)
        pairs = known + [pair for pair in pairs if value(pair) is None]
    return [row for row, _ in pairs]


def _sort_key(value: Json) -> tuple[bool, float, str]:
    is_number = isinstance(value, (int, float))
    return not is_number, float(value) if is_number else 0.0, "" if is_number else str(value)


def _changed(statement: Statement, luck: Luck) -> dict[str, Json]:
    """INSERT, UPDATE, DELETE and the like: how many rows they touched, and those that RETURNING names."""
    clauses = {"INSERT": "INTO", "REPLACE": "INTO", "DELETE": "FROM"}
    tokens = statement.tokens
    needed = clauses.get(statement.verb)
    if needed and (len(tokens) < 3 or tokens[1].word != needed):
        raise statement.wrong(tokens[1] if len(tokens) > 1 else None, f"{needed} and a table were expected.")
    if statement.verb == "UPDATE" and not any(token.word == "SET" for token in tokens):
        raise statement.wrong(None, "UPDATE needs SET and a column.")
    count = _touched(statement, luck)
    return _returned(statement, count, luck)


def _touched(statement: Statement, luck: Luck) -> int:
    words = [token.word for token in statement.tokens]
    if statement.verb in ("INSERT", "REPLACE"):
        if "VALUES" not in words:
            return luck.rng.randint(1, 40) if "SELECT" in words else 1
        after = statement.tokens[words.index("VALUES") + 1 :]
        until = next((place for place, token in enumerate(after) if token.word in ("RETURNING", "ON")), len(after))
        return sum(bool(part) for part in statement.split(after[:until], ","))
    if statement.verb not in ("UPDATE", "DELETE"):
        return 0
    where = words.index("WHERE") if "WHERE" in words else -1
    if where < 0:
        return luck.rng.randint(FEWEST_ROWS, MOST_ROWS)
    return 1 if "id" in [token.name.lower() for token in statement.tokens[where:]] else luck.rng.randint(1, 20)


def _returned(statement: Statement, count: int, luck: Luck) -> dict[str, Json]:
    halves: list[list[Token]] = statement.split(statement.tokens, "RETURNING")
    if len(halves) < 2 or not halves[1]:
        return {"columns": [], "rows": [], "row_count": count}
    table = next((token.name for token in statement.tokens[1:] if token.word not in ("INTO", "FROM")), "rows")
    luck.table = plural(table.lower())
    named = [part[-1].name for part in statement.split(halves[1], ",") if part]
    columns = columns_of(table) if named == ["*"] else named
    rows = [_row(columns, [], luck, place) for place in range(count)]
    return {"columns": columns, "rows": rows, "row_count": count}
