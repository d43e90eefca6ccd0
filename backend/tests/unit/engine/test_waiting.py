"""A node that needs a person: the execution waits, and goes on with the answer."""

from __future__ import annotations

import pytest

from app.errors import InvalidInput

from .conftest import Play, graph, kinds, node, since_start, state, statuses, took


def asked(**data):
    play = Play()
    execution = play.run(graph("t -> q:approved -> yes", "q:rejected -> no", q=node("approval", **data)), input=5)
    return play, execution


def test_a_question_makes_the_execution_wait_and_says_what_for():
    _, execution = asked(config={"prompt": "Ship it?"})
    shown = state(execution)
    assert shown["status"] == "waiting"
    assert shown["nodes"][1]["status"] == "waiting"
    (request,) = shown["waiting_for"]
    assert request["node_id"] == "q"
    assert request["prompt"] == "Ship it?"
    assert request["expires_at"] is None
    assert [option["id"] for option in request["options"]] == ["approved", "rejected"]


@pytest.mark.parametrize(("decision", "taken", "left"), [("approved", "yes", "no"), ("rejected", "no", "yes")])
def test_the_answer_decides_the_way(decision, taken, left):
    play, execution = asked()
    play.answer(execution, "q", {"decision": decision})
    play.finish()
    assert state(execution)["status"] == "completed"
    assert execution.waiting_for == []
    assert statuses(execution) == {"t": "completed", "q": "completed", taken: "completed", left: "skipped"}
    assert execution.node("q").branch == decision


@pytest.mark.parametrize("bad", [{}, {"decision": "perhaps"}, "approved", None, [], {"decision": 1}])
def test_an_answer_that_does_not_fit_changes_nothing(bad):
    play, execution = asked()
    before = state(execution)
    with pytest.raises(InvalidInput) as refused:
        play.answer(execution, "q", bad)
    assert refused.value.code == "bad_answer"
    assert refused.value.errors
    assert state(execution) == before
    play.answer(execution, "q", {"decision": "approved"})
    play.finish()
    assert execution.status == "completed"


def test_while_another_node_works_the_execution_is_still_running():
    play = Play()
    execution = play.start(graph("q", "a -> b", q="approval", a=took(1000), b=took(1000)))
    play.advance(1500)
    assert state(execution)["status"] == "running"
    assert statuses(execution)["q"] == "waiting"
    assert len(execution.waiting_for) == 1
    play.finish()
    assert state(execution)["status"] == "waiting"


def test_two_questions_may_be_answered_in_any_order():
    play = Play()
    execution = play.run(graph("p:approved -> z", "q:approved -> z", p="approval", q="approval"))
    assert {request["node_id"] for request in execution.waiting_for} == {"p", "q"}
    play.answer(execution, "q", {"decision": "approved"})
    play.finish()
    assert state(execution)["status"] == "waiting"
    assert [request["node_id"] for request in execution.waiting_for] == ["p"]
    play.answer(execution, "p", {"decision": "approved"})
    play.finish()
    assert state(execution)["status"] == "completed"


def test_nothing_happens_however_long_nobody_answers():
    play, execution = asked()
    before = state(execution)
    play.advance(1_000_000_000)
    assert state(execution) == before


def test_a_question_that_nobody_answers_in_time_fails_its_node():
    play, execution = asked(timeout_ms=60_000)
    assert execution.status == "failed"
    assert execution.error["code"] == "timeout"
    assert execution.waiting_for == []
    assert state(execution)["status_history"][-2]["status"] == "running"
    assert play.engine.next_due() is None


def test_a_timeout_of_a_question_may_be_handled():
    drawn = graph("q:approved -> yes", "q:error -> late", q=node("approval", timeout_ms=500))
    execution = Play().run(drawn)
    assert execution.status == "completed"
    assert statuses(execution) == {"q": "failed", "yes": "skipped", "late": "completed"}


def test_the_time_for_an_answer_counts_from_the_question():
    play = Play()
    execution = play.start(graph("q", q=node("approval", timeout_ms=60_000)))
    while execution.status == "running":
        play.step()
    asked_at = execution.last_at
    (request,) = execution.waiting_for
    play.finish()
    assert execution.last_at - asked_at == 60_000_000
    assert request["expires_at"] == state(execution)["finished_at"]


def test_an_answer_in_time_takes_the_timeout_away():
    play = Play()
    execution = play.start(graph("q:approved -> a", q=node("approval", timeout_ms=60_000), a=took(100_000)))
    while execution.status == "running":
        play.step()
    play.answer(execution, "q", {"decision": "approved"})
    play.finish()
    assert state(execution)["status"] == "completed"


def test_the_time_for_an_answer_is_that_of_its_own_iteration():
    play = Play()
    drawn = graph(
        "l:item -> q:approved -> l", l=node("loop", mock={"output": [1, 2]}), q=node("approval", timeout_ms=1000)
    )
    execution = play.start(drawn)
    while not execution.waiting_for:
        play.step()
    play.advance(900)
    play.answer(execution, "q", {"decision": "approved"})
    play.advance(900)
    assert state(execution)["status"] == "waiting"
    play.answer(execution, "q", {"decision": "approved"})
    play.finish()
    assert state(execution)["status"] == "completed"


def test_a_question_is_asked_again_by_the_next_attempt():
    play = Play()
    data = {"timeout_ms": 1000, "retry": {"max_attempts": 2, "delay_ms": 500}}
    execution = play.start(graph("q:approved -> a", q=node("approval", **data)))
    while kinds(execution).count("node.waiting") < 2:
        assert play.step()
        state(execution)
    assert len(execution.waiting_for) == 1
    assert execution.node("q").attempt == 2
    play.answer(execution, "q", {"decision": "approved"})
    play.finish()
    assert execution.status == "completed"


def test_a_waiting_execution_may_be_paused_and_waits_on_when_resumed():
    play, execution = asked()
    play.pause(execution)
    assert state(execution)["status"] == "paused"
    assert len(execution.waiting_for) == 1
    play.advance(10_000)
    play.resume(execution)
    assert state(execution)["status"] == "waiting"
    play.answer(execution, "q", {"decision": "approved"})
    play.finish()
    assert execution.status == "completed"


def test_resumed_while_another_node_works_the_execution_is_running_and_not_waiting():
    play = Play()
    execution = play.start(graph("q", "a", q="approval", a=took(1000)))
    play.advance(600)
    play.pause(execution)
    play.resume(execution)
    assert state(execution)["status"] == "running"
    play.finish()
    assert state(execution)["status"] == "waiting"


def test_a_pause_lengthens_the_time_for_an_answer():
    play = Play()
    execution = play.start(graph("q", q=node("approval", timeout_ms=60_000)))
    while execution.status == "running":
        play.step()
    asked_at = execution.last_at
    play.pause(execution)
    play.advance(1_000_000)
    assert state(execution)["status"] == "paused"
    play.resume(execution)
    play.finish()
    assert execution.status == "failed"
    assert execution.last_at - asked_at == 1_060_000_000


def test_a_waiting_execution_may_be_stopped():
    play, execution = asked()
    play.stop(execution)
    assert state(execution)["status"] == "stopped"
    assert execution.waiting_for == []
    assert statuses(execution)["q"] == "stopped"


def test_waiting_is_told_at_the_moment_of_the_question():
    _, execution = asked()
    told = [event for event in execution.events if event.type in ("node.waiting", "execution.waiting")]
    assert [event.type for event in told] == ["node.waiting", "execution.waiting"]
    assert since_start(execution, told[0].at) == since_start(execution, told[1].at)


def test_a_pause_puts_the_end_of_a_question_off():
    play = Play()
    execution = play.start(graph("q", q=node("approval", timeout_ms=5_000)))
    while execution.status == "running":
        play.step()
    play.pause(execution)
    play.advance(60_000)
    play.resume(execution)
    expires_at = state(execution)["waiting_for"][0]["expires_at"]
    play.finish()
    assert execution.status == "failed"
    assert state(execution)["finished_at"] == expires_at
