"""Raster images: opened safely, and described."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ..errors import InvalidInput
from .exif import orientation, read_exif
from .frames import Frames, read_frames
from .headers import Size, declared_size, is_complete
from .limits import Limits
from .plain import number, plain, without_nothing
from .quiet import quiet

if TYPE_CHECKING:
    from PIL import Image

DECODERS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/x-icon": "ICO",
    "image/avif": "AVIF",
    "image/jp2": "JPEG2000",
    "image/x-portable-pixmap": "PPM",
}
"""The only decoders that are ever asked, each for its own content type; some others would start programs."""

_SIDEWAYS = frozenset({5, 6, 7, 8})
"""EXIF orientations that swap width and height."""


class UnreadableImageError(Exception):
    """No decoder takes these bytes; the message says why, for people."""


def describe_image(content: bytes, content_type: str, limits: Limits) -> tuple[int | None, int | None, dict[str, Any]]:
    """Width and height as the picture is seen, and its metadata.

    :raises InvalidInput: ``image_too_large``.
    """
    size = declared_size(content, content_type)
    check_pixels(size, limits)
    frames = read_frames(content, content_type)
    facts: dict[str, Any] = {"format": DECODERS.get(content_type, content_type.partition("/")[2].upper())}
    facts |= _animation(frames)
    try:
        with quiet():
            image = open_image(content, content_type, limits)
            facts |= _facts(image, frames)
            size = _seen_size(image)
            _try_pixels(image)
    except UnreadableImageError as error:
        facts["error"] = str(error)
    if not is_complete(content, content_type) or (frames and not frames.complete):
        facts["truncated"] = True
        facts["error"] = "The file ends before its last pixel."
    return *(size or (None, None)), facts


def open_image(content: bytes, content_type: str, limits: Limits) -> Image.Image:
    """The image, not decoded yet, or refused.

    To be called inside of `quiet`, as everything that is done with the image then.

    :raises InvalidInput: ``image_too_large``.
    :raises UnreadableImageError: if the bytes are no image that is read here.
    """
    from PIL import Image

    decoder = DECODERS.get(content_type)
    if decoder is None:
        raise UnreadableImageError("Images of this format are kept as they are, not read.")
    size = declared_size(content, content_type)
    if size is None and decoder == "JPEG":
        raise UnreadableImageError("The file has no JPEG header that says its size: it is damaged.")
    check_pixels(size, limits)
    try:
        image = Image.open(io.BytesIO(content), formats=[decoder])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise too_large(None, limits) from error
    except Exception as error:  # Decoders fail in many ways on broken files; all of them mean this.
        raise UnreadableImageError(f"The {decoder} decoder cannot read this file: it is damaged.") from error
    check_pixels(image.size, limits)
    return image


def check_pixels(size: Size | None, limits: Limits) -> None:
    """Refuse an image that would take too much memory when decoded.

    :raises InvalidInput: ``image_too_large``.
    """
    if size and size[0] * size[1] > limits.max_pixels:
        raise too_large(size, limits)


def too_large(size: Size | None, limits: Limits) -> InvalidInput:
    """The error for an image with more pixels than are taken."""
    what = f"{size[0]} x {size[1]} pixels are" if size else "The image is"
    return InvalidInput(
        f"{what} more than this server decodes; the limit is {limits.max_pixels:,} pixels.", code="image_too_large"
    )


def _seen_size(image: Image.Image) -> Size:
    """The size after turning; Pillow gives that of a TIFF already turned."""
    width, height = image.size
    turned = image.format != "TIFF" and orientation(image) in _SIDEWAYS
    return (height, width) if turned else (width, height)


def _facts(image: Image.Image, frames: Frames | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"format": image.format, "mode": image.mode}
    try:
        exif, gps = read_exif(image)
        facts |= {"orientation": orientation(image), "has_alpha": bool(image.has_transparency_data)}
        facts |= without_nothing({"dpi": _dpi(image), "exif": exif, "gps": gps})
        if frames is None:
            count = int(getattr(image, "n_frames", 1))
            # Several pictures in a TIFF or a stereo JPEG are pages, not movement.
            facts |= {"frames": count, "animated": count > 1 and image.format == "AVIF"}
    except Exception:  # EXIF is written by cameras of all sorts; the picture counts, not this.
        facts.setdefault("orientation", 1)
        facts["note"] = "Some metadata of the image could not be read."
    return facts


def _animation(frames: Frames | None) -> dict[str, Any]:
    if frames is None:
        return {"frames": 1, "animated": False}
    moving = {"duration_ms": frames.duration_ms} if frames.count > 1 else {}
    return {"frames": max(frames.count, 1), "animated": frames.count > 1} | moving


def _dpi(image: Image.Image) -> list[float] | None:
    found = plain(image.info.get("dpi"))
    return found if isinstance(found, list) and all(number(part) for part in found) else None


def _try_pixels(image: Image.Image) -> None:
    """Decode the first frame, a JPEG at an eighth of its size, to see whether the pixels are there."""
    try:
        image.draft(image.mode, (1, 1))
        image.load()
    except Exception as error:  # As above: whatever a decoder says, the pixels are damaged.
        raise UnreadableImageError("The header can be read, the pixels cannot: they are damaged or missing.") from error
