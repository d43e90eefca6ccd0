"""Connections that break on purpose.

``reset``, ``empty`` and ``hang`` stand for a request that never arrived: nothing of it happens. ``truncate`` stands for
an answer that got lost: all of the request happens, and the client sees the head and half of the body.

A server that hands out its socket (Werkzeug's, gunicorn's) is needed for a real reset, and for a hang that lasts. Any
other sees the exception that a broken connection raises, and so does a test client.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Iterable, Iterator
from selectors import EVENT_READ, DefaultSelector
from typing import IO, TYPE_CHECKING, Any

from flask import Response, request
from werkzeug.exceptions import HTTPException

from ..moments import MICROSECONDS
from ..world import real_monotonic, sleep

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST_HANG = 300 * MICROSECONDS

HOW = "understudy.connection"
"""Where the environment of a request says how its connection is to be broken."""

_HALF = "understudy.half"
_SOCKETS = ("werkzeug.socket", "gunicorn.socket")
_SMALL = 64 * 1024


def break_connection(how: str) -> Response:
    """Have the connection of this request broken in the place of an answer.

    :param how: ``reset``, ``empty`` or ``hang``.
    """
    request.environ[HOW] = how
    return Response(status=204)


def truncate(response: Response) -> Response:
    """Have the connection of this request broken in the middle of this answer's body, or of a stream's first piece."""
    request.environ[HOW] = "truncate"
    length = response.calculate_content_length()
    request.environ[_HALF] = None if length is None else length // 2
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
        raise _break(environ, how)


def _send_half(chunks: Iterable[bytes], half: int | None) -> Iterator[bytes]:
    # The head leaves with the first piece, even with one that is empty.
    yield b""
    try:
        for chunk in chunks:
            if half is None:
                yield chunk[: len(chunk) // 2]
                break
            yield chunk[:half]
            half -= len(chunk)
            if half <= 0:
                break
    finally:
        _close(chunks)
    raise _ended("truncate")


def _break(environ: WSGIEnvironment, how: str) -> ConnectionError:
    """Break a connection, as far as this is possible here, and give the error that ends the request."""
    line = next((environ[name] for name in _SOCKETS if name in environ), None)
    if how == "reset":
        if line is not None:
            _reset(line)
        return ConnectionResetError(errno.ECONNRESET, "The connection was reset on purpose.")
    if how == "hang" and line is not None:
        _hang(line, environ["wsgi.input"])
    return _ended(how)


def _ended(how: str) -> ConnectionAbortedError:
    """The error that leaves it to the server to close the connection: it reads the rest of the request first.

    With bytes unread, the client would see a reset in the place of an end.
    """
    return ConnectionAbortedError(errno.ECONNABORTED, f"The connection was broken on purpose: {how}.")


def _reset(line: socket.socket) -> None:
    """Send RST: a socket that does not linger throws away what it has when it is closed."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("hh" if os.name == "nt" else "ii", 1, 0))
    # The server still holds files of this socket, and closing it would wait for them.
    socket.close(line.detach())


def _hang(line: socket.socket, body: IO[bytes]) -> None:
    """Say nothing until the client leaves, or the longest time is over."""
    end = real_monotonic() + LONGEST_HANG
    try:
        while body.read(_SMALL):
            pass
        with DefaultSelector() as selector:
            selector.register(line, EVENT_READ)
            while (left := end - real_monotonic()) > 0:
                if selector.select(left / MICROSECONDS) and not line.recv(1, socket.MSG_PEEK):
                    return
                # The client has sent its next request without waiting; it may still leave.
                sleep(1)
    except (OSError, ValueError, HTTPException):
        # It left in the middle of something.
        return


def _close(chunks: Any) -> None:
    if hasattr(chunks, "close"):
        chunks.close()
