"""Open WebUI's flows as our workflows, and back: pure functions, and a word for every status.

Times are whole seconds since 1970 there, ``meta`` is our ``metadata``, ``edges`` are our ``connections``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import heapify, heappop, heappush
from typing import Any

from ...moments import MICROSECONDS, from_iso

Json = Any
Document = Mapping[str, Json]
"""A workflow or an execution as our own API shows it."""

VERSION = "1.0"
"""What an export says that it is; nothing else is imported."""

IMPORTED = "Imported Flow"
"""What an import is called that has no name."""

STATUSES = {
    "pending": "pending",
    "running": "running",
    "paused": "paused",
    "waiting": "waiting",
    "completed": "success",
    "failed": "error",
    "stopped": "aborted",
}
"""By status of an execution: the word for it."""

NODE_STATUSES = {
    "idle": "idle",
    "running": "running",
    "waiting": "waiting",
    "retrying": "retrying",
    "completed": "success",
    "failed": "error",
    "skipped": "skipped",
    "stopped": "aborted",
}
"""By status of a node execution: the word for it."""

_OURS = {"name": "name", "description": "description", "nodes": "nodes", "edges": "connections", "meta": "metadata"}
"""By member of a flow that its author writes: what it is called with us."""


def to_flow(document: Document) -> dict[str, Json]:
    """A whole flow."""
    return {
        "id": document["id"],
        "user_id": document["owner_id"],
        "name": document["name"],
        "description": _said(document["description"]),
        "nodes": document["nodes"],
        "edges": document["connections"],
        "created_at": seconds(document["created_at"]),
        "updated_at": seconds(document["updated_at"]),
        "meta": document["metadata"],
    }


def to_listed(summary: Document) -> dict[str, Json]:
    """A flow as the list has it: without its graph."""
    return {
        "id": summary["id"],
        "name": summary["name"],
        "description": _said(summary["description"]),
        "created_at": seconds(summary["created_at"]),
        "updated_at": seconds(summary["updated_at"]),
        "meta": summary["metadata"],
    }


def to_workflow(form: Document) -> dict[str, Json]:
    """The fields of a workflow that a form has; members that are missing or ``null`` are none."""
    return {ours: form[theirs] for theirs, ours in _OURS.items() if form.get(theirs) is not None}


def to_export(document: Document) -> dict[str, Json]:
    """A flow to take elsewhere."""
    flow = {theirs: document[ours] for theirs, ours in _OURS.items()}
    return {"version": VERSION, "flow": flow | {"description": _said(document["description"])}}


def to_execution(execution: Document) -> dict[str, Json]:
    """A run with what went in, came out and went wrong."""
    runs = {run["node_id"]: run for run in execution["nodes"]}
    return {
        **to_listed_execution(execution),
        "user_id": execution["owner_id"],
        "inputs": _as_object(execution["input"], "input"),
        "outputs": _as_object(execution["output"], "output"),
        "node_results": {key: _to_result(run) for key, run in runs.items()},
        "errors": {key: run["error"]["message"] for key, run in runs.items() if run["error"]},
        "meta": {"mode": execution["mode"]},
    }


def to_listed_execution(summary: Document) -> dict[str, Json]:
    """A run as the list has it."""
    return {
        "id": summary["id"],
        "flow_id": summary["workflow_id"],
        "status": STATUSES[summary["status"]],
        "execution_time": summary["elapsed_ms"],
        "created_at": seconds(summary["created_at"]),
    }


def seconds(moment: str) -> int:
    """A moment of ours in whole seconds since 1970."""
    return from_iso(moment) // MICROSECONDS


def order(nodes: Iterable[Document], edges: Iterable[Document]) -> list[str]:
    """The ids of all nodes in an order in which they can run: each after those that lead to it.

    Among those that could be next, the first of the document is; in a cycle, it begins.
    """
    places = {node["id"]: place for place, node in enumerate(nodes)}
    ids = list(places)
    following: dict[int, list[int]] = {place: [] for place in range(len(ids))}
    awaited = [0] * len(ids)
    for edge in edges:
        if edge["source"] in places and edge["target"] in places:
            following[places[edge["source"]]].append(places[edge["target"]])
            awaited[places[edge["target"]]] += 1
    return [ids[place] for place in _in_turn(following, awaited)]


def _in_turn(following: dict[int, list[int]], awaited: list[int]) -> list[int]:
    ready = [place for place, count in enumerate(awaited) if not count]
    heapify(ready)
    left = dict.fromkeys(range(len(awaited)))
    found = []
    while left:
        # Where nothing is ready, all that is left waits for a cycle, and the first of it begins.
        place = heappop(ready) if ready else next(iter(left))
        if place not in left:
            continue
        del left[place]
        found.append(place)
        for other in following[place]:
            awaited[other] -= 1
            if not awaited[other]:
                heappush(ready, other)
    return found


def _said(text: str) -> str | None:
    """A text, or nothing where it is empty: that is what a flow has that nobody described."""
    return text or None


def _as_object(value: Json, name: str) -> dict[str, Json] | None:
    return value if value is None or isinstance(value, dict) else {name: value}


def _to_result(run: Document) -> dict[str, Json]:
    return {
        "status": NODE_STATUSES[run["status"]],
        "output": run["output"],
        "error": run["error"]["message"] if run["error"] else None,
        "execution_time": run["duration_ms"],
    }
