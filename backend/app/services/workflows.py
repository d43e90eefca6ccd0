"""Workflows: saved, changed, copied, deleted, exported, imported, checked.

Saving never fails because a graph is unfinished; executing is what refuses.
"""

from __future__ import annotations

from typing import Any

import orjson

from ..models.user import ANYONE, DEFAULT_USER, Viewer
from ..models.workflow import (
    DEFAULT_NAME,
    DEFAULT_VIEWPORT,
    OWN_FIELDS,
    SERVER_FIELDS,
    Workflow,
    clean_graph,
    merge_patch,
    name_of_copy,
)
from ..moments import iso
from ..sandbox import Sandbox
from . import paging, validation
from .changes import check_count, check_graph_size, check_revision, check_writable, save, tell
from .documents import Document, Part, render, status_of, summary
from .exchange import FORMAT, blank_secrets
from .paging import Keys, Listing, Page
from .permissions import sees

__all__ = [
    "Document",
    "Part",
    "as_reactflow",
    "create",
    "delete",
    "drawable",
    "duplicate",
    "export",
    "get",
    "list_workflows",
    "patch",
    "replace",
    "validate",
    "validate_graph",
]

Json = Any

SORTS: Keys = {
    "name": lambda workflow: workflow.name,
    "created_at": lambda workflow: workflow.created_at,
    "updated_at": lambda workflow: workflow.updated_at,
    "revision": lambda workflow: workflow.revision,
    "node_count": lambda workflow: len(workflow.nodes),
}
"""What workflows can be sorted by."""


def list_workflows(sandbox: Sandbox, listing: Listing, *, viewer: Viewer = ANYONE) -> Page:
    """Summaries of the workflows that somebody sees, the last changed first; filters: ``status, tag, shared``."""
    paging.check(listing, sandbox.limits, SORTS)
    with sandbox.view():
        # The store keeps this order, so the first page among ten thousand costs what it costs among ten.
        if viewer.sees_all and _is_usual(listing):
            found, total = sandbox.store.workflows.newest(listing.start, listing.stop), len(sandbox.store.workflows)
        else:
            every = _select(sandbox, listing, viewer)
            found, total = every[listing.start : listing.stop], len(every)
        items = [summary(sandbox, workflow) for workflow in found]
    return Page(items, total, listing.page, listing.per_page)


def create(sandbox: Sandbox, document: dict[str, Json], *, viewer: Viewer = ANYONE) -> Document:
    """A new workflow with this document, which may have any of its fields and others.

    :param viewer: whose it is.
    :raises InvalidInput: ``duplicate_id``, if nothing could tell two nodes or two connections apart.
    :raises TooMany: if there are too many workflows, nodes or connections.
    """
    fields = fresh_fields(document)
    check_graph_size(fields, sandbox.limits)
    check_writable(fields)
    with sandbox.turn() as now:
        return render(sandbox, add(sandbox, fields, now, viewer.user_id))


def fresh_fields(document: dict[str, Json]) -> dict[str, Json]:
    """All fields that the author of a workflow writes; what the document does not say is empty."""
    given = {name: value for name, value in document.items() if value is not None}
    nodes, connections = clean_graph(given.get("nodes", []), given.get("connections", []))
    return {
        "name": given.get("name", DEFAULT_NAME),
        "description": given.get("description", ""),
        "tags": given.get("tags", []),
        "nodes": nodes,
        "connections": connections,
        "viewport": given.get("viewport", dict(DEFAULT_VIEWPORT)),
        "metadata": given.get("metadata", {}),
        "extra": _extra(document),
    }


def add(sandbox: Sandbox, fields: dict[str, Json], now: int, owner_id: str = DEFAULT_USER) -> Workflow:
    """Keep a new workflow with these fields, which were checked, and tell of it; within a turn."""
    workflow = keep(sandbox, fields, now, owner_id)
    tell(sandbox, workflow, "created", now)
    return workflow


def keep(sandbox: Sandbox, fields: dict[str, Json], now: int, owner_id: str = DEFAULT_USER) -> Workflow:
    """Like `add`, and tell nobody: what a sandbox begins with is not news."""
    workflows = sandbox.store.workflows
    check_count("workflows", len(workflows) + 1, sandbox.limits.max_workflows, "max_workflows")
    key, number = sandbox.world.ids.numbered("wf")
    whose: dict[str, Json] = {"owner_id": owner_id, "saved_by": owner_id}
    workflow = Workflow(id=key, number=number, created_at=now, updated_at=now, **whose, **fields)
    workflows.add(workflow)
    return workflow


def get(sandbox: Sandbox, workflow_id: str) -> Document:
    """A workflow.

    :raises NotFound: if there is none.
    """
    with sandbox.view():
        return render(sandbox, sandbox.store.workflows.get(workflow_id))


def replace(
    sandbox: Sandbox,
    workflow_id: str,
    document: dict[str, Json],
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> Document:
    """Put a document in the place of the old one.

    The graph becomes that of the document; all other fields, unknown ones too, stay if it does not have them: who
    saves through one door loses nothing that another has written.

    :param viewer: in whose name it is saved.
    :raises RevisionMismatch: if somebody saved in between.
    """
    nodes, connections = clean_graph(document.get("nodes") or [], document.get("connections") or [])
    fields = {name: document[name] for name in OWN_FIELDS if document.get(name) is not None}
    fields |= {"nodes": nodes, "connections": connections}
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        fields["extra"] = workflow.extra | _extra(document)
        save(sandbox, workflow, now, viewer=viewer, **fields)
        return render(sandbox, workflow)


def patch(
    sandbox: Sandbox,
    workflow_id: str,
    changes: dict[str, Json],
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> Document:
    """Change some fields, as RFC 7396 says: objects merge, ``null`` removes, lists and the rest are replaced.

    :param viewer: in whose name it is saved.
    :raises RevisionMismatch: if somebody saved in between.
    """
    changes = {name: value for name, value in changes.items() if name not in SERVER_FIELDS}
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        save(sandbox, workflow, now, viewer=viewer, **_patched(workflow, changes))
        return render(sandbox, workflow)


def delete(sandbox: Sandbox, workflow_id: str, *, expected_revision: int | None = None) -> None:
    """Delete a workflow with its schedules, and stop what runs of it; its executions stay readable.

    :raises RevisionMismatch: if somebody saved in between.
    """
    with sandbox.turn() as now:
        check_revision(sandbox.store.workflows.get(workflow_id), expected_revision)
        # The last one first: what waits for its turn is not to begin. A part of another execution goes on with that.
        for execution in reversed(list(sandbox.store.under_way(workflow_id))):
            sandbox.engine.stop(execution, now, "workflow_deleted")
        for schedule in sandbox.store.schedules.of(workflow_id):
            sandbox.store.schedules.remove(schedule.id)
        tell(sandbox, sandbox.store.workflows.remove(workflow_id), "deleted", now)


def duplicate(sandbox: Sandbox, workflow_id: str, name: str | None = None, *, viewer: Viewer = ANYONE) -> Document:
    """A new workflow with the same document; its nodes and connections keep their ids.

    :param viewer: whose it is.
    """
    with sandbox.turn() as now:
        original = sandbox.store.workflows.get(workflow_id)
        fields = {field: getattr(original, field) for field in (*OWN_FIELDS, "extra")}
        fields["name"] = name or name_of_copy(original.name)
        return render(sandbox, add(sandbox, fields, now, viewer.user_id))


def export(sandbox: Sandbox, workflow_id: str) -> dict[str, Json]:
    """The document in an envelope, to be kept or imported elsewhere; secrets are blank in it."""
    with sandbox.view() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        written = {name: getattr(workflow, name) for name in OWN_FIELDS} | workflow.extra
        return {
            "format": FORMAT,
            "exported_at": iso(now),
            "workflow": blank_secrets(written, sandbox.registry.get),
        }


def validate(sandbox: Sandbox, workflow_id: str) -> dict[str, Json]:
    """What is wrong with a workflow: ``{valid, issues}``; it is valid if no issue is an error."""
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        nodes, connections = workflow.nodes, workflow.connections
    return validate_graph(sandbox, nodes, connections)


def validate_graph(
    sandbox: Sandbox, nodes: list[dict[str, Json]], connections: list[dict[str, Json]]
) -> dict[str, Json]:
    """What is wrong with a graph that need not be saved: ``{valid, issues}``."""
    nodes, connections = clean_graph(nodes, connections)
    issues = validation.issues(nodes, connections, sandbox.registry)
    return {"valid": all(issue["severity"] != "error" for issue in issues), "issues": issues}


def as_reactflow(sandbox: Sandbox, workflow_id: str) -> bytes:
    """What React Flow's ``toObject()`` gives, as JSON: ``{nodes, edges, viewport}`` and nothing else.

    What React Flow cannot do without, and does not write itself, is as it would be: a position, data, a zoom.
    """
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        if "reactflow" not in workflow.cache:
            workflow.cache["reactflow"] = orjson.dumps(drawable(workflow.graph()))
        graph: bytes = workflow.cache["reactflow"]
        return graph


_NEVER_NULL = ("type", "parentId", "data")
"""What nodes and connections have in React Flow, or have not; everything else comes back as it was sent."""


def drawable(graph: dict[str, Json]) -> dict[str, Json]:
    """A graph as React Flow's types have it: ``{nodes, edges, viewport}``."""
    bare_node = {"position": {"x": 0, "y": 0}, "data": {}}
    return {
        "nodes": [_filled(node, bare_node) for node in graph["nodes"]],
        "edges": [_filled(edge, {}) for edge in graph["edges"]],
        "viewport": _filled(graph["viewport"], DEFAULT_VIEWPORT),
    }


def _filled(thing: dict[str, Json], bare: dict[str, Json]) -> dict[str, Json]:
    """A thing as React Flow's types have it: nothing that is needed is missing, or ``null`` where that cannot be."""
    given = {name: held for name, held in thing.items() if held is not None or name not in _NEVER_NULL}
    return given | {name: held for name, held in bare.items() if name not in given}


def _is_usual(listing: Listing) -> bool:
    """Whether everything is wanted in the order that the store keeps."""
    return listing.is_plain or listing == Listing(listing.page, listing.per_page, sort="-updated_at")


def _select(sandbox: Sandbox, listing: Listing, viewer: Viewer) -> list[Workflow]:
    filters: Keys = {
        "status": lambda workflow: status_of(sandbox, workflow),
        "tag": lambda workflow: workflow.tags,
        "shared": lambda workflow: _is_shared(workflow, viewer),
    }
    seen = (workflow for workflow in sandbox.store.workflows if sees(sandbox, viewer, workflow))
    found = paging.select(seen, listing, filters=filters, texts=_texts)
    return paging.order(found, listing.sort or "-updated_at", SORTS, lambda workflow: workflow.number)


def _is_shared(workflow: Workflow, viewer: Viewer) -> bool | None:
    """Whether somebody else has shared it with the viewer, or it is their own; ``None`` if it is neither."""
    if workflow.owner_id == viewer.user_id:
        return False
    return True if viewer.user_id in workflow.shares else None


def _texts(workflow: Workflow) -> list[str]:
    return [workflow.name, workflow.description, *workflow.tags]


def _extra(document: dict[str, Json]) -> dict[str, Json]:
    known = (*OWN_FIELDS, *SERVER_FIELDS)
    return {name: value for name, value in document.items() if name not in known}


def _patched(workflow: Workflow, changes: dict[str, Json]) -> dict[str, Json]:
    """The fields after a patch, those that it does not name left out."""
    old = {name: getattr(workflow, name) for name in OWN_FIELDS} | workflow.extra
    new = dict(old)
    for name, value in changes.items():
        if value is None:
            new.pop(name, None)
        else:
            # Only objects merge; a list that was sent is not copied again.
            new[name] = merge_patch(old.get(name), value) if isinstance(value, dict) else value
    fields = fresh_fields(new)
    return {name: fields[name] for name in fields if name == "extra" or name in changes}
