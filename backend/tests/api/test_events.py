"""The log as JSON: the events of an execution, of a workflow and of the sandbox, read on and waited for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.config import Limits, Settings
from app.sandbox import Sandbox
from app.services.events import STEP, of_sandbox, of_workflow
from tests.aside import PATIENCE, Aside, aside, at_once
from tests.editor import Editor, node

Json = Any

EVERYTHING = "/api/events"


@pytest.fixture
def beside(app: Flask, sandbox: Sandbox) -> Iterator[Aside]:
    """Somebody who asks beside the test."""
    with aside(app, sandbox) as found:
        yield found


def events_of(thing: Json) -> str:
    """Where the events of a workflow or of an execution are."""
    kind = "executions" if "workflow_id" in thing else "workflows"
    return f"/api/{kind}/{thing['id']}/events"


def place_of(path: str) -> str:
    """What the answer calls the place to read on from."""
    return "last_seq" if path.startswith("/api/executions") else "last_cursor"


def run(editor: Editor, workflow: Json) -> Json:
    """An execution from its start to its end."""
    return editor.finish(editor.execute(workflow))


def read_on(editor: Editor, path: str, limit: int) -> list[Json]:
    """All events, a few at a time."""
    found: list[Json] = []
    place = 0
    while True:
        read = editor.get(f"{path}?after={place}&limit={limit}")
        assert len(read["items"]) <= limit
        assert place <= read[place_of(path)]
        place = read[place_of(path)]
        if not read["items"]:
            return found
        found += read["items"]


def test_the_events_of_the_sandbox_are_those_of_all_workflows(editor: Editor) -> None:
    one, other = editor.save(node("a")), editor.save(node("b"))
    for workflow in (one, other, one):
        run(editor, workflow)
    every = editor.get(EVERYTHING)
    cursors = [event["cursor"] for event in every["items"]]
    assert cursors == list(range(1, len(cursors) + 1))
    assert every["last_cursor"] == cursors[-1]
    shared = [editor.get(events_of(workflow))["items"] for workflow in (one, other)]
    assert sorted(shared[0] + shared[1], key=lambda event: event["cursor"]) == every["items"]
    for workflow, events in zip((one, other), shared, strict=True):
        assert {event["workflow_id"] for event in events} == {workflow["id"]}


def test_the_events_of_a_workflow_are_those_of_its_executions_and_of_its_document(editor: Editor) -> None:
    saved = editor.save(node("a"))
    first = run(editor, saved)
    editor.client.patch(f"/api/workflows/{saved['id']}", json={"name": "Otherwise"})
    second = run(editor, saved)
    told = editor.get(events_of(saved))["items"]
    assert [event["data"]["change"] for event in told if event["type"] == "workflow.changed"] == ["created", "updated"]
    for execution in (first, second):
        own = [event for event in told if event["execution_id"] == execution["id"]]
        assert own == editor.get(events_of(execution))["items"]
    assert {event["execution_id"] for event in told} == {None, first["id"], second["id"]}


def test_the_child_of_a_sub_workflow_belongs_to_the_workflow_that_it_executes(editor: Editor) -> None:
    inner = editor.save(node("in"))
    outer = editor.save(node("call", "sub_workflow", config={"workflow_id": inner["id"]}))
    assert run(editor, outer)["status"] == "completed"
    told = editor.get(events_of(inner))["items"]
    assert told[-1]["type"] == "execution.completed"
    assert {event["workflow_id"] for event in told} == {inner["id"]}


@pytest.mark.parametrize("limit", [1, 2, 5, 1000])
def test_a_reader_goes_on_where_it_stopped_and_loses_nothing(editor: Editor, limit: int) -> None:
    one, other = editor.save(node("a"), node("b")), editor.save(node("c"))
    ended = [run(editor, workflow) for workflow in (one, other, one)]
    for path in (EVERYTHING, events_of(one), events_of(other), events_of(ended[2])):
        assert read_on(editor, path, limit) == editor.get(path)["items"]


def test_what_was_looked_through_for_nothing_is_not_looked_through_again(editor: Editor) -> None:
    quiet, busy = editor.save(node("a")), editor.save(node("b"))
    run(editor, busy)
    end = editor.get(EVERYTHING)["last_cursor"]
    read = editor.get(events_of(quiet))
    assert [event["type"] for event in read["items"]] == ["workflow.changed"]
    assert read["last_cursor"] == end
    run(editor, quiet)
    rest = editor.get(f"{events_of(quiet)}?after={end}")["items"]
    assert read["items"] + rest == editor.get(events_of(quiet))["items"]


def test_a_place_never_lies_behind_what_was_left_out_for_its_limit(editor: Editor) -> None:
    saved = editor.save(node("a"))
    run(editor, saved)
    for path in (EVERYTHING, events_of(saved)):
        some = editor.get(f"{path}?limit=3")
        assert some["last_cursor"] == some["items"][-1]["cursor"]


def test_a_long_log_of_others_is_looked_through_to_its_end(client: FlaskClient, editor: Editor) -> None:
    client.put("/_control/clock", json={"pace": "instant"})
    early, late = editor.save(node("a")), editor.save(node("b"))
    long = editor.save(*[node(f"n{number}") for number in range(STEP)], lines=[])
    editor.execute(early)
    assert editor.execute(long)["last_seq"] > 2 * STEP
    editor.execute(late)
    end = editor.get(f"{EVERYTHING}?after=latest")["last_cursor"]
    found = editor.get(events_of(late))
    assert found["items"][-1]["type"] == "execution.completed"
    assert found["last_cursor"] == end
    every = editor.get(f"{EVERYTHING}?limit=10000")["items"]
    assert [event["cursor"] for event in every] == list(range(1, end + 1))
    assert editor.get(f"{events_of(early)}?after=3&limit=10000")["last_cursor"] == end


def test_one_look_goes_through_so_many_events_and_no_more(
    client: FlaskClient, editor: Editor, sandbox: Sandbox
) -> None:
    client.put("/_control/clock", json={"pace": "instant"})
    quiet, busy = editor.save(node("a")), editor.save(*[node(f"n{number}") for number in range(STEP)], lines=[])
    editor.execute(busy)
    with sandbox.view():
        first = of_workflow(sandbox, quiet["id"], 1, 10_000)
        assert (first.events, first.place, first.is_behind) == ([], STEP + 1, True)
        rest = of_sandbox(sandbox, first.place, 10_000)
    assert [event.cursor for event in rest.events] == list(range(STEP + 2, 2 * STEP + 2))


def test_the_events_of_executions_that_were_forgotten_are_left_out(client: FlaskClient, editor: Editor) -> None:
    saved = editor.save(node("a"))
    ended = run(editor, saved)
    end = editor.get(EVERYTHING)["last_cursor"]
    client.delete(f"/api/executions/{ended['id']}")
    for path in (EVERYTHING, events_of(saved)):
        left = editor.get(path)
        assert [event["type"] for event in left["items"]] == ["workflow.changed"]
        assert left["last_cursor"] == end


def test_who_is_ahead_of_the_log_is_told_it_from_the_start(client: FlaskClient, editor: Editor) -> None:
    run(editor, editor.save(node("a"), node("b")))
    seen = editor.get(EVERYTHING)["last_cursor"]
    client.post("/_control/reset")
    saved = editor.save(node("a"))
    run(editor, saved)
    for path in (EVERYTHING, events_of(saved)):
        with at_once():
            assert editor.get(f"{path}?after={seen}&wait=60") == editor.get(path)


def test_only_what_comes_from_now_on(client: FlaskClient, editor: Editor, beside: Aside) -> None:
    saved = editor.save(node("a", mock={"output": 1, "duration_ms": 1000}))
    running = editor.execute(saved)
    for path in (EVERYTHING, events_of(saved), events_of(running)):
        end = editor.get(path)[place_of(path)]
        assert editor.get(f"{path}?after=latest") == {"items": [], place_of(path): end}
        asked = beside.get(f"{path}?after=latest&wait=60")
        client.post(f"/api/executions/{running['id']}/pause")
        assert [event["type"] for event in asked.result(PATIENCE).get_json()["items"]] == ["execution.paused"]
        client.post(f"/api/executions/{running['id']}/resume")


class TestWait:
    """``?wait=`` waits for an event, if there is none yet."""

    def test_what_is_there_is_answered_at_once(self, editor: Editor) -> None:
        saved = editor.save(node("a"))
        running = editor.execute(saved)
        for path in (EVERYTHING, events_of(saved), events_of(running)):
            with at_once():
                assert editor.get(f"{path}?wait=60") == editor.get(path)

    def test_an_execution_that_has_ended_is_answered_at_once(self, editor: Editor) -> None:
        ended = run(editor, editor.save(node("a")))
        for after in ("latest", ended["last_seq"]):
            with at_once():
                read = editor.get(f"{events_of(ended)}?after={after}&wait=60")
            assert read == {"items": [], "last_seq": ended["last_seq"]}

    def test_events_of_other_workflows_do_not_end_it(self, editor: Editor, beside: Aside) -> None:
        mine, other = editor.save(node("a")), editor.save(node("b"))
        asked = beside.get(f"{events_of(mine)}?after=latest&wait=60")
        editor.execute(other)
        started = editor.execute(mine)
        told = asked.result(PATIENCE).get_json()
        assert {event["execution_id"] for event in told["items"]} == {started["id"]}

    def test_without_any_event_it_ends_with_the_seconds(self, editor: Editor) -> None:
        saved = editor.save(node("a", mock={"output": 1, "duration_ms": 1000}))
        running = editor.execute(saved)
        for path in (EVERYTHING, events_of(saved), events_of(running)):
            assert editor.get(f"{path}?after=latest&wait=0.01")["items"] == []

    def test_at_pace_auto_it_makes_time_jump(self, client: FlaskClient, editor: Editor) -> None:
        client.put("/_control/clock", json={"pace": "auto"})
        saved = editor.save(node("a", mock={"output": 1, "duration_ms": 3_600_000}))
        for path in (EVERYTHING, events_of(saved)):
            editor.execute(saved)
            told: list[Json] = []
            place: Any = "latest"
            while not told or told[-1]["type"] != "execution.completed":
                with at_once():
                    read = editor.get(f"{path}?after={place}&wait=60")
                place = read["last_cursor"]
                told += read["items"]

    def test_who_waits_is_told_that_the_workflow_is_deleted(
        self, client: FlaskClient, editor: Editor, beside: Aside, problem_of: Any
    ) -> None:
        saved = editor.save(node("a", mock={"output": 1, "duration_ms": 1000}))
        editor.execute(saved)
        asked = beside.get(f"{events_of(saved)}?after=latest&wait=60")
        client.delete(f"/api/workflows/{saved['id']}")
        told = asked.result(PATIENCE).get_json()["items"]
        assert [event["type"] for event in told][-1] == "workflow.changed"
        assert told[-1]["data"]["change"] == "deleted"
        assert problem_of(client.get(events_of(saved)), 404)["code"] == "workflow_not_found"

    def test_a_reset_takes_the_thing_away(
        self, client: FlaskClient, editor: Editor, beside: Aside, problem_of: Any
    ) -> None:
        for kind in ("workflow", "execution"):
            saved = editor.save(node("a", mock={"output": 1, "duration_ms": 1000}))
            running = editor.execute(saved)
            asked = beside.get(f"{events_of(saved if kind == 'workflow' else running)}?after=latest&wait=60")
            client.post("/_control/reset")
            assert problem_of(asked.result(PATIENCE), 404)["code"] == f"{kind}_not_found"

    def test_a_log_that_was_set_back_is_read_from_its_start(
        self, client: FlaskClient, editor: Editor, beside: Aside
    ) -> None:
        editor.save(node("a"))
        asked = beside.get(f"{EVERYTHING}?after=latest&wait=60")
        client.post("/_control/reset")
        saved = editor.save(node("a"))
        told = asked.result(PATIENCE).get_json()
        assert (told["items"][0]["cursor"], told["items"][0]["workflow_id"]) == (1, saved["id"])

    def test_a_sandbox_that_ends_keeps_nobody_waiting(
        self, client: FlaskClient, beside: Aside, problem_of: Any
    ) -> None:
        asked = beside.get(f"{EVERYTHING}?wait=60")
        client.delete("/_control/sandboxes/default")
        assert problem_of(asked.result(PATIENCE), 409)["code"] == "set_back"


class TestForgotten:
    """A log that keeps few events."""

    @pytest.fixture
    def settings(self) -> Settings:
        """At most ten events are kept."""
        return Settings(pace="stopped", scenario="empty", limits=Limits(max_events=10))

    def test_a_reader_who_would_miss_some_is_told_so(
        self, client: FlaskClient, editor: Editor, problem_of: Any
    ) -> None:
        saved = editor.save(node("a"), node("b"))
        run(editor, saved)
        run(editor, saved)
        for path in (EVERYTHING, events_of(saved)):
            left = editor.get(path)
            oldest = left["items"][0]["cursor"]
            assert len(left["items"]) == 10
            refused = problem_of(client.get(f"{path}?after={oldest - 2}&wait=60"), 409)
            assert (refused["code"], refused["oldest"]) == ("events_forgotten", oldest)
            assert editor.get(f"{path}?after={oldest - 1}") == left
            assert editor.get(f"{path}?after=latest")["items"] == []

    def test_an_execution_keeps_its_own(self, editor: Editor) -> None:
        saved = editor.save(node("a"), node("b"))
        first = run(editor, saved)
        run(editor, saved)
        events = editor.get(f"{events_of(first)}?after=1")["items"]
        assert [event["seq"] for event in events] == list(range(2, first["last_seq"] + 1))


def test_what_is_not_there_has_no_events(client: FlaskClient, problem_of: Any) -> None:
    for kind in ("workflow", "execution"):
        for query in ("", "?after=latest&wait=60"):
            missing = problem_of(client.get(f"/api/{kind}s/none/events{query}"), 404)
            assert missing["code"] == f"{kind}_not_found"


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=last", "after=1.5", "after=", "wait=61", "wait=-1", "wait=nan", "limit=0", "limit=10001"],
)
def test_a_query_that_does_not_fit_is_refused_by_name(
    client: FlaskClient, editor: Editor, problem_of: Any, query: str
) -> None:
    saved = editor.save(node("a"))
    started = editor.execute(saved)
    for path in (EVERYTHING, events_of(saved), events_of(started)):
        refused = problem_of(client.get(f"{path}?{query}"), 422)
        assert refused["code"] == "bad_query"
        assert refused["errors"][0]["parameter"] == query.partition("=")[0]


def test_prefer_wait_is_a_long_poll_too(client: FlaskClient, editor: Editor, beside: Aside) -> None:
    execution = editor.execute(editor.save(node("a")), hold=True)
    asked = beside.get(f"{events_of(execution)}?after=1", headers={"Prefer": "wait=20"})
    editor.post(f"/api/executions/{execution['id']}/stop")
    answer = asked.result(PATIENCE)
    assert answer.get_json()["items"][0]["seq"] == 2
    assert answer.headers["Preference-Applied"] == "wait=20"
