"""Whatever happens, and however often readers lose their connection: no event is lost, none comes twice, all in order.

The streams are driven as a server drives them, below HTTP, and what is compared is what a reader makes of the bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.errors import CannotRun, Conflict, InvalidInput, NotFound, SetBack
from app.models.broken_stream import Step
from app.models.event import as_wire, fold
from app.models.execution import Execution
from app.sandbox import Sandboxes
from app.services import advance, controls, events, executions, faults, snapshots, streams, workflows
from app.web.streams import look

from ..unit.engine.conftest import broken, graph, node, took
from .readers import Caller, Careful, Json, Listener, Reader, Sieve, Subject
from .test_machine_properties import examples

MOST_READERS = 8

SETTINGS = Settings(pace="stopped", scenario="empty")

GRAPHS = {
    "branches": graph(
        "t -> if:true -> a -> z",
        "if:false -> b -> z",
        "t -> c -> z",
        t="manual_trigger",
        **{"if": node("if", mock={"output": {"true": 1}})},
        a=took(300),
        b=took(50),
        c=took(700),
        z="merge",
    ),
    "loop": graph(
        "loop:item -> x -> loop",
        "loop:done -> flaky -> z",
        loop=node("loop", mock={"output": [1, 2, 3]}),
        x=took(40),
        flaky=node(mock={"fail_attempts": 2, "error": "no"}, retry={"max_attempts": 3, "delay_ms": 200}),
        z=took(0),
    ),
    "question": graph(
        "a -> ask:approved -> call -> z",
        "a -> slow -> z",
        a=took(10),
        ask="approval",
        call=node("sub_workflow", config={"workflow_id": "{inner}"}),
        slow=took(4000),
        z=took(20),
    ),
    "failure": graph("a -> b -> c", "a -> d", a=took(30), b=broken(100), c=took(5), d=took(900)),
}
INNER = graph("i -> j", i=took(25), j=took(25))


class Story:
    """A sandbox that things happen in, and who reads about it; every act takes two numbers that say about what."""

    def __init__(self, graphs: Sequence[str], *, is_behind_all: bool = True) -> None:
        self.sandboxes = Sandboxes(SETTINGS, SimulatedEngine)
        self.sandbox = self.sandboxes.get()
        self.readers: list[Reader] = []
        self._is_behind_all = is_behind_all
        self._graphs = graphs
        self._set_back: set[Reader] = set()
        """Those who do not know yet that the log that they read is gone."""
        self._draw()

    def act(self, name: str, one: int, other: int) -> None:
        """Let something happen, if it can at this moment."""
        act: Callable[[int, int], None] = getattr(self, name)
        with suppress(Conflict, CannotRun, InvalidInput, NotFound):
            act(one, other)

    # --- what happens in the sandbox ----------------------------------------------------------------------------

    def execute(self, one: int, other: int) -> None:
        """Begin an execution, which may be held back."""
        workflow_id = self.drawn[one % len(self.drawn)]
        executions.execute(self.sandbox, workflow_id, {"input": other, "hold": other % 3 == 0})

    def pause(self, one: int, _: int) -> None:
        """Pause an execution; of those that can, as below."""
        self._command("pause", one, "running", "waiting")

    def resume(self, one: int, _: int) -> None:
        self._command("resume", one, "paused")

    def release(self, one: int, _: int) -> None:
        self._command("release", one, "pending")

    def stop(self, one: int, other: int) -> None:
        if other % 3 == 0:
            self._command("stop", one, "pending", "running", "waiting", "paused")

    def answer(self, one: int, other: int) -> None:
        asked = self._found(lambda execution: bool(execution.waiting_for))
        if asked:
            execution = asked[one % len(asked)]
            given = {"decision": "approved" if other % 4 else "rejected"}
            executions.answer(self.sandbox, execution.id, execution.waiting_for[0]["node_id"], given)

    def jump(self, _: int, other: int) -> None:
        """Let time go on."""
        advance.by(self.sandbox, other / 1000)

    def lapse(self, _: int, other: int) -> None:
        """Let time go by: whoever looks next makes happen what is due."""
        clock = self.sandbox.world.clock
        clock.jump_to(clock.now() + other * 1000)

    def step(self, one: int, _: int) -> None:
        """Let the next things happen that are due."""
        advance.step(self.sandbox, 1 + one % 9)

    def save(self, one: int, other: int) -> None:
        workflows.patch(self.sandbox, self.drawn[one % len(self.drawn)], {"name": f"Tea {other}"})

    def delete(self, one: int, other: int) -> None:
        if other % 3 == 0:
            workflows.delete(self.sandbox, self.drawn[one % len(self.drawn)])

    def reset(self, _: int, other: int) -> None:
        """Begin anew."""
        with self._setting_back():
            controls.reset(self.sandboxes, self.sandbox.name)
        if other % 2:
            self._draw()

    def keep(self, *_: int) -> None:
        """Take a snapshot."""
        self.sandbox.snapshots.clear()
        snapshots.take(self.sandbox, "kept")

    def restore(self, *_: int) -> None:
        if "kept" in self.sandbox.snapshots:
            with self._setting_back():
                snapshots.restore(self.sandboxes, self.sandbox, "kept")

    # --- what readers do ----------------------------------------------------------------------------------------

    def listen(self, one: int, other: int) -> None:
        """Open a stream."""
        if len(self.readers) < MOST_READERS:
            subject = self._subject(one)
            self.join(Listener(self.sandbox, subject, self._place(subject, other)))

    def call(self, one: int, other: int) -> None:
        """Open a WebSocket, and subscribe to up to three things."""
        if len(self.readers) < MOST_READERS:
            caller = Caller(self.sandbox, "latest" if other % 5 == 0 else 0, is_behind_all=self._is_behind_all)
            self.join(caller)
            for number in range(other % 4):
                caller.subscribe(self._subject(one + number * other))

    def subscribe(self, one: int, other: int) -> None:
        if caller := self._caller(one):
            caller.subscribe(self._subject(other))

    def unsubscribe(self, one: int, other: int) -> None:
        caller = self._caller(one)
        if caller and caller.subjects:
            caller.unsubscribe(caller.subjects[other % len(caller.subjects)])

    def say(self, one: int, other: int) -> None:
        """Give a command over a WebSocket."""
        caller, found = self._caller(one), self._found(lambda _: True)
        if caller and found:
            word = ("release", "pause", "resume", "pause", "resume", "stop")[one % 6]
            caller.command(word, found[other % len(found)].id)

    def look(self, one: int, _: int) -> None:
        """Let some of the readers have what there is for them."""
        self.hand_out([reader for number, reader in enumerate(self.open) if one >> number % 7 & 1])

    def cut(self, one: int, other: int) -> None:
        """Have a connection break in the middle of what is sent."""
        if self.open:
            self.hand_out([self.open[one % len(self.open)]], other)

    def leave(self, one: int, other: int) -> None:
        """Have some connections break in which nothing is sent."""
        for number, reader in enumerate(self.open):
            if (one + other) >> number % 7 & 1:
                reader.leave()
                self._leave_behind(reader)

    def come_back(self, one: int, _: int) -> None:
        """Have those connect again who lost their connection."""
        for number, reader in enumerate(self.readers):
            if reader.outlet is None and not reader.is_done and one >> number % 7 & 1:
                reader.connect()

    def ask(self, one: int, other: int) -> None:
        """Read some events as JSON."""
        subject, after, limit = self._subject(one), other % 50, 1 + one % 30
        if subject.kind == "execution_id":
            read = events.execution_events(self.sandbox, subject.key, after=after, limit=limit)
        elif subject.kind == "workflow_id":
            read = events.workflow_events(self.sandbox, subject.key, after=after, limit=limit)
        else:
            read = events.sandbox_events(self.sandbox, after=after, limit=limit)
        wanted = subject.events(self.log(), after)
        if wanted or not read["items"]:  # A place ahead of the log is its start.
            assert json.loads(json.dumps(read["items"])) == wanted[:limit]

    # --- how it is watched --------------------------------------------------------------------------------------

    @property
    def open(self) -> list[Reader]:
        """The readers that are connected."""
        return [reader for reader in self.readers if reader.outlet is not None]

    def log(self) -> list[Json]:
        """All that happened, as it is told."""
        with self.sandbox.view():
            return json.loads(json.dumps([as_wire(event) for event in self.sandbox.store.log.after(0)]))

    def hand_out(self, readers: Sequence[Reader], cut: int | None = None) -> bool:
        """Give these what there is for them; tells whether there may be more."""
        outlets = [reader.outlet for reader in readers if reader.outlet is not None]
        if not outlets:
            return False
        with suppress(SetBack), self.sandbox.view():
            pass  # What is due happens, as it does in front of a look.
        behind = [outlet.is_behind() for outlet in outlets]
        found, _ = look(outlets)
        for reader, was_behind, steps in zip(readers, behind, found, strict=True):
            assert was_behind or not steps, "nobody would have looked"
            self._check_reset(reader, steps)
            reader.hear(steps, cut)
            self._leave_behind(reader)
        return any(outlet.is_behind() for outlet in outlets if not outlet.stream.is_closed)

    def settle(self) -> None:
        """Have everybody come back until nobody is told anything any more."""
        for _ in range(100):
            for reader in self.readers:
                if reader.outlet is None and not reader.is_done:
                    reader.connect()
            for _ in range(1000):
                if not self.hand_out(self.open):
                    break
            else:
                raise AssertionError("they ask again and again, and there is nothing")
            if all(reader.is_done or reader.outlet for reader in self.readers):
                return
        raise AssertionError("there is no end of it")

    def check(self) -> None:
        """Everybody has come back, and nothing was lost or came twice; what is shown is what was told."""
        self.settle()
        log = self.log()
        for reader in self.readers:
            reader.check(log, is_all=True)
        assert [event["cursor"] for event in log] == list(range(1, len(log) + 1))
        for execution in self._found(lambda _: True):
            own = Subject("execution_id", execution.id).events(log, 0)
            assert [event["seq"] for event in own] == list(range(1, len(own) + 1))
            assert fold(own) == json.loads(json.dumps(executions.get(self.sandbox, execution.id)))
        for reader in self.readers:
            if isinstance(reader, Listener):
                assert reader.is_done == self._is_over(reader.subject)
            reader.leave()
        assert not self.sandbox.streams

    @contextmanager
    def _setting_back(self) -> Iterator[None]:
        """What everybody was told so far was right; it is no more."""
        log = self.log()
        for reader in self.readers:
            if reader not in self._set_back:
                reader.check(log, is_all=False)
        yield
        self.readers = [reader for reader in self.readers if not reader.is_done]
        for reader in self.readers:
            if reader.outlet is None:
                reader.forget()
            else:
                self._set_back.add(reader)

    def _check_reset(self, reader: Reader, steps: list[Step]) -> None:
        """Who does not know it yet is told now, and as the last thing."""
        if reader in self._set_back:
            assert b"log.reset" in steps[-1].item
            assert steps[-1].then == streams.END
            assert len(steps) == 1 or isinstance(reader, Caller)
        else:
            assert not any(b'"log.reset"' in (step.item or b"") for step in steps)

    def _leave_behind(self, reader: Reader) -> None:
        """Who lost the connection knows nothing of a log that is gone, but where it was in it."""
        if reader in self._set_back and reader.outlet is None:
            self._set_back.remove(reader)
            reader.forget()

    def _draw(self) -> None:
        inner = workflows.create(self.sandbox, {"nodes": INNER.nodes, "connections": INNER.connections}).id
        drawn = [GRAPHS[name] for name in self._graphs]
        self.drawn = []
        for one in drawn:
            nodes = json.loads(json.dumps(one.nodes).replace("{inner}", inner))
            saved = workflows.create(self.sandbox, {"nodes": nodes, "connections": one.connections})
            self.drawn.append(saved.id)

    def join(self, reader: Reader) -> None:
        """Have one more read."""
        reader.connect()
        self.readers.append(reader)

    def _found(self, fits: Callable[[Execution], bool]) -> list[Execution]:
        with self.sandbox.view():
            return [execution for execution in self.sandbox.store.executions if fits(execution)]

    def _command(self, name: str, one: int, *statuses: str) -> None:
        if found := self._found(lambda execution: execution.status in statuses):
            executions.command(self.sandbox, found[one % len(found)].id, name)

    def _is_over(self, subject: Subject) -> bool:
        """Whether nothing more can come: who reads about it is sent away."""
        store = self.sandbox.store
        if subject.kind == "workflow_id":
            return store.workflows.find(subject.key) is None
        execution = store.executions.find(subject.key)
        return subject.kind == "execution_id" and (execution is None or execution.is_final)

    def _caller(self, one: int) -> Caller | None:
        callers = [reader for reader in self.open if isinstance(reader, Caller)]
        return callers[one % len(callers)] if callers else None

    def _subject(self, number: int) -> Subject:
        with self.sandbox.view():
            known = [Subject("execution_id", one.id) for one in self.sandbox.store.executions]
            known += [Subject("workflow_id", one.id) for one in self.sandbox.store.workflows]
        known.append(Subject("all"))
        return known[-1 - number % len(known)]

    def _place(self, subject: Subject, number: int) -> int | str:
        """Mostly the start; else the end, or somewhere."""
        return {0: "latest", 1: number % 40}.get(number % 6, 0)


def acts(*names: str, most: int = 30) -> st.SearchStrategy[list[tuple[str, int, int]]]:
    """A story: what happens, and two numbers that say about what."""
    return st.lists(st.tuples(st.sampled_from(names), st.integers(0, 200), st.integers(0, 2000)), max_size=most)


WORLD = (
    "execute",
    "execute",
    "release",
    "pause",
    "resume",
    "stop",
    "answer",
    "jump",
    "lapse",
    "step",
    "save",
    "delete",
)
READERS = ("listen", "listen", "call", "look", "look", "cut", "cut", "leave", "come_back", "subscribe", "unsubscribe")
SAYING = ("say", "ask")
DRAWN = st.lists(st.sampled_from([*GRAPHS]), min_size=1, max_size=2)
EVERYTHING = (*WORLD, *READERS, *SAYING)


def tell(story: Story, told: list[tuple[str, int, int]]) -> None:
    """Let a story happen, from an execution on that somebody reads."""
    for name, one, other in [("execute", 0, 1), ("listen", 0, 2), ("listen", 2, 2), *told]:
        story.act(name, one, other)


@examples(10_000)
@given(DRAWN, acts(*EVERYTHING))
def test_whoever_reads_and_however_often_he_comes_back_is_told_everything_once(graphs, told):
    story = Story(graphs)
    tell(story, told)
    story.check()


@contextmanager
def small_portions() -> Iterator[None]:
    """Streams that take few events at once, and look through few."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streams, "MOST", 3)
        patch.setattr(events, "STEP", 5)
        yield


@examples(1_000)
@given(DRAWN, acts(*EVERYTHING))
# The log ends where a portion does, with the last that there is to tell of a workflow.
@example(["branches", "branches"], [("execute", 1, 1), ("delete", 0, 0), ("jump", 0, 19)])
def test_a_reader_who_is_far_behind_is_told_everything_once(graphs, told):
    with small_portions():
        story = Story(graphs, is_behind_all=False)
        tell(story, told)
        story.check()


@examples(1_500)
@given(DRAWN, acts(*EVERYTHING, "reset", "keep", "keep", "restore", "restore", most=40))
# Events of the old log and of the new one are written at the same time, and have the same cursors.
@example(["branches"], [("call", 0, 218), ("reset", 0, 1), ("execute", 0, 0), ("call", 0, 1)])
# A workflow of the new log is deleted before who read of the old one comes back.
@example(["branches", "branches"], [("reset", 0, 1), ("delete", 0, 0)])
def test_whoever_reads_a_log_that_is_set_back_is_told_so_and_then_the_new_one(graphs, told):
    story = Story(graphs)
    tell(story, told)
    story.check()


PLACES = st.integers(1, 30)
HEALED = st.fixed_dictionaries(
    {},
    optional={
        "drop_after": st.integers(0, 30),
        "stall_after": st.integers(0, 30),
        "duplicate": PLACES,
        "refuse_reconnect": st.sampled_from([True, 429, 500]),
        "omit_final": st.just(True),
    },
)
LATE = st.one_of(st.just({}), st.fixed_dictionaries({"delay": PLACES, "delay_ms": st.just(900)}))
SWAPPED = st.one_of(st.just({}), st.fixed_dictionaries({"swap": PLACES}))


def rules(*parts: st.SearchStrategy[Json]) -> st.SearchStrategy[list[Json]]:
    """Rules that break a few streams, and then no more."""
    members = st.tuples(*parts).map(lambda found: {name: held for part in found for name, held in part.items()})
    rule = st.fixed_dictionaries({"stream": members.filter(bool), "times": st.integers(1, 3)})
    return st.lists(rule, min_size=1, max_size=4)


MOST_BREAKS = 12
"""How often these rules can do something."""


LOSING = ("look", "look", "cut", "cut", "leave", "come_back")


@examples(1_500)
@given(DRAWN, acts(*WORLD, *LOSING), rules(HEALED, LATE))
def test_a_browser_that_drops_doubles_by_id_is_told_all_of_an_execution_however_its_streams_break(graphs, told, broken):
    story = Story(graphs)
    faults.replace(story.sandbox, broken)
    read_broken(story, Sieve, told)


@examples(1_500)
@given(DRAWN, acts(*WORLD, *LOSING), rules(HEALED, LATE, SWAPPED))
def test_a_reader_that_goes_on_in_front_of_the_first_gap_is_told_all_even_if_events_change_places(graphs, told, broken):
    story = Story(graphs)
    faults.replace(story.sandbox, broken)
    story.join(Careful(story.sandbox, Subject("all"), 0))
    read_broken(story, Careful, told)


def read_broken(story: Story, kind: type[Listener], told: list[tuple[str, int, int]]) -> None:
    """Let a story happen in which two read an execution over streams that break."""
    story.execute(0, 1)
    (execution,) = story.sandbox.store.executions
    for _ in range(2):
        story.join(kind(story.sandbox, Subject("execution_id", execution.id), 0))
    for name, one, other in told:
        story.act(name, one, other)
    # Who hears nothing for long comes again: in a stream that does not end, nothing shows that a last event is missing.
    for _ in range(MOST_BREAKS + 1):
        story.settle()
        for reader in story.open:
            reader.leave()
    story.check()
