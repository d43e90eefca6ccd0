"""What one can do with executions: start, look, pause, resume, stop, answer, retry."""

from __future__ import annotations

from copy import copy
from itertools import islice
from typing import Any

import orjson

from ..errors import Conflict, InvalidInput, NotFound, QueueFull, WrongStatus
from ..models.event import measure
from ..models.execution import COMMANDS, FINAL, Execution, Flow
from ..models.file import File
from ..models.user import ANYONE, Viewer
from ..models.workflow import Workflow
from ..moments import iso
from ..sandbox import Sandbox
from .paging import Listing, Page, check, paginate
from .permissions import check as check_permission
from .permissions import owner_of, sees

Json = Any

HOLDS = {
    "pause": ("paused",),
    "resume": ("running", "waiting"),
    "stop": ("stopped",),
    "release": ("running", "waiting", "paused"),
}
"""The statuses in which a command already holds: it answers as if it had been obeyed, and changes nothing."""

SORTS = ("created_at", "started_at", "finished_at", "status")

OPTIONS = ("input", "seed", "mocks", "start_node", "stop_node")


def execute(
    sandbox: Sandbox, workflow_id: str, options: dict[str, Json], *, viewer: Viewer = ANYONE
) -> dict[str, Json]:
    """Start an execution by hand, or create it held back.

    :param options: any of ``input, seed, hold, mocks, start_node, stop_node``.
    :param viewer: who starts it, and whose it is therefore.
    :raises CannotRun: if the graph cannot be executed.
    :raises Conflict: ``already_running``: the workflow is at work.
    """
    partial = options.get("start_node") is not None or options.get("stop_node") is not None
    chosen = {name: options[name] for name in OPTIONS if options.get(name) is not None}
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        mode = "partial" if partial else "manual"
        execution = _create(sandbox, workflow, now, mode=mode, viewer=viewer, **chosen)
        if not options.get("hold"):
            sandbox.engine.release(execution, now)
    return _told(sandbox, execution)


def process_files(
    sandbox: Sandbox,
    workflow_id: str,
    node_id: str,
    file_ids: list[str],
    given: dict[str, Json],
    *,
    viewer: Viewer = ANYONE,
) -> dict[str, Json]:
    """Execute one node of a workflow on files that were uploaded.

    :param given: what the node gets as input beside the files.
    :param viewer: who starts it, and must see the files.
    :raises InvalidInput: naming every file that is not there.
    """
    with sandbox.turn() as now:
        workflow = sandbox.store.workflows.get(workflow_id)
        workflow.node(node_id)
        files = _files(sandbox, file_ids, viewer)
        execution = _create(
            sandbox,
            workflow,
            now,
            mode="process_files",
            input={**given, "files": [file.as_dict() for file in files]},
            files={file.id: file for file in files},
            start_node=node_id,
            stop_node=node_id,
            viewer=viewer,
        )
        sandbox.engine.release(execution, now)
    return _told(sandbox, execution)


def retry(sandbox: Sandbox, execution_id: str, *, viewer: Viewer = ANYONE) -> dict[str, Json]:
    """Execute once more what has ended: the workflow as it is saved now, with the same input and mocks, and new luck.

    :param viewer: who does so, and whose the new one is therefore.
    :raises NotFound: if the workflow is not there for them any more.
    :raises NotAllowed: ``not_permitted``, if they may not execute it any more.
    :raises WrongStatus: if it has not ended.
    """
    with sandbox.turn() as now:
        before = sandbox.store.executions.get(execution_id)
        check_permission(sandbox, viewer, "workflow", before.workflow_id, "edit")
        if not before.is_final:
            raise _refusal(sandbox, before, "retry")
        execution = _create(
            sandbox,
            sandbox.store.workflows.get(before.workflow_id),
            now,
            mode="retry",
            input=before.input,
            mocks=before.mocks,
            start_node=before.start_node,
            stop_node=before.stop_node,
            retry_of=before.id,
            viewer=viewer,
        )
        sandbox.engine.release(execution, now)
    return _told(sandbox, execution)


def begin(
    sandbox: Sandbox, workflow: Workflow, now: int, *, mode: str, given: Json, start_node: str | None
) -> Execution:
    """Within a turn: start an execution for which nobody gave the command, or queue it where the workflow is at work.

    It is the owner of the workflow in whose name this is done.

    :param mode: one of `QUEUED_MODES`.
    :raises CannotRun: if the graph cannot be executed.
    :raises QueueFull: if too many wait already.
    """
    ahead = len(sandbox.store.under_way(workflow.id))
    # The first of them is at work, and does not wait.
    if ahead > sandbox.limits.max_queued:
        raise QueueFull(workflow.id, sandbox.limits.max_queued)
    _make_room(sandbox)
    viewer = owner_of(sandbox, workflow)
    execution = sandbox.engine.create(workflow, now, mode=mode, input=given, start_node=start_node, viewer=viewer)
    if not ahead:
        sandbox.engine.release(execution, now)
    return execution


def list_executions(sandbox: Sandbox, listing: Listing, *, viewer: Viewer = ANYONE) -> Page:
    """Executions that somebody sees as summaries, the newest first; filters ``workflow_id``, ``status``, ``mode``."""
    check(listing, sandbox.limits, SORTS)
    with sandbox.view():
        workflow_id = listing.filters.get("workflow_id")
        found = list(sandbox.store.executions if workflow_id is None else sandbox.store.executions_of(str(workflow_id)))
        if not viewer.sees_all:
            found = [execution for execution in found if sees(sandbox, viewer, execution)]
        for name in ("status", "mode"):
            if wanted := listing.filters.get(name):
                found = [execution for execution in found if getattr(execution, name) in wanted]
        if listing.q:
            words = listing.q.casefold()
            found = [
                execution for execution in found if words in f"{execution.id} {execution.workflow_name}".casefold()
            ]
        return paginate(
            found, listing, Execution.summary, sorts=SORTS, default="-created_at", number=lambda one: one.number
        )


def get(
    sandbox: Sandbox, execution_id: str, *, data: bool = True, logs: bool = True, iterations: bool = False
) -> dict[str, Json]:
    """An execution with its node executions.

    :param iterations: all node executions of loop bodies instead of the latest of each node.
    """
    with sandbox.view():
        execution = sandbox.store.executions.get(execution_id)
        return execution.as_dict(data=data, logs=logs, iterations=iterations)


def delete(sandbox: Sandbox, execution_id: str) -> None:
    """Forget an execution that has ended.

    :raises WrongStatus: if it has not; stop it first.
    """
    with sandbox.turn():
        execution = sandbox.store.executions.get(execution_id)
        if not execution.is_final:
            raise _refusal(sandbox, execution, "delete")
        forget(sandbox, execution)


def command(sandbox: Sandbox, execution_id: str, name: str) -> dict[str, Json]:
    """Obey ``pause``, ``resume``, ``stop`` or ``release``; where it already holds, nothing changes.

    :raises WrongStatus: with the status, and the commands that it allows.
    """
    with sandbox.turn() as now:
        execution = sandbox.store.executions.get(execution_id)
        _obey(sandbox, execution, name, now)
    return _told(sandbox, execution)


def workflow_command(sandbox: Sandbox, workflow_id: str, name: str) -> dict[str, Json]:
    """The same for the latest execution of a workflow.

    :raises WrongStatus: if the workflow never ran.
    """
    with sandbox.turn() as now:
        execution = latest(sandbox, sandbox.store.workflows.get(workflow_id))
        if execution is None:
            message = f"Workflow '{workflow_id}' has no execution to {name}."
            raise WrongStatus(message, status="idle", allowed=["execute"])
        _obey(sandbox, execution, name, now)
    return _told(sandbox, execution)


def answer(sandbox: Sandbox, execution_id: str, node_id: str, given: Json) -> dict[str, Json]:
    """Give a node that waits the answer of a person.

    :raises WrongStatus: if nobody asked, or the execution is paused.
    :raises InvalidInput: if the answer does not fit the question.
    """
    with sandbox.turn() as now:
        execution = sandbox.store.executions.get(execution_id)
        run = execution.node(node_id)
        if run is None:
            raise NotFound("node", node_id, f"Execution '{execution_id}' has no node '{node_id}'.")
        if execution.is_final or execution.status == "paused":
            raise _refusal(sandbox, execution, "answer")
        if run.status != "waiting":
            message = f"Node '{node_id}' is {run.status} and waits for no answer."
            raise WrongStatus(
                message, status=execution.status, allowed=_allowed(sandbox, execution), code="not_waiting"
            )
        sandbox.engine.answer(execution, node_id, given, now)
    return _told(sandbox, execution)


def status(sandbox: Sandbox, workflow_id: str, *, data: bool = False, logs: bool = False) -> bytes:
    """The latest execution of a workflow, in JSON; ``{status: idle, workflow_id}`` if it never ran."""
    with sandbox.view():
        execution = latest(sandbox, sandbox.store.workflows.get(workflow_id))
        if execution is None:
            return orjson.dumps({"status": "idle", "workflow_id": workflow_id})
        if data or logs:
            return orjson.dumps(execution.as_dict(data=data, logs=logs))
        return execution.brief()


def dataflow(sandbox: Sandbox, workflow_id: str) -> dict[str, Json]:
    """What went over each connection in the latest execution of a workflow."""
    with sandbox.view():
        workflow = sandbox.store.workflows.get(workflow_id)
        execution = latest(sandbox, workflow)
        if execution is None:
            flows = [Flow(line["id"], line["source"], line["target"]) for line in workflow.connections]
            return {
                "workflow_id": workflow_id,
                "execution_id": None,
                "status": "idle",
                "connections": [_shown_flow(flow, frozenset()) for flow in flows],
            }
        at_work = frozenset(run.node_id for run in execution.nodes if run.status in ("running", "retrying", "waiting"))
        status, flows = execution.status, [copy(flow) for flow in execution.flows]
    # Weighing what was carried takes a while where it is much; others need not wait for it.
    return {
        "workflow_id": workflow_id,
        "execution_id": execution.id,
        "status": status,
        "connections": [_shown_flow(flow, at_work) for flow in flows],
    }


def latest(sandbox: Sandbox, workflow: Workflow) -> Execution | None:
    """The latest execution of a workflow that was not a part of another one."""
    if workflow.last_execution_id is None:
        return None
    return sandbox.store.executions.find(workflow.last_execution_id)


def forget(sandbox: Sandbox, execution: Execution) -> None:
    """Take an execution out of the store; inside of a turn."""
    sandbox.store.remove_execution(execution)
    sandbox.engine.forget(execution)
    workflow = sandbox.store.workflows.find(execution.workflow_id)
    if workflow is not None and workflow.last_execution_id == execution.id:
        every = sandbox.store.executions_of(workflow.id)
        others = [one for one in every if one.parent is None and not one.is_queued]
        workflow.last_execution_id = others[-1].id if others else None


def _told(sandbox: Sandbox, execution: Execution) -> dict[str, Json]:
    """An execution after the turn of a command: at pace instant it goes on until the turn is over.

    :raises Conflict: ``set_back``, if it was forgotten since.
    """
    with sandbox.view():
        if sandbox.store.executions.find(execution.id) is not execution:
            message = f"Execution '{execution.id}' was forgotten while this was under way."
            raise Conflict(message, code="set_back")
        return execution.as_dict()


def _create(sandbox: Sandbox, workflow: Workflow, now: int, **options: Json) -> Execution:
    """A new execution of a workflow that has none under way."""
    active = next(iter(sandbox.store.under_way(workflow.id)), None)
    if active is not None:
        raise Conflict(
            f"Workflow '{workflow.id}' is being executed: execution '{active.id}' is {active.status}.",
            code="already_running",
            execution_id=active.id,
            current_status=active.status,
            allowed=_allowed(sandbox, active),
        )
    _make_room(sandbox)
    return sandbox.engine.create(workflow, now, **options)


def _make_room(sandbox: Sandbox) -> None:
    """Forget the oldest executions that have ended, where there are more than are kept."""
    surplus = len(sandbox.store.executions) + 1 - sandbox.limits.max_executions
    if surplus > 0:
        ended = (execution for execution in sandbox.store.executions if execution.is_final)
        for execution in list(islice(ended, surplus)):
            forget(sandbox, execution)


def _obey(sandbox: Sandbox, execution: Execution, name: str, now: int) -> None:
    if execution.status in HOLDS[name]:
        return
    if name not in COMMANDS[execution.status]:
        raise _refusal(sandbox, execution, name)
    if name == "release":
        _check_turn(sandbox, execution)
    engine = sandbox.engine
    obey = {"pause": engine.pause, "resume": engine.resume, "stop": engine.stop, "release": engine.release}
    obey[name](execution, now)


def _check_turn(sandbox: Sandbox, execution: Execution) -> None:
    """Refuse to let an execution begin before its turn."""
    first = _ahead(sandbox, execution)
    if first is not None:
        message = f"Execution '{execution.id}' waits for its turn: execution '{first.id}' is {first.status}."
        raise WrongStatus(message, status=execution.status, allowed=_allowed(sandbox, execution))


def _ahead(sandbox: Sandbox, execution: Execution) -> Execution | None:
    """The execution that is at work while this one waits for its turn; ``None`` if it waits for no turn."""
    first = next(iter(sandbox.store.under_way(execution.workflow_id)), execution)
    return first if execution.is_queued and first is not execution else None


def _refusal(sandbox: Sandbox, execution: Execution, name: str) -> WrongStatus:
    article = "an" if name[0] in "aeiou" else "a"
    message = f"Execution '{execution.id}' is {execution.status}, which does not allow {article} {name}."
    return WrongStatus(message, status=execution.status, allowed=_allowed(sandbox, execution))


def _allowed(sandbox: Sandbox, execution: Execution) -> list[str]:
    is_early = _ahead(sandbox, execution) is not None
    allowed = [name for name in COMMANDS[execution.status] if name != "release" or not is_early]
    return [*allowed, "delete"] if execution.status in FINAL else allowed


def _files(sandbox: Sandbox, file_ids: list[str], viewer: Viewer) -> list[File]:
    found, missing = [], []
    for place, file_id in enumerate(file_ids):
        file = sandbox.store.files.find(file_id)
        if file is None or not sees(sandbox, viewer, file):
            missing.append({"pointer": f"/file_ids/{place}", "message": f"There is no file '{file_id}' here."})
        else:
            found.append(file)
    if missing:
        raise InvalidInput("Some of the files are not there.", missing, code="file_not_found")
    return found


def _shown_flow(flow: Flow, at_work: frozenset[str]) -> dict[str, Json]:
    delivered = flow.deliveries > 0
    active = flow.source in at_work and not delivered
    carried = measure(flow.value) if delivered else {"items": 0, "bytes": 0, "preview": None}
    return {
        "connection_id": flow.connection_id,
        "source": flow.source,
        "target": flow.target,
        "status": "active" if active else flow.status,
        **carried,
        "delivered_at": None if flow.delivered_at is None else iso(flow.delivered_at),
    }
