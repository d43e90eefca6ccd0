"""One operation of the contract: a method at a URL, with all that it takes and all that it can answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema

from ..web.door import Door
from ..web.errors import PROBLEM
from ..web.operation import FORM, Answer, Body, Operation, Refusal, need_of
from ..web.paths import is_api, is_control, is_sandboxed
from ..web.rate_limits import HEADERS as RATE_HEADERS
from ..web.reply import JSON
from ..web.restful import Route
from . import problems, words
from .converter import Schemas

Json = Any
Examples = Mapping[str, Mapping[str, Json]]
"""Of really run calls: under ``operations`` by name ``{body?, answers {status: body}}``, under ``problems`` by code."""

_OF_BODIES = ("too_large", "unsupported_media_type")
_OF_JSON = ("malformed_json", *_OF_BODIES)
_OF_KEYS = ("bad_idempotency_key", "idempotency_key_reused", "idempotency_in_progress")
_OF_SANDBOXES = ("bad_sandbox_name", "no_sandbox", "too_many_sandboxes")
_NEVER_SET_BACK = ("resetSandbox", "listRequests", "clearRequests")
"""What looks at nothing that could be gone meanwhile."""
_HEADERS = {401: ("WWW-Authenticate",), 416: ("Content-Range",), 426: ("Upgrade",), 429: ("Retry-After",)}
"""By status: what goes with a problem."""
_OF_USERS = ("not_authenticated", "bad_token", "token_expired")
_SHARED = ("workflow_id", "execution_id", "template_id")
"""Variables of addresses that name what others may see who may not change it."""
_OF_ALL = ("Preference-Applied", *RATE_HEADERS, "X-Understudy-Rule")
"""Headers that every answer of the API of a sandbox may have."""
_OF_CONTROL = ("not_authenticated", "control_needs_token", "foreign_host", "foreign_origin")


def describe(route: Route, operation: Operation, schemas: Schemas, examples: Examples) -> dict[str, Json]:
    """The operation as OpenAPI has it."""
    found: dict[str, Json] = {
        "operationId": operation.name,
        "tags": [tag_of(route)],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": _parameters(route, operation, schemas),
    }
    if operation.body is not None:
        found["requestBody"] = _body(operation, schemas, examples["operations"].get(operation.name, {}))
    found["responses"] = _answers(route, operation, schemas, examples)
    if schemes := _security(route):
        # Nothing is wanted either, as long as the server was not told to want it.
        found["security"] = [{}, *({name: []} for name in schemes)]
    return found


def tag_of(route: Route) -> str:
    """The resource that a URL belongs to: the file that it is made in, or its door."""
    return route.door.name if route.door else route.resource.__module__.rpartition(".")[2]


def variables_of(path: str) -> list[str]:
    """The variables of an address."""
    return re.findall(r"{(\w+)}", path)


def wants_user(route: Route) -> bool:
    """Whether a URL is for users only, where everybody must log in."""
    return not route.is_public


def refusals_of(route: Route, operation: Operation) -> list[Refusal]:
    """All problems that an operation can answer with, unless somebody asked for another one.

    Their statuses are ours, which a door may change.
    """
    known = problems.answers()
    of_caller = _OF_USERS if wants_user(route) else ()
    every = (*operation.errors, *of_caller, *_of_place(route, operation), *_of_request(route, operation))
    # Of a code that has several statuses, the first is the usual one.
    told = [one if isinstance(one, Refusal) else Refusal(one, known[one].statuses[0]) for one in every]
    return list(dict.fromkeys(told))


def _of_place(route: Route, operation: Operation) -> list[str]:
    """The codes that follow from the address."""
    path = route.path
    found = ["internal_error"]
    found += [] if route.door else [f"{name.removesuffix('_id')}_not_found" for name in _looked_for(path, operation)]
    found += ("not_permitted",) if _can_be_seen_only(route, operation) else ()
    found += _OF_SANDBOXES if is_sandboxed(path) else ()
    found += ("set_back",) if is_sandboxed(path) and operation.name not in _NEVER_SET_BACK else ()
    found += ("bad_preference", "rate_limited") if is_api(path) else ()
    found += _OF_CONTROL if is_control(path) else ()
    return found


def _can_be_seen_only(route: Route, operation: Operation) -> bool:
    """Whether the address names what somebody may see, and not do this with."""
    method = next(name for name, each in route.operations.items() if each is operation)
    return need_of(operation, method) != "view" and any(name in _SHARED for name in variables_of(route.path))


def _security(route: Route) -> list[str]:
    """The ways to show who one is."""
    if is_control(route.path):
        return ["control_token"]
    if not wants_user(route):
        return []
    return ["token", "api_key", *(["access_token"] if route.resource.is_embedded else [])]


def _of_request(route: Route, operation: Operation) -> list[str]:
    """The codes that follow from what else is sent."""
    found = [*_of_body(operation.body)]
    found += ("bad_query",) if operation.query is not None else ()
    found += ("revision_mismatch",) if operation.if_match else ()
    found += _OF_KEYS if operation.once else ()
    is_read = "*/*" not in route.resource.produces and operation is not route.operations.get("delete")
    found += ("not_acceptable",) if is_read else ()
    return found


def _of_body(body: Body | None) -> tuple[str, ...]:
    if body is None:
        return ()
    if body.content_type == FORM:
        return _OF_BODIES
    if body.is_raw:
        return _OF_JSON
    if body.takes_any:
        return ("malformed", "malformed_json", "too_large", "too_deep")
    # A bare JSON Schema is for the contract only.
    is_checked = isinstance(body.schema, Schema)
    return (*_OF_JSON, "too_deep", *(("invalid_input",) if is_checked else ()))


def _looked_for(path: str, operation: Operation) -> list[str]:
    """The variables of an address that must name something."""
    names = variables_of(path)
    # What answers 201 in the place of its usual status makes what is not there.
    makes = 201 in [*operation.answers][1:]
    return names[:-1] if makes and path.endswith("}") else names


def _parameters(route: Route, operation: Operation, schemas: Schemas) -> list[Json]:
    found: list[Json] = []
    for name in variables_of(route.path):
        description, schema = (route.door.variables if route.door else words.PATH)[name]
        found.append({"name": name, "in": "path", "required": True, "description": description, "schema": schema})
    found += schemas.parameters_of(operation.query) if operation.query is not None else []
    for name in _headers(operation):
        description, schema = words.REQUEST_HEADERS[name]
        found.append({"name": name, "in": "header", "description": description, "schema": schema})
    shared = (words.COMMON if is_sandboxed(route.path) else {}) | (words.BENDING if is_api(route.path) else {})
    return found + [{"$ref": f"#/components/parameters/{name}"} for name in shared]


def _headers(operation: Operation) -> list[str]:
    told = {"If-None-Match": operation.tagged, "If-Match": operation.if_match, "Idempotency-Key": operation.once}
    return [*(name for name, is_read in told.items() if is_read), *operation.headers]


def _body(operation: Operation, schemas: Schemas, example: Mapping[str, Json]) -> dict[str, Json]:
    body = operation.body
    assert body is not None
    content: dict[str, Json] = {"schema": schemas.schema_of(body.schema)}
    if "body" in example and body.content_type == JSON:
        content["example"] = example["body"]
    return {"required": body.required, "content": {body.content_type: content}}


def _answers(route: Route, operation: Operation, schemas: Schemas, examples: Examples) -> dict[str, Json]:
    of_all = _OF_ALL if is_api(route.path) else ()
    of_answers = (*of_all, *(("Idempotency-Replayed",) if operation.once else ()))
    told = examples["operations"].get(operation.name, {}).get("answers", {})
    found = {
        str(status): _answer(status, answer, of_answers, schemas, told.get(str(status)))
        for status, answer in sorted(operation.answers.items())
    }
    refusals = [one._replace(status=status_at(route.door, one)) for one in refusals_of(route, operation)]
    for status in sorted({one.status for one in refusals}):
        codes = [one.code for one in refusals if one.status == status]
        found[str(status)] = _refusal(route.door, status, codes, of_all, examples["problems"])
    if is_api(route.path):
        found["default"] = _asked_for(route.door)
    return found


def status_at(door: Door | None, told: Refusal) -> int:
    """The status with which a door tells of a problem."""
    return told.status if door is None else door.status_of(told.code, told.status)


def _answer(status: int, answer: Answer, of_all: Iterable[str], schemas: Schemas, example: Json) -> dict[str, Json]:
    found: dict[str, Json] = {"description": answer.about or words.STATUSES[status]}
    if headers := [*answer.headers, *of_all]:
        found["headers"] = _referred(headers)
    if answer.content:
        found["content"] = {kind: {"schema": schemas.schema_of(content)} for kind, content in answer.content.items()}
        if example is not None and JSON in found["content"]:
            found["content"][JSON]["example"] = example
    return found


def _refusal(
    door: Door | None, status: int, codes: list[str], of_all: tuple[str, ...], examples: Mapping[str, Json]
) -> dict[str, Json]:
    told = "\n".join(f"- `{code}`: {problems.answers()[code].title}" for code in codes)
    content = _problem(status, codes, examples) if door is None else _error_of(door)
    found: dict[str, Json] = {"description": told, "content": content}
    if headers := [*_HEADERS.get(status, ()), *of_all]:
        found["headers"] = _referred(headers)
    return found


def _error_of(door: Door | None) -> dict[str, Json]:
    kind, name = (PROBLEM, "Problem") if door is None else (door.content_type, door.error_name)
    return {kind: {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _problem(status: int, codes: list[str], examples: Mapping[str, Json]) -> dict[str, Json]:
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"code": {"enum": codes}}}]}
    content: dict[str, Json] = {"schema": schema}
    if known := [code for code in codes if examples.get(code, {}).get("status") == status]:
        content["examples"] = {code: {"$ref": f"#/components/examples/{code}"} for code in known}
    return {PROBLEM: content}


def _asked_for(door: Door | None) -> dict[str, Json]:
    return {
        "description": "Any other error: one that the caller or a rule asked for (`X-Understudy-Rule` says which).",
        "content": _error_of(door),
        "headers": _referred((*_OF_ALL, "Retry-After", "WWW-Authenticate")),
    }


def _referred(headers: Iterable[str]) -> dict[str, Json]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
