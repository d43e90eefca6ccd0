"""Charts of chart data: drawn in the colours of the theme, told in words, and as a table."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.testing import SandboxClient

from .conftest import Console

Json = Any

ROWS = [
    {"month": f"2026-{month:02}", "sales": month * 10, "costs": 75 - month * 3, "weight": month / 2}
    for month in range(1, 13)
]
STYLES = ("line", "bar", "pie", "scatter", "area")

INK = """canvas => {
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set();
    for (let at = 0; at < data.length; at += 4)
        if (data[at + 3] === 255) colours.add(`rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`);
    return [...colours];
}"""


def colour(page: Page, token: str) -> str:
    """What a colour of the theme is now."""
    found: str = page.evaluate(
        """token => {
            const probe = document.body.appendChild(document.createElement("i"));
            probe.style.cssText = `transition: none; color: var(--${token})`;
            const { color } = getComputedStyle(probe);
            probe.remove();
            return color;
        }""",
        token,
    )
    return found


def chart(console: Console, sandbox: SandboxClient, **config: Json) -> Locator:
    """The panel of a chart node that has run."""
    nodes = [
        {"id": "rows", "type": "constant", "position": {"x": 0, "y": 0}, "data": {"config": {"value": ROWS}}},
        {"id": "chart", "type": "chart", "position": {"x": 300, "y": 0}, "data": {"label": "Sales", "config": config}},
    ]
    edges = [{"id": "e", "source": "rows", "target": "chart"}]
    workflow = sandbox.post("/api/workflows", {"nodes": nodes, "edges": edges})
    execution = sandbox.post(f"/api/workflows/{workflow['id']}/execute")
    sandbox.clock.until(execution_id=execution["id"], status="completed")
    page = console.open(f"/workflows/{workflow['id']}/executions/{execution['id']}")
    page.get_by_role("group", name="Sales", exact=True).focus()
    page.keyboard.press("Enter")
    return page.get_by_role("complementary", name="Node")


@pytest.mark.parametrize("style", STYLES)
def test_a_chart_of_each_style_is_drawn_in_the_colours_of_the_theme(
    console: Console, sandbox: SandboxClient, style: str
) -> None:
    x = "weight" if style == "scatter" else "month"
    panel = chart(console, sandbox, chart_type=style, title="A year", x=x, y=["sales", "costs"])
    drawn = panel.get_by_role("img", name=f'{style.capitalize()} chart "A year": sales, costs, 12 values each.')
    expect(drawn).to_be_visible()
    assert set(drawn.evaluate(INK)) >= {colour(console.page, token) for token in ("accent", "good")}


def test_a_chart_follows_the_theme(console: Console, sandbox: SandboxClient) -> None:
    panel = chart(console, sandbox, chart_type="bar", y=["sales"])
    drawn = panel.get_by_role("img", name="Bar chart")
    page = console.page
    expect(drawn).to_be_visible()
    light = colour(page, "accent")
    assert light in drawn.evaluate(INK)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        f"([canvas, colour]) => ({INK})(canvas).includes(colour)",
        arg=[drawn.element_handle(), colour(page, "accent")],
    )
    assert light not in drawn.evaluate(INK)


def test_the_numbers_of_a_chart_are_in_its_table(console: Console, sandbox: SandboxClient) -> None:
    panel = chart(console, sandbox, chart_type="line", x="month", y=["sales", "costs"])
    panel.get_by_role("group", name="View of Output").get_by_role("button", name="Table").click()
    table = panel.get_by_role("table", name="Output")
    expect(table.get_by_role("columnheader")).to_have_text(["label", "sales", "costs"])
    expect(table.get_by_role("row").nth(3).get_by_role("cell")).to_have_text(["2026-03", "30", "66"])


def test_charts_are_loaded_only_where_there_is_one(console: Console, sandbox: SandboxClient) -> None:
    loaded: list[str] = []
    console.page.on("request", lambda request: loaded.append(request.url))
    panel = chart(console, sandbox, chart_type="line", y=["sales"])
    expect(panel.get_by_role("img", name="Line chart")).to_be_visible()
    scripts = [url for url in loaded if "/chart-" in url and url.endswith(".js")]
    assert len(scripts) == 1
    console.page.reload()
    expect(console.page.locator(".react-flow__node")).to_have_count(2)
    assert [url for url in loaded if "/chart-" in url and url.endswith(".js")] == scripts
