"""Where things are kept: the two protocols that every store fulfils."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, TypeVar

from ..models.event import Change, Event, Record
from ..models.execution import Execution
from ..models.file import File
from ..models.template import Template
from ..models.workflow import Workflow

T = TypeVar("T")


class Repository(Protocol[T]):
    """Things of one kind by their id, in the order in which they came."""

    kind: str

    def add(self, thing: T) -> None: ...

    def get(self, key: str) -> T:
        """:raises NotFound: if there is none."""

    def find(self, key: str) -> T | None: ...

    def remove(self, key: str) -> T:
        """:raises NotFound: if there is none."""

    def __iter__(self) -> Iterator[T]: ...

    def __len__(self) -> int: ...


class Workflows(Repository[Workflow], Protocol):
    """The workflows, which also know who changed last."""

    def moved(self, workflow: Workflow, before: int) -> None:
        """Note that ``updated_at`` of a workflow was another moment before."""

    def newest(self, start: int, stop: int) -> list[Workflow]:
        """A slice of the workflows, the last changed first; this does not get slower as they get more."""


class EventLog(Protocol):
    """Every event of a sandbox in the order in which it happened."""

    cursor: int

    @property
    def forgotten(self) -> int:
        """The highest cursor that is not kept any more, since there were too many; 0 if there is none."""

    def append(self, execution: Execution, kind: str, at: int, subject: Any, detail: Any) -> None: ...

    def append_change(self, change: Change, at: int) -> None: ...

    def after(self, cursor: int, limit: int | None = None) -> list[Event]:
        """The events with a higher cursor, oldest first; those of executions that were removed are left out.

        :param limit: give at most so many, the oldest.
        """

    def changes(self) -> dict[int, list[Record]]:
        """The changes of workflows, oldest first, in blocks that are few and small; a block only grows at its end."""

    def restore(self, executions: Iterable[Execution], changes: Iterable[Record], cursor: int) -> None:
        """Begin with the events of these executions and these changes, and go on counting from a cursor."""


class Store(Protocol):
    """All that one sandbox holds."""

    @property
    def workflows(self) -> Workflows: ...

    @property
    def executions(self) -> Repository[Execution]: ...

    @property
    def templates(self) -> Repository[Template]: ...

    @property
    def files(self) -> Repository[File]: ...

    @property
    def log(self) -> EventLog: ...

    values: dict[str, dict[str, Any]]
    """What key-value nodes keep: by namespace, then by key."""

    def executions_of(self, workflow_id: str) -> list[Execution]:
        """The executions of a workflow, oldest first."""

    def add_execution(self, execution: Execution) -> None:
        """Keep an execution, and know it by its workflow."""

    def remove_execution(self, execution: Execution) -> None:
        """Forget an execution."""

    def clear(self) -> None:
        """Let go of everything; the store is not used any more."""
