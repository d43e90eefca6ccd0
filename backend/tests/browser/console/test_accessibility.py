"""Every room for everybody: no serious finding of axe, none wider than its window, light and dark, large and small."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from app.testing import SandboxClient

from .conftest import Console

SIZES = {"large": {"width": 1280, "height": 800}, "small": {"width": 390, "height": 844}}
ROOMS = ("workflows", "editor", "execution", "executions", "templates", "files", "director")
SERIOUS = ("serious", "critical")


@pytest.fixture
def scenario() -> str:
    return "demo"


def place_of(room: str, sandbox: SandboxClient) -> str:
    """The address of a room."""
    if room not in ("editor", "execution"):
        return {"workflows": "/", "director": "/"}.get(room, f"/{room}")
    done = sandbox.get("/api/executions?status=completed")["items"][0]
    workflow = f"/workflows/{done['workflow_id']}"
    return workflow if room == "editor" else f"{workflow}/executions/{done['id']}"


def enter(console: Console, room: str) -> Page:
    """Go to a room, and wait until what it is for is there."""
    page = console.open(place_of(room, console.sandbox))
    main = page.get_by_role("main")
    if room in ("editor", "execution"):
        expect(page.locator(".react-flow__node").first).to_be_visible()
        return page
    first = {"executions": "Photo archive migration", "templates": "First Steps", "files": "chime.wav"}
    expect(main.get_by_text(first.get(room, "Order intake")).filter(visible=True).first).to_be_visible()
    if room == "director":
        page.get_by_role("button", name="Director").click()
        expect(page.get_by_role("heading", name="Director")).to_be_visible()
    return page


def findings(page: Page) -> list[str]:
    """What axe finds that is serious, with the elements that it found it at."""
    told: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{found['id']}: {found['help']}: {[node['html'][:200] for node in found['nodes'][:3]]}"
        for found in told
        if found["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_for_everybody_and_fits_its_window(console: Console, room: str, theme: Any, size: str) -> None:
    console.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    console.page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page = enter(console, room)
    assert findings(page) == []
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{wide} pixels too wide"
