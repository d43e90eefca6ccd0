"""The timeline and the log of an execution: what they say, and that they can be used without a mouse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console

Json = Any


@pytest.fixture
def execution(sandbox: SandboxClient) -> Json:
    """One node, then one that fails once and works at the second attempt, then one that is not reached yet."""
    again = {"max_attempts": 3, "delay_ms": 5_000}
    flaky = {"label": "Flaky", "retry": again, "mock": {"fail_attempts": 1, "duration_ms": 1_000, "output": 1}}
    nodes = [
        {"id": "first", "type": "constant", "position": {"x": 0, "y": 0}, "data": {"label": "First"}},
        {"id": "flaky", "type": "set", "position": {"x": 300, "y": 0}, "data": flaky},
        {"id": "last", "type": "delay", "position": {"x": 600, "y": 0}, "data": {"label": "Last", "config": {}}},
    ]
    edges = [
        {"id": "a", "source": "first", "target": "flaky"},
        {"id": "b", "source": "flaky", "target": "last"},
    ]
    workflow = sandbox.post("/api/workflows", {"name": "Steps", "nodes": nodes, "edges": edges})
    return sandbox.post(f"/api/workflows/{workflow['id']}/execute")


@pytest.fixture
def page(console: Console, execution: Json) -> Page:
    """The editor with the execution."""
    return console.open(f"/workflows/{execution['workflow_id']}/executions/{execution['id']}")


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Nodes over time").get_by_role("button")


def lines(page: Page) -> Locator:
    return page.get_by_role("group", name="Lines of the log").get_by_role("listitem")


def test_each_node_has_a_row_that_says_how_it_is(sandbox: SandboxClient, page: Page) -> None:
    sandbox.clock.until(node_id="last", event="node.started")
    expect(rows(page)).to_have_count(3)
    expect(page.get_by_role("button", name="Flaky: completed, 7 s, 2 attempts")).to_be_visible()
    expect(page.get_by_role("button", name="Last: running")).to_be_visible()


def test_attempts_and_the_delay_between_them_are_bars_of_their_own(sandbox: SandboxClient, page: Page) -> None:
    sandbox.clock.until(node_id="flaky", event="node.completed")
    for title in ("Attempt 1, failed, 1 s", "Waited 5 s before the next attempt", "Attempt 2, completed, 1 s"):
        expect(page.get_by_title(title)).to_be_attached()


def test_pauses_of_the_execution_are_shaded(sandbox: SandboxClient, execution: Json, page: Page) -> None:
    sandbox.post(f"/api/executions/{execution['id']}/pause")
    sandbox.clock.advance(20)
    sandbox.post(f"/api/executions/{execution['id']}/resume")
    expect(page.get_by_title("Paused for 20 s")).to_be_attached()


def test_the_arrow_keys_go_from_row_to_row_and_enter_selects_the_node(page: Page) -> None:
    rows(page).first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(rows(page).nth(2)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Node")).to_be_visible()
    expect(rows(page).nth(2)).to_have_attribute("aria-pressed", "true")


def test_only_the_rows_in_sight_are_drawn(console: Console) -> None:
    nodes = [
        {"id": f"n{at}", "type": "constant", "position": {"x": at * 10, "y": 0}, "data": {"label": f"Node {at}"}}
        for at in range(300)
    ]
    workflow = console.sandbox.post("/api/workflows", {"name": "Many", "nodes": nodes})
    started = console.sandbox.post(f"/api/workflows/{workflow['id']}/execute")
    page = console.open(f"/workflows/{workflow['id']}/executions/{started['id']}")
    expect(rows(page).first).to_be_visible()
    assert rows(page).count() < 60
    rows(page).first.focus()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Node 299: ")).to_be_focused()


def test_the_log_tells_what_happened_in_order(sandbox: SandboxClient, page: Page) -> None:
    sandbox.clock.until(node_id="flaky", event="node.retrying")
    page.get_by_role("tab", name="Log").click()
    expect(lines(page).first).to_contain_text("Execution created by hand")
    expect(lines(page).last).to_contain_text("attempt 1 failed, again in 5 s")
    expect(lines(page).last).to_contain_text("09:00:0")


def test_the_log_is_filtered_by_level_and_text(sandbox: SandboxClient, page: Page) -> None:
    sandbox.clock.until(node_id="last", event="node.started")
    page.get_by_role("tab", name="Log").click()
    page.get_by_label("Level").select_option("Everything")
    expect(lines(page).filter(has_text="gave 1 item to Flaky")).to_have_count(1)
    page.get_by_label("Level").select_option("Warnings and errors")
    expect(lines(page)).to_have_count(1)
    page.get_by_label("Level").select_option("Everything")
    page.get_by_label("Text in the log").fill("flaky: no such line")
    expect(page.get_by_text("No line fits the filter.")).to_be_visible()


def test_the_panel_is_made_higher_by_keys_and_closed(page: Page) -> None:
    edge = page.get_by_role("separator", name="Height of the panel")
    before = int(edge.get_attribute("aria-valuenow") or 0)
    edge.press("ArrowUp")
    expect(edge).to_have_attribute("aria-valuenow", str(before + 24))
    page.get_by_role("button", name="Timeline and log").click()
    expect(page.get_by_role("tablist", name="Execution")).to_be_hidden()
