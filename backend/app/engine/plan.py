"""The graph of an execution, made ready for the machine: who feeds whom, which loop contains what.

A plan depends on the document and on the partial run that was asked for, on nothing else; it never changes.
`planning.py` makes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..nodes.base import NodeType

Json = Any
TypeOf = Callable[[str | None], NodeType]

ROOT = -1
"""The scope of nodes that are in no loop."""

LONGEST_MS = 366 * 86_400_000
"""No wait that a document asks for is longer than a year: beyond some moment there is no date any more."""


@dataclass(slots=True)
class Link:
    """One way that data takes: a connection, or one strand of it where it ends at a group."""

    number: int
    flow: int
    """The index of the connection in the plan."""
    source: int
    source_port: str
    target: int
    target_port: str
    back: bool = False
    """Leads back into its loop node: never waited for on entry."""
    leaves: tuple[int, ...] = ()
    """The loops that it leads out of, the inner first, other than by their ``done`` port: it delivers when they end."""


@dataclass(slots=True)
class Step:
    """A node with all that the machine and the engine must know of it."""

    index: int
    id: str
    type: str
    label: str
    node_type: NodeType
    config: dict[str, Json]
    disabled: bool
    on_error: str
    max_attempts: int
    retry_delay_ms: int
    backoff: float
    timeout_ms: int | None
    mock: dict[str, Json] | None
    pure: bool
    """Whether its outcome follows from its inputs and its configuration as it stands."""
    mentions_nodes: bool
    """Whether its configuration speaks of other nodes' outputs (``$node``)."""
    ins: list[Link] = field(default_factory=list)
    """What is waited for, in the order of the document."""
    outs: list[tuple[int, str, list[Link]]] = field(default_factory=list)
    """By connection: its index, the port it leaves from, its strands."""
    scope: int = ROOT
    """The loop that it is in: the index of the loop node."""
    body: list[int] = field(default_factory=list)
    """Of a loop node: all steps of its body, nested ones too."""
    body_links: list[int] = field(default_factory=list)
    """Of a loop node: the links that a new iteration clears."""
    own_body: int = 0
    """Of a loop node: how many steps have it as their scope."""
    back_links: list[int] = field(default_factory=list)

    def delay_ms(self, attempt: int) -> int:
        """How long to wait after this attempt failed, in milliseconds."""
        try:
            return round(min(self.retry_delay_ms * self.backoff ** (attempt - 1), LONGEST_MS))
        except OverflowError:
            return LONGEST_MS

    @property
    def is_loop(self) -> bool:
        """Whether this is a loop node."""
        return self.type == "loop"


@dataclass(frozen=True, slots=True)
class Source:
    """What a plan was made of, so that the same one can be made again: what it refers to is never changed."""

    nodes: list[dict[str, Json]]
    connections: list[dict[str, Json]]
    variables: dict[str, Json] | None
    start_node: str | None
    stop_node: str | None
    mocks: dict[str, dict[str, Json]]
    custom: dict[str, NodeType]
    """The node types of the user's own that were in it, by name."""


@dataclass(slots=True)
class Plan:
    """All steps and connections of an execution."""

    steps: list[Step]
    connections: list[tuple[str, str, str]]
    """Id, source and target of each connection that takes part."""
    links: list[Link]
    index: dict[str, int]
    variables: dict[str, Json] = field(default_factory=dict)
    """What expressions see as ``$vars``: ``metadata.variables`` of the workflow."""
    source: Source | None = field(default=None, repr=False, compare=False)
    """What it was made of; ``None`` while it is being made."""

    def loops_around(self, step: Step) -> list[int]:
        """The loops that a step is in, outermost first."""
        around: list[int] = []
        scope = step.scope
        while scope != ROOT:
            around.append(scope)
            scope = self.steps[scope].scope
        return around[::-1]
