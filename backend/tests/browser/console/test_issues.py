"""Issues: what is wrong with the graph is marked as it is drawn, before it is saved."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console

Json = Any

NODES: list[Json] = [
    {"id": "start", "type": "manual_trigger", "position": {"x": 0, "y": 0}, "data": {"label": "Start"}},
    {"id": "odd", "type": "oddity", "position": {"x": 300, "y": 0}, "data": {"label": "Odd"}},
    {"id": "alone", "type": "delay", "position": {"x": 300, "y": 160}, "data": {"label": "Alone"}},
]
LINES: list[Json] = [{"id": "wrong", "source": "start", "target": "odd", "sourceHandle": "nowhere"}]


@pytest.fixture
def page(console: Console, sandbox: SandboxClient) -> Page:
    """The editor with a workflow in which something is wrong, and its list of issues."""
    made: Json = sandbox.post("/api/workflows", {"nodes": NODES, "edges": LINES})
    page = console.open(f"/workflows/{made['id']}")
    page.get_by_role("tab", name="Issues").click()
    return page


def issues(page: Page) -> Locator:
    return page.get_by_role("list", name="Issues").get_by_role("listitem")


def test_a_node_with_an_issue_is_marked_in_words(page: Page) -> None:
    mark = page.get_by_role("group", name="Odd", exact=True).get_by_role("img", name="warning:")
    expect(mark).to_have_attribute("title", "Nobody knows the type 'oddity'; a node of it passes its input through.")


def test_the_worst_issues_come_first(page: Page) -> None:
    expect(issues(page).first).to_contain_text("error")
    expect(issues(page).first).to_contain_text("nowhere")
    expect(issues(page).last).to_contain_text("warning")


def test_a_click_on_an_issue_goes_to_its_node(page: Page) -> None:
    page.get_by_role("button", name="Alone No trigger leads to it.").click()
    expect(page.get_by_role("complementary", name="Node")).to_be_visible()
    expect(page.get_by_role("group", name="Alone", exact=True)).to_be_in_viewport()


def test_issues_are_those_of_the_graph_as_it_is_drawn(page: Page, sandbox: SandboxClient) -> None:
    expect(issues(page)).to_have_count(3)
    page.get_by_role("group", name="Alone", exact=True).click()
    page.keyboard.press("Delete")
    expect(issues(page)).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(issues(page)).to_have_count(3)


def test_a_graph_without_issues_says_so(page: Page) -> None:
    page.get_by_role("group", name="Alone", exact=True).click()
    page.keyboard.press("Delete")
    page.get_by_role("group", name="Odd", exact=True).click()
    page.keyboard.press("Delete")
    expect(page.get_by_text("No issues: the workflow can run.")).to_be_visible()
