"""The table of routes is the API: every call of the design once, every one answered, nothing beside it."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

W, E, T, F = "/api/workflows/{}", "/api/executions/{}", "/api/templates/{}", "/api/files/{}"

S = "/_control/snapshots/{}"
V1 = "/api/v1/flows/{}"

CALLS = {
    "/": "GET",
    "/console/{}": "GET",
    "/api": "GET",
    "/health": "GET",
    "/api/health": "GET",
    "/openapi.json": "GET",
    "/openapi.yaml": "GET",
    "/docs": "GET",
    "/docs/{}": "GET",
    "/problems": "GET",
    "/problems/{}": "GET",
    "/api/meta/statuses": "GET",
    "/api/workflows": "GET POST",
    "/api/workflows/import": "POST",
    W: "GET PUT PATCH DELETE",
    f"{W}/duplicate": "POST",
    f"{W}/export": "GET",
    f"{W}/validate": "POST",
    f"{W}/execute": "POST",
    f"{W}/pause": "POST",
    f"{W}/resume": "POST",
    f"{W}/stop": "POST",
    f"{W}/status": "GET",
    f"{W}/events": "GET",
    f"{W}/dataflow": "GET",
    f"{W}/versions": "GET",
    f"{W}/versions/{{}}": "GET PATCH",
    f"{W}/versions/{{}}/diff": "GET",
    f"{W}/versions/{{}}/restore": "POST",
    f"{W}/shares": "GET POST",
    f"{W}/shares/{{}}": "PATCH DELETE",
    f"{W}/share-link": "POST DELETE",
    f"{W}/schedules": "GET POST",
    f"{W}/schedules/{{}}": "GET PATCH DELETE",
    "/api/schedules": "GET",
    f"{W}/webhooks": "GET",
    "/api/webhooks/{}": "GET POST PUT PATCH DELETE",
    "/api/shared/{}": "GET",
    "/api/executions": "GET",
    E: "GET DELETE",
    f"{E}/pause": "POST",
    f"{E}/resume": "POST",
    f"{E}/stop": "POST",
    f"{E}/retry": "POST",
    f"{E}/release": "POST",
    f"{E}/events": "GET",
    f"{E}/nodes/{{}}/answer": "POST",
    "/api/events": "GET",
    "/api/auth/register": "POST",
    "/api/auth/login": "POST",
    "/api/auth/refresh": "POST",
    "/api/auth/logout": "POST",
    "/api/auth/me": "GET PATCH",
    "/api/auth/change-password": "POST",
    "/api/auth/url-token": "POST",
    "/api/auth/api-keys": "GET POST",
    "/api/auth/api-keys/{}": "GET DELETE",
    "/api/users": "GET",
    "/api/users/{}": "GET PATCH",
    "/api/ws": "GET",
    "/api/ws/schema": "GET",
    "/api/node-types": "GET POST",
    "/api/node-types/{}": "GET PUT DELETE",
    f"{W}/nodes": "GET POST",
    f"{W}/nodes/{{}}": "GET PUT PATCH DELETE",
    f"{W}/nodes/{{}}/process-files": "POST",
    f"{W}/connections": "GET POST",
    f"{W}/connections/{{}}": "GET PUT DELETE",
    "/api/templates": "GET POST",
    "/api/templates/import": "POST",
    T: "GET PUT DELETE",
    f"{T}/apply": "POST",
    f"{T}/export": "GET",
    "/api/files": "GET",
    "/api/files/upload": "POST",
    F: "GET DELETE",
    f"{F}/content": "GET",
    f"{F}/thumbnail": "GET",
    "/api/flows/": "GET POST",
    "/api/flows/templates/": "GET",
    "/api/flows/{}/": "GET PUT PATCH DELETE",
    "/api/flows/{}/execute/": "POST",
    "/api/flows/{}/duplicate/": "POST",
    "/api/flows/{}/executions/": "GET",
    "/api/flows/{}/ws/": "GET",
    "/api/flows/executions/{}/": "GET",
    "/api/flows/executions/{}/nodes/": "GET",
    V1: "GET POST DELETE",
    "/api/v1/flows/": "GET",
    "/api/v1/flows/create": "POST",
    "/api/v1/flows/import": "POST",
    f"{V1}/duplicate": "POST",
    f"{V1}/export": "GET",
    f"{V1}/execute": "POST",
    f"{V1}/executions": "GET",
    f"{V1}/executions/stats": "GET",
    f"{V1}/executions/{{}}": "GET",
    f"{V1}/analytics": "GET",
    "/_control": "GET",
    "/_control/reset": "POST",
    "/_control/clock": "GET PUT",
    "/_control/clock/advance": "POST",
    "/_control/faults": "GET PUT POST DELETE",
    "/_control/snapshots": "GET POST",
    S: "GET PUT DELETE",
    f"{S}/restore": "POST",
    f"{S}/fork": "POST",
    "/_control/requests": "GET DELETE",
    "/_control/scenarios": "GET",
    "/_control/sandboxes": "GET",
    "/_control/sandboxes/{}": "DELETE",
}
"""The API table of the design, written out, and the control API."""


def test_every_call_of_the_design_is_there_once_and_nothing_else(app: Flask) -> None:
    served = [(shape_of(rule.rule), rule.methods or set()) for rule in app.url_map.iter_rules()]
    assert sorted(url for url, _ in served) == sorted(CALLS)
    for url, methods in served:
        assert methods - {"HEAD", "OPTIONS"} == set(CALLS[url].split()), url


def test_a_wrong_method_is_told_which_are_right(client: FlaskClient) -> None:
    for url, methods in CALLS.items():
        response = client.open(url.format("1", "2"), method="TRACE")
        allowed = {method.strip() for method in response.headers["Allow"].split(",")}
        assert response.status_code == 405
        # Words such as "import" are also ids as far as other methods can tell, so there may be more.
        assert set(methods.split()) <= allowed, url


def test_head_and_options_answer_without_content(client: FlaskClient) -> None:
    for url, methods in CALLS.items():
        asked = client.options(url.format("1", "2"))
        assert (asked.status_code, asked.data) == (204, b"")
        assert set(methods.split()) <= {method.strip() for method in asked.headers["Allow"].split(",")}
        if "GET" in methods:
            head, got = client.head(url.format("1", "2")), client.get(url.format("1", "2"))
            assert (head.status_code, head.data) == (got.status_code, b"")
            assert head.headers["Content-Length"] == got.headers["Content-Length"]


def shape_of(rule: str) -> str:
    """A rule with braces in the place of its variables."""
    return "".join("{}" + part.partition(">")[2] if ">" in part else part for part in rule.split("<"))
