"""The nodes of a workflow, one at a time."""

from __future__ import annotations

from typing import Any

from ..errors import Conflict
from ..models.user import ANYONE, Viewer
from ..models.workflow import Workflow, clean_node, free_name, merge_patch
from ..sandbox import Sandbox
from .changes import check_revision, save
from .documents import Part, part
from .graphs import check_node, check_same_id, without_nodes

Json = Any
Node = dict[str, Json]


def list_nodes(sandbox: Sandbox, workflow_id: str) -> list[Node]:
    """The nodes of a workflow, in the order of the document."""
    with sandbox.view():
        return list(sandbox.store.workflows.get(workflow_id).nodes)


def get(sandbox: Sandbox, workflow_id: str, node_id: str) -> Part:
    """A node.

    :raises NotFound: if there is no such workflow, or no such node in it.
    """
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        return part(sandbox, workflow, workflow.node(node_id))


def add(
    sandbox: Sandbox,
    workflow_id: str,
    node: Node,
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> Part:
    """Add a node behind the others; one without an id gets one.

    :param viewer: in whose name it is saved, here and below.
    :raises Conflict: ``duplicate_id``.
    """
    node = clean_node(node)
    check_node(node)
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        taken = {other["id"] for other in workflow.nodes}
        if node.get("id") in taken:
            raise Conflict(f"Workflow '{workflow_id}' already has a node '{node['id']}'.", code="duplicate_id")
        if not node.get("id"):
            node["id"] = free_name(f"{node.get('type') or 'node'}_{len(taken) + 1}", taken)
        save(sandbox, workflow, now, viewer=viewer, nodes=[*workflow.nodes, node])
        return part(sandbox, workflow, node)


def replace(
    sandbox: Sandbox,
    workflow_id: str,
    node_id: str,
    node: Node,
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> Part:
    """Put a node in the place of the one with this id.

    :raises InvalidInput: ``id_mismatch``, since connections know the node by its id.
    """
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        return _put(sandbox, workflow, workflow.node(node_id), node, now, viewer)


def patch(
    sandbox: Sandbox,
    workflow_id: str,
    node_id: str,
    changes: dict[str, Json],
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> Part:
    """Change a node as RFC 7396 says: objects merge at any depth, ``null`` removes.

    :raises InvalidInput: ``id_mismatch``; ``bad_node`` if what comes out could not be drawn.
    """
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        old = workflow.node(node_id)
        return _put(sandbox, workflow, old, merge_patch(old, changes), now, viewer)


def delete(
    sandbox: Sandbox,
    workflow_id: str,
    node_id: str,
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> None:
    """Delete a node and its connections; with a group goes what is inside of it, as in React Flow."""
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        workflow.node(node_id)
        left = without_nodes(workflow.nodes, workflow.connections, {node_id})
        save(sandbox, workflow, now, viewer=viewer, **left)


def _put(sandbox: Sandbox, workflow: Workflow, old: Node, new: Node, now: int, viewer: Viewer) -> Part:
    new = clean_node(new)
    check_same_id(new, old["id"])
    new["id"] = old["id"]
    check_node(new)
    nodes = [new if node is old else node for node in workflow.nodes]
    save(sandbox, workflow, now, viewer=viewer, nodes=nodes)
    return part(sandbox, workflow, workflow.node(old["id"]))
