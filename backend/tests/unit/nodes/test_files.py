"""File nodes really work on files."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from app.engine.fakes import SimulatedEffects
from app.errors import NodeFailure
from app.media.describe import describe
from app.models.file import File
from app.nodes.base import Inputs, Result
from app.nodes.files import FORMATS, MODES, TYPES
from app.world import Chance

NODE_TYPES = {kind.type: kind for kind in TYPES}
DEEP: list[Any] = []
for _ in range(1500):
    DEEP = [DEEP]
ODD_INPUTS = (
    DEEP,
    "none",
    {"id": "none"},
    None,
    "text",
    3,
    True,
    [],
    {},
    [None],
    [1, "a", []],
    {"rows": 5},
    [[[]]],
    {"files": [{"id": 7}]},
)


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


def run(name: str, config: dict[str, Any], given: Any = None, effects: SimulatedEffects | None = None) -> Any:
    """What leaves by each port, which fits the schema that the type declares."""
    kind = NODE_TYPES[name]
    given_inputs = Inputs({"input": [given]} if given is not None else {})
    answer = kind.run(given_inputs, kind.defaults | config, effects or outside())
    outputs = answer.outputs if isinstance(answer, Result) else answer
    for port, value in outputs.items():
        Draft202012Validator(kind.output_schema[port]).validate(value)
    assert {port.id for port in kind.outputs} == set(outputs)
    return outputs["output"]


def failure(name: str, config: dict[str, Any], given: Any = None) -> NodeFailure:
    with pytest.raises(NodeFailure) as caught:
        run(name, config, given)
    return caught.value


def test_every_type_of_the_family_is_in_the_table() -> None:
    assert set(CASES) == set(NODE_TYPES)


@pytest.mark.parametrize("name", NODE_TYPES)
def test_defaults_fit_the_form_and_need_no_secret(name: str) -> None:
    kind = NODE_TYPES[name]
    Draft202012Validator.check_schema(kind.config_schema)
    Draft202012Validator(kind.config_schema).validate(kind.defaults)
    for key, field in kind.config_schema["properties"].items():
        assert field["title"], key
        if field.get("format") == "password":
            assert field["writeOnly"] is True
            assert key not in kind.defaults


@pytest.mark.parametrize("name", NODE_TYPES)
def test_two_configs_and_two_inputs_give_outputs_that_differ(name: str) -> None:
    (config, other_config), (given, other_given) = CASES[name]
    first = run(name, config, given)
    assert run(name, config, given) == first
    assert run(name, other_config, given) != first
    assert run(name, config, other_given) != first


@pytest.mark.parametrize("name", NODE_TYPES)
def test_odd_inputs_fail_with_words_or_not_at_all(name: str) -> None:
    for odd in ODD_INPUTS:
        for config in ({}, CASES[name][0][0], CASES[name][0][1]):
            try:
                run(name, config, odd)
            except NodeFailure as caught:
                assert len(caught.message) > 15  # noqa: PT017  It may work; if not, it says why.


@pytest.mark.parametrize("name", NODE_TYPES)
def test_odd_configs_fail_with_words_or_not_at_all(name: str) -> None:
    for key in NODE_TYPES[name].config_schema["properties"]:
        for odd in ODD_INPUTS:
            try:
                run(name, CASES[name][0][0] | {key: odd}, {"text": "a text"})
            except NodeFailure as caught:
                assert len(caught.message) > 15  # noqa: PT017  It may work; if not, it says why.


CASES: dict[str, Any] = {
    "thumbnail": (({"size": 32}, {"size": 64}), ("wide", "tall")),
    "resize": (({"width": 50}, {"width": 60}), ("wide", "tall")),
    "convert": (({"format": "png"}, {"format": "jpeg"}), ("wide", "tall")),
    "extract_text": (({"max_chars": 3}, {"max_chars": 100}), ("note", "rows")),
    "extract_metadata": (({"fields": "size"}, {"fields": "kind"}), ("note", "rows")),
}


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
