"""Examples for the contract: one story, told to a server of our own, with all that was sent and answered."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from app import create_app, routes
from app.config import Settings
from app.version import VERSION
from app.web.restful import Route

Json = Any

MOST_ITEMS = 2
"""Lists are cut to so many items: an example shows a shape, not a stock."""

NO_EXAMPLE = ("getContract", "getContractAsYaml", "getSocketSchema", "listNodeTypes", "listProblems", "listStatuses")
"""What has no example: a document of its own, or a list that says the same at its single items."""

GRAPH = {
    "name": "Greet",
    "nodes": [
        {"id": "start", "type": "manual_trigger", "position": {"x": 0, "y": 0}, "data": {"label": "Start"}},
        {
            "id": "greet",
            "type": "set",
            "position": {"x": 280, "y": 0},
            "data": {"label": "Greet", "config": {"fields": {"text": "Hello {{ $json.name }}"}}},
        },
        {
            "id": "ask",
            "type": "approval",
            "position": {"x": 560, "y": 0},
            "data": {"label": "Ask", "config": {"prompt": "Send it?"}},
        },
    ],
    "connections": [
        {"id": "c1", "source": "start", "target": "greet"},
        {"id": "c2", "source": "greet", "target": "ask"},
    ],
    "viewport": {"x": 0, "y": 0, "zoom": 1},
}


class Teller:
    """Tells the story, and keeps what was sent and answered, by operation."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.examples: dict[str, dict[str, Json]] = {}
        self._names = {
            (route.endpoint, method): operation.name
            for route in routes()
            for method, operation in route.operations.items()
        }
        self._rules = client.application.url_map.bind("localhost")

    def __call__(self, method: str, path: str, body: Json = None, expect: int | None = None, **options: Any) -> Json:
        """Make a call; gives the JSON that is answered.

        :param expect: the status, if it is not one of those that tell of success.
        """
        answer = self.client.open(path, method=method, json=body, **options)
        fits = answer.status_code == expect if expect else answer.status_code < 400
        assert fits, f"{method} {path}: {answer.status} {answer.get_data(as_text=True)}"
        self._keep(method, path, body, answer)
        return answer.get_json(silent=True)

    def _keep(self, method: str, path: str, body: Json, answer: Any) -> None:
        endpoint, _ = self._rules.match(path.partition("?")[0], method)
        name = self._names[endpoint, method.lower()]
        if name in NO_EXAMPLE:
            return
        example = self.examples.setdefault(name, {"answers": {}})
        if body is not None and answer.status_code < 400:
            example.setdefault("body", _document(body) if name == "uploadSnapshot" else body)
        if answer.is_json and answer.status_code < 400:
            told = answer.get_json()
            example["answers"].setdefault(str(answer.status_code), _shortened(STEADY.get(name, _as_it_is)(told)))


def make_examples() -> dict[str, dict[str, Json]]:
    """What was sent and answered, by operation: ``{body?, answers {status: body}}``."""
    settings = Settings(pace="stopped", scenario="empty", check_contract="fail")
    tell = Teller(create_app(settings).test_client())
    parts = (
        _draw,
        _share,
        _run,
        _start_by_itself,
        _keep_files,
        _reuse,
        _come_by_django,
        _come_by_open_webui,
        _log_in,
        _direct,
        _look_around,
        _tidy_up,
    )
    for part in parts:
        part(tell)
    missing = _names(routes()) - set(tell.examples) - set(NO_EXAMPLE)
    assert not missing, f"The story does not tell of: {', '.join(sorted(missing))}"
    return dict(sorted(tell.examples.items()))


def _names(routes: tuple[Route, ...]) -> set[str]:
    return {operation.name for route in routes for operation in route.operations.values()}


def _draw(tell: Teller) -> None:
    """Workflows, nodes and connections."""
    workflow = tell("POST", "/api/workflows", GRAPH)
    path = f"/api/workflows/{workflow['id']}"
    tell("PATCH", path, {"description": "Greets whoever comes.", "tags": ["demo"]})
    tell("PUT", path, GRAPH | {"name": "Greet politely"})
    tell("GET", path)
    tell("GET", f"{path}?shape=reactflow")
    node = {"id": "log", "type": "log", "position": {"x": 840, "y": 0}, "data": {"label": "Log"}}
    tell("POST", f"{path}/nodes", node)
    tell("GET", f"{path}/nodes")
    tell("GET", f"{path}/nodes/log")
    tell("PUT", f"{path}/nodes/log", node | {"position": {"x": 840, "y": 40}})
    tell("PATCH", f"{path}/nodes/log", {"data": {"label": "Write it down"}})
    wire = {"id": "c3", "source": "ask", "sourceHandle": "approved", "target": "log"}
    tell("POST", f"{path}/connections", wire)
    tell("GET", f"{path}/connections")
    tell("GET", f"{path}/connections/c3")
    tell("PUT", f"{path}/connections/c3", wire)
    tell("POST", f"{path}/validate")
    tell("GET", f"{path}/export")
    _turn_back(tell, path)
    tell("POST", "/api/workflows/import", {"nodes": GRAPH["nodes"], "edges": GRAPH["connections"]})
    tell("POST", f"{path}/duplicate", {"name": "Greet again"})
    tell("GET", "/api/workflows")


def _turn_back(tell: Teller, path: str) -> None:
    """Versions of a workflow."""
    version = f"{path}/versions/{tell.client.get(path).get_json()['revision']}"
    tell("PATCH", version, {"label": "Ready to run"})
    tell("PATCH", path, {"nodes": [], "connections": []})
    tell("POST", f"{version}/restore")
    tell("GET", f"{path}/versions")
    tell("GET", version)
    tell("GET", f"{path}/versions/5/diff")


def _share(tell: Teller) -> None:
    """A workflow for somebody else, and for whoever has the link."""
    path = _first(tell, "/api/workflows?sort=created_at")
    tell("POST", f"{path}/shares", {"user": "alice", "permission": "view"})
    tell("POST", f"{path}/shares", {"user": "alice", "permission": "view"})
    tell("PATCH", f"{path}/shares/us_alice", {"permission": "edit"})
    link = tell("POST", f"{path}/share-link")
    tell("POST", f"{path}/share-link")
    tell("GET", f"{path}/shares")
    tell("GET", link["url"])
    tell("DELETE", f"{path}/share-link")
    tell("DELETE", f"{path}/shares/us_alice")


def _run(tell: Teller) -> None:
    """Executions, events and a person's answer."""
    path = _first(tell, "/api/workflows?sort=created_at")
    tell("GET", f"{path}/status")
    execution = tell("POST", f"{path}/execute", {"input": {"name": "Ada"}, "hold": True})
    run = f"/api/executions/{execution['id']}"
    tell("POST", f"{run}/release")
    tell("POST", f"{run}/pause")
    tell("POST", f"{run}/resume")
    tell("POST", f"{path}/pause")
    tell("POST", f"{path}/resume")
    until = {"execution_id": execution["id"], "event": "node.waiting"}
    tell("POST", "/_control/clock/advance", {"until": until})
    tell("GET", f"{path}/status")
    tell("POST", f"{run}/nodes/ask/answer", {"decision": "approved", "comment": "Go ahead."})
    tell("POST", "/_control/clock/advance", {"seconds": 60})
    tell("GET", f"{path}/dataflow")
    tell("GET", f"{run}/events")
    tell("GET", f"{path}/events")
    tell("GET", "/api/events")
    again = tell("POST", f"{run}/retry")
    tell("POST", f"/api/executions/{again['id']}/stop")
    tell("POST", f"{path}/stop")
    tell("GET", run)
    tell("GET", "/api/executions")
    tell("DELETE", f"/api/executions/{again['id']}")


def _start_by_itself(tell: Teller) -> None:
    """Schedules and webhooks."""
    path = _first(tell, "/api/workflows?sort=created_at")
    rule = {"name": "Every morning", "cron": "0 9 * * 1-5", "timezone": "Europe/Berlin", "input": {"name": "Ada"}}
    schedule = tell("POST", f"{path}/schedules", rule)
    tell("GET", f"{path}/schedules")
    tell("GET", "/api/schedules")
    tell("GET", f"{path}/schedules/{schedule['id']}")
    tell("PATCH", f"{path}/schedules/{schedule['id']}", {"interval_seconds": 3600})
    tell("DELETE", f"{path}/schedules/{schedule['id']}")
    tell("GET", f"{path}/webhooks")
    for method in ("GET", "PUT", "POST", "PATCH", "DELETE"):
        hook = {"id": "hook", "type": "webhook_trigger", "data": {"config": {"method": method}}}
        made = tell.client.post("/api/workflows", json={"name": "Orders", "nodes": [hook]}).get_json()["id"]
        body = {"order": 7} if method in ("PUT", "POST", "PATCH") else None
        tell(method, f"/api/webhooks/{made}/hook", body)
        tell.client.delete(f"/api/workflows/{made}")


def _keep_files(tell: Teller) -> None:
    form = {"file": (io.BytesIO(b"A note about Ada.\n"), "note.txt")}
    answer = tell("POST", "/api/files/upload", data=form, content_type="multipart/form-data")
    file = answer["items"][0]
    path = f"/api/files/{file['id']}"
    tell("GET", "/api/files")
    tell("GET", path)
    tell("GET", f"{path}/content")
    tell("GET", f"{path}/thumbnail")
    workflow = _first(tell, "/api/workflows?sort=created_at")
    tell("POST", f"{workflow}/nodes/log/process-files", {"file_ids": [file["id"]]})
    tell("DELETE", path)


def _reuse(tell: Teller) -> None:
    """Templates and node types."""
    workflow = _first(tell, "/api/workflows?sort=created_at").rpartition("/")[2]
    body = {"name": "Greeting", "category": "demo", "workflow_id": workflow}
    template = tell("POST", "/api/templates", body)
    path = f"/api/templates/{template['id']}"
    tell("GET", "/api/templates")
    tell("GET", path)
    tell("PUT", path, body | {"description": "Greets whoever comes."})
    tell("POST", f"{path}/apply", {})
    tell("POST", "/api/templates/import", tell("GET", f"{path}/export"))
    tell("DELETE", path)
    kind = {
        "type": "acme_lookup",
        "display_name": "Look up",
        "category": "acme",
        "config_schema": {"type": "object", "properties": {"key": {"type": "string", "title": "Key"}}},
        "output": {"output": {"found": True}},
    }
    tell("POST", "/api/node-types", kind)
    tell("GET", "/api/node-types/acme_lookup")
    tell("PUT", "/api/node-types/acme_lookup", kind | {"display_name": "Look it up"})
    tell("DELETE", "/api/node-types/acme_lookup")


def _come_by_django(tell: Teller) -> None:
    """Flows, as the frontend of a Django application sees them."""
    graph = {
        "nodes": [
            {"id": "read", "type": "sensor", "position": {"x": 0, "y": 0}, "data": {"label": "Read"}},
            {"id": "smooth", "type": "moving_average", "position": {"x": 280, "y": 0}, "data": {"label": "Smooth"}},
        ],
        "edges": [{"id": "e1", "source": "read", "target": "smooth"}],
    }
    flow = tell("POST", "/api/flows/", {"name": "Hall 2", "tags": ["iot"], **graph})
    path = f"/api/flows/{flow['id']}/"
    tell("GET", "/api/flows/")
    tell("GET", path)
    tell("PUT", path, {"name": "Hall 2", "description": "The climate.", **graph, "is_active": True})
    tell("PATCH", path, {"version": "1.1.0"})
    copy = tell("POST", f"{path}duplicate/")
    started = tell("POST", f"{path}execute/")
    tell("GET", f"{path}ws/", expect=426)
    tell("POST", "/_control/clock/advance", {"seconds": 60})
    execution = f"/api/flows/executions/{started['execution_id']}/"
    tell("GET", f"{path}executions/")
    tell("GET", execution)
    tell("GET", f"{execution}nodes/")
    tell("GET", "/api/flows/templates/")
    tell("DELETE", f"/api/flows/{copy['id']}/")


def _come_by_open_webui(tell: Teller) -> None:
    """Flows, as the frontend of Open WebUI sees them."""
    graph = {
        "nodes": [
            {"id": "input_1", "type": "input", "position": {"x": 100, "y": 100}, "data": {"label": "Input"}},
            {"id": "model_1", "type": "model", "position": {"x": 300, "y": 100}, "data": {"modelId": "gpt-4"}},
        ],
        "edges": [{"id": "edge_1", "source": "input_1", "target": "model_1"}],
    }
    flows = "/api/v1/flows"
    flow = tell("POST", f"{flows}/create", {"name": "My First Flow", "description": "A simple flow example", **graph})
    path = f"{flows}/{flow['id']}"
    tell("GET", f"{flows}/")
    tell("GET", path)
    tell("POST", path, {"name": "Updated Flow Name", "meta": {"color": "red"}})
    tell("POST", f"{path}/duplicate")
    tell("POST", f"{flows}/import", tell("GET", f"{path}/export"))
    tell("POST", f"{path}/execute", {"inputs": {"input_1": "Hello"}})
    started = tell("POST", f"{path}/execute?mode=server", {"inputs": {"input_1": "Hello"}})
    tell("POST", "/_control/clock/advance", {"seconds": 60})
    tell("GET", f"{path}/executions")
    tell("GET", f"{path}/executions/{started['execution_id']}")
    tell("GET", f"{path}/executions/stats")
    tell("GET", f"{path}/analytics")
    tell("DELETE", path)


def _log_in(tell: Teller) -> None:
    """Accounts."""
    ada = {"username": "ada", "email": "ada@example.com", "password": "analytical engine", "name": "Ada"}
    user = tell("POST", "/api/auth/register", ada)["user"]
    session = tell("POST", "/api/auth/login", {"username": "demo", "password": "demo-password"})
    tell("POST", "/api/auth/refresh", {"refresh_token": session["refresh_token"]})
    tell("GET", "/api/auth/me")
    tell("PATCH", "/api/auth/me", {"name": "Dee"})
    tell("POST", "/api/auth/url-token")
    key = tell("POST", "/api/auth/api-keys", {"name": "Nightly tests"})
    tell("GET", "/api/auth/api-keys")
    tell("GET", f"/api/auth/api-keys/{key['id']}")
    tell("DELETE", f"/api/auth/api-keys/{key['id']}")
    passwords = {"current_password": "demo-password", "new_password": "another password"}
    tell("POST", "/api/auth/change-password", passwords)
    tell("POST", "/api/auth/logout")
    tell("GET", "/api/users")
    tell("GET", f"/api/users/{user['id']}")
    tell("PATCH", f"/api/users/{user['id']}", {"role": "admin"})


def _direct(tell: Teller) -> None:
    """The control API."""
    tell("GET", "/_control/clock")
    tell("PUT", "/_control/clock", {"pace": "stopped"})
    rule = {"id": "slow", "match": {"path": "/api/templates"}, "delay_ms": 200, "times": 2}
    tell("POST", "/_control/faults", rule)
    tell("PUT", "/_control/faults", [rule])
    tell("GET", "/_control/faults")
    tell("GET", "/_control")
    tell("DELETE", "/_control/faults")
    tell("POST", "/_control/snapshots", {"name": "before"})
    tell("GET", "/_control/snapshots")
    tell("PUT", "/_control/snapshots/copy", tell("GET", "/_control/snapshots/before"))
    tell("POST", "/_control/snapshots/before/restore")
    tell("POST", "/_control/snapshots/before/fork", {"sandbox": "second"})
    tell("DELETE", "/_control/snapshots/copy")
    tell("GET", "/_control/sandboxes")
    tell("DELETE", "/_control/sandboxes/second")
    tell("GET", "/_control/scenarios")
    tell("GET", "/_control/requests?limit=2")
    tell("DELETE", "/_control/requests")


def _look_around(tell: Teller) -> None:
    """What belongs to no sandbox."""
    for path in ("/", "/health", "/api", "/api/health", "/docs", "/docs/swagger-ui.css", "/console/icon.svg"):
        tell("GET", path)
    tell("GET", "/problems/wrong_status", headers={"Accept": "application/json"})
    tell("GET", "/api/ws", expect=426)


def _tidy_up(tell: Teller) -> None:
    path = _first(tell, "/api/workflows?sort=created_at")
    tell("DELETE", f"{path}/connections/c3")
    tell("DELETE", f"{path}/nodes/log")
    tell("DELETE", path)
    tell("POST", "/_control/reset", {"seed": 7, "scenario": "empty"})


def _first(tell: Teller, listing: str) -> str:
    workflow = tell.client.get(listing).get_json()["items"][0]["id"]
    return f"/api/workflows/{workflow}"


_REAL_TIMES = {"created_at": "2026-01-01T09:00:00.000Z", "expires_at": "2026-01-01T10:00:00.000Z"}


def _versions(told: Json) -> Json:
    return told | {"versions": {"understudy": VERSION, "python": "3.11.9"}}


def _sandbox(told: Json) -> Json:
    return told | _REAL_TIMES


def _sandboxes(told: Json) -> Json:
    return {"items": [_sandbox(item) for item in told["items"]]}


def _requests(told: Json) -> Json:
    return {"items": [item | {"ms": 0.8} for item in told["items"]]}


def _document(told: Json) -> Json:
    return {name: told[name] for name in ("format", "version")}


def _snapshot(told: Json) -> Json:
    return told | {"size": 4096}


def _snapshots(told: Json) -> Json:
    return {"items": [_snapshot(item) for item in told["items"]]}


STEADY: dict[str, Callable[[Json], Json]] = {
    "getHealth": _versions,
    "getServerHealth": _versions,
    "getState": _sandbox,
    "restoreSnapshot": _sandbox,
    "forkSnapshot": _sandbox,
    "listSandboxes": _sandboxes,
    "listRequests": _requests,
    "takeSnapshot": _snapshot,
    "uploadSnapshot": _snapshot,
    "listSnapshots": _snapshots,
    "downloadSnapshot": _document,
}
"""By operation: what its answer says in the place of what is not the same everywhere and always."""


def _as_it_is(told: Json) -> Json:
    return told


def _shortened(answer: Json) -> Json:
    if isinstance(answer, dict):
        return {name: _shortened(held) for name, held in answer.items()}
    return [_shortened(item) for item in answer[:MOST_ITEMS]] if isinstance(answer, list) else answer
