"""Every URL of this door, each with a slash at its end, as Django has them."""

from __future__ import annotations

from typing import Any

from flask import Response, after_this_request, request

from ...web.current import current_sandbox, settings
from ...web.door import Door
from ...web.identity import current_viewer
from ...web.operation import Answer, Body, Refusal, operation
from ...web.restful import Resource, Route
from . import schemas
from .envelope import STATUSES, allow, answer, to_slash
from .flows import Flows
from .forms import read_flow
from .progress import follow_flow

_ID = {"type": "integer", "minimum": 1}

DOOR = Door(
    name="django_flows",
    title="Django flows",
    about="the API of a flow editor that was made with Django REST framework, over the same workflows.",
    prefix="/api/flows",
    answer=answer,
    error=schemas.ERROR,
    statuses=STATUSES,
    variables={
        "flow_id": ("The id of a flow: the `number` of its workflow.", _ID),
        "flow_execution_id": ("The id of an execution: its `number`.", _ID),
    },
    holders={
        "DjangoFlow": {"flow_id": "$response.body#/id"},
        "DjangoExecutionStarted": {
            "flow_id": "$request.path.flow_id",
            "flow_execution_id": "$response.body#/execution_id",
        },
    },
)

_OF_FLOWS = ("workflow_not_found",)
_OF_EXECUTIONS = ("execution_not_found",)
_OF_GRAPHS = (Refusal("duplicate_id", 422), "not_writable", "too_many_nodes", "too_many_connections")
_MOVED = {301: Answer({}, ("Location",), "The address has no slash at its end; `Location` has it with one.")}
_OVER_HTTP_2 = "The same over HTTP/2, where a proxy in front of this server speaks WebSocket so (RFC 8441)."


class DjangoResource(Resource):
    """A URL of this door."""

    def dispatch_request(self, *args: Any, **kwargs: Any) -> Any:
        """Send whoever forgot the slash to where it is; say in every other answer what is possible here."""
        if not request.path.endswith("/"):
            return to_slash()
        after_this_request(self._tell_methods)
        return super().dispatch_request(*args, **kwargs)

    def _tell_methods(self, response: Response) -> Response:
        response.headers["Allow"] = allow(self.methods or ())
        return response


class FlowList(DjangoResource):
    """All flows of the user."""

    @operation("djangoListFlows", gives=schemas.FLOWS, also=_MOVED)
    def get(self) -> Any:
        """List flows as the Django editor does, the last changed first.

        They come all at once and whole, as a bare array. Where users log in, they are the user's own, an admin's
        too.
        """
        return _flows().all()

    @operation(
        "djangoCreateFlow",
        body=schemas.FLOW_BODY,
        gives=schemas.FLOW,
        status=201,
        also=_MOVED,
        once=True,
        errors=(*_OF_GRAPHS, "too_many_workflows"),
    )
    def post(self) -> Any:
        """Create a flow as the Django editor does.

        Only its name must be given. What is wrong with a body is told by field, in the words of Django REST
        framework. Forms are taken, too, with JSON in the fields for nodes, edges, metadata and tags.
        """
        return _flows().create(read_flow()), 201


class FlowDetail(DjangoResource):
    """One flow."""

    @operation("djangoGetFlow", gives=schemas.FLOW, also=_MOVED, errors=_OF_FLOWS)
    def get(self, flow_id: int) -> Any:
        """Get a flow as the Django editor does.

        It is the workflow with this ``number``: its connections are the ``edges``.
        """
        return _flows().get(flow_id)

    @operation(
        "djangoReplaceFlow",
        body=schemas.FLOW_BODY,
        gives=schemas.FLOW,
        also=_MOVED,
        errors=(*_OF_FLOWS, *_OF_GRAPHS),
    )
    def put(self, flow_id: int) -> Any:
        """Save a flow as the Django editor does.

        The name must be given; other fields that are not given stay as they are, and so does what the workflow has
        beside them.
        """
        flows = _flows()
        flows.get(flow_id)
        return flows.update(flow_id, read_flow())

    @operation(
        "djangoUpdateFlow",
        body=Body(schemas.FLOW_PATCH, required=False),
        gives=schemas.FLOW,
        also=_MOVED,
        errors=(*_OF_FLOWS, *_OF_GRAPHS),
    )
    def patch(self, flow_id: int) -> Any:
        """Change some fields of a flow as the Django editor does.

        Each that is given replaces the old one as a whole, metadata too.
        """
        flows = _flows()
        flows.get(flow_id)
        return flows.update(flow_id, read_flow())

    @operation("djangoDeleteFlow", also=_MOVED, errors=_OF_FLOWS)
    def delete(self, flow_id: int) -> Any:
        """Delete a flow as the Django editor does, and stop what runs of it.

        Through this door, its executions are gone with it.
        """
        _flows().delete(flow_id)
        return None, 204


class FlowExecute(DjangoResource):
    """The start of a flow."""

    @operation(
        "djangoExecuteFlow",
        gives=schemas.STARTED,
        also=_MOVED,
        once=True,
        errors=(*_OF_FLOWS, "cannot_run", "already_running", "loops_entangled", "too_many_groups"),
    )
    def post(self, flow_id: int) -> Any:
        """Execute a flow as the Django editor does.

        The execution has begun when the answer comes. A graph that cannot run is refused with 400, a flow that is
        being executed with 409.
        """
        return _flows().start(flow_id)


class FlowDuplicate(DjangoResource):
    """A copy of a flow."""

    @operation(
        "djangoDuplicateFlow",
        gives=schemas.FLOW,
        status=201,
        also=_MOVED,
        once=True,
        errors=(*_OF_FLOWS, "too_many_workflows"),
    )
    def post(self, flow_id: int) -> Any:
        """Copy a flow as the Django editor does.

        The name of the copy ends with ``(Copy)``; it is not active, and its version is 1.0.0.
        """
        return _flows().duplicate(flow_id), 201


class FlowTemplates(DjangoResource):
    """Ready-made flows."""

    @operation("djangoListTemplates", gives=schemas.TEMPLATES, also=_MOVED)
    def get(self) -> Any:
        """List templates as the Django editor does.

        They come as a bare array, each with its graph, in which parameters have their usual values.
        """
        return _flows().templates()


class FlowExecutions(DjangoResource):
    """The executions of a flow."""

    @operation("djangoListExecutions", gives=schemas.EXECUTIONS, also=_MOVED, errors=_OF_FLOWS)
    def get(self, flow_id: int) -> Any:
        """List the executions of a flow as the Django editor does, the newest first.

        They come all at once, as a bare array.
        """
        return _flows().executions(flow_id)


class FlowExecution(DjangoResource):
    """One execution."""

    @operation("djangoGetExecution", gives=schemas.EXECUTION, also=_MOVED, errors=_OF_EXECUTIONS)
    def get(self, flow_execution_id: int) -> Any:
        """Get an execution as the Django editor does.

        One that is paused, or waits for a person, is ``running`` here.
        """
        return _flows().execution(flow_execution_id)


class NodeExecutions(DjangoResource):
    """The nodes of an execution."""

    @operation("djangoListNodeExecutions", gives=schemas.NODE_EXECUTIONS, also=_MOVED, errors=_OF_EXECUTIONS)
    def get(self, flow_execution_id: int) -> Any:
        """List what became of the nodes in an execution as the Django editor does.

        There is, in the order of the graph, one entry for every node that can be executed, from the start; of one
        in a loop it has the latest round.
        """
        return _flows().node_executions(flow_execution_id)


class FlowProgress(DjangoResource):
    """How a flow gets on."""

    produces = ("*/*",)
    is_embedded = True

    @operation(
        "djangoFollowFlow",
        status=101,
        also={200: Answer({}, about=_OVER_HTTP_2), **_MOVED},
        errors=(*_OF_FLOWS, "upgrade_required", "too_many_streams", "foreign_origin"),
    )
    def get(self, flow_id: int) -> Any:
        """Follow a flow as the Django editor does, over a WebSocket.

        The first message is about its latest execution, if it ever ran; then one comes for every step. Each is
        ``{type, flow, execution, node, progress}``: the execution and the node as they were after that step, the
        node ``null`` where it is about the whole, and the progress in percent.
        """
        return follow_flow(current_sandbox(), _flows(), flow_id)


def _flows() -> Flows:
    """The flows of whoever asks; where nobody logs in, all there are."""
    return Flows(current_sandbox(), current_viewer(), sees_others=settings().auth == "off")


_F = "/api/flows/<int:flow_id>/"
_E = "/api/flows/executions/<int:flow_execution_id>/"

ROUTES: tuple[Route, ...] = (
    Route("/api/flows/", FlowList, door=DOOR),
    Route("/api/flows/templates/", FlowTemplates, door=DOOR),
    Route(_F, FlowDetail, door=DOOR),
    Route(f"{_F}execute/", FlowExecute, door=DOOR),
    Route(f"{_F}duplicate/", FlowDuplicate, door=DOOR),
    Route(f"{_F}executions/", FlowExecutions, door=DOOR),
    Route(f"{_F}ws/", FlowProgress, door=DOOR),
    Route(_E, FlowExecution, door=DOOR),
    Route(f"{_E}nodes/", NodeExecutions, door=DOOR),
)
"""The table of contents."""
