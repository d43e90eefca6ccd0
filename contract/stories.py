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
)
