"""Groups: no node to execute; what goes into one feeds the members that nothing else feeds."""

from __future__ import annotations

import pytest

from .conftest import Play, graph, node, statuses


def inside(parent):
    return node(parent=parent)


def run(drawn, value=1):
    execution = Play().run(drawn, input=value)
    assert execution.status == "completed"
    return execution


def inputs(execution):
    return {run.node_id: run.input.get("input") for run in execution.nodes if run.input is not None}


def flows(execution):
    return [(flow.source, flow.target) for flow in execution.flows]


def test_a_group_is_no_node_to_execute():
    assert statuses(run(graph("a -> b", g="group", a=inside("g"), b=inside("g")))) == {
        "a": "completed",
        "b": "completed",
    }


def test_a_connection_into_a_group_feeds_the_members_without_inner_input():
    drawn = graph("s -> g", "a -> b", "c", g="group", a=inside("g"), b=inside("g"), c=inside("g"))
    execution = run(drawn)
    order = [event.data["node_id"] for event in execution.events if event.type == "node.started"]
    assert order[0] == "s"
    assert set(order[1:3]) == {"a", "c"}
    assert inputs(execution)["b"] == 1


def test_a_connection_out_of_a_group_leaves_from_the_members_without_inner_output():
    drawn = graph("g -> z", "a -> b", "c", g="group", a=inside("g"), b=inside("g"), c=inside("g"))
    execution = run(drawn)
    assert inputs(execution)["z"] == [1, 1]
    assert flows(execution).count(("g", "z")) == 1


def test_the_name_of_older_files_works_too():
    drawn = graph("s -> g", a={"parentNode": "g"}, g="group")
    assert [event.data["node_id"] for event in run(drawn).events if event.type == "node.started"] == ["s", "a"]


def test_any_node_that_another_names_as_parent_is_a_group():
    assert list(statuses(run(graph("s -> g", g="default", a=inside("g"))))) == ["s", "a"]


def test_groups_within_groups():
    drawn = graph("s -> g -> z", g="group", h={"type": "group", "parentId": "g"}, a=inside("h"), b=inside("h"))
    execution = run(drawn)
    assert list(statuses(execution)) == ["s", "z", "a", "b"]
    assert inputs(execution)["z"] == [1, 1]


def test_a_connection_between_a_member_and_an_inner_group_is_an_inner_one():
    drawn = graph(
        "s -> g -> z", "x -> h", g="group", h={"type": "group", "parentId": "g"}, x=inside("g"), a=inside("h")
    )
    execution = run(drawn)
    order = [event.data["node_id"] for event in execution.events if event.type == "node.started"]
    assert order == ["s", "x", "a", "z"]


def test_a_connection_from_group_to_group():
    drawn = graph("g -> h", g="group", h="group", a=inside("g"), b=inside("g"), c=inside("h"), d=inside("h"))
    assert inputs(run(drawn)) == {"a": 1, "b": 1, "c": [1, 1], "d": [1, 1]}


def test_a_connection_into_a_member_from_outside_is_one_like_any_other():
    drawn = graph("s -> a", "t -> g", g="group", a=inside("g"))
    assert inputs(run(drawn))["a"] == [1, 1]


@pytest.mark.parametrize("line", ["g -> a", "a -> g"])
def test_a_connection_between_a_group_and_its_own_member_carries_nothing(line):
    drawn = graph("s -> g -> z", line, "a -> b", g="group", a=inside("g"), b=inside("g"))
    execution = run(drawn)
    assert [event.data["node_id"] for event in execution.events if event.type == "node.started"] == ["s", "a", "b", "z"]


def test_an_empty_group_carries_nothing():
    drawn = graph("s -> g -> z", g="group")
    assert statuses(run(drawn)) == {"s": "completed", "z": "completed"}


def test_an_empty_group_elsewhere_is_no_inner_input():
    drawn = graph("s -> g", "e -> a", g="group", e="group", a=inside("g"))
    assert [event.data["node_id"] for event in run(drawn).events if event.type == "node.started"] == ["s", "a"]


def test_a_parent_that_is_not_there_or_is_oneself_is_none():
    drawn = graph("a -> b", a=inside("nobody"), b=inside("b"))
    assert list(statuses(run(drawn))) == ["a", "b"]


def test_notes_in_a_group_are_not_fed():
    drawn = graph("s -> g -> z", g="group", n={"type": "note", "parentId": "g"}, a=inside("g"))
    assert list(statuses(run(drawn))) == ["s", "z", "a"]


def test_a_group_may_stand_in_a_loop():
    drawn = graph("l:item -> g -> l", "l:done -> z", l="loop", g="group", a=inside("g"))
    execution = run(drawn, [1, 2])
    assert execution.output == {"z": [1, 2]}


def test_handles_of_a_group_count_for_its_members():
    drawn = graph("s -> g:true -> z", g="group", a={**node("if", config={"condition": "false"}), "parentId": "g"})
    assert statuses(run(drawn)) == {"s": "completed", "z": "skipped", "a": "completed"}
