"""An error on its way to becoming an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Problem:
    """An error, before a door gives it its shape."""

    status: int
    code: str
    title: str
    detail: str
    errors: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    headers: list[tuple[str, str]] = field(default_factory=list)
    keeps_status: bool = False
    """Whether the caller or a rule asked for this status, which no door changes then."""

    def as_dict(self) -> dict[str, Any]:
        """The members of the problem; further ones never hide those that every problem has."""
        return {
            **self.extra,
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "errors": self.errors,
        }
