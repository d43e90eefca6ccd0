"""What the tests of the editor share: a workflow to begin with, and waiting until the page has saved."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from app.testing import SandboxClient

Json = Any

HELLO: dict[str, Json] = {
    "name": "Hello",
    "tags": ["sums"],
    "nodes": [
        {"id": "start", "type": "manual_trigger", "position": {"x": 0, "y": 0}, "data": {"label": "Start"}, "mine": 1},
        {"id": "wait", "type": "delay", "position": {"x": 320, "y": 0}, "data": {"label": "Wait"}},
        {"id": "call", "type": "http_request", "position": {"x": 640, "y": 0}, "data": {"label": "Call"}},
    ],
    "edges": [
        {"id": "c1", "source": "start", "target": "wait"},
        {"id": "c2", "source": "wait", "target": "call"},
    ],
}


def make_workflow(sandbox: SandboxClient, **others: Json) -> str:
    """A new workflow; its id."""
    made: str = sandbox.post("/api/workflows", HELLO | others)["id"]
    return made


def read_workflow(sandbox: SandboxClient, workflow_id: str) -> Json:
    """The workflow as the server has it."""
    return sandbox.get(f"/api/workflows/{workflow_id}")


def read_data(sandbox: SandboxClient, workflow_id: str, node_id: str) -> Json:
    """The data of a node as the server has it."""
    return sandbox.get(f"/api/workflows/{workflow_id}/nodes/{node_id}")["data"]


def wait_until_saved(page: Page) -> None:
    """The page says that all is saved."""
    expect(page.get_by_role("status", name="Saving")).to_have_text("Saved")


def select(page: Page, label: str) -> None:
    """Select a node."""
    node = page.locator(".react-flow__node", has_text=label).first
    node.click()
    expect(node).to_contain_class("selected")
