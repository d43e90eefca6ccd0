"""Requests that are bent: late, answered with an error, or cut off, by what the caller chose, by a rule, or by chance.

It is decided before anything else is done, so that nothing of a request happens that is not answered. Who bent an
answer is in its ``X-Understudy-Rule``: the id of a rule, ``prefer`` or ``latency``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from http.client import responses
from typing import TYPE_CHECKING

from flask import Flask, Response, after_this_request, current_app, request

from .. import errors
from ..config import Settings, read_latency
from ..models.fault import Bend
from ..sandbox import Sandbox
from ..world import sleep
from .broken_connections import HOW, BrokenConnections, break_connection, truncate
from .current import BEHIND_ASGI, POSTPONED, current_sandbox
from .errors import CODES, answer_problem, challenge, code_named, status_of
from .paths import is_api
from .preferences import Preferences, empty_list, read_preferences, tell_applied
from .problem import Problem

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

RULE = "X-Understudy-Rule"
PREFER = "prefer"
LATENCY = "latency"

RETRY = (429, 503)
"""Errors that say when to come again."""

_RULE = "understudy.rule"
_ASKED_FOR = "understudy.asked_for"
_DECIDED = "understudy.bend"

_CODES = CODES | {404: "not_found"}
"""The codes of answers that were bent: a URL that is bent is known all the same."""


def bend_requests(app: Flask, settings: Settings) -> None:
    """Bend the requests to the API of a sandbox; all others must always work."""
    latency = read_latency(settings.latency)

    def bend() -> Response | None:
        return _bend(latency)

    app.before_request(bend)
    app.wsgi_app = BrokenConnections(app.wsgi_app)  # type: ignore[method-assign]


def status_for(code: str) -> int | None:
    """The status that goes with a code of ours; ``None`` if there is none."""
    known = _known_codes().get(code)
    if known is None:
        return 404 if code.endswith("_not_found") else None
    return known[0]


def refuse(rule_id: str, status: int) -> Response:
    """The answer of a rule that refuses to go on with a stream."""
    sign(rule_id)
    return _refuse(Bend(rule_id, status=status))


def refusal(rule_id: str, status: int) -> Problem:
    """What a rule says that refuses to go on with a stream."""
    return _problem(Bend(rule_id, status=status))


def sign(rule_id: str) -> None:
    """Have the answer say which rule bent it."""
    request.environ[_RULE] = rule_id
    after_this_request(_sign)


def bent_by(environ: WSGIEnvironment) -> str | None:
    """The rule that bent a request, ``prefer`` or ``latency``; ``None`` if nothing did."""
    found: str | None = environ.get(_RULE)
    return found


def is_asked_for(environ: WSGIEnvironment) -> bool:
    """Whether the error that is answered was asked for, by the caller or by a rule."""
    return _ASKED_FOR in environ


def is_broken(environ: WSGIEnvironment) -> bool:
    """Whether the connection of a request is broken before there is an answer."""
    return bool(environ.get(HOW, "truncate") != "truncate")


def _bend(latency: tuple[int, int]) -> Response | None:
    environ = request.environ
    if environ["REQUEST_METHOD"] == "OPTIONS" or not is_api(environ["PATH_INFO"]):
        return None
    wish = read_preferences(environ)
    sandbox = current_sandbox()
    if wish is not None:
        _follow(wish)
    elif not latency[1] and not sandbox.faults.has_request_rules and _DECIDED not in environ:
        return None
    if _DECIDED in environ:
        return _carry_out(environ[_DECIDED])
    bend = _decide(sandbox, wish, latency)
    if bend is None:
        return None
    return _delay(bend) if bend.delay_ms else _carry_out(bend)


def _decide(sandbox: Sandbox, wish: Preferences | None, latency: tuple[int, int]) -> Bend | None:
    """What happens to this request; what its caller chose comes first."""
    if wish is None:
        return _ask(sandbox, latency)
    if wish.status is not None:
        return Bend(PREFER, wish.delay_ms, wish.status)
    if wish.delay_ms is None:
        return _ask(sandbox, latency)
    return replace(_ask(sandbox, (0, 0)) or Bend(PREFER), delay_ms=wish.delay_ms)


def _ask(sandbox: Sandbox, latency: tuple[int, int]) -> Bend | None:
    """What the rules say, and chance about the delay where they say nothing."""
    is_late = latency[1] > 0
    if not is_late and not sandbox.faults.has_request_rules:
        return None
    with sandbox.view():
        bend = sandbox.faults.for_request(request.method, request.path)
        if is_late and (bend is None or bend.delay_ms is None):
            bend = replace(bend or Bend(LATENCY), delay_ms=sandbox.faults.draw_latency(*latency))
        # The rules have counted.
        sandbox.note_change()
    return bend


def _follow(wish: Preferences) -> None:
    told = {"code": wish.status, "delay": wish.delay_ms}
    if words := [f"{name}={held}" for name, held in told.items() if held is not None]:
        tell_applied(words)
    if wish.usual is not None:
        tell_applied([f"code={wish.usual}"], wish.usual)
    if wish.wants_empty:
        empty_list(_sign_empty)


def _delay(bend: Bend) -> Response | None:
    """Let time go by before it is carried out: on an event loop, where there is one, since a thread is dear."""
    seconds = (bend.delay_ms or 0) / 1000
    if BEHIND_ASGI in request.environ:
        request.environ[_DECIDED] = bend
        request.environ[POSTPONED] = seconds
        return Response(status=204)
    sleep(seconds)
    return _carry_out(bend)


def _carry_out(bend: Bend) -> Response | None:
    """Do it: an answer in the place of the real one, if there is to be one."""
    sign(bend.rule_id)
    if bend.connection == "truncate":
        after_this_request(truncate)
    elif bend.connection is not None:
        return break_connection(bend.connection)
    elif bend.status is not None or bend.code is not None:
        return _refuse(bend)
    return None


def _sign_empty(response: Response) -> Response:
    request.environ.setdefault(_RULE, PREFER)
    return _sign(response)


def _sign(response: Response) -> Response:
    response.headers[RULE] = request.environ[_RULE]
    return response


def _refuse(bend: Bend) -> Response:
    request.environ[_ASKED_FOR] = True
    return answer_problem(current_app, _problem(bend))


def _problem(bend: Bend) -> Problem:
    status = bend.status or status_for(bend.code or "") or 500
    phrase = responses.get(status) or f"Status {status}"
    code = bend.code or _CODES.get(status) or code_named(phrase)
    known, title = _known_codes().get(bend.code or "", (status, phrase))
    asked = "The caller asked for this error" if bend.rule_id == PREFER else f"The rule '{bend.rule_id}' says so"
    headers = challenge(code) if status == 401 else []
    headers += [("Retry-After", "1")] if status in RETRY else []
    told = f"{asked}: nothing was done."
    return Problem(
        status, code, title if known == status else phrase, told, headers=headers, keeps_status=bend.status is not None
    )


@cache
def _known_codes() -> Mapping[str, tuple[int, str]]:
    """By code: status and title of the errors of the framework, and of ours."""
    known = {code_named(phrase): (status, phrase) for status, phrase in responses.items() if status >= 400}
    known |= {code: (status, responses[status]) for status, code in CODES.items()}
    waiting: list[type[errors.UnderstudyError]] = [errors.UnderstudyError]
    for kind in waiting:
        known[kind.code] = (status_of(kind), kind.title)
        waiting += kind.__subclasses__()
    return known
