"""The console in a browser, over a real server whose clock stands still: what it says and what fails is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Response

from app.testing import SandboxClient, Server, serve

Json = Any


class Console:
    """The console of a sandbox, as a person has it before them."""

    def __init__(self, page: Page, sandbox: SandboxClient) -> None:
        self.page = page
        self.sandbox = sandbox
        self.complaints: list[str] = []
        self.asked: list[str] = []
        """The address of every request, in order."""
        self._expected: list[tuple[int, str]] = []
        self._feared: list[str] = []
        self._is_offline = False
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("requestfailed", self._lose)
        page.on("response", self._look_at)

    def open(self, place: str = "/") -> Page:
        """Go to a room: ``/``, ``/workflows/wf_1``."""
        self.page.goto(f"{self.sandbox.url}/#{place}")
        return self.page

    def expect_refusal(self, status: int, path: str) -> None:
        """One answer of this status from an address that ends so is what the test is about."""
        self._expected.append((status, path))

    def expect_complaint(self, words: str) -> None:
        """What the browser says with these words is what the test is about."""
        self._feared.append(words)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Nothing reaches the server until the block ends; that requests are lost is what the test is about."""
        self._is_offline = True
        self.page.context.set_offline(True)
        yield
        self.page.context.set_offline(False)
        self._is_offline = False

    def _hear(self, kind: str, text: str) -> None:
        # Chromium itself tells of each refusal; `_look_at` judges those.
        is_known = any(words in text for words in ("Failed to load resource", *self._feared))
        if kind in ("error", "warning") and not is_known:
            self.complaints.append(f"{kind}: {text}")

    def _lose(self, request: Request) -> None:
        # What the page gave up itself, such as a stream that it left, is no failure.
        if request.failure != "net::ERR_ABORTED" and not self._is_offline:
            self.complaints.append(f"lost: {request.method} {request.url} {request.failure}")

    def _look_at(self, response: Response) -> None:
        if response.status < 400:
            return
        for expected in self._expected:
            if response.status == expected[0] and response.url.endswith(expected[1]):
                self._expected.remove(expected)
                return
        self.complaints.append(f"{response.status}: {response.request.method} {response.url}")


@pytest.fixture(scope="session")
def console_server() -> Iterator[Server]:
    """A server of its own for all consoles that are tried."""
    with serve(check_contract="fail") as server:
        yield server


@pytest.fixture
def scenario() -> str:
    """What there is in the sandbox at first. A test module may have its own."""
    return "empty"


@pytest.fixture
def sandbox(console_server: Server, scenario: str) -> Iterator[SandboxClient]:
    """The sandbox behind the page."""
    with console_server.sandbox(scenario=scenario, pace="stopped", seed=7) as found:
        yield found


@pytest.fixture
def console(browser: Browser, sandbox: SandboxClient) -> Iterator[Console]:
    """A page of its own for every test, on which nothing may go wrong unseen."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        console = Console(context.new_page(), sandbox)
        yield console
        assert console.complaints == []
