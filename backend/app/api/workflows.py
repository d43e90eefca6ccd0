"""Workflows: the documents that an editor draws."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from flask import Response

from ..services import executions, workflows
from ..services.documents import Document
from ..services.exchange import read_workflow
from ..services.waiting import watch_workflow
from ..web.addresses import here
from ..web.body import load, read_body, read_json
from ..web.conditional import etag_of, tagged
from ..web.current import current_sandbox
from ..web.identity import current_viewer
from ..web.operation import Body, operation
from ..web.paging import paged
from ..web.query import read_listing, read_query
from ..web.reply import to_json
from ..web.restful import Resource
from ..web.waiting import tagged_when_changed
from .answers import COMMAND, GRAPH, IMPORTED, LISTING, PAGING, STARTED, TWINS
from .nodes import asked, expected
from .schemas import queries
from .schemas import workflows as schemas
from .schemas.executions import EXECUTE_BODY, STATUS

_CREATED: dict[str, Any] = {
    "gives": schemas.WORKFLOW,
    "status": 201,
    "answer_headers": ("Location", "ETag"),
    "errors": (*GRAPH, "too_many_workflows"),
}
_IMPORTED = {**_CREATED, "errors": (*_CREATED["errors"], *IMPORTED)}
_COPIED = {**_CREATED, "errors": ("too_many_workflows",)}
_SAVED: dict[str, Any] = {"gives": schemas.WORKFLOW, "answer_headers": ("ETag",), "errors": GRAPH}


class Workflows(Resource):
    """All workflows."""

    @operation(
        "listWorkflows", query=queries.WORKFLOWS, gives=schemas.WORKFLOW_PAGE, answer_headers=PAGING, errors=LISTING
    )
    def get(self) -> Any:
        """List workflows, the last changed first.

        They are summaries, with counts in the place of the graph.
        """
        return paged(workflows.list_workflows(current_sandbox(), read_listing(), viewer=current_viewer()))

    @operation("createWorkflow", query=queries.SAVED, body=schemas.WORKFLOW_BODY, once=True, **_CREATED)
    def post(self) -> Any:
        """Create a workflow.

        Everything may be left out. Saving never fails because a graph is unfinished: loose ends, cycles and
        wrong configurations are kept, and told of with ``?issues=true`` or by validating it; executing is what
        refuses. Nodes and connections without an id get one, and ``edges`` are read as ``connections``.
        """
        body = read_body()
        return _created(lambda: workflows.create(current_sandbox(), body, viewer=current_viewer()))


class Workflow(Resource):
    """One workflow."""

    @operation("getWorkflow", query=queries.WORKFLOW, gives=schemas.WORKFLOW_OR_REACT_FLOW, tagged=True)
    def get(self, workflow_id: str) -> Any:
        """Get a workflow with its graph.

        With ``?shape=reactflow`` it is just what ``toObject()`` gives: ``{nodes, edges, viewport}``. The entity
        tag is another one when the document has changed, or the status of its latest execution.
        """
        document = workflows.get(current_sandbox(), workflow_id)
        if read_query()["shape"] is None:
            return tagged(document.body, document.etag)
        body = workflows.as_reactflow(current_sandbox(), workflow_id)
        return tagged(body, f'"{document.revision}-{etag_of(body)[1:]}')

    @operation("replaceWorkflow", query=queries.SAVED, body=schemas.WORKFLOW_BODY, if_match=True, **_SAVED)
    def put(self, workflow_id: str) -> Any:
        """Replace the graph of a workflow.

        The graph becomes that of the body; all other members, also those that the server does not know, stay if
        it does not have them, and PATCH takes one away. What the server writes, such as ``revision``,
        is not looked at, so that what GET gave can be sent back. An execution that is under way keeps the graph
        that it began with.

        ``If-Match`` refuses the change with 412 if somebody saved in between; without it, whoever saves last
        wins.
        """
        body = read_body()
        return _saved(lambda: workflows.replace(current_sandbox(), workflow_id, body, **asked(workflow_id)))

    @operation("updateWorkflow", query=queries.SAVED, body=schemas.WORKFLOW_PATCH, if_match=True, **_SAVED)
    def patch(self, workflow_id: str) -> Any:
        """Change some members of a workflow.

        As RFC 7396 says: objects merge, lists are replaced, ``null`` takes a member away. An execution that is
        under way keeps the graph that it began with.

        ``If-Match`` refuses the change with 412 if somebody saved in between; without it, whoever saves last
        wins.
        """
        changes = read_body()
        return _saved(lambda: workflows.patch(current_sandbox(), workflow_id, changes, **asked(workflow_id)))

    @operation("deleteWorkflow", if_match=True, needs="own")
    def delete(self, workflow_id: str) -> Any:
        """Delete a workflow with its schedules, and stop what runs of it.

        Its executions stay readable. Where it runs as a part of another workflow, it goes on there.

        ``If-Match`` refuses the change with 412 if somebody saved in between; without it, whoever saves last
        wins.
        """
        workflows.delete(current_sandbox(), workflow_id, expected_revision=expected(workflow_id))
        return None, 204


class WorkflowDuplicate(Resource):
    """A copy of a workflow."""

    @operation(
        "duplicateWorkflow",
        query=queries.SAVED,
        body=Body(schemas.DUPLICATE_BODY, required=False),
        once=True,
        needs="view",
        **_COPIED,
    )
    def post(self, workflow_id: str) -> Any:
        """Copy a workflow.

        The new one has the same document, in which nodes and connections keep their ids; it has never run.
        """
        name = read_body().get("name")
        return _created(lambda: workflows.duplicate(current_sandbox(), workflow_id, name, viewer=current_viewer()))


class WorkflowExport(Resource):
    """A workflow to take elsewhere."""

    @operation("exportWorkflow", gives=schemas.WORKFLOW_EXPORT)
    def get(self, workflow_id: str) -> Any:
        """Export a workflow.

        The document comes in an envelope, to be kept, or imported elsewhere. Secrets are blank in it: what a
        node type marks as one, and what is named like one.
        """
        return workflows.export(current_sandbox(), workflow_id)


class WorkflowImport(Resource):
    """Workflows from elsewhere."""

    @operation("importWorkflow", query=queries.SAVED, body=Body(schemas.IMPORT), once=True, **_IMPORTED)
    def post(self) -> Any:
        """Import a workflow.

        A new one is made of an export of this server, a workflow with nodes and connections, what React Flow's
        ``toObject()`` gives, or a graph under ``flow``, ``data`` or ``flowData``, as relatives of React Flow
        save it.
        """
        document = load(schemas.WORKFLOW_BODY, read_workflow(read_json()))
        return _created(lambda: workflows.create(current_sandbox(), document, viewer=current_viewer()))


class WorkflowValidate(Resource):
    """What is wrong with a workflow."""

    @operation(
        "validateWorkflow",
        body=Body(schemas.GRAPH_BODY, required=False),
        gives=schemas.VALIDATION,
        errors=(TWINS,),
        needs="view",
    )
    def post(self, workflow_id: str) -> Any:
        """Find what is wrong with a workflow.

        It is looked at as it is saved; if the body has ``nodes`` or ``connections``, these are looked at
        instead. Nothing is changed.
        """
        sandbox, graph = current_sandbox(), read_body()
        saved = workflows.validate(sandbox, workflow_id)
        if "nodes" not in graph and "connections" not in graph:
            return saved
        return workflows.validate_graph(sandbox, graph.get("nodes", []), graph.get("connections", []))


class WorkflowExecute(Resource):
    """The start of a workflow."""

    shows_files = True

    @operation("executeWorkflow", body=Body(EXECUTE_BODY, required=False), once=True, **STARTED)
    def post(self, workflow_id: str) -> Any:
        """Execute a workflow.

        The new execution has begun when the answer comes, or is ``pending`` if the body says ``hold``. A graph
        that cannot run is refused with 422 ``cannot_run``, which names every culprit; a workflow whose latest
        execution has not ended is refused with 409 ``already_running``.
        """
        options = read_body()
        return started(executions.execute(current_sandbox(), workflow_id, options, viewer=current_viewer()))


class WorkflowPause(Resource):
    """The pause of the latest execution."""

    shows_files = True

    @operation("pauseWorkflow", **COMMAND)
    def post(self, workflow_id: str) -> Any:
        """Pause the latest execution of a workflow.

        From ``running`` or ``waiting``: its time stands still, nodes at work keep their progress, and its child
        executions pause, too. One that is paused already stays so; in any other status it is refused with 409
        ``wrong_status``.
        """
        return executions.workflow_command(current_sandbox(), workflow_id, "pause")


class WorkflowResume(Resource):
    """The end of a pause."""

    shows_files = True

    @operation("resumeWorkflow", **COMMAND)
    def post(self, workflow_id: str) -> Any:
        """Resume the latest execution of a workflow.

        From ``paused``: it goes on where it stood, and its child executions, too. One that is under way already
        stays so; in any other status it is refused with 409 ``wrong_status``.
        """
        return executions.workflow_command(current_sandbox(), workflow_id, "resume")


class WorkflowStop(Resource):
    """The end of the latest execution."""

    shows_files = True

    @operation("stopWorkflow", **COMMAND)
    def post(self, workflow_id: str) -> Any:
        """Stop the latest execution of a workflow.

        From every status that is not final: what is at work is stopped, child executions, too, and what was not
        reached is skipped. It never goes on again. One that was stopped already stays so; one that has ended
        otherwise is refused with 409 ``wrong_status``.
        """
        return executions.workflow_command(current_sandbox(), workflow_id, "stop")


class WorkflowStatus(Resource):
    """The status of a workflow."""

    shows_files = True

    @operation("getWorkflowStatus", query=queries.STATUS, gives=STATUS, tagged=True)
    def get(self, workflow_id: str) -> Any:
        """The latest execution of a workflow in short, or ``idle``.

        Inputs, outputs and logs are shown only where ``?include=`` asks for them.

        ``Prefer: wait=`` or ``?wait=`` waits so many real seconds for it to change, or for a status of
        ``?until=``; the answer comes earlier if the execution ends. With ``If-None-Match``, what the caller
        does not know yet is told at once, and 304 says that nothing has changed.
        """
        sandbox, chosen = current_sandbox(), read_query()
        shown = {name: name in chosen["include"] for name in ("data", "logs")}
        show = partial(executions.status, sandbox, workflow_id, **shown)
        return tagged_when_changed(partial(watch_workflow, sandbox, workflow_id), show, chosen["wait"], chosen["until"])


class WorkflowDataflow(Resource):
    """What has gone over the connections."""

    shows_files = True

    @operation("getDataflow", gives=schemas.DATAFLOW)
    def get(self, workflow_id: str) -> Any:
        """What went over the connections of a workflow.

        Of each connection: whether its latest execution sent anything over it, how much, and a piece of it.
        """
        return executions.dataflow(current_sandbox(), workflow_id)


def started(execution: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """The answer to a start: accepted, and where to follow it."""
    return execution, 202, {"Location": here("executions", execution["id"])}


def _created(create: Callable[[], Document]) -> Response:
    return _saved(create, is_new=True)


def _saved(save: Callable[[], Document], *, is_new: bool = False) -> Response:
    """The document as it was saved, with its issues if ``?issues=true`` asks for them.

    The query is read first, so that nothing is saved where it does not fit.
    """
    with_issues = read_query()["issues"]
    document = save()
    place = {"Location": here("workflows", document.id)} if is_new else {}
    body = document.body
    if with_issues:
        issues = workflows.validate(current_sandbox(), document.id)["issues"]
        body = body[:-1] + b',"issues":' + orjson.dumps(issues) + b"}"
    return to_json(body, 201 if is_new else 200, {"ETag": document.etag, **place})
