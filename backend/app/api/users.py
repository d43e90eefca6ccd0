"""Users, for admins."""

from __future__ import annotations

from typing import Any

from ..services import users
from ..web.body import read_body
from ..web.current import current_sandbox
from ..web.identity import current_viewer
from ..web.operation import operation
from ..web.paging import paged
from ..web.query import read_listing
from ..web.restful import Resource
from .answers import LISTING, PAGING
from .schemas import accounts as schemas


class Users(Resource):
    """All users."""

    @operation(
        "listUsers",
        query=schemas.USERS_QUERY,
        gives=schemas.USER_PAGE,
        answer_headers=PAGING,
        errors=("admin_only", *LISTING),
    )
    def get(self) -> Any:
        """List users, by their usernames.

        This is for admins, and for everybody where nobody logs in.
        """
        return paged(users.list_users(current_sandbox(), read_listing(), viewer=current_viewer()))


class User(Resource):
    """One user."""

    @operation("getUser", gives=schemas.USER, errors=("admin_only",))
    def get(self, user_id: str) -> Any:
        """Get a user.

        This is for admins; ``GET /api/auth/me`` is for everybody.
        """
        return users.get(current_sandbox(), user_id, viewer=current_viewer())

    @operation(
        "updateUser",
        body=schemas.USER_CHANGE,
        gives=schemas.USER,
        errors=("admin_only", "email_taken", "last_admin"),
    )
    def patch(self, user_id: str) -> Any:
        """Change a user.

        Members that are not sent stay. Who is not active any more is logged out, and their API keys are refused.
        There is always an active admin: what would leave none is refused with 409 ``last_admin``.
        """
        return users.change(current_sandbox(), user_id, read_body(), viewer=current_viewer())
