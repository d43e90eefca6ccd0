"""Nodes that talk to the network: HTTP, MQTT, WebSocket, mail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from ..errors import NodeFailure
from .base import Config, Effects, Inputs, Json, NodeType, Port, Simulation
from .fields import (
    anything,
    box,
    choice,
    defaults_of,
    form,
    line,
    read_choice,
    read_mapping,
    read_names,
    read_text,
    read_whole,
    secret,
    text_of,
    tick,
    whole,
    written_or_arrived,
)

COLOR = "#0ea5e9"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
LONGEST_PAUSE = 600_000
"""Milliseconds that a request may be told to wait."""

_ADDRESS = re.compile(r"[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+")
_kind = partial(NodeType, category="network", color=COLOR)


def request(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Call an address and give its answer; a bad status fails the node unless the configuration says otherwise."""
    method = read_choice(config | {"method": read_text(config, "method", "GET").upper()}, "method", METHODS)
    url = _with_query(_needed(config, "url", "an address to call"), read_mapping(config, "query"))
    body = None if method in ("GET", "HEAD") else written_or_arrived(config, "body", inputs)
    headers = _request_headers(config, body)
    answer = effects.request(method, url, headers, body, read_whole(config, "timeout_ms", 30_000, 1, LONGEST_PAUSE))
    status = answer["status"]
    if status >= 400 and config.get("fail_on_error_status", True):
        detail = {"status": status, "body": answer["body"]}
        raise NodeFailure(f"http_{status}", f"{method} {url} was answered with status {status}.", **detail)
    return {"output": {"status": status, "ok": status < 400, "method": method, "url": url} | answer}


def mqtt_in(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """The latest message of a topic; an execution that was started with an input takes that as the payload."""
    topic = _needed(config, "topic", "a topic to listen to")
    messages = effects.receive("mqtt", topic, read_whole(config, "count", 1, 1, 100))
    if inputs.main not in (None, {}, ""):
        messages = [{**message, "payload": inputs.main} for message in messages[-1:]]
    messages = [{**message, "qos": _qos(config)} for message in messages]
    return {"output": messages[-1], "messages": messages}


def mqtt_out(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Publish what the configuration says, else what arrived."""
    topic = _needed(config, "topic", "a topic to publish to")
    if re.search(r"[#+]", topic):
        raise NodeFailure("bad_topic", f"Nothing can be published to '{topic}': wildcards are for listening.")
    payload = written_or_arrived(config, "payload", inputs)
    message = {"topic": topic, "payload": payload, "qos": _qos(config), "retain": bool(config.get("retain"))}
    return {"output": message | effects.send("mqtt", message)}


def websocket(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Send one message over a WebSocket, or receive some."""
    url = _needed(config, "url", "an address that begins with ws:// or wss://")
    if not re.match(r"wss?://[^\s/]", url):
        raise NodeFailure("invalid_url", f"'{url[:200]}' is no WebSocket address: it must begin with ws:// or wss://.")
    if read_choice(config, "mode", ("receive", "send")) == "send":
        data = written_or_arrived(config, "message", inputs)
        return {"output": {"mode": "send", "sent": data} | effects.send("websocket", {"url": url, "data": data})}
    messages = effects.receive("websocket", url, read_whole(config, "count", 3, 1, 100))
    return {"output": {"mode": "receive", "url": url, "messages": messages, "count": len(messages)}}


def email(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Send a mail; without a body, what arrived is the body."""
    to = addresses(config, "to")
    body = text_of(written_or_arrived(config, "body", inputs))
    message = {
        "to": to,
        "cc": addresses(config, "cc", needed=False),
        "subject": read_text(config, "subject"),
        "body": body,
    }
    return {"output": message | effects.send("email", message)}


def addresses(config: Config, key: str, needed: bool = True) -> list[str]:
    """The mail addresses in a field.

    :raises NodeFailure: ``missing_recipient``, ``invalid_recipient``.
    """
    found = read_names(config, key)
    if needed and not found:
        raise NodeFailure("missing_recipient", "The mail has no recipient: fill in 'to'.")
    wrong = next((address for address in found if not _ADDRESS.search(address)), None)
    if wrong:
        raise NodeFailure("invalid_recipient", f"'{wrong[:100]}' is no mail address.")
    return found


def _needed(config: Config, key: str, what: str) -> str:
    found = read_text(config, key).strip()
    if not found:
        raise NodeFailure("missing_config", f"This node needs {what}: fill in '{key}'.")
    return found


def _qos(config: Config) -> int:
    return read_whole(config, "qos", 0, 0, 2)


def _with_query(url: str, query: Mapping[str, Json]) -> str:
    from urllib.parse import urlencode

    if not query:
        return url
    plain = [(name, text_of(item)) for name, value in query.items() for item in _listed(value)]
    address, sign, fragment = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{urlencode(plain, errors='replace')}{sign}{fragment}"


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _request_headers(config: Config, body: Json) -> dict[str, str]:
    headers = {name.lower(): text_of(value) for name, value in read_mapping(config, "headers").items()}
    if body is not None:
        headers.setdefault("content-type", "text/plain" if isinstance(body, str) else "application/json")
    if read_text(config, "auth_token"):
        headers.setdefault("authorization", f"Bearer {read_text(config, 'auth_token')}")
    return headers


_REQUEST = form(
    {
        "method": choice("Method", METHODS),
        "url": line("URL", "https://api.example.com/users", "The address to call.", format="uri-template"),
        "headers": {"type": "object", "title": "Headers", "description": "By name.", "default": {}},
        "query": {"type": "object", "title": "Query", "description": "Added to the address.", "default": {}},
        "body": anything("Body", "Sent with POST, PUT, PATCH and DELETE; if empty, what arrived."),
        "auth_token": secret("Token", "Sent as a bearer token."),
        "timeout_ms": whole("Timeout (ms)", 30_000, 1, LONGEST_PAUSE),
        "fail_on_error_status": tick("Fail on status 400 and above", True),
    },
    required=["url"],
)
_MQTT_IN = form(
    {
        "broker": line("Broker", "mqtt://localhost:1883"),
        "topic": line("Topic", "sensors/temperature", "What to listen to; + and # are wildcards."),
        "qos": whole("QoS", 0, 0, 2, "0 at most once, 1 at least once, 2 exactly once."),
        "count": whole("Messages", 1, 1, 100, "How many of the latest messages to take."),
        "username": line("User name"),
        "password": secret("Password"),
    },
    required=["topic"],
)
_MQTT_OUT = form(
    {
        "broker": line("Broker", "mqtt://localhost:1883"),
        "topic": line("Topic", "actuators/fan"),
        "payload": anything("Payload", "If empty, what arrived."),
        "qos": whole("QoS", 0, 0, 2),
        "retain": tick("Retain", False, "The broker keeps it for those who come later."),
        "username": line("User name"),
        "password": secret("Password"),
    },
    required=["topic"],
)
_WEBSOCKET = form(
    {
        "url": line("URL", "wss://stream.example.com/ticks"),
        "mode": choice("Mode", ("receive", "send")),
        "count": whole("Messages to receive", 3, 1, 100),
        "message": anything("Message to send", "If empty, what arrived."),
        "auth_token": secret("Token"),
    },
    required=["url"],
)
_EMAIL = form(
    {
        "to": line("To", "team@example.com", "Addresses, with commas between them."),
        "cc": line("Cc"),
        "subject": line("Subject", "News from the workflow"),
        "body": box("Body", description="If empty, what arrived."),
        "smtp_password": secret("SMTP password"),
    }
)
_STAMP = {"type": "string", "format": "date-time"}
_RECEIPT = {"id": {"type": "string"}, "ok": {"type": "boolean"}, "timestamp": _STAMP}
_RECEIPT_NAMES = ["id", "ok", "timestamp"]
_MESSAGE: dict[str, Json] = {
    "type": "object",
    "properties": {"topic": {"type": "string"}, "payload": {}, "qos": {"type": "integer"}, "timestamp": _STAMP},
    "required": ["topic", "payload", "qos", "timestamp"],
}

TYPES: tuple[NodeType, ...] = (
    _kind(
        "http_request",
        "HTTP request",
        "Calls an address and gives its answer.",
        run=request,
        icon="globe",
        outputs=(Port("output", "Response", "object"),),
        config_schema=_REQUEST,
        defaults=defaults_of(_REQUEST),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "status": {"type": "integer"},
                    "ok": {"type": "boolean"},
                    "method": {"enum": list(METHODS)},
                    "url": {"type": "string"},
                    "headers": {"type": "object"},
                    "body": {},
                },
                "required": ["status", "ok", "method", "url", "headers", "body"],
            }
        },
        simulation=Simulation(
            180,
            0.6,
            20,
            30_000,
            0.02,
            (
                ("http_503", "The server answered with status 503 (Service Unavailable)."),
                ("http_429", "The server answered with status 429 (Too Many Requests)."),
                ("connection_reset", "The server closed the connection."),
            ),
        ),
    ),
    _kind(
        "mqtt_in",
        "MQTT in",
        "Starts with a message of an MQTT topic.",
        run=mqtt_in,
        icon="rss",
        trigger=True,
        inputs=(),
        outputs=(Port("output", "Message", "message"), Port("messages", "All messages", "array")),
        config_schema=_MQTT_IN,
        defaults=defaults_of(_MQTT_IN),
        output_schema={"output": _MESSAGE, "messages": {"type": "array", "items": _MESSAGE}},
        simulation=Simulation(15, 0.5, 1, 5_000, 0.003, (("broker_unreachable", "The MQTT broker did not answer."),)),
    ),
    _kind(
        "mqtt_out",
        "MQTT out",
        "Publishes to an MQTT topic.",
        run=mqtt_out,
        icon="radio-tower",
        outputs=(Port("output", "Receipt", "message"),),
        config_schema=_MQTT_OUT,
        defaults=defaults_of(_MQTT_OUT),
        output_schema={
            "output": _MESSAGE | {"properties": _MESSAGE["properties"] | _RECEIPT | {"mid": {"type": "integer"}}}
        },
        simulation=Simulation(12, 0.5, 1, 5_000, 0.004, (("broker_unreachable", "The MQTT broker did not answer."),)),
    ),
    _kind(
        "websocket",
        "WebSocket",
        "Sends or receives over a WebSocket.",
        run=websocket,
        icon="plug-zap",
        outputs=(Port("output", "Result", "object"),),
        config_schema=_WEBSOCKET,
        defaults=defaults_of(_WEBSOCKET),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "mode": {"enum": ["receive", "send"]},
                    "url": {"type": "string"},
                    "messages": {"type": "array"},
                    "count": {"type": "integer"},
                    "ok": {"type": "boolean"},
                },
                "required": ["mode", "url"],
            }
        },
        simulation=Simulation(
            90, 0.6, 5, 20_000, 0.01, (("socket_closed", "The other side closed the socket (1006)."),)
        ),
    ),
    _kind(
        "email",
        "Send email",
        "Sends a mail.",
        run=email,
        icon="mail",
        outputs=(Port("output", "Receipt", "object"),),
        config_schema=_EMAIL,
        defaults=defaults_of(_EMAIL),
        output_schema={
            "output": {
                "type": "object",
                "properties": _RECEIPT
                | {
                    "to": {"type": "array", "items": {"type": "string"}},
                    "subject": {"type": "string"},
                    "body": {"type": "string"},
                    "message_id": {"type": "string"},
                    "accepted": {"type": "array"},
                },
                "required": [*_RECEIPT_NAMES, "to", "subject", "body", "message_id", "accepted"],
            }
        },
        simulation=Simulation(
            300,
            0.5,
            40,
            20_000,
            0.01,
            (
                ("smtp_421", "The mail server is not available (421)."),
                ("smtp_timeout", "The mail server did not answer."),
            ),
        ),
    ),
)
