"""Puts the users, logins and API keys of a snapshot into a sandbox, if they fit together."""

from __future__ import annotations

from collections.abc import Sequence

from ..models.user import DEFAULT_USER
from ..sandbox import Sandbox
from ..store.account_parts import ApiKeyPart, LoginPart, UserPart, read_api_key, read_login, read_user
from .snapshot_format import Snapshot, broken
from .users import add_ready_made


def install_accounts(snapshot: Snapshot, sandbox: Sandbox) -> None:
    """Fill the users, logins and API keys of a fresh sandbox.

    :raises InvalidInput: ``broken_snapshot``, if they do not fit together.
    """
    counters = snapshot.sandbox.counters
    if snapshot.users is None:
        add_ready_made(sandbox, snapshot.sandbox.now // 1000 * 1000)
    else:
        _install_users(snapshot.users, counters.get("us", 0), sandbox)
    _check_numbers(snapshot.logins, "logins", counters.get("lg", 0))
    _check_numbers(snapshot.api_keys, "api_keys", counters.get("ak", 0))
    for place, login in enumerate(snapshot.logins):
        _check_user(sandbox, login, f"$.logins[{place}]")
        sandbox.store.logins[login.id] = read_login(login)
    for place, key in enumerate(snapshot.api_keys):
        _check_user(sandbox, key, f"$.api_keys[{place}]")
        sandbox.store.api_keys.add(read_api_key(key))


def _install_users(parts: list[UserPart], given: int, sandbox: Sandbox) -> None:
    _check_numbers(parts, "users", given)
    _check_names(parts)
    for part in parts:
        sandbox.store.users.add(read_user(part))
    # Who has no users at all has nobody who could ask, either.
    is_whole = not parts or sandbox.store.users.find(DEFAULT_USER) is not None
    _must(is_whole, "$.users", f"there is no user '{DEFAULT_USER}'")


def _check_numbers(parts: Sequence[UserPart | LoginPart | ApiKeyPart], things: str, given: int) -> None:
    """Refuse ids that are there twice, and numbers that are, or that the sandbox would give once more."""
    ids: set[str] = set()
    last = 0
    for place, part in enumerate(parts):
        _must(part.id not in ids, f"$.{things}[{place}]", f"there are two with the id '{part.id}'")
        _must(last < part.number <= given, f"$.{things}[{place}]", "they come in the order of the numbers given so far")
        ids.add(part.id)
        last = part.number


def _check_names(parts: list[UserPart]) -> None:
    taken: set[str] = set()
    for place, part in enumerate(parts):
        names = {part.username.casefold(), *([part.email.casefold()] if part.email else [])}
        _must(not names & taken, f"$.users[{place}]", "another user has this name or this email")
        taken |= names


def _check_user(sandbox: Sandbox, part: LoginPart | ApiKeyPart, place: str) -> None:
    _must(sandbox.store.users.find(part.user_id) is not None, place, f"there is no user '{part.user_id}'")


def _must(fits: bool, place: str, told: str) -> None:
    if not fits:
        raise broken(place, told)
