"""Workflows: saved, changed, copied, deleted, exported, imported, checked.

Saving never fails because a graph is unfinished; executing is what refuses.
"""

from __future__ import annotations

from typing import Any

import orjson

from ..models.workflow import (
    DEFAULT_NAME,
    DEFAULT_VIEWPORT,
    OWN_FIELDS,
    SERVER_FIELDS,
    Workflow,
    clean_graph,
    merge_patch,
)
from ..moments import iso
from ..sandbox import Sandbox
from . import paging, validation
from .changes import check_count, check_graph_size, check_revision, check_writable, save, tell
from .documents import Document, Part, render, status_of, summary
from .exchange import FORMAT, blank_secrets
from .paging import Keys, Listing, Page

__all__ = [
    "Document",
    "Part",
    "as_reactflow",
    "create",
    "delete",
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


def list_workflows(sandbox: Sandbox, listing: Listing) -> Page:
    """Summaries of workflows, the last changed first; filters are ``status`` and ``tag``."""
    paging.check(listing, sandbox.limits, SORTS)
    with sandbox.view():
        # The store keeps this order, so the first page among ten thousand costs what it costs among ten.
        if listing.is_plain or listing == Listing(listing.page, listing.per_page, sort="-updated_at"):
            found, total = sandbox.store.workflows.newest(listing.start, listing.stop), len(sandbox.store.workflows)
        else:
            every = _select(sandbox, listing)
            found, total = every[listing.start : listing.stop], len(every)
        items = [summary(sandbox, workflow) for workflow in found]
    return Page(items, total, listing.page, listing.per_page)


def create(sandbox: Sandbox, document: dict[str, Json]) -> Document:
    """A new workflow with this document, which may have any of its fields and others.

    :raises InvalidInput: ``duplicate_id``, if nothing could tell two nodes or two connections apart.
    :raises TooMany: if there are too many workflows, nodes or connections.
    """
    fields = fresh_fields(document)
    check_graph_size(fields, sandbox.limits)
    check_writable(fields)
    with sandbox.turn() as now:
        return render(sandbox, add(sandbox, fields, now))


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


def add(sandbox: Sandbox, fields: dict[str, Json], now: int) -> Workflow:
    """Keep a new workflow with these fields, which were checked, and tell of it; within a turn."""
    workflow = keep(sandbox, fields, now)
    tell(sandbox, workflow, "created", now)
    return workflow


def keep(sandbox: Sandbox, fields: dict[str, Json], now: int) -> Workflow:
    """Like `add`, and tell nobody: what a sandbox begins with is not news."""
    workflows = sandbox.store.workflows
    check_count("workflows", len(workflows) + 1, sandbox.limits.max_workflows, "max_workflows")
    key = sandbox.world.ids.new("wf")
    number = sandbox.world.ids.counters["wf"]
    workflow = Workflow(id=key, number=number, created_at=now, updated_at=now, **fields)
    workflows.add(workflow)
    return workflow


def get(sandbox: Sandbox, workflow_id: str) -> Document:
    """A workflow.

    :raises NotFound: if there is none.
    """
    with sandbox.view():
        return render(sandbox, sandbox.store.workflows.get(workflow_id))


def replace(
    sandbox: Sandbox, workflow_id: str, document: dict[str, Json], *, expected_revision: int | None = None
) -> Document:
    """Put a document in the place of the old one.

    The graph and the unknown fields become those of the document; name, description, tags, metadata and viewport stay
    if it does not have them.

    :raises RevisionMismatch: if somebody saved in between.
    """
    nodes, connections = clean_graph(document.get("nodes") or [], document.get("connections") or [])
    fields = {name: document[name] for name in OWN_FIELDS if document.get(name) is not None}
    fields |= {"nodes": nodes, "connections": connections, "extra": _extra(document)}
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        save(sandbox, workflow, now, **fields)
        return render(sandbox, workflow)


def patch(
    sandbox: Sandbox, workflow_id: str, changes: dict[str, Json], *, expected_revision: int | None = None
) -> Document:
    """Change some fields, as RFC 7396 says: objects merge, ``null`` removes, lists and the rest are replaced.

    :raises RevisionMismatch: if somebody saved in between.
    """
    changes = {name: value for name, value in changes.items() if name not in SERVER_FIELDS}
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        save(sandbox, workflow, now, **_patched(workflow, changes))
        return render(sandbox, workflow)


def delete(sandbox: Sandbox, workflow_id: str, *, expected_revision: int | None = None) -> None:
    """Delete a workflow and stop what runs of it; its executions stay readable.

    :raises RevisionMismatch: if somebody saved in between.
    """
    with sandbox.turn() as now:
        check_revision(sandbox.store.workflows.get(workflow_id), expected_revision)
        for execution in sandbox.store.executions_of(workflow_id):
            # The child of a sub-workflow node belongs to its parent, which goes on.
            if not execution.is_final and execution.parent is None:
                sandbox.engine.stop(execution, now, "workflow_deleted")
        tell(sandbox, sandbox.store.workflows.remove(workflow_id), "deleted", now)


def duplicate(sandbox: Sandbox, workflow_id: str, name: str | None = None) -> Document:
    """A new workflow with the same document; its nodes and connections keep their ids."""
    with sandbox.turn() as now:
        original = sandbox.store.workflows.get(workflow_id)
        fields = {field: getattr(original, field) for field in (*OWN_FIELDS, "extra")}
        fields["name"] = name or f"{original.name} (Copy)"
        return render(sandbox, add(sandbox, fields, now))


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
            workflow.cache["reactflow"] = orjson.dumps(_drawable(workflow.graph()))
        graph: bytes = workflow.cache["reactflow"]
        return graph


_NEVER_NULL = ("type", "parentId", "data")
"""What nodes and connections have in React Flow, or have not; everything else comes back as it was sent."""


def _drawable(graph: dict[str, Json]) -> dict[str, Json]:
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


def _select(sandbox: Sandbox, listing: Listing) -> list[Workflow]:
    filters: Keys = {
        "status": lambda workflow: status_of(sandbox, workflow),
        "tag": lambda workflow: workflow.tags,
    }
    found = paging.select(sandbox.store.workflows, listing, filters=filters, texts=_texts)
    return paging.order(found, listing.sort or "-updated_at", SORTS, lambda workflow: workflow.number)


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
