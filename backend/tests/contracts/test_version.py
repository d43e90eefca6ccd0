"""One version, wherever it is told."""

from __future__ import annotations

import tomllib
from pathlib import Path

from app.version import VERSION

ROOT = Path(__file__).resolve().parents[3]


def test_the_package_and_the_program_have_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["project"]["version"] == VERSION
