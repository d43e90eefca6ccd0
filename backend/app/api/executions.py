"""Executions: the runs of workflows."""

from __future__ import annotations

from functools import partial
from typing import Any

import orjson

from ..services import executions
from ..services.waiting import watch_execution
from ..web.body import read_body, read_json
from ..web.current import current_sandbox
from ..web.identity import current_viewer
from ..web.operation import Body, Refusal, operation
from ..web.paging import paged
from ..web.query import read_listing, read_query
from ..web.restful import Resource
from ..web.waiting import tagged_when_changed
from .answers import COMMAND, LISTING, PAGING, STARTED
from .schemas import executions as schemas
from .schemas import queries
from .workflows import started


class Executions(Resource):
    """All executions."""

    @operation(
        "listExecutions", query=queries.EXECUTIONS, gives=schemas.EXECUTION_PAGE, answer_headers=PAGING, errors=LISTING
    )
    def get(self) -> Any:
        """List executions, the newest first.

        They are summaries, without nodes, inputs and outputs.
        """
        return paged(executions.list_executions(current_sandbox(), read_listing(), viewer=current_viewer()))


class Execution(Resource):
    """One execution."""

    shows_files = True

    @operation("getExecution", query=queries.EXECUTION, gives=schemas.EXECUTION, tagged=True)
    def get(self, execution_id: str) -> Any:
        """Get an execution with its nodes.

        Of nodes in a loop it has the latest round, or every one with ``?iterations=all``.

        ``Prefer: wait=`` or ``?wait=`` waits so many real seconds for it to change, or for a status of
        ``?until=``; the answer comes earlier if the execution ends. With ``If-None-Match``, what the caller
        does not know yet is told at once, and 304 says that nothing has changed.
        """
        sandbox, chosen = current_sandbox(), read_query()

        def show() -> bytes:
            return orjson.dumps(executions.get(sandbox, execution_id, iterations=chosen["iterations"] == "all"))

        return tagged_when_changed(
            partial(watch_execution, sandbox, execution_id), show, chosen["wait"], chosen["until"]
        )

    @operation("deleteExecution", errors=("wrong_status",))
    def delete(self, execution_id: str) -> Any:
        """Forget an execution that has ended.

        Its events are forgotten, too. One that has not ended is refused with 409 ``wrong_status``: stop it
        first.
        """
        executions.delete(current_sandbox(), execution_id)
        return None, 204


class ExecutionPause(Resource):
    """A pause."""

    shows_files = True

    @operation("pauseExecution", **COMMAND)
    def post(self, execution_id: str) -> Any:
        """Pause an execution.

        From ``running`` or ``waiting``: its time stands still, nodes at work keep their progress, and its child
        executions pause, too. One that is paused already stays so; in any other status it is refused with 409
        ``wrong_status``.
        """
        return executions.command(current_sandbox(), execution_id, "pause")


class ExecutionResume(Resource):
    """The end of a pause."""

    shows_files = True

    @operation("resumeExecution", **COMMAND)
    def post(self, execution_id: str) -> Any:
        """Resume an execution.

        From ``paused``: it goes on where it stood, and its child executions, too. One that is under way already
        stays so; in any other status it is refused with 409 ``wrong_status``.
        """
        return executions.command(current_sandbox(), execution_id, "resume")


class ExecutionStop(Resource):
    """The end of an execution."""

    shows_files = True

    @operation("stopExecution", **COMMAND)
    def post(self, execution_id: str) -> Any:
        """Stop an execution.

        From every status that is not final: what is at work is stopped, child executions, too, and what was not
        reached is skipped. It never goes on again. One that was stopped already stays so; one that has ended
        otherwise is refused with 409 ``wrong_status``.
        """
        return executions.command(current_sandbox(), execution_id, "stop")


class ExecutionRelease(Resource):
    """The start of an execution that was held."""

    shows_files = True

    @operation("releaseExecution", **COMMAND)
    def post(self, execution_id: str) -> Any:
        """Let an execution begin that was held.

        From ``pending``. One that has begun already stays as it is; one that is over, or of a schedule or a webhook
        and waits for its turn, is refused with 409 ``wrong_status``.
        """
        return executions.command(current_sandbox(), execution_id, "release")


class ExecutionRetry(Resource):
    """Another try."""

    shows_files = True

    @operation(
        "retryExecution", once=True, **STARTED | {"errors": (*STARTED["errors"], "wrong_status", "workflow_not_found")}
    )
    def post(self, execution_id: str) -> Any:
        """Execute once more what has ended.

        The new execution is of the workflow as it is saved now, with the same input, mocks, start and stop
        node, and with new luck. One that has not ended is refused with 409 ``wrong_status``, and so is a
        workflow that is being executed, with ``already_running``.
        """
        return started(executions.retry(current_sandbox(), execution_id, viewer=current_viewer()))


class NodeAnswer(Resource):
    """A person's answer to a node that waits for it."""

    shows_files = True

    @operation(
        "answerNode",
        body=Body(schemas.ANSWER_BODY, required=False),
        gives=schemas.EXECUTION,
        errors=("not_waiting", "wrong_status", "bad_answer"),
    )
    def post(self, execution_id: str, node_id: str) -> Any:
        """Answer a node that waits for a person.

        The answer is the body itself, or its only member ``answer``. One that does not fit the ``schema`` of
        the question is refused with 422 ``bad_answer``, a node that asks nothing with 409 ``not_waiting``, and
        an execution that is paused or over with 409 ``wrong_status``.
        """
        body = read_json()
        answer = body["answer"] if isinstance(body, dict) and list(body) == ["answer"] else body
        return executions.answer(current_sandbox(), execution_id, node_id, answer)


class NodeProcessFiles(Resource):
    """A node that is to process files."""

    shows_files = True

    @operation(
        "processFiles",
        body=schemas.PROCESS_BODY,
        once=True,
        **STARTED | {"errors": (*STARTED["errors"], Refusal("file_not_found", 422))},
    )
    def post(self, workflow_id: str, node_id: str) -> Any:
        """Execute one node of a workflow on uploaded files.

        The new execution is of this node alone. Its input is what the body has beside ``file_ids``, and the
        files as ``files``; it can read them to its end, whoever deletes them meanwhile.
        """
        body = read_body()
        file_ids, given = body.pop("file_ids"), body.pop("input", None) or {}
        inputs = body | given
        return started(
            executions.process_files(current_sandbox(), workflow_id, node_id, file_ids, inputs, viewer=current_viewer())
        )
