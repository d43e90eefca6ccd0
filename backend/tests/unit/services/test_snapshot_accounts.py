"""Users, logins and API keys of snapshots: kept as they are, added where there were none yet, refused if they clash."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.errors import InvalidInput
from app.sandbox import Sandbox, Sandboxes
from app.services import accounts, api_keys, snapshots, users
from app.services.scenarios import fill
from app.services.snapshot_reader import assemble
from app.services.snapshot_writer import encode, pieces

from .conftest import written

Json = Any


@pytest.fixture
def sandboxes() -> Sandboxes:
    return Sandboxes(Settings(pace="stopped", scenario="empty"), SimulatedEngine, fill)


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """A sandbox with one more user, two logins and an API key."""
    sandbox = sandboxes.get()
    accounts.register(sandbox, {"username": "bob", "password": "bob-password"})
    accounts.log_in(sandbox, "alice", "alice-password")
    api_keys.create(sandbox, "us_alice", {"name": "CI", "expires_at": None})
    return sandbox


@pytest.fixture
def document(sandbox: Sandbox) -> Json:
    """The snapshot of it."""
    return json.loads(written(sandbox))


def restored(sandboxes: Sandboxes, document: Json) -> Sandbox:
    """What becomes of a snapshot that somebody uploads."""
    sandbox = sandboxes.get("other")
    snapshots.put(sandboxes, sandbox, "it", json.dumps(document).encode())
    snapshots.restore(sandboxes, sandbox, "it")
    return sandboxes.get("other")


def test_accounts_come_back_as_they_were(sandboxes: Sandboxes, sandbox: Sandbox, document: Json) -> None:
    assert written(restored(sandboxes, document)) == written(sandbox)


def test_accounts_come_back_piece_by_piece(sandbox: Sandbox, document: Json) -> None:
    with sandbox.view():
        found = assemble((piece.kind, encode(piece.capture())) for piece in reversed(list(pieces(sandbox))))
    for kind in ("users", "logins", "api_keys"):
        assert json.loads(encode(getattr(found, kind))) == document[kind]


def test_whatever_changes_about_accounts_changes_a_piece(sandbox: Sandbox) -> None:
    def stamps() -> dict[tuple[str, str], Json]:
        with sandbox.view():
            return {(piece.kind, piece.key): piece.stamp for piece in pieces(sandbox) if piece.stamp is not None}

    session = accounts.log_in(sandbox, "demo", "demo-password")
    for kind, change in (
        ("user", lambda: users.change(sandbox, "us_demo", {"name": "Other"})),
        ("user", lambda: users.change(sandbox, "us_demo", {"role": "admin"})),
        ("user", lambda: accounts.change_password(sandbox, "us_alice", "alice-password", "something else")),
        ("login", lambda: accounts.refresh(sandbox, session["refresh_token"])),
        ("login", lambda: accounts.log_out(sandbox, next(reversed(sandbox.store.logins)))),
        ("api_key", lambda: api_keys.create(sandbox, "us_demo", {"name": "b"})),
    ):
        before = stamps()
        change()
        assert kind in {key[0] for key, _ in before.items() ^ stamps().items()}


def test_a_snapshot_from_before_there_were_users_gets_those_of_every_sandbox(
    sandboxes: Sandboxes, document: Json
) -> None:
    for kind in ("users", "logins", "api_keys"):
        del document[kind]
    for prefix in ("us", "lg", "ak", "tk"):
        del document["sandbox"]["counters"][prefix]
    sandbox = restored(sandboxes, document)
    assert [user.id for user in sandbox.store.users] == ["us_demo", "us_alice", "us_admin"]
    accounts.log_in(sandbox, "admin", "admin-password")
    made = accounts.register(sandbox, {"username": "bob", "password": "bob-password"})
    assert made["user"]["id"].startswith("us_00004")


BREAKS: dict[str, tuple[str, Callable[[Json], object]]] = {
    "two users with one id": ("/users/1", lambda told: told["users"][1].update(id="us_demo")),
    "two users with one name": ("/users/1", lambda told: told["users"][1].update(username="DEMO")),
    "two users with one email": ("/users/1", lambda told: told["users"][1].update(email="Demo@example.com")),
    "two users with one number": ("/users/1", lambda told: told["users"][1].update(number=1)),
    "a number that was not given yet": ("/users/3", lambda told: told["users"][3].update(number=9)),
    "no default user": ("/users", lambda told: told["users"].pop(0)),
    "a hash that would take hours": (
        "/users/0/password_hash",
        lambda told: told["users"][0].update(password_hash="$argon2id$v=19$m=99999999,t=99,p=1$c2FsdA$aGFzaA"),
    ),
    "a password in the place of its hash": (
        "/users/0/password_hash",
        lambda told: told["users"][0].update(password_hash="demo-password"),
    ),
    "a login of nobody": ("/logins/0", lambda told: told["logins"][0].update(user_id="nobody")),
    "two logins with one id": (
        "/logins/1",
        lambda told: told["logins"][1].update(id=told["logins"][0]["id"]),
    ),
    "an API key of nobody": ("/api_keys/0", lambda told: told["api_keys"][0].update(user_id="nobody")),
    "an API key that was not given yet": ("/api_keys/0", lambda told: told["sandbox"]["counters"].pop("ak")),
}


@pytest.mark.parametrize("name", BREAKS)
def test_accounts_that_do_not_fit_together_are_refused(sandboxes: Sandboxes, document: Json, name: str) -> None:
    pointer, spoil = BREAKS[name]
    spoil(document)
    with pytest.raises(InvalidInput) as refused:
        restored(sandboxes, document)
    assert (refused.value.code, refused.value.errors[0]["pointer"]) == ("broken_snapshot", pointer)
