"""Reading snapshots: by many at once, and what a stranger wrote into the future."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.errors import InvalidInput
from app.moments import LAST_MOMENT
from app.sandbox import Sandbox
from app.services import executions
from app.services.workflows import create

from .conftest import at_once, installed, written

Json = Any

AT_ONCE = """
import sys
import threading
from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.sandbox import Sandboxes
from app.services.snapshot_reader import decode
from app.services.snapshot_writer import capture, encode

sandbox = Sandboxes(Settings(pace="stopped"), SimulatedEngine).get()
with sandbox.view():
    raw = encode(capture(sandbox))
together = threading.Barrier(8)

def read():
    together.wait()
    decode(raw)

sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("alive")
"""


def test_the_first_snapshots_of_a_server_may_be_read_at_once() -> None:
    """A process of its own each time: it is the first reading in one that counts."""
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", AT_ONCE], cwd=Path(__file__).parents[3], capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "alive", "")


def waiting(start: int | None = None) -> Sandbox:
    """A sandbox in which a delay of a day has begun."""
    settings = Settings(pace="stopped", scenario="empty")
    sandbox = Sandbox("test", settings, SimulatedEngine, at_once, start)
    nodes = [{"id": "a", "type": "delay", "data": {"config": {"seconds": 86_400}}}]
    workflow = json.loads(create(sandbox, {"nodes": nodes}).body)
    executions.execute(sandbox, workflow["id"], {})
    return sandbox


def test_what_is_due_where_time_has_ended_is_kept_and_never_happens() -> None:
    sandbox = waiting(LAST_MOMENT - 3_600_000_000)
    other = installed(written(sandbox))
    assert written(other) == written(sandbox)
    assert other.next_due() is None
    with other.turn():
        other.run_to(LAST_MOMENT)
    assert [one.status for one in other.store.executions] == ["running"]


def _before_it_began(stage: Json) -> None:
    stage["agenda"][0][0] = -1


def _long_before_there_are_dates(stage: Json) -> None:
    stage["machine"]["zero"] = -(2**60)


def _counted_from_another_moment(stage: Json) -> None:
    stage["machine"]["zero"] -= 1


@pytest.mark.parametrize("change", [_before_it_began, _long_before_there_are_dates, _counted_from_another_moment])
def test_nothing_is_due_before_its_execution_began(change: Callable[[Json], None]) -> None:
    document = json.loads(written(waiting()))
    change(document["executions"][0]["stage"])
    with pytest.raises(InvalidInput) as refused:
        installed(json.dumps(document).encode())
    assert refused.value.code == "broken_snapshot"


def test_a_port_at_which_nothing_arrived_is_refused_wherever_it_stands() -> None:
    document = json.loads(written(waiting()))
    document["executions"][0]["nodes"][0][9] = {"input": []}
    with pytest.raises(InvalidInput, match="nothing arrived at a port"):
        installed(json.dumps(document).encode())
