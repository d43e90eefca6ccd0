"""Node types: the palette, and types of one's own."""

from __future__ import annotations

from typing import Any

from ..services import node_types
from ..web.addresses import here
from ..web.body import read_body
from ..web.conditional import tagged
from ..web.current import current_sandbox
from ..web.operation import operation
from ..web.restful import Resource
from .schemas import node_types as schemas


class NodeTypes(Resource):
    """The palette."""

    @operation("listNodeTypes", gives=schemas.NODE_TYPES, tagged=True)
    def get(self) -> Any:
        """The palette: every node type, by category and name.

        They come all at once, those of the server and one's own.
        """
        return tagged({"items": node_types.list_types(current_sandbox())})

    @operation(
        "createNodeType",
        body=schemas.NEW_NODE_TYPE,
        gives=schemas.NODE_TYPE,
        status=201,
        answer_headers=("Location",),
        once=True,
        errors=("node_type_exists", "invalid_node_type", "too_many_node_types"),
    )
    def post(self) -> Any:
        """Add a node type of one's own.

        It can be used at once. A document that does not fit is refused with 422 ``invalid_node_type``, which
        names every fault; a name that is taken with 409 ``node_type_exists``.
        """
        kind = node_types.create(current_sandbox(), read_body())
        return kind, 201, {"Location": here("node-types", kind["type"])}


class NodeType(Resource):
    """One type."""

    @operation("getNodeType", gives=schemas.NODE_TYPE, tagged=True)
    def get(self, node_type: str) -> Any:
        """Get a node type.

        It has what a palette and a form need. One's own can be sent back as it was read.
        """
        return tagged(node_types.get(current_sandbox(), node_type))

    @operation(
        "replaceNodeType",
        body=schemas.NODE_TYPE_BODY,
        gives=schemas.NODE_TYPE,
        errors=("built_in_type", "invalid_node_type", "id_mismatch"),
    )
    def put(self, node_type: str) -> Any:
        """Replace a node type of one's own.

        Its name stays. Executions that are under way keep the one that they began with. Those of the server are
        refused with 409 ``built_in_type``.
        """
        return node_types.replace(current_sandbox(), node_type, read_body())

    @operation("deleteNodeType", errors=("built_in_type",))
    def delete(self, node_type: str) -> Any:
        """Remove a node type of one's own.

        Nodes of it stay, and are of an unknown type from now on: they hand their input on. Those of the server
        are refused with 409 ``built_in_type``.
        """
        node_types.delete(current_sandbox(), node_type)
        return None, 204
