"""``--data FILE``: a server that ends, however it ends, goes on where it was."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from app.models.event import fold
from tests.editor import line, node

Json = Any

RUN = Path(__file__).parents[3] / "run.py"
HOUSES, ROUNDS = 5, 20
"""A hundred kills: so many servers beside each other, each killed so often."""


class House:
    """A server with a data file."""

    def __init__(self, file: Path, *options: str) -> None:
        self.file = file
        self.options = options
        self.process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self) -> None:
        """Start it, and wait until it says where it is."""
        command = [sys.executable, str(RUN), "--port", "0", "--scenario", "empty", "--data", str(self.file)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("UNDERSTUDY_")}
        self.process = subprocess.Popen(
            [*command, *self.options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        assert self.process.stdout is not None
        for told in self.process.stdout:
            if "Start here" in told:
                self.url = told.split()[-1].rstrip("/")
                return
        raise AssertionError(self.process.communicate()[1])

    def end(self, how: signal.Signals) -> None:
        """End it with a signal."""
        assert self.process is not None
        self.process.send_signal(how)
        self.process.communicate(timeout=20)

    def ask(self, method: str, path: str, body: Json = None, key: str | None = None) -> Json:
        """Ask it something, under an idempotency key if there is one."""
        sent = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        request = urllib.request.Request(self.url + path, data=sent, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as response:
            return json.loads(response.read() or b"null")


@pytest.fixture
def house(tmp_path: Path) -> Any:
    """A server at a stopped clock; it is not left behind."""
    made = House(tmp_path / "data.understudy", "--pace", "stopped")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(signal.SIGKILL)


GRAPH = {
    "nodes": [node("a", config={"values": {"x": 1}}), node("b", "delay", config={"seconds": 1}), node("c")],
    "edges": [line("a-b"), line("b-c")],
}


def state_of(house: House) -> list[Json]:
    """What a server shows of itself."""
    paths = ("workflows", "executions", "templates", "files", "node-types")
    return [house.ask("GET", f"/api/{path}") for path in paths] + [house.ask("GET", "/_control/clock")]


def test_a_server_that_is_stopped_goes_on_where_it_was(house: House) -> None:
    house.start()
    workflow = house.ask("POST", "/api/workflows", {"name": "Kept", **GRAPH})
    execution = house.ask("POST", f"/api/workflows/{workflow['id']}/execute")
    house.ask("POST", "/_control/clock/advance", {"seconds": 0.5})
    house.ask("POST", "/_control/snapshots", {"name": "half"})
    before = state_of(house)
    house.end(signal.SIGTERM)
    house.start()
    assert state_of(house) == before
    assert [one["name"] for one in house.ask("GET", "/_control/snapshots")["items"]] == ["half"]
    house.ask("POST", "/_control/clock/advance", {"seconds": 10})
    assert house.ask("GET", f"/api/executions/{execution['id']}")["status"] == "completed"


def test_what_was_deleted_or_set_back_stays_so(house: House) -> None:
    house.start()
    gone = house.ask("POST", "/api/workflows", {"name": "Gone"})
    house.ask("DELETE", f"/api/workflows/{gone['id']}")
    house.ask("POST", "/api/workflows", {"name": "Kept"})
    house.end(signal.SIGTERM)
    house.start()
    assert [one["name"] for one in house.ask("GET", "/api/workflows")["items"]] == ["Kept"]
    house.ask("POST", "/_control/reset", {"seed": 5})
    before = state_of(house)
    house.end(signal.SIGTERM)
    house.start()
    assert state_of(house) == before
    assert house.ask("GET", "/_control")["seed"] == 5


def test_a_reset_to_the_very_same_beginning_is_kept_too(house: House) -> None:
    """The same seed gives the same ids, so that what was there before must not be taken for it."""
    house.start()
    for name in ("first", "second"):
        house.ask("POST", "/_control/reset")
        house.ask("POST", "/api/workflows", {"name": name})
    house.end(signal.SIGKILL)
    house.start()
    assert [one["name"] for one in house.ask("GET", "/api/workflows")["items"]] == ["second"]


def test_a_clock_that_runs_has_run_on(tmp_path: Path) -> None:
    house = House(tmp_path / "data", "--pace", "fast", "--rate", "3600")
    house.start()
    workflow = house.ask("POST", "/api/workflows", {"nodes": [node("a", "delay", config={"seconds": 3600})]})
    house.ask("POST", f"/api/workflows/{workflow['id']}/execute")
    house.end(signal.SIGTERM)
    time.sleep(1.1)
    house.start()
    assert house.ask("GET", f"/api/workflows/{workflow['id']}/status")["status"] == "completed"
    house.end(signal.SIGKILL)


@pytest.mark.parametrize("what", ["text", "database", "version", "broken part", "half"])
def test_a_file_that_cannot_be_read_is_refused_and_left_as_it_is(house: House, what: str) -> None:
    house.start()
    house.ask("POST", "/api/workflows", {"name": "Kept"})
    house.end(signal.SIGTERM)
    spoil(house.file, what)
    before = house.file.read_bytes()
    with pytest.raises(AssertionError, match=r"understudy: The data file .* cannot be used: .*left as it is\.\n"):
        house.start()
    assert house.process is not None
    assert house.process.wait() == 2
    assert house.file.read_bytes() == before


def spoil(file: Path, what: str) -> None:
    """Make a data file useless in some way."""
    statements = {
        "database": "PRAGMA application_id = 1",
        "version": "PRAGMA user_version = 99",
        "broken part": "UPDATE parts SET body = '{}' WHERE kind = 'workflow'",
    }
    if what == "text":
        file.write_text("These are my notes.\n" * 500)
    elif what == "half":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    else:
        with sqlite3.connect(file) as database:
            database.execute(statements[what])
        database.close()


def test_two_servers_do_not_share_a_file(house: House) -> None:
    house.start()
    other = House(house.file)
    with pytest.raises(AssertionError, match="is kept by another server"):
        other.start()
    assert house.ask("GET", "/health")["status"] == "ok"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="There is no folder for the data file"):
        House(tmp_path / "none" / "data").start()


def test_nothing_that_was_answered_is_lost_in_a_hundred_kills(tmp_path: Path) -> None:
    def live(number: int) -> int:
        luck = random.Random(number)
        house = House(tmp_path / f"data-{number}", "--pace", "real")
        answered: list[tuple[str, Json]] = []
        try:
            for _ in range(ROUNDS):
                house.start()
                look_through(house, answered)
                write(house, answered, luck.uniform(0.05, 1.3), luck)
                house.end(signal.SIGKILL)
            house.start()
            look_through(house, answered)
        finally:
            house.end(signal.SIGKILL)
        return len(answered)

    with ThreadPoolExecutor(HOUSES) as pool:
        kept = list(pool.map(live, range(HOUSES)))
    assert sum(kept) > 100


def write(house: House, answered: list[tuple[str, Json]], seconds: float, luck: random.Random) -> None:
    """Save and execute for so long; note what was answered."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        workflow = house.ask("POST", "/api/workflows", {"name": str(luck.random()), **GRAPH})
        answered.append((f"/api/workflows/{workflow['id']}", workflow))
        if luck.random() < 0.5:
            execution = house.ask("POST", f"/api/workflows/{workflow['id']}/execute")
            answered.append((f"/api/executions/{execution['id']}", execution))
        time.sleep(luck.uniform(0, 0.03))


def look_through(house: House, answered: list[tuple[str, Json]]) -> None:
    """Everything is whole, and all that must be there is."""
    for path, told in answered:
        found = house.ask("GET", path)
        for name in ("id", "name", "nodes", "workflow_id", "seed", "created_at"):
            if name != "nodes" or "workflows" in path:
                assert found.get(name) == told.get(name)
    for summary in house.ask("GET", "/api/workflows?per_page=500")["items"]:
        assert summary["node_count"] == 3
    for summary in house.ask("GET", "/api/executions?per_page=20")["items"]:
        events = house.ask("GET", f"/api/executions/{summary['id']}/events")["items"]
        state = fold(events)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert (state["id"], state["workflow_id"]) == (summary["id"], summary["workflow_id"])


def test_an_answer_that_was_kept_for_its_key_is_kept(house: House) -> None:
    house.start()
    first = house.ask("POST", "/api/workflows", {"name": "Once"}, key="k")
    house.end(signal.SIGKILL)
    house.start()
    assert house.ask("POST", "/api/workflows", {"name": "Once"}, key="k") == first
    assert house.ask("GET", "/api/workflows")["total"] == 1


def test_how_often_a_rule_applied_is_kept(house: House) -> None:
    house.start()
    house.ask("PUT", "/_control/faults", [{"match": {"path": "/api/workflows"}, "status": 503, "times": 1}])
    with pytest.raises(urllib.error.HTTPError):
        house.ask("GET", "/api/workflows")
    time.sleep(0.6)
    house.end(signal.SIGKILL)
    house.start()
    assert house.ask("GET", "/api/workflows")["total"] == 0


def test_a_name_that_means_something_to_sqlite_is_a_file_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    house = House(Path(":memory:"))
    house.start()
    house.end(signal.SIGTERM)
    assert (tmp_path / ":memory:").exists()
