"""Somebody in a sandbox: a user who has logged in, or anybody else."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Json = Any


class Person:
    """A user who has logged in, or somebody who has not."""

    def __init__(self, client: FlaskClient, name: str = "") -> None:
        """:param name: of one of the users that every sandbox has; ``""`` is somebody who does not log in."""
        self.client = client
        self.headers = bearer(client, name) if name else {}

    def __call__(self, method: str, path: str, body: Json = None, **headers: str) -> TestResponse:
        return self.client.open(path, method=method, json=body, headers={**self.headers, **headers})


def log_in(client: FlaskClient, name: str = "alice", password: str = "") -> Json:
    """The answer to a login that goes well."""
    known = {"username": name, "password": password or f"{name}-password"}
    answer = client.post("/api/auth/login", json=known)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def bearer(client: FlaskClient, name: str) -> dict[str, str]:
    """The header that shows who one is."""
    return {"Authorization": f"Bearer {log_in(client, name)['access_token']}"}
