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
from app.moments import from_iso
from app.sandbox import DEFAULT, Sandbox, Sandboxes
from app.services import controls, schedules, snapshots, versions, workflows
from app.services.keeping import Keeper
from app.services.scenarios import fill
from app.services.snapshot_writer import pieces

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


def test_versions_are_in_the_file_with_what_they_are_called(
    sandboxes: Sandboxes, keeper: Keeper, revived: Revived
) -> None:
    sandbox = sandboxes.get()
    tea = workflows.create(sandbox, {"name": "Tea"}).id
    acts = [
        lambda: workflows.patch(sandbox, tea, {"name": "Chai"}),
        lambda: versions.label(sandbox, tea, "1", "first"),
        lambda: versions.label(sandbox, tea, "current", "second"),
        lambda: versions.restore(sandbox, tea, "1"),
        lambda: versions.label(sandbox, tea, "1", None),
    ]
    for act in acts:
        act()
        keeper.save()
        assert revived() == written(sandbox)
    workflows.delete(sandbox, tea)
    keeper.save()
    assert revived() == written(sandbox)


def test_a_save_writes_the_version_that_was_before_and_none_of_the_older_ones(
    sandboxes: Sandboxes, keeper: Keeper
) -> None:
    sandbox = sandboxes.get()
    tea = workflows.create(sandbox, {}).id
    for number in range(5):
        workflows.patch(sandbox, tea, {"name": f"Tea {number}"})
    before = _stamps(sandbox)
    workflows.patch(sandbox, tea, {"name": "Chai"})
    after = _stamps(sandbox)
    changed = {key for key, stamp in after.items() if stamp is None or before.get(key) != stamp}
    assert {key for key in changed if key[0] in ("workflow", "version")} == {
        ("workflow", tea),
        ("version", f"{tea}/6"),
    }


def test_versions_are_looked_at_only_where_something_was_saved(
    sandboxes: Sandboxes, keeper: Keeper, revived: Revived
) -> None:
    sandbox = sandboxes.get()
    tea, chai = (workflows.create(sandbox, {}).id for _ in range(2))
    for number in range(3):
        for key in (tea, chai):
            workflows.patch(sandbox, key, {"name": f"Cup {number}"})
    keeper.save()
    # Nobody changes versions behind a workflow's back: if one does all the same, it is not seen before the next save.
    past = sandbox.store.workflows.get(tea).past
    past[0] = past[0]._replace(label="Hidden")
    versions.label(sandbox, chai, "2", "Second")
    keeper.save()
    assert b"Hidden" not in revived()
    assert b"Second" in revived()
    workflows.patch(sandbox, tea, {"name": "More"})
    keeper.save()
    assert revived() == written(sandbox)
    assert b"Hidden" in revived()


def _stamps(sandbox: Sandbox) -> dict[tuple[str, str], object]:
    with sandbox.view():
        return {(piece.kind, piece.key): piece.stamp for piece in pieces(sandbox)}


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


def test_schedules_and_what_waits_for_its_turn_are_in_the_file(
    sandboxes: Sandboxes, keeper: Keeper, revived: Revived
) -> None:
    sandbox = sandboxes.get()
    tea = workflows.create(sandbox, {"nodes": [{"id": "ask", "type": "approval"}]})
    made = schedules.create(sandbox, tea.id, {"interval_seconds": 60, "input": {"cups": 2}})
    keeper.save()
    assert revived() == written(sandbox)
    for _ in range(3):
        schedules.fire(sandbox, sandbox.store.schedules.get(made["id"]).next_at or 0)
        with sandbox.turn():
            pass
    keeper.save()
    assert len(sandbox.store.under_way(tea.id)) == 3
    assert revived() == written(sandbox)
    schedules.delete(sandbox, tea.id, made["id"])
    keeper.save()
    assert revived() == written(sandbox)


def test_a_clock_that_ran_on_while_the_server_was_away_catches_up_with_its_schedules(tmp_path: Path) -> None:
    def serve() -> tuple[Sandbox, Keeper]:
        running = Settings(pace="fast", rate=1_000_000, scenario="empty")
        sandboxes = Sandboxes(running, SimulatedEngine, fill, schedules.fire)
        keeper = Keeper(sandboxes, str(tmp_path / "data"))
        return sandboxes.get(), keeper

    sandbox, keeper = serve()
    tea = workflows.create(sandbox, {"nodes": [{"id": "a", "type": "set", "data": {"mock": {"duration_ms": 1}}}]})
    first = schedules.create(sandbox, tea.id, {"interval_seconds": 1000})["next_at"]
    keeper.close()
    began = len(sandbox.store.executions)
    sandbox, keeper = serve()
    keeper.close()
    found = schedules.get(sandbox, tea.id, sandbox.store.schedules.of(tea.id)[0].id)
    moments = [execution.created_at for execution in sandbox.store.executions]
    assert found["fired"] == len(moments) > began
    assert moments == [from_iso(first) + number * 1_000_000_000 for number in range(len(moments))]
