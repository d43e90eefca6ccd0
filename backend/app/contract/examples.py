"""Examples for the contract: what was sent and answered in really run calls."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

Json = Any


@cache
def read_examples() -> dict[str, dict[str, Json]]:
    """Under ``operations`` by name ``{body?, answers {status: body}}``; under ``problems`` by code the body."""
    text = files(__package__).joinpath("examples.json").read_text("utf-8")
    found: dict[str, dict[str, Json]] = json.loads(text)
    return found
