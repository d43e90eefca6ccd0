"""Codes that the pages speak of are in the catalogue."""

from __future__ import annotations

import re

from app.contract.problems import answers, failures
from tests.docs.pages import DOCS, read_rows


def codes_of(page: str, section: str) -> set[str]:
    """What stands between backticks in the last cells of a table."""
    return set(re.findall(r"`(\w+)`", " ".join(row[-1] for row in read_rows(DOCS / page, section))))


def test_what_comes_beyond_a_limit_is_in_the_catalogue() -> None:
    assert codes_of("settings.md", "Limits") - answers().keys() - failures().keys() == set()


def test_what_a_request_is_refused_with_is_in_the_catalogue() -> None:
    assert codes_of("how-an-answer-is-chosen.md", "The questions") - answers().keys() == set()
