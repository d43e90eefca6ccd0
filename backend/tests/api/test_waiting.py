"""Waiting for a change instead of asking again and again: ``Prefer: wait=n``, ``?wait=n`` and ``?until=``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.sandbox import Sandbox
from tests.aside import PATIENCE, Aside, aside, at_once
from tests.editor import Editor, node

Json = Any

APPLIED = "Preference-Applied"
LONG = {"Prefer": "wait=60"}


@pytest.fixture
def beside(app: Flask, sandbox: Sandbox) -> Iterator[Aside]:
    """Somebody who asks beside the test."""
    with aside(app, sandbox) as found:
        yield found


@pytest.fixture
def saved(editor: Editor) -> Json:
    """A workflow that takes a while."""
    return editor.save(node("a", mock={"output": 1, "duration_ms": 1000}))


@pytest.fixture
def status(saved: Json) -> str:
    """Where its status is."""
    return f"/api/workflows/{saved['id']}/status"


@pytest.fixture
def running(editor: Editor, saved: Json) -> str:
    """Where an execution of it is."""
    return f"/api/executions/{editor.execute(saved)['id']}"


def auto(client: FlaskClient) -> None:
    """Let those who wait make time jump."""
    assert client.put("/_control/clock", json={"pace": "auto"}).status_code == 200


@pytest.mark.parametrize(("query", "headers"), [("", LONG), ("?wait=60", {})])
def test_an_answer_comes_when_something_changes(
    client: FlaskClient, beside: Aside, status: str, running: str, query: str, headers: Json
) -> None:
    for path in (status, running):
        asked = beside.get(path + query, headers=headers)
        client.post(f"{running}/pause")
        paused = asked.result(PATIENCE)
        assert (paused.status_code, paused.get_json()["status"]) == (200, "paused")
        assert paused.headers.get(APPLIED) == ("wait=60" if headers else None)
        client.post(f"{running}/resume")


def test_when_nothing_changes_the_answer_is_how_it_is_then(client: FlaskClient, status: str, running: str) -> None:
    for path in (status, running):
        start = time.monotonic()
        same = client.get(path, headers={"Prefer": "wait=0.05"})
        assert time.monotonic() - start >= 0.05
        assert (same.status_code, same.get_json()["status"]) == (200, "running")
        assert same.headers[APPLIED] == "wait=0.05"


def test_what_happens_elsewhere_neither_ends_a_wait_nor_makes_it_longer(
    client: FlaskClient, editor: Editor, beside: Aside, status: str, running: str
) -> None:
    asked = beside.get(f"{status}?wait=0.3")
    while not asked.done():
        editor.save(node("other"))
    assert asked.result().get_json() == client.get(status).get_json()


def test_a_workflow_that_never_ran_waits_for_its_first_execution(
    client: FlaskClient, editor: Editor, beside: Aside, saved: Json, status: str
) -> None:
    asked = beside.get(status, headers=LONG)
    editor.execute(saved)
    assert asked.result(PATIENCE).get_json()["status"] == "running"


def test_an_execution_that_has_ended_is_answered_at_once(client: FlaskClient, status: str, running: str) -> None:
    client.post(f"{running}/stop")
    for path in (status, running):
        for query in ("", "&until=completed", "&until=status"):
            with at_once():
                ended = client.get(f"{path}?wait=60{query}", headers=LONG)
            assert ended.get_json()["status"] == "stopped"
            assert ended.headers[APPLIED] == "wait=60"


def test_at_pace_auto_a_wait_makes_time_jump(client: FlaskClient, status: str, running: str) -> None:
    auto(client)
    before = client.get(running).get_json()
    with at_once():
        changed = client.get(running, headers=LONG).get_json()
    assert changed["status"] == "running"
    assert changed["last_seq"] == before["last_seq"] + 1
    with at_once():
        ended = client.get(f"{status}?until=completed", headers=LONG).get_json()
    assert (ended["status"], ended["elapsed_ms"]) == ("completed", 1000)


class TestUntil:
    """``?until=`` waits for a status instead of for any change."""

    def test_what_changes_no_status_does_not_end_the_wait(self, client: FlaskClient, running: str) -> None:
        auto(client)
        ended = client.get(f"{running}?until=status").get_json()
        assert ended["status"] == "completed"

    def test_any_other_status_or_one_of_several(self, client: FlaskClient, beside: Aside, running: str) -> None:
        for wanted in ("status", "paused", "failed,paused", "failed&until=paused"):
            # Without a word on how long, it waits for a while.
            asked = beside.get(f"{running}?until={wanted}")
            client.post(f"{running}/pause")
            assert asked.result(PATIENCE).get_json()["status"] == "paused"
            client.post(f"{running}/resume")

    def test_a_status_that_is_there_already_is_answered_at_once(
        self, client: FlaskClient, status: str, running: str
    ) -> None:
        for path in (status, running):
            with at_once():
                assert client.get(f"{path}?until=completed,running&wait=60").get_json()["status"] == "running"

    def test_an_end_of_another_kind_is_answered_at_once(
        self, client: FlaskClient, beside: Aside, status: str, running: str
    ) -> None:
        asked = beside.get(f"{status}?until=completed", headers=LONG)
        client.post(f"{running}/stop")
        assert asked.result(PATIENCE).get_json()["status"] == "stopped"

    def test_nobody_waits_who_says_so(self, client: FlaskClient, running: str) -> None:
        with at_once():
            assert client.get(f"{running}?until=completed&wait=0").get_json()["status"] == "running"

    def test_a_first_execution_is_waited_for_until_its_end(self, client: FlaskClient, status: str, saved: Json) -> None:
        auto(client)
        with ThreadPoolExecutor() as pool:
            asked = pool.submit(client.application.test_client().get, f"{status}?until=completed&wait=60")
            client.post(f"/api/workflows/{saved['id']}/execute")
            assert asked.result(PATIENCE).get_json()["status"] == "completed"


class TestIfNoneMatch:
    """With ``If-None-Match``, a change is one of what the caller has."""

    def test_what_the_caller_has_is_not_sent_again(self, client: FlaskClient, status: str, running: str) -> None:
        for path in (status, f"{status}?include=data", running, f"{running}?iterations=all"):
            known = client.get(path).headers["ETag"]
            same = client.get(path, headers={"If-None-Match": known})
            assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", known)

    def test_when_nothing_changed_until_the_end_it_is_304(self, client: FlaskClient, status: str, running: str) -> None:
        for path in (status, running):
            known = client.get(path).headers["ETag"]
            same = client.get(path, headers={"If-None-Match": known, "Prefer": "wait=0.01"})
            assert (same.status_code, same.headers[APPLIED]) == (304, "wait=0.01")

    def test_a_change_is_answered_when_it_comes(
        self, client: FlaskClient, beside: Aside, status: str, running: str
    ) -> None:
        known = client.get(status).headers["ETag"]
        asked = beside.get(status, headers={"If-None-Match": known, **LONG})
        client.post(f"{running}/pause")
        changed = asked.result(PATIENCE)
        assert (changed.status_code, changed.get_json()["status"]) == (200, "paused")
        assert changed.headers["ETag"] != known

    @pytest.mark.parametrize("query", ["", "?until=status"])
    def test_a_change_that_the_caller_missed_is_answered_at_once(
        self, client: FlaskClient, status: str, running: str, query: str
    ) -> None:
        for path in (status, running):
            known = client.get(path).headers["ETag"]
            client.post(f"{running}/pause")
            with at_once():
                missed = client.get(path + query, headers={"If-None-Match": known, **LONG})
            assert (missed.status_code, missed.get_json()["status"]) == (200, "paused")
            client.post(f"{running}/resume")

    def test_a_status_that_is_named_is_waited_for_whatever_the_caller_has(
        self, client: FlaskClient, beside: Aside, status: str, running: str
    ) -> None:
        asked = beside.get(f"{status}?until=stopped", headers={"If-None-Match": '"old"', **LONG})
        client.post(f"{running}/stop")
        assert asked.result(PATIENCE).get_json()["status"] == "stopped"

    def test_who_has_seen_the_end_waits_for_the_next_execution(
        self, client: FlaskClient, editor: Editor, beside: Aside, saved: Json, status: str, running: str
    ) -> None:
        client.post(f"{running}/stop")
        seen = {"If-None-Match": client.get(status).headers["ETag"], **LONG}
        asked = beside.get(status, headers=seen)
        started = editor.execute(saved)
        assert asked.result(PATIENCE).get_json()["id"] == started["id"]

    def test_a_next_execution_is_a_change_though_it_ended_in_the_same_way(
        self, client: FlaskClient, editor: Editor, beside: Aside, saved: Json, status: str
    ) -> None:
        client.put("/_control/clock", json={"pace": "instant"})
        first = editor.execute(saved)
        for query in ("", "?until=status", "?until=failed"):
            seen = {"If-None-Match": client.get(status).headers["ETag"], **LONG}
            asked = beside.get(status + query, headers=seen)
            second = editor.execute(saved)
            assert (second["status"], second["last_seq"]) == (first["status"], first["last_seq"])
            assert asked.result(PATIENCE).get_json()["id"] == second["id"]

    def test_an_execution_that_has_ended_has_no_next_one(self, client: FlaskClient, running: str) -> None:
        client.post(f"{running}/stop")
        seen = {"If-None-Match": client.get(running).headers["ETag"], **LONG}
        with at_once():
            assert client.get(running, headers=seen).status_code == 304


class TestGone:
    """What is waited for goes away."""

    def test_a_workflow_that_is_deleted(
        self, client: FlaskClient, beside: Aside, problem_of: Any, saved: Json, status: str
    ) -> None:
        asked = beside.get(status, headers=LONG)
        client.delete(f"/api/workflows/{saved['id']}")
        gone = asked.result(PATIENCE)
        assert problem_of(gone, 404)["code"] == "workflow_not_found"
        assert APPLIED not in gone.headers

    def test_a_sandbox_that_is_reset(self, client: FlaskClient, beside: Aside, problem_of: Any, running: str) -> None:
        asked = beside.get(f"{running}?until=completed", headers=LONG)
        client.post("/_control/reset")
        assert problem_of(asked.result(PATIENCE), 404)["code"] == "execution_not_found"

    def test_a_sandbox_that_is_restored(self, client: FlaskClient, beside: Aside, status: str, running: str) -> None:
        client.post("/_control/snapshots", json={"name": "running"})
        client.post(f"{running}/pause")
        asked = beside.get(f"{status}?until=running", headers=LONG)
        client.post("/_control/snapshots/running/restore")
        assert asked.result(PATIENCE).get_json()["status"] == "running"

    def test_a_sandbox_that_is_ended(self, client: FlaskClient, beside: Aside, problem_of: Any, running: str) -> None:
        asked = beside.get(running, headers=LONG)
        client.delete("/_control/sandboxes/default")
        assert problem_of(asked.result(PATIENCE), 409)["code"] == "set_back"


@pytest.mark.parametrize("told", ["x", "-1", "nan", "1e1", ""])
def test_a_wait_that_cannot_be_is_refused(client: FlaskClient, problem_of: Any, status: str, told: str) -> None:
    refused = problem_of(client.get(status, headers={"Prefer": f"wait={told}"}), 400)
    assert refused["code"] == "bad_preference"
    assert "Prefer" in refused["detail"]
    assert problem_of(client.get(f"{status}?wait={told}x"), 422)["code"] == "bad_query"


def test_a_status_that_cannot_be_is_refused(client: FlaskClient, problem_of: Any, status: str, running: str) -> None:
    for path in (status, running):
        for word in ("done", "idle", "completed,done"):
            assert problem_of(client.get(f"{path}?until={word}"), 422)["code"] == "bad_query"


def test_the_header_comes_before_the_parameter(client: FlaskClient, running: str) -> None:
    with at_once():
        answered = client.get(f"{running}?wait=60", headers={"Prefer": "wait=0"})
    assert answered.headers[APPLIED] == "wait=0"


def test_other_preferences_are_followed_beside_it(client: FlaskClient, running: str) -> None:
    both = client.get(running, headers={"Prefer": "delay=1, wait=0.01"})
    assert both.headers[APPLIED] == "delay=1, wait=0.01"
    with at_once():
        assert client.get(running, headers={"Prefer": "code=503, wait=60"}).status_code == 503


def test_other_urls_do_not_listen_to_a_wait(client: FlaskClient, saved: Json) -> None:
    for path in ("/api/workflows", f"/api/workflows/{saved['id']}", "/api/executions"):
        for told in ("wait=60", "wait=x"):
            with at_once():
                plain = client.get(path, headers={"Prefer": told})
            assert plain.status_code == 200
            assert APPLIED not in plain.headers


def test_who_would_wait_for_longer_than_anybody_may_waits_for_as_long_as_that(
    client: FlaskClient, running: str
) -> None:
    wanted = {"Prefer": "wait=600"}
    answer = client.get(f"{running}?until=running", headers=wanted)
    assert (answer.status_code, answer.headers[APPLIED]) == (200, "wait=60")
