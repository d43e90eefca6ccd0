"""The benchmarks of the machine and of streams run; how fast anything is, no test says."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("script", ["transitions.py", "many.py", "streams.py", "servers.py"])
def test_a_benchmark_runs_and_compares(script: str):
    command = [sys.executable, str(ROOT / "benchmarks" / script), "--quick"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "ratio" in done.stdout
