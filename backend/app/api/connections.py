"""Connections of a workflow, one at a time."""

from __future__ import annotations

from typing import Any

from ..services import connections
from ..web.addresses import here
from ..web.body import read_body
from ..web.current import current_sandbox
from ..web.idempotency import idempotent
from ..web.restful import Resource
from .nodes import expected, saved, shown
from .schemas.workflows import CONNECTION_BODY


class Connections(Resource):
    """All connections of a workflow."""

    def get(self, workflow_id: str) -> Any:
        """The connections, in the order of the document."""
        return {"items": connections.list_connections(current_sandbox(), workflow_id)}

    @idempotent
    def post(self, workflow_id: str) -> Any:
        """A new connection; or 200 and the one that joins the same four ends already."""
        body = read_body(CONNECTION_BODY)
        part, created = connections.add(current_sandbox(), workflow_id, body, expected_revision=expected(workflow_id))
        location = here("workflows", workflow_id, "connections", part.body["id"])
        return part.body, 201 if created else 200, {"Location": location, "ETag": part.etag}


class Connection(Resource):
    """One connection of a workflow; its entity tag is that of the workflow."""

    def get(self, workflow_id: str, connection_id: str) -> Any:
        """The connection."""
        return shown(connections.get(current_sandbox(), workflow_id, connection_id))

    def put(self, workflow_id: str, connection_id: str) -> Any:
        """Put another connection in its place, under the same id."""
        body, revision = read_body(CONNECTION_BODY), expected(workflow_id)
        return saved(
            connections.replace(current_sandbox(), workflow_id, connection_id, body, expected_revision=revision)
        )

    def delete(self, workflow_id: str, connection_id: str) -> Any:
        """Delete the connection."""
        connections.delete(current_sandbox(), workflow_id, connection_id, expected_revision=expected(workflow_id))
        return None, 204
