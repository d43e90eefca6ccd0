"""Executions: the runs of workflows."""

from __future__ import annotations

from functools import partial
from typing import Any

import orjson

from ..services import executions
from ..services.waiting import watch_execution
from ..web.body import read_body, read_json
from ..web.current import current_sandbox
from ..web.idempotency import idempotent
from ..web.paging import paged
from ..web.query import read_listing, read_query
from ..web.restful import Resource
from ..web.waiting import tagged_when_changed
from .schemas import queries
from .schemas.executions import PROCESS_BODY
from .workflows import started


class Executions(Resource):
    """All executions."""

    def get(self) -> Any:
        """A page of summaries, the newest first."""
        return paged(executions.list_executions(current_sandbox(), read_listing(queries.EXECUTIONS)))


class Execution(Resource):
    """One execution."""

    shows_files = True

    def get(self, execution_id: str) -> Any:
        """The execution with its nodes; of loop bodies the latest iteration, or with ``?iterations=all`` every one.

        ``Prefer: wait=`` or ``?wait=`` waits so many real seconds for it to change, or for a status of ``?until=``.
        """
        sandbox, chosen = current_sandbox(), read_query(queries.EXECUTION)

        def show() -> bytes:
            return orjson.dumps(executions.get(sandbox, execution_id, iterations=chosen["iterations"] == "all"))

        return tagged_when_changed(
            partial(watch_execution, sandbox, execution_id), show, chosen["wait"], chosen["until"]
        )

    def delete(self, execution_id: str) -> Any:
        """Forget an execution that has ended."""
        executions.delete(current_sandbox(), execution_id)
        return None, 204


class ExecutionPause(Resource):
    """A pause."""

    shows_files = True

    def post(self, execution_id: str) -> Any:
        """Pause the execution."""
        return executions.command(current_sandbox(), execution_id, "pause")


class ExecutionResume(Resource):
    """The end of a pause."""

    shows_files = True

    def post(self, execution_id: str) -> Any:
        """Go on with the execution."""
        return executions.command(current_sandbox(), execution_id, "resume")


class ExecutionStop(Resource):
    """The end of an execution."""

    shows_files = True

    def post(self, execution_id: str) -> Any:
        """Stop the execution."""
        return executions.command(current_sandbox(), execution_id, "stop")


class ExecutionRelease(Resource):
    """The start of an execution that was held."""

    shows_files = True

    def post(self, execution_id: str) -> Any:
        """Let the execution begin."""
        return executions.command(current_sandbox(), execution_id, "release")


class ExecutionRetry(Resource):
    """Another try."""

    shows_files = True

    @idempotent
    def post(self, execution_id: str) -> Any:
        """A new execution with the same input."""
        return started(executions.retry(current_sandbox(), execution_id))


class NodeAnswer(Resource):
    """A person's answer to a node that waits for it."""

    shows_files = True

    def post(self, execution_id: str, node_id: str) -> Any:
        """Give the answer: it is the body itself, or its only member ``answer``."""
        body = read_json(required=False)
        answer = body["answer"] if isinstance(body, dict) and list(body) == ["answer"] else body
        return executions.answer(current_sandbox(), execution_id, node_id, answer)


class NodeProcessFiles(Resource):
    """A node that is to process files."""

    shows_files = True

    @idempotent
    def post(self, workflow_id: str, node_id: str) -> Any:
        """An execution of this node alone, with these files."""
        body = read_body(PROCESS_BODY)
        file_ids, given = body.pop("file_ids"), body.pop("input", None) or {}
        return started(executions.process_files(current_sandbox(), workflow_id, node_id, file_ids, body | given))
