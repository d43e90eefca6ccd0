"""The clock of a sandbox over HTTP: frozen, jumped, stepped, run until something happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.sandbox import Sandbox
from tests.editor import Editor, node

Json = Any

START = "2026-01-01T09:00:00.000Z"


def delays(*seconds: float) -> list[Json]:
    """Nodes that each last so long."""
    return [node(f"n{place}", "delay", config={"seconds": wanted}) for place, wanted in enumerate(seconds)]


@pytest.fixture
def advance(editor: Editor) -> Callable[..., Json]:
    """Let time go on: ``advance(seconds=5)``."""
    return lambda **how: editor.post("/_control/clock/advance", how)


@pytest.fixture
def running(editor: Editor) -> Json:
    """An execution of three nodes, of 10, 20 and 30 seconds."""
    return editor.execute(editor.save(*delays(10, 20, 30)))


def kinds(answer: Json) -> list[str]:
    """The types of the events that an advance told."""
    return [event["type"] for event in answer["events"]]


def test_the_clock_says_how_time_goes_by(editor: Editor) -> None:
    assert editor.get("/_control/clock") == {"pace": "stopped", "rate": 0, "now": START}


class TestSet:
    """PUT /_control/clock."""

    def test_a_pace_is_chosen(self, editor: Editor) -> None:
        for pace, rate in (("real", 1), ("stopped", 0), ("instant", 0), ("auto", 0)):
            clock = editor.client.put("/_control/clock", json={"pace": pace}).get_json()
            assert (clock["pace"], clock["rate"]) == (pace, rate)

    def test_fast_has_the_rate_of_the_server_or_one_of_its_own(self, editor: Editor) -> None:
        assert editor.client.put("/_control/clock", json={"pace": "fast"}).get_json()["rate"] == 10
        assert editor.client.put("/_control/clock", json={"pace": "fast", "rate": 2.5}).get_json()["rate"] == 2.5

    @pytest.mark.parametrize(("rate", "pace"), [(0, "stopped"), (1, "real"), (60, "fast")])
    def test_a_rate_alone_says_the_pace(self, editor: Editor, rate: float, pace: str) -> None:
        assert editor.client.put("/_control/clock", json={"rate": rate}).get_json()["pace"] == pace

    def test_what_was_read_can_be_put_back(self, editor: Editor) -> None:
        for pace in ("instant", "auto", "stopped"):
            clock = editor.client.put("/_control/clock", json={"pace": pace}).get_json()
            assert editor.client.put("/_control/clock", json=clock).get_json() == clock

    @pytest.mark.parametrize("pace", ["real", "stopped", "instant", "auto"])
    def test_what_was_read_can_be_put_back_with_another_pace(self, editor: Editor, pace: str) -> None:
        for before in ({"pace": "real"}, {"pace": "stopped"}, {"pace": "fast", "rate": 30}):
            clock = editor.client.put("/_control/clock", json=before).get_json()
            answer = editor.client.put("/_control/clock", json={"rate": clock["rate"], "pace": pace})
            assert (answer.status_code, answer.get_json()["pace"]) == (200, pace)

    def test_now_moves_time_and_everything_due_happens(self, editor: Editor, running: Json) -> None:
        editor.client.put("/_control/clock", json={"now": "2026-01-01T09:00:15Z"})
        nodes = editor.get(f"/api/executions/{running['id']}")["nodes"]
        assert [one["status"] for one in nodes] == ["completed", "running", "idle"]
        assert nodes[0]["finished_at"] == "2026-01-01T09:00:10.000Z"

    def test_now_may_be_milliseconds_as_javascript_has_them(self, editor: Editor) -> None:
        clock = editor.client.put("/_control/clock", json={"now": 1767258005000}).get_json()
        assert clock["now"] == "2026-01-01T09:00:05.000Z"

    def test_pace_instant_lets_what_is_under_way_end(self, editor: Editor, running: Json) -> None:
        editor.client.put("/_control/clock", json={"pace": "instant"})
        assert editor.get(f"/api/executions/{running['id']}")["status"] == "completed"

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"now": "2026-01-01T08:59:59Z"}, "clock_backwards"),
            ({"pace": "real", "rate": 5}, "bad_rate"),
            ({"pace": "stopped", "rate": 5}, "bad_rate"),
            ({"pace": "fast", "rate": 0}, "bad_rate"),
            ({"pace": "slow"}, "invalid_input"),
            ({"rate": -1}, "invalid_input"),
            ({"rate": 1_000_001}, "invalid_input"),
            ({"pace": "fast", "rate": 1e308}, "invalid_input"),
            ({"now": "noon"}, "invalid_input"),
            ({"now": True}, "invalid_input"),
            ({"now": "9999-06-01T00:00:00Z"}, "invalid_input"),
            ({"speed": 3}, "invalid_input"),
        ],
    )
    def test_what_does_not_fit_changes_nothing(
        self, editor: Editor, problem_of: Callable[..., Json], body: Json, code: str
    ) -> None:
        assert problem_of(editor.client.put("/_control/clock", json=body), 422)["code"] == code
        assert editor.get("/_control/clock") == {"pace": "stopped", "rate": 0, "now": START}


class TestBySeconds:
    """``{seconds}`` and ``{to}``."""

    def test_everything_due_happens_at_its_own_time_and_is_told(
        self, editor: Editor, running: Json, advance: Callable[..., Json]
    ) -> None:
        answer = advance(seconds=3600)
        assert answer["now"] == "2026-01-01T10:00:00.000Z"
        assert answer["reached"] is True
        assert answer["events"][-1]["type"] == "execution.completed"
        assert answer["events"][-1]["at"] == "2026-01-01T09:01:00.000Z"
        assert answer["event_count"] == len(answer["events"])
        log = editor.get(f"/api/executions/{running['id']}/events")["items"]
        started = next(place for place, event in enumerate(log) if event["type"] == "node.started")
        assert answer["events"] == log[started + 1 :]

    def test_time_goes_on_to_a_moment(self, advance: Callable[..., Json]) -> None:
        assert advance(to="2026-02-01T00:00:00Z")["now"] == "2026-02-01T00:00:00.000Z"

    def test_nothing_happens_in_no_time(self, running: Json, advance: Callable[..., Json]) -> None:
        assert advance(seconds=0) == {"now": START, "reached": True, "event_count": 0, "events": []}

    def test_parts_of_a_second_count(self, advance: Callable[..., Json]) -> None:
        assert advance(seconds=0.25)["now"] == "2026-01-01T09:00:00.250Z"

    def test_many_short_ways_are_one_long_one(self, editor: Editor, running: Json, sandbox: Sandbox) -> None:
        told: list[Json] = []
        for _ in range(70):
            told += editor.post("/_control/clock/advance", {"seconds": 1})["events"]
        log = editor.get(f"/api/executions/{running['id']}/events")["items"]
        assert told == log[-len(told) :]
        assert editor.get(f"/api/executions/{running['id']}")["finished_at"] == "2026-01-01T09:01:00.000Z"

    def test_it_works_on_a_running_clock_too(self, editor: Editor, running: Json) -> None:
        editor.client.put("/_control/clock", json={"pace": "real"})
        answer = editor.post("/_control/clock/advance", {"seconds": 3600})
        assert answer["events"][-1]["type"] == "execution.completed"

    @pytest.mark.parametrize("seconds", [0, 0.001, 1])
    def test_a_clock_that_runs_fast_is_no_reason_to_refuse(self, editor: Editor, seconds: float) -> None:
        editor.client.put("/_control/clock", json={"pace": "fast", "rate": 1_000_000})
        for _ in range(20):
            assert editor.post("/_control/clock/advance", {"seconds": seconds})["reached"]


class TestUntil:
    """``{until}``."""

    def test_an_event_type_is_waited_for(self, running: Json, advance: Callable[..., Json]) -> None:
        answer = advance(until={"event": "node.completed"})
        assert answer["reached"]
        assert answer["now"] == "2026-01-01T09:00:10.000Z"
        assert answer["events"][-1]["type"] == "node.completed"

    def test_a_node_is_waited_for(self, running: Json, advance: Callable[..., Json]) -> None:
        answer = advance(until={"execution_id": running["id"], "node_id": "n1", "status": "completed"})
        assert answer["now"] == "2026-01-01T09:00:30.000Z"
        assert answer["events"][-1]["data"]["node_id"] == "n1"

    def test_the_status_of_an_execution_is_waited_for(self, running: Json, advance: Callable[..., Json]) -> None:
        answer = advance(until={"execution_id": running["id"], "status": "completed"})
        assert answer["now"] == "2026-01-01T09:01:00.000Z"
        assert answer["events"][-1]["type"] == "execution.completed"

    def test_a_status_that_holds_is_reached_at_once(self, running: Json, advance: Callable[..., Json]) -> None:
        answer = advance(until={"execution_id": running["id"], "status": "running"})
        assert answer == {"now": START, "reached": True, "event_count": 0, "events": []}
        assert advance(until={"execution_id": running["id"], "node_id": "n0", "status": "running"})["now"] == START

    def test_it_is_reached_at_once_where_no_execution_is_named_too(
        self, running: Json, advance: Callable[..., Json]
    ) -> None:
        assert advance(until={"status": "running"})["now"] == START
        assert advance(until={"node_id": "n0", "status": "running"})["now"] == START
        assert advance(until={"node_id": "n1", "status": "idle"})["now"] == START

    def test_a_node_of_an_execution_that_is_over_has_its_status_still(
        self, running: Json, advance: Callable[..., Json]
    ) -> None:
        end = advance(seconds=3600)["now"]
        answer = advance(until={"node_id": "n0", "status": "completed"})
        assert (answer["reached"], answer["now"]) == (True, end)

    def test_executions_that_are_over_do_not_hide_the_one_to_come(
        self, editor: Editor, running: Json, advance: Callable[..., Json]
    ) -> None:
        advance(seconds=3600)
        editor.execute({"id": running["workflow_id"]})
        assert advance(until={"node_id": "n0", "status": "completed"})["now"] == "2026-01-01T10:00:10.000Z"
        assert advance(until={"status": "completed"})["now"] == "2026-01-01T10:01:00.000Z"

    def test_an_event_of_an_execution_that_is_over_need_not_be_waited_for(
        self, running: Json, advance: Callable[..., Json]
    ) -> None:
        """Else it would depend on luck at pace real, where the execution may have ended a moment before."""
        end = advance(seconds=3600)["now"]
        answer = advance(until={"execution_id": running["id"], "event": "execution.completed"})
        assert (answer["reached"], answer["now"], answer["events"]) == (True, end, [])
        assert not advance(until={"execution_id": running["id"], "event": "execution.failed"})["reached"]

    def test_an_event_that_has_happened_is_not_one_to_come(self, running: Json, advance: Callable[..., Json]) -> None:
        answer = advance(until={"event": "node.started"})
        assert answer["events"][-1]["data"]["node_id"] == "n1"

    def test_what_happened_at_the_same_moment_can_be_waited_for_next(
        self, running: Json, advance: Callable[..., Json]
    ) -> None:
        """Node n1 starts at the very moment at which n0 completes: neither is missed."""
        first = advance(until={"node_id": "n0", "event": "node.completed"})
        second = advance(until={"node_id": "n1", "event": "node.started"})
        assert second["reached"]
        assert first["now"] == second["now"]
        assert kinds(second) == ["connection.delivered", "node.started"]

    def test_the_limit_is_a_day_unless_it_is_said_otherwise(self, running: Json, advance: Callable[..., Json]) -> None:
        answer = advance(until={"event": "node.failed"}, limit_seconds=20)
        assert answer["reached"] is False
        assert answer["now"] == "2026-01-01T09:00:20.000Z"
        answer = advance(until={"event": "node.failed"})
        assert answer["reached"] is False
        assert answer["now"] == "2026-01-02T09:00:20.000Z"
        assert answer["events"][-1]["type"] == "execution.completed"

    def test_time_stands_where_the_execution_ends_otherwise(self, running: Json, advance: Callable[..., Json]) -> None:
        answer = advance(until={"execution_id": running["id"], "status": "failed"})
        assert answer["reached"] is False
        assert answer["now"] == "2026-01-01T09:01:00.000Z"
        assert answer["events"][-1]["type"] == "execution.completed"

    def test_only_the_execution_that_is_meant_counts(self, editor: Editor, advance: Callable[..., Json]) -> None:
        quick = editor.execute(editor.save(*delays(1)))
        slow = editor.execute(editor.save(*delays(5)))
        answer = advance(until={"execution_id": slow["id"], "event": "execution.completed"})
        assert answer["now"] == "2026-01-01T09:00:05.000Z"
        assert {event["execution_id"] for event in answer["events"]} == {quick["id"], slow["id"]}

    @pytest.mark.parametrize(
        ("until", "code"),
        [
            ({}, "bad_until"),
            ({"event": "node.exploded"}, "invalid_input"),
            ({"event": "workflow.changed"}, "invalid_input"),
            ({"status": "exploded"}, "bad_until"),
            ({"status": "skipped"}, "bad_until"),
            ({"event": "execution.completed", "status": "failed"}, "bad_until"),
            ({"event": "node.progress", "status": "running"}, "bad_until"),
            ({"event": "execution.completed", "node_id": "n0"}, "bad_until"),
            ({"when": 1}, "invalid_input"),
        ],
    )
    def test_what_could_never_be_is_refused(
        self, editor: Editor, problem_of: Callable[..., Json], until: Json, code: str
    ) -> None:
        response = editor.client.post("/_control/clock/advance", json={"until": until})
        assert problem_of(response, 422)["code"] == code
        assert editor.get("/_control/clock")["now"] == START

    def test_unknown_executions_and_nodes_are_refused(
        self, editor: Editor, running: Json, problem_of: Callable[..., Json]
    ) -> None:
        def refused(until: Json, status: int) -> Json:
            return problem_of(editor.client.post("/_control/clock/advance", json={"until": until}), status)

        assert refused({"execution_id": "ex_none", "status": "completed"}, 404)["code"] == "execution_not_found"
        assert refused({"execution_id": running["id"], "node_id": "none"}, 422)["code"] == "bad_until"


class TestStep:
    """``{events: n}``."""

    def test_so_many_events_are_told(self, running: Json, advance: Callable[..., Json]) -> None:
        for count in (1, 2, 3):
            answer = advance(events=count)
            assert len(answer["events"]) == count
            assert answer["reached"]

    def test_steps_miss_nothing_and_tell_nothing_twice(
        self, editor: Editor, running: Json, advance: Callable[..., Json]
    ) -> None:
        before = editor.get(f"/api/executions/{running['id']}/events")["items"]
        told: list[Json] = []
        while (answer := advance(events=1))["reached"]:
            told += answer["events"]
        assert before + told == editor.get(f"/api/executions/{running['id']}/events")["items"]

    def test_time_stands_where_nothing_is_due_any_more(self, running: Json, advance: Callable[..., Json]) -> None:
        answer = advance(events=1000)
        assert answer["reached"] is False
        assert answer["now"] == "2026-01-01T09:01:00.000Z"
        assert advance(events=1) == {**answer, "event_count": 0, "events": []}


@pytest.mark.parametrize("pace", ["stopped", "instant", "auto"])
def test_what_is_due_after_the_end_of_time_never_comes(editor: Editor, pace: str) -> None:
    """Dates end with the year 9998, and nobody waits for what lies behind."""
    editor.client.post("/_control/reset", json={"now": "9998-12-31T23:59:00Z", "pace": pace, "scenario": "empty"})
    execution = editor.execute(editor.save(*delays(3600)))
    editor.post("/_control/clock/advance", {"events": 100})
    path = f"/api/executions/{execution['id']}"
    seen = editor.get(f"{path}/events")["last_seq"]
    assert editor.get(f"{path}/events?after={seen}&wait=0.01")["items"] == []
    assert editor.get(path)["status"] == "running"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seconds": 1, "events": 1},
        {"seconds": -1},
        {"seconds": "1"},
        {"seconds": True},
        {"events": 0},
        {"events": 1.5},
        {"to": "yesterday"},
        {"seconds": 1, "limit_seconds": 5},
        {"minutes": 1},
    ],
)
def test_an_advance_that_says_no_way_or_two_is_refused(
    client: FlaskClient, problem_of: Callable[..., Json], body: Json
) -> None:
    assert problem_of(client.post("/_control/clock/advance", json=body), 422)["code"] == "invalid_input"


def test_backwards_is_refused(client: FlaskClient, problem_of: Callable[..., Json]) -> None:
    response = client.post("/_control/clock/advance", json={"to": "2026-01-01T08:00:00Z"})
    assert problem_of(response, 422)["code"] == "clock_backwards"


def test_further_than_there_are_dates_is_refused(client: FlaskClient, problem_of: Callable[..., Json]) -> None:
    for seconds in (1e15, 1e308):
        for body in ({"seconds": seconds}, {"until": {"event": "log"}, "limit_seconds": seconds}):
            response = client.post("/_control/clock/advance", json=body)
            assert problem_of(response, 422)["code"] == "clock_too_far"
