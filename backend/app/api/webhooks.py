"""Webhooks: a URL for each trigger of a workflow, for anybody who knows it."""

from __future__ import annotations

from typing import Any

from flask import request
from werkzeug.exceptions import MethodNotAllowed

from ..services import webhooks
from ..web.addresses import here, root
from ..web.current import current_sandbox
from ..web.incoming import read_request
from ..web.operation import Body, operation
from ..web.restful import Resource
from .answers import REFUSED
from .schemas import webhooks as schemas

_CALLED: dict[str, Any] = {
    "gives": schemas.WEBHOOK_CALL,
    "status": 202,
    "answer_headers": ("Location",),
    "errors": (*(code for code in REFUSED if code != "already_running"), "queue_full"),
}
_BODY = Body(schemas.WEBHOOK_BODY, required=False, takes_any=True)


class WorkflowWebhooks(Resource):
    """The webhooks of a workflow."""

    @operation("listWebhooks", gives=schemas.WEBHOOKS, needs="edit")
    def get(self, workflow_id: str) -> Any:
        """List the webhooks of a workflow.

        Each of its triggers has one, unless it is disabled. Only who may edit the workflow is told: who has an
        address can execute it.
        """
        base = root().rstrip("/")
        found = webhooks.list_webhooks(current_sandbox(), workflow_id)
        return {"items": [webhook | {"url": base + webhook["url"]} for webhook in found]}


class Webhook(Resource):
    """One webhook, by whatever method its trigger listens to."""

    @operation("callWebhookWithGet", **_CALLED)
    def get(self, webhook_id: str) -> Any:
        """Start an execution at a trigger that listens to GET.

        As with POST. What is sent as a body is not looked at.
        """
        return _call(webhook_id, with_body=False)

    @operation("callWebhookWithPut", body=_BODY, **_CALLED)
    def put(self, webhook_id: str) -> Any:
        """Start an execution at a trigger that listens to PUT.

        As with POST.
        """
        return _call(webhook_id)

    @operation("callWebhook", body=_BODY, once=True, **_CALLED)
    def post(self, webhook_id: str) -> Any:
        """Start an execution at a trigger that listens to POST, as most do.

        It begins at that trigger, with the request as its input: ``{method, path, headers, query, body}``. Where the
        workflow is at work, it waits for its turn, and is ``pending`` until then. The method that a
        ``webhook_trigger`` listens to is in its configuration; to another one the answer is 405. Nobody has to log
        in for this: who knows the address may call it.
        """
        return _call(webhook_id)

    @operation("callWebhookWithPatch", body=_BODY, **_CALLED)
    def patch(self, webhook_id: str) -> Any:
        """Start an execution at a trigger that listens to PATCH.

        As with POST.
        """
        return _call(webhook_id)

    @operation("callWebhookWithDelete", **_CALLED)
    def delete(self, webhook_id: str) -> Any:
        """Start an execution at a trigger that listens to DELETE.

        As with POST. What is sent as a body is not looked at.
        """
        return _call(webhook_id, with_body=False)


def _call(webhook_id: str, *, with_body: bool = True) -> Any:
    sandbox = current_sandbox()
    method = webhooks.method_of(sandbox, webhook_id)
    # HEAD asks what GET would answer, and is to start nothing.
    if request.method != method:
        raise MethodNotAllowed([method])
    told = webhooks.call(sandbox, webhook_id, read_request(with_body=with_body))
    return told, 202, {"Location": here("executions", told["execution_id"])}
