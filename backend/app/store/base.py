"""Where things are kept: the two protocols that every store fulfils."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Protocol, TypeVar

from ..models.api_key import ApiKey
from ..models.event import Change, Event, Record
from ..models.execution import Execution
from ..models.file import File
from ..models.login import Login
from ..models.schedule import Schedule
from ..models.template import Template
from ..models.user import User
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


class Numbered(Repository[T], Protocol):
    """Things that also have a number, which never changes."""

    def numbered(self, number: int) -> T:
        """The thing with this number.

        :raises NotFound: if there is none.
        """


class Workflows(Numbered[Workflow], Protocol):
    """The workflows, which also know who changed last."""

    def moved(self, workflow: Workflow, before: int) -> None:
        """Note that ``updated_at`` of a workflow was another moment before."""

    def newest(self, start: int, stop: int) -> list[Workflow]:
        """A slice of the workflows, the last changed first; this does not get slower as they get more."""


class Schedules(Repository[Schedule], Protocol):
    """The schedules, which also know who is next."""

    due_count: int
    """How often any of them has been due since one was last made or changed."""
    next_due: int | None
    """The moment at which the next one is due; it is no function, since every turn asks for it."""

    def due_at(self, moment: int) -> list[Schedule]:
        """Those that are due at a moment, or were before, oldest first."""

    def moved(self, schedule: Schedule, before: int | None) -> None:
        """Note that ``next_at`` of a schedule was another moment before."""

    def of(self, workflow_id: str) -> list[Schedule]:
        """The schedules of a workflow, oldest first."""


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
    def executions(self) -> Numbered[Execution]: ...

    @property
    def templates(self) -> Repository[Template]: ...

    @property
    def files(self) -> Repository[File]: ...

    @property
    def users(self) -> Numbered[User]: ...

    @property
    def api_keys(self) -> Repository[ApiKey]: ...

    @property
    def schedules(self) -> Schedules: ...

    @property
    def log(self) -> EventLog: ...

    logins: dict[str, Login]
    """By id, the oldest first."""
    values: dict[str, dict[str, Any]]
    """What key-value nodes keep: by namespace, then by key."""

    def executions_of(self, workflow_id: str) -> list[Execution]:
        """The executions of a workflow, oldest first."""

    def under_way(self, workflow_id: str) -> Collection[Execution]:
        """The executions of a workflow that have not ended and are no part of others, oldest first."""

    def add_execution(self, execution: Execution) -> None:
        """Keep an execution, and know it by its workflow."""

    def end_execution(self, execution: Execution) -> None:
        """Note that an execution has ended."""

    def remove_execution(self, execution: Execution) -> None:
        """Forget an execution."""

    def clear(self) -> None:
        """Let go of everything; the store is not used any more."""
