"""Numbers as snapshots hold them, and what is asked of those that are read: a stranger may have written them."""

from __future__ import annotations

from typing import Annotated

import msgspec

from ..moments import LAST_MOMENT

_LARGEST = 1 << 62

Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
"""A whole number, small enough for any reader of JSON."""
Place = Count
"""The place of a value in a pool, or of a thing in a list."""
Ports = dict[str, list[Place]]
"""The places of values that arrived at ports."""
Moment = Annotated[int, msgspec.Meta(ge=-LAST_MOMENT // 1000, le=LAST_MOMENT)]
"""A moment in microseconds; a clock never gets past the last one."""
Due = Annotated[int, msgspec.Meta(ge=0, le=_LARGEST)]
"""When something is to happen, in microseconds since its execution started; it may lie where no clock gets."""
Offset = Annotated[int, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)]
"""How far one number is from another."""


def must(fits: bool, message: str) -> None:
    """Refuse what does not fit.

    :raises ValueError: with the message.
    """
    if not fits:
        raise ValueError(message)
