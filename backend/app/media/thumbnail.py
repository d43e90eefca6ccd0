"""Small pictures of files: real ones of images, drawn ones of everything else."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ..errors import InvalidInput
from .exif import orientation
from .images import UnreadableImageError, open_image
from .limits import DEFAULT_LIMITS, Described, Limits
from .pixels import to_srgb, upright
from .placeholder import draw_placeholder
from .quiet import quiet

if TYPE_CHECKING:
    from PIL import Image

SIZES = range(16, 1025)
"""The sizes that are made, in pixels of the longer side."""
DEFAULT_SIZE = 256
FORMATS = {"webp": "image/webp", "png": "image/png"}
"""The formats that are made, and their content types."""


def thumbnail(
    content: bytes,
    described: Described,
    size: int = DEFAULT_SIZE,
    format: str = "webp",  # noqa: A002  The API's own word for it.
    limits: Limits = DEFAULT_LIMITS,
) -> bytes:
    """A picture of a file that fits in `size` times `size` pixels; the same input gives the same bytes.

    Raster images are shown themselves: upright, first frame, transparency kept, never enlarged. SVG is never rendered;
    it, damaged images and all other files get a drawn picture of their kind.

    :raises InvalidInput: ``invalid_thumbnail_size``, ``invalid_thumbnail_format``.
    """
    _check(size, format)
    with quiet():
        try:
            picture = shrunk(content, described.content_type, size, limits)
        except (UnreadableImageError, InvalidInput):
            picture = draw_placeholder(described, size)
    return _encode(picture, format)


def shrunk(content: bytes, content_type: str, size: int, limits: Limits) -> Image.Image:
    """The image itself, upright, fitted in a square. To be called inside of `quiet`.

    :raises InvalidInput: ``image_too_large``.
    :raises UnreadableImageError: if it cannot be read.
    """
    image = open_image(content, content_type, limits)
    try:
        # A JPEG is decoded at a fraction of its size, twice what is needed, so that little time and memory go.
        image.draft(None, (2 * size, 2 * size))
        image.load()
        turn = orientation(image)
        small = _fit(image, size)
        return upright(small, turn)
    except Exception as error:  # Decoders fail in many ways on broken files; all of them mean this.
        raise UnreadableImageError("The image is damaged.") from error


def _fit(image: Image.Image, size: int) -> Image.Image:
    # Deep and wide pictures are made smaller as they are, by whole factors, before their colours are converted.
    factor = max(image.size) // (4 * size)
    if factor > 1 and image.mode in ("L", "RGB", "CMYK"):
        profile = image.info.get("icc_profile")
        image = image.reduce(factor)
        image.info["icc_profile"] = profile
    small = to_srgb(image)
    small.thumbnail((size, size), reducing_gap=3.0)
    return small


def _encode(picture: Image.Image, format_: str) -> bytes:
    target = io.BytesIO()
    if format_ == "png":
        picture.save(target, "PNG", optimize=True)
    else:
        picture.save(target, "WEBP", quality=85, method=4)
    return target.getvalue()


def _check(size: int, format_: str) -> None:
    if size not in SIZES:
        raise InvalidInput(
            f"A thumbnail is {SIZES.start} to {SIZES.stop - 1} pixels wide; {size} is not.",
            code="invalid_thumbnail_size",
        )
    if format_ not in FORMATS:
        raise InvalidInput(
            f"Thumbnails are made as {' or '.join(FORMATS)}, not as '{format_}'.", code="invalid_thumbnail_format"
        )
