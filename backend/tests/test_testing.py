"""`understudy.testing` as its users have it: fixtures in their conftest, and a server for a block."""

from __future__ import annotations

import logging
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import IncompleteRead
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest

from app.config import Limits
from app.errors import InvalidInput
from app.testing import NotReached, Refused, SandboxClient, Server, serve
from tests.editor import line, node

Json = Any

APP = Path(__file__).resolve().parents[1] / "app"
START = datetime(2026, 1, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve() as server:
        yield server


@pytest.fixture
def sandbox(server: Server) -> Iterator[SandboxClient]:
    with server.sandbox() as sandbox:
        yield sandbox


def run(sandbox: SandboxClient, *seconds: float) -> Json:
    """Start a workflow of nodes that each last so long; gives the execution."""
    nodes = [node(f"n{place}", "delay", config={"seconds": wanted}) for place, wanted in enumerate(seconds)]
    lines = [line(f"n{place}-n{place + 1}") for place in range(len(seconds) - 1)]
    workflow = sandbox.post("/api/workflows", {"nodes": nodes, "connections": lines})
    return sandbox.post(f"/api/workflows/{workflow['id']}/execute")


CONFTEST = "from understudy.testing import understudy, understudy_server\n"
THEIR_TEST = """
import json
import urllib.request
from datetime import timedelta

import pytest
from understudy.testing import NotReached, Refused

NODES = [{"id": "wait", "type": "delay", "data": {"config": {"seconds": 60}}}]


@pytest.mark.parametrize("_time", [1, 2])
def test_every_test_begins_with_nothing_and_the_same_ids(understudy, _time, seen=[]):
    with urllib.request.urlopen(f"{understudy.api}/workflows") as answer:
        assert json.load(answer)["total"] == 0
    seen.append(understudy.post("/api/workflows", {"nodes": NODES})["id"])
    assert len(set(seen)) == 1


def test_time_is_mine(understudy):
    workflow = understudy.post("/api/workflows", {"nodes": NODES})
    execution = understudy.post(f"/api/workflows/{workflow['id']}/execute")
    before = understudy.clock.now
    understudy.clock.until(execution_id=execution["id"], status="completed")
    assert understudy.clock.now - before == timedelta(seconds=60)


def test_sandboxes_of_tests_are_gone_when_they_are_over(understudy):
    listed = understudy.get("/_control/sandboxes")["items"]
    assert [one["sandbox"] for one in listed] == [understudy.name]
"""


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A folder from which `understudy` can be imported."""
    package = tmp_path / "packages" / "understudy"
    package.parent.mkdir()
    try:
        package.symlink_to(APP, target_is_directory=True)
    except OSError:
        shutil.copytree(APP, package)
    return package.parent


WITHOUT_PYTEST = "import sys; sys.modules['pytest'] = None; from understudy.testing import "


def test_without_pytest_the_fixtures_say_what_they_need_and_all_else_works(packages: Path) -> None:
    def find(name: str) -> str:
        command = [sys.executable, "-c", WITHOUT_PYTEST + name]
        env = {"PYTHONPATH": str(packages), "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False).stderr

    for fixture in ("understudy", "understudy_server"):
        assert "ImportError: The fixtures need pytest: pip install pytest" in find(fixture)
    assert "cannot import name 'understood'" in find("understood")
    assert find("serve") == ""


def test_fixtures_are_imported_in_a_conftest(packages: Path, tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "conftest.py").write_text(CONFTEST)
    (tests / "test_theirs.py").write_text(THEIR_TEST)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-p", "no:cacheprovider", str(tests)],
        env={"PYTHONPATH": str(packages), "UNDERSTUDY_SCENARIO": "demo", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=tests,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert re.search(r"\b4 passed in", done.stdout), done.stdout + done.stderr


class TestServe:
    """A server for a block."""

    def test_it_begins_empty_with_a_stopped_clock_whatever_the_environment_says(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, text in {"PACE": "real", "SCENARIO": "demo", "SEED": "77", "MAX_NODES": "3"}.items():
            monkeypatch.setenv(f"UNDERSTUDY_{name}", text)
        with serve() as server:
            state = server.sandbox().state()
        assert (state["clock"]["pace"], state["scenario"], state["counts"]["workflows"]) == ("stopped", "empty", 0)
        assert (state["seed"], state["limits"]["max_nodes"]) == (1, 10_000)

    def test_settings_go_by_their_names(self) -> None:
        with serve(pace="fast", rate=50, seed=5, limits=Limits(max_nodes=3)) as server:
            state = server.sandbox().state()
        assert (state["clock"]["rate"], state["seed"], state["limits"]["max_nodes"]) == (50, 5, 3)

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"pace": "slow"}, InvalidInput),
            ({"node_types": "/no/such/folder"}, InvalidInput),
            ({"sead": 1}, TypeError),
            ({"host": "0.0.0.0"}, TypeError),
            ({"data": "x"}, TypeError),
        ],
    )
    def test_a_wrong_setting_raises_and_nothing_runs(self, wrong: Json, error: type[Exception]) -> None:
        others = set(threading.enumerate())
        with pytest.raises(error), serve(**wrong):
            pytest.fail("it runs")
        assert set(threading.enumerate()) <= others

    def test_two_servers_know_nothing_of_each_other(self, sandbox: SandboxClient) -> None:
        sandbox.post("/api/workflows", {})
        with serve() as other, other.sandbox(sandbox.name) as twin:
            assert twin.get("/api/workflows")["total"] == 0

    def test_a_control_token_is_shown_by_the_helpers_only(self) -> None:
        with serve(control_token="secret") as server, server.sandbox() as sandbox:
            assert sandbox.clock.now == START
            with pytest.raises(Refused, match="401"):
                SandboxClient(server.url, sandbox.name).state()

    def test_at_the_end_nothing_of_it_is_left(self) -> None:
        others = set(threading.enumerate())
        with serve() as server:
            sandbox = server.sandbox()
            address = (urlsplit(server.url).hostname, urlsplit(server.url).port)
            sandbox.faults.add(connection="hang")
            silent = socket.create_connection(address, timeout=10)
            hanging = socket.create_connection(address, timeout=10)
            hanging.sendall(f"GET /s/{sandbox.name}/api/workflows HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert any(sandbox.requests() for _ in range(1000)), "the request never came"
        for line_ in (silent, hanging):
            assert line_.recv(1) == b""
            line_.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address, timeout=10)
        for thread in set(threading.enumerate()) - others:
            thread.join(5)
            assert not thread.is_alive(), thread

    def test_its_process_ends_while_a_request_is_late_on_purpose(self) -> None:
        script = """
import socket
from app.testing import serve

with serve() as server, server.sandbox() as sandbox:
    sandbox.faults.add(delay_ms=600_000)
    port = int(server.url.rpartition(":")[2])
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
    for line in lines:
        line.sendall(f"GET /s/{sandbox.name}/api/workflows HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n".encode())
    while sandbox.faults.list()[0]["applied"] < 40:
        pass
    import threading
    assert threading.active_count() < 20, threading.enumerate()
"""
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=APP.parent, capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")

    def test_afterwards_other_servers_of_the_process_say_what_goes_wrong_in_them(self) -> None:
        log = logging.getLogger("uvicorn.error")
        before = log.level
        with serve():
            pass
        assert log.level == before


class TestSandboxes:
    """Sandboxes of a server."""

    def test_each_has_a_name_of_its_own_and_holds_nothing_of_the_others(self, server: Server) -> None:
        with server.sandbox() as one, server.sandbox() as other:
            one.post("/api/workflows", {"name": "x"})
            assert one.name != other.name
            assert other.get("/api/workflows")["total"] == 0

    def test_it_begins_as_it_is_told(self, server: Server) -> None:
        with server.sandbox(
            "mine", seed=9, scenario="demo", pace="fast", rate=3, now=datetime(2020, 2, 2, tzinfo=UTC)
        ) as mine:
            state = mine.state()
        assert (state["sandbox"], state["seed"], state["clock"]["rate"]) == ("mine", 9, 3)
        assert state["counts"]["workflows"] > 0
        assert state["clock"]["now"].startswith("2020-02-02T00:00:0")

    def test_it_is_gone_after_its_block_even_if_the_test_deleted_it(self, server: Server, sandbox: Json) -> None:
        with server.sandbox("mine"):
            assert "mine" in names(sandbox)
        assert "mine" not in names(sandbox)
        with server.sandbox("mine") as mine:
            mine.delete()
        assert "mine" not in names(sandbox)

    def test_one_that_cannot_be_deleted_does_not_stay_unnoticed(self) -> None:
        with serve(control_token="right") as server, server.sandbox("mine"):
            with pytest.raises(Refused) as refused, SandboxClient(server.url, "mine", "wrong"):
                pass
            assert refused.value.status == 401

    def test_reset_begins_anew(self, sandbox: SandboxClient) -> None:
        sandbox.post("/api/workflows", {})
        sandbox.reset(seed=3, now="2030-01-01T00:00:00Z")
        assert sandbox.state()["counts"]["workflows"] == 0
        assert sandbox.state()["seed"] == 3
        assert sandbox.clock.now == datetime(2030, 1, 1, tzinfo=UTC)

    def test_every_verb_goes_through(self, sandbox: SandboxClient) -> None:
        path = f"/api/workflows/{sandbox.post('/api/workflows', {'name': 'a'})['id']}"
        assert sandbox.put(path, {"name": "b"})["name"] == "b"
        assert sandbox.patch(path, {"name": "c"}, headers={"If-Match": '"2"'})["name"] == "c"
        assert sandbox.get(path, headers={"X-Sandbox": "elsewhere"})["name"] == "c"
        assert sandbox.delete(path) is None
        assert [entry["method"] for entry in sandbox.requests(status=200)] == ["PUT", "PATCH", "GET"]

    def test_an_error_is_raised_with_its_problem(self, sandbox: SandboxClient) -> None:
        with pytest.raises(Refused, match="GET /api/workflows/none was answered with 404") as refused:
            sandbox.get("/api/workflows/none")
        assert refused.value.status == 404
        assert refused.value.problem["code"] == "workflow_not_found"

    @pytest.mark.parametrize(
        ("how", "error"), [("reset", ConnectionError), ("empty", ConnectionError), ("truncate", IncompleteRead)]
    )
    def test_a_broken_connection_is_no_refusal(self, sandbox: SandboxClient, how: str, error: type[Exception]) -> None:
        sandbox.faults.add(connection=how)
        with pytest.raises(error):
            sandbox.get("/api/workflows")

    def test_where_nobody_listens_there_is_no_refusal(self) -> None:
        with serve() as server:
            sandbox = server.sandbox()
        with pytest.raises(URLError):
            sandbox.state()

    def test_a_server_that_runs_elsewhere_is_used_by_its_address(self, server: Server) -> None:
        with Server(server.url + "/").sandbox("mine") as mine:
            assert mine.api == f"{server.url}/s/mine/api"


def names(sandbox: SandboxClient) -> list[str]:
    """The names of all sandboxes of the server."""
    return [one["sandbox"] for one in sandbox.get("/_control/sandboxes")["items"]]


class TestClock:
    """Time moved by hand."""

    def test_it_goes_on_by_seconds_and_to_moments_in_each_way_of_saying_one(self, sandbox: SandboxClient) -> None:
        clock = sandbox.clock
        clock.advance(1.5)
        assert clock.now == START + timedelta(seconds=1.5)
        clock.to(START + timedelta(minutes=1))
        clock.to("2026-01-01T09:02:00Z")
        clock.to(int((START + timedelta(minutes=3)).timestamp() * 1000))
        assert clock.now == START + timedelta(minutes=3)

    def test_until_stops_where_the_event_happens(self, sandbox: SandboxClient) -> None:
        execution = run(sandbox, 10, 20)
        answer = sandbox.clock.until(execution_id=execution["id"], node_id="n0", status="completed")
        assert answer["events"][-1]["data"]["node_id"] == "n0"
        assert sandbox.clock.now == START + timedelta(seconds=10)

    def test_what_is_not_reached_fails_with_the_story(self, sandbox: SandboxClient) -> None:
        execution = run(sandbox, 10, 20)
        with pytest.raises(NotReached) as failure:
            sandbox.clock.until(execution_id=execution["id"], status="completed", limit_seconds=15)
        assert "it is 2026-01-01T09:00:15.000Z" in str(failure.value)
        assert "2026-01-01T09:00:10.000Z node.completed n0" in str(failure.value)
        assert str(failure.value).endswith("2026-01-01T09:00:14.000Z node.progress n1")

    def test_where_nothing_happened_the_story_says_so(self, sandbox: SandboxClient) -> None:
        with pytest.raises(NotReached, match=r"nothing$"):
            sandbox.clock.until(event="execution.completed", limit_seconds=1)

    def test_a_step_is_one_event(self, sandbox: SandboxClient) -> None:
        run(sandbox, 10, 20)
        assert len(sandbox.clock.step()["events"]) == 1
        assert len(sandbox.clock.step(2)["events"]) == 2

    def test_it_is_paused_set_and_resumed(self, sandbox: SandboxClient) -> None:
        assert sandbox.clock.set(pace="fast", rate=4)["rate"] == 4
        noon = START + timedelta(hours=3)
        assert sandbox.clock.pause_at(noon)["pace"] == "stopped"
        assert sandbox.clock.now == noon
        assert sandbox.clock.resume() | {"now": None} == {"pace": "real", "rate": 1, "now": None}


class TestFaults:
    """Rules given by hand."""

    def test_they_are_added_listed_replaced_and_cleared(self, sandbox: SandboxClient) -> None:
        sandbox.faults.add(match={"path": "/api/workflows"}, status=503, times=1)
        with pytest.raises(Refused, match="503"):
            sandbox.get("/api/workflows")
        assert sandbox.faults.list()[0]["applied"] == 1
        sandbox.faults.replace([{"id": "gone", "status": 404}])
        with pytest.raises(Refused, match="404"):
            sandbox.get("/api/workflows")
        sandbox.faults.clear()
        assert sandbox.get("/api/workflows")["total"] == 0
        assert [entry["rule"] for entry in sandbox.requests(path="/api/*")] == ["rule_1", "gone", None]


class TestSnapshots:
    """Snapshots by name."""

    def test_what_was_held_then_is_held_again(self, sandbox: SandboxClient) -> None:
        run(sandbox, 10)
        sandbox.snapshots.take("running")
        sandbox.clock.advance(60)
        sandbox.snapshots.restore("running")
        assert sandbox.clock.now == START
        assert [one["name"] for one in sandbox.snapshots.list()] == ["running"]

    def test_a_fork_and_its_original_go_on_to_the_same_end(self, sandbox: SandboxClient) -> None:
        execution = run(sandbox, 10)
        sandbox.snapshots.take("running")
        with sandbox.snapshots.fork("running", "copy") as copy:
            ends = []
            for one in (sandbox, copy):
                one.clock.until(execution_id=execution["id"], status="completed")
                ends.append(one.get(f"/api/executions/{execution['id']}"))
        assert ends[0] == ends[1]
        assert "copy" not in names(sandbox)

    def test_a_document_is_carried_from_one_sandbox_to_another(self, server: Server, sandbox: SandboxClient) -> None:
        run(sandbox, 10)
        sandbox.snapshots.take("mine")
        document = sandbox.snapshots.download("mine")
        with server.sandbox("other") as other:
            other.snapshots.upload("brought", document)
            other.snapshots.restore("brought")
            assert other.get("/api/executions")["total"] == 1

    def test_a_deleted_one_cannot_be_restored(self, sandbox: SandboxClient) -> None:
        sandbox.snapshots.take("gone")
        sandbox.snapshots.delete("gone")
        with pytest.raises(Refused, match="404"):
            sandbox.snapshots.restore("gone")
