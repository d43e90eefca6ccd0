"""API keys: what a program shows in the place of a password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..moments import iso

PREFIX = "usk_"
"""How every API key begins."""


@dataclass(slots=True)
class ApiKey:
    """A key of a user. The key itself is shown once, and not kept."""

    id: str
    number: int
    """Counts the API keys of a sandbox from 1."""
    user_id: str
    name: str
    """What its user calls it."""
    key_hash: str
    """In hex."""
    created_at: int
    """In microseconds of virtual time, like all moments here."""
    expires_at: int | None
    """The first moment at which it is refused; ``None``: there is none."""

    @property
    def prefix(self) -> str:
        """How the key begins, which tells it from others."""
        return PREFIX + self.id.partition("_")[2]

    def as_dict(self) -> dict[str, Any]:
        """The key as the API shows it, once it has been shown as a whole."""
        return {
            "id": self.id,
            "name": self.name,
            "prefix": self.prefix,
            "created_at": iso(self.created_at),
            "expires_at": None if self.expires_at is None else iso(self.expires_at),
        }
