"""What is installed is what lies here."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
APP = ROOT / "backend" / "app"


def test_every_package_of_the_tree_is_installed() -> None:
    installed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    found = {init.parent.relative_to(APP) for init in APP.rglob("__init__.py")}
    assert {".".join(["understudy", *path.parts]) for path in found} == set(installed)


def test_the_readme_names_every_required_package() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        wanted = [line.split(">")[0] for line in lines if line and not line.startswith(("#", "-"))]
        assert [package for package in wanted if package not in readme] == []
