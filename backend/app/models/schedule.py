"""A schedule: when a workflow is executed without anybody asking for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from ..moments import iso

Json = Any

LONGEST_INTERVAL = 315_360_000
"""Ten years, in seconds."""


@dataclass(slots=True)
class Schedule:
    """One rule by which executions of a workflow begin, and what became of it until now.

    Moments are in microseconds of virtual time.
    """

    id: str
    number: int
    """Counts the schedules of a sandbox from 1: at one moment, the older one goes first."""
    workflow_id: str
    name: str
    cron: str | None
    """``None`` if it goes by an interval."""
    timezone: str
    """In which the cron expression is read."""
    interval_seconds: int | None
    """``None`` if it goes by a cron expression."""
    enabled: bool
    node_id: str | None
    """The trigger at which executions begin; ``None`` for the whole workflow."""
    input: Json
    next_at: int | None
    """``None`` if it is not enabled, and if it never comes again."""
    created_at: int
    updated_at: int
    last_at: int | None = None
    last_execution_id: str | None = None
    last_error: dict[str, str] | None = None
    """Why nothing began the last time: ``{code, message}``."""
    fired: int = 0
    """How many executions it has created."""
    missed: int = 0
    """How many times it was due and created none."""

    @property
    def mode(self) -> Literal["cron", "interval"]:
        """By what it goes."""
        return "interval" if self.cron is None else "cron"

    @property
    def rule(self) -> tuple[str | None, str, int | None]:
        """What its moments follow from."""
        return (self.cron, self.timezone if self.cron else "", self.interval_seconds)

    def as_dict(self) -> dict[str, Json]:
        """The schedule as the API shows it."""
        return {
            "id": self.id,
            "workflow_id": self.workflow_id,
            "name": self.name,
            "mode": self.mode,
            "cron": self.cron,
            "timezone": self.timezone,
            "interval_seconds": self.interval_seconds,
            "enabled": self.enabled,
            "node_id": self.node_id,
            "input": self.input,
            "next_at": _shown(self.next_at),
            "last_at": _shown(self.last_at),
            "last_execution_id": self.last_execution_id,
            "last_error": self.last_error,
            "fired": self.fired,
            "missed": self.missed,
            "created_at": iso(self.created_at),
            "updated_at": iso(self.updated_at),
        }


def _shown(moment: int | None) -> str | None:
    return None if moment is None else iso(moment)
