"""What follows when a node fails: stop, continue, the error port, another attempt, a timeout."""

from __future__ import annotations

import pytest

from app.nodes.custom import from_json

from .conftest import Play, broken, graph, kinds, node, since_start, state, statuses, times, took

ERROR = {"code": "boom", "message": "Boom."}


def test_a_failure_fails_the_execution_and_what_was_not_reached_is_skipped():
    drawn = graph("a -> b -> c", "a -> d -> e", a=took(1), b=broken(10), d=took(1000))
    execution = Play().run(drawn)
    shown = state(execution)
    assert shown["status"] == "failed"
    assert shown["error"] == {**ERROR, "node_id": "b"}
    assert shown["output"] is None
    assert statuses(execution) == {"a": "completed", "b": "failed", "c": "skipped", "d": "stopped", "e": "skipped"}
    assert shown["elapsed_ms"] == 11


def test_continue_goes_on_with_the_input():
    execution = Play().run(graph("a -> b", a=broken(on_error="continue")), input=5)
    assert (execution.status, execution.error, execution.output) == ("completed", None, {"b": 5})
    assert execution.node("a").status == "failed"
    assert execution.node("a").error == ERROR


def test_a_connected_error_port_is_taken_without_being_asked_for():
    execution = Play().run(graph("a -> b", "a:error -> e -> f", a=broken()), input=5)
    assert execution.status == "completed"
    assert statuses(execution) == {"a": "failed", "b": "skipped", "e": "completed", "f": "completed"}
    assert execution.node("e").input == {"input": {**ERROR, "node_id": "a", "input": {"input": 5}}}


def test_without_a_failure_what_hangs_on_the_error_port_is_skipped():
    execution = Play().run(graph("a -> b", "a:error -> e"), input=5)
    assert statuses(execution) == {"a": "completed", "b": "completed", "e": "skipped"}


def test_stop_said_aloud_wins_over_a_connected_error_port():
    execution = Play().run(graph("a -> b", "a:error -> e", a=broken(on_error="stop")))
    assert execution.status == "failed"
    assert statuses(execution) == {"a": "failed", "b": "skipped", "e": "skipped"}


def test_an_error_port_without_connection_ends_that_way_quietly():
    execution = Play().run(graph("a -> b", a=broken(on_error="error_port")))
    assert execution.status == "completed"
    assert statuses(execution) == {"a": "failed", "b": "skipped"}


def test_ways_that_part_at_an_error_may_join_again():
    drawn = graph("a -> ok -> z", "a:error -> bad -> z", a=broken())
    execution = Play().run(drawn)
    assert statuses(execution) == {"a": "failed", "ok": "skipped", "z": "completed", "bad": "completed"}


@pytest.mark.parametrize(
    ("backoff", "starts"),
    [
        (None, [0, 105, 210, 315]),
        ("fixed", [0, 105, 210, 315]),
        ("exponential", [0, 105, 310, 715]),
        (3, [0, 105, 410, 1315]),
    ],
)
def test_the_pause_between_attempts_follows_the_backoff(backoff, starts):
    retry = {"max_attempts": 4, "delay_ms": 100, "backoff": backoff}
    execution = Play().run(graph("a", a=node(retry=retry, mock={"fail_attempts": 3, "duration_ms": 5, "output": 1})))
    begun = [since_start(execution, event.at) for event in execution.events if event.type == "node.started"]
    assert begun == starts
    assert execution.status == "completed"
    assert execution.node("a").attempt == 4
    assert execution.node("a").error is None
    assert execution.node("a").duration_ms == starts[-1] + 5


def test_between_attempts_the_node_is_retrying_and_shows_why():
    play = Play()
    execution = play.start(graph("a", a=broken(5, retry={"max_attempts": 2, "delay_ms": 100})))
    play.advance(50)
    (run,) = state(execution)["nodes"]
    assert (run["status"], run["attempt"], run["error"]) == ("retrying", 1, ERROR)
    assert execution.status == "running"
    play.finish()
    assert state(execution)["status"] == "failed"
    assert execution.node("a").attempt == 2
    assert kinds(execution).count("node.retrying") == 1
    assert kinds(execution).count("node.failed") == 1


def test_what_comes_after_the_last_attempt_is_as_on_error_says():
    data = {"retry": {"max_attempts": 2}, "on_error": "continue"}
    execution = Play().run(graph("a -> b", a=broken(5, **data)), input=1)
    assert (execution.status, execution.node("a").attempt, execution.output) == ("completed", 2, {"b": 1})


def test_no_wait_however_wild_breaks_the_sandbox():
    play = Play()
    wild = {"max_attempts": 100, "delay_ms": 1e300, "backoff": 1e300}
    execution = play.start(graph("a", "b", a=broken(1, retry=wild), b=took(10**300)))
    for _ in range(20):
        play.step()
    assert state(execution)["status"] == "running"
    play.stop(execution)
    assert state(execution)["status"] == "stopped"


def test_a_node_that_takes_longer_than_its_timeout_fails():
    execution = Play().run(graph("a -> b", a=node(timeout_ms=50, mock={"duration_ms": 51})))
    assert execution.status == "failed"
    assert execution.error["code"] == "timeout"
    assert "50 ms" in execution.error["message"]
    assert times(execution)["a"] == (0, 50)


def test_a_node_that_takes_just_as_long_as_it_may_does_not_fail():
    assert Play().run(graph("a", a=node(timeout_ms=50, mock={"duration_ms": 50}))).status == "completed"


def test_every_attempt_has_its_own_timeout():
    data = {"timeout_ms": 50, "retry": {"max_attempts": 3, "delay_ms": 10}}
    execution = Play().run(graph("a", a=node(mock={"duration_ms": 80}, **data)))
    assert execution.node("a").attempt == 3
    assert execution.elapsed_ms() == 3 * 50 + 2 * 10


def test_chance_gives_each_attempt_its_own_duration():
    retry = {"max_attempts": 3}
    execution = Play().run(graph("a", a=node("http_request", retry=retry, mock={"error": "no"})))
    events = [event.at for event in execution.events if event.type in ("node.started", "node.retrying", "node.failed")]
    lasted = [end - start for start, end in zip(events[::2], events[1::2], strict=True)]
    assert len(set(lasted)) == 3


def test_two_failures_at_the_same_moment_are_one():
    execution = Play().run(graph("a", "b", a=broken(5), b=broken(5)))
    assert execution.error["node_id"] == "a"
    assert statuses(execution) == {"a": "failed", "b": "stopped"}
    assert kinds(execution).count("execution.failed") == 1


def test_nodes_fail_by_chance_only_where_that_is_switched_on():
    ways = [f"n{number}" for number in range(200)]
    drawn = graph(*ways, **dict.fromkeys(ways, node("http_request", on_error="continue", config={"url": "http://a.b"})))
    play = Play()
    calm = play.run(drawn)
    assert all(run.status == "completed" for run in calm.nodes)
    play.engine.failures = True
    stormy = play.run(drawn)
    failed = [run for run in stormy.nodes if run.status == "failed"]
    assert failed
    assert len(failed) < 200
    assert stormy.status == "completed"


@pytest.mark.parametrize(
    ("rate", "least", "most"), [(0, 0, 0), (0.005, 15, 60), (0.3, 110, 190), (0.9, 255, 290), (1, 300, 300)]
)
def test_where_nodes_fail_by_chance_they_do_so_often_and_none_less_than_its_type_says(rate, least, most):
    play = Play()
    play.box.registry.add(from_json({"type": "mine", "simulation": {"failure_rate": rate}}))
    play.engine.failures = True
    ways = [f"n{number}" for number in range(300)]
    execution = play.run(graph(*ways, **dict.fromkeys(ways, node("mine", on_error="continue"))))
    assert least <= sum(run.status == "failed" for run in execution.nodes) <= most


def test_unknown_and_mocked_nodes_never_fail_by_chance():
    ways = [f"n{number}" for number in range(300)]
    nodes = {way: node("http_request", mock={"output": 1}) if int(way[1:]) % 2 else node("mine") for way in ways}
    play = Play()
    play.engine.failures = True
    assert play.run(graph(*ways, **nodes)).status == "completed"


def test_a_wrong_expression_fails_its_node_and_says_where():
    execution = Play().run(graph("a", a=node("if", config={"condition": "$json.amount >>> 3"})), input={})
    assert execution.status == "failed"
    assert execution.error["node_id"] == "a"
    assert execution.error["message"]


def test_stop_with_error_fails_with_its_own_words():
    drawn = graph("a -> s", s=node("stop_with_error", config={"message": "Out of stock", "code": "stock"}))
    execution = Play().run(drawn)
    assert execution.error == {"code": "stock", "message": "Out of stock", "node_id": "s"}


def test_a_failing_branch_under_continue_leaves_the_others_alone():
    execution = Play().run(
        graph("t -> a -> z", "t -> b -> z", a=broken(on_error="continue"), b=took(9, output=2)), input=1
    )
    assert execution.node("z").input == {"input": [1, 2]}
