"""Accounts: registering, logging in and out, and who stands behind a token or an API key."""

from __future__ import annotations

from typing import Any

from ..errors import InvalidInput, NotAuthenticated
from ..models.api_key import PREFIX, ApiKey
from ..models.login import Login
from ..models.user import Caller, User
from ..moments import MICROSECONDS
from ..sandbox import Sandbox
from . import api_keys, tokens, users
from .passwords import hash_password, is_right
from .sessions import active_user, bad_token, find_session

Json = Any


def authenticate(sandbox: Sandbox, credential: str, *, in_address: bool = False) -> Caller:
    """Who shows an access token or an API key.

    :param in_address: whether it stands in an address, which others may see: there it may be a token that is good for
        a minute, and no API key.
    :raises NotAuthenticated: ``bad_token``, ``token_expired``.
    """
    with sandbox.view() as now:
        if credential.startswith(PREFIX) and not in_address:
            key = api_keys.read(sandbox, credential, now)
            return _caller(sandbox, key.user_id, key.id, key.expires_at)
        claims = _read(sandbox, credential)
        if claims.typ != "access" and not (in_address and claims.typ == "url"):
            raise bad_token(f"This is a token of kind {claims.typ}, which is not good for this.")
        tokens.check_time(claims, now)
        session = find_session(sandbox, claims.sub, claims.sid)
        # What a token for addresses has opened is good for as long as what an access token has.
        expires_at = (claims.iat + tokens.SECONDS["access"]) * MICROSECONDS
        if isinstance(session, ApiKey):
            api_keys.check_time(session, now)
            expires_at = min(expires_at, session.expires_at or expires_at)
        return _caller(sandbox, claims.sub, claims.sid, expires_at)


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
        claims = _read(sandbox, token)
        if claims.typ != "refresh":
            raise bad_token(f"This is a token of kind {claims.typ}; only a refresh token is good for this.")
        tokens.check_time(claims, now)
        login = find_session(sandbox, claims.sub, claims.sid)
        assert isinstance(login, Login), "Only a login is refreshed."
        if login.refresh_id != claims.jti:
            del sandbox.store.logins[login.id]
            raise bad_token("This refresh token was used before, so its login has ended now: somebody may have it.")
        return _tokens(sandbox, login, now)


def log_out(sandbox: Sandbox, session: str | None) -> None:
    """End a login: none of its tokens is good any more. An API key stays.

    :param session: that of the `Caller`.
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
        token, _ = tokens.sign(sandbox.world, "url", sandbox.store.users.get(user_id), session, now)
        return {"access_token": token, "expires_in": tokens.SECONDS["url"]}


def _begin(sandbox: Sandbox, user: User, now: int) -> dict[str, Json]:
    _make_room(sandbox, user, now)
    key, number = sandbox.world.ids.numbered("lg")
    login = sandbox.store.logins[key] = Login(key, number, user.id, "", now)
    return _tokens(sandbox, login, now)


def _make_room(sandbox: Sandbox, user: User, now: int) -> None:
    """Forget logins that are over, whose ever they are; then the oldest of a user who has as many as one may have."""
    logins = sandbox.store.logins
    for login in [login for login in logins.values() if login.expires_at is not None and login.expires_at <= now]:
        del logins[login.id]
    own = [login for login in logins.values() if login.user_id == user.id]
    for login in own[: max(len(own) + 1 - sandbox.limits.max_logins, 0)]:
        del logins[login.id]


def _tokens(sandbox: Sandbox, login: Login, now: int) -> dict[str, Json]:
    """An access token, and the one refresh token of a login that is good from now on."""
    user = sandbox.store.users.get(login.user_id)
    access, _ = tokens.sign(sandbox.world, "access", user, login.id, now)
    renewal, claims = tokens.sign(sandbox.world, "refresh", user, login.id, now)
    login.refresh_id, login.expires_at = claims.jti, claims.exp * MICROSECONDS
    return {
        "access_token": access,
        "refresh_token": renewal,
        "token_type": "Bearer",
        "expires_in": tokens.SECONDS["access"],
        "user": user.as_dict(),
    }


def _read(sandbox: Sandbox, token: str) -> tokens.Claims:
    return tokens.read(sandbox.world, token, sandbox.store.users.find)


def _caller(sandbox: Sandbox, user_id: str, session: str | None, expires_at: int | None) -> Caller:
    return Caller(user_id, active_user(sandbox, user_id).role, session, expires_at)
