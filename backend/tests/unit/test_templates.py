"""The templates that come with the server: each is worth opening, and runs as it is."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from app import mock_data
from app.config import Settings
from app.engine.simulated import SimulatedEngine
from app.models.execution import Execution
from app.nodes.registry import Registry
from app.sandbox import Sandbox, Sandboxes
from app.services import executions, files, templates, validation, workflows
from app.services.paging import Listing
from app.services.scenarios import add_templates

Json = Any

DOCUMENTS = {document["key"]: document for document in mock_data.templates()}
KEYS = sorted(DOCUMENTS)
WIDTH, HEIGHT = 200, 80
"""What an editor draws a node as, if the node does not say."""
GRID = 20

FORM = {"name": "Mira Keller", "email": "mira.keller@example.com", "role": "Designer"}


def make_sandbox(seed: int = 1) -> Sandbox:
    sandbox = Sandboxes(Settings(pace="stopped", scenario="empty", seed=seed), SimulatedEngine).get()
    add_templates(sandbox, mock_data.templates(), sandbox.now())
    return sandbox


def apply(sandbox: Sandbox, key: str, **options: Json) -> str:
    """The id of a new workflow made from the template with this key."""
    found = next(one for one in sandbox.store.templates if one.name == DOCUMENTS[key]["name"])
    return templates.apply(sandbox, found.id, options).id


def run(sandbox: Sandbox, workflow_id: str, **options: Json) -> tuple[Execution, list[int]]:
    """The execution at its end, and how long it had taken each time that it waited for a person."""
    started = executions.execute(sandbox, workflow_id, options)
    execution, waits = sandbox.store.executions.get(started["id"]), []
    while not execution.is_final:
        if (due := sandbox.engine.next_due()) is not None:
            sandbox.world.clock.jump_to(due)
            with sandbox.turn():
                continue
        waits.append(sandbox.now() - execution.created_at)
        waiting = executions.get(sandbox, execution.id)["waiting_for"][0]
        given = FORM if "name" in waiting["schema"]["properties"] else {"decision": "approved"}
        executions.answer(sandbox, execution.id, waiting["node_id"], given)
    return execution, waits


def outputs(execution: Execution) -> dict[str, Json]:
    """What left each node by its first port."""
    return {run.node_id: next(iter(run.output.values())) for run in execution.nodes if run.output}


def box(node: Json, nodes: dict[str, Json]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of a node on the canvas."""
    parent = nodes.get(node.get("parentId", ""), {"position": {"x": 0, "y": 0}})
    left = node["position"]["x"] + parent["position"]["x"]
    top = node["position"]["y"] + parent["position"]["y"]
    style = node.get("style", {})
    return left, top, left + style.get("width", WIDTH), top + style.get("height", HEIGHT)


def is_apart(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_there_are_templates_of_every_size_for_every_purpose() -> None:
    counts = [len(document["nodes"]) for document in DOCUMENTS.values()]
    assert len(DOCUMENTS) >= 10
    assert min(counts) == 2
    assert max(counts) >= 30
    names = {document["name"] for document in DOCUMENTS.values()}
    assert {
        "IoT Data Pipeline",
        "Data Analytics Flow",
        "Expense Approval",
        "File Pipeline",
        "Ask the Handbook",
    } <= names


def test_a_new_sandbox_lists_the_simplest_template_first() -> None:
    page = templates.list_templates(make_sandbox(), Listing())
    assert page.total == len(DOCUMENTS)
    assert page.items[0]["name"] == "First Steps"


@pytest.mark.parametrize("key", KEYS)
def test_every_template_is_valid_without_any_remark(key: str) -> None:
    document = DOCUMENTS[key]
    assert validation.issues(document["nodes"], document["connections"], Registry()) == []


@pytest.mark.parametrize("key", KEYS)
def test_nodes_stand_on_the_grid_and_nowhere_on_one_another(key: str) -> None:
    nodes = {node["id"]: node for node in DOCUMENTS[key]["nodes"]}
    boxes = {node_id: box(node, nodes) for node_id, node in nodes.items()}
    assert all(side % GRID == 0 for corners in boxes.values() for side in corners)
    for one, other in combinations(nodes.values(), 2):
        if one["id"] != other.get("parentId") and other["id"] != one.get("parentId"):
            assert is_apart(boxes[one["id"]], boxes[other["id"]]), (one["id"], other["id"])


@pytest.mark.parametrize("key", KEYS)
def test_children_lie_within_their_group_and_come_after_it(key: str) -> None:
    seen: dict[str, Json] = {}
    for node in DOCUMENTS[key]["nodes"]:
        seen[node["id"]] = node
        if "parentId" in node:
            frame, inner = box(seen[node["parentId"]], seen), box(node, seen)
            assert frame[0] < inner[0]
            assert frame[1] < inner[1]
            assert inner[2] < frame[2]
            assert inner[3] < frame[3]


@pytest.mark.parametrize("key", KEYS)
def test_every_node_has_a_label_and_each_end_of_a_connection_a_handle(key: str) -> None:
    document = DOCUMENTS[key]
    assert document["description"]
    assert document["tags"]
    assert all(node["data"]["label"] for node in document["nodes"])
    assert all(line["sourceHandle"] and line["targetHandle"] for line in document["connections"])


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("key", KEYS)
def test_every_template_runs_to_its_end_within_five_to_thirty_seconds(key: str, seed: int) -> None:
    sandbox = make_sandbox(seed)
    execution, waits = run(sandbox, apply(sandbox, key))
    assert execution.status == "completed", execution.error
    assert 5_000 <= execution.as_dict()["elapsed_ms"] <= 30_000
    assert all(waited >= 5_000_000 for waited in waits)


@pytest.mark.parametrize("key", KEYS)
def test_a_parameter_changes_what_it_points_at(key: str) -> None:
    sandbox = make_sandbox()
    for parameter in DOCUMENTS[key]["parameters"]:
        other = {"string": "else", "integer": 3, "number": 2.5, "enum": (parameter.get("enum") or [""])[-1]}
        value = other[parameter["type"]]
        workflow_id = apply(sandbox, key, parameters={parameter["name"]: value})
        written = sandbox.store.workflows.get(workflow_id).nodes
        for pointer in parameter["pointers"]:
            found: Json = {"nodes": written}
            was: Json = DOCUMENTS[key]
            for step in pointer[1:].split("/"):
                found = found[int(step) if isinstance(found, list) else step]
                was = was[int(step) if isinstance(was, list) else step]
            assert found == value
            assert was == parameter["default"]


def test_the_approval_goes_the_way_that_the_person_chose() -> None:
    sandbox = make_sandbox()
    started = executions.execute(sandbox, apply(sandbox, "expense-approval"), {})
    while sandbox.engine.next_due() is not None:
        sandbox.world.clock.jump_to(sandbox.engine.next_due())
        with sandbox.turn():
            pass
    executions.answer(sandbox, started["id"], "manager", {"decision": "rejected", "comment": "Too dear."})
    sandbox.world.clock.jump_to(sandbox.now() + 60_000_000)
    ended = {one["node_id"]: one for one in executions.get(sandbox, started["id"])["nodes"]}
    assert ended["book"]["status"] == "skipped"
    assert "Too dear." in ended["rejected"]["output"]["output"]["body"]


def test_small_claims_pass_without_a_person() -> None:
    sandbox = make_sandbox()
    claim = {"employee": "Ada", "email": "ada@example.com", "purpose": "Two books", "amount": 30, "currency": "EUR"}
    execution, waits = run(sandbox, apply(sandbox, "expense-approval"), input=claim)
    assert waits == []
    assert outputs(execution)["book"][0]["amount"] == 30


def test_the_flaky_service_works_at_its_third_attempt() -> None:
    sandbox = make_sandbox()
    execution, _ = run(sandbox, apply(sandbox, "error-and-retry"))
    attempts = {run.node_id: run.attempt for run in execution.nodes}
    found = outputs(execution)
    assert attempts["flaky"] == 3
    assert "500" in found["fallback"]["because"]
    assert found["all"][1]["code"] == "timeout"


def test_the_handbook_answers_from_the_chapter_that_knows() -> None:
    sandbox = make_sandbox()
    execution, _ = run(sandbox, apply(sandbox, "handbook-rag"), input={"question": "How much may a hotel cost?"})
    answer = outputs(execution)["reply"]["body"]
    assert answer["sources"][0] == "Travel"
    assert "forty euros" in answer["answer"]


def test_the_sweep_counts_every_shelf_of_every_warehouse() -> None:
    sandbox = make_sandbox()
    execution, _ = run(sandbox, apply(sandbox, "stock-sweep"))
    found = outputs(execution)
    shelves = [(len(house["items"])) for house in found["houses"]]
    assert found["chart"]["labels"] == [house["name"] for house in found["houses"]]
    assert [row["shelves"] for row in found["house"]] == shelves


def test_the_file_pipeline_takes_uploaded_files_apart_by_kind() -> None:
    sandbox = make_sandbox()
    samples = mock_data.files()
    chosen = ("logo.png", "quarterly-report.pdf", "chime.wav")
    kept = files.upload(sandbox, [(name, samples[name]["content"]) for name in chosen])
    execution, _ = run(sandbox, apply(sandbox, "file-pipeline"), input={"files": [file["id"] for file in kept]})
    image, report, sound = outputs(execution)["each"]
    assert image["files"][0]["name"] == "logo-thumbnail.webp"
    assert "Revenue rose" in report["summary"]
    assert sound["files"][0]["kind"] == "audio"
    assert "file-report.json" in [file.name for file in sandbox.store.files]


def test_the_pipeline_of_sensors_warns_only_where_there_are_anomalies() -> None:
    sandbox = make_sandbox()
    calm, _ = run(sandbox, apply(sandbox, "iot-data-pipeline", parameters={"anomalies": 0}))
    alarmed, _ = run(sandbox, apply(sandbox, "iot-data-pipeline", parameters={"anomalies": 3}))
    assert outputs(calm)["outliers"] == []
    assert len(outputs(alarmed)["outliers"]) >= 1
    assert "warn" not in outputs(calm)
    assert "warn" in outputs(alarmed)


def test_applying_a_template_does_not_change_it() -> None:
    sandbox = make_sandbox()
    workflow_id = apply(sandbox, "first-steps")
    workflows.replace(sandbox, workflow_id, {"nodes": [], "connections": []})
    kept = next(one for one in sandbox.store.templates if one.name == "First Steps")
    assert kept.nodes == DOCUMENTS["first-steps"]["nodes"]
