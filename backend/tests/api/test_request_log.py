"""The request log of a sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.config import Limits, Settings

Json = Any


@pytest.fixture
def settings() -> Settings:
    return Settings(pace="stopped", scenario="empty", limits=Limits(max_requests=5))


def logged(client: FlaskClient, sandbox: str = "default", **filters: Any) -> list[Json]:
    """What the log shows."""
    return client.get(f"/s/{sandbox}/_control/requests", query_string=filters).get_json()["items"]


def told(entries: list[Json]) -> list[str]:
    """Method, path and status of each."""
    return [f"{entry['method']} {entry['path']} {entry['status']}" for entry in entries]


def test_requests_are_logged_in_their_order(client: FlaskClient) -> None:
    client.post("/api/workflows", json={"name": "x"})
    client.get("/api/workflows?page=1&q=x")
    client.get("/api/workflows/none")
    client.get("/api/nowhere")
    entries = logged(client)
    assert told(entries) == [
        "POST /api/workflows 201",
        "GET /api/workflows 200",
        "GET /api/workflows/none 404",
        "GET /api/nowhere 404",
    ]
    assert entries[1]["query"] == "page=1&q=x"
    assert entries[0]["at"] == "2026-01-01T09:00:00.000Z"
    assert entries[0]["ms"] > 0
    assert entries[0]["rule"] is None


def test_the_path_is_that_without_the_sandbox(client: FlaskClient) -> None:
    client.get("/s/mine/api/workflows")
    assert told(logged(client, "mine")) == ["GET /api/workflows 200"]
    assert logged(client) == []


def test_health_preflights_and_the_control_api_are_not_logged(client: FlaskClient) -> None:
    client.get("/health")
    client.get("/api/health")
    client.options("/api/workflows")
    client.get("/_control/clock")
    assert logged(client) == []


def test_a_refused_body_is_logged(client: FlaskClient) -> None:
    client.post("/api/workflows", data="{", content_type="application/json")
    assert told(logged(client)) == ["POST /api/workflows 400"]


def test_the_rule_that_bent_a_request_is_named(client: FlaskClient) -> None:
    client.put("/_control/faults", json=[{"id": "down", "match": {"method": "POST"}, "status": 503}])
    client.get("/api/workflows")
    client.post("/api/workflows", json={"name": "x"})
    assert [(entry["status"], entry["rule"]) for entry in logged(client)] == [(200, None), (503, "down")]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"method": "post"}, 1),
        ({"path": "/api/workflows"}, 2),
        ({"path": "/api/**"}, 3),
        ({"status": 404}, 1),
        ({"status": 404, "method": "POST"}, 0),
        ({"rule": "none"}, 0),
        ({"path": "/s/default/api/workflows"}, 2),
        ({"path": "/s/default/api/executions/*"}, 1),
        ({"path": "*/none"}, 1),
        ({"limit": 2}, 2),
        ({"limit": 9}, 3),
        ({"limit": 2, "method": "POST"}, 1),
    ],
)
def test_the_log_is_filtered(client: FlaskClient, filters: Json, count: int) -> None:
    client.post("/api/workflows", json={"name": "x"})
    client.get("/api/workflows")
    client.get("/api/executions/none")
    assert len(logged(client, **filters)) == count


def test_a_limit_shows_the_latest(client: FlaskClient) -> None:
    for number in range(4):
        client.get(f"/api/workflows/{number}")
    assert [entry["path"][-1] for entry in logged(client, limit=2)] == ["2", "3"]


def test_a_slash_at_the_end_is_logged_and_found_without_it(client: FlaskClient) -> None:
    client.get("/api/workflows/")
    assert told(logged(client, path="/api/workflows")) == ["GET /api/workflows/ 200"]
    client.get("/api/health/")
    client.get("/_control/clock/")
    assert len(logged(client)) == 1


@pytest.mark.parametrize("filters", [{"status": "many"}, {"path": "{"}, {"limit": 0}])
def test_a_filter_that_makes_no_sense_is_refused(
    client: FlaskClient, problem_of: Callable[..., Json], filters: Json
) -> None:
    response = client.get("/_control/requests", query_string=filters)
    assert problem_of(response, 422)["code"] == "bad_query"


def test_only_the_latest_are_kept(client: FlaskClient) -> None:
    for number in range(7):
        client.get(f"/api/workflows/{number}")
    assert [entry["path"][-1] for entry in logged(client)] == ["2", "3", "4", "5", "6"]


def test_the_log_is_emptied(client: FlaskClient) -> None:
    client.get("/api/workflows")
    assert client.delete("/_control/requests").status_code == 204
    assert logged(client) == []


def test_only_what_the_filters_show_is_forgotten(client: FlaskClient, problem_of: Callable[..., Json]) -> None:
    client.get("/api/workflows")
    client.post("/api/workflows", json={"name": "x"})
    client.get("/api/executions")
    client.get("/api/executions")
    assert client.delete("/_control/requests?path=/api/executions&limit=1").status_code == 204
    assert client.delete("/_control/requests?method=get&path=/api/workflows").status_code == 204
    problem_of(client.delete("/_control/requests?status=many"), 422)
    assert told(logged(client)) == ["POST /api/workflows 201", "GET /api/executions 200"]


def test_a_reset_empties_the_log(client: FlaskClient) -> None:
    client.get("/api/workflows")
    client.post("/_control/reset")
    assert logged(client) == []
