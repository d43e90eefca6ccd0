"""A request of anybody's, as JSON: what a webhook hands to a workflow."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

from ..errors import MalformedInput
from .authentication import IN_ADDRESS
from .body import parse, read_bytes
from .current import HEADER, PARAMETER
from .identity import KEY_HEADER

Json = Any

_KEPT_BACK = frozenset(
    name.lower()
    for name in (
        "Accept-Encoding",
        "Authorization",
        "Connection",
        "Content-Length",
        "Cookie",
        "Expect",
        "Host",
        "Keep-Alive",
        "Proxy-Authorization",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        HEADER,
        KEY_HEADER,
    )
)
"""Headers that are for the server: secrets, and what HTTP adds by itself."""

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_TEXTS = ("application/xml", "application/javascript", "application/yaml", "application/graphql")
_CHARSETS = ("utf-8", "us-ascii", "iso-8859-1", "windows-1252")


def read_request(*, with_body: bool = True) -> dict[str, Json]:
    """The request of the moment: ``{method, headers, query, body}``.

    The names of headers are in lower case. A parameter that comes several times is a list. The body is what its content
    type says: JSON, a form as an object, a text; anything else is ``{content_type, size, base64}``.

    :raises MalformedInput: if it says that it is JSON or a form, and is none.
    :raises TooLarge: if the body is larger than any other may be.
    """
    return {
        "method": request.method,
        "headers": _headers(),
        "query": _query(),
        "body": _body() if with_body else None,
    }


def _headers() -> dict[str, str]:
    told = {name.lower(): value for name, value in request.headers.items()}
    # In an order of their own, since a server may give them in any.
    return {name: _readable(told[name]) for name in sorted(told) if name not in _KEPT_BACK}


def _readable(text: str) -> str:
    """What WSGI gives as if it were Latin-1."""
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


def _query() -> dict[str, Json]:
    asked = request.args.lists()
    return {name: _one_or_all(held) for name, held in asked if not _is_ours(name)}


def _is_ours(parameter: str) -> bool:
    return parameter in (PARAMETER, IN_ADDRESS) or parameter.startswith("__")


def _one_or_all(held: list[Json]) -> Json:
    return held[0] if len(held) == 1 else held


def _body() -> Json:
    raw, kind = read_bytes(), request.mimetype
    if kind in _FORMS:
        return _form(raw)
    if not raw:
        return None
    if kind == "application/json" or kind.endswith("+json"):
        return parse(raw)
    if not kind or kind.startswith("text/") or kind in _TEXTS or kind.endswith("+xml"):
        return _text_or_bytes(raw, kind)
    return _told_as_bytes(raw, kind)


def _form(raw: bytes) -> dict[str, Json]:
    found: dict[str, list[Json]] = {}
    fields, files = _parse_form(raw)
    entries: Iterable[tuple[str, Json]] = [
        *fields.items(multi=True),
        *((name, _file(file)) for name, file in files.items(multi=True)),
    ]
    for name, value in entries:
        found.setdefault(name, []).append(value)
    return {name: _one_or_all(held) for name, held in found.items()}


def _parse_form(raw: bytes) -> tuple[MultiDict[str, str], MultiDict[str, FileStorage]]:
    """The fields and the files of a form.

    :raises MalformedInput: if it is broken; `flask.Request.form` would be empty then, and say nothing.
    """
    parser = FormDataParser(
        # All of it is in memory already.
        stream_factory=lambda *_, **__: BytesIO(),
        max_form_memory_size=request.max_form_memory_size,
        max_form_parts=request.max_form_parts,
        silent=False,
    )
    try:
        _, fields, files = parser.parse(BytesIO(raw), request.mimetype, len(raw), request.mimetype_params)
    except ValueError as error:
        raise MalformedInput(f"The body is no form of the kind {request.mimetype}: {error}.") from None
    return fields, files


def _file(file: FileStorage) -> Json:
    return {"name": file.filename or "", **_told_as_bytes(file.stream.read(), file.mimetype)}


def _text_or_bytes(raw: bytes, kind: str) -> Json:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    try:
        return raw.decode(charset) if charset in _CHARSETS else _told_as_bytes(raw, kind)
    except UnicodeDecodeError:
        return _told_as_bytes(raw, kind)


def _told_as_bytes(raw: bytes, kind: str) -> Json:
    return {"content_type": kind, "size": len(raw), "base64": b64encode(raw).decode()}
