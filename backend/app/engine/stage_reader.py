"""Puts executions on stages again, from plain data that a stranger may have written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from ..models.execution import Execution
from ..models.pool import Pool
from ..models.written import must
from ..nodes.base import Call, Inputs, Json, Question, Result
from ..nodes.custom import from_json
from ..nodes.registry import Registry
from ..nodes.schemas import check_schema
from .machine import DEAD, OPEN, LoopBook, Machine
from .performance import Done, Outcome, Performer, Task
from .plan import Plan, Source, Step
from .planning import make_plan
from .stage_state import (
    NEVER,
    NOT_YET,
    DraftState,
    Entry,
    LoopState,
    MachineState,
    OutcomeState,
    OutputsState,
    ResultState,
    SourceState,
    StageState,
    TaskState,
    parts_of,
)

if TYPE_CHECKING:
    from .simulated import Stage


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
        must((state is None) == execution.is_final, "an execution has a stage until it has ended, and none afterwards")
        if state is None:
            return
        plan = self._plan(state.source)
        _check_execution(execution, plan)
        _check_time(execution, state.machine.zero)
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
    must(len(plan.source.custom) == len(kinds), "the node types of a plan are those of its nodes")
    return plan


def _check_execution(execution: Execution, plan: Plan) -> None:
    steps = [(step.id, step.type) for step in plan.steps]
    must([(run.node_id, run.node_type) for run in execution.nodes] == steps, "the nodes are not those of the graph")
    lines = [(flow.connection_id, flow.source, flow.target) for flow in execution.flows]
    must(lines == plan.connections, "the flows are not those of the graph")
    must((execution.status == "paused") == (execution.paused_at is not None), "who is paused is so since a moment")


def _check_time(execution: Execution, zero: int) -> None:
    """Execution time is counted from the start, and stands still in a pause."""
    start = execution.started_at
    must(zero == (0 if start is None else start + execution.paused_for), "execution time does not begin at the start")


def _check_stage(state: StageState, plan: Plan) -> None:
    steps, links, machine = len(plan.steps), len(plan.links), state.machine
    must(len(state.tokens) == len(machine.undecided) == len(machine.alive) == steps, "there is a number for each node")
    must(len(machine.values) == links, "there is a value for each link")
    nodes = [*machine.ready, *(entry.node for entry in state.agenda), *(held.node for held in state.outcomes)]
    nodes += [loop.loop for loop in machine.loops] + [node for _, node in state.children]
    must(all(node < steps for node in nodes), "there is no such node")
    numbers = [number for loop in machine.loops for number, _ in [*loop.results, *loop.exits]]
    must(all(number < links for number in numbers), "there is no such link")
    must(all(loop.place < len(loop.batches) for loop in machine.loops), "a loop is past its last batch")
    parts = all((entry.extra is not None) == (entry.fact == "progress") for entry in state.agenda)
    must(parts, "progress comes in parts, and nothing else does")
    counters = [entry.counter for entry in state.agenda]
    must(len(set(counters)) == len(counters), "two facts bear the same number")
    must(max(counters, default=0) <= state.counter, "a fact bears a number that was not given yet")


def _check_agenda(stage: Stage) -> None:
    """What is to end must have an outcome, and who waits a question: nobody could go on without."""
    ending = {
        node
        for _, _, fact, node, token, _ in stage.agenda
        if token == stage.tokens[node] and fact.__name__ in ("_finish", "_progress")
    }
    must(ending <= stage.outcomes.keys(), "a node is to end, and nobody knows how")
    for node, run in enumerate(stage.execution.nodes):
        if run.status == "waiting" and node not in ending:
            outcome = stage.outcomes.get(node)
            asks = isinstance(outcome, Outcome) and outcome.result.question and outcome.inputs is not None
            must(bool(asks), "a node waits, and nobody knows for what")


def _check_loops(stage: Stage) -> None:
    """A loop node that has begun to hand out items, or that never will any more, has its book."""
    machine = stage.machine
    for step, run in zip(machine.plan.steps, stage.execution.nodes, strict=True):
        if step.own_body and not machine.undecided[step.index]:
            at_work = run.status == "running" and step.index not in stage.outcomes
            if at_work or run.status in ("completed", "failed", "skipped"):
                must(step.index in machine.loops, f"nothing is noted about the loop '{step.id}'")


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
    if held == NOT_YET:
        return OPEN
    return DEAD if held == NEVER else pool.get(held)


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
    must(config is None or isinstance(config, dict), f"the configuration of '{step.id}' is no object")
    must(not result.question or config is not None, f"'{step.id}' asks without a configuration")
    return Outcome(
        result,
        failure=pool.get_error(state.failure),
        logs=state.logs,
        drafts=[_read_draft(draft, result, pool) for draft in state.drafts],
        inputs=None if state.inputs is None else Inputs(pool.get_lists(state.inputs)),
        config=config,
        spare=state.spare,
    )


def _read_result(state: ResultState, pool: Pool) -> Result:
    asked, call = state.question, state.call
    must(asked is None or not check_schema(asked.schema), "the schema of a question is none")
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
    must(isinstance(shown, dict), "a file is shown as an object")
    for way in state.ways:
        _put_at(way, shown, result)
    names = ("name", "size", "content_type", "kind", "sha256", "width", "height", "metadata")
    return Draft(Description(**{name: getattr(state, name) for name in names}), state.content, shown)


def _put_at(way: list[str | int], shown: Json, result: Result) -> None:
    """Put the very object that will be completed where it was shown."""
    if way == ["response"]:
        result.response = shown
        return
    must(len(way) > 1, "a file is shown in a part of the result")
    room: Any = parts_of(result)
    for step in way[:-1]:
        room = room[step]
    must(isinstance(room[way[-1]], dict), "a file is shown as an object")
    room[way[-1]] = shown
