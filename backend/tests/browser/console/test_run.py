"""Running a workflow from the editor: what each button does, and when it can be pressed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console

Json = Any


@pytest.fixture
def workflow(sandbox: SandboxClient) -> Json:
    """Two nodes, one after the other, of which the second takes a minute."""
    nodes = [
        {"id": "first", "type": "constant", "position": {"x": 0, "y": 0}, "data": {"label": "First"}},
        {
            "id": "second",
            "type": "delay",
            "position": {"x": 300, "y": 0},
            "data": {"label": "Second", "config": {"seconds": 60}},
        },
    ]
    edges = [{"id": "line", "source": "first", "target": "second"}]
    return sandbox.post("/api/workflows", {"name": "Two steps", "nodes": nodes, "edges": edges})


def run_bar(page: Page) -> Locator:
    return page.get_by_role("group", name="Run")


def status(page: Page) -> Locator:
    return page.get_by_role("region", name="Execution").locator("[data-status]").first


def press(page: Page, name: str) -> None:
    run_bar(page).get_by_role("button", name=name, exact=True).click()


def executions(sandbox: SandboxClient) -> list[Json]:
    return list(sandbox.get("/api/executions")["items"])


def test_run_starts_the_workflow_and_shows_its_execution(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    press(page, "Run")
    expect(status(page)).to_have_text("running")
    (execution,) = executions(console.sandbox)
    expect(page).to_have_url(f"{console.sandbox.url}/#/workflows/{workflow['id']}/executions/{execution['id']}")
    console.sandbox.clock.until(status="completed")
    expect(status(page)).to_have_text("completed")


def test_buttons_follow_the_status(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    button = run_bar(page).get_by_role("button", name="Stop", exact=True)
    expect(button).to_be_disabled()
    press(page, "Run")
    expect(button).to_be_enabled()
    expect(run_bar(page).get_by_role("button", name="Run", exact=True)).to_be_disabled()
    press(page, "Stop")
    expect(status(page)).to_have_text("stopped")
    expect(button).to_be_disabled()
    expect(run_bar(page).get_by_role("button", name="Retry")).to_be_visible()


def test_pause_and_resume(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    press(page, "Run")
    press(page, "Pause")
    expect(status(page)).to_have_text("paused")
    assert executions(console.sandbox)[0]["status"] == "paused"
    press(page, "Resume")
    expect(status(page)).to_have_text("running")


def test_each_step_shows_one_thing_more(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    press(page, "Step")
    expect(status(page)).to_have_text("running")
    seen = []
    for _ in range(3):
        before = executions(console.sandbox)[0]["last_seq"]
        press(page, "Step")
        expect(page.get_by_role("slider", name="Moment")).not_to_have_attribute("max", str(before))
        seen.append(executions(console.sandbox)[0]["last_seq"])
    assert seen == sorted(set(seen))


def test_step_stops_a_clock_that_runs_and_says_so(console: Console, workflow: Json) -> None:
    console.sandbox.clock.set(pace="real")
    page = console.open(f"/workflows/{workflow['id']}")
    press(page, "Step")
    expect(page.get_by_text("The clock stands still at")).to_be_visible()
    assert console.sandbox.get("/_control/clock")["pace"] == "stopped"
    page.get_by_role("button", name="Let it go on").click()
    expect(page.get_by_text("The clock stands still at")).to_be_hidden()
    assert console.sandbox.get("/_control/clock")["pace"] == "real"


def test_run_with_an_input_and_a_part_of_the_graph(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    press(page, "Run with …")
    dialog = page.get_by_role("dialog", name="Run with …")
    dialog.get_by_label("Input (JSON)").fill('{"amount": ')
    expect(dialog.get_by_role("alert")).to_have_text("This is no JSON yet.")
    dialog.get_by_label("Input (JSON)").fill('{"amount": 90}')
    dialog.get_by_label("Start at").select_option("Second")
    dialog.get_by_label("Seed").fill("42")
    dialog.get_by_role("button", name="Run").click()
    expect(status(page)).to_have_text("running")
    found = console.sandbox.get(f"/api/executions/{executions(console.sandbox)[0]['id']}")
    assert (found["input"], found["start_node"], found["seed"]) == ({"amount": 90}, "second", 42)


def test_a_held_execution_is_released(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    press(page, "Run with …")
    page.get_by_label("Hold it at the start until it is released").check()
    page.get_by_role("dialog").get_by_role("button", name="Run").click()
    expect(status(page)).to_have_text("pending")
    press(page, "Release")
    expect(status(page)).to_have_text("running")


def test_retry_runs_it_once_more_with_the_same_input(console: Console, workflow: Json) -> None:
    sandbox = console.sandbox
    first = sandbox.post(f"/api/workflows/{workflow['id']}/execute", {"input": {"amount": 7}})
    sandbox.post(f"/api/executions/{first['id']}/stop")
    page = console.open(f"/workflows/{workflow['id']}/executions/{first['id']}")
    press(page, "Retry")
    expect(status(page)).to_have_text("running")
    newest = sandbox.get(f"/api/executions/{executions(sandbox)[0]['id']}")
    assert (newest["retry_of"], newest["input"]) == (first["id"], {"amount": 7})


def test_what_is_unsaved_is_saved_before_it_runs(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    node = page.locator(".react-flow__node[data-id=second]")
    node.click()
    node.press("ArrowDown")
    press(page, "Run")
    expect(status(page)).to_have_text("running")
    (execution,) = executions(console.sandbox)
    assert execution["workflow_revision"] == console.sandbox.get(f"/api/workflows/{workflow['id']}")["revision"] == 2


def test_a_graph_that_cannot_run_is_refused_in_words_and_shows_its_issues(console: Console) -> None:
    nodes = [
        {"id": name, "type": "set", "position": {"x": at * 300, "y": 0}, "data": {}} for at, name in enumerate("ab")
    ]
    edges = [{"id": "ab", "source": "a", "target": "b"}, {"id": "ba", "source": "b", "target": "a"}]
    created = console.sandbox.post("/api/workflows", {"name": "Round", "nodes": nodes, "edges": edges})
    page = console.open(f"/workflows/{created['id']}")
    console.expect_refusal(422, "/execute")
    press(page, "Run")
    expect(page.get_by_role("alert").filter(has_text="feed each other").first).to_be_visible()
    expect(page.get_by_role("tab", name="Issues")).to_have_attribute("aria-selected", "true")


def test_an_execution_that_somebody_else_starts_is_shown(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    expect(page.get_by_text("No execution is shown.")).to_be_visible()
    console.sandbox.post(f"/api/workflows/{workflow['id']}/execute")
    expect(status(page)).to_have_text("running")


def test_elapsed_time_is_that_of_the_sandbox(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    press(page, "Run")
    expect(status(page)).to_have_text("running")
    console.sandbox.clock.advance(45)
    expect(page.get_by_title("Virtual time since the start, without pauses")).to_have_text("45 s")


def test_why_it_failed_leads_to_the_node(console: Console) -> None:
    mock = {"error": {"code": "boom", "message": "It broke."}, "duration_ms": 10}
    node = {"id": "bad", "type": "constant", "position": {"x": 0, "y": 0}, "data": {"label": "Bad", "mock": mock}}
    created = console.sandbox.post("/api/workflows", {"name": "Fails", "nodes": [node]})
    page = console.open(f"/workflows/{created['id']}")
    press(page, "Run")
    expect(status(page)).to_have_text("running")
    console.sandbox.clock.advance(1)
    expect(status(page)).to_have_text("failed")
    page.get_by_role("button", name="Bad: It broke.").click()
    expect(page.get_by_role("complementary", name="Node")).to_be_visible()


def test_a_clock_that_somebody_else_stops_is_noticed(console: Console, workflow: Json) -> None:
    console.sandbox.put("/_control/clock", {"pace": "real"})
    page = console.open(f"/workflows/{workflow['id']}")
    press(page, "Run")
    expect(status(page)).to_have_text("running")
    expect(page.get_by_text("The clock stands still at")).to_be_hidden()
    console.sandbox.put("/_control/clock", {"pace": "stopped"})
    expect(page.get_by_text("The clock stands still at")).to_be_visible()
