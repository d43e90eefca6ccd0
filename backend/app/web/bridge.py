"""The bridge from an event loop to Flask: requests that come in on the loop are answered in threads.

`a2wsgi` knows both sides; what differs here is that answers are collected, since their bodies are there as a whole, and
sent by the loop: that takes one change of threads for a request in the place of four.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from a2wsgi.wsgi import Body, WSGIResponder, build_environ
from werkzeug.exceptions import ClientDisconnected

from .current import POSTPONED

if TYPE_CHECKING:
    from flask import Flask

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

THREADS = 1_000
"""Requests that are answered at the same time; one that waits holds its thread. They come as needed."""


class Bridge:
    """The application behind a number of threads."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")

    async def ask(self, scope: Message, upload: Upload) -> tuple[dict[str, Any], list[Message]]:
        """Have a request answered; gives its environment, and the messages that the answer is made of."""
        environ = make_environ(scope, upload)
        messages = await self._ask(environ)
        if POSTPONED in environ:
            await asyncio.sleep(environ.pop(POSTPONED))
            messages = await self._ask(environ)
        return environ, messages

    async def run(self, act: Callable[..., Any], *arguments: Any) -> Any:
        """Do something that may take a while in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, act, *arguments)

    def close(self) -> None:
        """Begin nothing new."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, environ: dict[str, Any]) -> list[Message]:
        answer = _Answer(self._app, self._threads)
        with suppress(ConnectionError):  # It is broken on purpose; the environment says how.
            await self.run(answer.answer, environ)
        return answer.messages


class Upload:
    """The body of a request as it comes in."""

    def __init__(self, receive: Receive, *, has_more: bool = True) -> None:
        self.has_more = has_more
        self._receive = receive

    async def receive(self) -> Message:
        """The next piece.

        :raises ClientDisconnected: if the client left in the middle of it.
        """
        message: Message = await self._receive()
        if message["type"] == "http.disconnect":
            self.has_more = False
            raise ClientDisconnected
        self.has_more = message.get("more_body", False)
        return message

    async def receive_for_thread(self) -> Message:
        """The next piece; the end of the server is told to a thread like the end of the client."""
        try:
            return await self.receive()
        except asyncio.CancelledError:
            raise ClientDisconnected from None

    async def discard(self) -> None:
        """Read the rest: with bytes unread, the end of a connection is a reset."""
        with suppress(ClientDisconnected):
            while self.has_more:
                await self.receive()


class _Answer(WSGIResponder):
    """What a WSGI application answers, collected: its bodies are there as a whole anyway."""

    def __init__(self, app: Any, threads: ThreadPoolExecutor) -> None:
        super().__init__(app, threads, 0)
        self.messages: list[Message] = []

    def answer(self, environ: Any) -> None:
        """Have the application answer."""
        self.wsgi(environ, self.start_response)

    def send(self, message: Any) -> None:
        """Keep a part of the answer."""
        self.messages.append(message)


def make_environ(scope: Any, upload: Upload) -> dict[str, Any]:
    """The environment of a WSGI application for a request."""
    body: Any = Body(asyncio.get_running_loop(), upload.receive_for_thread)  # type: ignore[arg-type]
    bare: Any = {**scope, "query_string": b""}
    environ: Any = build_environ(bare, body)
    return {
        **environ,
        # What is no ASCII is none of the library's business.
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multiprocess": False,
    }
