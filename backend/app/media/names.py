"""File names as they arrive from anywhere, and as they are kept."""

from __future__ import annotations

import unicodedata

MAX_BYTES = 255
"""The longest name, in bytes of UTF-8, that common file systems take."""

FALLBACK = "file"
"""The name of a file whose own name leaves nothing to keep."""

_MAX_EXTENSION_BYTES = 32
_INVISIBLE = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069\ufeff")
"""Marks that turn the direction of text (so that ``gpj.exe`` reads as ``exe.jpg``) or break lines."""


def clean_name(name: str) -> str:
    """A name without directories, control characters or tricks; in NFC, at most 255 bytes, never empty."""
    visible = "".join(char for char in name if not _is_hidden(char))
    parts = unicodedata.normalize("NFC", visible).replace("\\", "/").split("/")
    stripped = [part.strip() for part in parts]
    kept = next((part for part in reversed(stripped) if part), "")
    return _cut(kept) if kept.strip(".") else FALLBACK


def extension(name: str) -> str:
    """What stands after the last dot, in lower case; ``""`` if there is nothing."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if dot and stem else ""


def _is_hidden(char: str) -> bool:
    return char in _INVISIBLE or unicodedata.category(char) in ("Cc", "Cs")


def _cut(name: str) -> str:
    """The name shortened before its extension, because the extension says what it is."""
    if len(name.encode()) <= MAX_BYTES:
        return name
    stem, dot, last = name.rpartition(".")
    tail = dot + last
    if not stem or len(tail.encode()) > _MAX_EXTENSION_BYTES:
        stem, tail = name, ""
    room = MAX_BYTES - len(tail.encode())
    return (stem.encode()[:room].decode(errors="ignore").strip() + tail).strip()
