"""A browser for the examples: the fixture ``page`` as pytest-playwright has it, and a frontend to open in it.

As a command it runs a module of JavaScript: ``python browser.py FILE``.
"""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

EDITOR = Path(__file__).with_name("editor.html")
NAMES = ("chromium", "chromium-browser", "google-chrome")
NO_BROWSER = "there is no Chromium here"


class Files(SimpleHTTPRequestHandler):
    """Answers with the files of a folder."""

    def log_message(self, *_: Any) -> None:
        """Nothing."""


class Editor(Files):
    """Answers everything with the page of the frontend."""

    def translate_path(self, path: str) -> str:
        """The page."""
        return str(EDITOR)


@contextmanager
def served(handler: Callable[..., Files]) -> Iterator[str]:
    """A server of a frontend."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """Where the frontend is."""
    with served(Editor) as url:
        yield url


def find_browser() -> str | None:
    """The program, if there is one."""
    return next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, as it is installed here. It goes with its module: Playwright keeps a loop running in this thread, and
    neither Django nor ``asyncio.run`` works in one."""
    path = find_browser()
    if path is None:
        pytest.skip(NO_BROWSER)
    with launched(path) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, base_url: str) -> Iterator[Page]:
    """A page of its own for every test."""
    with browser.new_context(base_url=base_url) as context:
        yield context.new_page()


def run_module(file: Path) -> None:
    """Run a module to its end, on a page of its folder, and print what it tells the console."""
    path = find_browser()
    if path is None:
        print(NO_BROWSER)
        return
    with served(partial(Files, directory=str(file.parent))) as url, launched(path) as browser:
        page = browser.new_page(base_url=url)
        page.on("console", lambda message: message.type == "log" and print(message.text))
        page.goto("/")
        page.evaluate("path => import(path)", f"/{file.name}")


if __name__ == "__main__":
    run_module(Path(sys.argv[1]))
