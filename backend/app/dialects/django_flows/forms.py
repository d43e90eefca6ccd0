"""Bodies that come in: as JSON, or as forms of both kinds, as Django REST framework takes them."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import Any, NoReturn

from flask import request
from marshmallow import Schema

from ...errors import MalformedInput, UnsupportedMedia
from ...web.body import load, parse, read_bytes
from ...web.reply import JSON
from ...web.restful import current_operation
from .schemas import BROKEN, FLOW_PATCH

Json = Any

MULTIPART = "multipart/form-data"
FORMS = ("application/x-www-form-urlencoded", MULTIPART)

_TEXTS = ("name", "description", "version")
_JSON = ("nodes", "edges", "metadata", "tags")


def read_flow() -> dict[str, Json]:
    """The fields of a flow that the body has, each as it is kept.

    :raises InvalidInput: with what is wrong, field by field.
    :raises MalformedInput: if it cannot be read.
    :raises UnsupportedMedia: if it is neither JSON nor a form.
    """
    schema = current_operation().body
    assert schema is not None
    assert isinstance(schema.schema, Schema)
    fields: dict[str, Json] = load(schema.schema, _read(is_partial=schema.schema is FLOW_PATCH))
    return fields


def _read(*, is_partial: bool) -> Json:
    """The body as JSON; one that is empty is an object without members, whatever it says that it is."""
    raw = read_bytes()
    if not raw:
        return {}
    if request.mimetype in FORMS:
        return _read_form(is_partial=is_partial)
    if request.mimetype != JSON:
        raise UnsupportedMedia(f'Unsupported media type "{request.content_type or ""}" in request.')
    return _parse(raw)


def _parse(raw: bytes) -> Json:
    try:
        if raw.startswith(BOM_UTF8):
            raise MalformedInput("The body begins with a byte order mark.", code="malformed_json")
        return parse(raw)
    except MalformedInput as error:
        complaint = _complaint(raw) or error.message
        raise MalformedInput(f"JSON parse error - {complaint}", code=error.code) from None


def _complaint(raw: bytes) -> str | None:
    """What Python's own reader of JSON has against a body, since that is what Django quotes."""
    try:
        json.loads(raw.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return None if isinstance(error, RecursionError) else str(error)
    return None


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: {name!r}")


def _read_form(*, is_partial: bool) -> dict[str, Json]:
    """The fields of a form; of several values of one name, the last counts."""
    if request.mimetype == MULTIPART and not request.mimetype_params.get("boundary"):
        raise MalformedInput("Multipart form parse error - Invalid boundary in multipart: None", code="malformed_json")
    given: dict[str, Json] = {name: held[-1] for name, held in request.form.lists()}
    # A file is neither a text nor JSON, whatever is in it.
    given |= dict.fromkeys(request.files, BROKEN)
    found: dict[str, Json] = {name: given[name] for name in _TEXTS if name in given}
    found |= {name: _value(given[name]) for name in _JSON if name in given}
    # A browser leaves out a box that is not checked, and sends an empty text for a field that was not filled in.
    if not found.get("version", "1"):
        del found["version"]
    if not is_partial and "is_active" not in given:
        found["is_active"] = False
    elif given.get("is_active"):
        found["is_active"] = given["is_active"]
    return found


def _value(told: Json) -> Json:
    if told is BROKEN:
        return BROKEN
    try:
        return parse(told.encode())
    except MalformedInput:
        return BROKEN
