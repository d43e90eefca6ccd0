"""The page on settings, and the README's table of options, say what the code says."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from app.command import make_parser
from app.config import PREFIX, Limits, Settings
from tests.docs.pages import DOCS, ROOT, read_rows

PAGE = DOCS / "settings.md"
README = ROOT / "README.md"


def written(value: object) -> str:
    """A default as people write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def variable(name: str) -> str:
    """The environment variable of a setting, as a page shows it."""
    return f"`{PREFIX}{name.upper()}`"


def options_of_the_command() -> dict[str, tuple[str, str]]:
    """By option: its variable and its default."""
    names = [action.dest for action in make_parser()._actions if action.dest not in ("help", "version")]
    return {f"`--{name.replace('_', '-')}`": (variable(name), written(getattr(Settings(), name))) for name in names}


@pytest.mark.parametrize(("page", "section"), [(PAGE, "Options"), (README, "Options")], ids=["settings", "README"])
def test_the_options_are_those_of_the_command(page: Path, section: str) -> None:
    told = {option: (name, default) for option, name, default, _ in read_rows(page, section)}
    assert told == options_of_the_command()


def test_settings_without_an_option_are_all_the_others() -> None:
    told = {name: default for name, default, _ in read_rows(PAGE, "Without an option")}
    of_options = {name for name, _ in options_of_the_command().values()}
    others = [setting for setting in fields(Settings) if setting.name != "limits"]
    every = {variable(setting.name): written(setting.default) for setting in others}
    assert told == {name: default for name, default in every.items() if name not in of_options}


def test_the_limits_are_those_of_the_code() -> None:
    told = {name: default for name, default, _, _ in read_rows(PAGE, "Limits")}
    assert told == {variable(limit.name): f"{limit.default:,}" for limit in fields(Limits)}


@pytest.mark.parametrize("section", ["Options", "Without an option", "Limits"])
def test_no_setting_is_told_twice_and_each_says_something(section: str) -> None:
    rows = read_rows(PAGE, section)
    assert len({row[0] for row in rows}) == len(rows)
    assert [row for row in rows if not row[-1]] == []
