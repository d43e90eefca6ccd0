"""Answers that wait until there is something new: ``Prefer: wait=n`` (RFC 7240), or ``?wait=n``."""

from __future__ import annotations

from collections.abc import Callable, Collection

from flask import Response, request

from ..services.waiting import ANY_STATUS, Watch
from .conditional import etag_of, has_already, tagged
from .preferences import preferred_wait, tell_applied

USUAL_WAIT = 30.0
"""Real seconds that are waited for a status where nobody says how long."""


def tagged_when_changed(
    watch: Callable[[], Watch], show: Callable[[], bytes], wait: float | None, until: Collection[str]
) -> Response:
    """The answer with its entity tag, or 304 if the caller has it; at once, or after the wait that the caller wants.

    :param watch: begins to watch what the answer shows.
    :param show: gives the answer as it is when asked.
    :param wait: real seconds, as a parameter says them; ``Prefer`` comes before it.
    :param until: the statuses that are waited for; none for any change.
    """
    preferred = preferred_wait()
    seconds = wait if preferred is None else float(preferred)
    if seconds is None and until:
        seconds = USUAL_WAIT
    if seconds:
        _wait(watch(), show, seconds, until)
    if preferred is not None:
        tell_applied([f"wait={preferred}"])
    return tagged(show())


def _wait(watched: Watch, show: Callable[[], bytes], seconds: float, until: Collection[str]) -> None:
    # What the caller has is compared after the watch has begun, so that nothing can happen unseen in between.
    is_conditional = "HTTP_IF_NONE_MATCH" in request.environ
    is_known = is_conditional and has_already(etag_of(show()))
    has_changed = is_conditional and not is_known
    if not has_changed or set(until) - {ANY_STATUS}:
        watched.wait(seconds, until, knows_first=is_known)
