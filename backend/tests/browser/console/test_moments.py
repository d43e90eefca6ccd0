"""The slider that shows past moments of an execution."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console

Json = Any


@pytest.fixture
def execution(sandbox: SandboxClient) -> Json:
    """Two nodes in a row, of which the second has just begun."""
    nodes = [
        {
            "id": "one",
            "type": "delay",
            "position": {"x": 0, "y": 0},
            "data": {"label": "One", "config": {"seconds": 1}},
        },
        {
            "id": "two",
            "type": "delay",
            "position": {"x": 300, "y": 0},
            "data": {"label": "Two", "config": {"seconds": 9}},
        },
    ]
    edges = [{"id": "line", "source": "one", "target": "two"}]
    workflow = sandbox.post("/api/workflows", {"name": "Row", "nodes": nodes, "edges": edges})
    started = sandbox.post(f"/api/workflows/{workflow['id']}/execute")
    sandbox.clock.until(node_id="two", event="node.started")
    return sandbox.get(f"/api/executions/{started['id']}")


@pytest.fixture
def page(console: Console, execution: Json) -> Page:
    """The editor with the execution."""
    return console.open(f"/workflows/{execution['workflow_id']}/executions/{execution['id']}")


def slider(page: Page) -> Locator:
    return page.get_by_role("slider", name="Moment")


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name="Nodes over time").get_by_role("button", name=name)


def test_the_slider_goes_over_all_events(page: Page, execution: Json) -> None:
    expect(slider(page)).to_have_attribute("max", str(execution["last_seq"]))
    expect(slider(page)).to_have_value(str(execution["last_seq"]))


def test_a_past_moment_is_shown_as_it_was_and_the_page_says_so(page: Page) -> None:
    expect(row(page, "One: completed")).to_be_visible()
    slider(page).fill("3")
    expect(row(page, "One: running")).to_be_visible()
    expect(row(page, "Two: idle")).to_be_visible()
    expect(page.get_by_text("The past is shown")).to_be_visible()
    expect(slider(page)).to_have_attribute("aria-valuetext", "Event 3, 09:00:00.000, One: started")
    page.get_by_role("button", name="Back to now").click()
    expect(row(page, "Two: running")).to_be_visible()
    expect(page.get_by_text("The past is shown")).to_be_hidden()


def test_events_are_gone_through_one_by_one(page: Page, execution: Json) -> None:
    last = execution["last_seq"]
    page.get_by_role("button", name="Previous event").click()
    expect(slider(page)).to_have_value(str(last - 1))
    page.get_by_role("button", name="Next event").click()
    expect(slider(page)).to_have_value(str(last))
    expect(page.get_by_text("The past is shown")).to_be_hidden()
    slider(page).press("ArrowLeft")
    expect(slider(page)).to_have_value(str(last - 1))


def test_the_past_stays_while_the_execution_goes_on(sandbox: SandboxClient, page: Page, execution: Json) -> None:
    expect(row(page, "One: completed")).to_be_visible()
    slider(page).fill("3")
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    expect(slider(page)).not_to_have_attribute("max", str(execution["last_seq"]))
    expect(slider(page)).to_have_value("3")
    expect(row(page, "One: running")).to_be_visible()
    page.get_by_role("button", name="Back to now").click()
    expect(row(page, "Two: completed")).to_be_visible()


def test_the_past_is_played_up_to_now(page: Page) -> None:
    expect(row(page, "One: completed")).to_be_visible()
    page.get_by_label("Speed").select_option("20")
    slider(page).fill("2")
    page.get_by_role("button", name="Play from here").click()
    expect(page.get_by_text("The past is shown")).to_be_hidden()
    expect(row(page, "Two: running")).to_be_visible()
    expect(page.get_by_role("button", name="Play from here")).to_be_visible()


def test_a_line_of_the_log_shows_its_moment(page: Page) -> None:
    page.get_by_role("tab", name="Log").click()
    page.get_by_role("group", name="Lines of the log").get_by_role("button", name="Execution started").click()
    expect(slider(page)).to_have_value("2")
    expect(page.get_by_text("The past is shown")).to_be_visible()
