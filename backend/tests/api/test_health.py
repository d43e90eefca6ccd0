"""Whether the server is there, and where things are."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app.sandbox import Sandboxes
from tests.editor import Editor


def test_health_names_the_versions_and_wakes_no_sandbox(editor: Editor, client: FlaskClient) -> None:
    health = editor.get("/health")
    assert health == editor.get("/api/health")
    assert health["status"] == "ok"
    assert {"understudy", "python", "flask", "marshmallow", "pillow", "faker", "orjson"} <= set(health["versions"])


def test_requests_about_no_sandbox_make_none(client: FlaskClient, sandboxes: Sandboxes) -> None:
    for path in ("/", "/api", "/health", "/_control/sandboxes", "/_control/scenarios"):
        client.get(path)
    client.options("/api/workflows")
    assert sandboxes.alive() == []


def test_the_index_is_a_page_for_browsers_and_json_for_programs(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.content_type == "text/html; charset=utf-8"
    assert 'href="/api/workflows"' in page.get_data(as_text=True)
    index = client.get("/").get_json()
    assert index == client.get("/api").get_json()
    for link in index["links"].values():
        assert client.get(link).status_code == 200


def test_the_index_says_of_each_address_what_is_there(client: FlaskClient) -> None:
    page = client.get("/s/mine/", headers={"Accept": "text/html"}).get_data(as_text=True)
    told = dict(re.findall(r'<li><a href="(\S+?)">\1</a><p>([^<]+\.)</p></li>', page))
    assert list(told) == [f"/s/mine{link}" for link in client.get("/").get_json()["links"].values()]
    assert told["/s/mine/api/files"] == "What was uploaded, and what nodes wrote."


@pytest.mark.parametrize("path", ["/", "/problems", "/problems/cannot_run"])
def test_pages_ask_for_no_icon_that_is_not_there(client: FlaskClient, path: str) -> None:
    assert '<link rel="icon" href="data:,">' in client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
