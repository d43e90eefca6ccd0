"""Errors as Open WebUI answers them: ``{"detail": ...}``, a text, or a list of what is wrong with the request."""

from __future__ import annotations

from http.client import responses
from typing import Any

import orjson
from flask import Response

from ...web.problem import Problem
from ...web.reply import JSON

Json = Any

STATUSES: dict[int | str, int] = {
    422: 400,
    "bad_query": 422,
    "invalid_input": 422,
    "malformed_json": 422,
    "unsupported_media_type": 422,
}
"""What has another status there: 422 is for requests that do not fit their form, and 400 for all that is refused."""

WORDS = {
    401: "Invalid token",
    403: "Access Prohibited",
    404: "Not Found",
    405: "Method Not Allowed",
}
"""By status: what the detail always says."""

ERROR = {
    "description": "What went wrong, as FastAPI says it.",
    "type": "object",
    "required": ["detail"],
    "additionalProperties": False,
    "properties": {
        "detail": {
            "description": "What went wrong: a text, or of a request that does not fit its form each member at fault.",
            "anyOf": [
                {"type": "string"},
                {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["type", "loc", "msg", "input"],
                        "additionalProperties": False,
                        "properties": {
                            "type": {"type": "string", "description": "The kind of fault, for programs."},
                            "loc": {
                                "type": "array",
                                "items": {"type": ["string", "integer"]},
                                "description": "Where it is: `body` or `query`, then the way to the member.",
                            },
                            "msg": {"type": "string", "description": "What is wrong, for people."},
                            "input": {"description": "What was sent there."},
                            "ctx": {
                                "type": "object",
                                "additionalProperties": True,
                                "description": "What the message speaks of, such as a bound.",
                            },
                        },
                    },
                },
            ],
        }
    },
}
"""The JSON Schema of an error."""


def answer(problem: Problem) -> Response:
    """The problem as this door tells it."""
    body = orjson.dumps({"detail": _detail(problem)}, default=str)
    return Response(body, problem.status, problem.headers, content_type=JSON)


def _detail(problem: Problem) -> Json:
    if problem.errors and all("loc" in culprit for culprit in problem.errors):
        return problem.errors
    if problem.code == "not_authenticated":
        return "Not authenticated"
    if problem.status >= 500:
        return responses.get(problem.status, problem.title)
    return WORDS.get(problem.status) or _with_culprit(problem)


def _with_culprit(problem: Problem) -> str:
    """What went wrong, and the first that is to blame for it, since there is one text for all."""
    first = str(problem.errors[0].get("message", "")) if problem.errors else ""
    return problem.detail if first in problem.detail else f"{problem.detail} {first}"
