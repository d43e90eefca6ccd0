"""What one does with flows: with the workflows of one user, by their numbers, in the shape of this door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import orjson

from ...errors import NotFound
from ...models.execution import Execution
from ...models.user import Viewer
from ...models.workflow import Workflow, clean_parts
from ...sandbox import Sandbox
from ...services import executions, workflows
from ...services.changes import check_graph_size, check_writable, save
from ...services.parameters import fill_in
from ...services.permissions import sees
from . import mapping

Json = Any
T = TypeVar("T")


class Flows:
    """The flows that one user has; those of others are not there, not even for admins."""

    def __init__(self, sandbox: Sandbox, viewer: Viewer, *, sees_others: bool) -> None:
        """:param viewer: whose they are.
        :param sees_others: whether everybody's are there, as where nobody logs in.
        """
        self._sandbox = sandbox
        self._viewer = viewer
        self._sees_others = sees_others

    def all(self) -> bytes:
        """All of them, the last changed first, in JSON."""
        with self._sandbox.view():
            store = self._sandbox.store.workflows
            found = [_written(workflow) for workflow in store.newest(0, len(store)) if self._has(workflow)]
        return b"[%b]" % b",".join(found)

    def get(self, flow_id: int) -> bytes:
        """A flow, in JSON.

        :raises NotFound: if there is none, or it is somebody else's.
        """
        with self._sandbox.view():
            return _written(self.find(flow_id))

    def create(self, given: dict[str, Json]) -> bytes:
        """A new flow, in JSON.

        :param given: its fields, checked.
        :raises InvalidInput: ``duplicate_id``, if nothing could tell two nodes or two edges apart.
        :raises TooMany: if there are too many flows, nodes or edges.
        """
        return self._add(workflows.fresh_fields(mapping.fields(given, {})) | {"extra": _extra(given)})

    def update(self, flow_id: int, given: dict[str, Json]) -> bytes:
        """The flow with other values in these fields; all that it has beside them stays.

        :raises InvalidInput: ``duplicate_id``.
        :raises TooMany: if there are too many nodes or edges.
        """
        with self._sandbox.turn() as now:
            workflow = self.find(flow_id)
            fields = clean_parts(mapping.fields(given, workflow.extra))
            save(self._sandbox, workflow, now, viewer=self._viewer, **fields)
            return _written(workflow)

    def duplicate(self, flow_id: int) -> bytes:
        """A new flow with the same graph, whose name says so.

        :raises TooMany: if there are too many flows.
        """
        with self._sandbox.view():
            fields = mapping.copy(self.find(flow_id))
        return self._add(fields)

    def delete(self, flow_id: int) -> None:
        """Delete a flow, and stop what runs of it."""
        workflows.delete(self._sandbox, self._id_of(flow_id))

    def start(self, flow_id: int) -> dict[str, Json]:
        """Execute a flow.

        :raises CannotRun: if its graph cannot be executed.
        :raises Conflict: ``already_running``.
        """
        started = executions.execute(self._sandbox, self._id_of(flow_id), {}, viewer=self._viewer)
        return mapping.started(started)

    def templates(self) -> list[dict[str, Json]]:
        """The templates that the user sees."""
        sandbox = self._sandbox
        with sandbox.view():
            found = [held for held in sandbox.store.templates if sees(sandbox, self._viewer, held)]
            graphs = [({"nodes": held.nodes, "connections": held.connections}, held.parameters) for held in found]
            return [
                mapping.template(held, fill_in(graph, parameters, {}))
                for held, (graph, parameters) in zip(found, graphs, strict=True)
            ]

    def executions(self, flow_id: int) -> list[dict[str, Json]]:
        """The executions of a flow, the newest first."""
        with self._sandbox.view():
            workflow = self.find(flow_id)
            found = reversed(self._sandbox.store.executions_of(workflow.id))
            return [mapping.flow_execution(shown(execution), flow_id) for execution in found]

    def execution(self, execution_id: int) -> dict[str, Json]:
        """An execution.

        :raises NotFound: if there is none, or its flow is not there.
        """
        with self._sandbox.view():
            execution, workflow = self._find_execution(execution_id)
            return mapping.flow_execution(shown(execution), workflow.number)

    def node_executions(self, execution_id: int) -> list[dict[str, Json]]:
        """What became of the nodes in an execution, in the order of the graph.

        :raises NotFound: as `execution` does.
        """
        with self._sandbox.view():
            execution, _ = self._find_execution(execution_id)
            return [*mapping.node_executions(execution.as_dict(logs=False))]

    def find(self, flow_id: int) -> Workflow:
        """The workflow that a flow is; within a view or a turn.

        :raises NotFound: if there is none, or it is somebody else's.
        """
        return self._found("workflow", flow_id, self._sandbox.store.workflows.numbered, self._has)

    def _find_execution(self, execution_id: int) -> tuple[Execution, Workflow]:
        """An execution and its workflow; within a view."""
        store = self._sandbox.store

        def has(execution: Execution) -> bool:
            # One that has outlived its workflow is deleted with it here.
            workflow = store.workflows.find(execution.workflow_id)
            return workflow is not None and self._has(workflow)

        execution = self._found("execution", execution_id, store.executions.numbered, has)
        return execution, store.workflows.get(execution.workflow_id)

    def _found(self, kind: str, number: int, look: Callable[[int], T], has: Callable[[T], bool]) -> T:
        missing = NotFound(kind, str(number), f"No {_MODELS[kind]} matches the given query.")
        try:
            found = look(number)
        except NotFound:
            raise missing from None
        if not has(found):
            raise missing
        return found

    def _has(self, workflow: Workflow) -> bool:
        return self._sees_others or workflow.owner_id == self._viewer.user_id

    def _id_of(self, flow_id: int) -> str:
        with self._sandbox.view():
            return self.find(flow_id).id

    def _add(self, fields: dict[str, Json]) -> bytes:
        check_graph_size(fields, self._sandbox.limits)
        check_writable(fields)
        with self._sandbox.turn() as now:
            return _written(workflows.add(self._sandbox, fields, now, self._viewer.user_id))


_MODELS = {"workflow": "FlowDiagram", "execution": "FlowExecution"}
"""What the models of the real one are called, which its errors name."""


def shown(execution: Execution) -> dict[str, Json]:
    """As much of an execution as is shown without its nodes."""
    return {**execution.summary(), "output": execution.output}


def _extra(given: dict[str, Json]) -> dict[str, Json]:
    held: dict[str, Json] = mapping.fields(given, {}).get("extra", {})
    return held


def _written(workflow: Workflow) -> bytes:
    """The flow in JSON, made once for each state of its document."""
    if "django_flow" not in workflow.cache:
        workflow.cache["django_flow"] = orjson.dumps(mapping.flow(workflow))
    written: bytes = workflow.cache["django_flow"]
    return written
