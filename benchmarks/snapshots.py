"""Snapshots of the demo and of many executions, beside ``orjson`` writing and reading the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from measuring import DAY, chain, collect_as_server, is_quick, make_sandbox, make_workflow, pair_ratio, take_turns

# The module above makes the project importable.
# isort: split
from backend.app.config import Settings
from backend.app.engine.simulated import SimulatedEngine
from backend.app.sandbox import Sandbox, Sandboxes
from backend.app.services.scenarios import fill
from backend.app.services.snapshot_reader import decode
from backend.app.services.snapshot_writer import capture, encode
from backend.app.services.snapshots import revive


def demo() -> Sandbox:
    """The first sandbox of a server."""
    return Sandboxes(Settings(pace="stopped", scenario="demo"), SimulatedEngine, fill).get()


def many(copies: int) -> Sandbox:
    """So many executions of five nodes, all of them over."""
    workflow = make_workflow(chain(5))
    sandbox = make_sandbox(workflow)
    with sandbox.turn() as now:
        for _ in range(copies):
            sandbox.engine.release(sandbox.engine.create(workflow, now), now)
    with sandbox.turn():
        sandbox.run_to(now + DAY)
    return sandbox


def compare(name: str, sandbox: Sandbox, rounds: int) -> None:
    """Measure one sandbox, and print a line; nobody else gets at it while it is captured, but while it is encoded."""
    elsewhere = Sandboxes(sandbox.settings, SimulatedEngine)

    def write() -> bytes:
        with sandbox.view():
            captured = capture(sandbox)
        return encode(captured)

    def hold() -> None:
        with sandbox.view():
            capture(sandbox)

    raw = write()
    document = orjson.loads(raw)
    works: list[Callable[[], Any]] = [
        hold,
        write,
        lambda: orjson.dumps(document),
        lambda: revive(elsewhere, "twin", decode(raw)),
        lambda: orjson.loads(raw),
    ]
    held, written, dumped, revived, loaded = take_turns(rounds, *(lambda work=work: work for work in works))
    print(
        f"{name:<32} {len(raw) / 1e6:6.2f} MB   captured {min(held) * 1000:6.1f} ms   "
        f"written {min(written) * 1000:8.1f} ms, ratio {pair_ratio(written, dumped):.3f}   "
        f"revived {min(revived) * 1000:8.1f} ms, ratio {pair_ratio(revived, loaded):.3f}"
    )


def main() -> None:
    """Print a line for each sandbox."""
    collect_as_server()
    copies, rounds = (100, 1) if is_quick() else (20_000, 3)
    compare("demo", demo(), rounds)
    compare(f"{copies} executions of 5 nodes", many(copies), rounds)


if __name__ == "__main__":
    main()
