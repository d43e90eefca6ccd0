"""Scenarios of one's own: snapshots in a folder."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings, read_settings
from app.errors import InvalidInput
from tests.editor import node

Json = Any

RUN = Path(__file__).parents[4] / "run.py"


def serve(folder: Path, **settings: Any) -> FlaskClient:
    """A server with this folder."""
    return create_app(
        Settings(**{"pace": "stopped", "scenario": "empty", "scenarios": str(folder), **settings})
    ).test_client()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one scenario: a workflow in the middle of its execution, at half past ten."""
    client = serve(tmp_path, seed=7)
    saved = client.post(
        "/api/workflows", json={"name": "Mine", "nodes": [node("a", "delay", config={"seconds": 7200})]}
    ).get_json()
    client.post(f"/api/workflows/{saved['id']}/execute")
    client.post("/_control/clock/advance", json={"to": "2026-01-01T10:30:00Z"})
    client.post("/_control/snapshots", json={"name": "x"})
    (tmp_path / "half-done.json").write_bytes(client.get("/_control/snapshots/x").get_data())
    return tmp_path


def status(client: FlaskClient, sandbox: str = "default") -> Json:
    """The only execution."""
    return client.get(f"/s/{sandbox}/api/executions").get_json()["items"][0]


def test_it_is_listed_behind_those_of_the_server(folder: Path) -> None:
    listed = serve(folder).get("/_control/scenarios").get_json()["items"]
    assert listed[-1] == {"name": "half-done", "description": "Your own, from half-done.json."}
    assert listed[0]["name"] == "demo"


def test_a_new_sandbox_begins_with_it(folder: Path) -> None:
    client = serve(folder, scenario="half-done")
    state = client.get("/s/any/_control").get_json()
    assert state["scenario"] == "half-done"
    assert state["clock"]["now"] == "2026-01-01T10:30:00.000Z"
    assert status(client, "any")["status"] == "running"
    client.post("/s/any/_control/clock/advance", json={"seconds": 1800})
    assert status(client, "any")["status"] == "completed"


def test_a_reset_chooses_it_and_a_later_beginning(folder: Path) -> None:
    client = serve(folder)
    reset = {"scenario": "half-done", "now": "2026-01-01T12:00:00Z", "seed": 3}
    assert client.post("/_control/reset", json=reset).status_code == 204
    assert client.get("/_control").get_json()["seed"] == 3
    assert status(client)["status"] == "completed"
    assert status(client)["finished_at"] == "2026-01-01T11:00:00.000Z"


def test_it_cannot_begin_before_it_was_taken(folder: Path, problem_of: Callable[..., Json]) -> None:
    reset = {"scenario": "half-done", "now": "2026-01-01T09:30:00Z"}
    problem = problem_of(serve(folder).post("/_control/reset", json=reset), 422)
    assert (problem["code"], problem["errors"][0]["pointer"]) == ("clock_backwards", "/now")


def test_its_pace_is_that_of_the_sandbox(folder: Path) -> None:
    client = serve(folder, scenario="half-done", pace="instant")
    assert status(client)["status"] == "completed"


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": "understudy-snapshot", "version": 9}'])
def test_a_file_that_is_no_snapshot_is_named(folder: Path, problem_of: Callable[..., Json], content: bytes) -> None:
    (folder / "bad.json").write_bytes(content)
    client = serve(folder)
    client.post("/api/workflows", json={"name": "x"})
    problem = problem_of(client.post("/_control/reset", json={"scenario": "bad"}), 422)
    assert problem["code"] == "bad_scenario_file"
    assert problem["detail"].startswith("bad.json: ")
    assert client.get("/api/workflows").get_json()["total"] == 1


def test_names_of_the_server_are_taken(folder: Path, problem_of: Callable[..., Json]) -> None:
    (folder / "demo.json").write_bytes((folder / "half-done.json").read_bytes())
    problem = problem_of(serve(folder).get("/_control/scenarios"), 422)
    assert problem["code"] == "bad_scenario_file"


def test_a_scenario_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(InvalidInput, match=r"There is no scenario 'other' here, only demo, .*half-done"):
        create_app(replace(read_settings({}), scenario="other", scenarios=str(folder))).extensions["understudy"].get()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, problem_of: Callable[..., Json]) -> None:
    client = serve(tmp_path / "none")
    assert problem_of(client.get("/_control/scenarios"), 422)["code"] == "bad_scenario_file"


def test_the_server_does_not_start_with_a_folder_that_is_not_there() -> None:
    command = [sys.executable, str(RUN), "--port", "0", "--scenarios", "/nowhere/at/all"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert ended.returncode == 2
    assert "There is no folder '/nowhere/at/all' with scenarios." in ended.stderr
