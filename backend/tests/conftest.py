"""What every test may ask for: an application at a stopped clock, a client that checks all that it is answered."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonata  # noqa: F401  It raises the recursion limit, which hypothesis would take for a fault of a test.
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.sandbox import Sandbox, Sandboxes
from app.services.schedules import fire
from app.services.users import add_ready_made
from tests.editor import Editor

Json = Any

os.environ.setdefault("UNDERSTUDY_CHECK_CONTRACT", "fail")
# Servers of their own are held to the contract, too.


@pytest.fixture
def settings() -> Settings:
    """Nothing in the sandbox, and a clock that moves when told. A test module may have its own."""
    return Settings(pace="stopped", scenario="empty", seed=7)


@pytest.fixture
def sandboxes(settings: Settings) -> Sandboxes:
    """The sandboxes of the application, with nobody but the users that every one has."""
    return Sandboxes(settings, SimulatedEngine, lambda sandbox, _: add_ready_made(sandbox, sandbox.now()), fire)


@pytest.fixture
def app(settings: Settings, sandboxes: Sandboxes) -> Flask:
    """The whole application; an answer that is not what the contract says is a 500."""
    return create_app(replace(settings, check_contract="fail"), sandboxes)


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


@pytest.fixture
def problem_of() -> Callable[[TestResponse, int], Json]:
    """Read a refusal: ``problem_of(response, 404)`` gives its body."""

    def read(response: TestResponse, status: int) -> Json:
        assert response.status_code == status, response.get_data(as_text=True)
        return response.get_json()

    return read
