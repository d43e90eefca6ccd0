"""A template: a ready-made workflow to start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..moments import iso
from .user import DEFAULT_USER


@dataclass(slots=True)
class Template:
    """One template; its graph has the same shape as a workflow's."""

    id: str
    number: int
    name: str
    description: str
    category: str
    tags: list[str]
    nodes: list[dict[str, Any]]
    connections: list[dict[str, Any]]
    viewport: dict[str, Any]
    parameters: list[dict[str, Any]]
    """What may be filled in when it is applied: ``{name, label, description, type, default}``; none is required."""
    created_at: int
    updated_at: int
    revision: int = 1
    owner_id: str | None = DEFAULT_USER
    """``None``: it came with the sandbox, and is for all."""

    def as_dict(self) -> dict[str, Any]:
        """The template as the API shows it."""
        return {
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "category": self.category,
            "tags": self.tags,
            "nodes": self.nodes,
            "connections": self.connections,
            "viewport": self.viewport,
            "parameters": self.parameters,
            "revision": self.revision,
            "owner_id": self.owner_id,
            "created_at": iso(self.created_at),
            "updated_at": iso(self.updated_at),
        }

    def summary(self) -> dict[str, Any]:
        """The template as lists show it: counts instead of the graph."""
        shown = self.as_dict()
        for graph_field in ("nodes", "connections", "viewport"):
            del shown[graph_field]
        return shown | {"node_count": len(self.nodes), "connection_count": len(self.connections)}
