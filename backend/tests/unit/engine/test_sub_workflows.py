"""A node that runs another workflow: a child execution, which its parent takes along."""

from __future__ import annotations

from .conftest import Play, broken, graph, kinds, node, runs, state, statuses, times, took


def call(workflow, **data):
    return node("sub_workflow", config={"workflow_id": workflow.id}, **data)


def family(child_graph, play=None, **data):
    """A sandbox, a parent that has begun to run its child, and the child."""
    play = play or Play()
    child_workflow = play.save(child_graph)
    parent = play.start(graph("t -> s -> z", t=took(10), s=call(child_workflow, **data), z=took(5)), input={"x": 1})
    while len(play.box.store.executions) < 2:
        assert play.step()
    return play, parent, list(play.box.store.executions)[-1]


def test_a_child_runs_with_its_input_and_its_output_comes_back():
    play, parent, child = family(graph("c", c=took(100)))
    play.finish()
    assert (parent.status, child.status) == ("completed", "completed")
    assert child.input == {"x": 1}
    assert parent.output == {"z": {"c": {"x": 1}}}
    assert child.mode == "sub_workflow"
    assert child.depth == 1
    assert child.parent == {"execution_id": parent.id, "node_id": "s"}
    assert state(child)["status"] == state(parent)["status"] == "completed"


def test_the_node_ends_at_the_moment_its_child_does():
    play, parent, child = family(graph("c", c=took(1000)))
    play.finish()
    assert parent.node("s").finished_at == child.finished_at
    assert parent.node("z").started_at == child.finished_at


def test_a_child_that_takes_no_time_is_no_trouble():
    play, parent, _ = family(graph("c", c=node(disabled=True)))
    play.finish()
    assert parent.output == {"z": {"c": {"x": 1}}}


def test_a_pause_passes_down_and_so_does_going_on():
    play, parent, child = family(graph("c", c=took(1000)))
    play.advance(300)
    play.pause(parent)
    assert (parent.status, child.status) == ("paused", "paused")
    play.advance(50_000)
    assert child.status == "paused"
    play.resume(parent)
    assert (parent.status, child.status) == ("running", "running")
    play.finish()
    assert child.elapsed_ms() == 1000
    assert state(parent)["status"] == state(child)["status"] == "completed"


def test_a_stop_passes_down():
    play, parent, child = family(graph("c", c=took(1000)))
    play.stop(parent)
    assert state(child)["status"] == state(parent)["status"] == "stopped"
    assert statuses(parent)["s"] == "stopped"
    assert child.status_history[-1]["reason"] == "parent"
    assert play.engine.next_due() is None


def test_a_stop_reaches_a_paused_child():
    play, parent, child = family(graph("c", c=took(1000)))
    play.pause(parent)
    play.stop(parent)
    assert (parent.status, child.status) == ("stopped", "stopped")


def test_a_stop_reaches_grandchildren():
    play = Play()
    leaf = play.save(graph("c", c=took(1000)))
    middle = play.save(graph("s", s=call(leaf)))
    top = play.start(graph("s", s=call(middle)))
    while len(play.box.store.executions) < 3:
        assert play.step()
    play.pause(top)
    assert {execution.status for execution in play.box.store.executions} == {"paused"}
    play.resume(top)
    assert {execution.status for execution in play.box.store.executions} == {"running"}
    play.stop(top)
    assert {execution.status for execution in play.box.store.executions} == {"stopped"}
    assert [execution.depth for execution in play.box.store.executions] == [0, 1, 2]


def test_a_failing_child_fails_its_node_and_says_which_child():
    play, parent, child = family(graph("c", c=broken(50)))
    play.finish()
    assert (parent.status, child.status) == ("failed", "failed")
    assert parent.error["code"] == "child_failed"
    assert parent.error["message"] == "Boom."
    assert parent.error["execution_id"] == child.id
    assert parent.error["node_id"] == "s"


def test_a_failing_parent_stops_its_child():
    play = Play()
    child_workflow = play.save(graph("c", c=took(10_000)))
    parent = play.run(graph("s", "b", s=call(child_workflow), b=broken(5000)))
    child = list(play.box.store.executions)[-1]
    assert (parent.status, child.status) == ("failed", "stopped")
    assert child.last_at == parent.last_at


def test_a_child_stopped_by_hand_fails_its_node():
    play, parent, child = family(graph("c", c=took(1000)))
    play.stop(child)
    play.finish()
    assert (child.status, parent.status) == ("stopped", "failed")
    assert parent.error["code"] == "child_stopped"


def test_a_child_stopped_by_hand_while_the_parent_is_paused_waits_for_it():
    play, parent, child = family(graph("c", c=took(1000)))
    play.pause(parent)
    play.advance(100)
    play.stop(child)
    play.advance(100)
    assert state(parent)["status"] == "paused"
    play.resume(parent)
    play.finish()
    assert state(parent)["status"] == "failed"
    assert parent.error["code"] == "child_stopped"


def test_a_child_paused_by_hand_lets_its_parent_wait_for_it():
    play, parent, child = family(graph("c", c=took(1000)))
    play.pause(child)
    play.advance(50_000)
    assert (parent.status, child.status) == ("running", "paused")
    play.resume(child)
    play.finish()
    assert (parent.status, child.status) == ("completed", "completed")


def test_a_child_that_fails_may_be_tried_again_as_a_new_child():
    play, parent, _ = family(graph("c", c=broken(50)), retry={"max_attempts": 3, "delay_ms": 10})
    play.finish()
    children = [execution for execution in play.box.store.executions if execution.parent]
    assert len(children) == 3
    assert len({child.seed for child in children}) == 3
    assert parent.status == "failed"


def test_a_timeout_of_the_node_stops_its_child():
    play, parent, child = family(graph("c", c=took(10_000)), timeout_ms=500)
    play.finish()
    assert (parent.status, parent.error["code"], child.status) == ("failed", "timeout", "stopped")
    assert kinds(child)[-1] == "execution.stopped"
    assert child.status_history[-1]["reason"] == "timeout"
    assert child.last_at == parent.node("s").finished_at


def test_a_child_that_waits_for_a_person_holds_its_parent():
    play, parent, child = family(graph("q:approved -> c", q="approval"))
    play.finish()
    assert (child.status, parent.status) == ("waiting", "running")
    play.answer(child, "q", {"decision": "approved"})
    play.finish()
    assert (child.status, parent.status) == ("completed", "completed")


def test_a_workflow_that_is_not_there_fails_the_node():
    execution = Play().run(graph("s", s=node("sub_workflow", config={"workflow_id": "wf_nobody"})))
    assert (execution.status, execution.error["code"]) == ("failed", "workflow_not_found")


def test_a_child_that_cannot_run_fails_the_node_and_tells_why():
    play = Play()
    ring = play.save(graph("a -> b -> a"))
    parent = play.run(graph("s", s=call(ring)))
    assert parent.error["code"] == "cannot_run"
    assert parent.error["errors"][0]["code"] == "cycle"
    assert len(play.box.store.executions) == 1


def test_a_workflow_that_calls_itself_ends_at_the_depth_limit():
    play = Play(max_depth=4)
    workflow = play.save(graph("s", s=node("sub_workflow", config={"workflow_id": "wf_1"})))
    execution = play.run(workflow)
    assert execution.status == "failed"
    assert [one.depth for one in play.box.store.executions] == [0, 1, 2, 3, 4]
    assert {one.status for one in play.box.store.executions} == {"failed"}
    deepest = list(play.box.store.executions)[-1]
    assert deepest.error["code"] == "too_deep"
    assert "max_depth" in deepest.error["message"]


def test_every_iteration_of_a_loop_has_its_own_child():
    play = Play()
    child_workflow = play.save(graph("c", c=took(10)))
    drawn = graph("t -> l", "l:item -> s -> l", "l:done -> z", l="loop", s=call(child_workflow))
    parent = play.run(drawn, input=[1, 2, 3])
    assert parent.output == {"z": [{"c": 1}, {"c": 2}, {"c": 3}]}
    children = [execution for execution in play.box.store.executions if execution.parent]
    assert [child.input for child in children] == [1, 2, 3]
    assert len({child.seed for child in children}) == 3
    assert len(runs(parent, "s")) == 3


def test_two_children_run_side_by_side():
    play = Play()
    child_workflow = play.save(graph("c", c=took(1000)))
    parent = play.run(graph("a -> z", "b -> z", a=call(child_workflow), b=call(child_workflow), z=took(1)))
    begun, ended = zip(*(times(parent)[name] for name in "ab"), strict=True)
    assert max(begun) < min(ended)
    assert parent.status == "completed"


def test_a_child_does_not_count_as_the_latest_execution_of_its_workflow():
    play, _, child = family(graph("c"))
    assert play.box.store.workflows.get(child.workflow_id).last_execution_id is None
