"""Work on files for nodes."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from app.errors import NodeFailure
from app.media.describe import describe
from app.media.limits import Limits
from app.media.operations import convert, extract_text, make_thumbnail, resize


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("width", "height", "mode", "size"),
    [
        (60, 60, "contain", (60, 40)),
        (60, 60, "cover", (60, 60)),
        (60, 60, "stretch", (60, 60)),
        (240, 300, "contain", (240, 160)),
        (60, None, "contain", (60, 40)),
        (None, 40, "cover", (60, 40)),
    ],
)
def test_resizing_fits_fills_or_stretches(samples, width, height, mode, size):
    made, content_type = resize(samples.saved(samples.landscape((120, 80)), "PNG"), width, height, mode)
    assert (opened(made).size, content_type) == (size, "image/png")


def test_a_thread_of_pixels_keeps_at_least_one(samples):
    thread = samples.saved(samples.landscape((2, 3000)), "PNG")
    assert opened(resize(thread, 20, 20)[0]).size == (1, 20)
    assert opened(make_thumbnail(thread, 20)[0]).size == (1, 20)


def test_cover_cuts_off_and_stretch_does_not(samples):
    stripes = Image.new("RGB", (90, 30), "green")
    stripes.paste("red", (0, 0, 30, 30))
    source = samples.saved(stripes, "PNG")
    assert opened(resize(source, 30, 30, "cover")[0]).getpixel((2, 15)) == (0, 128, 0)
    assert opened(resize(source, 30, 30, "stretch")[0]).getpixel((2, 15)) == (255, 0, 0)


@pytest.mark.parametrize(
    "work", [lambda c: resize(c, 40, 60), lambda c: convert(c, "jpeg"), lambda c: make_thumbnail(c, 60)]
)
def test_results_stand_upright_and_carry_no_metadata(samples, work):
    made = opened(work(samples.photograph(orientation=6, size=(120, 80)))[0])
    assert made.size[0] < made.size[1]
    assert not dict(made.getexif())
    assert "icc_profile" not in made.info


@pytest.mark.parametrize("format_", ["png", "jpeg", "webp", "gif"])
def test_every_image_converts_to_every_format(samples, format_):
    for content in samples.every[:13]:
        made, content_type = convert(content, format_)
        assert content_type == f"image/{format_}"
        assert opened(made).format == format_.upper()


def test_transparency_survives_where_the_format_has_it(samples):
    source = samples.translucent()
    assert opened(convert(source, "webp")[0]).getpixel((0, 0))[3] == 0
    assert opened(convert(source, "gif")[0]).convert("RGBA").getpixel((0, 0))[3] == 0
    assert opened(convert(source, "jpeg")[0]).getpixel((39, 0)) == (255, 255, 255)


def test_less_quality_means_fewer_bytes(samples):
    noise = samples.saved(Image.effect_noise((200, 200), 80), "PNG")
    assert len(convert(noise, "jpeg", 20)[0]) < len(convert(noise, "jpeg", 95)[0])


def test_a_large_photograph_is_resized_from_a_fraction_of_its_pixels(samples):
    made, content_type = resize(samples.large_photograph, 300, 300)
    assert (opened(made).size, content_type) == ((300, 200), "image/jpeg")


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (lambda _: resize(b"hello", 10, 10), "not_an_image"),
        (lambda _: resize(b"", 10, 10), "not_an_image"),
        (lambda s: convert(s.svg, "png"), "not_an_image"),
        (lambda s: convert(s.pdf(), "png"), "not_an_image"),
        (lambda s: make_thumbnail(s.photograph()[:-300]), "unreadable_image"),
        (lambda s: convert(s.png_that_declares(100, 100, b"x"), "png"), "unreadable_image"),
        (lambda s: convert(s.png_that_declares(50_000, 50_000), "png"), "image_too_large"),
        (lambda s: resize(s.photograph(), 10, 10, limits=Limits(100)), "image_too_large"),
        (lambda s: resize(s.photograph(), 0, 10), "invalid_size"),
        (lambda s: resize(s.photograph(), None, None), "invalid_size"),
        (lambda s: resize(s.photograph(), 16_000, 16_000), "invalid_size"),
        (lambda s: resize(s.saved(s.landscape((1, 4000)), "PNG"), 16_000, None), "invalid_size"),
        (lambda s: resize(s.photograph(), 10, 10, "bend"), "invalid_mode"),
        (lambda s: convert(s.photograph(), "exe"), "invalid_format"),
        (lambda s: convert(s.photograph(), "jpeg", 0), "invalid_quality"),
        (lambda s: make_thumbnail(s.photograph(), 5), "invalid_size"),
    ],
)
def test_what_cannot_be_done_fails_the_node_with_a_reason(samples, work, code):
    with pytest.raises(NodeFailure) as failed:
        work(samples)
    assert failed.value.code == code
    assert failed.value.message.endswith(".")


def text_of(content: bytes, name: str = "a") -> str:
    return extract_text(content, describe(content, name))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1"])
def test_texts_come_out_decoded(encoding):
    assert text_of("Grüße aus Köln".encode(encoding), "a.txt") == "Grüße aus Köln"


def test_texts_come_out_of_pdfs_and_tables_and_not_out_of_pictures(samples):
    assert text_of(samples.pdf(text="Hello from page one")) == "Hello from page one"
    assert text_of(b"a,b\n1,2\n", "a.csv") == "a,b\n1,2\n"
    assert text_of(samples.photograph()) == text_of(samples.svg) == text_of(samples.wav()) == ""


def test_closed_and_broken_documents_fail_the_node(samples):
    for content, code in (
        (samples.pdf(password="secret"), "encrypted_document"),
        (b"%PDF-1.7\n", "unreadable_document"),
    ):
        with pytest.raises(NodeFailure) as failed:
            text_of(content)
        assert failed.value.code == code
