"""What can be done with flows here: each belongs to a user, and only they and admins reach it."""

from __future__ import annotations

from typing import Any

import orjson

from ...errors import InvalidInput, NotAllowed
from ...models.user import Viewer
from ...models.workflow import Workflow, clean_parts
from ...nodes.schemas import pointer
from ...sandbox import Sandbox
from ...services import executions, workflows
from ...services.changes import save
from ...services.documents import Document, render, summary
from . import forms, mapping

Json = Any


def find(sandbox: Sandbox, flow_id: str, viewer: Viewer) -> Workflow:
    """The workflow that a flow is; within a view or a turn.

    :raises NotFound: if there is none.
    :raises NotAllowed: ``not_permitted``, if it is somebody else's.
    """
    workflow = sandbox.store.workflows.get(flow_id)
    if not viewer.owns(workflow.owner_id):
        raise NotAllowed(f"Flow '{flow_id}' belongs to somebody else.", code="not_permitted")
    return workflow


def check(sandbox: Sandbox, flow_id: str, viewer: Viewer) -> None:
    """Refuse a flow that is not there, or is somebody else's.

    :raises NotFound: if there is none.
    :raises NotAllowed: ``not_permitted``.
    """
    with sandbox.view():
        find(sandbox, flow_id, viewer)


def list_flows(sandbox: Sandbox, viewer: Viewer) -> list[dict[str, Json]]:
    """Every flow that somebody reaches, the last changed first."""
    with sandbox.view():
        every = sandbox.store.workflows.newest(0, len(sandbox.store.workflows))
        found = [summary(sandbox, workflow) for workflow in every if viewer.owns(workflow.owner_id)]
    return [mapping.to_listed(one) for one in found]


def create(sandbox: Sandbox, form: dict[str, Json], viewer: Viewer) -> dict[str, Json]:
    """A new flow."""
    return _shown(workflows.create(sandbox, mapping.to_workflow(form), viewer=viewer))


def get(sandbox: Sandbox, flow_id: str, viewer: Viewer) -> dict[str, Json]:
    """A whole flow."""
    with sandbox.view():
        document = render(sandbox, find(sandbox, flow_id, viewer))
    return _shown(document)


def update(sandbox: Sandbox, flow_id: str, form: dict[str, Json], viewer: Viewer) -> dict[str, Json]:
    """Change what a form has of a flow; what else the workflow has stays."""
    changes = clean_parts(mapping.to_workflow(form))
    with sandbox.turn() as now:
        workflow = find(sandbox, flow_id, viewer)
        save(sandbox, workflow, now, viewer=viewer, **changes)
        document = render(sandbox, workflow)
    return _shown(document)


def delete(sandbox: Sandbox, flow_id: str, viewer: Viewer) -> None:
    """Delete a flow."""
    check(sandbox, flow_id, viewer)
    workflows.delete(sandbox, flow_id)


def duplicate(sandbox: Sandbox, flow_id: str, name: str | None, viewer: Viewer) -> dict[str, Json]:
    """A copy of a flow, which belongs to whoever asks for it."""
    check(sandbox, flow_id, viewer)
    return _shown(workflows.duplicate(sandbox, flow_id, name, viewer=viewer))


def export(sandbox: Sandbox, flow_id: str, viewer: Viewer) -> dict[str, Json]:
    """A flow to take elsewhere, with an empty text in the place of every secret."""
    check(sandbox, flow_id, viewer)
    return mapping.to_export(workflows.export(sandbox, flow_id)["workflow"])


def import_flow(sandbox: Sandbox, document: dict[str, Json], viewer: Viewer) -> dict[str, Json]:
    """A new flow from an export.

    :raises InvalidInput: ``unknown_format``, ``bad_document`` or ``bad_graph``.
    """
    flow = document.get("flow")
    if document.get("version") != mapping.VERSION or not isinstance(flow, dict):
        expected = f'{{"version": "{mapping.VERSION}", "flow": {{...}}}}'
        raise InvalidInput(f"Import failed: this is not {expected}.", code="unknown_format")
    if faults := forms.faults_of(forms.CONTENT, flow, ["flow"]):
        culprits = [{"pointer": pointer(fault["loc"]), "message": fault["msg"]} for fault in faults]
        first = culprits[0]
        raise InvalidInput(f"Import failed: {first['message']} at {first['pointer']}.", culprits, code="bad_document")
    forms.check_graph(flow)
    return create(sandbox, {"name": mapping.IMPORTED} | {k: v for k, v in flow.items() if v is not None}, viewer)


def delegate(sandbox: Sandbox, flow_id: str, inputs: dict[str, Json], viewer: Viewer) -> dict[str, Json]:
    """What a client needs to execute a flow by itself; nothing is executed here."""
    flow = get(sandbox, flow_id, viewer)
    return {
        "message": "Flow execution is handled client-side",
        "flowId": flow_id,
        "status": "delegated_to_client",
        "inputs": inputs,
        "order": mapping.order(flow["nodes"], flow["edges"]),
        "nodes": flow["nodes"],
        "edges": flow["edges"],
    }


def execute(sandbox: Sandbox, flow_id: str, inputs: dict[str, Json], viewer: Viewer) -> dict[str, Json]:
    """Execute a flow here.

    :raises CannotRun: if the graph cannot be executed.
    :raises Conflict: ``already_running``.
    """
    check(sandbox, flow_id, viewer)
    execution = executions.execute(sandbox, flow_id, {"input": inputs}, viewer=viewer)
    return {
        "message": "Flow execution started on the server",
        "flowId": flow_id,
        "status": mapping.STATUSES[execution["status"]],
        "execution_id": execution["id"],
    }


def _shown(document: Document) -> dict[str, Json]:
    return mapping.to_flow(orjson.loads(document.body))
