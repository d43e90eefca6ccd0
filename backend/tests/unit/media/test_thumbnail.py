"""Thumbnails: real ones of images, drawn ones of the rest."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms

from app.errors import InvalidInput
from app.media.describe import describe
from app.media.placeholder import label_of
from app.media.thumbnail import thumbnail


def picture(content: bytes, name: str = "a", size: int = 64, format_: str = "png") -> Image.Image:
    made = Image.open(io.BytesIO(thumbnail(content, describe(content, name), size, format_)))
    made.load()
    return made


def near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 30 for a, b in zip(colour, wanted, strict=True))


def test_a_photograph_stands_upright(samples):
    made = picture(samples.photograph(orientation=6, size=(120, 80)))
    assert made.size == (43, 64)
    assert near(made.getpixel((20, 5)), (255, 0, 0))
    assert near(made.getpixel((20, 60)), (0, 0, 255))
    assert "exif" not in made.info


@pytest.mark.parametrize("format_", ["TIFF", "WEBP", "PNG"])
def test_other_formats_stand_upright_too(samples, format_):
    made = picture(samples.photograph(6, (120, 80), format_))
    assert made.size == (43, 64)
    assert near(made.getpixel((20, 5)), (255, 0, 0))


def test_transparency_is_kept(samples):
    made = picture(samples.translucent())
    assert (made.mode, made.size) == ("RGBA", (40, 20))
    assert made.getpixel((0, 0))[3] == 0
    assert made.getpixel((17, 10)) == (0, 200, 0, 255)


@pytest.mark.parametrize("format_", ["GIF", "WEBP"])
def test_the_first_frame_of_an_animation_is_shown(samples, format_):
    made = picture(samples.animation(format_))
    assert getattr(made, "n_frames", 1) == 1
    assert near(made.convert("RGB").getpixel((3, 8)), (255, 0, 0))


def test_a_print_file_shows_its_colours(samples):
    made = picture(samples.saved(samples.landscape(mode="CMYK"), "JPEG"))
    assert near(made.getpixel((5, 5)), (255, 0, 0))


def test_sixteen_bits_of_grey_are_not_cut_off(samples):
    grey = Image.new("I;16", (20, 20), 32_768)
    made = picture(samples.saved(grey, "PNG"))
    assert near(made.convert("RGB").getpixel((5, 5)), (128, 128, 128))


def test_a_damaged_colour_profile_does_no_harm(samples):
    good = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (good, b"nonsense", good[:200]):
        made = picture(samples.saved(samples.landscape(), "PNG", icc_profile=profile))
        assert near(made.getpixel((5, 5)), (255, 0, 0))
        assert "icc_profile" not in made.info


def test_a_large_photograph_is_fitted(samples):
    made = picture(samples.large_photograph, size=256, format_="webp")
    assert (made.format, made.size) == ("WEBP", (256, 171))


def test_everything_else_gets_a_drawing_of_its_kind(samples):
    drawn = {kind: picture(content, size=128) for kind, content in _others(samples).items()}
    assert {made.size for made in drawn.values()} == {(128, 128)}
    colours = {made.getpixel((25, 90)) for made in drawn.values()}
    assert len(colours) == len(drawn)
    assert all(made.getpixel((0, 0))[3] == 0 for made in drawn.values())


def _others(samples) -> dict[str, bytes]:
    return {
        "pdf": samples.pdf(),
        "audio": samples.wav(),
        "text": b"hello",
        "archive": samples.zipped({"a": b""}),
        "image": samples.svg,
        "other": bytes(range(256)),
    }


def test_a_damaged_image_gets_a_drawing(samples):
    whole = samples.photograph()
    cut = whole[: len(whole) - 200]
    assert picture(cut).size == (64, 64)
    assert picture(samples.png_that_declares(4000, 3000, b"x")).size == (64, 64)


def test_the_same_file_gives_the_same_bytes(samples):
    for content in samples.every:
        found = describe(content, "a")
        for format_ in ("webp", "png"):
            assert thumbnail(content, found, 48, format_) == thumbnail(content, found, 48, format_)


@pytest.mark.parametrize("size", [0, 15, 1025, -1, 10**9])
def test_sizes_that_are_not_made_are_refused(size):
    with pytest.raises(InvalidInput) as refused:
        thumbnail(b"hello", describe(b"hello", "a.txt"), size)
    assert refused.value.code == "invalid_thumbnail_size"


def test_formats_that_are_not_made_are_refused():
    with pytest.raises(InvalidInput) as refused:
        thumbnail(b"hello", describe(b"hello", "a.txt"), 64, "exe")
    assert refused.value.code == "invalid_thumbnail_format"


@pytest.mark.parametrize(
    ("name", "content", "label"),
    [("a.csv", b"a,b\n", "CSV"), ("a.exe", b"hi", "TXT"), ("日本", b"\0\1\2", "FILE"), ("a.pdf", b"\0\1", "PDF")],
)
def test_the_label_follows_the_content(name, content, label):
    assert label_of(describe(content, name)) == label
