"""The Django door: flows as workflows and back, and what executions are called there."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dialects.django_flows import mapping
from app.models.execution import EXECUTION_TRANSITIONS, NODE_TRANSITIONS, Execution, NodeExecution
from app.models.workflow import MOST_NAME, Workflow, clean_graph
from app.moments import MICROSECONDS
from tests.properties.graphs import drawings

Json = Any

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=5), VALUES, max_size=3)
MOMENTS = st.integers(0, 4_000_000_000_000).map(lambda milliseconds: milliseconds * 1000)
FIELDS = ("name", "description", "nodes", "edges", "metadata", "is_active", "version", "tags")
WORKFLOW_FIELDS = ("name", "description", "tags", "nodes", "connections", "viewport", "metadata", "extra")
CHOICES = {
    "execution": {"pending", "running", "completed", "failed", "stopped"},
    "node": {"pending", "running", "completed", "failed"},
}
"""The statuses that the models of the document have."""


@st.composite
def workflows(draw: Any) -> Workflow:
    """Workflows as other doors may leave them."""
    graph = draw(drawings(most=5)).graph()
    nodes, connections = clean_graph(graph.nodes, graph.connections)
    return Workflow(
        id="wf_1",
        number=draw(st.integers(1, 10**6)),
        name=draw(st.text(min_size=1, max_size=MOST_NAME)),
        description=draw(st.text(max_size=20)),
        tags=draw(st.lists(st.text(min_size=1, max_size=5), max_size=3)),
        nodes=[{**node, "own": draw(VALUES)} for node in nodes],
        connections=connections,
        viewport=draw(OBJECTS),
        metadata=draw(OBJECTS),
        extra=draw(OBJECTS | st.fixed_dictionaries({"version": VALUES, "is_active": VALUES, "mine": VALUES})),
        created_at=draw(MOMENTS),
        updated_at=draw(MOMENTS),
    )


def saved(workflow: Workflow, given: Json) -> Workflow:
    """A workflow after a flow was saved over it."""
    held = {name: getattr(workflow, name) for name in WORKFLOW_FIELDS} | mapping.fields(given, workflow.extra)
    times = {"created_at": workflow.created_at, "updated_at": workflow.updated_at}
    return Workflow(id=workflow.id, number=workflow.number, **times, **held)


@given(workflows())
def test_saving_what_a_flow_says_changes_nothing_that_it_says_and_nothing_beside_it(workflow: Workflow) -> None:
    shown = mapping.flow(workflow)
    after = saved(workflow, shown)
    assert mapping.flow(after) == shown
    for name in WORKFLOW_FIELDS[:-1]:
        assert getattr(after, name) == getattr(workflow, name)
    own = {"version", "is_active"}
    assert {name: held for name, held in after.extra.items() if name not in own} == {
        name: held for name, held in workflow.extra.items() if name not in own
    }


@given(workflows())
def test_a_flow_that_is_saved_comes_back_as_it_was_sent(other: Workflow) -> None:
    there = Workflow("wf_2", 2, "There", "", [], [], [], {}, {}, {"version": 5, "mine": 1}, 0, 0)
    sent = {name: mapping.flow(other)[name] for name in FIELDS}
    shown = mapping.flow(saved(there, sent))
    assert {name: shown[name] for name in FIELDS} == sent


@given(workflows(), st.sets(st.sampled_from(FIELDS)))
def test_only_what_is_sent_is_changed(workflow: Workflow, names: set[str]) -> None:
    sent = {name: mapping.flow(workflow)[name] for name in names}
    only_here = {"version", "is_active"}
    ours = {"edges": "connections", **dict.fromkeys(only_here, "extra")}
    assert set(mapping.fields(sent, workflow.extra)) == {ours.get(name, name) for name in names}


@given(workflows())
def test_version_and_active_are_a_text_and_a_flag_whatever_was_saved_as_such(workflow: Workflow) -> None:
    shown = mapping.flow(workflow)
    assert isinstance(shown["version"], str)
    assert 1 <= len(shown["version"]) <= mapping.MOST_VERSION
    assert isinstance(shown["is_active"], bool)


@given(workflows())
def test_a_copy_has_the_graph_and_is_a_first_version_that_is_not_active(workflow: Workflow) -> None:
    held = mapping.copy(workflow)
    shown = mapping.flow(Workflow(id="wf_2", number=2, created_at=0, updated_at=0, **held))
    assert (shown["nodes"], shown["edges"]) == (workflow.nodes, workflow.connections)
    assert held["viewport"] == workflow.viewport
    assert (shown["version"], shown["is_active"]) == ("1.0.0", False)
    assert shown["name"].endswith(" (Copy)")
    assert len(shown["name"]) <= MOST_NAME


def test_every_status_has_a_word_that_the_models_of_the_document_know() -> None:
    assert set(mapping.EXECUTION_STATUSES) == set(EXECUTION_TRANSITIONS)
    assert set(mapping.NODE_STATUSES) == set(NODE_TRANSITIONS)
    assert set(mapping.EXECUTION_STATUSES.values()) <= CHOICES["execution"]
    assert set(mapping.NODE_STATUSES.values()) <= CHOICES["node"]


def test_what_is_final_here_is_final_there() -> None:
    final = {"completed", "failed", "stopped"}
    for status, following in EXECUTION_TRANSITIONS.items():
        assert (mapping.EXECUTION_STATUSES[status] in final) == (not following)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-01-01T09:00:00.000Z", "2026-01-01T09:00:00Z"),
        ("2026-01-01T09:00:00.123Z", "2026-01-01T09:00:00.123000Z"),
        ("2026-01-01T09:00:00.100Z", "2026-01-01T09:00:00.100000Z"),
        (None, None),
    ],
)
def test_times_are_written_as_django_rest_framework_does(moment: str | None, expected: str | None) -> None:
    assert mapping.time(moment) == expected


def test_node_executions_have_ids_that_no_other_has() -> None:
    def execution(number: int) -> Json:
        made = Execution(f"ex_{number}", number, "wf_1", 1, "A", "manual", None, 7, MICROSECONDS)
        made.nodes = [NodeExecution(name, "set") for name in "abc"]
        return made.as_dict()

    shown = [run for number in (1, 2, 300) for run in mapping.node_executions(execution(number))]
    assert len({run["id"] for run in shown}) == len(shown) == 9
    assert [run["flow_execution"] for run in shown] == [1] * 3 + [2] * 3 + [300] * 3
