"""Sharing workflows: with users, who may view or edit them then, and with whoever has a link.

Sharing is no change of the document: its revision stays, and what is shared is always the workflow as it is.
"""

from __future__ import annotations

from contextlib import suppress
from hmac import compare_digest
from typing import Any

from ..errors import InvalidInput, NotAllowed, NotFound
from ..models.user import ANYONE, User, Viewer
from ..models.workflow import Permission, ShareLink, Workflow
from ..moments import iso
from ..sandbox import Sandbox
from . import users
from .changes import check_count
from .exchange import blank_secrets
from .people import person
from .permissions import allowed_with

Json = Any

_SHOWN = ("name", "description", "tags", "nodes", "connections", "viewport", "revision")
"""What a link shows of a workflow as it is kept."""

_LONGEST_NUMBER = 20
"""Digits: no workflow has a number with more."""


def show(sandbox: Sandbox, workflow_id: str, *, viewer: Viewer = ANYONE) -> dict[str, Json]:
    """With whom a workflow is shared, and what the viewer may do; only its owner is shown the link."""
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        is_theirs = viewer.owns(workflow.owner_id)
        return {
            "owner": person(sandbox, workflow.owner_id),
            "permission": allowed_with(sandbox, viewer, workflow),
            "items": [_share(sandbox, workflow, user_id) for user_id in workflow.shares],
            "link": _show_link(workflow.link) if workflow.link and is_theirs else None,
        }


def share(sandbox: Sandbox, workflow_id: str, name: str, permission: Permission) -> tuple[dict[str, Json], bool]:
    """Share a workflow with a user, and say whether it was not before; then only the permission is another one.

    :param name: an id, a username or an email.
    :raises InvalidInput: ``unknown_user``; ``shared_with_owner``.
    :raises TooMany: ``too_many_shares``.
    """
    with sandbox.turn():
        workflow = sandbox.store.workflows.get(workflow_id)
        user = _find_user(sandbox, name)
        if user.id == workflow.owner_id:
            message = f"The workflow belongs to '{user.username}' already."
            raise InvalidInput(message, _at_user(message), code="shared_with_owner")
        is_new = user.id not in workflow.shares
        if is_new:
            check_count("shares", len(workflow.shares) + 1, sandbox.limits.max_shares, "max_shares", "A workflow")
        workflow.shares = {**workflow.shares, user.id: permission}
        return _share(sandbox, workflow, user.id), is_new


def change(sandbox: Sandbox, workflow_id: str, user_id: str, permission: Permission) -> dict[str, Json]:
    """Let a user do more or less with a workflow that is shared with them.

    :raises NotFound: ``user_not_found``, if it is not.
    """
    with sandbox.turn():
        workflow = _shared_with(sandbox, workflow_id, user_id)
        workflow.shares = {**workflow.shares, user_id: permission}
        return _share(sandbox, workflow, user_id)


def end(sandbox: Sandbox, workflow_id: str, user_id: str, *, viewer: Viewer = ANYONE) -> None:
    """Share a workflow with a user no more: its owner says so, or the user.

    :raises NotAllowed: ``not_permitted``, if it is neither.
    :raises NotFound: ``user_not_found``, if it is not shared with them.
    """
    with sandbox.turn():
        workflow = sandbox.store.workflows.get(workflow_id)
        allowed = allowed_with(sandbox, viewer, workflow)
        if allowed != "own" and user_id != viewer.user_id:
            message = "Only its owner may end the share of somebody else."
            raise NotAllowed(message, code="not_permitted", permission=allowed, needed="own")
        workflow = _shared_with(sandbox, workflow_id, user_id)
        workflow.shares = {key: held for key, held in workflow.shares.items() if key != user_id}


def make_link(sandbox: Sandbox, workflow_id: str) -> tuple[dict[str, Json], bool]:
    """The link of a workflow, and whether it is a new one: one that is there stays as it is."""
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        is_new = workflow.link is None
        if workflow.link is None:
            # Its number is never given again, so no link is like one that was revoked.
            key = sandbox.world.ids.new("sl")
            secret = f"{sandbox.world.chance.rng('share_link', key).getrandbits(128):032x}"
            # The number in it says where to look, so that nobody has to look at all workflows.
            workflow.link = ShareLink(f"{workflow.number}-{secret}", now)
        return _show_link(workflow.link), is_new


def revoke_link(sandbox: Sandbox, workflow_id: str) -> None:
    """Let the link of a workflow lead nowhere, if there is one."""
    with sandbox.turn():
        sandbox.store.workflows.get(workflow_id).link = None


def follow_link(sandbox: Sandbox, token: str) -> dict[str, Json]:
    """What a link shows: the document as it is now, its secrets blank.

    :raises NotFound: ``share_token_not_found``, if it was revoked, or the workflow is gone.
    """
    with sandbox.view():
        workflow = _behind(sandbox, token)
        told = {name: getattr(workflow, name) for name in _SHOWN}
        told |= {"owner_name": person(sandbox, workflow.owner_id)["name"], "updated_at": iso(workflow.updated_at)}
        type_of = sandbox.registry.get
    # The parts of a document are never changed, so nobody has to wait until all of it was looked at.
    return blank_secrets(told, type_of)


def _behind(sandbox: Sandbox, token: str) -> Workflow:
    number = token.partition("-")[0]
    workflow = None
    if number.isascii() and number.isdigit() and len(number) < _LONGEST_NUMBER:
        with suppress(NotFound):
            workflow = sandbox.store.workflows.numbered(int(number))
    if workflow is not None and workflow.link is not None and _is_same(workflow.link.token, token):
        return workflow
    message = "There is nothing behind this link: it was revoked, or the workflow is gone."
    raise NotFound("share_token", token, message)


def _is_same(token: str, given: str) -> bool:
    """Whether two tokens are the same; how long this takes does not tell how much of one is right."""
    return compare_digest(token.encode(), given.encode("utf-8", "surrogatepass"))


def _shared_with(sandbox: Sandbox, workflow_id: str, user_id: str) -> Workflow:
    workflow = sandbox.store.workflows.get(workflow_id)
    if user_id not in workflow.shares:
        raise NotFound("user", user_id, f"The workflow is not shared with a user '{user_id}'.")
    return workflow


def _find_user(sandbox: Sandbox, name: str) -> User:
    user = sandbox.store.users.find(name) or users.find(sandbox, name)
    if user is None:
        message = f"There is no user with the id, the username or the email '{name}'."
        raise InvalidInput(message, _at_user(message), code="unknown_user")
    return user


def _at_user(message: str) -> list[dict[str, str]]:
    return [{"pointer": "/user", "message": message}]


def _share(sandbox: Sandbox, workflow: Workflow, user_id: str) -> dict[str, Json]:
    return {"user": person(sandbox, user_id), "permission": workflow.shares[user_id]}


def _show_link(link: ShareLink) -> dict[str, Json]:
    return {"url": f"/api/shared/{link.token}", "token": link.token, "created_at": iso(link.created_at)}
