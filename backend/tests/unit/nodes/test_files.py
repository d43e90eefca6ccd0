"""File nodes really work on files."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import pytest
from PIL import Image

from app.engine.fakes import SimulatedEffects
from app.media.describe import describe
from app.models.file import File
from app.nodes.files import FORMATS, MODES, TYPES
from app.world import Chance
from tests.unit.nodes.family import Family, FamilyRules

FAMILY = Family(TYPES, lambda: outside())
NODE_TYPES, run, failure = FAMILY.types, FAMILY.run, FAMILY.failure


def picture(width: int, height: int, style: str = "PNG") -> bytes:
    target = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(target, style)
    return target.getvalue()


def stored(file_id: str, name: str, content: bytes) -> File:
    found = describe(content, name)
    facts = {key: getattr(found, key) for key in ("name", "size", "content_type", "kind", "sha256", "width", "height")}
    return File(id=file_id, metadata=found.metadata, content=content, **facts)


@lru_cache(maxsize=1)
def files() -> dict[str, File]:
    return {
        "wide": stored("wide", "wide.png", picture(400, 100)),
        "tall": stored("tall", "tall.jpg", picture(60, 90, "JPEG")),
        "note": stored("note", "note.txt", "Grüße\nfrom a file".encode()),
        "rows": stored("rows", "rows.csv", b"a,b\n1,2\n3,4\n"),
    }


def outside() -> SimulatedEffects:
    return SimulatedEffects(Chance(7).rng, "2026-01-01T09:00:00.000Z", {}, files().get, {})


def made(name: str, config: dict[str, Any], given: Any) -> list[Image.Image]:
    effects = outside()
    shown = run(name, config, given, effects)["files"]
    assert [id(each) for each in shown] == [id(draft.shown) for draft in effects.drafts]
    return [Image.open(io.BytesIO(draft.content)) for draft in effects.drafts]


CASES: dict[str, Any] = {
    "thumbnail": (({"size": 32}, {"size": 64}), ("wide", "tall")),
    "resize": (({"width": 50}, {"width": 60}), ("wide", "tall")),
    "convert": (({"format": "png"}, {"format": "jpeg"}), ("wide", "tall")),
    "extract_text": (({"max_chars": 3}, {"max_chars": 100}), ("note", "rows")),
    "extract_metadata": (({"fields": "size"}, {"fields": "kind"}), ("note", "rows")),
}


class TestRules(FamilyRules):
    family = FAMILY
    cases = CASES


def test_all_of_the_family_is_done_outside_of_the_lock() -> None:
    assert all(kind.heavy for kind in TYPES)


@pytest.mark.parametrize(
    "given",
    [
        "wide tall",
        ["wide", "tall"],
        [{"id": "wide"}, {"id": "tall"}],
        {"files": [{"id": "wide"}, {"id": "tall"}]},
        [{"files": [{"id": "wide"}]}, {"file_ids": ["tall"]}],
        {"file_ids": ["wide", "tall", "wide"]},
    ],
)
def test_files_arrive_in_many_shapes(given: Any) -> None:
    assert [file["id"] for file in run("extract_metadata", {}, given)["files"]] == ["wide", "tall"]


def test_files_of_the_configuration_come_before_those_that_arrive() -> None:
    assert run("extract_metadata", {"file_ids": ["note"]}, "wide")["files"][0]["id"] == "note"


def test_a_thumbnail_fits_in_its_square() -> None:
    small, tiny = made("thumbnail", {"size": 40}, ["wide", "tall"])
    assert (max(small.size), max(tiny.size)) == (40, 40)
    assert run("thumbnail", {}, "wide")["files"][0]["name"] == "wide-thumbnail.webp"


@pytest.mark.parametrize(
    ("config", "size"),
    [
        ({"width": 200, "height": 0}, (200, 50)),
        ({"width": 0, "height": 20}, (80, 20)),
        ({"width": 80, "height": 80, "mode": "contain"}, (80, 20)),
        ({"width": 80, "height": 80, "mode": "cover"}, (80, 80)),
        ({"width": 30, "height": 90, "mode": "stretch"}, (30, 90)),
    ],
)
def test_an_image_gets_the_size_that_is_asked(config: dict[str, Any], size: tuple[int, int]) -> None:
    assert [image.size for image in made("resize", config, "wide")] == [size]


@pytest.mark.parametrize(("style", "ending"), [("png", "png"), ("jpg", "jpg"), ("webp", "webp"), ("gif", "gif")])
def test_an_image_is_converted_to_the_format(style: str, ending: str) -> None:
    (image,) = made("convert", {"format": style}, "tall")
    assert image.format == style.upper().replace("JPG", "JPEG")
    assert image.size == (60, 90)
    assert run("convert", {"format": style}, "tall")["files"][0]["name"] == f"tall.{ending}"


def test_every_format_and_mode_of_the_form_is_known_to_the_media_room() -> None:
    from app.media import operations

    assert set(FORMATS) == set(operations.FORMATS)
    assert set(MODES) == set(operations.MODES)


@pytest.mark.parametrize("name", ["thumbnail", "resize", "convert"])
def test_what_is_no_image_fails_by_name(name: str) -> None:
    failed = failure(name, {}, ["wide", "note"])
    assert failed.code == "not_an_image"
    assert "note.txt" in failed.message


def test_a_size_is_needed() -> None:
    assert failure("resize", {"width": 0}, "wide").code == "missing_config"


def test_text_is_read_and_cut_where_the_form_says() -> None:
    whole = run("extract_text", {}, ["note", "rows", "wide"])
    assert [text["text"] for text in whole["texts"]] == ["Grüße\nfrom a file", "a,b\n1,2\n3,4\n", ""]
    (cut,) = run("extract_text", {"max_chars": 4}, "note")["texts"]
    assert (cut["text"], cut["truncated"]) == ("Grüß", True)


def test_metadata_has_all_or_what_is_named() -> None:
    (every,) = run("extract_metadata", {}, "wide")["files"]
    assert (every["width"], every["height"], every["kind"], every["name"]) == (400, 100, "image", "wide.png")
    (some,) = run("extract_metadata", {"fields": "width, format"}, "wide")["files"]
    assert some == {"id": "wide", "name": "wide.png", "width": 400, "format": "PNG"}


@pytest.mark.parametrize(("given", "code"), [(None, "no_files"), ([], "no_files"), ("gone", "file_not_found")])
def test_without_a_file_the_node_fails_in_words(given: Any, code: str) -> None:
    assert failure("extract_text", {}, given).code == code
