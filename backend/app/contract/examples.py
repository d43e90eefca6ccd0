"""Examples for the contract: what was sent and answered in really run calls."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

Json = Any


def read_examples() -> dict[str, Json]:
    """By operation: ``{body?, answers {status: body}}``."""
    text = files(__package__).joinpath("examples.json").read_text("utf-8")
    found: dict[str, Json] = json.loads(text)
    return found
