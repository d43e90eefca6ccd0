"""Every answer held against the contract that this server publishes: what is answered is what was promised."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, current_app, request

from ..errors import BrokenContract
from ..web.bending import is_asked_for, is_broken
from ..web.current import POSTPONED
from ..web.errors import PROBLEM, answer_problem, as_problem, door_at
from ..web.operation import FORM
from ..web.reply import JSON
from ..web.restful import in_braces
from ..web.streams import WATCHER
from .publishing import contract_of, published

if TYPE_CHECKING:
    from jsonschema import ValidationError

Json = Any
Violation = dict[str, str]

ALWAYS = frozenset(
    (
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
        "Allow",
        "Cache-Control",
        "Connection",
        "Content-Length",
        "Content-Type",
        "Date",
        "Server",
        "Vary",
        "X-Accel-Buffering",
    )
)
"""Headers that every answer may have: of HTTP itself, for other origins, and for proxies."""

_log = logging.getLogger(__name__)


def check_answers(app: Flask, mode: str) -> None:
    """Hold every answer against the contract.

    :param mode: ``log`` writes a line for each violation, ``fail`` answers 500 in its place.
    """

    def check(response: Response) -> Response:
        if POSTPONED in request.environ or is_broken(request.environ):
            return response  # It goes to nobody.
        violations = list(_find(response))
        return _tell(response, violations, mode) if violations else response

    def look_at_event(event: Json) -> None:
        """An answer that has begun cannot become a 500, so of streams there is only a line."""
        for error in contract_of(app).validator("components", "schemas", "Event").iter_errors(event):
            _log.warning("A stream tells %s: %s %s", event["type"], _pointer(error), error.message[:500])

    app.after_request(check)
    app.extensions[WATCHER] = look_at_event


def _find(response: Response) -> Iterator[Violation]:
    """What is wrong with an answer, and with the body that it was given to."""
    told = _operation()
    if request.method == "OPTIONS" or (told is None and response.status_code < 400):
        return
    if response.status_code >= 400:
        yield from _in_problem(response, told)
    else:
        yield from _in_answer(response, told)


def _in_problem(response: Response, told: Json) -> Iterator[Violation]:
    door = door_at(current_app, request.path)
    kind, name = (PROBLEM, "Problem") if door is None else (door.content_type, door.error_name)
    if response.mimetype != kind:
        yield _violation("", f"An error must be {kind}, not {response.mimetype}.")
        return
    if door is None and response.get_json().get("status") != response.status_code:
        yield _violation("/status", f"It must be the status of the answer, {response.status_code}.")
    asked_for = is_asked_for(request.environ)
    answer = None if told is None else told["responses"].get("default" if asked_for else str(response.status_code))
    if answer is not None:
        yield from _in_headers(response, answer)
    if told is None or asked_for or response.status_code == 405:
        yield from _in_body(response.get_json(), ("components", "schemas", name))
    elif answer is None:
        yield _violation("", f"The contract has no {response.status_code} here: {response.get_data(as_text=True)}")
    else:
        status = str(response.status_code)
        yield from _in_body(response.get_json(), _at(told, "responses", status, "content", kind, "schema"))


def _in_answer(response: Response, told: Json) -> Iterator[Violation]:
    status = str(response.status_code)
    answer = told["responses"].get(status)
    if answer is None:
        yield _violation("", f"The contract has no {status} here.")
        return
    yield from _in_headers(response, answer)
    yield from _in_content(response, answer.get("content", {}), _at(told, "responses", status, "content"))
    yield from _in_request(told)


def _in_content(response: Response, content: Mapping[str, Json], place: tuple[str, ...]) -> Iterator[Violation]:
    if not content:
        if not response.is_streamed and response.get_data():
            yield _violation("", "The contract has no content here.")
    elif response.mimetype not in content and "*/*" not in content:
        yield _violation("", f"The contract has no {response.mimetype} here.")
    elif response.mimetype == JSON and JSON in content and request.method != "HEAD":
        yield from _in_body(response.get_json(), (*place, JSON, "schema"))


def _in_request(told: Json) -> Iterator[Violation]:
    """A body that was taken must be one that the contract lets pass."""
    is_form = request.mimetype in ("application/x-www-form-urlencoded", FORM)
    if JSON not in told.get("requestBody", {}).get("content", {}) or is_form or not request.get_data():
        return
    body = request.get_json(force=True, silent=True)
    for violation in _in_body(body, _at(told, "requestBody", "content", JSON, "schema")):
        yield _violation(violation["pointer"], f"This was taken, and the contract would not: {violation['message']}")


def _in_body(body: Json, place: tuple[str, ...]) -> Iterator[Violation]:
    from jsonschema.exceptions import best_match

    errors = published().validator(*place).iter_errors(body)
    if (error := best_match(errors)) is not None:
        yield _violation(_pointer(error), error.message[:500])


def _pointer(error: ValidationError) -> str:
    return "".join(f"/{step}" for step in error.absolute_path)


def _operation() -> Json:
    """What the contract says of this request; ``None`` if it is about nothing that can be done here."""
    rule = request.url_rule
    path = None if rule is None else in_braces(rule.rule)
    method = "get" if request.method == "HEAD" else request.method.lower()
    found = published().document["paths"].get(path, {}).get(method)
    return None if found is None else {**found, "place": ("paths", path, method)}


def _at(told: Json, *steps: str) -> tuple[str, ...]:
    return (*told["place"], *steps)


def _in_headers(response: Response, answer: Mapping[str, Json]) -> Iterator[Violation]:
    told = answer.get("headers", {})
    for name in [name for name, _ in response.headers if name not in told and name not in ALWAYS]:
        yield _violation("", f"The contract has no header {name} here.")
    known = published().document["components"]["headers"]
    for name in told:
        if known[name].get("required") and name not in response.headers:
            yield _violation("", f"The header {name} is missing, which the contract promises.")


def _violation(pointer: str, message: str) -> Violation:
    return {"pointer": pointer, "message": message}


def _tell(response: Response, violations: list[Violation], mode: str) -> Response:
    asked = f"{request.method} {request.path}"
    if mode == "log":
        for violation in violations:
            _log.warning("%s %s: %s %s", asked, response.status_code, violation["pointer"], violation["message"])
        return response
    error = BrokenContract(asked, response.status_code, violations)
    return answer_problem(current_app, as_problem(error))
