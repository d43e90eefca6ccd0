"""A history does not depend on who looked, how often, and in which process."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..unit.engine.conftest import Graph, Play, graph, node, took, wire
from .graphs import drawings
from .oracle import GIVEN
from .test_machine_properties import examples

BACKEND = Path(__file__).resolve().parents[2]


def workshop() -> Graph:
    """A graph with a bit of everything whose luck decides: durations, failures, retries, a loop, a child."""
    return graph(
        "t -> s -> c:true -> h -> z",
        "c:false -> k -> z",
        "t -> l:item -> x -> l",
        "l:done -> w -> z",
        t="manual_trigger",
        s=node("llm_chat", config={"prompt": "Say {{ $json.topic }}"}, retry={"max_attempts": 3}, on_error="continue"),
        c=node("if", mock={"output": {"true": 1}}),
        h=node("http_request", config={"url": "https://example.com/users"}, on_error="continue"),
        k=took(20),
        l=node("loop", mock={"output": [1, 2, 3]}),
        x=node("sql_query", config={"query": "select id, name from users"}, on_error="continue", timeout_ms=400),
        w=node("sub_workflow", config={"workflow_id": "wf_1"}),
        z="merge",
    )


def opened(seed: int) -> Play:
    """A sandbox in which several executions have begun, at different moments."""
    play = Play(seed=seed)
    play.engine.failures = True
    play.save(graph("a -> b", a="http_request", b="my_own"))
    workflow = play.save(workshop())
    for pause in (0, 35, 0):
        play.advance(pause)
        play.start(workflow, input={"topic": "tea"})
    return play


def history(play: Play) -> list[object]:
    """Every event of the sandbox, in its order, and how it all ended."""
    log = [(event.cursor, event.execution.id, event.seq, event.type, event.at) for event in play.box.store.log.after(0)]
    return [log, [wire(one) for one in play.box.store.executions], [one.as_dict() for one in play.box.store.executions]]


@pytest.mark.parametrize("block", range(4))
def test_two_hundred_seeds_polled_or_not_have_the_same_history(block):
    for seed in range(block * 50, block * 50 + 50):
        calm, polled = opened(seed), opened(seed)
        calm.advance(600_000)
        moments = sorted(random.Random(seed).sample(range(1, 40_000), 50))
        begin = polled.clock.now()
        for moment in moments:
            polled.clock.jump_to(begin + moment * 1000)
            with polled.box.view():
                for execution in polled.box.store.executions:
                    execution.as_dict()
        polled.clock.jump_to(begin + 600_000_000)
        with polled.box.turn():
            pass
        assert history(polled) == history(calm), seed


@examples(40)
@given(drawings(6), drawings(6), st.lists(st.integers(1, 3000), min_size=1, max_size=12))
def test_time_in_slices_is_time_at_once(one, other, slices):
    told = []
    for parts in ([sum(slices)], slices):
        play = Play()
        for drawing in (one, other):
            if any(box.kind != "note" for box in drawing.boxes):
                play.start(drawing.graph(), input=GIVEN)
        for part in parts:
            play.advance(part)
        told.append(history(play))
    assert told[0] == told[1]


def test_at_one_moment_the_older_execution_goes_first_however_often_somebody_looks():
    told = []
    for looks in ([100], [60, 40], [50, 50], [1] * 100):
        play = Play()
        play.start(graph("a", a=took(100)))
        play.start(graph("a -> b", a=took(50), b=took(50)))
        for part in looks:
            play.advance(part)
        told.append(history(play))
    assert all(one == told[0] for one in told)


def test_the_same_seed_tells_the_same_story_and_another_one_does_not():
    stories = []
    for seed in (5, 5, 6):
        play = opened(seed)
        play.finish()
        stories.append(history(play))
    assert stories[0] == stories[1]
    assert stories[0] != stories[2]


def test_an_execution_may_be_given_the_luck_of_another():
    play = Play(seed=3)
    play.engine.failures = True
    workflow = play.save(graph("a -> b", a="http_request", b="llm_chat"))
    one = play.run(workflow, seed=77)
    play.run(workflow)
    other = play.run(workflow, seed=77)
    assert [run.duration_ms for run in one.nodes] == [run.duration_ms for run in other.nodes]
    assert one.id != other.id


def test_what_happens_in_another_sandbox_does_not_matter():
    alone, busy = opened(9), opened(9)
    neighbour = opened(10)
    for _ in range(20):
        neighbour.step()
        busy.step()
    neighbour.finish()
    busy.finish()
    alone.finish()
    assert history(busy) == history(alone)


PRINT_HISTORY = """
import json, sys
sys.path.insert(0, {root!r})
sys.path.insert(0, {backend!r})
from backend.tests.properties.test_history import history, opened
play = opened(4)
play.finish()
print(json.dumps(history(play), default=str))
"""


def test_the_hash_seed_of_the_process_does_not_show():
    script = PRINT_HISTORY.format(root=str(BACKEND.parent), backend=str(BACKEND))
    said = []
    for seed in ("0", "12345"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        said.append(done.stdout)
    assert said[0] == said[1]
    assert len(said[0]) > 1000


def test_a_thousand_executions_of_a_hundred_nodes_go_on_by_one_read_and_no_thread():
    play = Play()
    names = [f"n{number}" for number in range(100)]
    workflow = play.save(
        graph(*(f"n{number // 2} -> n{number}" for number in range(1, 100)), **dict.fromkeys(names, "mine"))
    )
    executions = [play.start(workflow) for _ in range(1000)]
    threads = threading.active_count()
    play.clock.jump_to(play.clock.now() + 3_600_000_000)
    with play.box.view():
        assert {execution.status for execution in executions} == {"completed"}
    assert threading.active_count() == threads
    assert play.engine.next_due() is None
