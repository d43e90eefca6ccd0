"""The application for an event loop: Flask answers in threads, open streams and WebSockets live on the loop.

Every request begins in Flask, which chooses the sandbox, refuses, bends and logs it like any other. What it opens is
carried on here: so a thousand streams cost no threads, and a reader that leaves is noticed at once.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..models.broken_stream import Step
from ..services.streams import END
from .bridge import Bridge, Message, Receive, Send, Upload
from .broken_connections import HOW
from .feeds import BEAT, GONE, Feed, Feeds
from .streams import HEARTBEAT, OPENED, Outlet

if TYPE_CHECKING:
    from flask import Flask

    from .sockets import Conversation

LONGEST_HANG = 300.0
"""Real seconds for which a connection hangs at most."""

PIECE = 65_536
"""Bytes of events that are sent at once; of a longer event that is one piece, all readers share the bytes."""

SLOW = "slow"
"""How a stream ends whose reader takes nothing."""

SET_BACK = 1012
"""Why a WebSocket is closed whose log is gone: a client may come again."""


@dataclass
class Line:
    """A connection, as far as whoever sends a stream has to do with it; the server puts it into the scope."""

    transport: asyncio.Transport
    on_lost: Callable[[], None] | None = None
    """Called when it is lost."""

    def reset(self) -> None:
        """Send RST: a socket that does not linger throws away what it has when it is closed."""
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.transport.abort()

    def hang_up(self, ending: str) -> None:
        """End it in the middle of an answer; what was sent gets there, unless the reader takes nothing."""
        if ending == SLOW:
            self.transport.abort()
        else:
            self.transport.close()


class Asgi:
    """The application, as ASGI servers call it."""

    def __init__(self, app: Flask) -> None:
        self._bridge = Bridge(app)
        self._heartbeat: float = app.config["UNDERSTUDY"].heartbeat
        self.is_open_to_all: bool = app.config["UNDERSTUDY"].cors_origins == "*"
        """Whether any origin may read an answer, even to a request that could not be read."""
        self._feeds: Feeds | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request, or carry on a WebSocket."""
        act = self._answer if scope["type"] == "http" else self._converse
        try:
            await act(scope, receive, send)
        except asyncio.CancelledError:
            # The server ends, and this request took too long.
            scope["state"]["line"].transport.abort()
            raise

    def close(self) -> None:
        """End all streams, on the event loop; nothing new is begun."""
        if self._feeds is not None:
            self._feeds.close()
        self._bridge.close()

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        upload = Upload(receive)
        environ, messages = await self._bridge.ask(scope, upload)
        outlet = environ.get(OPENED)
        if HOW in environ:
            if outlet is not None:
                outlet.stream.close()
            await _break(environ[HOW], scope["state"]["line"], upload, messages, send)
        elif outlet is not None:
            await self._stream(outlet, messages[0], scope["state"]["line"], upload, send)
        else:
            for message in messages:
                await send(message)

    async def _stream(self, outlet: Outlet, head: Message, line: Line, upload: Upload, send: Send) -> None:
        """Send events until there are no more, or the reader leaves."""
        feed = self._join(outlet)
        line.on_lost = partial(feed.give_up, outlet)
        if line.transport.is_closing():  # It was lost before anybody listened.
            line.on_lost()
        try:
            await send(head)
            ending = await self._write(feed, outlet, EVENT_STREAM, line, send)
            if ending == END:
                await send({"type": "http.response.body"})
            else:
                await _hang_up(line, ending, upload)
        finally:
            line.on_lost = None
            feed.leave(outlet)

    async def _converse(self, scope: Message, receive: Receive, send: Send) -> None:
        """Carry on a WebSocket, if the application accepts it."""
        await receive()
        upload, line = Upload(receive, has_more=False), scope["state"]["line"]
        environ, messages = await self._bridge.ask(_as_http(scope), upload)
        conversation = environ.get(OPENED)
        if conversation is not None and HOW not in environ:
            await self._talk(conversation, messages[0], line, receive, send)
        elif HOW in environ:
            if conversation is not None:
                conversation.stream.close()
            line.reset()
            await receive()
        else:
            for message in messages:
                await send({**message, "type": f"websocket.{message['type']}"})
            # The server says that the client has left when it has written that, and again when it is so.
            await receive()
            await receive()

    async def _talk(self, conversation: Conversation, head: Message, line: Line, receive: Receive, send: Send) -> None:
        """Send what a client subscribed to, and do what it says, until it leaves."""
        feed = self._join(conversation)
        telling = asyncio.create_task(self._tell(feed, conversation, head, line, send))
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                await self._bridge.run(conversation.handle, message.get("text"))
                feed.notice()
        finally:
            feed.give_up(conversation)
            await telling
            feed.leave(conversation)

    async def _tell(self, feed: Feed, conversation: Conversation, head: Message, line: Line, send: Send) -> None:
        with suppress(OSError):  # The client has left.
            headers = [header for header in head["headers"] if not header[0].startswith(b"content-")]
            await send({"type": "websocket.accept", "headers": headers})
            ending = await self._write(feed, conversation, MESSAGES, line, send)
            if ending == END:
                await send({"type": "websocket.close", "code": SET_BACK})
            elif ending != GONE:
                line.hang_up(ending)

    def _join(self, outlet: Outlet) -> Feed:
        # The event loop of the server is there only now.
        if self._feeds is None:
            self._feeds = Feeds(self._heartbeat)
        return self._feeds.join(outlet)

    async def _write(self, feed: Feed, outlet: Outlet, form: Form, line: Line, send: Send) -> str:
        """Send what a stream has until it ends; gives how it does: ``end``, ``drop``, ``gone``, or ``slow``."""
        try:
            await self._send(form, outlet.begin(), send)
            ending = ""
            while ending in ("", BEAT):
                steps = await feed.next(outlet)
                for delay_ms, item in form.arrange(steps):
                    if delay_ms and (ending := await feed.sleep(outlet, delay_ms / 1000)):
                        return ending
                    if line.transport.is_closing():
                        return GONE
                    await self._send(form, item, send)
                ending = steps[-1].then
                if ending == BEAT:
                    await self._send(form, form.beat, send)
            return await feed.until_gone(outlet) if ending == "stall" else ending
        except TimeoutError:
            return SLOW

    async def _send(self, form: Form, item: bytes, send: Send) -> None:
        """Send something, to a reader who takes it in time."""
        if item:
            async with asyncio.timeout(self._heartbeat):
                await send(form.wrap(item))


class Form(NamedTuple):
    """How the items of a stream go out."""

    beat: bytes
    """A sign of life; nothing where the protocol has its own."""
    arrange: Callable[[Sequence[Step]], Iterable[tuple[int, bytes]]]
    """Gives what is sent in one piece, each with its delay in milliseconds."""
    wrap: Callable[[bytes], Message]


def _as_http(scope: Message) -> Message:
    """The handshake of a WebSocket as a plain request: whether it is one is no matter of the path."""
    headers = [header for header in scope["headers"] if header[0].lower() not in (b"upgrade", b"connection")]
    return {**scope, "method": "GET", "scheme": "http", "headers": headers}


async def _break(how: str, line: Line, upload: Upload, messages: list[Message], send: Send) -> None:
    """Break a connection as it was decided."""
    if how == "reset":
        line.reset()
    else:
        await upload.discard()
    if how == "truncate":
        for message in messages:
            await send(message)
    if how == "hang":
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_HANG):
                await upload.until_gone()
    await _hang_up(line, how, upload)


async def _hang_up(line: Line, ending: str, upload: Upload) -> None:
    line.hang_up(ending)
    # The server has to know that this is no mistake.
    await upload.until_gone()


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


EVENT_STREAM = Form(HEARTBEAT, _joined, lambda item: {"type": "http.response.body", "body": item, "more_body": True})
MESSAGES = Form(b"", _each, lambda item: {"type": "websocket.send", "text": item.decode()})
