"""Takes every picture of the docs from the live page: the scenario ``demo`` at a stopped clock, so that they repeat.

It needs Chromium and what is in ``requirements-dev.txt``: ``python docs/screenshots.py``.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from backend.app.testing import SandboxClient, serve  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
LARGE, SMALL = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
MOST_LOOKS = 20


def look(page: Page, sandbox: SandboxClient) -> None:
    """Do nothing."""


class Shot(NamedTuple):
    """A picture: where it is taken, and what is done first."""

    name: str
    sign: str
    """A text that is seen when the room is there."""
    place: Callable[[SandboxClient], str]
    act: Callable[[Page, SandboxClient], object] = look
    sizes: tuple[str, ...] = ("large",)


def at(place: str) -> Callable[[SandboxClient], str]:
    """A room that has the same address in every sandbox."""
    return lambda _: place


def workflow(name: str) -> Callable[[SandboxClient], str]:
    """The editor with a workflow of the scenario."""
    return lambda sandbox: f"/workflows/{_find(sandbox, name)['id']}"


def last_execution(name: str) -> Callable[[SandboxClient], str]:
    """The editor with the latest execution of a workflow."""

    def place(sandbox: SandboxClient) -> str:
        found = _find(sandbox, name)
        return f"/workflows/{found['id']}/executions/{found['last_execution']['id']}"

    return place


def see_node(label: str) -> Callable[[Page, SandboxClient], None]:
    """Look at what went through a node."""

    def act(page: Page, _: SandboxClient) -> None:
        page.locator(".react-flow__node", has_text=label).first.click()
        # The panel has taken some of the canvas.
        page.get_by_role("button", name="Show the whole workflow").click()

    return act


def direct(page: Page, _: SandboxClient) -> None:
    """Open the director's panel."""
    page.get_by_role("button", name="Director").click()
    expect(page.get_by_role("heading", name="Director")).to_be_visible()


SHOTS = (
    Shot("run", "Copy 50 photos", last_execution("Photo archive migration"), sizes=("large", "small")),
    Shot("workflows", "Order intake", at("/"), sizes=("large", "small")),
    Shot("data", "Smooth", last_execution("Hall 2 climate"), see_node("Chart")),
    Shot("approval", "Expense claim", last_execution("Expense approvals")),
    Shot("templates", "First Steps", at("/templates"), sizes=("large", "small")),
    Shot("files", "chime.wav", at("/files")),
    Shot("director", "Revenue", workflow("Daily sales report"), direct, ("large", "small")),
)
"""All pictures, each in light and dark."""


def take(browser: Browser, sandbox: SandboxClient, shot: Shot, theme: Any, size: str) -> bytes:
    """A picture as PNG."""
    viewport: Any = LARGE if size == "large" else SMALL
    with browser.new_context(
        viewport=viewport, color_scheme=theme, reduced_motion="reduce", device_scale_factor=2, timezone_id="UTC"
    ) as context:
        page = context.new_page()
        page.goto(f"{sandbox.url}/#{shot.place(sandbox)}")
        expect(page.get_by_text(shot.sign).filter(visible=True).first).to_be_visible()
        if shot.place(sandbox).startswith("/workflows/"):
            make_room(page, size)
        shot.act(page, sandbox)
        return settled(page)


def make_room(page: Page, size: str) -> None:
    """Show the whole workflow, without the palette where there is one beside it."""
    palette = page.get_by_role("button", name="Palette", exact=True)
    if size == "large" and palette.get_attribute("aria-pressed") == "true":
        palette.click()
    page.get_by_role("button", name="Show the whole workflow").click()


def settled(page: Page) -> bytes:
    """A picture when nothing changes any more."""
    before, now = b"", page.screenshot(animations="disabled")
    for _ in range(MOST_LOOKS):
        if now == before:
            return now
        page.wait_for_timeout(500)
        before, now = now, page.screenshot(animations="disabled")
    raise RuntimeError("The page does not come to rest.")


def save(png: bytes, path: Path) -> None:
    """Write a picture with as many colours as a palette has, which is a fourth of the bytes."""
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)


def _find(sandbox: SandboxClient, name: str) -> Any:
    return next(each for each in sandbox.get("/api/workflows?per_page=100")["items"] if each["name"] == name)


def main() -> None:
    """Take them all, or those whose names are given."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        sys.exit("This needs Chromium.")
    wanted = [shot for shot in SHOTS if not sys.argv[1:] or shot.name in sys.argv[1:]]
    FOLDER.mkdir(exist_ok=True)
    with serve() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for shot in wanted:
            for size in shot.sizes:
                for theme in ("light", "dark"):
                    with server.sandbox("demo", scenario="demo", pace="stopped", seed=1) as sandbox:
                        png = take(browser, sandbox, shot, theme, size)
                    name = "-".join((shot.name, *(["small"] if size == "small" else []), theme))
                    save(png, FOLDER / f"{name}.png")
                    print(f"{name}: {(FOLDER / f'{name}.png').stat().st_size // 1000} kB")
        browser.close()


if __name__ == "__main__":
    main()
