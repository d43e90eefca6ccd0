"""Decoded images brought into one form: upright, eight bits a channel, sRGB, nothing but pixels."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from PIL import Image

_DEEP = frozenset({"I;16", "I;16L", "I;16B", "I;16N", "I", "F"})
"""Modes with more than eight bits a channel; Pillow's own conversion would cut them off at 255."""


def to_srgb(image: Image.Image) -> Image.Image:
    """The first frame as RGB, or RGBA if anything in it is transparent; its metadata is left behind.

    It is not turned yet: see `upright`.
    """
    profile = image.info.get("icc_profile")
    if image.mode in _DEEP:
        return _shallow(image).convert("RGB")
    alpha = image.convert("RGBA").getchannel("A") if image.has_transparency_data else None
    colours = _through_profile(image, profile) or image.convert("RGBA" if alpha else "RGB").convert("RGB")
    if alpha is not None:
        colours.putalpha(alpha)
    colours.info = {}
    return colours


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """The image turned and mirrored as its EXIF orientation asks."""
    from PIL import Image

    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def flatten(image: Image.Image) -> Image.Image:
    """The image without transparency, on white."""
    from PIL import Image

    if image.mode != "RGBA":
        return image.convert("RGB")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _shallow(image: Image.Image) -> Image.Image:
    """Deep grey spread over eight bits: 16-bit by its scale, wider ones from their darkest to their brightest."""
    wide = image.convert("F")
    darkest, brightest = (0.0, 65_535.0) if image.mode.startswith("I;16") else _extremes(wide)
    scale = 255 / ((brightest - darkest) or 1.0)
    return wide.point(lambda value: value * scale + (-darkest * scale)).convert("L")


def _extremes(image: Image.Image) -> tuple[float, float]:
    darkest, brightest = image.getextrema()
    return float(cast(float, darkest)), float(cast(float, brightest))


def _through_profile(image: Image.Image, profile: bytes | None) -> Image.Image | None:
    """The colours moved from the image's own profile to sRGB; ``None`` if there is no usable profile."""
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return None
    try:
        from PIL import ImageCms

        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        plain = image.convert("RGB") if image.mode == "RGBA" else image
        return ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except Exception:  # Profiles are written by cameras and editors of all sorts; a wrong one is ignored.
        return None
