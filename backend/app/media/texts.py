"""Texts: what is counted in them, and what their kind adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .encodings import Text
from .tables import csv_facts, json_facts, json_lines_facts

_STRUCTURED: dict[str, Callable[[str], dict[str, Any]]] = {
    "text/csv": csv_facts,
    "text/tab-separated-values": csv_facts,
    "application/json": json_facts,
    "application/geo+json": json_facts,
    "application/x-ndjson": json_lines_facts,
}


def describe_text(found: Text, content_type: str) -> dict[str, Any]:
    """Encoding, lines, words and characters; columns and rows of CSV; validity and type of JSON."""
    text = found.text.removeprefix("\ufeff")
    facts: dict[str, Any] = {
        "encoding": found.encoding,
        "lines": count_lines(text),
        "words": len(text.split()),
        "characters": len(text),
    }
    if found.truncated:
        facts["truncated"] = True
    structure = _STRUCTURED.get(content_type)
    return facts | (structure(text) if structure else {})


def count_lines(text: str) -> int:
    """Lines as an editor numbers them; a last line without its end counts, an empty one behind the end does not."""
    ends = text.count("\n") + text.count("\r") - text.count("\r\n")
    return ends + (not text.endswith(("\n", "\r")) if text else 0)
