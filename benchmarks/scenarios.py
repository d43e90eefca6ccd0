"""How long a new sandbox takes to be filled, and what it then holds, beside a sandbox that is filled with nothing."""

from __future__ import annotations

import subprocess
import sys
import time

from measuring import collect_as_server, is_quick

# The module above makes the project importable.
# isort: split
from backend.app.config import Settings
from backend.app.engine.simulated import SimulatedEngine
from backend.app.sandbox import Sandbox, Sandboxes
from backend.app.services.scenarios import fill

GOALS = {"empty": 0.005, "demo": 0.06, "mid-flight": 0.06, "large": 5.0}
"""Seconds, once the first sandbox of the process is there."""


def measure(scenario: str) -> None:
    """Fill sandboxes one after another, in a process that has filled nothing before, and print a line."""
    collect_as_server()
    before = _resident()
    first, sandbox = _fill(scenario)
    # Another large one beside the first would measure this machine's memory.
    later = first if scenario == "large" else min(_fill(scenario)[0] for _ in range(3 if is_quick() else 20))
    held = f"{len(sandbox.store.workflows):>6,} workflows {len(sandbox.store.executions):>7,} executions"
    times = f"first {first * 1000:7.1f} ms   later {later * 1000:7.1f} ms   goal {GOALS[scenario] * 1000:5.0f} ms"
    print(f"{scenario:<11} {times}   {held}   {_resident() - before:4} MB more")


def _fill(scenario: str) -> tuple[float, Sandbox]:
    began = time.perf_counter()
    sandbox = Sandboxes(Settings(pace="stopped", scenario=scenario), SimulatedEngine, fill).get()
    return time.perf_counter() - began, sandbox


def _resident() -> int:
    """The memory that this process holds, in MB; 0 where the system does not say."""
    try:
        with open("/proc/self/statm") as told:
            return int(told.read().split()[1]) * 4096 // 1_000_000
    except OSError:
        return 0


if __name__ == "__main__":
    if named := [name for name in sys.argv[1:] if name in GOALS]:
        measure(named[0])
    else:
        for name in GOALS:
            subprocess.run([sys.executable, __file__, name, *sys.argv[1:]], check=True)
