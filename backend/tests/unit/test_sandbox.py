"""A sandbox: one lock, one clock, and everything due has happened before anybody acts."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import Future
from dataclasses import replace

import pytest

from app.config import Limits, Settings
from app.engine.simulated import SimulatedEngine
from app.errors import Conflict, SetBack, TooManySandboxes
from app.nodes.base import NodeType
from app.sandbox import Sandbox, Sandboxes
from app.services import advance
from app.world import FIXED_START, Clock, real_now

from .engine.conftest import Play, graph, node, state, took, wire


def sandboxes(pace="stopped", **options):
    return Sandboxes(Settings(pace=pace, scenario="empty", **options), SimulatedEngine)


def play_at(pace, **options):
    """A play in a sandbox of another pace."""
    play = Play()
    play.box = sandboxes(pace, **options).get()
    play.engine, play.clock = play.box.engine, play.box.world.clock
    return play


def test_a_sandbox_is_made_once_and_is_its_own_world():
    every = sandboxes()
    one, other = every.get("one"), every.get("other")
    assert every.get("one") is one
    assert one is not other
    one.world.clock.jump_to(one.now() + 1_000_000)
    assert other.now() == FIXED_START
    assert one.store is not other.store


def test_many_threads_that_ask_for_a_new_sandbox_get_the_same():
    every, found, gate = sandboxes(), [], threading.Barrier(8)

    def ask():
        gate.wait()
        found.append(every.get("new"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


def test_a_scenario_fills_a_new_sandbox_once():
    filled = []
    every = Sandboxes(
        Settings(pace="stopped", scenario="failing"), SimulatedEngine, lambda box, name: filled.append((box.name, name))
    )
    every.get("a")
    every.get("a")
    every.get("b")
    assert filled == [("a", "failing"), ("b", "failing")]


def test_a_turn_asks_the_clock_once():
    moments = itertools.count(0, 7_000)
    play = Play()
    execution = play.start(graph("a -> b", a=took(10), b=took(10)))
    # Time goes by whenever somebody looks.
    play.box.world.clock = Clock(play.clock.now(), 1, lambda: next(moments))
    while not execution.is_final:
        with play.box.turn() as now:
            due = play.engine.next_due()
            assert due is None or due > now
        with play.box.view() as now:
            due = play.engine.next_due()
            assert due is None or due > now


def test_what_is_due_has_happened_at_its_own_time_before_a_turn_begins():
    play = Play()
    execution = play.start(graph("a -> b", a=took(10), b=took(10)))
    play.clock.jump_to(play.clock.now() + 10_000_000)
    with play.box.view() as now:
        assert execution.status == "completed"
        assert execution.finished_at == execution.started_at + 20_000
        assert now == execution.started_at + 10_000_000


def test_nobody_sees_finer_than_a_millisecond():
    play = Play()
    play.clock.jump_to(play.clock.now() + 1_999)
    with play.box.turn() as now:
        assert now == FIXED_START + 1_000


def test_an_error_within_a_turn_leaves_the_lock_open():
    box = sandboxes().get()
    with pytest.raises(KeyError), box.turn():
        raise KeyError("no")
    entered = []
    thread = threading.Thread(target=lambda: entered.append(enter(box)))
    thread.start()
    thread.join(5)
    assert entered == [FIXED_START]


def enter(box: Sandbox) -> int:
    with box.turn() as now:
        return now


def test_every_turn_is_counted_and_a_view_is_not():
    box = sandboxes().get()
    for _ in range(3):
        enter(box)
    with box.view():
        pass
    assert box.changes == 3


@pytest.mark.parametrize(("pace", "rate"), [("real", 1.0), ("fast", 10.0), ("stopped", 0), ("instant", 0), ("auto", 0)])
def test_each_pace_has_its_rate(pace, rate):
    assert sandboxes(pace).get().world.clock.rate == rate


def test_clocks_that_follow_real_time_begin_with_it_and_the_others_where_times_repeat():
    assert abs(sandboxes("real").get().now() - real_now()) < 60_000_000
    assert sandboxes("auto").get().now() == FIXED_START


def test_at_pace_instant_everything_has_happened_before_the_answer_leaves():
    play = play_at("instant")
    execution = play.start(graph("a -> b", a=took(86_400_000), b=took(5)))
    assert execution.status == "completed"
    assert execution.elapsed_ms() == 86_400_005


def test_at_pace_instant_a_question_still_waits():
    play = play_at("instant")
    execution = play.start(graph("q:approved -> a", q="approval"))
    assert execution.status == "waiting"
    play.answer(execution, "q", {"decision": "approved"})
    assert execution.status == "completed"


def test_the_byte_is_the_same_at_pace_instant_and_at_a_stopped_clock():
    drawn = graph("a -> l:item -> x -> l", "l:done -> z", l=node("loop", mock={"output": [1, 2]}), a="http_request")
    instant, stopped = play_at("instant", seed=1), Play(seed=1)
    one, other = instant.start(drawn), stopped.run(drawn)
    assert wire(one) == wire(other)


def test_a_wait_ends_when_something_changes():
    box = sandboxes().get()
    seen, told = box.changes, []
    thread = threading.Thread(target=lambda: told.append(box.wait(30, seen)))
    thread.start()
    enter(box)
    thread.join(10)
    assert not thread.is_alive()
    assert told[0] < 30


def test_a_wait_for_what_has_changed_already_is_none():
    box = sandboxes().get()
    seen = box.changes
    enter(box)
    assert box.wait(30, seen) == 0.0


def test_at_pace_auto_a_wait_makes_time_jump_to_the_next_fact():
    play = play_at("auto")
    execution = play.start(graph("a", a=took(499)))
    assert state(execution)["status"] == "running"
    assert play.box.wait(30, play.box.changes) == 0.0
    with play.box.view():
        assert execution.status == "completed"
    assert execution.elapsed_ms() == 499


def test_a_wait_in_real_time_ends_when_the_next_fact_is_due():
    play = play_at("fast", rate=1000.0)
    execution = play.start(graph("a", a=took(400)))
    left = 30.0
    while not execution.is_final and left > 0:
        left -= play.box.wait(left, play.box.changes)
        with play.box.view():
            pass
    assert execution.status == "completed"
    assert left > 20


def test_what_a_look_of_somebody_else_lets_happen_ends_a_wait():
    play = play_at("stopped")
    execution = play.start(graph("a", a=took(400)))
    seen = play.box.changes
    play.box.world.clock.jump_to(play.box.next_due())
    with play.box.view():
        assert execution.status == "completed"
    assert play.box.wait(30, seen) == 0.0


def test_a_look_in_which_nothing_happens_wakes_nobody():
    play = play_at("stopped")
    play.start(graph("a", a=took(400)))
    seen = play.box.changes
    with play.box.view():
        pass
    assert play.box.changes == seen


def test_at_pace_auto_time_does_not_jump_for_whoever_only_watches():
    play = play_at("auto")
    execution = play.start(graph("a", a=took(499)))
    assert play.box.wait(0.01, play.box.changes, jumps=False) >= 0.01
    assert play.box.seconds_until_due() is None
    assert execution.status == "running"


def test_whoever_listens_is_told_of_every_change_until_it_does_no_more():
    box, told = sandboxes().get(), []
    tell = lambda: told.append(box.changes)  # noqa: E731
    box.listen(tell)
    enter(box)
    enter(box)
    box.unlisten(tell)
    enter(box)
    assert told == [1, 2]


def test_an_open_stream_keeps_its_sandbox():
    boxes = sandboxes(limits=Limits(sandbox_idle_seconds=1))
    box = boxes.get("mine")
    box.streams.add("a stream")
    box.used_at -= 5_000_000
    assert boxes.find("mine") is box
    box.streams.clear()
    assert boxes.find("mine") is None


class Heavy:
    """A node type whose work lasts until a test lets it end."""

    def __init__(self) -> None:
        self.begun, self.may_end = threading.Event(), threading.Event()

    def run(self, inputs, _config, _effects):
        self.begun.set()
        assert self.may_end.wait(30)
        return {"output": "heavy"}

    def kind(self) -> NodeType:
        return NodeType("lift", "Lift", "Something long.", "functions", self.run, heavy=True)


def heavy_play():
    heavy, play = Heavy(), Play()
    play.box.registry.add(heavy.kind())
    return heavy, play


def test_long_work_holds_no_view_back_and_its_node_is_not_over_before_it():
    heavy, play = heavy_play()
    execution = play.start(graph("a -> b", a="lift"))
    assert heavy.begun.wait(30)
    play.clock.jump_to(play.clock.now() + 3_600_000_000)
    with play.box.view():
        assert execution.node("a").status == "running"
        assert execution.node("b").status == "idle"
    heavy.may_end.set()
    enter(play.box)
    assert execution.status == "completed"
    assert execution.output == {"b": "heavy"}
    assert execution.elapsed_ms() < 3_600_000


def test_while_a_turn_waits_for_long_work_others_may_look():
    heavy, play = heavy_play()
    execution = play.start(graph("a", a="lift"))
    play.clock.jump_to(play.clock.now() + 3_600_000_000)
    thread = threading.Thread(target=enter, args=(play.box,))
    thread.start()
    assert heavy.begun.wait(30)
    with play.box.view():
        assert execution.status == "running"
    heavy.may_end.set()
    thread.join(30)
    assert execution.status == "completed"


def test_how_long_work_really_takes_does_not_show():
    told = []
    for eager in (True, False):
        heavy, play = heavy_play()
        execution = play.start(graph("a -> b", "c", a="lift", c=took(5000)))
        if eager:
            heavy.may_end.set()
        play.clock.jump_to(play.clock.now() + 10_000_000)
        with play.box.view():
            pass
        heavy.may_end.set()
        enter(play.box)
        told.append(wire(execution))
    assert told[0] == told[1]


def test_a_stop_does_not_wait_for_long_work_that_is_not_due():
    heavy, play = heavy_play()
    execution = play.start(graph("a", a=node("lift")))
    play.stop(execution)
    assert execution.status == "stopped"
    heavy.may_end.set()
    play.advance(10_000_000)
    assert execution.status == "stopped"


def test_limits_are_settings():
    box = sandboxes(limits=replace(Settings().limits, max_steps=3)).get()
    assert box.limits.max_steps == 3


def test_at_pace_instant_a_question_is_left_to_whoever_answers():
    """Waiting is where an execution rests: its patience does not end before anybody could have looked."""
    play = play_at("instant")
    execution = play.start(graph("a -> b", a=node("approval", timeout_ms=60_000), b=took(10)))
    enter(play.box)
    assert execution.status == "waiting"
    assert play.box.now() < FIXED_START + 60_000_000


def test_what_a_sandbox_becomes_is_seen_at_once_and_whoever_waits_is_woken():
    every = sandboxes()
    box, other = every.get("a"), every.fresh("a", every.settings)
    enter(other)
    seen, store = box.changes, other.store
    waiter = threading.Thread(target=lambda: box.wait(30, seen))
    waiter.start()
    every.put("a", lambda: other)
    waiter.join(5)
    assert not waiter.is_alive()
    assert every.get("a") is box
    assert box.store is store


def test_a_sandbox_that_cannot_be_filled_leaves_no_trace():
    tries = []

    def fill(box, _):
        tries.append(box.name)
        if len(tries) == 1:
            raise KeyError("no")

    every = Sandboxes(Settings(pace="stopped", scenario="empty"), SimulatedEngine, fill)
    with pytest.raises(KeyError):
        every.get("a")
    assert every.alive() == []
    assert every.get("a") is every.find("a")


def test_two_sandboxes_are_filled_beside_each_other():
    """One that takes long to fill makes nobody wait who wants another."""
    begun, go_on = threading.Event(), threading.Event()

    def fill(box, _):
        if box.name == "slow":
            begun.set()
            assert go_on.wait(5)

    every = Sandboxes(Settings(pace="stopped", scenario="empty"), SimulatedEngine, fill)
    slow = threading.Thread(target=lambda: every.get("slow"))
    slow.start()
    assert begun.wait(5)
    assert every.get("quick").name == "quick"
    assert [box.name for box in every.alive()] == ["quick"]
    go_on.set()
    slow.join(5)
    assert [box.name for box in every.alive()] == ["quick", "slow"]


def test_a_sandbox_is_not_put_where_one_is_if_it_must_be_new():
    every = sandboxes()
    made = every.put("a", lambda: every.fresh("a"), is_new=True)
    with pytest.raises(Conflict, match="alive"):
        every.put("a", lambda: pytest.fail("made in vain"), is_new=True)
    assert every.get("a") is made


def test_of_many_who_put_a_new_sandbox_one_does():
    every, won, lost, gate = sandboxes(), [], [], threading.Barrier(6)

    def put():
        gate.wait()
        try:
            won.append(every.put("a", lambda: every.filled("a"), is_new=True))
        except Conflict:
            lost.append(1)

    threads = [threading.Thread(target=put) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [every.get("a")]
    assert len(lost) == 5


def test_nothing_is_made_for_a_place_that_there_is_not():
    every = sandboxes(limits=replace(Settings().limits, max_sandboxes=1))
    every.get("one")
    with pytest.raises(TooManySandboxes):
        every.put("two", lambda: pytest.fail("made in vain"))


def test_what_could_not_be_filled_is_let_go():
    half = []

    def fill(box, _):
        half.append(box)
        raise KeyError("no")

    every = Sandboxes(Settings(pace="stopped", scenario="empty"), SimulatedEngine, fill)
    with pytest.raises(KeyError):
        every.filled("a")
    assert half[0].changes == 1


def test_a_sandbox_is_ended_only_after_whoever_puts_it_is_done():
    """Else the end of the one before could be the end of the new one, too."""
    every, begun, go_on = sandboxes(), threading.Event(), threading.Event()
    every.get("a")

    def make():
        begun.set()
        assert go_on.wait(5)
        return every.fresh("a")

    putting = threading.Thread(target=lambda: every.put("a", make))
    putting.start()
    assert begun.wait(5)
    removing = threading.Thread(target=lambda: every.remove("a"))
    removing.start()
    assert every.find("a") is not None
    go_on.set()
    putting.join(5)
    removing.join(5)
    assert every.find("a") is None


class Meanwhile(Future):
    """Work that is done only when somebody waits for it, after something else has happened."""

    def __init__(self, work, act, has_begun):
        super().__init__()
        self.work, self.act = work, act
        if has_begun:
            self.set_running_or_notify_cancel()

    def result(self, timeout=None):
        self.act()
        if not self.cancelled():
            self.set_result(self.work())
        return super().result(timeout)


class TestSetBackMeanwhile:
    """A turn waits for work with the lock open, and somebody resets the sandbox."""

    @pytest.fixture(params=["waits in the queue", "has begun"])
    def play(self, request):
        """A play with work that is due in 5 s; as soon as somebody waits for it, the sandbox is reset."""
        play = Play()

        def reset():
            play.box.become(sandboxes().fresh(play.box.name))

        def make_engine(world, store, registry, faults, _submit, settings):
            def submit(work):
                return Meanwhile(work, reset, request.param == "has begun")

            return SimulatedEngine(world, store, registry, faults, submit, settings)

        play.box = Sandboxes(Settings(pace="stopped", scenario="empty"), make_engine).get()
        play.engine, play.clock = play.box.engine, play.box.world.clock
        play.box.registry.add(NodeType("lift", "Lift", "", "functions", lambda *_: {"output": 1}, heavy=True))
        play.start(graph("a -> b", a=node("lift"), b=took(1000)))
        return play

    def test_what_was_under_way_says_so_and_leaves_the_new_one_alone(self, play):
        with pytest.raises(SetBack, match="was reset"):
            advance.by(play.box, 3600)
        assert play.box.now() == FIXED_START

    def test_what_had_not_begun_goes_on_in_the_new_one(self, play):
        play.clock.jump_to(FIXED_START + 3600_000_000)
        with play.box.turn() as now:
            assert now == FIXED_START


def test_a_sandbox_that_was_ended_takes_nothing_any_more():
    every = sandboxes()
    box = every.get("a")
    every.remove("a")
    for door in (box.turn, box.view):
        with pytest.raises(SetBack), door():
            pytest.fail("this would be lost")


def test_work_that_has_not_begun_is_let_go_with_its_sandbox():
    """Else those who are still there wait for what nobody wants any more."""
    heavy, play = heavy_play()
    play.start(graph(**{f"n{number}": node("lift") for number in range(9)}))
    assert heavy.begun.wait(30)
    works = play.engine.under_way()
    play.box.close()
    heavy.may_end.set()
    assert len(works) == 9
    assert sum(work.cancelled() for work in works) >= 7
