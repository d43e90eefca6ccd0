"""Snapshots: one sandbox as JSON, in the middle of whatever is going on; this is the shape of it.

What goes on afterwards goes on in the same way: a snapshot holds the values that were made, and what lies in the
future. It leaves out what can be derived (plans, rendered documents, thumbnails) and where it was (the name of the
sandbox, real time), so that the same state is the same bytes.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec

from ..config import MOST_RATE
from ..engine.stage_state import StageState
from ..errors import InvalidInput
from ..models.written import Count, Moment
from ..store.account_parts import ApiKeyPart, LoginPart, UserPart
from ..store.parts import (
    ChangePart,
    ExecutionPart,
    FilePart,
    Line,
    Part,
    SchedulePart,
    TemplatePart,
    VersionPart,
    WorkflowPart,
)

FORMAT = "understudy-snapshot"
FORMAT_VERSION = 1
"""The version that is written, and the only one that is read."""


class ReplyPart(Part):
    """An answer that is kept for its ``Idempotency-Key``."""

    key: list[str]
    fingerprint: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{2})*\Z")]
    """In hex."""
    status: Annotated[int, msgspec.Meta(ge=100, le=599)]
    body: bytes
    headers: list[tuple[Line, Line]]


class SandboxPart(Part):
    """What a sandbox has beside what it keeps."""

    seed: Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
    scenario: str
    pace: Literal["real", "fast", "stopped", "instant", "auto"]
    rate: Annotated[float, msgspec.Meta(gt=0, le=MOST_RATE)]
    """That of pace ``fast``."""
    now: Moment
    """Where its clock stands, in microseconds."""
    counters: dict[str, Count]
    cursor: Count
    untold: tuple[Count, Count]
    failures: bool
    values: dict[str, dict[str, Any]]
    node_types: list[Any]
    registry_version: Count
    replies: list[ReplyPart]
    faults: Any
    windows: dict[str, tuple[Count, Moment]] = {}
    """By rate limit and by who it is for: how many requests there were, and when they are forgotten."""
    due_count: Count = 0
    """How often schedules have been due since one was last made or changed."""


class LivePart(ExecutionPart, kw_only=True):
    """An execution, with its stage if it is under way."""

    stage: StageState | None
    files: list[str]
    """Ids of the files that it was given, as long as it is under way."""
    deleted_files: list[FilePart]
    """Those that are not among the files of the sandbox any more."""


class Snapshot(Part):
    """A whole sandbox."""

    format: str
    version: int
    understudy: str
    """The version of the server that wrote it."""
    sandbox: SandboxPart
    workflows: list[WorkflowPart]
    templates: list[TemplatePart]
    files: list[FilePart]
    executions: list[LivePart]
    changes: list[ChangePart] = []
    """Those of workflows that the log tells of; a snapshot from before there were such events has none."""
    schedules: list[SchedulePart] = []
    versions: list[VersionPart] = []
    """Those of workflows before the present ones, of each workflow the oldest first."""
    users: list[UserPart] | None = None
    """``None`` in a snapshot from before there were users: then it gets those that every sandbox has."""
    logins: list[LoginPart] = []
    api_keys: list[ApiKeyPart] = []


def broken(place: str, told: str) -> InvalidInput:
    """What is said of a snapshot that does not fit at some place.

    :param place: as msgspec writes it, such as ``$.executions[0].id``.
    """
    steps = re.findall(r"[^.\[\]]+", place.removeprefix("$"))
    culprit = {"pointer": "".join(f"/{step}" for step in steps), "message": told}
    return InvalidInput(f"The snapshot is broken at {place}: {told}.", [culprit], code="broken_snapshot")
