"""A request that was made, as the request log keeps it."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..moments import iso


class Request(NamedTuple):
    """One request, and its answer."""

    at: int
    """The virtual moment at which it was answered, in microseconds."""
    method: str
    path: str
    """Without the prefix of the sandbox."""
    query: str
    status: int | None
    """``None``: the connection was broken on purpose, and nothing was answered."""
    ms: float
    """Real milliseconds until the answer, the delays of faults among them."""
    rule: str | None
    """The rule that bent it."""

    def as_dict(self) -> dict[str, Any]:
        """The request as the control API shows it."""
        return {**self._asdict(), "at": iso(self.at), "ms": round(self.ms, 3)}
