"""The server behind the command line: Werkzeug's threaded one, with connections that stay open.

Werkzeug closes every connection after one answer, since it cannot tell where a body ends that nobody has read. This
handler knows: it counts what the application reads and discards the rest, so that a client may go on.
"""

from __future__ import annotations

import gc
import logging
import os
import socket
from http import HTTPStatus
from typing import IO, Any, cast

import orjson
from werkzeug.exceptions import HTTPException
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wsgi import LimitedStream

BACKLOG = 1024
"""Clients that may wait to be let in: a thousand that come at once are all answered."""

MOST_DISCARDED = 64 * 1024 * 1024
"""Bytes of a refused body that are read, so that the client gets to see the answer."""

_SMALL = 64 * 1024

_log = logging.getLogger(__name__)


class Handler(WSGIRequestHandler):
    """One connection, from its first request to its last."""

    protocol_version = "HTTP/1.1"
    # Without this, an answer in two packets waits 40 ms for the client's acknowledgement of the first.
    disable_nagle_algorithm = True
    # Headers and a small body leave in one packet.
    wbufsize = _SMALL
    timeout = 75

    def run_wsgi(self) -> None:
        """Answer one request."""
        self.environ = environ = self.make_environ()
        body = self._limit_body(environ)
        answer = _Answer(self)
        try:
            chunks = self.server.app(environ, answer.start)
            try:
                for chunk in chunks:
                    answer.write(chunk)
                answer.end()
            finally:
                if hasattr(chunks, "close"):
                    chunks.close()
        except (ConnectionError, TimeoutError):
            self.close_connection = True
        except Exception:
            self._give_up(answer)
        self._discard(body)

    def handle_expect_100(self) -> bool:
        """Tell a client that asks before it sends a large body to go on, at once."""
        accepted = super().handle_expect_100()
        self.wfile.flush()
        return accepted

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer a request that could not even be read as every error is answered here."""
        status = HTTPStatus(code)
        name = status.phrase.lower().replace(" ", "_").replace("-", "_")
        problem = {
            "type": f"/problems/{name}",
            "title": status.phrase,
            "status": code,
            "detail": message or explain or status.description or status.phrase,
            "code": name,
            "errors": [],
        }
        self.close_connection = True
        _Answer(self).send(code, "application/problem+json", orjson.dumps(problem, default=str))

    def version_string(self) -> str:
        """What this server calls itself."""
        return "Understudy"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: a frontend that polls would bury all that matters."""

    def _limit_body(self, environ: dict[str, Any]) -> IO[bytes]:
        if not environ.get("wsgi.input_terminated"):
            length = environ.get("CONTENT_LENGTH") or "0"
            if not (length.isascii() and length.isdigit()):
                # Nobody knows where this body ends, so nothing can come after it.
                length, self.close_connection = "0", True
            environ["wsgi.input"] = LimitedStream(cast("IO[bytes]", self.rfile), int(length))
        body: IO[bytes] = environ["wsgi.input"]
        return body

    def _discard(self, body: IO[bytes]) -> None:
        """Read what is left of the body, so that the next request is found where it begins."""
        try:
            self.wfile.flush()
            left = MOST_DISCARDED
            while left > 0 and (piece := body.read(min(left, _SMALL))):
                left -= len(piece)
        except (OSError, ValueError, HTTPException):
            left = 0
        if left <= 0:
            self.close_connection = True

    def has_too_much_left(self) -> bool:
        """Whether more of the body is unread than is read for the sake of the next request."""
        body = getattr(self, "environ", {}).get("wsgi.input")
        return isinstance(body, LimitedStream) and body.limit - body.tell() > MOST_DISCARDED

    def _give_up(self, answer: _Answer) -> None:
        _log.exception("An answer broke off: %s %s", self.command, self.path)
        if not answer.begun:
            self.send_error(500, "Something went wrong in the server; its log has the details.")
        self.close_connection = True


class _Answer:
    """An answer on its way out; what has no length leaves in chunks."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._status = ""
        self._headers: list[tuple[str, str]] = []
        self._chunked = False
        self.begun = False

    def start(self, status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
        """What WSGI calls ``start_response``."""
        self._status, self._headers = status, headers
        return self.write

    def write(self, chunk: bytes) -> None:
        """Send a piece; at once, since a stream's reader waits for it."""
        out = self._handler.wfile
        if not self.begun:
            out.write(self._head())
        if self._chunked and chunk:
            out.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        elif chunk:
            out.write(chunk)
        if self._chunked or len(chunk) > _SMALL:
            out.flush()

    def end(self) -> None:
        """Send what is still held back."""
        if not self.begun:
            self._handler.wfile.write(self._head())
        if self._chunked:
            self._handler.wfile.write(b"0\r\n\r\n")
        self._handler.wfile.flush()

    def send(self, code: int, kind: str, body: bytes) -> None:
        """Send a whole answer."""
        origins = [("Access-Control-Allow-Origin", "*")] if self._handler.server.open_to_all else []  # type: ignore[attr-defined]
        headers = [("Content-Type", kind), ("Content-Length", str(len(body))), *origins]
        self.start(f"{code} {HTTPStatus(code).phrase}", headers)
        self.write(body)
        self.end()

    def _head(self) -> bytes:
        self.begun = True
        handler = self._handler
        lines = [
            f"HTTP/1.1 {self._status}",
            f"Server: {handler.version_string()}",
            f"Date: {handler.date_time_string()}",
        ]
        lines += [f"{name}: {value}" for name, value in self._headers]
        if not self._has_length():
            self._add_framing(lines)
        if handler.has_too_much_left():
            handler.close_connection = True
        if handler.close_connection:
            lines.append("Connection: close")
        elif handler.request_version == "HTTP/1.0":
            lines.append("Connection: keep-alive")
        return "\r\n".join([*lines, "\r\n"]).encode("latin-1")

    def _has_length(self) -> bool:
        code = int(self._status[:3])
        bare = code < 200 or code in (204, 304) or self._handler.command == "HEAD"
        return bare or any(name.lower() == "content-length" for name, _ in self._headers)

    def _add_framing(self, lines: list[str]) -> None:
        if self._handler.request_version >= "HTTP/1.1":
            self._chunked = True
            lines.append("Transfer-Encoding: chunked")
        else:
            self._handler.close_connection = True


class Server(ThreadedWSGIServer):
    """A thread per connection, none of which keeps the process from ending."""

    daemon_threads = True
    block_on_close = False
    open_to_all = True
    """Whether any origin may read an answer, even to a request that could not be read."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    :param port: 0 for any free one.
    :raises OSError: if the port is taken, or the host is none of this machine's.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            # A port that was in use a moment ago is free; elsewhere this would let two servers share one.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def make_server(app: Any, listener: socket.socket, *, open_to_all: bool = True) -> Server:
    """A server for an application on a socket that listens."""
    host, port = listener.getsockname()[:2]
    server = Server(host, port, app, Handler, fd=listener.fileno())
    server.open_to_all = open_to_all
    # The server made its own of it.
    listener.close()
    return server


def tune_collector() -> None:
    """Keep the garbage collector from stopping everything.

    What was made at the start stays for ever and need not be looked at again. Saved documents are many small objects
    without cycles: a full collection would walk through all of them, for 100 to 250 ms, and find nothing. So young
    objects are collected as usual, and old ones next to never.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10_000)
    gc.enable()
