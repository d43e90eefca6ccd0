"""What the operations of several resources have in common."""

from __future__ import annotations

from typing import Any

from .schemas.executions import EXECUTION

GRAPH = ("bad_graph", "duplicate_id", "too_many_nodes", "too_many_connections", "not_writable")
"""What can be wrong with a graph that is to be saved."""

PAGING = ("X-Total-Count", "Link")
"""The headers of a page of a list."""

LISTING = ("bad_sort", "too_many_per_page")
"""What can be wrong with the piece of a list that somebody wants."""

_REFUSED = ("already_running", "cannot_run", "too_many_groups", "loops_entangled", "not_writable")

STARTED: dict[str, Any] = {"gives": EXECUTION, "status": 202, "answer_headers": ("Location",), "errors": _REFUSED}
"""The answer to what starts an execution."""

COMMAND: dict[str, Any] = {"gives": EXECUTION, "errors": ("wrong_status",)}
"""A command to an execution."""

BYTES = {"type": "string", "format": "binary"}
"""Bytes as they are."""
