"""What a file is, found in its bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ..errors import InvalidInput
from .archives import describe_archive, office_type
from .documents import describe_pdf
from .encodings import Text
from .images import describe_image
from .limits import DEFAULT_LIMITS, Limits
from .names import clean_name, extension
from .recordings import describe_recording
from .sniff import sniff
from .svg import describe_svg
from .texts import describe_text
from .types import UNKNOWN, declared_type, is_text, kind_of

__all__ = ["Description", "Limits", "describe"]

Facts = tuple[int | None, int | None, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Description:
    """A file, as far as its bytes tell."""

    name: str
    """Cleaned: see `clean_name`."""
    size: int
    """In bytes."""
    content_type: str
    kind: str
    """One of `models.file.KINDS`."""
    sha256: str
    width: int | None = None
    """In pixels, as the image is seen: after its orientation."""
    height: int | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    """Plain JSON. ``error`` says what is wrong with a damaged file, ``mismatch`` that its name claims another type."""


def describe(content: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Description:
    """What these bytes are. The name is cleaned, and never believed against them.

    :raises InvalidInput: ``empty_file``, ``image_too_large``; nothing else, whatever the bytes are.
    """
    cleaned = clean_name(name)
    if not content:
        raise InvalidInput(f"The file '{cleaned}' is empty.", code="empty_file")
    content_type, text = sniff(content, cleaned)
    if content_type == "application/zip":
        content_type = office_type(content) or content_type
    width, height, facts = _facts_or_error(content, content_type, text, limits)
    return Description(
        name=cleaned,
        size=len(content),
        content_type=content_type,
        kind=kind_of(content_type),
        sha256=sha256(content).hexdigest(),
        width=width,
        height=height,
        metadata=facts | _mismatch(cleaned, content_type),
    )


def _facts_or_error(content: bytes, content_type: str, text: Text | None, limits: Limits) -> Facts:
    """The facts; of a file that breaks a reader in a way that nobody foresaw, only that it does."""
    try:
        return _facts(content, content_type, text, limits)
    except InvalidInput:
        raise
    except Exception:  # An upload must never fail because of what a library does with its bytes.
        return None, None, {"error": "The file is damaged: it cannot be described."}


def _facts(content: bytes, content_type: str, text: Text | None, limits: Limits) -> Facts:
    if content_type == "image/svg+xml":
        return describe_svg(content)
    kind = kind_of(content_type)
    if kind == "image":
        return describe_image(content, content_type, limits)
    if text is not None:
        return None, None, describe_text(text, content_type)
    describer = _DESCRIBERS.get(kind)
    return None, None, describer(content, content_type) if describer else {}


_DESCRIBERS: dict[str, Callable[[bytes, str], dict[str, Any]]] = {
    "pdf": lambda content, _content_type: describe_pdf(content),
    "audio": describe_recording,
    "video": describe_recording,
    "archive": describe_archive,
}


def _mismatch(name: str, content_type: str) -> dict[str, Any]:
    """A note, if the name claims what the bytes are not."""
    declared = declared_type(extension(name))
    if declared is None or _are_alike(declared, content_type):
        return {}
    found = "nothing that is known here" if content_type == UNKNOWN else content_type
    return {
        "mismatch": True,
        "declared_type": declared,
        "mismatch_detail": f"The name says {declared}, the content is {found}.",
    }


def _are_alike(declared: str, found: str) -> bool:
    if declared == found:
        return True
    if is_text(declared) and is_text(found):
        # Every text is plain text too; but a page or a drawing under another name may surprise whoever opens it.
        return "text/plain" in (declared, found) and found not in ("text/html", "image/svg+xml")
    containers = ({"audio/mp4", "video/mp4", "video/quicktime"}, {"audio/ogg", "video/ogg"})
    return any(declared in alike and found in alike for alike in containers)
