"""The documents of this door in terms of ours, and ours in terms of this door; nothing here looks anything up.

A flow is a workflow, its edges are the connections. What only a flow has (`version`, `is_active`) is kept among the
members of a workflow that this server does not know, and what only a workflow has stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...models.event import progress
from ...models.template import Template
from ...models.workflow import Workflow, name_of_copy
from ...moments import iso

Json = Any

EXECUTION_STATUSES = {
    "pending": "pending",
    "running": "running",
    "paused": "running",
    "waiting": "running",
    "completed": "completed",
    "failed": "failed",
    "stopped": "stopped",
}
"""By status of an execution: the word for it here, where nothing pauses and nobody is asked."""

NODE_STATUSES = {
    "idle": "pending",
    "running": "running",
    "waiting": "running",
    "retrying": "running",
    "completed": "completed",
    "failed": "failed",
    "skipped": "pending",
    "stopped": "failed",
}
"""By status of a node execution: the word for it here. One that was skipped never came to be executed."""

MOST_VERSION = 20
"""Characters of a version."""

DEFAULT_VERSION = "1.0.0"

_SAME = ("name", "description", "nodes", "metadata", "tags")
_ONLY_HERE = ("version", "is_active")

NODE_IDS_PER_EXECUTION = 1_000_000
"""Node executions have no numbers of their own; theirs follow from that of the execution and their place in it."""


def flow(workflow: Workflow) -> dict[str, Json]:
    """A workflow as the serializer of flows has it."""
    return {
        "id": workflow.number,
        "name": workflow.name,
        "description": workflow.description,
        "nodes": workflow.nodes,
        "edges": workflow.connections,
        "metadata": workflow.metadata,
        "is_active": workflow.extra.get("is_active") is True,
        "created_at": time(iso(workflow.created_at)),
        "updated_at": time(iso(workflow.updated_at)),
        "version": _version(workflow.extra.get("version")),
        "tags": workflow.tags,
    }


def fields(given: Mapping[str, Json], extra: Mapping[str, Json]) -> dict[str, Json]:
    """The fields of a workflow that those of a flow stand for; what is not given is not among them.

    :param extra: the members that the workflow has and this server does not know.
    """
    found = {name: given[name] for name in _SAME if name in given}
    if "edges" in given:
        found["connections"] = given["edges"]
    only_here = {name: given[name] for name in _ONLY_HERE if name in given}
    return found | ({"extra": {**extra, **only_here}} if only_here else {})


def copy(workflow: Workflow) -> dict[str, Json]:
    """The fields of a duplicate: all that it had, but for its name; it is not active, and a first version."""
    return {
        "name": name_of_copy(workflow.name),
        "description": workflow.description,
        "tags": workflow.tags,
        "nodes": workflow.nodes,
        "connections": workflow.connections,
        "viewport": workflow.viewport,
        "metadata": workflow.metadata,
        "extra": {name: held for name, held in workflow.extra.items() if name not in _ONLY_HERE},
    }


def template(held: Template, graph: Mapping[str, Json]) -> dict[str, Json]:
    """A template as the view lists it.

    :param graph: its nodes and connections with the values that they have if nobody chooses others.
    """
    return {
        "name": held.name,
        "description": held.description,
        "nodes": graph["nodes"],
        "edges": graph["connections"],
        "tags": held.tags,
    }


def started(execution: Mapping[str, Json]) -> dict[str, Json]:
    """The answer to the start of an execution."""
    return {"execution_id": execution["number"], "status": "started", "message": "Flow execution started"}


def flow_execution(execution: Mapping[str, Json], flow_id: int) -> dict[str, Json]:
    """An execution, in the form of our API or folded from its events, as its serializer here has it."""
    return {
        "id": execution["number"],
        "flow": flow_id,
        "status": EXECUTION_STATUSES[execution["status"]],
        "started_at": time(execution["created_at"]),
        "completed_at": time(execution["finished_at"]),
        "result": {} if execution["output"] is None else execution["output"],
        "error_message": (execution["error"] or {}).get("message", ""),
    }


def node_executions(execution: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    """The node executions of an execution, as their serializer here has them; of loops the latest round."""
    for place in range(len(execution["nodes"])):
        yield node_execution(execution, place)


def node_execution(execution: Mapping[str, Json], place: int) -> dict[str, Json]:
    """One of them.

    :param place: that among the nodes of the execution, from 0.
    """
    run = execution["nodes"][place]
    return {
        "id": execution["number"] * NODE_IDS_PER_EXECUTION + place + 1,
        "flow_execution": execution["number"],
        "node_id": run["node_id"],
        "status": NODE_STATUSES[run["status"]],
        "input_data": {} if run["input"] is None else run["input"],
        "output_data": {} if run["output"] is None else run["output"],
        "executed_at": time(run["started_at"]),
        "duration_ms": run["duration_ms"] or 0,
    }


def told(execution: Mapping[str, Json], flow_id: int, place: int | None = None) -> dict[str, Json]:
    """What is said of an execution while it goes on.

    :param place: that of the node of which there is news, if it is one.
    """
    return {
        "type": "flow.progress",
        "flow": flow_id,
        "execution": flow_execution(execution, flow_id),
        "node": None if place is None else node_execution(execution, place),
        "progress": (execution["progress"] or progress(0, 0))["percent"],
    }


def time(moment: str | None) -> str | None:
    """One of our moments as Django REST framework writes it: with microseconds, or without any fraction of a second."""
    if moment is None:
        return None
    return f"{moment[:-5]}Z" if moment.endswith(".000Z") else f"{moment[:-1]}000Z"


def _version(held: Json) -> str:
    """The version as a text, whatever was saved as such through another door."""
    if isinstance(held, bool) or not isinstance(held, str | int | float):
        return DEFAULT_VERSION
    return str(held).strip()[:MOST_VERSION] or DEFAULT_VERSION
