"""Events: what happened in an execution, in a workflow, in the whole sandbox; as JSON, or as a stream."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..services import events, streams
from ..web.current import current_sandbox
from ..web.identity import current_viewer
from ..web.operation import Answer, operation
from ..web.preferences import preferred_wait, tell_applied
from ..web.query import read_query
from ..web.reply import JSON
from ..web.restful import Resource
from ..web.streams import EVENT_STREAM, stream_from, wants_stream
from .schemas import queries
from .schemas.events import EVENTS, EVENTS_BY_CURSOR

_LOG: dict[str, Any] = {
    "query": queries.EVENTS,
    "media": {EVENT_STREAM: {"type": "string"}},
    "headers": ("Last-Event-ID",),
}
"""What every log takes and gives."""

_OF_STREAMS = ("bad_last_event_id", "too_many_streams")


class ExecutionEvents(Resource):
    """What happened in an execution."""

    produces = (JSON, EVENT_STREAM)
    shows_files = True
    is_embedded = True

    # A stream of one that has ended has no content, so that nobody comes again.
    @operation("listExecutionEvents", gives=EVENTS, also={204: Answer({})}, errors=_OF_STREAMS, **_LOG)
    def get(self, execution_id: str) -> Any:
        """The events of an execution, as JSON or as a stream.

        Those with a ``seq`` after ``?after=`` are told, oldest first; ``?wait=`` waits so many real seconds for
        one if there is none yet. Go on with ``last_seq``. Folding them all gives what getting the execution
        gives.

        With ``Accept: text/event-stream`` they are told as they happen, as server-sent events: ``id:`` is the
        ``seq``, ``event:`` the type, ``data:`` the event. ``Last-Event-ID`` goes on behind the last that the
        caller has. It ends after the event that ends the execution; whoever comes again then is told 204.
        """
        if wants_stream():
            viewer = current_viewer()
            return stream_from(
                lambda sandbox, after: streams.of_execution(sandbox, execution_id, after, viewer=viewer), read_query()
            )
        return events.execution_events(current_sandbox(), execution_id, **_query())


class WorkflowEvents(Resource):
    """What happened in all executions of a workflow, and to its document."""

    produces = (JSON, EVENT_STREAM)
    shows_files = True
    is_embedded = True
    # The last that is told of a workflow is that it was deleted.
    guards_itself = True

    @operation("listWorkflowEvents", gives=EVENTS_BY_CURSOR, errors=("events_forgotten", *_OF_STREAMS), **_LOG)
    def get(self, workflow_id: str) -> Any:
        """The events of a workflow and its executions, as JSON or as a stream.

        Those with a ``cursor`` after ``?after=`` are told, oldest first; ``?wait=`` waits so many real seconds
        for one if there is none yet. Go on with ``last_cursor``. Who asks for events that are kept no more is
        refused with 409 ``events_forgotten``.

        With ``Accept: text/event-stream`` they are told as they happen, as server-sent events: ``id:`` is the
        ``cursor``, ``event:`` the type, ``data:`` the event. ``Last-Event-ID`` goes on behind the last that the
        caller has. It ends when the workflow is deleted.
        """
        if wants_stream():
            viewer = current_viewer()
            return stream_from(
                lambda sandbox, after: streams.of_workflow(sandbox, workflow_id, after, viewer=viewer), read_query()
            )
        return events.workflow_events(current_sandbox(), workflow_id, **_query())


class Events(Resource):
    """What happened in the sandbox."""

    produces = (JSON, EVENT_STREAM)
    shows_files = True
    is_embedded = True

    @operation("listEvents", gives=EVENTS_BY_CURSOR, errors=("events_forgotten", *_OF_STREAMS), **_LOG)
    def get(self) -> Any:
        """All events of a sandbox, as JSON or as a stream.

        Those with a ``cursor`` after ``?after=`` are told, oldest first; ``?wait=`` waits so many real seconds
        for one if there is none yet. Go on with ``last_cursor``. Who asks for events that are kept no more is
        refused with 409 ``events_forgotten``.

        With ``Accept: text/event-stream`` they are told as they happen, as server-sent events: ``id:`` is the
        ``cursor``, ``event:`` the type, ``data:`` the event. ``Last-Event-ID`` goes on behind the last that the
        caller has. It ends with ``log.reset`` when the sandbox is set back.
        """
        if wants_stream():
            return stream_from(partial(streams.of_sandbox, viewer=current_viewer()), read_query())
        return events.sandbox_events(current_sandbox(), **_query())


def _query() -> dict[str, Any]:
    """Which events are wanted, for whom, and how long to wait for one: ``Prefer: wait=`` comes before ``?wait=``."""
    chosen: dict[str, Any] = {name: held for name, held in read_query().items() if name != "unnamed"}
    chosen["viewer"] = current_viewer()
    preferred = preferred_wait()
    if preferred is not None:
        chosen["wait"] = float(preferred)
        tell_applied([f"wait={preferred}"])
    return chosen
