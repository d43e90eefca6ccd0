"""The contract in a browser: it comes from this server alone, and every operation can be tried from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.testing import SandboxClient, serve


class Page:
    """A page, with all that it said on the console and all that it asked for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))


@pytest.fixture
def sandbox() -> Iterator[SandboxClient]:
    with serve() as server, server.sandbox(scenario="empty") as found:
        yield found


@pytest.fixture
def docs(browser: Any, sandbox: SandboxClient) -> Iterator[Page]:
    page = Page(browser.new_page())
    page.page.goto(f"{sandbox.url}/docs")
    yield page
    page.page.close()


def test_an_operation_is_tried_in_the_sandbox_of_the_page_and_nothing_comes_from_elsewhere(
    docs: Page, sandbox: SandboxClient
) -> None:
    page = docs.page
    page.locator("#operations-tag-workflows").click()
    made = page.locator("#operations-workflows-createWorkflow")
    made.locator(".opblock-summary-control").click()
    made.get_by_role("button", name="Execute").click()
    answer = made.locator(".live-responses-table")
    assert answer.locator(".response-col_status").last.inner_text().startswith("201")
    assert [workflow["name"] for workflow in sandbox.get("/api/workflows")["items"]] == ["Greet"]
    assert docs.said == []
    assert all(url.startswith((sandbox.url, "data:")) for url in docs.asked), docs.asked


AT_THE_END = "() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1"


def test_every_operation_is_on_the_page_and_no_error(docs: Page, sandbox: SandboxClient) -> None:
    page = docs.page
    page.locator(".opblock-tag").first.wait_for()
    paths = sandbox.get("/openapi.json")["paths"].values()
    told = {operation["operationId"] for path in paths for operation in path.values()}
    shown = set()
    closed = page.locator(".opblock-tag[data-is-open='false']")
    # A long page draws what is in sight only, so it is read from top to bottom.
    while closed.count() or not page.evaluate(AT_THE_END):
        if closed.count():
            closed.first.click()
        else:
            page.evaluate("scrollBy(0, 300)")
        page.evaluate("() => new Promise(requestAnimationFrame)")
        shown |= {found.get_attribute("id").rpartition("-")[2] for found in page.locator(".opblock").all()}
    assert shown == told
    assert page.locator(".errors-wrapper").count() == 0
    assert docs.said == []
