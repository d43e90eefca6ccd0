"""Helpers for conversations over HTTP."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient


@pytest.fixture
def upload(client: FlaskClient) -> Callable[..., Any]:
    """Upload files: ``upload(("a.txt", b"..."), ...)``."""

    def send(*files: tuple[str, bytes], path: str = "/api/files/upload", **options: Any) -> Any:
        form = {"file": [(io.BytesIO(content), name) for name, content in files]}
        return client.post(path, data=form, content_type="multipart/form-data", **options)

    return send
