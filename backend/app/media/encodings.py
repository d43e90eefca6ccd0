"""Bytes that are text: which encoding they are in, and the text."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
"""Bytes that no text has. The escape character is let through: logs are full of it."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; UTF-32 stands before UTF-16, because its little-endian mark begins with that of UTF-16."""

_MOST_HIGH_BYTES = 0.3
"""The share of bytes above 127 up to which Latin-1 is believed; Western European languages stay far below."""


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded file."""

    text: str
    encoding: str
    """A codec name, or ``unknown-8bit`` (read as Latin-1) for legacy encodings that bytes alone do not tell apart."""
    truncated: bool = False
    """Whether the last character is cut in half."""


def read_text(content: bytes, *, expected: bool = False) -> Text | None:
    """The text in these bytes, or ``None`` if they are no text.

    :param expected: the name claims text, so that a legacy encoding is taken for one.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode_marked(content, encoding)
    if b"\0" in content:
        return _decode_wide(content)
    if len(content.translate(None, _CONTROLS)) != len(content):
        return None
    return _decode_utf8(content) or _decode_legacy(content, expected)


def _decode_marked(content: bytes, encoding: str) -> Text | None:
    return _checked(content.decode(encoding, "replace"), encoding)


def _decode_wide(content: bytes) -> Text | None:
    """UTF-16 without a mark: in Western text every second byte is zero."""
    sample = content[:4096]
    half = max(len(sample) // 2, 1)
    for encoding, zeros in (("utf-16-le", sample[1::2].count(0)), ("utf-16-be", sample[::2].count(0))):
        if zeros / half > 0.6:
            return _checked(content.decode(encoding, "replace"), encoding)
    return None


def _checked(text: str, encoding: str) -> Text | None:
    """Text with a few broken characters at most; noise behind a byte order mark is no text."""
    if text.count("\ufffd") > 1 + len(text) // 1000 or any(chr(control) in text for control in _CONTROLS):
        return None
    return Text(text, encoding, text.endswith("\ufffd"))


def _decode_utf8(content: bytes) -> Text | None:
    try:
        return Text(content.decode(), "ascii" if content.isascii() else "utf-8")
    except UnicodeDecodeError as error:
        if error.start and error.reason == "unexpected end of data":
            return Text(content[: error.start].decode(), "utf-8", truncated=True)
        return None


def _decode_legacy(content: bytes, expected: bool) -> Text | None:
    high = len(content.translate(None, bytes(range(128))))
    if high > len(content) * _MOST_HIGH_BYTES:
        return Text(content.decode("latin-1"), "unknown-8bit") if expected else None
    if len(content.translate(None, bytes(range(0x80, 0xA0)))) == len(content):
        return Text(content.decode("latin-1"), "latin-1")
    try:
        return Text(content.decode("cp1252"), "cp1252")
    except UnicodeDecodeError:
        return Text(content.decode("latin-1"), "unknown-8bit") if expected else None
