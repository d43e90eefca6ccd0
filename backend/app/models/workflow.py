"""A workflow: the document that the editor draws, kept as React Flow writes it.

Nodes and connections stay the plain dictionaries that came in, so that unknown fields go back as they were sent.
This module has the rules about them: what is dropped, what gets an id, what a change makes of a document.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..errors import InvalidInput, NotFound
from .user import DEFAULT_USER

if TYPE_CHECKING:
    from .version import Version

Json = Any
Node = dict[str, Json]
Connection = dict[str, Json]

TRANSIENT_NODE_FIELDS = ("selected", "dragging", "resizing", "measured", "positionAbsolute")
"""What React Flow keeps on a node only while somebody works with it; dropped when saved."""

TRANSIENT_CONNECTION_FIELDS = ("selected",)

OWN_FIELDS = ("name", "description", "tags", "nodes", "connections", "viewport", "metadata")
"""The fields of a workflow that its author writes; everything else that is sent is kept in `Workflow.extra`."""

SERVER_FIELDS = (
    "id",
    "status",
    "revision",
    "created_at",
    "updated_at",
    "last_execution",
    "number",
    "owner_id",
    "node_count",
    "connection_count",
    "issues",
)
"""Fields that the server writes: accepted in a body, and not looked at."""

MOST_ID = 200
"""Characters of an id of a node or a connection."""

MOST_NAME = 255
"""Characters of the name of a workflow."""

_COPY = " (Copy)"

DEFAULT_NAME = "Untitled workflow"
DEFAULT_VIEWPORT = {"x": 0, "y": 0, "zoom": 1}


Permission = Literal["view", "edit"]
PERMISSIONS: tuple[Permission, ...] = ("view", "edit")
"""What users may do with a workflow that is shared with them."""


class ShareLink(NamedTuple):
    """What shows a workflow to whoever has it."""

    token: str
    created_at: int
    """In microseconds of virtual time."""


@dataclass(slots=True)
class Workflow:
    """One workflow with its bookkeeping."""

    id: str
    number: int
    """Counts the workflows of a sandbox from 1: breaks ties where two have the same time, and is the id at doors that
    have whole numbers for ids."""
    name: str
    description: str
    tags: list[str]
    nodes: list[Node]
    connections: list[Connection]
    viewport: dict[str, Json]
    metadata: dict[str, Json]
    extra: dict[str, Json]
    created_at: int
    updated_at: int
    revision: int = 1
    last_execution_id: str | None = None
    owner_id: str = DEFAULT_USER
    shares: dict[str, Permission] = field(default_factory=dict)
    """By user: what they may do with it, whose it is not. It is never changed: another one takes its place."""
    link: ShareLink | None = None
    """By which whoever has it may look at it."""
    saved_by: str = DEFAULT_USER
    """The id of the user who saved this revision."""
    version_label: str | None = None
    """What people call this revision."""
    restored_from: int | None = None
    """The revision that was restored by this one."""
    past: list[Version] = field(default_factory=list, repr=False)
    """The versions before this one that are kept, the oldest first."""
    past_changes: int = field(default=0, repr=False, compare=False)
    """Counts the changes of versions in the past, other than that one more was saved."""
    cache: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What was derived from this revision (its bytes, its plan); emptied by every change."""

    def touch(self, now: int) -> None:
        """Count a change of the document."""
        self.revision += 1
        self.updated_at = now
        self.cache.clear()

    def node(self, node_id: str) -> Node:
        """The node with this id.

        :raises NotFound: ``node_not_found``.
        """
        for node in self.nodes:
            if node["id"] == node_id:
                return node
        raise NotFound("node", node_id, f"Workflow '{self.id}' has no node '{node_id}'.")

    def connection(self, connection_id: str) -> Connection:
        """The connection with this id.

        :raises NotFound: ``connection_not_found``.
        """
        for connection in self.connections:
            if connection["id"] == connection_id:
                return connection
        raise NotFound("connection", connection_id, f"Workflow '{self.id}' has no connection '{connection_id}'.")

    def graph(self) -> dict[str, Json]:
        """What React Flow's ``toObject()`` gives: ``{nodes, edges, viewport}``."""
        return {"nodes": self.nodes, "edges": self.connections, "viewport": self.viewport}


def name_of_copy(name: str) -> str:
    """What a copy is called if nobody says it; no longer than names may be."""
    return name[: MOST_NAME - len(_COPY)] + _COPY


def clean_node(node: Node) -> Node:
    """The node without what React Flow keeps only while editing."""
    return {key: value for key, value in node.items() if key not in TRANSIENT_NODE_FIELDS}


def clean_connection(connection: Connection) -> Connection:
    """The connection without what React Flow keeps only while editing."""
    return {key: value for key, value in connection.items() if key not in TRANSIENT_CONNECTION_FIELDS}


def ends(connection: Connection) -> tuple[str, str | None, str, str | None]:
    """The four ends that make a connection what it is; a missing handle and ``null`` are the same."""
    return (
        connection["source"],
        connection.get("sourceHandle"),
        connection["target"],
        connection.get("targetHandle"),
    )


def default_connection_id(connection: Connection) -> str:
    """The id that React Flow's ``addEdge`` gives a connection without one."""
    source, source_handle, target, target_handle = ends(connection)
    return f"xy-edge__{source}{source_handle or ''}-{target}{target_handle or ''}"


def clean_graph(nodes: list[Node], connections: list[Connection]) -> tuple[list[Node], list[Connection]]:
    """A graph as it is kept: transient fields dropped, missing ids given.

    :raises InvalidInput: if two nodes or two connections bear the same id, since nothing could tell them apart.
    """
    nodes = [clean_node(node) for node in nodes]
    connections = [clean_connection(connection) for connection in connections]
    _give_ids(nodes, lambda node, number: f"{node.get('type') or 'node'}_{number}")
    _give_ids(connections, lambda connection, _: default_connection_id(connection))
    refuse_twins(nodes, "nodes")
    refuse_twins(connections, "connections")
    return nodes, connections


def clean_parts(fields: dict[str, Json]) -> dict[str, Json]:
    """Some fields of a workflow, with as much of the graph as is among them as it is kept: see `clean_graph`."""
    nodes, connections = clean_graph(fields.get("nodes", []), fields.get("connections", []))
    graph = {"nodes": nodes, "connections": connections}
    return {name: graph.get(name, held) for name, held in fields.items()}


def refuse_twins(things: list[dict[str, Json]], where: str) -> None:
    """Refuse a list in which two bear one id."""
    seen: dict[str, int] = {}
    culprits = []
    for place, thing in enumerate(things):
        first = seen.setdefault(thing["id"], place)
        if first != place:
            message = f"'{thing['id']}' is already the id of {where}/{first}."
            culprits.append({"pointer": f"/{where}/{place}/id", "message": message})
    if culprits:
        raise InvalidInput(f"Two {where} have the same id.", culprits, code="duplicate_id")


def _give_ids(things: list[dict[str, Json]], name: Any) -> None:
    taken = {thing["id"] for thing in things if thing.get("id")}
    for number, thing in enumerate(things, 1):
        if not thing.get("id"):
            thing["id"] = free_name(name(thing, number), taken)
            taken.add(thing["id"])


def free_name(wanted: str, taken: set[str]) -> str:
    """The wanted name, or the first with a number behind it that is not taken; no longer than ids may be."""
    name, number = wanted[:MOST_ID], 1
    while name in taken:
        number += 1
        name = f"{wanted[: MOST_ID - len(str(number)) - 1]}_{number}"
    return name


def merge_patch(target: Json, patch: Json) -> Json:
    """The target changed as RFC 7396 (JSON Merge Patch) says: objects merge, ``null`` removes, the rest replaces."""
    if not isinstance(patch, dict):
        return deepcopy(patch)
    merged = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged
