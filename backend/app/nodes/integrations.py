"""Nodes for services that people use anyway: Slack, Gmail, Google Sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from ..errors import NodeFailure
from .base import Config, Effects, Inputs, Json, NodeType, Port, Simulation
from .fields import (
    anything,
    box,
    choice,
    defaults_of,
    form,
    kind_of,
    line,
    list_of,
    read_choice,
    read_names,
    read_text,
    read_whole,
    secret,
    text_of,
    whole,
    written_or_arrived,
)
from .network import addresses

COLOR = "#22c55e"
MOST_ROWS = 500
"""Rows that one read gives."""

_RANGE = re.compile(
    r"^(?:'?(?P<sheet>[^'!]+)'?!)?(?:\$?(?P<left>[A-Za-z]{1,3})\$?(?P<top>\d*)(?::\$?(?P<right>[A-Za-z]{1,3})\$?(?P<bottom>\d*))?)?$"
)
_kind = partial(NodeType, category="integrations", color=COLOR)


def slack(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Post a message to a channel; without a text, what arrived is the text."""
    channel = read_text(config, "channel").strip()
    text = text_of(written_or_arrived(config, "text", inputs)).strip()
    if not channel:
        raise NodeFailure("channel_not_found", "There is no channel to post to: fill in 'channel'.")
    if not text:
        raise NodeFailure("no_text", "The message is empty: fill in 'text', or let a text arrive.")
    receipt = effects.send("slack", {"channel": channel, "text": text})
    message = {"type": "message", "text": text, "ts": receipt["ts"]}
    return {"output": receipt | {"channel_name": channel, "text": text, "message": message}}


def gmail(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Send a mail, or search for some."""
    if read_choice(config, "operation", ("send", "search")) == "search":
        query = read_text(config, "query", "INBOX")
        found = effects.receive("gmail", query, read_whole(config, "limit", 5, 1, 100))
        return {"output": {"operation": "search", "query": query, "messages": found, "count": len(found)}}
    body = text_of(written_or_arrived(config, "body", inputs))
    message = {"to": addresses(config, "to"), "subject": read_text(config, "subject"), "body": body}
    return {"output": {"operation": "send"} | message | effects.send("gmail", message)}


def google_sheets(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Read rows of a sheet, or append what arrived."""
    spreadsheet = read_text(config, "spreadsheet").strip()
    if not spreadsheet:
        raise NodeFailure("spreadsheet_not_found", "There is no spreadsheet to work on: fill in 'spreadsheet'.")
    where = _range(read_text(config, "range", "Sheet1"))
    if read_choice(config, "operation", ("read", "append")) == "append":
        return _append(written_or_arrived(config, "rows", inputs), spreadsheet, where, effects)
    return _read(config, spreadsheet, where, effects)


def _append(value: Json, spreadsheet: str, where: Mapping[str, str], effects: Effects) -> dict[str, Json]:
    rows = _rows(value)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    receipt = effects.send("google_sheets", {"spreadsheet": spreadsheet, "row_count": len(rows)})
    first = receipt.get("first_row", 2)
    last = _letters(_column(where["left"]) + max(len(columns), 1) - 1)
    cells = f"{where['sheet']}!{where['left']}{first}:{last}{first + len(rows) - 1}"
    return {"output": rows, "result": _shown("append", spreadsheet, cells, columns, len(rows))}


def _read(config: Config, spreadsheet: str, where: Mapping[str, str], effects: Effects) -> dict[str, Json]:
    """Rows with the columns of the header; the range says how many of both there are."""
    columns = read_names(config, "columns")[: _width(where)]
    top = int(where["top"] or 1)
    height = int(where["bottom"]) - top if where["bottom"] else read_whole(config, "limit", 10, 1, MOST_ROWS)
    quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in columns)
    table = re.sub(r"\W+", "_", where["sheet"]).strip("_") or "sheet"
    limit = max(min(height, MOST_ROWS), 0)
    answer = effects.query(f'SELECT {quoted or "*"} FROM "{table}" LIMIT {limit}', None)
    rows = answer["rows"]
    found = answer["columns"]
    cells = (
        f"{where['sheet']}!{where['left']}{top}:{_letters(_column(where['left']) + len(found) - 1)}{top + len(rows)}"
    )
    return {"output": rows, "result": _shown("read", spreadsheet, cells, found, len(rows))}


def _shown(operation: str, spreadsheet: str, cells: str, columns: list[str], count: int) -> dict[str, Json]:
    return {"operation": operation, "spreadsheet": spreadsheet, "range": cells, "columns": columns, "row_count": count}


def _rows(value: Json) -> list[dict[str, Json]]:
    """What arrived as rows: an object is one row, a list has one per item.

    :raises NodeFailure: ``no_rows``.
    """
    listed = list_of(value, "rows", "items", "values")
    if listed is None and isinstance(value, Mapping):
        listed = [value]
    if not listed:
        raise NodeFailure("no_rows", f"Rows to append are objects or lists; what arrived is {kind_of(value)}.")
    return [_as_row(item) for item in listed]


def _as_row(item: Json) -> dict[str, Json]:
    if isinstance(item, Mapping):
        return {str(name): value for name, value in item.items()}
    cells = item if isinstance(item, list) else [item]
    return {_letters(place): cell for place, cell in enumerate(cells, 1)}


def _range(text: str) -> dict[str, str]:
    """A range in A1 notation: ``Orders!A1:D20``, ``Orders``, ``A:D``.

    :raises NodeFailure: ``bad_range``.
    """
    found = _RANGE.match(text.strip())
    if found and not found["sheet"] and found["left"] and not found["right"] and not found["top"]:
        found = None
    if not found:
        if re.fullmatch(r"[^!:]{1,100}", text.strip()):
            return {"sheet": text.strip(), "left": "A", "top": "", "right": "", "bottom": ""}
        raise NodeFailure("bad_range", f"'{text[:100]}' is no range such as Sheet1!A1:D20.")
    parts = {name: value or "" for name, value in found.groupdict().items()}
    if len(parts["top"] + parts["bottom"]) > 14:
        raise NodeFailure("bad_range", f"'{text[:100]}' has more rows than a sheet can have.")
    upper = {"left": parts["left"].upper() or "A", "right": parts["right"].upper()}
    return parts | upper | {"sheet": parts["sheet"] or "Sheet1"}


def _width(where: Mapping[str, str]) -> int | None:
    return max(_column(where["right"]) - _column(where["left"]) + 1, 1) if where["right"] else None


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters or "A"


_SLACK = form(
    {
        "channel": line("Channel", "#general"),
        "text": box("Text", description="If empty, what arrived."),
        "token": secret("Bot token", "Begins with xoxb-."),
    },
    required=["channel"],
)
_GMAIL = form(
    {
        "operation": choice("Operation", ("send", "search")),
        "to": line("To", "team@example.com", "Addresses, with commas between them."),
        "subject": line("Subject", "News from the workflow"),
        "body": box("Body", description="If empty, what arrived."),
        "query": line("Search", "INBOX", "As in Gmail: subject:invoice is:unread."),
        "limit": whole("Most mails", 5, 1, 100),
        "credentials": secret("Credentials"),
    }
)
_SHEETS = form(
    {
        "operation": choice("Operation", ("read", "append")),
        "spreadsheet": line("Spreadsheet", "1aBcD2eFgH3iJkL4mNoP5qRsT6uVwX7yZ", "Its id or address."),
        "range": line("Range", "Orders", "A sheet, or cells such as Orders!A1:D20; the first row is the header."),
        "columns": {
            "type": "array",
            "items": {"type": "string"},
            "title": "Header",
            "description": "The columns of the sheet; if empty, those its name suggests.",
            "default": [],
        },
        "limit": whole("Most rows", 10, 1, MOST_ROWS, "Where the range names no last row."),
        "rows": anything("Rows to append", "If empty, what arrived."),
        "credentials": secret("Credentials"),
    },
    required=["spreadsheet"],
)
_TEXT = {"type": "string"}

TYPES: tuple[NodeType, ...] = (
    _kind(
        "slack",
        "Slack",
        "Posts a message to a channel.",
        run=slack,
        icon="hash",
        outputs=(Port("output", "Receipt", "message"),),
        config_schema=_SLACK,
        defaults=defaults_of(_SLACK),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "ok": {"const": True},
                    "ts": _TEXT,
                    "channel": _TEXT,
                    "channel_name": _TEXT,
                    "text": _TEXT,
                },
                "required": ["ok", "ts", "channel", "channel_name", "text", "message"],
            }
        },
        simulation=Simulation(
            220,
            0.5,
            30,
            20_000,
            0.01,
            (
                ("ratelimited", "Slack asks to slow down."),
                ("channel_not_found", "Slack does not know the channel."),
            ),
        ),
    ),
    _kind(
        "gmail",
        "Gmail",
        "Sends or searches mail.",
        run=gmail,
        icon="mail-open",
        outputs=(Port("output", "Result", "object"),),
        config_schema=_GMAIL,
        defaults=defaults_of(_GMAIL),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "operation": _TEXT,
                    "id": _TEXT,
                    "threadId": _TEXT,
                    "messages": {"type": "array"},
                    "count": {"type": "integer"},
                },
                "required": ["operation"],
                "oneOf": [
                    {"required": ["id", "threadId", "labelIds", "to"]},
                    {"required": ["query", "messages", "count"]},
                ],
            }
        },
        simulation=Simulation(
            380,
            0.5,
            60,
            20_000,
            0.01,
            (
                ("quota_exceeded", "The daily sending quota is used up."),
                ("auth_expired", "The access has expired: sign in again."),
            ),
        ),
    ),
    _kind(
        "google_sheets",
        "Google Sheets",
        "Reads or appends rows.",
        run=google_sheets,
        icon="sheet",
        outputs=(Port("output", "Rows", "table"), Port("result", "Result", "object")),
        config_schema=_SHEETS,
        defaults=defaults_of(_SHEETS),
        output_schema={
            "output": {"type": "array", "items": {"type": "object"}},
            "result": {
                "type": "object",
                "properties": {
                    "operation": _TEXT,
                    "spreadsheet": _TEXT,
                    "range": _TEXT,
                    "columns": {"type": "array", "items": _TEXT},
                    "row_count": {"type": "integer"},
                },
                "required": ["operation", "spreadsheet", "range", "columns", "row_count"],
            },
        },
        simulation=Simulation(
            420, 0.5, 60, 20_000, 0.01, (("quota_exceeded", "Too many requests per minute for this sheet."),)
        ),
    ),
)
