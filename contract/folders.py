"""The contract as folders of requests that run one after another, each folder by itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from calls import AROUND, BEGIN, END, LEFT_OUT, ON_PURPOSE, TITLES, Around, Call
from checks import ANY, usual_checks
from operations import Operation, read_operations
from stories import STORIES, Story

Json = Any

FROM_THE_START = frozenset({"sandbox", "password"})
"""Variables that a collection has before its first call."""

USER = "Authorization"
"""The header that says which user asks; the contract has it as a way to say so, not as a parameter."""

OLD_ETAG = '"0-0"'
"""Of a revision before the first one."""

PROBLEM = "application/problem+json"
JSON_TYPES = ("application/json", PROBLEM)


class BadCall(Exception):
    """A call asks for what the contract does not have."""


@dataclass(frozen=True)
class Step:
    """A call, and the operation that it calls."""

    call: Call
    operation: Operation

    @property
    def name(self) -> str:
        """What the request is called."""
        return self.call.says or self.operation.title

    @property
    def status(self) -> int:
        """The status that is expected."""
        return self.call.status or self.operation.usual_status

    @cached_property
    def body(self) -> Json:
        """What is sent; ``None`` without a body."""
        return self.operation.body_example if self.call.body is None else self.call.body

    @cached_property
    def answer(self) -> Mapping[str, Json]:
        """What the contract says of the answer."""
        # That of a status which no operation lists is the one of all errors.
        return self.operation.answer(0 if self.is_asked_for else self.status) or {}

    @property
    def is_asked_for(self) -> bool:
        """Whether a rule or the request itself asks for the error: such a one may be any."""
        return "Prefer" in self.call.given or "$response.header.X-Understudy-Rule" in self.call.checks

    @cached_property
    def answer_type(self) -> str:
        """The media type that is expected; empty if there is no body, or if it may be any."""
        found = next(iter(self.answer.get("content", {})), "")
        return "" if found == "*/*" else found

    @cached_property
    def answer_schema(self) -> Json:
        """The schema of the answer; ``None`` if it is not JSON."""
        return self.answer["content"][self.answer_type]["schema"] if self.answer_type in JSON_TYPES else None

    @cached_property
    def given(self) -> dict[str, str]:
        """The parameters that are sent, by name."""
        carried = {name: f"{{{{{name}}}}}" for name in self.operation.variables}
        sandbox = {"X-Sandbox": "{{sandbox}}"} if self.operation.parameter("X-Sandbox") else {}
        # Where the contract knows several media types, the first one is asked for.
        accept = {"Accept": self.answer_type} if len(self.answer.get("content", {})) > 1 else {}
        return carried | sandbox | accept | dict(self.call.given)

    @cached_property
    def kept(self) -> dict[str, str]:
        """Runtime expressions of what is carried on, by variable."""
        return self.operation.makes(self.status) | dict(self.call.keep)

    @cached_property
    def checks(self) -> dict[str, Json]:
        """What the answer must say, by runtime expression."""
        return usual_checks(self.operation, self.status, self.body) | dict(self.call.checks)

    @cached_property
    def needed(self) -> set[str]:
        """The variables that it uses."""
        return set(re.findall(r"{{(\w+)}}", json.dumps([self.body, self.given])))

    def optional(self, place: str) -> Iterator[Mapping[str, Json]]:
        """The parameters in ``query`` or ``header`` that the contract knows and that are not sent.

        Those that every request takes are among them only where one of them is sent.
        """
        hidden = () if set(ON_PURPOSE) & set(self.given) else ON_PURPOSE
        for parameter in self.operation.parameters:
            if parameter["in"] == place and parameter["name"] not in (*self.given, *hidden):
                yield parameter

    def sent(self, place: str) -> Iterator[tuple[str, str]]:
        """The parameters in ``query`` or ``header`` that are sent."""
        for name, value in self.given.items():
            parameter = self.operation.parameter(name) or {"in": "header"}
            if parameter["in"] == place:
                yield name, value


@dataclass(frozen=True)
class Folder:
    """Requests that run in their order, in a sandbox of their own."""

    name: str
    description: str
    steps: tuple[Step, ...] = ()
    folders: tuple[Folder, ...] = ()


def make_folders(document: Mapping[str, Json], stories: Iterable[Story] = STORIES) -> list[Folder]:
    """A folder for every tag, and one with the stories.

    :raises BadCall: if a call does not fit the contract.
    """
    operations = read_operations(document)
    unknown = (set(LEFT_OUT) | set(AROUND)) - set(operations)
    if unknown:
        raise BadCall(f"There is no operation {', '.join(sorted(unknown))}.")
    tags = [_TagFolder(tag, operations).folder() for tag in document["tags"]]
    told = tuple(_tell(story, operations) for story in stories)
    about = "What people come for, from the beginning to the end."
    return [*(folder for folder in tags if folder.steps), Folder("Stories", about, folders=told)]


def title(tag: str) -> str:
    """What a folder is called."""
    return TITLES.get(tag, tag.replace("_", " ").capitalize())


def all_steps(folders: Iterable[Folder]) -> Iterator[Step]:
    """Every step, in order."""
    for folder in folders:
        yield from folder.steps
        yield from all_steps(folder.folders)


def _tell(story: Story, operations: Mapping[str, Operation]) -> Folder:
    known = set(FROM_THE_START)
    steps = []
    for call in story.calls:
        step = make_step(call, operations)
        if missing := step.needed - known:
            raise BadCall(f"{story.name}, {step.name}: nothing before it tells {', '.join(sorted(missing))}.")
        known |= set(step.kept)
        steps.append(step)
    return Folder(story.name, story.description, tuple(steps))


def make_step(call: Call, operations: Mapping[str, Operation]) -> Step:
    """A call with its operation.

    :raises BadCall: if the contract does not have the operation, a parameter, the body or the status.
    """
    if call.operation not in operations or call.operation in LEFT_OUT:
        raise BadCall(f"There is no operation {call.operation} to call.")
    step = Step(call, operations[call.operation])
    for name in call.given:
        if not step.operation.parameter(name) and not (name == USER and step.operation.takes_user):
            raise BadCall(f"{call.operation} has no parameter {name}.")
    if call.body is not None and not step.operation.body_type:
        raise BadCall(f"{call.operation} has no body.")
    if not step.answer:
        raise BadCall(f"{call.operation} is never answered with {step.status}.")
    for expression in [*call.keep.values(), *call.checks]:
        if not re.match(r"\$response\.(body(#(/[^/]+)+)?|header\.[\w-]+)$", expression):
            raise BadCall(f"{call.operation}: {expression} is no runtime expression for an answer.")
    return step


class _TagFolder:
    """Collects what the operations of a tag need, call, and leave behind."""

    def __init__(self, tag: Mapping[str, str], operations: Mapping[str, Operation]) -> None:
        self._tag = tag
        self._operations = operations
        self._known = set(FROM_THE_START)
        self._steps: list[Step] = []

    def folder(self) -> Folder:
        """The folder with all steps; none if the tag has only operations that are left out."""
        mine = [each for each in self._operations.values() if each.tag == self._tag["name"]]
        # Lists come when there is something to list. What deletes comes last, and of that what lies deeper first.
        for operation in sorted(mine, key=lambda each: (each.method == "DELETE", bool(each.first_item))):
            if operation.name not in LEFT_OUT:
                self._call(operation)
        return Folder(title(self._tag["name"]), self._tag["description"], tuple(self._in_a_sandbox()))

    def _in_a_sandbox(self) -> list[Step]:
        if not any("sandbox" in step.needed for step in self._steps):
            return self._steps
        begin, end = (make_step(call, self._operations) for call in (BEGIN, END))
        last = self._steps[-1]
        ends_itself = last.operation is end.operation and last.given == end.given
        return [begin, *self._steps] if ends_itself else [begin, *self._steps, end]

    def _call(self, operation: Operation) -> None:
        around = AROUND.get(operation.name, Around(Call(operation.name)))
        for call in around.before:
            self._add(call)
        some = {operation.first_item: ANY} if operation.first_item else {}
        self._add(replace(around.call, checks=some | dict(around.call.checks)))
        self._refusals(self._steps[-1])
        for call in around.after:
            self._add(call)

    def _add(self, call: Call) -> None:
        step = make_step(call, self._operations)
        for variable in sorted(step.needed - self._known, key=_depth(step)):
            if variable not in self._known:
                self._make(variable)
        self._steps.append(step)
        self._known |= set(step.kept)
        if step.operation.method == "DELETE":
            self._known -= set(step.operation.variables[-1:]) - FROM_THE_START

    def _make(self, variable: str) -> None:
        """First call the operation that makes something with this id."""
        for operation in self._operations.values():
            if variable in operation.makes(operation.usual_status) and variable not in operation.variables:
                call = AROUND.get(operation.name, Around(Call(operation.name))).call
                self._add(replace(call, says=f"First: {operation.title.lower()}"))
                return
        raise BadCall(f"Nothing in the contract tells {variable}: say it in calls.py.")

    def _refusals(self, step: Step) -> None:
        """Ask once for what is not there, and once with an ETag that is out of date."""
        operation = step.operation
        if operation.method == "GET" and operation.variables and "404" in operation.told["responses"]:
            self._add(_refused(step, "there is none", {operation.variables[-1]: "missing"}, 404))
        if operation.method != "GET" and operation.parameter("If-Match") and operation.method != "DELETE":
            self._add(_refused(step, "too late", {"If-Match": OLD_ETAG}, 412))


def _refused(step: Step, why: str, given: Mapping[str, str], status: int) -> Call:
    call = step.call
    is_problem = PROBLEM in (step.operation.answer(status) or {}).get("content", {})
    # Errors at the doors of other backends have another form, which the schema looks at.
    checks = {"$response.body#/status": status} if is_problem else {}
    says = f"{step.name}: {why}"
    return replace(call, says=says, given={**call.given, **given}, status=status, keep={}, checks=checks)


def _depth(step: Step) -> Any:
    """Variables in the order of the address, those of the body after them."""
    order = [*step.operation.variables]
    return lambda name: (order.index(name) if name in order else len(order), name)
