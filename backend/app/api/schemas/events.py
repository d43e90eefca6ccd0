"""Events on the wire: one shape for each type, told apart by ``type``."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from ...models import event as kinds
from ...web.checks import Check, Checked, each, number, refer, whole
from ...web.schemas import Output, anything, described, made, string, there, time, whole_number
from .executions import (
    BRANCH,
    DURATION,
    INPUT,
    ITERATION,
    LEVEL,
    MADE_BY,
    NODE_ID,
    ORIGIN,
    OUTPUT,
    STATUS_REASON,
    Error,
    Execution,
    Progress,
    WaitingFor,
)

LEVELS = ("debug", "info", "warning", "error")
EVENT = Check(lambda _: None, refer("Event"))
"""Any event."""

_ATTEMPT = "Which attempt this is about, from 1."
_PROGRESS = "How much of the execution is done now."


class ExecutionChanged(Output):
    """That the status of the execution is another one."""

    reason = STATUS_REASON


class ExecutionResumed(ExecutionChanged):
    """That the execution goes on."""

    waiting_for = fields.List(
        fields.Nested(WaitingFor),
        metadata=described("What people are asked, after a pause; where it is not told, it did not change by this."),
    )


class ExecutionEnded(ExecutionChanged):
    """That the execution has ended."""

    progress = there(fields.Nested, Progress, about=_PROGRESS)


class ExecutionCompleted(ExecutionEnded):
    """What the execution gave."""

    output = there(
        fields.Dict, allow_none=True, about="What a `respond` node said, else what the last nodes gave, by node id."
    )


class ExecutionFailed(ExecutionEnded):
    """Why the execution failed."""

    error = there(fields.Nested, Error, about="What went wrong, and with which node.")


class _OfNode(Output):
    node_id = string(about=NODE_ID)
    iteration = anything(about=ITERATION)


class NodeStarted(_OfNode):
    """That an attempt of a node has begun, and what it was given."""

    attempt = whole_number(1, about=_ATTEMPT)
    origin = string(validate=validate.OneOf(ORIGIN), about=MADE_BY)
    input = there(fields.Dict, allow_none=True, about=INPUT)


class NodeProgress(_OfNode):
    """How far a node is."""

    progress = Checked(whole(0, 100), required=True, metadata=described("How far the attempt is, in percent."))


_TOOK = "Milliseconds from its start to its end, with all attempts and delays but without pauses."


class NodeCompleted(_OfNode):
    """What a node gave, by port."""

    attempt = whole_number(about="How many attempts it took.")
    output = there(fields.Dict, about=OUTPUT)
    branch = string(allow_none=True, about=BRANCH)
    duration_ms = Checked(
        number(least=0),
        required=True,
        metadata=described("Virtual milliseconds that its last attempt took, pauses left out."),
    )
    progress = Checked(whole(0, 100), required=True, metadata=described("How far it is, in percent: it is done."))
    execution_progress = there(fields.Nested, Progress, about=_PROGRESS)


class NodeFailed(_OfNode):
    """Why a node failed, and what leaves it all the same."""

    attempt = whole_number(about="How many attempts there were.")
    error = there(fields.Nested, Error, about="Why the last attempt failed.")
    output = there(
        fields.Dict, allow_none=True, about="What leaves all the same, by port, where `on_error` says so; else `null`."
    )
    duration_ms = Checked(number(least=0), required=True, allow_none=True, metadata=described(DURATION))
    execution_progress = there(fields.Nested, Progress, about=_PROGRESS)


class NodeRetrying(_OfNode):
    """Why an attempt failed, and when the next one begins."""

    attempt = whole_number(1, about="Which attempt failed, from 1.")
    error = there(fields.Nested, Error, about="Why the attempt failed.")
    delay_ms = Checked(
        number(least=0), required=True, metadata=described("Milliseconds until the next attempt begins.")
    )
    max_attempts = whole_number(1, about="How many attempts there are at most.")


class NodeWaiting(_OfNode):
    """What a person is asked."""

    request = there(fields.Nested, WaitingFor, about="The question, and what an answer must be.")


class NodeSkipped(_OfNode):
    """That a node will not run; of the end of an execution that is all there is to tell."""

    origin = fields.String(validate=validate.OneOf(ORIGIN), metadata=described(MADE_BY))
    execution_progress = fields.Nested(Progress, metadata=described(_PROGRESS))


class NodeStopped(_OfNode):
    """That a node was stopped at work."""

    duration_ms = Checked(number(least=0), required=True, allow_none=True, metadata=described(DURATION))


class ConnectionDelivered(Output):
    """How much went over a connection, and a piece of it."""

    connection_id = string(about="The id of the connection in the graph.")
    source = string(about="The id of the node that it comes from.")
    target = string(about="The id of the node that it goes to.")
    items = whole_number(about="How many items went over it: those of a list, else 1.")
    bytes = whole_number(about="How many bytes that is as JSON.")
    preview = anything(about="A piece of it that is small enough for a tooltip.")


class Log(_OfNode):
    """What a node has to say."""

    level = string(validate=validate.OneOf(LEVELS), about=LEVEL)
    message = string(about="What the line says.")


class WorkflowChanged(Output):
    """What became of the document of a workflow."""

    change = string(validate=validate.OneOf(kinds.CHANGES), about="What was done to it.")
    revision = whole_number(1, about="The revision that it has now; the last one if it was deleted.")
    name = string(about="What it is called now.")
    updated_at = time(about="When its document last changed.")


DATA: dict[str, type[Output]] = {
    kinds.ExecutionCreated: Execution,
    kinds.ExecutionStarted: ExecutionChanged,
    kinds.ExecutionPaused: ExecutionChanged,
    kinds.ExecutionResumed: ExecutionResumed,
    kinds.ExecutionWaiting: ExecutionChanged,
    kinds.ExecutionCompleted: ExecutionCompleted,
    kinds.ExecutionFailed: ExecutionFailed,
    kinds.ExecutionStopped: ExecutionEnded,
    kinds.NodeStarted: NodeStarted,
    kinds.NodeProgressed: NodeProgress,
    kinds.NodeCompleted: NodeCompleted,
    kinds.NodeFailed: NodeFailed,
    kinds.NodeRetrying: NodeRetrying,
    kinds.NodeWaiting: NodeWaiting,
    kinds.NodeSkipped: NodeSkipped,
    kinds.NodeStopped: NodeStopped,
    kinds.ConnectionDelivered: ConnectionDelivered,
    kinds.LogWritten: Log,
    kinds.WorkflowChanged: WorkflowChanged,
}
"""By type: what an event has to tell."""

_ABOUT: dict[str, str] = {
    kinds.ExecutionCreated: "An execution was created, and is `pending`.",
    kinds.ExecutionStarted: "An execution has begun.",
    kinds.ExecutionPaused: "An execution was paused: its time stands still.",
    kinds.ExecutionResumed: "An execution goes on, after a pause or after the last question was answered.",
    kinds.ExecutionWaiting: "Nothing goes on in an execution before a person answers.",
    kinds.ExecutionCompleted: "An execution has ended well; nothing comes after it.",
    kinds.ExecutionFailed: "An execution has failed; nothing comes after it.",
    kinds.ExecutionStopped: "An execution was stopped; nothing comes after it.",
    kinds.NodeStarted: "An attempt of a node has begun.",
    kinds.NodeProgressed: "A node that takes long came further.",
    kinds.NodeCompleted: "A node has ended well.",
    kinds.NodeFailed: "The last attempt of a node has failed.",
    kinds.NodeRetrying: "An attempt of a node has failed, and another one comes.",
    kinds.NodeWaiting: "A node has asked a person.",
    kinds.NodeSkipped: "A node will not run: no branch led to it, it was pinned so, or the execution has ended.",
    kinds.NodeStopped: "A node was at work when its execution ended.",
    kinds.ConnectionDelivered: "Something went over a connection.",
    kinds.LogWritten: "A node wrote a line into its log.",
    kinds.WorkflowChanged: "A workflow was created, changed or deleted.",
}
"""By type: what has happened."""


def _event(kind: str, data: type[Output]) -> Schema:
    """The schema of the events of one type."""
    # What became of a workflow is the only thing that no execution did.
    is_of_execution = kind != kinds.WorkflowChanged
    members = {
        "seq": whole_number(1, about=_SEQ) if is_of_execution else whole_number(1, allow_none=True, about=_NONE),
        "cursor": whole_number(1, about="Counts the events of the sandbox from 1."),
        "type": string(validate=validate.Equal(kind), about="What kind of event this is."),
        "execution_id": string(about=_EXECUTION) if is_of_execution else string(allow_none=True, about=_NONE),
        "workflow_id": string(about="The id of the workflow that was executed or changed."),
        "at": time(about="When it happened, in virtual time."),
        "data": there(fields.Nested, data, about="What there is to tell beside that."),
    }
    name = "".join(word.capitalize() for word in kind.split("."))
    return made(f"{name}Event", _ABOUT[kind], members)


_SEQ = "Counts the events of the execution from 1, without a gap."
_EXECUTION = "The id of the execution in which it happened."
_NONE = "Always `null`: it happened in no execution."


def event_schemas() -> dict[str, Schema]:
    """By type: the schema of the whole event."""
    return {kind: _event(kind, data) for kind, data in DATA.items()}


_EVENTS = Checked(each(EVENT), required=True, metadata=described("The events, oldest first."))
_LAST_SEQ = whole_number(about="How far was looked: go on with it as `after`, and nothing is missed.")
EVENTS = made("EventPage", "Events of an execution.", {"items": _EVENTS, "last_seq": _LAST_SEQ})
EVENTS_BY_CURSOR = made(
    "EventPageByCursor", "Events of a workflow or of the sandbox.", {"items": _EVENTS, "last_cursor": _LAST_SEQ}
)
