"""What the contract alone does not say of its calls: what comes before one, and what is sent where no example can be.

An example was sent in another sandbox, so what it says of ids does not hold here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Any


@dataclass(frozen=True)
class Call:
    """A request, and what is expected of its answer."""

    operation: str
    says: str = ""
    """The name of the request; that of the operation if empty."""
    body: Json = None
    """The example of the contract if ``None``. ``{{name}}`` stands for a variable; a text is sent as it is."""
    given: Mapping[str, str] = field(default_factory=dict)
    """Parameters by name; variables of the address that are not here are carried from call to call."""
    status: int = 0
    """The usual one if 0."""
    keep: Mapping[str, str] = field(default_factory=dict)
    """Variables for the calls after it, by runtime expression, beside those that the links of the contract make."""
    checks: Mapping[str, Json] = field(default_factory=dict)
    """What the answer must say, by runtime expression; ``*`` at the end as in `checks`."""


@dataclass(frozen=True)
class Around:
    """A call as a folder makes it, with what it needs before and leaves behind."""

    call: Call
    before: tuple[Call, ...] = ()
    after: tuple[Call, ...] = ()


TITLES = {
    "auth": "Accounts",
    "api_keys": "API keys",
    "sockets": "WebSocket",
    "docs": "Documentation",
    "open_webui": "Open WebUI flows",
}
"""Names of folders that are not simply the tag in words."""

ON_PURPOSE = ("sandbox", "Prefer", "X-Mock-Response-Code", "X-Mock-Response-Delay", "__code", "__delay", "__example")
"""Parameters that every request takes: shown where a request uses one of them, and told of once."""

WITHOUT_PATH = (
    "base_url is the server's own address, without /s/... behind it. To choose a sandbox, set the variable sandbox; "
    "each folder empties it first and ends it last."
)
"""The path of an address wins over ``X-Sandbox``: behind one, a folder would empty another sandbox than it ends."""

_NO_REQUEST = "A WebSocket is no request with one answer; Postman has requests of another kind for it."

LEFT_OUT = dict.fromkeys(("openSocket", "djangoFollowFlow"), _NO_REQUEST)
"""What is in no folder, and why."""

BEGIN = Call("resetSandbox", "Begin with an empty sandbox", {"seed": 7, "scenario": "empty", "pace": "stopped"})
END = Call("deleteSandbox", "End the sandbox", given={"sandbox": "{{sandbox}}"})

GRAPH: Json = {
    "name": "Greet",
    "nodes": [
        {"id": "start", "type": "manual_trigger", "position": {"x": 0, "y": 0}, "data": {"label": "Start"}},
        {
            "id": "ask",
            "type": "approval",
            "position": {"x": 280, "y": 0},
            "data": {"label": "Ask", "config": {"prompt": "Send it?"}},
        },
    ],
    "connections": [{"id": "c1", "source": "start", "target": "ask"}],
}

_RUN_UNTIL_ASKED = (
    Call("createWorkflow", "First: a workflow that asks", GRAPH),
    Call("executeWorkflow", "First: run it", {}),
    Call(
        "advanceClock",
        "First: until it asks",
        {"until": {"execution_id": "{{execution_id}}", "event": "node.waiting"}},
        checks={"$response.body#/reached": True},
    ),
)


def _call_hook(operation: str, method: str, body: Json = None) -> Around:
    """The call of a webhook, with a workflow whose trigger listens to the method."""
    hook = {"id": "hook", "type": "webhook_trigger", "data": {"config": {"method": method}}}
    return Around(
        Call(operation, body=body, checks={"$response.body#/status": "running"}),
        before=(
            Call("createWorkflow", f"First: a workflow that listens to {method}", {"name": "Orders", "nodes": [hook]}),
            Call("listWebhooks", "First: its address", keep={"webhook_id": "$response.body#/items/0/id"}),
        ),
    )


AROUND = {
    around.call.operation: around
    for around in (
        Around(Call("getContract", checks={"$response.body#/openapi": "3.1*"})),
        Around(Call("listStatuses", checks={"$response.body#/execution/0/status": "pending"})),
        Around(Call("getConsoleAsset", given={"console_asset": "icon.svg"}, checks={"$response.body": "<svg*"})),
        Around(Call("getDocsAsset", given={"asset": "swagger-ui.css"}, checks={"$response.body": ".swagger-ui*"})),
        Around(
            Call(
                "getProblem", given={"problem": "wrong_status"}, checks={"$response.body#/items/0/code": "wrong_status"}
            )
        ),
        Around(Call("createWorkflow", body=GRAPH)),
        Around(Call("updateWorkflow", body={"name": "Greet again", "description": "Greets whoever comes."})),
        Around(Call("replaceWorkflow", body=GRAPH | {"name": "Greet politely"})),
        Around(Call("importWorkflow", body=GRAPH)),
        Around(Call("listShares", checks={"$response.body#/items/0/permission": "edit"})),
        Around(Call("getSharedWorkflow", checks={"$response.body#/owner_name": "*"})),
        Around(Call("getUser", given={"user_id": "us_alice"}, checks={"$response.body#/username": "alice"})),
        Around(Call("updateUser", given={"user_id": "us_alice"})),
        Around(Call("getVersion", given={"version": "1"}, checks={"$response.body#/workflow/name": "Greet"})),
        Around(Call("updateVersion", body={"label": "First draft"}, given={"version": "1"})),
        Around(
            Call(
                "compareVersions",
                given={"version": "current", "with": "1"},
                checks={"$response.body#/fields/0/pointer": "/name"},
            ),
            before=(Call("updateWorkflow", "First: a change", {"name": "Greet again"}),),
        ),
        Around(Call("restoreVersion", given={"version": "1"}, checks={"$response.body#/name": "Greet"})),
        Around(Call("executeWorkflow", body={"input": {"name": "Ada"}})),
        _call_hook("callWebhookWithGet", "GET"),
        _call_hook("callWebhookWithPut", "PUT", {"order": 7}),
        _call_hook("callWebhook", "POST", {"order": 7}),
        _call_hook("callWebhookWithPatch", "PATCH", {"order": 7}),
        _call_hook("callWebhookWithDelete", "DELETE"),
        # The same password, so that who runs this can log in with it afterwards.
        Around(Call("changePassword", body={"current_password": "{{password}}", "new_password": "{{password}}"})),
        Around(
            Call("refresh", body={"refresh_token": "{{refresh_token}}"}),
            before=(Call("login", "First: log in", keep={"refresh_token": "$response.body#/refresh_token"}),),
        ),
        # Bytes that are no UTF-8 are read as U+FFFD: a PNG begins with one.
        Around(
            Call(
                "getFileContent",
                checks={"$response.header.Content-Type": "image/png", "$response.body": "\ufffdPNG*"},
            )
        ),
        Around(Call("processFiles", body={"file_ids": ["{{file_id}}"]})),
        Around(Call("createConnection"), before=(Call("createNode", "First: a node to connect"),)),
        Around(
            Call("releaseExecution"),
            before=(
                Call("createWorkflow", "First: another workflow", GRAPH),
                Call("executeWorkflow", "First: an execution that is held", {"hold": True}),
            ),
        ),
        Around(Call("retryExecution"), before=(Call("stopExecution", "First: stop it"),)),
        Around(Call("answerNode", given={"node_id": "ask"}), before=_RUN_UNTIL_ASKED),
        Around(Call("createTemplate", body={"name": "Greeting", "category": "demo", "workflow_id": "{{workflow_id}}"})),
        Around(
            Call("replaceTemplate", body={"name": "Greeting", "category": "demo", "workflow_id": "{{workflow_id}}"})
        ),
        Around(Call("applyTemplate", body={"workflow_id": "{{workflow_id}}"})),
        Around(
            Call("importTemplate", body="{{template_export}}"),
            before=(Call("exportTemplate", "First: an export", keep={"template_export": "$response.body"}),),
        ),
        Around(
            Call(
                "advanceClock",
                body={"until": {"execution_id": "{{execution_id}}", "event": "node.waiting"}},
                checks={"$response.body#/reached": True},
            )
        ),
        Around(Call("djangoExecuteFlow", keep={"flow_execution_id": "$response.body#/execution_id"})),
        Around(Call("djangoListExecutions"), before=(Call("djangoExecuteFlow", "First: execute it"),)),
        Around(Call("djangoListTemplates"), before=(Call("createTemplate", "First: a template", GRAPH),)),
        Around(Call("webuiCreateFlow", keep={"flow_id": "$response.body#/id"})),
        Around(
            Call("webuiImportFlow", body="{{flow_export}}"),
            before=(Call("webuiExportFlow", "First: an export", keep={"flow_export": "$response.body"}),),
        ),
        Around(Call("webuiExecuteFlow", checks={"$response.body#/status": "delegated_to_client"})),
        Around(
            Call("webuiGetExecution"),
            before=(
                Call(
                    "webuiExecuteFlow",
                    "First: execute it on the server",
                    given={"mode": "server"},
                    keep={"flow_execution_id": "$response.body#/execution_id"},
                ),
            ),
        ),
        Around(Call("listRequests"), before=(Call("listWorkflows", "First: ask something"),)),
        Around(Call("replaceFaults", checks={"$response.body#/0/id": "slow"})),
        Around(Call("createFault", body={"id": "late", "match": {"path": "/api/templates"}, "delay_ms": 20})),
        Around(Call("downloadSnapshot", keep={"snapshot_document": "$response.body"})),
        Around(Call("uploadSnapshot", body="{{snapshot_document}}", given={"snapshot": "copy"}, status=201)),
        Around(
            Call("forkSnapshot", body={"sandbox": "{{sandbox}}-fork"}),
            after=(Call("deleteSandbox", "Afterwards: end the fork", given={"sandbox": "{{sandbox}}-fork"}),),
        ),
        Around(Call("deleteSandbox", given={"sandbox": "{{sandbox}}"})),
    )
}
"""By operation. What is not here is called as the contract has it."""
