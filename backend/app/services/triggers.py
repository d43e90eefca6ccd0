"""Triggers of a workflow: the nodes at which executions begin that nobody starts by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..models.workflow import Node, Workflow
from ..nodes.base import NodeType
from ..sandbox import Sandbox

Json = Any


@dataclass(frozen=True, slots=True)
class Trigger:
    """A node at which executions begin."""

    node: Node
    type: NodeType

    @property
    def label(self) -> str:
        """What people call it."""
        return str(_data(self.node).get("label") or self.node["id"])

    @property
    def config(self) -> dict[str, Json]:
        """How it is set, with what its type says where nothing is set."""
        own = _data(self.node).get("config")
        return self.type.defaults | (own if isinstance(own, dict) else {})


def triggers_of(sandbox: Sandbox, workflow: Workflow) -> Iterator[Trigger]:
    """The triggers of a workflow that are not disabled, in the order of the document; within a view or a turn."""
    for node in workflow.nodes:
        kind = sandbox.registry.get(node.get("type"))
        if kind.trigger and not _data(node).get("disabled"):
            yield Trigger(node, kind)


def find_trigger(sandbox: Sandbox, workflow: Workflow, node_id: str) -> Trigger | None:
    """The trigger with this id; ``None`` if there is none, or it is disabled."""
    return next((trigger for trigger in triggers_of(sandbox, workflow) if trigger.node["id"] == node_id), None)


def _data(node: Node) -> dict[str, Json]:
    data = node.get("data")
    return data if isinstance(data, dict) else {}
