"""The application for an event loop: Flask answers in threads, open streams and WebSockets live on the loop.

Every request begins in Flask, which chooses the sandbox, refuses, bends and logs it like any other. What it opens is
carried on here: so a thousand streams cost no threads, and a reader that leaves is noticed at once.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from ..services.streams import END, REFUSED
from .bridge import Bridge, Message, Receive, Send, Upload
from .broken_connections import HOW
from .feeds import GONE, Feed, Feeds
from .streams import OPENED, Outlet
from .writer import EVENT_STREAM, MESSAGES, SLOW, Line, Writer

if TYPE_CHECKING:
    from flask import Flask

    from .sockets import Conversation

TIME_TO_READ = 0.1
"""Real seconds between the last event and the end of a connection that is dropped on purpose."""

LONGEST_HANG = 300.0
"""Real seconds for which a connection hangs at most."""


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
            scope["state"]["line"].abort()
            raise

    def end_streams(self) -> None:
        """End all streams, on the event loop."""
        if self._feeds is not None:
            self._feeds.close()

    def close(self) -> None:
        """Begin nothing new."""
        self._bridge.close()

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        upload, line = Upload(receive), scope["state"]["line"]
        environ, messages = await self._bridge.ask(scope, upload)
        outlet = environ.get(OPENED)
        if HOW in environ:
            if outlet is not None:
                outlet.stream.close()
            await self._break(environ[HOW], line, upload, messages, send)
        elif outlet is not None:
            await self._stream(outlet, messages[0], line, send)
        else:
            for message in messages:
                await send(message)

    async def _stream(self, outlet: Outlet, head: Message, line: Line, send: Send) -> None:
        """Send events until there are no more, or the reader leaves."""
        feed = self._join(outlet)
        line.begin_stream()
        line.on_lost = partial(feed.give_up, outlet)
        if line.is_closing:  # It was lost before anybody listened.
            line.on_lost()
        try:
            await send(head)
            ending = await Writer(feed, outlet, EVENT_STREAM, line, send, self._heartbeat).write()
        finally:
            line.on_lost = None
            line.is_streaming = False
            feed.leave(outlet)
        await self._hang_up(line, "missed" if line.has_missed and ending in (END, REFUSED) else ending)

    async def _converse(self, scope: Message, receive: Receive, send: Send) -> None:
        """Carry on a WebSocket, if the application accepts it."""
        await receive()
        upload, line = Upload(receive, has_more=False), scope["state"]["line"]
        environ, messages = await self._bridge.ask(_as_http(scope), upload)
        conversation = environ.get(OPENED)
        if HOW in environ:
            if conversation is not None:
                conversation.stream.close()
            await self._break(environ[HOW], line, upload, [], send)
        elif conversation is not None:
            await self._talk(conversation, messages[0], line, receive, send)
        else:
            for message in messages:
                await send({**message, "type": f"websocket.{message['type']}"})
            # The server has to know that this is no mistake.
            await line.until_lost(self._heartbeat)

    async def _talk(self, conversation: Conversation, head: Message, line: Line, receive: Receive, send: Send) -> None:
        """Send what a client subscribed to, and do what it says, until it leaves."""
        feed = self._join(conversation)
        telling = asyncio.create_task(self._tell(feed, conversation, head, line, send))
        try:
            while (message := await receive())["type"] != "websocket.disconnect" and not line.is_closing:
                await self._bridge.run(conversation.handle, message.get("text"))
                feed.notice()
        finally:
            feed.give_up(conversation)
            try:
                await telling
            finally:
                feed.leave(conversation)

    async def _tell(self, feed: Feed, conversation: Conversation, head: Message, line: Line, send: Send) -> None:
        headers = [header for header in head["headers"] if not header[0].startswith(b"content-")]
        try:
            await send({"type": "websocket.accept", "headers": headers})
            ending = await Writer(feed, conversation, MESSAGES, line, send, self._heartbeat).write()
        except (OSError, RuntimeError):
            if not line.is_closing:
                raise
            return  # The client has left.
        await self._hang_up(line, ending)

    def _join(self, outlet: Outlet) -> Feed:
        # The event loop of the server is there only now.
        if self._feeds is None:
            self._feeds = Feeds(self._heartbeat)
        return self._feeds.join(outlet)

    async def _hang_up(self, line: Line, ending: str) -> None:
        """End the connection of a stream that does not end as it should."""
        if ending == SLOW:
            line.abort()
        elif ending not in (END, REFUSED, GONE):
            # A browser throws away what it has not read yet.
            await line.until_lost(TIME_TO_READ)
            await line.hang_up(self._heartbeat)

    async def _break(self, how: str, line: Line, upload: Upload, messages: list[Message], send: Send) -> None:
        """Break a connection as it was decided; of a WebSocket there is no answer that could be sent by half."""
        if how == "reset":
            line.reset()
        else:
            await upload.discard()
        if how == "truncate":
            for message in messages:
                await send(message)
        if how == "hang":
            await line.until_lost(LONGEST_HANG)
        await line.hang_up(self._heartbeat)


def _as_http(scope: Message) -> Message:
    """The handshake of a WebSocket as a plain request: whether it is one is no matter of the path."""
    headers = [header for header in scope["headers"] if header[0].lower() not in (b"upgrade", b"connection")]
    return {**scope, "method": "GET", "scheme": "http", "headers": headers}
