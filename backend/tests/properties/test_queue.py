"""Whatever schedules, jumps and commands there are: one execution of a workflow is at work, and each has its turn."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.errors import UnderstudyError
from app.models.event import as_wire
from app.models.execution import QUEUED_MODES, Execution
from app.sandbox import Sandbox, Sandboxes
from app.services import executions, schedules, webhooks, workflows
from app.services.snapshot_reader import decode
from app.services.snapshot_writer import capture, encode
from app.services.snapshots import revive
from app.services.users import add_ready_made

from .test_machine_properties import examples

Json = Any

SETTINGS = Settings(pace="stopped", scenario="empty", seed=3)
SANDBOXES = Sandboxes(SETTINGS, SimulatedEngine, fire=schedules.fire)
FEW = Sandboxes(replace(SETTINGS, limits=replace(SETTINGS.limits, max_fired=9)), SimulatedEngine, fire=schedules.fire)
"""Where schedules soon stop."""
CALL = {"method": "POST", "headers": {}, "query": {}, "body": 1}
WAYS = {
    "long": {"type": "delay", "data": {"config": {"seconds": 95}}},
    "short": {"type": "delay", "data": {"config": {"seconds": 2}}},
    "none": {"type": "set", "data": {"disabled": True}},
    "asks": {"type": "approval", "data": {"timeout_ms": 40_000}},
    "fails": {"type": "set", "data": {"mock": {"error": "No.", "duration_ms": 30_000}}},
    "broken": {"type": "set", "data": {}},
}

rules = st.one_of(
    st.fixed_dictionaries({"interval_seconds": st.sampled_from([1, 7, 30, 61, 600])}),
    st.fixed_dictionaries(
        {"cron": st.sampled_from(["* * * * *", "*/3 * * * *", "0 * * * *"]), "timezone": st.just("Europe/Berlin")}
    ),
)
plans = st.lists(st.tuples(st.integers(0, 1), rules, st.sampled_from([None, "hook"])), min_size=1, max_size=4)
ways = st.tuples(*[st.sampled_from(sorted(WAYS))] * 2)
moves = st.lists(
    st.one_of(
        st.tuples(st.just("jump"), st.integers(1, 400_000)),
        st.tuples(st.sampled_from(["call", "hand", "hold"]), st.integers(0, 1)),
        st.tuples(st.sampled_from(["pause", "resume", "stop", "release"]), st.integers(0, 30)),
        st.tuples(st.sampled_from(["off", "on", "drop"]), st.integers(0, 3)),
    ),
    max_size=14,
)


class Stage:
    """Two workflows with schedules, in a sandbox that stands still."""

    def __init__(
        self, ways: tuple[str, str], plan: list[tuple[int, Json, str | None]], sandboxes: Sandboxes = SANDBOXES
    ) -> None:
        self.box: Sandbox = sandboxes.fresh("queue")
        add_ready_made(self.box, self.box.now())
        self.workflows = [self._draw(way) for way in ways]
        self.schedules = [
            schedules.create(self.box, self.workflows[place], {**rule, "node_id": node}) for place, rule, node in plan
        ]

    def _draw(self, way: str) -> str:
        nodes = [{"id": "hook", "type": "webhook_trigger"}, {"id": "work", **WAYS[way]}]
        target = "nothing" if way == "broken" else "work"
        return workflows.create(
            self.box, {"nodes": nodes, "connections": [{"id": "c", "source": "hook", "target": target}]}
        ).id

    def move(self, kind: str, how: int, step: int | None = None, between: Callable[[], object] = lambda: None) -> None:
        """Do one thing; what is refused changes nothing."""
        if kind == "jump":
            self.jump(how, step or how, between)
            return
        with suppress(UnderstudyError):
            self._act(kind, how)

    def jump(self, milliseconds: int, step: int, between: Callable[[], object]) -> None:
        """Let time go on, in steps, and do something after each."""
        left = milliseconds
        while left > 0:
            with self.box.turn() as now:
                self.box.run_to(now + min(step, left) * 1000)
            left -= step
            between()

    def _act(self, kind: str, how: int) -> None:
        box = self.box
        if kind == "call":
            webhooks.call(box, f"{self.workflows[how]}/hook", CALL)
        elif kind in ("hand", "hold"):
            executions.execute(box, self.workflows[how], {"hold": kind == "hold"})
        elif kind in ("pause", "resume", "stop", "release"):
            every = list(box.store.executions)
            if every:
                executions.command(box, every[how % len(every)].id, kind)
        else:
            made = self.schedules[how % len(self.schedules)]
            place = (made["workflow_id"], made["id"])
            if kind == "drop":
                schedules.delete(box, *place)
            else:
                schedules.patch(box, *place, {"enabled": kind == "on"})

    def told(self) -> Json:
        """All that one can be told."""
        with self.box.view():
            return json.loads(
                json.dumps(
                    {
                        "events": [as_wire(event) for event in self.box.store.log.after(0)],
                        "schedules": [one.as_dict() for one in self.box.store.schedules],
                        "latest": [one.last_execution_id for one in self.box.store.workflows],
                        "due": self.box.next_due(),
                    }
                )
            )

    def of(self, workflow_id: str) -> list[Execution]:
        return self.box.store.executions_of(workflow_id)


@examples(120)
@given(ways, plans, moves)
def test_of_a_workflow_one_execution_is_at_work_and_the_oldest_comes_first(ways, plan, moves):
    stage = Stage(ways, plan)
    for kind, how in moves:
        stage.move(kind, how)
    for workflow_id in stage.workflows:
        every = [one for one in stage.of(workflow_id) if one.started_at is not None]
        spans = sorted((one.started_at, one.number, one.finished_at) for one in every)
        for (_, _, end), (start, _, _) in pairwise(spans):
            assert end is not None
            assert end <= start
        queued = [one.number for one in every if one.mode in QUEUED_MODES]
        begun = [number for _, number, _ in spans if number in queued]
        assert begun == sorted(queued)


@examples(120)
@given(ways, plans, moves)
def test_whoever_waits_begins_at_the_moment_at_which_the_one_before_ends(ways, plan, moves):
    stage = Stage(ways, plan)
    for kind, how in moves:
        stage.move(kind, how)
        for workflow_id in stage.workflows:
            line = [one for one in stage.of(workflow_id) if not one.is_final]
            assert line == list(stage.box.store.under_way(workflow_id))
            assert not (line and line[0].is_queued)
            for one in stage.of(workflow_id):
                if one.mode in QUEUED_MODES and one.started_at not in (None, one.created_at):
                    ends = [other.finished_at for other in stage.of(workflow_id)]
                    assert one.started_at in ends


@examples(60)
@given(ways, plans, moves, st.integers(1, 9))
def test_one_jump_is_as_good_as_many(ways, plan, moves, pieces):
    one, many = Stage(ways, plan), Stage(ways, plan)
    for kind, how in moves:
        one.move(kind, how)
        many.move(kind, how, max(1, how // pieces))
    assert one.told() == many.told()


@examples(60)
@given(ways, plans, moves, st.integers(1, 9))
def test_schedules_stop_at_the_same_moment_however_often_somebody_looked(ways, plan, moves, pieces):
    alone, polled = Stage(ways, plan, FEW), Stage(ways, plan, FEW)
    for kind, how in [*moves, ("jump", 400_000)]:
        alone.move(kind, how)
        polled.move(kind, how, max(1, how // pieces), polled.told)
    assert alone.told() == polled.told()
    tried = sum(one.fired + one.missed for one in alone.box.store.schedules)
    changes = sum(kind in ("off", "on") for kind, _ in moves)
    assert tried <= FEW.settings.limits.max_fired * (1 + changes)


@examples(60)
@given(ways, plans, moves, moves)
def test_a_snapshot_goes_on_as_its_original(ways, plan, before, after):
    stage, fork = Stage(ways, plan), Stage(ways, plan)
    for kind, how in before:
        stage.move(kind, how)
    with stage.box.view():
        raw = encode(capture(stage.box))
    fork.box = revive(SANDBOXES, "fork", decode(raw))
    with fork.box.view():
        assert encode(capture(fork.box)) == raw
    for kind, how in after:
        stage.move(kind, how)
        fork.move(kind, how)
    assert fork.told() == stage.told()
