"""How nodes wait for each other: branches, joins, decisions, skips."""

from __future__ import annotations

from functools import partial

import pytest

from app.engine.commands import EndChildren, StartNode
from app.engine.load import Load
from app.engine.machine import Machine
from app.engine.planning import make_plan
from app.errors import IllegalTransition
from app.models.execution import Execution
from app.nodes.registry import Registry
from app.store.memory import MemoryLog

from .conftest import Play, graph, kinds, node, runs, state, statuses, times, took


def test_branches_run_side_by_side_and_a_join_waits_for_the_slowest():
    drawn = graph("t -> a -> z", "t -> b -> z", t=took(10), a=took(100), b=took(30), z=took(5))
    execution = Play().run(drawn, input={"x": 1})
    assert execution.status == "completed"
    assert times(execution) == {"t": (0, 10), "a": (10, 110), "b": (10, 40), "z": (110, 115)}
    assert execution.elapsed_ms() == 115


def test_a_join_gets_its_values_in_the_order_of_the_document_not_of_arrival():
    drawn = graph("a -> z", "b -> z", a=took(100, output="slow"), b=took(1, output="fast"), z="my_type")
    execution = Play().run(drawn)
    assert execution.node("z").input == {"input": ["slow", "fast"]}


def test_the_input_goes_to_every_node_that_nothing_feeds():
    execution = Play().run(graph("a -> c", "b -> c"), input={"x": 1})
    assert [execution.node(name).input for name in "ab"] == [{"input": {"x": 1}}] * 2
    assert execution.node("c").input == {"input": [{"x": 1}, {"x": 1}]}


def test_without_input_a_first_node_has_none():
    execution = Play().run(graph("a"))
    assert execution.node("a").input == {}
    assert execution.output == {"a": None}


@pytest.mark.parametrize(("amount", "taken"), [(150, "true"), (50, "false")])
def test_the_way_not_taken_is_skipped_to_its_end(amount, taken):
    drawn = graph(
        "t -> c:true -> yes -> yes2", "c:false -> no -> no2", c=node("if", config={"condition": "$json.amount > 100"})
    )
    execution = Play().run(drawn, input={"amount": amount})
    went, left = ("yes", "no") if taken == "true" else ("no", "yes")
    found = statuses(execution)
    assert (found[went], found[went + "2"]) == ("completed", "completed")
    assert (found[left], found[left + "2"]) == ("skipped", "skipped")
    assert execution.node("c").branch == taken
    assert execution.output == {went + "2": {"amount": amount}}


def test_a_join_after_a_decision_starts_with_what_can_still_come():
    drawn = graph("c:true -> a -> z", "c:false -> b -> z", c=node("if", config={"condition": "false"}))
    execution = Play().run(drawn, input=7)
    assert statuses(execution) == {"c": "completed", "a": "skipped", "z": "completed", "b": "completed"}
    assert execution.node("z").input == {"input": 7}


def test_a_switch_lets_go_by_one_port_only():
    rules = [{"id": "small", "condition": "$json < 10"}, {"id": "big", "condition": "$json >= 10"}]
    drawn = graph("s:small -> a", "s:big -> b", "s:fallback -> c", s=node("switch", config={"rules": rules}))
    assert statuses(Play().run(drawn, input=12)) == {
        "s": "completed",
        "a": "skipped",
        "b": "completed",
        "c": "skipped",
    }


def test_one_port_may_feed_many_and_two_connections_may_join_the_same_two_nodes():
    drawn = graph("a -> b", "a -> c", "a -> d@left", "a -> d@right", d="my_own_type")
    execution = Play().run(drawn, input=3)
    assert execution.node("d").input == {"left": 3, "right": 3}
    assert execution.status == "completed"


def test_a_disabled_node_passes_its_input_through_and_takes_no_time():
    drawn = graph("a -> b -> c", a=took(10, output=5), b=node("llm_chat", disabled=True), c=took(1))
    execution = Play().run(drawn)
    assert execution.node("b").output == {"output": 5} or list(execution.node("b").output.values()) == [5]
    assert times(execution)["b"] == (10, 10)
    assert execution.node("c").input == {"input": 5}


def test_a_disabled_decision_takes_its_first_port():
    drawn = graph("c:true -> a", "c:false -> b", c=node("if", disabled=True, config={"condition": "false"}))
    assert statuses(Play().run(drawn)) == {"c": "completed", "a": "completed", "b": "skipped"}


def test_a_chain_of_disabled_nodes_ends_at_once():
    names = [f"n{number}" for number in range(2000)]
    execution = Play().start(graph(" -> ".join(names), **dict.fromkeys(names, node(disabled=True))), input=1)
    assert execution.status == "completed"
    assert execution.elapsed_ms() == 0


def test_notes_and_groups_are_never_executed():
    drawn = graph("a -> n -> b", n="note", g="group")
    execution = Play().run(drawn)
    assert statuses(execution) == {"a": "completed", "b": "completed"}
    assert execution.progress() == {"completed": 2, "total": 2, "percent": 100}


def test_unknown_types_pass_their_input_on_under_their_own_name():
    execution = Play().run(graph("a -> b", a="myCustomNode", b="другой"), input={"deep": [1]})
    assert [run.node_type for run in execution.nodes] == ["myCustomNode", "другой"]
    assert execution.output == {"b": {"deep": [1]}}


def test_a_node_without_a_type_runs_too():
    execution = Play().run(graph("a -> b"), input=1)
    assert execution.output == {"b": 1}


def test_the_execution_gives_what_its_last_nodes_gave():
    execution = Play().run(graph("a -> b", "a -> c", b=took(1, output="B"), c=took(9, output="C")))
    assert execution.output == {"b": "B", "c": "C"}


def test_a_respond_node_says_what_the_execution_gives():
    drawn = graph("a -> r -> c", a=took(1, output={"ok": True}), r="respond", c=took(1))
    shown = state(Play().run(drawn))
    assert shown["status"] == "completed"
    assert "c" not in (shown["output"] if isinstance(shown["output"], dict) else {})


def test_progress_counts_nodes_that_ended_whatever_their_way():
    drawn = graph("c:true -> a", "c:false -> b", c=node("if", config={"condition": "true"}))
    assert Play().run(drawn).progress() == {"completed": 3, "total": 3, "percent": 100}


def test_long_nodes_tell_how_far_they_came():
    play = Play()
    execution = play.start(graph("a", a=took(4000)))
    seen = []
    while play.step():
        seen.append(state(execution)["nodes"][0]["progress"])
    assert seen == [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]


def test_no_time_passes_between_two_nodes():
    execution = Play().run(graph("a -> b -> c", a=took(7), b=took(0), c=took(11)))
    assert times(execution) == {"a": (0, 7), "b": (7, 7), "c": (7, 18)}


def test_what_happened_is_told_in_order():
    assert kinds(Play().run(graph("a -> b", a=took(1), b=took(1)))) == [
        "execution.created",
        "execution.started",
        "node.started",
        "node.completed",
        "connection.delivered",
        "node.started",
        "node.completed",
        "execution.completed",
    ]


def test_the_step_ceiling_turns_an_endless_execution_into_a_clear_failure():
    play = Play(max_steps=20)
    drawn = graph("l:item -> x -> l", l=node("loop", config={"items": list(range(90))}), x=took(1))
    execution = play.run(drawn)
    assert execution.status == "failed"
    assert execution.error["code"] == "step_limit"
    assert "20" in execution.error["message"]
    assert execution.error["node_id"] == "x"
    assert statuses(execution) == {"l": "stopped", "x": "completed"}
    assert len(runs(execution, "x")) == 19


def test_exactly_as_many_steps_as_allowed_are_no_failure():
    assert Play(max_steps=3).run(graph("a -> b -> c")).status == "completed"
    assert Play(max_steps=2).run(graph("a -> b -> c")).status == "failed"


def test_an_execution_keeps_the_graph_it_started_with():
    play = Play()
    workflow = play.save(graph("a -> b", a=took(10), b=took(10, output="old")))
    execution = play.start(workflow)
    later = graph("a -> c", a=took(10), c=took(10))
    workflow.nodes, workflow.connections = later.nodes, later.connections
    workflow.touch(1)
    play.finish()
    assert execution.output == {"b": "old"}
    assert execution.workflow_revision == 1
    again = play.run(workflow)
    assert list(statuses(again)) == ["a", "c"]
    assert again.workflow_revision == 2


def test_a_held_execution_does_nothing_until_released():
    play = Play()
    execution = play.create(graph("a", a=took(10)))
    play.advance(5000)
    assert state(execution)["status"] == "pending"
    assert statuses(execution) == {"a": "idle"}
    play.release(execution)
    play.finish()
    assert (execution.status, execution.elapsed_ms()) == ("completed", 10)


def test_the_dataflow_shows_what_went_where():
    drawn = graph("c:true -> a", "c:false -> b", c=node("if", config={"condition": "true"}))
    play = Play()
    execution = play.start(drawn, input=5)
    assert {flow.status for flow in execution.flows} == {"idle"}
    play.finish()
    assert [(flow.target, flow.status, flow.value, flow.deliveries) for flow in execution.flows] == [
        ("a", "delivered", 5, 1),
        ("b", "dead", None, 0),
    ]


def bare_machine(drawn):
    """The machine alone: facts in, commands out."""
    execution = Execution("ex_1", 1, "wf_1", 1, "Test", "manual", None, 1, 0)
    plan = make_plan(drawn.nodes, drawn.connections, Registry().get)
    machine = Machine(execution, plan, partial(MemoryLog(1000).append, execution), 1000, Load(10_000, 10_000))
    machine.created(0)
    return machine


def test_the_machine_needs_nobody_but_who_tells_it_facts():
    machine = bare_machine(graph("a -> b"))
    machine.released(0)
    assert [(type(command), command.node) for command in machine.commands] == [(StartNode, 0)]
    machine.commands.clear()
    machine.node_completed(0, {"output": 1}, 10)
    (command,) = machine.commands
    assert command.node == 1
    assert command.inputs.main == 1
    machine.commands.clear()
    machine.node_completed(1, {"output": 2}, 20)
    assert machine.commands == [EndChildren()]
    assert machine.execution.output == {"b": 2}


def test_an_illegal_change_is_refused_with_the_story():
    machine = bare_machine(graph("a -> b"))
    machine.released(0)
    machine.node_completed(0, {"output": 1}, 10)
    with pytest.raises(IllegalTransition) as refused:
        machine.node_completed(0, {"output": 1}, 20)
    assert "from completed to completed" in refused.value.message
    assert any("node.started a" in line for line in refused.value.story)


def test_an_execution_that_ended_takes_no_command():
    machine = bare_machine(graph("a"))
    machine.stopped(5)
    for command in (machine.released, machine.paused, machine.stopped):
        with pytest.raises(IllegalTransition):
            command(9)


def test_forty_branches_that_join_again_do_not_double_what_flows():
    diamonds = [f"j{place} -> a{place} -> j{place + 1}; j{place} -> b{place} -> j{place + 1}" for place in range(40)]
    execution = Play().run(graph(*(line for pair in diamonds for line in pair.split("; "))), input={"x": 1})
    assert execution.output == {"j40": {"x": 1}}
