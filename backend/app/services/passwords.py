"""Passwords, of which only hashes are kept: Argon2id, as strong as OWASP advises. Hashing takes long on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..world import Chance

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MEMORY_KIB = 19_456
ROUNDS = 2
LANES = 1

_SALT_BYTES = 16
_NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$y9gGx90OPsesywnI/30xmw$UGSJTKVDQ/8K7w8Mx6YHbRlTdEYxvg4hsT276oA0FEY"
"""The hash that is looked at where there is no user, so that this takes as long as if there were one."""


def hash_password(chance: Chance, password: str, purpose: str) -> str:
    """The hash of a password; call it outside of a turn.

    :param purpose: what the hash is for, never the same twice: the salt follows from it.
    """
    salt = chance.rng("password", purpose).randbytes(_SALT_BYTES)
    return _hasher().hash(password, salt=salt)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether a password is the one of a hash; call it outside of a turn.

    :param password_hash: ``None`` where there is no user: then none is right, and it takes as long.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        is_same = _hasher().verify(password_hash or _NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return False
    return is_same and password_hash is not None


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=ROUNDS, memory_cost=MEMORY_KIB, parallelism=LANES)
