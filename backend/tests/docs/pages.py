"""The pages of the documentation, and what stands on them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
INDEX = DOCS / "README.md"
PAGES = sorted(DOCS.glob("*.md"))
COMMANDS = ("sh", "js")
OUTPUTS = ("text", "json")
ONLY_READ = ("nginx", "mermaid", "ts", "toml")
"""Whoever runs these tests need not have what reads it."""


class Block(NamedTuple):
    """A fenced block of a page."""

    page: Path
    line: int
    language: str
    text: str

    @property
    def file(self) -> str:
        """The file that the first line of a block of Python or JavaScript names."""
        return self.text.partition("\n")[0].removeprefix("// ").removeprefix("# ")

    @property
    def is_module(self) -> bool:
        """Whether other blocks of JavaScript import it, on whatever page they stand."""
        return self.language == "js" and self.file.endswith(".js")


def read_blocks(page: Path) -> list[Block]:
    """The blocks of a page, in their order."""
    text = page.read_text("utf-8")
    found = re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Block(page, text.count("\n", 0, one.start()) + 1, one[1], one[2]) for one in found]


def read_rows(page: Path, section: str = "") -> list[list[str]]:
    """The rows of the tables of a page, or of one of its sections, without their heads; each as its cells."""
    text = page.read_text("utf-8")
    if section:
        _, found, behind = text.partition(f"\n## {section}\n")
        assert found, section
        text = behind.partition("\n## ")[0]
    tables = re.findall(r"^\|.*\n\|[-|]*\n((?:\|.*\n)*)", text, re.MULTILINE)
    return [[cell.strip() for cell in row[1:-1].split("|")] for table in tables for row in table.splitlines()]


def read_titles(page: Path) -> list[str]:
    """The titles on a page, as the ends of links name them."""
    titles = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S), re.M)
    return [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
