"""EXIF as JSON, with the place where a picture was taken kept apart from the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .plain import number, plain, without_nothing

if TYPE_CHECKING:
    from PIL import Image

_POINTERS = frozenset({"ExifOffset", "GPSInfo", "MakerNote", "MakerNoteSafety", "PrintImageMatching", "InteropOffset"})
_STRUCTURE = frozenset({"StripOffsets", "StripByteCounts", "TileOffsets", "TileByteCounts", "JPEGTables", "ColorMap"})
"""Where a TIFF keeps its pixels: nothing about the picture."""
_HIDDEN = _POINTERS | _STRUCTURE | {"XMLPacket", "ImageResources", "IPTCNAA", "InterColorProfile"}


def read_exif(image: Image.Image) -> tuple[dict[str, Any], dict[str, Any]]:
    """Tags by name, and the position: ``(exif, gps)``; both are empty if the image has none."""
    from PIL import ExifTags

    found = image.getexif()
    tags = dict(found) | dict(_part(found, ExifTags.IFD.Exif))
    named = {str(ExifTags.TAGS.get(tag, f"Tag{tag}")): value for tag, value in tags.items()}
    shown = {name: plain(value) for name, value in named.items() if name not in _HIDDEN}
    place = {ExifTags.GPSTAGS.get(tag, f"Tag{tag}"): value for tag, value in _part(found, ExifTags.IFD.GPSInfo).items()}
    return without_nothing(shown), position(place) if place else {}


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 if there is none or it is nonsense."""
    from PIL import ExifTags

    try:
        found = image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # A PNG is decoded to its end for this, which fails if it is damaged.
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def position(tags: dict[str, Any]) -> dict[str, Any]:
    """Latitude and longitude in degrees (north and east positive), altitude in metres, and what else is there."""
    known = {
        "latitude": _degrees(tags.get("GPSLatitude"), tags.get("GPSLatitudeRef"), 90),
        "longitude": _degrees(tags.get("GPSLongitude"), tags.get("GPSLongitudeRef"), 180),
        "altitude": _altitude(tags),
        "direction": number(tags.get("GPSImgDirection")),
        "speed": number(tags.get("GPSSpeed")),
        "time": _clock(tags.get("GPSTimeStamp")),
        "date": plain(tags.get("GPSDateStamp")),
        "datum": plain(tags.get("GPSMapDatum")),
    }
    return without_nothing(known)


def _part(found: Image.Exif, which: int) -> dict[Any, Any]:
    try:
        return found.get_ifd(which)
    except Exception:  # A broken directory must not hide the others, and its reader may fail in any way.
        return {}


def _numbers(value: Any) -> list[float] | None:
    if not isinstance(value, tuple | list) or len(value) != 3:
        return None
    found = [number(part) for part in value]
    return [float(part) for part in found if part is not None] if None not in found else None


def _degrees(value: Any, reference: Any, most: int) -> float | None:
    parts = _numbers(value)
    if parts is None:
        return None
    degrees = parts[0] + parts[1] / 60 + parts[2] / 3600
    sign = -1 if str(plain(reference)).upper() in ("S", "W") else 1
    return round(sign * degrees, 7) if 0 <= degrees <= most else None


def _altitude(tags: dict[str, Any]) -> float | None:
    height = number(tags.get("GPSAltitude"))
    below = tags.get("GPSAltitudeRef") in (1, b"\x01")
    return -height if height is not None and below else height


def _clock(value: Any) -> str | None:
    parts = _numbers(value)
    if parts is None or not all(0 <= part < 61 for part in parts):
        return None
    hours, minutes, seconds = (int(part) for part in parts)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}Z"
