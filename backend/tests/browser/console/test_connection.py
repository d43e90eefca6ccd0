"""What the console says while nothing new can come."""

from __future__ import annotations

from playwright.sync_api import expect

from app.testing import SandboxClient

from .conftest import Console


def test_a_connection_that_is_lost_is_told_and_a_click_makes_it_again(console: Console, sandbox: SandboxClient) -> None:
    sandbox.faults.add(match={"path": "/api/events"}, status=503, times=1)
    console.expect_refusal(503, "/api/events?after=latest")
    page = console.open("/files")
    lost = page.get_by_role("button", name="Connection lost")
    expect(lost).to_be_visible()
    with page.expect_response(lambda response: response.headers["content-type"].startswith("text/event-stream")):
        lost.click()
    expect(lost).to_have_count(0)
