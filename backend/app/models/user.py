"""Who uses a sandbox: users, and through whose eyes something is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..moments import iso

ROLES = ("user", "admin")
"""What users may be: one of many, or who sees and does everything."""

DEFAULT_USER = "us_demo"
"""The id of the user that everyone is who does not log in; what a scenario has is theirs."""


@dataclass(slots=True)
class User:
    """Somebody with a name and a password."""

    id: str
    number: int
    """Counts the users of a sandbox from 1."""
    username: str
    email: str
    name: str
    role: str
    """One of `ROLES`."""
    password_hash: str
    is_active: bool
    """Whether they may log in."""
    created_at: int
    updated_at: int
    first_hash: str = ""
    """The hash of their first password: with their name it makes their tokens and keys those of nobody else."""

    def as_dict(self) -> dict[str, Any]:
        """The user as the API shows one, to themselves and to admins."""
        return {
            "id": self.id,
            "username": self.username,
            "email": self.email,
            "name": self.name,
            "role": self.role,
            "is_active": self.is_active,
            "created_at": iso(self.created_at),
            "updated_at": iso(self.updated_at),
        }


@dataclass(frozen=True, slots=True)
class Viewer:
    """Through whose eyes something is looked at, and in whose name it is done."""

    user_id: str = DEFAULT_USER
    sees_all: bool = True
    """Whether what belongs to others is there, too: for admins, and where nobody logs in."""

    def owns(self, owner_id: str | None) -> bool:
        """Whether what belongs to this user may be done with as one likes."""
        return self.sees_all or owner_id == self.user_id


@dataclass(frozen=True, slots=True)
class Caller:
    """A user who has shown who they are, as they were at that moment."""

    id: str
    role: str
    """One of `ROLES`."""
    session: str | None = None
    """The id of the login or of the API key that what they have shown rests on, and ends with, if it is on anything."""
    expires_at: int | None = None
    """The first moment, in microseconds, at which they have to show it anew before anything is changed for them."""

    @property
    def viewer(self) -> Viewer:
        """Through whose eyes they look."""
        return Viewer(self.id, self.role == "admin")


ANYONE = Viewer()
"""Everyone, where nobody logs in."""
