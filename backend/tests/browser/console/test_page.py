"""The page as a whole: what it loads and from where, its addresses, and its first minute."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.testing import SandboxClient, Server, serve

from .conftest import Console

FIRST_LOAD = 300_000
"""Bytes of what ``/`` and the editor load, as they are sent."""


@pytest.fixture
def scenario() -> str:
    return "demo"


@pytest.fixture
def workflow(sandbox: SandboxClient) -> str:
    """Where a workflow with a history is edited."""
    found = sandbox.get("/api/workflows?q=Order%20intake")["items"][0]
    return f"/workflows/{found['id']}"


def rooms(page: Page) -> Any:
    """The way to the rooms."""
    return page.get_by_role("navigation", name="Rooms")


def node(page: Page) -> Any:
    """The first node on the canvas."""
    return page.locator(".react-flow__node").first


def test_no_request_of_any_room_leaves_the_server(console: Console, sandbox: SandboxClient, workflow: str) -> None:
    page = console.open(workflow)
    expect(node(page)).to_be_visible()
    for name in ("Executions", "Templates", "Files", "Workflows"):
        rooms(page).get_by_role("link", name=name).click()
        expect(rooms(page).get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
    assert len(console.asked) > 10
    assert [url for url in console.asked if not url.startswith((f"{sandbox.url}/", "data:", "blob:"))] == []


def test_all_that_was_opened_goes_on_without_the_server(console: Console, workflow: str) -> None:
    page = console.open(workflow)
    node(page).click()
    with console.offline():
        page.keyboard.press("Escape")
        node(page).click()
        expect(page.locator(".react-flow__node.selected")).to_have_count(1)
        before = page.locator(".react-flow__viewport").get_attribute("style")
        page.get_by_role("button", name=re.compile("zoom out", re.IGNORECASE)).first.click()
        expect(page.locator(".react-flow__viewport")).not_to_have_attribute("style", before or "")


def test_back_and_forward_go_through_the_rooms(console: Console) -> None:
    page = console.open("/")
    for name, place in (("Templates", "#/templates"), ("Files", "#/files")):
        rooms(page).get_by_role("link", name=name).click()
        expect(page).to_have_url(re.compile(re.escape(place) + "$"))
    page.go_back()
    expect(rooms(page).get_by_role("link", name="Templates")).to_have_attribute("aria-current", "page")
    page.go_forward()
    expect(rooms(page).get_by_role("link", name="Files")).to_have_attribute("aria-current", "page")


def test_an_address_that_leads_nowhere_leads_to_the_workflows(console: Console) -> None:
    page = console.open("/nowhere/at/all")
    expect(rooms(page).get_by_role("link", name="Workflows")).to_have_attribute("aria-current", "page")
    expect(page).to_have_url(re.compile("#/$"))


def test_the_keyboard_skips_the_bar(console: Console) -> None:
    page = console.open("/templates")
    expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_the_first_load_of_the_editor_is_small(console: Console, workflow: str) -> None:
    session = console.page.context.new_cdp_session(console.page)
    session.send("Network.enable")
    addresses: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on("Network.responseReceived", lambda told: addresses.update({told["requestId"]: told["response"]["url"]}))
    session.on("Network.loadingFinished", lambda told: sizes.update({told["requestId"]: told["encodedDataLength"]}))
    expect(node(console.open(workflow))).to_be_visible()
    loaded = {url: sizes[key] for key, url in addresses.items() if key in sizes and "/api/" not in url}
    assert any("/console/editor-" in url for url in loaded), loaded
    assert sum(loaded.values()) < FIRST_LOAD, loaded


@pytest.fixture(params=["off", "optional"])
def demo_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The server as it is after the first of the two commands of the README."""
    with serve(scenario="demo", auth=request.param, check_contract="fail") as server:
        yield server


@pytest.fixture
def console_of(browser: Browser) -> Iterator[Any]:
    """The console of another sandbox: ``console_of(sandbox)``."""
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        consoles: list[Console] = []

        def make(sandbox: Any) -> Console:
            consoles.append(Console(context.new_page(), sandbox))
            return consoles[-1]

        yield make
        assert [complaint for console in consoles for complaint in console.complaints] == []


def test_at_the_bare_address_the_workflow_that_runs_is_on_the_canvas(demo_server: Server, console_of: Any) -> None:
    page = console_of(demo_server).page
    page.goto(f"{demo_server.url}/")
    expect(page).to_have_url(re.compile(r"/#/workflows/wf_\w+/executions/ex_\w+$"))
    expect(node(page)).to_be_visible()
    expect(page.get_by_text("running").first).to_be_visible()
    rooms(page).get_by_role("link", name="Workflows").click()
    expect(page).to_have_url(f"{demo_server.url}/#/")


def test_where_nothing_runs_the_bare_address_is_the_list(console_of: Any, console_server: Server) -> None:
    with console_server.sandbox(scenario="empty") as sandbox:
        page = console_of(sandbox).page
        page.goto(f"{sandbox.url}/")
        expect(rooms(page).get_by_role("link", name="Workflows")).to_have_attribute("aria-current", "page")
        expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()


def test_nothing_that_needs_a_login_is_asked_before_it(console_of: Any) -> None:
    with serve(scenario="demo", auth="required", check_contract="fail") as server:
        console = console_of(server)
        page = console.page
        page.goto(f"{server.url}/")
        expect(page.get_by_role("heading", name="Log in")).to_be_visible()
        paths = {url.removeprefix(server.url).partition("?")[0] for url in console.asked}
        assert [path for path in paths if path.startswith(("/api/", "/_control")) and path != "/api/health"] == []
