"""Conditional requests: ``If-None-Match`` saves an answer, ``If-Match`` a change that would undo another's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha1
from typing import Any

import orjson
from flask import Response, request

from .reply import to_json, to_page


def etag_of(body: bytes) -> str:
    """The entity tag of an answer that has no revision."""
    # Of the hashes at hand the fastest: an answer may have megabytes.
    return f'"{sha1(body, usedforsecurity=False).hexdigest()[:16]}"'


def tagged(body: Any, etag: str | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """The answer with its entity tag, or 304 if the caller has it already.

    :param etag: with its quotes; made from the body if there is none.
    """
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    etag = etag or etag_of(raw)
    known = {"ETag": etag, **(headers or {})}
    return to_json(None, 304, known) if has_already(etag) else to_json(raw, 200, known)


def tagged_page(html: bytes, headers: Mapping[str, str] | None = None) -> Response:
    """A page with its entity tag, or 304 if the browser has it already."""
    known = {"ETag": etag_of(html), **(headers or {})}
    if has_already(known["ETag"]):
        return to_json(None, 304, known)
    response = to_page(html)
    response.headers.update(known)
    return response


def has_already(etag: str) -> bool:
    """Whether ``If-None-Match`` has this entity tag; weak and strong ones are alike here."""
    header = request.environ.get("HTTP_IF_NONE_MATCH")
    return header is not None and (header == etag or request.if_none_match.contains_weak(etag.strip('"')))


def expected_revision(current: Callable[[], int]) -> int | None:
    """The revision that ``If-Match`` expects; ``None`` if any will do, 0 (which nothing ever has) if none can fit.

    :param current: gives the present revision; asked only where the header names several.
    """
    if "HTTP_IF_MATCH" not in request.environ or request.if_match.star_tag:
        return None
    # Werkzeug reads an empty tag, which is a tag all the same, as ``None``.
    revisions = {_revision(tag or "") for tag in request.if_match.as_set(include_weak=True)}
    if len(revisions) == 1:
        return revisions.pop()
    present = current()
    return present if present in revisions else 0


def _revision(tag: str) -> int:
    """The revision in a tag such as ``3-5f0c``; 0 for a tag that is not ours."""
    number = tag.partition("-")[0]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0
