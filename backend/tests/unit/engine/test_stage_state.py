"""Stages as plain data: work that is done elsewhere, files that are not among the files yet, plans."""

from __future__ import annotations

import json
from concurrent.futures import Future
from typing import Any

from app.config import Settings
from app.engine.performance import Task
from app.engine.simulated import SimulatedEngine
from app.models.event import as_wire
from app.nodes.custom import from_json
from app.sandbox import Sandbox
from app.services.snapshot_installer import install, settings_of
from app.services.snapshot_reader import decode
from app.services.snapshot_writer import capture, encode

from .conftest import Play, graph, node


class Bench:
    """Where work lies until somebody does it."""

    def __init__(self) -> None:
        self.work: list[tuple[Any, Future[Any]]] = []

    def submit(self, work: Any) -> Future[Any]:
        self.work.append((work, Future()))
        return self.work[-1][1]

    def do_all(self) -> None:
        for work, future in self.work:
            future.set_result(work())
        self.work.clear()


def play_at(bench: Bench, settings: Settings | None = None, start: int | None = None) -> Play:
    settings = settings or Settings(pace="stopped", scenario="empty", seed=3)
    play = Play()
    play.box = Sandbox("test", settings, SimulatedEngine, bench.submit, start)
    play.engine, play.clock = play.box.engine, play.box.world.clock
    return play


def written(play: Play) -> bytes:
    with play.box.view():
        return encode(capture(play.box))


def fork(play: Play, bench: Bench) -> Play:
    snapshot = decode(written(play))
    other = play_at(bench, settings_of(snapshot, play.box.settings), snapshot.sandbox.now)
    install(snapshot, other.box)
    return other


def told(play: Play) -> Any:
    log = [as_wire(event) for event in play.box.store.log.after(0)]
    return json.loads(json.dumps([log, [file.as_dict() for file in play.box.store.files]]))


LONG = "$sum([1..3000].($ * 2)) + $node.a.json"


def thinking(bench: Bench) -> Play:
    """A node whose expression takes long has begun; another one has answered since."""
    play = play_at(bench)
    play.start(
        graph(
            "a -> b",
            "a -> c",
            a=node(mock={"output": 1, "duration_ms": 1}),
            b=node("set", config={"fields": {"sum": "{{ " + LONG + " }}"}}),
            c=node(mock={"output": 2, "duration_ms": 1}),
        )
    )
    play.step()
    return play


def test_work_that_is_not_done_is_begun_anew_and_comes_to_the_same():
    bench, elsewhere = Bench(), Bench()
    play = thinking(bench)
    assert len(bench.work) == 1
    other = fork(play, elsewhere)
    assert len(elsewhere.work) == 1
    for one, where in ((play, bench), (other, elsewhere)):
        where.do_all()
        one.finish()
    assert told(play) == told(other)
    assert next(iter(other.box.store.executions)).status == "completed"


def test_work_that_is_done_is_not_done_again():
    bench, elsewhere = Bench(), Bench()
    play = thinking(bench)
    bench.do_all()
    before = written(play)
    other = fork(play, elsewhere)
    assert elsewhere.work == []
    assert written(other) == before
    play.finish()
    other.finish()
    assert told(play) == told(other)


def test_capturing_does_not_wait_for_work():
    bench = Bench()
    play = thinking(bench)
    written(play)
    stage = next(iter(play.engine._stages.values()))
    assert [task.work.done() for task in stage.outcomes.values() if isinstance(task, Task)] == [False]


def test_a_stamp_changes_when_work_is_done():
    bench = Bench()
    play = thinking(bench)
    execution = next(iter(play.box.store.executions))
    before = play.engine.stamp(execution)
    assert play.engine.stamp(execution) == before
    bench.do_all()
    assert play.engine.stamp(execution) != before


def test_a_file_that_a_node_wrote_is_completed_where_it_is_shown():
    play = play_at(Bench())
    play.start(
        graph(
            "t -> w -> z",
            t=node(mock={"output": [{"name": "tea"}], "duration_ms": 1}),
            w=node("write_file", config={"name": "list.json"}),
            z=node(mock={"duration_ms": 1}),
        )
    )
    play.step()
    outcome = next(iter(play.engine._stages.values())).outcomes[1]
    outcome.result.outputs = {"output": {"files": [outcome.drafts[0].shown]}}
    other = fork(play, Bench())
    assert written(other) == written(play)
    for one in (play, other):
        one.finish()
    assert told(other) == told(play)
    assert len(other.box.store.files) == 1
    run = next(iter(other.box.store.executions)).nodes[1]
    assert next(iter(other.box.store.files)).id in json.dumps(run.output)


def test_an_execution_keeps_the_type_of_its_own_that_it_started_with():
    play = play_at(Bench())
    document = {"type": "brew", "output": {"output": "old"}, "simulation": {"duration_ms": 30}}
    play.box.registry.add(from_json(document))
    play.start(graph("a -> b", a="brew", b="brew"))
    play.advance(10)
    play.box.registry.replace("brew", from_json(document | {"output": {"output": "new"}}))
    other = fork(play, Bench())
    other.finish()
    first = next(iter(other.box.store.executions))
    assert [run.output for run in first.nodes] == [{"output": "old"}] * 2
    second = other.run(graph("a", a="brew"))
    assert second.nodes[0].output == {"output": "new"}


def test_executions_of_one_workflow_share_their_plan_again():
    play = play_at(Bench())
    workflow = play.save(graph("a -> b", a=node(mock={"duration_ms": 900})))
    for _ in range(3):
        play.start(workflow)
    other = fork(play, Bench())
    assert len({id(stage.machine.plan) for stage in other.engine._stages.values()}) == 1
