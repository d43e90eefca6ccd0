"""Loops: a body runs once per item, and its results come back."""

from __future__ import annotations

import pytest

from app.errors import CannotRun

from .conftest import Play, broken, graph, kinds, node, runs, state, statuses, times, took


def test_the_body_runs_once_per_item_one_after_another():
    drawn = graph("t -> l", "l:item -> x -> l@back", "l:done -> z", l="loop", t=took(10), x=took(20), z=took(5))
    execution = Play().run(drawn, input=["a", "b", "c"])
    assert execution.status == "completed"
    assert [(run["iteration"], run["input"], run["status"]) for run in runs(execution, "x")] == [
        (0, {"input": "a"}, "completed"),
        (1, {"input": "b"}, "completed"),
        (2, {"input": "c"}, "completed"),
    ]
    assert execution.node("l").output == {"done": ["a", "b", "c"]}
    assert execution.output == {"z": ["a", "b", "c"]}
    begins = [run["started_at"] for run in runs(execution, "x")]
    assert begins == sorted(begins)
    assert len(set(begins)) == 3


def test_iterations_outside_of_loops_are_null():
    execution = Play().run(graph("t -> l", "l:item -> x -> l", "l:done -> z", l="loop"), input=[1])
    assert {run.node_id: run.iteration for run in execution.nodes} == {"t": None, "l": None, "x": 0, "z": None}


@pytest.mark.parametrize("back", ["x -> l@back", "x -> l@input", "x -> l"])
def test_any_connection_from_the_body_into_the_loop_node_leads_back(back):
    execution = Play().run(graph("t -> l", "l:item -> x", back, "l:done -> z", l="loop"), input=[1, 2])
    assert execution.output == {"z": [1, 2]}


def test_what_came_back_is_what_done_gives():
    drawn = graph("l:item -> x -> l", "l:done -> z", l=node("loop", config={"items": [1, 2]}), x=took(1, output="r"))
    assert Play().run(drawn).output == {"z": ["r", "r"]}


def test_where_nothing_leads_back_the_ends_of_the_body_are_the_results():
    drawn = graph("l:item -> x -> y", "l:done -> z", l=node("loop", config={"items": [1, 2]}))
    execution = Play().run(drawn)
    assert execution.output == {"z": [1, 2]}
    assert len(runs(execution, "y")) == 2


def test_a_body_of_branches_is_over_when_its_slowest_node_is():
    drawn = graph(
        "l:item -> a -> l",
        "l:item -> b",
        "l:done -> z",
        l=node("loop", config={"items": [1, 2]}),
        a=took(5),
        b=took(50),
    )
    execution = Play().run(drawn)
    first, second = runs(execution, "a")
    slow, _ = runs(execution, "b")
    assert second["started_at"] == slow["finished_at"]
    assert first["finished_at"] < slow["finished_at"]
    assert execution.output == {"z": [1, 2]}


def test_the_side_input_of_a_body_stays_for_every_iteration():
    drawn = graph(
        "t -> l", "l:item -> x@item -> l", "c -> x@side", "l:done -> z", l="loop", x="mine", c=took(70, output="S")
    )
    execution = Play().run(drawn, input=[1, 2, 3])
    assert [run["input"] for run in runs(execution, "x")] == [{"item": item, "side": "S"} for item in (1, 2, 3)]
    assert execution.status == "completed"


def test_a_body_waits_for_a_side_input_that_comes_late():
    drawn = graph("l:item -> x -> l", "c -> x", l=node("loop", config={"items": [1, 2]}), c=took(5000), x=took(1))
    execution = Play().run(drawn)
    assert times(execution)["x"] == (5001, 5002)
    assert execution.status == "completed"


def test_a_dead_side_input_does_not_hold_a_body_back():
    drawn = graph(
        "i:false -> c -> x",
        "l:item -> x -> l",
        l=node("loop", config={"items": [1, 2]}),
        i=node("if", config={"condition": "true"}),
    )
    execution = Play().run(drawn)
    assert statuses(execution) == {"i": "completed", "c": "skipped", "x": "completed", "l": "completed"}
    assert len(runs(execution, "x")) == 2


def test_an_empty_list_skips_the_body_and_goes_on():
    execution = Play().run(graph("t -> l", "l:item -> x -> l", "l:done -> z", l="loop"), input=[])
    assert statuses(execution) == {"t": "completed", "l": "completed", "x": "skipped", "z": "completed"}
    assert execution.output == {"z": []}


def test_an_empty_list_skips_a_body_that_has_a_side_input_too():
    drawn = graph("t -> l", "l:item -> x -> y -> l", "c -> x", "c -> y", "l:done -> z", l="loop")
    for slow in (1, 500):
        drawn.nodes[-2]["data"] = {"mock": {"duration_ms": slow}}
        execution = Play().run(drawn, input=[])
        found = statuses(execution)
        assert (found["x"], found["y"], found["z"]) == ("skipped", "skipped", "completed")
        assert execution.status == "completed"


@pytest.mark.parametrize("how", ["failing", "disabled", "skipped"])
def test_a_loop_that_does_not_run_skips_its_body_even_with_a_side_input(how):
    loop = {
        "failing": node("loop", on_error="continue", mock={"error": "no"}),
        "disabled": node("loop", disabled=True),
        "skipped": node("loop", mock={"skip": True}),
    }[how]
    drawn = graph("t -> l", "l:item -> x -> l", "c -> x", "l:done -> z", l=loop)
    execution = Play().run(drawn, input=[1, 2])
    found = statuses(execution)
    assert execution.status == "completed"
    assert found["x"] == "skipped"
    assert found["z"] == ("skipped" if how == "skipped" else "completed")


def test_a_loop_may_have_no_body():
    execution = Play().run(graph("t -> l", "l:done -> z", l="loop"), input=[1, 2])
    assert execution.output == {"z": [1, 2]}


def test_a_loop_may_be_its_own_body():
    execution = Play().run(graph("t -> l", "l:item -> l", "l:done -> z", l="loop"), input=[1, 2])
    assert execution.output == {"z": [1, 2]}


def test_batches_go_round_together():
    drawn = graph("t -> l", "l:item -> x -> l", "l:done -> z", l=node("loop", config={"batch_size": 2}))
    execution = Play().run(drawn, input=[1, 2, 3])
    assert [run["input"]["input"] for run in runs(execution, "x")] == [[1, 2], [3]]


def test_nested_loops_count_a_path():
    drawn = graph(
        "t -> o",
        "o:item -> i",
        "i:item -> x -> i",
        "i:done -> y -> o",
        "o:done -> z",
        o="loop",
        i="loop",
    )
    execution = Play().run(drawn, input=[["a", "b"], ["c"], []])
    assert [run["iteration"] for run in runs(execution, "x")] == [[0, 0], [0, 1], [1, 0], [2, 0]]
    assert [run["status"] for run in runs(execution, "x")] == ["completed"] * 3 + ["skipped"]
    assert [run["iteration"] for run in runs(execution, "i")] == [0, 1, 2]
    assert execution.output == {"z": [["a", "b"], ["c"], []]}
    assert execution.progress()["percent"] == 100


def test_three_loops_deep():
    drawn = graph(
        "t -> a", "a:item -> b", "b:item -> c", "c:item -> x -> c", "c:done -> b", "b:done -> a", "a:done -> z",
        a="loop", b="loop", c="loop",
    )  # fmt: skip
    execution = Play().run(drawn, input=[[[1, 2], [3]], [[4]]])
    assert execution.output == {"z": [[[1, 2], [3]], [[4]]]}
    assert [run["iteration"] for run in runs(execution, "x")] == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0]]


def test_a_decision_in_the_body_acts_like_continue():
    drawn = graph(
        "t -> l",
        "l:item -> c",
        "c:true -> x -> l",
        "c:false -> s",
        "l:done -> z",
        l="loop",
        c=node("if", config={"condition": "$json > 1"}),
    )
    execution = Play().run(drawn, input=[1, 2, 3])
    assert [run["status"] for run in runs(execution, "x")] == ["skipped", "completed", "completed"]
    assert [run["status"] for run in runs(execution, "s")] == ["completed", "skipped", "skipped"]
    assert execution.output == {"z": [2, 3]}


def test_a_way_out_of_the_body_is_taken_when_the_loop_ends():
    drawn = graph("t -> l", "l:item -> x -> l", "x -> z@exit", "l:done -> z@done", l="loop", x=took(10), z="mine")
    execution = Play().run(drawn, input=[1, 2])
    assert [run["input"] for run in runs(execution, "z")] == [{"exit": 2, "done": [1, 2]}]


def test_a_way_out_that_was_taken_stays_taken_in_later_iterations():
    drawn = graph(
        "t -> l",
        "l:item -> c",
        "c:true -> z@found",
        "c:false -> l",
        "l:done -> z@done",
        l="loop",
        c=node("if", config={"condition": "$json = 2"}),
        z="mine",
    )
    execution = Play().run(drawn, input=[1, 2, 3])
    assert execution.node("z").input == {"found": 2, "done": [1, 3]}


def test_a_way_out_of_two_loops_waits_for_both():
    drawn = graph(
        "t -> o", "o:item -> i", "i:item -> x -> i", "i:done -> o", "x -> z@exit", "o:done -> z@done",
        o="loop", i="loop", z="mine",
    )  # fmt: skip
    execution = Play().run(drawn, input=[[1, 2], [3], []])
    assert execution.node("z").input == {"exit": 3, "done": [[1, 2], [3], []]}
    assert len(runs(execution, "z")) == 1


def test_a_way_out_into_the_outer_body_is_taken_in_each_of_its_iterations():
    drawn = graph(
        "t -> o", "o:item -> i", "i:item -> x -> i", "i:done -> y@done -> o", "x -> y@exit", "o:done -> z",
        o="loop", i="loop", y="mine",
    )  # fmt: skip
    execution = Play().run(drawn, input=[[1, 2], [3]])
    assert [run["input"] for run in runs(execution, "y")] == [{"exit": 2, "done": [1, 2]}, {"exit": 3, "done": [3]}]


def test_a_loop_that_never_started_leaves_its_ways_out_dead():
    drawn = graph("l:item -> x -> l", "x -> z@exit", "l:done -> z@done", "a -> z", l=node("loop", mock={"skip": True}))
    execution = Play().run(drawn, input=1)
    assert statuses(execution)["z"] == "completed"
    assert execution.status == "completed"


def test_a_node_that_fails_in_the_body_fails_the_execution():
    drawn = graph("t -> l", "l:item -> x -> y -> l", "l:done -> z", l="loop", x=took(3, fail_attempts=1))
    execution = Play().run(drawn, input=[1, 2])
    assert execution.status == "failed"
    assert execution.error["node_id"] == "x"
    assert statuses(execution) == {"t": "completed", "l": "stopped", "x": "failed", "y": "skipped", "z": "skipped"}


def test_a_failure_in_the_body_may_be_continued():
    drawn = graph("t -> l", "l:item -> x -> l", "l:done -> z", l="loop", x=broken(on_error="continue"))
    execution = Play().run(drawn, input=[1, 2])
    assert execution.status == "completed"
    assert execution.output == {"z": [1, 2]}
    assert [run["status"] for run in runs(execution, "x")] == ["failed", "failed"]


def test_a_node_of_the_body_tries_again_in_each_iteration():
    drawn = graph("t -> l", "l:item -> x -> l", l="loop", x=node(retry={"max_attempts": 2}, mock={"fail_attempts": 1}))
    execution = Play().run(drawn, input=[1, 2])
    assert [(run["attempt"], run["status"], run["error"]) for run in runs(execution, "x")] == [
        (2, "completed", None)
    ] * 2


def test_a_failing_loop_may_send_its_error_on():
    drawn = graph("t -> l", "l:item -> x -> l", "l:done -> z", "l:error -> e", l=node("loop", mock={"error": "no"}))
    execution = Play().run(drawn, input=[1])
    assert statuses(execution) == {
        "t": "completed",
        "l": "failed",
        "x": "skipped",
        "z": "skipped",
        "e": "completed",
    }
    assert execution.status == "completed"


def test_a_disabled_loop_hands_its_input_to_done():
    execution = Play().run(graph("t -> l", "l:item -> x -> l", "l:done -> z", l=node("loop", disabled=True)), input=5)
    assert execution.output == {"z": 5}


def test_a_disabled_node_in_the_body_hands_every_item_on():
    execution = Play().run(
        graph("t -> l", "l:item -> x -> l", "l:done -> z", l="loop", x=node(disabled=True)), input=[1, 2]
    )
    assert execution.output == {"z": [1, 2]}


def test_a_long_loop_of_nodes_that_take_no_time_needs_no_deep_stack():
    drawn = graph("t -> l", "l:item -> x -> l", l=node("loop", config={"max_iterations": 5000}), x=node(disabled=True))
    execution = Play().run(drawn, input=list(range(5000)))
    assert execution.status == "completed"
    assert len(runs(execution, "x")) == 5000


def test_a_loop_in_a_body_that_is_skipped_this_time_runs_the_next():
    drawn = graph(
        "t -> o", "o:item -> c", "c:true -> i", "i:item -> x -> i", "i:done -> o", "o:done -> z",
        o="loop", i=node("loop", config={"items": [1, 2]}), c=node("if", config={"condition": "$json"}),
    )  # fmt: skip
    execution = Play().run(drawn, input=[False, True, False, True])
    assert [run["status"] for run in runs(execution, "i")] == ["skipped", "completed", "skipped", "completed"]
    assert execution.output == {"z": [[1, 2], [1, 2]]}


def test_a_person_may_be_asked_in_every_iteration():
    drawn = graph("t -> l", "l:item -> q:approved -> l", "l:done -> z", l="loop", q="approval")
    play = Play()
    execution = play.run(drawn, input=[1, 2])
    for place in range(2):
        assert state(execution)["status"] == "waiting"
        assert execution.waiting_for[0]["iteration"] == place
        play.answer(execution, "q", {"decision": "approved"})
        play.finish()
    assert execution.status == "completed"
    assert len(execution.output["z"]) == 2


def test_the_loop_tells_how_far_it_came():
    execution = Play().run(graph("t -> l", "l:item -> x -> l", l="loop"), input=[1, 2, 3, 4])
    told = [event.data["progress"] for event in execution.events if event.type == "node.progress"]
    assert told == [25, 50, 75]
    assert kinds(execution).count("node.started") == 6


def test_a_cycle_without_a_loop_node_is_refused_with_its_path():
    with pytest.raises(CannotRun) as refused:
        Play().start(graph("a -> b -> c -> a", "c -> d"))
    (error,) = refused.value.errors
    assert error["code"] == "cycle"
    assert sorted(set(error["path"])) == ["a", "b", "c"]
    assert error["path"][0] == error["path"][-1]
    assert error["node_id"] in "abc"
    assert error["connection_id"]


def test_a_cycle_through_done_is_no_loop():
    with pytest.raises(CannotRun):
        Play().start(graph("t -> l", "l:item -> x -> l", "l:done -> y -> l", l="loop"))


def test_loops_may_not_overlap():
    with pytest.raises(CannotRun) as refused:
        Play().start(graph("t -> a:item -> x", "t -> b:item -> x", a="loop", b="loop"))
    assert {error["code"] for error in refused.value.errors} == {"cycle"}


def test_an_inner_loop_may_go_straight_back_to_the_outer():
    drawn = graph("t -> o", "o:item -> i", "i:item -> x -> o", "o:done -> z", o="loop", i="loop")
    execution = Play().run(drawn, input=[[1, 2], [3]])
    assert [run["iteration"] for run in runs(execution, "x")] == [[0, 0], [0, 1], [1, 0]]
    assert execution.status == "completed"


def test_two_loops_in_a_row_do_not_disturb_each_other():
    drawn = graph("t -> a", "a:item -> x -> a", "a:done -> b", "b:item -> y -> b", "b:done -> z", a="loop", b="loop")
    execution = Play().run(drawn, input=[1, 2])
    assert execution.output == {"z": [1, 2]}
    assert [len(runs(execution, name)) for name in "xy"] == [2, 2]


def test_an_inner_body_may_take_a_side_input_from_the_outer_body():
    drawn = graph(
        "t -> o", "o:item -> a -> x@side", "o:item -> i", "i:item -> x@item -> i", "i:done -> o", "o:done -> z",
        o="loop", i="loop", x="mine", a=took(1, output="A"),
    )  # fmt: skip
    execution = Play().run(drawn, input=[[1, 2], [3]])
    assert [run["input"] for run in runs(execution, "x")] == [{"side": "A", "item": item} for item in (1, 2, 3)]


def test_an_inner_loop_may_be_fed_from_outside_of_the_outer_too():
    drawn = graph(
        "t -> o", "o:item -> i", "c -> i", "i:item -> x -> i", "i:done -> o", "o:done -> z",
        o="loop", i=node("loop", mock={"output": [1, 2]}), c=took(1),
    )  # fmt: skip
    execution = Play().run(drawn, input=["p", "q"])
    assert [run["iteration"] for run in runs(execution, "x")] == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert execution.status == "completed"


def test_the_loop_whose_done_leads_to_the_other_is_the_inner_one():
    drawn = graph("o:item -> i", "c -> i", "i:item -> x -> i", "x -> y@exit", "i:done -> y@done -> o", "o:done -> z",
        o=node("loop", mock={"output": ["p"]}), i=node("loop", mock={"output": [1, 2]}), y="mine",
    )  # fmt: skip
    execution = Play().run(drawn)
    assert [run["iteration"] for run in runs(execution, "x")] == [[0, 0], [0, 1]]
    assert execution.node("i").iteration == 0
    assert execution.status == "completed"
