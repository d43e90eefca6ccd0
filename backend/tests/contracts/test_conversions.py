"""The console lets people connect what the server converts, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from app.nodes.base import CONVERTIBLE

_REFUSALS = Path(__file__).parents[3] / "frontend" / "src" / "editor" / "refusals.ts"


def test_the_console_knows_the_conversions_of_the_server() -> None:
    table = re.search(r"CONVERTED = new Set\(\[(.*?)\]\)", _REFUSALS.read_text(encoding="utf-8"), re.DOTALL)
    assert table is not None
    assert {tuple(pair.split()) for pair in re.findall(r'"(.*?)"', table[1])} == CONVERTIBLE
