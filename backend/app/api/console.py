"""The console: the page at ``/``, as it was built from ``frontend/``, and what it is made with."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, request

from ..errors import NotFound
from ..web.conditional import etag_of
from ..web.operation import Answer, operation
from ..web.ranges import send_bytes
from ..web.restful import Resource
from .answers import BYTES, PARTS

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""The content type of every kind of file that the page is made with."""

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
"""What the page may load and run: what comes from this server, and pictures that it made itself."""

_BUILT = Path(__file__).parents[1] / "console"
_PAGE = "index.html"
_HASHED = re.compile(r".+-[\w-]{8}\.\w+")
_FOREVER = "public, max-age=31536000, immutable"
_OF_BYTES = ("Accept-Ranges", "Content-Encoding", "X-Content-Type-Options")


class ConsoleAsset(Resource):
    """What the page is made with."""

    produces = ("*/*",)

    @operation(
        "getConsoleAsset",
        media={"*/*": BYTES},
        tagged=True,
        answer_headers=_OF_BYTES,
        headers=("Range", "If-Match", "Accept-Encoding"),
        also={206: Answer({"*/*": BYTES}, ("ETag", "Content-Range", *_OF_BYTES))},
        errors=PARTS,
    )
    def get(self, console_asset: str) -> Any:
        """A script, a style sheet or a picture of the console.

        The page at ``/`` asks for them by itself. A name with a hash in it always means the same bytes.
        """
        content = read_build().get(console_asset)
        if content is None or console_asset == _PAGE:
            raise NotFound("console_asset", console_asset)
        return _send(console_asset, content)


def console_page() -> bytes | None:
    """The page; ``None`` if it was not built."""
    return read_build().get(_PAGE)


@cache
def read_build() -> Mapping[str, bytes]:
    """All files of the page by name; none if it was not built.

    They are read at once: a page that is built anew while the server runs has other names for its parts.
    """
    return {path.name: path.read_bytes() for path in sorted(_BUILT.rglob("*.*")) if path.is_file()}


def _send(asset: str, content: bytes) -> Response:
    is_zipped = _takes_gzip() and len(_zipped(asset)) < len(content)
    sent = _zipped(asset) if is_zipped else content
    cache_control = _FOREVER if _HASHED.fullmatch(asset) else "no-cache"
    response = send_bytes(sent, TYPES[Path(asset).suffix], etag_of(sent).strip('"'), cache=cache_control)
    if is_zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    return response


@cache
def _zipped(asset: str) -> bytes:
    return gzip.compress(read_build()[asset], mtime=0)


def _takes_gzip() -> bool:
    """Whether the answer may be compressed; a range is one of the bytes as they lie there."""
    return request.accept_encodings.quality("gzip") > 0 and "Range" not in request.headers
