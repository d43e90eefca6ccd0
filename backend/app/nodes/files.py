"""Nodes that work on files. Images are really resized and converted; what they make appears among the files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from ..errors import NodeFailure, UnderstudyError
from .base import Config, Effects, Inputs, Json, NodeType, Port, Simulation, StoredFile
from .fields import (
    choice,
    defaults_of,
    form,
    kind_of,
    line,
    read_choice,
    read_names,
    read_text,
    read_whole,
    whole,
)

COLOR = "#ec4899"
MOST_FILES = 100
"""Files that one node works on."""
MOST_PIXELS = 8_000
"""The longest side of an image that a node makes."""
FORMATS = ("webp", "png", "jpeg", "gif")
MODES = ("contain", "cover", "stretch")

_kind = partial(NodeType, category="files", color=COLOR, heavy=True)
Operation = Callable[[StoredFile, Config], tuple[bytes, str]]


def thumbnail(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """A small picture of each file."""
    return _each_image(inputs, config, effects, _thumbnail, "-thumbnail")


def resize(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Each image in another size."""
    return _each_image(inputs, config, effects, _resize, "-resized")


def convert(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Each image in another format."""
    return _each_image(inputs, config, effects, _convert, "")


def extract_text(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """The text in each file."""
    from ..media.operations import extract_text as read

    longest = read_whole(config, "max_chars", 100_000, 1, 1_000_000)
    texts = []
    for file in _files(inputs, config, effects):
        found = _tried(file, partial(read, file.content, file))
        texts.append(
            {"file_id": file.id, "name": file.name, "text": found[:longest], "truncated": len(found) > longest}
        )
    return {"output": {"texts": texts, "count": len(texts)}}


def extract_metadata(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """What is known about each file; with names in the configuration, only those."""
    wanted = read_names(config, "fields")
    return {"output": {"files": [_facts(file, wanted) for file in _files(inputs, config, effects)]}}


def file_ids(value: Json) -> list[str]:
    """The ids of the files in a value: an id, a file, ``{files}``, ``{file_ids}``, or a list of any of these."""
    if isinstance(value, str):
        return [part for part in re.split(r"[\s,]+", value.strip()) if part]
    if isinstance(value, list):
        return [found for item in value for found in file_ids(item)]
    if isinstance(value, Mapping):
        for key in ("files", "file_ids", "items", "file", "file_id", "id"):
            if value.get(key):
                return file_ids(value[key])
    return []


def _files(inputs: Inputs, config: Config, effects: Effects) -> list[StoredFile]:
    """The files to work on: those of the configuration, else those that arrived.

    :raises NodeFailure: ``no_files``, ``too_many_files``, ``file_not_found``.
    """
    chosen = config.get("file_ids") or inputs.main
    try:
        found = list(dict.fromkeys(file_ids(chosen)))
    except RecursionError:
        raise NodeFailure("no_files", "What arrived is nested too deeply to look for files in it.") from None
    if not found:
        raise NodeFailure("no_files", f"This node needs a file; what arrived is {kind_of(chosen)}.")
    if len(found) > MOST_FILES:
        raise NodeFailure("too_many_files", f"{len(found)} files are more than the {MOST_FILES} of one node.")
    return [effects.file(each) for each in found]


def _each_image(inputs: Inputs, config: Config, effects: Effects, operate: Operation, mark: str) -> dict[str, Json]:
    files = _files(inputs, config, effects)
    for file in files:
        if file.kind != "image":
            raise NodeFailure("not_an_image", f"'{file.name}' is no image but {file.content_type}.", file_id=file.id)
    made = []
    for file in files:
        content, content_type = _tried(file, partial(operate, file, config))
        made.append(effects.write_file(_name(file.name, mark, content_type), content, content_type))
    return {"output": {"files": made}}


def _tried(file: StoredFile, work: Callable[[], Json]) -> Json:
    """What the work gives; an error of ours becomes the node's failure."""
    try:
        return work()
    except UnderstudyError as error:
        raise NodeFailure(error.code, f"'{file.name}': {error.message}", file_id=file.id) from error


def _thumbnail(file: StoredFile, config: Config) -> tuple[bytes, str]:
    from ..media.operations import make_thumbnail

    return make_thumbnail(file.content, read_whole(config, "size", 256, 16, 1_024))


def _resize(file: StoredFile, config: Config) -> tuple[bytes, str]:
    from ..media.operations import resize

    width, height = (read_whole(config, side, 0, 0, MOST_PIXELS) or None for side in ("width", "height"))
    if not width and not height:
        raise NodeFailure("missing_config", "The new size is missing: fill in 'width', 'height' or both.")
    return resize(file.content, width, height, read_choice(config, "mode", MODES))


def _convert(file: StoredFile, config: Config) -> tuple[bytes, str]:
    from ..media.operations import convert

    style = read_text(config, "format", FORMATS[0]).lower().lstrip(".")
    style = read_choice({"format": "jpeg" if style == "jpg" else style}, "format", FORMATS)
    return convert(file.content, style, read_whole(config, "quality", 85, 1, 100))


def _name(name: str, mark: str, content_type: str) -> str:
    """The name of the result: ``cat.jpeg`` made small as WebP is ``cat-thumbnail.webp``."""
    ending = {"image/jpeg": "jpg", "image/svg+xml": "svg"}.get(content_type, content_type.rpartition("/")[2])
    return f"{re.sub(r'[.][A-Za-z0-9]{1,8}$', '', name)}{mark}.{ending}"


def _facts(file: StoredFile, wanted: list[str]) -> dict[str, Json]:
    facts = {name: getattr(file, name) for name in ("size", "content_type", "kind", "width", "height", "metadata")}
    known = {"id": file.id, "name": file.name}
    if not wanted:
        return known | facts
    every = facts | file.metadata
    return known | {name: every[name] for name in wanted if name in every}


_FILE_IDS = {
    "type": "array",
    "items": {"type": "string"},
    "title": "Files",
    "description": "Ids of uploaded files; if empty, the files that arrive.",
    "default": [],
    "format": "file-ids",
}
_THUMBNAIL = form({"size": whole("Longest side (px)", 256, 16, 1_024), "file_ids": _FILE_IDS})
_RESIZE = form(
    {
        "width": whole("Width (px)", 800, 0, MOST_PIXELS, "0: as the height has it."),
        "height": whole("Height (px)", 0, 0, MOST_PIXELS, "0: as the width has it."),
        "mode": choice(
            "Mode", MODES, "contain: inside of the box; cover: filling it, cropped; stretch: out of proportion."
        ),
        "file_ids": _FILE_IDS,
    }
)
_CONVERT = form(
    {
        "format": choice("Format", FORMATS),
        "quality": whole("Quality", 85, 1, 100, "For WebP and JPEG."),
        "file_ids": _FILE_IDS,
    }
)
_TEXTS = form({"max_chars": whole("Most characters", 100_000, 1, 1_000_000, "Per file."), "file_ids": _FILE_IDS})
_METADATA = form(
    {"fields": line("Only these", "", "Names, with commas between them; if empty, all."), "file_ids": _FILE_IDS}
)

_INPUTS = (Port("input", "Files", "any"),)
_FILES_OUT = (Port("output", "Files", "file"),)
_MADE = {
    "output": {
        "type": "object",
        "properties": {
            "files": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["id", "name", "size", "content_type", "kind", "width", "height"],
                },
            }
        },
        "required": ["files"],
    }
}
_DAMAGED = (("image_damaged", "The image could not be decoded."),)

TYPES: tuple[NodeType, ...] = (
    _kind(
        "thumbnail",
        "Thumbnail",
        "Makes small pictures of images.",
        run=thumbnail,
        icon="image",
        inputs=_INPUTS,
        outputs=_FILES_OUT,
        config_schema=_THUMBNAIL,
        defaults=defaults_of(_THUMBNAIL),
        output_schema=_MADE,
        simulation=Simulation(120, 0.5, 10, 20_000, 0.005, _DAMAGED),
    ),
    _kind(
        "resize",
        "Resize image",
        "Gives images another size.",
        run=resize,
        icon="scaling",
        inputs=_INPUTS,
        outputs=_FILES_OUT,
        config_schema=_RESIZE,
        defaults=defaults_of(_RESIZE),
        output_schema=_MADE,
        simulation=Simulation(260, 0.5, 20, 30_000, 0.005, _DAMAGED),
    ),
    _kind(
        "convert",
        "Convert image",
        "Gives images another format.",
        run=convert,
        icon="replace",
        inputs=_INPUTS,
        outputs=_FILES_OUT,
        config_schema=_CONVERT,
        defaults=defaults_of(_CONVERT),
        output_schema=_MADE,
        simulation=Simulation(300, 0.5, 20, 30_000, 0.005, _DAMAGED),
    ),
    _kind(
        "extract_text",
        "Extract text",
        "Reads the text in files.",
        run=extract_text,
        icon="scan-text",
        inputs=_INPUTS,
        outputs=(Port("output", "Texts", "object"),),
        config_schema=_TEXTS,
        defaults=defaults_of(_TEXTS),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "texts": {"type": "array", "items": {"type": "object", "required": ["file_id", "name", "text"]}},
                    "count": {"type": "integer"},
                },
                "required": ["texts", "count"],
            }
        },
        simulation=Simulation(700, 0.6, 40, 60_000, 0.01, (("unreadable", "The file holds no readable text."),)),
    ),
    _kind(
        "extract_metadata",
        "Extract metadata",
        "Tells what is known about files.",
        run=extract_metadata,
        icon="file-search",
        inputs=_INPUTS,
        outputs=(Port("output", "Files", "file"),),
        config_schema=_METADATA,
        defaults=defaults_of(_METADATA),
        output_schema={
            "output": {
                "type": "object",
                "properties": {"files": {"type": "array", "items": {"type": "object", "required": ["id", "name"]}}},
                "required": ["files"],
            }
        },
        simulation=Simulation(60, 0.5, 5, 10_000, 0.002, _DAMAGED),
    ),
)
