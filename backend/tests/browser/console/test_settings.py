"""The form of a node in the console: what is typed is saved, what is wrong is shown, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console
from .saved import make_workflow, read_data, select, wait_until_saved
from .test_accessibility import findings

Json = Any


class Editing:
    """A workflow that is open."""

    def __init__(self, console: Console) -> None:
        self.sandbox: SandboxClient = console.sandbox
        self.workflow_id = make_workflow(self.sandbox)
        self.page: Page = console.open(f"/workflows/{self.workflow_id}")

    def settings(self, label: str) -> Locator:
        """The form of a node."""
        select(self.page, label)
        return self.page.get_by_role("complementary", name="Node")

    def saved(self, node_id: str) -> Json:
        """The data of a node, once all is saved."""
        wait_until_saved(self.page)
        return read_data(self.sandbox, self.workflow_id, node_id)


@pytest.fixture
def editing(console: Console) -> Editing:
    """The console with a workflow in it."""
    return Editing(console)


def test_what_is_typed_into_the_form_is_saved_and_defaults_are_not(editing: Editing) -> None:
    form = editing.settings("Call")
    expect(form.get_by_label("URL")).to_have_value("https://api.example.com/users")
    form.get_by_label("URL").fill("https://example.org/{{ $json.id }}")
    assert editing.saved("call")["config"] == {"url": "https://example.org/{{ $json.id }}"}


def test_every_kind_of_field_keeps_its_kind(editing: Editing) -> None:
    form = editing.settings("Call")
    form.get_by_label("Method").select_option("PUT")
    form.get_by_label("Timeout (ms)").first.fill("250")
    form.get_by_label("Fail on status 400 and above").uncheck()
    form.get_by_label("Body").fill('{"a": [1, null]}')
    headers = form.get_by_role("group", name="Headers")
    headers.get_by_role("button", name="Add row").click()
    headers.get_by_label("Name 1").fill("Accept")
    headers.get_by_label("Value 1").fill("text/plain")
    assert editing.saved("call")["config"] == {
        "method": "PUT",
        "timeout_ms": 250,
        "fail_on_error_status": False,
        "body": {"a": [1, None]},
        "headers": {"Accept": "text/plain"},
    }


def test_what_is_wrong_is_said_beside_its_field_and_kept_as_it_was_typed(editing: Editing) -> None:
    form = editing.settings("Wait")
    form.get_by_label("Seconds").fill("soon")
    expect(form.get_by_text("'soon' is not of type 'number'")).to_be_visible()
    expect(form.get_by_label("Seconds")).to_have_attribute("aria-invalid", "true")
    assert editing.saved("wait")["config"] == {"seconds": "soon"}
    form.get_by_label("Seconds").fill("1.50")
    expect(form.get_by_text("'soon' is not of type 'number'")).to_have_count(0)
    expect(form.get_by_label("Seconds")).to_have_value("1.50")
    assert editing.saved("wait")["config"] == {"seconds": 1.5}


def test_a_field_that_was_emptied_has_its_default_again_when_it_is_left(editing: Editing) -> None:
    form = editing.settings("Wait")
    form.get_by_label("Seconds").fill("7")
    form.get_by_label("Seconds").fill("")
    expect(form.get_by_label("Seconds")).to_have_value("")
    form.get_by_label("Seconds").blur()
    expect(form.get_by_label("Seconds")).to_have_value("5")
    assert editing.saved("wait").get("config", {}) == {}


def test_items_of_a_list_are_added_moved_and_removed(console: Console) -> None:
    ask = {"id": "ask", "type": "approval", "position": {"x": 0, "y": 0}, "data": {"label": "Ask"}}
    workflow_id = make_workflow(console.sandbox, nodes=[ask], edges=[])
    page = console.open(f"/workflows/{workflow_id}")
    select(page, "Ask")
    options = page.get_by_role("group", name="Options")
    options.get_by_role("button", name="Add item").click()
    options.get_by_role("group", name="Item 3").get_by_label("Id").fill("later")
    options.get_by_role("button", name="Move item 3 up").click()
    options.get_by_role("button", name="Remove item 1").click()
    wait_until_saved(page)
    assert [option["id"] for option in read_data(console.sandbox, workflow_id, "ask")["config"]["options"]] == [
        "later",
        "rejected",
    ]


def test_typing_in_one_field_is_one_step(editing: Editing) -> None:
    form = editing.settings("Wait")
    form.get_by_label("Label", exact=True).press("End")
    form.get_by_label("Label", exact=True).press_sequentially(" for it")
    assert editing.saved("wait")["label"] == "Wait for it"
    editing.page.get_by_role("button", name="Undo").click()
    expect(form.get_by_label("Label", exact=True)).to_have_value("Wait")
    assert editing.saved("wait")["label"] == "Wait"


def test_what_follows_a_failure_and_what_is_pinned_are_kept_with_the_node(editing: Editing) -> None:
    form = editing.settings("Call")
    form.get_by_label("Disabled").check()
    form.get_by_text("If it fails", exact=True).click()
    form.get_by_label("After the last attempt").select_option("continue")
    form.get_by_label("Attempts", exact=True).fill("3")
    form.get_by_text("Pinned result").click()
    form.get_by_label("Output (JSON)").fill('{"ok": true}')
    data = editing.saved("call")
    assert data["disabled"] is True
    assert data["on_error"] == "continue"
    assert data["retry"] == {"max_attempts": 3}
    assert data["mock"] == {"output": {"ok": True}}


def test_what_the_server_would_refuse_stays_in_its_field_and_is_not_sent(editing: Editing) -> None:
    form = editing.settings("Call")
    form.get_by_text("If it fails", exact=True).click()
    form.get_by_label("Attempts", exact=True).fill("1000")
    expect(form.get_by_text("A whole number from 1 to 100. This is not saved.")).to_be_visible()
    form.get_by_text("Pinned result").click()
    form.get_by_label("Output (JSON)").fill('{"ok":')
    expect(form.get_by_text("This is no JSON yet")).to_be_visible()
    expect(form.get_by_label("Output (JSON)")).to_have_value('{"ok":')
    assert "retry" not in editing.saved("call")


def test_a_node_of_a_type_that_nobody_knows_is_configured_as_json(console: Console) -> None:
    own = {"id": "own", "type": "theirs", "position": {"x": 0, "y": 0}, "data": {"label": "Own", "x": 1}}
    workflow_id = make_workflow(console.sandbox, nodes=[own], edges=[])
    page = console.open(f"/workflows/{workflow_id}")
    select(page, "Own")
    page.get_by_label("Configuration (JSON)").fill('{"tone": "warm"}')
    wait_until_saved(page)
    assert read_data(console.sandbox, workflow_id, "own") == {"label": "Own", "x": 1, "config": {"tone": "warm"}}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_form_is_for_everybody(editing: Editing, theme: Any) -> None:
    editing.page.emulate_media(color_scheme=theme)
    form = editing.settings("Call")
    form.get_by_text("If it fails", exact=True).click()
    form.get_by_text("Pinned result").click()
    form.get_by_role("button", name="Add row").first.click()
    form.get_by_label("Timeout (ms)").first.fill("soon")
    expect(form.get_by_text("'soon' is not of type 'integer'")).to_be_visible()
    assert findings(editing.page) == []


def test_json_is_typed_key_by_key_and_the_field_keeps_the_focus(console: Console) -> None:
    ask = {"id": "ask", "type": "rag_query", "position": {"x": 0, "y": 0}, "data": {"label": "Ask"}}
    workflow_id = make_workflow(console.sandbox, nodes=[ask], edges=[])
    page = console.open(f"/workflows/{workflow_id}")
    select(page, "Ask")
    documents = page.get_by_role("textbox", name="Documents")
    documents.fill("")
    documents.press_sequentially('["a","b"')
    expect(documents).to_be_focused()
    expect(documents).to_have_value('["a","b"')
    expect(documents).to_have_attribute("aria-invalid", "true")
    documents.press_sequentially("]")
    expect(documents).to_be_focused()
    wait_until_saved(page)
    assert read_data(console.sandbox, workflow_id, "ask")["config"] == {"documents": ["a", "b"]}


def test_a_new_item_is_an_empty_text_where_the_schema_says_text(console: Console) -> None:
    sums = {"id": "sums", "type": "aggregate", "position": {"x": 0, "y": 0}, "data": {"label": "Sums"}}
    workflow_id = make_workflow(console.sandbox, nodes=[sums], edges=[])
    page = console.open(f"/workflows/{workflow_id}")
    select(page, "Sums")
    group = page.get_by_role("group", name="Group by")
    group.get_by_role("button", name="Add item").click()
    wait_until_saved(page)
    assert read_data(console.sandbox, workflow_id, "sums")["config"] == {"group_by": [""]}
    group.get_by_role("group", name="Item 1").get_by_role("textbox").fill("team")
    wait_until_saved(page)
    assert read_data(console.sandbox, workflow_id, "sums")["config"] == {"group_by": ["team"]}
