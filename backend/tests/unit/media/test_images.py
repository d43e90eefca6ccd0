"""What is told of images, and what is refused."""

from __future__ import annotations

import json
import struct

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from app.errors import InvalidInput
from app.media.describe import Limits, describe


def test_a_photograph_is_measured_as_it_is_seen(samples):
    found = describe(samples.photograph(orientation=6, size=(120, 80)), "beach.jpg")
    assert (found.width, found.height) == (80, 120)
    assert (found.kind, found.content_type) == ("image", "image/jpeg")
    assert found.metadata["orientation"] == 6
    assert found.metadata["dpi"] == [300, 300]
    assert (found.metadata["mode"], found.metadata["has_alpha"]) == ("RGB", False)
    assert "error" not in found.metadata
    assert "mismatch" not in found.metadata


@pytest.mark.parametrize(("orientation", "size"), [(1, (120, 80)), (3, (120, 80)), (5, (80, 120)), (8, (80, 120))])
@pytest.mark.parametrize("format_", ["JPEG", "TIFF", "WEBP", "PNG"])
def test_every_format_honours_orientation(samples, orientation, size, format_):
    found = describe(samples.photograph(orientation, (120, 80), format_), "picture")
    assert (found.width, found.height) == size


def test_the_place_is_kept_apart_from_the_other_exif(samples):
    metadata = describe(samples.photograph(), "beach.jpg").metadata
    assert metadata["gps"] == {"latitude": -33.8568, "longitude": 151.215, "altitude": -12.5}
    assert metadata["exif"]["Make"] == "Understudy"
    assert metadata["exif"]["ExposureTime"] == 0.008
    assert metadata["exif"]["ExifVersion"] == "0232"
    assert not [name for name in metadata["exif"] if "GPS" in name or "Maker" in name]


@pytest.mark.parametrize(
    ("format_", "animated", "lasts"), [("GIF", True, 600), ("WEBP", True, 600), ("PNG", True, 600)]
)
def test_frames_and_length_of_an_animation_are_told(samples, format_, animated, lasts):
    metadata = describe(samples.animation(format_), "turning").metadata
    assert (metadata["frames"], metadata["animated"], metadata["duration_ms"]) == (3, animated, lasts)


def test_pages_of_a_tiff_are_no_animation(samples):
    metadata = describe(samples.animation("TIFF"), "pages.tiff").metadata
    assert (metadata["frames"], metadata["animated"]) == (3, False)


def test_colour_modes_are_told(samples):
    cmyk = describe(samples.saved(samples.landscape(mode="CMYK"), "JPEG"), "print.jpg")
    assert (cmyk.metadata["mode"], cmyk.metadata["has_alpha"]) == ("CMYK", False)
    alpha = describe(samples.translucent(), "logo.png")
    assert (alpha.metadata["mode"], alpha.metadata["has_alpha"]) == ("RGBA", True)


@pytest.mark.parametrize("format_", ["BMP", "AVIF", "JPEG2000", "ICO", "PPM"])
def test_less_common_formats_are_read_too(samples, format_):
    found = describe(samples.saved(samples.landscape((64, 64)), format_), "picture")
    assert (found.kind, found.width, found.height) == ("image", 64, 64)
    assert "error" not in found.metadata


def _gif_that_declares(width: int, height: int) -> bytes:
    frame = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 8, 8, 0x80, 0, 0) + bytes(6) + frame + b";"


def _icon_that_holds(picture: bytes) -> bytes:
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(picture), 22) + picture


def test_a_decompression_bomb_is_refused_before_it_is_opened(samples):
    bombs = [
        samples.png_that_declares(50_000, 50_000),
        samples.png_that_declares(8_000, 8_000),
        _gif_that_declares(60_000, 60_000),
        _icon_that_holds(samples.png_that_declares(9_000, 9_000)),
        b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0" + b"\xfe\x3f\x00" * 2 + bytes(20),
        b"BM" + struct.pack("<IIIIiiHHIIIIII", 54, 0, 54, 40, 100_000, -100_000, 1, 24, 0, 0, 0, 0, 0, 0),
    ]
    for bomb in bombs:
        with pytest.raises(InvalidInput) as refused:
            describe(bomb, "picture")
        assert refused.value.code == "image_too_large"
    assert "50,000,000" in refused.value.message


def test_the_limit_of_pixels_can_be_set(samples):
    picture = samples.saved(samples.landscape((120, 80)), "PNG")
    assert describe(picture, "a.png", Limits(max_pixels=120 * 80)).width == 120
    with pytest.raises(InvalidInput):
        describe(picture, "a.png", Limits(max_pixels=120 * 80 - 1))


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_a_truncated_image_is_described_from_its_header(samples, format_):
    whole = samples.saved(samples.landscape((300, 200)).rotate(7), format_)
    found = describe(whole[: len(whole) * 2 // 3], "cut")
    assert (found.kind, found.width, found.height) == ("image", 300, 200)
    assert found.metadata["truncated"] is True
    assert found.metadata["error"] == "The file ends before its last pixel."


def test_a_preview_in_the_exif_is_not_mistaken_for_the_end(samples):
    plain = samples.photograph()
    preview = b"\xff\xe2" + struct.pack(">H", 10) + b"\xff\xd8\xff\xd9\xff\xd9\xff\xd9"
    with_preview = plain[:2] + preview + plain[2:]
    assert "truncated" not in describe(with_preview, "a.jpg").metadata
    assert describe(with_preview[:-2], "a.jpg").metadata["truncated"] is True


def test_a_header_that_lies_about_the_pixels_is_noticed(samples):
    found = describe(samples.png_that_declares(4000, 3000, bytes(100)), "lies.png")
    assert (found.width, found.height) == (4000, 3000)
    assert "pixels cannot" in found.metadata["error"]


def test_a_jpeg_of_endless_segments_is_not_handed_to_the_decoder(samples):
    whole = samples.photograph()
    found = describe(whole[:2] + b"\xff\xe1\0\2" * 20_000 + whole[2:], "slow.jpg")
    assert (found.width, "no JPEG header" in found.metadata["error"]) == (None, True)


def test_a_damaged_header_is_not_trusted(samples):
    broken = bytearray(samples.translucent())
    broken[16] ^= 0x55
    found = describe(bytes(broken), "broken.png")
    assert (found.kind, found.width, found.height) == ("image", None, None)
    assert "damaged" in found.metadata["error"]


def test_exif_with_nonsense_in_it_is_plain_json_all_the_same(samples):
    exif = Image.Exif()
    exif[0x0132] = "2024:01:01\x00\x07 bell"
    exif[0x011A] = IFDRational(1, 0)
    exif[0xC4A5] = bytes(range(200, 256)) * 9
    exif.get_ifd(0x8825).update({1: "N", 2: (400.0, 0.0, 0.0), 29: "2024:01:01"})
    metadata = describe(samples.saved(samples.landscape(), "JPEG", exif=exif), "a.jpg").metadata
    json.dumps(metadata, allow_nan=False)
    assert "\x07" not in metadata["exif"]["DateTime"]
    assert metadata["gps"] == {"date": "2024:01:01"}
