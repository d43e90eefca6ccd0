"""Errors as Django REST framework writes them: ``{"detail": …}``, or by field what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, current_app, request

from ...web.addresses import moved
from ...web.problem import Problem
from ...web.reply import to_json
from ...web.restful import current_resource

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
"""In the order in which ``Allow`` names them."""

STATUSES: dict[int | str, int] = {422: 400}
"""By status of ours: the one here."""

MOST_REASONS = 5
"""Things that one sentence tells to be wrong with a graph; whoever has more begins with these."""

_BY_FIELD = ("invalid_input", "duplicate_id")
"""The codes of errors that say which field is wrong."""

_NAMES = {"": "non_field_errors", "connections": "edges"}
"""By name of ours: what a field is called here."""

_DETAILS = {
    "not_authenticated": "Authentication credentials were not provided.",
    "bad_token": "Invalid token.",
    "token_expired": "Invalid token.",
    "unknown_url": "Not found.",
    "not_found": "Not found.",
    "not_acceptable": "Could not satisfy the request Accept header.",
    "upgrade_required": "This URL speaks WebSocket.",
    "internal_error": "A server error occurred.",
}
"""By code: what is said of errors that every Django REST framework words alike."""


def answer(problem: Problem) -> Response:
    """A problem as it is answered here."""
    if _wants_slash(problem):
        return to_slash()
    body = _by_field(problem) if problem.code in _BY_FIELD and problem.errors else {"detail": _detail(problem)}
    headers = {name: held for name, held in problem.headers if name not in ("Allow", "WWW-Authenticate")}
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if allowed := _allowed(problem):
        headers["Allow"] = allowed
    return to_json(body, problem.status, headers)


def allow(methods: Iterable[str]) -> str:
    """The methods of a URL, as ``Allow`` names them."""
    given = {*methods, "OPTIONS"}
    given |= {"HEAD"} if "GET" in given else set()
    return ", ".join(method for method in METHODS if method in given)


def to_slash() -> Response:
    """The way to the same address with a slash at its end."""
    return Response(b"", 301, {"Location": moved(f"{request.path}/")}, content_type="text/html; charset=utf-8")


def _wants_slash(problem: Problem) -> bool:
    """Whether there is nothing here because the slash at the end is missing."""
    if problem.code not in ("unknown_url", "method_not_allowed") or request.path.endswith("/"):
        return False
    urls = current_app.create_url_adapter(request)
    return urls is not None and bool(urls.allowed_methods(f"{request.path}/"))


def _by_field(problem: Problem) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for culprit in problem.errors:
        field, _, place = str(culprit["pointer"]).removeprefix("/").partition("/")
        message = f"{place}: {culprit['message']}" if place else culprit["message"]
        found.setdefault(_NAMES.get(field, field), []).append(message)
    return found


def _detail(problem: Problem) -> str:
    if problem.status == 405:
        return f'Method "{request.method}" not allowed.'
    if problem.code in ("rate_limited", "too_many_requests"):
        return _throttled(problem)
    told = _DETAILS.get(problem.code, problem.detail)
    if problem.code != "cannot_run":
        return told
    # Nobody looks for a graph in the errors of an execution, so it is told in words what is wrong with it.
    return " ".join([told, *(culprit["message"] for culprit in problem.errors[:MOST_REASONS])])


def _throttled(problem: Problem) -> str:
    told: Any = dict(problem.headers).get("Retry-After")
    if told is None:
        return "Request was throttled."
    unit = "second" if told == "1" else "seconds"
    return f"Request was throttled. Expected available in {told} {unit}."


def _allowed(problem: Problem) -> str:
    """The methods of the URL of this request; nothing, if there is none."""
    told = dict(problem.headers).get("Allow")
    if told is not None:
        return allow(method.strip() for method in told.split(","))
    resource = current_resource()
    return "" if resource is None else allow(resource.methods or ())
