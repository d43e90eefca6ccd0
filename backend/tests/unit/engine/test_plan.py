"""The plan: what is refused with one error per culprit, and what ports and loops it finds."""

from __future__ import annotations

import pytest

from app.engine.plan import ROOT
from app.engine.planning import make_plan
from app.errors import CannotRun
from app.nodes.registry import Registry

from .conftest import graph, node


def plan_of(drawn, **options):
    return make_plan(drawn.nodes, drawn.connections, Registry().get, **options)


def refusal(drawn):
    with pytest.raises(CannotRun) as refused:
        plan_of(drawn)
    return refused.value


def scopes(plan):
    return {step.id: None if step.scope == ROOT else plan.steps[step.scope].id for step in plan.steps}


def test_every_end_of_a_connection_that_points_at_nothing_is_a_culprit():
    drawn = graph("a -> b", "c -> d")
    drawn.nodes = [drawn.nodes[1], drawn.nodes[2]]
    error = refusal(drawn)
    assert [culprit["pointer"] for culprit in error.errors] == ["/connections/0/source", "/connections/1/target"]
    assert [culprit["connection_id"] for culprit in error.errors] == [line["id"] for line in drawn.connections]
    assert {culprit["code"] for culprit in error.errors} == {"dangling_connection"}
    assert "2 things" in error.message


def test_each_cycle_is_a_culprit_with_its_path():
    error = refusal(graph("a -> b -> a", "c -> d -> e -> c", "f -> f", "a -> c"))
    found = [sorted(set(culprit["path"])) for culprit in error.errors]
    assert sorted(found) == [["a", "b"], ["c", "d", "e"], ["f"]]
    for culprit in error.errors:
        assert culprit["node_id"] in culprit["path"]
        assert culprit["pointer"].startswith("/nodes/")


@pytest.mark.parametrize("drawn", [graph(), graph(n="note"), graph(g="group"), graph("n -> g", n="note", g="group")])
def test_a_graph_without_a_node_that_executes_has_nothing_to_execute(drawn):
    (culprit,) = refusal(drawn).errors
    assert culprit["code"] == "nothing_to_execute"


def test_a_pointer_to_a_cycle_leads_to_its_node():
    drawn = graph("a -> b -> a", n="note")
    drawn.nodes.insert(0, drawn.nodes.pop())
    (culprit,) = refusal(drawn).errors
    place = int(culprit["pointer"].rsplit("/", 1)[1])
    assert drawn.nodes[place]["id"] == culprit["node_id"]


def test_the_body_of_a_loop_is_what_hangs_on_item_and_not_on_done():
    plan = plan_of(graph("t -> l", "l:item -> x -> y -> l", "x -> z", "l:done -> z", l="loop"))
    assert scopes(plan) == {"t": None, "l": None, "x": "l", "y": "l", "z": None}


def test_nested_loops_lie_in_each_other():
    plan = plan_of(graph("o:item -> i", "i:item -> x -> i", "i:done -> y -> o", "o:done -> z", o="loop", i="loop"))
    assert scopes(plan) == {"o": None, "i": "o", "x": "i", "y": "o", "z": None}


def test_an_inner_loop_without_done_lies_in_the_loop_that_leads_to_it():
    for first, second in (("o", "i"), ("i", "o")):
        drawn = graph("t -> o", "o:item -> i", "i:item -> x -> o", "o:done -> z", o="loop", i="loop")
        drawn.nodes.sort(key=lambda one: one["id"] != first)
        assert scopes(plan_of(drawn)) == {"t": None, "o": None, "i": "o", "x": "i", "z": None}, second


def test_handles_that_a_type_does_not_have_mean_its_first_port():
    plan = plan_of(graph("a:right -> b@left", "c:sideways -> d@top", a="if", b="if", c="mine", d="mine"))
    assert [(link.source_port, link.target_port) for link in plan.links] == [("true", "input"), ("output", "top")]


def test_a_plan_of_ten_thousand_nodes_in_a_row_needs_no_deep_stack():
    names = [f"n{number}" for number in range(10_000)]
    plan = plan_of(graph(" -> ".join(names)))
    assert len(plan.links) == 9_999


def test_a_cycle_of_ten_thousand_nodes_is_found():
    names = [f"n{number}" for number in range(10_000)]
    (culprit,) = refusal(graph(" -> ".join([*names, "n0"]))).errors
    assert len(culprit["path"]) == 10_001


def test_what_stands_in_data_beside_the_mould_does_no_harm():
    odd = node(retry=None, timeout_ms=None, mock=None, config=None, label=None, on_error=None)
    (step,) = plan_of(graph(a=odd)).steps
    assert (step.max_attempts, step.timeout_ms, step.mock, step.on_error) == (1, None, None, "stop")
    (bare,) = plan_of(graph(a={"data": None})).steps
    assert bare.label == "a"
