"""Logins: somebody has shown their password, and works with tokens until they log out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Login:
    """One login of a user; the tokens that rest on it are good no longer than it is there."""

    id: str
    number: int
    """Counts the logins of a sandbox from 1."""
    user_id: str
    refresh_id: str
    """The ``jti`` of its latest refresh token: all earlier ones are used up."""
    created_at: int
    """In microseconds of virtual time."""
    expires_at: int | None = None
    """The first moment at which that token is refused; ``None`` if nobody noted it."""
