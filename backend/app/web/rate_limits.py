"""How often one may ask: so many requests in a while, by role or, of whoever has not logged in, by address.

It is settled before anything is done. A request that was counted is told how many are left; one too many is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from flask import Flask, Response, current_app, request

from ..config import Settings, read_rate_limit
from ..errors import RateLimited, UnderstudyError
from .bending import is_asked_for
from .current import current_sandbox
from .errors import answer_problem, as_problem
from .identity import current_user
from .paths import is_api

if TYPE_CHECKING:
    from limits import RateLimitItem

    from ..services.rate_limits import Verdict

    Tiers: TypeAlias = Mapping[str, Sequence[RateLimitItem]]

LIMIT, REMAINING, RESET = "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"
"""How many may be made, how many are left, and when that begins anew, in seconds since 1970 in virtual time."""
HEADERS = (LIMIT, REMAINING, RESET)

ANONYMOUS = "anonymous"
"""The tier of whoever has not logged in."""

_VERDICT = "understudy.rate"


def limit_rate(app: Flask, settings: Settings) -> None:
    """Refuse requests to the API of a sandbox that come too often, when it is known who asks."""
    tiers = read_rate_limit(settings.rate_limit)
    if not tiers:
        return

    def refuse() -> None:
        if _is_limited():
            _check(tiers)

    def tell(response: Response) -> Response:
        return _tell(response, tiers)

    app.before_request(refuse)
    app.after_request(tell)


def _is_limited() -> bool:
    return request.method != "OPTIONS" and is_api(request.environ["PATH_INFO"])


def _check(tiers: Tiers) -> None:
    """Count the request.

    :raises RateLimited: if it is one too many.
    """
    user = current_user()
    limits = tiers.get(user.role if user else ANONYMOUS)
    if not limits:
        return
    # The library takes a while to come, and nobody waits for it who sets no limit.
    from ..services.rate_limits import count

    who = ("user", user.id) if user else ("address", request.remote_addr or "")
    verdict = request.environ[_VERDICT] = count(current_sandbox(), limits, *who)
    if not verdict.is_allowed:
        raise RateLimited(f"{verdict.limit.amount} per {_span(verdict)}", verdict.seconds)


def _span(verdict: Verdict) -> str:
    limit = verdict.limit
    unit = limit.GRANULARITY.name
    return unit if limit.multiples == 1 else f"{limit.multiples} {unit}s"


def _tell(response: Response, tiers: Tiers) -> Response:
    """Say what is left; a credential that was no good is counted only now, by address, since nobody came with it."""
    environ = request.environ
    if response.status_code == 401 and _VERDICT not in environ and _is_limited() and not is_asked_for(environ):
        try:
            _check(tiers)
        except UnderstudyError as error:
            response = answer_problem(current_app, as_problem(error))
    verdict: Verdict | None = environ.get(_VERDICT)
    if verdict is not None:
        response.headers.update(_headers(verdict))
    return response


def _headers(verdict: Verdict) -> dict[str, str]:
    told = {LIMIT: verdict.limit.amount, REMAINING: verdict.remaining, RESET: verdict.resets_at}
    return {name: str(held) for name, held in told.items()}
