"""What a new sandbox is filled with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import orjson
import pytest

from app import mock_data
from app.config import PACES, SCENARIOS, Settings
from app.engine.simulated import SimulatedEngine
from app.media.describe import describe
from app.models.execution import EXECUTION_TRANSITIONS
from app.sandbox import Sandbox, Sandboxes
from app.services import events, executions, workflows
from app.services.paging import Listing
from app.services.scenarios import fill, list_scenarios

Json = Any


def make_sandbox(scenario: str = "demo", *, seed: int = 1, pace: str = "stopped") -> Sandbox:
    return Sandboxes(Settings(pace=pace, scenario=scenario, seed=seed), SimulatedEngine, fill).get()


def everything(sandbox: Sandbox) -> bytes:
    """All that a sandbox holds, as bytes."""
    store = sandbox.store
    shown = [
        *(one.as_dict() for one in store.templates),
        *(workflows.get(sandbox, one.id).body.decode() for one in store.workflows),
        *(one.as_dict(iterations=True) for one in store.executions),
        *(one.as_dict() for one in store.files),
        *(events.execution_events(sandbox, one.id, limit=10_000) for one in store.executions),
    ]
    return orjson.dumps(shown)


def by_name(sandbox: Sandbox, name: str) -> dict[str, Json]:
    workflow = next(one for one in sandbox.store.workflows if one.name == name)
    return orjson.loads(workflows.get(sandbox, workflow.id).body)


def test_the_demo_has_executions_of_every_status() -> None:
    found = executions.list_executions(make_sandbox(), Listing(per_page=500))
    assert {one["status"] for one in found.items} == set(EXECUTION_TRANSITIONS)


def test_the_demo_has_workflows_with_and_without_a_past() -> None:
    sandbox = make_sandbox()
    statuses = [orjson.loads(workflows.get(sandbox, one.id).body)["status"] for one in sandbox.store.workflows]
    assert len(statuses) >= 8
    assert {"idle", "running", "waiting", "paused", "pending", "completed", "failed"} <= set(statuses)


def test_the_demo_has_files_of_several_kinds_and_knows_what_they_are() -> None:
    files = make_sandbox().store.files
    assert {file.kind for file in files} >= {"image", "pdf", "audio", "text"}
    for file in files:
        found = asdict(describe(file.content, file.name))
        assert {name: getattr(file, name) for name in found} == found


def test_all_of_the_past_lies_before_the_start_and_in_order() -> None:
    sandbox = make_sandbox()
    log = [event.at for event in sandbox.store.log.after(0)]
    assert log == sorted(log)
    assert log[-1] <= sandbox.now()
    assert log[0] < sandbox.now() - 3 * 86_400_000_000
    assert all(one.created_at < sandbox.now() for one in sandbox.store.workflows)
    for execution in sandbox.store.executions:
        workflow = sandbox.store.workflows.get(execution.workflow_id)
        assert workflow.created_at < execution.created_at


def test_two_sandboxes_with_one_seed_are_byte_for_byte_the_same() -> None:
    assert everything(make_sandbox()) == everything(make_sandbox())


def test_another_seed_gives_another_past() -> None:
    one, other = make_sandbox(seed=1), make_sandbox(seed=2)
    assert {run.id for run in one.store.executions}.isdisjoint(run.id for run in other.store.executions)


@pytest.mark.parametrize("seed", range(1, 31))
def test_every_seed_tells_the_same_story(seed: int) -> None:
    told = [(run.workflow_name, run.status) for run in make_sandbox(seed=seed).store.executions]
    assert told == [(run.workflow_name, run.status) for run in make_sandbox(seed=1).store.executions]


def test_what_is_under_way_at_the_start_goes_on() -> None:
    sandbox = make_sandbox()
    running = next(one for one in sandbox.store.executions if one.status == "running")
    before = len(running.events)
    sandbox.world.clock.jump_to(sandbox.now() + 3_600_000_000)
    with sandbox.view():
        assert running.status == "running"
        assert len(running.events) > before


def test_a_paused_execution_of_the_demo_can_be_resumed_and_ends() -> None:
    sandbox = make_sandbox()
    paused = next(one for one in sandbox.store.executions if one.status == "paused")
    executions.command(sandbox, paused.id, "resume")
    sandbox.world.clock.jump_to(sandbox.now() + 60_000_000)
    assert executions.get(sandbox, paused.id)["status"] == "completed"


def test_one_workflow_calls_another_and_failed_as_that_one_did() -> None:
    sandbox = make_sandbox()
    caller, called = by_name(sandbox, "Import customers"), by_name(sandbox, "Normalize a customer")
    child = executions.get(sandbox, sandbox.store.executions_of(called["id"])[-1].id)
    parent = executions.get(sandbox, caller["last_execution"]["id"])
    assert parent["status"] == child["status"] == "failed"
    assert child["error"]["message"] in parent["error"]["message"]


def test_only_the_draft_has_issues() -> None:
    sandbox = make_sandbox()
    with_errors = [one.name for one in sandbox.store.workflows if not workflows.validate(sandbox, one.id)["valid"]]
    assert with_errors == ["Churn prediction (draft)"]
    draft = by_name(sandbox, with_errors[0])
    codes = {issue["code"] for issue in workflows.validate(sandbox, draft["id"])["issues"]}
    assert {"unknown_node_type", "dangling_connection", "config_invalid"} <= codes


def test_an_empty_sandbox_is_bare() -> None:
    store = make_sandbox("empty").store
    assert (len(store.workflows), len(store.templates), len(store.executions), len(store.files)) == (0, 0, 0, 0)


def test_the_demo_has_every_template() -> None:
    assert len(make_sandbox("demo").store.templates) == len(mock_data.templates())


def count_failed(sandbox: Sandbox) -> int:
    return sum(execution.status == "failed" for execution in sandbox.store.executions)


@pytest.mark.parametrize("seed", range(1, 6))
def test_in_the_failing_scenario_more_of_the_same_past_went_wrong(seed: int) -> None:
    calm, failing = make_sandbox("demo", seed=seed), make_sandbox("failing", seed=seed)
    assert count_failed(failing) >= 3 * count_failed(calm)
    assert count_failed(failing) <= 0.8 * len(failing.store.executions)


def test_in_the_failing_scenario_every_third_to_second_execution_fails() -> None:
    sandbox = make_sandbox("failing", pace="instant")
    names = ("Hall 2 climate", "Daily sales report", "Order intake", "Import customers", "Photo archive migration")
    chosen = [workflow.id for workflow in sandbox.store.workflows if workflow.name in names]
    ended = [executions.execute(sandbox, key, {})["status"] for key in chosen * 30]
    assert 1 / 3 <= ended.count("failed") / len(ended) <= 1 / 2


def test_the_failing_scenario_fails_the_same_way_again() -> None:
    assert everything(make_sandbox("failing")) == everything(make_sandbox("failing"))


def test_only_the_failing_scenario_fails_by_chance() -> None:
    assert [name for name in SCENARIOS if make_sandbox(name).engine.failures] == ["failing"]


def test_at_pace_instant_nothing_is_left_running() -> None:
    sandbox = make_sandbox(pace="instant")
    assert "running" not in {one.status for one in sandbox.store.executions}


@pytest.mark.parametrize("status", EXECUTION_TRANSITIONS)
def test_in_mid_flight_a_workflow_named_for_each_status_has_an_execution_in_it(status: str) -> None:
    sandbox = make_sandbox("mid-flight")
    found = executions.list_executions(sandbox, Listing(filters={"status": [status]})).items
    assert found
    assert all(one["workflow_name"].startswith(f"{status.capitalize()}: ") for one in found)


def test_in_mid_flight_what_runs_still_runs_a_day_later() -> None:
    sandbox = make_sandbox("mid-flight")
    before = [one.id for one in sandbox.store.executions if one.status == "running"]
    sandbox.world.clock.jump_to(sandbox.now() + 86_400_000_000)
    with sandbox.view():
        assert [one.id for one in sandbox.store.executions if one.status == "running"] == before


def mid_flight(part_of_name: str) -> dict[str, Json]:
    sandbox = make_sandbox("mid-flight")
    execution = next(one for one in sandbox.store.executions if part_of_name in one.workflow_name)
    return executions.get(sandbox, execution.id)


def test_in_mid_flight_a_node_retries() -> None:
    call = next(run for run in mid_flight("retries")["nodes"] if run["node_id"] == "call")
    assert (call["status"], call["attempt"], call["error"]["code"]) == ("retrying", 3, "connection_refused")


def test_in_mid_flight_a_person_has_several_options() -> None:
    (asked,) = mid_flight("approval")["waiting_for"]
    assert len(asked["options"]) > 2


def test_in_mid_flight_a_long_one_is_half_done() -> None:
    assert mid_flight("half done")["progress"]["percent"] == 50


def test_in_mid_flight_a_loop_is_in_the_middle_of_its_iterations() -> None:
    nodes = {run["node_id"]: run for run in mid_flight("loop")["nodes"]}
    assert (nodes["each"]["status"], nodes["each"]["progress"], nodes["count"]["iteration"]) == ("running", 50, 12)


def test_in_mid_flight_one_workflow_waits_for_another() -> None:
    caller, called = mid_flight("sub-workflow under way"), mid_flight("called by another")
    assert called["parent"] == {"execution_id": caller["id"], "node_id": "credit"}
    assert (caller["status"], called["status"]) == ("running", "running")


def test_two_sandboxes_in_mid_flight_are_byte_for_byte_the_same() -> None:
    assert everything(make_sandbox("mid-flight")) == everything(make_sandbox("mid-flight"))


@pytest.mark.parametrize("pace", PACES)
@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if name != "large"])
def test_every_scenario_comes_to_life_at_every_pace(scenario: str, pace: str) -> None:
    assert (len(make_sandbox(scenario, pace=pace).store.workflows) > 0) == (scenario != "empty")


def test_all_graphs_in_mid_flight_are_valid() -> None:
    sandbox = make_sandbox("mid-flight")
    assert [one.name for one in sandbox.store.workflows if workflows.validate(sandbox, one.id)["issues"]] == []


def test_the_list_of_scenarios_describes_each() -> None:
    listed = list_scenarios(Settings())
    assert [one["name"] for one in listed] == list(SCENARIOS)
    assert all(one["description"] for one in listed)
