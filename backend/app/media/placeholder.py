"""Drawn pictures for files that have none: a sheet with a sign for the kind and a label for the format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .limits import Described
from .names import extension
from .types import BINARY_EXTENSIONS, TEXT_EXTENSIONS

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

    Pen = ImageDraw.ImageDraw

Color = tuple[int, int, int]

COLORS: dict[str, Color] = {
    "image": (13, 148, 136),
    "pdf": (220, 38, 38),
    "audio": (124, 58, 237),
    "video": (219, 39, 119),
    "text": (37, 99, 235),
    "archive": (202, 138, 4),
    "other": (71, 85, 105),
}
"""The colour of each kind."""

_UNITS = 256
"""The drawing is laid out on a square of so many units."""
_OVERSAMPLED = 2
_SMALLEST_CANVAS = 256
_MAX_LABEL = 5
_LABELS = {"jpeg": "JPG", "tiff": "TIFF", "text": "TXT", "markdown": "MD", "html": "HTML", "mpeg": "MPEG"}


def draw_placeholder(described: Described, size: int) -> Image.Image:
    """A square picture for a file, `size` pixels wide, transparent outside of its rounded card."""
    from PIL import Image, ImageDraw

    side = max(size * _OVERSAMPLED, _SMALLEST_CANVAS)
    canvas = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    card = _Card(ImageDraw.Draw(canvas), side / _UNITS, COLORS.get(described.kind, COLORS["other"]))
    card.draw_sheet()
    card.draw_sign(described.kind)
    card.draw_label(label_of(described))
    return canvas.resize((size, size), Image.Resampling.LANCZOS)


def label_of(described: Described) -> str:
    """What stands on the picture: the usual extension of the content type, else that of the name."""
    own = extension(described.name)
    known = TEXT_EXTENSIONS | BINARY_EXTENSIONS
    if known.get(own) == described.content_type:
        label = own
    else:
        label = next((ext for ext, kind in known.items() if kind == described.content_type), "") or _plain(own)
    return _LABELS.get(label, label.upper()) or "FILE"


def _plain(own: str) -> str:
    return own if own.isascii() and own.isalnum() and len(own) <= _MAX_LABEL else ""


def _mix(color: Color, share: float) -> Color:
    """The colour on white, in this strength."""
    red, green, blue = (round(255 - (255 - part) * share) for part in color)
    return red, green, blue


class _Card:
    """A pen that measures in units of the layout."""

    def __init__(self, pen: Pen, unit: float, color: Color) -> None:
        self.pen, self.unit, self.color = pen, unit, color

    def at(self, *units: float) -> list[float]:
        return [value * self.unit for value in units]

    def draw_sheet(self) -> None:
        """The card, and on it a sheet of paper whose upper right corner is folded."""
        line, edge = round(3 * self.unit), _mix(self.color, 0.45)
        self.pen.rounded_rectangle(self.at(0, 0, 255.5, 255.5), 30 * self.unit, fill=_mix(self.color, 0.13))
        self.pen.rounded_rectangle(self.at(58, 24, 198, 226), 14 * self.unit, fill="white", outline=edge, width=line)
        self.pen.polygon(self.at(158, 23, 199, 23, 199, 66), fill=_mix(self.color, 0.13))
        self.pen.polygon(self.at(158, 25, 158, 64, 197, 64), fill=_mix(self.color, 0.3))
        self.pen.line(self.at(158, 25, 158, 64, 197, 64, 158, 25), fill=edge, width=line, joint="curve")

    def draw_sign(self, kind: str) -> None:
        """What the kind looks like, on the upper part of the sheet."""
        draw = {
            "image": self._landscape,
            "audio": self._wave,
            "video": self._triangle,
            "archive": self._zipper,
            "other": self._dots,
        }
        draw.get(kind, self._lines)()

    def draw_label(self, label: str) -> None:
        """A bar in the colour of the kind, with the format in white."""
        from PIL import ImageFont

        self.pen.rounded_rectangle(self.at(38, 154, 218, 206), 13 * self.unit, fill=self.color)
        height = 37 if len(label) <= 4 else 30
        font = ImageFont.load_default(height * self.unit)
        bold = max(round(0.7 * self.unit), 1)
        self.pen.text(
            (128 * self.unit, 180 * self.unit),
            label,
            "white",
            font,
            anchor="mm",
            stroke_width=bold,
            stroke_fill="white",
        )

    def _lines(self) -> None:
        for row, right in enumerate((144, 180, 180, 160)):
            top = 62 + 22 * row
            self.pen.rounded_rectangle(self.at(76, top, right, top + 8), 4 * self.unit, fill=_mix(self.color, 0.5))

    def _landscape(self) -> None:
        self.pen.ellipse(self.at(82, 60, 106, 84), fill=_mix(self.color, 0.45))
        self.pen.polygon(self.at(74, 142, 110, 96, 132, 124, 150, 104, 182, 142), fill=_mix(self.color, 0.7))

    def _wave(self) -> None:
        for column, half in enumerate((10, 24, 38, 18, 32, 14, 6)):
            left = 76 + 16 * column
            box = self.at(left, 104 - half, left + 8, 104 + half)
            self.pen.rounded_rectangle(box, 4 * self.unit, fill=_mix(self.color, 0.7))

    def _triangle(self) -> None:
        self.pen.ellipse(self.at(92, 68, 164, 140), fill=_mix(self.color, 0.7))
        self.pen.polygon(self.at(118, 84, 118, 124, 150, 104), fill="white")

    def _zipper(self) -> None:
        for tooth in range(8):
            left, top = 116 + 12 * (tooth % 2), 30 + 11 * tooth
            self.pen.rectangle(self.at(left, top, left + 12, top + 8), fill=_mix(self.color, 0.6))
        self.pen.rounded_rectangle(self.at(112, 118, 144, 146), 6 * self.unit, fill=_mix(self.color, 0.9))

    def _dots(self) -> None:
        for column in range(3):
            left = 90 + 30 * column
            self.pen.ellipse(self.at(left, 96, left + 16, 112), fill=_mix(self.color, 0.6))
