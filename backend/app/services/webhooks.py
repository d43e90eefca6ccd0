"""Webhooks: a URL for each trigger of a workflow, at which anybody starts an execution with a request."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ..errors import NotFound
from ..nodes.triggers import METHODS
from ..sandbox import Sandbox
from .executions import begin
from .triggers import Trigger, find_trigger, triggers_of

Json = Any

LISTENING = "webhook_trigger"
"""The node type that says itself to which method it listens."""

USUAL_METHOD = "POST"


def list_webhooks(sandbox: Sandbox, workflow_id: str) -> list[dict[str, Json]]:
    """The webhooks of a workflow, in the order of its document: ``{node_id, node_type, label, method, path, url}``."""
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        return [_shown(workflow.id, trigger) for trigger in triggers_of(sandbox, workflow)]


def method_of(sandbox: Sandbox, webhook_id: str) -> str:
    """The method to which a webhook listens.

    :param webhook_id: the id of the workflow, a slash, and that of the node.
    :raises NotFound: ``webhook_not_found``.
    """
    with sandbox.view():
        return _method(_find(sandbox, webhook_id)[1])


def call(sandbox: Sandbox, webhook_id: str, request: dict[str, Json]) -> dict[str, Json]:
    """Start an execution at a trigger, or queue it: ``{execution_id, workflow_id, status}``.

    :param request: ``method, headers, query, body``; the execution gets it as its input, with the path of the trigger.
    :raises NotFound: ``webhook_not_found``.
    :raises CannotRun: if the graph cannot be executed.
    :raises QueueFull: if too many wait already.
    """
    with sandbox.turn() as now:
        workflow_id, trigger = _find(sandbox, webhook_id)
        workflow = sandbox.store.workflows.get(workflow_id)
        given = {"method": request["method"], "path": _path(trigger, webhook_id), **request}
        execution = begin(sandbox, workflow, now, mode="webhook", given=given, start_node=trigger.node["id"])
    with sandbox.view():
        return {"execution_id": execution.id, "workflow_id": workflow_id, "status": execution.status}


def _find(sandbox: Sandbox, webhook_id: str) -> tuple[str, Trigger]:
    workflow_id, _, node_id = webhook_id.partition("/")
    workflow = sandbox.store.workflows.find(workflow_id)
    trigger = None if workflow is None else find_trigger(sandbox, workflow, node_id)
    if trigger is None:
        raise NotFound("webhook", webhook_id)
    return workflow_id, trigger


def _shown(workflow_id: str, trigger: Trigger) -> dict[str, Json]:
    node_id = trigger.node["id"]
    return {
        "id": f"{workflow_id}/{node_id}",
        "node_id": node_id,
        "node_type": trigger.type.type,
        "label": trigger.label,
        "method": _method(trigger),
        "path": _path(trigger, f"{workflow_id}/{node_id}"),
        "url": _address(f"{workflow_id}/{node_id}"),
    }


def _method(trigger: Trigger) -> str:
    told = trigger.config.get("method") if trigger.type.type == LISTENING else None
    return str(told) if told in METHODS else USUAL_METHOD


def _path(trigger: Trigger, webhook_id: str) -> str:
    """What the node calls its path; for a node that says nothing of it, that of the URL."""
    told = trigger.config.get("path") if trigger.type.type == LISTENING else None
    return "/" + str(told).lstrip("/") if told else _address(webhook_id)


def _address(webhook_id: str) -> str:
    return f"/api/webhooks/{quote(webhook_id)}"
