"""The users of a sandbox: who is there from the beginning, and what is changed about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .. import mock_data
from ..errors import Conflict, NotAllowed
from ..models.user import ANYONE, User, Viewer
from ..sandbox import Sandbox
from . import paging
from .changes import check_count
from .paging import Keys, Listing, Page

Json = Any

SORTS: Keys = {
    "username": lambda user: user.username,
    "email": lambda user: user.email or None,
    "name": lambda user: user.name,
    "role": lambda user: user.role,
    "created_at": lambda user: user.created_at,
    "updated_at": lambda user: user.updated_at,
}
"""What users can be sorted by."""

_FILTERS: Keys = {"role": lambda user: user.role}


def add_ready_made(sandbox: Sandbox, now: int) -> None:
    """Put the users that every sandbox has into a new one."""
    for document in mock_data.users():
        # They are counted like all others, and have ids of their own, which are the same for all seeds.
        _, number = sandbox.world.ids.numbered("us")
        first_hash = document["password_hash"]
        user = User(number=number, is_active=True, created_at=now, updated_at=now, first_hash=first_hash, **document)
        sandbox.store.users.add(user)


def list_users(sandbox: Sandbox, listing: Listing, *, viewer: Viewer = ANYONE) -> Page:
    """All users, by their names; the filter is ``role``.

    :raises NotAllowed: ``admin_only``.
    """
    check_admin(viewer)
    paging.check(listing, sandbox.limits, SORTS)
    with sandbox.view():
        found = paging.select(sandbox.store.users, listing, filters=_FILTERS, texts=_texts)
        return paging.paginate(
            found, listing, User.as_dict, sorts=SORTS, default="username", number=lambda user: user.number
        )


def get(sandbox: Sandbox, user_id: str, *, viewer: Viewer = ANYONE) -> dict[str, Json]:
    """A user.

    :raises NotAllowed: ``admin_only``.
    :raises NotFound: if there is none.
    """
    check_admin(viewer)
    with sandbox.view():
        return sandbox.store.users.get(user_id).as_dict()


def change(sandbox: Sandbox, user_id: str, given: dict[str, Json], *, viewer: Viewer = ANYONE) -> dict[str, Json]:
    """Give fields of a user new values: ``name, email, role, is_active``. Who is not active any more is logged out.

    :raises NotAllowed: ``admin_only``.
    :raises NotFound: if there is none.
    :raises Conflict: ``email_taken``; ``last_admin``, if there were no active admin any more.
    """
    check_admin(viewer)
    with sandbox.turn() as now:
        user = sandbox.store.users.get(user_id)
        changed = {name: value for name, value in given.items() if getattr(user, name) != value}
        _check_email(sandbox, changed.get("email", ""), user)
        _check_admins(sandbox, user, changed)
        for name, value in changed.items():
            setattr(user, name, value)
        if changed:
            user.updated_at = now
        if not user.is_active:
            end_logins(sandbox, user_id)
        return user.as_dict()


def check_new(sandbox: Sandbox, given: dict[str, Json]) -> None:
    """Refuse a user that cannot be added; within a view or a turn.

    :raises Conflict: ``username_taken``, ``email_taken``.
    :raises TooMany: ``too_many_users``.
    """
    if _named(sandbox, given["username"]):
        message = f"There is a user with the name '{given['username']}' already."
        raise Conflict(message, [{"pointer": "/username", "message": message}], code="username_taken")
    _check_email(sandbox, given.get("email", ""))
    check_count("users", len(sandbox.store.users) + 1, sandbox.limits.max_users, "max_users")


def add(sandbox: Sandbox, given: dict[str, Json], password_hash: str, now: int) -> User:
    """A new user; within a turn.

    :param given: ``username``, and perhaps ``email`` and ``name``, as `check_new` lets them pass.
    """
    key, number = sandbox.world.ids.numbered("us")
    user = User(
        id=key,
        number=number,
        username=given["username"],
        email=given.get("email", ""),
        name=given.get("name") or given["username"],
        role="user",
        password_hash=password_hash,
        is_active=True,
        created_at=now,
        updated_at=now,
        first_hash=password_hash,
    )
    sandbox.store.users.add(user)
    return user


def find(sandbox: Sandbox, name: str) -> User | None:
    """The user with this name or email, in upper or lower case; within a view or a turn."""
    # Who has no email is not found by none.
    return _named(sandbox, name) or next(_with_email(sandbox, name), None) if name else None


def end_logins(sandbox: Sandbox, user_id: str, *, but: str | None = None) -> None:
    """End the logins of a user; within a turn.

    :param but: the id of one that stays.
    """
    logins = sandbox.store.logins
    for login in [login for login in logins.values() if login.user_id == user_id and login.id != but]:
        del logins[login.id]


def check_admin(viewer: Viewer) -> None:
    """Refuse who is no admin.

    :raises NotAllowed: ``admin_only``.
    """
    if not viewer.sees_all:
        raise NotAllowed("Only an admin may do this.", code="admin_only")


def _named(sandbox: Sandbox, username: str) -> User | None:
    wanted = username.casefold()
    return next((user for user in sandbox.store.users if user.username.casefold() == wanted), None)


def _with_email(sandbox: Sandbox, email: str) -> Iterator[User]:
    wanted = email.casefold()
    return (user for user in sandbox.store.users if user.email.casefold() == wanted)


def _check_email(sandbox: Sandbox, email: str, but: User | None = None) -> None:
    if email and any(user is not but for user in _with_email(sandbox, email)):
        message = f"There is a user with the email '{email}' already."
        raise Conflict(message, [{"pointer": "/email", "message": message}], code="email_taken")


def _check_admins(sandbox: Sandbox, user: User, changed: dict[str, Json]) -> None:
    """Refuse what would leave no active admin."""
    stays = changed.get("role", user.role) == "admin" and changed.get("is_active", user.is_active)
    if stays or not _is_admin(user):
        return
    if not any(_is_admin(other) for other in sandbox.store.users if other is not user):
        message = f"'{user.username}' is the last admin who is active. Make another user an admin first."
        raise Conflict(message, code="last_admin")


def _is_admin(user: User) -> bool:
    return user.role == "admin" and user.is_active


def _texts(user: User) -> list[str]:
    return [user.username, user.email, user.name]
