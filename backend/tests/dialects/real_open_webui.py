"""The flows API of Open WebUI's document as a real FastAPI application, and a way to call it without a server."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import Annotated, Any, Literal, NamedTuple

from fastapi import Body, FastAPI, HTTPException
from pydantic import BaseModel, Field

Json = Any
Name = Annotated[str, Field(min_length=1, max_length=255)]
"""Our own bounds, in the words of pydantic."""


class FlowForm(BaseModel):
    """A flow to save."""

    name: Name
    description: Annotated[str, Field(max_length=100_000)] | None = None
    nodes: list[Any]
    edges: list[Any]
    meta: dict[str, Any] | None = None


class FlowUpdateForm(BaseModel):
    """What changes of a flow."""

    name: Name | None = None
    description: Annotated[str, Field(max_length=100_000)] | None = None
    nodes: list[Any] | None = None
    edges: list[Any] | None = None
    meta: dict[str, Any] | None = None


class CopyForm(BaseModel):
    """What a copy is called."""

    name: Name | None = None


class Answer(NamedTuple):
    """What was answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Json:
        """The body, if it is JSON."""
        return json.loads(self.body) if self.headers.get("content-type") == "application/json" else None


class RealOpenWebui:
    """The application, with one user."""

    def __init__(self) -> None:
        self._flows: dict[str, dict[str, Json]] = {}
        self._ids = count(1)
        self._app = FastAPI()
        self._add_routes()

    def __call__(self, method: str, target: str, content: bytes = b"", content_type: str | None = None) -> Answer:
        """Call it."""
        path, _, query = target.partition("?")
        headers = {"host": "localhost"} | ({} if content_type is None else {"content-type": content_type})
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(name.encode(), held.encode()) for name, held in headers.items()],
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 5000),
        }
        return asyncio.run(self._call(scope, content))

    async def _call(self, scope: dict[str, Json], content: bytes) -> Answer:
        sent: list[dict[str, Json]] = []

        async def receive() -> dict[str, Json]:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(dict(message))

        await self._app(scope, receive, send)
        headers = {name.decode(): held.decode() for name, held in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))

    def _find(self, key: str) -> dict[str, Json]:
        if key not in self._flows:
            raise HTTPException(404, "Not Found")
        return self._flows[key]

    def _add(self, fields: dict[str, Json]) -> dict[str, Json]:
        key = f"flow-{next(self._ids)}"
        self._flows[key] = {"id": key, "user_id": "me", "created_at": 1, "updated_at": 1, **fields}
        self._flows[key]["meta"] = fields.get("meta") or {}
        return self._flows[key]

    def _add_routes(self) -> None:
        routes = {
            "GET /": self.list_flows,
            "POST /create": self.create,
            "POST /import": self.import_flow,
            "GET /{key}": self.get,
            "POST /{key}": self.update,
            "DELETE /{key}": self.delete,
            "POST /{key}/duplicate": self.duplicate,
            "GET /{key}/export": self.export,
            "POST /{key}/execute": self.execute,
            "GET /{key}/executions": self.list_executions,
        }
        for route, method in routes.items():
            verb, path = route.split()
            self._app.add_api_route(f"/api/v1/flows{path}", method, methods=[verb])

    async def list_flows(self) -> Json:
        listed = ("id", "name", "description", "created_at", "updated_at", "meta")
        return [{name: flow[name] for name in listed} for flow in reversed(self._flows.values())]

    async def create(self, form: FlowForm) -> Json:
        return self._add(form.model_dump())

    async def import_flow(self, document: dict[str, Any]) -> Json:
        if document.get("version") != "1.0":
            raise HTTPException(400, 'Import failed: this is not {"version": "1.0", "flow": {...}}.')
        return self._add({"name": "Imported Flow", "description": None, **document["flow"]})

    async def get(self, key: str) -> Json:
        return self._find(key)

    async def update(self, key: str, form: FlowUpdateForm) -> Json:
        flow = self._find(key)
        flow |= {name: held for name, held in form.model_dump().items() if held is not None}
        return flow

    async def delete(self, key: str) -> bool:
        del self._flows[self._find(key)["id"]]
        return True

    async def duplicate(self, key: str, form: Annotated[CopyForm | None, Body()] = None) -> Json:
        flow = self._find(key)
        name = form.name if form is not None and form.name is not None else f"{flow['name']} (Copy)"
        return self._add({**flow, "name": name})

    async def export(self, key: str) -> Json:
        flow = self._find(key)
        written = ("name", "description", "nodes", "edges", "meta")
        return {"version": "1.0", "flow": {name: flow[name] for name in written}}

    async def execute(
        self,
        key: str,
        mode: Literal["client", "server"] = "client",
        body: Annotated[dict[str, Any] | None, Body()] = None,
    ) -> Json:
        flow, body = self._find(key), body or {}
        told = {"message": "Flow execution is handled client-side", "flowId": key, "status": "delegated_to_client"}
        return {**told, "nodes": flow["nodes"], "edges": flow["edges"], "inputs": body.get("inputs", body)}

    async def list_executions(self, key: str, page: Annotated[int, Field(ge=1)] = 1) -> Json:
        self._find(key)
        return []
