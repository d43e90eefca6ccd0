"""The large scenario: a company that chance makes up, in one sandbox that all tests here only look at."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import orjson
import pytest

from app import mock_data
from app.config import Limits, Settings
from app.engine.simulated import SimulatedEngine
from app.sandbox import Sandbox, Sandboxes
from app.services import company, executions, workflows
from app.services.paging import Listing
from app.services.scenarios import fill


@pytest.fixture(scope="module")
def large() -> Sandbox:
    return Sandboxes(Settings(pace="stopped", scenario="large"), SimulatedEngine, fill).get()


def small(seed: int = 1, pace: str = "stopped", **limits: int) -> Sandbox:
    """The same company, as far as limits let it grow."""
    few = replace(Limits(), **{"max_workflows": 150, "max_executions": 600, **limits})
    return Sandboxes(Settings(pace=pace, scenario="large", seed=seed, limits=few), SimulatedEngine, fill).get()


def seen(sandbox: Sandbox) -> bytes:
    """The lists that an editor shows, and all of one execution."""
    listed = executions.list_executions(sandbox, Listing(per_page=500))
    one = executions.get(sandbox, listed.items[len(listed.items) // 2]["id"])
    return orjson.dumps([workflows.list_workflows(sandbox, Listing(per_page=500)).items, listed.items, one])


def test_it_has_two_thousand_workflows_and_twenty_thousand_executions(large: Sandbox) -> None:
    assert workflows.list_workflows(large, Listing()).total == 2_000
    assert executions.list_executions(large, Listing()).total == 20_000


def test_most_executions_went_well_and_a_handful_are_under_way(large: Sandbox) -> None:
    counts = Counter(execution.status for execution in large.store.executions)
    assert counts["completed"] > 17_000
    assert counts["failed"] > 500
    assert counts["stopped"] > 200
    under_way = {status: counts[status] for status in ("running", "waiting", "paused", "pending")}
    assert under_way == mock_data.scenario("large")["generate"]["under_way"]


def test_its_workflows_have_names_of_their_own_and_three_to_eight_nodes(large: Sandbox) -> None:
    assert len({workflow.name for workflow in large.store.workflows}) == 2_000
    assert {len(workflow.nodes) for workflow in large.store.workflows} == set(range(3, 9))


def test_all_its_graphs_are_valid(large: Sandbox) -> None:
    by_shape = {tuple(node["type"] for node in one.nodes): one for one in large.store.workflows}
    assert [one.name for one in by_shape.values() if workflows.validate(large, one.id)["issues"]] == []


def test_its_past_reaches_back_months_in_order(large: Sandbox) -> None:
    moments = [event.at for event in large.store.log.after(0)]
    assert moments == sorted(moments)
    assert moments[-1] <= large.now()
    assert moments[0] < large.now() - 150 * 86_400_000_000


def test_no_two_executions_of_a_workflow_were_under_way_at_once(large: Sandbox) -> None:
    for workflow in large.store.workflows:
        runs = large.store.executions_of(workflow.id)
        for before, after in pairwise(runs):
            assert before.finished_at is not None
            assert workflow.created_at < before.created_at <= before.finished_at <= after.created_at


def test_what_is_running_runs_for_another_day() -> None:
    sandbox = small()
    running = [one for one in sandbox.store.executions if one.status == "running"]
    sandbox.world.clock.jump_to(sandbox.now() + 86_400_000_000)
    with sandbox.view():
        assert running
        assert {one.status for one in running} == {"running"}


def test_the_same_seed_makes_the_same_company_and_another_seed_another() -> None:
    assert seen(small(1)) == seen(small(1))
    assert seen(small(1)) != seen(small(2))


def test_it_keeps_to_the_limits_of_the_server() -> None:
    store = small(max_workflows=40, max_executions=90).store
    assert (len(store.workflows), len(store.executions)) == (40, 90)
    assert len(small(max_workflows=1).store.workflows) == 1


@pytest.mark.parametrize("pace", ["real", "fast", "instant", "auto"])
def test_it_comes_to_life_at_every_pace(pace: str) -> None:
    counts = Counter(one.status for one in small(pace=pace).store.executions)
    assert counts.total() == 600
    assert bool(counts["running"]) == (pace != "instant")


def test_a_company_depends_on_nothing_but_chance_plan_and_limits(large: Sandbox) -> None:
    plan = mock_data.scenario("large")["generate"]
    written = company.found(large.world.chance, plan, large.limits)
    assert [one["name"] for one in written["workflows"]] == [one.name for one in large.store.workflows]
