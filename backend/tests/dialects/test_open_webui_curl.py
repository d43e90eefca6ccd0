"""The curl lines of Open WebUI's document run against a live server, as they stand there."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.testing import Server, serve

Json = Any

DOCUMENT = Path(__file__).with_name("open_webui_curl.md").read_text("utf-8")
LINES = dict(re.findall(r"^### ([^\n]*)\n```bash\n(curl .*?)\n```$", DOCUMENT, re.MULTILINE | re.DOTALL))
"""By title: what the document says to type."""

ELIDED = {
    "nodes": '[{"id": "a", "type": "input", "position": {"x": 0, "y": 0}, "data": {}}, {"id": "b", "type": "output"}]',
    "edges": '[{"id": "a-b", "source": "a", "target": "b"}]',
}
"""What stands for ``[...]``."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server where everybody logs in, as at the real one."""
    with serve(auth="required", scenario="empty", check_contract="fail") as server:
        yield server


def type_in(server: Server, title: str, token: str, flow_id: str = "") -> Json:
    """Type what the document says, with what it leaves open filled in; gives the JSON that is answered."""
    line = LINES[title].replace("http://localhost:8080", server.url).replace("YOUR_TOKEN", token)
    for name, graph in ELIDED.items():
        line = line.replace(f'"{name}": [...]', f'"{name}": {graph}')
    line = line.replace("{flow_id}", flow_id)
    assert "[...]" not in line
    done = subprocess.run(["sh", "-c", f"{line} -sS --fail-with-body --noproxy '*'"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def log_in(server: Server, username: str) -> str:
    """An access token, as logging in gives one."""
    known = json.dumps({"username": username, "password": f"{username}-password"})
    address = f"{server.url}/api/auth/login"
    told = subprocess.run(["curl", "-sS", "--noproxy", "*", "--json", known, address], capture_output=True, check=True)
    token: str = json.loads(told.stdout)["access_token"]
    return token


def test_every_line_of_the_document_does_what_its_title_says(server: Server) -> None:
    token = log_in(server, "alice")
    flow = type_in(server, "Create a Flow", token)
    assert (flow["name"], flow["user_id"]) == ("My First Flow", "us_alice")
    assert [node["id"] for node in flow["nodes"]] == ["input_1", "model_1"]
    assert flow["nodes"][1]["data"]["prompt"] == "{{input}}"
    assert [one["id"] for one in type_in(server, "Get All Flows", token)] == [flow["id"]]
    changed = type_in(server, "Update a Flow", token, flow["id"])
    assert (changed["name"], changed["description"]) == ("Updated Flow Name", "A simple flow example")
    assert (changed["nodes"], changed["edges"]) == (json.loads(ELIDED["nodes"]), json.loads(ELIDED["edges"]))
    assert type_in(server, "Duplicate a Flow", token, flow["id"])["name"] == "Updated Flow Name (Copy)"
    export = type_in(server, "Export a Flow", token, flow["id"])
    assert (export["version"], export["flow"]["name"]) == ("1.0", "Updated Flow Name")
    assert type_in(server, "Import a Flow", token)["name"] == "Imported Flow"
    assert type_in(server, "Delete a Flow", token, flow["id"]) is True
    names = [one["name"] for one in type_in(server, "Get All Flows", token)]
    assert sorted(names) == ["Imported Flow", "Updated Flow Name (Copy)"]
    assert set(LINES) == {
        f"{verb} a Flow" for verb in ("Create", "Update", "Duplicate", "Export", "Import", "Delete")
    } | {"Get All Flows"}


def test_others_see_nothing_of_it(server: Server) -> None:
    type_in(server, "Create a Flow", log_in(server, "alice"))
    assert type_in(server, "Get All Flows", log_in(server, "demo")) == []
