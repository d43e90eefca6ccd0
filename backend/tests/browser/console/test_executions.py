"""The executions of the sandbox, in their room and below the canvas."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console

Json = Any


@pytest.fixture
def workflows(sandbox: SandboxClient) -> list[Json]:
    """Two workflows; the first has an execution that runs, the second one that was stopped."""
    node = {"id": "wait", "type": "delay", "position": {"x": 0, "y": 0}, "data": {"config": {"seconds": 60}}}
    both = [sandbox.post("/api/workflows", {"name": name, "nodes": [node]}) for name in ("Orders", "Reports")]
    executions = [sandbox.post(f"/api/workflows/{workflow['id']}/execute") for workflow in both]
    sandbox.post(f"/api/executions/{executions[1]['id']}/stop")
    return both


def rows(page: Page) -> Locator:
    return page.get_by_role("table").locator("tbody").get_by_role("row")


def test_an_empty_sandbox_says_what_to_do(console: Console) -> None:
    page = console.open("/executions")
    expect(page.get_by_text("Nothing has run yet.")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="workflow").click()
    expect(page).to_have_url(f"{console.sandbox.url}/#/")


def test_executions_are_filtered_by_status_workflow_and_words(console: Console, workflows: list[Json]) -> None:
    page = console.open("/executions")
    expect(rows(page)).to_have_count(2)
    page.get_by_label("Status", exact=True).select_option("running")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Orders")
    page.get_by_label("Workflow", exact=True).select_option("Reports")
    expect(page.get_by_text("No execution is like that.")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(rows(page)).to_have_count(2)
    page.get_by_label("Search executions").fill("repo")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("stopped")


def test_what_happens_is_seen_at_once(console: Console, workflows: list[Json]) -> None:
    page = console.open("/executions")
    expect(rows(page).filter(has_text="Orders")).to_contain_text("running")
    console.sandbox.clock.advance(60)
    expect(rows(page).filter(has_text="Orders")).to_contain_text("completed")
    console.sandbox.post(f"/api/workflows/{workflows[1]['id']}/execute")
    expect(rows(page)).to_have_count(3)


def test_an_execution_leads_to_the_editor(console: Console, workflows: list[Json]) -> None:
    page = console.open("/executions")
    page.get_by_role("link", name="#1", exact=True).click()
    expect(page.get_by_role("region", name="Execution").locator("[data-status]").first).to_have_text("running")
    expect(page.get_by_role("group", name="Run")).to_be_visible()


def test_an_execution_is_stopped_retried_and_deleted(console: Console, workflows: list[Json]) -> None:
    sandbox = console.sandbox
    page = console.open("/executions")
    page.get_by_role("button", name="Stop #1").click()
    page.get_by_role("button", name="Delete #1").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(rows(page)).to_have_count(1)
    assert [found["number"] for found in sandbox.get("/api/executions")["items"]] == [2]
    page.get_by_role("button", name="Retry #2").click()
    expect(page.get_by_role("region", name="Execution").locator("[data-status]").first).to_have_text("running")
    assert sandbox.get("/api/executions")["items"][0]["mode"] == "retry"


def test_many_executions_come_in_pages(console: Console, workflows: list[Json]) -> None:
    for _ in range(30):
        started = console.sandbox.post(f"/api/workflows/{workflows[1]['id']}/execute")
        console.sandbox.post(f"/api/executions/{started['id']}/stop")
    page = console.open("/executions")
    expect(rows(page)).to_have_count(25)
    page.get_by_role("button", name="Next page").click()
    expect(rows(page)).to_have_count(7)


def test_the_editor_lists_the_executions_of_its_workflow(console: Console, workflows: list[Json]) -> None:
    page = console.open(f"/workflows/{workflows[1]['id']}")
    page.get_by_role("tab", name="Executions").click()
    expect(rows(page)).to_have_count(1)
    page.get_by_role("link", name="#2", exact=True).click()
    expect(page.get_by_role("row", name="#2")).to_have_attribute("aria-current", "true")


def test_an_execution_of_another_graph_says_so(console: Console, workflows: list[Json]) -> None:
    workflow = console.sandbox.get(f"/api/workflows/{workflows[1]['id']}")
    console.sandbox.patch(f"/api/workflows/{workflow['id']}", {"nodes": []})
    execution = workflow["last_execution"]["id"]
    page = console.open(f"/workflows/{workflow['id']}/executions/{execution}")
    expect(page.get_by_text("Of revision 1: 1 node of it is not in the graph now")).to_be_visible()
