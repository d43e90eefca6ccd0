"""Users, logins and API keys as plain data: of passwords and keys, hashes only."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from ..models.api_key import ApiKey
from ..models.login import Login
from ..models.user import User
from ..models.written import Count, Moment
from .parts import Part, Token

_HASH = r"\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{1,100}\$[A-Za-z0-9+/]{1,100}"

PasswordHash = Annotated[str, msgspec.Meta(pattern=rf"^{_HASH}\Z")]
"""No other costs than ours: a stranger's could be more than this machine has."""
FirstHash = Annotated[str, msgspec.Meta(pattern=rf"^({_HASH})?\Z")]


class UserPart(Part):
    """A user."""

    id: Token
    number: Count
    username: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]{3,64}\Z")]
    email: Annotated[str, msgspec.Meta(max_length=254)]
    name: Annotated[str, msgspec.Meta(max_length=200)]
    role: Literal["user", "admin"]
    password_hash: PasswordHash
    is_active: bool
    created_at: Moment
    updated_at: Moment
    first_hash: FirstHash = ""


class LoginPart(Part):
    """A login."""

    id: Token
    number: Count
    user_id: Token
    refresh_id: Token
    created_at: Moment
    expires_at: Moment | None = None


class ApiKeyPart(Part):
    """An API key."""

    id: Token
    number: Count
    user_id: Token
    name: Annotated[str, msgspec.Meta(max_length=200)]
    key_hash: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
    created_at: Moment
    expires_at: Moment | None


def write_user(user: User) -> UserPart:
    """A user as plain data."""
    return UserPart(*(getattr(user, name) for name in UserPart.__struct_fields__))


def write_login(login: Login) -> LoginPart:
    """A login as plain data."""
    return LoginPart(*(getattr(login, name) for name in LoginPart.__struct_fields__))


def write_api_key(key: ApiKey) -> ApiKeyPart:
    """An API key as plain data."""
    return ApiKeyPart(*(getattr(key, name) for name in ApiKeyPart.__struct_fields__))


def read_user(part: UserPart) -> User:
    """The user who was written."""
    return User(**msgspec.structs.asdict(part))


def read_login(part: LoginPart) -> Login:
    """The login that was written."""
    return Login(**msgspec.structs.asdict(part))


def read_api_key(part: ApiKeyPart) -> ApiKey:
    """The API key that was written."""
    return ApiKey(**msgspec.structs.asdict(part))
