"""Tokens: JSON Web Tokens, signed with a key that follows from the sandbox's chance, and from what is the user's own.

Without the latter, a token would be good for somebody else who gets the same id after a reset, or in another sandbox
with the same seed.

The library signs and verifies. Time is the sandbox's business: a token is good while the virtual clock stands before
its ``exp``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from ..errors import NotAuthenticated
from ..models.user import User
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


def sign(world: World, kind: Kind, user: User, session: str | None, now: int) -> tuple[str, Claims]:
    """A new token of a kind for a user, and what it says; within a turn.

    :param session: the id of the login, or of the API key, that it rests on.
    """
    second = now // MICROSECONDS
    claims = Claims(user.id, session, kind, second, second + SECONDS[kind], world.ids.new("tk"))
    return _encode(msgspec.json.encode(claims), _key(world, user)), claims


def read(world: World, token: str, find_user: Callable[[str], User | None]) -> Claims:
    """What a token says, if this sandbox has signed it.

    :param find_user: gives the user with an id.
    :raises NotAuthenticated: ``bad_token``.
    """
    import jwt

    jws = jwt.PyJWS()
    try:
        # Whose it says it is decides with which key it must be signed; before that is known, nothing else counts.
        claims = _READER.decode(jws.decode(token, options={"verify_signature": False}))
        user = find_user(claims.sub)
        if user is not None:
            key = _key(world, user)
            payload = jws.decode(token, key, algorithms=[_ALGORITHM])
            # Base64 can be written in several ways, and only ours is taken.
            if _encode(payload, key) == token:
                return claims
    # A stranger wrote it: it may be nested deep, or have characters that no encoding has.
    except (jwt.PyJWTError, msgspec.DecodeError, ValueError, RecursionError):
        pass
    message = "This is no token of this sandbox: it cannot be read, was changed, or is that of another seed or user."
    raise NotAuthenticated(message, code="bad_token")


def check_time(claims: Claims, now: int) -> None:
    """Refuse a token whose time is over.

    :raises NotAuthenticated: ``token_expired``.
    """
    if now >= claims.exp * MICROSECONDS:
        message = f"This token was good for {SECONDS[claims.typ]} seconds of the sandbox's time, which are over."
        raise NotAuthenticated(message, code="token_expired")


def _encode(payload: bytes, key: bytes) -> str:
    import jwt

    return jwt.PyJWS().encode(payload, key, algorithm=_ALGORITHM)


def _key(world: World, user: User) -> bytes:
    return world.chance.rng("token", user.id, user.username, user.first_hash).randbytes(32)
