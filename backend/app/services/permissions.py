"""Who may do what with what belongs to somebody.

A workflow belongs to a user, who may share it. An execution belongs to whoever started it, and whoever sees its
workflow sees it. Templates that came with the sandbox are for all to see. What one may not even view is not there for
them.
"""

from __future__ import annotations

from typing import Any, Literal

from ..errors import NotAllowed, NotFound
from ..models.event import Event
from ..models.execution import Execution
from ..models.file import File
from ..models.template import Template
from ..models.user import Viewer
from ..models.workflow import Workflow
from ..sandbox import Sandbox

Need = Literal["view", "edit", "own"]
NEEDS: tuple[Need, ...] = ("view", "edit", "own")
"""What one can be allowed to do with a thing, each more than the one before."""

Kind = Literal["workflow", "execution", "template", "file"]
Thing = Workflow | Execution | Template | File


def check(sandbox: Sandbox, viewer: Viewer, kind: Kind, key: str, need: Need = "view") -> None:
    """Refuse what somebody may not do with a thing; within a view or a turn.

    :raises NotFound: if there is none, or none for them.
    :raises NotAllowed: ``not_permitted``, if they may view it and no more.
    """
    if viewer.sees_all:
        return
    thing = find(sandbox, kind, key)
    allowed = None if thing is None else allowed_with(sandbox, viewer, thing)
    if allowed is None:
        raise NotFound(kind, key)
    if NEEDS.index(allowed) < NEEDS.index(need):
        message = f"You may {allowed} this {kind}, and not {need} it."
        raise NotAllowed(message, code="not_permitted", permission=allowed, needed=need)


def owner_of(sandbox: Sandbox, workflow: Workflow) -> Viewer:
    """In whose name a workflow is executed where nobody gives the command; within a view or a turn."""
    owner = sandbox.store.users.find(workflow.owner_id)
    sees_all = sandbox.settings.auth == "off" or (owner is not None and owner.role == "admin")
    return Viewer(workflow.owner_id, sees_all)


def find(sandbox: Sandbox, kind: Kind, key: str) -> Thing | None:
    """The thing of this kind with this id, if there is one."""
    store = sandbox.store
    shelves: dict[str, Any] = {
        "workflow": store.workflows,
        "execution": store.executions,
        "template": store.templates,
        "file": store.files,
    }
    found: Thing | None = shelves[kind].find(key)
    return found


def allowed_with(sandbox: Sandbox, viewer: Viewer, thing: Thing) -> Need | None:
    """The most that somebody may do with a thing; ``None`` if it is not there for them."""
    if viewer.owns(thing.owner_id):
        return "own"
    if isinstance(thing, Template):
        return "view" if thing.owner_id is None else None
    if isinstance(thing, Execution):
        workflow = sandbox.store.workflows.find(thing.workflow_id)
        return None if workflow is None else allowed_with(sandbox, viewer, workflow)
    return thing.shares.get(viewer.user_id) if isinstance(thing, Workflow) else None


def sees(sandbox: Sandbox, viewer: Viewer, thing: Thing) -> bool:
    """Whether a thing is there for somebody."""
    return viewer.sees_all or allowed_with(sandbox, viewer, thing) is not None


def is_told(sandbox: Sandbox, viewer: Viewer, event: Event) -> bool:
    """Whether somebody is told of an event: of what they see, and of what they saw before it was deleted."""
    if viewer.sees_all:
        return True
    if event.execution is not None:
        return sees(sandbox, viewer, event.execution)
    workflow = sandbox.store.workflows.find(event.workflow_id)
    if workflow is None:
        change = event.subject
        return viewer.user_id == change.owner_id or viewer.user_id in change.shared_with
    return sees(sandbox, viewer, workflow)
