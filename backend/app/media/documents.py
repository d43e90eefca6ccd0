"""PDF documents, by pypdf."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ..errors import NodeFailure
from .plain import clean_text, number, without_nothing
from .quiet import quiet

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_TEXTS = {
    "title": "/Title",
    "author": "/Author",
    "subject": "/Subject",
    "keywords": "/Keywords",
    "creator": "/Creator",
    "producer": "/Producer",
}
_MAX_TEXT = 5_000_000
"""The most characters that are taken from one document."""


def describe_pdf(content: bytes) -> dict[str, Any]:
    """Pages, size of the first page in points, title, author and the like, and whether it is encrypted."""
    facts: dict[str, Any] = {"version": clean_text(content[5:8].decode("latin-1"))}
    if b"%%EOF" not in content[-2048:]:
        facts["truncated"] = True
    try:
        with quiet():
            _read(content, facts)
    except Exception:  # pypdf meets broken files in many ways; what was found before is kept.
        if not facts.get("encrypted"):
            facts["error"] = "The PDF is damaged: its pages cannot be read."
    return without_nothing(facts)


def _read(content: bytes, facts: dict[str, Any]) -> None:
    reader = _open(content)
    facts["encrypted"] = reader.is_encrypted
    facts["pages"] = len(reader.pages)
    if not facts["pages"]:
        facts["error"] = "The PDF has no pages."
        return
    facts["page_size"] = _page_size(reader.pages[0])
    facts |= _information(reader)


def _open(content: bytes) -> PdfReader:
    """A reader; a document that only forbids printing and the like opens with the empty password."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        reader.decrypt("")
    return reader


def _page_size(page: PageObject) -> dict[str, Any] | None:
    """Width and height of a page in points (1/72 inch), as it is seen."""
    unit = number(page.get("/UserUnit", 1)) or 1
    width, height = (number(float(side) * unit) for side in (page.cropbox.width, page.cropbox.height))
    if not width or not height:
        return None
    if page.rotation % 180 == 90:
        width, height = height, width
    return {"width": width, "height": height, "unit": "pt"}


def _information(reader: PdfReader) -> dict[str, Any]:
    found = reader.metadata
    if found is None:
        return {}
    texts = {name: clean_text(str(found[key])) for name, key in _TEXTS.items() if key in found}
    return texts | {"created": _moment(found, "creation_date"), "modified": _moment(found, "modification_date")}


def _moment(information: Any, name: str) -> str | None:
    try:
        found = getattr(information, name)
        return found.isoformat() if found else None
    except Exception:  # Dates in PDFs are free text, and one that is wrong is no more than missing.
        return None


def pdf_text(content: bytes) -> str:
    """The text of all pages, a blank line between them.

    :raises NodeFailure: ``unreadable_document``, ``encrypted_document``.
    """
    reader = None
    try:
        with quiet():
            reader = _open(content)
            return _page_texts(reader)
    except Exception as error:  # As above.
        if reader is not None and reader.is_encrypted:
            raise NodeFailure("encrypted_document", "The PDF is encrypted; its text cannot be read.") from error
        raise NodeFailure("unreadable_document", "The PDF is damaged; its text cannot be read.") from error


def _page_texts(reader: PdfReader) -> str:
    texts: list[str] = []
    room = _MAX_TEXT
    for page in reader.pages:
        texts.append(page.extract_text().strip()[:room])
        room -= len(texts[-1])
        if room <= 0:
            break
    return "\n\n".join(text for text in texts if text).encode("utf-8", "replace").decode()
