"""How much is tried: a little of everything, always the same, or a lot by chance if ``FUZZ_EXAMPLES`` says how much."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

Json = Any

LONGER = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""How many examples everything gets in a longer run; 0 for a short one."""

_EVERY = 12
"""Of seventy known types of nodes, a short run takes one of so many: their bounds alone make 27,000 requests."""


def leave_out(document: Json, names: Iterable[str]) -> None:
    """Take shared parameters out of every operation."""
    refs = [{"$ref": f"#/components/parameters/{name}"} for name in names]
    for item in document["paths"].values():
        for operation in item.values():
            operation["parameters"] = [one for one in operation["parameters"] if one not in refs]


def shorten(document: Json) -> None:
    """Take out of the contract what it says over and over, for a short run.

    Each operation keeps one of the parameters that all of them share, so that each parameter is tried with several
    operations; and some of the known types of nodes stay.
    """
    shared = [{"$ref": f"#/components/parameters/{name}"} for name in document["components"]["parameters"]]
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    for place, operation in enumerate(operations):
        kept = shared[place % len(shared)]
        operation["parameters"] = [one for one in operation["parameters"] if one not in shared or one == kept]
    known = document["components"]["schemas"]["KnownNode"]
    known["oneOf"] = known["oneOf"][::_EVERY]
    names = [one["$ref"] for one in known["oneOf"]]
    mapping = known["discriminator"]["mapping"]
    known["discriminator"]["mapping"] = {kind: name for kind, name in mapping.items() if name in names}
