"""Directing a sandbox: its state, its clock, and setting it back."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from ..errors import InvalidInput
from ..models.glob import BadPattern, Glob, compile_glob, plain_path
from ..models.request import Request
from ..moments import LAST_MOMENT, MICROSECONDS, iso
from ..sandbox import DEFAULT, RATES, Sandbox, Sandboxes
from ..world import real_monotonic, real_now
from . import faults

Json = Any

_PREFIX = re.compile(r"^/s/[^/]*(?=/)")


def state(sandbox: Sandbox) -> dict[str, Json]:
    """A sandbox as it is: its seed, its clock, how much it holds, its faults and limits."""
    with sandbox.view():
        store = sandbox.store
        return {
            "sandbox": sandbox.name,
            "seed": sandbox.world.seed,
            "scenario": sandbox.settings.scenario,
            "clock": clock(sandbox),
            "counts": {
                "workflows": len(store.workflows),
                "executions": len(store.executions),
                "templates": len(store.templates),
                "files": len(store.files),
                "node_types": len(sandbox.registry.custom()),
                "events": store.log.cursor,
                "snapshots": len(sandbox.snapshots),
                "requests": len(sandbox.requests),
                "streams": len(sandbox.streams),
            },
            "faults": faults.list_rules(sandbox),
            "created_at": iso(sandbox.created_at),
            "expires_at": _expires_at(sandbox),
            "limits": asdict(sandbox.limits),
        }


def clock(sandbox: Sandbox) -> dict[str, Json]:
    """The clock of a sandbox: ``{pace, rate, now}``."""
    with sandbox.view() as now:
        return _clock(sandbox, now)


def set_clock(
    sandbox: Sandbox, *, pace: str | None = None, rate: float | None = None, now: int | None = None
) -> dict[str, Json]:
    """Change how time goes by, or let it go on to a moment; everything due until then happens.

    :param pace: ``None`` leaves it, or follows from a rate that is given.
    :param now: in microseconds.
    :raises InvalidInput: ``clock_backwards``, ``bad_rate``.
    """
    with sandbox.turn() as present:
        pace, rate = choose_rate(sandbox.settings.rate, sandbox.pace, sandbox.world.clock.rate, pace, rate)
        if now is not None:
            check_forward(now, present)
            sandbox.run_to(now)
        sandbox.pace = pace
        sandbox.world.clock.set_rate(rate)
    return clock(sandbox)


def choose_rate(
    usual: float, present_pace: str, present_rate: float, pace: str | None, rate: float | None
) -> tuple[str, float]:
    """The pace and the rate that are meant, where one of them or both are given.

    :param usual: the rate of ``fast``, where none is given.
    :raises InvalidInput: ``bad_rate``, if the pace has another rate.
    """
    if pace is None and rate is None:
        return present_pace, present_rate
    if pace is None and RATES.get(present_pace) == rate:
        return present_pace, present_rate
    pace = pace or _pace_of(rate)
    own = RATES.get(pace, usual if rate is None else rate)
    _check_rate(pace, own, rate, present_rate)
    return pace, own


def check_forward(moment: int, now: int) -> None:
    """Refuse a moment that has passed, and one that has no date.

    :raises InvalidInput: ``clock_backwards``, ``clock_too_far``.
    """
    if moment < now:
        message = f"Time goes forward only: it is {iso(now)} here. POST /_control/reset sets a clock back."
        raise InvalidInput(message, code="clock_backwards")
    if moment >= LAST_MOMENT:
        raise InvalidInput("Time ends with the year 9998 here.", code="clock_too_far")


def reset(
    sandboxes: Sandboxes,
    name: str,
    *,
    seed: int | None = None,
    scenario: str | None = None,
    now: int | None = None,
    pace: str | None = None,
    rate: float | None = None,
) -> Sandbox:
    """Make a sandbox like a new one; what is not given is as the server was started.

    Its snapshots stay. Nobody sees it half filled.

    :param now: where its clock begins, in microseconds.
    """
    usual = sandboxes.settings
    chosen, speed = choose_rate(usual.rate, usual.pace, RATES.get(usual.pace, usual.rate), pace, rate)
    settings = replace(
        usual,
        seed=usual.seed if seed is None else seed,
        scenario=scenario or usual.scenario,
        pace=chosen,
        rate=speed if chosen == "fast" else usual.rate,
    )
    sandbox = sandboxes.put(name, lambda: sandboxes.filled(name, settings, now))
    sandbox.requests.clear()
    return sandbox


def list_sandboxes(sandboxes: Sandboxes) -> list[dict[str, Json]]:
    """The sandboxes that are alive, by name."""
    return [
        {
            "sandbox": sandbox.name,
            "seed": sandbox.world.seed,
            "scenario": sandbox.settings.scenario,
            # No sandbox is waited for here: one may be busy, another may end at this moment.
            "clock": _clock(sandbox, sandbox.now()),
            "created_at": iso(sandbox.created_at),
            "expires_at": _expires_at(sandbox),
        }
        for sandbox in sandboxes.alive()
    ]


def list_requests(sandbox: Sandbox, filters: dict[str, Json]) -> list[dict[str, Json]]:
    """The latest requests, oldest first.

    :param filters: any of ``method``, ``path`` (a glob; the prefix of the sandbox may be there), ``status``, ``rule``,
        ``limit`` (only so many, the latest).
    :raises InvalidInput: ``bad_query``, if the glob cannot be read.
    """
    return [one.as_dict() for one in _find_requests(sandbox, filters)]


def clear_requests(sandbox: Sandbox, filters: dict[str, Json]) -> None:
    """Forget the requests that `list_requests` gives for these filters; without any, all."""
    for one in _find_requests(sandbox, filters):
        # Requests go on beside this, and push the oldest out.
        with suppress(ValueError):
            sandbox.requests.remove(one)


def _find_requests(sandbox: Sandbox, filters: dict[str, Json]) -> list[Request]:
    found: list[Request] = list(sandbox.requests)
    if (pattern := filters.get("path")) is not None:
        glob = _glob(_PREFIX.sub("", pattern))
        found = [one for one in found if glob.fullmatch(plain_path(one.path))]
    if (method := filters.get("method")) is not None:
        found = [one for one in found if one.method == method.upper()]
    for name in ("status", "rule"):
        if name in filters:
            found = [one for one in found if getattr(one, name) == filters[name]]
    return found[-filters.get("limit", len(found)) :]


def _clock(sandbox: Sandbox, now: int) -> dict[str, Json]:
    return {"pace": sandbox.pace, "rate": sandbox.world.clock.rate, "now": iso(now)}


def _check_rate(pace: str, own: float, rate: float | None, present: float) -> None:
    # A clock may be sent back as it was got, with another pace: so what a pace shows says nothing about another one.
    shown = {None, own, present, *RATES.values()}
    if pace == "fast" and not own:
        message = "Time stands at rate 0, which is pace stopped; fast has any other rate."
    elif rate not in shown:
        message = (
            f"Time goes by {own:g} times as fast as real time at pace {pace}, not {rate:g} times; fast has any rate."
        )
    else:
        return
    raise InvalidInput(message, [{"pointer": "/rate", "message": message}], code="bad_rate")


def _expires_at(sandbox: Sandbox) -> str | None:
    """When it is forgotten if nobody uses it, in real time; the default one never is."""
    if sandbox.name == DEFAULT:
        return None
    left = sandbox.used_at + sandbox.limits.sandbox_idle_seconds * MICROSECONDS - real_monotonic()
    return iso(real_now() + left)


def _glob(pattern: str) -> Glob:
    try:
        return compile_glob(pattern)
    except BadPattern as error:
        raise InvalidInput(str(error), [{"pointer": "/path", "message": str(error)}], code="bad_query") from None


def _pace_of(rate: float | None) -> str:
    if not rate:
        return "stopped"
    return "real" if rate == 1 else "fast"
