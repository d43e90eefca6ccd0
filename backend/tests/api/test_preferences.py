"""What a caller chooses for one request, in each of the three ways of saying it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.editor import Editor

LIST = "/api/workflows"
RULE = "X-Understudy-Rule"
APPLIED = "Preference-Applied"


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {"Prefer": "code=503"}),
        ("", {"Prefer": "respond-async, Code=503; strictly, wait=5"}),
        ("", {"x-mock-response-code": "503"}),
        ("?__code=503", {}),
        ("?__code=404", {"x-mock-response-code": "503"}),
        ("?__code=404", {"x-mock-response-code": "500", "Prefer": "code=503"}),
    ],
)
def test_a_caller_chooses_an_error_and_nothing_is_done(
    client: FlaskClient, problem_of: Any, query: str, headers: dict[str, str]
) -> None:
    refused = client.post(LIST + query, json={"name": "x"}, headers=headers)
    assert problem_of(refused, 503)["code"] == "service_unavailable"
    assert (refused.headers[APPLIED], refused.headers[RULE]) == ("code=503", "prefer")
    assert client.get(LIST).get_json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "headers"),
    [("", {"Prefer": "delay=40"}), ("", {"x-mock-response-delay": "40"}), ("?__delay=40", {})],
)
def test_a_caller_chooses_a_delay(client: FlaskClient, query: str, headers: dict[str, str]) -> None:
    start = time.monotonic()
    late = client.get(LIST + query, headers=headers)
    assert time.monotonic() - start >= 0.04
    assert (late.status_code, late.headers[APPLIED], late.headers[RULE]) == (200, "delay=40", "prefer")


@pytest.mark.parametrize(
    ("code", "path", "status"), [(200, LIST, 200), (201, LIST, 200), (302, LIST, 200), (200, f"{LIST}/none", 404)]
)
def test_a_status_that_is_no_error_comes_by_itself_or_not(
    client: FlaskClient, code: int, path: str, status: int
) -> None:
    plain = client.get(path, headers={"Prefer": f"code={code}, wait=10, handling=lenient"})
    assert plain.status_code == status
    assert plain.headers.get(APPLIED) == ("code=200" if code == status else None)
    assert RULE not in plain.headers


def test_every_preference_that_was_followed_is_told(client: FlaskClient) -> None:
    asked = client.get(LIST, headers={"Prefer": "delay=1, code=200, example=empty"})
    assert asked.headers[APPLIED] == "delay=1, code=200, example=empty"


def test_a_bent_404_is_of_a_thing_and_not_of_a_url(client: FlaskClient, problem_of: Any) -> None:
    assert problem_of(client.get(LIST, headers={"Prefer": "code=404"}), 404)["code"] == "not_found"
    assert problem_of(client.get("/api/nowhere"), 404)["code"] == "unknown_url"


@pytest.mark.parametrize(
    ("query", "headers", "named"),
    [
        ("", {"Prefer": "code=abc"}, "Prefer"),
        ("", {"Prefer": "code=600"}, "Prefer"),
        ("", {"Prefer": "code"}, "Prefer"),
        ("", {"x-mock-response-code": "99"}, "X-Mock-Response-Code"),
        ("", {"x-mock-response-delay": "-1"}, "X-Mock-Response-Delay"),
        ("?__delay=600001", {}, "__delay"),
        ("?__delay=nan", {}, "__delay"),
        ("?__code=5e2", {}, "__code"),
    ],
)
def test_a_preference_that_cannot_be_is_refused_by_name(
    client: FlaskClient, problem_of: Any, query: str, headers: dict[str, str], named: str
) -> None:
    refused = problem_of(client.get(LIST + query, headers=headers), 400)
    assert refused["code"] == "bad_preference"
    assert named in refused["detail"]


def test_a_choice_comes_before_the_rules(client: FlaskClient) -> None:
    client.put("/_control/faults", json=[{"id": "slow", "delay_ms": 60_000, "status": 500}])
    chosen = client.get(LIST, headers={"Prefer": "code=418"})
    assert (chosen.status_code, chosen.headers[RULE]) == (418, "prefer")
    assert client.get("/_control/faults").get_json()[0]["matched"] == 0
    hurried = client.get(LIST, headers={"Prefer": "delay=0"})
    assert (hurried.status_code, hurried.headers[RULE], hurried.headers[APPLIED]) == (500, "slow", "delay=0")


def test_a_list_is_answered_empty(client: FlaskClient, editor: Editor) -> None:
    for _ in range(3):
        editor.save()
    asked = client.get(f"{LIST}?page=2&per_page=2&__example=empty&__delay=1&q=")
    assert asked.get_json() == {"items": [], "page": 2, "per_page": 2, "total": 0, "pages": 0}
    assert asked.headers["X-Total-Count"] == "0"
    assert 'page=1>; rel="last"' in asked.headers["Link"]
    assert "__" not in asked.headers["Link"]
    assert (asked.headers[APPLIED], asked.headers[RULE]) == ("delay=1, example=empty", "prefer")
    assert client.get(LIST).get_json()["total"] == 3


def test_an_empty_list_has_an_entity_tag_of_its_own(client: FlaskClient) -> None:
    full = client.get("/api/node-types").headers["ETag"]
    prefer = {"Prefer": "example=empty"}
    empty = client.get("/api/node-types", headers={**prefer, "If-None-Match": full})
    assert (empty.status_code, empty.get_json()) == (200, {"items": []})
    assert empty.headers["ETag"] != full
    again = client.get("/api/node-types", headers={**prefer, "If-None-Match": empty.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_only_lists_can_be_empty(client: FlaskClient, editor: Editor) -> None:
    saved = client.post(LIST, json={"name": "x", "items": [1]}).get_json()
    for path, wish in ((f"{LIST}/{saved['id']}", "example=empty"), (LIST, "example=full"), ("/api", "example=empty")):
        plain = client.get(path, headers={"Prefer": wish})
        assert plain.data == client.get(path).data
        assert APPLIED not in plain.headers
        assert RULE not in plain.headers


def test_what_must_always_work_listens_to_no_preference(client: FlaskClient) -> None:
    for path in ("/", "/health", "/api", "/api/", "/api/health", "/api/health/", "/_control/faults"):
        assert client.get(f"{path}?__code=503", headers={"Prefer": "code=503"}).status_code == 200
    assert client.options(LIST, headers={"Prefer": "code=503"}).status_code == 204


def test_a_key_that_a_chosen_fault_met_is_good_for_the_second_try(client: FlaskClient) -> None:
    key = {"Idempotency-Key": "once"}
    assert client.post("/api/workflows?__code=503", json={"name": "x"}, headers=key).status_code == 503
    first = client.post("/api/workflows?__delay=1", json={"name": "x"}, headers=key)
    again = client.post("/api/workflows", json={"name": "x"}, headers=key)
    assert (first.status_code, again.get_data()) == (201, first.get_data())
    assert client.get("/api/workflows").get_json()["total"] == 1


def test_of_two_preferences_of_one_name_the_first_counts(client: FlaskClient) -> None:
    assert client.get("/api/workflows", headers={"Prefer": "code=503, code=404"}).status_code == 503
