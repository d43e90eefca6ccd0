"""Archives: what is in them, from their tables of contents. Nothing is ever unpacked."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from typing import Any

from .plain import clean_text

_MAX_NAMES = 20
_MAX_DIRECTORY = 8_000_000
"""Bytes of a zip's directory up to which it is read; above, only its own count is told."""
_MAX_TAR_ENTRIES = 10_000
_BOMB_RATIO = 100
"""From this ratio on an archive is marked: honest files are seldom packed better."""

_OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_MAX_MIMETYPE = 100


def describe_archive(content: bytes, content_type: str) -> dict[str, Any]:
    """Entries, the first names and the unpacked size, for zip and tar; nothing but the format for others."""
    facts = {"format": content_type.partition("/")[2].removeprefix("x-")}
    try:
        if content_type == "application/zip":
            return facts | _zip_facts(content)
        if content_type == "application/x-tar":
            return facts | _tar_facts(content)
    except Exception:  # Both readers let all sorts of errors out of broken archives.
        return facts | {"error": "The archive is damaged: its table of contents cannot be read."}
    return facts


def office_type(content: bytes) -> str | None:
    """The content type of a document that is a zip inside; ``None`` for other zips."""
    if content[30:38] == b"mimetype":
        length = struct.unpack_from("<I", content, 22)[0] if len(content) >= 38 else 0
        named = content[38 : 38 + min(length, _MAX_MIMETYPE)]
        known = (b"application/epub+zip", b"application/vnd.oasis.opendocument.")
        return named.decode() if named.startswith(known) and named.isascii() else None
    if b"[Content_Types].xml" not in content[:65_536]:
        return None
    return next((kind for part, kind in _OFFICE.items() if part.encode() in content), None)


def _zip_facts(content: bytes) -> dict[str, Any]:
    end = content.rfind(b"PK\5\6")
    if end >= 0:
        count, directory = struct.unpack_from("<HI", content, end + 10)
        if directory > _MAX_DIRECTORY:
            return {"entries": count}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    facts = _contents([entry.filename for entry in entries], unpacked)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if unpacked / packed > _BOMB_RATIO:
        facts["note"] = f"Unpacked it would be {unpacked // packed} times as large as it is now."
    if any(entry.flag_bits & 1 for entry in entries):
        facts["encrypted"] = True
    return facts


def _tar_facts(content: bytes) -> dict[str, Any]:
    names: list[str] = []
    unpacked = 0
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
        while len(names) < _MAX_TAR_ENTRIES and (entry := archive.next()) is not None:
            names.append(entry.name)
            unpacked += entry.size
    return _contents(names, unpacked)


def _contents(names: list[str], unpacked: int) -> dict[str, Any]:
    first = [clean_text(name) for name in names[:_MAX_NAMES]]
    return {"entries": len(names), "names": first, "unpacked_size": min(max(unpacked, 0), (1 << 53) - 1)}
