"""The WebSocket: what happens, as it happens, and commands the other way."""

from __future__ import annotations

from typing import Any

from ..web.restful import Resource
from ..web.socket_messages import schema
from ..web.sockets import converse


class Socket(Resource):
    """The WebSocket of a sandbox."""

    produces = ("*/*",)

    def get(self) -> Any:
        """The handshake; what follows is said in messages."""
        return converse()


class SocketSchema(Resource):
    """What is said over a WebSocket."""

    def get(self) -> Any:
        """The messages of both sides, as JSON Schema."""
        return schema()
