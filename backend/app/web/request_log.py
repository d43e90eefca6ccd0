"""The request log: what was asked of a sandbox, and what it answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from ..models.request import Request
from ..world import real_monotonic
from .bending import bent_by, is_broken
from .current import POSTPONED, sandbox_in_use
from .paths import is_control

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_TOKEN = re.compile(r"((?:^|&)access_token=)[^&]*")
"""What must not lie around in a log."""

_BEGAN = "understudy.began"


def log_requests(app: Flask) -> None:
    """Note every request to the API of a sandbox in its log."""
    app.before_request(_start)
    app.after_request(_note)


def _start() -> None:
    request.environ.setdefault(_BEGAN, real_monotonic())


def _note(response: Response) -> Response:
    environ = request.environ
    # Whoever named no sandbox that could be is in none's log.
    sandbox = sandbox_in_use(environ)
    if sandbox is not None and POSTPONED not in environ and not is_control(environ["PATH_INFO"]):
        sandbox.requests.append(_entry(environ, response.status_code, sandbox.now()))
    return response


def _entry(environ: WSGIEnvironment, status: int, now: int) -> Request:
    return Request(
        at=now,
        method=environ["REQUEST_METHOD"],
        path=environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
        query=_without_token(environ.get("QUERY_STRING", "")),
        status=None if is_broken(environ) else status,
        ms=(real_monotonic() - environ[_BEGAN]) / 1000,
        rule=bent_by(environ),
    )


def _without_token(query: str) -> str:
    # Most requests ask for nothing beside their path, and every one is logged.
    return _TOKEN.sub(r"\1***", query) if query else query
