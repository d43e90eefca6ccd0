"""Users, logins and API keys, in and out."""

from __future__ import annotations

import re

from marshmallow import fields, validate

from ...models.api_key import PREFIX
from ...models.user import ROLES
from ...services import users
from ...services.tokens import SECONDS
from ...web.checks import Check, Checked, boolean, one_of, text
from ...web.schemas import Input, Output, described, items_of, page_of, string, there, time, whole_number
from .control import Moment
from .queries import ListQuery, Words, looked_for, sort


def _matching(pattern: str, most: int, message: str) -> Check:
    """A string that a pattern describes."""
    found = re.compile(pattern)

    def find(value: object) -> str | None:
        fits = isinstance(value, str) and len(value) <= most and found.fullmatch(value)
        return None if fits else message

    return Check(find, {"type": "string", "maxLength": most, "pattern": f"^{pattern}$"})


_USERNAME = (
    "What one logs in with: 3 to 64 letters, digits, dots, dashes and underscores; upper case counts for nothing."
)
_EMAIL = "Where mail would go; one can log in with it, too. An empty text: none."
_NAME = "What others see."
_PASSWORD = "8 to 128 characters."

_username = _matching("[A-Za-z0-9._-]{3,64}", 64, "Must have 3 to 64 letters, digits, dots, dashes and underscores.")
_email = _matching("([!-?A-~]+@[!-?A-~]+)?", 254, "Must be an email address, or empty.")
_name = text(0, 200)
_new_password = text(8, 128)
_password = text(1, 1000)


class RegisterBody(Input):
    """A new user."""

    username = Checked(_username, required=True, metadata=described(_USERNAME))
    email = Checked(_email, metadata=described(_EMAIL))
    password = Checked(_new_password, required=True, metadata=described(_PASSWORD))
    name = Checked(_name, metadata=described(f"{_NAME} The username if nothing is said."))


class LoginBody(Input):
    """Who logs in."""

    username = Checked(text(1, 254), required=True, metadata=described("The username, or the email."))
    password = Checked(_password, required=True, metadata=described("The password."))


class RefreshBody(Input):
    """What is used up for new tokens."""

    refresh_token = Checked(
        text(1, 4000), required=True, metadata=described("The refresh token of the last answer; it is used up.")
    )


class MeChange(Input):
    """What users change about themselves; what is not given stays."""

    name = Checked(_name, metadata=described(_NAME))
    email = Checked(_email, metadata=described(_EMAIL))


class UserChange(MeChange):
    """What admins change about a user; what is not given stays."""

    role = Checked(one_of(*ROLES), metadata=described("What they may: an admin sees and does everything."))
    is_active = Checked(
        boolean, metadata=described("Whether they may log in; who may not any more is logged out at once.")
    )


class PasswordBody(Input):
    """A password in the place of another."""

    current_password = Checked(_password, required=True, metadata=described("The password until now."))
    new_password = Checked(_new_password, required=True, metadata=described(_PASSWORD))


class ApiKeyBody(Input):
    """A new API key."""

    name = Checked(text(1, 200), required=True, metadata=described("What it is for."))
    expires_at = Moment(
        allow_none=True,
        metadata=described(
            "When it ends, on the sandbox's clock: ISO 8601, or milliseconds since 1970. `null` or nothing: never."
        ),
    )


class User(Output):
    """A user, as they and admins see them."""

    id = string(about="What names them in addresses and as an `owner_id`; nothing is to be read into it.")
    username = Checked(_username, required=True, metadata=described(_USERNAME))
    email = Checked(_email, required=True, metadata=described(_EMAIL))
    name = string(about=_NAME)
    role = string(about="What they may: `admin` sees and does everything.", validate=validate.OneOf(ROLES))
    is_active = there(fields.Boolean, about="Whether they may log in.")
    created_at = time(about="When they came, in virtual time.")
    updated_at = time(about="When something about them last changed.")


class Session(Output):
    """A login: tokens, and whose they are."""

    access_token = string(about=f"For `Authorization: Bearer`: good for {SECONDS['access'] // 60} minutes.")
    refresh_token = string(
        about=f"For new tokens, once: good for {SECONDS['refresh'] // 86_400} days. One that is shown a second time "
        "ends the login."
    )
    token_type = string(about="How the access token is shown.", validate=validate.Equal("Bearer"))
    expires_in = whole_number(1, about="For how many seconds of the sandbox's time the access token is good.")
    user = there(fields.Nested, User, about="Who has logged in.")


class UrlToken(Output):
    """A token that may stand in an address."""

    access_token = string(about="For `?access_token=`, where no header can be sent.")
    expires_in = whole_number(1, about="For how many seconds of the sandbox's time it is good.")


class ApiKey(Output):
    """An API key, without what makes it one."""

    id = string(about="What names it in addresses; nothing is to be read into it.")
    name = string(about="What it is for.")
    prefix = string(about=f"How the key begins, to tell it from others: `{PREFIX}` and some more.")
    created_at = time(about="When it was made, in virtual time.")
    expires_at = time(about="When it ends; `null`: never.", allow_none=True)


class NewApiKey(ApiKey):
    """An API key, the only time that it is shown."""

    key = string(about="The key itself, for `Authorization: Bearer` or `X-API-Key`. It is not kept, only its hash.")


class UsersQuery(ListQuery):
    """Filters of the users."""

    sort = sort(users.SORTS, "username")
    q = looked_for("Only users with this text in their username, email or name, in upper or lower case.")
    role = Words(ROLES, metadata=described("Only users who are one of these."))


REGISTER_BODY = RegisterBody()
LOGIN_BODY = LoginBody()
REFRESH_BODY = RefreshBody()
ME_CHANGE = MeChange()
USER_CHANGE = UserChange()
PASSWORD_BODY = PasswordBody()
API_KEY_BODY = ApiKeyBody()
USER = User()
USER_PAGE = page_of(User, "users")
USERS_QUERY = UsersQuery()
SESSION = Session()
URL_TOKEN = UrlToken()
API_KEYS = items_of(ApiKey, "The API keys of the user, oldest first.")
API_KEY = ApiKey()
NEW_API_KEY = NewApiKey()
