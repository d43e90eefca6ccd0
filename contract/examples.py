"""Examples for the contract: one story, told to a server of our own, with all that was sent and answered."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from app import create_app
from app.api.routes import ROUTES
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
            for route in ROUTES
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
    for part in (_draw, _run, _keep_files, _reuse, _direct, _look_around, _tidy_up):
        part(tell)
    missing = _names(ROUTES) - set(tell.examples) - set(NO_EXAMPLE)
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
    tell("POST", "/api/workflows/import", {"nodes": GRAPH["nodes"], "edges": GRAPH["connections"]})
    tell("POST", f"{path}/duplicate", {"name": "Greet again"})
    tell("GET", "/api/workflows")


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
    for path in ("/", "/health", "/api", "/api/health", "/docs", "/docs/swagger-ui.css"):
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
