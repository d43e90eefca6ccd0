"""Nodes of a workflow, one at a time."""

from __future__ import annotations

from typing import Any

from flask import Response

from ..services import nodes, workflows
from ..services.documents import Part
from ..web.addresses import here
from ..web.body import read_body
from ..web.conditional import expected_revision, tagged
from ..web.current import current_sandbox
from ..web.identity import current_viewer
from ..web.operation import operation
from ..web.restful import Resource
from .schemas import workflows as schemas

_CREATED: dict[str, Any] = {
    "gives": schemas.NODE,
    "status": 201,
    "answer_headers": ("Location", "ETag"),
    "errors": ("duplicate_id", "too_many_nodes"),
}
_SAVED: dict[str, Any] = {"gives": schemas.NODE, "answer_headers": ("ETag",)}


class Nodes(Resource):
    """All nodes of a workflow."""

    @operation("listNodes", gives=schemas.NODES)
    def get(self, workflow_id: str) -> Any:
        """List the nodes of a workflow.

        They come in the order of the document, in which React Flow draws them.
        """
        return {"items": nodes.list_nodes(current_sandbox(), workflow_id)}

    @operation("createNode", body=schemas.NODE_BODY, if_match=True, once=True, **_CREATED)
    def post(self, workflow_id: str) -> Any:
        """Add a node to a workflow.

        It is put behind the others, and gets an id if it has none; one that is taken is refused with 409
        ``duplicate_id``. An execution that is under way keeps the graph that it began with.

        ``If-Match`` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in
        between.
        """
        part = nodes.add(current_sandbox(), workflow_id, read_body(), **asked(workflow_id))
        location = here("workflows", workflow_id, "nodes", part.body["id"])
        return part.body, 201, {"Location": location, "ETag": part.etag}


class Node(Resource):
    """One node of a workflow; its entity tag is that of the workflow."""

    @operation("getNode", gives=schemas.NODE, tagged=True)
    def get(self, workflow_id: str, node_id: str) -> Any:
        """Get a node of a workflow.

        It is as it was sent. Its entity tag is that of the workflow, so it changes with anything in it.
        """
        return shown(nodes.get(current_sandbox(), workflow_id, node_id))

    @operation("replaceNode", body=schemas.NODE_BODY, if_match=True, errors=("id_mismatch",), **_SAVED)
    def put(self, workflow_id: str, node_id: str) -> Any:
        """Replace a node of a workflow.

        It keeps its id, by which connections know it: another one in the body is refused with 422
        ``id_mismatch``. An execution that is under way keeps the graph that it began with.

        ``If-Match`` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in
        between.
        """
        body = read_body()
        return saved(nodes.replace(current_sandbox(), workflow_id, node_id, body, **asked(workflow_id)))

    @operation("updateNode", body=schemas.NODE_PATCH, if_match=True, errors=("bad_node", "id_mismatch"), **_SAVED)
    def patch(self, workflow_id: str, node_id: str) -> Any:
        """Change some members of a node.

        As RFC 7396 says: objects merge at any depth, lists are replaced, ``null`` takes a member away. An
        execution that is under way keeps the graph that it began with.

        ``If-Match`` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in
        between.
        """
        body = read_body()
        return saved(nodes.patch(current_sandbox(), workflow_id, node_id, body, **asked(workflow_id)))

    @operation("deleteNode", if_match=True)
    def delete(self, workflow_id: str, node_id: str) -> Any:
        """Delete a node, its children and their connections.

        With a group goes what is inside of it, as in React Flow. An execution that is under way keeps the graph
        that it began with.

        ``If-Match`` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in
        between.
        """
        nodes.delete(current_sandbox(), workflow_id, node_id, **asked(workflow_id))
        return None, 204


def asked(workflow_id: str) -> dict[str, Any]:
    """What goes with each change of a workflow: in whose name it is made, and the revision that it expects."""
    return {"expected_revision": expected(workflow_id), "viewer": current_viewer()}


def expected(workflow_id: str) -> int | None:
    """The revision of the workflow that ``If-Match`` expects."""
    return expected_revision(lambda: workflows.get(current_sandbox(), workflow_id).revision)


def shown(part: Part) -> Response:
    """A part of a workflow, or 304."""
    return tagged(part.body, part.etag)


def saved(part: Part) -> tuple[dict[str, Any], int, dict[str, str]]:
    """A part of a workflow that was saved, with the workflow's new entity tag."""
    return part.body, 200, {"ETag": part.etag}
