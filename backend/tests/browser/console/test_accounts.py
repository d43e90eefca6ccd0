"""Logging in and out of the console, where people do, may, or need not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.testing import Refused, SandboxClient, Server, serve

from .conftest import Console

STORED = "() => JSON.parse(sessionStorage.getItem(Object.keys(sessionStorage).find(key => key.includes('session'))))"


@pytest.fixture(scope="module")
def servers() -> Iterator[Callable[[str], Server]]:
    """A server for each way to ask who people are."""
    with ExitStack() as stack:
        yield cache(lambda auth: stack.enter_context(serve(auth=auth)))


@pytest.fixture
def auth() -> str:
    """Everybody must log in."""
    return "required"


@pytest.fixture
def console_server(servers: Callable[[str], Server], auth: str) -> Server:
    """The one that asks so."""
    return servers(auth)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def log_in(page: Page, name: str) -> None:
    page.get_by_role("region", name="Users of every sandbox").get_by_role("button", name=name).click()
    page.get_by_role("button", name="Log in", exact=True).last.click()
    expect(page.get_by_role("button", name=f"{name.title()}, ")).to_be_visible()


def session_of(page: Page) -> Any:
    return page.evaluate(STORED)["state"]["session"]


def refreshes(sandbox: SandboxClient) -> list[int]:
    return [request["status"] for request in sandbox.requests(path="/api/auth/refresh")]


def test_nothing_is_asked_before_somebody_has_logged_in(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/templates")
    expect(page.get_by_role("heading", name="Log in to Understudy")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert sandbox.requests(path="/api/**") == []
    log_in(page, "alice")
    expect(page.get_by_role("heading", name="Templates", exact=True)).to_be_visible()


def test_a_wrong_password_is_told_in_words(console: Console) -> None:
    console.expect_refusal(401, "/api/auth/login")
    page = console.open()
    page.get_by_label("Username or email").fill("alice")
    page.get_by_label("Password").fill("guessed")
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("There is no user with this name and this password.")
    log_in(page, "alice")


def test_who_logs_out_is_out_at_the_server_too(console: Console, sandbox: SandboxClient) -> None:
    page = console.open()
    log_in(page, "admin")
    token = session_of(page)["access_token"]
    assert sandbox.get("/api/auth/me", headers=bearer(token))["username"] == "admin"
    page.get_by_role("button", name="Admin, admin").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in to Understudy")).to_be_visible()
    with pytest.raises(Refused):
        sandbox.get("/api/auth/me", headers=bearer(token))


def test_what_one_user_has_read_the_next_does_not_see(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/templates")
    log_in(page, "alice")
    token = session_of(page)["access_token"]
    sandbox.post("/api/templates", {"name": "Of Alice", "nodes": []}, headers=bearer(token))
    page.reload()
    expect(page.get_by_role("button", name="Of Alice")).to_be_visible()
    page.get_by_role("button", name="Alice, user").click()
    page.get_by_role("button", name="Log out").click()
    log_in(page, "demo")
    expect(page.get_by_role("heading", name="No templates yet")).to_be_visible()


def test_a_new_user_registers_and_is_in(console: Console, sandbox: SandboxClient) -> None:
    page = console.open()
    page.get_by_role("button", name="Create an account").click()
    page.get_by_label("Username").fill("grace")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_label("Name (optional)").fill("Grace Hopper")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("button", name="Grace Hopper, user")).to_be_visible()
    given = {"username": "grace", "password": "a-long-password"}
    assert sandbox.post("/api/auth/login", given)["user"]["name"] == "Grace Hopper"


def test_a_name_that_is_taken_is_told(console: Console) -> None:
    console.expect_refusal(409, "/api/auth/register")
    page = console.open()
    page.get_by_role("button", name="Create an account").click()
    page.get_by_label("Username").fill("alice")
    page.get_by_label("Password").fill("a-long-password")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("alert")).to_contain_text("alice")


def test_a_login_outlives_a_reload_but_not_the_tab(console: Console) -> None:
    page = console.open()
    log_in(page, "alice")
    page.reload()
    expect(page.get_by_role("button", name="Alice, user")).to_be_visible()
    with page.context.new_page() as other:
        other.goto(page.url)
        expect(other.get_by_role("heading", name="Log in to Understudy")).to_be_visible()


def test_tokens_that_expire_are_renewed_once_for_all_who_wait(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/files")
    log_in(page, "alice")
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()
    sandbox.clock.advance(900)
    # The list and the categories are asked for at once, and the clock has jumped without a sign.
    console.expect_refusal(401, "/api/templates?page=1&per_page=12&sort=-updated_at")
    console.expect_refusal(401, "/api/templates?page=1&per_page=100&sort=category")
    page.get_by_role("link", name="Templates").click()
    expect(page.get_by_role("heading", name="No templates yet")).to_be_visible()
    assert refreshes(sandbox) == [200]


def test_tokens_are_renewed_before_they_expire_where_time_is_heard_of(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/files")
    log_in(page, "alice")
    first = session_of(page)["access_token"]
    node = {"id": "wait", "type": "delay", "data": {"config": {"seconds": 870}}}
    workflow = sandbox.post("/api/workflows", {"nodes": [node]}, headers=bearer(first))
    sandbox.post(f"/api/workflows/{workflow['id']}/execute", headers=bearer(first))
    # The list of the files is read again when an execution has ended.
    with page.expect_response("**/api/auth/refresh"):
        sandbox.clock.advance(871)
    page.wait_for_function(f"first => ({STORED})().state.session.access_token !== first", arg=first)
    assert refreshes(sandbox) == [200]


def test_a_login_that_was_ended_elsewhere_leads_back_to_the_door(console: Console, sandbox: SandboxClient) -> None:
    page = console.open("/files")
    log_in(page, "alice")
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()
    # The stream ends with the login, and whoever comes again is refused.
    console.expect_refusal(401, "/api/events")
    sandbox.post("/api/auth/logout", headers=bearer(session_of(page)["access_token"]))
    expect(page.get_by_text("Your login has ended. Log in again.")).to_be_visible()
    log_in(page, "alice")


def test_pictures_and_sounds_of_a_user_are_shown(console: Console) -> None:
    page = console.open("/files")
    log_in(page, "alice")
    note = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"Of Alice"}
    page.get_by_label("Files to upload").first.set_input_files(note)
    card = page.get_by_role("list", name="Files", exact=True).get_by_role("button", name="note.txt")
    expect(card.locator("img")).to_be_visible()
    card.click()
    expect(page.get_by_label("Text of note.txt")).to_have_text("Of Alice")
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download").click()
    assert downloaded.value.path().read_bytes() == b"Of Alice"


@pytest.mark.parametrize("auth", ["optional"])
def test_where_one_may_log_in_the_bar_has_a_door(console: Console) -> None:
    page = console.open("/files")
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()
    page.get_by_role("button", name="Log in").click()
    log_in(page, "alice")
    expect(page.get_by_role("dialog", name="Log in")).to_have_count(0)
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()


@pytest.mark.parametrize("auth", ["off"])
def test_where_nobody_logs_in_nothing_is_to_be_seen_of_it(console: Console) -> None:
    page = console.open("/files")
    expect(page.get_by_role("heading", name="No files yet")).to_be_visible()
    expect(page.get_by_role("button", name="Log in")).to_have_count(0)


def test_who_has_logged_in_begins_at_the_content(console: Console) -> None:
    page = console.open("/templates")
    log_in(page, "alice")
    expect(page.get_by_role("main")).to_be_focused()
