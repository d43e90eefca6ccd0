"""Whoever watches a workflow is told of each change of its document, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app import mock_data
from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.errors import InvalidInput, RevisionMismatch
from app.models.event import as_wire
from app.sandbox import Sandbox, Sandboxes
from app.services import advance, connections, executions, nodes, templates, workflows
from app.services.exchange import read_workflow
from app.services.scenarios import add_templates, fill

from .conftest import graph, line, node, saved, shown

Json = Any


def news(sandbox: Sandbox, after: int = 0) -> list[Json]:
    """What the log tells after a cursor."""
    return [as_wire(event) for event in sandbox.store.log.after(after)]


def told_of(sandbox: Sandbox, act: Callable[[], Any]) -> list[Json]:
    """What the log tells of an act that comes later than all before it."""
    before = sandbox.store.log.cursor
    with sandbox.turn() as now:
        sandbox.run_to(now + 1_000_000)
    act()
    return news(sandbox, before)


@pytest.fixture
def tea(sandbox: Sandbox) -> str:
    """A workflow with three nodes in a row."""
    return saved(sandbox, "a", "b", "c", name="Tea")


@pytest.fixture
def template(sandbox: Sandbox) -> str:
    add_templates(sandbox, mock_data.templates(), sandbox.now())
    return next(iter(sandbox.store.templates)).id


UPDATES: dict[str, Callable[[Sandbox, str], Any]] = {
    "replace": lambda sandbox, key: workflows.replace(sandbox, key, graph("a")),
    "patch": lambda sandbox, key: workflows.patch(sandbox, key, {"description": "green"}),
    "add a node": lambda sandbox, key: nodes.add(sandbox, key, node("d")),
    "replace a node": lambda sandbox, key: nodes.replace(sandbox, key, "a", {"position": {"x": 1, "y": 1}}),
    "patch a node": lambda sandbox, key: nodes.patch(sandbox, key, "a", {"data": {"label": "A"}}),
    "delete a node with its connections": lambda sandbox, key: nodes.delete(sandbox, key, "b"),
    "add a connection": lambda sandbox, key: connections.add(sandbox, key, line("a", "c")),
    "replace a connection": lambda sandbox, key: connections.replace(sandbox, key, "a-b", line("a", "c", id="a-b")),
    "delete a connection": lambda sandbox, key: connections.delete(sandbox, key, "a-b"),
}


@pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES)
def test_an_update_is_told_once_with_the_revision_that_it_made(sandbox, tea, update):
    (event,) = told_of(sandbox, lambda: update(sandbox, tea))
    assert event == {
        "seq": None,
        "cursor": 2,
        "type": "workflow.changed",
        "execution_id": None,
        "workflow_id": tea,
        "at": "2026-01-01T09:00:01.000Z",
        "data": {"change": "updated", "revision": 2, "name": "Tea", "updated_at": "2026-01-01T09:00:01.000Z"},
    }
    assert shown(sandbox, tea)["revision"] == 2


@pytest.mark.parametrize("mode", ["replace", "merge"])
def test_a_template_in_a_workflow_is_an_update(sandbox, tea, template, mode):
    options = {"workflow_id": tea, "mode": mode}
    (event,) = told_of(sandbox, lambda: templates.apply(sandbox, template, options))
    assert (event["workflow_id"], event["data"]["change"], event["data"]["revision"]) == (tea, "updated", 2)


def test_every_new_workflow_is_told_once_wherever_it_comes_from(sandbox, tea, template):
    ways = [
        lambda: workflows.create(sandbox, {"name": "New"}),
        lambda: workflows.create(sandbox, read_workflow(workflows.export(sandbox, tea))),
        lambda: workflows.duplicate(sandbox, tea),
        lambda: templates.apply(sandbox, template),
    ]
    for way in ways:
        (event,) = told_of(sandbox, way)
        newest = list(sandbox.store.workflows)[-1]
        assert event["workflow_id"] == newest.id != tea
        assert event["data"] | {"updated_at": event["at"]} == event["data"]
        assert [event["data"][name] for name in ("change", "revision", "name")] == ["created", 1, newest.name]


def test_a_deletion_is_told_last_with_what_the_workflow_was(sandbox, tea):
    executions.execute(sandbox, tea, {"hold": True})
    stopped = told_of(sandbox, lambda: workflows.delete(sandbox, tea))
    assert [event["type"] for event in stopped][-2:] == ["execution.stopped", "workflow.changed"]
    assert stopped[-1]["workflow_id"] == tea
    wanted = {"change": "deleted", "revision": 1, "name": "Tea", "updated_at": "2026-01-01T09:00:00.000Z"}
    assert stopped[-1]["data"] == wanted
    assert stopped[-1]["at"] == "2026-01-01T09:00:01.000Z"


def test_what_changes_nothing_is_not_told(sandbox, tea):
    held = shown(sandbox, tea)
    acts = [
        lambda: workflows.replace(sandbox, tea, held),
        lambda: workflows.patch(sandbox, tea, {"name": "Tea", "nodes": held["nodes"]}),
        lambda: nodes.replace(sandbox, tea, "a", held["nodes"][0]),
        lambda: nodes.patch(sandbox, tea, "a", {"data": {}, "selected": True}),
        lambda: connections.replace(sandbox, tea, "a-b", held["connections"][0]),
        lambda: workflows.validate(sandbox, tea),
        lambda: workflows.export(sandbox, tea),
    ]
    for act in acts:
        assert told_of(sandbox, act) == []


def test_what_is_refused_is_not_told(sandbox, tea):
    def refused() -> None:
        with pytest.raises(RevisionMismatch):
            workflows.patch(sandbox, tea, {"name": "x"}, expected_revision=9)
        with pytest.raises(RevisionMismatch):
            workflows.delete(sandbox, tea, expected_revision=9)
        with pytest.raises(InvalidInput):
            workflows.create(sandbox, graph("a", "a"))

    assert told_of(sandbox, refused) == []


def test_an_execution_is_no_change_of_its_workflow(sandbox, tea):
    told = told_of(sandbox, lambda: executions.execute(sandbox, tea, {}))
    assert {event["type"].partition(".")[0] for event in told} <= {"execution", "node", "connection", "log"}
    assert told


@pytest.mark.parametrize("scenario", ["demo", "mid-flight"])
def test_what_a_sandbox_begins_with_is_no_change(scenario):
    sandbox = Sandboxes(Settings(pace="stopped", scenario=scenario), SimulatedEngine, fill).get()
    assert len(sandbox.store.workflows) > 0
    assert "workflow.changed" not in {event["type"] for event in news(sandbox)}


def test_an_advance_tells_what_time_brought_and_no_change_beside_it(sandbox, tea):
    with sandbox.turn() as now:
        course = advance.Course(sandbox)
        executions.execute(sandbox, tea, {})
        workflows.patch(sandbox, tea, {"name": "Green tea"})
        happened = course.run_to(now + 60_000_000)
        told = course.told(3, reached=True)
        rest = advance.Course(sandbox).told(reached=True)
    assert happened[-1].type == "execution.completed"
    assert told["event_count"] + rest["event_count"] == len(happened)
    assert {event["execution_id"] for event in told["events"] + rest["events"]} == {happened[0].execution_id}


def test_nobody_can_let_time_go_on_until_a_workflow_changes(sandbox):
    with pytest.raises(InvalidInput, match="no event of an execution") as refused:
        advance.until(sandbox, {"event": "workflow.changed"})
    assert refused.value.code == "bad_until"
