"""The table of routes is the API: every call of the design once, every one answered, nothing beside it."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

W, E, T, F = "/api/workflows/{}", "/api/executions/{}", "/api/templates/{}", "/api/files/{}"

S = "/_control/snapshots/{}"

CALLS = {
    "/": "GET",
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
        response = client.open(url.format("x", "y"), method="TRACE")
        allowed = {method.strip() for method in response.headers["Allow"].split(",")}
        assert response.status_code == 405
        # Words such as "import" are also ids as far as other methods can tell, so there may be more.
        assert set(methods.split()) <= allowed, url


def test_head_and_options_answer_without_content(client: FlaskClient) -> None:
    for url, methods in CALLS.items():
        asked = client.options(url.format("x", "y"))
        assert (asked.status_code, asked.data) == (204, b"")
        assert set(methods.split()) <= {method.strip() for method in asked.headers["Allow"].split(",")}
        if "GET" in methods:
            head, got = client.head(url.format("x", "y")), client.get(url.format("x", "y"))
            assert (head.status_code, head.data) == (got.status_code, b"")
            assert head.headers["Content-Length"] == got.headers["Content-Length"]


def shape_of(rule: str) -> str:
    """A rule with braces in the place of its variables."""
    return "".join("{}" + part.partition(">")[2] if ">" in part else part for part in rule.split("<"))
