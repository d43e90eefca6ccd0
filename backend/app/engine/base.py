"""What an engine is: whoever carries out the machine's commands.

The simulated engine puts finished facts on an agenda in virtual time. A real one gives the same commands to real
workers. Services know this protocol and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from ..models.execution import Execution
from ..models.file import File
from ..models.pool import Pool
from ..models.user import ANYONE, Viewer
from ..models.workflow import Workflow


class Work(Protocol):
    """Something long that goes on outside of the sandbox's lock."""

    def done(self) -> bool: ...

    def cancel(self) -> bool: ...

    def result(self, timeout: float | None = None) -> Any: ...


T_co = TypeVar("T_co", covariant=True)


class Shelf(Protocol[T_co]):
    """Things of one kind, found by their id."""

    def find(self, key: str) -> T_co | None: ...


class FileShelf(Shelf[File], Protocol):
    """The files, to which nodes add theirs."""

    def add(self, thing: File) -> None: ...

    def __iter__(self) -> Iterator[File]: ...

    def __len__(self) -> int: ...


class Log(Protocol):
    """Where events are noted."""

    def append(self, execution: Execution, kind: str, at: int, subject: Any, detail: Any) -> None: ...


class Records(Protocol):
    """What an engine needs of the store that it is handed."""

    @property
    def workflows(self) -> Shelf[Workflow]: ...

    @property
    def executions(self) -> Shelf[Execution]: ...

    @property
    def files(self) -> FileShelf: ...

    @property
    def log(self) -> Log: ...

    @property
    def values(self) -> dict[str, dict[str, Any]]: ...

    def under_way(self, workflow_id: str) -> Collection[Execution]: ...

    def add_execution(self, execution: Execution) -> None: ...

    def end_execution(self, execution: Execution) -> None: ...


Submit = Callable[[Callable[[], Any]], Work]
"""Has a function run outside of the lock."""


Restore = Callable[[Execution, Any, Pool], None]
"""Takes in an execution, with what `Engine.capture` gave of it; it is in the store already."""


class Engine(Protocol):
    """Moves executions. Every call happens inside of a turn, and `at` is that turn's moment.

    An execution that waits for its turn begins at the very moment at which the one before it ends.
    """

    failures: bool
    """Whether nodes also fail by chance."""

    def create(
        self,
        workflow: Workflow,
        at: int,
        *,
        mode: str = "manual",
        input: Any = None,  # noqa: A002
        seed: int | None = None,
        mocks: dict[str, dict[str, Any]] | None = None,
        start_node: str | None = None,
        stop_node: str | None = None,
        parent: dict[str, str] | None = None,
        depth: int = 0,
        retry_of: str | None = None,
        files: Mapping[str, File] | None = None,
        viewer: Viewer = ANYONE,
    ) -> Execution:
        """A new execution, ``pending``, with its log begun.

        :param viewer: who starts it, and whose files and workflows its nodes reach therefore.
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

    def under_way(self) -> list[Work]:
        """All work that has not ended."""

    def next_due(self) -> int | None:
        """The moment of the next fact, or ``None``."""

    def next_due_of(self, counts: Callable[[Execution, Execution], bool]) -> int | None:
        """The same of the executions that count.

        :param counts: asked of an execution, and of the one that it is a part of, which may be itself.
        """

    def forget(self, execution: Execution) -> None:
        """Drop what is kept about an execution."""

    def capture(self, execution: Execution, pool: Pool) -> Any:
        """What is kept about an execution, as plain data with its values in a pool; ``None`` if that is nothing."""

    def stamp(self, execution: Execution) -> tuple[int, ...]:
        """Numbers that change whenever what `capture` gives could have."""

    def restorer(self) -> Restore:
        """What takes in executions that were captured, one after another."""

    def clear(self) -> None:
        """Let go of everything; the engine is not used any more."""
