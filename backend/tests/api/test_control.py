"""The state of a sandbox, and setting it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from tests.editor import Editor, node

Json = Any


def test_the_state_tells_what_there_is(editor: Editor) -> None:
    editor.execute(editor.save(node("a")))
    state = editor.get("/_control")
    assert (state["sandbox"], state["seed"], state["scenario"]) == ("default", 7, "empty")
    assert state["clock"] == {"pace": "stopped", "rate": 0, "now": "2026-01-01T09:00:00.000Z"}
    assert state["counts"]["workflows"] == state["counts"]["executions"] == 1
    assert state["counts"]["events"] == 4
    assert state["faults"] == []
    assert state["limits"]["max_nodes"] == 10_000


class TestReset:
    """POST /_control/reset."""

    @pytest.fixture
    def client(self) -> FlaskClient:
        """A server with everything, so that scenarios are filled in."""
        return create_app(Settings(pace="stopped", scenario="empty", seed=7)).test_client()

    def reset(self, client: FlaskClient, sandbox: str = "default", **how: Json) -> Json:
        """Reset a sandbox; gives its state."""
        response = client.post(f"/s/{sandbox}/_control/reset", json=how)
        assert response.status_code == 204, response.get_data()
        assert response.get_data() == b""
        return client.get(f"/s/{sandbox}/_control").get_json()

    def test_it_needs_no_body(self, client: FlaskClient) -> None:
        client.post("/api/workflows", json={"name": "x"})
        assert client.post("/_control/reset").status_code == 204
        assert client.get("/api/workflows").get_json()["total"] == 0

    def test_everything_is_as_in_a_new_sandbox(self, client: FlaskClient) -> None:
        fresh = client.get("/s/new/_control").get_json()
        first = client.post("/api/workflows", json={"name": "x"}, headers={"Idempotency-Key": "k"}).get_json()
        client.put("/_control/clock", json={"pace": "fast", "now": "2026-05-01T00:00:00Z"})
        client.put("/_control/faults", json=[{"status": 503}])
        state = self.reset(client)
        for name in ("seed", "scenario", "clock", "counts", "faults"):
            assert state[name] == fresh[name]
        again = client.post("/api/workflows", json={"name": "x"}, headers={"Idempotency-Key": "k"})
        assert "Idempotency-Replayed" not in again.headers
        assert again.get_json() == first

    def test_another_seed_gives_other_ids(self, client: FlaskClient) -> None:
        def saved_with(seed: int) -> str:
            self.reset(client, seed=seed)
            return client.post("/api/workflows", json={"name": "x"}).get_json()["id"]

        assert saved_with(8) != saved_with(9)
        assert saved_with(8) == saved_with(8)

    def test_a_scenario_is_chosen(self, client: FlaskClient) -> None:
        state = self.reset(client, scenario="demo")
        assert state["scenario"] == "demo"
        assert state["counts"]["workflows"] > 0
        assert self.reset(client)["counts"]["workflows"] == 0

    def test_the_clock_begins_where_it_is_told(self, client: FlaskClient) -> None:
        state = self.reset(client, now="2020-02-02T20:20:20Z")
        assert state["clock"]["now"] == "2020-02-02T20:20:20.000Z"
        saved = client.post("/api/workflows", json={"name": "x"}).get_json()
        assert saved["created_at"] == "2020-02-02T20:20:20.000Z"

    def test_the_past_of_a_scenario_lies_before_that_moment(self, client: FlaskClient) -> None:
        self.reset(client, scenario="demo", now="2020-02-02T20:20:20Z")
        created = [one["created_at"] for one in client.get("/api/executions").get_json()["items"]]
        assert created
        assert max(created) <= "2020-02-02T20:20:20.000Z"

    def test_pace_and_rate_are_chosen(self, client: FlaskClient) -> None:
        assert self.reset(client, pace="fast", rate=3)["clock"]["rate"] == 3
        assert self.reset(client, pace="real")["clock"]["rate"] == 1
        assert self.reset(client)["clock"]["pace"] == "stopped"

    def test_another_sandbox_is_not_touched(self, client: FlaskClient) -> None:
        client.post("/s/a/api/workflows", json={"name": "x"})
        before = client.get("/s/a/api/workflows").get_data()
        self.reset(client, "b", seed=3)
        assert client.get("/s/a/api/workflows").get_data() == before

    def test_it_brings_a_sandbox_to_life(self, client: FlaskClient) -> None:
        assert self.reset(client, "new", seed=5)["seed"] == 5

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ({"scenario": "none"}, "unknown_scenario"),
            ({"seed": -1}, "invalid_input"),
            ({"seed": 1.5}, "invalid_input"),
            ({"seed": 2**53}, "invalid_input"),
            ({"pace": "slow"}, "invalid_input"),
            ({"pace": "stopped", "rate": 4}, "bad_rate"),
            ({"rate": 1e300}, "invalid_input"),
            ({"now": "never"}, "invalid_input"),
            ({"sead": 1}, "invalid_input"),
        ],
    )
    def test_what_does_not_fit_changes_nothing(
        self, client: FlaskClient, problem_of: Callable[..., Json], body: Json, code: str
    ) -> None:
        client.post("/api/workflows", json={"name": "x"})
        assert problem_of(client.post("/_control/reset", json=body), 422)["code"] == code
        assert client.get("/api/workflows").get_json()["total"] == 1


def test_scenarios_are_listed(client: FlaskClient) -> None:
    listed = {one["name"]: one["description"] for one in client.get("/_control/scenarios").get_json()["items"]}
    assert {"demo", "empty", "large", "failing", "mid-flight"} <= set(listed)
    assert all(listed.values())


def test_a_clock_that_is_told_nothing_stays_as_it_is(client: FlaskClient, problem_of: Callable[..., Json]) -> None:
    shown = client.get("/_control/clock").get_json()
    assert client.put("/_control/clock").get_json() == shown
    refused = problem_of(client.post("/_control/clock/advance", json={}), 422)
    assert "exactly one of seconds, to, until, events" in refused["detail"]


def test_who_waits_for_something_may_say_how_long(client: FlaskClient) -> None:
    wanted = {"event": "execution.completed"}
    waited = client.post("/_control/clock/advance", json={"until": wanted, "limit_seconds": 5}).get_json()
    assert (waited["reached"], waited["now"]) == (False, "2026-01-01T09:00:05.000Z")
    usual = client.post("/_control/clock/advance", json={"until": wanted}).get_json()
    assert (usual["reached"], usual["now"]) == (False, "2026-01-02T09:00:05.000Z")
