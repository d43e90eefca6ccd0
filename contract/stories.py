"""Stories: calls that together do what people come for. Time stands in all of them; none has to wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from calls import BEGIN, END, Call

Json = Any


@dataclass(frozen=True)
class Story:
    """A few calls in a sandbox of their own."""

    name: str
    description: str
    calls: tuple[Call, ...]


def _node(name: str, kind: str, x: int, **config: Json) -> Json:
    return {"id": name, "type": kind, "position": {"x": x, "y": 0}, "data": {"label": name.title(), "config": config}}


def _until(**wanted: Json) -> Json:
    return {"until": {"execution_id": "{{execution_id}}", **wanted}}


_REACHED = {"$response.body#/reached": True}

_REPORT: Json = {
    "name": "Nightly report",
    "nodes": [_node("fetch", "delay", 0, seconds=60), _node("report", "delay", 280, seconds=30)],
    "connections": [{"id": "c1", "source": "fetch", "target": "report"}],
}

_PICTURES: Json = {
    "name": "Pictures",
    "nodes": [_node("pictures", "file_input", 0), _node("smaller", "resize", 280, width=16)],
    "connections": [{"id": "c1", "source": "pictures", "target": "smaller"}],
}

_HALL: Json = {"name": "Hall 2", "nodes": [{"id": "read", "type": "sensor"}], "edges": []}
"""A flow as other backends have it."""

_PAYMENT: Json = {
    "name": "Payment",
    "nodes": [
        _node("ask", "approval", 0, prompt="Pay it?"),
        _node("pay", "set", 280, fields={"paid": True}),
        _node("refuse", "set", 280, fields={"paid": False}),
    ],
    "connections": [
        {"id": "yes", "source": "ask", "target": "pay", "sourceHandle": "approved"},
        {"id": "no", "source": "ask", "target": "refuse", "sourceHandle": "rejected"},
    ],
}


def _as(user: str) -> dict[str, str]:
    """What says that a user asks, whose token was kept."""
    return {"Authorization": f"Bearer {{{{{user}_token}}}}"}


def _log_in(user: str, says: str) -> Call:
    body = {"username": user, "password": f"{user}-password"}
    return Call("login", says, body, keep={f"{user}_token": "$response.body#/access_token"})


def _says(status: str) -> dict[str, Json]:
    return {"$response.body#/status": status}


def _told(*calls: Call) -> tuple[Call, ...]:
    return (BEGIN, *calls, END)


STORIES = (
    Story(
        "Build, run, pause, resume",
        "A workflow of two nodes that take a minute and a half. While an execution is paused, its time stands.",
        _told(
            Call("createWorkflow", "Draw a workflow", _REPORT),
            Call("validateWorkflow", "Ask whether it can run", checks={"$response.body#/valid": True}),
            Call("executeWorkflow", "Run it", {}),
            Call("advanceClock", "Half a minute goes by", {"seconds": 30}),
            Call("getWorkflowStatus", "It runs", checks=_says("running")),
            Call("pauseWorkflow", "Pause", checks=_says("paused")),
            Call("advanceClock", "An hour goes by", {"seconds": 3600}),
            Call("getWorkflowStatus", "It is where it was", checks=_says("paused")),
            Call("resumeWorkflow", "Resume", checks=_says("running")),
            Call("advanceClock", "Until it is over", _until(status="completed"), checks=_REACHED),
            Call(
                "getExecution",
                "It took a minute and a half",
                checks=_says("completed") | {"$response.body#/elapsed_ms": 90_000},
            ),
            Call("getDataflow", "What went over the connection"),
        ),
    ),
    Story(
        "Upload and process",
        "A picture is uploaded, goes through a workflow, and can be looked at.",
        _told(
            Call("uploadFiles", "Upload a picture", checks={"$response.body#/items/0/kind": "image"}),
            Call("getFileThumbnail", "Its thumbnail"),
            Call("createWorkflow", "A workflow for pictures", _PICTURES),
            Call("processFiles", "Process it", {"file_ids": ["{{file_id}}"]}, {"node_id": "pictures"}),
            Call("advanceClock", "Until it is done", _until(status="completed"), checks=_REACHED),
            Call("getExecution", "What came of it", checks=_says("completed")),
            Call("deleteFile", "Delete the picture"),
            Call("getFile", "It is gone", status=404, checks={"$response.body#/code": "file_not_found"}),
        ),
    ),
    Story(
        "Approve",
        "An execution waits for a person, and goes on by the port that the person chose.",
        _told(
            Call("createWorkflow", "A workflow that asks", _PAYMENT),
            Call("executeWorkflow", "Run it", {}),
            Call("advanceClock", "Until it asks", _until(event="node.waiting"), checks=_REACHED),
            Call(
                "getExecution",
                "It waits",
                checks=_says("waiting") | {"$response.body#/waiting_for/0/prompt": "Pay it?"},
            ),
            Call(
                "answerNode",
                "An answer that does not fit",
                {"decision": "perhaps"},
                {"node_id": "ask"},
                422,
                checks={"$response.body#/code": "bad_answer"},
            ),
            Call("answerNode", "Approve", {"decision": "approved"}, {"node_id": "ask"}),
            Call("advanceClock", "Until it is over", _until(status="completed"), checks=_REACHED),
            Call("getExecution", "It was paid", checks=_says("completed") | {"$response.body#/output/pay/paid": True}),
            Call(
                "answerNode",
                "Nobody asks any more",
                {"decision": "approved"},
                {"node_id": "ask"},
                409,
            ),
        ),
    ),
    Story(
        "Every hour",
        "A schedule starts a workflow, and a day goes by at once: each execution has its own time.",
        _told(
            Call("createWorkflow", "A workflow", _REPORT),
            Call(
                "createSchedule",
                "Every hour",
                {"name": "Hourly", "cron": "@hourly"},
                checks={"$response.body#/next_at": "2026-01-01T10:00:00.000Z"},
            ),
            Call("advanceClock", "A day goes by", {"seconds": 86_400}),
            Call("listExecutions", "It was executed 24 times", checks={"$response.body#/total": 24}),
            Call("getSchedule", "What became of it", checks={"$response.body#/fired": 24}),
            Call("deleteSchedule", "No schedule any more"),
            Call("advanceClock", "Another day goes by", {"seconds": 86_400}),
            Call("listExecutions", "There are no more", checks={"$response.body#/total": 24}),
        ),
    ),
    Story(
        "Log in and share",
        "Two users log in, and one shares a workflow with the other, and then with everybody who has a link. "
        "Who may do less is refused by a server with `--auth required` or `optional`; others look at no tokens.",
        _told(
            Call(
                "login",
                "A wrong password",
                {"username": "demo", "password": "12345678"},
                status=401,
                checks={"$response.body#/code": "bad_credentials"},
            ),
            _log_in("demo", "Demo logs in"),
            _log_in("alice", "Alice logs in"),
            Call("createWorkflow", "Demo draws a workflow", _REPORT, _as("demo")),
            Call("createShare", "Alice may see it", {"user": "alice", "permission": "view"}, _as("demo")),
            Call("getWorkflow", "Alice sees it", given=_as("alice")),
            Call(
                "updateShare",
                "Alice may change it",
                {"permission": "edit"},
                {"user_id": "us_alice", **_as("demo")},
            ),
            Call("updateWorkflow", "Alice changes it", {"name": "Our report"}, _as("alice")),
            Call("deleteShare", "Alice leaves", given={"user_id": "us_alice", **_as("alice")}),
            Call("createShareLink", "A link", given=_as("demo")),
            Call("getSharedWorkflow", "Who has it sees the workflow", checks={"$response.body#/name": "Our report"}),
            Call("deleteShareLink", "No link any more", given=_as("demo")),
            Call(
                "getSharedWorkflow",
                "Nothing is there",
                status=404,
                checks={"$response.body#/code": "share_token_not_found"},
            ),
        ),
    ),
    Story(
        "Let a login expire",
        "Tokens are of the sandbox's time: a quarter of an hour goes by at once, and the refresh token gives new ones.",
        _told(
            Call(
                "login",
                "Alice logs in",
                {"username": "alice", "password": "alice-password"},
                keep={"refresh_token": "$response.body#/refresh_token"},
                checks={"$response.body#/expires_in": 900},
            ),
            Call("advanceClock", "A quarter of an hour goes by", {"seconds": 900}),
            Call(
                "refresh",
                "New tokens",
                {"refresh_token": "{{refresh_token}}"},
                keep={"alice_token": "$response.body#/access_token"},
                checks={"$response.body#/user/username": "alice"},
            ),
            Call("getMe", "They are good", given=_as("alice")),
            Call(
                "refresh",
                "The old one is not good twice",
                {"refresh_token": "{{refresh_token}}"},
                status=401,
                checks={"$response.body#/code": "bad_token"},
            ),
        ),
    ),
    Story(
        "Conflict",
        "Two people change the same workflow: the second one is told, and nothing is lost.",
        _told(
            Call("createWorkflow", "A workflow", _REPORT, keep={"etag": "$response.header.ETag"}),
            Call(
                "updateWorkflow",
                "The first one changes it",
                {"name": "Weekly report"},
                {"If-Match": "{{etag}}"},
                checks={"$response.body#/revision": 2},
            ),
            Call(
                "updateWorkflow",
                "The second one comes too late",
                {"name": "Monthly report"},
                {"If-Match": "{{etag}}"},
                412,
                checks={"$response.body#/status": 412},
            ),
            Call(
                "getWorkflow",
                "The second one looks again",
                keep={"etag": "$response.header.ETag"},
                checks={"$response.body#/name": "Weekly report"},
            ),
            Call(
                "updateWorkflow",
                "Now it can be changed",
                {"description": "Every week."},
                {"If-Match": "{{etag}}"},
                keep={"etag": "$response.header.ETag"},
                checks={"$response.body#/name": "Weekly report", "$response.body#/revision": 3},
            ),
            Call("getWorkflow", "Nothing new since", given={"If-None-Match": "{{etag}}"}, status=304),
        ),
    ),
    Story(
        "Errors on purpose",
        "A rule answers two requests with 503, and then lets them through. One request can ask for an error itself.",
        _told(
            Call(
                "createFault",
                "Two errors from now on",
                {"id": "twice", "match": {"method": "GET", "path": "/api/workflows"}, "status": 503, "times": 2},
            ),
            Call(
                "listWorkflows", "The first error", status=503, checks={"$response.header.X-Understudy-Rule": "twice"}
            ),
            Call(
                "listWorkflows", "The second error", status=503, checks={"$response.header.X-Understudy-Rule": "twice"}
            ),
            Call("listWorkflows", "It works again", checks={"$response.body#/total": 0}),
            Call("listFaults", "What the rule did"),
            Call(
                "listWorkflows",
                "Ask for an error",
                given={"Prefer": "code=503"},
                status=503,
                checks={"$response.header.X-Understudy-Rule": "prefer"},
            ),
            Call("listRequests", "Which requests the rule bent", given={"rule": "twice"}),
            Call("deleteFaults", "No rules"),
        ),
    ),
    Story(
        "Time",
        "Time stands, and goes on when it is told to.",
        _told(
            Call(
                "setClock",
                "Stop the clock at a moment",
                {"pace": "stopped", "now": "2026-06-01T08:00:00.000Z"},
                checks={"$response.body#/now": "2026-06-01T08:00:00.000Z"},
            ),
            Call("createWorkflow", "A workflow that takes a while", _REPORT),
            Call("executeWorkflow", "Run it", {}),
            Call(
                "advanceClock",
                "Until the second node starts",
                _until(event="node.started", node_id="report"),
                checks=_REACHED | {"$response.body#/now": "2026-06-01T08:01:00.000Z"},
            ),
            Call(
                "advanceClock",
                "Ten seconds more",
                {"seconds": 10},
                checks={"$response.body#/now": "2026-06-01T08:01:10.000Z"},
            ),
            Call("getWorkflowStatus", "It still runs", checks=_says("running")),
            Call(
                "advanceClock",
                "To a moment",
                {"to": "2026-06-01T08:02:00.000Z"},
                checks={"$response.body#/now": "2026-06-01T08:02:00.000Z"},
            ),
            Call("getWorkflowStatus", "It is over", checks=_says("completed")),
        ),
    ),
    Story(
        "Through Django's door",
        "What the frontend of a Django flow editor does with a flow, which is a workflow to our own API.",
        _told(
            Call("djangoCreateFlow", "Draw a flow", _HALL),
            Call("djangoListFlows", "It is in the list", checks={"$response.body#/0/name": "Hall 2"}),
            Call("djangoUpdateFlow", "Call it otherwise", {"name": "Hall 3"}),
            Call(
                "djangoUpdateFlow",
                "It must have a name",
                {"name": ""},
                status=400,
                checks={"$response.body#/name/0": "This field may not be blank."},
            ),
            Call(
                "djangoExecuteFlow",
                "Execute it",
                keep={"flow_execution_id": "$response.body#/execution_id"},
                checks=_says("started"),
            ),
            Call("advanceClock", "A minute goes by", {"seconds": 60}),
            Call("djangoGetExecution", "It is over", checks=_says("completed")),
            Call("djangoListNodeExecutions", "What its nodes did", checks={"$response.body#/0/node_id": "read"}),
            Call("listWorkflows", "Our own API has it, too", checks={"$response.body#/items/0/name": "Hall 3"}),
            Call("djangoDeleteFlow", "Delete it"),
            Call("djangoGetFlow", "It is gone", status=404),
        ),
    ),
    Story(
        "Through Open WebUI's door",
        "What the frontend of Open WebUI's flows does with a flow, which is a workflow to our own API.",
        _told(
            Call("webuiCreateFlow", "Draw a flow", _HALL, keep={"flow_id": "$response.body#/id"}),
            Call("webuiListFlows", "It is in the list", checks={"$response.body#/0/name": "Hall 2"}),
            Call("webuiExecuteFlow", "Ask how to execute it", {}, checks=_says("delegated_to_client")),
            Call(
                "webuiExecuteFlow",
                "Execute it here",
                {},
                {"mode": "server"},
                keep={"flow_execution_id": "$response.body#/execution_id"},
            ),
            Call("advanceClock", "A minute goes by", {"seconds": 60}),
            Call("webuiGetExecution", "It is over", checks=_says("success")),
            Call("webuiGetAnalytics", "How it got on", checks={"$response.body#/total_executions": 1}),
            Call(
                "getWorkflow",
                "Our own API has it, too",
                given={"workflow_id": "{{flow_id}}"},
                checks={"$response.body#/name": "Hall 2"},
            ),
            Call("webuiDeleteFlow", "Delete it"),
            Call("webuiGetFlow", "It is gone", status=404),
        ),
    ),
)
