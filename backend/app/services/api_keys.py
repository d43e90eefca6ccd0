"""API keys: made for programs, shown once, kept as hashes."""

from __future__ import annotations

from hashlib import blake2b
from hmac import compare_digest
from typing import Any

from ..errors import InvalidInput, NotAuthenticated, NotFound
from ..models.api_key import PREFIX, ApiKey
from ..sandbox import Sandbox
from .changes import check_count

Json = Any

_SECRET_BYTES = 20


def list_keys(sandbox: Sandbox, user_id: str) -> list[dict[str, Json]]:
    """The keys of a user, oldest first."""
    with sandbox.view():
        return [key.as_dict() for key in _of(sandbox, user_id)]


def create(sandbox: Sandbox, user_id: str, given: dict[str, Json]) -> dict[str, Json]:
    """A new key; only this answer has the ``key`` itself.

    :param given: ``name``, and perhaps ``expires_at`` in microseconds.
    :raises InvalidInput: ``expires_in_the_past``.
    :raises TooMany: ``too_many_api_keys``.
    """
    with sandbox.turn() as now:
        expires_at = given.get("expires_at")
        if expires_at is not None and expires_at <= now:
            message = "An API key must be good for a while: it is later than this already."
            raise InvalidInput(message, [{"pointer": "/expires_at", "message": message}], code="expires_in_the_past")
        count = len(_of(sandbox, user_id)) + 1
        check_count("api keys", count, sandbox.limits.max_api_keys, "max_api_keys", "A user")
        key_id, number = sandbox.world.ids.numbered("ak")
        key = ApiKey(key_id, number, user_id, given["name"], "", now, expires_at)
        shown = _secret(sandbox, key)
        key.key_hash = _hash(shown)
        sandbox.store.api_keys.add(key)
        return {**key.as_dict(), "key": shown}


def get(sandbox: Sandbox, user_id: str, api_key_id: str) -> dict[str, Json]:
    """A key of a user.

    :raises NotFound: if they have none with this id.
    """
    with sandbox.view():
        return _theirs(sandbox, user_id, api_key_id).as_dict()


def revoke(sandbox: Sandbox, user_id: str, api_key_id: str) -> None:
    """Forget a key of a user: it is good for nothing any more.

    :raises NotFound: if they have none with this id.
    """
    with sandbox.turn():
        sandbox.store.api_keys.remove(_theirs(sandbox, user_id, api_key_id).id)


def read(sandbox: Sandbox, shown: str, now: int) -> ApiKey:
    """The key that somebody shows; within a view or a turn.

    :raises NotAuthenticated: ``bad_token``, ``token_expired``.
    """
    name, _, _ = shown.removeprefix(PREFIX).partition("_")
    key = sandbox.store.api_keys.find(f"ak_{name}")
    if key is None or not compare_digest(key.key_hash, _hash(shown)):
        raise NotAuthenticated("There is no such API key here; it may have been revoked.", code="bad_token")
    check_time(key, now)
    return key


def check_time(key: ApiKey, now: int) -> None:
    """Refuse a key whose time is over, and what rests on it.

    :raises NotAuthenticated: ``token_expired``.
    """
    if key.expires_at is not None and now >= key.expires_at:
        raise NotAuthenticated("This API key was good until a moment that is over.", code="token_expired")


def _of(sandbox: Sandbox, user_id: str) -> list[ApiKey]:
    return [key for key in sandbox.store.api_keys if key.user_id == user_id]


def _theirs(sandbox: Sandbox, user_id: str, api_key_id: str) -> ApiKey:
    key = sandbox.store.api_keys.get(api_key_id)
    if key.user_id != user_id:
        raise NotFound("api_key", api_key_id)
    return key


def _secret(sandbox: Sandbox, key: ApiKey) -> str:
    user = sandbox.store.users.get(key.user_id)
    # Without what is the user's own, somebody else would get the same one in another sandbox with the same seed.
    whose = (user.id, user.username, user.first_hash, key.name, key.created_at)
    return f"{key.prefix}_{sandbox.world.chance.rng('api_key', key.id, *whose).randbytes(_SECRET_BYTES).hex()}"


def _hash(shown: str) -> str:
    return blake2b(shown.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
