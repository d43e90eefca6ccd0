"""From the start of a process to the first answer at ``/health``, beside a bare Flask application."""

from __future__ import annotations

import subprocess
import sys

from measuring import ROOT, call, is_quick, pair_ratio, read_address, take_turns


def start(*command: str) -> None:
    """Start a server, have it answer once, and end it."""
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        call(f"{read_address(process)}/health")
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Print seconds and ratios; compiled files are there from a round that is not counted."""
    commands = {
        "bare Flask": ("benchmarks/bare_flask.py",),
        "run.py --scenario empty": ("run.py", "--port", "0", "--scenario", "empty"),
        "run.py (demo)": ("run.py", "--port", "0"),
        "python -c pass": ("-c", "print('http://-')"),
    }
    works = [lambda command=command: lambda: start(*command) for command in list(commands.values())[:3]]
    works.append(lambda: lambda: subprocess.run([sys.executable, *commands["python -c pass"]], capture_output=True))
    take_turns(1, *works)
    times = take_turns(1 if is_quick() else 15, *works)
    for name, taken in zip(commands, times, strict=True):
        middle = sorted(taken)[len(taken) // 2]
        ratio = pair_ratio(taken, times[0])
        print(
            f"{name:<26} median {middle:.3f} s   least {min(taken):.3f} s   most {max(taken):.3f} s   ratio {ratio:.2f}"
        )


if __name__ == "__main__":
    main()
