"""Triggers: where an execution begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..errors import NodeFailure
from . import cron, fields
from .base import Config, Effects, Inputs, Json, NodeType, Port, Simulation

COLOR = "#10b981"
QUICK = Simulation(median_ms=12, sigma=0.3, min_ms=1, max_ms=200)
UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}

_REQUEST_PARTS = frozenset({"method", "path", "headers", "query", "body"})


def start_by_hand(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """Give the execution's input on, else the sample."""
    return {"output": config.get("sample") if inputs.main is None else inputs.main}


def start_by_request(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """The request that came in: the execution's input is its body, or the whole of it."""
    method = fields.read_choice(config, "method", METHODS)
    path = "/" + fields.read_text(config, "path", "my-hook").lstrip("/")
    given = inputs.main
    request: dict[str, Any] = {
        "method": method,
        "path": path,
        "headers": {"content-type": "application/json", "user-agent": "Webhook/1.0", "x-request-id": _id(effects)},
        "query": {},
        "body": None,
    }
    if isinstance(given, dict) and given and _REQUEST_PARTS.issuperset(given):
        return {"output": {**request, **given}}
    request["body"] = given if given is not None else _made_up_body(method, path, effects)
    return {"output": request}


def start_by_clock(_inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """When it fired, and when it will again."""
    fired = datetime.fromisoformat(effects.now)
    mode = fields.read_choice(config, "mode", MODES)
    if mode == "cron":
        return {"output": _fired(fired, _next_by_cron(config, fired), mode, cron=_cron(config))}
    every = fields.read_number(config, "every", 15, 1, 100_000)
    seconds = every * UNIT_SECONDS[fields.read_choice(config, "unit", UNITS)]
    return {"output": _fired(fired, fired + timedelta(seconds=seconds), mode, interval_s=seconds)}


def _fired(fired: datetime, following: datetime, mode: str, **rule: Json) -> dict[str, Json]:
    return {
        "fired_at": _iso(fired),
        "next_at": _iso(following),
        "mode": mode,
        **rule,
        "weekday": f"{fired:%A}",
        "hour": fired.hour,
        "minute": fired.minute,
    }


def _next_by_cron(config: Config, fired: datetime) -> datetime:
    try:
        return cron.next_moment(_cron(config), fired)
    except (ValueError, OverflowError) as error:
        raise NodeFailure("bad_config", f"The schedule cannot be read: {error}") from None


def _cron(config: Config) -> str:
    return fields.read_text(config, "cron", "0 9 * * 1-5")


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _id(effects: Effects) -> str:
    return f"{effects.rng.getrandbits(64):016x}"


def _made_up_body(method: str, path: str, effects: Effects) -> Json:
    if method in ("GET", "DELETE"):
        return None
    for message in effects.receive("webhook", path, 1):
        return message.get("body") if isinstance(message, dict) else message
    return None


METHODS = ("POST", "GET", "PUT", "PATCH", "DELETE")
MODES = ("interval", "cron")
UNITS = ("minutes", "seconds", "hours", "days")

_MANUAL = {"type": "object", "properties": {"sample": fields.anything("Sample", "Used if nothing is given.")}}
_WEBHOOK = fields.form(
    {
        "method": fields.choice("Method", METHODS, "The HTTP method it listens to."),
        "path": fields.line("Path", "my-hook", "The path it listens at."),
    }
)
_SCHEDULE = fields.form(
    {
        "mode": fields.choice("Mode", MODES, "Every so often, or by a cron expression."),
        "every": fields.number("Every", 15, 1, 100_000, "How many units lie between two starts."),
        "unit": fields.choice("Unit", UNITS, "The unit of the interval."),
        "cron": fields.line("Cron expression", "0 9 * * 1-5", "Minute, hour, day, month, weekday; in UTC."),
    }
)

TYPES: tuple[NodeType, ...] = (
    NodeType(
        type="manual_trigger",
        display_name="Manual trigger",
        description="Starts when someone presses Execute, with the input that was given.",
        category="triggers",
        run=start_by_hand,
        icon="mouse-pointer-click",
        color=COLOR,
        inputs=(),
        config_schema=_MANUAL,
        defaults={"sample": {}},
        output_schema={"output": {}},
        simulation=QUICK,
        trigger=True,
        needs_effects=False,
    ),
    NodeType(
        type="webhook_trigger",
        display_name="Webhook",
        description="Starts when a request comes in.",
        category="triggers",
        run=start_by_request,
        icon="webhook",
        color=COLOR,
        inputs=(),
        outputs=(Port("output", data_type="object"),),
        config_schema=_WEBHOOK,
        defaults=fields.defaults_of(_WEBHOOK),
        output_schema={
            "output": {
                "type": "object",
                "required": sorted(_REQUEST_PARTS),
                "properties": {
                    "method": {"type": "string"},
                    "path": {"type": "string"},
                    "headers": {"type": "object"},
                    "query": {"type": "object"},
                },
            }
        },
        simulation=QUICK,
        trigger=True,
    ),
    NodeType(
        type="schedule_trigger",
        display_name="Schedule",
        description="Starts at fixed times.",
        category="triggers",
        run=start_by_clock,
        icon="calendar-clock",
        color=COLOR,
        inputs=(),
        outputs=(Port("output", data_type="object"),),
        config_schema=_SCHEDULE,
        defaults=fields.defaults_of(_SCHEDULE),
        output_schema={
            "output": {
                "type": "object",
                "required": ["fired_at", "next_at", "mode"],
                "properties": {
                    "fired_at": {"type": "string"},
                    "next_at": {"type": "string"},
                    "mode": {"enum": list(MODES)},
                },
            }
        },
        simulation=QUICK,
        trigger=True,
    ),
)
