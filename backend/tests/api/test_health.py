"""Whether the server is there, and where things are."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from app.sandbox import Sandboxes
from tests.editor import Editor


def test_health_names_the_versions_and_wakes_no_sandbox(editor: Editor, client: FlaskClient) -> None:
    health = editor.get("/health")
    assert health == editor.get("/api/health")
    assert health["status"] == "ok"
    assert {"understudy", "python", "flask", "marshmallow", "pillow", "faker", "orjson"} <= set(health["versions"])


@pytest.mark.parametrize(
    ("settings", "who"),
    [
        ({}, "open"),
        ({"control_token": "correct-horse"}, "token"),
        ({"host": "0.0.0.0"}, "closed"),
        ({"host": "0.0.0.0", "control_token": "correct-horse"}, "token"),
    ],
)
def test_health_says_who_may_direct(settings: dict[str, str], who: str) -> None:
    client = create_app(Settings(**settings)).test_client()  # type: ignore[arg-type]
    assert client.get("/health").get_json()["control"] == who


def test_requests_about_no_sandbox_make_none(client: FlaskClient, sandboxes: Sandboxes) -> None:
    for path in ("/", "/api", "/health", "/_control/sandboxes", "/_control/scenarios"):
        client.get(path)
    client.options("/api/workflows")
    assert sandboxes.alive() == []


def test_every_link_of_the_index_leads_somewhere(client: FlaskClient) -> None:
    index = client.get("/").get_json()
    assert index == client.get("/api").get_json()
    for link in index["links"].values():
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("path", ["/problems", "/problems/cannot_run"])
def test_pages_ask_for_no_icon_that_is_not_there(client: FlaskClient, path: str) -> None:
    assert '<link rel="icon" href="data:,">' in client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
