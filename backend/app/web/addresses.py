"""Addresses in answers: they keep the way in which the sandbox was chosen, so that following them stays in it.

An address has no host, so that it stays right behind a proxy. Resources say bare paths in ``Location`` and in files;
those are made addresses when the answer leaves, so that an answer can be kept for whoever asks in another way.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote_plus

from flask import Flask, Response, request

from .current import PARAMETER, choice, way_chosen
from .reply import JSON
from .restful import current_resource

_OTHER = "/s/"
_FILE_ADDRESS = re.compile(rb'"(thumbnail_url|content_url)":"(/api/files/[^"\\]*)"')


def address(path: str) -> str:
    """The address of a path of this server, in the sandbox of this request."""
    chosen = choice()
    rooted = request.script_root + path
    if chosen.way != "query":
        return rooted
    return f"{rooted}{'&' if '?' in path else '?'}{PARAMETER}={chosen.name}"


def here(*parts: str) -> str:
    """The bare path of a resource of the API, for ``Location``."""
    return "/".join(["/api", *(quote(part, safe="") for part in parts)])


def moved(path: str) -> str:
    """The bare path at which what was asked for is found, with the query that it was asked with, for ``Location``."""
    asked = request.query_string.decode("latin-1")
    if choice().way == "query":
        # Which sandbox it is, is added to every address of ours.
        parts = asked.split("&")
        asked = "&".join(part for part in parts if unquote_plus(part.partition("=")[0]) != PARAMETER)
    return quote(path) + (f"?{asked}" if asked else "")


def of_sandbox(name: str, path: str) -> str:
    """The path of something in this sandbox, for ``Location``: there is only one way to it."""
    return f"{_OTHER}{name}{path}"


def readdresser() -> Readdresser | None:
    """What makes the paths of files in JSON addresses in the sandbox of this request; ``None`` if they are already.

    It may be used when the request is over.
    """
    if choice().way not in ("path", "query"):
        return None
    head, _, tail = address("/").partition("?")
    return Readdresser(head.removesuffix("/"), f"?{tail}" if tail else "")


class Readdresser(NamedTuple):
    """What makes the paths of files in JSON addresses."""

    before: str
    after: str

    def __call__(self, text: bytes) -> bytes:
        """The JSON with addresses."""
        return _FILE_ADDRESS.sub(self._readdress, text)

    def _readdress(self, found: re.Match[bytes]) -> bytes:
        name, path = found.groups()
        return b'"%b":"%b%b%b"' % (name, self.before.encode(), path, self.after.encode())


def root() -> str:
    """Where the paths of this server begin, so that they stay in the sandbox of this request."""
    chosen = choice()
    by_path = chosen.way in ("path", "default")
    return (request.script_root if by_path else f"{request.script_root}{_OTHER}{chosen.name}") or "/"


def keep_addresses(app: Flask) -> None:
    """Have the paths of resources and of files in answers point into the sandbox of the request."""
    app.after_request(_address_files)
    app.after_request(_address_location)


def _address_location(response: Response) -> Response:
    path = response.headers.get("Location")
    if path is not None:
        response.headers["Location"] = _root() + path if path.startswith(_OTHER) else address(path)
    return response


def _root() -> str:
    """Where the application lies, the prefix of a sandbox left out."""
    chosen = choice()
    return request.script_root.removesuffix(f"{_OTHER}{chosen.name}") if chosen.way == "path" else request.script_root


def _address_files(response: Response) -> Response:
    """Files know no sandbox, and what nodes gave is kept as they gave it: so it is told here where they are."""
    if way_chosen(request.environ) in ("path", "query") and _shows_files() and response.content_type == JSON:
        # A document goes back as it was sent; only what this server says about files is changed.
        readdress = readdresser()
        if readdress is not None:
            response.set_data(readdress(response.get_data()))
    return response


def _shows_files() -> bool:
    return getattr(current_resource(), "shows_files", False)
