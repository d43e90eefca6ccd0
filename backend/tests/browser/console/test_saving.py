"""Saving in the console: by itself, never over somebody else, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.testing import SandboxClient

from .conftest import Console
from .saved import HELLO, make_workflow, read_workflow, select, wait_until_saved

Json = Any


@pytest.fixture
def workflow_id(sandbox: SandboxClient) -> str:
    """A workflow to begin with."""
    return make_workflow(sandbox)


@pytest.fixture
def page(console: Console, workflow_id: str) -> Page:
    """The page on which it is open."""
    page = console.open(f"/workflows/{workflow_id}")
    expect(page.locator(".react-flow__node")).to_have_count(3)
    return page


def rename(page: Page, name: str) -> None:
    page.get_by_label("Name of the workflow").fill(name)
    page.get_by_label("Name of the workflow").press("Enter")


def remove(page: Page, label: str) -> None:
    select(page, label)
    page.keyboard.press("Delete")


def names_of(workflow: Json) -> list[str]:
    return [node["id"] for node in workflow["nodes"]]


def conflict(console: Console, page: Page, workflow_id: str) -> None:
    """Somebody else removes a node, while another one is removed here and not saved yet."""
    with console.offline():
        remove(page, "Call")
        expect(page.get_by_role("status", name="Saving")).to_have_text("Offline")
        kept = [node for node in HELLO["nodes"] if node["id"] != "wait"]
        console.sandbox.patch(f"/api/workflows/{workflow_id}", {"nodes": kept, "edges": []})
        console.expect_refusal(412, f"/api/workflows/{workflow_id}")
    expect(page.get_by_role("dialog", name="Somebody else has changed this workflow")).to_be_visible()


def test_a_change_is_saved_by_itself_and_only_that_is_sent(
    page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    rename(page, "Greeting")
    wait_until_saved(page)
    workflow = read_workflow(sandbox, workflow_id)
    assert workflow["name"] == "Greeting"
    assert workflow["nodes"] == HELLO["nodes"]
    assert workflow["revision"] == 2


def test_what_was_not_touched_is_sent_back_as_it_was(page: Page, sandbox: SandboxClient, workflow_id: str) -> None:
    remove(page, "Call")
    wait_until_saved(page)
    workflow = read_workflow(sandbox, workflow_id)
    assert workflow["nodes"] == HELLO["nodes"][:2]
    assert workflow["connections"] == HELLO["edges"][:1]


def test_undo_after_a_save_is_saved_again(page: Page, sandbox: SandboxClient, workflow_id: str) -> None:
    remove(page, "Call")
    wait_until_saved(page)
    page.get_by_role("button", name="Undo").click()
    wait_until_saved(page)
    assert read_workflow(sandbox, workflow_id)["nodes"] == HELLO["nodes"]


def test_without_a_connection_nothing_is_lost(
    console: Console, page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    with console.offline():
        rename(page, "Later")
        expect(page.get_by_role("status", name="Saving")).to_have_text("Offline")
    wait_until_saved(page)
    assert read_workflow(sandbox, workflow_id)["name"] == "Later"


def test_what_is_unsaved_is_sent_when_the_workflow_is_left(
    page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    rename(page, "Left")
    page.get_by_role("link", name="All workflows").click()
    expect(page.get_by_role("link", name="Left", exact=True)).to_be_visible()
    assert read_workflow(sandbox, workflow_id)["name"] == "Left"


def test_what_is_unsaved_is_sent_when_the_page_is_left(page: Page, sandbox: SandboxClient, workflow_id: str) -> None:
    rename(page, "Gone")
    page.reload()
    expect(page.get_by_label("Name of the workflow")).to_have_value("Gone")
    assert read_workflow(sandbox, workflow_id)["name"] == "Gone"


def test_what_somebody_else_saves_is_shown_while_nothing_is_unsaved(
    page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    sandbox.patch(f"/api/workflows/{workflow_id}", {"name": "Theirs"})
    expect(page.get_by_label("Name of the workflow")).to_have_value("Theirs")
    expect(page.get_by_text("Somebody else has changed this workflow. You see revision 2 now.")).to_be_visible()
    rename(page, "Mine")
    wait_until_saved(page)
    assert read_workflow(sandbox, workflow_id)["name"] == "Mine"


def test_a_conflict_shows_both_and_mine_can_be_kept(
    console: Console, page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    conflict(console, page, workflow_id)
    expect(page.get_by_role("region", name="Mine")).to_contain_text("Removed node “Call”")
    expect(page.get_by_role("region", name="Theirs, revision 2")).to_contain_text("Removed node “Wait”")
    page.get_by_role("button", name="Keep mine", exact=True).click()
    wait_until_saved(page)
    assert names_of(read_workflow(sandbox, workflow_id)) == ["start", "wait"]
    versions = [sandbox.get(f"/api/workflows/{workflow_id}/versions/{revision}") for revision in (1, 2, 3)]
    assert [len(version["workflow"]["nodes"]) for version in versions] == [3, 2, 2]


def test_theirs_can_be_taken_and_undo_brings_mine_back(
    console: Console, page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    conflict(console, page, workflow_id)
    page.get_by_role("button", name="Take theirs").click()
    expect(page.locator(".react-flow__node", has_text="Call")).to_be_visible()
    wait_until_saved(page)
    assert names_of(read_workflow(sandbox, workflow_id)) == ["start", "call"]
    page.get_by_role("button", name="Undo").click()
    wait_until_saved(page)
    assert names_of(read_workflow(sandbox, workflow_id)) == ["start", "wait"]


def test_mine_can_be_kept_as_a_copy(console: Console, page: Page, sandbox: SandboxClient, workflow_id: str) -> None:
    conflict(console, page, workflow_id)
    page.get_by_role("button", name="Keep mine as a copy").click()
    expect(page.get_by_label("Name of the workflow")).to_have_value("Hello (mine)")
    copies = sandbox.get("/api/workflows?q=mine")["items"]
    assert names_of(read_workflow(sandbox, copies[0]["id"])) == ["start", "wait"]
    assert names_of(read_workflow(sandbox, workflow_id)) == ["start", "call"]


def test_a_choice_can_be_put_off_and_nothing_is_saved_until_then(
    console: Console, page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    conflict(console, page, workflow_id)
    page.keyboard.press("Escape")
    expect(page.get_by_role("status", name="Saving")).to_have_text("Conflict")
    page.get_by_role("button", name="Choose").click()
    page.get_by_role("button", name="Keep mine", exact=True).click()
    wait_until_saved(page)
    assert names_of(read_workflow(sandbox, workflow_id)) == ["start", "wait"]


def test_a_workflow_that_somebody_deleted_can_be_saved_as_a_new_one(
    page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    sandbox.delete(f"/api/workflows/{workflow_id}")
    page.get_by_role("dialog", name="This workflow was deleted").get_by_role(
        "button", name="Save as a new workflow"
    ).click()
    expect(page.locator(".react-flow__node")).to_have_count(3)
    [new] = sandbox.get("/api/workflows")["items"]
    assert new["id"] != workflow_id
    assert names_of(read_workflow(sandbox, new["id"])) == ["start", "wait", "call"]


def test_details_are_changed_in_a_dialog(page: Page, sandbox: SandboxClient, workflow_id: str) -> None:
    page.get_by_role("button", name="More about the workflow").click()
    page.get_by_role("menuitem", name="Name, description and tags").click()
    page.get_by_label("Description").fill("It says hello.")
    page.get_by_label("Tags").fill("one, two, one")
    page.get_by_role("button", name="Save", exact=True).click()
    wait_until_saved(page)
    workflow = read_workflow(sandbox, workflow_id)
    assert (workflow["description"], workflow["tags"]) == ("It says hello.", ["one", "two"])


def test_an_earlier_version_is_restored_and_undo_takes_it_back(
    page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    remove(page, "Call")
    wait_until_saved(page)
    page.get_by_role("button", name="More about the workflow").click()
    page.get_by_role("menuitem", name="Versions").click()
    page.get_by_role("button", name="Restore 1").click()
    expect(page.locator(".react-flow__node")).to_have_count(3)
    assert names_of(read_workflow(sandbox, workflow_id)) == ["start", "wait", "call"]
    page.get_by_role("button", name="Undo").click()
    wait_until_saved(page)
    assert names_of(read_workflow(sandbox, workflow_id)) == ["start", "wait"]


def test_what_is_deleted_here_is_asked_about_once_and_is_gone(page: Page, sandbox: SandboxClient) -> None:
    page.get_by_role("button", name="More about the workflow").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_role("heading", name="There are no workflows yet")).to_be_visible()
    assert sandbox.get("/api/workflows")["items"] == []


def test_a_name_is_saved_while_it_is_typed_and_escape_brings_the_old_one_back(
    page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    name = page.get_by_label("Name of the workflow")
    name.fill("Typed")
    page.reload()
    expect(name).to_have_value("Typed")
    name.fill("Never")
    name.press("Escape")
    wait_until_saved(page)
    assert read_workflow(sandbox, workflow_id)["name"] == "Typed"


def test_what_cannot_be_saved_when_the_workflow_is_left_waits_for_its_return(
    console: Console, page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    with console.offline():
        rename(page, "Kept")
        page.get_by_role("link", name="All workflows").click()
        expect(page.get_by_text("Your latest changes to “Kept” could not be saved.")).to_be_visible()
    page.get_by_role("link", name="Hello", exact=True).click()
    expect(page.get_by_label("Name of the workflow")).to_have_value("Kept")
    wait_until_saved(page)
    assert read_workflow(sandbox, workflow_id)["name"] == "Kept"


def test_a_reset_leaves_what_is_unsaved_on_the_page(
    console: Console, page: Page, sandbox: SandboxClient, workflow_id: str
) -> None:
    page.get_by_label("Name of the workflow").fill("Mine")
    sandbox.reset()
    page.get_by_role("dialog", name="This workflow was deleted").get_by_role(
        "button", name="Save as a new workflow"
    ).click()
    expect(page.get_by_label("Name of the workflow")).to_have_value("Mine")
    wait_until_saved(page)
    assert [item["name"] for item in sandbox.get("/api/workflows")["items"]] == ["Mine"]


def test_a_reset_leads_to_the_list_while_nothing_is_unsaved(page: Page, sandbox: SandboxClient) -> None:
    sandbox.reset()
    expect(page.get_by_text("this workflow is not in it any more")).to_be_visible()
    expect(page.get_by_role("heading", name="There are no workflows yet")).to_be_visible()
