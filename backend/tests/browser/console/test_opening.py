"""Opening a workflow is no change to it, whatever the document says, and all of it can be seen."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from app.testing import SandboxClient

from .conftest import Console

Json = Any

NESTED: list[Json] = [
    {"id": "outer", "type": "group", "position": {"x": 0, "y": 0}, "style": {"width": 120, "height": 90}, "data": {}},
    {
        "id": "inner",
        "type": "group",
        "parentId": "outer",
        "position": {"x": 60, "y": 60},
        "style": {"width": 200, "height": 140, "backgroundColor": "rgba(255, 0, 0, 0.2)"},
        "expandParent": True,
        "data": {},
    },
    {
        "id": "leaf",
        "type": "log",
        "parentId": "inner",
        "position": {"x": 150, "y": 120},
        "expandParent": True,
        "data": {"label": "Leaf"},
    },
]
CYCLE: list[Json] = [
    {"id": "a", "type": "group", "parentId": "b", "position": {"x": 0, "y": 0}, "data": {}},
    {"id": "b", "type": "group", "parentId": "a", "position": {"x": 400, "y": 0}, "data": {}},
    {"id": "leaf", "type": "log", "parentId": "leaf", "position": {"x": 0, "y": 300}, "data": {"label": "Leaf"}},
]
UNPLACED: list[Json] = [
    {"id": "first", "type": "manual_trigger", "data": {"label": "First"}},
    {"id": "leaf", "type": "log", "data": {"label": "Leaf"}},
]


def make(sandbox: SandboxClient, nodes: list[Json], edges: list[Json]) -> str:
    made: Json = sandbox.post("/api/workflows/import", {"name": "Odd", "nodes": nodes, "edges": edges})
    return str(made["id"])


@pytest.mark.parametrize("nodes", [NESTED, CYCLE, UNPLACED], ids=["nested", "cycle", "unplaced"])
def test_opening_a_workflow_changes_nothing(console: Console, sandbox: SandboxClient, nodes: list[Json]) -> None:
    workflow = make(sandbox, nodes, [])
    before: Json = sandbox.get(f"/api/workflows/{workflow}")
    page = console.open(f"/workflows/{workflow}")
    leaf = page.get_by_role("group", name="Leaf", exact=True)
    leaf.click()
    # A change would be saved by now: leaving the workflow saves what is left.
    page.get_by_role("link", name="Workflows", exact=True).click()
    expect(page.get_by_role("heading", name="Workflows")).to_be_visible()
    after: Json = sandbox.get(f"/api/workflows/{workflow}")
    assert (after["revision"], after["nodes"]) == (before["revision"], before["nodes"])


def test_nodes_without_a_place_are_beside_each_other(console: Console, sandbox: SandboxClient) -> None:
    workflow = make(sandbox, UNPLACED, [{"id": "line", "source": "first", "target": "leaf"}])
    page = console.open(f"/workflows/{workflow}")
    first = page.get_by_role("group", name="First", exact=True).bounding_box()
    leaf = page.get_by_role("group", name="Leaf", exact=True).bounding_box()
    assert first is not None
    assert leaf is not None
    assert first["x"] + first["width"] < leaf["x"]


def test_on_a_small_screen_a_workflow_is_readable_from_its_beginning_on(
    console: Console, sandbox: SandboxClient
) -> None:
    nodes = [
        {"id": f"n{at}", "type": "log", "position": {"x": at * 300, "y": 0}, "data": {"label": f"Step {at}"}}
        for at in range(9)
    ]
    workflow = make(sandbox, nodes, [])
    console.page.set_viewport_size({"width": 390, "height": 844})
    page = console.open(f"/workflows/{workflow}")
    first = page.get_by_role("group", name="Step 0", exact=True)
    expect(first).to_be_in_viewport(ratio=1)
    box = first.bounding_box()
    assert box is not None
    assert box["width"] >= 100
