"""How a flow gets on, over a WebSocket: its latest execution first, then each step of every execution."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, request

from ...errors import Conflict
from ...models.broken_stream import Step
from ...models.event import FINAL_EVENTS, NODE_EVENTS, Event, as_wire, fold, fold_one, status_after
from ...sandbox import Sandbox
from ...services import executions, streams
from ...services.events import LATEST
from ...services.streams import Place, Stream, open_stream
from ...web.identity import current_user
from ...web.sockets import check_handshake
from ...web.streams import OPENED, follow
from . import mapping
from .flows import Flows

Json = Any


def follow_flow(sandbox: Sandbox, flows: Flows, flow_id: int) -> Response:
    """Go on with this request as a WebSocket.

    :raises NotFound: if there is no such flow.
    :raises UpgradeRequired: if it is a plain request.
    :raises NotAllowed: ``foreign_origin``: a page of this origin may not call.
    """
    check_handshake()
    first: list[bytes] = []

    def find_place() -> Place:
        workflow = flows.find(flow_id)
        latest = executions.latest(sandbox, workflow)
        first[:] = [] if latest is None else [_written(mapping.told(latest.as_dict(logs=False), flow_id))]
        return streams.of_workflow(sandbox, workflow.id, LATEST)

    def carry_on(stream: Stream) -> Response:
        request.environ[OPENED] = Progress(stream, flow_id, b"".join(first))
        return Response(status=101)

    return follow(open_stream(sandbox, find_place, request.path, caller=current_user()), carry_on)


class Progress:
    """What one reader is told of a flow."""

    def __init__(self, stream: Stream, flow_id: int, first: bytes) -> None:
        """:param first: what is said of the latest execution, in JSON; nothing if there is none."""
        self.stream = stream
        self._flow_id = flow_id
        self._first = first
        self._states: dict[str, dict[str, Json]] = {}
        """By execution that is under way: how it was after the last event that was told."""

    def is_behind(self) -> bool:
        """Whether there may be something to say."""
        return self.stream.is_behind()

    def begin(self) -> bytes:
        """The latest execution, as it is when somebody begins to listen."""
        return self._first

    def take(self) -> list[Step]:
        """With the sandbox's lock taken: what to say next."""
        try:
            steps = self.stream.take()
        except Conflict:
            # The log forgot what comes next. Whoever comes again begins with how it is by then.
            return [Step(None, then="drop")]
        return [step._replace(item=self._news(step.item)) for step in steps]

    def encode(self, item: Any, known: dict[Any, bytes]) -> bytes:  # noqa: ARG002  Each reader has its own states.
        """A message as it is sent."""
        return _written(item)

    def handle(self, text: str | None) -> None:
        """Let a client say what it likes: nothing is asked of it here."""

    def _news(self, item: Any) -> Json:
        """What an event says here; nothing, if it says nothing of an execution or a node."""
        if not isinstance(item, Event) or item.execution is None:
            return None
        state = self._after(item)
        if item.type in FINAL_EVENTS:
            del self._states[item.execution.id]
        if item.type in NODE_EVENTS:
            return mapping.told(state, self._flow_id, _place(state, item))
        return None if status_after(item.type) is None else mapping.told(state, self._flow_id)

    def _after(self, event: Event) -> dict[str, Json]:
        """An execution as it was after one of its events."""
        execution = event.execution
        assert execution is not None
        state = self._states.get(execution.id)
        if state is None:
            state = self._states[execution.id] = fold([as_wire(one) for one in execution.events[: event.seq]])
        else:
            fold_one(state, as_wire(event))
        return state


def _place(state: dict[str, Json], event: Event) -> int:
    """Where among the nodes the one is that an event tells of."""
    return next(place for place, run in enumerate(state["nodes"]) if run["node_id"] == event.node_id)


def _written(message: Json) -> bytes:
    return orjson.dumps(message)
