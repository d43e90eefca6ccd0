"""The simulated engine: carries out the machine's commands in virtual time.

What a node will do is worked out when it starts, and lies on the agenda of its execution as a fact of the future. The
calendar knows which execution has the next fact. Nothing here waits, and nothing happens but in `advance` or in a
command.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

from ..config import Settings
from ..errors import CannotRun, InvalidInput, NodeFailure
from ..models.execution import QUEUED_MODES, Execution
from ..models.fault import Faults
from ..models.file import File
from ..models.pool import Pool
from ..models.user import ANYONE, Viewer
from ..models.workflow import Workflow
from ..nodes.base import Call, Json, Question, Result
from ..nodes.registry import Registry
from ..nodes.schemas import check
from ..world import Chance, World
from .base import Records, Restore, Submit, Work
from .commands import EndChildren, ForgetNode, StartNode, WakeAt
from .load import Load
from .machine import Machine
from .performance import Outcome, Outputs, Performer, Task
from .plan import Plan
from .planning import make_plan

if TYPE_CHECKING:
    from .stage_state import StageState

MILLISECOND = 1000

CHILD_CODES = {"failed": "child_failed", "stopped": "child_stopped"}
"""The codes of nodes whose child execution did not complete."""


class Stage:
    """One execution with its machine and its agenda.

    The agenda is in execution time, so a pause needs no change of it: the whole execution just leaves the calendar.
    """

    __slots__ = ("agenda", "chance", "children", "counter", "machine", "outcomes", "tokens", "version")

    def __init__(self, machine: Machine, chance: Chance) -> None:
        self.machine = machine
        self.chance = chance
        self.agenda: list[tuple[int, int, Callable[..., Any], int, int, Any]] = []
        self.counter = 0
        self.version = 0
        """Rises with each entry in the calendar: only the latest counts."""
        self.tokens = [0] * len(machine.plan.steps)
        """Rises with each attempt of a node: what an earlier attempt left behind does not count."""
        self.outcomes: dict[int, Outcome | Outputs | Task] = {}
        self.children: dict[str, int] = {}

    @property
    def execution(self) -> Execution:
        """The execution on this stage."""
        return self.machine.execution

    def put(self, at: int, fact: Callable[..., Any], index: int, extra: Any = None) -> None:
        """Note a fact of the future for a node, at a virtual moment."""
        self.counter += 1
        heappush(self.agenda, (at - self.machine.zero, self.counter, fact, index, self.tokens[index], extra))


class SimulatedEngine:
    """Executes workflows without doing anything for real."""

    def __init__(
        self,
        world: World,
        store: Records,
        registry: Registry,
        faults: Faults,
        submit: Submit,
        settings: Settings,
    ) -> None:
        self._world = world
        self._store = store
        self._registry = registry
        self._limits = settings.limits
        self._performer = Performer(store, submit, faults, settings.limits)
        self._stages: dict[str, Stage] = {}
        self._calendar: list[tuple[int, int, int, Stage]] = []
        self._ended: deque[tuple[str, int]] = deque()
        """Workflows of which an execution has just ended, and when: another one may have waited for that."""

    @property
    def failures(self) -> bool:
        """Whether nodes also fail by chance."""
        return self._performer.failures

    @failures.setter
    def failures(self, switch: bool) -> None:
        self._performer.failures = switch

    # --- commands ----------------------------------------------------------------------------------------------

    def create(
        self,
        workflow: Workflow,
        at: int,
        *,
        mode: str = "manual",
        input: Json = None,  # noqa: A002
        seed: int | None = None,
        mocks: dict[str, dict[str, Json]] | None = None,
        start_node: str | None = None,
        stop_node: str | None = None,
        parent: dict[str, str] | None = None,
        depth: int = 0,
        retry_of: str | None = None,
        files: Mapping[str, File] | None = None,
        viewer: Viewer = ANYONE,
    ) -> Execution:
        """A new execution, ``pending``; it keeps the graph that it starts with.

        The workflow shows it as its latest one from now on, or from its turn on, if it waits for that.

        :param viewer: who starts it, and whose files and workflows its nodes reach therefore.
        :raises CannotRun: with one error per culprit.
        """
        plan = self._plan(workflow, start_node, stop_node, mocks or {})
        execution_id, number = self._world.ids.numbered("ex")
        execution = Execution(
            id=execution_id,
            number=number,
            workflow_id=workflow.id,
            workflow_revision=workflow.revision,
            workflow_name=workflow.name,
            mode=mode,
            input=input,
            seed=self._world.chance.whole("execution", number) if seed is None else seed,
            created_at=at,
            mocks=mocks or {},
            start_node=start_node,
            stop_node=stop_node,
            parent=parent,
            depth=depth,
            retry_of=retry_of,
            owner_id=viewer.user_id,
            sees_all=viewer.sees_all,
            files=files or {},
        )
        machine = self._build(execution, plan).machine
        self._store.add_execution(execution)
        if parent is None and not execution.is_queued:
            workflow.last_execution_id = execution_id
        machine.created(at)
        return execution

    def release(self, execution: Execution, at: int) -> None:
        """Start a pending execution."""
        self._begin(execution, at)
        self._begin_following()

    def pause(self, execution: Execution, at: int) -> None:
        """Let execution time stand still, that of child executions too."""
        stage = self._stages[execution.id]
        for child in self._children(stage, ("running", "waiting")):
            self.pause(child, at)
        stage.machine.paused(at)
        stage.version += 1

    def resume(self, execution: Execution, at: int) -> None:
        """Let execution time go on."""
        stage = self._stages[execution.id]
        stage.machine.resumed(at)
        for child in self._children(stage, ("paused",)):
            self.resume(child, at)
        self._schedule(stage)

    def stop(self, execution: Execution, at: int, reason: str = "command") -> None:
        """End an execution for good, and its child executions."""
        self._stop(execution, at, reason)
        self._begin_following()

    def answer(self, execution: Execution, node_id: str, answer: Json, at: int) -> None:
        """Give a node that waits the answer of a person."""
        stage = self._stages[execution.id]
        index = stage.machine.plan.index[node_id]
        outcome = stage.outcomes[index]
        assert isinstance(outcome, Outcome)
        assert outcome.result.question
        faults = check(answer, outcome.result.question.schema)
        if faults:
            raise InvalidInput("The answer does not fit the question.", faults, code="bad_answer")
        stage.outcomes[index] = self._performer.answered(stage.machine.plan.steps[index], outcome, answer)
        stage.put(at, self._finish, index)
        self._run(stage, at)
        self._begin_following()

    def forget(self, execution: Execution) -> None:
        """Drop what is kept about an execution."""
        self._stages.pop(execution.id, None)

    # --- snapshots ---------------------------------------------------------------------------------------------

    def capture(self, execution: Execution, pool: Pool) -> StageState | None:
        """What is kept about an execution, as plain data; ``None`` if that is nothing, because it has ended."""
        from .stage_writer import write_stage

        stage = self._stages.get(execution.id)
        return None if stage is None else write_stage(stage, pool)

    def stamp(self, execution: Execution) -> tuple[int, ...]:
        """Numbers that change whenever what `capture` gives could have."""
        stage = self._stages.get(execution.id)
        if stage is None:
            return ()
        tasks = (outcome for outcome in stage.outcomes.values() if isinstance(outcome, Task))
        return (stage.version, stage.counter, sum(task.work.done() for task in tasks))

    def restorer(self) -> Restore:
        """What takes in executions that were captured, one after another; equal plans are made once.

        Each is in the store already. Its events are taken as they are.
        """
        from .stage_reader import Restorer

        return Restorer(self._facts(), self._build, self._performer, self._schedule).restore

    def clear(self) -> None:
        """Let go of everything; the engine is not used any more."""
        for work in self.under_way():
            work.cancel()
        for stage in self._stages.values():
            stage.agenda.clear()
            stage.outcomes.clear()
        self._stages.clear()
        self._calendar.clear()
        self._ended.clear()

    def _facts(self) -> dict[str, Callable[..., Any]]:
        """What lies on agendas, by the words by which it is written."""
        return {
            "finish": self._finish,
            "progress": self._progress,
            "time_out": self._time_out,
            "retry": self._retry,
        }

    def _build(self, execution: Execution, plan: Plan) -> Stage:
        """A stage for an execution, with everything as it is before the first event."""
        limits = self._limits
        load = Load(limits.max_output_bytes, limits.max_execution_bytes)
        machine = Machine(execution, plan, partial(self._store.log.append, execution), limits.max_steps, load)
        stage = self._stages[execution.id] = Stage(machine, self._world.chance.within(execution.seed))
        return stage

    # --- time --------------------------------------------------------------------------------------------------

    def advance(self, now: int) -> Work | None:
        """Let everything happen that is due until now, in the order of its moments."""
        calendar = self._calendar
        while calendar and calendar[0][0] <= now:
            _, _, version, stage = heappop(calendar)
            if version == stage.version and (work := self._run(stage, now)) is not None:
                return work
            if self._ended:
                self._begin_following()
        return None

    def under_way(self) -> list[Work]:
        """All work that has not ended."""
        outcomes = (outcome for stage in self._stages.values() for outcome in stage.outcomes.values())
        return [one.work for one in outcomes if isinstance(one, Task) and not one.work.done()]

    def next_due(self) -> int | None:
        """The moment of the next fact, or ``None``."""
        calendar = self._calendar
        while calendar and calendar[0][2] != calendar[0][3].version:
            heappop(calendar)
        return calendar[0][0] if calendar else None

    def next_due_of(self, counts: Callable[[Execution, Execution], bool]) -> int | None:
        """The same of the executions that count."""
        entries = ((due, stage.execution) for due, _, version, stage in self._calendar if version == stage.version)
        dues = (due for due, execution in entries if counts(execution, self._root(execution)))
        return min(dues, default=None)

    def _root(self, execution: Execution) -> Execution:
        """The execution that this one is a part of, in the end."""
        while execution.parent and (caller := self._store.executions.find(execution.parent["execution_id"])):
            execution = caller
        return execution

    def _run(self, stage: Stage, until: int) -> Work | None:
        """Let the facts of one execution happen, as far as no other has an earlier one.

        Gives the work that the next fact still needs.
        """
        agenda, calendar, zero, work = stage.agenda, self._calendar, stage.machine.zero, None
        number = stage.execution.number
        while agenda and (due := agenda[0][0] + zero) <= until:
            # At one moment the older execution goes first, however often somebody looked in between.
            if calendar and calendar[0] < (due, number):
                break
            entry = heappop(agenda)
            _, _, fact, index, token, extra = entry
            if token != stage.tokens[index]:
                continue
            work = fact(stage, index, due, extra)
            if work is not None:
                heappush(agenda, entry)
                break
            if stage.machine.commands:
                self._obey(stage, due)
        self._schedule(stage)
        return work

    def _schedule(self, stage: Stage) -> None:
        stage.version += 1
        while stage.agenda and stage.agenda[0][4] != stage.tokens[stage.agenda[0][3]]:
            heappop(stage.agenda)
        if stage.agenda and stage.execution.status in ("running", "waiting"):
            due = stage.agenda[0][0] + stage.machine.zero
            heappush(self._calendar, (due, stage.execution.number, stage.version, stage))

    # --- carrying out ------------------------------------------------------------------------------------------

    def _begin(self, execution: Execution, at: int) -> None:
        stage = self._stages[execution.id]
        workflow = self._store.workflows.find(execution.workflow_id)
        if workflow is not None and execution.mode in QUEUED_MODES:
            workflow.last_execution_id = execution.id
        stage.machine.released(at)
        self._obey(stage, at)
        self._schedule(stage)

    def _stop(self, execution: Execution, at: int, reason: str) -> None:
        stage = self._stages[execution.id]
        stage.machine.stopped(at, reason)
        self._obey(stage, at)

    def _begin_following(self) -> None:
        """Let what has waited for an end begin; it may end at once, and so may a thousand behind it."""
        while self._ended:
            workflow_id, at = self._ended.popleft()
            following = next(iter(self._store.under_way(workflow_id)), None)
            if following is not None and following.is_queued:
                self._begin(following, at)

    def _obey(self, stage: Stage, at: int) -> None:
        machine = stage.machine
        while machine.commands:
            commands, machine.commands = machine.commands, []
            for command in commands:
                if type(command) is StartNode:
                    self._start(stage, command, at)
                elif type(command) is WakeAt:
                    stage.put(at + command.delay_ms * MILLISECOND, self._retry, command.node)
                elif type(command) is ForgetNode:
                    self._forget_node(stage, command.node, at)
                elif type(command) is EndChildren:
                    self._end(stage, at)

    def _start(self, stage: Stage, command: StartNode, at: int) -> None:
        index = command.node
        stage.tokens[index] += 1
        step = stage.machine.plan.steps[index]
        outcome, duration = self._performer.perform(stage.chance, stage.machine, step, command, at)
        stage.outcomes[index] = outcome
        if step.timeout_ms is not None and duration > step.timeout_ms:
            stage.put(at + step.timeout_ms * MILLISECOND, self._time_out, index)
        elif duration < 500:
            stage.put(at + duration * MILLISECOND, self._finish, index)
        else:
            self._plan_progress(stage, index, at, duration, 1)

    def _plan_progress(self, stage: Stage, index: int, start: int, duration: int, part: int) -> None:
        """Note the next piece of progress: quarters, or tenths of what lasts for four seconds and more."""
        parts = 10 if duration >= 4000 else 4
        if part == parts:
            stage.put(start + duration * MILLISECOND, self._finish, index)
        else:
            due = start + duration * part // parts * MILLISECOND
            stage.put(due, self._progress, index, (duration, part, parts))

    def _progress(self, stage: Stage, index: int, at: int, extra: Any) -> None:
        duration, part, parts = extra
        stage.machine.node_progressed(index, part * 100 // parts, at)
        # The start is reckoned back from here, because a pause may have moved it.
        start = at - duration * part // parts * MILLISECOND
        self._plan_progress(stage, index, start, duration, part + 1)

    def _finish(self, stage: Stage, index: int, at: int, _: Any) -> Work | None:
        outcome = stage.outcomes[index]
        if isinstance(outcome, dict):
            del stage.outcomes[index]
            stage.machine.node_completed(index, outcome, at)
            return None
        if isinstance(outcome, Task):
            if not outcome.work.done():
                return outcome.work
            outcome = stage.outcomes[index] = outcome.work.result()
            stage.machine.thought -= outcome.spare
            if outcome.result.duration_ms:
                # Only now is it known how long it was to take.
                stage.put(at + outcome.result.duration_ms * MILLISECOND, self._finish, index)
                return None
        if outcome.failure is not None:
            stage.machine.node_failed(index, outcome.failure, at, logs=outcome.logs)
        elif outcome.result.question is not None:
            self._ask(stage, index, outcome.result.question, at)
        elif outcome.result.call is not None:
            self._call(stage, index, outcome.result.call, at)
        else:
            self._take_in(stage, index, outcome, at)
        return None

    def _take_in(self, stage: Stage, index: int, outcome: Outcome, at: int) -> None:
        machine, result = stage.machine, outcome.result
        if outcome.drafts and len(self._store.files) + len(outcome.drafts) > self._limits.max_files:
            message = f"There are {self._limits.max_files} files here already (setting max_files)."
            machine.node_failed(index, {"code": "too_many_files", "message": message}, at)
            return
        for draft in outcome.drafts:
            self._keep_file(draft, machine.execution.owner_id, at)
        if result.responds:
            machine.responded(result.response)
        self._end_attempt(stage, index)
        if result.batches is not None:
            machine.loop_opened(index, result.batches, at, logs=outcome.logs)
        else:
            machine.node_completed(index, result.outputs, at, branch=result.branch, logs=outcome.logs)

    def _keep_file(self, draft: Any, owner_id: str, at: int) -> None:
        """Put a file that a node wrote among the files, and complete what the node shows of it."""
        found = draft.description
        file = File(
            id=self._world.ids.new("fl"),
            name=found.name,
            size=found.size,
            content_type=found.content_type,
            kind=found.kind,
            sha256=found.sha256,
            width=found.width,
            height=found.height,
            metadata=found.metadata,
            content=draft.content,
            created_at=at,
            owner_id=owner_id,
        )
        self._store.files.add(file)
        draft.shown.update(file.as_dict())

    def _ask(self, stage: Stage, index: int, question: Question, at: int) -> None:
        step = stage.machine.plan.steps[index]
        expires_at = None
        if step.timeout_ms is not None:
            expires_at = at + step.timeout_ms * MILLISECOND
            stage.put(expires_at, self._time_out, index)
        asked = {"prompt": question.prompt, "schema": question.schema, "options": question.options}
        stage.machine.node_asked(index, asked, at, expires_at)

    def _time_out(self, stage: Stage, index: int, at: int, _: Any) -> None:
        step = stage.machine.plan.steps[index]
        if stage.machine.execution.nodes[index].status not in ("running", "waiting"):
            return
        message = f"It took longer than {step.timeout_ms} ms."
        stage.machine.node_failed(index, {"code": "timeout", "message": message}, at)

    def _retry(self, stage: Stage, index: int, at: int, _: Any) -> None:
        stage.machine.retry_due(index, at)

    def _end_attempt(self, stage: Stage, index: int) -> None:
        """Take what an attempt still has on the agenda, such as a timeout, out of it."""
        stage.tokens[index] += 1
        stage.outcomes.pop(index, None)

    def _forget_node(self, stage: Stage, index: int, at: int) -> None:
        """End what an attempt left under way: its place on the agenda, and its child execution."""
        self._end_attempt(stage, index)
        for child in self._children(stage, ("pending", "running", "waiting", "paused")):
            if stage.children[child.id] == index:
                del stage.children[child.id]
                self._stop(child, at, "timeout")

    # --- sub-workflows -----------------------------------------------------------------------------------------

    def _call(self, stage: Stage, index: int, call: Call, at: int) -> None:
        try:
            child = self._create_child(stage, index, call, at)
        except NodeFailure as failure:
            stage.machine.node_failed(index, failure.as_dict(), at)
            return
        timeout = stage.machine.plan.steps[index].timeout_ms
        if timeout is not None:
            stage.put(at + timeout * MILLISECOND, self._time_out, index)
        stage.children[child.id] = index
        self._begin(child, at)

    def _create_child(self, stage: Stage, index: int, call: Call, at: int) -> Execution:
        parent = stage.execution
        workflow = self._store.workflows.find(call.workflow_id)
        if workflow is None or not _may_call(parent, workflow):
            raise NodeFailure("workflow_not_found", f"There is no workflow '{call.workflow_id}' here.")
        if parent.depth + 1 > self._limits.max_depth:
            message = f"Workflows call each other more than {self._limits.max_depth} deep (setting max_depth)."
            raise NodeFailure("too_deep", message)
        origin = {"execution_id": parent.id, "node_id": stage.machine.plan.steps[index].id}
        run = parent.nodes[index]
        seed = self._world.chance.whole(parent.seed, run.node_id, run.iteration, run.attempt, "child")
        try:
            return self.create(
                workflow,
                at,
                mode="sub_workflow",
                input=call.input,
                seed=seed,
                parent=origin,
                depth=parent.depth + 1,
                files=parent.files,
                viewer=parent.viewer,
            )
        except CannotRun as error:
            raise NodeFailure("cannot_run", error.message, errors=error.errors) from None

    def _children(self, stage: Stage, statuses: tuple[str, ...]) -> list[Execution]:
        children = [self._store.executions.find(child) for child in stage.children]
        return [child for child in children if child is not None and child.status in statuses]

    def _end(self, stage: Stage, at: int) -> None:
        """Clear up after an execution: stop its children, and tell its parent."""
        stage.version += 1
        stage.agenda.clear()
        stage.outcomes.clear()
        for child in self._children(stage, ("pending", "running", "waiting", "paused")):
            self._stop(child, at, "parent")
        self._stages.pop(stage.execution.id, None)
        stage.execution.files = {}
        parent = stage.execution.parent
        if parent is None:
            self._store.end_execution(stage.execution)
            self._ended.append((stage.execution.workflow_id, at))
        if parent and (caller := self._stages.get(parent["execution_id"])):
            self._come_back(caller, stage.execution, at)

    def _come_back(self, caller: Stage, child: Execution, at: int) -> None:
        """Let the node that called a sub-workflow end as its child did."""
        index = caller.children.pop(child.id, None)
        if index is None or caller.execution.nodes[index].status != "running":
            return
        caller.outcomes[index] = child_outcome(child)
        paused_at = caller.execution.paused_at
        caller.put(at if paused_at is None else paused_at, self._finish, index)
        if paused_at is None:
            self._schedule(caller)

    # --- plans -------------------------------------------------------------------------------------------------

    def _plan(self, workflow: Workflow, start_node: str | None, stop_node: str | None, mocks: dict[str, Any]) -> Plan:
        whole = start_node is None and stop_node is None and not mocks
        key = ("plan", self._registry.version)
        if whole and key in workflow.cache:
            return workflow.cache[key]  # type: ignore[no-any-return]
        plan = make_plan(
            workflow.nodes,
            workflow.connections,
            self._registry.get,
            variables=workflow.metadata.get("variables"),
            start_node=start_node,
            stop_node=stop_node,
            mocks=mocks,
        )
        if whole:
            workflow.cache[key] = plan
        return plan


def _may_call(caller: Execution, workflow: Workflow) -> bool:
    """Whether whoever started the caller may execute a workflow, too."""
    return caller.viewer.owns(workflow.owner_id) or workflow.shares.get(caller.owner_id) == "edit"


def child_outcome(child: Execution) -> Outcome:
    """What the end of a child execution means for the node that called it."""
    if child.status == "completed":
        return Outcome(Result({"output": child.output}))
    error = child.error or {"message": f"The sub-workflow was {child.status}."}
    failure = {
        "code": CHILD_CODES[child.status],
        "message": error["message"],
        "execution_id": child.id,
    }
    return Outcome(Result(), failure=failure)
