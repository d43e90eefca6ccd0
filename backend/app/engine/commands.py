"""What the machine asks an engine to do next. Imperative, and plain data: any engine can obey them."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..nodes.base import Inputs


class StartNode(NamedTuple):
    """Run a node; report ``node_completed``, ``node_failed``, ``node_asked`` or ``node_called``."""

    node: int
    """Its index in the plan."""
    attempt: int
    inputs: Inputs


class WakeAt(NamedTuple):
    """Report ``retry_due`` after a delay of execution time."""

    node: int
    delay_ms: int


class ForgetNode(NamedTuple):
    """Whatever is still under way for this node does not matter any more."""

    node: int


class EndChildren(NamedTuple):
    """The execution is over: stop the child executions that it started."""


Command = StartNode | WakeAt | ForgetNode | EndChildren
Answer = Any
