"""Webhooks: a request of anybody's starts an execution at a trigger, with the request as its input."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.config import Settings
from tests.editor import Editor, node
from tests.person import Person

Json = Any

METHODS = ("POST", "GET", "PUT", "PATCH", "DELETE")
HOOK = node("hook", "webhook_trigger", config={"method": "POST", "path": "orders/new"})


@pytest.fixture
def workflow(editor: Editor) -> Json:
    """What a webhook starts, and what it does not."""
    return editor.save(HOOK, node("hand", "manual_trigger"), node("work"), lines=["hook-work", "hand-work"])


def called(editor: Editor, workflow: Json, **sent: Any) -> Json:
    """The execution that a call of the webhook has started."""
    response = editor.client.post(f"/api/webhooks/{workflow['id']}/hook", **sent)
    assert response.status_code == 202, response.get_data(as_text=True)
    told = response.get_json()
    assert response.headers["Location"] == f"/api/executions/{told['execution_id']}"
    return editor.get(response.headers["Location"])


def test_a_request_starts_an_execution_at_its_trigger_with_itself_as_input(editor: Editor, workflow: Json) -> None:
    execution = called(
        editor,
        workflow,
        json={"order": 7},
        query_string="tag=a&tag=b&sure=yes&access_token=secret&__delay=0",
        headers={
            "X-Trace": "t1",
            "Authorization": "Bearer secret",
            "X-API-Key": "secret",
            "Cookie": "session=secret",
            "Accept-Encoding": "gzip",
        },
    )
    given = execution["input"]
    agent = given["headers"].pop("user-agent")
    assert agent.startswith("Werkzeug")
    assert given == {
        "method": "POST",
        "path": "/orders/new",
        "headers": {"content-type": "application/json", "x-trace": "t1"},
        "query": {"tag": ["a", "b"], "sure": "yes"},
        "body": {"order": 7},
    }
    assert (execution["mode"], execution["start_node"]) == ("webhook", "hook")
    assert [run["node_id"] for run in execution["nodes"]] == ["hook", "work"]
    done = editor.finish(execution)
    assert done["nodes"][0]["output"]["output"]["body"] == {"order": 7}


@pytest.mark.parametrize("method", METHODS)
def test_a_webhook_listens_to_the_method_of_its_trigger_and_no_other(
    editor: Editor, client: FlaskClient, problem_of: Callable[..., Json], method: str
) -> None:
    workflow = editor.save(node("hook", "webhook_trigger", config={"method": method}))
    for other in (*METHODS, "HEAD"):
        response = client.open(f"/api/webhooks/{workflow['id']}/hook", method=other)
        if other == method:
            assert response.status_code == 202
        else:
            assert (response.status_code, response.headers["Allow"]) == (405, method)
            assert other == "HEAD" or problem_of(response, 405)["code"] == "method_not_allowed"
    (execution,) = editor.get("/api/executions")["items"]
    assert editor.get(f"/api/executions/{execution['id']}")["input"]["method"] == method


@pytest.mark.parametrize("kind", ["manual_trigger", "schedule_trigger", "mqtt_in"])
def test_any_trigger_can_be_called_with_post(editor: Editor, client: FlaskClient, kind: str) -> None:
    workflow = editor.save(node("a/b c", kind, config={"method": "GET", "path": "x"}))
    (webhook,) = editor.get(f"/api/workflows/{workflow['id']}/webhooks")["items"]
    url = f"/api/webhooks/{workflow['id']}/a/b%20c"
    assert (webhook["method"], webhook["path"], webhook["url"], webhook["label"]) == ("POST", url, url, "a/b c")
    assert client.post(webhook["url"], json=1).status_code == 202
    assert client.get(webhook["url"]).status_code == 405


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        ({}, None),
        ({"json": [1, None]}, [1, None]),
        ({"data": b'{"a": 1}', "content_type": "application/vnd.github+json"}, {"a": 1}),
        ({"data": {"a": "1", "b": ["2", "3"]}}, {"a": "1", "b": ["2", "3"]}),
        ({"data": "Grüße".encode(), "content_type": "text/plain"}, "Grüße"),
        ({"data": "Grüße".encode("latin-1"), "content_type": "text/plain; charset=iso-8859-1"}, "Grüße"),
        ({"data": b"<a/>", "content_type": "application/xml"}, "<a/>"),
        ({"data": b"plain"}, "plain"),
        (
            {"data": b"\xff\x00", "content_type": "text/plain"},
            {"content_type": "text/plain", "size": 2, "base64": b64encode(b"\xff\x00").decode()},
        ),
        (
            {"data": b"\\ud800", "content_type": "text/plain; charset=unicode_escape"},
            {"content_type": "text/plain", "size": 6, "base64": b64encode(b"\\ud800").decode()},
        ),
        (
            {"data": b"abc", "content_type": "application/octet-stream"},
            {"content_type": "application/octet-stream", "size": 3, "base64": "YWJj"},
        ),
        (
            {"data": {"note": "x", "file": (BytesIO(b"abc"), "a.bin", "image/png")}},
            {"note": "x", "file": {"name": "a.bin", "content_type": "image/png", "size": 3, "base64": "YWJj"}},
        ),
    ],
)
def test_a_body_is_what_its_content_type_says(editor: Editor, workflow: Json, sent: Json, body: Json) -> None:
    assert called(editor, workflow, **sent)["input"]["body"] == body


def test_a_body_that_is_not_what_it_says_is_refused(
    editor: Editor, workflow: Json, problem_of: Callable[..., Json]
) -> None:
    url = f"/api/webhooks/{workflow['id']}/hook"
    problem = problem_of(editor.client.post(url, data=b"{", content_type="application/json"), 400)
    assert problem["code"] == "malformed_json"
    assert editor.get("/api/executions")["items"] == []


PART = b'--x\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\nabc\r\n'


@pytest.mark.parametrize(
    ("form", "content_type"),
    [
        (PART % b"a.txt", "multipart/form-data; boundary=x"),
        (PART % b"a.txt" + b"--x--\r\n", "multipart/form-data"),
        (PART % b"a.txt" + b"--x--\r\n", "multipart/form-data; boundary=other"),
        (PART % "Gruß.txt".encode("latin-1") + b"--x--\r\n", "multipart/form-data; boundary=x"),
        (b"name=Gr\xfc\xdfe", "application/x-www-form-urlencoded"),
    ],
    ids=["no end", "no boundary", "another boundary", "a file name in Latin-1", "a field in Latin-1"],
)
def test_a_form_that_is_broken_is_refused(
    editor: Editor, workflow: Json, problem_of: Callable[..., Json], form: bytes, content_type: str
) -> None:
    url = f"/api/webhooks/{workflow['id']}/hook"
    problem = problem_of(editor.client.post(url, data=form, content_type=content_type), 400)
    assert problem["code"] == "malformed"
    assert editor.get("/api/executions")["items"] == []


def test_a_form_of_too_many_parts_is_refused(editor: Editor, workflow: Json, problem_of: Callable[..., Json]) -> None:
    url, form = f"/api/webhooks/{workflow['id']}/hook", {"note": ["x"] * 1000, "file": (BytesIO(b"abc"), "a.txt")}
    assert problem_of(editor.client.post(url, data=form), 413)["code"] == "too_large"


def test_where_nothing_listens_there_is_nothing(
    editor: Editor, workflow: Json, problem_of: Callable[..., Json]
) -> None:
    disabled = editor.save(node("hook", "webhook_trigger", disabled=True))
    for lost in ("nothing", "nothing/hook", f"{workflow['id']}/work", f"{workflow['id']}/no", f"{disabled['id']}/hook"):
        problem = problem_of(editor.client.post(f"/api/webhooks/{lost}", json={}), 404)
        assert problem["code"] == "webhook_not_found", lost
    assert editor.get(f"/api/workflows/{disabled['id']}/webhooks")["items"] == []
    editor.client.delete(f"/api/workflows/{workflow['id']}")
    assert editor.client.post(f"/api/webhooks/{workflow['id']}/hook").status_code == 404


def test_calls_queue_up_and_go_one_after_another(editor: Editor, workflow: Json) -> None:
    began = [called(editor, workflow, json=number) for number in range(4)]
    assert [one["status"] for one in began] == ["running", "pending", "pending", "pending"]
    assert editor.get(f"/api/workflows/{workflow['id']}")["last_execution"]["id"] == began[0]["id"]
    ended = [editor.finish(one) for one in began]
    assert [one["status"] for one in ended] == ["completed"] * 4
    for one, following in pairwise(ended):
        assert one["finished_at"] == following["started_at"]
    assert editor.get(f"/api/workflows/{workflow['id']}")["last_execution"]["id"] == began[3]["id"]


def test_a_call_that_is_sent_twice_happens_once(editor: Editor, client: FlaskClient, workflow: Json) -> None:
    url, key = f"/api/webhooks/{workflow['id']}/hook", {"Idempotency-Key": "one"}
    first, again = (client.post(url, json={"a": 1}, headers=key) for _ in range(2))
    assert (first.status_code, first.data) == (again.status_code, again.data)
    assert again.headers["Idempotency-Replayed"] == "true"
    form = {"data": {"file": (BytesIO(b"abc"), "a.txt")}, "headers": {"Idempotency-Key": "two"}}
    assert editor.get(f"/api/executions/{called(editor, workflow, **form)['id']}")["input"]["body"]["file"]["size"] == 3
    assert editor.get("/api/executions")["total"] == 2


def test_a_graph_that_cannot_run_is_refused(editor: Editor, problem_of: Callable[..., Json]) -> None:
    workflow = editor.save(HOOK, lines=["hook-lost"])
    problem = problem_of(editor.client.post(f"/api/webhooks/{workflow['id']}/hook"), 422)
    assert (problem["code"], problem["errors"][0]["connection_id"]) == ("cannot_run", "hook-lost")


@pytest.mark.parametrize("way", ["path", "header", "query"])
def test_the_address_of_a_webhook_leads_into_the_sandbox_that_was_asked(client: FlaskClient, way: str) -> None:
    prefix, headers, query = {
        "path": ("/s/mine", {}, ""),
        "header": ("", {"X-Sandbox": "mine"}, ""),
        "query": ("", {}, "?sandbox=mine"),
    }[way]
    made = client.post(f"{prefix}/api/workflows{query}", json={"nodes": [HOOK]}, headers=headers).get_json()
    listed = client.get(f"{prefix}/api/workflows/{made['id']}/webhooks{query}", headers=headers).get_json()
    (webhook,) = listed["items"]
    assert webhook["url"] == f"/s/mine/api/webhooks/{made['id']}/hook"
    assert client.post(webhook["url"]).status_code == 202


def test_pages_of_other_origins_may_call(client: FlaskClient, editor: Editor, workflow: Json) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    asked = client.options(f"/api/webhooks/{workflow['id']}/hook", headers=headers)
    assert (asked.status_code, "POST" in asked.headers["Access-Control-Allow-Methods"]) == (204, True)
    assert editor.get("/api/executions")["items"] == []


class TestBounds:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, limits=replace(settings.limits, max_queued=2, max_body_bytes=5000))

    def test_only_so_many_wait(self, editor: Editor, workflow: Json, problem_of: Callable[..., Json]) -> None:
        began = [called(editor, workflow) for _ in range(3)]
        problem = problem_of(editor.client.post(f"/api/webhooks/{workflow['id']}/hook"), 429)
        assert problem["code"] == "queue_full"
        editor.post(f"/api/executions/{began[1]['id']}/stop")
        assert called(editor, workflow)["status"] == "pending"

    def test_a_body_has_a_size(self, editor: Editor, workflow: Json, problem_of: Callable[..., Json]) -> None:
        for content_type in ("text/plain", "application/x-www-form-urlencoded"):
            response = editor.client.post(
                f"/api/webhooks/{workflow['id']}/hook", data=b"x" * 5001, content_type=content_type
            )
            assert problem_of(response, 413)["code"] == "too_large"


class TestLogin:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, auth="required")

    def test_only_who_may_edit_a_workflow_is_told_its_webhooks(
        self, client: FlaskClient, problem_of: Callable[..., Json]
    ) -> None:
        demo, alice = Person(client, "demo"), Person(client, "alice")
        path = f"/api/workflows/{demo('POST', '/api/workflows', {'nodes': [HOOK]}).json['id']}"
        demo("POST", f"{path}/shares", {"user": "alice", "permission": "view"})
        assert problem_of(alice("GET", f"{path}/webhooks"), 403)["code"] == "not_permitted"
        demo("PATCH", f"{path}/shares/us_alice", {"permission": "edit"})
        assert [one["node_id"] for one in alice("GET", f"{path}/webhooks").json["items"]] == ["hook"]

    def test_nobody_has_to_log_in(self, client: FlaskClient, problem_of: Callable[..., Json]) -> None:
        assert problem_of(client.post("/api/webhooks/nothing/hook"), 404)["code"] == "webhook_not_found"


class TestInstant:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, pace="instant")

    def test_it_has_ended_when_the_answer_comes(self, editor: Editor, client: FlaskClient, workflow: Json) -> None:
        told = client.post(f"/api/webhooks/{workflow['id']}/hook").get_json()
        assert told == {"execution_id": told["execution_id"], "workflow_id": workflow["id"], "status": "completed"}
