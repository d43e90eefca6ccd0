"""Random graphs that are legal by construction, and what is known of them without a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from app.models.workflow import clean_graph

from ..unit.engine.conftest import Graph

Json = Any
ERROR = {"code": "boom", "message": "Boom."}


@dataclass(repr=False)
class Box:
    """A node as it was drawn."""

    name: str
    kind: str
    """plain, if, loop, note"""
    scope: str | None
    """The loop in whose body it was put."""
    duration: int = 1
    fails: int = 0
    """Attempts that fail."""
    attempts: int = 1
    delay: int = 0
    backoff: int = 1
    on_error: str = "continue"
    disabled: bool = False
    skip: bool = False
    branch: str = "true"
    items: list[Json] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Box({', '.join(map(str, vars(self).values()))})"

    def node(self) -> dict[str, Json]:
        """The box as React Flow would write it."""
        kinds = {"plain": "my_own", "if": "if", "loop": "loop", "note": "note"}
        data: dict[str, Json] = {"mock": self.mock(), "on_error": self.on_error, "disabled": self.disabled}
        data["retry"] = {"max_attempts": self.attempts, "delay_ms": self.delay, "backoff": self.backoff}
        return {"id": self.name, "type": kinds[self.kind], "data": data}

    def mock(self) -> dict[str, Json]:
        pinned: dict[str, Json] = {"duration_ms": self.duration, "fail_attempts": self.fails, "error": ERROR}
        if self.kind == "if":
            pinned["output"] = {self.branch: f"from {self.name}"}
        if self.kind == "loop":
            pinned["output"] = self.items
        return pinned | ({"skip": True} if self.skip else {})


@dataclass
class Drawing:
    """Boxes in the order of the document, and connections ``(source, port, target)`` that lead forward or back."""

    boxes: list[Box] = field(default_factory=list)
    lines: list[tuple[str, str, str]] = field(default_factory=list)

    def graph(self) -> Graph:
        """The document."""
        connections = [
            {
                "id": f"c{number}",
                "source": source,
                "target": target,
                "sourceHandle": port,
                "targetHandle": "back" if self.leads_back(source, target) and number % 2 else None,
            }
            for number, (source, port, target) in enumerate(self.lines)
        ]
        return Graph(*clean_graph([box.node() for box in self.boxes], connections))

    def box(self, name: str) -> Box:
        return next(box for box in self.boxes if box.name == name)

    def around(self, name: str) -> list[str]:
        """The loops that a node is in, the inner first."""
        found = []
        scope = self.box(name).scope
        while scope is not None:
            found.append(scope)
            scope = self.box(scope).scope
        return found

    def leads_back(self, source: str, target: str) -> bool:
        """Whether a connection ends at a loop that its source is in."""
        return target in self.around(source)

    def within(self, loop: str | None) -> list[Box]:
        """The boxes whose own loop this is, in an order in which nothing depends on what comes later."""
        return [box for box in self.boxes if box.scope == loop]


PORTS = {"plain": ["output", "error"], "if": ["true", "false", "error"], "loop": ["done", "error"], "note": ["output"]}


@st.composite
def drawings(draw: Any, most: int = 12) -> Drawing:
    """A drawing with branches, joins, decisions, failures, retries, notes and nested loops."""
    drawing = Drawing()
    _draw_scope(draw, drawing, None, draw(st.integers(1, most)), 0)
    for box in drawing.boxes:
        _connect_box(draw, drawing, box)
    return drawing


def _draw_scope(draw: Any, drawing: Drawing, scope: str | None, count: int, depth: int) -> None:
    for _ in range(count):
        kinds = ["plain"] * 5 + ["if"] * 2 + ["note"] + (["loop"] * 2 if depth < 3 else [])
        box = _draw_box(draw, f"n{len(drawing.boxes)}", draw(st.sampled_from(kinds)), scope)
        drawing.boxes.append(box)
        if box.kind == "loop":
            _draw_scope(draw, drawing, box.name, draw(st.integers(1, 3)), depth + 1)


def _draw_box(draw: Any, name: str, kind: str, scope: str | None) -> Box:
    rare = st.sampled_from([False] * 7 + [True])
    return Box(
        name,
        kind,
        scope,
        duration=draw(st.sampled_from([0, 1, 3, 10, 700, 4500])),
        fails=draw(st.sampled_from([0, 0, 0, 0, 1, 2, 9])),
        attempts=draw(st.sampled_from([1, 1, 2, 3])),
        delay=draw(st.sampled_from([0, 5, 600])),
        backoff=draw(st.sampled_from([1, 2])),
        on_error=draw(st.sampled_from(["continue", "error_port"])),
        disabled=draw(rare),
        skip=draw(rare),
        branch=draw(st.sampled_from(["true", "false"])),
        items=draw(st.sampled_from([[], ["p"], ["p", "q"], [1, [2], {"three": 3}]])),
    )


def _connect_box(draw: Any, drawing: Drawing, box: Box) -> None:
    """Connect a box with earlier ones; what is in a loop hangs on it, and some of it leads back."""
    place = drawing.boxes.index(box)
    around = [None, *drawing.around(box.name)]
    for other in drawing.boxes[:place]:
        if other.name in around or not draw(st.sampled_from([False, False, True])):
            continue
        port = draw(st.sampled_from(PORTS[other.kind] + PORTS[other.kind][:1] * 2))
        if other.scope in around:
            drawing.lines.append((other.name, port, box.name))
        elif box.kind != "note" and other.kind != "note":
            _lead_out(drawing, other, port, box)
    if box.scope is not None and box.kind != "note":
        inner = [line for line in drawing.lines if line[2] == box.name and _is_inner(drawing, line[0], box.scope)]
        if not inner or draw(st.booleans()):
            drawing.lines.append((box.scope, "item", box.name))
        if draw(st.booleans()) or not any(
            line[2] == box.scope and _is_inner(drawing, line[0], box.scope) for line in drawing.lines
        ):
            drawing.lines.append((box.name, PORTS[box.kind][0], box.scope))


def _is_inner(drawing: Drawing, name: str, loop: str) -> bool:
    """Whether a node that executes lies in this loop, so that what it feeds is sure to hang on the loop too."""
    return drawing.box(name).kind != "note" and loop in drawing.around(name)


def _lead_out(drawing: Drawing, source: Box, port: str, target: Box) -> None:
    """A way out of loops: what it leads to also hangs on their ``done``, else it would belong to the body."""
    kept = {None, *drawing.around(target.name)}
    drawing.lines.append((source.name, port, target.name))
    for loop in drawing.around(source.name):
        if loop not in kept and (loop, "done", target.name) not in drawing.lines:
            drawing.lines.append((loop, "done", target.name))
