"""The page at ``/``: built, served with right caching, and whole wherever it is opened."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.api import console
from app.api.console import TYPES, read_build
from app.command import greeting
from app.config import Settings
from app.sandbox import Sandboxes

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def parts_of(page: str) -> list[str]:
    """The addresses of all that the page loads first."""
    return re.findall(r'(?:src|href)="(\./console/[^"]+)"', page)


@pytest.fixture
def page(client: FlaskClient) -> str:
    """The page as a browser gets it."""
    return client.get("/", headers=BROWSER).get_data(as_text=True)


@pytest.fixture
def script(page: str) -> str:
    """The address of its script."""
    return next(part[1:] for part in parts_of(page) if part.endswith(".js"))


@pytest.fixture
def not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A source tree in which nobody has built the page."""
    monkeypatch.setattr(console, "_BUILT", tmp_path / "console")
    read_build.cache_clear()
    yield
    read_build.cache_clear()


def test_a_browser_gets_the_console_and_a_program_the_index(client: FlaskClient, page: str) -> None:
    assert '<div id="root"></div>' in page
    assert client.get("/", headers=BROWSER).content_type == "text/html; charset=utf-8"
    assert client.get("/").get_json() == client.get("/api").get_json()
    assert client.get("/", headers={"Accept": "text/html;q=0.5, application/json"}).is_json


def test_all_that_the_page_names_is_there_below_every_address(client: FlaskClient, page: str) -> None:
    assert len(parts_of(page)) >= 3
    for base in ("", "/s/mine"):
        assert client.get(f"{base}/", headers=BROWSER).get_data(as_text=True) == page
        for part in parts_of(page):
            assert client.get(f"{base}/{part[2:]}").status_code == 200, part


def test_the_address_of_a_sandbox_without_its_slash_leads_to_the_one_with_it(client: FlaskClient) -> None:
    response = client.get("/s/mine?a=1", headers=BROWSER)
    assert (response.status_code, response.headers["Location"]) == (308, "/s/mine/?a=1")
    assert client.get("/s/mine").is_json


def test_opening_the_page_makes_no_sandbox(client: FlaskClient, script: str, sandboxes: Sandboxes) -> None:
    client.get("/s/mine/", headers=BROWSER)
    client.get(f"/s/mine{script}")
    assert sandboxes.alive() == []


def test_a_sandbox_that_cannot_be_named_so_is_refused(client: FlaskClient) -> None:
    response = client.get("/s/-mine/", headers=BROWSER)
    assert (response.status_code, response.get_json()["code"]) == (400, "bad_sandbox_name")


def test_the_page_is_asked_for_each_time_and_sent_once(client: FlaskClient) -> None:
    first = client.get("/", headers=BROWSER)
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get("/", headers={**BROWSER, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, "Content-Type" in again.headers) == (304, b"", False)
    for response in (first, again):
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert client.get("/").headers["ETag"] != first.headers["ETag"]


def test_the_parts_of_the_page_keep_for_a_year_and_the_icon_is_asked_for(client: FlaskClient, script: str) -> None:
    response = client.get(script)
    assert response.content_type == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    # Its name stays when the icon changes.
    icon = client.get("/console/icon.svg")
    assert (icon.content_type, icon.headers["Cache-Control"]) == ("image/svg+xml", "no-cache")


def test_parts_are_compressed_for_who_takes_it(client: FlaskClient, script: str) -> None:
    plain, zipped = client.get(script), client.get(script, headers=GZIP)
    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert len(zipped.data) < len(plain.data) / 2
    assert plain.headers["ETag"] != zipped.headers["ETag"]
    for response in (plain, zipped):
        assert "Accept-Encoding" in response.headers["Vary"]
    assert "Content-Encoding" not in client.get(script, headers={"Accept-Encoding": "gzip;q=0, br"}).headers


def test_a_part_that_the_browser_has_is_not_sent_again(client: FlaskClient, script: str) -> None:
    known = client.get(script, headers=GZIP).headers["ETag"]
    again = client.get(script, headers={**GZIP, "If-None-Match": known})
    assert (again.status_code, again.data) == (304, b"")


def test_a_range_of_a_part_is_one_of_its_bytes_as_they_are(client: FlaskClient, script: str) -> None:
    whole = client.get(script).data
    piece = client.get(script, headers={**GZIP, "Range": "bytes=10-19"})
    assert (piece.status_code, piece.data) == (206, whole[10:20])
    assert piece.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"


@pytest.mark.parametrize(
    "name",
    ["nothing.js", "index.html", "../index.html", "..%2findex.html", "%2e%2e%2f%2e%2e%2fconfig.py", "..%5cindex.html"],
)
def test_nothing_else_is_to_be_had_there(client: FlaskClient, name: str) -> None:
    response = client.get(f"/console/{name}")
    assert (response.status_code, response.content_type) == (404, "application/problem+json")


def test_every_file_of_the_build_has_a_type_and_a_page(client: FlaskClient) -> None:
    parts = [name for name in read_build() if name != "index.html"]
    assert len(parts) > 3
    for name in parts:
        assert client.get(f"/console/{name}").content_type == TYPES[Path(name).suffix], name


def test_the_page_loads_nothing_from_elsewhere(page: str) -> None:
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert [address for address in loaded if "//" in address] == []
    # What a policy must not allow: scripts and styles that stand in the page.
    assert re.findall(r"<script(?![^>]*src=)|<style| style=| on\w+=", page) == []


def test_who_must_log_in_gets_the_page_to_do_it_on(sandboxes: Sandboxes) -> None:
    client = create_app(Settings(scenario="empty", auth="required", check_contract="fail")).test_client()
    page = client.get("/", headers=BROWSER)
    assert '<div id="root"></div>' in page.get_data(as_text=True)
    for part in parts_of(page.get_data(as_text=True)):
        assert client.get(part[1:]).status_code == 200


def test_where_a_sandbox_must_be_named_the_console_is_that_of_one() -> None:
    client = create_app(Settings(scenario="empty", require_sandbox=True, check_contract="fail")).test_client()
    assert '<div id="root"></div>' in client.get("/s/mine/", headers=BROWSER).get_data(as_text=True)
    assert '<div id="root"></div>' in client.get("/?sandbox=mine", headers=BROWSER).get_data(as_text=True)
    links = client.get("/", headers=BROWSER).get_data(as_text=True)
    assert 'href="/docs"' in links
    assert '<div id="root"></div>' not in links


def test_where_a_sandbox_must_be_named_the_page_of_links_asks_for_its_name() -> None:
    settings = Settings(scenario="empty", require_sandbox=True, check_contract="fail")
    client = create_app(settings).test_client()
    links = client.get("/", headers=BROWSER).get_data(as_text=True)
    assert "Open the console" in links
    assert re.findall(r'<input name="(\w+)"', links) == ["sandbox"]
    assert "Start here   http://127.0.0.1:8000/\n" in greeting(settings, 8000)
    assert '<div id="root"></div>' in client.get("/s/demo/", headers=BROWSER).get_data(as_text=True)
    assert "<form" not in create_app(Settings()).test_client().get("/problems", headers=BROWSER).get_data(as_text=True)


@pytest.mark.usefixtures("not_built")
def test_a_page_that_was_not_built_is_a_page_of_links(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/s/mine/", headers=BROWSER)
    assert page.content_type == "text/html; charset=utf-8"
    told = dict(re.findall(r'<li><a href="(\S+?)">\1</a><p>([^<]+\.)</p></li>', page.get_data(as_text=True)))
    assert list(told) == [f"/s/mine{link}" for link in client.get("/").get_json()["links"].values()]
    assert told["/s/mine/api/files"] == "What was uploaded, and what nodes wrote."
    assert '<link rel="icon" href="data:,">' in page.get_data(as_text=True)
    assert client.get("/console/icon.svg").status_code == 404
