"""What must come of a drawing, worked out by reading it from left to right: no plan, no machine, no agenda."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .graphs import ERROR, Box, Drawing

Json = Any
GIVEN = 7
"""The input of the execution."""


@dataclass(frozen=True)
class Sent:
    """What became of a connection: when it was decided, and the value if there is one."""

    at: int
    alive: bool
    value: Json = None


class Oracle:
    """Foretells every node execution: ``(node, iteration) -> (status, start, end, input)``."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        notes = {box.name for box in drawing.boxes if box.kind == "note"}
        self.lines = [line for line in enumerate(drawing.lines) if not notes & {line[1][0], line[1][2]}]
        self.sent: dict[int, Sent] = {}
        self.exits: dict[int, Sent] = {}
        self.runs: dict[tuple[str, Json], tuple[str, int | None, int | None, Json]] = {}
        self.end = self._scope(None, 0, [], runs=True)

    # Everything below tells when the nodes of a scope are over, and fills in what they sent.

    def _scope(self, scope: str | None, start: int, path: list[int], *, runs: bool) -> int:
        boxes = [box for box in self.drawing.within(scope) if box.kind != "note"]
        return max([start, *(self._box(box, start, path, runs=runs) for box in boxes)])

    def _box(self, box: Box, start: int, path: list[int], *, runs: bool) -> int:
        arrived = [self.sent[number] for number, line in self.lines if self._feeds(line, box)]
        begin = max([start, *(sent.at for sent in arrived)])
        alive = [sent.value for sent in arrived if sent.alive] if arrived else [GIVEN]
        if box.skip or not alive or not runs:
            return self._over(box, path, "skipped", None, begin, None, {})
        main = alive[0] if len(alive) == 1 else alive
        shown = {"input": main}
        if box.disabled:
            return self._over(box, path, "completed", begin, begin, shown, {self._first(box): main})
        tries = min(box.fails + 1, box.attempts)
        pauses = sum(box.delay * box.backoff**attempt for attempt in range(tries - 1))
        end = begin + tries * box.duration + pauses
        if box.fails >= box.attempts:
            error = {**ERROR, "node_id": box.name, "input": shown}
            outputs = {"error": error} if box.on_error == "error_port" else {self._first(box): main}
            return self._over(box, path, "failed", begin, end, shown, outputs)
        if box.kind == "loop":
            return self._loop(box, path, begin, end, shown)
        value = f"from {box.name}" if box.kind == "if" else main
        port = box.branch if box.kind == "if" else "output"
        return self._over(box, path, "completed", begin, end, shown, {port: value})

    def _over(
        self, box: Box, path: list[int], status: str, begin: int | None, end: int, shown: Json, outputs: dict[str, Json]
    ) -> int:
        """A node ended without looping; if it is a loop, its body is passed over."""
        self._note(box, path, status, begin, end, shown)
        self._send(box, outputs, end)
        if box.kind != "loop":
            return end
        self._send(box, {}, end, item=True)
        over = self._scope(box.name, end, [*path, 0], runs=False)
        self._let_out(box, over)
        return over

    def _loop(self, box: Box, path: list[int], begin: int, opened: int, shown: Json) -> int:
        now, gathered = opened, []
        backs = [number for number, line in self.lines if line[2] == box.name and self._comes_back(line, box)]
        for place, item in enumerate(box.items):
            for number in backs:
                self.sent.pop(number, None)
            self._send(box, {"item": item}, now, item=True)
            now = self._scope(box.name, now, [*path, place], runs=True)
            gathered += [self.sent[number].value for number in backs if self.sent[number].alive]
        if not any(inner.kind != "note" for inner in self.drawing.within(box.name)):
            gathered = list(box.items)
        if not box.items:
            self._send(box, {}, now, item=True)
            now = self._scope(box.name, now, [*path, 0], runs=False)
        self._note(box, path, "completed", begin, now, shown)
        self._send(box, {"done": gathered}, now)
        self._let_out(box, now)
        return now

    def _send(self, box: Box, outputs: dict[str, Json], at: int, *, item: bool = False) -> None:
        for number, (source, port, target) in self.lines:
            if source != box.name or (port == "item") != item:
                continue
            sent = Sent(at, port in outputs, outputs.get(port))
            if self._leaves(source, target):
                if sent.alive or number not in self.exits:
                    self.exits[number] = sent
            else:
                self.sent[number] = sent

    def _let_out(self, loop: Box, at: int) -> None:
        """The loop is over: what left its body gets out, as far as the next loop that it leaves."""
        for number in list(self.exits):
            source, _, target = self.drawing.lines[number]
            left = self._leaves(source, target)
            if loop.name in left and loop.name == left[-1]:
                kept = self.exits.pop(number)
                self.sent[number] = Sent(at, kept.alive, kept.value)

    def _leaves(self, source: str, target: str) -> list[str]:
        if self.drawing.leads_back(source, target):
            return []
        around = self.drawing.around(target)
        return [loop for loop in self.drawing.around(source) if loop not in around]

    def _feeds(self, line: tuple[str, str, str], box: Box) -> bool:
        return line[2] == box.name and not self._comes_back(line, box)

    def _comes_back(self, line: tuple[str, str, str], box: Box) -> bool:
        return self.drawing.leads_back(line[0], box.name)

    def _first(self, box: Box) -> str:
        return {"plain": "output", "if": "true", "loop": "done"}[box.kind]

    def _note(self, box: Box, path: list[int], status: str, begin: int | None, end: int, shown: Json) -> None:
        iteration = None if not path else path[0] if len(path) == 1 else tuple(path)
        self.runs[box.name, iteration] = (status, begin, None if status == "skipped" else end, shown)
