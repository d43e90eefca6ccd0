"""What a node does in the simulation: its outcome, and how long it takes, worked out at the moment it starts."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson

from ..config import Limits
from ..errors import NodeFailure
from ..models.execution import Execution
from ..models.fault import Faults
from ..models.file import File
from ..moments import iso
from ..nodes.base import Inputs, Json, Result
from ..nodes.budget import HASTY_STEPS, MAX_STEPS, Budget, NeedsTimeError
from ..nodes.expressions import has_templates, node_scope, resolve
from ..nodes.weight import Scale
from ..world import Chance
from .base import Records, Submit, Work
from .commands import StartNode
from .machine import Machine, main_output
from .plan import LONGEST_MS, Step

if TYPE_CHECKING:
    from .fakes import SimulatedEffects

log = logging.getLogger(__name__)


BAD_LUCK, WORST = 25, 0.5
"""Where nodes fail by chance, they do so this many times as often as their types say, but at most every second time.

The rates are those of good services: as they stand, nobody who runs a workflow three times would see one fail.
"""

Outputs = dict[str, Json]
"""By port: the outcome of an attempt that ends well with nothing else to say."""


@dataclass(slots=True)
class Outcome:
    """How an attempt of a node will end."""

    result: Result
    failure: dict[str, Json] | None = None
    logs: Sequence[dict[str, Json]] = ()
    drafts: Sequence[Any] = ()
    """Files that the node wrote; they come to be when it completes."""
    inputs: Inputs | None = None
    config: dict[str, Json] | None = None
    spare: int = 0
    """Steps of expressions that were kept for it, and not taken."""


@dataclass(slots=True)
class Task:
    """Work that finds out an outcome, with what is needed to begin it anew."""

    work: Work
    at: int
    """The moment at which the node started."""
    given: dict[str, Json]
    """What its expressions see as ``$node``: what the nodes had given when it started."""
    steps: int | None = None
    """Steps of expressions that are kept for it; ``None`` where it does not count on them."""


@dataclass(slots=True)
class Done:
    """Work that has ended."""

    outcome: Outcome

    def done(self) -> bool:
        """It has."""
        return True

    def cancel(self) -> bool:
        """It is too late for that."""
        return False

    def result(self, timeout: float | None = None) -> Outcome:  # noqa: ARG002
        """The outcome that was found."""
        return self.outcome


FindFile = Callable[[str], File | None]
Run = Callable[[Budget, FindFile], Outcome]
"""Runs a node as far as a budget goes, with the files that it can read."""


class Performer:
    """Runs node functions with made-up effects and chance of their own."""

    def __init__(self, store: Records, submit: Submit, faults: Faults, limits: Limits) -> None:
        self.failures = False
        """Whether nodes also fail by chance, see `BAD_LUCK`."""
        self._store = store
        self._faults = faults
        self._submit = submit
        self._most = limits.max_output_bytes
        self._max_expression_steps = limits.max_expression_steps

    def perform(
        self, chance: Chance, machine: Machine, step: Step, command: StartNode, at: int
    ) -> tuple[Outcome | Outputs | Task, int]:
        """What this attempt will come to (or the task that finds out), and its duration in milliseconds.

        :param chance: that of the execution.
        """
        key = (step.id, machine.execution.nodes[step.index].iteration, command.attempt)
        fault = self._faults.for_node(step.type, step.id, command.attempt)
        if fault is None:
            return self._perform(chance, machine, step, command, key, at)
        if fault.error is None:
            outcome, duration = self._perform(chance, machine, step, command, key, at)
        else:
            outcome, duration = Outcome(Result(), failure=fault.error), self._duration_ms(chance, step, key)
        return outcome, duration if fault.duration_ms is None else min(fault.duration_ms, LONGEST_MS)

    def _perform(
        self,
        chance: Chance,
        machine: Machine,
        step: Step,
        command: StartNode,
        key: tuple[object, ...],
        at: int,
    ) -> tuple[Outcome | Outputs | Task, int]:
        if step.mock:
            return self._perform_mock(chance, step, command, key)
        duration = self._duration_ms(chance, step, key)
        if self.failures and self._fails(chance, step, key):
            return Outcome(Result(), failure=self._draw_error(chance, step, key)), duration
        if step.pure:
            outcome = run_pure(step, command.inputs)
            wanted = outcome.result.duration_ms if isinstance(outcome, Outcome) else None
            return outcome, duration if wanted is None else wanted
        return self._perform_fully(chance, machine, step, command, key, at, duration)

    def answered(self, step: Step, outcome: Outcome, answer: Json) -> Outcome:
        """What a person's answer makes of a node that asked."""
        if step.node_type.answer is None:
            return Outcome(Result({"output": answer}), logs=outcome.logs)
        assert outcome.inputs is not None
        assert outcome.config is not None
        try:
            result = step.node_type.answer(outcome.inputs, outcome.config, answer)
        except NodeFailure as failure:
            return Outcome(Result(), failure=failure.as_dict())
        return Outcome(result if isinstance(result, Result) else Result(result))

    def again(
        self, chance: Chance, machine: Machine, step: Step, at: int, given: dict[str, Json], steps: int | None
    ) -> Task:
        """Begin a task anew, as it was when its node started; see `Task` for what must be known of it."""
        run = machine.execution.nodes[step.index]
        inputs = run.inputs if isinstance(run.inputs, Inputs) else Inputs()
        scope = make_scope(machine, step, inputs, at) | {"node": given}
        key = (step.id, run.iteration, run.attempt)
        begun = self._prepare(chance, machine, step, inputs, key, at, scope)
        return self._begin(machine, step, begun, at, given, steps)

    def _perform_fully(
        self,
        chance: Chance,
        machine: Machine,
        step: Step,
        command: StartNode,
        key: tuple[object, ...],
        at: int,
        duration: int,
    ) -> tuple[Outcome | Task, int]:
        scope = make_scope(machine, step, command.inputs, at)
        run = self._prepare(chance, machine, step, command.inputs, key, at, scope)
        if step.node_type.heavy:
            return self._begin(machine, step, run, at, scope["node"]), duration
        try:
            outcome = run(Budget(hasty=True), partial(self._find_file, machine.execution))
        except NeedsTimeError:
            return self._take_time(machine, step, run, at, scope["node"]), duration
        wanted = outcome.result.duration_ms
        return outcome, duration if wanted is None else wanted

    def _prepare(
        self,
        chance: Chance,
        machine: Machine,
        step: Step,
        inputs: Inputs,
        key: tuple[object, ...],
        at: int,
        scope: dict[str, Json],
    ) -> Run:
        from .fakes import SimulatedEffects

        owner_id = machine.execution.owner_id

        def run(budget: Budget, find_file: FindFile) -> Outcome:
            effects = SimulatedEffects(
                lambda purpose: chance.rng(*key, purpose),
                iso(at),
                {**scope, "budget": budget},
                find_file,
                self._store.values,
                owner_id,
            )
            return run_node(step, inputs, effects, self._most)

        return run

    def _take_time(self, machine: Machine, step: Step, run: Run, at: int, given: dict[str, Json]) -> Outcome | Task:
        """Run a node whose expressions take long where nobody waits for it, as far as its execution has steps left."""
        left = self._max_expression_steps - machine.thought
        # Those that come after it are to have some, too.
        steps = min(left // 8, MAX_STEPS)
        if steps < HASTY_STEPS:
            message = (
                f"The expressions of this execution take more than {self._max_expression_steps:,} steps "
                "(setting max_expression_steps)."
            )
            return Outcome(Result(), failure={"code": "expression_limit", "message": message})
        machine.thought += steps
        return self._begin(machine, step, run, at, given, steps)

    def _begin(
        self, machine: Machine, step: Step, run: Run, at: int, given: dict[str, Json], steps: int | None = None
    ) -> Task:
        """Have a node run where nobody waits for it; one that keeps values runs at once, so that they stay in order."""
        # It can read what is there now, whatever is deleted before it comes to that.
        execution = machine.execution
        own = {file.id: file for file in self._store.files if execution.viewer.owns(file.owner_id)}
        files = own | dict(execution.files)

        def work() -> Outcome:
            if steps is None:
                return run(Budget(), files.get)
            budget = Budget(steps)
            outcome = run(budget, files.get)
            outcome.spare = steps - budget.spent
            return outcome

        return Task(Done(work()) if step.node_type.keeps_values else self._submit(work), at, given, steps)

    def _find_file(self, execution: Execution, file_id: str) -> File | None:
        """A file that an execution was given, or that is there for whoever started it."""
        if file_id in execution.files:
            return execution.files[file_id]
        found = self._store.files.find(file_id)
        return found if found is not None and execution.viewer.owns(found.owner_id) else None

    def _duration_ms(self, chance: Chance, step: Step, key: tuple[object, ...]) -> int:
        return step.node_type.simulation.duration_ms(chance.share(*key, "duration"))

    def _fails(self, chance: Chance, step: Step, key: tuple[object, ...]) -> bool:
        rate = step.node_type.simulation.failure_rate
        # A type of one's own that says more than the worst fails as often as it says.
        return rate > 0 and chance.share(*key, "failure") < max(rate, min(rate * BAD_LUCK, WORST))

    def _draw_error(self, chance: Chance, step: Step, key: tuple[object, ...]) -> dict[str, Json]:
        errors = step.node_type.simulation.errors
        code, message = errors[int(chance.share(*key, "error") * len(errors))]
        return {"code": code, "message": message}

    def _perform_mock(
        self, chance: Chance, step: Step, command: StartNode, key: tuple[object, ...]
    ) -> tuple[Outcome, int]:
        mock = step.mock or {}
        duration = mock.get("duration_ms")
        if duration is None:
            duration = self._duration_ms(chance, step, key)
        duration = min(int(duration), LONGEST_MS)
        failing = mock.get("fail_attempts")
        if (failing is None and mock.get("error") is not None) or command.attempt <= (failing or 0):
            return Outcome(Result(), failure=mock_error(mock.get("error"))), duration
        return Outcome(mock_result(step, command.inputs, mock)), duration


def run_node(step: Step, inputs: Inputs, effects: SimulatedEffects, most: int) -> Outcome:
    """Run a node's function; whatever goes wrong in it is a failure of the node, never of the sandbox.

    :param most: bytes that it may give.
    :raises NeedsTimeError: if its budget is a hasty one, and is used up.
    """
    try:
        config = step.config
        if has_templates(config):
            config = resolve(config, step.node_type.config_schema, node_scope(inputs, effects))
        result = step.node_type.run(inputs, config, effects)
        if not isinstance(result, Result):
            result = Result(result)
        check_result(result, most)
        return Outcome(result, None, effects.logs, effects.drafts, inputs, config)
    except NeedsTimeError:
        raise
    except Exception as error:
        return failed(step, error, effects.logs)


def check_result(result: Result, most: int) -> None:
    """Refuse a result that is no JSON, or that is too large to be written at all.

    :raises NodeFailure: ``output_too_large``.
    """
    given = [result.outputs, result.batches, result.response]
    # First the weight: what refers to its parts again and again could fill the memory when it is written.
    if Scale(most).weigh(given) > most:
        raise NodeFailure("output_too_large", f"It gives more than {most:,} bytes (setting max_output_bytes).")
    orjson.dumps(given)


def run_pure(step: Step, inputs: Inputs) -> Outcome | Outputs:
    """Run a function that looks at its inputs and its configuration only; most give just their outputs."""
    try:
        result = step.node_type.run(inputs, step.config, None)  # type: ignore[arg-type]
    except Exception as error:
        return failed(step, error)
    return Outcome(result, inputs=inputs, config=step.config) if isinstance(result, Result) else result


def failed(step: Step, error: Exception, logs: Sequence[dict[str, Json]] = ()) -> Outcome:
    """The outcome of a node whose function raised this."""
    if isinstance(error, NodeFailure):
        failure = error.as_dict()
    elif isinstance(error, TypeError):
        log.warning("Node %s gave what is no JSON", step.id, exc_info=error)
        failure = {"code": "bad_output", "message": str(error)}
    else:
        log.error("Node %s broke", step.id, exc_info=error)
        failure = {"code": "node_broke", "message": f"{type(error).__name__}: {error}"}
    return Outcome(Result(), failure=failure, logs=logs)


def mock_error(error: Json) -> dict[str, Json]:
    """A pinned error as a failure shows it; it may be a text or ``{code, message}``."""
    if isinstance(error, dict):
        return {"code": "mocked", "message": "Failed as pinned.", **error}
    return {"code": "mocked", "message": str(error or "Failed as pinned.")}


def mock_result(step: Step, inputs: Inputs, mock: Mapping[str, Json]) -> Result:
    """What a pinned node gives: its pinned output, by port if all its keys are ports, else by the first port."""
    ports = [port.id for port in step.node_type.output_ports(step.config)] or ["output"]
    if step.is_loop:
        return _mock_loop(inputs, mock)
    if "output" not in mock:
        return Result({ports[0]: inputs.main})
    output = mock["output"]
    if isinstance(output, dict) and output and set(output) <= {*ports, "error"}:
        return Result(dict(output), branch=next(iter(output)) if len(ports) > 1 else None)
    return Result({ports[0]: output}, branch=ports[0] if len(ports) > 1 else None)


def _mock_loop(inputs: Inputs, mock: Mapping[str, Json]) -> Result:
    items = mock.get("output", inputs.main)
    return Result(batches=items if isinstance(items, list) else [items])


def make_scope(machine: Machine, step: Step, inputs: Inputs, at: int) -> dict[str, Json]:
    """The variables that the expressions of a node see."""
    execution = machine.execution
    return {
        "json": inputs.main,
        "input": inputs.as_dict(),
        "vars": machine.plan.variables,
        "node": node_outputs(machine) if step.mentions_nodes else {},
        "execution": {"id": execution.id, "workflow_id": execution.workflow_id, "input": execution.input},
        "iteration": execution.nodes[step.index].iteration,
        "now": iso(at),
    }


def node_outputs(machine: Machine) -> dict[str, Json]:
    """What the nodes gave until now, by id and by label: ``{json: value}``."""
    given: dict[str, Json] = {}
    for step, run in zip(machine.plan.steps, machine.execution.nodes, strict=True):
        if run.output is not None:
            given[step.label] = given[step.id] = {"json": main_output(run.output)}
        elif run.status == "running" and (book := machine.loops.get(step.index)) and book.place >= 0:
            # Within its body, a loop stands for the item that it is at.
            given[step.label] = given[step.id] = {"json": book.batches[book.place]}
    return given
