"""A call of every operation that is known to succeed: ids of what is on the stage, and a body that goes with them."""

from __future__ import annotations

from typing import Any

from tests.fuzz.stage import NODES, Stage

Json = Any

_ENDED, _WAITING, _RUNNING, _PAUSED, _STOPPED, _HELD = range(6)
"""The executions of a stage, in their order."""

_OF_COMMANDS = {
    "pauseExecution": _RUNNING,
    "pauseWorkflow": _RUNNING,
    "resumeExecution": _PAUSED,
    "resumeWorkflow": _PAUSED,
    "stopExecution": _RUNNING,
    "stopWorkflow": _RUNNING,
    "releaseExecution": _HELD,
    "retryExecution": _STOPPED,
    "answerNode": _WAITING,
}
"""Which of them has a status that allows what an operation does; the first has ended, and suits all others."""


def ids_for(operation: str, stage: Stage) -> dict[str, str]:
    """What to put into the address of an operation, by variable."""
    place = _OF_COMMANDS.get(operation, _ENDED)
    # The first workflow never ran; each of the others has one execution.
    workflow = place + 1 if operation in _OF_COMMANDS else 0
    node = "ask" if operation == "answerNode" else "start"
    chosen = {"execution_id": place, "workflow_id": workflow, "node_id": NODES.index(node)}
    found = {name: ids[chosen.get(name, 0)] for name, ids in stage.known.items()}
    if operation.startswith("callWebhook"):
        # Each listens to one method: ``callWebhookWithGet`` to GET, ``callWebhook`` to POST.
        method = operation.removeprefix("callWebhook").removeprefix("With").lower() or "post"
        found["webhook_id"] = next(key for key in stage.known["webhook_id"] if key.endswith(f"/{method}"))
    if operation.startswith("django"):
        # Ids are whole numbers at this door.
        found |= {"flow_id": str(workflow + 1), "flow_execution_id": str(place + 1)}
    if operation.startswith("webui"):
        # An execution is looked for below its flow at this door.
        found |= {"flow_id": stage.known["workflow_id"][_ENDED + 1], "flow_execution_id": found["execution_id"]}
    return found


def add_examples(document: Json, stage: Stage) -> None:
    """Put them into the contract, in the place of examples whose ids are not on the stage."""
    bodies = _bodies(stage)
    client = stage.app.test_client()
    for path, item in document["paths"].items():
        for operation in item.values():
            name = operation["operationId"]
            ids = ids_for(name, stage)
            for parameter in operation["parameters"]:
                if parameter.get("in") == "path":
                    parameter["example"] = ids[parameter["name"]]
            if name in bodies:
                _content(operation)["example"] = bodies[name]
        if "put" in item and "{webhook_id}" not in path:
            # What is read at an address can be sent back to it.
            ids = ids_for(item["put"]["operationId"], stage)
            _content(item["put"])["example"] = client.get(path.format(**ids)).get_json()


def _bodies(stage: Stage) -> dict[str, Json]:
    """By operation: a body that says what it can do here."""
    known = stage.known
    return {
        "answerNode": {"decision": "approved"},
        "changePassword": {"current_password": "demo-password", "new_password": "long enough"},
        "createSchedule": {"interval_seconds": 60},
        "createShare": {"user": "admin", "permission": "view"},
        "login": {"username": "demo", "password": "demo-password"},
        "applyTemplate": {"workflow_id": known["workflow_id"][0], "parameters": {}},
        "createConnection": {"source": "start", "target": "ask"},
        "djangoUpdateFlow": {"name": "Changed", "is_active": "yes"},
        "createTemplate": {"name": "Made of a workflow", "workflow_id": known["workflow_id"][0]},
        "processFiles": {"file_ids": known["file_id"]},
    }


def _content(operation: Json) -> Json:
    return next(iter(operation["requestBody"]["content"].values()))
