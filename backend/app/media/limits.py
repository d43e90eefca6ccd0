"""What the media room takes, and the shape by which it knows a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask of this machine."""

    max_pixels: int = 50_000_000
    """Width times height of an image; one frame of it takes up to four bytes a pixel when it is decoded."""


DEFAULT_LIMITS = Limits()


class Described(Protocol):
    """What is known about a file's bytes: a `Description`, a stored `File`, or a node's view of one."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def content_type(self) -> str: ...

    @property
    def metadata(self) -> dict[str, Any]: ...
