"""Forms that come in: how large they may be, and what is said of those that are too large."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import encode_multipart

from tests.editor import Editor, node

LARGE = "x" * 600_000
"""More than werkzeug takes in a field by itself."""

HOOK = node("hook", "webhook_trigger", config={"method": "POST", "path": "form"})


@pytest.fixture
def webhook(editor: Editor) -> str:
    """The address of a webhook."""
    workflow = editor.save(HOOK, node("work"), lines=["hook-work"])
    return f"/api/webhooks/{workflow['id']}/hook"


def post(client: FlaskClient, path: str, fields: dict[str, Any], key: str | None = None) -> Any:
    """Send a form; each has a boundary of its own, as those of browsers have."""
    headers = {} if key is None else {"Idempotency-Key": key}
    boundary, content = encode_multipart(fields)
    return client.post(path, data=content, content_type=f"multipart/form-data; boundary={boundary}", headers=headers)


def test_a_field_of_a_form_may_be_as_large_as_any_other_body(editor: Editor, webhook: str) -> None:
    assert post(editor.client, webhook, {"text": LARGE}).status_code == 202
    made = post(editor.client, "/api/flows/", {"name": "New", "metadata": f'{{"text": "{LARGE}"}}'})
    assert made.get_json()["metadata"] == {"text": LARGE}


def test_a_form_with_too_many_parts_is_not_called_too_long(editor: Editor, webhook: str) -> None:
    many = post(editor.client, webhook, {f"field{number}": "x" for number in range(1001)})
    assert many.status_code == 413
    assert "more than 1000 parts" in many.get_json()["detail"]
    long = post(editor.client, webhook, {"text": "x" * (editor.client.application.config["MAX_CONTENT_LENGTH"] + 1)})
    assert long.status_code == 413
    assert "body is larger than" in long.get_json()["detail"]


def test_a_form_that_is_sent_twice_with_one_key_happens_once(editor: Editor) -> None:
    first = post(editor.client, "/api/flows/", {"name": "New", "tags": '["a"]'}, "key")
    again = post(editor.client, "/api/flows/", {"name": "New", "tags": '["a"]'}, "key")
    assert first.status_code == 201
    assert first.get_json()["tags"] == ["a"]
    assert (again.get_json(), again.headers.get("Idempotency-Replayed")) == (first.get_json(), "true")
    assert len(editor.get("/api/flows/")) == 1


def test_another_form_with_the_same_key_is_refused(editor: Editor, webhook: str) -> None:
    assert post(editor.client, webhook, {"order": "1"}, "key").status_code == 202
    other = post(editor.client, webhook, {"order": "2"}, "key")
    assert other.get_json()["code"] == "idempotency_key_reused"
