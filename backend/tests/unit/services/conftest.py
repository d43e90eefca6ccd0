"""A sandbox whose clock stands still, and graphs to save in it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from itertools import pairwise
from typing import Any

import orjson
import pytest

from app.config import Limits, Settings
from app.engine.simulated import SimulatedEngine
from app.sandbox import Sandbox
from app.services import workflows
from app.services.snapshot_installer import install, settings_of
from app.services.snapshot_reader import decode
from app.services.snapshot_writer import capture, encode


def at_once(work: Callable[[], Any]) -> Future[Any]:
    """Run what the engine would hand to a thread."""
    future: Future[Any] = Future()
    future.set_result(work())
    return future


def make_sandbox(**limits: int) -> Sandbox:
    """A sandbox with the clock stopped at its fixed start."""
    settings = Settings(pace="stopped", limits=replace(Limits(), **limits))
    return Sandbox("test", settings, SimulatedEngine, at_once)


@pytest.fixture
def sandbox() -> Sandbox:
    return make_sandbox()


def node(node_id: str, **fields: Any) -> dict[str, Any]:
    return {"id": node_id, "position": {"x": 10, "y": 20}, "data": {}} | fields


def line(source: str, target: str, **fields: Any) -> dict[str, Any]:
    return {"id": f"{source}-{target}", "source": source, "target": target} | fields


def graph(*ids: str) -> dict[str, Any]:
    """Nodes in a row, each connected to the next."""
    return {"nodes": [node(key) for key in ids], "connections": [line(*pair) for pair in pairwise(ids)]}


def body(document: workflows.Document) -> dict[str, Any]:
    return orjson.loads(document.body)


def saved(sandbox: Sandbox, *ids: str, **fields: Any) -> str:
    """The id of a new workflow."""
    return workflows.create(sandbox, graph(*ids) | fields).id


def shown(sandbox: Sandbox, workflow_id: str) -> dict[str, Any]:
    return body(workflows.get(sandbox, workflow_id))


def written(sandbox: Sandbox) -> bytes:
    """A sandbox as a snapshot."""
    with sandbox.view():
        return encode(capture(sandbox))


def installed(raw: bytes, **limits: int) -> Sandbox:
    """A sandbox that was made of a snapshot."""
    snapshot = decode(raw)
    settings = settings_of(snapshot, Settings(limits=replace(Limits(), **limits)))
    sandbox = Sandbox("other", settings, SimulatedEngine, at_once, snapshot.sandbox.now)
    install(snapshot, sandbox)
    return sandbox
