"""Connections on the canvas: what goes over them, what does not, and the panel that shows it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console

Json = Any


def node(name: str, kind: str, x: int, y: int, **data: Json) -> Json:
    """A node that is called as it is found."""
    return {"id": name.lower(), "type": kind, "position": {"x": x, "y": y}, "data": {"label": name, **data}}


@pytest.fixture
def workflow(sandbox: SandboxClient) -> Json:
    """Three numbers that wait, and go one of two ways."""
    nodes = [
        node("Numbers", "constant", 0, 0, config={"value": [1, 2, 3]}),
        node("Wait", "delay", 320, 0, config={"seconds": 10}),
        node("Choose", "if", 640, 0, config={"condition": "true"}),
        node("Taken", "log", 960, -120),
        node("Left", "log", 960, 160),
    ]
    edges = [
        {"id": "first", "source": "numbers", "target": "wait"},
        {"id": "second", "source": "wait", "target": "choose", "type": "straight"},
        {"id": "yes", "source": "choose", "sourceHandle": "true", "target": "taken", "label": "yes", "type": "step"},
        {"id": "no", "source": "choose", "sourceHandle": "false", "target": "left", "type": "smoothstep"},
    ]
    viewport = {"x": 60, "y": 260, "zoom": 0.7}
    return sandbox.post("/api/workflows", {"name": "Ways", "nodes": nodes, "edges": edges, "viewport": viewport})


@pytest.fixture
def execution(sandbox: SandboxClient, workflow: Json) -> Json:
    """It has begun; virtual time stands still."""
    return sandbox.post(f"/api/workflows/{workflow['id']}/execute")


def place(execution: Json) -> str:
    return f"/workflows/{execution['workflow_id']}/executions/{execution['id']}"


def line(page: Page, source: str, target: str) -> Locator:
    """A connection, as it is called."""
    return page.get_by_role("group", name=f"Connection from {source} to {target}", exact=True)


def flow(page: Page, source: str, target: str) -> Locator:
    return line(page, source, target).locator("[data-flow]")


def open_line(page: Page, source: str, target: str) -> Locator:
    """The panel of a connection, after it was selected with the keyboard."""
    line(page, source, target).focus()
    page.keyboard.press("Enter")
    return page.get_by_role("complementary", name="Connection")


def test_a_line_tells_what_its_source_does_and_what_it_carried(
    console: Console, sandbox: SandboxClient, execution: Json
) -> None:
    page = console.open(place(execution))
    expect(flow(page, "Wait", "Choose")).to_have_attribute("data-flow", "idle")
    sandbox.clock.until(event="node.started", node_id="wait")
    expect(flow(page, "Numbers", "Wait")).to_have_attribute("data-flow", "delivered")
    expect(line(page, "Numbers", "Wait").get_by_text("3 items")).to_be_visible()
    expect(flow(page, "Wait", "Choose")).to_have_attribute("data-flow", "active")
    expect(flow(page, "Choose", "Taken")).to_have_attribute("data-flow", "idle")
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    expect(line(page, "Choose", "Taken").get_by_text("yes · 3")).to_be_visible()
    expect(flow(page, "Choose", "Left")).to_have_attribute("data-flow", "dead")


def test_the_branch_that_was_not_taken_is_dashed(console: Console, sandbox: SandboxClient, execution: Json) -> None:
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    page = console.open(place(execution))
    expect(flow(page, "Choose", "Left").locator("path").first).to_have_css("stroke-dasharray", "4px, 5px")
    expect(flow(page, "Choose", "Taken").locator("path").first).to_have_css("stroke-dasharray", "none")


def test_a_line_is_drawn_as_its_type_says(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    shape = {"Numbers Wait": "C", "Wait Choose": "L", "Choose Left": "Q"}
    for ends, letter in shape.items():
        drawn = line(page, *ends.split()).locator("path").first
        expect(drawn).to_have_attribute("d", re.compile(letter))
    expect(line(page, "Choose", "Taken").locator("path").first).not_to_have_attribute("d", re.compile("C"))


def test_each_delivery_moves_along_its_line_once(browser: Browser, sandbox: SandboxClient, execution: Json) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="no-preference") as context:
        console = Console(context.new_page(), sandbox)
        page = console.open(place(execution))
        sandbox.clock.until(event="node.started", node_id="wait")
        dot = line(page, "Numbers", "Wait").locator("[data-delivery]")
        expect(line(page, "Numbers", "Wait").get_by_text("3 items")).to_be_visible()
        expect(dot).to_have_count(0)
        page.evaluate(
            """() => {
                window.seen = 0;
                new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(
                    node => { if (node.dataset?.delivery) window.seen++; }
                ))).observe(document, { childList: true, subtree: true });
            }"""
        )
        sandbox.clock.until(execution_id=execution["id"], status="completed")
        expect(line(page, "Choose", "Taken").get_by_text("yes · 3")).to_be_visible()
        page.wait_for_function("window.seen === 2")
        expect(page.locator("[data-delivery]")).to_have_count(0)
        assert console.complaints == []


def test_nothing_moves_for_those_who_want_it_so(console: Console, sandbox: SandboxClient, execution: Json) -> None:
    page = console.open(place(execution))
    expect(flow(page, "Wait", "Choose")).to_be_attached()
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    expect(line(page, "Choose", "Taken").get_by_text("yes · 3")).to_be_visible()
    expect(page.locator("[data-delivery]:visible")).to_have_count(0)


def test_the_panel_shows_all_that_a_connection_carried(
    console: Console, sandbox: SandboxClient, execution: Json
) -> None:
    page = console.open(place(execution))
    panel = open_line(page, "Wait", "Choose")
    expect(panel.get_by_text("Nothing yet.")).to_be_visible()
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    expect(panel.get_by_text("3 items")).to_be_visible()
    expect(panel.get_by_text("7 B")).to_be_visible()
    panel.get_by_role("button", name="Table").click()
    expect(panel.get_by_role("table", name="Data").get_by_role("cell")).to_have_text(["1", "2", "3"])
    panel = open_line(page, "Choose", "Left")
    expect(panel.get_by_text("its branch was not taken")).to_be_visible()


def test_a_click_on_a_line_shows_it_and_its_ends_lead_to_the_nodes(console: Console, workflow: Json) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    line(page, "Choose", "Left").locator("path").last.click()
    panel = page.get_by_role("complementary", name="Connection")
    expect(panel.get_by_text("Run the workflow to see")).to_be_visible()
    panel.get_by_role("button", name="Left").click()
    expect(page.get_by_role("complementary", name="Node")).to_be_visible()
    expect(panel).to_have_count(0)
    panel = open_line(page, "Choose", "Taken")
    expect(panel.get_by_role("button", name="Choose · True")).to_be_visible()


def test_a_preview_comes_up_under_the_mouse(console: Console, sandbox: SandboxClient, execution: Json) -> None:
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    page = console.open(place(execution))
    expect(line(page, "Choose", "Taken").get_by_text("yes · 3")).to_be_visible()
    line(page, "Choose", "Taken").locator("path").last.hover()
    expect(page.get_by_text("3 items, 7 B")).to_be_visible()
    expect(page.get_by_text("[1,2,3]")).to_be_visible()
    page.mouse.move(1, 1)
    expect(page.get_by_text("3 items, 7 B")).to_have_count(0)


def test_the_words_on_a_connection_are_changed_and_saved(
    console: Console, sandbox: SandboxClient, workflow: Json
) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    field = open_line(page, "Choose", "Taken").get_by_role("textbox", name="Label")
    for words in ("if large <b>", ""):
        with page.expect_response(lambda answer: answer.request.method in ("PUT", "PATCH") and answer.ok):
            field.fill(words)
            field.press("Enter")
        saved = {each["id"]: each for each in sandbox.get(f"/api/workflows/{workflow['id']}")["connections"]}
        assert saved["yes"].get("label", "") == words
        expect(line(page, "Choose", "Taken").get_by_text(words or "yes", exact=True)).to_have_count(1 if words else 0)


def test_a_connection_is_deleted_from_its_panel_and_comes_back(
    console: Console, sandbox: SandboxClient, workflow: Json
) -> None:
    page = console.open(f"/workflows/{workflow['id']}")
    panel = open_line(page, "Choose", "Left")
    with page.expect_response(lambda answer: answer.request.method in ("PUT", "PATCH") and answer.ok):
        panel.get_by_role("button", name="Delete connection").click()
    expect(line(page, "Choose", "Left")).to_have_count(0)
    assert len(sandbox.get(f"/api/workflows/{workflow['id']}")["connections"]) == 3
    page.keyboard.press("Control+z")
    expect(line(page, "Choose", "Left")).to_have_count(1)


def test_each_delivery_of_a_loop_can_be_looked_at(console: Console, sandbox: SandboxClient) -> None:
    nodes = [
        node("List", "constant", 0, 0, config={"value": ["red", "green", "blue"]}),
        node("Each", "loop", 320, 0, config={"items": "{{ $json }}"}),
        node("Body", "log", 640, 0),
    ]
    edges = [
        {"id": "in", "source": "list", "target": "each", "targetHandle": "input"},
        {"id": "item", "source": "each", "sourceHandle": "item", "target": "body"},
        {"id": "back", "source": "body", "target": "each", "targetHandle": "back"},
    ]
    workflow = sandbox.post("/api/workflows", {"nodes": nodes, "edges": edges})
    execution = sandbox.post(f"/api/workflows/{workflow['id']}/execute")
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    panel = open_line(console.open(place(execution)), "Each", "Body")
    for number, colour in ((3, "blue"), (2, "green"), (1, "red")):
        expect(panel.get_by_role("spinbutton", name="Delivery")).to_have_value(str(number))
        expect(panel.locator("pre")).to_have_text(colour)
        if number > 1:
            panel.get_by_role("button", name="Previous delivery").click()


def test_what_is_wrong_with_a_connection_is_marked_on_it(console: Console, sandbox: SandboxClient) -> None:
    nodes = [node("One", "log", 0, 0), node("Other", "log", 320, 0)]
    edges = [{"id": "a", "source": "one", "target": "other"}, {"id": "b", "source": "other", "target": "one"}]
    workflow = sandbox.post("/api/workflows", {"nodes": nodes, "edges": edges})
    issues = sandbox.post(f"/api/workflows/{workflow['id']}/validate")["issues"]
    marked = [issue for issue in issues if issue.get("connection_id") and issue["severity"] != "info"]
    assert marked
    page = console.open(f"/workflows/{workflow['id']}")
    for issue in marked:
        mark = page.locator(f"[data-id='{issue['connection_id']}']").get_by_role("img")
        expect(mark).to_have_accessible_name(re.compile(re.escape(issue["message"])))
