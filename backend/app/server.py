"""The server behind the command line: uvicorn, with what it takes to break connections on purpose."""

from __future__ import annotations

import gc
import logging
import os
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson
from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser
from uvicorn import Config
from uvicorn import Server as UvicornServer
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from .web.asgi import Asgi
from .web.writer import Line

if TYPE_CHECKING:
    from asyncio import Transport

    from flask import Flask

BACKLOG = 1024
"""Clients that may wait to be let in: a thousand that come at once are all answered."""

KEEP_ALIVE = 75
"""Real seconds for which a connection stays open without a request."""

MOST_HEAD = 65_536
"""Bytes of a request beside its body: URL, headers, trailers."""

LAST_WORDS = 1
"""Real seconds that requests have to be answered when the server ends."""

MOST_CONNECTIONS = 65_536
"""Files that are asked of the system, at most."""

NAME = "Understudy"


class Connection(HttpToolsProtocol):
    """One connection."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin, and let the application know what it may break."""
        super().connection_made(transport)
        self.line = Line(transport)
        self.app_state = {**self.app_state, "line": self.line}
        self.head_bytes = self.idle_bytes = 0
        self.is_moving = self.is_declining = False

    def connection_lost(self, exc: Exception | None) -> None:
        """Be done, and let whoever sends a stream know."""
        super().connection_lost(exc)
        self.line.lose()

    def data_received(self, data: bytes) -> None:
        """Take what comes in."""
        if self.line.is_streaming:
            # Nothing more is answered on this connection; it is read for its end.
            self.line.has_missed = True
            return
        self._unset_keepalive_if_required()
        self.is_moving = False
        try:
            self.parser.feed_data(data)
        except HttpParserUpgrade as offer:
            if self._should_upgrade():
                self.handle_websocket_upgrade()
            else:
                self._decline(data[offer.args[0] :])
        except HttpParserError:
            self.send_400_response("This is no HTTP request.")
        else:
            self._check_moves(len(data))

    def on_message_begin(self) -> None:
        """Begin with a request."""
        if not self.is_declining:
            super().on_message_begin()
            self.head_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the URL."""
        if not self.is_declining:
            self._count(len(url))
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, or a trailer."""
        if not self.is_declining:
            self._count(len(name) + len(value))
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Have the whole head."""
        if not self.is_declining:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self.is_moving = True
        super().on_body(body)

    def _count(self, size: int) -> None:
        """Count what is taken beside the body.

        :raises ValueError: if it is too much, which the parser makes an error of its own.
        """
        self.is_moving = True
        self.head_bytes += size
        if self.head_bytes > MOST_HEAD:
            raise ValueError("too large a head")

    def _check_moves(self, size: int) -> None:
        """Refuse a line that does not end."""
        self.idle_bytes = 0 if self.is_moving else self.idle_bytes + size
        if self.idle_bytes > MOST_HEAD:
            self.send_400_response("A line of this request does not end.")

    def _decline(self, rest: bytes) -> None:
        """Go on with a request that offers to speak another protocol, as Java's client always does.

        The parser takes what comes after the offer for that protocol. So another one reads the head once more, without
        the offer and without telling of it, and goes on with the body.
        """
        headers = [b"%b: %b\r\n" % header for header in self.headers if header[0] != b"upgrade"]
        head = b"%b %b HTTP/1.1\r\n%b\r\n" % (self.scope["method"].encode(), self.url, b"".join(headers))
        self.parser = HttpRequestParser(self)
        self.cycle.more_body = True
        self.cycle.message_event.clear()
        self.is_declining = True
        self.parser.feed_data(head)
        self.is_declining = False
        if rest:
            self.data_received(rest)

    def handle_websocket_upgrade(self) -> None:
        """Go on as a WebSocket."""
        super().handle_websocket_upgrade()
        # It refers back to this, and nobody looks for such rings.
        self.parser = None  # type: ignore[assignment]

    def send_400_response(self, msg: str) -> None:
        """Answer a request that could not even be read as every error is answered here."""
        self.transport.write(_malformed(msg, self.config.app))
        self.transport.close()


class Socket(WebSocketsSansIOProtocol):
    """One WebSocket."""

    def data_received(self, data: bytes) -> None:
        """Take what comes in, and let a client know whose handshake cannot be read."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            refusal = b"".join(self.conn.data_to_send())
            self.transport.write(refusal or _malformed("This is no handshake of a WebSocket.", self.config.app))
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Be done, and let whoever sends a stream know."""
        super().connection_lost(exc)
        self.app_state["line"].lose()


class Server:
    """A server for an application on a socket that listens."""

    def __init__(self, app: Flask, listener: socket.socket) -> None:
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        heartbeat = app.config["UNDERSTUDY"].heartbeat
        config = Config(
            Asgi(app),
            http=Connection,
            ws=Socket,
            loop="asyncio",
            interface="asgi3",
            lifespan="off",
            backlog=BACKLOG,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=LAST_WORDS,
            ws_max_size=app.config["UNDERSTUDY"].limits.max_body_bytes,
            ws_ping_interval=heartbeat,
            ws_ping_timeout=heartbeat,
            # Compressing would take more memory than all the rest of a stream.
            ws_per_message_deflate=False,
            access_log=False,
            log_config=None,
            # Whoever calls is who is connected, whatever its headers say.
            proxy_headers=False,
            server_header=False,
            headers=[("Server", NAME)],
        )
        self._uvicorn = _Uvicorn(config)

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._uvicorn.server_state.connections)

    def serve(self) -> None:
        """Answer requests until a signal comes, or `stop` is called."""
        log = logging.getLogger("uvicorn.error")
        level = log.level
        try:
            self._uvicorn.run([self._listener])
        finally:
            log.setLevel(level)

    def stop(self) -> None:
        """End; may be called from any thread."""
        self._uvicorn.should_exit = True


class _Uvicorn(UvicornServer):
    """Uvicorn, which ends open streams when it ends."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let everybody go."""
        app: Any = self.config.app
        app.end_streams()
        # Whoever still waits for an answer then is told by the end of the connection, and nobody by the log.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)
        app.close()


def _malformed(detail: str, app: Any) -> bytes:
    """The answer to what could not even be read."""
    problem = {
        "type": "/problems/malformed",
        "title": "Bad Request",
        "status": 400,
        "detail": detail,
        "code": "malformed",
        "errors": [],
    }
    body = orjson.dumps(problem)
    lines = [
        "HTTP/1.1 400 Bad Request",
        f"Server: {NAME}",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *(["Access-Control-Allow-Origin: *"] if app.is_open_to_all else []),
    ]
    return "\r\n".join([*lines, "\r\n"]).encode() + body


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


def allow_many_connections() -> None:
    """Open as many files as the system lets this process: a stream is one, and the usual 1,024 are soon used up."""
    try:
        from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit, setrlimit
    except ImportError:  # Windows has no such limit.
        return
    soft, hard = getrlimit(RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS if hard == RLIM_INFINITY else min(hard, MOST_CONNECTIONS)
    if soft != RLIM_INFINITY and soft < wanted:
        # A system may say that there is no limit, and still have one.
        with suppress(OSError, ValueError):
            setrlimit(RLIMIT_NOFILE, (wanted, hard))


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


def share_interpreter() -> None:
    """Have a thread that computes make room for others after a millisecond, not five.

    A request changes threads twice, and would wait each time while a picture is worked on.
    """
    sys.setswitchinterval(0.001)
