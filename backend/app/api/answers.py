"""What the operations of several resources have in common."""

from __future__ import annotations

from typing import Any

from ..web.operation import Refusal
from .schemas.executions import EXECUTION

TWINS = Refusal("duplicate_id", 422)
"""Two things in one graph that nothing could tell apart."""

GRAPH = (TWINS, "too_many_nodes", "too_many_connections")
"""What can be wrong with a graph that is to be saved."""

IMPORTED = ("unknown_format", "bad_document", "bad_graph", "not_writable", "invalid_input")
"""What can be wrong with a document from elsewhere."""

PAGING = ("X-Total-Count", "Link")
"""The headers of a page of a list."""

LISTING = ("bad_sort", "too_many_per_page")
"""What can be wrong with the piece of a list that somebody wants."""

REFUSED = ("already_running", "cannot_run", "too_many_groups", "loops_entangled")
"""What stands in the way of an execution."""

STARTED: dict[str, Any] = {"gives": EXECUTION, "status": 202, "answer_headers": ("Location",), "errors": REFUSED}
"""The answer to what starts an execution."""

COMMAND: dict[str, Any] = {"gives": EXECUTION, "errors": ("wrong_status",)}
"""A command to an execution."""

PAGE = {"type": "string"}
"""A page for a browser."""

BYTES = {"type": "string", "format": "binary"}
"""Bytes as they are."""

LINKING = ("bad_sandbox_name",)
"""What can be wrong where addresses are told that keep the way in which the sandbox was chosen."""

PARTS = ("range_not_satisfiable", "revision_mismatch")
"""What can be wrong with a part of some bytes that somebody wants."""
