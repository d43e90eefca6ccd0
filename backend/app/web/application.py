"""The Flask application, as far as it differs from any other."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request


class UploadRequest(Request):
    """A request whose uploads are read into memory, where they are kept anyway.

    Werkzeug writes large ones to temporary files, and leaves them open if the form breaks off.
    """

    def _get_file_stream(self, *_told: Any, **_known: Any) -> IO[bytes]:
        return BytesIO()


class Application(Flask):
    """A Flask application without coroutines."""

    request_class = UploadRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take every function as it is: Flask looks into each hook of each request for a coroutine otherwise.

        That look is an eighth of what a small request costs.
        """
        return func
