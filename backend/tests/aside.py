"""Requests that wait, beside a test that goes on, and requests that must not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app.sandbox import Sandbox

PATIENCE = 20
"""Real seconds after which a test gives up on a request."""


class Aside:
    """Asks beside the test."""

    def __init__(self, app: Flask, sandbox: Sandbox, pool: ThreadPoolExecutor) -> None:
        self._app = app
        self._sandbox = sandbox
        self._pool = pool

    def get(self, path: str, **options: Any) -> Future[TestResponse]:
        """Ask, and go on once the request waits for something to happen in the sandbox."""
        asked = self._pool.submit(self._app.test_client().get, path, **options)
        end = time.monotonic() + PATIENCE
        while not self._waiting:
            assert not asked.done(), asked.result().get_data(as_text=True)
            assert time.monotonic() < end, "it neither waits nor answers"
        return asked

    @property
    def _waiting(self) -> Any:
        # The queue of a condition is nobody's business but a test's, which cannot see otherwise that a thread sleeps.
        return self._sandbox._changed._waiters  # type: ignore[attr-defined]


@contextmanager
def aside(app: Flask, sandbox: Sandbox) -> Iterator[Aside]:
    """Somebody who asks beside the test, until it ends."""
    with ThreadPoolExecutor() as pool:
        yield Aside(app, sandbox, pool)


@contextmanager
def at_once() -> Iterator[None]:
    """What is asked in here waits for nothing, though it might wait for longer."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < PATIENCE, "it has waited"
