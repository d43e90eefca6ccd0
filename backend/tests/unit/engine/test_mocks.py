"""What a user pins in ``data.mock`` wins, and is marked."""

from __future__ import annotations

import pytest

from .conftest import Play, graph, node, runs, state, statuses, times


@pytest.mark.parametrize("output", [5, "text", None, [1, 2], {"any": "thing"}, {}, False])
def test_a_pinned_output_leaves_by_the_first_port(output):
    execution = Play().run(graph("a -> b", a=node("http_request", mock={"output": output})))
    assert execution.node("b").input == {"input": output}
    assert execution.node("a").origin == "mocked"
    assert execution.node("b").origin == "simulated"


def test_an_output_by_port_decides_the_way():
    execution = Play().run(graph("c:true -> a", "c:false -> b", c=node("if", mock={"output": {"false": 3}})))
    assert statuses(execution) == {"c": "completed", "a": "skipped", "b": "completed"}
    assert execution.node("b").input == {"input": 3}
    assert execution.node("c").branch == "false"


def test_an_output_by_port_of_an_unknown_type():
    assert Play().run(graph("a -> b", a=node("mine", mock={"output": {"output": 3}}))).output == {"b": 3}


def test_an_output_whose_keys_are_not_all_ports_is_a_value():
    execution = Play().run(graph("c:true -> a", c=node("if", mock={"output": {"true": 1, "other": 2}})))
    assert execution.node("a").input == {"input": {"true": 1, "other": 2}}


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("no luck", {"code": "mocked", "message": "no luck"}),
        ({"code": "e42", "message": "Hm."}, {"code": "e42", "message": "Hm."}),
        ({"code": "e42"}, {"code": "e42", "message": "Failed as pinned."}),
    ],
)
def test_a_pinned_error_fails_every_attempt(error, shown):
    execution = Play().run(graph("a", a=node(mock={"error": error}, retry={"max_attempts": 3})))
    assert execution.status == "failed"
    assert execution.node("a").error == shown
    assert execution.node("a").attempt == 3


def test_a_node_that_fails_twice_and_then_works():
    mock = {"fail_attempts": 2, "error": "not yet", "output": "at last"}
    execution = Play().run(graph("a", a=node(mock=mock, retry={"max_attempts": 3})))
    assert execution.output == {"a": "at last"}
    told = [event.data["error"]["message"] for event in execution.events if event.type == "node.retrying"]
    assert told == ["not yet", "not yet"]


def test_no_failed_attempts_mean_that_it_works():
    assert Play().run(graph("a", a=node(mock={"fail_attempts": 0, "error": "never"}))).status == "completed"


@pytest.mark.parametrize("duration", [0, 1, 499, 500, 3999, 4000, 86_400_000])
def test_a_pinned_duration_is_exact(duration):
    execution = Play().run(graph("a", a=node("llm_chat", mock={"duration_ms": duration})))
    assert times(execution)["a"] == (0, duration)
    assert execution.node("a").duration_ms == duration


def test_a_pinned_duration_alone_hands_the_input_on():
    assert Play().run(graph("a -> b", a=node("http_request", mock={"duration_ms": 5})), input=3).output == {"b": 3}


def test_a_node_may_be_pinned_as_skipped():
    execution = Play().run(graph("a -> b -> c", "a -> c", b=node(mock={"skip": True})), input=1)
    assert statuses(execution) == {"a": "completed", "b": "skipped", "c": "completed"}
    assert execution.node("b").origin == "mocked"
    assert execution.node("c").input == {"input": 1}


def test_a_first_node_may_be_pinned_as_skipped():
    execution = Play().run(graph("a -> b", a=node(mock={"skip": True})))
    assert statuses(execution) == {"a": "skipped", "b": "skipped"}
    assert execution.status == "completed"


def test_a_pinned_loop_goes_over_what_was_pinned():
    drawn = graph("t -> l", "l:item -> x -> l", "l:done -> z", l=node("loop", mock={"output": ["p", "q"]}))
    execution = Play().run(drawn, input=[1])
    assert execution.output == {"z": ["p", "q"]}
    assert len(runs(execution, "x")) == 2


def test_a_pinned_approval_asks_nobody():
    drawn = graph("q:approved -> a", "q:rejected -> b", q=node("approval", mock={"output": {"rejected": {"why": 1}}}))
    assert statuses(Play().run(drawn)) == {"q": "completed", "a": "skipped", "b": "completed"}


def test_a_pinned_sub_workflow_calls_nobody():
    play = Play()
    assert play.run(graph("s", s=node("sub_workflow", mock={"output": 1}))).output == {"s": 1}
    assert len(play.box.store.executions) == 1


def test_an_empty_mock_pins_nothing():
    execution = Play().run(graph("a", a=node(mock={})))
    assert execution.node("a").origin == "simulated"


def test_a_disabled_node_passes_through_whatever_is_pinned():
    execution = Play().run(graph("a -> b", a=node(disabled=True, mock={"error": "no", "output": 9})), input=1)
    assert execution.status == "completed"
    assert execution.output == {"b": 1}


def test_a_mock_of_the_execution_wins_over_the_document():
    execution = Play().run(graph("a", a=node(mock={"output": 1})), mocks={"a": {"output": 2}})
    assert state(execution)["output"] == {"a": 2}


def test_a_pinned_error_port_leaves_by_it():
    execution = Play().run(graph("a -> b", "a:error -> e", a=node(mock={"output": {"error": "x"}})))
    assert statuses(execution) == {"a": "completed", "b": "skipped", "e": "completed"}
