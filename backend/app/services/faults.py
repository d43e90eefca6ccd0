"""The rules of a sandbox that bend requests, nodes and streams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..sandbox import Sandbox
from .changes import check_count, check_writable

Json = Any


def list_rules(sandbox: Sandbox) -> list[dict[str, Json]]:
    """The rules in their order, with their counts."""
    with sandbox.view():
        return sandbox.faults.as_list()


def replace(sandbox: Sandbox, rules: Sequence[dict[str, Json]]) -> list[dict[str, Json]]:
    """Put these rules in the place of all others; their counts begin anew.

    :raises TooMany: ``too_many_faults``.
    :raises InvalidInput: ``duplicate_rule``.
    """
    check_writable(rules)
    check_count("faults", len(rules), sandbox.limits.max_faults, "max_faults")
    with sandbox.turn():
        return sandbox.faults.replace(rules)


def append(sandbox: Sandbox, rule: dict[str, Json]) -> dict[str, Json]:
    """Put one more rule behind the others.

    :raises TooMany: ``too_many_faults``.
    :raises InvalidInput: ``duplicate_rule``.
    """
    check_writable(rule)
    with sandbox.turn():
        check_count("faults", len(sandbox.faults) + 1, sandbox.limits.max_faults, "max_faults")
        return sandbox.faults.append(rule)


def clear(sandbox: Sandbox) -> None:
    """Forget all rules."""
    with sandbox.turn():
        sandbox.faults.clear()
