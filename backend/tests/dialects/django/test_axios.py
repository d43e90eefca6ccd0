"""The frontend of the document works against our door unchanged: its client, as it stands there, under Node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.testing import Server, serve

Json = Any
FRONTEND = Path(__file__).parent / "frontend"
LONGEST = 300
"""Real seconds after which a test gives up on a program."""

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")), reason="it runs where there is Node"
)


@pytest.fixture(scope="module")
def frontend(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The frontend with all that it depends on."""
    place = tmp_path_factory.mktemp("frontend") / "app"
    shutil.copytree(FRONTEND, place, ignore=shutil.ignore_patterns("node_modules"))
    run("npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", place=place)
    return place


@pytest.fixture(scope="module", params=["off", "required"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server, where nobody logs in or everybody must."""
    with serve(scenario="demo", auth=request.param, check_contract="fail") as server:
        yield server


def run(*command: str, place: Path, **variables: str) -> str:
    """What a program writes, which has to end well."""
    program = shutil.which(command[0])
    assert program
    env = os.environ | variables
    done = subprocess.run(
        [program, *command[1:]], cwd=place, env=env, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_all_calls_of_the_client_are_answered_as_it_expects(server: Server, frontend: Path) -> None:
    with server.sandbox() as sandbox:
        credentials = {"username": "demo", "password": "demo-password"}
        token = sandbox.post("/api/auth/login", credentials)["access_token"]
        written = run("node", "journey.js", place=frontend, REACT_APP_API_URL=f"{sandbox.url}/api", TOKEN=token)
    told: Json = json.loads(written)
    statuses = {name: answer["status"] for name, answer in told.items()}
    assert statuses == {
        "getTemplates": 200,
        "createFlow": 201,
        "getFlow": 200,
        "updateFlow": 200,
        "duplicateFlow": 201,
        "executeFlow": 200,
        "deleteFlow": 204,
        "getFlows": 200,
        "gone": 404,
    }
    data = {name: answer["data"] for name, answer in told.items()}
    assert data["getFlow"] == data["createFlow"]
    assert data["updateFlow"]["nodes"] == data["duplicateFlow"]["nodes"] == data["createFlow"]["nodes"] != []
    assert data["duplicateFlow"]["name"] == "Hall 3 (Copy)"
    assert data["executeFlow"].keys() == {"execution_id", "status", "message"}
    names = [flow["name"] for flow in data["getFlows"]]
    assert names[0] == "Hall 3"
    assert "Hall 3 (Copy)" not in names
    assert data["gone"] == {"detail": "No FlowDiagram matches the given query."}
