"""The palette of a sandbox: the built-in node types, and those that its users added."""

from __future__ import annotations

from dataclasses import replace

from ..errors import Conflict, NotFound
from . import (
    ai,
    dates,
    files,
    flow,
    functions,
    generic,
    inputs,
    integrations,
    network,
    outputs,
    series,
    storage,
    triggers,
)
from .base import NodeType
from .generic import GENERIC, NOTES

FAMILIES = (
    triggers,
    inputs,
    functions,
    series,
    dates,
    flow,
    network,
    storage,
    ai,
    integrations,
    files,
    outputs,
    generic,
)

BUILT_IN: dict[str, NodeType] = {kind.type: kind for family in FAMILIES for kind in family.TYPES}
"""Every type that comes with the server; never changed."""


class Registry:
    """The node types that one sandbox knows."""

    def __init__(self, custom: list[NodeType] | None = None) -> None:
        self._custom = {kind.type: kind for kind in custom or []}
        self.version = 0
        """Rises with every change of the palette: what was derived from an older one does not hold any more."""

    def get(self, name: str | None) -> NodeType:
        """The type of this name; for one that nobody knows, the generic profile."""
        found = self._custom.get(name or "") or BUILT_IN.get(name or "")
        if found is None:
            return BUILT_IN["note"] if name in NOTES else GENERIC
        return found

    def knows(self, name: str | None) -> bool:
        """Whether a type of this name is in the palette."""
        return name in self._custom or name in BUILT_IN

    def find(self, name: str) -> NodeType:
        """The type of this name.

        :raises NotFound: if nobody knows it.
        """
        if not self.knows(name):
            raise NotFound("node_type", name)
        return self.get(name)

    def all(self) -> list[NodeType]:
        """The palette, by category and name."""
        every = [*BUILT_IN.values(), *self._custom.values()]
        return sorted(every, key=lambda kind: (kind.category, kind.display_name.casefold(), kind.type))

    def custom(self) -> list[NodeType]:
        """The types that users added, in the order they came."""
        return list(self._custom.values())

    def add(self, kind: NodeType) -> None:
        """Add a type of one's own.

        :raises Conflict: if the name is taken.
        """
        if self.knows(kind.type):
            raise Conflict(f"There is a node type '{kind.type}' already.", code="node_type_exists")
        self._custom[kind.type] = kind
        self.version += 1

    def replace(self, name: str, kind: NodeType) -> None:
        """Put a new version in the place of one's own type, under the same name.

        :raises NotFound: if nobody knows it.
        :raises Conflict: if it came with the server.
        """
        self._own(name)
        self._custom[name] = replace(kind, type=name)
        self.version += 1

    def remove(self, name: str) -> None:
        """Take one's own type out of the palette; nodes of that type then run as unknown ones.

        :raises NotFound: if nobody knows it.
        :raises Conflict: if it came with the server.
        """
        self._own(name)
        del self._custom[name]
        self.version += 1

    def _own(self, name: str) -> None:
        if name in BUILT_IN:
            raise Conflict(f"The node type '{name}' comes with the server and stays as it is.", code="built_in_type")
        if name not in self._custom:
            raise NotFound("node_type", name)
