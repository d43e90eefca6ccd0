"""Bytes of a file: caching, ranges, and a browser that must not take them for a page of ours."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Response, request

from ..errors import RevisionMismatch

SHOWN_INLINE = re.compile(
    r"(image/(png|jpeg|gif|webp|avif|bmp)|audio/[\w.+-]+|video/[\w.+-]+|application/pdf|text/plain)$"
)
"""Content that a browser shows without running anything in it; all else is offered for saving."""

_ONE_RANGE = re.compile(r"bytes=(\d+-\d*|-\d+)$")


def send_bytes(
    content: bytes, content_type: str, etag: str, *, cache: str = "private, max-age=0, must-revalidate"
) -> Response:
    """Bytes with their entity tag; 304 if the caller has them, 206 for a range.

    :param etag: without quotes.
    """
    response = Response(content, content_type=content_type)
    response.set_etag(etag)
    response.headers["Cache-Control"] = cache
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.make_conditional(request.environ, accept_ranges=_wants_one_range(), complete_length=len(content))
    if response.status_code == 412:
        raise RevisionMismatch("These are not the bytes that If-Match names.")
    if response.status_code == 304:
        response.response = []
    response.headers["Accept-Ranges"] = "bytes"
    return response


def send_file(content: bytes, content_type: str, name: str, etag: str) -> Response:
    """A file under its name. Kinds in which something could run are never shown in place, and run nowhere."""
    inline = SHOWN_INLINE.match(content_type.partition(";")[0].strip().lower())
    response = send_bytes(content, _with_charset(content_type), etag)
    response.headers["Content-Disposition"] = f"{'inline' if inline else 'attachment'}; {_file_name(name)}"
    if not inline:
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _file_name(name: str) -> str:
    """The name for old readers, and as RFC 5987 writes names that ASCII has no letters for."""
    plain = re.sub(r'[^\x20-\x7e]|["\\%]', "_", name)
    told = f'filename="{plain}"'
    return told if plain == name else f"{told}; filename*=UTF-8''{quote(name, safe='', errors='replace')}"


def _with_charset(content_type: str) -> str:
    return f"{content_type}; charset=utf-8" if content_type == "text/plain" else content_type


def _wants_one_range() -> bool:
    """Several ranges at once, or another unit, are answered with the whole, as RFC 9110 lets us."""
    return bool(_ONE_RANGE.match(request.headers.get("Range", "").replace(" ", "")))
