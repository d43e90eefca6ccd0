"""Another door to the same house: what the API of another backend looks like where ours would look different."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response

from .problem import Problem

Json = Any


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """What is said once of all URLs of a dialect."""

    name: str
    """The tag of its operations, and the name of its folder: ``django_flows``."""
    title: str
    about: str
    """What it stands in for, in a sentence."""
    prefix: str
    """Where its URLs begin, such as ``/api/flows``: errors have its shape at whatever begins so."""
    answer: Callable[[Problem], Response]
    """Gives a problem, which has the status of this door by then, the shape that errors have there."""
    error: Json
    """The JSON Schema of its errors."""
    content_type: str = "application/json"
    """That of its errors."""
    statuses: Mapping[int | str, int] = field(default_factory=dict)
    """By status of ours, or by code, which goes first: the status of this door, where it has another one."""
    variables: Mapping[str, tuple[str, Json]] = field(default_factory=dict)
    """By name: what a variable of its addresses means, and the JSON Schema of it."""
    holders: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the schema of an answer: which variables of its addresses that tells, as links of OpenAPI have it."""

    @property
    def error_name(self) -> str:
        """What the schema of its errors is called: ``DjangoFlowsError``."""
        return "".join(word.capitalize() for word in self.name.split("_")) + "Error"

    def status_of(self, code: str, status: int) -> int:
        """The status with which this door tells of a problem that has this code and this status with us."""
        return self.statuses.get(code, self.statuses.get(status, status))

    def covers(self, path: str) -> bool:
        """Whether a path of the application lies behind this door."""
        return path == self.prefix or path.startswith(f"{self.prefix}/")
