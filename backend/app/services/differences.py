"""What is different between two documents: nodes, connections, and the values of all else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..nodes.schemas import pointer
from .changes import is_same

Json = Any

_PARTS = ("nodes", "connections")


def compare(old: dict[str, Json], new: dict[str, Json]) -> dict[str, Json]:
    """What turns one document into another: ``{nodes, connections, fields}``."""
    parts = {part: _compare_parts(old[part], new[part]) for part in _PARTS}
    return parts | {"fields": list(values(_without_parts(old), _without_parts(new)))}


def values(old: Json, new: Json, place: str = "") -> Iterator[dict[str, Json]]:
    """Each value that is another one: ``{pointer, before, after}``.

    Objects are looked into; a list is one value. What was not there has no ``before``, what is gone has no ``after``.

    :param place: the pointer of the two.
    """
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if not is_same(old, new):
            yield {"pointer": place, "before": old, "after": new}
        return
    for name in old | new:
        inner = place + pointer([name])
        if name not in new:
            yield {"pointer": inner, "before": old[name]}
        elif name not in old:
            yield {"pointer": inner, "after": new[name]}
        else:
            yield from values(old[name], new[name], inner)


def _without_parts(document: dict[str, Json]) -> dict[str, Json]:
    return {name: held for name, held in document.items() if name not in _PARTS}


def _compare_parts(old: list[dict[str, Json]], new: list[dict[str, Json]]) -> dict[str, Json]:
    before, after = ({part["id"]: part for part in parts} for parts in (old, new))
    kept = [key for key in before if key in after]
    added = [part for key, part in after.items() if key not in before]
    order = [*kept, *(part["id"] for part in added)]
    return {
        "added": added,
        "removed": [part for key, part in before.items() if key not in after],
        "changed": [_change(before[key], after[key]) for key in kept if not is_same(before[key], after[key])],
        "order": None if order == [*after] else [*after],
    }


def _change(old: dict[str, Json], new: dict[str, Json]) -> dict[str, Json]:
    return {"id": new["id"], "before": old, "after": new, "changes": list(values(old, new))}
