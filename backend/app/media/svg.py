"""SVG, read as XML and never rendered: its size, and whether it could do anything.

Entities are never expanded: a document that declares any is not read at all.
"""

from __future__ import annotations

import re
from typing import Any
from xml.parsers import expat

_UNITS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}
"""CSS pixels per unit."""

_LENGTH = re.compile(r"\s*\+?(\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})(px|pt|pc|in|cm|mm)?\s*\Z")
_OUTSIDE = re.compile(r"url\(\s*['\"]?\s*(?!#|data:image/(?:png|jpeg|gif|webp))[^\s'\")]|@import", re.IGNORECASE)
_HARMLESS_LINK = re.compile(r"\s*(?:#|data:image/(?:png|jpe?g|gif|webp)[;,]|\Z)", re.IGNORECASE)
_SUSPECT = re.compile(rb"<\s*(?:\w+:)?script|\bon\w+\s*=|javascript:|<!ENTITY", re.IGNORECASE)
_MAX_PIXELS = 1_000_000
_FOREIGN = frozenset({"foreignobject", "iframe", "embed", "object"})


class _EntitiesRefusedError(Exception):
    """The document declares entities."""


class _Reader:
    """Collects, element by element, what the description needs."""

    def __init__(self) -> None:
        self.size: tuple[int | None, int | None] = (None, None)
        self.elements = 0
        self.reasons: set[str] = set()
        self._in_style = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2].lower()
        if not self.elements:
            self.size = _size(attributes)
        self.elements += 1
        self._in_style = local == "style"
        if local == "script":
            self.reasons.add("script")
        if local in _FOREIGN:
            self.reasons.add("foreign_content")
        for key, value in attributes.items():
            self._look_at(local, key.rpartition(":")[2].lower(), value)

    def end(self, _name: str) -> None:
        self._in_style = False

    def text(self, data: str) -> None:
        if self._in_style and _OUTSIDE.search(data):
            self.reasons.add("external_reference")

    def instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            self.reasons.add("external_reference")

    def entity(self, *_declaration: object) -> None:
        raise _EntitiesRefusedError

    def _look_at(self, element: str, key: str, value: str) -> None:
        # Animations name the attribute that they set in their value: <set attributeName="onload">.
        if key.startswith("on") or (key == "attributename" and value.lower().startswith("on")):
            self.reasons.add("event_handler")
        if "javascript:" in re.sub(r"\s", "", value).lower():
            self.reasons.add("script")
        link = key in ("href", "src") and element != "a" and not _HARMLESS_LINK.match(value)
        if link or _OUTSIDE.search(value):
            self.reasons.add("external_reference")


def describe_svg(content: bytes) -> tuple[int | None, int | None, dict[str, Any]]:
    """Width and height in CSS pixels, and whether scripts, handlers or references to the outside are in it."""
    reader = _Reader()
    facts: dict[str, Any] = {"format": "SVG"}
    try:
        _parser(reader).Parse(content, True)
    except _EntitiesRefusedError:
        reader.reasons.add("entities")
        facts["error"] = "The SVG declares entities; such documents are not read."
    except (expat.ExpatError, ValueError, LookupError) as error:
        reader.reasons.update({"script"} if _SUSPECT.search(content) else ())
        facts["error"] = f"The SVG is not well-formed XML: {error}."
    facts |= {"elements": reader.elements, "scripts": bool(reader.reasons)}
    return *reader.size, facts | ({"unsafe": sorted(reader.reasons)} if reader.reasons else {})


def _parser(reader: _Reader) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.ProcessingInstructionHandler = reader.instruction
    parser.EntityDeclHandler = reader.entity
    return parser


def _size(attributes: dict[str, str]) -> tuple[int | None, int | None]:
    box = re.split(r"[\s,]+", attributes.get("viewBox", "").strip())
    known = box if len(box) == 4 else ["", "", "", ""]
    return _pixels(attributes.get("width"), known[2]), _pixels(attributes.get("height"), known[3])


def _pixels(length: str | None, fallback: str) -> int | None:
    """A length in whole pixels, that of the view box if it is missing or relative."""
    found = _LENGTH.match(length or "") or _LENGTH.match(fallback)
    if found is None:
        return None
    pixels = round(float(found.group(1)) * _UNITS[found.group(2) or ""])
    return pixels if 0 < pixels <= _MAX_PIXELS else None
