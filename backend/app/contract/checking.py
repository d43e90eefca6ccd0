"""Every answer held against the contract that this server publishes: what is answered is what was promised."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, Response, current_app, request

from ..errors import BrokenContract
from ..web.bending import RULE
from ..web.errors import PROBLEM, answer_problem, as_problem
from ..web.reply import JSON
from ..web.restful import in_braces
from .publishing import published

Json = Any
Fault = dict[str, str]

UNSAID = frozenset(
    (
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Origin",
        "Access-Control-Expose-Headers",
        "Cache-Control",
        "Content-Length",
        "Content-Type",
        "Connection",
        "Date",
        "Server",
        "Vary",
        "X-Accel-Buffering",
    )
)
"""Headers of HTTP itself, which every answer may have."""

_log = logging.getLogger(__name__)


def check_answers(app: Flask, mode: str) -> None:
    """Hold every answer against the contract.

    :param mode: ``log`` writes a line for each violation, ``fail`` answers 500 in its place.
    """

    def check(response: Response) -> Response:
        faults = list(_find(response))
        return _tell(response, faults, mode) if faults else response

    app.after_request(check)


def _find(response: Response) -> Iterator[Fault]:
    """What is wrong with an answer, and with the body that it was given to."""
    told = _operation()
    if told is None or response.status_code >= 400:
        yield from _in_problem(response, told)
    else:
        yield from _in_answer(response, told)


def _in_problem(response: Response, told: Json) -> Iterator[Fault]:
    if request.method == "OPTIONS" or response.status_code < 400:
        return
    if response.mimetype != PROBLEM:
        yield _fault("", f"An error must be {PROBLEM}, not {response.mimetype}.")
        return
    status = str(response.status_code)
    is_told = told is not None and RULE not in response.headers
    if is_told and status not in told["responses"] and response.status_code != 405:
        yield _fault("", f"The contract has no {status} here: {response.get_data(as_text=True)}")
    elif is_told and status in told["responses"]:
        yield from _in_body(response.get_json(), _at(told, "responses", status, "content", PROBLEM, "schema"))
    else:
        yield from _in_body(response.get_json(), ("components", "schemas", "Problem"))


def _in_answer(response: Response, told: Json) -> Iterator[Fault]:
    status = str(response.status_code)
    answer = told["responses"].get(status)
    if answer is None:
        yield _fault("", f"The contract has no {status} here.")
        return
    yield from _in_headers(response, answer)
    content = answer.get("content", {})
    if response.mimetype in content or "*/*" in content or not content:
        if response.mimetype == JSON and JSON in content and request.method != "HEAD":
            yield from _in_body(response.get_json(), _at(told, "responses", status, "content", JSON, "schema"))
    else:
        yield _fault("", f"The contract has no {response.mimetype} here.")
    yield from _in_request(told)


def _in_request(told: Json) -> Iterator[Fault]:
    """A body that was taken must be one that the contract lets pass."""
    if JSON not in told.get("requestBody", {}).get("content", {}) or not request.get_data():
        return
    body = request.get_json(force=True, silent=True)
    for fault in _in_body(body, _at(told, "requestBody", "content", JSON, "schema")):
        yield _fault(fault["pointer"], f"This was taken, and the contract would not: {fault['message']}")


def _in_body(body: Json, place: tuple[str, ...]) -> Iterator[Fault]:
    from jsonschema.exceptions import best_match

    errors = published().validator(*place).iter_errors(body)
    if (error := best_match(errors)) is not None:
        yield _fault("".join(f"/{step}" for step in error.absolute_path), error.message[:500])


def _operation() -> Json:
    """What the contract says of this request; ``None`` if it is about nothing that can be done here."""
    rule = request.url_rule
    path = None if rule is None else in_braces(rule.rule)
    method = "get" if request.method == "HEAD" else request.method.lower()
    found = published().document["paths"].get(path, {}).get(method)
    return None if found is None else {**found, "place": ("paths", path, method)}


def _at(told: Json, *steps: str) -> tuple[str, ...]:
    return (*told["place"], *steps)


def _in_headers(response: Response, answer: Mapping[str, Json]) -> Iterator[Fault]:
    known = UNSAID | set(answer.get("headers", {}))
    for name, _ in response.headers:
        if name not in known:
            yield _fault("", f"The contract has no header {name} here.")


def _fault(pointer: str, message: str) -> Fault:
    return {"pointer": pointer, "message": message}


def _tell(response: Response, faults: list[Fault], mode: str) -> Response:
    asked = f"{request.method} {request.path}"
    if mode == "log":
        for fault in faults:
            _log.warning("%s %s: %s %s", asked, response.status_code, fault["pointer"], fault["message"])
        return response
    error = BrokenContract(asked, response.status_code, faults)
    return answer_problem(current_app, as_problem(error))
