"""Who asks: the user who makes a request, and through whose eyes it looks."""

from __future__ import annotations

from flask import request

from ..models.user import ANYONE, Caller, Viewer
from .current import settings

KEY_HEADER = "X-API-Key"

_USER = "understudy.user"


def current_user() -> Caller | None:
    """The user who makes this request, and on what that rests; ``None`` if nobody has logged in."""
    found: Caller | None = request.environ.get(_USER)
    return found


def note_user(user: Caller) -> None:
    """Remember who makes this request."""
    request.environ[_USER] = user


def current_viewer() -> Viewer:
    """Through whose eyes this request looks."""
    if settings().auth == "off":
        return ANYONE
    user = current_user()
    return Viewer(sees_all=False) if user is None else user.viewer


def current_credential() -> str | None:
    """The token or the API key that the headers of this request show."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    told = given.strip() if scheme.lower() == "bearer" else request.headers.get(KEY_HEADER, "")
    return told or None
