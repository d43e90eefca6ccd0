"""What an engine is: whoever carries out the machine's commands.

The simulated engine puts finished facts on an agenda in virtual time. A real one gives the same commands to real
workers. Services know this protocol and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ..models.execution import Execution
from ..models.workflow import Workflow


class Work(Protocol):
    """Something long that goes on outside of the sandbox's lock."""

    def done(self) -> bool: ...

    def result(self, timeout: float | None = None) -> Any: ...


Submit = Callable[[Callable[[], Any]], Work]
"""Has a function run outside of the lock."""


class Engine(Protocol):
    """Moves executions. Every call happens inside of a turn, and `at` is that turn's moment."""

    failures: bool
    """Whether nodes also fail by chance."""

    def create(self, workflow: Workflow, at: int, **options: Any) -> Execution:
        """A new execution, ``pending``, with its log begun.

        :raises CannotRun: if the graph cannot be executed.
        """

    def release(self, execution: Execution, at: int) -> None:
        """Start a pending execution."""

    def pause(self, execution: Execution, at: int) -> None: ...

    def resume(self, execution: Execution, at: int) -> None: ...

    def stop(self, execution: Execution, at: int, reason: str = "command") -> None: ...

    def answer(self, execution: Execution, node_id: str, answer: Any, at: int) -> None:
        """A person's answer to a node that waits.

        :raises InvalidInput: if it does not fit the schema of the question.
        """

    def advance(self, now: int) -> Work | None:
        """Let everything happen that is due, each at its own time.

        Gives the work that the next due fact still needs, if it has not ended; the rest waits behind it.
        """

    def next_due(self) -> int | None:
        """The moment of the next fact, or ``None``."""

    def forget(self, execution: Execution) -> None:
        """Drop what is kept about an execution."""
