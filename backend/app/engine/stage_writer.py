"""Writes stages as plain data; see `stage_state.py` for the shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..models.pool import Pool
from ..nodes.base import Json, Question, Result
from ..nodes.custom import to_json
from .machine import DEAD, OPEN, LoopBook, Machine
from .performance import Outcome, Task
from .plan import Plan
from .stage_state import (
    NEVER,
    NOT_YET,
    CallState,
    DraftState,
    Entry,
    LoopState,
    MachineState,
    OutcomeState,
    OutputsState,
    QuestionState,
    ResultState,
    SourceState,
    StageState,
    TaskState,
    parts_of,
)

if TYPE_CHECKING:
    from .simulated import Stage


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
        return NOT_YET
    return NEVER if value is DEAD else pool.put(value)


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
        None if outcome.inputs is None else pool.put_lists(outcome.inputs.by_port),
        None if outcome.config is None else pool.put(outcome.config),
        outcome.spare,
    )


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
        list(_ways_to(draft.shown, parts_of(result))),
    )


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
