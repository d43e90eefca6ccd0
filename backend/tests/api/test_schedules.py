"""Schedules: executions that begin when their time has come, however time comes there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.sandbox import Sandbox, Sandboxes
from app.services import schedules, snapshots, waiting, workflows
from tests.editor import Editor, node

Json = Any

NINE = "2026-01-01T09:00:00.000Z"
QUICK = node("work", "delay", config={"seconds": 5})
SLOW = node("work", "delay", config={"seconds": 150})


@pytest.fixture
def workflow(editor: Editor) -> Json:
    """A workflow that takes five seconds."""
    return editor.save(node("every", "schedule_trigger"), QUICK)


def schedule(editor: Editor, workflow: Json, **rule: Json) -> Json:
    return editor.post(f"/api/workflows/{workflow['id']}/schedules", rule)


def shown(editor: Editor, made: Json) -> Json:
    return editor.get(f"/api/workflows/{made['workflow_id']}/schedules/{made['id']}")


def go_on(editor: Editor, seconds: float) -> Json:
    return editor.post("/_control/clock/advance", {"seconds": seconds})


def executions(editor: Editor, **filters: str) -> list[Json]:
    asked = "&".join(f"{name}={value}" for name, value in filters.items())
    return editor.get(f"/api/executions?per_page=500&sort=created_at&{asked}")["items"]


def moments(found: list[Json], name: str = "created_at") -> list[str]:
    return [one[name] and one[name][11:19] for one in found]


def test_a_jump_over_a_day_fires_all_that_was_due_each_at_its_own_time(editor: Editor, workflow: Json) -> None:
    made = schedule(editor, workflow, cron="0 * * * *", input={"from": "clock"}, name="Hourly")
    assert (made["mode"], made["next_at"], made["timezone"]) == ("cron", "2026-01-01T10:00:00.000Z", "UTC")
    go_on(editor, 86_400)
    found = executions(editor)
    assert moments(found) == [f"{(10 + hour) % 24:02}:00:00" for hour in range(24)]
    assert {(one["status"], one["mode"]) for one in found[:-1]} == {("completed", "schedule")}
    assert all(one["finished_at"][14:19] == "00:05" for one in found[:-1])
    whole = editor.get(f"/api/executions/{found[3]['id']}")
    assert whole["input"] == {"from": "clock"}
    assert whole["status_history"][0]["at"] == "2026-01-01T13:00:00.000Z"
    after = shown(editor, made)
    assert (after["fired"], after["missed"], after["last_error"]) == (24, 0, None)
    assert (after["last_at"], after["next_at"]) == ("2026-01-02T09:00:00.000Z", "2026-01-02T10:00:00.000Z")
    assert after["last_execution_id"] == found[-1]["id"]


def test_one_jump_tells_the_same_as_many(app: Flask, sandboxes: Sandboxes) -> None:
    told = []
    for name, steps in (("one", [7200]), ("many", [60] * 120)):
        client = app.test_client()
        client.environ_base["HTTP_X_SANDBOX"] = name
        editor = Editor(client, sandboxes.get(name))
        workflow = editor.save(node("every", "schedule_trigger"), SLOW)
        for rule in ({"cron": "*/7 * * * *"}, {"interval_seconds": 90}, {"cron": "@hourly", "node_id": "every"}):
            schedule(editor, workflow, **rule)
        for seconds in steps:
            go_on(editor, seconds)
        told.append((client.get("/api/events?limit=10000").data, client.get("/api/schedules").data))
    assert told[0] == told[1]


def test_an_interval_counts_from_when_it_was_made(editor: Editor, workflow: Json) -> None:
    go_on(editor, 7)
    made = schedule(editor, workflow, interval_seconds=60)
    go_on(editor, 200)
    assert moments(executions(editor)) == ["09:01:07", "09:02:07", "09:03:07"]
    assert shown(editor, made)["next_at"] == "2026-01-01T09:04:07.000Z"


def test_a_cron_expression_is_read_in_its_time_zone(editor: Editor, workflow: Json) -> None:
    editor.client.post("/_control/reset", json={"now": "2026-03-28T00:00:00Z", "pace": "stopped", "scenario": "empty"})
    workflow = editor.save(QUICK)
    schedule(editor, workflow, cron="30 2 * * *", timezone="Europe/Berlin")
    go_on(editor, 3 * 86_400)
    # On the 29th, the hour from two to three is left out there.
    found = [one["created_at"] for one in executions(editor)]
    assert found == ["2026-03-28T01:30:00.000Z", "2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z"]


def test_an_execution_begins_at_the_node_that_is_named(editor: Editor) -> None:
    ways = [node("hand", "manual_trigger"), node("every", "schedule_trigger"), QUICK]
    workflow = editor.save(*ways, lines=["every-work"])
    schedule(editor, workflow, interval_seconds=10, node_id="every")
    go_on(editor, 10)
    (found,) = executions(editor)
    whole = editor.get(f"/api/executions/{found['id']}")
    assert ([run["node_id"] for run in whole["nodes"]], whole["start_node"]) == (["every", "work"], "every")


@pytest.mark.parametrize(
    ("wrong", "pointers"),
    [
        ({"cron": "61 * * * *"}, ["/cron"]),
        ({"cron": "* * * * * *"}, ["/cron"]),
        ({"cron": "0 0 31 2 *"}, ["/cron"]),
        ({"cron": None}, ["/cron"]),
        ({"cron": "@daily", "interval_seconds": 5}, ["/interval_seconds"]),
        ({"cron": "@daily", "timezone": "Mars/Base"}, ["/timezone"]),
        ({"cron": "@daily", "timezone": "localtime"}, ["/timezone"]),
        ({"interval_seconds": 5, "timezone": "../../etc/passwd", "node_id": "lost"}, ["/timezone", "/node_id"]),
        ({"interval_seconds": 5, "node_id": "work"}, ["/node_id"]),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_place(
    editor: Editor, workflow: Json, problem_of: Callable[..., Json], wrong: Json, pointers: list[str]
) -> None:
    problem = problem_of(editor.client.post(f"/api/workflows/{workflow['id']}/schedules", json=wrong), 422)
    assert (problem["code"], [one["pointer"] for one in problem["errors"]]) == ("bad_schedule", pointers)
    made = schedule(editor, workflow, interval_seconds=60)
    refused = editor.client.patch(f"/api/workflows/{workflow['id']}/schedules/{made['id']}", json={"cron": "nothing"})
    assert problem_of(refused, 422)["code"] == "bad_schedule"
    assert shown(editor, made) == made


@pytest.mark.parametrize("wrong", [{"interval_seconds": 0}, {"interval_seconds": 1.5}, {"cron": 5}, {"more": 1}])
def test_what_is_no_rule_at_all_is_refused(
    editor: Editor, workflow: Json, problem_of: Callable[..., Json], wrong: Json
) -> None:
    response = editor.client.post(f"/api/workflows/{workflow['id']}/schedules", json=wrong)
    assert problem_of(response, 422)["code"] == "invalid_input"


def test_another_rule_and_being_enabled_again_count_anew(editor: Editor, workflow: Json) -> None:
    made = schedule(editor, workflow, interval_seconds=60)
    path = f"/api/workflows/{workflow['id']}/schedules/{made['id']}"
    go_on(editor, 50)
    change = lambda **changes: editor.client.patch(path, json=changes).get_json()  # noqa: E731
    assert change(name="Soon")["next_at"] == made["next_at"]
    assert change(interval_seconds=60, timezone="Europe/Berlin")["next_at"] == made["next_at"]
    assert change(interval_seconds=30)["next_at"] == "2026-01-01T09:01:20.000Z"
    assert change(enabled=False)["next_at"] is None
    go_on(editor, 100)
    assert executions(editor) == []
    assert change(enabled=True)["next_at"] == "2026-01-01T09:03:00.000Z"
    turned = change(cron="0 12 * * *", timezone="UTC")
    assert (turned["mode"], turned["interval_seconds"], turned["next_at"]) == ("cron", None, "2026-01-01T12:00:00.000Z")


def test_a_workflow_that_cannot_run_misses_its_turn_and_says_why(editor: Editor, workflow: Json) -> None:
    made = schedule(editor, workflow, interval_seconds=60)
    editor.client.put(f"/api/workflows/{workflow['id']}", json={"nodes": [], "connections": []})
    go_on(editor, 120)
    after = shown(editor, made)
    assert (after["missed"], after["fired"], after["last_error"]["code"]) == (2, 0, "cannot_run")
    assert "one thing stands in its way" not in after["last_error"]["message"]
    editor.client.put(f"/api/workflows/{workflow['id']}", json={"nodes": [QUICK], "connections": []})
    go_on(editor, 60)
    after = shown(editor, made)
    assert (after["missed"], after["fired"], after["last_error"]) == (2, 1, None)


@pytest.mark.parametrize(
    "trigger", [node("every", "schedule_trigger", disabled=True), node("every", "delay"), node("other", "set")]
)
def test_a_trigger_that_is_none_any_more_starts_nothing(editor: Editor, workflow: Json, trigger: Json) -> None:
    made = schedule(editor, workflow, interval_seconds=60, node_id="every")
    editor.client.put(f"/api/workflows/{workflow['id']}", json={"nodes": [trigger], "connections": []})
    go_on(editor, 60)
    after = shown(editor, made)
    assert (after["missed"], after["fired"], after["last_error"]["code"]) == (1, 0, "bad_schedule")
    assert "every" in after["last_error"]["message"]


def test_deleting_a_workflow_deletes_its_schedules_and_ends_its_queue(editor: Editor) -> None:
    workflow = editor.save(SLOW)
    made = schedule(editor, workflow, interval_seconds=60)
    go_on(editor, 200)
    assert [one["status"] for one in executions(editor)] == ["running", "pending", "pending"]
    editor.client.delete(f"/api/workflows/{workflow['id']}")
    assert editor.client.get(f"/api/workflows/{workflow['id']}/schedules/{made['id']}").status_code == 404
    assert editor.get("/api/schedules")["items"] == []
    go_on(editor, 1000)
    assert [(one["status"], one["started_at"] is None) for one in executions(editor)] == [
        ("stopped", False),
        ("stopped", True),
        ("stopped", True),
    ]


def test_executions_of_a_workflow_go_one_after_another(editor: Editor) -> None:
    workflow = editor.save(SLOW)
    schedule(editor, workflow, interval_seconds=60)
    go_on(editor, 460)
    found = executions(editor)
    assert moments(found, "started_at") == ["09:01:00", "09:03:30", "09:06:00", None, None, None, None]
    assert moments(found, "finished_at")[:3] == ["09:03:30", "09:06:00", None]
    status = editor.get(f"/api/workflows/{workflow['id']}/status")
    assert (status["id"], status["status"]) == (found[2]["id"], "running")


def test_who_waits_for_a_turn_begins_when_the_one_before_ends_however_it_ends(editor: Editor) -> None:
    workflow = editor.save(SLOW)
    schedule(editor, workflow, interval_seconds=60)
    go_on(editor, 200)
    first, second, third = (one["id"] for one in executions(editor))
    editor.post(f"/api/executions/{first}/pause")
    go_on(editor, 500)
    assert editor.get(f"/api/executions/{second}")["status"] == "pending"
    editor.post(f"/api/executions/{third}/stop")
    editor.post(f"/api/executions/{first}/stop")
    begun = editor.get(f"/api/executions/{second}")
    assert (begun["status"], begun["started_at"][11:19]) == ("running", "09:11:40")
    assert editor.get(f"/api/executions/{third}")["started_at"] is None


def test_a_start_by_hand_is_refused_while_anything_of_the_workflow_is_under_way(
    editor: Editor, problem_of: Callable[..., Json]
) -> None:
    workflow = editor.save(SLOW)
    made = schedule(editor, workflow, interval_seconds=60)
    go_on(editor, 130)
    running, queued = executions(editor)
    refused = problem_of(editor.client.post(f"/api/workflows/{workflow['id']}/execute"), 409)
    assert (refused["code"], refused["execution_id"]) == ("already_running", running["id"])
    early = problem_of(editor.client.post(f"/api/executions/{queued['id']}/release"), 409)
    assert (early["code"], early["allowed"], early["current_status"]) == ("wrong_status", ["stop"], "pending")
    for method, command in (("POST", "/pause"), ("POST", "/resume"), ("DELETE", "")):
        told = problem_of(editor.client.open(f"/api/executions/{queued['id']}{command}", method=method), 409)
        assert (told["code"], told["allowed"]) == ("wrong_status", ["stop"])
    editor.client.delete(f"/api/workflows/{workflow['id']}/schedules/{made['id']}")
    editor.post(f"/api/executions/{running['id']}/stop")
    assert editor.client.post(f"/api/workflows/{workflow['id']}/execute").status_code == 409
    editor.post(f"/api/executions/{queued['id']}/stop")
    assert editor.execute(workflow)["status"] == "running"


def test_what_is_held_is_no_part_of_the_queue(editor: Editor) -> None:
    workflow = editor.save(QUICK)
    held = editor.execute(workflow, hold=True)
    schedule(editor, workflow, interval_seconds=60)
    go_on(editor, 300)
    assert {one["status"] for one in executions(editor)} == {"pending"}
    editor.post(f"/api/executions/{held['id']}/release")
    go_on(editor, 1)
    assert [one["status"] for one in executions(editor)] == ["running"] + ["pending"] * 5


def test_what_one_schedule_waits_for_holds_up_no_other_workflow(editor: Editor) -> None:
    asking, other = editor.save(node("ask", "approval")), editor.save(QUICK)
    for workflow in (asking, other):
        schedule(editor, workflow, interval_seconds=60)
    go_on(editor, 190)
    assert [one["status"] for one in executions(editor, workflow_id=asking["id"])] == ["waiting", "pending", "pending"]
    assert {one["status"] for one in executions(editor, workflow_id=other["id"])} == {"completed"}


def test_schedules_of_all_workflows_are_listed_the_next_one_first(editor: Editor) -> None:
    one, other = editor.save(QUICK), editor.save(QUICK)
    late = schedule(editor, one, interval_seconds=500, name="Late")
    soon = schedule(editor, other, interval_seconds=5, name="Soon")
    never = schedule(editor, other, interval_seconds=5, name="Never", enabled=False)
    assert [made["id"] for made in editor.get("/api/schedules")["items"]] == [soon["id"], late["id"], never["id"]]
    assert [made["id"] for made in editor.get("/api/schedules?q=so")["items"]] == [soon["id"]]
    assert [made["id"] for made in editor.get(f"/api/schedules?workflow_id={one['id']}")["items"]] == [late["id"]]
    assert [made["id"] for made in editor.get(f"/api/workflows/{other['id']}/schedules")["items"]] == [
        soon["id"],
        never["id"],
    ]
    assert editor.client.get(f"/api/workflows/{one['id']}/schedules/{soon['id']}").status_code == 404


def test_an_advance_can_wait_for_what_a_schedule_starts(editor: Editor, workflow: Json) -> None:
    schedule(editor, workflow, cron="0 12 * * *")
    told = editor.post("/_control/clock/advance", {"until": {"event": "execution.completed"}})
    assert (told["reached"], told["now"][:19]) == (True, "2026-01-01T12:00:05")
    told = editor.post("/_control/clock/advance", {"events": 1})
    assert (told["events"][0]["type"], told["now"]) == ("execution.created", "2026-01-02T12:00:00.000Z")


def test_an_advance_by_events_ends_where_schedules_bring_none(editor: Editor) -> None:
    schedule(editor, editor.save(), interval_seconds=1)
    told = editor.post("/_control/clock/advance", {"events": 1})
    assert (told["reached"], told["event_count"]) == (False, 0)
    told = editor.post("/_control/clock/advance", {"until": {"event": "node.started"}, "limit_seconds": 10**9})
    assert (told["reached"], told["event_count"]) == (False, 0)


class TestBounds:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        few = replace(settings.limits, max_fired=3, max_queued=2, max_schedules=2)
        return replace(settings, limits=few)

    def test_schedules_that_were_due_so_often_stop_and_say_so(self, editor: Editor, workflow: Json) -> None:
        hourly, often = schedule(editor, workflow, cron="@hourly"), schedule(editor, workflow, interval_seconds=1500)
        go_on(editor, 86_400)
        assert moments(executions(editor)) == ["09:25:00", "09:50:00", "10:00:00"]
        after = [shown(editor, made) for made in (hourly, often)]
        assert [(one["fired"], one["missed"], one["next_at"]) for one in after] == [(1, 0, None), (2, 0, None)]
        assert {one["last_error"]["code"] for one in after} == {"limit_reached"}
        go_on(editor, 86_400)
        assert len(executions(editor)) == 3

    @pytest.mark.parametrize("touch", ["make", "change"])
    def test_all_that_stopped_go_on_when_one_is_made_or_changed(
        self, editor: Editor, workflow: Json, touch: str
    ) -> None:
        made = schedule(editor, workflow, interval_seconds=60)
        path = f"/api/workflows/{workflow['id']}/schedules"
        other = schedule(editor, workflow, interval_seconds=7000)
        off = {"enabled": False}
        editor.client.patch(f"{path}/{other['id']}", json=off)
        go_on(editor, 3600)
        if touch == "make":
            editor.client.delete(f"{path}/{other['id']}")
            schedule(editor, workflow, cron="@yearly")
        else:
            editor.client.patch(f"{path}/{other['id']}", json=off)
        assert shown(editor, made)["next_at"] == "2026-01-01T10:01:00.000Z"
        go_on(editor, 3600)
        assert moments(executions(editor)) == [f"{hour}:0{minute}:00" for hour in ("09", "10") for minute in (1, 2, 3)]

    def test_what_cannot_run_counts_too(self, editor: Editor) -> None:
        made = schedule(editor, editor.save(), interval_seconds=1)
        editor.post("/_control/clock/advance", {"to": "9998-12-31T23:59:59Z"})
        after = shown(editor, made)
        assert (after["fired"], after["missed"], after["next_at"]) == (0, 3, None)
        assert editor.get("/_control/clock")["now"][:4] == "9998"

    def test_a_snapshot_knows_how_often_they_were_due(self, editor: Editor, workflow: Json) -> None:
        schedule(editor, workflow, interval_seconds=60)
        go_on(editor, 120)
        editor.post("/_control/snapshots", {"name": "two"})
        editor.post("/_control/snapshots/two/restore")
        go_on(editor, 3600)
        assert len(executions(editor)) == 3

    def test_a_queue_that_is_full_misses_what_comes(self, editor: Editor) -> None:
        workflow = editor.save(node("ask", "approval"))
        made = schedule(editor, workflow, interval_seconds=60)
        go_on(editor, 180)
        editor.client.patch(f"/api/workflows/{workflow['id']}/schedules/{made['id']}", json={"name": "On"})
        go_on(editor, 120)
        assert [one["status"] for one in executions(editor)] == ["waiting", "pending", "pending"]
        after = shown(editor, made)
        assert (after["fired"], after["missed"], after["last_error"]["code"]) == (3, 2, "queue_full")

    def test_there_are_only_so_many(self, editor: Editor, workflow: Json, problem_of: Callable[..., Json]) -> None:
        for _ in range(2):
            schedule(editor, workflow, interval_seconds=60)
        response = editor.client.post(f"/api/workflows/{workflow['id']}/schedules", json={"interval_seconds": 60})
        problem = problem_of(response, 422)
        assert (problem["code"], problem["limit"], problem["setting"]) == ("too_many_schedules", 2, "max_schedules")


class TestInstant:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, pace="instant")

    def test_schedules_pull_nobody(self, editor: Editor) -> None:
        often, workflow = editor.save(node("work", "delay", config={"seconds": 3})), editor.save(QUICK)
        schedule(editor, often, interval_seconds=1)
        assert executions(editor) == []
        assert editor.execute(workflow)["status"] == "completed"
        # Time went on for five seconds, and in them the schedule was due: what it started is where it is then.
        found = executions(editor, mode="schedule")
        assert moments(found) == [f"09:00:0{second}" for second in range(1, 6)]
        assert [one["status"] for one in found] == ["completed", "running", "pending", "pending", "pending"]

    def test_an_advance_settles_what_has_begun(self, editor: Editor, workflow: Json) -> None:
        schedule(editor, workflow, cron="@hourly")
        go_on(editor, 3 * 3600)
        assert [one["status"] for one in executions(editor)] == ["completed"] * 3


class TestAuto:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, pace="auto")

    def test_nobody_who_waits_jumps_to_a_schedule(self, editor: Editor, sandbox: Sandbox, workflow: Json) -> None:
        schedule(editor, workflow, cron="@hourly")
        waiting.watch_workflow(sandbox, workflow["id"]).wait(0.05)
        assert editor.get("/_control/clock")["now"] == NINE

    def test_nor_to_what_a_schedule_has_started(self, editor: Editor, sandbox: Sandbox, workflow: Json) -> None:
        schedule(editor, workflow, interval_seconds=60)
        asking = editor.save(node("work", "delay", config={"seconds": 65}), node("ask", "approval"))
        execution = editor.execute(asking)
        watch = waiting.watch_execution(sandbox, execution["id"])
        watch.wait(5, ("waiting",))
        asked_at = editor.get("/_control/clock")["now"]
        watch.wait(0.05, ("completed",))
        assert asked_at == editor.get("/_control/clock")["now"] < "2026-01-01T09:01:06"
        assert [one["status"] for one in executions(editor, mode="schedule")] == ["running"]


class TestReal:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, pace="fast", rate=1000.0)

    def test_a_sandbox_left_alone_has_started_what_a_polled_one_has(self, settings: Settings) -> None:
        few = replace(settings, limits=replace(settings.limits, max_fired=5))
        alone, polled = (Sandboxes(few, SimulatedEngine, fire=schedules.fire).fresh(name) for name in ("a", "b"))
        for sandbox in (alone, polled):
            workflow = workflows.create(sandbox, {"nodes": [QUICK]})
            schedules.create(sandbox, workflow.id, {"interval_seconds": 10})
        begin = polled.now()
        while polled.now() < begin + 150 * 10**6:
            schedules.list_of(polled, next(iter(polled.store.workflows)).id)
        while alone.now() < begin + 150 * 10**6:
            alone.wait(0.1, alone.changes)
        told = [schedules.list_of(sandbox, next(iter(sandbox.store.workflows)).id) for sandbox in (alone, polled)]
        assert [(one["fired"], one["missed"]) for (one,) in told] == [(5, 0), (5, 0)]

    def test_whoever_waits_is_woken_when_one_is_due(self, editor: Editor, sandbox: Sandbox, workflow: Json) -> None:
        schedule(editor, workflow, interval_seconds=60)
        waiting.watch_workflow(sandbox, workflow["id"]).wait(30, ["completed"])
        assert editor.get(f"/api/workflows/{workflow['id']}/status")["status"] == "completed"


def test_a_snapshot_keeps_schedules_and_queue_going(editor: Editor, client: FlaskClient, sandbox: Sandbox) -> None:
    workflow = editor.save(SLOW)
    made = schedule(editor, workflow, interval_seconds=60, name="Often", input=[1])
    go_on(editor, 200)
    snapshots.take(sandbox, "middle")
    told = []
    for _ in range(2):
        go_on(editor, 1000)
        told.append((executions(editor), shown(editor, made), client.get("/api/events?limit=10000").data))
        editor.post("/_control/snapshots/middle/restore")
    assert told[0] == told[1]
    assert shown(editor, made)["fired"] == 3


@pytest.mark.parametrize(
    "spoil",
    [
        {"workflow_id": "wf_lost"},
        {"cron": "@daily"},
        {"interval_seconds": None},
        {"interval_seconds": 0},
        {"cron": "nothing", "interval_seconds": None},
        {"timezone": "Mars/Base"},
        {"enabled": False},
        {"number": 9},
        {"last_error": {"code": "x"}},
    ],
)
def test_a_snapshot_with_a_schedule_that_cannot_be_is_refused(
    editor: Editor, workflow: Json, problem_of: Callable[..., Json], spoil: Json
) -> None:
    schedule(editor, workflow, interval_seconds=60)
    editor.post("/_control/snapshots", {"name": "good"})
    document = editor.get("/_control/snapshots/good")
    document["schedules"][0] |= spoil
    problem = problem_of(editor.client.put("/_control/snapshots/bad", json=document), 422)
    assert (problem["code"], problem["errors"][0]["pointer"][:12]) == ("broken_snapshot", "/schedules/0")


def test_at_one_moment_what_ends_comes_before_what_begins_and_older_schedules_before_younger(editor: Editor) -> None:
    workflow = editor.save(node("work", mock={"duration_ms": 60_000}))
    older, younger = (schedule(editor, workflow, interval_seconds=seconds) for seconds in (60, 120))
    go_on(editor, 120)
    told = [(event["at"][11:19], event["type"]) for event in editor.get("/api/events")["items"]]
    assert [one for one in told if one[1].startswith("execution.")] == [
        ("09:01:00", "execution.created"),
        ("09:01:00", "execution.started"),
        ("09:02:00", "execution.completed"),
        ("09:02:00", "execution.created"),
        ("09:02:00", "execution.started"),
        ("09:02:00", "execution.created"),
    ]
    assert [shown(editor, made)["last_execution_id"] for made in (older, younger)] == [
        one["id"] for one in executions(editor)[1:]
    ]
