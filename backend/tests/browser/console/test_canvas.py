"""The canvas: what is drawn, moved, connected, copied and removed is what the server keeps."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console
from .saved import wait_until_saved

Json = Any

NODES: list[Json] = [
    {"id": "start", "type": "manual_trigger", "position": {"x": 0, "y": 0}, "data": {"label": "Start"}},
    {"id": "wait", "type": "delay", "position": {"x": 300, "y": 0}, "data": {"label": "Wait"}},
    {"id": "end", "type": "log", "position": {"x": 600, "y": 0}, "data": {"label": "End"}},
]
LINES: list[Json] = [{"id": "first", "source": "start", "target": "wait"}]


@pytest.fixture
def workflow(sandbox: SandboxClient) -> str:
    """A small workflow, whose end nothing leads to."""
    made: Json = sandbox.post("/api/workflows", {"name": "Small", "nodes": NODES, "edges": LINES})
    return str(made["id"])


@pytest.fixture
def page(console: Console, workflow: str) -> Page:
    """The editor, with the small workflow in it."""
    page = console.open(f"/workflows/{workflow}")
    expect(node(page, "End")).to_be_visible()
    return page


def node(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name=name, exact=True)


def port(page: Page, name: str, side: str) -> Locator:
    return node(page, name).locator(f".react-flow__handle.{side}")


def connect(page: Page, source: str, target: str) -> None:
    port(page, source, "source").drag_to(port(page, target, "target"))


def drag(page: Page, what: Locator, where: Locator) -> None:
    """Drag something to the middle of something else, as a hand does it: on a way."""
    what.hover()
    page.mouse.down()
    there = where.bounding_box()
    assert there is not None
    page.mouse.move(there["x"] + there["width"] / 2, there["y"] + there["height"] / 2, steps=5)
    page.mouse.up()


class Kept:
    """What the server has of a workflow, once it was saved."""

    def __init__(self, page: Page, sandbox: SandboxClient, workflow: str) -> None:
        self.page = page
        self.sandbox = sandbox
        self.workflow = workflow

    def graph(self) -> Json:
        wait_until_saved(self.page)
        return self.sandbox.get(f"/api/workflows/{self.workflow}")

    def ends(self) -> set[tuple[str, str]]:
        return {(line["source"], line["target"]) for line in self.graph()["connections"]}

    def ids(self) -> list[str]:
        return [found["id"] for found in self.graph()["nodes"]]

    def place(self, node_id: str) -> tuple[float, float]:
        found = next(found for found in self.graph()["nodes"] if found["id"] == node_id)
        return found["position"]["x"], found["position"]["y"]


@pytest.fixture
def kept(page: Page, sandbox: SandboxClient, workflow: str) -> Kept:
    return Kept(page, sandbox, workflow)


def test_a_connection_that_is_drawn_is_kept(page: Page, kept: Kept) -> None:
    connect(page, "Wait", "End")
    expect(page.get_by_role("group", name="Connection from Wait to End")).to_be_visible()
    assert kept.ends() == {("start", "wait"), ("wait", "end")}


def test_a_refused_connection_says_why(page: Page, kept: Kept) -> None:
    connect(page, "Wait", "End")
    connect(page, "Wait", "End")
    expect(page.get_by_role("alert").get_by_text("These ports are connected already.")).to_be_visible()
    assert len(kept.graph()["connections"]) == 2


def test_ports_that_cannot_take_a_connection_are_dim_while_it_is_drawn(page: Page) -> None:
    port(page, "Start", "source").hover()
    page.mouse.down()
    page.mouse.move(500, 500)
    expect(port(page, "Start", "source")).not_to_have_attribute("data-fit", "no")
    expect(port(page, "Wait", "source")).to_have_attribute("data-fit", "no")
    expect(port(page, "End", "target")).to_have_attribute("data-fit", "yes")
    page.mouse.up()
    expect(port(page, "Wait", "source")).not_to_have_attribute("data-fit", "no")


def test_nodes_are_connected_without_a_mouse(page: Page, kept: Kept) -> None:
    node(page, "Wait").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Connect to …").press("Enter")
    page.get_by_role("combobox", name="To", exact=True).select_option("End: Input")
    page.get_by_role("button", name="Connect", exact=True).press("Enter")
    assert ("wait", "end") in kept.ends()


def test_a_drag_is_one_step_that_can_be_undone_and_redone(page: Page, kept: Kept) -> None:
    node(page, "Wait").hover()
    page.mouse.down()
    for step in range(1, 5):
        page.mouse.move(640, 400 + step * 40)
    page.mouse.up()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    moved = kept.place("wait")
    assert moved != (300, 0)
    page.keyboard.press("Control+z")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    assert kept.place("wait") == (300, 0)
    page.keyboard.press("Control+Shift+Z")
    assert kept.place("wait") == moved


def test_arrow_keys_move_what_is_selected_by_a_step_each(page: Page, kept: Kept) -> None:
    node(page, "End").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert kept.place("end") == (610, 100)
    page.keyboard.press("Control+z")
    assert kept.place("end") == (610, 0)


def test_deleting_a_node_deletes_its_connections(page: Page, kept: Kept) -> None:
    node(page, "Wait").click()
    page.keyboard.press("Delete")
    expect(node(page, "Wait")).to_have_count(0)
    assert (kept.ids(), kept.ends()) == (["start", "end"], set())
    page.keyboard.press("Control+z")
    assert kept.ends() == {("start", "wait")}


def test_a_connection_can_be_selected_and_deleted_by_keys(page: Page, kept: Kept) -> None:
    page.get_by_role("group", name="Connection from Start to Wait").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Backspace")
    assert (kept.ids(), kept.ends()) == (["start", "wait", "end"], set())


def test_what_is_copied_is_pasted_with_the_connections_within_it(page: Page, kept: Kept) -> None:
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.keyboard.press("Control+v")
    expect(page.locator(".react-flow__node")).to_have_count(6)
    assert kept.ends() == {("start", "wait"), ("start_2", "wait_2")}


def test_what_is_cut_goes_to_another_workflow(console: Console, page: Page, sandbox: SandboxClient) -> None:
    other: Json = sandbox.post("/api/workflows", {"name": "Other"})
    node(page, "End").click()
    page.keyboard.press("Control+x")
    expect(node(page, "End")).to_have_count(0)
    wait_until_saved(page)
    console.open(f"/workflows/{other['id']}")
    expect(page.get_by_role("textbox", name="Name of the workflow")).to_have_value("Other")
    page.keyboard.press("Control+v")
    expect(node(page, "End")).to_be_visible()
    assert Kept(page, sandbox, other["id"]).ids() == ["end"]


def test_duplicating_leaves_the_original(page: Page, kept: Kept) -> None:
    node(page, "Wait").click()
    page.keyboard.press("Control+d")
    expect(page.locator(".react-flow__node")).to_have_count(4)
    assert kept.ids() == ["start", "wait", "end", "wait_2"]


def test_keys_do_nothing_to_the_graph_while_somebody_types(page: Page, kept: Kept) -> None:
    node(page, "Wait").click()
    page.get_by_role("searchbox", name="Search node types").fill("ab")
    page.keyboard.press("Backspace")
    page.keyboard.press("f")
    expect(page.get_by_role("searchbox", name="Search node types")).to_have_value("af")
    assert kept.ids() == ["start", "wait", "end"]


def test_tidying_up_is_one_step(page: Page, kept: Kept) -> None:
    page.get_by_role("button", name="Tidy up").click()
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    assert kept.place("wait")[0] > kept.place("start")[0]
    assert kept.place("end") != (600, 0)
    page.get_by_role("button", name="Undo").click()
    assert [kept.place(each) for each in ("start", "wait", "end")] == [(0, 0), (300, 0), (600, 0)]


def test_the_shortcuts_are_shown_at_a_question_mark(page: Page) -> None:
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Select all")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("?")
    expect(dialog).to_be_visible()


def test_a_node_that_is_left_on_a_group_is_in_it(console: Console, sandbox: SandboxClient) -> None:
    group = {"id": "group", "type": "group", "position": {"x": 0, "y": 120}, "style": {"width": 400, "height": 240}}
    nodes = [{**group, "data": {"label": "Group"}}, {**NODES[0], "position": {"x": 0, "y": 0}}]
    made: Json = sandbox.post("/api/workflows", {"nodes": nodes})
    page = console.open(f"/workflows/{made['id']}")
    drag(page, node(page, "Start"), node(page, "Group"))
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    saved = Kept(page, sandbox, made["id"])
    assert saved.graph()["nodes"][1]["parentId"] == "group"
    assert 0 < saved.place("start")[0] < 400


def test_a_type_that_nobody_knows_is_drawn_with_the_ports_that_are_connected(
    console: Console, sandbox: SandboxClient
) -> None:
    nodes = [
        NODES[0],
        {"id": "x", "type": "constructor", "position": {"x": 300, "y": 0}, "data": {"label": "<i>X</i>"}},
    ]
    line = {"id": "in", "source": "start", "target": "x", "targetHandle": "left"}
    made: Json = sandbox.post("/api/workflows", {"nodes": nodes, "edges": [line]})
    page = console.open(f"/workflows/{made['id']}")
    expect(node(page, "<i>X</i>")).to_contain_text("Unknown type: constructor")
    expect(node(page, "<i>X</i>")).to_contain_text("left")
    expect(page.get_by_role("group", name="Connection from Start to <i>X</i>")).to_be_visible()


def test_boxes_show_how_their_nodes_fare(console: Console, sandbox: SandboxClient, workflow: str) -> None:
    execution: Json = sandbox.post(f"/api/workflows/{workflow}/execute")
    sandbox.clock.advance(1)
    page = console.open(f"/workflows/{workflow}/executions/{execution['id']}")
    expect(node(page, "Start")).to_contain_text("completed")
    expect(node(page, "Wait")).to_contain_text("running")
    expect(node(page, "Wait").get_by_role("progressbar")).to_be_visible()
    sandbox.clock.advance(60)
    expect(node(page, "Wait")).to_contain_text("completed")
    expect(node(page, "Wait")).to_contain_text("5 s")


def test_where_the_canvas_was_left_it_is_found_again(page: Page) -> None:
    with page.expect_response(lambda response: response.request.method == "PATCH"):
        page.mouse.move(640, 160)
        page.mouse.down()
        page.mouse.move(690, 200)
        page.mouse.up()
    place = page.locator(".react-flow__viewport").get_attribute("style")
    page.reload()
    expect(page.locator(".react-flow__viewport")).to_have_attribute("style", str(place))
