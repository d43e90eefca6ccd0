"""The director's panel on what a sandbox holds: snapshots, scenarios, other sandboxes, and what was asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.testing import SandboxClient

from .conftest import Console
from .test_director import direct, form, push, told


@pytest.fixture
def reports(sandbox: SandboxClient) -> None:
    """Two workflows."""
    for name in ("Daily report", "Weekly report"):
        sandbox.post("/api/workflows", {"name": name})


def agree(page: Page, label: str) -> None:
    """Say yes to what is asked."""
    page.get_by_role("dialog", name=f"{label}?").get_by_role("button", name=label).click()


def names(sandbox: SandboxClient) -> list[str]:
    return sorted(workflow["name"] for workflow in sandbox.get("/api/workflows")["items"])


def test_a_snapshot_is_taken_and_come_back_to_and_the_room_follows(
    console: Console, sandbox: SandboxClient, reports: None
) -> None:
    page = direct(console, "Snapshots")
    push(page, "take a snapshot", "Take snapshot")
    expect(page.get_by_role("listitem", name="Snapshot snapshot-1")).to_be_visible()
    sandbox.post("/api/workflows", {"name": "Monthly report"})
    expect(page.get_by_role("main").get_by_role("link", name="Monthly report")).to_be_visible()
    push(page, "snapshot snapshot-1", "Restore")
    agree(page, "Restore")
    expect(page.get_by_role("main").get_by_role("link", name="Monthly report")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("link", name="Daily report")).to_be_visible()
    assert names(sandbox) == ["Daily report", "Weekly report"]


def test_what_would_lose_something_is_asked_first(console: Console, sandbox: SandboxClient, reports: None) -> None:
    sandbox.snapshots.take("ready")
    page = direct(console, "Snapshots")
    push(page, "snapshot ready", "Delete")
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert [snapshot["name"] for snapshot in sandbox.snapshots.list()] == ["ready"]
    push(page, "snapshot ready", "Delete")
    agree(page, "Delete")
    expect(page.get_by_role("listitem", name="Snapshot ready")).to_have_count(0)
    assert sandbox.snapshots.list() == []


def test_a_fork_goes_on_in_another_sandbox(console: Console, sandbox: SandboxClient, reports: None) -> None:
    sandbox.snapshots.take("ready")
    page = direct(console, "Snapshots")
    form(page, "fork ready").get_by_label("Go on in another sandbox").fill("forked")
    push(page, "fork ready", "Fork")
    expect(told(page)).to_have_text("Sandbox forked goes on from ready.")
    with sandbox.fellow("forked") as other:
        assert names(other) == ["Daily report", "Weekly report"]
        page.get_by_role("link", name="Open forked").click()
        expect(page.get_by_role("main").get_by_role("link", name="Weekly report")).to_be_visible()
        assert "/s/forked/" in page.url


def test_a_snapshot_goes_into_a_file_and_comes_back(
    console: Console, sandbox: SandboxClient, reports: None, tmp_path: Path
) -> None:
    sandbox.snapshots.take("ready")
    page = direct(console, "Snapshots")
    with page.expect_download() as download:
        push(page, "snapshot ready", "Download")
    file = tmp_path / "half way.json"
    download.value.save_as(file)
    assert download.value.suggested_filename == "ready.json"
    assert json.loads(file.read_text()) == sandbox.snapshots.download("ready")
    form(page, "upload a snapshot").get_by_label("File").set_input_files(file)
    expect(form(page, "upload a snapshot").get_by_label("Keep as")).to_have_value("half-way")
    push(page, "upload a snapshot", "Upload")
    expect(page.get_by_role("listitem", name="Snapshot half-way")).to_be_visible()
    assert sandbox.snapshots.download("half-way") == sandbox.snapshots.download("ready")


def test_a_file_that_is_no_snapshot_is_said_to_be_none(console: Console, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("no JSON")
    page = direct(console, "Snapshots")
    form(page, "upload a snapshot").get_by_label("File").set_input_files(file)
    expect(page.get_by_text("notes.txt is no JSON.")).to_be_visible()


def test_a_scenario_fills_the_sandbox_and_leaves_seed_and_pace(
    console: Console, sandbox: SandboxClient, reports: None
) -> None:
    page = direct(console, "Scenarios")
    expect(page.get_by_role("main").get_by_role("link", name="Daily report")).to_be_visible()
    push(page, "scenario mid-flight", "Load")
    agree(page, "Load")
    expect(page.get_by_role("listitem", name="Scenario mid-flight")).to_contain_text("was filled with this")
    expect(page.get_by_role("main").get_by_role("link", name="Daily report")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()
    state = sandbox.state()
    assert (state["scenario"], state["seed"], state["clock"]["pace"]) == ("mid-flight", 7, "stopped")


def test_a_sandbox_begins_anew_as_it_is_told(console: Console, sandbox: SandboxClient, reports: None) -> None:
    page = direct(console, "Sandbox")
    reset = form(page, "reset")
    reset.get_by_label("Scenario").select_option("empty")
    reset.get_by_label("Seed").fill("42")
    reset.get_by_label("Pace").select_option("Auto: when somebody waits")
    reset.get_by_label("Clock begins at (UTC)").fill("2026-03-01T12:00:00")
    push(page, "reset", "Reset")
    agree(page, "Reset")
    expect(page.get_by_role("main").get_by_role("link", name="Daily report")).to_have_count(0)
    state = sandbox.state()
    assert (state["seed"], state["clock"]["pace"]) == (42, "auto")
    assert state["clock"]["now"] == "2026-03-01T12:00:00.000Z"


def test_another_sandbox_is_made_entered_and_deleted(console: Console, sandbox: SandboxClient) -> None:
    page = direct(console, "Sandbox")
    new = form(page, "new sandbox")
    new.get_by_label("Name").fill("second")
    new.get_by_label("Seed").fill("9")
    push(page, "new sandbox", "Make sandbox")
    card = page.get_by_role("listitem", name="Sandbox second")
    expect(card).to_contain_text("Scenario demo, seed 9, real")
    new.get_by_label("Name").fill("second")
    expect(new.get_by_role("button", name="Make sandbox", exact=True)).to_be_disabled()
    expect(page.get_by_role("link", name="second", exact=True)).to_have_attribute("href", "/s/second/")
    push(page, "sandbox second", "Delete")
    agree(page, "Delete")
    expect(card).to_have_count(0)
    assert "second" not in [each["sandbox"] for each in sandbox.get("/_control/sandboxes")["items"]]


def test_what_was_asked_is_listed_the_latest_first_and_filtered(console: Console, sandbox: SandboxClient) -> None:
    sandbox.get("/api/files?q=logo")
    sandbox.get("/api/templates")
    page = direct(console, "Requests")
    log = page.get_by_role("region", name="Requests")
    form(page, "request log").get_by_label("Path").fill("/api/{files,templates}")
    expect(log.get_by_role("listitem")).to_contain_text(["/api/templates", "/api/files"])
    log.get_by_role("button", name="/api/files").click()
    expect(log.get_by_role("definition").filter(has_text="logo")).to_be_visible()
    form(page, "request log").get_by_label("Path").fill("/api/files")
    expect(log.get_by_role("listitem")).to_have_count(1)
    push(page, "request log", "Clear")
    expect(page.get_by_text("No request fits.")).to_be_visible()
    assert sandbox.requests(path="/api/files") == []
    assert len(sandbox.requests(path="/api/templates")) == 1


def test_the_request_log_follows_what_happens(console: Console, sandbox: SandboxClient) -> None:
    page = direct(console, "Requests")
    form(page, "request log").get_by_label("Method").select_option("POST")
    expect(page.get_by_text("No request fits.")).to_be_visible()
    sandbox.post("/api/workflows", {"name": "Mine"})
    expect(page.get_by_role("region", name="Requests").get_by_role("listitem")).to_contain_text(["/api/workflows"])


def test_a_long_request_log_draws_no_more_than_is_seen(console: Console, sandbox: SandboxClient) -> None:
    for _ in range(300):
        sandbox.get("/api/files")
    page = direct(console, "Requests")
    rows = page.get_by_role("region", name="Requests").get_by_role("listitem")
    expect(rows.first).to_be_visible()
    assert rows.count() < 60


def test_an_open_editor_shows_what_a_snapshot_had(console: Console, sandbox: SandboxClient) -> None:
    nodes = [{"id": "a", "type": "delay", "position": {"x": 0, "y": 0}, "data": {"label": "Before"}}]
    workflow = sandbox.post("/api/workflows", {"name": "Mine", "nodes": nodes})
    sandbox.snapshots.take("ready")
    sandbox.patch(f"/api/workflows/{workflow['id']}/nodes/a", {"data": {"label": "After"}})
    page = direct(console, "Snapshots", f"/workflows/{workflow['id']}")
    expect(page.locator(".react-flow__node")).to_contain_text("After")
    push(page, "snapshot ready", "Restore")
    agree(page, "Restore")
    expect(page.locator(".react-flow__node")).to_contain_text("Before")
