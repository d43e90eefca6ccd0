"""Answers in JSON, and where things are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import orjson
from flask import Response, request

JSON = "application/json"


def to_json(data: Any, code: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with this content: bytes are JSON already, ``None`` is an answer without content."""
    if data is None:
        return _empty(code, headers)
    body = data if isinstance(data, bytes) else orjson.dumps(data)
    return Response(body, code, headers, content_type=JSON)


def here(*parts: str) -> str:
    """The path of a resource of this API, for ``Location`` and the like.

    It has no host, so that it stays right behind a proxy.
    """
    return "/".join([request.script_root + "/api", *(quote(part, safe="") for part in parts)])


def _empty(code: int, headers: Mapping[str, str] | None) -> Response:
    response = Response(b"", code, headers)
    del response.headers["Content-Type"]
    return response
