"""What is installed is what lies here."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[3]
APP = ROOT / "backend" / "app"


def test_every_folder_of_the_program_is_a_package_which_setup_finds() -> None:
    folders = {path.parent for path in APP.rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_the_readme_names_every_required_package() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        wanted = [line.split(">")[0] for line in lines if line and not line.startswith(("#", "-"))]
        assert [package for package in wanted if package not in readme] == []
