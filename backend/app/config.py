"""Settings and limits: each with a name, a sane default and an environment variable.

The environment variable of a setting is ``UNDERSTUDY_`` and its name in capitals: ``UNDERSTUDY_MAX_NODES=500``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_type_hints

from .errors import InvalidInput
from .models.fault import LONGEST_DELAY

if TYPE_CHECKING:
    from limits import RateLimitItem

PACES = ("real", "fast", "stopped", "instant", "auto")
SCENARIOS = ("demo", "empty", "failing", "mid-flight", "large")
AUTH = ("off", "optional", "required")
"""Whether people log in: nobody does, who likes does, everybody must."""
TIERS = ("anonymous", "user", "admin")
"""Who is limited apart from others: whoever has not logged in, and each role."""
CHECKS = ("", "log", "fail")
"""What is done about an answer that is not what the contract says."""
PREFIX = "UNDERSTUDY_"
OF_CLIENTS = ("UNDERSTUDY_URL",)
"""Variables that are no settings: with this one, tests of clients are told where a server is."""
OF_KUBERNETES = ("UNDERSTUDY_SERVICE_", "UNDERSTUDY_PORT_")
"""How variables begin that Kubernetes makes of a service of this name."""
MOST_RATE = 1_000_000
"""Virtual seconds per real second: eleven days."""
MOST_OFTEN = 0.05
"""Real seconds between two heartbeats."""
MOST = 10_000_000_000
"""No limit is higher: so many seconds are three centuries."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of everything one sandbox holds. Each limit has its own error."""

    max_steps: int = 200_000
    """Status changes of nodes per execution, before it fails with ``step_limit``."""
    max_output_bytes: int = 4_000_000
    """What one node gives, about as JSON; a node that gives more fails with ``output_too_large``."""
    max_execution_bytes: int = 32_000_000
    """All that nodes give and get in an execution, before it fails with ``execution_too_large``."""
    max_expression_steps: int = 2_000_000
    """Steps of an execution's long expressions, all together, before a node fails with ``expression_limit``."""
    max_depth: int = 10
    """Sub-workflows within sub-workflows."""
    max_nodes: int = 10_000
    """Nodes per workflow."""
    max_connections: int = 50_000
    """Connections per workflow."""
    max_workflows: int = 20_000
    max_versions: int = 50
    """Versions per workflow, the current one among them; the oldest without a label go first."""
    max_schedules: int = 1_000
    max_queued: int = 1_000
    """Executions per workflow that wait for their turn."""
    max_fired: int = 10_000
    """How often schedules are due, all together, before they stop until one is made or changed."""
    max_shares: int = 1_000
    """Users with whom one workflow is shared."""
    max_templates: int = 2_000
    max_node_types: int = 1_000
    """Node types of one's own."""
    max_executions: int = 50_000
    """Final executions kept; the oldest go first."""
    max_events: int = 500_000
    """Events kept per sandbox for streams that resume."""
    max_files: int = 1_000
    max_body_bytes: int = 32 * 1024 * 1024
    """A JSON body."""
    max_upload_bytes: int = 64 * 1024 * 1024
    """A whole upload, all files together."""
    max_users: int = 1_000
    max_api_keys: int = 100
    """API keys of one user."""
    max_logins: int = 100
    """Logins of one user; the oldest go first."""
    max_windows: int = 10_000
    """Counts of requests kept for rate limits; those that began first go first."""
    max_pixels: int = 50_000_000
    """Pixels of an image, all that a decoder would have to unpack."""
    max_per_page: int = 500
    max_idempotency_keys: int = 10_000
    max_faults: int = 1_000
    """Rules that bend requests and nodes, per sandbox."""
    max_sandboxes: int = 200
    """Sandboxes alive at once."""
    sandbox_idle_seconds: int = 3600
    """Real seconds after which a sandbox that nobody used is forgotten; the default one stays."""
    max_requests: int = 1_000
    """Requests kept in the log of a sandbox."""
    max_events_told: int = 10_000
    """Events that one advance of the clock answers with; of more, the latest."""
    max_streams: int = 5_000
    """Streams that are open at once, of one sandbox."""
    max_snapshots: int = 50
    """Snapshots kept per sandbox."""
    max_snapshot_bytes: int = 512 * 1024 * 1024
    """A snapshot that is uploaded."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What `create_app` is told."""

    host: str = "127.0.0.1"
    port: int = 8000
    seed: int = 1
    pace: str = "real"
    rate: float = 10.0
    """Virtual seconds per real second at pace ``fast``."""
    scenario: str = "demo"
    node_types: str = ""
    """A folder with JSON files, one node type of one's own in each."""
    scenarios: str = ""
    """A folder with scenarios of one's own: snapshots as they were downloaded."""
    data: str = ""
    """The file that keeps the default sandbox."""
    cors_origins: str = "*"
    """Origins that may call, separated by commas; credentials are allowed only to a named list."""
    require_sandbox: bool = False
    """Whether a request that names no sandbox is refused."""
    control_token: str = ""
    """What a caller of the control API must show; needed where the server listens beyond this machine."""
    auth: str = "off"
    """Whether people log in: with ``off`` everyone is the default user, with ``optional`` who shows no token is, with
    ``required`` whoever shows none is refused."""
    rate_limit: str = ""
    """Requests that one may make: ``100/minute``, or by tier ``anonymous=60/minute, user=300/minute``."""
    latency: str = ""
    """Delay of every answer of the API that no rule delays, in milliseconds: ``300``, or ``200..800`` by chance."""
    heartbeat: float = 10.0
    """Real seconds after which a stream in which nothing happened shows that it lives. A reader that takes nothing for
    so long is hung up on."""
    check_contract: str = ""
    """Whether every answer is held against the contract: ``log`` writes a line for what breaks it, ``fail`` answers
    500 in its place."""
    limits: Limits = Limits()


def read_settings(environment: Mapping[str, str] | None = None, **options: Any) -> Settings:
    """The settings from defaults, then the environment, then the options given (``None``: not given).

    :raises InvalidInput: naming the option or the variable that does not fit.
    """
    environment = os.environ if environment is None else environment
    _check_names(environment)
    limits = _from_environment(Limits(), environment)
    settings = replace(_from_environment(Settings(), environment), limits=limits)
    given = {name: value for name, value in options.items() if value is not None}
    return _checked(replace(settings, **given))


def read_latency(text: str) -> tuple[int, int]:
    """The least and the most delay, in milliseconds, of a text such as ``300`` or ``200..800``; none is ``0``.

    :raises InvalidInput: if it says anything else.
    """
    least, dots, most = (text or "0").partition("..")
    try:
        found = int(least), int(most if dots else least)
    except ValueError:
        found = (-1, -1)
    if not 0 <= found[0] <= found[1] <= LONGEST_DELAY:
        raise _bad("latency", text, f"milliseconds up to {LONGEST_DELAY}, such as 300 or 200..800")
    return found


def read_rate_limit(text: str) -> dict[str, list[RateLimitItem]]:
    """By tier: how many requests one may make. A text without tiers is for all of them; no text limits nobody.

    :raises InvalidInput: if it is no limit.
    """
    if not text:
        return {}
    parts = [part.split("=", 1) for part in text.split(",")] if "=" in text else [[tier, text] for tier in TIERS]
    found = {part[0].strip(): _read_limits(part[-1]) for part in parts}
    if len(found) < len(parts) or not all(tier in TIERS and limits for tier, limits in found.items()):
        told = f"such as 100/minute, or by tier ({', '.join(TIERS)}) user=300/minute, anonymous=60/minute"
        raise _bad("rate_limit", text, told)
    return found


def _read_limits(text: str) -> list[RateLimitItem]:
    """The limits in a text, such as ``5/second; 100 per 2 minutes``; none if they cannot be read."""
    from limits import parse_many

    try:
        found = list(dict.fromkeys(parse_many(text)))
    except ValueError:
        return []
    return found if all(limit.amount for limit in found) else []


def _check_names(environment: Mapping[str, str]) -> None:
    """Refuse a variable that looks like ours and is none: a limit with a typo in its name would limit nothing."""
    known = [setting.name.upper() for kind in (Settings, Limits) for setting in fields(kind)]
    known.remove("LIMITS")
    for variable in environment:
        name = variable.removeprefix(PREFIX)
        is_foreign = variable in OF_CLIENTS or variable.startswith(OF_KUBERNETES)
        if variable.startswith(PREFIX) and name not in known and not is_foreign:
            near = get_close_matches(name, known, 1)
            told = f"Did you mean {PREFIX}{near[0]}?" if near else "docs/settings.md lists them all."
            raise InvalidInput(f"{variable} is no setting. {told}", code="bad_setting")


def _from_environment(defaults: Any, environment: Mapping[str, str]) -> Any:
    hints = get_type_hints(type(defaults))
    found = {}
    for setting in fields(defaults):
        name = PREFIX + setting.name.upper()
        if name in environment and hints[setting.name] in _PARSERS:
            found[setting.name] = _parse(name, environment[name], hints[setting.name])
    return replace(defaults, **found)


def _parse(name: str, text: str, kind: type) -> Any:
    parse, wanted = _PARSERS[kind]
    try:
        return parse(text)
    except (ValueError, KeyError):
        raise InvalidInput(f"{name} must be {wanted}, not {text!r}.", code="bad_setting") from None


_SWITCH = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "": False,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}

_PARSERS: dict[type, tuple[Callable[[str], Any], str]] = {
    int: (int, "a whole number"),
    float: (float, "a number"),
    str: (str, "a text"),
    bool: (lambda text: _SWITCH[text.strip().lower()], "true or false"),
}
"""How the text of an environment variable is read."""


def _checked(settings: Settings) -> Settings:
    _check_words(settings)
    if settings.scenario not in SCENARIOS and not settings.scenarios:
        raise _bad("scenario", settings.scenario, f"one of {', '.join(SCENARIOS)}")
    if not 0 <= settings.port <= 65535:
        raise _bad("port", settings.port, "between 0 (any free one) and 65535")
    if not 0 < settings.rate <= MOST_RATE:
        raise _bad("rate", settings.rate, f"above 0 and at most {MOST_RATE}")
    if not 0 <= settings.seed < 2**53:
        raise _bad("seed", settings.seed, "a whole number from 0 to 9007199254740991")
    if not MOST_OFTEN <= settings.heartbeat <= 3600:
        raise _bad("heartbeat", settings.heartbeat, f"seconds from {MOST_OFTEN:g} to 3600")
    _check_texts(settings)
    for limit in fields(settings.limits):
        if not 1 <= getattr(settings.limits, limit.name) <= MOST:
            raise _bad(limit.name, getattr(settings.limits, limit.name), f"from 1 to {MOST}")
    return settings


def _check_texts(settings: Settings) -> None:
    if settings.check_contract not in CHECKS:
        raise _bad("check_contract", settings.check_contract, "log, fail or nothing")
    read_latency(settings.latency)
    read_rate_limit(settings.rate_limit)
    _check_token(settings.control_token)


def _check_words(settings: Settings) -> None:
    for name, words in (("pace", PACES), ("auth", AUTH)):
        if getattr(settings, name) not in words:
            raise _bad(name, getattr(settings, name), f"one of {', '.join(words)}")


def _check_token(token: str) -> None:
    # It is a secret, so the message does not repeat it.
    if not re.fullmatch(r"[!-~]*", token):
        message = "control_token must be of ASCII, without spaces and control characters: it is shown in a header."
        raise InvalidInput(message, code="bad_setting")


def _bad(name: str, value: object, wanted: str) -> InvalidInput:
    return InvalidInput(f"{name} must be {wanted}, not {value!r}.", code="bad_setting")
