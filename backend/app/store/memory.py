"""The store that keeps everything in memory: a fake that is the real thing."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Any, Generic, Protocol, TypeVar

from ..errors import NotFound
from ..models.event import Event, Record
from ..models.execution import Execution
from ..models.file import File
from ..models.template import Template
from ..models.workflow import Workflow


class _Thing(Protocol):
    id: str


T = TypeVar("T", bound=_Thing)


class MemoryRepository(Generic[T]):
    """Things by id, in the order in which they came."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._things: dict[str, T] = {}

    def add(self, thing: T) -> None:
        """Keep a thing under its id."""
        self._things[thing.id] = thing

    def get(self, key: str) -> T:
        """The thing with this id.

        :raises NotFound: if there is none.
        """
        thing = self._things.get(key)
        if thing is None:
            raise NotFound(self.kind, key)
        return thing

    def find(self, key: str) -> T | None:
        """The thing with this id, or ``None``."""
        return self._things.get(key)

    def remove(self, key: str) -> T:
        """Take a thing out and give it back.

        :raises NotFound: if there is none.
        """
        thing = self.get(key)
        del self._things[key]
        return thing

    def clear(self) -> None:
        """Let go of everything."""
        self._things.clear()

    def __iter__(self) -> Iterator[T]:
        return iter(self._things.values())

    def __reversed__(self) -> Iterator[T]:
        return reversed(self._things.values())

    def __len__(self) -> int:
        return len(self._things)


class MemoryWorkflows(MemoryRepository[Workflow]):
    """The workflows, with an index by the time of their last change."""

    def __init__(self) -> None:
        super().__init__("workflow")
        self._by_change: list[tuple[int, int, str]] = []

    def add(self, thing: Workflow) -> None:
        """Keep a workflow."""
        super().add(thing)
        insort(self._by_change, _place(thing, thing.updated_at))

    def remove(self, key: str) -> Workflow:
        """Take a workflow out and give it back."""
        workflow = super().remove(key)
        self._drop(workflow, workflow.updated_at)
        return workflow

    def clear(self) -> None:
        """Let go of everything."""
        super().clear()
        self._by_change.clear()

    def moved(self, workflow: Workflow, before: int) -> None:
        """Note that ``updated_at`` of a workflow was another moment before."""
        self._drop(workflow, before)
        insort(self._by_change, _place(workflow, workflow.updated_at))

    def newest(self, start: int, stop: int) -> list[Workflow]:
        """A slice of the workflows, the last changed first."""
        count = len(self._by_change)
        places = self._by_change[max(count - stop, 0) : max(count - start, 0)]
        return [self._things[key] for _, _, key in reversed(places)]

    def _drop(self, workflow: Workflow, moment: int) -> None:
        place = _place(workflow, moment)
        del self._by_change[bisect_left(self._by_change, place)]


class MemoryLog:
    """Every event of a sandbox; the oldest are forgotten when there are too many."""

    def __init__(self, most: int) -> None:
        self.cursor = 0
        self._most = most
        self._records: deque[Record] = deque(maxlen=most)

    def append(self, execution: Execution, kind: str, at: int, subject: Any, detail: Any) -> None:
        """Note an event in its execution's log and in the sandbox's; `Event` says what the parts are."""
        cursor = self.cursor = self.cursor + 1
        records = execution.events.records
        record = (kind, at, subject, detail, execution, len(records) + 1, cursor)
        records.append(record)
        self._records.append(record)

    def after(self, cursor: int) -> list[Event]:
        """The events with a higher cursor, oldest first; those of executions that were removed are left out."""
        oldest = max(cursor, self.cursor - self._most)
        newest = takewhile(lambda record: _cursor(record) > oldest, reversed(self._records))
        return [Event(*record) for record in newest if record[4].events.records][::-1]

    def restore(self, executions: Iterable[Execution], cursor: int) -> None:
        """Begin with the events of these executions, and go on counting from a cursor."""
        self.cursor = cursor
        oldest = cursor - self._most
        records = [record for one in executions for record in one.events.records if _cursor(record) > oldest]
        self._records.extend(sorted(records, key=_cursor))

    def clear(self) -> None:
        """Forget every event."""
        self._records.clear()


class MemoryStore:
    """All that one sandbox holds."""

    def __init__(self, max_events: int = 500_000) -> None:
        self.workflows = MemoryWorkflows()
        self.executions: MemoryRepository[Execution] = MemoryRepository("execution")
        self.templates: MemoryRepository[Template] = MemoryRepository("template")
        self.files: MemoryRepository[File] = MemoryRepository("file")
        self.log = MemoryLog(max_events)
        self.values: dict[str, dict[str, Any]] = {}
        self._by_workflow: dict[str, dict[str, Execution]] = {}

    def add_execution(self, execution: Execution) -> None:
        """Keep an execution, and know it by its workflow."""
        self.executions.add(execution)
        self._by_workflow.setdefault(execution.workflow_id, {})[execution.id] = execution

    def remove_execution(self, execution: Execution) -> None:
        """Forget an execution."""
        self.executions.remove(execution.id)
        others = self._by_workflow[execution.workflow_id]
        del others[execution.id]
        if not others:
            del self._by_workflow[execution.workflow_id]
        # Its records refer back to it, and a server that hardly ever looks for such rings would keep both for good.
        execution.events.records.clear()

    def executions_of(self, workflow_id: str) -> list[Execution]:
        """The executions of a workflow, oldest first."""
        return list(self._by_workflow.get(workflow_id, {}).values())

    def clear(self) -> None:
        """Let go of everything, and of what refers back to what holds it."""
        for execution in self.executions:
            execution.events.records.clear()
        self.log.clear()
        for shelf in (self.workflows, self.executions, self.templates, self.files):
            shelf.clear()
        self._by_workflow.clear()


def _cursor(record: Record) -> int:
    return record[6]


def _place(workflow: Workflow, moment: int) -> tuple[int, int, str]:
    return (moment, workflow.number, workflow.id)
