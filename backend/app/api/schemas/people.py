"""People, as those are told of them who are no admins."""

from __future__ import annotations

from ...web.schemas import Output, string


class Person(Output):
    """Somebody, by their names."""

    id = string(about="The id of the user.")
    username = string(allow_none=True, about="The name that they log in with; `null` if there is no such user.")
    name = string(allow_none=True, about="What people call them; `null` if there is no such user.")
