"""People as those are told of them who are no admins: by their names."""

from __future__ import annotations

from typing import Any

from ..sandbox import Sandbox


def person(sandbox: Sandbox, user_id: str) -> dict[str, Any]:
    """A user as ``{id, username, name}``, the names ``None`` if there is no such user; within a view or a turn."""
    user = sandbox.store.users.find(user_id)
    username, name = (None, None) if user is None else (user.username, user.name)
    return {"id": user_id, "username": username, "name": name}
