"""Partial executions: from a node on, up to a node, or what lies between two."""

from __future__ import annotations

import pytest

from app.errors import CannotRun

from .conftest import Play, graph, node, runs, state, statuses, took


def drawn():
    return graph("t -> a -> b -> c", "t -> d -> c", "b -> e", a=took(1, output="A"))


def test_from_a_node_on():
    execution = Play().run(drawn(), start_node="b", input=7)
    assert statuses(execution) == {"b": "completed", "c": "completed", "e": "completed"}
    assert execution.node("b").input == {"input": 7}
    assert execution.progress() == {"completed": 3, "total": 3, "percent": 100}


def test_up_to_a_node():
    execution = Play().run(drawn(), stop_node="b", input=7)
    assert list(statuses(execution)) == ["t", "a", "b"]
    assert execution.output == {"b": "A"}


def test_between_two_nodes():
    assert list(statuses(Play().run(drawn(), start_node="a", stop_node="c"))) == ["a", "b", "c"]


def test_one_node_alone():
    execution = Play().run(drawn(), start_node="b", stop_node="b", input=7)
    assert execution.output == {"b": 7}


def test_what_lies_outside_is_not_waited_for():
    execution = Play().run(drawn(), start_node="d")
    assert statuses(execution) == {"c": "completed", "d": "completed"}


def test_the_dataflow_of_a_partial_execution_has_only_its_connections():
    execution = Play().run(drawn(), start_node="b")
    assert {(flow.source, flow.target) for flow in execution.flows} == {("b", "c"), ("b", "e")}


def test_where_no_way_leads_there_is_nothing_to_execute():
    with pytest.raises(CannotRun) as refused:
        Play().start(drawn(), start_node="d", stop_node="a")
    assert refused.value.errors[0]["code"] == "nothing_to_execute"


@pytest.mark.parametrize("options", [{"start_node": "nobody"}, {"stop_node": "nobody"}, {"start_node": "n"}])
def test_a_start_or_stop_node_that_does_not_execute_is_refused_where_it_was_named(options):
    with pytest.raises(CannotRun) as refused:
        Play().start(graph("a -> b", n="note"), **options)
    (culprit,) = refused.value.errors
    assert (culprit["code"], culprit["pointer"]) == ("node_not_found", f"/{next(iter(options))}")


def test_a_partial_execution_in_a_loop_runs_the_whole_loop():
    play = Play()
    whole = graph("t -> l", "l:item -> x -> y -> l", "l:done -> z", l="loop")
    execution = play.run(whole, stop_node="x", input=[1, 2])
    assert len(runs(execution, "x")) == 2
    assert "z" not in statuses(execution)
    again = play.run(whole, start_node="l", input=[1, 2, 3])
    assert len(runs(again, "x")) == 3
    assert "t" not in statuses(again)


def test_a_partial_execution_of_a_broken_graph_is_refused_as_the_whole_is():
    with pytest.raises(CannotRun):
        Play().start(graph("a -> b", "c -> d -> c"), start_node="a")


def test_a_partial_execution_knows_its_groups():
    whole = graph("s -> g -> z", "a -> b", g="group", a=node(parent="g"), b=node(parent="g"))
    execution = Play().run(whole, start_node="a", input=4)
    assert list(statuses(execution)) == ["z", "a", "b"]
    assert state(execution)["output"] == {"z": 4}


def test_mocks_of_one_execution_do_not_stay():
    play = Play()
    workflow = play.save(graph("a -> b"))
    mocked = play.run(workflow, input=1, mocks={"a": {"output": 9}})
    plain = play.run(workflow, input=1)
    assert (mocked.output, plain.output) == ({"b": 9}, {"b": 1})
    assert mocked.node("a").origin == "mocked"
    assert mocked.as_dict()["nodes"][1]["origin"] == "simulated"
