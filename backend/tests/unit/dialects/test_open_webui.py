"""Open WebUI's door: flows as workflows and back, an order to run in, and what executions come to."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.dialects.open_webui.mapping import (
    NODE_STATUSES,
    STATUSES,
    order,
    to_export,
    to_flow,
    to_workflow,
)
from app.dialects.open_webui.runs import NodeRun, Run, by_node, percentile, totals
from app.models.execution import EXECUTION_TRANSITIONS, NODE_TRANSITIONS
from app.models.workflow import clean_graph
from app.moments import MICROSECONDS, iso
from tests.properties.graphs import drawings

Json = Any

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=5), VALUES, max_size=3)
SECONDS = st.integers(0, 4_000_000_000)


@st.composite
def documents(draw: Any) -> dict[str, Json]:
    """Workflows as our own API shows them."""
    graph = draw(drawings()).graph()
    nodes, connections = clean_graph(graph.nodes, graph.connections)
    return {
        "id": draw(st.text("wf_0123456789", min_size=1)),
        "owner_id": draw(st.sampled_from(["us_demo", "us_alice"])),
        "name": draw(st.text(min_size=1, max_size=20)),
        "description": draw(st.text(max_size=20)),
        "nodes": [{**node, "data": {**node["data"], "own": draw(VALUES)}} for node in nodes],
        "connections": connections,
        "metadata": draw(OBJECTS),
        "created_at": iso(draw(SECONDS) * MICROSECONDS + draw(st.integers(0, 999_999))),
        "updated_at": iso(draw(SECONDS) * MICROSECONDS),
    }


@given(documents())
def test_what_a_flow_says_of_a_workflow_is_what_the_workflow_was(document: Json) -> None:
    written = ("name", "description", "nodes", "connections", "metadata")
    # A description that is empty is none, which a form does not have.
    expected = {name: document[name] for name in written if name != "description" or document[name]}
    assert to_workflow(to_flow(document)) == expected
    assert to_workflow(to_export(document)["flow"]) == expected


@given(documents())
def test_a_form_comes_back_as_it_was_sent(document: Json) -> None:
    form = {name: to_flow(document)[name] for name in ("name", "description", "nodes", "edges", "meta")}
    kept = document | {"description": ""} | to_workflow(form)
    assert {name: to_flow(kept)[name] for name in form} == form


def test_times_are_whole_seconds_and_never_later_than_they_were() -> None:
    document = {"id": "wf", "owner_id": "us", "name": "x", "description": "", "nodes": [], "connections": []}
    flow = to_flow(
        document | {"metadata": {}, "created_at": "2026-01-01T09:00:00.999Z", "updated_at": "2026-01-01T09:00:01.000Z"}
    )
    assert (flow["created_at"], flow["updated_at"]) == (1767258000, 1767258001)


def test_every_status_has_a_word_of_its_own() -> None:
    for words, statuses in ((STATUSES, EXECUTION_TRANSITIONS), (NODE_STATUSES, NODE_TRANSITIONS)):
        assert set(words) == set(statuses)
        assert len(set(words.values())) == len(words)


def lines(text: str) -> list[dict[str, str]]:
    """Edges from a text such as ``"a-b b-c"``."""
    return [dict(zip(("source", "target"), line.split("-"), strict=True)) for line in text.split()]


def nodes(text: str) -> list[dict[str, str]]:
    return [{"id": key} for key in text]


def test_nodes_run_behind_those_that_lead_to_them() -> None:
    assert order(nodes("dcba"), lines("a-b b-c c-d")) == ["a", "b", "c", "d"]
    assert order(nodes("abcd"), lines("a-d b-d")) == ["a", "b", "c", "d"]
    assert order(nodes("adb"), lines("a-d b-d")) == ["a", "b", "d"]
    assert order(nodes("da"), lines("a-d a-d")) == ["a", "d"]


def test_in_a_cycle_the_first_of_the_document_begins() -> None:
    assert order(nodes("abc"), lines("c-b b-a a-c")) == ["a", "c", "b"]
    assert order(nodes("ab"), lines("b-b")) == ["a", "b"]


def test_edges_that_end_nowhere_keep_nobody_waiting() -> None:
    assert order(nodes("ab"), lines("z-a a-y")) == ["a", "b"]


@given(drawings())
def test_every_node_has_one_place_behind_those_that_lead_to_it(drawing: Any) -> None:
    graph = drawing.graph()
    forward = [line for line in graph.connections if not drawing.leads_back(line["source"], line["target"])]
    found = order(graph.nodes, forward)
    assert all(found.index(line["source"]) < found.index(line["target"]) for line in forward)
    for each in (found, order(graph.nodes, graph.connections)):
        assert sorted(each) == sorted(node["id"] for node in graph.nodes)


def run(status: str, elapsed: int, second: int, *made: NodeRun) -> Run:
    return Run(status, elapsed, second * MICROSECONDS, made)


def test_totals_count_by_how_executions_ended_and_measure_those_that_did() -> None:
    runs = [run("completed", 10, 5), run("failed", 20, 7), run("stopped", 60, 6), run("running", 900, 8)]
    assert totals(runs) == {
        "total_executions": 4,
        "success_count": 1,
        "error_count": 1,
        "aborted_count": 1,
        "avg_execution_time": 30.0,
        "last_execution_at": 8,
    }


def test_without_executions_nothing_is_divided_by_their_number() -> None:
    assert totals([])["avg_execution_time"] == 0
    assert totals([])["last_execution_at"] is None
    assert percentile([], 50) is None


def test_a_percentile_is_one_of_the_numbers() -> None:
    hundred = list(range(1, 101))
    assert [percentile(hundred, percent) for percent in (50, 90, 99)] == [50, 90, 99]
    assert [percentile([7], percent) for percent in (50, 99)] == [7, 7]
    assert percentile([1, 2, 3], 50) == 2


def test_nodes_that_were_not_reached_do_not_count() -> None:
    reached = [
        NodeRun("a", "set", "completed", 4),
        NodeRun("a", "set", "failed", 8),
        NodeRun("a", "set", "running", None),
    ]
    missed = [NodeRun("a", "set", "idle", None), NodeRun("b", "set", "skipped", None)]
    assert by_node(reached + missed) == [
        {
            "node_id": "a",
            "node_type": "set",
            "execution_count": 3,
            "success_count": 1,
            "error_count": 1,
            "error_rate": 0.5,
            "avg_execution_time": 6.0,
        }
    ]
