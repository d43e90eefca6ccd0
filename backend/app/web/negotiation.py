"""What a caller accepts, settled before anything is done; and answers to OPTIONS."""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable

from .reply import JSON
from .restful import current_resource


def negotiate(app: Flask) -> None:
    """Refuse callers who could not read the answer, and answer OPTIONS without content."""
    app.before_request(refuse_unreadable)
    app.after_request(_bare_options)


def refuse_unreadable() -> None:
    """Refuse a request whose ``Accept`` has none of the content types that this URL produces.

    :raises NotAcceptable: naming what there is.
    """
    accepted = request.environ.get("HTTP_ACCEPT")
    if not accepted or (";" not in accepted and ("*/*" in accepted or JSON in accepted)):
        return
    if request.method in ("OPTIONS", "DELETE") or request.routing_exception is not None:
        return
    produced = _produced()
    if "*/*" not in produced and best_type(produced) is None:
        raise NotAcceptable(f"This URL answers with {' or '.join(produced)} only.")


def best_type(produced: tuple[str, ...]) -> str | None:
    """The content type, of these, that the caller likes best; ``None`` if it accepts none of them."""
    if "HTTP_ACCEPT" not in request.environ:
        return produced[0]
    # A parameter such as a charset is no matter of whether there is something to read.
    told = MIMEAccept([(kind.partition(";")[0].strip(), quality) for kind, quality in request.accept_mimetypes])
    liked = [kind for kind in produced if told.quality(kind) > 0]
    # Where a caller names two that it likes alike, the first is what it came for.
    return max(liked, key=lambda kind: (told.quality(kind), -_place(told, kind)), default=None)


def _place(told: MIMEAccept, kind: str) -> int:
    """Where a content type is named; behind all others, if it is not."""
    return next((place for place, (named, _) in enumerate(told) if named.lower() == kind), len(told))


def _produced() -> tuple[str, ...]:
    """The content types of the answers at this URL."""
    return getattr(current_resource(), "produces", (JSON,))


def _bare_options(response: Response) -> Response:
    if request.method == "OPTIONS" and response.status_code == 200:
        response.status_code = 204
        response.headers.pop("Content-Type", None)
        response.headers.pop("Content-Length", None)
    return response
