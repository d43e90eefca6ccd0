"""The one door for changes of a workflow: everything is checked first, then all of it changes or nothing.

Nodes, connections and the lists of them are values: a change puts new ones in their place and never reaches into old
ones, so whoever still holds an old one (an execution, an answer on its way) sees no change.
"""

from __future__ import annotations

from typing import Any, Literal

import orjson

from ..config import PREFIX, Limits
from ..errors import InvalidInput, RevisionMismatch, TooMany
from ..models.event import Change
from ..models.template import Template
from ..models.user import ANYONE, Viewer
from ..models.version import remember
from ..models.workflow import Workflow
from ..sandbox import Sandbox

Json = Any

_PARTS = ("nodes", "connections")


def save(sandbox: Sandbox, workflow: Workflow, now: int, *, viewer: Viewer = ANYONE, **fields: Json) -> None:
    """Give fields of a workflow new values; the revision rises if that changes anything, and the old one is kept.

    :param viewer: in whose name it is saved.
    :raises TooMany: if the graph gets larger than this server takes.
    :raises InvalidInput: if a value could not be sent again.
    """
    changed = changes_of(workflow, fields)
    if not changed:
        return
    # A graph that came with more, as in a snapshot from elsewhere, may well become smaller.
    grown = {
        name: held for name, held in changed.items() if name in _PARTS and len(held) > len(getattr(workflow, name))
    }
    check_graph_size(grown, sandbox.limits)
    check_writable(changed)
    put(sandbox, workflow, now, changed, viewer)


def changes_of(workflow: Workflow, fields: dict[str, Json]) -> dict[str, Json]:
    """Those of the fields that a workflow has with other values."""
    return {name: value for name, value in fields.items() if not is_same(getattr(workflow, name), value)}


def put(
    sandbox: Sandbox,
    workflow: Workflow,
    now: int,
    changed: dict[str, Json],
    viewer: Viewer,
    restored_from: int | None = None,
) -> None:
    """Like `save`, of fields that have other values and were checked.

    :param restored_from: the revision that these values come from.
    """
    remember(workflow, sandbox.limits.max_versions)
    before = workflow.updated_at
    for name, value in changed.items():
        setattr(workflow, name, reuse(getattr(workflow, name), value) if name in _PARTS else value)
    workflow.saved_by, workflow.version_label, workflow.restored_from = viewer.user_id, None, restored_from
    workflow.touch(now)
    sandbox.store.workflows.moved(workflow, before)
    tell(sandbox, workflow, "updated", now)


def tell(sandbox: Sandbox, workflow: Workflow, change: Literal["created", "updated", "deleted"], now: int) -> None:
    """Let the log tell what became of a workflow; within a turn."""
    told = Change(
        workflow.id,
        change,
        workflow.revision,
        workflow.name,
        workflow.updated_at,
        workflow.owner_id,
        tuple(workflow.shares) if change == "deleted" else (),
    )
    sandbox.store.log.append_change(told, now)


def check_revision(document: Workflow | Template, expected: int | None) -> None:
    """Refuse a change of a revision that is not the current one; ``None`` expects nothing.

    :raises RevisionMismatch: with ``current_revision``.
    """
    if expected is not None and expected != document.revision:
        kind = type(document).__name__.lower()
        raise RevisionMismatch(
            f"Somebody saved in between: {kind} '{document.id}' is at revision {document.revision}, not {expected}.",
            current_revision=document.revision,
        )


def check_graph_size(fields: dict[str, Json], limits: Limits) -> None:
    """Refuse a graph with more nodes or connections than this server takes.

    :raises TooMany: ``too_many_nodes``, ``too_many_connections``.
    """
    check_count("nodes", len(fields.get("nodes") or ()), limits.max_nodes, "max_nodes", "A graph")
    check_count(
        "connections", len(fields.get("connections") or ()), limits.max_connections, "max_connections", "A graph"
    )


def check_count(things: str, count: int, most: int, setting: str, holder: str = "A sandbox") -> None:
    """Refuse more things than a limit allows, and name the setting that says so.

    :raises TooMany: ``too_many_`` and the things.
    """
    if count > most:
        variable = PREFIX + setting.upper()
        message = f"{holder} holds at most {most} {things} here, not {count}. The setting is {setting} ({variable})."
        code = "too_many_" + things.replace(" ", "_")
        raise TooMany(message, [{"pointer": f"/{things}", "message": message}], code=code, limit=most, setting=setting)


def check_writable(value: Json) -> None:
    """Refuse what came in as JSON and could not go out again: nested too deep, numbers too long, half characters.

    :raises InvalidInput: ``not_writable``.
    """
    try:
        # Answers put a document into others (an export, a page); the nesting here leaves room for them.
        orjson.dumps([[[[[[[[value]]]]]]]])
    except orjson.JSONEncodeError as error:
        raise InvalidInput(f"This cannot be written as JSON again: {error}.", code="not_writable") from None


def reuse(old: list[Json], new: list[Json]) -> list[Json]:
    """The new nodes or connections, and in the place of each that did not change the old one.

    Whoever sends the whole graph for one node that was moved would have each version keep a graph of its own.
    """
    before = {part["id"]: part for part in old}
    return [_older(before.get(part["id"]), part) for part in new]


def is_same(old: Json, new: Json) -> bool:
    """Whether two values are the same JSON; unlike Python, JSON tells 1 from true, and the order of keys is nothing."""
    return bool(old == new) and _written(old) == _written(new)


def _older(old: Json, new: Json) -> Json:
    return old if old is new or is_same(old, new) else new


def _written(value: Json) -> bytes | None:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return None
