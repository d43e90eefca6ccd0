"""What of the contract is written by hand: names that stand in addresses and headers, and what they mean.

All else is generated: from the table of routes, the operations that methods are declared to be, their schemas, their
docstrings, the catalogue of problems, the node types and the events.
"""

from __future__ import annotations

from typing import Any

from ..web.current import NAME

Json = Any

TITLE = "Understudy"
SUMMARY = "The stand-in backend for workflow editors."
DESCRIPTION = """\
Graphs saved in React Flow's own shape, executions that run, pause, resume, stop and fail, data that flows over the
connections, files with thumbnails, templates, live events. It is simulated, in memory, fast and repeatable.

- **Sandboxes** keep everything apart: choose one by path (`/s/{name}/api/…`), `X-Sandbox`, `?sandbox=` or a cookie.
- **Errors** are RFC 9457 problems. `code` is stable; `type` is the address of a page that says what to do. Each
  operation lists its own; an error that a test asked for (`Prefer`, rules) may be any, and has `X-Understudy-Rule`.
- **Times** are ISO 8601 in UTC with milliseconds, durations milliseconds, ids opaque texts.
- **Changes**: answers gain members without a new version; whatever else could break a client raises it.
"""

TAGS: dict[str, str] = {
    "workflows": "The documents that an editor draws, and what is done with them.",
    "nodes": "Nodes of a workflow, one at a time.",
    "connections": "Connections of a workflow, one at a time.",
    "shares": "Workflows for other users, and for whoever has a link.",
    "versions": "Workflows as they were saved, and the way back.",
    "executions": "The runs of workflows.",
    "schedules": "Executions that begin when their time has come.",
    "webhooks": "A URL for each trigger, at which anybody starts an execution.",
    "events": "What happened, as JSON or as a stream.",
    "sockets": "The same over a WebSocket, with commands.",
    "templates": "Ready-made workflows to start from.",
    "files": "Uploads, what was found in them, their bytes and their thumbnails.",
    "node_types": "The palette, and types of one's own.",
    "auth": "Logging in and out, and what users do about themselves.",
    "api_keys": "Keys for programs, which cannot log in.",
    "users": "Who there is, for admins.",
    "meta": "What holds for all workflows.",
    "health": "Whether the server is there, and where things are.",
    "contract": "What this server promises.",
    "docs": "The same to read and to try in a browser.",
    "console": "The page on which workflows are edited and run.",
    "problems": "What the codes of errors mean.",
    "control": "Directing a sandbox: its state, and a new beginning.",
    "clock": "Time that stands, runs, or goes on when told.",
    "faults": "Rules that bend requests, nodes and streams.",
    "snapshots": "A sandbox as it was at a moment.",
    "scenarios": "What a sandbox can be filled with.",
    "requests": "What a sandbox was asked.",
    "sandboxes": "The backends within this server, each apart from all others.",
}
"""By resource, in the order in which they are shown."""

_TEXT: Json = {"type": "string", "minLength": 1, "maxLength": 200}
_OWN_ID: Json = {**_TEXT, "pattern": "^[^/]+$"}
_NAME: Json = {"type": "string", "pattern": f"^{NAME.pattern}$"}

PATH: dict[str, tuple[str, Json]] = {
    "workflow_id": ("The id of a workflow.", _OWN_ID),
    "execution_id": ("The id of an execution.", _OWN_ID),
    "template_id": ("The id of a template.", _OWN_ID),
    "file_id": ("The id of a file.", _OWN_ID),
    "user_id": ("The id of a user.", _OWN_ID),
    "api_key_id": ("The id of an API key.", _OWN_ID),
    "share_token": ("The token of a share link.", _OWN_ID),
    "node_id": ("The id of a node, as the client named it; a slash in it may stay as it is.", _TEXT),
    "connection_id": ("The id of a connection, as the client named it.", _TEXT),
    "version": (
        "The revision of a version that is kept, or `current`.",
        {"type": "string", "pattern": "^([1-9][0-9]{0,15}|current)$"},
    ),
    "schedule_id": ("The id of a schedule.", _OWN_ID),
    "webhook_id": (
        "The id of a webhook: that of a workflow, a slash, and that of a node in it; the slash may stay as it is.",
        {"type": "string", "minLength": 1, "maxLength": 500},
    ),
    "node_type": ("The name of a node type.", _TEXT),
    "snapshot": ("The name of a snapshot.", _NAME),
    "sandbox": ("The name of a sandbox.", _NAME),
    "problem": ("The code of a problem.", {"type": "string", "pattern": "^[a-z0-9_]{1,100}$"}),
    "asset": ("A file of the documentation.", {"type": "string", "pattern": "^[a-z0-9.-]{1,100}$"}),
    "console_asset": ("A file of the console.", {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,100}$"}),
}
"""By name: what a variable of an address means, and what it may be."""

SECURITY: dict[str, Json] = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token, from logging in; wanted with `--auth required` only.",
    },
    "api_key": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-Key",
        "description": "An API key, which `Authorization: Bearer` takes, too.",
    },
    "access_token": {
        "type": "apiKey",
        "in": "query",
        "name": "access_token",
        "description": "A token in the address, for what pages show by themselves: images, streams, WebSockets.",
    },
    "control_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "What `--control-token` says; without that option the control API answers this machine only.",
    },
}
"""By name: a way to show who one is."""

REQUEST_HEADERS: dict[str, tuple[str, Json]] = {
    "If-None-Match": (
        "An entity tag that the caller has: the answer is 304 if it is still the same.",
        {"type": "string"},
    ),
    "If-Match": (
        "The entity tag of what is to be changed: 412 if somebody else changed it meanwhile.",
        {"type": "string"},
    ),
    "Accept-Encoding": ("How the bytes may be compressed, such as `gzip`.", {"type": "string"}),
    "Idempotency-Key": (
        "A key of the caller's choice: a request that is sent twice with it happens once.",
        {"type": "string", "minLength": 1, "maxLength": 255},
    ),
    "Last-Event-ID": ("The last event that the caller has; a stream goes on behind it.", {"type": "string"}),
    "Range": ("The bytes that are wanted, such as `bytes=0-99`.", {"type": "string"}),
}
"""By name: what a header of a request means, where an operation listens to it."""

_STATUS: Json = {"type": "string", "pattern": "^[1-5][0-9]{2}$"}
_DELAY: Json = {"type": "string", "pattern": r"^(600000(\.0{1,6})?|[0-5]?[0-9]{1,5}(\.[0-9]{1,6})?)$"}

COMMON: dict[str, dict[str, Json]] = {
    "Sandbox": {
        "name": "X-Sandbox",
        "in": "header",
        "description": "The sandbox that is meant, where the address does not say it.",
        "schema": _NAME,
    },
    "SandboxInQuery": {
        "name": "sandbox",
        "in": "query",
        "description": "The same for who cannot set a header.",
        "schema": _NAME,
    },
}
"""Parameters of everything that a sandbox has."""

BENDING: dict[str, dict[str, Json]] = {
    "Prefer": {
        "name": "Prefer",
        "in": "header",
        "description": "For tests: `code=503` answers with this error, `delay=500` is late by so many milliseconds, "
        "`example=empty` empties a list. `wait=30` waits so many seconds for news where a URL can.",
        "schema": {"type": "string"},
    },
    "MockResponseCode": {
        "name": "X-Mock-Response-Code",
        "in": "header",
        "description": "For tests: the error to answer with, as Postman's mock servers name it.",
        "schema": _STATUS,
    },
    "MockResponseDelay": {
        "name": "X-Mock-Response-Delay",
        "in": "header",
        "description": "For tests: milliseconds by which the answer is late.",
        "schema": _DELAY,
    },
    "CodeInQuery": {
        "name": "__code",
        "in": "query",
        "description": "For tests: the error to answer with.",
        "schema": _STATUS,
    },
    "DelayInQuery": {
        "name": "__delay",
        "in": "query",
        "description": "For tests: milliseconds by which the answer is late.",
        "schema": _DELAY,
    },
    "ExampleInQuery": {
        "name": "__example",
        "in": "query",
        "description": "For tests: `empty` empties a list.",
        "schema": {"type": "string"},
    },
}
"""Parameters of everything that can be bent."""

ANSWER_HEADERS: dict[str, str] = {
    "Accept-Ranges": "That ranges of the bytes can be asked for.",
    "Content-Disposition": "Whether a browser shows or saves it, and under which name.",
    "Content-Encoding": "How the bytes are compressed, where they are.",
    "Content-Range": "Which bytes of how many these are.",
    "Content-Security-Policy": "What may run in it: nothing in a file, what is the server's own in the console.",
    "ETag": "The entity tag: sent back as `If-None-Match` it saves an answer, as `If-Match` a lost change.",
    "Idempotency-Replayed": "That this is the answer to an earlier request with the same `Idempotency-Key`.",
    "Link": "The first, previous, next and last page (RFC 8288).",
    "Location": "Where the new thing is, in the way in which the sandbox was chosen.",
    "Preference-Applied": "Which preferences of the request were followed.",
    "Retry-After": "After how many seconds to come again.",
    "Upgrade": "The protocol to speak here.",
    "WWW-Authenticate": "How to show who one is.",
    "X-Content-Type-Options": "That the content type is not to be guessed.",
    "X-RateLimit-Limit": "How many requests may be made in a while, where the server limits them.",
    "X-RateLimit-Remaining": "How many are left of them.",
    "X-RateLimit-Reset": "When as many may be made again, in seconds since 1970 on the sandbox's clock.",
    "X-Total-Count": "How many there are on all pages.",
    "X-Understudy-Rule": "What bent this answer: the id of a rule, `prefer` or `latency`.",
}
"""By name: what a header of an answer means."""

SOMETIMES = (
    "Content-Encoding",
    "Content-Security-Policy",
    "Idempotency-Replayed",
    "Preference-Applied",
    "Retry-After",
    "WWW-Authenticate",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Understudy-Rule",
)
"""The headers that only some answers have; all others are there wherever the contract names them."""

STATUSES: dict[int, str] = {
    101: "The protocol changes to WebSocket.",
    200: "It is there.",
    201: "It was made.",
    202: "It was begun; `Location` is where to follow it.",
    204: "It is done; there is nothing to tell.",
    206: "The bytes that were asked for.",
    304: "It is still what the caller has.",
}
"""By status: what an answer without an error means."""

HOLDERS: dict[str, dict[str, str]] = {
    "Workflow": {"workflow_id": "$response.body#/id"},
    "Execution": {"execution_id": "$response.body#/id", "workflow_id": "$response.body#/workflow_id"},
    "Template": {"template_id": "$response.body#/id"},
    "FileList": {"file_id": "$response.body#/items/0/id"},
    "Share": {"workflow_id": "$request.path.workflow_id", "user_id": "$response.body#/user/id"},
    "ShareLink": {"share_token": "$response.body#/token"},
    "User": {"user_id": "$response.body#/id"},
    "Session": {"user_id": "$response.body#/user/id"},
    "NewApiKey": {"api_key_id": "$response.body#/id"},
    "NodeType": {"node_type": "$response.body#/type"},
    "Snapshot": {"snapshot": "$response.body#/name"},
    "Node": {"workflow_id": "$request.path.workflow_id", "node_id": "$response.body#/id"},
    "VersionWithDocument": {"workflow_id": "$request.path.workflow_id", "version": "$response.body#/revision"},
    "Connection": {"workflow_id": "$request.path.workflow_id", "connection_id": "$response.body#/id"},
    "Schedule": {"workflow_id": "$request.path.workflow_id", "schedule_id": "$response.body#/id"},
    "WebhookList": {"webhook_id": "$response.body#/items/0/id"},
}
"""By the schema of an answer: which variables of other addresses it tells, for the links between operations."""
