"""The messages of a WebSocket, as JSON Schema (2020-12): what is published is what is checked."""

from __future__ import annotations

from typing import Any

from ..models.event import EVENT_TYPES
from ..models.execution import EXECUTION_TRANSITIONS
from ..services.events import LATEST
from ..services.streams import RESET

Json = Any

COMMANDS = ("release", "pause", "resume", "stop")
"""What can be said to an execution, or to the latest one of a workflow."""

_ID = {
    "type": ["string", "number", "null"],
    "maxLength": 1000,
    "description": "Chosen by the client; the answer repeats it.",
}
_NAME = {"type": "string", "minLength": 1, "maxLength": 1000}
_STATUS = {"enum": list(EXECUTION_TRANSITIONS)}
_PLACE = {
    "description": "Behind which event to begin: a seq of the execution, else a cursor. 0 is the start.",
    "anyOf": [
        {"type": "integer", "minimum": 0},
        {"type": "string", "pattern": f"^([0-9]{{1,18}}|{LATEST})$"},
        {"type": "null"},
    ],
    "default": 0,
}
_SUBJECT = {
    "execution_id": _NAME,
    "workflow_id": _NAME,
    "all": {"const": True, "description": "Everything in the sandbox."},
}
_ONE_OR_OTHER = [{"required": ["execution_id"]}, {"required": ["workflow_id"]}]
"""Every event has the ids of its execution and of its workflow, so both may be there: the execution counts."""

_ONE_SUBJECT = [{"anyOf": _ONE_OR_OTHER}, {"required": ["all"]}]


def _message(kind: str | list[str], properties: dict[str, Json], required: tuple[str, ...] = (), **more: Json) -> Json:
    """An object with a type; what a client sends is checked to the letter, so that a slip of the pen is told."""
    told = {"const": kind} if isinstance(kind, str) else {"enum": kind}
    return {
        "type": "object",
        "properties": {"type": told, **properties},
        "required": ["type", *required],
        "additionalProperties": False,
        **more,
    }


_EXECUTION = {"execution_id": _NAME, "workflow_id": _NAME}

CLIENT: dict[str, Json] = {
    "subscribe": _message("subscribe", {"id": _ID, **_SUBJECT, "after": _PLACE}, oneOf=_ONE_SUBJECT),
    "unsubscribe": _message("unsubscribe", {"id": _ID, **_SUBJECT}, oneOf=_ONE_SUBJECT),
    **{name: _message(name, {"id": _ID, **_EXECUTION}, anyOf=_ONE_OR_OTHER) for name in COMMANDS},
    "answer": _message(
        "answer", {"id": _ID, "execution_id": _NAME, "node_id": _NAME, "answer": {}}, ("execution_id", "node_id")
    ),
    "ping": _message("ping", {"id": _ID}),
}
"""What a client may say, by type."""

WITH_SUBJECT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("subscribe", "unsubscribe"), tuple(_SUBJECT)),
    **dict.fromkeys(COMMANDS, tuple(_EXECUTION)),
}
"""What a message of a type can be about."""

_NOTHING = {"type": "null"}
_WORDS = [*CLIENT]

SERVER: dict[str, Json] = {
    "event": _message(
        [*EVENT_TYPES],
        {
            "seq": {"type": ["integer", "null"], "minimum": 1},
            "cursor": {"type": "integer", "minimum": 1},
            "execution_id": {"type": ["string", "null"]},
            "workflow_id": {"type": "string"},
            "at": {"type": "string", "format": "date-time"},
            "data": {"type": "object"},
        },
        ("seq", "cursor", "execution_id", "workflow_id", "at", "data"),
        description="As everywhere: see the events of an execution.",
    ),
    "log.reset": _message(
        RESET,
        {
            **dict.fromkeys(("seq", "cursor", "execution_id", "workflow_id"), _NOTHING),
            "at": {"type": "string", "format": "date-time"},
            "data": {"type": "object"},
        },
        ("seq", "cursor", "execution_id", "workflow_id", "at", "data"),
        description="The sandbox was reset, restored or ended. It is the last message.",
    ),
    "ack": _message(
        "ack",
        {
            "id": _ID,
            "to": {"enum": [word for word in _WORDS if word != "ping"]},
            **_SUBJECT,
            "after": {"type": "integer", "minimum": 0, "description": "Where the subscription began."},
            "status": _STATUS,
            "last_seq": {"type": "integer", "description": "The last event that the command brought about."},
        },
        ("id", "to"),
    ),
    "error": _message(
        "error",
        {
            "id": _ID,
            "to": {"enum": [*_WORDS, None]},
            "problem": {"type": "object", "description": "As HTTP answers it: RFC 9457."},
        },
        ("id", "to", "problem"),
    ),
    "pong": _message("pong", {"id": _ID, "to": {"const": "ping"}}, ("id", "to")),
}
"""What the server says."""


def schema() -> Json:
    """The messages of both sides, as one document."""
    definitions = {f"client.{name}": held for name, held in CLIENT.items()}
    definitions |= {f"server.{name}": held for name, held in SERVER.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "/api/ws/schema",
        "title": "Messages of the WebSocket at /api/ws",
        "$defs": {
            **definitions,
            "client": {"oneOf": [{"$ref": f"#/$defs/client.{name}"} for name in CLIENT]},
            "server": {"oneOf": [{"$ref": f"#/$defs/server.{name}"} for name in SERVER]},
        },
        "oneOf": [{"$ref": "#/$defs/client"}, {"$ref": "#/$defs/server"}],
    }
