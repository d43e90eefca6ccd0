"""Every URL of this door."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from ...models.user import Viewer
from ...sandbox import Sandbox
from ...web.addresses import moved
from ...web.current import current_sandbox
from ...web.door import Door
from ...web.identity import current_viewer
from ...web.operation import Answer, Body, Refusal, operation
from ...web.restful import Resource, Route
from . import envelope, flows, runs, schemas
from .forms import (
    CHANGES,
    COPY,
    FLOW,
    INPUTS,
    read_form,
    read_inputs,
    read_number,
    read_object,
    read_word,
    schema_of,
)

Json = Any

_REACHED = ("workflow_not_found", "not_permitted")
_GRAPH = ("bad_graph", Refusal("duplicate_id", 422), "too_many_nodes", "too_many_connections")
_SAVED = ("invalid_input", *_GRAPH)
_MADE = (*_SAVED, "too_many_workflows")
_STARTED = ("already_running", "cannot_run", "too_many_groups", "loops_entangled", "invalid_input")

_MOVED = {
    307: Answer({}, ("Location",), "The address has a slash at its end, or none; `Location` has it the other way.")
}


class FlowResource(Resource):
    """A URL of this door, which has one way to be written: a slash more or less leads there."""

    # FastAPI answers with JSON whatever the caller accepts.
    produces = ("*/*",)

    def dispatch_request(self, *args: Any, **kwargs: Any) -> Any:
        """Answer the request, or say where to send it."""
        rule = request.url_rule
        if rule is not None and request.path.endswith("/") != rule.rule.endswith("/"):
            return _elsewhere()
        return super().dispatch_request(*args, **kwargs)


class Flows(FlowResource):
    """All flows."""

    @operation("webuiListFlows", also=_MOVED, gives=schemas.FLOWS)
    def get(self) -> Any:
        """List the flows of whoever asks, the last changed first.

        They come all at once, without their graphs. Admins get those of everybody.
        """
        return flows.list_flows(*_here())


class FlowCreate(FlowResource):
    """A flow that is made."""

    @operation("webuiCreateFlow", also=_MOVED, body=Body(schema_of(FLOW)), gives=schemas.FLOW, once=True, errors=_MADE)
    def post(self) -> Any:
        """Create a flow.

        As with our own workflows, saving never fails because a graph is unfinished.
        """
        form = read_form(FLOW)
        sandbox, viewer = _here()
        return flows.create(sandbox, form, viewer)


class FlowImport(FlowResource):
    """A flow from elsewhere."""

    @operation(
        "webuiImportFlow",
        also=_MOVED,
        body=Body(schemas.IMPORT_BODY),
        gives=schemas.FLOW,
        once=True,
        errors=("unknown_format", "bad_document", *_MADE),
    )
    def post(self) -> Any:
        """Import a flow from an export of version 1.0.

        What the flow does not have is empty; without a name it is called `Imported Flow`.
        """
        document = read_object()
        sandbox, viewer = _here()
        return flows.import_flow(sandbox, document, viewer)


class Flow(FlowResource):
    """One flow."""

    @operation("webuiGetFlow", also=_MOVED, gives=schemas.FLOW, errors=_REACHED)
    def get(self, flow_id: str) -> Any:
        """Get a flow with its graph.

        What a workflow has beyond a flow, such as its viewport and its tags, is not shown.
        """
        sandbox, viewer = _here()
        return flows.get(sandbox, flow_id, viewer)

    @operation(
        "webuiUpdateFlow", also=_MOVED, body=Body(schema_of(CHANGES)), gives=schemas.FLOW, errors=(*_REACHED, *_SAVED)
    )
    def post(self, flow_id: str) -> Any:
        """Change a flow.

        Members that are missing or `null` stay as they are, the others are replaced. What a workflow has beyond
        a flow, such as its viewport and its tags, stays, too.
        """
        form = read_form(CHANGES)
        sandbox, viewer = _here()
        return flows.update(sandbox, flow_id, form, viewer)

    @operation("webuiDeleteFlow", also=_MOVED, gives={"type": "boolean", "const": True}, errors=_REACHED)
    def delete(self, flow_id: str) -> Any:
        """Delete a flow, and stop what runs of it.

        The answer is `true`.
        """
        sandbox, viewer = _here()
        flows.delete(sandbox, flow_id, viewer)
        return True


class FlowDuplicate(FlowResource):
    """A copy of a flow."""

    @operation(
        "webuiDuplicateFlow",
        also=_MOVED,
        body=Body(schema_of(COPY), required=False),
        gives=schemas.FLOW,
        once=True,
        errors=(*_REACHED, "invalid_input", "too_many_workflows"),
    )
    def post(self, flow_id: str) -> Any:
        """Copy a flow.

        The copy belongs to whoever asks. It is called as the body says, else as the original with `(Copy)`
        behind it.
        """
        name = read_form(COPY).get("name")
        sandbox, viewer = _here()
        return flows.duplicate(sandbox, flow_id, name, viewer)


class FlowExport(FlowResource):
    """A flow to take elsewhere."""

    @operation("webuiExportFlow", also=_MOVED, gives=schemas.EXPORT, errors=_REACHED)
    def get(self, flow_id: str) -> Any:
        """Export a flow.

        Secrets are blank in it: what a node type marks as one, and what is named like one.
        """
        sandbox, viewer = _here()
        return flows.export(sandbox, flow_id, viewer)


class FlowExecute(FlowResource):
    """The start of a flow."""

    @operation(
        "webuiExecuteFlow",
        also=_MOVED,
        query=schemas.MODE,
        body=Body(schema_of(INPUTS), required=False),
        gives=schemas.EXECUTED,
        once=True,
        errors=(*_REACHED, *_STARTED),
    )
    def post(self, flow_id: str) -> Any:
        """Hand a flow to the client to execute, or execute it on the server.

        As usual nothing runs here: the answer has the graph, an order in which its nodes can run, and the
        inputs. With `?mode=server` it runs here, and is a usual execution.
        """
        start = flows.execute if read_word("mode", ("client", "server")) == "server" else flows.delegate
        inputs = read_inputs()
        sandbox, viewer = _here()
        return start(sandbox, flow_id, inputs, viewer)


class FlowExecutions(FlowResource):
    """The executions of a flow."""

    @operation("webuiListExecutions", also=_MOVED, query=schemas.PAGE, gives=schemas.EXECUTIONS, errors=_REACHED)
    def get(self, flow_id: str) -> Any:
        """List the executions of a flow on the server, the newest first.

        A page has 60 of them.
        """
        page = read_number("page", 1)
        sandbox, viewer = _here()
        return runs.list_executions(sandbox, flow_id, page, viewer)


class FlowExecution(FlowResource):
    """One execution of a flow."""

    shows_files = True

    @operation("webuiGetExecution", also=_MOVED, gives=schemas.EXECUTION, errors=(*_REACHED, "execution_not_found"))
    def get(self, flow_id: str, flow_execution_id: str) -> Any:
        """Get an execution of a flow with what went in, came out and went wrong.

        Of nodes in loops, it has the latest iteration.
        """
        sandbox, viewer = _here()
        return runs.get(sandbox, flow_id, flow_execution_id, viewer)


class FlowStats(FlowResource):
    """The executions of a flow in short."""

    @operation("webuiGetStats", also=_MOVED, gives=schemas.STATS, errors=_REACHED)
    def get(self, flow_id: str) -> Any:
        """Count the executions of a flow.

        They are those on the server; what clients execute by themselves is not known here.
        """
        sandbox, viewer = _here()
        return runs.stats(sandbox, flow_id, viewer)


class FlowAnalytics(FlowResource):
    """The executions of a flow in figures."""

    @operation("webuiGetAnalytics", also=_MOVED, gives=schemas.ANALYTICS, errors=_REACHED)
    def get(self, flow_id: str) -> Any:
        """Measure the executions of a flow, as a whole and by node.

        They are those on the server; what clients execute by themselves is not known here.
        """
        sandbox, viewer = _here()
        return runs.analytics(sandbox, flow_id, viewer)


DOOR = Door(
    name="open_webui",
    title="Open WebUI flows",
    about="the flows API of Open WebUI, over the same workflows.",
    prefix="/api/v1/flows",
    answer=envelope.answer,
    error=envelope.ERROR,
    statuses=envelope.STATUSES,
    variables={
        "flow_id": ("The id of the flow, which is that of its workflow.", {"type": "string"}),
        "flow_execution_id": ("The id of the execution.", {"type": "string"}),
    },
    holders={
        "OpenWebuiFlow": {"flow_id": "$response.body#/id"},
        "OpenWebuiExecution": {"flow_id": "$response.body#/flow_id", "flow_execution_id": "$response.body#/id"},
    },
)

_FLOWS = DOOR.prefix
_FLOW = f"{_FLOWS}/<own_id(create, import):flow_id>"

ROUTES = (
    Route(f"{_FLOWS}/", Flows, door=DOOR),
    Route(f"{_FLOWS}/create", FlowCreate, door=DOOR),
    Route(f"{_FLOWS}/import", FlowImport, door=DOOR),
    Route(_FLOW, Flow, door=DOOR),
    Route(f"{_FLOW}/duplicate", FlowDuplicate, door=DOOR),
    Route(f"{_FLOW}/export", FlowExport, door=DOOR),
    Route(f"{_FLOW}/execute", FlowExecute, door=DOOR),
    Route(f"{_FLOW}/executions", FlowExecutions, door=DOOR),
    Route(f"{_FLOW}/executions/stats", FlowStats, door=DOOR),
    Route(f"{_FLOW}/executions/<own_id(stats):flow_execution_id>", FlowExecution, door=DOOR),
    Route(f"{_FLOW}/analytics", FlowAnalytics, door=DOOR),
)
"""The table of contents of this door."""


def _here() -> tuple[Sandbox, Viewer]:
    return current_sandbox(), current_viewer()


def _elsewhere() -> Response:
    """The same address, with a slash at its end or without, as Starlette has it; method and body stay."""
    path = request.path.rstrip("/") if request.path.endswith("/") else f"{request.path}/"
    response = Response(b"", 307, {"Location": moved(path)})
    del response.headers["Content-Type"]
    return response
