"""Webhooks, and what they answer."""

from __future__ import annotations

from typing import Any

from ...nodes.triggers import METHODS
from ...web.checks import one_of
from ...web.schemas import Output, checked, items_of, string
from .statuses import EXECUTION_STATUS


class Webhook(Output):
    """A URL at which anybody starts an execution with a request."""

    id = string(about="What names it in addresses: the id of the workflow, a slash, and that of the node.")
    node_id = string(about="The id of the trigger at which executions begin.")
    node_type = string(about="The type of the trigger.")
    label = string(about="What people call the trigger.")
    method = checked(one_of(*METHODS), about="The method to which it listens.")
    path = string(about="The path that the trigger tells, whatever the address is.")
    url = string(about="Its address, without a host; it names the sandbox of this request.")


class WebhookCall(Output):
    """What a request to a webhook has started."""

    execution_id = string(about="The id of the execution.")
    workflow_id = string(about="The id of the workflow that is executed.")
    status = checked(EXECUTION_STATUS, about="That of the execution: `pending` if another one is to end first.")


WEBHOOKS = items_of(Webhook, "The webhooks of the workflow, in the order of its nodes.")
WEBHOOK_CALL = WebhookCall()
WEBHOOK_BODY: dict[str, Any] = {
    "description": "What the workflow gets as `body`: any JSON. Forms, texts and bytes are taken, too."
}
