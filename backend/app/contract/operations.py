"""One operation of the contract: a method at a URL, with all that it takes and all that it can answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..web.errors import PROBLEM
from ..web.operation import FORM, Answer, Operation
from ..web.paths import is_api, is_control, is_sandboxed
from ..web.reply import JSON
from ..web.restful import Route
from . import problems, words
from .converter import Shapes

Json = Any
Examples = Mapping[str, Json]
"""What was sent and answered in a really run call: ``{body?, answers {status: body}}``."""

_OF_BODIES = ("malformed_json", "too_deep", "too_large", "unsupported_media_type", "invalid_input")
_OF_FORMS = ("malformed", "too_large", "unsupported_media_type")
_OF_KEYS = ("bad_idempotency_key", "idempotency_key_reused", "idempotency_in_progress")
_OF_SANDBOXES = ("bad_sandbox_name", "no_sandbox", "too_many_sandboxes", "set_back")
_HEADERS = {401: "WWW-Authenticate", 416: "Content-Range", 426: "Upgrade"}
"""By status: what goes with a problem."""
_MISSING = {"asset": "unknown_url"}
"""By variable of an address: the code that says that there is nothing of this name, where it is no thing of ours."""
_OF_CONTROL = ("not_authenticated", "control_needs_token", "foreign_host", "foreign_origin")


def describe(route: Route, operation: Operation, shapes: Shapes, examples: Examples) -> dict[str, Json]:
    """The operation as OpenAPI has it."""
    found: dict[str, Json] = {
        "operationId": operation.name,
        "tags": [tag_of(route)],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": _parameters(route, operation, shapes),
    }
    if operation.body is not None:
        found["requestBody"] = _body(operation, shapes, examples)
    found["responses"] = _answers(route, operation, shapes, examples)
    if is_control(route.path):
        found["security"] = [{}, {"control_token": []}]
    return found


def tag_of(route: Route) -> str:
    """The resource that a URL belongs to: the file that it is made in."""
    return route.resource.__module__.rpartition(".")[2]


def variables_of(path: str) -> list[str]:
    """The variables of an address."""
    return re.findall(r"{(\w+)}", path)


def codes_of(route: Route, operation: Operation) -> list[str]:
    """The codes of all problems that an operation can answer with, unless somebody asked for another one."""
    path, body = route.path, operation.body
    found: list[str] = [*operation.errors, "internal_error"]
    found += [_MISSING.get(name, f"{name.removesuffix('_id')}_not_found") for name in variables_of(path)]
    found += _OF_SANDBOXES if is_sandboxed(path) else ()
    found += ("bad_preference",) if is_api(path) else ()
    found += _OF_CONTROL if is_control(path) else ()
    if body is not None:
        found += _OF_FORMS if body.content_type == FORM else _OF_BODIES
    found += ("bad_query",) if operation.query is not None else ()
    found += ("revision_mismatch",) if operation.expects_tag else ()
    found += _OF_KEYS if operation.is_idempotent else ()
    usual = next(iter(operation.answers.values()))
    found += ("not_acceptable",) if usual.content and "*/*" not in usual.content else ()
    return list(dict.fromkeys(found))


def _parameters(route: Route, operation: Operation, shapes: Shapes) -> list[Json]:
    found: list[Json] = []
    for name in variables_of(route.path):
        description, schema = words.PATH[name]
        found.append({"name": name, "in": "path", "required": True, "description": description, "schema": schema})
    found += shapes.parameters_of(operation.query) if operation.query is not None else []
    for name in _headers(operation):
        description, schema = words.REQUEST_HEADERS[name]
        found.append({"name": name, "in": "header", "description": description, "schema": schema})
    shared = (words.COMMON if is_sandboxed(route.path) else {}) | (words.BENDING if is_api(route.path) else {})
    return found + [{"$ref": f"#/components/parameters/{name}"} for name in shared]


def _headers(operation: Operation) -> list[str]:
    told = [("If-None-Match", operation.has_tag), ("If-Match", operation.expects_tag)]
    told.append(("Idempotency-Key", operation.is_idempotent))
    return [*(name for name, is_read in told if is_read), *operation.headers]


def _body(operation: Operation, shapes: Shapes, examples: Examples) -> dict[str, Json]:
    body = operation.body
    assert body is not None
    content: dict[str, Json] = {"schema": shapes.schema_of(body.schema)}
    if "body" in examples and body.content_type == JSON:
        content["example"] = examples["body"]
    return {"required": body.required, "content": {body.content_type: content}}


def _answers(route: Route, operation: Operation, shapes: Shapes, examples: Examples) -> dict[str, Json]:
    of_all: tuple[str, ...] = ("Preference-Applied", "X-Understudy-Rule") if is_api(route.path) else ()
    of_all += ("Idempotency-Replayed",) if operation.is_idempotent else ()
    told = examples.get("answers", {})
    found = {
        str(status): _answer(status, answer, of_all, shapes, told.get(str(status)))
        for status, answer in sorted(operation.answers.items())
    }
    codes = codes_of(route, operation)
    for status in sorted({status for code in codes for status in problems.answers()[code].statuses}):
        having = [code for code in codes if status in problems.answers()[code].statuses]
        found[str(status)] = _problem(status, having, told.get(str(status)))
    if is_api(route.path):
        found["default"] = _asked_for()
    return found


def _answer(status: int, answer: Answer, of_all: Iterable[str], shapes: Shapes, example: Json) -> dict[str, Json]:
    found: dict[str, Json] = {"description": answer.about or words.STATUSES[status]}
    if headers := [*answer.headers, *of_all]:
        found["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
    if answer.content:
        found["content"] = {kind: {"schema": shapes.schema_of(shape)} for kind, shape in answer.content.items()}
        if example is not None and JSON in found["content"]:
            found["content"][JSON]["example"] = example
    return found


def _problem(status: int, codes: list[str], example: Json) -> dict[str, Json]:
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"code": {"enum": codes}}}]}
    content: dict[str, Json] = {"schema": schema}
    if example is not None:
        content["example"] = example
    told = "\n".join(f"- `{code}`: {problems.answers()[code].title}" for code in codes)
    found: dict[str, Json] = {"description": told, "content": {PROBLEM: content}}
    if status in _HEADERS:
        found["headers"] = {_HEADERS[status]: {"$ref": f"#/components/headers/{_HEADERS[status]}"}}
    return found


def _asked_for() -> dict[str, Json]:
    return {
        "description": "Any other error: one that the caller or a rule asked for (`X-Understudy-Rule` says which).",
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Understudy-Rule", "Retry-After")},
    }
