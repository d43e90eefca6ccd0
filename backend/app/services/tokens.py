"""Tokens: JSON Web Tokens, signed with a key that follows from the sandbox's chance.

The library signs and verifies. Time is the sandbox's business: a token is good while the virtual clock stands before
its ``exp``.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from ..errors import NotAuthenticated
from ..models.written import Count
from ..moments import MICROSECONDS
from ..world import World

Kind = Literal["access", "refresh", "url"]

SECONDS: dict[Kind, int] = {"access": 900, "refresh": 7 * 86_400, "url": 60}
"""By kind: how long a token is good, in virtual seconds."""

_ALGORITHM = "HS256"


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a token says."""

    sub: str
    """The id of its user."""
    sid: str | None
    """What it rests on, and ends with: the id of a login or of an API key; ``None`` where nobody has logged in."""
    typ: Kind
    iat: Count
    """When it was made, in seconds since 1970."""
    exp: Count
    """The first second at which it is refused."""
    jti: str
    """Its own id."""


_READER = msgspec.json.Decoder(Claims)


def sign(world: World, kind: Kind, user_id: str, session: str | None, now: int) -> tuple[str, Claims]:
    """A new token of a kind, and what it says; within a turn.

    :param session: the id of the login, or of the API key, that it rests on.
    """
    second = now // MICROSECONDS
    claims = Claims(user_id, session, kind, second, second + SECONDS[kind], world.ids.new("tk"))
    return _encode(world, msgspec.json.encode(claims)), claims


def read(world: World, token: str) -> Claims:
    """What a token says, if this sandbox has signed it.

    :raises NotAuthenticated: ``bad_token``.
    """
    import jwt

    try:
        payload = jwt.PyJWS().decode(token, _key(world), algorithms=[_ALGORITHM])
        # Base64 can be written in several ways, and only ours is taken.
        if _encode(world, payload) == token:
            return _READER.decode(payload)
    # A stranger wrote it: it may be nested deep, or have characters that no encoding has.
    except (jwt.PyJWTError, msgspec.DecodeError, ValueError, RecursionError):
        pass
    message = "This is no token of this sandbox: it cannot be read, was changed, or another seed has signed it."
    raise NotAuthenticated(message, code="bad_token")


def check_time(claims: Claims, now: int) -> None:
    """Refuse a token whose time is over.

    :raises NotAuthenticated: ``token_expired``.
    """
    if now >= claims.exp * MICROSECONDS:
        message = f"This token was good for {SECONDS[claims.typ]} seconds of the sandbox's time, which are over."
        raise NotAuthenticated(message, code="token_expired")


def _encode(world: World, payload: bytes) -> str:
    import jwt

    return jwt.PyJWS().encode(payload, _key(world), algorithm=_ALGORITHM)


def _key(world: World) -> bytes:
    return world.chance.rng("token").randbytes(32)
