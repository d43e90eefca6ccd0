"""Audio and video, by tinytag."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from .plain import clean_text, number, plain, without_nothing

if TYPE_CHECKING:
    from tinytag import TinyTag

_TAGS = (
    *("title", "artist", "album", "albumartist", "composer", "genre", "year"),
    *("track", "track_total", "disc", "disc_total", "comment"),
)
_UNREADABLE = "The recording is damaged: its length and tags cannot be read."
_UNKNOWN = "Recordings of this format are kept as they are, not read."


def describe_recording(content: bytes, content_type: str) -> dict[str, Any]:
    """Duration, sample rate, channels, bit rate (bits per second) and tags, as far as the format tells them."""
    from tinytag import TinyTag
    from tinytag.tinytag import UnsupportedFormatError

    facts: dict[str, Any] = {"format": content_type.partition("/")[2]}
    try:
        facts |= _facts(TinyTag.get(file_obj=io.BytesIO(content)))
    except UnsupportedFormatError:
        facts["note"] = _UNKNOWN
    except Exception:  # tinytag wraps most failures on broken files, not all.
        facts["error"] = _UNREADABLE
    if _is_cut(content):
        facts |= {"truncated": True} | _remaining(content, facts)
    if "note" not in facts and not facts.get("duration_ms"):
        facts["error"] = _UNREADABLE
    return facts


def _facts(found: TinyTag) -> dict[str, Any]:
    duration, bitrate = number(found.duration), number(found.bitrate)
    facts = {
        "duration_ms": round(duration * 1000) if duration else None,
        "sample_rate": number(found.samplerate),
        "channels": number(found.channels),
        "bitrate": round(bitrate * 1000) if bitrate else None,
        "bit_depth": number(found.bitdepth),
        "tags": _tags(found),
    }
    return without_nothing({key: value for key, value in facts.items() if value != 0})


def _tags(found: TinyTag) -> dict[str, Any]:
    tags = {name: plain(getattr(found, name)) for name in _TAGS}
    others = {clean_text(name): plain(values) for name, values in list(found.other.items())[:32]}
    return without_nothing(others | tags)


def _is_cut(content: bytes) -> bool:
    """Whether a RIFF file (WAV, AVI) is shorter than it says; what is streamed says the highest number instead."""
    declared = int.from_bytes(content[4:8], "little")
    return content[:4] == b"RIFF" and declared != 0xFFFFFFFF and len(content) < declared + 8


def _remaining(content: bytes, facts: dict[str, Any]) -> dict[str, Any]:
    """How long the part lasts that is there."""
    bitrate, declared = facts.get("bitrate"), facts.get("duration_ms")
    if not bitrate or not declared:
        return {}
    return {"duration_ms": min(declared, len(content) * 8000 // bitrate), "declared_duration_ms": declared}
