"""What every test may ask for: an application at a stopped clock, a client that checks all that it is answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonata  # noqa: F401  It raises the recursion limit, which hypothesis would take for a fault of a test.
import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.api.routes import route_of
from app.api.schemas.library import PROBLEM
from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.sandbox import Sandbox, Sandboxes
from tests.editor import Editor

Json = Any


@pytest.fixture
def settings() -> Settings:
    """Nothing in the sandbox, and a clock that moves when told. A test module may have its own."""
    return Settings(pace="stopped", scenario="empty", seed=7)


@pytest.fixture
def sandboxes(settings: Settings) -> Sandboxes:
    """The sandboxes of the application, bare."""
    return Sandboxes(settings, SimulatedEngine)


@pytest.fixture
def app(settings: Settings, sandboxes: Sandboxes) -> Flask:
    """The whole application; every answer is checked against the schema that the table of routes names for it."""
    application = create_app(settings, sandboxes)
    application.after_request(keep_the_contract)
    return application


@pytest.fixture
def sandbox(sandboxes: Sandboxes) -> Sandbox:
    """The sandbox that requests without further words are for."""
    return sandboxes.get()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Plain HTTP."""
    return app.test_client()


@pytest.fixture
def editor(client: FlaskClient, sandbox: Sandbox) -> Editor:
    """What a frontend does, as verbs."""
    return Editor(client, sandbox)


def keep_the_contract(response: Response) -> Response:
    """Compare an answer with what was promised."""
    kind = (response.content_type or "").partition(";")[0]
    if response.status_code >= 400:
        assert kind == "application/problem+json", f"an error that is no problem: {response.get_data()!r}"
        assert PROBLEM.validate(response.get_json()) == {}
        assert response.get_json()["status"] == response.status_code
    elif kind == "application/json":
        schema = route_of(request.endpoint or "").answer(request.method)
        assert schema is not None, f"no schema for {request.method} {request.endpoint}"
        if request.args.get("shape") is None:
            assert schema.validate(response.get_json()) == {}
    return response


@pytest.fixture
def problem_of() -> Callable[[TestResponse, int], Json]:
    """Read a refusal: ``problem_of(response, 404)`` gives its body."""

    def read(response: TestResponse, status: int) -> Json:
        assert response.status_code == status, response.get_data(as_text=True)
        return response.get_json()

    return read
