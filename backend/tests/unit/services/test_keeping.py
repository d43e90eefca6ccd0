"""A sandbox that is kept in a file: what the file alone holds at the moment of an answer."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import create_app
from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.models.reply import Reply
from app.sandbox import DEFAULT, Sandboxes
from app.services import controls, snapshots, workflows
from app.services.keeping import Keeper
from app.services.scenarios import fill

from .conftest import written

Revived = Callable[[], bytes]


@pytest.fixture
def sandboxes() -> Sandboxes:
    return Sandboxes(Settings(pace="stopped", scenario="empty"), SimulatedEngine, fill)


@pytest.fixture
def keeper(sandboxes: Sandboxes, tmp_path: Path) -> Iterator[Keeper]:
    keeper = Keeper(sandboxes, str(tmp_path / "data"))
    yield keeper
    keeper.close()


@pytest.fixture
def revived(keeper: Keeper, tmp_path: Path) -> Revived:
    """Gives the sandbox that another server would make of the file as it is now, as a snapshot."""

    def revive() -> bytes:
        copy = shutil.copy(tmp_path / "data", tmp_path / "copy")
        others = Sandboxes(Settings(pace="stopped", scenario="empty"), SimulatedEngine, fill)
        other = Keeper(others, str(copy))
        try:
            return written(others.get())
        finally:
            other.close()

    return revive


def test_a_new_sandbox_is_in_the_file_before_anybody_uses_it(sandboxes: Sandboxes, revived: Revived) -> None:
    sandboxes.settings = Settings(pace="stopped", scenario="demo")
    sandboxes.get()
    assert revived() == written(sandboxes.get())


def test_a_change_of_a_workflow_is_told_after_a_restart_too(
    sandboxes: Sandboxes, keeper: Keeper, revived: Revived
) -> None:
    sandbox = sandboxes.get()
    tea = workflows.create(sandbox, {"name": "Tea"})
    keeper.save()
    for number in range(300):
        workflows.patch(sandbox, tea.id, {"name": f"Tea {number}"})
    workflows.delete(sandbox, tea.id)
    keeper.save()
    assert len(sandbox.store.log.after(0)) == 302
    assert revived() == written(sandbox)


def test_a_reset_is_in_the_file_before_it_is_answered(sandboxes: Sandboxes, revived: Revived) -> None:
    controls.reset(sandboxes, DEFAULT, scenario="demo")
    assert len(sandboxes.get().store.workflows) > 0
    assert revived() == written(sandboxes.get())


def test_a_restore_is_in_the_file_before_it_is_answered(sandboxes: Sandboxes, revived: Revived) -> None:
    sandbox = controls.reset(sandboxes, DEFAULT, scenario="demo")
    snapshots.take(sandbox, "full")
    controls.reset(sandboxes, DEFAULT)
    snapshots.restore(sandboxes, sandbox, "full")
    assert revived() == written(sandboxes.get())


def test_who_deletes_the_sandbox_begins_anew_in_the_file_too(sandboxes: Sandboxes, revived: Revived) -> None:
    controls.reset(sandboxes, DEFAULT, scenario="demo")
    sandboxes.remove(DEFAULT)
    sandboxes.get()
    assert revived() == written(sandboxes.get())


def test_kept_answers_come_back_in_their_order(sandboxes: Sandboxes, keeper: Keeper, revived: Revived) -> None:
    sandbox = sandboxes.get()
    for names in ("cab", "ed"):
        with sandbox.turn():
            for name in names:
                sandbox.replies[name,] = Reply(name.encode(), 201, b"{}", (("Location", f"/{name}"),))
        keeper.save()
    with sandbox.turn():
        del sandbox.replies["a",]
    keeper.save()
    assert revived() == written(sandboxes.get())


def test_a_sandbox_that_was_deleted_is_out_of_the_file_before_that_is_answered(
    sandboxes: Sandboxes, keeper: Keeper, revived: Revived
) -> None:
    controls.reset(sandboxes, DEFAULT, scenario="demo")
    sandboxes.remove(DEFAULT)
    empty = Sandboxes(Settings(pace="stopped", scenario="empty"), SimulatedEngine, fill)
    assert revived() == written(empty.get())


def test_what_a_request_changed_is_in_the_file_before_it_is_answered(
    sandboxes: Sandboxes, keeper: Keeper, revived: Revived
) -> None:
    client = create_app(sandboxes.settings, sandboxes).test_client()
    for name in ("first", "second"):
        assert client.post("/api/workflows", json={"name": name}).status_code == 201
        assert revived() == written(sandboxes.get())
