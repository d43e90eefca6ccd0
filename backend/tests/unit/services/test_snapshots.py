"""Snapshots that several people take, fork and restore at the same moment, and what is left of those that fail."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest

from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.errors import Conflict, UnderstudyError
from app.sandbox import Sandbox, Sandboxes
from app.services import snapshots, workflows
from app.services.scenarios import fill
from app.services.snapshot_reader import decode
from app.services.snapshot_writer import capture, encode


def made(scenario: str = "demo", **limits: int) -> Sandboxes:
    settings = Settings(pace="stopped", scenario=scenario)
    return Sandboxes(replace(settings, limits=replace(settings.limits, **limits)), SimulatedEngine, fill)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of these gives, or the error that it ended with."""
    together = Barrier(len(works))

    def act(work: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return work()
        except UnderstudyError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(act, works))


def test_of_several_forks_into_one_name_one_wins_and_is_left_alone() -> None:
    sandboxes = made()
    sandbox = sandboxes.get()
    snapshots.take(sandbox, "a")
    ends = at_once(*[lambda: snapshots.fork(sandboxes, sandbox, "a", "twin")] * 4)
    refused = [end for end in ends if isinstance(end, Conflict)]
    assert [error.code for error in refused] == ["sandbox_exists"] * 3
    assert sandboxes.find("twin") in ends


def test_of_several_snapshots_of_one_name_one_is_kept() -> None:
    sandbox = made().get()
    ends = at_once(*[lambda: snapshots.take(sandbox, "a")] * 4)
    assert sorted(isinstance(end, Conflict) for end in ends) == [False, True, True, True]
    assert [one["name"] for one in snapshots.list_snapshots(sandbox)] == ["a"]


def test_no_more_snapshots_are_kept_than_may_be_however_they_come() -> None:
    sandbox = made(max_snapshots=2).get()
    at_once(*[lambda name=name: snapshots.take(sandbox, name) for name in "abcd"])
    assert len(snapshots.list_snapshots(sandbox)) == 2


def test_a_snapshot_is_of_one_moment_whatever_happens_while_it_is_encoded() -> None:
    sandbox = made("mid-flight").get()
    with sandbox.view():
        captured = capture(sandbox)
        of_that_moment = encode(captured)
    first, second, *_ = sandbox.store.workflows
    workflows.patch(sandbox, first.id, {"name": "Later", "nodes": [], "metadata": {"later": True}})
    workflows.delete(sandbox, second.id)
    with sandbox.turn() as now:
        sandbox.run_to(now + 3600 * 1_000_000)
        sandbox.store.values["box"] = {"count": 3}
        for execution in list(sandbox.store.executions):
            sandbox.engine.forget(execution)
            sandbox.store.remove_execution(execution)
    assert encode(captured) == of_that_moment


class Engine(SimulatedEngine):
    """One that knows whether it was let go of."""

    is_cleared = False

    def clear(self) -> None:
        super().clear()
        self.is_cleared = True


def test_what_cannot_be_revived_is_let_go_of_whatever_the_reason() -> None:
    engines: list[Engine] = []

    def make_engine(*rooms: Any) -> Engine:
        engines.append(Engine(*rooms))
        return engines[-1]

    sandbox: Sandbox = made().get()
    snapshots.take(sandbox, "a")
    snapshot = decode(snapshots.get(sandbox, "a").content)
    snapshot.executions = None  # type: ignore[assignment]
    with pytest.raises(TypeError):
        snapshots.revive(Sandboxes(sandbox.settings, make_engine), "other", snapshot)
    assert [engine.is_cleared for engine in engines] == [True]
