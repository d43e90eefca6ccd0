"""The same on a socket: what a server makes of odd addresses, headers and bodies before the application has them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.server import Server, listen
from tests.fuzz.fuzzing import find, load
from tests.fuzz.stage import Stage

RESOURCES = ("connections", "files", "requests")
"""Ids with slashes, uploads and bytes, free texts in a query."""


@contextmanager
def served(stage: Stage) -> Iterator[str]:
    """The URL of a server that has the application, until the block ends."""
    server = Server(stage.app, listen("127.0.0.1", 0))
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.stop()
        thread.join()


def test_a_server_keeps_what_the_application_promises() -> None:
    stage = Stage(forgetful=True)
    with served(stage) as url:
        found = find(load(stage, url).include(tag=list(RESOURCES)))
    assert not found.texts, "\n\n".join(found.texts)
    assert found.called
