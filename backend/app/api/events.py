"""Events: what happened in an execution, in a workflow, in the whole sandbox; as JSON, or as a stream."""

from __future__ import annotations

from typing import Any

from ..services import events, streams
from ..web.current import current_sandbox
from ..web.preferences import preferred_wait, tell_applied
from ..web.query import read_query
from ..web.reply import JSON
from ..web.restful import Resource
from ..web.streams import EVENT_STREAM, stream_from, wants_stream
from .schemas import queries


class ExecutionEvents(Resource):
    """What happened in an execution."""

    produces = (JSON, EVENT_STREAM)
    shows_files = True

    def get(self, execution_id: str) -> Any:
        """The events with a ``seq`` after ``?after=``; ``?wait=`` waits so many real seconds for one."""
        if wants_stream():
            return stream_from(
                lambda sandbox, after: streams.of_execution(sandbox, execution_id, after), read_query(queries.STREAM)
            )
        return events.execution_events(current_sandbox(), execution_id, **_query())


class WorkflowEvents(Resource):
    """What happened in all executions of a workflow, and to its document."""

    produces = (JSON, EVENT_STREAM)
    shows_files = True

    def get(self, workflow_id: str) -> Any:
        """The events with a ``cursor`` after ``?after=``; ``?wait=`` waits so many real seconds for one."""
        if wants_stream():
            return stream_from(
                lambda sandbox, after: streams.of_workflow(sandbox, workflow_id, after), read_query(queries.STREAM)
            )
        return events.workflow_events(current_sandbox(), workflow_id, **_query())


class Events(Resource):
    """What happened in the sandbox."""

    produces = (JSON, EVENT_STREAM)
    shows_files = True

    def get(self) -> Any:
        """The events with a ``cursor`` after ``?after=``; ``?wait=`` waits so many real seconds for one."""
        if wants_stream():
            return stream_from(streams.of_sandbox, read_query(queries.STREAM))
        return events.sandbox_events(current_sandbox(), **_query())


def _query() -> dict[str, Any]:
    """Which events are wanted, and how long to wait for one: ``Prefer: wait=`` comes before ``?wait=``."""
    chosen: dict[str, Any] = read_query(queries.EVENTS)
    preferred = preferred_wait()
    if preferred is not None:
        chosen["wait"] = float(preferred)
        tell_applied([f"wait={preferred}"])
    return chosen
