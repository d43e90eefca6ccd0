"""The server behind the command line: uvicorn, with what it takes to break connections on purpose."""

from __future__ import annotations

import gc
import logging
import os
import re
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson
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
"""Bytes of all headers of a request."""

LAST_WORDS = 1
"""Real seconds that requests have to be answered when the server ends."""

MOST_CONNECTIONS = 65_536
"""Files that are asked of the system, at most."""

NAME = "Understudy"

_UPGRADE = re.compile(rb"\r\nupgrade:(?![ \t]*websocket)", re.IGNORECASE)


class Connection(HttpToolsProtocol):
    """One connection."""

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        """Begin, and let the application know what it may break."""
        super().connection_made(transport)
        self.line = Line(transport)
        self.app_state = {**self.app_state, "line": self.line}
        self.head_bytes = 0
        self.has_head = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Be done, and let whoever sends a stream know."""
        super().connection_lost(exc)
        self.line.lose()

    def data_received(self, data: bytes) -> None:
        """Take what comes in."""
        super().data_received(_without_upgrade(data) if self.has_head else data)
        if not self.has_head:
            self.head_bytes += len(data)
            if self.head_bytes > MOST_HEAD:
                self.send_400_response("The head of this request does not end.")

    def on_message_begin(self) -> None:
        """Begin with a request."""
        super().on_message_begin()
        self.has_head, self.head_bytes = False, 0

    def on_headers_complete(self) -> None:
        """Have the whole head."""
        self.has_head = True
        super().on_headers_complete()

    def handle_websocket_upgrade(self) -> None:
        """Go on as a WebSocket."""
        super().handle_websocket_upgrade()
        # It refers back to this, and nobody looks for such rings.
        self.parser = None  # type: ignore[assignment]

    def send_400_response(self, msg: str) -> None:
        """Answer a request that could not even be read as every error is answered here."""
        problem = {
            "type": "/problems/malformed",
            "title": "Bad Request",
            "status": 400,
            "detail": msg,
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
            *(["Access-Control-Allow-Origin: *"] if self.config.app.is_open_to_all else []),  # type: ignore[union-attr]
        ]
        self.transport.write("\r\n".join([*lines, "\r\n"]).encode() + body)
        self.transport.close()


class Socket(WebSocketsSansIOProtocol):
    """One WebSocket."""

    def data_received(self, data: bytes) -> None:
        """Take what comes in, and let a client know whose handshake cannot be read."""
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.handshake_initiated:
            self.transport.write(b"".join(self.conn.data_to_send()))
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
        app.close()
        # Whoever still waits for an answer then is told by the end of the connection, and nobody by the log.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def _without_upgrade(data: bytes) -> bytes:
    """A request without the offer to speak another protocol than HTTP, which Java's client always makes.

    The parser takes what comes after such an offer for that protocol, and the body of the request would be lost.
    """
    head, end, rest = data.partition(b"\r\n\r\n")
    return _UPGRADE.sub(b"\r\nx-grade:", head) + end + rest


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
