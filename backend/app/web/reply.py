"""Answers in JSON, and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response

JSON = "application/json"
HTML = "text/html"


def to_page(html: str | bytes) -> Response:
    """An answer that a browser shows."""
    return Response(html, content_type=f"{HTML}; charset=utf-8")


def to_json(data: Any, code: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with this content: bytes are JSON already, ``None`` is an answer without content."""
    if data is None:
        return _empty(code, headers)
    body = data if isinstance(data, bytes) else orjson.dumps(data)
    return Response(body, code, headers, content_type=JSON)


def _empty(code: int, headers: Mapping[str, str] | None) -> Response:
    response = Response(b"", code, headers)
    del response.headers["Content-Type"]
    return response
