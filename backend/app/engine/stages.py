"""Stages as plain data: what an execution under way needs to go on, and nothing that can be worked out again.

Values lie in a pool and are known by their places. The plan is made again from what it was made of, and the calendar
by scheduling each stage, so that neither is written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from ..models.execution import Execution
from ..models.pool import Pool
from ..nodes.base import Call, Inputs, Json, Question, Result
from ..nodes.custom import from_json, to_json
from ..nodes.registry import Registry
from ..nodes.schemas import check_schema
from .machine import DEAD, OPEN, LoopBook, Machine
from .performance import Done, Outcome, Performer, Task
from .plan import Plan, Source, Step
from .planning import make_plan

if TYPE_CHECKING:
    from .simulated import Stage

MOST = 1 << 62
"""No number that counts something is larger."""

Whole = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
Place = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
"""The place of a value in the pool, or the index of a step or a link."""
Held = Annotated[int, msgspec.Meta(ge=-2, le=MOST)]
"""What a link holds: the place of a value, -1 if nothing has come, -2 if nothing ever will."""
Offset = Annotated[int, msgspec.Meta(ge=-MOST, le=MOST)]
Ports = dict[str, list[Place]]

_OPEN, _DEAD = -1, -2


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
    left: Whole
    closed: bool
    place: Annotated[int, msgspec.Meta(ge=-1, le=MOST)]
    results: list[tuple[Place, Place]]
    exits: list[tuple[Place, Held]]
    gathered: list[Place]


class MachineState(State):
    """Where the machine stands."""

    values: list[Held]
    undecided: list[Whole]
    alive: list[bool]
    loops: list[LoopState]
    ready: list[Place]
    busy: Whole
    asking: Whole
    left: Whole
    steps_taken: Whole
    response: Place
    has_response: bool
    thought: Offset
    carried: Whole
    zero: Offset


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
    duration_ms: Whole | None
    question: QuestionState | None
    call: CallState | None
    batches: list[Place] | None
    response: Place
    responds: bool


class DraftState(State):
    """A file that a node wrote."""

    name: str
    size: Whole
    content_type: Annotated[str, msgspec.Meta(pattern=r"^[^\r\n\0]*\Z")]
    kind: str
    sha256: str
    width: Whole | None
    height: Whole | None
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
    at: Whole
    given: dict[str, Place]
    steps: Whole | None
    outcome: OutcomeState | None


class Entry(State, array_like=True):
    """A fact of the future."""

    due: Offset
    counter: Whole
    fact: Literal["finish", "progress", "time_out", "retry"]
    node: Place
    token: Whole
    extra: tuple[Whole, Whole, Annotated[int, msgspec.Meta(ge=1, le=100)]] | None


class StageState(State):
    """An execution under way."""

    source: SourceState
    machine: MachineState
    agenda: list[Entry]
    counter: Whole
    tokens: list[Whole]
    children: list[tuple[str, Place]]
    outcomes: list[OutputsState | OutcomeState | TaskState]


# --- writing -----------------------------------------------------------------------------------------------------


def write_stage(stage: Stage, pool: Pool) -> StageState:
    """A stage as plain data; its values go to the pool."""
    return StageState(
        source=_write_source(stage.machine.plan),
        machine=_write_machine(stage.machine, pool),
        agenda=[_write_entry(*entry) for entry in sorted(stage.agenda, key=lambda entry: entry[:2])],
        counter=stage.counter,
        tokens=list(stage.tokens),
        children=list(stage.children.items()),
        outcomes=[_write_any_outcome(node, held, pool) for node, held in sorted(stage.outcomes.items())],
    )


def _write_source(plan: Plan) -> SourceState:
    source = plan.source
    assert source is not None
    return SourceState(
        source.nodes,
        source.connections,
        source.variables,
        source.start_node,
        source.stop_node,
        source.mocks,
        [to_json(kind) for kind in source.custom.values()],
    )


def _write_machine(machine: Machine, pool: Pool) -> MachineState:
    return MachineState(
        values=[_write_held(value, pool) for value in machine.values],
        undecided=list(machine.undecided),
        alive=list(machine.alive),
        loops=[_write_loop(loop, book, pool) for loop, book in machine.loops.items()],
        ready=list(machine._ready),
        busy=machine.busy,
        asking=machine.asking,
        left=machine.left,
        steps_taken=machine.steps_taken,
        response=pool.put(machine.response),
        has_response=machine.has_response,
        thought=machine.thought,
        carried=machine.load.carried,
        zero=machine.zero,
    )


def _write_held(value: Any, pool: Pool) -> int:
    if value is OPEN:
        return _OPEN
    return _DEAD if value is DEAD else pool.put(value)


def _write_loop(loop: int, book: LoopBook, pool: Pool) -> LoopState:
    return LoopState(
        loop,
        [pool.put(batch) for batch in book.batches],
        book.left,
        book.closed,
        book.place,
        [(number, pool.put(value)) for number, value in book.results.items()],
        [(number, _write_held(value, pool)) for number, value in book.exits.items()],
        [pool.put(value) for value in book.gathered],
    )


def _write_entry(due: int, counter: int, fact: Callable[..., Any], node: int, token: int, extra: Any) -> Entry:
    return Entry(due, counter, fact.__name__.lstrip("_"), node, token, extra)  # type: ignore[arg-type]


def _write_any_outcome(
    node: int, held: Outcome | dict[str, Json] | Task, pool: Pool
) -> OutputsState | OutcomeState | TaskState:
    if isinstance(held, dict):
        return OutputsState(node, pool.put_each(held))
    if isinstance(held, Outcome):
        return _write_outcome(node, held, pool)
    given = {name: pool.put(seen["json"]) for name, seen in held.given.items()}
    found = _write_outcome(node, held.work.result(), pool) if held.work.done() else None
    return TaskState(node, held.at, given, held.steps, found)


def _write_outcome(node: int, outcome: Outcome, pool: Pool) -> OutcomeState:
    return OutcomeState(
        node,
        _write_result(outcome.result, pool),
        None if outcome.failure is None else pool.put(outcome.failure),
        list(outcome.logs),
        [_write_draft(draft, outcome.result, pool) for draft in outcome.drafts],
        None if outcome.inputs is None else write_ports(outcome.inputs, pool),
        None if outcome.config is None else pool.put(outcome.config),
        outcome.spare,
    )


def write_ports(inputs: Any, pool: Pool) -> Ports:
    """What arrived at a node, by port."""
    put = pool.put
    return {port: [put(value) for value in values] for port, values in inputs.by_port.items()}


def _write_result(result: Result, pool: Pool) -> ResultState:
    question, call = result.question, result.call
    return ResultState(
        outputs=pool.put_each(result.outputs),
        branch=result.branch,
        duration_ms=result.duration_ms,
        question=None if question is None else _write_question(question),
        call=None if call is None else CallState(call.workflow_id, pool.put(call.input)),
        batches=None if result.batches is None else [pool.put(batch) for batch in result.batches],
        response=pool.put(result.response),
        responds=result.responds,
    )


def _write_question(question: Question) -> QuestionState:
    return QuestionState(question.prompt, question.schema, list[dict[str, Any]](question.options))


def _write_draft(draft: Any, result: Result, pool: Pool) -> DraftState:
    found = draft.description
    return DraftState(
        found.name,
        found.size,
        found.content_type,
        found.kind,
        found.sha256,
        found.width,
        found.height,
        found.metadata,
        draft.content,
        pool.put(draft.shown),
        list(_ways_to(draft.shown, _parts_of(result))),
    )


def _parts_of(result: Result) -> dict[str, Json]:
    """The parts of a result in which a file may be shown."""
    return {"outputs": result.outputs, "batches": result.batches, "response": result.response}


def _ways_to(wanted: Json, value: Json) -> list[list[str | int]]:
    """The ways from a value down to a very object."""
    found, rooms = [], [(value, list[str | int]())]
    while rooms:
        room, way = rooms.pop()
        if room is wanted:
            found.append(way)
        elif isinstance(room, dict):
            rooms += [(inner, [*way, name]) for name, inner in room.items()]
        elif isinstance(room, list | tuple):
            rooms += [(inner, [*way, place]) for place, inner in enumerate(room)]
    return sorted(found, key=repr)


# --- reading -----------------------------------------------------------------------------------------------------


class Restorer:
    """Puts executions on stages again. Whatever does not fit together is a `ValueError`, or an error of its own."""

    def __init__(
        self,
        facts: dict[str, Callable[..., Any]],
        build: Callable[[Execution, Plan], Stage],
        performer: Performer,
        schedule: Callable[[Stage], None],
    ) -> None:
        """:param facts: what lies on agendas, by the words by which it is written.
        :param build: makes the stage of an execution.
        :param schedule: puts a stage into the calendar.
        """
        self._facts = facts
        self._build = build
        self._performer = performer
        self._schedule = schedule
        self._plans: dict[bytes, Plan] = {}

    def restore(self, execution: Execution, state: StageState | None, pool: Pool) -> None:
        """Put an execution on its stage, if it is under way.

        :raises ValueError: if the parts do not fit together.
        """
        _must((state is None) == execution.is_final, "an execution has a stage until it has ended, and none afterwards")
        if state is None:
            return
        plan = self._plan(state.source)
        _check_execution(execution, plan)
        _check_stage(state, plan)
        stage = self._build(execution, plan)
        _read_machine(stage.machine, state.machine, pool)
        stage.counter, stage.tokens = state.counter, list(state.tokens)
        stage.children = dict(state.children)
        stage.agenda = sorted(self._read_entry(entry) for entry in state.agenda)
        for held in state.outcomes:
            stage.outcomes[held.node] = self._read_any_outcome(stage, held, pool)
        _check_agenda(stage)
        _check_loops(stage)
        self._schedule(stage)

    def _plan(self, source: SourceState) -> Plan:
        """The plan of a source; most executions of one workflow share theirs."""
        key = msgspec.json.encode(source)
        if key not in self._plans:
            self._plans[key] = _read_plan(source)
        return self._plans[key]

    def _read_entry(self, entry: Entry) -> tuple[int, int, Callable[..., Any], int, int, Any]:
        return (entry.due, entry.counter, self._facts[entry.fact], entry.node, entry.token, entry.extra)

    def _read_any_outcome(
        self, stage: Stage, held: OutputsState | OutcomeState | TaskState, pool: Pool
    ) -> Outcome | dict[str, Json] | Task:
        step = stage.machine.plan.steps[held.node]
        if isinstance(held, OutputsState):
            return pool.get_each(held.outputs)
        if isinstance(held, OutcomeState):
            return _read_outcome(held, step, pool)
        given = {name: {"json": pool.get(place)} for name, place in held.given.items()}
        if held.outcome is not None:
            return Task(Done(_read_outcome(held.outcome, step, pool)), held.at, given, held.steps)
        return self._performer.again(stage.chance, stage.machine, step, held.at, given, held.steps)


def _read_plan(state: SourceState) -> Plan:
    kinds = [from_json(document) for document in state.node_types]
    plan = make_plan(
        state.nodes,
        state.connections,
        Registry(kinds).get,
        start_node=state.start_node,
        stop_node=state.stop_node,
        mocks=state.mocks,
        variables=state.variables,
    )
    assert isinstance(plan.source, Source)
    _must(len(plan.source.custom) == len(kinds), "the node types of a plan are those of its nodes")
    return plan


def _check_execution(execution: Execution, plan: Plan) -> None:
    steps = [(step.id, step.type) for step in plan.steps]
    _must([(run.node_id, run.node_type) for run in execution.nodes] == steps, "the nodes are not those of the graph")
    lines = [(flow.connection_id, flow.source, flow.target) for flow in execution.flows]
    _must(lines == plan.connections, "the flows are not those of the graph")
    _must((execution.status == "paused") == (execution.paused_at is not None), "who is paused is so since a moment")


def _check_stage(state: StageState, plan: Plan) -> None:
    steps, links, machine = len(plan.steps), len(plan.links), state.machine
    _must(len(state.tokens) == len(machine.undecided) == len(machine.alive) == steps, "there is a number for each node")
    _must(len(machine.values) == links, "there is a value for each link")
    nodes = [*machine.ready, *(entry.node for entry in state.agenda), *(held.node for held in state.outcomes)]
    nodes += [loop.loop for loop in machine.loops] + [node for _, node in state.children]
    _must(all(node < steps for node in nodes), "there is no such node")
    numbers = [number for loop in machine.loops for number, _ in [*loop.results, *loop.exits]]
    _must(all(number < links for number in numbers), "there is no such link")
    _must(all(loop.place < len(loop.batches) for loop in machine.loops), "a loop is past its last batch")
    parts = all((entry.extra is not None) == (entry.fact == "progress") for entry in state.agenda)
    _must(parts, "progress comes in parts, and nothing else does")
    counters = [entry.counter for entry in state.agenda]
    _must(len(set(counters)) == len(counters), "two facts bear the same number")
    _must(max(counters, default=0) <= state.counter, "a fact bears a number that was not given yet")


def _check_agenda(stage: Stage) -> None:
    """What is to end must have an outcome, and who waits a question: nobody could go on without."""
    ending = {
        node
        for _, _, fact, node, token, _ in stage.agenda
        if token == stage.tokens[node] and fact.__name__ in ("_finish", "_progress")
    }
    _must(ending <= stage.outcomes.keys(), "a node is to end, and nobody knows how")
    for node, run in enumerate(stage.execution.nodes):
        if run.status == "waiting" and node not in ending:
            outcome = stage.outcomes.get(node)
            asks = isinstance(outcome, Outcome) and outcome.result.question and outcome.inputs is not None
            _must(bool(asks), "a node waits, and nobody knows for what")


def _check_loops(stage: Stage) -> None:
    """A loop node that has begun to hand out items, or that never will any more, has its book."""
    machine = stage.machine
    for step, run in zip(machine.plan.steps, stage.execution.nodes, strict=True):
        if step.own_body and not machine.undecided[step.index]:
            at_work = run.status == "running" and step.index not in stage.outcomes
            if at_work or run.status in ("completed", "failed", "skipped"):
                _must(step.index in machine.loops, f"nothing is noted about the loop '{step.id}'")


def _read_machine(machine: Machine, state: MachineState, pool: Pool) -> None:
    machine.values = [_read_held(held, pool) for held in state.values]
    machine.undecided = list(state.undecided)
    machine.alive = list(state.alive)
    machine.loops = {loop.loop: _read_loop(loop, pool) for loop in state.loops}
    machine._ready.extend(state.ready)
    machine.response = pool.get(state.response)
    machine.load.carried = state.carried
    for name in ("busy", "asking", "left", "steps_taken", "has_response", "thought", "zero"):
        setattr(machine, name, getattr(state, name))


def _read_held(held: int, pool: Pool) -> Any:
    if held == _OPEN:
        return OPEN
    return DEAD if held == _DEAD else pool.get(held)


def _read_loop(state: LoopState, pool: Pool) -> LoopBook:
    book = LoopBook([pool.get(place) for place in state.batches], state.left, closed=state.closed)
    book.place = state.place
    book.results = {number: pool.get(place) for number, place in state.results}
    book.exits = {number: _read_held(held, pool) for number, held in state.exits}
    book.gathered = [pool.get(place) for place in state.gathered]
    return book


def _read_outcome(state: OutcomeState, step: Step, pool: Pool) -> Outcome:
    result = _read_result(state.result, pool)
    config = None if state.config is None else pool.get(state.config)
    _must(config is None or isinstance(config, dict), f"the configuration of '{step.id}' is no object")
    _must(not result.question or config is not None, f"'{step.id}' asks without a configuration")
    return Outcome(
        result,
        failure=None if state.failure is None else read_error(pool.get(state.failure)),
        logs=state.logs,
        drafts=[_read_draft(draft, result, pool) for draft in state.drafts],
        inputs=None if state.inputs is None else read_ports(state.inputs, pool),
        config=config,
        spare=state.spare,
    )


def read_ports(ports: Ports, pool: Pool) -> Inputs:
    """What arrived at a node.

    :raises ValueError: if nothing arrived at a port that is named.
    """
    _must(all(ports.values()), "nothing arrived at a port")
    get = pool.get
    return Inputs({port: [get(place) for place in places] for port, places in ports.items()})


def read_error(error: Json) -> dict[str, Json]:
    """An error, which has at least a message.

    :raises ValueError: if it has not.
    """
    _must(isinstance(error, dict) and "message" in error, "an error is an object with a message")
    return error  # type: ignore[no-any-return]


def _read_result(state: ResultState, pool: Pool) -> Result:
    asked, call = state.question, state.call
    _must(asked is None or not check_schema(asked.schema), "the schema of a question is none")
    return Result(
        outputs=pool.get_each(state.outputs),
        branch=state.branch,
        duration_ms=state.duration_ms,
        question=None if asked is None else Question(asked.prompt, asked.schema, asked.options),
        call=None if call is None else Call(call.workflow_id, pool.get(call.input)),
        batches=None if state.batches is None else [pool.get(place) for place in state.batches],
        response=pool.get(state.response),
        responds=state.responds,
    )


def _read_draft(state: DraftState, result: Result, pool: Pool) -> Any:
    from ..media.describe import Description
    from .fakes import Draft

    shown = pool.get(state.shown)
    _must(isinstance(shown, dict), "a file is shown as an object")
    for way in state.ways:
        _put_at(way, shown, result)
    names = ("name", "size", "content_type", "kind", "sha256", "width", "height", "metadata")
    return Draft(Description(**{name: getattr(state, name) for name in names}), state.content, shown)


def _put_at(way: list[str | int], shown: Json, result: Result) -> None:
    """Put the very object that will be completed where it was shown."""
    if way == ["response"]:
        result.response = shown
        return
    _must(len(way) > 1, "a file is shown in a part of the result")
    room: Any = _parts_of(result)
    for step in way[:-1]:
        room = room[step]
    _must(isinstance(room[way[-1]], dict), "a file is shown as an object")
    room[way[-1]] = shown


def _must(fits: bool, message: str) -> None:
    if not fits:
        raise ValueError(message)
