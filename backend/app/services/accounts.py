"""Accounts: registering, logging in and out, and who stands behind a token or an API key."""

from __future__ import annotations

from typing import Any

from ..errors import InvalidInput, NotAuthenticated
from ..models.api_key import PREFIX
from ..models.login import Login
from ..models.user import User
from ..sandbox import Sandbox
from . import api_keys, tokens, users
from .passwords import hash_password, is_right

Json = Any


def authenticate(sandbox: Sandbox, credential: str, *, in_address: bool = False) -> User:
    """The user who shows an access token or an API key.

    :param in_address: whether it stands in an address, which others may see: there it may be a token that is good for
        a minute, and no API key.
    :raises NotAuthenticated: ``bad_token``, ``token_expired``.
    """
    with sandbox.view() as now:
        if credential.startswith(PREFIX) and not in_address:
            return _active(sandbox, api_keys.read(sandbox, credential, now).user_id)
        claims = tokens.read(sandbox.world, credential)
        if claims.typ != "access" and not (in_address and claims.typ == "url"):
            raise _bad_token(f"This is a token of kind {claims.typ}, which is not good for this.")
        tokens.check_time(claims, now)
        _check_session(sandbox, claims)
        return _active(sandbox, claims.sub)


def session_of(sandbox: Sandbox, credential: str) -> str | None:
    """What a credential that is good rests on: the id of a login, or of an API key."""
    with sandbox.view() as now:
        if credential.startswith(PREFIX):
            return api_keys.read(sandbox, credential, now).id
        return tokens.read(sandbox.world, credential).sid


def register(sandbox: Sandbox, given: dict[str, Json]) -> dict[str, Json]:
    """A new user, who is logged in at once.

    :param given: ``username``, ``password``, and perhaps ``email`` and ``name``.
    :raises Conflict: ``username_taken``, ``email_taken``.
    :raises TooMany: ``too_many_users``.
    """
    with sandbox.view():
        users.check_new(sandbox, given)
        chance = sandbox.world.chance
    password_hash = hash_password(chance, given["password"], given["username"].casefold())
    with sandbox.turn() as now:
        users.check_new(sandbox, given)
        return _begin(sandbox, users.add(sandbox, given, password_hash, now), now)


def log_in(sandbox: Sandbox, name: str, password: str) -> dict[str, Json]:
    """A new login, with its tokens.

    :param name: a username or an email.
    :raises NotAuthenticated: ``bad_credentials``; it does not tell whether there is such a user.
    """
    with sandbox.view():
        user = users.find(sandbox, name)
        password_hash = None if user is None else user.password_hash
    is_theirs = is_right(password, password_hash)
    with sandbox.turn() as now:
        user = users.find(sandbox, name)
        # The password may have been changed in between.
        if user is None or not is_theirs or not user.is_active or user.password_hash != password_hash:
            raise NotAuthenticated("There is no active user with this name and this password.", code="bad_credentials")
        return _begin(sandbox, user, now)


def refresh(sandbox: Sandbox, token: str) -> dict[str, Json]:
    """New tokens for a refresh token, which is used up by that; one that comes a second time ends its login.

    That is what RFC 9700 (4.14.2) advises: one of the two who showed it has stolen it.

    :raises NotAuthenticated: ``bad_token``, ``token_expired``.
    """
    with sandbox.turn() as now:
        claims = tokens.read(sandbox.world, token)
        if claims.typ != "refresh":
            raise _bad_token(f"This is a token of kind {claims.typ}; only a refresh token is good for this.")
        tokens.check_time(claims, now)
        login = sandbox.store.logins.get(claims.sid or "")
        if login is None or login.user_id != claims.sub:
            raise _bad_token("The login of this token has ended.")
        if login.refresh_id != claims.jti:
            del sandbox.store.logins[login.id]
            raise _bad_token("This refresh token was used before, so its login has ended now: somebody may have it.")
        return _tokens(sandbox, login, now)


def log_out(sandbox: Sandbox, session: str | None) -> None:
    """End a login: none of its tokens is good any more. An API key stays.

    :param session: as `session_of` gives it.
    """
    with sandbox.turn():
        sandbox.store.logins.pop(session or "", None)


def change_password(sandbox: Sandbox, user_id: str, current: str, new: str, *, session: str | None = None) -> None:
    """Give a user another password, and end all their other logins; API keys stay.

    :param session: the login that stays.
    :raises InvalidInput: ``wrong_password``, if the current one is another.
    """
    with sandbox.view():
        before = sandbox.store.users.get(user_id).password_hash
        chance = sandbox.world.chance
    is_theirs = is_right(current, before)
    password_hash = hash_password(chance, new, before) if is_theirs else before
    with sandbox.turn() as now:
        user = sandbox.store.users.get(user_id)
        if not is_theirs or user.password_hash != before:
            message = "This is not the current password."
            raise InvalidInput(message, [{"pointer": "/current_password", "message": message}], code="wrong_password")
        user.password_hash, user.updated_at = password_hash, now
        users.end_logins(sandbox, user_id, but=session)


def make_url_token(sandbox: Sandbox, user_id: str, session: str | None) -> dict[str, Json]:
    """A token that may stand in an address, for a minute.

    :param session: what it ends with; ``None`` where nobody has logged in.
    """
    with sandbox.turn() as now:
        token, _ = tokens.sign(sandbox.world, "url", user_id, session, now)
        return {"access_token": token, "expires_in": tokens.SECONDS["url"]}


def _begin(sandbox: Sandbox, user: User, now: int) -> dict[str, Json]:
    logins, ids = sandbox.store.logins, sandbox.world.ids
    key = ids.new("lg")
    logins[key] = Login(key, ids.counters["lg"], user.id, "", now)
    for oldest in list(logins)[: max(len(logins) - sandbox.limits.max_logins, 0)]:
        del logins[oldest]
    return _tokens(sandbox, logins[key], now)


def _tokens(sandbox: Sandbox, login: Login, now: int) -> dict[str, Json]:
    """An access token, and the one refresh token of a login that is good from now on."""
    access, _ = tokens.sign(sandbox.world, "access", login.user_id, login.id, now)
    renewal, claims = tokens.sign(sandbox.world, "refresh", login.user_id, login.id, now)
    login.refresh_id = claims.jti
    return {
        "access_token": access,
        "refresh_token": renewal,
        "token_type": "Bearer",
        "expires_in": tokens.SECONDS["access"],
        "user": sandbox.store.users.get(login.user_id).as_dict(),
    }


def _check_session(sandbox: Sandbox, claims: tokens.Claims) -> None:
    if claims.sid is None:
        return
    session = sandbox.store.logins.get(claims.sid) or sandbox.store.api_keys.find(claims.sid)
    # In a sandbox with the same seed, another user may have a login with the same id.
    if session is None or session.user_id != claims.sub:
        raise _bad_token("The login of this token has ended.")


def _active(sandbox: Sandbox, user_id: str) -> User:
    user = sandbox.store.users.find(user_id)
    if user is None or not user.is_active:
        raise _bad_token("There is no active user behind this.")
    return user


def _bad_token(message: str) -> NotAuthenticated:
    return NotAuthenticated(message, code="bad_token")
