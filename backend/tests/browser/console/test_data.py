"""What nodes took and gave: in the view that fits, by port, by attempt and by iteration; and taken out of the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console

Json = Any

ROWS = [{"name": f"City {number}", "people": (number * 7919) % 1000} for number in range(1000)]


def node(name: str, kind: str = "constant", **data: Json) -> Json:
    """A node that is called as it is found."""
    return {"id": name.lower(), "type": kind, "position": {"x": 0, "y": 0}, "data": {"label": name, **data}}


def constant(name: str, value: Json) -> Json:
    return node(name, config={"value": value})


def execute(sandbox: SandboxClient, nodes: list[Json], connections: tuple[tuple[str, str], ...] = ()) -> str:
    """Where an execution is seen that has run to its end: the nodes stand side by side."""
    for place, each in enumerate(nodes):
        each["position"] = {"x": 280 * place, "y": 0}
    edges = [
        {"id": f"{source}-{target}", "source": source.split(".")[0], "target": target.split(".")[0]}
        | {side: end.split(".")[1] for side, end in (("sourceHandle", source), ("targetHandle", target)) if "." in end}
        for source, target in connections
    ]
    workflow = sandbox.post("/api/workflows", {"name": "Shown", "nodes": nodes, "edges": edges})
    execution = sandbox.post(f"/api/workflows/{workflow['id']}/execute")
    sandbox.clock.advance(3600)
    return f"/workflows/{workflow['id']}/executions/{execution['id']}"


def select(page: Page, name: str) -> Locator:
    """The panel of a node, after it was selected with the keyboard."""
    found = page.get_by_role("group", name=name, exact=True)
    found.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Node")
    panel.get_by_role("tab", name="Data").click()
    return panel


def part(panel: Locator, name: str) -> Locator:
    """A part of a panel: output, input, error, log."""
    return panel.locator("section").and_(panel.get_by_role("region", name=name, exact=True))


def view(panel: Locator, name: str, of: str = "Output") -> None:
    """See a value otherwise."""
    panel.get_by_role("group", name=f"View of {of}").get_by_role("button", name=name, exact=True).click()


def names(panel: Locator) -> list[str]:
    """The first column of the rows that are drawn."""
    cells: list[str] = panel.get_by_role("table").locator("tbody tr td:first-child").all_text_contents()
    return cells


def test_output_and_input_of_a_node_are_shown_as_tables_where_they_are_rows(
    console: Console, sandbox: SandboxClient
) -> None:
    place = execute(sandbox, [constant("Cities", ROWS[:3]), node("Log", "log")], (("cities", "log"),))
    panel = select(console.open(place), "Log")
    for name in ("Output", "Input"):
        table = panel.get_by_role("table", name=name)
        expect(table.get_by_role("columnheader")).to_have_text(["name", "people"])
        expect(table.get_by_role("row").nth(2)).to_contain_text("City 1")


def test_a_column_sorts_up_down_and_not_at_all(console: Console, sandbox: SandboxClient) -> None:
    panel = select(console.open(execute(sandbox, [constant("Cities", ROWS[:3])])), "Cities")
    head = panel.get_by_role("columnheader", name="people")
    for order, first in (("ascending", "City 0"), ("descending", "City 1"), ("none", "City 0")):
        head.get_by_role("button").press("Enter")
        expect(head).to_have_attribute("aria-sort", order)
        expect(panel.get_by_role("table").locator("tbody td").first).to_have_text(first)
    assert names(panel) == ["City 0", "City 1", "City 2"]


def test_of_a_long_table_only_what_is_seen_is_drawn(console: Console, sandbox: SandboxClient) -> None:
    page = console.open(execute(sandbox, [constant("Cities", ROWS)]))
    panel = select(page, "Cities")
    expect(panel.get_by_role("table")).to_have_attribute("aria-rowcount", "1001")
    expect(panel.get_by_text("1,000 rows, 2 columns")).to_be_visible()
    assert len(names(panel)) < 60
    part(panel, "Output").get_by_role("region", name="Output").focus()
    page.keyboard.press("End")
    expect(panel.get_by_role("cell", name="City 999", exact=True)).to_be_visible()
    assert len(names(panel)) < 60


def test_the_view_that_was_chosen_is_kept_for_the_node(console: Console, sandbox: SandboxClient) -> None:
    page = console.open(execute(sandbox, [constant("Cities", ROWS[:3]), constant("Others", ROWS[:2])]))
    view(select(page, "Cities"), "Tree")
    expect(select(page, "Others").get_by_role("table")).to_be_visible()
    expect(select(page, "Cities").get_by_role("tree", name="Output")).to_be_visible()


def test_the_tree_opens_and_closes_by_keyboard(console: Console, sandbox: SandboxClient) -> None:
    page = console.open(execute(sandbox, [constant("Deep", {"outer": {"inner": {"core": [1, {"x": "treasure"}]}}})]))
    tree = select(page, "Deep").get_by_role("tree", name="Output")
    expect(tree.get_by_text("outer:")).to_be_visible()
    expect(tree.get_by_text("treasure")).to_have_count(0)
    tree.get_by_role("button").first.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(tree.get_by_text("treasure")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(tree.get_by_text("treasure")).to_have_count(0)


def test_a_long_list_is_cut_in_the_tree_until_more_is_wanted(console: Console, sandbox: SandboxClient) -> None:
    panel = select(console.open(execute(sandbox, [constant("Many", {"a": {}, "list": list(range(150))})])), "Many")
    tree = panel.get_by_role("tree", name="Output")
    tree.get_by_text("list:").click()
    expect(tree.get_by_text("99", exact=True)).to_be_visible()
    expect(tree.get_by_text("149", exact=True)).to_have_count(0)
    panel.get_by_role("button", name="Show more").click()
    expect(tree.get_by_text("149", exact=True)).to_have_count(1)


def test_html_in_data_stays_text(console: Console, sandbox: SandboxClient) -> None:
    html = "<img src=x onerror=alert(1)>\n**bold**"
    panel = select(console.open(execute(sandbox, [constant("Page", html)])), "Page")
    expect(part(panel, "Output").locator("pre")).to_have_text(html)


def test_each_attempt_can_be_looked_at(console: Console, sandbox: SandboxClient) -> None:
    mock = {"output": {"ok": True}, "fail_attempts": 2, "error": {"code": "too_busy", "message": "Come back later."}}
    retry = {"max_attempts": 3, "delay_ms": 500}
    page = console.open(execute(sandbox, [node("Try", "http_request", mock=mock, retry=retry)]))
    panel = select(page, "Try")
    expect(panel.get_by_text("Pinned (mock)")).to_be_visible()
    expect(panel.get_by_text("Come back later.")).to_have_count(0)
    attempt = panel.get_by_role("spinbutton", name="Attempt")
    expect(attempt).to_have_value("3")
    panel.get_by_role("button", name="Previous attempt").click()
    error = part(panel, "Error")
    expect(error).to_contain_text("too_busy")
    expect(error).to_contain_text("Come back later.")
    attempt.fill("1")
    expect(error).to_contain_text("It was tried again after 500 ms.")
    attempt.fill("3")
    expect(error).to_have_count(0)
    expect(part(panel, "Output").get_by_role("cell", name="true")).to_be_visible()


def test_each_iteration_can_be_looked_at(console: Console, sandbox: SandboxClient) -> None:
    loop = node("Each", "loop", config={"items": "{{ $json }}"})
    body = node("Body", "log", config={"message": "Saw {{ $json }}"})
    place = execute(
        sandbox,
        [constant("List", ["red", "green", "blue"]), loop, body],
        (("list", "each.input"), ("each.item", "body"), ("body", "each.back")),
    )
    panel = select(console.open(place), "Body")
    iteration = panel.get_by_role("spinbutton", name="Iteration")
    expect(iteration).to_have_value("3")
    expect(part(panel, "Output")).to_contain_text("blue")
    panel.get_by_role("button", name="Previous iteration").click()
    expect(part(panel, "Output")).to_contain_text("green")
    expect(part(panel, "Log")).to_contain_text("Saw green")
    iteration.fill("1")
    expect(part(panel, "Input")).to_contain_text("red")
    expect(panel.get_by_role("button", name="Previous iteration")).to_be_disabled()


def test_the_panel_follows_the_execution(console: Console, sandbox: SandboxClient) -> None:
    nodes = [node("Wait", "delay", config={"seconds": 10}), constant("After", "done")]
    workflow = sandbox.post(
        "/api/workflows", {"nodes": nodes, "edges": [{"id": "e", "source": "wait", "target": "after"}]}
    )
    page = console.open(f"/workflows/{workflow['id']}")
    expect(select(page, "After").get_by_text("Nothing has run yet.")).to_be_visible()
    execution = sandbox.post(f"/api/workflows/{workflow['id']}/execute")
    page.goto(f"{sandbox.url}/#/workflows/{workflow['id']}/executions/{execution['id']}")
    panel = page.get_by_role("complementary", name="Node")
    expect(panel.get_by_text("The execution has not come to this node yet.")).to_be_visible()
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    expect(part(panel, "Output").locator("pre")).to_have_text("done")


def test_a_pinned_output_is_what_the_next_execution_gives(console: Console, sandbox: SandboxClient) -> None:
    place = execute(sandbox, [node("Dice", "random", config={"kind": "integer"})])
    page = console.open(place)
    panel = select(page, "Dice")
    workflow_id = place.split("/")[2]
    first = sandbox.get(f"/api/executions/{place.split('/')[-1]}")["nodes"][0]["output"]
    with page.expect_response(lambda answer: answer.request.method in ("PUT", "PATCH") and answer.ok):
        panel.get_by_role("button", name="Use this output next time").click()
    expect(panel.get_by_text("The output is pinned")).to_be_visible()
    again = sandbox.post(f"/api/workflows/{workflow_id}/execute")
    sandbox.clock.advance(60)
    run = sandbox.get(f"/api/executions/{again['id']}")["nodes"][0]
    assert (run["output"], run["origin"]) == (first, "mocked")
    with page.expect_response(lambda answer: answer.request.method in ("PUT", "PATCH") and answer.ok):
        panel.get_by_role("button", name="Unpin").click()
    assert "mock" not in sandbox.get(f"/api/workflows/{workflow_id}")["nodes"][0]["data"]


def test_data_is_taken_out_as_json_and_as_csv(console: Console, sandbox: SandboxClient) -> None:
    page = console.open(execute(sandbox, [constant("Cities", ROWS[:2])]))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    panel = select(page, "Cities")
    panel.get_by_role("button", name="Copy Output as JSON").click()
    expect(page.get_by_role("status").get_by_text("Copied as JSON.")).to_be_visible()
    assert json.loads(page.evaluate("navigator.clipboard.readText()")) == ROWS[:2]
    with page.expect_download() as saved:
        panel.get_by_role("button", name="Download Output as CSV").click()
    assert Path(saved.value.path()).read_text().splitlines() == ["name,people", "City 0,0", "City 1,919"]
    assert saved.value.suggested_filename == "output.csv"


def test_files_in_an_output_are_seen_and_opened(console: Console, sandbox: SandboxClient) -> None:
    sandbox.reset(scenario="demo", pace="stopped", seed=7)
    files = sandbox.get("/api/files")["items"]
    pictures = [file["id"] for file in files if file["kind"] in ("image", "pdf")]
    page = console.open(execute(sandbox, [node("Files", "file_input", config={"file_ids": pictures})]))
    shown = part(select(page, "Files"), "Output")
    picture = shown.get_by_role("img", name="valley-at-dusk.jpg")
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    expect(shown.get_by_text("application/pdf, 1.7 kB")).to_be_visible()
    with page.expect_popup() as opened:
        shown.get_by_role("button", name="logo.png").click()
    assert opened.value.url.endswith("/content")


def test_a_value_can_be_seen_large(console: Console, sandbox: SandboxClient) -> None:
    page = console.open(execute(sandbox, [constant("Cities", ROWS)]))
    select(page, "Cities").get_by_role("button", name="Enlarge Output").click()
    dialog = page.get_by_role("dialog", name="Output")
    expect(dialog.get_by_role("cell", name="City 12", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
