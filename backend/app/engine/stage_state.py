"""A stage as plain data: what an execution under way needs to go on, and nothing that can be worked out again.

Values lie in a pool and are known by their places. The plan is made again from what it was made of, and the calendar
by scheduling each stage, so that neither is written.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from ..models.written import Count, Due, Moment, Offset, Place, Ports
from ..nodes.base import Json, Result

Held = Annotated[int, msgspec.Meta(ge=-2, le=2**53)]
"""What a link holds: the place of a value, -1 if nothing has come, -2 if nothing ever will."""

NOT_YET, NEVER = -1, -2


class State(msgspec.Struct, forbid_unknown_fields=True):
    """A piece of a stage."""


class SourceState(State):
    """What a plan is made of."""

    nodes: list[dict[str, Any]]
    connections: list[dict[str, Any]]
    variables: Any
    start_node: str | None
    stop_node: str | None
    mocks: dict[str, Any]
    node_types: list[Any]
    """The documents of the user's own types as they were then."""


class LoopState(State):
    """What is noted about a loop that runs."""

    loop: Place
    batches: list[Place]
    left: Count
    closed: bool
    place: Annotated[int, msgspec.Meta(ge=-1, le=2**53)]
    results: list[tuple[Place, Place]]
    exits: list[tuple[Place, Held]]
    gathered: list[Place]


class MachineState(State):
    """Where the machine stands."""

    values: list[Held]
    undecided: list[Count]
    alive: list[bool]
    loops: list[LoopState]
    ready: list[Place]
    busy: Count
    asking: Count
    left: Count
    steps_taken: Count
    response: Place
    has_response: bool
    thought: Offset
    carried: Count
    zero: Moment


class QuestionState(State):
    """What a node asks a person."""

    prompt: str
    schema: dict[str, Any]
    options: list[dict[str, Any]]


class CallState(State):
    """A call of another workflow."""

    workflow_id: str
    input: Place


class ResultState(State):
    """What a node said."""

    outputs: dict[str, Place]
    branch: str | None
    duration_ms: Count | None
    question: QuestionState | None
    call: CallState | None
    batches: list[Place] | None
    response: Place
    responds: bool


class DraftState(State):
    """A file that a node wrote."""

    name: str
    size: Count
    content_type: Annotated[str, msgspec.Meta(pattern=r"^[^\r\n\0]*\Z")]
    kind: str
    sha256: str
    width: Count | None
    height: Count | None
    metadata: dict[str, Any]
    content: bytes
    shown: Place
    ways: list[list[str | int]]
    """How one gets from the result to each place where the file is shown: it is completed there when it is kept."""


class OutputsState(State, tag_field="kind", tag="outputs"):
    """An attempt that ends well and has nothing else to say."""

    node: Place
    outputs: dict[str, Place]


class OutcomeState(State, tag_field="kind", tag="outcome"):
    """How an attempt will end."""

    node: Place
    result: ResultState
    failure: Place | None
    logs: list[dict[str, Any]]
    drafts: list[DraftState]
    inputs: Ports | None
    config: Place | None
    spare: Offset


class TaskState(State, tag_field="kind", tag="task"):
    """Work that finds out how an attempt will end: what it found, or what is needed to begin it anew."""

    node: Place
    at: Moment
    given: dict[str, Place]
    steps: Count | None
    outcome: OutcomeState | None


class Entry(State, array_like=True):
    """A fact of the future."""

    due: Due
    counter: Count
    fact: Literal["finish", "progress", "time_out", "retry"]
    node: Place
    token: Count
    extra: tuple[Count, Count, Annotated[int, msgspec.Meta(ge=1, le=100)]] | None


class StageState(State):
    """An execution under way."""

    source: SourceState
    machine: MachineState
    agenda: list[Entry]
    counter: Count
    tokens: list[Count]
    children: list[tuple[str, Place]]
    outcomes: list[OutputsState | OutcomeState | TaskState]


def parts_of(result: Result) -> dict[str, Json]:
    """The parts of a result in which a file may be shown."""
    return {"outputs": result.outputs, "batches": result.batches, "response": result.response}
