"""What an execution carries: about the bytes that its nodes give and get, and how much of that there may be."""

from __future__ import annotations

from collections.abc import Iterable

from ..errors import NodeFailure
from ..nodes.base import Json
from ..nodes.weight import Scale

Fault = dict[str, Json]
"""Why it is too much, as an error is shown: ``{code, message}``."""


class Load:
    """Counts the bytes of one execution."""

    def __init__(self, max_output_bytes: int, max_execution_bytes: int) -> None:
        """:param max_output_bytes: what one node may give.
        :param max_execution_bytes: what all may give and get.
        """
        self.carried = 0
        self._scale = Scale(max_execution_bytes)
        self._max_output_bytes = max_output_bytes
        self._max_execution_bytes = max_execution_bytes

    def fault_of(self, outputs: Iterable[Json]) -> Fault | None:
        """Why what a node gives cannot be taken; ``None`` if it can."""
        try:
            weight = sum(map(self._scale.weigh, outputs))
        except NodeFailure as failure:
            return failure.as_dict()
        if weight <= self._max_output_bytes:
            return None
        message = f"It gives more than {self._max_output_bytes:,} bytes (setting max_output_bytes)."
        return {"code": "output_too_large", "message": message}

    def add(self, values: Iterable[Json], copies: int) -> Fault | None:
        """Add values that are given to so many; tells why that is too much, if it is."""
        try:
            self.carried += sum(map(self._scale.weigh, values)) * copies
        except NodeFailure as failure:
            return failure.as_dict()
        if self.carried <= self._max_execution_bytes:
            return None
        message = f"Its nodes give and get more than {self._max_execution_bytes:,} bytes (setting max_execution_bytes)."
        return {"code": "execution_too_large", "message": message}
