"""Every error as an answer: RFC 9457 problem details, the framework's own errors included.

One table says which status a domain error has. The shape of an error is chosen by the URL's prefix, since Flask shows
an unknown URL or a wrong method to no blueprint's handlers.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import replace
from http.client import responses

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from .. import errors
from .door import Door
from .problem import Problem

PROBLEM = "application/problem+json"

STATUS: dict[type[errors.UnderstudyError], int] = {
    errors.InvalidInput: 422,
    errors.MalformedInput: 400,
    errors.NotAuthenticated: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.IllegalTransition: 500,
    errors.RevisionMismatch: 412,
    errors.TooLarge: 413,
    errors.UnsupportedMedia: 415,
    errors.RangeNotSatisfiable: 416,
    errors.UpgradeRequired: 426,
    errors.TooManySandboxes: 429,
    errors.QueueFull: 429,
    errors.TooManyStreams: 429,
    errors.RateLimited: 429,
    errors.BrokenContract: 500,
}
"""The status of each domain error; a class that is not named has that of its nearest ancestor."""

CODES = {
    400: "malformed",
    404: "unknown_url",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
    429: "too_many_requests",
    500: "internal_error",
}
"""The codes of errors that the framework raises; others are named after their status."""

_HEADERS = {426: [("Upgrade", "websocket"), ("Connection", "Upgrade")]}
"""What goes with a status."""

_DOORS = "understudy.doors"
_log = logging.getLogger(__name__)


def problem_json(problem: Problem) -> Response:
    """The problem as RFC 9457 writes it."""
    body = orjson.dumps(problem.as_dict(), option=orjson.OPT_NON_STR_KEYS, default=str)
    return Response(body, problem.status, problem.headers, content_type=PROBLEM)


def handle_errors(app: Flask, doors: Iterable[Door] = ()) -> None:
    """Have every error of the application answered.

    :param doors: behind which errors look otherwise than ours.
    """
    app.extensions[_DOORS] = tuple(doors)

    def answer(error: Exception) -> Response:
        return answer_problem(app, as_problem(error))

    app.register_error_handler(errors.UnderstudyError, answer)
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(Exception, answer)


def answer_problem(app: Flask, problem: Problem) -> Response:
    """The problem in the shape, and with the status, that it has at the URL of this request."""
    door = door_at(app, request.path)
    if door is None:
        return problem_json(problem)
    if problem.keeps_status:
        return door.answer(problem)
    return door.answer(replace(problem, status=door.status_of(problem.code, problem.status)))


def door_at(app: Flask, path: str) -> Door | None:
    """The door behind which a path lies; ``None`` if it is a path of our own API."""
    doors: tuple[Door, ...] = app.extensions[_DOORS]
    return next((door for door in doors if door.covers(path)), None)


def as_problem(error: Exception, where: str = "") -> Problem:
    """What there is to tell about an error; the trace of one that nobody expected goes to the log, never out.

    :param where: what it happened in, if that is no request.
    """
    if isinstance(error, errors.UnderstudyError):
        return _from_domain(error, where)
    if isinstance(error, HTTPException) and error.code is not None:
        return _from_http(error, error.code)
    _log.error("An unexpected error in %s", where or _asked(), exc_info=error)
    return Problem(500, CODES[500], responses[500], "Something went wrong in the server; its log has the details.")


def code_named(phrase: str) -> str:
    """The code of an error that is named so: ``i_m_a_teapot``."""
    return re.sub(r"[^a-z0-9]+", "_", phrase.lower())


def status_of(kind: type[errors.UnderstudyError]) -> int:
    """The HTTP status of a kind of domain error."""
    return next((STATUS[ancestor] for ancestor in kind.__mro__ if ancestor in STATUS), 500)


def _from_domain(error: errors.UnderstudyError, where: str) -> Problem:
    status = status_of(type(error))
    if status >= 500:
        _log.error("An error of ours in %s", where or _asked(), exc_info=error)
    headers = challenge(error.code) if status == 401 else [*_HEADERS.get(status, ())]
    if isinstance(error, errors.RateLimited):
        headers.append(("Retry-After", str(error.seconds)))
    return Problem(status, error.code, error.title, error.message, error.errors, error.extra, headers)


def challenge(code: str) -> list[tuple[str, str]]:
    """How to show who one is, as RFC 6750 says."""
    is_about_token = code in ("bad_token", "token_expired")
    return [("WWW-Authenticate", 'Bearer error="invalid_token"' if is_about_token else "Bearer")]


def _asked() -> str:
    return f"{request.method} {request.path}"


def _from_http(error: HTTPException, status: int) -> Problem:
    title = responses.get(status) or error.name
    code = CODES.get(status) or code_named(title)
    # Everything but the content type is kept: a 405 has its Allow there, a 416 its Content-Range.
    headers = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    return Problem(status, code, title, _detail(error, status), headers=headers)


def _detail(error: HTTPException, status: int) -> str:
    if status == 404:
        return f"There is nothing at {request.path}. GET /api lists what there is."
    if status == 405:
        return f"{request.method} is not possible at {request.path}."
    if status == 413:
        return _too_large()
    return error.description or error.name


def _too_large() -> str:
    most, told = request.max_content_length, request.content_length
    if most and (told is None or told > most):
        return f"The body is larger than the {most} bytes that are taken here."
    return (
        f"The form has more than {request.max_form_parts} parts, "
        f"or more than {request.max_form_memory_size} bytes in a field."
    )
