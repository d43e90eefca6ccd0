"""The connections of a workflow, one at a time.

A whole graph may be saved with connections that dangle; a single one is taken only between nodes that are there.
"""

from __future__ import annotations

from typing import Any

from ..errors import Conflict
from ..models.user import ANYONE, Viewer
from ..models.workflow import Workflow, clean_connection, default_connection_id, ends, free_name
from ..sandbox import Sandbox
from .changes import check_revision, save
from .documents import Part, part
from .graphs import check_connection, check_ends, check_same_id

Json = Any
Connection = dict[str, Json]


def list_connections(sandbox: Sandbox, workflow_id: str) -> list[Connection]:
    """The connections of a workflow, in the order of the document."""
    with sandbox.view():
        return list(sandbox.store.workflows.get(workflow_id).connections)


def get(sandbox: Sandbox, workflow_id: str, connection_id: str) -> Part:
    """A connection.

    :raises NotFound: if there is no such workflow, or no such connection in it.
    """
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        return part(sandbox, workflow, workflow.connection(connection_id))


def add(
    sandbox: Sandbox,
    workflow_id: str,
    connection: Connection,
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> tuple[Part, bool]:
    """Connect two nodes, and whether that made anything new: the same four ends again give what is there.

    :param viewer: in whose name it is saved, here and below.
    :raises InvalidInput: ``dangling_connection``.
    :raises Conflict: ``duplicate_connection`` if the ends are connected under another id, ``duplicate_id``.
    """
    connection = clean_connection(connection)
    check_connection(connection)
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        check_ends(connection, workflow.nodes)
        twins = _twins(workflow, connection)
        for twin in twins:
            if connection.get("id") in (None, "", twin["id"]):
                return part(sandbox, workflow, twin), False
        _refuse(twins)
        _name(workflow, connection)
        save(sandbox, workflow, now, viewer=viewer, connections=[*workflow.connections, connection])
        return part(sandbox, workflow, connection), True


def replace(
    sandbox: Sandbox,
    workflow_id: str,
    connection_id: str,
    connection: Connection,
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> Part:
    """Put a connection in the place of the one with this id; so React Flow reconnects an edge.

    :raises InvalidInput: ``dangling_connection``, ``id_mismatch``.
    :raises Conflict: ``duplicate_connection`` if another one has the same four ends.
    """
    connection = clean_connection(connection)
    check_connection(connection)
    check_same_id(connection, connection_id)
    connection["id"] = connection_id
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        old = workflow.connection(connection_id)
        check_ends(connection, workflow.nodes)
        _refuse([twin for twin in _twins(workflow, connection) if twin is not old])
        lines = [connection if line is old else line for line in workflow.connections]
        save(sandbox, workflow, now, viewer=viewer, connections=lines)
        return part(sandbox, workflow, workflow.connection(connection_id))


def delete(
    sandbox: Sandbox,
    workflow_id: str,
    connection_id: str,
    *,
    expected_revision: int | None = None,
    viewer: Viewer = ANYONE,
) -> None:
    """Take a connection away."""
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        check_revision(workflow, expected_revision)
        old = workflow.connection(connection_id)
        lines = [line for line in workflow.connections if line is not old]
        save(sandbox, workflow, now, viewer=viewer, connections=lines)


def _twins(workflow: Workflow, connection: Connection) -> list[Connection]:
    """The connections that have the same four ends; more than one only if a whole graph was saved so."""
    wanted = ends(connection)
    return [line for line in workflow.connections if ends(line) == wanted]


def _refuse(twins: list[Connection]) -> None:
    if twins:
        message = f"Connection '{twins[0]['id']}' has the same ends already."
        raise Conflict(message, code="duplicate_connection", connection_id=twins[0]["id"])


def _name(workflow: Workflow, connection: Connection) -> None:
    taken = {line["id"] for line in workflow.connections}
    if connection.get("id") in taken:
        message = f"Workflow '{workflow.id}' already has a connection '{connection['id']}'."
        raise Conflict(message, code="duplicate_id")
    if not connection.get("id"):
        connection["id"] = free_name(default_connection_id(connection), taken)
