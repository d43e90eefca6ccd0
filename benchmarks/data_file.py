"""What ``--data`` adds to a save: each is in the file before it is answered; beside a server that keeps nothing."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from measuring import call, is_quick, pair_ratio, spread, understudy


def save(address: str) -> float:
    """Save one more workflow; the seconds until the answer."""
    began = time.perf_counter()
    call(f"{address}/api/workflows", {"name": "One more", "nodes": [{"id": "a"}]})
    return time.perf_counter() - began


def compare(scenario: str, rounds: int) -> None:
    """Print a line for each of the two servers; they are asked in turns."""
    with (
        tempfile.TemporaryDirectory() as folder,
        understudy("--scenario", scenario, "--data", str(Path(folder, "data"))) as kept,
        understudy("--scenario", scenario) as bare,
    ):
        save(kept), save(bare)
        times = [(save(kept), save(bare)) for _ in range(rounds)]
    ours, reference = [one for one, _ in times], [other for _, other in times]
    print(f"{scenario:<10} --data    {spread(ours)}   ratio {pair_ratio(ours, reference):.2f}")
    print(f"{scenario:<10} without   {spread(reference)}")


def main() -> None:
    """Compare a small sandbox, and a large one."""
    for scenario in ("demo",) if is_quick() else ("demo", "large"):
        compare(scenario, 10 if is_quick() else 200)


if __name__ == "__main__":
    main()
