"""Every URL of this API."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.routing import Map, PathConverter, UnicodeConverter

from ..web.restful import ROUTES as TABLE
from ..web.restful import ProblemApi, Route
from . import (
    api_keys,
    auth,
    clock,
    connections,
    console,
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
    schedules,
    shares,
    snapshots,
    sockets,
    templates,
    users,
    versions,
    webhooks,
    workflows,
)


class AnyId(PathConverter):
    """Whatever a client may call a node: with slashes, at the beginning too, and line breaks."""

    regex = r"(?s:.+?)"
    part_isolating = False


class OwnId(UnicodeConverter):
    """An id that the server made.

    Words that stand in its place in other addresses are none, so that a wrong method is told of there:
    ``<own_id(import):workflow_id>``.
    """

    def __init__(self, url_map: Map, *words: str) -> None:
        super().__init__(url_map)
        self.regex = f"(?!(?:{'|'.join(words)})$)[^/]+" if words else "[^/]+"


_W = "/api/workflows/<own_id(import):workflow_id>"
_V = f"{_W}/versions/<version>"
_E = "/api/executions/<own_id:execution_id>"
_T = "/api/templates/<own_id(import):template_id>"
_F = "/api/files/<own_id(upload):file_id>"
_S = "/_control/snapshots/<snapshot>"

ROUTES = (
    Route("/", health.Home, is_public=True),
    Route("/console/<console_asset>", console.ConsoleAsset, is_public=True),
    Route("/health", health.ServerHealth, is_public=True),
    Route("/api", health.Index, is_public=True),
    Route("/api/health", health.Health, is_public=True),
    Route("/openapi.json", contract.ContractAsJson, is_public=True),
    Route("/openapi.yaml", contract.ContractAsYaml, is_public=True),
    Route("/docs", docs.Docs, is_public=True),
    Route("/docs/<asset>", docs.DocsAsset, is_public=True),
    Route("/problems", problems.Problems, is_public=True),
    Route("/problems/<problem>", problems.Problem, is_public=True),
    Route("/api/meta/statuses", meta.Statuses, is_public=True),
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
    Route(f"{_W}/schedules", schedules.WorkflowSchedules),
    Route(f"{_W}/schedules/<own_id:schedule_id>", schedules.Schedule),
    Route("/api/schedules", schedules.Schedules),
    Route(f"{_W}/webhooks", webhooks.WorkflowWebhooks),
    Route("/api/webhooks/<any_id:webhook_id>", webhooks.Webhook, is_public=True),
    Route(f"{_W}/shares", shares.Shares),
    Route(f"{_W}/shares/<own_id:user_id>", shares.Share),
    Route(f"{_W}/share-link", shares.ShareLink),
    Route("/api/shared/<own_id:share_token>", shares.SharedWorkflow, is_public=True),
    Route(f"{_W}/versions", versions.Versions),
    Route(_V, versions.Version),
    Route(f"{_V}/diff", versions.VersionDifferences),
    Route(f"{_V}/restore", versions.VersionRestore),
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
    Route("/api/auth/register", auth.Register, is_public=True),
    Route("/api/auth/login", auth.Login, is_public=True),
    Route("/api/auth/refresh", auth.Refresh, is_public=True),
    Route("/api/auth/logout", auth.Logout),
    Route("/api/auth/me", auth.Me),
    Route("/api/auth/change-password", auth.ChangePassword),
    Route("/api/auth/url-token", auth.UrlTokens),
    Route("/api/auth/api-keys", api_keys.ApiKeys),
    Route("/api/auth/api-keys/<api_key_id>", api_keys.ApiKey),
    Route("/api/users", users.Users),
    Route("/api/users/<user_id>", users.User),
    Route("/api/ws", sockets.Socket),
    Route("/api/ws/schema", sockets.SocketSchema),
    # Who directs shows another token than users do: see web/guard.py.
    Route("/_control", control.State, is_public=True),
    Route("/_control/reset", control.Reset, is_public=True),
    Route("/_control/clock", clock.Clock, is_public=True),
    Route("/_control/clock/advance", clock.Advance, is_public=True),
    Route("/_control/faults", faults.Faults, is_public=True),
    Route("/_control/requests", requests.Requests, is_public=True),
    Route("/_control/sandboxes", sandboxes.Sandboxes, is_public=True),
    Route("/_control/sandboxes/<sandbox>", sandboxes.Sandbox, is_public=True),
    Route("/_control/snapshots", snapshots.Snapshots, is_public=True),
    Route(_S, snapshots.Snapshot, is_public=True),
    Route(f"{_S}/restore", snapshots.SnapshotRestore, is_public=True),
    Route(f"{_S}/fork", snapshots.SnapshotFork, is_public=True),
    Route("/_control/scenarios", scenarios.Scenarios, is_public=True),
)
"""The table of contents."""


def add_routes(api: ProblemApi, table: Iterable[Route]) -> None:
    """Give an application every URL of a table."""
    api.app.url_map.converters |= {"any_id": AnyId, "own_id": OwnId}
    known = api.app.extensions.setdefault(TABLE, {})
    for route in table:
        known[route.endpoint] = route
        api.add_resource(route.resource, route.url, endpoint=route.endpoint)
