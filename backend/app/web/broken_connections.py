"""Connections that break on purpose.

``reset``, ``empty`` and ``hang`` stand for a request that never arrived: nothing of it happens. ``truncate`` stands for
an answer that got lost: all of the request happens, and the client sees the head and half of the body.

It is decided here, and carried out by whoever holds the connection. Any other server sees the exception that a broken
connection raises, and so does a test client.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from flask import Response, request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HOW = "understudy.connection"
"""Where the environment of a request says how its connection is to be broken."""

_HALF = "understudy.half"


def break_connection(how: str) -> Response:
    """Have the connection of this request broken in the place of an answer.

    :param how: ``reset``, ``empty`` or ``hang``.
    """
    request.environ[HOW] = how
    return Response(status=204)


def truncate(response: Response) -> Response:
    """Have the connection of this request broken in the middle of this answer's body; a stream has no middle."""
    request.environ[HOW] = "truncate"
    # To ask a stream for its length would end it.
    length = None if response.is_streamed else response.calculate_content_length()
    request.environ[_HALF] = (length or 0) // 2
    return response


class BrokenConnections:
    """Breaks the connections of those requests for which it was decided."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or do not."""
        chunks = self._app(environ, start_response)
        how = environ.get(HOW)
        if how is None:
            return chunks
        if how == "truncate":
            return _send_half(chunks, environ[_HALF])
        _close(chunks)
        if how == "reset":
            raise ConnectionResetError(errno.ECONNRESET, "The connection was reset on purpose.")
        raise _ended(how)


def _send_half(chunks: Iterable[bytes], half: int) -> Iterator[bytes]:
    # The head leaves with the first piece, even with one that is empty.
    yield b""
    try:
        for chunk in chunks:
            if half <= 0:
                break
            yield chunk[:half]
            half -= len(chunk)
    finally:
        _close(chunks)
    raise _ended("truncate")


def _ended(how: str) -> ConnectionAbortedError:
    return ConnectionAbortedError(errno.ECONNABORTED, f"The connection was broken on purpose: {how}.")


def _close(chunks: Any) -> None:
    if hasattr(chunks, "close"):
        chunks.close()
