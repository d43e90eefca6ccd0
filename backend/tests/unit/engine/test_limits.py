"""What keeps one graph from taking all: each limit ends a node or an execution with an error that names it."""

from __future__ import annotations

import pytest

from app.errors import CannotRun

from .conftest import Graph, Play, graph, node, state, statuses

ENDLESS = "($f := function($n) { $f($n + 1) }; $f(0))"


def doubled() -> dict:
    return node("set", config={"fields": {"a": "{{ $json }}", "b": "{{ $json }}"}})


def test_a_node_that_gives_more_than_the_limit_fails():
    execution = Play(max_output_bytes=1_000).run(graph("a", a=node("constant", config={"value": "x" * 2_000})))
    assert execution.node("a").error["code"] == "output_too_large"
    assert "max_output_bytes" in execution.error["message"]


def test_data_that_doubles_from_node_to_node_ends_at_the_limit():
    names = [f"n{place}" for place in range(40)]
    execution = Play().run(graph(" -> ".join(names), **{name: doubled() for name in names}), input="x" * 100)
    assert execution.error["code"] == "output_too_large"
    assert state(execution)["status"] == "failed"


def test_all_that_flows_in_an_execution_has_a_limit():
    names = " -> ".join(f"n{place}" for place in range(20))
    execution = Play(max_execution_bytes=10_000).run(graph(names), input="x" * 1_000)
    assert execution.error["code"] == "execution_too_large"
    assert "max_execution_bytes" in execution.error["message"]
    assert "completed" in statuses(execution).values()


def test_an_expression_without_end_fails_its_node_only():
    endless = node("code", config={"expression": ENDLESS}, on_error="continue")
    execution = Play().run(graph("a -> b", a=endless))
    assert execution.status == "completed"
    assert execution.node("a").error["code"] == "expression_error"


def test_groups_within_groups_without_end_are_refused():
    nested = [{"id": "g0", "type": "group", "data": {}}]
    nested += [{"id": f"g{place}", "type": "group", "parentId": f"g{place - 1}", "data": {}} for place in range(1, 900)]
    leaf = {"id": "leaf", "parentId": "g899", "data": {}}
    with pytest.raises(CannotRun) as refused:
        Play().run(Graph([*nested, leaf], []))
    assert refused.value.code == "too_many_groups"


def test_loops_that_all_lead_into_each_other_are_refused():
    names = [f"n{place}" for place in range(60)]
    lines = [f"{one}:item -> {other}@back" for one in names for other in names]
    with pytest.raises(CannotRun) as refused:
        Play().run(graph(*lines, **dict.fromkeys(names, "loop")))
    assert refused.value.code == "loops_entangled"


def test_a_connection_between_large_groups_is_refused_where_it_stands_for_too_many():
    nodes = [{"id": name, "type": "group", "data": {}} for name in "gh"]
    nodes += [{"id": f"{name}{place}", "parentId": name, "data": {}} for name in "gh" for place in range(500)]
    with pytest.raises(CannotRun) as refused:
        Play().run(Graph(nodes, [{"id": "c", "source": "g", "target": "h"}]))
    assert refused.value.code == "too_many_groups"


def test_data_nested_by_node_after_node_end_before_they_cannot_be_written():
    names = [f"n{place}" for place in range(250)]
    wrapping = node("merge", config={"mode": "wait_all"})
    execution = Play().run(graph(" -> ".join(names), **dict.fromkeys(names, wrapping)), input=1)
    assert execution.error["code"] == "too_deep"
    assert state(execution)["status"] == "failed"


def test_the_input_counts_once_for_each_node_that_starts_with_it():
    execution = Play(max_execution_bytes=10_000).run(graph(*"abcdef"), input="x" * 2_000)
    assert execution.error["code"] == "execution_too_large"
    assert set(statuses(execution).values()) == {"skipped"}


def test_long_expressions_have_a_limit_for_the_whole_execution():
    endless = node("code", config={"expression": ENDLESS}, on_error="continue")
    names = [f"n{place}" for place in range(40)]
    execution = Play(max_expression_steps=100_000).run(graph(" -> ".join(names), **dict.fromkeys(names, endless)))
    codes = [execution.node(name).error["code"] for name in names]
    assert (codes[0], codes[-1]) == ("expression_error", "expression_limit")


def test_a_delay_whose_length_takes_long_to_work_out_still_lasts_that_long():
    delay = node("delay", config={"seconds": "{{ $count([1..9000].($ * 2)) / 1000 }}"})
    execution = Play().run(graph("a", a=delay))
    assert execution.node("a").duration_ms >= 9_000
