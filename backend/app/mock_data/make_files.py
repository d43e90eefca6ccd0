"""Draws the sample files, and writes down what is found in them: ``python -m app.mock_data.make_files``.

Run by hand when a sample changes. A server only reads what lies in ``files/``, because importing Pillow and pypdf would
make its start wait; a test compares the descriptions with those that `media.describe` finds.
"""

from __future__ import annotations

import io
import json
import math
import wave
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

FOLDER = Path(__file__).parent / "files"

NOTES = """# Site visit, hall 2

- The pump runs hot after four hours; the filter was replaced in March.
- A second pump stands ready as a spare.
- Temperature sensor `hall2-temp` shows outliers in the early morning.

## To do

1. Order two filters (LMP-0413).
2. Ask facility management about the draught near gate 3.
3. Next inspection: June.
"""

REPORT = (
    ("Quarterly report", "Revenue rose by nine percent.", "Returns fell to two percent of all orders."),
    ("Operations", "Hall two was out of service for six hours.", "Two pumps were replaced, one is a spare."),
    ("Outlook", "A third warehouse opens in autumn.", "Ten people join the team until then."),
)


def make_photo() -> bytes:
    """A landscape at dusk, as a camera would have saved it: JPEG with EXIF and a place."""
    from PIL import Image, ImageFilter

    luck = Random(7)
    small = Image.new("RGB", (192, 128))
    small.putdata([_dusk(x, y, luck) for y in range(128) for x in range(192)])
    photo = small.resize((960, 640), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(3))
    grain = Image.frombytes("L", (480, 320), luck.randbytes(480 * 320)).resize(photo.size).convert("RGB")
    photo = Image.blend(photo, grain, 0.03)
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=58, exif=_camera(Image.Exif()))
    return out.getvalue()


def _dusk(x: int, y: int, luck: Random) -> tuple[int, int, int]:
    far = 74 + 9 * math.sin(x / 21) + 4 * math.sin(x / 7 + 1)
    near = 96 + 12 * math.sin(x / 33 + 2) + 3 * math.sin(x / 5)
    shade = luck.randint(-3, 3)
    if y > near:
        return (24 + shade, 34 + shade, 40 + shade)
    if y > far:
        return (70 + shade, 66 + shade, 92 + shade)
    if math.hypot(x - 128, y - 58) < 11:
        return (255, 226, 160)
    share = y / 90
    return (int(70 + 170 * share) + shade, int(84 + 70 * share) + shade, int(150 - 30 * share) + shade)


def _camera(exif: Image.Exif) -> Image.Exif:
    exif[0x010F], exif[0x0110] = "Lumen", "Lumen X2"
    exif[0x0132] = "2025:11:08 17:42:10"
    exif.get_ifd(0x8769).update({0x9003: "2025:11:08 17:42:10", 0x829D: 2.8, 0x8827: 200})
    exif.get_ifd(0x8825).update({1: "N", 2: (45.0, 45.0, 50.0), 3: "E", 4: (4.0, 50.0, 6.0)})
    return exif


def make_logo() -> bytes:
    """A logo with a transparent background."""
    from PIL import Image, ImageDraw

    logo = Image.new("RGBA", (512, 512), (0, 0, 0, 0))
    draw = ImageDraw.Draw(logo)
    draw.rounded_rectangle((32, 32, 480, 480), 96, fill="#6366f1")
    for x, y in ((150, 176), (150, 336), (362, 256)):
        draw.line((x, y, 362, 256), fill="white", width=20)
    for x, y in ((150, 176), (150, 336), (362, 256)):
        draw.ellipse((x - 44, y - 44, x + 44, y + 44), fill="white")
    out = io.BytesIO()
    logo.quantize(32).save(out, "PNG", optimize=True)
    return out.getvalue()


def make_report() -> bytes:
    """A PDF of three pages with a heading and two lines each."""
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    for heading, *lines in REPORT:
        page = writer.add_blank_page(595, 842)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        text = f"BT /F1 28 Tf 72 740 Td ({heading}) Tj /F1 14 Tf 0 -48 Td ({lines[0]}) Tj 0 -24 Td ({lines[1]}) Tj ET"
        stream = DecodedStreamObject()
        stream.set_data(text.encode("ascii"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    writer.add_metadata({"/Title": "Quarterly report", "/Author": "Mira Keller"})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def make_chime() -> bytes:
    """Two falling tones of a second and a half: a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", "not compressed"))
        sound.writeframes(bytes(_level(place / 8000) for place in range(12_000)))
    return out.getvalue()


def _level(second: float) -> int:
    pitch, since = (880, second) if second < 0.5 else (660, second - 0.5)
    return round(128 + 100 * math.exp(-3 * since) * math.sin(math.tau * pitch * second))


def make_readings() -> bytes:
    """Two days of a temperature sensor as CSV."""
    luck = Random(11)
    lines = ["timestamp,sensor_id,value,unit"]
    for place in range(96):
        hour = place / 2
        value = 21 + 4 * math.sin((hour - 9) / 24 * math.tau) + luck.gauss(0, 0.3)
        day, rest = divmod(place, 48)
        lines.append(f"2025-12-{29 + day}T{rest // 2:02d}:{rest % 2 * 30:02d}:00Z,hall2-temp,{value:.2f},°C")
    return ("\n".join(lines) + "\n").encode()


def main() -> None:
    """Write all files and their descriptions."""
    from ..media.describe import describe

    made = {
        "valley-at-dusk.jpg": make_photo(),
        "logo.png": make_logo(),
        "quarterly-report.pdf": make_report(),
        "chime.wav": make_chime(),
        "hall2-readings.csv": make_readings(),
        "site-visit.md": NOTES.encode(),
    }
    FOLDER.mkdir(exist_ok=True)
    for name, content in made.items():
        (FOLDER / name).write_bytes(content)
    found = [asdict(describe(content, name)) for name, content in made.items()]
    written = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    (FOLDER.parent / "files.json").write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
