"""Runs the Postman collection and the `.http` file against a live server, as CI does.

    python contract/run_collection.py

The collection runs as a whole, and then each of its folders by itself; once more as a whole as a user, against a server
where everybody must log in. `npm ci` in this folder comes first. The exit status is 1 if any assertion failed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "contract"
AS_ADMIN = ("--env-var", "username=admin", "--env-var", "password=admin-password")
"""Only an admin may send every request."""

COLLECTION = ROOT / "postman" / "understudy.postman_collection.json"


def main() -> None:
    """Start a server, run everything against it, tell what failed."""
    sys.path.insert(0, str(ROOT / "backend"))
    from app.testing import serve

    with serve(check_contract="fail") as server:
        failed = [command for command in commands() if not _passes(command, server.url)]
    with serve(check_contract="fail", auth="required") as server:
        command = ["postman", "--", *AS_ADMIN]
        failed += [] if _passes(command, server.url) else [command]
    sys.exit("Failed: " + "; ".join(" ".join(command) for command in failed) if failed else 0)


def commands() -> Iterator[list[str]]:
    """Everything that is to be run, as arguments to npm."""
    yield ["postman"]
    for name in folder_names(json.loads(COLLECTION.read_text("utf-8"))):
        yield ["postman", "--", "--folder", name]
    yield ["http"]


def folder_names(collection: dict[str, Any]) -> list[str]:
    """The folders that have requests, those in other folders too."""
    names = []
    for item in collection["item"]:
        if "item" in item:
            inner = folder_names(item)
            names += inner or [item["name"]]
    return names


def _passes(command: list[str], url: str) -> bool:
    print("npm run", *command, flush=True)
    run = subprocess.run(
        ["npm", "run", "--silent", *command],
        cwd=HERE,
        env={**os.environ, "UNDERSTUDY_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if run.returncode:
        print(run.stdout)
    return run.returncode == 0


if __name__ == "__main__":
    main()
