"""Every error is a problem: the domain's, the framework's and those that nobody expected; while testing and not."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient

from app import create_app, errors
from app.api.schemas.problems import PROBLEM
from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.sandbox import Sandboxes
from app.web.door import Door
from app.web.errors import as_problem, handle_errors, problem_json, status_of
from app.web.problem import Problem

STATUSES = {
    "UnderstudyError": 500,
    "InvalidInput": 422,
    "CannotRun": 422,
    "TooMany": 422,
    "MalformedInput": 400,
    "NoSandbox": 400,
    "NotAuthenticated": 401,
    "NotAllowed": 403,
    "NotFound": 404,
    "Conflict": 409,
    "SetBack": 409,
    "WrongStatus": 409,
    "IllegalTransition": 500,
    "RevisionMismatch": 412,
    "TooLarge": 413,
    "UnsupportedMedia": 415,
    "RangeNotSatisfiable": 416,
    "TooManySandboxes": 429,
    "TooManyStreams": 429,
    "QueueFull": 429,
    "RateLimited": 429,
    "UpgradeRequired": 426,
    "BrokenContract": 500,
}
"""The tree that is drawn at the top of errors.py."""

DOMAIN: list[errors.UnderstudyError] = [
    errors.InvalidInput("no", [{"pointer": "/x", "message": "no"}]),
    errors.CannotRun("no", [{"pointer": "/x", "message": "no", "node_id": "a"}]),
    errors.TooMany("no"),
    errors.MalformedInput("no", line=1),
    errors.NoSandbox("no"),
    errors.NotAuthenticated("no"),
    errors.NotAllowed("no"),
    errors.NotFound("workflow", "x"),
    errors.Conflict("no"),
    errors.SetBack("mine"),
    errors.WrongStatus("no", status="idle", allowed=["execute"]),
    errors.IllegalTransition("ex_1", "completed", "running", ["one", "two"]),
    errors.RevisionMismatch("no"),
    errors.TooLarge("no"),
    errors.UnsupportedMedia("no"),
    errors.RangeNotSatisfiable("no"),
    errors.TooManySandboxes(3),
    errors.TooManyStreams(3),
    errors.QueueFull("wf_1", 3),
    errors.RateLimited("3 per minute", 20),
    errors.UpgradeRequired(),
    errors.BrokenContract("GET /api", 200, [{"pointer": "/x", "message": "no"}]),
]


@pytest.fixture(params=[True, False], ids=["testing", "not testing"])
def application(request: pytest.FixtureRequest) -> Flask:
    settings = Settings(pace="stopped", scenario="empty")
    app = create_app(settings, Sandboxes(settings, SimulatedEngine))
    app.testing = request.param
    return app


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def raising(app: Flask, error: Any) -> FlaskClient:
    """A client whose ``/api/broken`` raises this; resources of the API go the same way as plain views."""

    def broken() -> Response:
        if isinstance(error, int):
            abort(error)
        raise error

    app.add_url_rule("/broken", "broken", broken)
    app.view_functions["api/workflows"] = broken
    return app.test_client()


def checked(response: Any, status: int) -> Any:
    body = response.get_json()
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert PROBLEM.validate(body) == {}
    assert body["status"] == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Traceback" not in response.get_data(as_text=True)
    return body


@pytest.mark.parametrize("error", DOMAIN, ids=lambda error: type(error).__name__)
def test_a_domain_error_has_the_status_of_the_table(application: Flask, error: errors.UnderstudyError) -> None:
    client = raising(application, error)
    for path in ("/broken", "/api/workflows"):
        body = checked(client.get(path), STATUSES[type(error).__name__])
        assert (body["code"], body["type"]) == (error.code, f"/problems/{error.code}")
        assert body["detail"] == error.message


def test_the_table_knows_every_error_of_the_tree() -> None:
    kinds, waiting = {}, [errors.UnderstudyError]
    while waiting:
        kind = waiting.pop()
        kinds[kind.__name__] = status_of(kind)
        waiting += kind.__subclasses__()
    assert kinds == STATUSES


@pytest.mark.parametrize(
    "status", [400, 401, 403, 404, 405, 406, 408, 410, 411, 413, 414, 415, 416, 417, 428, 429, 431]
)
def test_an_error_of_the_framework_is_a_problem(application: Flask, status: int) -> None:
    client = raising(application, status)
    for path in ("/broken", "/api/workflows"):
        checked(client.get(path), status)


@pytest.mark.parametrize(
    "error", [RuntimeError("secret"), KeyError("secret"), RecursionError(), errors.NodeFailure("c", "secret")]
)
def test_what_nobody_expected_is_a_500_that_tells_nothing(application: Flask, error: Exception) -> None:
    client = raising(application, error)
    for path in ("/broken", "/api/workflows"):
        assert "secret" not in str(checked(client.get(path), 500))


def test_routing_errors_are_problems_everywhere(application: Flask) -> None:
    client = application.test_client()
    for path in ("/nothing", "/api/nothing", "/api/workflows/a/b/c"):
        checked(client.get(path, headers={"Accept": "text/html"}), 404)
    refused = client.post("/api/executions")
    assert checked(refused, 405)["code"] == "method_not_allowed"
    assert "GET" in refused.headers["Allow"]


def test_a_body_is_never_echoed(application: Flask) -> None:
    refused = application.test_client().post("/api/workflows", json={"name": 5, "password": "hunter2"})
    assert "hunter2" not in str(checked(refused, 422))


def test_an_unexpected_error_is_logged_with_its_trace(application: Flask, caplog: pytest.LogCaptureFixture) -> None:
    logging.disable(logging.NOTSET)
    raising(application, RuntimeError("found in the log")).get("/broken")
    assert "found in the log" in caplog.text
    assert "Traceback" in caplog.text


def test_further_members_never_hide_those_of_every_problem() -> None:
    problem = as_problem(errors.Conflict("no", status="paused", code="busy", type="x", title="y"))
    assert (problem.as_dict()["status"], problem.as_dict()["type"]) == (409, "/problems/busy")


def test_a_dialect_gives_errors_its_own_shape_by_prefix() -> None:
    def answer(problem: Problem) -> Response:
        return Response(f"oops {problem.status}", problem.status, problem.headers)

    app = Flask(__name__)
    handle_errors(app, [Door("n8n", "n8n", "The API of n8n.", "/n8n", answer, {})])
    client = app.test_client()
    assert client.get("/n8n/nothing").data == b"oops 404"
    assert client.get("/other").content_type == problem_json(Problem(404, "x", "x", "x")).content_type
