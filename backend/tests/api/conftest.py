"""Helpers for conversations over HTTP."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.testing import Server, serve
from tests.reading import BEAT, Stage


@pytest.fixture
def upload(client: FlaskClient) -> Callable[..., Any]:
    """Upload files: ``upload(("a.txt", b"..."), ...)``."""

    def send(*files: tuple[str, bytes], path: str = "/api/files/upload", **options: Any) -> Any:
        form = {"file": [(io.BytesIO(content), name) for name, content in files]}
        return client.post(path, data=form, content_type="multipart/form-data", **options)

    return send


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server on a socket, for all tests of a module that has none of its own."""
    with serve(heartbeat=BEAT, check_contract="fail") as server:
        yield server


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    """A sandbox of that server, with readers that are closed in the end."""
    with server.sandbox() as sandbox, ExitStack() as stack:
        yield Stage(sandbox, stack)
