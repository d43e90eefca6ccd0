"""Real work on files, for nodes: images are resized and converted, texts are taken out.

Results are upright and in sRGB, and carry no metadata of their source. Of an animation the first frame is taken.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..errors import InvalidInput, NodeFailure
from .documents import pdf_text
from .encodings import read_text
from .exif import orientation
from .images import DECODERS, UnreadableImageError, open_image
from .limits import DEFAULT_LIMITS, Described, Limits
from .pixels import flatten, to_srgb, upright
from .quiet import quiet
from .sniff import sniff
from .thumbnail import DEFAULT_SIZE, SIZES, shrunk
from .types import is_text

if TYPE_CHECKING:
    from PIL import Image

FORMATS = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}
"""What images can be converted to, and its content type."""
MODES = ("contain", "cover", "stretch")
"""How an image is fitted: inside of the box, filling it (what juts out is cut off), or exactly, out of proportion."""
MAX_SIDE = 16_383
"""The longest side that all of `FORMATS` can hold (WebP is the narrowest)."""
DEFAULT_QUALITY = 85

Produced = tuple[bytes, str]
"""Bytes and their content type."""


def resize(
    content: bytes,
    width: int | None,
    height: int | None,
    mode: str = "contain",
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Produced:
    """The image in another size, in its own format where that is one of `FORMATS`, else as PNG.

    One side may be ``None``: it follows from the proportions.

    :raises NodeFailure: ``invalid_size``, ``invalid_mode``, ``not_an_image``, ``unreadable_image``,
        ``image_too_large``.
    """
    if mode not in MODES:
        raise NodeFailure("invalid_mode", f"The mode is one of {', '.join(MODES)}, not '{mode}'.")
    _check_sides(width, height, limits)
    image, content_type = _load(content, limits, (width or height or 0, height or width or 0))
    box = _box(image.size, width, height)
    _check_sides(*box, limits)
    resized = _fitted(image, box, mode if width and height else "stretch")
    return _encode(resized, _format_of(content_type), DEFAULT_QUALITY)


def convert(
    content: bytes,
    format: str,  # noqa: A002  The node's own word for it.
    quality: int = DEFAULT_QUALITY,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Produced:
    """The image in another format; in JPEG, transparent parts become white.

    :param quality: 1 to 100, for JPEG and WebP.
    :raises NodeFailure: ``invalid_format``, ``invalid_quality``, ``not_an_image``, ``unreadable_image``,
        ``image_too_large``.
    """
    wanted = "jpeg" if format == "jpg" else format
    if wanted not in FORMATS:
        raise NodeFailure("invalid_format", f"The format is one of {', '.join(FORMATS)}, not '{format}'.")
    if not 1 <= quality <= 100:
        raise NodeFailure("invalid_quality", f"The quality is 1 to 100, not {quality}.")
    image, _content_type = _load(content, limits)
    if max(image.size) > MAX_SIDE:
        raise NodeFailure("image_too_large", f"A side of the image is longer than {MAX_SIDE} pixels.")
    return _encode(image, wanted, quality)


def make_thumbnail(content: bytes, size: int = DEFAULT_SIZE, *, limits: Limits = DEFAULT_LIMITS) -> Produced:
    """A small WebP of the image that fits in `size` times `size` pixels; it is never enlarged.

    :raises NodeFailure: ``invalid_size``, ``not_an_image``, ``unreadable_image``, ``image_too_large``.
    """
    if size not in SIZES:
        raise NodeFailure("invalid_size", f"A thumbnail is {SIZES.start} to {SIZES.stop - 1} pixels wide, not {size}.")
    image = _as_failure(lambda: shrunk(content, _image_type(content), size, limits))
    return _encode(image, "webp", DEFAULT_QUALITY)


def extract_text(content: bytes, described: Described) -> str:
    """The text of a text file or a PDF; ``""`` for kinds without one.

    :raises NodeFailure: ``unreadable_document``, ``encrypted_document``.
    """
    if described.kind == "pdf":
        return pdf_text(content)
    if described.kind != "text" or not is_text(described.content_type):
        return ""
    found = read_text(content, expected=True)
    return found.text.removeprefix("\ufeff") if found else ""


def _load(content: bytes, limits: Limits, least: tuple[int, int] | None = None) -> tuple[Image.Image, str]:
    """The image upright and in sRGB, and its content type.

    :param least: what is needed; a much larger JPEG is decoded at a fraction of its size.
    """
    content_type = _image_type(content)
    return _as_failure(lambda: _decoded(content, content_type, limits, least)), content_type


def _decoded(content: bytes, content_type: str, limits: Limits, least: tuple[int, int] | None) -> Image.Image:
    image = open_image(content, content_type, limits)
    try:
        if least:
            image.draft(None, (2 * max(least), 2 * max(least)))
        image.load()
        return upright(to_srgb(image), orientation(image))
    except Exception as error:  # Decoders fail in many ways on broken files; all of them mean this.
        raise UnreadableImageError("The image is damaged: its pixels cannot be read.") from error


def _image_type(content: bytes) -> str:
    content_type = sniff(content, "")[0] if content else ""
    if content_type not in DECODERS:
        raise NodeFailure("not_an_image", f"This needs an image; the file is {content_type or 'empty'}.")
    return content_type


def _as_failure(work: Callable[[], Image.Image]) -> Image.Image:
    """Do this quietly, and let the node fail where the image is refused."""
    try:
        with quiet():
            return work()
    except UnreadableImageError as error:
        raise NodeFailure("unreadable_image", str(error)) from error
    except InvalidInput as error:
        raise NodeFailure(error.code, error.message) from error


def _check_sides(width: int | None, height: int | None, limits: Limits) -> None:
    sides = [side for side in (width, height) if side is not None]
    if not sides or not all(1 <= side <= MAX_SIDE for side in sides):
        raise NodeFailure("invalid_size", f"Width and height are 1 to {MAX_SIDE} pixels, and one of them is needed.")
    if len(sides) == 2 and sides[0] * sides[1] > limits.max_pixels:
        raise NodeFailure("invalid_size", f"The result would have more than {limits.max_pixels:,} pixels.")


def _box(size: tuple[int, int], width: int | None, height: int | None) -> tuple[int, int]:
    """Both sides; the missing one follows from the proportions."""
    if width is None:
        width = max(round(size[0] * (height or 1) / size[1]), 1)
    if height is None:
        height = max(round(size[1] * width / size[0]), 1)
    return width, height


def _fitted(image: Image.Image, box: tuple[int, int], mode: str) -> Image.Image:
    from PIL import Image, ImageOps

    if mode == "contain":
        box = _inside(image.size, box)
    if mode == "cover":
        return ImageOps.fit(image, box, Image.Resampling.LANCZOS)
    return image.resize(box, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _inside(size: tuple[int, int], box: tuple[int, int]) -> tuple[int, int]:
    """The largest size of these proportions in the box; a side is never less than a pixel."""
    scale = min(box[0] / size[0], box[1] / size[1])
    return max(round(size[0] * scale), 1), max(round(size[1] * scale), 1)


def _format_of(content_type: str) -> str:
    return next((name for name, kind in FORMATS.items() if kind == content_type), "png")


def _encode(image: Image.Image, format_: str, quality: int) -> Produced:
    target = io.BytesIO()
    if format_ == "jpeg":
        # Without ``optimize``: it writes all in one piece, and no other thread gets a turn meanwhile.
        flatten(image).save(target, "JPEG", quality=quality)
    elif format_ == "webp":
        image.save(target, "WEBP", quality=quality, method=4)
    elif format_ == "gif":
        image.save(target, "GIF")
    else:
        image.save(target, "PNG")
    return target.getvalue(), FORMATS[format_]
