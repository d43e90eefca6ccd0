"""Every URL of this API, with what it answers."""

from __future__ import annotations

from typing import NamedTuple

from marshmallow import Schema
from werkzeug.routing import PathConverter

from ..web.restful import ProblemApi, Resource
from . import (
    connections,
    control,
    events,
    executions,
    faults,
    files,
    health,
    node_types,
    nodes,
    sockets,
    templates,
    workflows,
)
from .schemas import control as ctl
from .schemas import executions as run
from .schemas import faults as rules
from .schemas import library as lib
from .schemas import workflows as flow


class AnyId(PathConverter):
    """Whatever a client may call a node: with slashes, at the beginning too, and line breaks."""

    regex = r"(?s:.+?)"
    part_isolating = False


class Route(NamedTuple):
    """One URL, its resource, and the schema of the JSON that each method answers with when all is well.

    DELETE answers without content, and content and thumbnails of files are no JSON.
    """

    url: str
    resource: type[Resource]
    get: Schema | None = None
    post: Schema | None = None
    put: Schema | None = None
    patch: Schema | None = None

    @property
    def endpoint(self) -> str:
        """The name of this URL within the application."""
        return self.url.strip("/") or "home"

    def answer(self, method: str) -> Schema | None:
        """The schema of this method's answer."""
        schema: Schema | None = getattr(self, "get" if method == "HEAD" else method.lower(), None)
        return schema


_W = "/api/workflows/<workflow_id>"
_E = "/api/executions/<execution_id>"
_T = "/api/templates/<template_id>"
_F = "/api/files/<file_id>"

ROUTES = (
    Route("/", health.Home, get=lib.INDEX),
    Route("/health", health.Health, get=lib.HEALTH),
    Route("/api", health.Index, get=lib.INDEX),
    Route("/api/health", health.Health, get=lib.HEALTH),
    Route("/api/workflows", workflows.Workflows, get=flow.WORKFLOW_PAGE, post=flow.WORKFLOW),
    Route("/api/workflows/import", workflows.WorkflowImport, post=flow.WORKFLOW),
    Route(_W, workflows.Workflow, get=flow.WORKFLOW, put=flow.WORKFLOW, patch=flow.WORKFLOW),
    Route(f"{_W}/duplicate", workflows.WorkflowDuplicate, post=flow.WORKFLOW),
    Route(f"{_W}/export", workflows.WorkflowExport, get=flow.WORKFLOW_EXPORT),
    Route(f"{_W}/validate", workflows.WorkflowValidate, post=flow.VALIDATION),
    Route(f"{_W}/execute", workflows.WorkflowExecute, post=run.EXECUTION),
    Route(f"{_W}/pause", workflows.WorkflowPause, post=run.EXECUTION),
    Route(f"{_W}/resume", workflows.WorkflowResume, post=run.EXECUTION),
    Route(f"{_W}/stop", workflows.WorkflowStop, post=run.EXECUTION),
    Route(f"{_W}/status", workflows.WorkflowStatus, get=run.STATUS),
    Route(f"{_W}/events", events.WorkflowEvents, get=run.EVENTS_BY_CURSOR),
    Route(f"{_W}/dataflow", workflows.WorkflowDataflow, get=flow.DATAFLOW),
    # Ids of nodes and connections are the client's, and may have slashes in them.
    Route(f"{_W}/nodes", nodes.Nodes, get=flow.NODES, post=flow.NODE),
    Route(f"{_W}/nodes/<any_id:node_id>", nodes.Node, get=flow.NODE, put=flow.NODE, patch=flow.NODE),
    Route(f"{_W}/nodes/<any_id:node_id>/process-files", executions.NodeProcessFiles, post=run.EXECUTION),
    Route(f"{_W}/connections", connections.Connections, get=flow.CONNECTIONS, post=flow.CONNECTION),
    Route(f"{_W}/connections/<any_id:connection_id>", connections.Connection, get=flow.CONNECTION, put=flow.CONNECTION),
    Route("/api/executions", executions.Executions, get=run.EXECUTION_PAGE),
    Route(_E, executions.Execution, get=run.EXECUTION),
    Route(f"{_E}/pause", executions.ExecutionPause, post=run.EXECUTION),
    Route(f"{_E}/resume", executions.ExecutionResume, post=run.EXECUTION),
    Route(f"{_E}/stop", executions.ExecutionStop, post=run.EXECUTION),
    Route(f"{_E}/release", executions.ExecutionRelease, post=run.EXECUTION),
    Route(f"{_E}/retry", executions.ExecutionRetry, post=run.EXECUTION),
    Route(f"{_E}/events", events.ExecutionEvents, get=run.EVENTS),
    Route(f"{_E}/nodes/<any_id:node_id>/answer", executions.NodeAnswer, post=run.EXECUTION),
    Route("/api/events", events.Events, get=run.EVENTS_BY_CURSOR),
    Route("/api/node-types", node_types.NodeTypes, get=lib.NODE_TYPES, post=lib.NODE_TYPE),
    Route("/api/node-types/<any_id:name>", node_types.NodeType, get=lib.NODE_TYPE, put=lib.NODE_TYPE),
    Route("/api/templates", templates.Templates, get=lib.TEMPLATE_PAGE, post=lib.TEMPLATE),
    Route("/api/templates/import", templates.TemplateImport, post=lib.TEMPLATE),
    Route(_T, templates.Template, get=lib.TEMPLATE, put=lib.TEMPLATE),
    Route(f"{_T}/apply", templates.TemplateApply, post=flow.WORKFLOW),
    Route(f"{_T}/export", templates.TemplateExport, get=lib.TEMPLATE_EXPORT),
    Route("/api/files", files.Files, get=lib.FILE_PAGE),
    Route("/api/files/upload", files.FileUpload, post=lib.FILES),
    Route(_F, files.File, get=lib.FILE),
    Route(f"{_F}/content", files.FileContent),
    Route(f"{_F}/thumbnail", files.FileThumbnail),
    Route("/api/ws", sockets.Socket),
    Route("/api/ws/schema", sockets.SocketSchema, get=lib.JSON_SCHEMA),
    Route("/_control", control.State, get=ctl.STATE),
    Route("/_control/reset", control.Reset),
    Route("/_control/clock", control.Clock, get=ctl.CLOCK, put=ctl.CLOCK),
    Route("/_control/clock/advance", control.Advance, post=ctl.ADVANCED),
    Route("/_control/faults", faults.Faults, get=rules.RULES, put=rules.RULES, post=rules.RULE),
    Route("/_control/requests", control.Requests, get=ctl.REQUESTS),
    Route("/_control/sandboxes", control.Sandboxes, get=ctl.SANDBOXES),
    Route("/_control/sandboxes/<name>", control.Sandbox),
    Route("/_control/snapshots", control.Snapshots, get=ctl.SNAPSHOTS, post=ctl.SNAPSHOT),
    Route("/_control/snapshots/<name>", control.Snapshot, get=ctl.SNAPSHOT_DOCUMENT, put=ctl.SNAPSHOT),
    Route("/_control/snapshots/<name>/restore", control.SnapshotRestore, post=ctl.STATE),
    Route("/_control/snapshots/<name>/fork", control.SnapshotFork, post=ctl.STATE),
    Route("/_control/scenarios", control.Scenarios, get=ctl.SCENARIOS_SHOWN),
)
"""The table of contents."""


def add_routes(api: ProblemApi) -> None:
    """Give an application every URL of the table."""
    api.app.url_map.converters["any_id"] = AnyId
    for route in ROUTES:
        api.add_resource(route.resource, route.url, endpoint=route.endpoint)


def route_of(endpoint: str) -> Route:
    """The line of the table that has this endpoint."""
    return next(route for route in ROUTES if route.endpoint == endpoint)
