"""The room of the templates: they are looked at, found, applied, changed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.testing import SandboxClient

from .conftest import Console

GRAPH: Any = {
    "nodes": [
        {"id": "wait", "type": "delay", "position": {"x": 0, "y": 0}, "data": {"config": {"seconds": 5}}},
        {"id": "say", "type": "log", "position": {"x": 300, "y": 0}, "data": {}},
    ],
    "connections": [{"id": "then", "source": "wait", "target": "say"}],
}
SECONDS = {"name": "seconds", "label": "Seconds", "type": "integer", "pointers": ["/nodes/0/data/config/seconds"]}
LOUD = {"name": "loud", "label": "Loud", "type": "boolean", "default": False, "pointers": ["/nodes/1/data/loud"]}


@pytest.fixture
def scenario() -> str:
    """With the fourteen templates that come along."""
    return "demo"


def make_own(sandbox: SandboxClient, **more: Any) -> Any:
    return sandbox.post("/api/templates", {"name": "Wait and say", "category": "mine", **GRAPH, **more})


def open_own(console: Console) -> Page:
    page = console.open("/templates")
    page.get_by_role("button", name="Wait and say").click()
    return page


def test_a_template_is_drawn_as_its_graph_is(console: Console, sandbox: SandboxClient) -> None:
    make_own(sandbox)
    page = console.open("/templates")
    drawing = page.get_by_role("button", name="Wait and say").get_by_role("img")
    expect(drawing).to_have_accessible_name("A graph with 2 nodes and 1 connection")
    expect(drawing.locator("rect")).to_have_count(2)
    places = drawing.locator("rect").evaluate_all("all => all.map(one => one.getBoundingClientRect().x)")
    assert places[0] < places[1]


def test_templates_are_found_by_words_and_by_category(console: Console) -> None:
    page = console.open("/templates")
    cards = page.get_by_role("list", name="Templates", exact=True).get_by_role("button")
    page.get_by_label("Category").select_option("approval")
    expect(cards).to_have_count(2)
    page.get_by_label("Search templates").fill("onboarding")
    expect(cards).to_have_count(1)
    page.get_by_label("Search templates").fill("nothing has this")
    page.get_by_role("button", name="Show all templates").click()
    expect(page.get_by_text("14 templates")).to_be_visible()
    page.get_by_role("button", name="Next page").click()
    expect(cards).to_have_count(2)


def test_a_template_is_applied_with_what_was_filled_in_and_opened(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/templates")
    page.get_by_label("Search templates").fill("daily sales")
    page.get_by_role("button", name="Daily Sales Report").click()
    page.get_by_label("Slack channel").fill("#numbers")
    page.get_by_label("Chart", exact=True).select_option("pie")
    page.get_by_role("button", name="Use template").click()
    page.wait_for_url("**/#/workflows/*")
    workflow = sandbox.get(f"/api/workflows/{page.url.rsplit('/', 1)[-1]}")
    configs = [node["data"]["config"] for node in workflow["nodes"]]
    assert (configs[4]["channel"], configs[3]["chart_type"]) == ("#numbers", "pie")
    assert configs[0]["cron"] == "0 9 * * 1-5"


def test_numbers_and_yes_or_no_arrive_as_what_they_are(console: Console, sandbox: SandboxClient) -> None:
    make_own(sandbox, parameters=[SECONDS, LOUD])
    page = open_own(console)
    page.get_by_label("Seconds").fill("8")
    page.get_by_label("Loud").check()
    page.get_by_role("button", name="Use template").click()
    page.wait_for_url("**/#/workflows/*")
    wait, say = sandbox.get(f"/api/workflows/{page.url.rsplit('/', 1)[-1]}")["nodes"]
    assert (wait["data"]["config"]["seconds"], say["data"]["loud"]) == (8, True)


def test_a_value_that_does_not_fit_is_told_at_its_field(console: Console, sandbox: SandboxClient) -> None:
    template = make_own(sandbox, parameters=[SECONDS])
    console.expect_refusal(422, f"/api/templates/{template['id']}/apply")
    page = open_own(console)
    page.get_by_label("Seconds").fill("1.5")
    page.get_by_role("button", name="Use template").click()
    expect(page.get_by_text("'seconds' must be of type integer.")).to_be_visible()
    expect(page.get_by_label("Seconds")).to_have_attribute("aria-invalid", "true")


def test_ones_own_template_is_changed_and_deleted(console: Console, sandbox: SandboxClient) -> None:
    template = make_own(sandbox)
    page = open_own(console)
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Name").fill("Wait and greet")
    page.get_by_label("Tags").fill("slow, polite, slow")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog", name="Wait and greet")).to_be_visible()
    saved = sandbox.get(f"/api/templates/{template['id']}")
    assert (saved["name"], saved["tags"], len(saved["nodes"])) == ("Wait and greet", ["slow", "polite"], 2)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete this template?").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("14 templates")).to_be_visible()
    assert template["id"] not in [one["id"] for one in sandbox.get("/api/templates")["items"]]


def test_a_template_that_came_along_cannot_be_changed(console: Console) -> None:
    page = console.open("/templates")
    page.get_by_role("button", name="First Steps").click()
    dialog = page.get_by_role("dialog", name="First Steps")
    expect(dialog.get_by_role("button", name="Use template")).to_be_visible()
    expect(dialog.get_by_role("button", name="Edit")).to_have_count(0)
    expect(dialog.get_by_role("button", name="Delete")).to_have_count(0)


def test_a_change_by_somebody_else_is_not_overwritten(console: Console, sandbox: SandboxClient) -> None:
    template = make_own(sandbox)
    console.expect_refusal(412, f"/api/templates/{template['id']}")
    page = open_own(console)
    page.get_by_role("button", name="Edit").click()
    sandbox.put(f"/api/templates/{template['id']}", {"description": "By somebody else"})
    page.get_by_label("Name").fill("Mine")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("revision")
    assert sandbox.get(f"/api/templates/{template['id']}")["name"] == "Wait and say"


def test_a_workflow_is_saved_as_a_template(console: Console, sandbox: SandboxClient) -> None:
    workflow = sandbox.post("/api/workflows", {"name": "Claims", **GRAPH})
    page = console.open(f"/workflows/{workflow['id']}")
    page.get_by_role("button", name="More about the workflow").click()
    page.get_by_role("menuitem", name="Save as template").click()
    dialog = page.get_by_role("dialog", name="Save as template")
    expect(dialog.get_by_label("Name")).to_have_value("Claims")
    dialog.get_by_label("Category").fill("mine")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Claims is a template now.")).to_be_visible()
    [template] = sandbox.get("/api/templates?category=mine")["items"]
    assert (template["name"], template["node_count"]) == ("Claims", 2)


@pytest.mark.parametrize("scenario", ["empty"])
def test_where_there_are_no_templates_the_room_says_how_they_come(console: Console) -> None:
    page = console.open("/templates")
    expect(page.get_by_role("heading", name="No templates yet")).to_be_visible()
    expect(page.get_by_text("Open a workflow and save it as a template.")).to_be_visible()


def test_a_workflow_with_a_long_name_becomes_a_template_with_as_much_of_it_as_fits(
    console: Console, sandbox: SandboxClient
) -> None:
    workflow = sandbox.post("/api/workflows", {"name": "w" * 255})
    page = console.open(f"/workflows/{workflow['id']}")
    page.get_by_role("button", name="More about the workflow").click()
    page.get_by_role("menuitem", name="Save as template").click()
    expect(page.get_by_role("dialog").get_by_label("Name", exact=True)).to_have_value("w" * 200)
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("is a template now.")).to_be_visible()


def test_a_template_that_somebody_else_deleted_is_gone(console: Console, sandbox: SandboxClient) -> None:
    template = make_own(sandbox)
    page = console.open("/templates")
    card = page.get_by_role("button", name="Wait and say")
    expect(card.get_by_role("img")).to_be_visible()
    sandbox.delete(f"/api/templates/{template['id']}")
    console.expect_refusal(404, f"/api/templates/{template['id']}")
    card.click()
    expect(page.get_by_text("Wait and say is not there any more.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(card).to_have_count(0)
