"""Logging in and out, and what users do about themselves.

None of the POSTs here listens to ``Idempotency-Key``: it would have the server keep their answers, with the tokens and
keys in them, of which it keeps hashes only or nothing.
"""

from __future__ import annotations

from typing import Any

from ..services import accounts, users
from ..web.body import read_body
from ..web.current import current_sandbox
from ..web.identity import current_user, current_viewer
from ..web.operation import operation
from ..web.restful import Resource
from .schemas import accounts as schemas

SECRET = {"Cache-Control": "no-store"}
"""What goes with a token or a key: nobody on the way may keep it."""


class Register(Resource):
    """New users."""

    @operation(
        "register",
        body=schemas.REGISTER_BODY,
        gives=schemas.SESSION,
        status=201,
        errors=("username_taken", "email_taken", "too_many_users"),
    )
    def post(self) -> Any:
        """Register.

        The new user is logged in at once, with the tokens of the answer. A username or an email that somebody has
        is refused with 409.
        """
        return accounts.register(current_sandbox(), read_body()), 201, SECRET


class Login(Resource):
    """Logging in."""

    @operation("login", body=schemas.LOGIN_BODY, gives=schemas.SESSION, errors=("bad_credentials",))
    def post(self) -> Any:
        """Log in.

        With the username or the email. Every sandbox has the users ``demo``, ``alice`` and ``admin`` from the
        beginning, whose passwords are ``demo-password``, ``alice-password`` and ``admin-password``. What is wrong is
        refused with 401 ``bad_credentials``, which does not tell whether there is such a user.
        """
        body = read_body()
        return accounts.log_in(current_sandbox(), body["username"], body["password"]), 200, SECRET


class Refresh(Resource):
    """New tokens for an old one."""

    @operation("refresh", body=schemas.REFRESH_BODY, gives=schemas.SESSION, errors=("bad_token", "token_expired"))
    def post(self) -> Any:
        """Get new tokens.

        The refresh token is used up. One that is shown a second time ends its login, since somebody may have stolen
        it: 401 ``bad_token``.
        """
        return accounts.refresh(current_sandbox(), read_body()["refresh_token"]), 200, SECRET


class Logout(Resource):
    """Logging out."""

    @operation("logout")
    def post(self) -> Any:
        """Log out.

        All tokens of this login are refused from now on; other logins of the user, and API keys, stay.
        """
        accounts.log_out(current_sandbox(), _session())
        return None, 204


class Me(Resource):
    """Whoever asks."""

    @operation("getMe", gives=schemas.USER)
    def get(self) -> Any:
        """Who one is.

        Who has not logged in where nobody must is the user ``demo``.
        """
        return users.get(current_sandbox(), current_viewer().user_id)

    @operation("updateMe", body=schemas.ME_CHANGE, gives=schemas.USER, errors=("email_taken",))
    def patch(self) -> Any:
        """Change one's name or email.

        Members that are not sent stay.
        """
        return users.change(current_sandbox(), current_viewer().user_id, read_body())


class ChangePassword(Resource):
    """Another password."""

    @operation("changePassword", body=schemas.PASSWORD_BODY, errors=("wrong_password",))
    def post(self) -> Any:
        """Change one's password.

        All other logins of the user end; API keys stay. A current password that is wrong is refused with 422
        ``wrong_password``.
        """
        body, user_id = read_body(), current_viewer().user_id
        accounts.change_password(
            current_sandbox(), user_id, body["current_password"], body["new_password"], session=_session()
        )
        return None, 204


class UrlTokens(Resource):
    """Tokens for addresses."""

    @operation("createUrlToken", gives=schemas.URL_TOKEN)
    def post(self) -> Any:
        """Get a token for an address.

        An ``<img>``, an ``EventSource`` and a ``WebSocket`` cannot send a header: they show it as
        ``?access_token=``. Addresses are seen by many, so it is good for a minute, and for nothing else.
        """
        return accounts.make_url_token(current_sandbox(), current_viewer().user_id, _session()), 200, SECRET


def _session() -> str | None:
    """What the credential of this request rests on; ``None`` where nobody has logged in."""
    user = current_user()
    return None if user is None else user.session
