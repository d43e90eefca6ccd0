"""Real files, made on the spot with the libraries that the project needs anyway."""

from __future__ import annotations

import io
import struct
import tarfile
import wave
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject


def saved(image: Image.Image, format_: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, format_, **options)
    return target.getvalue()


def landscape(size: tuple[int, int] = (120, 80), mode: str = "RGB") -> Image.Image:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "red")
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill="blue")
    return image.convert(mode)


def photograph(orientation: int = 6, size: tuple[int, int] = (120, 80), format_: str = "JPEG") -> bytes:
    """A camera's picture, lying on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Understudy"
    exif.get_ifd(ExifTags.IFD.Exif).update({0x829A: IFDRational(1, 125), 0x9000: b"0232", 0x927C: b"\x01maker"})
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "S", 2: (33.0, 51.0, 24.48), 3: "E", 4: (151.0, 12.0, 54.0), 5: b"\x01", 6: 12.5}
    )
    return saved(landscape(size), format_, exif=exif, dpi=(300, 300))


def translucent() -> bytes:
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((5, 2, 30, 17), fill=(0, 200, 0, 255))
    return saved(image, "PNG")


def animation(format_: str) -> bytes:
    frames = [landscape((32, 16)).rotate(90 * turn) for turn in range(3)]
    return saved(frames[0], format_, save_all=True, append_images=frames[1:], duration=[100, 200, 300], loop=0)


def large_photograph() -> bytes:
    return saved(landscape((6000, 4000)), "JPEG", quality=60)


def png_chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_that_declares(width: int, height: int, pixels: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(pixels)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def wav(seconds: float = 0.5, rate: int = 8000) -> bytes:
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"\0\1\2\3" * round(seconds * rate))
    return target.getvalue()


def id3_frame(name: str, text: str) -> bytes:
    data = b"\3" + text.encode()
    return name.encode() + struct.pack(">IH", len(data), 0) + data


def mp3(frames: int = 100) -> bytes:
    """MPEG 1 layer III, 128 kbit/s at 44.1 kHz: frames of 417 bytes and 1152 samples, behind an ID3v2.3 tag."""
    tags = id3_frame("TIT2", "Ouvertüre") + id3_frame("TPE1", "The Understudies") + id3_frame("TALB", "Opening Night")
    size = bytes(len(tags) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\3\0\0" + size + tags + (b"\xff\xfb\x90\x00" + bytes(413)) * frames


def pdf(pages: int = 3, text: str = "Hello from page one", **options: Any) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(width=595, height=842)
    page = writer.pages[0]
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    face = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): face})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = StreamObject()
    stream.set_data(f"BT /F1 24 Tf 72 720 Td ({text}) Tj ET".encode("latin-1"))
    page[NameObject("/Contents")] = stream
    writer.add_metadata({"/Title": "A Play", "/Author": "W. Stand-In"})
    if options.get("password"):
        writer.encrypt(options["password"], algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def zipped(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def tarred(entries: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        for name, content in entries.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return target.getvalue()


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="2in" viewBox="0 0 20 10"><rect/></svg>'


class Samples:
    """Makers of real files, and a set of them that has every format once."""

    photograph = staticmethod(photograph)
    landscape = staticmethod(landscape)
    translucent = staticmethod(translucent)
    animation = staticmethod(animation)
    png_that_declares = staticmethod(png_that_declares)
    saved = staticmethod(saved)
    wav = staticmethod(wav)
    mp3 = staticmethod(mp3)
    pdf = staticmethod(pdf)
    zipped = staticmethod(zipped)
    tarred = staticmethod(tarred)
    svg = SVG

    def __init__(self) -> None:
        self.large_photograph = large_photograph()
        self.every = [make() for make in _EVERY]


_EVERY: tuple[Callable[[], bytes], ...] = (
    photograph,
    translucent,
    lambda: animation("GIF"),
    lambda: animation("WEBP"),
    lambda: animation("PNG"),
    lambda: animation("TIFF"),
    lambda: saved(landscape(), "WEBP"),
    lambda: saved(landscape(), "WEBP", lossless=True),
    lambda: saved(landscape(), "BMP"),
    lambda: saved(landscape(), "AVIF"),
    lambda: saved(landscape(), "JPEG2000"),
    lambda: saved(landscape(), "ICO"),
    lambda: saved(landscape(mode="CMYK"), "JPEG"),
    wav,
    mp3,
    pdf,
    lambda: SVG,
    lambda: zipped({"a.txt": b"a" * 100, "b/c.txt": b"c"}),
    lambda: tarred({"a.txt": b"a" * 100}),
    lambda: b"name,age\nAda,36\nAlan,41\n",
    lambda: b'{"a": [1, 2, {"b": null}]}',
    lambda: "Grüße, 世界\n".encode("utf-16"),
    lambda: b"<!doctype html><html><body><script>alert(1)</script></body></html>",
)


@pytest.fixture(scope="session")
def samples() -> Samples:
    return Samples()
