"""What all rooms share: a part that fails, and where the keyboard is when a dialog has gone."""

from __future__ import annotations

import re

from playwright.sync_api import Route, expect

from app.testing import SandboxClient

from .conftest import Console
from .saved import make_workflow, select


def lose(console: Console, chunk: str) -> None:
    """The server answers 404 to a piece of the page, as one with a newer page does."""
    console.expect_complaint("dynamically imported module")
    console.expect_complaint("error occurred in one of your React components")

    def answer(route: Route) -> None:
        console.expect_refusal(404, route.request.url)
        route.fulfill(status=404)

    console.page.route(re.compile(rf"/console/{chunk}-[^/]*\.js$"), answer)


def test_a_room_that_cannot_be_loaded_says_so_and_is_loaded_again(console: Console) -> None:
    page = console.open("/")
    rooms = page.get_by_role("navigation", name="Rooms")
    lose(console, "executions")
    rooms.get_by_role("link", name="Executions").click()
    expect(page.get_by_role("alert")).to_contain_text("This cannot be shown.")
    rooms.get_by_role("link", name="Files").click()
    expect(page.get_by_role("heading", name="Files", exact=True)).to_be_visible()
    rooms.get_by_role("link", name="Executions").click()
    page.unroute_all()
    page.get_by_role("button", name="Load again").click()
    expect(page.get_by_role("heading", name="Executions", exact=True)).to_be_visible()


def test_a_panel_that_cannot_be_loaded_leaves_the_canvas(console: Console, sandbox: SandboxClient) -> None:
    workflow_id = make_workflow(sandbox)
    lose(console, "settings")
    page = console.open(f"/workflows/{workflow_id}")
    select(page, "Wait")
    panel = page.get_by_role("complementary", name="Node")
    expect(panel.get_by_role("button", name="Load again")).to_be_visible()
    expect(page.locator(".react-flow__node")).to_have_count(3)


def test_the_director_that_cannot_be_loaded_leaves_the_room(console: Console) -> None:
    lose(console, "director")
    page = console.open("/")
    page.get_by_role("button", name="Director").click()
    expect(page.get_by_role("button", name="Load again")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("heading").first).to_be_visible()


def test_a_dialog_that_goes_gives_the_keyboard_back(console: Console, sandbox: SandboxClient) -> None:
    make_workflow(sandbox)
    page = console.open("/")
    more = page.get_by_role("button", name="More about Hello")
    for leave in ("Cancel", "Close"):
        more.click()
        page.get_by_role("menuitem", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name=leave).click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(more).to_be_focused()


def test_after_a_deletion_the_keyboard_is_at_the_content(console: Console, sandbox: SandboxClient) -> None:
    make_workflow(sandbox)
    page = console.open("/")
    page.get_by_role("button", name="More about Hello").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("main")).to_be_focused()


def test_a_deletion_that_is_refused_is_said_where_it_was_asked(console: Console, sandbox: SandboxClient) -> None:
    workflow_id = make_workflow(sandbox)
    page = console.open("/")
    page.get_by_role("button", name="More about Hello").click()
    page.get_by_role("menuitem", name="Delete").click()
    sandbox.faults.add(match={"path": f"/api/workflows/{workflow_id}", "method": "DELETE"}, status=503, times=1)
    console.expect_refusal(503, f"/api/workflows/{workflow_id}")
    dialog = page.get_by_role("dialog", name="Delete this workflow?")
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(dialog).to_have_count(0)
    assert sandbox.get("/api/workflows")["items"] == []


def test_a_tab_is_reached_by_home_and_end(console: Console) -> None:
    page = console.open("/")
    page.get_by_role("button", name="Director").click()
    tabs = page.get_by_role("complementary", name="Director").get_by_role("tab")
    tabs.first.focus()
    page.keyboard.press("End")
    expect(tabs.last).to_be_focused()
    expect(tabs.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Home")
    expect(tabs.first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(tabs.last).to_be_focused()


def test_what_went_wrong_is_told_at_once(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/")
    expect(page.get_by_role("heading", name="Workflows", exact=True)).to_be_visible()
    sandbox.faults.add(match={"path": "/api/workflows", "method": "POST"}, status=503, times=1)
    console.expect_refusal(503, "/api/workflows")
    page.get_by_role("button", name="New workflow").click()
    expect(page.get_by_role("alert")).to_have_count(1)
