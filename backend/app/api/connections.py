"""Connections of a workflow, one at a time."""

from __future__ import annotations

from typing import Any

from ..services import connections
from ..web.addresses import here
from ..web.body import read_body
from ..web.current import current_sandbox
from ..web.operation import Answer, operation
from ..web.reply import JSON
from ..web.restful import Resource
from .nodes import asked, saved, shown
from .schemas import workflows as schemas


class Connections(Resource):
    """All connections of a workflow."""

    @operation("listConnections", gives=schemas.CONNECTIONS)
    def get(self, workflow_id: str) -> Any:
        """List the connections of a workflow.

        They come in the order of the document.
        """
        return {"items": connections.list_connections(current_sandbox(), workflow_id)}

    @operation(
        "createConnection",
        body=schemas.CONNECTION_BODY,
        gives=schemas.CONNECTION,
        status=201,
        answer_headers=("Location", "ETag"),
        also={200: Answer({JSON: schemas.CONNECTION}, ("Location", "ETag"))},
        if_match=True,
        errors=("duplicate_id", "too_many_connections", "dangling_connection", "duplicate_connection"),
        once=True,
    )
    def post(self, workflow_id: str) -> Any:
        """Connect two nodes of a workflow.

        Both must be there: only a whole graph may be saved with loose ends. Where a connection joins the same
        two ports already, nothing is made, and the answer is 200 with that one; if the body has another id than
        that one, it is refused with 409 ``duplicate_connection``.

        ``If-Match`` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in
        between.
        """
        body = read_body()
        part, created = connections.add(current_sandbox(), workflow_id, body, **asked(workflow_id))
        location = here("workflows", workflow_id, "connections", part.body["id"])
        return part.body, 201 if created else 200, {"Location": location, "ETag": part.etag}


class Connection(Resource):
    """One connection of a workflow; its entity tag is that of the workflow."""

    @operation("getConnection", gives=schemas.CONNECTION, tagged=True)
    def get(self, workflow_id: str, connection_id: str) -> Any:
        """Get a connection of a workflow.

        It is as it was sent. Its entity tag is that of the workflow, so it changes with anything in it.
        """
        return shown(connections.get(current_sandbox(), workflow_id, connection_id))

    @operation(
        "replaceConnection",
        body=schemas.CONNECTION_BODY,
        gives=schemas.CONNECTION,
        answer_headers=("ETag",),
        if_match=True,
        errors=("dangling_connection", "duplicate_connection", "id_mismatch"),
    )
    def put(self, workflow_id: str, connection_id: str) -> Any:
        """Replace a connection of a workflow.

        It keeps its id: so React Flow reconnects an edge. Both nodes must be there, and no other connection may
        join the same two ports.

        ``If-Match`` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in
        between.
        """
        body = read_body()
        return saved(connections.replace(current_sandbox(), workflow_id, connection_id, body, **asked(workflow_id)))

    @operation("deleteConnection", if_match=True)
    def delete(self, workflow_id: str, connection_id: str) -> Any:
        """Delete a connection of a workflow.

        Its nodes stay. An execution that is under way keeps the graph that it began with.

        ``If-Match`` names the entity tag of the workflow, and refuses the change with 412 if somebody saved in
        between.
        """
        connections.delete(current_sandbox(), workflow_id, connection_id, **asked(workflow_id))
        return None, 204
