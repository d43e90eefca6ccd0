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
from ..web.idempotency import idempotent
from ..web.restful import Resource
from .schemas.workflows import NODE_BODY, NODE_PATCH


class Nodes(Resource):
    """All nodes of a workflow."""

    def get(self, workflow_id: str) -> Any:
        """The nodes, in the order of the document."""
        return {"items": nodes.list_nodes(current_sandbox(), workflow_id)}

    @idempotent
    def post(self, workflow_id: str) -> Any:
        """A new node."""
        part = nodes.add(current_sandbox(), workflow_id, read_body(NODE_BODY), expected_revision=expected(workflow_id))
        location = here("workflows", workflow_id, "nodes", part.body["id"])
        return part.body, 201, {"Location": location, "ETag": part.etag}


class Node(Resource):
    """One node of a workflow; its entity tag is that of the workflow."""

    def get(self, workflow_id: str, node_id: str) -> Any:
        """The node."""
        return shown(nodes.get(current_sandbox(), workflow_id, node_id))

    def put(self, workflow_id: str, node_id: str) -> Any:
        """Put another node in its place, under the same id."""
        body = read_body(NODE_BODY)
        return saved(
            nodes.replace(current_sandbox(), workflow_id, node_id, body, expected_revision=expected(workflow_id))
        )

    def patch(self, workflow_id: str, node_id: str) -> Any:
        """Change some of its fields, as RFC 7396 says."""
        body = read_body(NODE_PATCH)
        return saved(
            nodes.patch(current_sandbox(), workflow_id, node_id, body, expected_revision=expected(workflow_id))
        )

    def delete(self, workflow_id: str, node_id: str) -> Any:
        """Delete the node, its children and their connections."""
        nodes.delete(current_sandbox(), workflow_id, node_id, expected_revision=expected(workflow_id))
        return None, 204


def expected(workflow_id: str) -> int | None:
    """The revision of the workflow that ``If-Match`` expects."""
    return expected_revision(lambda: workflows.get(current_sandbox(), workflow_id).revision)


def shown(part: Part) -> Response:
    """A part of a workflow, or 304."""
    return tagged(part.body, part.etag)


def saved(part: Part) -> tuple[dict[str, Any], int, dict[str, str]]:
    """A part of a workflow that was saved, with the workflow's new entity tag."""
    return part.body, 200, {"ETag": part.etag}
