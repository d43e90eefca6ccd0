"""Texts with a structure: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

_DELIMITERS = ",;\t|"
_MAX_HEADER = 100
_SAMPLE_LINES = 20
_JSON_TYPES = {dict: "object", list: "array", str: "string", bool: "boolean", float: "number"}


def find_delimiter(text: str, *, strict: bool = False) -> str | None:
    """The character that parts the columns; ``None`` if there is but one column.

    :param strict: believe it only if three rows or more have the same number of columns, at least two.
    """
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    if not lines:
        return None
    best = max(_DELIMITERS, key=lines[0].count)
    if best not in lines[0]:
        return None
    return best if not strict or _is_regular(lines, best) else None


def _is_regular(lines: list[str], delimiter: str) -> bool:
    # The sample may cut the last line in half, so that one is not asked.
    asked = lines if len(lines) < _SAMPLE_LINES else lines[:-1]
    try:
        widths = {len(row) for row in csv.reader(asked, delimiter=delimiter)}
    except csv.Error:
        return False
    return len(asked) >= 3 and len(widths) == 1


def csv_facts(text: str) -> dict[str, Any]:
    """Columns, rows (the header not counted), the header's names and the delimiter of a CSV text."""
    delimiter = find_delimiter(text) or ","
    rows, widest, header = 0, 0, list[str]()
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                header = header or row
                rows, widest = rows + 1, max(widest, len(row))
    except csv.Error as error:
        return {"delimiter": delimiter, "error": f"This is no regular CSV: {error}."}
    names = [name[:200] for name in header[:_MAX_HEADER]]
    return {"columns": widest, "rows": max(rows - 1, 0), "header": names, "delimiter": delimiter}


def json_facts(text: str) -> dict[str, Any]:
    """Whether a text is valid JSON (as RFC 8259 has it: no NaN), of which type, and how many members it has."""
    try:
        value = json.loads(text.lstrip("\ufeff"), parse_int=float, parse_constant=_refuse)
    except RecursionError:
        return {"valid": False, "error": "It is nested too deeply to be read."}
    except ValueError as error:
        return {"valid": False, "error": f"This is not valid JSON: {error}."}
    facts = {"valid": True, "top_level": _JSON_TYPES.get(type(value), "null")}
    return facts | ({"members": len(value)} if isinstance(value, dict | list) else {})


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def json_lines_facts(text: str) -> dict[str, Any]:
    """How many records a text with one JSON value per line has, and whether all of them are valid."""
    lines = [line for line in text.split("\n") if line.strip()]
    return {"records": len(lines), "valid": all(json_facts(line)["valid"] for line in lines)}
