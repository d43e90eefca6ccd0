"""The promise of bytes: the same seed and the same calls give the same answers, whatever goes on beside them."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from app import create_app
from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.sandbox import Sandboxes
from tests.editor import node
from tests.story import (
    NODE_FAULTS,
    Teller,
    draw,
    drawing,
    make_app,
    picture,
    process,
    run,
    tell_story,
    upload,
)

Json = Any

PACES = ("stopped", "instant")
BACKEND = Path(__file__).parents[2]
TELL = "from tests.story import *; print(tell_story(Teller(make_app(), 'told'), 'stopped').digest)"

SLOW = "{{ ($f := function($n){ $n < 1 ? 0 : 1 + $f($n - 1) }; $map([1..200], function($i){ $f(20) }); 5) }}"
"""An expression that takes longer than others may be kept waiting."""

LISTS = ("/api/executions?per_page=2", "/api/workflows?per_page=2", "/api/files?per_page=2", "/_control/requests")

Pair = tuple[str, str]


@pytest.fixture(scope="module")
def alone() -> dict[str, Teller]:
    """The story at each pace, told to a server that does nothing else."""
    return {pace: tell_story(Teller(make_app(), "alone"), pace) for pace in PACES}


def difference(one: Teller, other: Teller) -> Pair | None:
    """The first answer that is not the same, from where it is another one."""
    for left, right in zip(one.answers, other.answers, strict=True):
        if left != right:
            place = next((at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), 0)
            call = left.partition(" -> ")[0]
            return f"{call}: {left[max(place - 60, 0) :][:160]}", right[max(place - 60, 0) :][:160]
    return None


def read(tell: Teller, count: int) -> None:
    """Look at a sandbox so often; nothing of it is told. What is gone may be missed, and nothing may break."""
    places = [*LISTS, *(watched(tell) if count > 1 else ())]
    for path in islice(cycle(places), count):
        assert tell.ask(f"GET {path}").status_code in (200, 404)


def read_all(tellers: list[Teller]) -> None:
    """Look at these sandboxes in turn."""
    for tell in tellers:
        read(tell, 20)


def watched(tell: Teller) -> list[str]:
    """What an editor keeps looking at: the latest execution and the latest files."""

    def latest(kind: str) -> list[str]:
        return [item["id"] for item in tell.ask(f"GET /api/{kind}?per_page=2").get_json()["items"]]

    executions = [f"/api/executions/{key}{rest}" for key in latest("executions") for rest in ("", "/events?limit=9")]
    workflows = [f"/api/workflows/{key}/{rest}" for key in latest("workflows") for rest in ("status", "dataflow")]
    return [*executions, *workflows, *(f"/api/files/{key}/thumbnail?size=32" for key in latest("files")), "/_control"]


@contextmanager
def beside(*acts: Callable[[], object]) -> Iterator[None]:
    """Do these things again and again, each in a thread of its own; what goes wrong in one is raised at the end."""
    over, wrong = threading.Event(), []

    def repeat(act: Callable[[], object]) -> None:
        try:
            while not over.is_set():
                act()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=repeat, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
    if wrong:
        raise wrong[0]


def disturb(tell: Teller) -> None:
    """Upload, execute and begin anew in another sandbox, with another seed each time."""
    tell("POST /_control/reset", {"seed": len(tell.answers), "pace": "instant", "scenario": "failing"})
    saved = draw(tell)
    files = upload(tell)
    process(tell, saved, files)


@pytest.mark.parametrize("pace", PACES)
def test_a_story_told_again_gives_the_same_bytes(alone: dict[str, Teller], pace: str) -> None:
    assert difference(alone[pace], tell_story(Teller(make_app(), "again"), pace)) is None


def test_a_sandbox_that_was_used_before_tells_the_same_after_a_reset(alone: dict[str, Teller]) -> None:
    tell = Teller(make_app(), "used")
    disturb(tell)
    tell.answers.clear()
    assert difference(alone["stopped"], tell_story(tell, "stopped")) is None


def test_another_seed_tells_another_story(alone: dict[str, Teller]) -> None:
    assert tell_story(Teller(make_app(), "other"), "instant", seed=12).digest != alone["instant"].digest


def test_four_sandboxes_at_once_among_readers_and_others_tell_the_same_bytes(alone: dict[str, Teller]) -> None:
    app = make_app()
    tellers = [(Teller(app, f"told-{number}"), PACES[number % 2]) for number in range(4)]
    watchers = [Teller(app, tell.sandbox) for tell, _ in tellers]
    readers = [partial(read_all, some) for some in (watchers[:2], watchers[2:])]
    others = [partial(disturb, Teller(app, "busy"))]
    threads = [threading.Thread(target=tell_story, args=told) for told in tellers]
    with beside(*readers, *others):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for tell, pace in tellers:
        assert difference(alone[pace], tell) is None


def test_the_order_of_sets_and_hashes_does_not_matter(alone: dict[str, Teller]) -> None:
    """Python shuffles both anew in each process."""

    def start(hash_seed: str) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(BACKEND)}
        command = [sys.executable, "-c", TELL]
        return subprocess.Popen(command, env=environment, cwd=BACKEND, stdout=subprocess.PIPE, text=True)

    with ExitStack() as stack:
        processes = [stack.enter_context(start(hash_seed)) for hash_seed in ("1", "2")]
        digests = [process.communicate()[0].strip() for process in processes]
    assert digests == [alone["stopped"].digest] * 2


@pytest.mark.parametrize("seconds", [0.02, 0.3, 2.5])
def test_a_fork_of_a_running_moment_and_its_original_go_on_to_the_same_end(seconds: float) -> None:
    app = make_app()
    original, fork = Teller(app, "original"), Teller(app, "fork")
    files, saved = begin(original)
    original("POST /_control/clock/advance", {"seconds": seconds})
    under_way = original("GET /api/executions?status=running,waiting,paused&per_page=100")["items"]
    assert len(under_way) >= 5
    original("POST /_control/snapshots", {"name": "middle"})
    original("POST /_control/snapshots/middle/fork", {"sandbox": "fork"})
    for tell in (original, fork):
        tell.answers.clear()
        go_on(tell, files, saved)
    assert difference(original, fork) is None


def begin(tell: Teller) -> tuple[list[str], dict[str, str]]:
    """Start executions of every kind, where nodes fail by chance and on purpose."""
    tell("POST /_control/reset", {"seed": 3, "pace": "stopped", "scenario": "failing"})
    tell("PUT /_control/faults", NODE_FAULTS)
    saved, files = draw(tell), upload(tell)
    for template in tell("GET /api/templates?per_page=100")["items"]:
        saved[template["id"]] = tell(f"POST /api/templates/{template['id']}/apply", {})["id"]
    for name in saved.keys() - {"images", "bare"}:
        tell(f"POST /api/workflows/{saved[name]}/execute", {"input": {"topic": "rain"}, "seed": 9})
    tell(f"POST /api/workflows/{saved['images']}/nodes/small/process-files", {"file_ids": files})
    return files, saved


def go_on(tell: Teller, files: list[str], saved: dict[str, str]) -> None:
    """Answer, retry, begin something new, and look at everything."""
    tell("POST /_control/clock/advance", {"events": 25})
    tell(f"POST /api/workflows/{saved['rounds']}/pause")
    tell("POST /_control/clock/advance", {"seconds": 40})
    tell(f"POST /api/workflows/{saved['rounds']}/resume")
    for execution in tell("GET /api/executions?status=waiting&per_page=100")["items"]:
        for asked in tell(f"GET /api/executions/{execution['id']}")["waiting_for"]:
            answer = {"decision": "approved"}
            tell(f"POST /api/executions/{execution['id']}/nodes/{asked['node_id']}/answer", answer)
    tell(f"POST /api/workflows/{saved['images']}/execute", {"input": {"file_ids": files}})
    for execution in tell("GET /api/executions?status=failed&per_page=5")["items"]:
        tell(f"POST /api/executions/{execution['id']}/retry")
    tell("POST /api/workflows", {"name": "New"})
    tell("POST /_control/clock/advance", {"seconds": 4000})
    for execution in tell("GET /api/executions?per_page=40")["items"]:
        tell(f"GET /api/executions/{execution['id']}?iterations=all")
        tell(f"GET /api/executions/{execution['id']}/events")
    for file in tell("GET /api/files")["items"]:
        tell(f"GET /api/files/{file['id']}/thumbnail?size=64")
    for workflow_id in saved.values():
        tell(f"GET /api/workflows/{workflow_id}/dataflow")
    tell("GET /_control/clock")
    tell("GET /_control/faults")


def test_it_does_not_matter_how_often_anybody_reads() -> None:
    once, often = (watch(count) for count in (1, 200))
    assert difference(once, often) is None


def watch(count: int) -> Teller:
    """The part of the story in which much is under way, with so many reads after each step."""
    tell = Teller(make_app(), "watched")
    tell("POST /_control/reset", {"seed": 4, "pace": "stopped", "scenario": "failing"})
    tell("PUT /_control/faults", NODE_FAULTS)
    saved = draw(tell)
    upload(tell)
    tell.meanwhile = partial(read, count=count)
    run(tell, saved)
    return tell


class TestBusyServer:
    """Work that takes long is done by threads that all sandboxes share; when it is done must not show.

    Each of these is told twice: once the work is done at once, and once only when somebody waits for it, as where other
    sandboxes keep those threads busy.
    """

    def test_a_snapshot_taken_while_images_are_processed_is_the_same(self) -> None:
        def story(tell: Teller) -> None:
            _begin_images(tell)
            tell("POST /_control/snapshots", {"name": "middle"})
            tell("GET /_control/snapshots/middle")

        assert difference(*told_twice(story)) is None

    def test_a_file_that_is_deleted_after_its_execution_began_stays_readable_to_it(self) -> None:
        def story(tell: Teller) -> None:
            _, file_id = _begin_images(tell)
            tell(f"DELETE /api/files/{file_id}")

        assert difference(*told_twice(story)) is None

    def test_image_work_that_takes_no_virtual_time_is_seen_in_the_same_way(self) -> None:
        def story(tell: Teller) -> None:
            tell("PUT /_control/faults", [{"match": {"node_type": "thumbnail"}, "node": {"duration_ms": 0}}])
            execution_id, _ = _begin_images(tell)
            tell(f"GET /api/executions/{execution_id}")

        assert difference(*told_twice(story)) is None

    def test_values_that_are_kept_by_a_slow_node_and_a_quick_one_are_kept_in_the_same_order(self) -> None:
        def story(tell: Teller) -> None:
            for value in (SLOW, "quick"):
                keep = node("keep", "key_value", config={"operation": "set", "key": "k", "value": value})
                saved = tell("POST /api/workflows", drawing("Keep", [keep], ""))["id"]
                tell(f"POST /api/workflows/{saved}/execute")

        assert difference(*told_twice(story)) is None


class Late:
    """Work that nobody does before somebody waits for it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work = work
        self._found: list[Any] = []

    def done(self) -> bool:
        """Whether somebody has waited for it."""
        return bool(self._found)

    def result(self) -> Any:
        """What comes of it."""
        if not self._found:
            self._found.append(self._work())
        return self._found[0]


class AtOnce(Late):
    """Work that is done before anybody asks."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(work)
        self.result()


def told_twice(story: Callable[[Teller], None]) -> list[Teller]:
    """The story told where work is done at once, and where it is done late."""
    return [_tell_with(story, work) for work in (AtOnce, Late)]


def _tell_with(story: Callable[[Teller], None], work: type[Late]) -> Teller:
    class Workers(Sandboxes):
        def _submit(self, do: Callable[[], Any]) -> Any:
            return work(do)

    settings = Settings(pace="stopped", scenario="empty")
    tell = Teller(create_app(settings, Workers(settings, SimulatedEngine)), "told")
    story(tell)
    tell("POST /_control/clock/advance", {"seconds": 60})
    tell("GET /api/executions")
    return tell


def _begin_images(tell: Teller) -> Pair:
    """An execution that works on a file: the ids of both."""
    sent = {"file": (io.BytesIO(picture()), "a.png")}
    file_id = tell("POST /api/files/upload", data=sent)["items"][0]["id"]
    saved = tell("POST /api/workflows", drawing("Images", [node("tiny", "thumbnail")], ""))["id"]
    call = f"POST /api/workflows/{saved}/nodes/tiny/process-files"
    return tell(call, {"file_ids": [file_id]})["id"], file_id
