"""Frames of animations, counted without decoding a pixel.

A tiny file can hold ten thousand frames of a large canvas, so only the blocks around the pixels are read here.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frames:
    """What an animation declares."""

    count: int
    duration_ms: int
    complete: bool = True
    """Whether the file reached its end."""


def read_frames(content: bytes, content_type: str) -> Frames | None:
    """The frames of a GIF, WebP or animated PNG; ``None`` for formats without an animation that is read here."""
    reader = _READERS.get(content_type)
    try:
        return reader(content) if reader else None
    except (struct.error, IndexError):
        return None


def _gif(content: bytes) -> Frames:
    """Blocks as in the GIF89a specification: 0x2C an image, 0x21 0xF9 the delay before the next, 0x3B the end."""
    at, count, delay = 13 + _color_table(content[10]), 0, 0
    while at < len(content) - 1:
        block = content[at]
        if block == 0x2C:
            count += 1
            at = _skip_data(content, at + 11 + _color_table(content[at + 9]))
        elif block == 0x21:
            if content[at + 1] == 0xF9:
                delay += int(struct.unpack_from("<H", content, at + 4)[0])
            at = _skip_data(content, at + 2)
        else:
            break
    ended = at < len(content) and content[at] == 0x3B
    return Frames(count, delay * 10, ended)


def _color_table(flags: int) -> int:
    return 3 * (2 << (flags & 7)) if flags & 0x80 else 0


def _skip_data(content: bytes, at: int) -> int:
    """Past a chain of sub-blocks, each with its length before it, up to one of length 0."""
    while at < len(content) and content[at]:
        at += 1 + content[at]
    return at + 1


def _png(content: bytes) -> Frames | None:
    delays = []
    for name, at in _png_chunks(content):
        if name == b"fcTL":
            number, parts = struct.unpack_from(">HH", content, at + 20)
            delays.append(1000 * number / (parts or 100))
    return Frames(len(delays), round(sum(delays))) if delays else None


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, int]]:
    at = 8
    while at + 8 <= len(content):
        length = int(struct.unpack_from(">I", content, at)[0])
        yield content[at + 4 : at + 8], at + 8
        at += 12 + length


def _webp(content: bytes) -> Frames | None:
    delays = []
    at = 12
    while at + 8 <= len(content):
        if content[at : at + 4] == b"ANMF":
            delays.append(int.from_bytes(content[at + 20 : at + 23], "little"))
        length = int(struct.unpack_from("<I", content, at + 4)[0])
        at += 8 + length + length % 2
    return Frames(len(delays), sum(delays)) if delays else None


_READERS: dict[str, Callable[[bytes], Frames | None]] = {"image/gif": _gif, "image/png": _png, "image/webp": _webp}
