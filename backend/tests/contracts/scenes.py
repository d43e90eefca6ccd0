"""Scenes: one operation of the contract, in a sandbox of its own that has all it needs to go well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property
from io import BytesIO
from typing import Any

import orjson
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from app import create_app, routes
from app.config import Settings
from app.contract.operations import variables_of
from app.models.user import DEFAULT_USER
from app.sandbox import Sandbox, Sandboxes
from app.services import (
    accounts,
    advance,
    api_keys,
    executions,
    files,
    node_types,
    schedules,
    shares,
    snapshots,
    templates,
    workflows,
)
from app.web.current import BEHIND_ASGI, EXTENSION
from app.web.operation import FORM, Operation
from app.web.reply import JSON
from app.web.restful import Route

Json = Any

USUAL = Settings(pace="stopped", scenario="empty", seed=7, check_contract="fail")
SANDBOX = "X-Sandbox"
DEEP: list[Json] = orjson.loads("[" * 150 + "]" * 150)
"""What may be sent, and twice in itself cannot be."""

GRAPH = {
    "nodes": [{"id": "ask", "type": "approval", "data": {"deep": DEEP}}, {"id": "then", "type": "set"}],
    "connections": [{"id": "line", "source": "ask", "target": "then"}],
}
FLOW = {"name": "A", "nodes": GRAPH["nodes"], "edges": GRAPH["connections"]}
"""The same as other doors take it."""
PARAMETERS = [
    {"name": "id", "pointers": ["/nodes/0/id"]},
    {"name": "type", "type": "number", "pointers": ["/nodes/0/type"]},
    {"name": "deep", "type": "enum", "enum": [DEEP], "pointers": ["/nodes/0/data/deep" + "/0" * 149]},
]
"""Values for these may spoil the graph."""

BODIES: dict[str, Callable[[Scene], Json]] = {
    "advanceClock": lambda _: {"seconds": 1},
    "answerNode": lambda _: {"decision": "approved"},
    "applyTemplate": lambda scene: {"workflow_id": scene.workflow_id},
    "changePassword": lambda _: {"current_password": "demo-password", "new_password": "long enough"},
    "createApiKey": lambda _: {"name": "another"},
    "createConnection": lambda _: {"id": "back", "source": "then", "target": "ask"},
    "createFault": lambda _: {"id": "slow", "delay_ms": 1, "match": {"path": "/nowhere"}},
    "createNode": lambda _: {"id": "third", "type": "set"},
    "createNodeType": lambda _: {"type": "another"},
    "createSchedule": lambda _: {"interval_seconds": 60},
    "createShare": lambda _: {"user": "alice", "permission": "view"},
    "createTemplate": lambda scene: {"workflow_id": scene.workflow_id},
    "createWorkflow": lambda _: GRAPH,
    **dict.fromkeys(("djangoCreateFlow", "djangoReplaceFlow"), lambda _: {"name": "A"}),
    "forkSnapshot": lambda scene: {"sandbox": scene.other},
    "importTemplate": lambda _: GRAPH,
    "importWorkflow": lambda _: GRAPH,
    "login": lambda _: {"username": "demo", "password": "demo-password"},
    "processFiles": lambda scene: {"file_ids": [scene.file_id]},
    "refresh": lambda scene: {"refresh_token": scene.refresh_token},
    "register": lambda _: {"username": "another", "password": "long enough"},
    "replaceConnection": lambda _: {"source": "then", "target": "ask"},
    "replaceFaults": lambda _: [{"delay_ms": 1, "match": {"path": "/nowhere"}}],
    "takeSnapshot": lambda _: {"name": "another"},
    "updateShare": lambda _: {"permission": "edit"},
    "webuiCreateFlow": lambda _: FLOW,
    "webuiImportFlow": lambda _: {"version": "1.0", "flow": FLOW},
    "updateVersion": lambda _: {"label": "As it was"},
    "uploadSnapshot": lambda scene: snapshots.get(scene.sandbox, scene.snapshot).content,
}
"""By operation: a body that is taken; any other takes ``{}``."""

BEFORE: dict[str, Callable[[Scene], object]] = {
    "deleteExecution": lambda scene: scene.command("stop"),
    "deleteShare": lambda scene: (scene.workflow_id, scene.share()),
    "pauseWorkflow": lambda scene: scene.execution_id,
    "resumeWorkflow": lambda scene: scene.execution_id,
    "retryExecution": lambda scene: scene.command("stop"),
    "stopWorkflow": lambda scene: scene.execution_id,
    "updateShare": lambda scene: (scene.workflow_id, scene.share()),
}
"""By operation: what must have happened."""


class House:
    """Applications, one for all scenes with the same settings, and the scenes that are played in them."""

    def __init__(self) -> None:
        self._apps: dict[Settings, Flask] = {}
        self._scenes: list[Scene] = []

    def app(self, settings: Settings) -> Flask:
        """The application of these settings."""
        if settings not in self._apps:
            self._apps[settings] = create_app(settings)
        return self._apps[settings]

    def begin(self, operation: Operation) -> Scene:
        """A scene of its own: what was played before is forgotten."""
        self.clear()
        return self.add(operation, USUAL)

    def add(self, operation: Operation, settings: Settings) -> Scene:
        """One more scene, with these settings."""
        scene = Scene(self, operation, settings)
        self._scenes.append(scene)
        return scene

    def clear(self) -> None:
        """Forget the scenes with their sandboxes."""
        for scene in self._scenes:
            scene.end()
        self._scenes.clear()


class Scene:
    """An operation that is about to be called. What it needs comes to be when it is looked for."""

    node_id = "ask"
    connection_id = "line"
    version = "1"
    asset = "favicon-32x32.png"
    console_asset = "icon.svg"
    problem = "invalid_input"

    def __init__(self, house: House, operation: Operation, settings: Settings) -> None:
        self.operation = operation
        self.app = house.app(settings)
        self.route, self.method = next(
            (route, method) for route, method, each in operations() if each.name == operation.name
        )
        self._house = house
        self._settings = settings
        self._is_prepared = False

    def under(self, **settings: Json) -> Scene:
        """The same with other settings; limits may be among them."""
        limits = {name: held for name, held in settings.items() if hasattr(USUAL.limits, name)}
        others = {name: held for name, held in settings.items() if name not in limits}
        changed = replace(self._settings, **others, limits=replace(self._settings.limits, **limits))
        return self._house.add(self.operation, changed)

    def send(self, **changes: Json) -> TestResponse:
        """Call the operation, as `request` has it."""
        return self.app.test_client().open(**self.request(**changes))

    def send_until_refused(self, **changes: Json) -> TestResponse:
        """Call the operation again and again."""
        for _ in range(3):
            response = self.send(**changes)
            if response.status_code >= 400:
                break
        return response

    def request(
        self,
        *,
        path: dict[str, str] | None = None,
        query: str = "",
        headers: dict[str, str | None] | None = None,
        body: Json = None,
        raw: bytes | None = None,
        content_type: str | None = None,
        environ: dict[str, Json] | None = None,
        host: str = "localhost",
        prepared: bool = True,
    ) -> dict[str, Json]:
        """A request that goes well but for what is given.

        :param path: variables of the address.
        :param headers: ``None`` leaves one out.
        :param prepared: whether what must have happened has.
        """
        if prepared:
            self.prepare()
        told = {SANDBOX: self.sandbox.name, **self._usual_headers(), **(headers or {})}
        content = self._form(body, raw) if self._is_form else self._json(body, raw)
        return {
            "path": self._address(path or {}),
            "method": self.method.upper(),
            "query_string": query,
            "headers": {name: held for name, held in told.items() if held is not None},
            "environ_overrides": self._usual_environ() if environ is None else environ,
            "base_url": f"http://{host}",
            **content,
            **({} if content_type is None else {"content_type": content_type}),
        }

    def prepare(self) -> None:
        """Let happen what must have happened, once."""
        if not self._is_prepared:
            self._is_prepared = True
            BEFORE.get(self.operation.name, lambda _: None)(self)

    def command(self, name: str) -> None:
        """Pause, resume or stop the execution."""
        executions.command(self.sandbox, self.execution_id, name)

    def complete(self) -> None:
        """Let the execution come to its end."""
        executions.answer(self.sandbox, self.execution_id, "ask", {"decision": "approved"})
        advance.until(self.sandbox, {"execution_id": self.execution_id, "status": "completed"})

    def execute(self) -> str:
        """One more execution of the workflow, up to the question."""
        key: str = executions.execute(self.sandbox, self.workflow_id, {})["id"]
        advance.until(self.sandbox, {"execution_id": key, "status": "waiting"})
        return key

    def log_in(self, username: str = "alice") -> dict[str, str]:
        """The header of a user who has logged in."""
        told = accounts.log_in(self.sandbox, username, f"{username}-password")
        return {"Authorization": f"Bearer {told['access_token']}"}

    def share(self) -> None:
        """Let Alice see what there is, and no more."""
        for workflow in self.sandbox.store.workflows:
            workflow.shares["us_alice"] = "view"
        for template in self.sandbox.store.templates:
            template.owner_id = None

    def save(self, graph: Json) -> None:
        """Give the workflow another graph."""
        workflows.replace(self.sandbox, self.workflow_id, self._drawn(graph))

    def end(self) -> None:
        """Forget the sandboxes that were used."""
        for sandbox in self._sandboxes.alive():
            self._sandboxes.remove(sandbox.name)

    @property
    def other(self) -> str:
        """The name of a sandbox that is not alive."""
        return f"{self.operation.name}-other"

    @cached_property
    def sandbox(self) -> Sandbox:
        """Its sandbox."""
        return self._sandboxes.get(self.operation.name)

    @cached_property
    def workflow_id(self) -> str:
        """A workflow that asks, and then goes on."""
        return workflows.create(self.sandbox, self._drawn(GRAPH)).id

    @cached_property
    def schedule_id(self) -> str:
        """A schedule of the workflow."""
        made: str = schedules.create(self.sandbox, self.workflow_id, {"interval_seconds": 3600})["id"]
        return made

    @property
    def webhook_id(self) -> str:
        """The webhook of a trigger in the workflow."""
        return f"{self.workflow_id}/hook"

    @cached_property
    def execution_id(self) -> str:
        """An execution that waits for an answer."""
        return self.execute()

    @cached_property
    def flow_id(self) -> str:
        """The workflow, as its door names it."""
        return self._named_at_door("flow_id", self.sandbox.store.workflows.get(self.workflow_id))

    @cached_property
    def flow_execution_id(self) -> str:
        """The execution, as its door names it."""
        return self._named_at_door("flow_execution_id", self.sandbox.store.executions.get(self.execution_id))

    def _named_at_door(self, variable: str, thing: Json) -> str:
        assert self.route.door
        is_number = self.route.door.variables[variable][1]["type"] == "integer"
        return str(thing.number) if is_number else thing.id

    @cached_property
    def template_id(self) -> str:
        """A template of the same graph."""
        made: str = templates.create(self.sandbox, GRAPH | {"parameters": PARAMETERS})["id"]
        return made

    @cached_property
    def file_id(self) -> str:
        """A picture."""
        made: str = files.upload(self.sandbox, [("picture.png", picture())])[0]["id"]
        return made

    @cached_property
    def api_key_id(self) -> str:
        """An API key of the user whom everybody is."""
        made: str = api_keys.create(self.sandbox, DEFAULT_USER, {"name": "mine"})["id"]
        return made

    @property
    def user_id(self) -> str:
        """A user: of shares one who has them, else the one whom everybody is."""
        return "us_alice" if "Share" in self.operation.name else DEFAULT_USER

    @property
    def refresh_token(self) -> str:
        """A refresh token that is not used yet."""
        told: str = accounts.log_in(self.sandbox, "demo", "demo-password")["refresh_token"]
        return told

    @cached_property
    def node_type(self) -> str:
        """A node type of one's own."""
        made: str = node_types.create(self.sandbox, {"type": "mine"})["type"]
        return made

    @cached_property
    def share_token(self) -> str:
        """The token of a link to the workflow."""
        made: str = shares.make_link(self.sandbox, self.workflow_id)[0]["token"]
        return made

    @cached_property
    def snapshot(self) -> str:
        """A snapshot of its sandbox."""
        made: str = snapshots.take(self.sandbox, "before")["name"]
        return made

    @property
    def _sandboxes(self) -> Sandboxes:
        found: Sandboxes = self.app.extensions[EXTENSION]
        return found

    @property
    def _is_form(self) -> bool:
        return self.operation.body is not None and self.operation.body.content_type == FORM

    def _drawn(self, graph: Json) -> Json:
        """A graph, with a trigger in it where one is called: it listens to the method of the operation."""
        if "webhook_id" not in variables_of(self.route.path):
            return graph
        hook = {"id": "hook", "type": "webhook_trigger", "data": {"config": {"method": self.method.upper()}}}
        return graph | {"nodes": [*graph["nodes"], hook]}

    def _address(self, path: dict[str, str]) -> str:
        usual = {"sandbox": lambda: self.sandbox.name}
        names = variables_of(self.route.path)
        values = {name: path.get(name) or usual.get(name, lambda name=name: getattr(self, name))() for name in names}
        return self.route.path.format(**values)

    def _usual_headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._settings.control_token}"} if self._settings.control_token else {}

    def _usual_environ(self) -> dict[str, Json]:
        return {BEHIND_ASGI: {"type": "websocket"}} if 101 in self.operation.answers else {}

    def _json(self, body: Json, raw: bytes | None) -> dict[str, Json]:
        if self.operation.body is None:
            return {}
        if raw is None:
            body = BODIES.get(self.operation.name, lambda _: {})(self) if body is None else body
            raw = body if isinstance(body, bytes) else orjson.dumps(body)
        return {"data": raw, "content_type": JSON}

    def _form(self, body: Json, raw: bytes | None) -> dict[str, Json]:
        if raw is not None:
            return {"data": raw, "content_type": f"{FORM}; boundary=x"}
        given = {"file": (picture(), "picture.png")} if body is None else body
        return {"data": {name: (BytesIO(held), file) for name, (held, file) in given.items()}, "content_type": FORM}


def operations() -> Iterator[tuple[Route, str, Operation]]:
    """Every operation of the table of routes, with its route and its method."""
    for route in routes():
        for method, operation in route.operations.items():
            yield route, method, operation


def picture() -> bytes:
    """A small PNG."""
    held = BytesIO()
    Image.new("RGB", (2, 2)).save(held, "PNG")
    return held.getvalue()
