"""Workflows as files in the console: taken out, brought in, dropped anywhere."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from .conftest import Console
from .saved import HELLO, make_workflow, read_workflow, wait_until_saved

Json = Any

GRAPH = {"nodes": [{"id": "start", "type": "manual_trigger", "position": {"x": 0, "y": 200}, "data": {}}], "edges": []}

DROP = """(zone, { name, text }) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "application/json" }));
  for (const kind of ["dragenter", "dragover", "drop"])
    zone.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def drop(page: Page, zone: str, name: str, text: str) -> None:
    page.locator(zone).first.evaluate(DROP, {"name": name, "text": text})


def json_file(name: str, document: Json) -> FilePayload:
    return {"name": name, "mimeType": "application/json", "buffer": json.dumps(document).encode()}


def test_an_export_can_be_imported_again(console: Console) -> None:
    workflow_id = make_workflow(console.sandbox)
    page = console.open(f"/workflows/{workflow_id}")
    page.get_by_role("button", name="Import and export").click()
    with page.expect_download() as downloading:
        page.get_by_role("menuitem", name="Export as a file").click()
    assert downloading.value.suggested_filename == "Hello.json"
    document = json.loads(downloading.value.path().read_text())
    assert document["workflow"]["nodes"] == HELLO["nodes"]
    page.get_by_role("link", name="All workflows").click()
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Import").click()
    choosing.value.set_files(json_file("again.json", document))
    expect(page.get_by_text("“Hello” is imported.")).to_be_visible()
    [new] = [item for item in console.sandbox.get("/api/workflows")["items"] if item["id"] != workflow_id]
    assert read_workflow(console.sandbox, new["id"])["nodes"] == HELLO["nodes"]


def test_a_graph_that_is_dropped_on_the_list_is_opened_and_named_after_its_file(console: Console) -> None:
    page = console.open()
    expect(page.get_by_role("heading", name="There are no workflows yet")).to_be_visible()
    drop(page, "main", "Sums.json", json.dumps(GRAPH))
    expect(page.get_by_label("Name of the workflow")).to_have_value("Sums")
    [new] = console.sandbox.get("/api/workflows")["items"]
    assert new["name"] == "Sums"


def test_a_graph_that_is_dropped_on_a_workflow_can_be_added_to_it(console: Console) -> None:
    workflow_id = make_workflow(console.sandbox)
    page = console.open(f"/workflows/{workflow_id}")
    expect(page.locator(".react-flow__node")).to_have_count(3)
    drop(page, ".react-flow", "more.json", json.dumps(GRAPH))
    page.get_by_role("button", name="Add to this one").click()
    expect(page.locator(".react-flow__node")).to_have_count(4)
    wait_until_saved(page)
    assert len(read_workflow(console.sandbox, workflow_id)["nodes"]) == 4
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".react-flow__node")).to_have_count(3)


def test_a_graph_that_is_dropped_on_a_workflow_can_be_a_new_one(console: Console) -> None:
    workflow_id = make_workflow(console.sandbox)
    page = console.open(f"/workflows/{workflow_id}")
    expect(page.locator(".react-flow__node")).to_have_count(3)
    drop(page, ".react-flow", "Other.json", json.dumps({"flow": GRAPH, "name": "Other"}))
    page.get_by_role("button", name="Open as a new workflow").click()
    expect(page.get_by_label("Name of the workflow")).to_have_value("Other")
    assert len(read_workflow(console.sandbox, workflow_id)["nodes"]) == 3


def test_what_is_no_workflow_is_said_so(console: Console) -> None:
    page = console.open()
    expect(page.get_by_role("heading", name="There are no workflows yet")).to_be_visible()
    drop(page, "main", "notes.txt", "Hello")
    expect(page.get_by_text("There is no JSON document in notes.txt.")).to_be_visible()
    console.expect_refusal(422, "/api/workflows/import?issues=true")
    drop(page, "main", "cat.json", '{"cat": 1}')
    expect(page.get_by_text("There is no graph in this that can be read.")).to_be_visible()


def test_what_is_wrong_with_an_imported_workflow_is_told(console: Console) -> None:
    page = console.open()
    expect(page.get_by_role("heading", name="There are no workflows yet")).to_be_visible()
    loose = {**GRAPH, "edges": [{"id": "c", "source": "start", "target": "nobody"}]}
    drop(page, "main", "Loose.json", json.dumps(loose))
    expect(page.get_by_text("“Loose” is imported. It has 1 issue to look at.")).to_be_visible()
