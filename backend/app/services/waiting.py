"""Waiting for an execution to change, without asking again and again.

Whoever waits holds no lock, and looks again whenever something changes in the sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple

from ..models.execution import FINAL, Execution
from ..moments import MICROSECONDS
from ..sandbox import Sandbox
from ..world import real_monotonic
from .executions import latest

LONGEST_WAIT = 60
"""Real seconds that anybody may wait: some proxies give up soon after."""

ANY_STATUS = "status"
"""Waited for: any other status than the present one."""

Find = Callable[[], Execution | None]
"""Gives, within a view, the execution that is watched; ``None`` if there is none yet."""


class Patience:
    """So many real seconds, which go by."""

    def __init__(self, seconds: float) -> None:
        self._end = real_monotonic() + round(seconds * MICROSECONDS)

    @property
    def left(self) -> float:
        """The seconds that are left; not more than 0 if none are."""
        return (self._end - real_monotonic()) / MICROSECONDS


class Sight(NamedTuple):
    """An execution as somebody saw it."""

    execution: Execution | None
    """``None`` for a workflow that never ran."""
    status: str
    last_seq: int

    @property
    def is_final(self) -> bool:
        """Whether nothing will happen to this execution any more."""
        return self.status in FINAL

    def differs(self, other: Sight) -> bool:
        """Whether something happened in between."""
        return self.has_other_status(other) or self.last_seq != other.last_seq

    def has_other_status(self, other: Sight) -> bool:
        """Whether the status is another one; that of another execution always is."""
        return self.execution is not other.execution or self.status != other.status


class Watch:
    """Watches an execution from how it is at this moment."""

    def __init__(self, sandbox: Sandbox, find: Find, *, has_next: bool) -> None:
        """:param has_next: whether another execution can take the place of one that has ended."""
        self._sandbox = sandbox
        self._find = find
        self._has_next = has_next
        with sandbox.view():
            self._first = _see(find())

    def wait(self, seconds: float, until: Collection[str] = (), *, knows_first: bool = False) -> None:
        """Wait until the execution is otherwise, it has ended, or the real seconds are over.

        :param until: the statuses to wait for; `ANY_STATUS` is any other than the first. Without any, every change is
            waited for.
        :param knows_first: the caller has seen how it was at first, too: an end that it knows ends no wait for the
            next execution.
        :raises NotFound: if there is no such thing any more.
        :raises SetBack: if somebody has ended the sandbox.
        """
        patience = Patience(seconds)
        while True:
            with self._sandbox.view():
                seen, now = self._sandbox.changes, _see(self._find())
            if self._is_reached(now, until) or self._is_over(now, knows_first) or patience.left <= 0:
                return
            self._sandbox.wait(patience.left, seen)

    def _is_reached(self, now: Sight, until: Collection[str]) -> bool:
        if not until:
            return now.differs(self._first)
        return now.status in until or (ANY_STATUS in until and now.has_other_status(self._first))

    def _is_over(self, now: Sight, knows_first: bool) -> bool:
        is_known = knows_first and self._has_next and not now.has_other_status(self._first)
        return now.is_final and not is_known


def watch_execution(sandbox: Sandbox, execution_id: str) -> Watch:
    """Watch one execution.

    :raises NotFound: if there is none.
    """
    return Watch(sandbox, partial(_find_execution, sandbox, execution_id), has_next=False)


def watch_workflow(sandbox: Sandbox, workflow_id: str) -> Watch:
    """Watch the latest execution of a workflow, and that of the next one.

    :raises NotFound: if there is no such workflow.
    """
    return Watch(sandbox, partial(_find_latest, sandbox, workflow_id), has_next=True)


def _find_execution(sandbox: Sandbox, execution_id: str) -> Execution:
    # The store is asked for each time: after a reset there is another one.
    return sandbox.store.executions.get(execution_id)


def _find_latest(sandbox: Sandbox, workflow_id: str) -> Execution | None:
    return latest(sandbox, sandbox.store.workflows.get(workflow_id))


def _see(execution: Execution | None) -> Sight:
    if execution is None:
        return Sight(None, "idle", 0)
    return Sight(execution, execution.status, len(execution.events))
