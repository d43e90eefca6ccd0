"""React Flow documents that other people exported: saved, given back unchanged, executed.

They lie beside the checkout and are not ours to copy, so a checkout alone has none of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.editor import Editor

FLOWS = sorted((Path(__file__).parents[4] / "shared" / "data" / "flows").glob("reactflow-*.json"))
TRANSIENT = {"selected", "dragging", "resizing", "measured", "positionAbsolute"}

pytestmark = pytest.mark.skipif(not FLOWS, reason="the exported flows are not beside this checkout")


def load(path: Path) -> dict[str, Any]:
    document = json.loads(path.read_text("utf-8"))
    return document.get("flow", document)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_an_exported_flow_comes_back_as_it_was_but_for_the_five_fields(path: Path, editor: Editor):
    sent = load(path)
    workflow = editor.post("/api/workflows", sent)
    given = editor.get(f"/api/workflows/{workflow['id']}?shape=reactflow")
    assert given["nodes"] == [{key: node[key] for key in node if key not in TRANSIENT} for node in sent["nodes"]]
    assert given["edges"] == [{key: edge[key] for key in edge if key != "selected"} for edge in sent["edges"]]
    assert given["viewport"] == sent["viewport"]


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: path.stem)
def test_an_exported_flow_executes_to_its_end_unless_a_connection_dangles(
    path: Path, editor: Editor, problem_of: Callable[[TestResponse, int], Any]
):
    sent = load(path)
    known = {node["id"] for node in sent["nodes"]}
    dangling = {edge["id"] for edge in sent["edges"] if not {edge["source"], edge["target"]} <= known}
    workflow = editor.post("/api/workflows", sent)
    if dangling:
        problem = problem_of(editor.client.post(f"/api/workflows/{workflow['id']}/execute"), 422)
        assert {error["connection_id"] for error in problem["errors"]} == dangling
    else:
        execution = editor.execute(workflow)
        editor.advance(3_600_000)
        assert editor.get(f"/api/executions/{execution['id']}")["status"] == "completed"
