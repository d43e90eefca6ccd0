"""The director's panel: it moves the clock, bends requests and nodes, and each action is a line to copy."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from app.testing import SandboxClient, serve

from .conftest import Console


@pytest.fixture
def execution(sandbox: SandboxClient) -> Any:
    """One that takes a minute, and then half of one."""
    nodes = [
        {"id": "fetch", "type": "delay", "data": {"config": {"seconds": 60}}},
        {"id": "report", "type": "delay", "data": {"config": {"seconds": 30}}},
    ]
    edges = [{"id": "e1", "source": "fetch", "target": "report"}]
    workflow = sandbox.post("/api/workflows", {"name": "Nightly report", "nodes": nodes, "edges": edges})
    return sandbox.post(f"/api/workflows/{workflow['id']}/execute")


def direct(console: Console, section: str, place: str = "/") -> Page:
    """Open a part of the panel."""
    page = console.open(place)
    page.get_by_role("button", name="Director").click()
    page.get_by_role("tab", name=section).click()
    return page


def form(page: Page, name: str) -> Locator:
    return page.get_by_role("complementary", name="Director").get_by_role("form", name=name, exact=True)


def push(page: Page, about: str, label: str) -> None:
    form(page, about).get_by_role("button", name=label, exact=True).click()


def told(page: Page) -> Locator:
    """What the panel says of the last action."""
    return page.get_by_role("complementary", name="Director").get_by_role("status")


def clock(page: Page) -> Locator:
    return page.get_by_role("timer", name="Time in the sandbox")


def now(sandbox: SandboxClient) -> str:
    return sandbox.clock.now.isoformat()


def copied(page: Page, about: str) -> list[str]:
    """The lines that a form has to copy, in the language that is chosen."""
    form(page, about).get_by_role("button", name=f"Lines to copy: {about}").click()
    return form(page, about).locator("pre").all_inner_texts()


def test_time_jumps_and_what_happened_meanwhile_is_told(
    console: Console, sandbox: SandboxClient, execution: Any
) -> None:
    page = direct(console, "Clock")
    expect(clock(page)).to_have_text("09:00:00.000")
    push(page, "quick jumps", "+1 min")
    expect(clock(page)).to_have_text("09:01:00.000")
    events = page.get_by_role("list", name="Events").get_by_role("listitem")
    expect(events.filter(has_text="node.started")).to_contain_text(["report"])
    assert now(sandbox) == "2026-01-01T09:01:00+00:00"


def test_a_jump_goes_by_an_amount_or_to_a_moment(console: Console, sandbox: SandboxClient) -> None:
    page = direct(console, "Clock")
    form(page, "jump").get_by_label("By", exact=True).fill("1.5")
    form(page, "jump").get_by_label("Unit", exact=True).select_option("hours")
    push(page, "jump", "Jump")
    expect(clock(page)).to_have_text("10:30:00.000")
    form(page, "jump to a moment").get_by_label("To (UTC)").fill("2026-03-01T12:00:00")
    push(page, "jump to a moment", "Jump there")
    expect(told(page)).to_have_text("It is 1 Mar 2026, 12:00:00; 0 events happened.")
    assert now(sandbox) == "2026-03-01T12:00:00+00:00"


def test_a_step_goes_on_to_the_next_event(console: Console, sandbox: SandboxClient, execution: Any) -> None:
    page = direct(console, "Clock")
    before = sandbox.state()["counts"]["events"]
    form(page, "step").get_by_label("Events", exact=True).fill("2")
    form(page, "step").get_by_label("Events", exact=True).press("Enter")
    expect(told(page)).to_contain_text("2 events happened.")
    assert sandbox.state()["counts"]["events"] >= before + 2


def test_time_goes_on_until_something_happens_or_says_that_it_did_not(
    console: Console, sandbox: SandboxClient, execution: Any
) -> None:
    page = direct(console, "Clock")
    until = form(page, "run until")
    until.get_by_label("Event", exact=True).select_option("any")
    until.get_by_label("Node", exact=True).fill("fetch")
    until.get_by_label("Status", exact=True).select_option("completed")
    push(page, "run until", "Run until")
    expect(clock(page)).to_have_text("09:01:00.000")
    until.get_by_label("Status", exact=True).select_option("failed")
    until.get_by_label("At most so many hours").fill("2")
    push(page, "run until", "Run until")
    expect(told(page)).to_contain_text("Not reached. It is 1 Jan 2026, 11:01:00")


def test_the_pace_is_chosen(console: Console, sandbox: SandboxClient) -> None:
    page = direct(console, "Clock")
    form(page, "pace").get_by_label("Pace", exact=True).select_option("Auto: when somebody waits")
    push(page, "pace", "Set pace")
    expect(told(page)).to_have_text("The pace is auto.")
    form(page, "pace").get_by_label("Pace", exact=True).select_option("Fast: at a rate")
    form(page, "pace").get_by_label("Rate", exact=True).fill("3600")
    push(page, "pace", "Set pace")
    expect(page.get_by_text("3600 times as fast as outside")).to_be_visible()
    assert sandbox.get("/_control/clock")["rate"] == 3600
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_text("Stands until it is told to move")).to_be_visible()
    assert sandbox.get("/_control/clock")["pace"] == "stopped"


def test_a_clock_that_goes_is_seen_going_without_being_asked(console: Console, sandbox: SandboxClient) -> None:
    page = direct(console, "Clock")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Goes by as outside")).to_be_visible()
    expect(page.get_by_role("button", name="Freeze")).to_be_visible()
    expect(clock(page)).to_contain_text("09:00:01")
    asked = len(console.asked)
    expect(clock(page)).to_contain_text("09:00:03")
    assert not [url for url in console.asked[asked:] if "/_control" in url]


def test_a_clock_that_somebody_else_moves_is_seen(console: Console, sandbox: SandboxClient, execution: Any) -> None:
    page = direct(console, "Clock")
    expect(clock(page)).to_have_text("09:00:00.000")
    sandbox.clock.advance(90)
    expect(clock(page)).to_have_text("09:01:30.000")


def test_a_ready_made_rule_is_added_and_its_use_counted(console: Console, sandbox: SandboxClient) -> None:
    page = direct(console, "Faults")
    expect(page.get_by_text("Nothing is bent.")).to_be_visible()
    form(page, "ready-made rule").get_by_label("What happens").select_option("The next save is refused (412)")
    push(page, "ready-made rule", "Add rule")
    rule = page.get_by_role("listitem", name="Rule rule_1")
    expect(rule).to_contain_text("PATCH /api/workflows/*: answered with revision_mismatch; at most once.")
    sandbox.post("/api/workflows", {"name": "Mine"})
    headers = {"If-Match": '"1"'}
    with pytest.raises(Exception, match="412"):
        sandbox.patch(f"/api/workflows/{sandbox.get('/api/workflows')['items'][0]['id']}", {"name": "x"}, headers)
    page.get_by_role("button", name="Refresh").click()
    expect(rule).to_contain_text("Applied once, matched once")


def test_a_rule_of_ones_own_can_be_about_requests_nodes_and_streams(console: Console, sandbox: SandboxClient) -> None:
    page = direct(console, "Faults")
    own = form(page, "rule of your own")
    own.get_by_label("Path", exact=True).fill("/api/files/**")
    own.get_by_label("Answer", exact=True).select_option("half an answer")
    push(page, "rule of your own", "Add rule")
    expect(page.get_by_role("listitem", name="Rule rule_1")).to_be_visible()
    own.get_by_label("About").select_option("Nodes")
    own.get_by_label("Node", exact=True).fill("fetch")
    own.get_by_label("Failing attempts").fill("2")
    push(page, "rule of your own", "Add rule")
    expect(page.get_by_role("listitem", name="Rule rule_2")).to_be_visible()
    own.get_by_label("About").select_option("Streams of events")
    own.get_by_label("Event", exact=True).fill("3")
    own.get_by_label("At most times").fill("1")
    push(page, "rule of your own", "Add rule")
    expect(page.get_by_role("listitem", name="Rule rule_3")).to_be_visible()
    first, second, third = sandbox.faults.list()
    assert first["match"] == {"path": "/api/files/**"}
    assert first["connection"] == "truncate"
    assert second["node"] == {"error": "The service did not answer.", "fail_attempts": 2}
    assert (third["stream"], third["times"]) == ({"drop_after": 3}, 1)


def test_one_rule_is_removed_and_then_all(console: Console, sandbox: SandboxClient) -> None:
    for name in ("first", "second", "third"):
        sandbox.faults.add(id=name, match={"path": "/api/none"}, status=503)
    page = direct(console, "Faults")
    page.get_by_role("listitem", name="Rule second").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("listitem", name="Rule second")).to_have_count(0)
    assert [rule["id"] for rule in sandbox.faults.list()] == ["first", "third"]
    page.get_by_role("button", name="Remove all").click()
    expect(page.get_by_text("Nothing is bent.")).to_be_visible()
    assert sandbox.faults.list() == []


def test_the_line_for_a_shell_does_what_the_button_does(console: Console, sandbox: SandboxClient) -> None:
    page = direct(console, "Faults")
    own = form(page, "rule of your own")
    own.get_by_label("About").select_option("Nodes")
    own.get_by_label("Error").fill('it\'s "$HOME" `id` \\ !! é 😀')
    push(page, "rule of your own", "Add rule")
    expect(page.get_by_role("listitem", name="Rule rule_1")).to_be_visible()
    (line,) = copied(page, "rule of your own")
    subprocess.run(["bash", "-c", line], check=True, capture_output=True)
    by_button, by_line = sandbox.faults.list()
    assert by_line | {"id": "rule_1"} == by_button


def test_the_lines_follow_the_form_and_can_be_had_for_playwright(console: Console) -> None:
    page = direct(console, "Clock")
    (line,) = copied(page, "jump")
    json = "-H 'Content-Type: application/json' -d"
    assert line == f"""curl -s {json} '{{"seconds": 300}}' {console.sandbox.url}/_control/clock/advance"""
    form(page, "jump").get_by_label("By", exact=True).fill("2")
    push(page, "jump", "Playwright, TypeScript")
    expect(form(page, "jump").locator("pre")).to_have_text('await understudy.clock.advance("120s");')
    push(page, "jump", "Playwright, Python")
    expect(form(page, "jump").locator("pre")).to_have_text("understudy.clock.advance(120)")


def test_a_line_is_copied(console: Console) -> None:
    page = direct(console, "Clock")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    (line,) = copied(page, "step")
    push(page, "step", "Copy")
    expect(page.get_by_text("Copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == line


def test_what_was_done_last_is_a_line(console: Console) -> None:
    page = direct(console, "Clock")
    push(page, "quick jumps", "+1 h")
    expect(told(page)).to_have_text("It is 1 Jan 2026, 10:00:00; 0 events happened.")
    page.get_by_role("tab", name="Faults").click()
    page.get_by_role("button", name="Lines of the last action").click()
    expect(page.get_by_role("region", name="Last action").locator("pre")).to_contain_text('{"seconds": 3600}')


def test_what_the_server_refuses_is_told(console: Console) -> None:
    page = direct(console, "Clock")
    console.expect_refusal(404, "/_control/clock/advance")
    form(page, "run until").get_by_label("Execution", exact=True).fill("ex_none")
    push(page, "run until", "Run until")
    expect(page.get_by_text("ex_none")).to_be_visible()


def test_the_parts_are_gone_through_by_keyboard(console: Console) -> None:
    page = direct(console, "Clock")
    page.get_by_role("tab", name="Clock").press("ArrowRight")
    expect(page.get_by_role("tab", name="Faults")).to_be_focused()
    expect(page.get_by_role("heading", name="Ready-made")).to_be_visible()
    page.get_by_role("button", name="Close the director").press("Enter")
    expect(page.get_by_role("complementary", name="Director")).to_have_count(0)


def test_on_a_small_screen_the_panel_lies_over_the_room(console: Console) -> None:
    console.page.set_viewport_size({"width": 390, "height": 844})
    page = direct(console, "Clock")
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_have_text("Workflows")
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    box = page.get_by_role("complementary", name="Director").bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    page.get_by_role("button", name="Close the director").click()
    expect(page.get_by_role("main").get_by_role("button").first).to_be_visible()


@pytest.fixture
def guarded(browser: Browser) -> Iterator[Console]:
    """A console of a server that was started with a control token."""
    with serve(control_token="correct-horse") as server, server.sandbox() as sandbox:
        with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
            console = Console(context.new_page(), sandbox)
            yield console
        assert console.complaints == []


def test_a_control_token_is_asked_for_once_and_stands_in_no_line(guarded: Console) -> None:
    guarded.open()
    page = guarded.page
    page.get_by_role("button", name="Director").click()
    page.get_by_role("textbox", name="Control token").fill("correct-horse")
    page.get_by_role("button", name="Direct", exact=True).click()
    push(page, "quick jumps", "+1 h")
    expect(clock(page)).to_have_text("10:00:00.000")
    (line,) = copied(page, "step")
    assert '"Authorization: Bearer $UNDERSTUDY_CONTROL_TOKEN"' in line
    page.reload()
    page.get_by_role("button", name="Director").click()
    expect(clock(page)).to_have_text("10:00:00.000")
    assert "correct-horse" not in page.content()


def test_a_wrong_control_token_is_asked_for_again(guarded: Console) -> None:
    guarded.expect_refusal(401, "/_control/scenarios")
    page = guarded.open()
    page.get_by_role("button", name="Director").click()
    page.get_by_role("textbox", name="Control token").fill("wrong")
    page.get_by_role("button", name="Direct", exact=True).click()
    expect(page.get_by_text("The token is not right.")).to_be_visible()
    page.get_by_role("textbox", name="Control token").fill("correct-horse")
    page.get_by_role("button", name="Direct", exact=True).click()
    expect(clock(page)).to_have_text("09:00:00.000")


def lists_read(console: Console) -> list[str]:
    return [url for url in console.asked if "/api/workflows?" in url]


def test_a_restore_has_the_lists_read_again_but_a_few_times(
    console: Console, sandbox: SandboxClient, execution: Any
) -> None:
    given_up: list[str] = []
    for number in range(8):
        workflow = sandbox.post("/api/workflows", {"name": f"Other {number}", "nodes": [{"id": "a", "type": "log"}]})
        sandbox.post(f"/api/workflows/{workflow['id']}/execute")
        sandbox.clock.advance(60)
    sandbox.snapshots.take("busy")
    page = console.open()
    expect(page.get_by_role("link", name="Nightly report")).to_be_visible()
    sandbox.post("/api/workflows", {"name": "Made later"})
    expect(page.get_by_role("link", name="Made later")).to_be_visible()
    page.on("requestfailed", lambda request: given_up.append(request.url) if "/events" not in request.url else None)
    before = len(lists_read(console))
    sandbox.snapshots.restore("busy")
    expect(page.get_by_role("link", name="Made later")).to_have_count(0)
    page.get_by_role("button", name="Director").click()
    expect(clock(page)).to_have_text("09:08:00.000")
    assert given_up == []
    assert 1 <= len(lists_read(console)) - before <= 4


def test_time_that_was_frozen_goes_on_as_it_went_before(console: Console, sandbox: SandboxClient) -> None:
    sandbox.put("/_control/clock", {"pace": "fast", "rate": 50})
    page = direct(console, "Clock")
    page.get_by_role("button", name="Freeze").click()
    expect(page.get_by_text("Stands until it is told to move")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("50 times as fast as outside")).to_be_visible()
    assert sandbox.get("/_control/clock")["rate"] == 50


def test_the_director_has_the_keyboard_while_it_is_open_and_gives_it_back(console: Console) -> None:
    page = console.open()
    button = page.get_by_role("button", name="Director", exact=True)
    button.click()
    expect(page.get_by_role("heading", name="Director")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("complementary", name="Director")).to_have_count(0)
    expect(button).to_be_focused()
    button.click()
    page.get_by_role("button", name="Close the director").click()
    expect(button).to_be_focused()


def test_a_moment_that_is_being_typed_is_not_taken_away_by_the_clock(console: Console, sandbox: SandboxClient) -> None:
    page = direct(console, "Clock")
    form(page, "jump to a moment").get_by_label("To (UTC)").fill("2026-03-01T12:00:30")
    push(page, "quick jumps", "+1 min")
    expect(clock(page)).to_have_text("09:01:00.000")
    expect(form(page, "jump to a moment").get_by_label("To (UTC)")).to_have_value("2026-03-01T12:00:30")


def test_a_fork_without_a_name_yet_has_a_line_that_works(console: Console, sandbox: SandboxClient) -> None:
    sandbox.snapshots.take("ready")
    page = direct(console, "Snapshots")
    (line,) = copied(page, "fork ready")
    assert '{"sandbox": "mine"}' in line


def test_on_a_small_screen_lines_come_into_view(console: Console) -> None:
    console.page.set_viewport_size({"width": 390, "height": 844})
    page = direct(console, "Clock")
    copied(page, "step")
    expect(form(page, "step").locator("pre")).to_be_in_viewport(ratio=0.9)
    lines = form(page, "step").locator("pre").bounding_box()
    bar = page.get_by_role("region", name="Last action").bounding_box()
    assert lines is not None
    assert bar is not None
    assert lines["y"] + lines["height"] <= bar["y"] + 1


def test_one_reader_asks_for_the_clock_however_many_show_it(
    console: Console, sandbox: SandboxClient, execution: Any
) -> None:
    page = direct(console, "Clock", f"/workflows/{execution['workflow_id']}")
    expect(clock(page)).to_have_text("09:00:00.000")
    assert len([url for url in console.asked if url.endswith("/_control/clock")]) == 1


def test_a_control_token_that_no_header_can_hold_is_not_right(guarded: Console) -> None:
    page = guarded.open()
    page.get_by_role("button", name="Director").click()
    page.get_by_role("textbox", name="Control token").fill("słowo 😀")
    page.get_by_role("button", name="Direct", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("The token is not right.")


def test_who_may_not_direct_is_not_offered_the_demo(guarded: Console) -> None:
    guarded.sandbox.reset(scenario="empty")
    page = guarded.open()
    expect(page.get_by_role("heading", name="There are no workflows yet")).to_be_visible()
    expect(page.get_by_role("button", name="Load the demo")).to_have_count(0)
    page.get_by_role("button", name="Director").click()
    page.get_by_role("textbox", name="Control token").fill("correct-horse")
    page.get_by_role("button", name="Direct", exact=True).click()
    expect(page.get_by_role("button", name="Load the demo")).to_be_visible()
