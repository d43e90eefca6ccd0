"""The machine: how an execution goes on when something has happened.

It is pure. Facts come in as method calls (``node_completed``, ``paused`` ...), each with the moment of the fact;
commands come out in `Machine.commands`. It knows graphs and statuses, and nothing of clocks, threads, chance or files.
Whatever it changes it also tells in the execution's log, in the same breath: the log is the truth.

Which status may follow which is in `models/execution.py`. How nodes wait for each other:

- A node is ready when every link that it waits for has been decided: delivered, or dead because its source will not
  send anything by it. If one delivered, the node starts; if all are dead, it is skipped, and so are its own links.
- A loop node starts one iteration of its body after another. A new iteration clears the links of the body; what
  came from outside of it stays. An iteration is over when all nodes of the body are, and its results are what went
  back to the loop node.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from ..models import event as events
from ..models.execution import Execution, Iteration, NodeExecution
from ..moments import iso
from ..nodes.base import Inputs, Json
from .commands import Command, EndChildren, ForgetNode, StartNode, WakeAt
from .ledger import Ledger, Tell
from .load import Load
from .plan import ROOT, Link, Plan, Step


class _Nothing:
    """Marks a link that has delivered nothing; `DEAD` one that never will."""

    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        self.word = word

    def __repr__(self) -> str:
        return self.word


OPEN = _Nothing("open")
DEAD = _Nothing("dead")


class LoopBook:
    """What the machine notes about a loop while it runs."""

    __slots__ = ("batches", "closed", "exits", "gathered", "left", "place", "results")

    def __init__(self, batches: list[Json], left: int, *, closed: bool = False) -> None:
        """:param left: steps of the body that have not ended in this iteration.
        :param closed: the loop node itself has ended; its body is only skipped.
        """
        self.batches = batches
        self.left = left
        self.closed = closed
        self.place = -1
        self.results: dict[int, Json] = {}
        self.exits: dict[int, Json] = {}
        self.gathered: list[Json] = []


class Machine(Ledger):
    """Moves one execution along its plan."""

    def __init__(
        self,
        execution: Execution,
        plan: Plan,
        tell: Tell,
        max_steps: int,
        load: Load,
    ) -> None:
        """:param tell: notes an event in the log.
        :param max_steps: node starts and skips, before the execution fails with ``step_limit``.
        :param load: counts what it carries.
        """
        super().__init__(execution, plan, tell)
        self.commands: list[Command] = []
        self.steps_taken = 0
        self.busy = 0
        """Nodes at work, or about to try again."""
        self.asking = 0
        """Nodes that wait for a person."""
        self.left = len([step for step in plan.steps if step.scope == ROOT])
        """Steps outside of loops that have not ended."""
        self.values: list[Any] = [OPEN] * len(plan.links)
        self.undecided = [len(step.ins) for step in plan.steps]
        self.alive = [False] * len(plan.steps)
        self.loops: dict[int, LoopBook] = {}
        self.response: Json = None
        self.has_response = False
        self.thought = 0
        """Steps that its long expressions took, or may yet take."""
        self.load = load
        self._max_steps = max_steps
        self._ready: deque[int] = deque()

    # --- facts about the execution -----------------------------------------------------------------------------

    def released(self, at: int) -> None:
        """The execution may start."""
        self.execution.started_at = self.zero = at
        self._move("running", events.ExecutionStarted, at)
        first = [step for step in self.plan.steps if not step.ins and step.scope == ROOT]
        self._ready.extend(step.index for step in first)
        if fault := self.load.add([self.execution.input], len(first)):
            self._fail_execution(fault, at)
        else:
            self._go_on(at)

    def paused(self, at: int, reason: str = "command") -> None:
        """A user paused: execution time stands still from here."""
        self.execution.paused_at = at
        self._move("paused", events.ExecutionPaused, at, reason)

    def resumed(self, at: int, reason: str = "command") -> None:
        """A user resumed: execution time goes on."""
        self._end_pause(at)
        self._move("running", events.ExecutionResumed, at, reason, {"waiting_for": list(self.execution.waiting_for)})
        self._look_for_waiting(at)

    def stopped(self, at: int, reason: str = "command") -> None:
        """A user stopped, from whatever status: nothing happens afterwards."""
        self._end_pause(at)
        self._end("stopped", events.ExecutionStopped, at, {"reason": reason})

    # --- facts about nodes -------------------------------------------------------------------------------------

    def node_progressed(self, index: int, percent: int, at: int) -> None:
        """A node at work came so far."""
        run = self.execution.nodes[index]
        run.progress = percent
        run.written = None
        self._tell(
            events.NodeProgressed, at, None, {"node_id": run.node_id, "iteration": run.iteration, "progress": percent}
        )

    def node_completed(
        self, index: int, outputs: dict[str, Json], at: int, *, branch: str | None = None, logs: Any = ()
    ) -> None:
        """A node has ended well, and this leaves by its ports; more than fits is a failure all the same."""
        if fault := self.load.fault_of(outputs.values()):
            self.node_failed(index, fault, at, logs=logs)
            return
        self._return_to_work(index, at, "answered")
        if logs:
            self._write_logs(index, logs, at)
        self._complete(index, outputs, branch, at)
        self._go_on(at)

    def node_failed(self, index: int, error: dict[str, Json], at: int, *, logs: Any = ()) -> None:
        """An attempt of a node failed: it is tried again, or its ``on_error`` says what follows."""
        step, run = self.plan.steps[index], self.execution.nodes[index]
        self._return_to_work(index, at, "timeout")
        self._write_logs(index, logs, at)
        self.commands.append(ForgetNode(index))
        if run.attempt < step.max_attempts:
            self._retry_later(step, run, error, at)
        else:
            self._fail(step, run, error, at)
            self._go_on(at)

    def node_asked(self, index: int, question: dict[str, Json], at: int, expires_at: int | None = None) -> None:
        """A node needs a person's answer."""
        run = self.execution.nodes[index]
        self._set(run, "waiting")
        self.busy -= 1
        self.asking += 1
        request = {"node_id": run.node_id, "iteration": run.iteration, **question, "since": iso(at)}
        request["expires_at"] = None if expires_at is None else iso(expires_at)
        self.execution.waiting_for.append(request)
        self._tell(
            events.NodeWaiting, at, None, {"node_id": run.node_id, "iteration": run.iteration, "request": request}
        )
        self._go_on(at)

    def retry_due(self, index: int, at: int) -> None:
        """The delay before the next attempt is over."""
        self._begin_attempt(self.plan.steps[index], self.execution.nodes[index], self._inputs(index), at)

    def loop_opened(self, index: int, batches: list[Json], at: int, *, logs: Any = ()) -> None:
        """A loop node knows what to hand to its body."""
        if fault := self.load.fault_of(batches):
            self.node_failed(index, fault, at, logs=logs)
            return
        step = self.plan.steps[index]
        self.busy -= 1
        self._write_logs(index, logs, at)
        book = self.loops[index] = LoopBook(batches, step.own_body)
        if not step.own_body:
            book.gathered = list(batches)
            self._close_loop(step, book, at)
        elif not batches:
            self._deliver(step, {}, at, only="item")
        else:
            self._begin_iteration(step, book, at)
        self._go_on(at)

    def responded(self, value: Json) -> None:
        """A node said what the execution as a whole gives back."""
        self.response = value
        self.has_response = True

    # --- going on ----------------------------------------------------------------------------------------------

    def _go_on(self, at: int) -> None:
        ready, steps = self._ready, self.plan.steps
        while ready:
            index = ready.popleft()
            self.steps_taken += 1
            if self.steps_taken > self._max_steps:
                self._break_off(index, at)
                return
            if self._sits_out(steps[index]):
                self._skip(steps[index], at)
            else:
                self._start(steps[index], at)
        if not self.busy and self.execution.status == "running":
            self._come_to_rest(at)

    def _come_to_rest(self, at: int) -> None:
        """No node is at work: this is the end, or a person is waited for, or something is wrong."""
        if self.left == 0:
            self._finish("completed", events.ExecutionCompleted, at, {"output": self._output()})
            self.commands.append(EndChildren())
        elif self.asking:
            self._move("waiting", events.ExecutionWaiting, at)
        else:
            self._fail_execution({"code": "stuck", "message": "Nothing is left that could go on."}, at)

    def _sits_out(self, step: Step) -> bool:
        """Whether a node that is ready is skipped: nothing came, its loop makes no iteration, or it is pinned so."""
        if step.ins and not self.alive[step.index]:
            return True
        if step.scope != ROOT and self.loops[step.scope].place < 0:
            return True
        return bool(step.mock and step.mock.get("skip"))

    def _look_for_waiting(self, at: int) -> None:
        if self.asking and not self.busy:
            self._move("waiting", events.ExecutionWaiting, at)

    def _start(self, step: Step, at: int) -> None:
        run = self._run_of(step)
        inputs = self._inputs(step.index)
        run.inputs = inputs
        if step.mock:
            run.origin = "mocked"
        self.busy += 1
        run.began = at - self.zero
        self._begin_attempt(step, run, inputs, at)
        if step.disabled:
            self.commands.pop()
            self._complete(step.index, pass_through(step, inputs), None, at, worked=False)

    def _begin_attempt(self, step: Step, run: NodeExecution, inputs: Inputs, at: int) -> None:
        self._set(run, "running")
        run.attempt += 1
        run.progress = 0
        run.error = None
        if run.started_at is None:
            run.started_at = at
        self._tell(events.NodeStarted, at, run, run.attempt)
        self.commands.append(StartNode(step.index, run.attempt, inputs))

    def _complete(
        self,
        index: int,
        outputs: dict[str, Json],
        branch: str | None,
        at: int,
        *,
        worked: bool = True,
    ) -> None:
        step, run = self.plan.steps[index], self.execution.nodes[index]
        self._set(run, "completed")
        self.busy -= 1
        self._end_run(run, at)
        run.progress = 100
        run.output = outputs
        run.branch = branch
        self._count(step)
        self._tell(events.NodeCompleted, at, run, self.execution.completed_nodes)
        if fault := self.load.add(outputs.values(), 1 + len(step.outs)):
            self._fail_execution({**fault, "node_id": step.id}, at)
        elif worked:
            self._deliver(step, outputs, at)
            self._leave(step, at)
        else:
            self._shut(step, outputs, at)

    def _fail(self, step: Step, run: NodeExecution, error: dict[str, Json], at: int) -> None:
        self._set(run, "failed")
        self.busy -= 1
        self._end_run(run, at)
        run.error = error
        outputs = self._outputs_after(step, run, error)
        fault = self.load.add((outputs or {}).values(), 1 + len(step.outs))
        if outputs is not None:
            run.output = outputs
            self._count(step)
        self._tell(
            events.NodeFailed,
            at,
            None,
            {
                "node_id": run.node_id,
                "iteration": run.iteration,
                "attempt": run.attempt,
                "error": error,
                "output": run.output,
                "duration_ms": run.duration_ms,
                "completed_nodes": self.execution.completed_nodes,
            },
        )
        if outputs is None or fault:
            self._fail_execution({**(fault or error), "node_id": run.node_id}, at)
        else:
            self._shut(step, outputs, at)

    def _outputs_after(self, step: Step, run: NodeExecution, error: dict[str, Json]) -> dict[str, Json] | None:
        """What leaves a node that failed; ``None`` if the execution fails with it."""
        if step.on_error == "continue":
            return pass_through(step, self._inputs(step.index))
        if step.on_error == "error_port":
            return {"error": {**error, "node_id": run.node_id, "input": run.input}}
        return None

    def _retry_later(self, step: Step, run: NodeExecution, error: dict[str, Json], at: int) -> None:
        delay = step.delay_ms(run.attempt)
        self._set(run, "retrying")
        run.error = error
        self._tell(
            events.NodeRetrying,
            at,
            None,
            {
                "node_id": run.node_id,
                "iteration": run.iteration,
                "attempt": run.attempt,
                "error": error,
                "delay_ms": delay,
                "max_attempts": step.max_attempts,
            },
        )
        self.commands.append(WakeAt(step.index, delay))

    def _skip(self, step: Step, at: int) -> None:
        run = self._run_of(step)
        self._set(run, "skipped")
        if step.mock:
            run.origin = "mocked"
        self._count(step)
        self._tell(events.NodeSkipped, at, run, self.execution.completed_nodes)
        self._shut(step, {}, at)

    def _shut(self, step: Step, outputs: dict[str, Json], at: int) -> None:
        """End a step that did not do its own work: of a loop, the body is skipped before the loop counts as over."""
        if step.own_body:
            self.loops[step.index] = LoopBook([], step.own_body, closed=True)
            self._deliver(step, {}, at, only="item")
            self._deliver(step, outputs, at)
        else:
            self._deliver(step, outputs, at)
            self._leave(step, at)

    # --- data on links -----------------------------------------------------------------------------------------

    def _deliver(self, step: Step, outputs: dict[str, Json], at: int, only: str | None = None) -> None:
        """Send the outputs off; the connections of ports without an output are dead.

        :param only: the port to serve. Without it, all but the ``item`` port of a loop.
        """
        for flow_index, port, strands in step.outs:
            if only is not None:
                if port != only:
                    continue
            elif port == "item" and step.own_body:
                continue
            value = outputs.get(port, DEAD)
            flow = self.execution.flows[flow_index]
            if value is DEAD:
                if not flow.deliveries:
                    flow.status = "dead"
            else:
                flow.status = "delivered"
                flow.value = value
                flow.delivered_at = at
                flow.deliveries += 1
                self._tell(events.ConnectionDelivered, at, flow, value)
            for link in strands:
                if link.back:
                    self._return(link, value)
                elif link.leaves:
                    self._keep_exit(link.leaves[0], link.number, value)
                else:
                    self._arrive(link, value)

    def _return(self, link: Link, value: Any) -> None:
        """Note what came back to a loop node."""
        book = self.loops.get(link.target)
        if book is not None and value is not DEAD:
            book.results[link.number] = value

    def _arrive(self, link: Link, value: Any) -> None:
        target = link.target
        self.values[link.number] = value
        if value is not DEAD:
            self.alive[target] = True
        self.undecided[target] -= 1
        if not self.undecided[target]:
            self._ready.append(target)

    def _inputs(self, index: int) -> Inputs:
        step = self.plan.steps[index]
        if not step.ins:
            given = self.execution.input
            return Inputs() if given is None or step.scope != ROOT else Inputs({"input": [given]})
        by_port: dict[str, list[Json]] = {}
        for link in step.ins:
            value = self.values[link.number]
            if value is DEAD or value is OPEN:
                continue
            if link.target_port in by_port:
                by_port[link.target_port].append(value)
            else:
                by_port[link.target_port] = [value]
        return Inputs(by_port)

    # --- loops -------------------------------------------------------------------------------------------------

    def _begin_iteration(self, loop: Step, book: LoopBook, at: int) -> None:
        book.place += 1
        book.left = loop.own_body
        book.results = {}
        for number in loop.body_links:
            self.values[number] = OPEN
        for index in loop.body:
            self.loops.pop(index, None)
            states = [self.values[link.number] for link in self.plan.steps[index].ins]
            self.undecided[index] = sum(state is OPEN for state in states)
            self.alive[index] = any(state is not OPEN and state is not DEAD for state in states)
        self._report_iteration(loop, book, at)
        self._deliver(loop, {"item": book.batches[book.place]}, at, only="item")

    def _report_iteration(self, loop: Step, book: LoopBook, at: int) -> None:
        if book.place:
            self.node_progressed(loop.index, book.place * 100 // len(book.batches), at)

    def _end_iteration(self, loop: Step, at: int) -> None:
        book = self.loops[loop.index]
        if book.closed:
            self._release_exits(loop, book)
            self._leave(loop, at)
            return
        if book.place >= 0:
            book.gathered.extend(self._iteration_results(loop, book))
        if book.place + 1 < len(book.batches):
            self._begin_iteration(loop, book, at)
        else:
            self._close_loop(loop, book, at)

    def _iteration_results(self, loop: Step, book: LoopBook) -> list[Json]:
        """What went back to the loop; where nothing leads back, what the ends of the body gave."""
        if loop.back_links:
            return [book.results[number] for number in loop.back_links if number in book.results]
        ends = (index for index in loop.body if not self.plan.steps[index].outs)
        runs = (self.execution.nodes[index] for index in ends)
        return [main_output(run.output) for run in runs if run.status == "completed"]

    def _close_loop(self, loop: Step, book: LoopBook, at: int) -> None:
        self.busy += 1
        self._release_exits(loop, book)
        self._complete(loop.index, {"done": book.gathered}, None, at)

    def _release_exits(self, loop: Step, book: LoopBook) -> None:
        """Let go what left the body other than by the loop node: it was kept until the last iteration."""
        for number, value in book.exits.items():
            link = self.plan.links[number]
            outer = link.leaves[link.leaves.index(loop.index) + 1 :]
            if outer:
                self._keep_exit(outer[0], number, value)
            else:
                self._arrive(link, value)

    def _keep_exit(self, loop: int, number: int, value: Any) -> None:
        """Keep what goes out of a loop until it ends: the last that was delivered, whatever came after it."""
        exits = self.loops[loop].exits
        if value is not DEAD or number not in exits:
            exits[number] = value

    def _leave(self, step: Step, at: int) -> None:
        """Count a step as over in the loop that it is in, or in the execution."""
        if step.scope == ROOT:
            self.left -= 1
            return
        book = self.loops[step.scope]
        book.left -= 1
        if not book.left:
            self._end_iteration(self.plan.steps[step.scope], at)

    def _iteration_of(self, step: Step) -> Iteration:
        if step.scope == ROOT:
            return None
        path = [max(self.loops[loop].place, 0) for loop in self.plan.loops_around(step)]
        return path[0] if len(path) == 1 else path

    # --- node executions ---------------------------------------------------------------------------------------

    def _run_of(self, step: Step) -> NodeExecution:
        """The node execution to use: the idle one, or a fresh one for a new iteration."""
        run = self.execution.nodes[step.index]
        if step.scope == ROOT:
            return run
        if run.status != "idle":
            self.execution.earlier.append(run)
            run = self.execution.nodes[step.index] = NodeExecution(step.id, step.type)
        run.iteration = self._iteration_of(step)
        return run

    def _return_to_work(self, index: int, at: int, reason: str) -> None:
        """Take back the question of a node that is no longer waiting."""
        run = self.execution.nodes[index]
        if run.status != "waiting":
            return
        waiting_for = self.execution.waiting_for
        waiting_for[:] = [request for request in waiting_for if request["node_id"] != run.node_id]
        self.asking -= 1
        self.busy += 1
        if self.execution.status == "waiting":
            self._move("running", events.ExecutionResumed, at, reason)

    # --- the end -----------------------------------------------------------------------------------------------

    def _break_off(self, index: int, at: int) -> None:
        error = {
            "code": "step_limit",
            "message": f"The execution took more than {self._max_steps} steps (setting max_steps).",
            "node_id": self.plan.steps[index].id,
        }
        self._fail_execution(error, at)

    def _fail_execution(self, error: dict[str, Json], at: int) -> None:
        self._end("failed", events.ExecutionFailed, at, {"error": error})

    def _end(self, status: str, kind: str, at: int, data: dict[str, Json]) -> None:
        """End before all nodes have."""
        self._ready.clear()
        self.busy = self.asking = 0
        self._abandon_nodes(at)
        self._finish(status, kind, at, data)
        self.commands.append(EndChildren())

    def _output(self) -> Json:
        """What the execution gives back: what a respond node said, else what the last nodes gave, by node."""
        if self.has_response:
            return self.response
        ends = (step.index for step in self.plan.steps if not step.outs and step.scope == ROOT)
        runs = (self.execution.nodes[index] for index in ends)
        return {run.node_id: main_output(run.output) for run in runs if run.status == "completed"}


def pass_through(step: Step, inputs: Inputs) -> dict[str, Json]:
    """What leaves a node that only hands on what it got: its main input, by its first port."""
    if step.is_loop:
        return {"done": inputs.main}
    ports = step.node_type.output_ports(step.config)
    return {ports[0].id: inputs.main} if ports else {}


def main_output(outputs: dict[str, Json] | None) -> Json:
    """The outputs seen as one value: that of the only port, else all of them."""
    if outputs and len(outputs) == 1:
        return next(iter(outputs.values()))
    return outputs
