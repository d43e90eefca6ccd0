"""Workflows: the documents that an editor draws."""

from __future__ import annotations

from functools import partial
from typing import Any

import orjson
from flask import Response

from ..services import executions, workflows
from ..services.documents import Document
from ..services.waiting import watch_workflow
from ..web.addresses import here
from ..web.body import read_body, read_json
from ..web.conditional import etag_of, expected_revision, tagged
from ..web.current import current_sandbox
from ..web.idempotency import idempotent
from ..web.paging import paged
from ..web.query import read_listing, read_query
from ..web.reply import to_json
from ..web.restful import Resource
from ..web.waiting import tagged_when_changed
from .schemas import queries
from .schemas.executions import EXECUTE_BODY
from .schemas.workflows import DUPLICATE_BODY, GRAPH_BODY, WORKFLOW_BODY, WORKFLOW_PATCH


class Workflows(Resource):
    """All workflows."""

    def get(self) -> Any:
        """A page of summaries, the last changed first."""
        return paged(workflows.list_workflows(current_sandbox(), read_listing(queries.WORKFLOWS)))

    @idempotent
    def post(self) -> Any:
        """A new workflow."""
        return _created(workflows.create(current_sandbox(), read_body(WORKFLOW_BODY)))


class Workflow(Resource):
    """One workflow."""

    def get(self, workflow_id: str) -> Any:
        """The workflow; with ``?shape=reactflow`` just what ``toObject()`` gives."""
        document = workflows.get(current_sandbox(), workflow_id)
        if read_query(queries.WORKFLOW)["shape"] is None:
            return tagged(document.body, document.etag)
        body = workflows.as_reactflow(current_sandbox(), workflow_id)
        return tagged(body, f'"{document.revision}-{etag_of(body)[1:]}')

    def put(self, workflow_id: str) -> Any:
        """Put a document in the place of the old one."""
        body = read_body(WORKFLOW_BODY)
        return _saved(workflows.replace(current_sandbox(), workflow_id, body, expected_revision=_expected(workflow_id)))

    def patch(self, workflow_id: str) -> Any:
        """Change some fields, as RFC 7396 says."""
        changes = read_body(WORKFLOW_PATCH)
        return _saved(
            workflows.patch(current_sandbox(), workflow_id, changes, expected_revision=_expected(workflow_id))
        )

    def delete(self, workflow_id: str) -> Any:
        """Delete the workflow and stop what runs of it."""
        workflows.delete(current_sandbox(), workflow_id, expected_revision=_expected(workflow_id))
        return None, 204


class WorkflowDuplicate(Resource):
    """A copy of a workflow."""

    @idempotent
    def post(self, workflow_id: str) -> Any:
        """A new workflow with the same document."""
        name = read_body(DUPLICATE_BODY, required=False).get("name")
        return _created(workflows.duplicate(current_sandbox(), workflow_id, name))


class WorkflowExport(Resource):
    """A workflow to take elsewhere."""

    def get(self, workflow_id: str) -> Any:
        """The document in an envelope; secrets are blank in it."""
        return workflows.export(current_sandbox(), workflow_id)


class WorkflowImport(Resource):
    """Workflows from elsewhere."""

    @idempotent
    def post(self) -> Any:
        """A new workflow from an export of ours, or from what React Flow and its relatives save."""
        return _created(workflows.import_(current_sandbox(), read_json()))


class WorkflowValidate(Resource):
    """What is wrong with a workflow."""

    def post(self, workflow_id: str) -> Any:
        """The issues of the workflow as it is saved, or of the graph in the body."""
        sandbox, graph = current_sandbox(), read_body(GRAPH_BODY, required=False)
        saved = workflows.validate(sandbox, workflow_id)
        if "nodes" not in graph and "connections" not in graph:
            return saved
        return workflows.validate_graph(sandbox, graph.get("nodes", []), graph.get("connections", []))


class WorkflowExecute(Resource):
    """The start of a workflow."""

    shows_files = True

    @idempotent
    def post(self, workflow_id: str) -> Any:
        """A new execution, which has begun unless it is to be held."""
        options = read_body(EXECUTE_BODY, required=False)
        return started(executions.execute(current_sandbox(), workflow_id, options))


class WorkflowPause(Resource):
    """The pause of the latest execution."""

    shows_files = True

    def post(self, workflow_id: str) -> Any:
        """Pause it."""
        return executions.workflow_command(current_sandbox(), workflow_id, "pause")


class WorkflowResume(Resource):
    """The end of a pause."""

    shows_files = True

    def post(self, workflow_id: str) -> Any:
        """Go on with the latest execution."""
        return executions.workflow_command(current_sandbox(), workflow_id, "resume")


class WorkflowStop(Resource):
    """The end of the latest execution."""

    shows_files = True

    def post(self, workflow_id: str) -> Any:
        """Stop it."""
        return executions.workflow_command(current_sandbox(), workflow_id, "stop")


class WorkflowStatus(Resource):
    """The status of a workflow."""

    shows_files = True

    def get(self, workflow_id: str) -> Any:
        """Its latest execution, or ``idle``; inputs, outputs and logs only where ``?include=`` asks for them.

        ``Prefer: wait=`` or ``?wait=`` waits so many real seconds for it to change, or for a status of ``?until=``.
        """
        sandbox, chosen = current_sandbox(), read_query(queries.STATUS)
        shown = {name: name in chosen["include"] for name in ("data", "logs")}
        show = partial(executions.status, sandbox, workflow_id, **shown)
        return tagged_when_changed(partial(watch_workflow, sandbox, workflow_id), show, chosen["wait"], chosen["until"])


class WorkflowDataflow(Resource):
    """What has gone over the connections."""

    shows_files = True

    def get(self, workflow_id: str) -> Any:
        """Each connection with what the latest execution sent over it."""
        return executions.dataflow(current_sandbox(), workflow_id)


def started(execution: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """The answer to a start: accepted, and where to follow it."""
    return execution, 202, {"Location": here("executions", execution["id"])}


def _created(document: Document) -> Response:
    response = _saved(document)
    response.status_code = 201
    response.headers["Location"] = here("workflows", document.id)
    return response


def _saved(document: Document) -> Response:
    """The document as it was saved, with its issues if ``?issues=true`` asks for them."""
    body = document.body
    if read_query(queries.WORKFLOW)["issues"]:
        issues = workflows.validate(current_sandbox(), document.id)["issues"]
        body = body[:-1] + b',"issues":' + orjson.dumps(issues) + b"}"
    return to_json(body, 200, {"ETag": document.etag})


def _expected(workflow_id: str) -> int | None:
    return expected_revision(lambda: workflows.get(current_sandbox(), workflow_id).revision)
