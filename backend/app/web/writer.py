"""How a stream goes out: over which connection, in which form, and to a reader who takes it in time."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from ..models.broken_stream import Step
from ..services.streams import END, REFUSED
from .bridge import Message, Send
from .feeds import BEAT, GONE, Feed
from .streams import HEARTBEAT, Outlet

PIECE = 65_536
"""Bytes of events that are sent at once; of a longer event that is one piece, all readers share the bytes."""

SLOW = "slow"
"""How a stream ends whose reader takes nothing."""

SET_BACK = 1012
"""Why a WebSocket is closed whose log is gone: a client may come again."""

NOT_ALLOWED = 1008
"""Why a WebSocket is closed whose client is not any more who they were when they came."""


class Line:
    """A connection, as far as whoever sends a stream has to do with it; the server puts it into the scope."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.on_lost: Callable[[], None] | None = None
        """Called when it is lost."""
        self.is_streaming = False
        """Whether a stream goes out, so that what comes in is not looked at."""
        self.has_missed = False
        """Whether something came in meanwhile."""
        self._transport = transport
        self._lost = asyncio.Event()

    @property
    def is_closing(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._transport.is_closing()

    @property
    def is_clear(self) -> bool:
        """Whether all has been sent, so that nobody has to wait before sending more."""
        return self._transport.get_write_buffer_size() == 0

    def begin_stream(self) -> None:
        """Read on, only to be told when the reader leaves."""
        self.is_streaming = True
        self._transport.resume_reading()

    def lose(self) -> None:
        """Called by the server when the connection is no more."""
        self._lost.set()
        if self.on_lost is not None:
            self.on_lost()

    async def until_lost(self, seconds: float) -> None:
        """Wait until it is no more, for so many real seconds at most."""
        # Who does not read is not told that there is nothing more to come.
        self._transport.resume_reading()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._lost.wait()

    def abort(self) -> None:
        """End it at once."""
        self._transport.abort()

    def reset(self) -> None:
        """Send RST: a socket that does not linger throws away what it has when it is closed."""
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._transport.abort()

    async def hang_up(self, seconds: float) -> None:
        """End it in the middle of an answer; what was sent may get there for so long."""
        self._transport.close()
        await self.until_lost(seconds)
        self._transport.abort()
        # The server has to know that this is no mistake.
        await self._lost.wait()


class Form(NamedTuple):
    """How the items of a stream go out."""

    beat: bytes
    """A sign of life; nothing where the protocol has its own."""
    arrange: Callable[[Sequence[Step]], Iterable[tuple[int, bytes]]]
    """Gives what is sent in one piece, each with its delay in milliseconds."""
    wrap: Callable[[bytes], Message]
    end: Message
    refused: Message
    """The end, where the reader may read no more."""


class Writer:
    """Sends what a stream has."""

    def __init__(self, feed: Feed, outlet: Outlet, form: Form, line: Line, send: Send, patience: float) -> None:
        """:param patience: real seconds for which a reader may take nothing."""
        self._feed = feed
        self._outlet = outlet
        self._form = form
        self._line = line
        self._send = send
        self._patience = patience

    async def write(self) -> str:
        """Send until it ends; gives how it does: ``end``, ``refused``, ``drop``, ``gone`` or ``slow``."""
        try:
            await self._send_item(self._outlet.begin())
            ending = ""
            while ending in ("", BEAT):
                ending = await self._pass_on(await self._feed.next(self._outlet))
            if ending == "stall":
                ending = await self._feed.until_gone(self._outlet)
            if ending in (END, REFUSED):
                await self._send_in_time(self._form.end if ending == END else self._form.refused)
            return ending
        except TimeoutError:
            return SLOW

    async def _pass_on(self, steps: Sequence[Step]) -> str:
        """Send what these steps say; gives how the stream goes on."""
        for delay_ms, item in self._form.arrange(steps):
            if delay_ms and (ending := await self._feed.sleep(self._outlet, delay_ms / 1000)):
                return ending
            if self._line.is_closing:
                return GONE
            await self._send_item(item)
        if steps[-1].then == BEAT:
            await self._send_item(self._form.beat)
        return steps[-1].then

    async def _send_item(self, item: bytes) -> None:
        if item:
            await self._send_in_time(self._form.wrap(item))

    async def _send_in_time(self, message: Message) -> None:
        if self._line.is_clear:
            await self._send(message)
            return
        async with asyncio.timeout(self._patience):
            await self._send(message)


def _joined(steps: Sequence[Step]) -> list[tuple[int, bytes]]:
    """Steps whose items are one piece as long as none of them is late, and it is not too long for a slow reader."""
    pieces: list[tuple[int, bytes]] = []
    for step in steps:
        item = step.item or b""
        if step.delay_ms or not pieces or len(pieces[-1][1]) + len(item) > PIECE:
            pieces.append((step.delay_ms, item))
        else:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + item)
    return pieces


def _each(steps: Sequence[Step]) -> list[tuple[int, bytes]]:
    return [(step.delay_ms, step.item or b"") for step in steps]


EVENT_STREAM = Form(
    HEARTBEAT,
    _joined,
    lambda item: {"type": "http.response.body", "body": item, "more_body": True},
    {"type": "http.response.body"},
    {"type": "http.response.body"},
)
MESSAGES = Form(
    b"",
    _each,
    lambda item: {"type": "websocket.send", "text": item.decode()},
    {"type": "websocket.close", "code": SET_BACK},
    {"type": "websocket.close", "code": NOT_ALLOWED},
)
