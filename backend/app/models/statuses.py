"""The statuses in words, beside the data that says which may follow which."""

from __future__ import annotations

from typing import Any

from .event import EVENT_TYPES, status_after
from .execution import COMMANDS, EXECUTION_TRANSITIONS, NODE_TRANSITIONS

Json = Any

IDLE = "The workflow never ran."

EXECUTION_MEANINGS = {
    "pending": "It was created and has not begun: it is held, or waits for its turn.",
    "running": "Nodes are at work.",
    "waiting": "Nothing can go on before a person answers.",
    "paused": "A user said so: execution time stands still, and nodes at work keep their progress.",
    "completed": "Every node that could be reached has ended, and none failed for all.",
    "failed": "A node failed, and nothing was said to go on without it; or a limit was reached.",
    "stopped": "A user said so, or the workflow was deleted.",
}
"""What each status of an execution means."""

NODE_MEANINGS = {
    "idle": "It has not been reached.",
    "running": "It is at work.",
    "waiting": "It has asked a person, and waits for the answer.",
    "retrying": "An attempt failed, and the next one begins after a delay.",
    "completed": "It has given its output.",
    "failed": "Its last attempt failed.",
    "skipped": "No branch led to it, or the execution ended before.",
    "stopped": "The execution ended while it was at work.",
}
"""What each status of a node execution means."""


def machine() -> dict[str, Json]:
    """All statuses, by what has them: ``{workflow, execution, node}``."""
    return {
        "workflow": [{"status": "idle", "meaning": IDLE, "next": ["pending"], "commands": ["execute"]}],
        "execution": [
            _shown("execution", status, EXECUTION_MEANINGS[status], following) | {"commands": [*COMMANDS[status]]}
            for status, following in EXECUTION_TRANSITIONS.items()
        ],
        "node": [
            _shown("node", status, NODE_MEANINGS[status], following) for status, following in NODE_TRANSITIONS.items()
        ],
    }


def _shown(owner: str, status: str, meaning: str, following: tuple[str, ...]) -> dict[str, Json]:
    return {
        "status": status,
        "meaning": meaning,
        "final": not following,
        "next": [*following],
        "events": [kind for kind in EVENT_TYPES if kind.startswith(f"{owner}.") and status_after(kind) == status],
    }
