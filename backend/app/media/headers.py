"""Image headers, read by hand before any decoder may look at the file.

Some decoders reserve memory for the whole canvas as soon as they open a file. So what a file declares is read here
first, and it is also what remains to be told of a file that no decoder takes.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator

Size = tuple[int, int]

_START_OF_FRAME = frozenset({*range(0xC0, 0xD0)}) - {0xC4, 0xC8, 0xCC}
"""JPEG markers that carry the size; the three left out are tables (ITU T.81, table B.1)."""

_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})
"""JPEG markers without a length behind them."""

_MAX_SEGMENTS = 10_000
"""Segments before the pixels of a JPEG; a camera writes thirty, and decoders crawl through millions."""


def declared_size(content: bytes, content_type: str) -> Size | None:
    """Width and height in pixels as the header says; ``None`` if it says nothing that could be true."""
    reader = _READERS.get(content_type)
    try:
        size = reader(content) if reader else None
    except (struct.error, IndexError):
        return None
    return size if size and min(size) > 0 else None


def is_complete(content: bytes, content_type: str) -> bool:
    """Whether the file has its end; ``True`` as well for formats that do not mark it."""
    check = _ENDS.get(content_type)
    return check(content) if check else True


def _png(content: bytes) -> Size | None:
    """From the IHDR chunk, if its checksum is right."""
    chunk, (checksum,) = content[12:29], struct.unpack_from(">I", content, 29)
    if chunk[:4] != b"IHDR" or zlib.crc32(chunk) != checksum:
        return None
    width, height = struct.unpack_from(">II", chunk, 4)
    return width, height


def _gif(content: bytes) -> Size:
    width, height = struct.unpack_from("<HH", content, 6)
    return width, height


def _bmp(content: bytes) -> Size:
    if struct.unpack_from("<I", content, 14)[0] == 12:
        width, height = struct.unpack_from("<HH", content, 18)
    else:
        width, height = struct.unpack_from("<ii", content, 18)
    return width, abs(height)


def _webp(content: bytes) -> Size | None:
    form = content[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if form == b"VP8L":
        bits = struct.unpack_from("<I", content, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        width, height = struct.unpack_from("<HH", content, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def _jpeg(content: bytes) -> Size | None:
    for at, code in _segments(content):
        if code in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", content, at + 3)
            return width, height
    return None


def _segments(content: bytes) -> Iterator[tuple[int, int]]:
    """Where each JPEG segment before the pixels begins, and its marker; at most `_MAX_SEGMENTS`."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        marker = _marker(content, at)
        if marker is None:
            return
        yield marker
        at, code = marker
        at += 0 if code in _BARE_MARKERS else struct.unpack_from(">H", content, at)[0]


def _marker(content: bytes, at: int) -> tuple[int, int] | None:
    """The next JPEG marker: where its segment begins, and its code; ``None`` at the pixels or the end."""
    at = content.find(b"\xff", at)
    while 0 <= at < len(content) - 1 and content[at + 1] == 0xFF:
        at += 1
    if at < 0 or at + 1 >= len(content) or content[at + 1] in (0xDA, 0xD9):
        return None
    return at + 2, content[at + 1]


def _icon(content: bytes) -> Size | None:
    """The size of the largest picture in an icon, by the picture's own header: the directory may lie."""
    count = struct.unpack_from("<H", content, 4)[0]
    sizes = [_icon_entry(content, *struct.unpack_from("<BB6xII", content, 6 + 16 * i)) for i in range(count)]
    return max((size for size in sizes if size), key=lambda size: size[0] * size[1], default=None)


def _icon_entry(content: bytes, width: int, height: int, length: int, offset: int) -> Size | None:
    picture = content[offset : offset + min(length, 64)]
    if picture.startswith(b"\x89PNG"):
        return _png(picture)
    if len(picture) < 12:
        return width or 256, height or 256
    found = struct.unpack_from("<ii", picture, 4)
    # A bitmap in an icon is twice as high as it looks, because its mask is below it.
    return abs(found[0]), max(abs(found[1]) // 2, 1)


def _boxed(content: bytes) -> Size | None:
    """The largest ``ispe`` property of a HEIF or AVIF file (ISO 23008-12)."""
    best, at = None, content.find(b"ispe")
    while 0 <= at < 65_536:
        size = struct.unpack_from(">II", content, at + 8)
        if best is None or size[0] * size[1] > best[0] * best[1]:
            best = (size[0], size[1])
        at = content.find(b"ispe", at + 4)
    return best


def _photoshop(content: bytes) -> Size:
    height, width = struct.unpack_from(">II", content, 14)
    return width, height


_READERS: dict[str, Callable[[bytes], Size | None]] = {
    "image/png": _png,
    "image/gif": _gif,
    "image/bmp": _bmp,
    "image/webp": _webp,
    "image/jpeg": _jpeg,
    "image/x-icon": _icon,
    "image/avif": _boxed,
    "image/heic": _boxed,
    "image/vnd.adobe.photoshop": _photoshop,
}


def _jpeg_ends(content: bytes) -> bool:
    """Whether an end marker follows the pixels; the preview in the EXIF data has one too, which is none of ours."""
    at = 2
    try:
        for start, code in _segments(content):
            at = start + (0 if code in _BARE_MARKERS else struct.unpack_from(">H", content, start)[0])
    except struct.error:
        return False
    return content.find(b"\xff\xd9", at) >= 0


def _png_ends(content: bytes) -> bool:
    return content.find(b"IEND\xaeB`\x82", 8) >= 0


def _webp_ends(content: bytes) -> bool:
    return len(content) >= 12 and len(content) >= 8 + int.from_bytes(content[4:8], "little")


def _bmp_ends(content: bytes) -> bool:
    return len(content) >= int.from_bytes(content[2:6], "little")


_ENDS: dict[str, Callable[[bytes], bool]] = {
    "image/jpeg": _jpeg_ends,
    "image/png": _png_ends,
    "image/webp": _webp_ends,
    "image/bmp": _bmp_ends,
}
