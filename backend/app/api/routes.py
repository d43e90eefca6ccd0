"""Every URL of this API."""

from __future__ import annotations

from werkzeug.routing import Map, PathConverter, UnicodeConverter

from ..web.restful import ProblemApi, Route
from . import (
    clock,
    connections,
    contract,
    control,
    docs,
    events,
    executions,
    faults,
    files,
    health,
    meta,
    node_types,
    nodes,
    problems,
    requests,
    sandboxes,
    scenarios,
    snapshots,
    sockets,
    templates,
    workflows,
)


class AnyId(PathConverter):
    """Whatever a client may call a node: with slashes, at the beginning too, and line breaks."""

    regex = r"(?s:.+?)"
    part_isolating = False


class OwnId(UnicodeConverter):
    """An id that the server made; the words of our URLs are none."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map)
        self.regex = r"(?!(?:import|upload)$)[^/]+"


_W = "/api/workflows/<own_id:workflow_id>"
_E = "/api/executions/<own_id:execution_id>"
_T = "/api/templates/<own_id:template_id>"
_F = "/api/files/<own_id:file_id>"
_S = "/_control/snapshots/<snapshot>"

ROUTES = (
    Route("/", health.Home),
    Route("/health", health.ServerHealth),
    Route("/api", health.Index),
    Route("/api/health", health.Health),
    Route("/openapi.json", contract.ContractAsJson),
    Route("/openapi.yaml", contract.ContractAsYaml),
    Route("/docs", docs.Docs),
    Route("/docs/<asset>", docs.DocsAsset),
    Route("/problems", problems.Problems),
    Route("/problems/<problem>", problems.Problem),
    Route("/api/meta/statuses", meta.Statuses),
    Route("/api/workflows", workflows.Workflows),
    Route("/api/workflows/import", workflows.WorkflowImport),
    Route(_W, workflows.Workflow),
    Route(f"{_W}/duplicate", workflows.WorkflowDuplicate),
    Route(f"{_W}/export", workflows.WorkflowExport),
    Route(f"{_W}/validate", workflows.WorkflowValidate),
    Route(f"{_W}/execute", workflows.WorkflowExecute),
    Route(f"{_W}/pause", workflows.WorkflowPause),
    Route(f"{_W}/resume", workflows.WorkflowResume),
    Route(f"{_W}/stop", workflows.WorkflowStop),
    Route(f"{_W}/status", workflows.WorkflowStatus),
    Route(f"{_W}/events", events.WorkflowEvents),
    Route(f"{_W}/dataflow", workflows.WorkflowDataflow),
    # Ids of nodes and connections are the client's, and may have slashes in them.
    Route(f"{_W}/nodes", nodes.Nodes),
    Route(f"{_W}/nodes/<any_id:node_id>", nodes.Node),
    Route(f"{_W}/nodes/<any_id:node_id>/process-files", executions.NodeProcessFiles),
    Route(f"{_W}/connections", connections.Connections),
    Route(f"{_W}/connections/<any_id:connection_id>", connections.Connection),
    Route("/api/executions", executions.Executions),
    Route(_E, executions.Execution),
    Route(f"{_E}/pause", executions.ExecutionPause),
    Route(f"{_E}/resume", executions.ExecutionResume),
    Route(f"{_E}/stop", executions.ExecutionStop),
    Route(f"{_E}/release", executions.ExecutionRelease),
    Route(f"{_E}/retry", executions.ExecutionRetry),
    Route(f"{_E}/events", events.ExecutionEvents),
    Route(f"{_E}/nodes/<any_id:node_id>/answer", executions.NodeAnswer),
    Route("/api/events", events.Events),
    Route("/api/node-types", node_types.NodeTypes),
    Route("/api/node-types/<any_id:node_type>", node_types.NodeType),
    Route("/api/templates", templates.Templates),
    Route("/api/templates/import", templates.TemplateImport),
    Route(_T, templates.Template),
    Route(f"{_T}/apply", templates.TemplateApply),
    Route(f"{_T}/export", templates.TemplateExport),
    Route("/api/files", files.Files),
    Route("/api/files/upload", files.FileUpload),
    Route(_F, files.File),
    Route(f"{_F}/content", files.FileContent),
    Route(f"{_F}/thumbnail", files.FileThumbnail),
    Route("/api/ws", sockets.Socket),
    Route("/api/ws/schema", sockets.SocketSchema),
    Route("/_control", control.State),
    Route("/_control/reset", control.Reset),
    Route("/_control/clock", clock.Clock),
    Route("/_control/clock/advance", clock.Advance),
    Route("/_control/faults", faults.Faults),
    Route("/_control/requests", requests.Requests),
    Route("/_control/sandboxes", sandboxes.Sandboxes),
    Route("/_control/sandboxes/<sandbox>", sandboxes.Sandbox),
    Route("/_control/snapshots", snapshots.Snapshots),
    Route(_S, snapshots.Snapshot),
    Route(f"{_S}/restore", snapshots.SnapshotRestore),
    Route(f"{_S}/fork", snapshots.SnapshotFork),
    Route("/_control/scenarios", scenarios.Scenarios),
)
"""The table of contents."""


def add_routes(api: ProblemApi) -> None:
    """Give an application every URL of the table."""
    api.app.url_map.converters |= {"any_id": AnyId, "own_id": OwnId}
    for route in ROUTES:
        api.add_resource(route.resource, route.url, endpoint=route.endpoint)
