"""The store that keeps everything in memory: a fake that is the real thing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from ..errors import NotFound
from ..models.api_key import ApiKey
from ..models.event import Change, Event, Record, WorkflowChanged
from ..models.execution import Execution
from ..models.file import File
from ..models.login import Login
from ..models.schedule import Schedule
from ..models.template import Template
from ..models.user import User
from ..models.workflow import Workflow


class _Thing(Protocol):
    id: str


class _NumberedThing(_Thing, Protocol):
    number: int


T = TypeVar("T", bound=_Thing)
N = TypeVar("N", bound=_NumberedThing)

_BLOCK = 256
"""Cursors of a block of changes."""


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


class MemoryNumbered(MemoryRepository[N]):
    """Things that are found by their number, too."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self._by_number: dict[int, N] = {}

    def add(self, thing: N) -> None:
        """Keep a thing under its id and its number."""
        super().add(thing)
        self._by_number[thing.number] = thing

    def numbered(self, number: int) -> N:
        """The thing with this number.

        :raises NotFound: if there is none.
        """
        thing = self._by_number.get(number)
        if thing is None:
            raise NotFound(self.kind, str(number))
        return thing

    def remove(self, key: str) -> N:
        """Take a thing out and give it back."""
        thing = super().remove(key)
        del self._by_number[thing.number]
        return thing

    def clear(self) -> None:
        """Let go of everything."""
        super().clear()
        self._by_number.clear()


class MemoryWorkflows(MemoryNumbered[Workflow]):
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


class MemorySchedules(MemoryRepository[Schedule]):
    """The schedules, with an index by the moment at which they are due."""

    def __init__(self) -> None:
        super().__init__("schedule")
        self.due_count = 0
        """How often any of them has been due since one was last made or changed."""
        self.next_due: int | None = None
        """The moment at which the next one is due; it is no function, since every turn asks for it."""
        self._by_moment: list[tuple[int, int, str]] = []

    def add(self, thing: Schedule) -> None:
        """Keep a schedule."""
        super().add(thing)
        self._note(thing)

    def remove(self, key: str) -> Schedule:
        """Take a schedule out and give it back."""
        schedule = super().remove(key)
        self._drop(schedule, schedule.next_at)
        return schedule

    def clear(self) -> None:
        """Let go of everything."""
        super().clear()
        self.due_count = 0
        self._by_moment.clear()
        self.next_due = None

    def due_at(self, moment: int) -> list[Schedule]:
        """Those that are due at a moment, or were before, oldest first."""
        places = self._by_moment[: bisect_left(self._by_moment, (moment + 1,))]
        return [self._things[key] for _, _, key in places]

    def moved(self, schedule: Schedule, before: int | None) -> None:
        """Note that ``next_at`` of a schedule was another moment before."""
        self._drop(schedule, before)
        self._note(schedule)

    def of(self, workflow_id: str) -> list[Schedule]:
        """The schedules of a workflow, oldest first."""
        return [schedule for schedule in self if schedule.workflow_id == workflow_id]

    def _note(self, schedule: Schedule) -> None:
        if schedule.next_at is not None:
            insort(self._by_moment, (schedule.next_at, schedule.number, schedule.id))
            self._look()

    def _drop(self, schedule: Schedule, moment: int | None) -> None:
        if moment is not None:
            del self._by_moment[bisect_left(self._by_moment, (moment, schedule.number, schedule.id))]
            self._look()

    def _look(self) -> None:
        self.next_due = self._by_moment[0][0] if self._by_moment else None


class MemoryLog:
    """Every event of a sandbox; the oldest are forgotten when there are too many."""

    def __init__(self, most: int) -> None:
        self.cursor = 0
        self._most = most
        # Taking out the oldest one by one would be dear, so that a few more are there for a while; nobody sees them.
        self._room = most + most // 64
        self._records: list[Record] = []
        self._changes: dict[int, list[Record]] = {}

    @property
    def forgotten(self) -> int:
        """The highest cursor that is not kept any more, since there were too many; 0 if there is none."""
        return max(self.cursor - self._most, 0)

    def append(self, execution: Execution, kind: str, at: int, subject: Any, detail: Any) -> None:
        """Note an event in its execution's log and in the sandbox's; `Event` says what the parts are."""
        cursor = self.cursor = self.cursor + 1
        records = execution.events.records
        record = (kind, at, subject, detail, execution, len(records) + 1, cursor)
        records.append(record)
        self._records.append(record)
        if len(self._records) > self._room:
            self._trim()

    def append_change(self, change: Change, at: int) -> None:
        """Note that a workflow was changed."""
        cursor = self.cursor = self.cursor + 1
        record = (WorkflowChanged, at, change, None, None, 0, cursor)
        self._keep_change(record)
        self._records.append(record)
        if len(self._records) > self._room:
            self._trim()

    def after(self, cursor: int, limit: int | None = None) -> list[Event]:
        """The events with a higher cursor, oldest first; those of executions that were removed are left out.

        :param limit: give at most so many, the oldest.
        """
        if cursor >= self.cursor:
            return []
        records = self._records
        start = bisect_right(records, max(cursor, self.forgotten), key=_cursor)
        told = (records[place] for place in range(start, len(records)) if _is_told(records[place]))
        return [Event(*record) for record in islice(told, limit)]

    def changes(self) -> dict[int, list[Record]]:
        """The changes of workflows, oldest first, in blocks that are few and small; a block only grows at its end."""
        self._forget_changes()
        return self._changes

    def restore(self, executions: Iterable[Execution], changes: Iterable[Record], cursor: int) -> None:
        """Begin with the events of these executions and these changes, and go on counting from a cursor."""
        self.cursor = cursor
        oldest = self.forgotten
        changes = list(changes)
        for record in changes:
            self._keep_change(record)
        every = [record for one in executions for record in one.events.records] + changes
        self._records = sorted((record for record in every if _cursor(record) > oldest), key=_cursor)

    def clear(self) -> None:
        """Forget every event."""
        self._records.clear()
        self._changes.clear()

    def _trim(self) -> None:
        del self._records[: -self._most]

    def _keep_change(self, record: Record) -> None:
        self._changes.setdefault(_cursor(record) // _BLOCK, []).append(record)
        self._forget_changes()

    def _forget_changes(self) -> None:
        """Let go of blocks that are forgotten as a whole."""
        kept = (self.forgotten + 1) // _BLOCK
        while self._changes and (oldest := next(iter(self._changes))) < kept:
            del self._changes[oldest]


class MemoryStore:
    """All that one sandbox holds."""

    def __init__(self, max_events: int = 500_000) -> None:
        self.workflows = MemoryWorkflows()
        self.executions: MemoryNumbered[Execution] = MemoryNumbered("execution")
        self.templates: MemoryRepository[Template] = MemoryRepository("template")
        self.files: MemoryRepository[File] = MemoryRepository("file")
        self.users: MemoryNumbered[User] = MemoryNumbered("user")
        self.logins: dict[str, Login] = {}
        self.api_keys: MemoryRepository[ApiKey] = MemoryRepository("api_key")
        self.schedules = MemorySchedules()
        self.log = MemoryLog(max_events)
        self.values: dict[str, dict[str, Any]] = {}
        self._by_workflow: dict[str, dict[str, Execution]] = {}
        self._under_way: dict[str, dict[str, Execution]] = {}

    def add_execution(self, execution: Execution) -> None:
        """Keep an execution, and know it by its workflow."""
        self.executions.add(execution)
        self._by_workflow.setdefault(execution.workflow_id, {})[execution.id] = execution
        if execution.parent is None and not execution.is_final:
            self._under_way.setdefault(execution.workflow_id, {})[execution.id] = execution

    def end_execution(self, execution: Execution) -> None:
        """Note that an execution has ended."""
        others = self._under_way.get(execution.workflow_id, {})
        others.pop(execution.id, None)
        if not others:
            self._under_way.pop(execution.workflow_id, None)

    def remove_execution(self, execution: Execution) -> None:
        """Forget an execution."""
        self.executions.remove(execution.id)
        others = self._by_workflow[execution.workflow_id]
        del others[execution.id]
        if not others:
            del self._by_workflow[execution.workflow_id]
        self.end_execution(execution)
        # Its records refer back to it, and a server that hardly ever looks for such rings would keep both for good.
        execution.events.records.clear()

    def executions_of(self, workflow_id: str) -> list[Execution]:
        """The executions of a workflow, oldest first."""
        return list(self._by_workflow.get(workflow_id, {}).values())

    def under_way(self, workflow_id: str) -> Collection[Execution]:
        """The executions of a workflow that have not ended and are no part of others, oldest first."""
        return self._under_way.get(workflow_id, {}).values()

    def clear(self) -> None:
        """Let go of everything, and of what refers back to what holds it."""
        for execution in self.executions:
            execution.events.records.clear()
        self.log.clear()
        for shelf in (self.workflows, self.executions, self.templates, self.files, self.schedules):
            shelf.clear()
        for people in (self.users, self.logins, self.api_keys):
            people.clear()
        self._by_workflow.clear()
        self._under_way.clear()


def _cursor(record: Record) -> int:
    return record[6]


def _is_told(record: Record) -> bool:
    execution = record[4]
    return execution is None or bool(execution.events.records)


def _place(workflow: Workflow, moment: int) -> tuple[int, int, str]:
    return (moment, workflow.number, workflow.id)
