"""The manners of HTTP that every URL has: bodies, pages, conditions, keys, origins."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import Limits, Settings
from app.errors import InvalidInput
from app.web.idempotency import idempotent
from tests.editor import Editor, node

PATH = "/api/workflows"


@pytest.fixture
def settings() -> Settings:
    limits = Limits(max_body_bytes=1_000_000, max_per_page=50, max_idempotency_keys=3)
    return Settings(pace="stopped", scenario="empty", limits=limits)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"name": }', "malformed_json"),
        (b"", "malformed_json"),
        (b'{"x": NaN}', "malformed_json"),
        (b'{"x": "\xff"}', "malformed_json"),
        (b'{"x": "\\ud800"}', "malformed_json"),
        (b"[" * 100_000, "malformed_json"),
        (b"[" * 100_000 + b"]" * 100_000, "malformed_json"),
        (b'{"metadata":' * 230 + b"{}" + b"}" * 230, "too_deep"),
    ],
)
def test_what_is_no_json_is_malformed(client: FlaskClient, problem_of: Any, body: bytes, code: str) -> None:
    assert problem_of(client.post(PATH, data=body, content_type="application/json"), 400)["code"] == code


def test_malformed_json_is_told_by_line_and_column(client: FlaskClient, problem_of: Any) -> None:
    refusal = problem_of(client.post(PATH, data=b'{\n "name": oops}', content_type="application/json"), 400)
    assert (refusal["line"], refusal["column"]) == (2, 10)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_another_content_type_is_refused(client: FlaskClient, problem_of: Any, kind: str) -> None:
    assert kind in problem_of(client.post(PATH, data=b"{}", content_type=kind), 415)["detail"]


def test_a_body_of_which_nothing_is_said_is_json(client: FlaskClient, editor: Editor, problem_of: Any) -> None:
    saved = client.post(PATH, data=b'{"name": "x"}')
    assert (saved.status_code, saved.get_json()["name"]) == (201, "x")
    assert problem_of(client.post(PATH), 400)["code"] == "malformed_json"
    started = client.post(f"{PATH}/{saved.get_json()['id']}/execute", data=b'{"seed": "many"}')
    assert problem_of(started, 422)["errors"][0]["pointer"] == "/seed"
    client.post("/_control/snapshots", data=b'{"name": "kept"}')
    document = client.get("/_control/snapshots/kept").data
    assert client.put("/_control/snapshots/again", data=document).status_code == 201


def test_any_json_content_type_will_do(client: FlaskClient) -> None:
    for kind in ("application/json; charset=utf-8", "application/vnd.acme+json"):
        assert client.post(PATH, data=b'\xef\xbb\xbf{"name": "x"}', content_type=kind).status_code == 201


def test_a_body_that_is_too_large_is_refused(client: FlaskClient, problem_of: Any) -> None:
    problem_of(client.post(PATH, json={"description": "x" * 1_000_001}), 413)
    chunks = {"input_stream": BytesIO(b"[" + b"1," * 600_000), "environ_overrides": {"wsgi.input_terminated": True}}
    problem_of(client.post(PATH, content_type="application/json", **chunks), 413)


def test_numbers_beyond_64_bits_do_no_harm(client: FlaskClient) -> None:
    saved = client.post(PATH, data=b'{"metadata": {"n": ' + b"9" * 40 + b"}}", content_type="application/json")
    assert client.get(saved.headers["Location"]).status_code == 200


def test_whoever_accepts_no_json_is_refused_before_anything_is_done(
    client: FlaskClient, editor: Editor, problem_of: Any
) -> None:
    problem_of(client.post(PATH, json={}, headers={"Accept": "application/xml"}), 406)
    problem_of(client.get(PATH, headers={"Accept": "application/json;q=0"}), 406)
    assert editor.get(PATH)["total"] == 0
    for accepted in ("*/*", "application/*", "text/html, */*;q=0.1", "application/json"):
        assert client.get(PATH, headers={"Accept": accepted}).status_code == 200


def test_pages_link_to_their_neighbours(client: FlaskClient, editor: Editor) -> None:
    for number in range(5):
        editor.save(name=f"w{number}")
    response = client.get(f"{PATH}?page=2&per_page=2&sort=name&q=w")
    page = response.get_json()
    assert [item["name"] for item in page["items"]] == ["w2", "w3"]
    assert {name: page[name] for name in ("page", "per_page", "total", "pages")} == {
        "page": 2,
        "per_page": 2,
        "total": 5,
        "pages": 3,
    }
    assert response.headers["X-Total-Count"] == "5"
    links = dict(reversed(link.split("; ")) for link in response.headers["Link"].split(", "))
    assert set(links) == {f'rel="{name}"' for name in ("first", "prev", "next", "last")}
    following = client.get(links['rel="next"'].strip("<>")).get_json()
    assert [item["name"] for item in following["items"]] == ["w4"]


def test_a_page_behind_the_last_is_empty(client: FlaskClient, editor: Editor) -> None:
    editor.save()
    response = client.get(f"{PATH}?page=9")
    assert response.get_json()["items"] == []
    assert 'page=1>; rel="prev"' in response.headers["Link"]
    assert 'rel="next"' not in response.headers["Link"]


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "per_page=0", "per_page=51", "sort=shoe_size", "page=1&page=2", "status=tired"]
)
def test_a_parameter_that_does_not_fit_is_named(client: FlaskClient, problem_of: Any, query: str) -> None:
    refusal = problem_of(client.get(f"{PATH}?{query}"), 422)
    assert refusal["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"


def test_parameters_that_nobody_knows_are_not_looked_at(client: FlaskClient) -> None:
    assert client.get(f"{PATH}?_=1700000000").status_code == 200


def test_an_answer_that_the_caller_has_is_not_sent_again(client: FlaskClient, editor: Editor) -> None:
    path = f"{PATH}/{editor.save(node('a'))['id']}"
    tag = client.get(path).headers["ETag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    client.patch(path, json={"name": "New"})
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_an_execution_changes_the_tag_but_not_the_revision(client: FlaskClient, editor: Editor) -> None:
    saved = editor.save(node("a", "manual_trigger"))
    path = f"{PATH}/{saved['id']}"
    tag = client.get(path).headers["ETag"]
    editor.finish(editor.execute(saved))
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 200
    assert client.put(path, json={"name": "x"}, headers={"If-Match": tag}).status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_a_change_of_an_older_revision_is_refused(
    client: FlaskClient, editor: Editor, problem_of: Any, method: str
) -> None:
    path = f"{PATH}/{editor.save(node('a'))['id']}"
    old = client.get(path).headers["ETag"]
    new = client.patch(path, json={"name": "New"}).headers["ETag"]
    body = {} if method == "delete" else {"json": {"name": "Mine"}}
    for stale in (old, '"99-x"', '"not ours"', f'{old}, "77-y"'):
        problem_of(getattr(client, method)(path, headers={"If-Match": stale}, **body), 412)
    assert editor.get(path)["name"] == "New"
    fresh = getattr(client, method)(path, headers={"If-Match": f'{old}, "99-x", W/{new}'}, **body)
    assert fresh.status_code < 300


def test_any_revision_will_do_where_the_caller_says_so(client: FlaskClient, editor: Editor) -> None:
    path = f"{PATH}/{editor.save(node('a'))['id']}"
    assert client.patch(path, json={"name": "x"}, headers={"If-Match": "*"}).status_code == 200


def test_a_node_is_guarded_by_the_revision_of_its_workflow(
    client: FlaskClient, editor: Editor, problem_of: Any
) -> None:
    path = f"{PATH}/{editor.save(node('a'))['id']}"
    tag = client.get(f"{path}/nodes/a").headers["ETag"]
    client.patch(path, json={"name": "New"})
    problem_of(client.patch(f"{path}/nodes/a", json={"type": "if"}, headers={"If-Match": tag}), 412)
    problem_of(client.delete(f"{path}/nodes/a", headers={"If-Match": tag}), 412)


def test_a_post_with_a_key_happens_once(client: FlaskClient, editor: Editor) -> None:
    key = {"Idempotency-Key": "one"}
    first = client.post(PATH, json={"name": "x"}, headers=key)
    again = client.post(PATH, json={"name": "x"}, headers=key)
    assert (again.status_code, again.data) == (201, first.data)
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers[name] == first.headers[name]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert editor.get(PATH)["total"] == 1


def test_a_start_with_a_key_starts_once(client: FlaskClient, editor: Editor) -> None:
    path = f"{PATH}/{editor.save(node('a'))['id']}/execute"
    answers = [client.post(path, headers={"Idempotency-Key": "go"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].data == answers[1].data


def test_an_upload_with_a_key_happens_once_whatever_its_boundary(upload: Any, editor: Editor) -> None:
    key = {"Idempotency-Key": "up"}
    first, again = (upload(("a.txt", b"x"), headers=key) for _ in range(2))
    assert again.data == first.data
    assert upload(("a.txt", b"y"), headers=key).status_code == 422
    assert editor.get("/api/files")["total"] == 1


@pytest.mark.parametrize(
    ("url", "headers", "told"),
    [
        ("/s/default{}", {}, "/s/default{}"),
        ("{}?sandbox=default", {}, "{}?sandbox=default"),
        ("{}", {"X-Sandbox": "default"}, "{}"),
    ],
)
def test_a_kept_answer_leads_on_in_the_way_of_whoever_asks_again(
    client: FlaskClient, upload: Any, url: str, headers: dict[str, str], told: str
) -> None:
    key = {"Idempotency-Key": "up", **headers}
    first = upload(("a.txt", b"hello"), headers=key, path="/s/default/api/files/upload")
    file = first.get_json()["items"][0]
    again = upload(("a.txt", b"hello"), headers=key, path=url.format("/api/files/upload"))
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.headers["Location"] == f"/s/default/api/files/{file['id']}"
    assert again.headers["Location"] == told.format(f"/api/files/{file['id']}")
    content = again.get_json()["items"][0]["content_url"]
    assert content == told.format(f"/api/files/{file['id']}/content")
    assert client.get(content, headers=headers).data == b"hello"


def test_a_kept_answer_is_of_the_sandbox_that_it_was_forked_into(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "one"}
    client.post(f"{PATH}?sandbox=mine", json={"name": "x"}, headers=key)
    client.post("/s/mine/_control/snapshots", json={"name": "kept"}, headers=key | {"Idempotency-Key": "two"})
    forked = client.post("/s/mine/_control/snapshots/kept/fork", json={"sandbox": "twin"}, headers={})
    assert forked.headers["Location"] == "/s/twin/_control"
    again = client.post(f"/s/twin{PATH}", json={"name": "x"}, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == f"/s/twin{PATH}/{again.get_json()['id']}"


def test_a_fork_that_is_answered_again_leads_to_the_same_sandbox(client: FlaskClient) -> None:
    client.post("/s/mine/_control/snapshots", json={"name": "kept"})
    for url in ("/s/mine{}", "{}?sandbox=mine"):
        path = url.format("/_control/snapshots/kept/fork")
        forked = client.post(path, json={"sandbox": "twin"}, headers={"Idempotency-Key": "one"})
        assert forked.headers["Location"] == "/s/twin/_control"


def test_a_request_that_fails_gives_up_its_own_key_only(app: Flask, problem_of: Any) -> None:
    """Between its begin and its end the sandbox is reset, and somebody else uses the same key."""
    key, client = {"Idempotency-Key": "one"}, app.test_client()

    @idempotent
    def slow() -> None:
        client.post("/_control/reset")
        client.post("/_control/snapshots", json={"name": "x"}, headers=key)
        raise InvalidInput("No.")

    app.view_functions["api/workflows"] = slow
    problem_of(app.test_client().post(PATH, json={}, headers=key), 422)
    again = client.post("/_control/snapshots", json={"name": "x"}, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_slash_at_the_end_is_no_other_request(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "one"}
    first = client.post(PATH, json={"name": "x"}, headers=key)
    again = client.post(f"{PATH}/", json={"name": "x"}, headers=key)
    assert (again.status_code, again.get_json()) == (201, first.get_json())


def test_a_key_is_for_one_request_only(client: FlaskClient, problem_of: Any) -> None:
    key = {"Idempotency-Key": "one"}
    client.post(PATH, json={"name": "x"}, headers=key)
    refusal = problem_of(client.post(PATH, json={"name": "y"}, headers=key), 422)
    assert refusal["code"] == "idempotency_key_reused"
    problem_of(client.post("/api/templates", json={"name": "x"}, headers=key), 422)


def test_who_failed_may_mend_the_request_under_the_same_key(client: FlaskClient, problem_of: Any) -> None:
    key = {"Idempotency-Key": "one"}
    problem_of(client.post(PATH, json={"name": ""}, headers=key), 422)
    assert client.post(PATH, json={"name": "x"}, headers=key).status_code == 201


def test_the_same_request_while_the_first_is_at_work_is_refused(settings: Settings, problem_of: Any) -> None:
    app, key, heard = create_app(settings), {"Idempotency-Key": "one"}, []

    @idempotent
    def slow() -> tuple[None, int]:
        heard.append(app.test_client().post(PATH, json={}, headers=key))
        return None, 204

    app.view_functions["api/workflows"] = slow
    assert app.test_client().post(PATH, json={}, headers=key).status_code == 204
    assert problem_of(heard[0], 409)["code"] == "idempotency_in_progress"
    assert len(heard) == 1


def test_the_oldest_keys_are_forgotten(client: FlaskClient, editor: Editor) -> None:
    for key in ("a", "b", "c", "d", "a"):
        client.post(PATH, json={"name": "x"}, headers={"Idempotency-Key": key})
    assert editor.get(PATH)["total"] == 5


def test_any_origin_may_call_without_credentials(client: FlaskClient) -> None:
    origin = {"Origin": "http://localhost:5173"}
    answer = client.get(PATH, headers=origin)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert {"ETag", "Location", "X-Total-Count"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))
    asked = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "if-match, x-sandbox, x-mine"}
    preflight = client.options(PATH, headers=origin | asked)
    assert (preflight.status_code, preflight.data) == (204, b"")
    assert "PATCH" in preflight.headers["Access-Control-Allow-Methods"]
    assert preflight.headers["Access-Control-Allow-Headers"] == "if-match, x-mine, x-sandbox"
    assert client.get("/api/nothing", headers=origin).headers["Access-Control-Allow-Origin"] == "*"


def test_a_named_list_may_call_with_credentials() -> None:
    named = Settings(scenario="empty", cors_origins="http://a.test, http://b.test")
    client = create_app(named).test_client()
    mine = client.get("/health", headers={"Origin": "http://b.test"})
    assert mine.headers["Access-Control-Allow-Origin"] == "http://b.test"
    assert mine.headers["Access-Control-Allow-Credentials"] == "true"
    foreign = client.get("/health", headers={"Origin": "http://evil.test"})
    assert "Access-Control-Allow-Origin" not in foreign.headers


def test_every_answer_says_what_it_depends_on(client: FlaskClient) -> None:
    for path in (PATH, "/health", "/api/nothing"):
        vary = {name.strip() for name in client.get(path).headers["Vary"].split(",")}
        assert vary == {"X-Sandbox", "Authorization", "Cookie", "Origin", "Accept"}
