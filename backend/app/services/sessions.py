"""Sessions: what a credential rests on, a login or an API key; and whether who has shown one may still go on.

A stream is open for long, and its user may be logged out meanwhile: so this is asked again, and again.
"""

from __future__ import annotations

from ..errors import NotAuthenticated
from ..models.api_key import ApiKey
from ..models.login import Login
from ..models.user import Caller, User
from ..sandbox import Sandbox


def check_caller(sandbox: Sandbox, caller: Caller) -> None:
    """Refuse who was somebody when they came, and is not any more. It looks things up only, and needs no lock.

    :raises NotAuthenticated: ``bad_token``.
    """
    find_session(sandbox, caller.id, caller.session)
    if active_user(sandbox, caller.id).role != caller.role:
        raise bad_token(f"The role of this user is not {caller.role} any more: come again.")


def check_time(caller: Caller, now: int) -> None:
    """Refuse who has shown a credential whose time is over by now.

    :raises NotAuthenticated: ``token_expired``.
    """
    if caller.expires_at is not None and now >= caller.expires_at:
        raise NotAuthenticated("What was shown at the beginning is good no more: come again.", code="token_expired")


def find_session(sandbox: Sandbox, user_id: str, session: str | None) -> Login | ApiKey | None:
    """The login or the API key on which a credential of a user rests; ``None`` if it rests on nothing.

    :raises NotAuthenticated: ``bad_token``, if it is not there any more.
    """
    if session is None:
        return None
    found = sandbox.store.logins.get(session) or sandbox.store.api_keys.find(session)
    # In a sandbox with the same seed, another user may have a login with the same id.
    if found is None or found.user_id != user_id:
        is_key = session.startswith("ak_")
        raise bad_token("The API key of this token was revoked." if is_key else "The login of this token has ended.")
    return found


def active_user(sandbox: Sandbox, user_id: str) -> User:
    """The user with this id.

    :raises NotAuthenticated: ``bad_token``, if there is none, or they may not log in.
    """
    user = sandbox.store.users.find(user_id)
    if user is None or not user.is_active:
        raise bad_token("There is no active user behind this.")
    return user


def bad_token(message: str) -> NotAuthenticated:
    """What is said of a credential that is good for nothing."""
    return NotAuthenticated(message, code="bad_token")
