"""The WebSocket: what happens, as it happens, and commands the other way."""

from __future__ import annotations

from typing import Any

from ..web.checks import mapping
from ..web.operation import Answer, operation
from ..web.restful import Resource
from ..web.socket_messages import schema
from ..web.sockets import converse

_OVER_HTTP_2 = "The same over HTTP/2, where a proxy in front of this server speaks WebSocket so (RFC 8441)."


class Socket(Resource):
    """The WebSocket of a sandbox."""

    produces = ("*/*",)
    is_embedded = True

    @operation(
        "openSocket",
        status=101,
        also={200: Answer({}, about=_OVER_HTTP_2)},
        errors=("upgrade_required", "too_many_streams", "foreign_origin"),
    )
    def get(self) -> Any:
        """Open a WebSocket for events and commands.

        This is the handshake; what both sides say then has a schema of its own. A request that is no handshake
        is refused with 426 ``upgrade_required``.
        """
        return converse()


class SocketSchema(Resource):
    """What is said over a WebSocket."""

    @operation("getSocketSchema", gives=mapping.schema)
    def get(self) -> Any:
        """The messages of the WebSocket, as JSON Schema.

        Those of a client are under ``client``, those of the server under ``server``.
        """
        return schema()
