"""Small graphs of the usual shapes, laid out from left to right: what workflows made by chance consist of."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

Json = Any

COLUMN, ROW = 280, 140
"""Pixels between neighbours on the canvas."""

START = "start"
WORK = "work"
"""The second thing that every shape does; from here on it needs amounts, in the shapes of `NEED_AMOUNTS`."""
WAIT = "wait"
"""Where the shapes ``wait`` and ``long`` spend their time."""
ASK = "ask"
"""Where the shape ``approval`` asks."""


class Drawing:
    """A graph in the making."""

    def __init__(self) -> None:
        self.nodes: list[dict[str, Json]] = []
        self.connections: list[dict[str, Json]] = []
        self._columns: dict[str, int] = {}

    def put(self, key: str, kind: str, label: str, config: dict[str, Json], *sources: str, row: int = 0) -> None:
        """Add a node to the right of its sources.

        :param sources: ``node``, ``node.port`` or ``node.port>port of the new one``.
        """
        for source in sources:
            self._connect(source, key)
        before = [self._columns[line["source"]] for line in self.connections if line["target"] == key]
        column = self._columns[key] = max(before, default=-1) + 1
        place = {"x": column * COLUMN, "y": row * ROW}
        self.nodes.append({"id": key, "type": kind, "position": place, "data": {"label": label, "config": config}})

    def _connect(self, source: str, key: str) -> None:
        where, _, entry = source.partition(">")
        node, _, port = where.partition(".")
        line = {"id": f"{node}-{key}", "source": node, "target": key}
        self.connections.append(line | {"sourceHandle": port or "output", "targetHandle": entry or "input"})


def draw(shape: str, thing: str, rows: list[Json], rng: Random) -> Drawing:
    """A graph of a shape, about a thing.

    :param rows: what it works on if an execution brings nothing: objects with ``id, status, currency, amount``.
    """
    drawing = Drawing()
    drawing.put(START, "manual_trigger", f"{thing} records", {"sample": rows})
    _SHAPES[shape](drawing, _tidied(drawing, rng), thing.lower(), rng)
    return drawing


def _tidied(drawing: Drawing, rng: Random) -> str:
    """The node to go on from: sometimes the records are tidied up first."""
    last = START
    if rng.random() < 0.15:
        drawing.put("unique", "unique", "Each only once", {"field": "id"}, last)
        last = "unique"
    if rng.random() < 0.15:
        drawing.put("rename", "rename_keys", "Names of ours", {"names": {"note": "remark"}}, last)
        last = "rename"
    return last


def _line(drawing: Drawing, last: str, thing: str, rng: Random) -> None:
    order = {"by": "amount", "order": rng.choice(("ascending", "descending"))}
    drawing.put(WORK, "sort", "Sort by amount", order, last)
    drawing.put("mark", "set", "Mark as taken", {"fields": {"status": "taken", "source": thing}}, WORK)
    if rng.random() < 0.5:
        drawing.put("top", "limit", "The first three", {"count": 3}, "mark")


def _wait(drawing: Drawing, last: str, thing: str, rng: Random) -> None:
    drawing.put(WORK, "set", "Make a request", {"fields": {"request": f"{thing} {rng.randrange(100, 1000)}"}}, last)
    drawing.put(WAIT, "delay", "Wait for the other system", {"seconds": rng.randrange(20, 90)}, WORK)
    drawing.put("range", "min_max", "Least and greatest", {"field": "amount"}, WAIT)


def _report(drawing: Drawing, last: str, thing: str, rng: Random) -> None:
    operations = [{"operation": "sum", "field": "amount", "as": "total"}, {"operation": "count", "as": "records"}]
    by = rng.choice(("status", "currency"))
    drawing.put(WORK, "aggregate", f"Totals by {by}", {"group_by": [by], "operations": operations}, last)
    drawing.put("order", "sort", "Largest first", {"by": "total", "order": "descending"}, WORK)
    drawing.put("text", "template", "Write it down", {"text": f"Figures of {thing} are ready."}, "order")


def _branch(drawing: Drawing, last: str, thing: str, rng: Random) -> None:
    most = rng.randrange(10, 40) * 100
    drawing.put(WORK, "aggregate", "Total", _total(), last)
    drawing.put("over", "if", f"Above {most}?", {"condition": f"total > {most}"}, WORK)
    text = f"The total of {thing} is {{{{ total }}}}: above {most}."
    drawing.put("warn", "template", "Write a warning", {"text": text}, "over.true", row=-1)
    drawing.put("fine", "set", "All is well", {"fields": {"level": "normal"}}, "over.false", row=1)
    drawing.put("end", "merge", "Either way", {"mode": "first"}, "warn", "fine")


def _part(drawing: Drawing, last: str, thing: str, rng: Random) -> None:
    status = rng.choice(("open", "late"))
    drawing.put(WORK, "filter", f"Still {status}?", {"condition": f"status = '{status}'"}, last)
    drawing.put("kept", "sort", "By number", {"by": "id"}, WORK, row=-1)
    counted = {"operations": [{"operation": "count", "as": "removed"}]}
    drawing.put("gone", "aggregate", f"Count the other {thing} records", counted, f"{WORK}.rejected", row=1)
    drawing.put("end", "merge", "What is left", {"mode": "wait_all"}, "kept", "gone")


def _join(drawing: Drawing, last: str, thing: str, rng: Random) -> None:
    by = rng.choice(("status", "currency"))
    drawing.put(WORK, "aggregate", f"Totals by {by}", {"group_by": [by], **_total()}, last, row=1)
    drawing.put("single", "sort", f"Each {thing} record", {"by": "amount"}, last, row=-1)
    drawing.put("beside", "join", "Side by side", {"key": by, "mode": "left"}, "single>left", f"{WORK}>right")
    drawing.put("first", "limit", "The first five", {"count": 5}, "beside")


def _trend(drawing: Drawing, last: str, thing: str, rng: Random) -> None:
    window = {"window": rng.randrange(2, 5), "field": "amount", "target": "trend"}
    drawing.put(WORK, "moving_average", "Smooth it", window, last)
    drawing.put("range", "min_max", "Between what", {"field": "trend"}, WORK)
    text = f"{thing.capitalize()} lies between {{{{ min }}}} and {{{{ max }}}}."
    drawing.put("text", "template", "Say it", {"text": text}, "range")


def _approval(drawing: Drawing, last: str, thing: str, rng: Random) -> None:
    drawing.put(WORK, "aggregate", "Total", _total(), last)
    asked = {"prompt": f"Does this {thing} go ahead?", "approvers": [rng.choice(("Finance", "Team lead", "Legal"))]}
    drawing.put(ASK, "approval", "Ask", asked, WORK)
    drawing.put("go", "set", "Go ahead", {"fields": {"state": "released"}}, f"{ASK}.approved", row=-1)
    drawing.put("back", "template", "Send it back", {"text": f"The {thing} was sent back."}, f"{ASK}.rejected", row=1)


def _long(drawing: Drawing, last: str, thing: str, rng: Random) -> None:
    drawing.put(WORK, "sort", "Oldest first", {"by": "id"}, last)
    drawing.put(WAIT, "delay", f"Move all {thing} records", {"seconds": rng.randrange(72, 240) * 3600}, WORK)
    drawing.put("text", "template", "Tell everybody", {"text": f"The {thing} records have moved."}, WAIT)


def _total() -> dict[str, Json]:
    return {"operations": [{"operation": "sum", "field": "amount", "as": "total"}]}


_SHAPES: dict[str, Callable[[Drawing, str, str, Random], None]] = {
    "line": _line,
    "wait": _wait,
    "report": _report,
    "branch": _branch,
    "part": _part,
    "join": _join,
    "trend": _trend,
    "approval": _approval,
    "long": _long,
}

NEED_AMOUNTS = ("report", "branch", "join", "trend", "approval", "wait")
"""Shapes that fail of themselves if no record has an amount."""
