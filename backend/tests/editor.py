"""A frontend, as the tests of the API play it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.sandbox import Sandbox

Json = Any


class Editor:
    """A frontend that saves graphs, runs them and watches them; it expects everything to go well."""

    def __init__(self, client: FlaskClient, sandbox: Sandbox) -> None:
        self.client = client
        self.sandbox = sandbox

    def get(self, path: str) -> Json:
        """What there is at a path."""
        return self._good(self.client.get(path))

    def post(self, path: str, body: Json = None) -> Json:
        """Send something, or just a command."""
        return self._good(self.client.post(path, json=body) if body is not None else self.client.post(path))

    def save(self, *nodes: Json, lines: list[str] | None = None, **fields: Json) -> Json:
        """Save a workflow: nodes as `node` makes them, lines as ``"a-b"``; without lines, one after the other."""
        if lines is None:
            ids = [one["id"] for one in nodes]
            lines = [f"{source}-{target}" for source, target in pairwise(ids)]
        connections = [line(text) for text in lines]
        return self.post("/api/workflows", {"nodes": list(nodes), "connections": connections, **fields})

    def execute(self, workflow: Json, **options: Json) -> Json:
        """Start a workflow."""
        return self.post(f"/api/workflows/{workflow['id']}/execute", options or None)

    def finish(self, execution: Json) -> Json:
        """Let time go by until an execution has ended, or waits for somebody."""
        for _ in range(10_000):
            execution = self.get(f"/api/executions/{execution['id']}")
            if execution["status"] not in ("running", "pending"):
                return execution
            due = self.sandbox.engine.next_due()
            assert due is not None, "it runs, and nothing will ever happen"
            self.sandbox.world.clock.jump_to(due)
        raise AssertionError("it does not end")

    def advance(self, milliseconds: int) -> None:
        """Let virtual time go by."""
        self.sandbox.world.clock.jump_to(self.sandbox.world.clock.now() + milliseconds * 1000)

    @staticmethod
    def _good(response: TestResponse) -> Json:
        assert response.status_code < 300, response.get_data(as_text=True)
        return response.get_json()


def node(key: str, kind: str = "set", **data: Json) -> Json:
    """A node as React Flow writes it."""
    return {"id": key, "type": kind, "position": {"x": 0, "y": 0}, "data": {"label": key, **data}}


def line(text: str) -> Json:
    """A connection from a text such as ``"a-b"``."""
    source, target = text.split("-")
    return {"id": text, "source": source, "target": target}
