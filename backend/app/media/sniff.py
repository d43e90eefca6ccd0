"""What bytes are, whatever their name says.

Signatures first; then, for bytes that are text, what the text looks like. A name only chooses among kinds of text.
"""

from __future__ import annotations

import struct

from .encodings import Text, read_text
from .markup import root_name
from .names import extension
from .tables import find_delimiter
from .types import ALIASES, TEXT_EXTENSIONS, UNKNOWN, declared_type

_HEAD = 8192
_TEXTS_WITH_SIGNATURE = frozenset({"application/pdf", "application/rtf", "application/postscript"})
_HTML_FRAGMENTS = frozenset({"head", "body", "script", "div", "p", "table", "span", "h1", "ul", "img", "iframe", "a"})


def sniff(content: bytes, name: str) -> tuple[str, Text | None]:
    """The content type of these bytes, and their text if they are text."""
    declared = declared_type(extension(name))
    signed = _signature(content)
    if signed in _TEXTS_WITH_SIGNATURE:
        return signed, None
    text = read_text(content, expected=declared is not None and declared in TEXT_EXTENSIONS.values())
    # Some signatures are two letters long (BM, MZ), so a page of clean text outweighs them.
    if text is None or (signed and text.encoding == "unknown-8bit"):
        return signed or UNKNOWN, None
    return _text_type(text.text, declared), text


def _signature(content: bytes) -> str | None:
    import filetype  # type: ignore[import-untyped, unused-ignore]

    head = content[:_HEAD]
    found = filetype.guess_mime(head)
    if head[:4] in (b"RIFX", b"RF64") and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[:4] == b".snd" and len(head) >= 24 and head[12:15] == b"\0\0\0":
        return "audio/basic"
    if head[:2] in (b"P4", b"P5", b"P6") and head[2:3] in b" \t\r\n":
        return "image/x-portable-pixmap"
    if found is None and len(head) > 3 and head[:2] in (b"\xff\xfa", b"\xff\xe3"):
        return "audio/mpeg"
    if found == "audio/ogg" and b"theora" in head[:512]:
        return "video/ogg"
    if found == "video/x-msvideo" and head[8:11] != b"AVI":
        return None
    if found == "image/x-icon" and not _is_icon(head):
        return None
    return ALIASES.get(found, found) if found else None


def _is_icon(head: bytes) -> bool:
    """An icon's signature is four bytes of almost nothing, so its directory is looked at too."""
    if len(head) < 22:
        return False
    count = int(struct.unpack_from("<H", head, 4)[0])
    return 0 < count <= 256 and head[9] == 0


def _text_type(text: str, declared: str | None) -> str:
    start = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if declared not in TEXT_EXTENSIONS.values():
        declared = None
    found = _marked_up(start, declared) if start.startswith("<") else None
    if found is None and start[:1] in ("{", "[") and declared in (None, "text/plain", "text/csv", "text/html"):
        found = _json_type(text)
    if found is None and declared not in ("application/xml", "image/svg+xml", "text/html", "application/rtf"):
        found = declared
    return found or ("text/csv" if find_delimiter(text[:_HEAD], strict=True) else "text/plain")


def _marked_up(start: str, declared: str | None) -> str | None:
    root = root_name(start)
    if root == "svg":
        return "image/svg+xml"
    if root == "html" or start[:14].lower() == "<!doctype html":
        return "text/html"
    if start.startswith("<?xml"):
        return "application/xml"
    if declared in ("application/xml", "text/html", "image/svg+xml"):
        return "application/xml" if declared == "image/svg+xml" else declared
    if declared is None or declared in ("text/plain", "text/csv"):
        return "text/html" if root in _HTML_FRAGMENTS else None
    return None


def _json_type(text: str) -> str | None:
    from .tables import json_facts

    return "application/json" if json_facts(text)["valid"] else None
