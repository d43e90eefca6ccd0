"""The palette: every type of the sandbox can be found and added."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console
from .saved import wait_until_saved

Json = Any


@pytest.fixture
def workflow(sandbox: SandboxClient) -> str:
    """A workflow without nodes, in a sandbox with a type of its own."""
    sandbox.post("/api/node-types", {"type": "greeting", "display_name": "Greeting", "category": "ours"})
    made: Json = sandbox.post("/api/workflows", {"name": "Empty"})
    return str(made["id"])


@pytest.fixture
def page(console: Console, workflow: str) -> Page:
    page = console.open(f"/workflows/{workflow}")
    expect(palette(page).get_by_role("button", name="Delay")).to_be_visible()
    return page


def palette(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Palette")


def nodes(page: Page, sandbox: SandboxClient, workflow: str) -> list[Json]:
    wait_until_saved(page)
    found: Json = sandbox.get(f"/api/workflows/{workflow}")
    return list(found["nodes"])


def test_a_click_adds_a_node_that_is_selected(page: Page, sandbox: SandboxClient, workflow: str) -> None:
    palette(page).get_by_role("button", name="Delay").click()
    expect(page.get_by_role("group", name="Delay", exact=True)).to_be_visible()
    expect(page.get_by_role("complementary", name="Node")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    [added] = nodes(page, sandbox, workflow)
    assert (added["type"], added["data"]) == ("delay", {"label": "Delay"})
    assert "selected" not in added


def test_a_second_node_lies_beside_the_first_and_has_a_name_of_its_own(
    page: Page, sandbox: SandboxClient, workflow: str
) -> None:
    palette(page).get_by_role("button", name="Delay").click()
    palette(page).get_by_role("button", name="Delay").press("Enter")
    expect(page.get_by_role("group", name="Delay 2", exact=True)).to_be_visible()
    first, second = nodes(page, sandbox, workflow)
    assert second["id"] == "delay_2"
    assert first["position"] != second["position"]


def test_a_type_is_dragged_to_where_it_shall_be(page: Page, sandbox: SandboxClient, workflow: str) -> None:
    canvas = page.locator(".react-flow__pane")
    palette(page).get_by_role("button", name="Webhook").drag_to(canvas, target_position={"x": 120, "y": 90})
    box = page.get_by_role("group", name="Webhook", exact=True)
    expect(box).to_be_visible()
    there, here = canvas.bounding_box(), box.bounding_box()
    assert there is not None
    assert here is not None
    assert abs(here["x"] - there["x"] - 96) < 4
    assert nodes(page, sandbox, workflow)[0]["type"] == "webhook_trigger"


def test_a_type_that_is_dropped_on_a_group_is_in_it(page: Page, sandbox: SandboxClient, workflow: str) -> None:
    palette(page).get_by_role("button", name="Group").click()
    group = page.get_by_role("group", name="Group", exact=True)
    palette(page).get_by_role("button", name="Delay").drag_to(group, target_position={"x": 60, "y": 90})
    expect(page.get_by_role("group", name="Delay", exact=True)).to_be_visible()
    assert [node.get("parentId") for node in nodes(page, sandbox, workflow)] == [None, "group"]


def test_a_search_finds_types_by_name_and_by_what_they_do(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("moving")
    expect(palette(page).get_by_role("button", name="Moving average")).to_be_visible()
    expect(palette(page).get_by_role("button", name="Delay")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(palette(page).get_by_role("button", name="Delay")).to_be_visible()


def test_a_search_for_what_is_not_there_says_so(page: Page) -> None:
    page.get_by_role("searchbox", name="Search node types").fill("nonsense")
    expect(palette(page)).to_contain_text('No node type is about "nonsense".')


def test_categories_close_and_open(page: Page) -> None:
    palette(page).get_by_text("Flow", exact=True).click()
    expect(palette(page).get_by_role("button", name="Delay")).to_be_hidden()
    palette(page).get_by_text("Flow", exact=True).press("Enter")
    expect(palette(page).get_by_role("button", name="Delay")).to_be_visible()


def test_types_of_ones_own_are_there(page: Page) -> None:
    expect(palette(page).get_by_role("button", name="Greeting")).to_be_visible()
    expect(palette(page)).to_contain_text("Ours")


def test_every_type_of_the_server_has_its_picture(page: Page, sandbox: SandboxClient) -> None:
    types: Json = sandbox.get("/api/node-types")
    for kind in types["items"]:
        button = palette(page).get_by_role("button", name=kind["display_name"], exact=True).first
        wanted = "box" if kind["custom"] else kind["icon"]
        assert f"lucide-{wanted}" in (button.locator("svg").get_attribute("class") or ""), kind["type"]


def test_the_palette_closes_and_opens(page: Page) -> None:
    page.get_by_role("button", name="Close the palette").click()
    expect(palette(page)).to_have_count(0)
    page.get_by_role("button", name="Palette", exact=True).click()
    expect(palette(page)).to_be_visible()


def test_on_a_phone_the_palette_goes_when_a_node_was_added(console: Console, workflow: str) -> None:
    console.page.set_viewport_size({"width": 390, "height": 844})
    page = console.open(f"/workflows/{workflow}")
    expect(palette(page)).to_have_count(0)
    page.get_by_role("button", name="Palette", exact=True).click()
    palette(page).get_by_role("button", name="Delay").click()
    expect(palette(page)).to_have_count(0)
    expect(page.get_by_role("group", name="Delay", exact=True)).to_be_visible()
