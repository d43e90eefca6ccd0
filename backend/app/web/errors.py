"""Every error as an answer: RFC 9457 problem details, the framework's own errors included.

One table says which status a domain error has. The shape of an error is chosen by the URL's prefix, since Flask shows
an unknown URL or a wrong method to no blueprint's handlers.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.client import responses
from typing import Any, Protocol

import orjson
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from .. import errors

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

_SHAPES = "understudy.shapes"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Problem:
    """An error, before a door gives it its shape."""

    status: int
    code: str
    title: str
    detail: str
    errors: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    headers: list[tuple[str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The members of the problem; further ones never hide those that every problem has."""
        return {
            **self.extra,
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "errors": self.errors,
        }


class Shape(Protocol):
    """What errors look like at some of the URLs."""

    @property
    def answer(self) -> Callable[[Problem], Response]:
        """What makes an answer of a problem."""

    def covers(self, path: str) -> bool:
        """Whether they look so at a path of the application."""


def problem_json(problem: Problem) -> Response:
    """The problem as RFC 9457 writes it."""
    body = orjson.dumps(problem.as_dict(), option=orjson.OPT_NON_STR_KEYS, default=str)
    return Response(body, problem.status, problem.headers, content_type=PROBLEM)


def handle_errors(app: Flask, shapes: Iterable[Shape] = ()) -> None:
    """Have every error of the application answered.

    :param shapes: those of errors that look otherwise than ours.
    """
    app.extensions[_SHAPES] = tuple(shapes)

    def answer(error: Exception) -> Response:
        return answer_problem(app, as_problem(error))

    app.register_error_handler(errors.UnderstudyError, answer)
    app.register_error_handler(HTTPException, answer)
    app.register_error_handler(Exception, answer)


def answer_problem(app: Flask, problem: Problem) -> Response:
    """The problem in the shape that errors have at the URL of this request."""
    shape = shape_of(app, request.path)
    return problem_json(problem) if shape is None else shape.answer(problem)


def shape_of(app: Flask, path: str) -> Any:
    """What errors look like at a path; ``None`` where they look as ours do."""
    shapes: tuple[Shape, ...] = app.extensions[_SHAPES]
    return next((shape for shape in shapes if shape.covers(path)), None)


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
    headers = _challenge(error.code) if status == 401 else [*_HEADERS.get(status, ())]
    if isinstance(error, errors.RateLimited):
        headers.append(("Retry-After", str(error.seconds)))
    return Problem(status, error.code, error.title, error.message, error.errors, error.extra, headers)


def _challenge(code: str) -> list[tuple[str, str]]:
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
    if status == 413 and (most := request.max_content_length):
        return f"The body is larger than the {most} bytes that are taken here."
    return error.description or error.name
