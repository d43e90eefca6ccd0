"""What is installed is what lies here."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[3]
APP = ROOT / "backend" / "app"


def test_every_folder_of_the_program_is_a_package_which_setup_finds() -> None:
    folders = {path.parent for path in APP.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_file_of_the_program_is_installed() -> None:
    files = {path for path in APP.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")}
    assert APP / "console" / "index.html" in files
    # What tools have left behind lies in folders that begin with a dot.
    left_out = {path for path in files - set(installed_data()) if "/." not in path.as_posix().removeprefix(str(APP))}
    assert left_out == set()


def test_the_readme_names_every_required_package() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        wanted = [line.split(">")[0] for line in lines if line and not line.startswith(("#", "-"))]
        assert [package for package in wanted if package not in readme] == []


def installed_data() -> Iterator[Path]:
    """What the package's data is by its patterns: those of ``*`` hold in every package."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]
    packages = [path.parent for path in APP.rglob("__init__.py")]
    for package in packages:
        for pattern in (*patterns["*"], *(patterns["understudy"] if package == APP else ())):
            yield from package.glob(pattern)
