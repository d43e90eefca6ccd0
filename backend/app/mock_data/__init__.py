"""What a sandbox begins with, as JSON: the templates, and the scenarios with their sample files.

Every call reads anew, so that whoever gets a document may keep and change it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

Json = Any

_FOLDER = Path(__file__).parent


def templates() -> list[dict[str, Json]]:
    """The templates that come with the server, the simplest first.

    Each has a ``key`` that scenarios name it by, beside the fields of a template.
    """
    return [_read(path) for path in sorted((_FOLDER / "templates").glob("*.json"))]


def scenario(name: str) -> dict[str, Json]:
    """What a new sandbox is filled with: any of ``templates, workflows, files, history, failures``.

    One with ``generate`` has its workflows and their history made of that.

    A scenario may extend another one: what it does not say itself is as it is there.
    """
    found: dict[str, Json] = _read(_FOLDER / "scenarios" / f"{name}.json")
    return scenario(found["extends"]) | found if "extends" in found else found


def users() -> list[dict[str, Json]]:
    """The users that every sandbox has, the default one first, with the hashes of their passwords."""
    found: list[dict[str, Json]] = _read(_FOLDER / "users.json")
    return found


def files() -> dict[str, dict[str, Json]]:
    """The sample files by name: their descriptions, with their ``content``.

    `make_files` wrote both.
    """
    found = {described["name"]: described for described in _read(_FOLDER / "files.json")}
    for name, described in found.items():
        described["content"] = (_FOLDER / "files" / name).read_bytes()
    return found


def _read(path: Path) -> Json:
    return orjson.loads(path.read_bytes())
