"""Node types: the palette, and types of one's own."""

from __future__ import annotations

from typing import Any

from ..services import node_types
from ..web.addresses import here
from ..web.body import read_body
from ..web.conditional import tagged
from ..web.current import current_sandbox
from ..web.idempotency import idempotent
from ..web.restful import Resource
from .schemas.library import NODE_TYPE_BODY


class NodeTypes(Resource):
    """The palette."""

    def get(self) -> Any:
        """Every type at once, by category and name."""
        return tagged({"items": node_types.list_types(current_sandbox())})

    @idempotent
    def post(self) -> Any:
        """A new type of one's own."""
        kind = node_types.create(current_sandbox(), read_body(NODE_TYPE_BODY))
        return kind, 201, {"Location": here("node-types", kind["type"])}


class NodeType(Resource):
    """One type."""

    def get(self, name: str) -> Any:
        """The type."""
        return tagged(node_types.get(current_sandbox(), name))

    def put(self, name: str) -> Any:
        """Put a new version in the place of one's own type."""
        return node_types.replace(current_sandbox(), name, read_body(NODE_TYPE_BODY))

    def delete(self, name: str) -> Any:
        """Take one's own type out of the palette."""
        node_types.delete(current_sandbox(), name)
        return None, 204
