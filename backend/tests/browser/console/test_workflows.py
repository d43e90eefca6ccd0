"""The list of workflows in the console: found, sorted, begun, copied, deleted, and always as it is."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console
from .saved import make_workflow


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Workflows").get_by_role("heading")


def make(sandbox: SandboxClient, *names: str) -> list[str]:
    return [make_workflow(sandbox, name=name, tags=[name.lower()]) for name in names]


def test_an_empty_sandbox_says_what_to_do(console: Console) -> None:
    page = console.open()
    expect(page.get_by_role("heading", name="There are no workflows yet")).to_be_visible()
    expect(page.get_by_role("link", name="Pick a template")).to_have_attribute("href", "#/templates")
    page.get_by_role("button", name="Draw a workflow").click()
    expect(page.get_by_label("Name of the workflow")).to_have_value("Untitled workflow")
    assert len(console.sandbox.get("/api/workflows")["items"]) == 1


def test_the_demo_can_be_loaded_and_seed_and_pace_stay(console: Console) -> None:
    page = console.open()
    page.get_by_role("button", name="Load the demo").click()
    expect(page.get_by_role("link", name="Support triage")).to_be_visible()
    state = console.sandbox.state()
    assert (state["scenario"], state["seed"], state["clock"]["pace"]) == ("demo", 7, "stopped")


def test_workflows_are_searched_picked_by_tag_and_sorted(console: Console) -> None:
    make(console.sandbox, "Beta", "Alpha", "Gamma")
    page = console.open()
    expect(rows(page)).to_have_text(["Gamma", "Alpha", "Beta"])
    page.get_by_label("Sort by").select_option("Name")
    expect(rows(page)).to_have_text(["Alpha", "Beta", "Gamma"])
    page.get_by_label("Search workflows").fill("mm")
    expect(rows(page)).to_have_text(["Gamma"])
    page.get_by_label("Search workflows").fill("nobody")
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("button", name="beta: only this tag").click()
    expect(rows(page)).to_have_text(["Beta"])
    page.get_by_role("button", name="beta: no longer only this tag").click()
    expect(rows(page)).to_have_count(3)


def test_workflows_are_picked_by_status_and_an_execution_changes_it(console: Console) -> None:
    idle, running = make(console.sandbox, "Idle", "Running")
    console.sandbox.post(f"/api/workflows/{running}/execute")
    page = console.open("/workflows/" + idle)
    page.get_by_role("link", name="All workflows").click()
    page.get_by_label("Status").select_option("running")
    expect(rows(page)).to_have_text(["Running"])
    console.sandbox.post(f"/api/workflows/{running}/stop")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()


def test_what_others_do_is_seen_at_once(console: Console) -> None:
    [workflow_id] = make(console.sandbox, "One")
    page = console.open()
    expect(rows(page)).to_have_text(["One"])
    console.sandbox.patch(f"/api/workflows/{workflow_id}", {"name": "Renamed"})
    expect(rows(page)).to_have_text(["Renamed"])
    make(console.sandbox, "Two")
    expect(rows(page)).to_have_text(["Two", "Renamed"])


def test_long_lists_have_pages(console: Console) -> None:
    make(console.sandbox, *[f"W{number:02}" for number in range(21)])
    page = console.open()
    expect(rows(page)).to_have_count(20)
    page.get_by_role("button", name="Next page").click()
    expect(rows(page)).to_have_text(["W00"])


def test_a_workflow_is_copied_and_deleted_from_the_list(console: Console) -> None:
    make(console.sandbox, "One")
    page = console.open()
    page.get_by_role("button", name="More about One").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(rows(page)).to_have_text(["One (Copy)", "One"])
    page.get_by_role("button", name="More about One", exact=True).click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(rows(page)).to_have_text(["One (Copy)"])
    assert [item["name"] for item in console.sandbox.get("/api/workflows")["items"]] == ["One (Copy)"]


def test_the_list_works_by_keyboard(console: Console) -> None:
    make(console.sandbox, "One")
    page = console.open()
    page.get_by_role("button", name="More about One").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Duplicate")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Delete")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="More about One")).to_be_focused()
    page.get_by_role("link", name="One", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of the workflow")).to_have_value("One")


def test_names_are_text_whatever_is_in_them(console: Console) -> None:
    name = "<img src=x onerror=alert(1)>" + "W" * 200
    make_workflow(console.sandbox, name=name, description="<b>" * 100)
    page = console.open()
    expect(rows(page)).to_have_text([name])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_that_is_emptied_gives_way_to_the_last_one(console: Console) -> None:
    ids = make(console.sandbox, *[f"W{number:02}" for number in range(21)])
    page = console.open()
    page.get_by_role("button", name="Next page").click()
    expect(rows(page)).to_have_text(["W00"])
    console.sandbox.delete(f"/api/workflows/{ids[0]}")
    expect(rows(page)).to_have_count(20)


def test_a_double_click_makes_one_workflow(console: Console) -> None:
    make(console.sandbox, "One")
    page = console.open()
    page.get_by_role("button", name="New workflow").evaluate("button => { button.click(); button.click(); }")
    expect(page.get_by_label("Name of the workflow")).to_have_value("Untitled workflow")
    assert console.sandbox.get("/api/workflows")["total"] == 2


def test_typing_looks_once(console: Console) -> None:
    make(console.sandbox, "Beta", "Alpha")
    page = console.open()
    page.get_by_label("Search workflows").press_sequentially("alpha")
    expect(rows(page)).to_have_text(["Alpha"])
    assert len([address for address in console.asked if "q=" in address]) == 1
