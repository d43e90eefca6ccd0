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
