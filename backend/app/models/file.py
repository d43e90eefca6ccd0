"""Files that people uploaded or nodes wrote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..moments import iso
from .user import DEFAULT_USER

KINDS = ("image", "pdf", "audio", "video", "text", "archive", "other")
"""What a file is, as far as an editor must tell apart."""


@dataclass(slots=True)
class File:
    """One file: what was found in its bytes, and the bytes."""

    id: str
    name: str
    size: int
    content_type: str
    kind: str
    sha256: str
    width: int | None
    height: int | None
    metadata: dict[str, Any]
    content: bytes = field(repr=False)
    created_at: int = 0
    """In microseconds of virtual time."""
    owner_id: str = DEFAULT_USER
    thumbnails: dict[tuple[int, str], bytes] = field(default_factory=dict, repr=False, compare=False)
    """The last few that were made, by size and format."""

    def as_dict(self) -> dict[str, Any]:
        """The file as the API shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "size": self.size,
            "content_type": self.content_type,
            "kind": self.kind,
            "sha256": self.sha256,
            "width": self.width,
            "height": self.height,
            "metadata": self.metadata,
            "thumbnail_url": f"/api/files/{self.id}/thumbnail",
            "content_url": f"/api/files/{self.id}/content",
            "owner_id": self.owner_id,
            "created_at": iso(self.created_at),
        }
