"""A server whose sandboxes begin with something of everything, and the ids that they all have."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Flask

from app import create_app
from app.config import Limits, Settings
from app.engine.simulated import SimulatedEngine
from app.errors import InvalidInput
from app.models.user import DEFAULT_USER
from app.sandbox import Sandbox, Sandboxes
from app.services import (
    advance,
    api_keys,
    executions,
    faults,
    files,
    node_types,
    schedules,
    shares,
    snapshots,
    templates,
    users,
    workflows,
)
from app.services.schedules import fire
from tests.fuzz.sparing import spare

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Json = Any

# Little is enough to find what is wrong, and a loop without end is to end soon.
_LIMITS = Limits(max_steps=2_000, max_per_page=100, max_body_bytes=1_000_000, max_sandboxes=20)
_SETTINGS = Settings(pace="stopped", scenario="empty", seed=7, limits=_LIMITS)
_MOST_SANDBOXES = 10
_SAFE = ("GET", "HEAD", "OPTIONS")

NODES = ("start", "a/b", "ask")
CONNECTIONS = ("one", "two/2")
_GRAPH = {
    "name": "To be changed",
    "tags": ["fuzz"],
    "nodes": [
        {"id": "start", "type": "manual_trigger", "position": {"x": 0, "y": 0}},
        {"id": "a/b", "type": "set", "data": {"config": {"fields": {"x": 1}}}},
        {"id": "ask", "type": "approval"},
    ],
    "connections": [
        {"id": "one", "source": "start", "target": "a/b"},
        {"id": "two/2", "source": "a/b", "target": "ask"},
    ],
}
_LISTENING = ("POST", "GET", "PUT", "PATCH", "DELETE")
_HOOKS = {
    "name": "Called from outside",
    "nodes": [
        {"id": method.lower(), "type": "webhook_trigger", "data": {"config": {"method": method}}}
        for method in _LISTENING
    ],
}
_LONG = {"mocks": {"start": {"duration_ms": 3_600_000}}}
_OWN_TYPE = {"type": "own", "inputs": [{"id": "in"}], "outputs": [{"id": "out"}]}
_RULE = {"id": "elsewhere", "match": {"path": "/api/nothing"}, "status": 503}
_FILES = [("a.csv", b"name,age\nAda,36\n"), ("note.txt", b"hello")]


class Stage:
    """An application whose sandboxes all begin alike, and that is spared what only costs time.

    :param forgetful: whether they begin anew with each request, so that no answer depends on what was asked before.
    :param bends: whether its fault rules do what they say.
    """

    def __init__(self, *, forgetful: bool, bends: bool = False) -> None:
        self._sandboxes = Sandboxes(_SETTINGS, SimulatedEngine, _fill, fire)
        self.app: Flask = create_app(replace(_SETTINGS, check_contract="fail"), self._sandboxes)
        self._answer, self.app.wsgi_app = self.app.wsgi_app, self  # type: ignore[method-assign, assignment]
        self._is_forgetful = forgetful
        self._bends = bends
        self._is_changed = True
        self.known = _known(self._sandboxes.get())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if self._is_forgetful and (self._is_changed or len(self._sandboxes.alive()) > _MOST_SANDBOXES):
            self.clear()
        spare(environ, () if self._bends else self._sandboxes.alive())

        def start(status: str, *told: Any) -> Any:
            # To fill a sandbox takes as long as to answer, and what was refused has changed nothing.
            self._is_changed = environ["REQUEST_METHOD"] not in _SAFE and int(status[:3]) < 400
            return start_response(status, *told)

        return self._answer(environ, start)

    def clear(self) -> None:
        """Let every sandbox begin anew."""
        for sandbox in self._sandboxes.alive():
            self._sandboxes.remove(sandbox.name)
        self._sandboxes.get()
        self._is_changed = False


def _fill(sandbox: Sandbox, _scenario: str) -> None:
    users.add_ready_made(sandbox, sandbox.now())
    api_keys.create(sandbox, DEFAULT_USER, {"name": "ci"})
    node_types.create(sandbox, _OWN_TYPE)
    files.upload(sandbox, _FILES)
    templates.create(sandbox, _GRAPH)
    _share(sandbox, workflows.create(sandbox, _GRAPH).id)
    _execute(sandbox, stop_node="a/b")
    _execute(sandbox)
    with suppress(InvalidInput):
        # It may begin at the end of time, where nothing goes on.
        advance.by(sandbox, 60)
    _execute(sandbox, **_LONG)
    executions.command(sandbox, _execute(sandbox, **_LONG), "pause")
    executions.command(sandbox, _execute(sandbox), "stop")
    _execute(sandbox, hold=True)
    workflows.create(sandbox, _HOOKS)
    faults.append(sandbox, _RULE)
    snapshots.take(sandbox, "taken")


def _share(sandbox: Sandbox, workflow_id: str) -> None:
    """Give a workflow what workflows can have: a user who sees it, a link, and a schedule that is not due soon."""
    shares.share(sandbox, workflow_id, "alice", "view")
    shares.make_link(sandbox, workflow_id)
    schedules.create(sandbox, workflow_id, {"interval_seconds": 86_400})


def _execute(sandbox: Sandbox, **options: Json) -> str:
    """The id of a new execution, of a workflow of its own."""
    workflow_id = workflows.create(sandbox, _GRAPH).id
    return str(executions.execute(sandbox, workflow_id, options)["id"])


def _known(sandbox: Sandbox) -> dict[str, list[str]]:
    """The ids that there are in each sandbox, by the variable of an address that they fit."""
    store = sandbox.store
    made = list(store.workflows)
    return {
        "workflow_id": [workflow.id for workflow in made],
        "schedule_id": [schedule.id for schedule in store.schedules],
        "webhook_id": [f"{made[-1].id}/{method.lower()}" for method in _LISTENING],
        "share_token": [workflow.link.token for workflow in made if workflow.link],
        "user_id": ["us_alice"],
        "api_key_id": [key.id for key in store.api_keys],
        "node_id": list(NODES),
        "connection_id": list(CONNECTIONS),
        "version": ["1", "current"],
        "execution_id": [execution.id for execution in store.executions],
        "template_id": [template.id for template in store.templates],
        "file_id": [file.id for file in store.files],
        "node_type": ["own", "set", "http_request"],
        "snapshot": ["taken"],
        "sandbox": [sandbox.name],
        "asset": ["swagger-ui.css"],
        "console_asset": ["icon.svg"],
        "problem": ["workflow_not_found", "i_m_a_teapot"],
    }
