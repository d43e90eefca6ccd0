"""Rules over HTTP: given, counted, taken back, and what a frontend sees of them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings, read_settings
from app.engine.simulated import SimulatedEngine
from app.errors import InvalidInput
from app.sandbox import Sandboxes
from tests.editor import Editor, node

RULES = "/_control/faults"
RULE = "X-Understudy-Rule"


def test_rules_come_back_as_they_were_sent_with_id_and_counts(client: FlaskClient) -> None:
    sent = [{"match": {"path": "/api/files"}, "status": 503, "nth": [1]}, {"id": "slow", "delay_ms": [0, 1]}]
    counts = {"matched": 0, "applied": 0}
    expected = [{"id": "rule_1", **sent[0], **counts}, {"id": "slow", **sent[1], **counts}]
    assert client.put(RULES, json=sent).get_json() == expected == client.get(RULES).get_json()
    added = client.post(RULES, json={"node": {"duration_ms": 5}})
    assert (added.status_code, added.get_json()["id"]) == (201, "rule_2")
    assert client.delete(RULES).status_code == 204
    assert client.get(RULES).get_json() == []


def test_what_was_read_can_be_sent_again_and_counts_begin_anew(client: FlaskClient) -> None:
    client.put(RULES, json=[{"match": {"path": "/api/files"}, "status": 503}])
    client.get("/api/files")
    seen = client.get(RULES).get_json()
    assert (seen[0]["matched"], seen[0]["applied"]) == (1, 1)
    assert client.put(RULES, json=seen).get_json() == [seen[0] | {"matched": 0, "applied": 0}]


def test_the_third_save_fails_and_nothing_of_it_is_done(client: FlaskClient, problem_of: Any) -> None:
    client.post(
        RULES, json={"id": "third", "match": {"method": "post", "path": "/api/workflows"}, "nth": [3], "status": 503}
    )
    answers = [client.post("/api/workflows", json={"name": f"{number}"}) for number in range(1, 5)]
    assert [answer.status_code for answer in answers] == [201, 201, 503, 201]
    refused = answers[2]
    assert problem_of(refused, 503)["code"] == "service_unavailable"
    assert refused.headers[RULE] == "third"
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert {"X-Understudy-Rule", "Preference-Applied"} <= set(
        refused.headers["Access-Control-Expose-Headers"].split(", ")
    )
    assert RULE not in answers[3].headers
    names = [item["name"] for item in client.get("/api/workflows").get_json()["items"]]
    assert sorted(names) == ["1", "2", "4"]


@pytest.mark.parametrize(
    ("effect", "status", "code"),
    [
        ({"code": "revision_mismatch"}, 412, "revision_mismatch"),
        ({"code": "workflow_not_found"}, 404, "workflow_not_found"),
        ({"code": "too_many_requests"}, 429, "too_many_requests"),
        ({"status": 500}, 500, "internal_error"),
        ({"status": 404}, 404, "not_found"),
        ({"status": 401}, 401, "unauthorized"),
        ({"status": 418}, 418, "i_m_a_teapot"),
        ({"status": 599}, 599, "status_599"),
        ({"status": 402, "code": "quota_used_up"}, 402, "quota_used_up"),
    ],
)
def test_status_and_code_belong_together(
    client: FlaskClient, problem_of: Any, effect: Any, status: int, code: str
) -> None:
    client.put(RULES, json=[effect])
    assert problem_of(client.get("/api/workflows"), status)["code"] == code


def test_a_delay_comes_before_the_answer_that_stays_as_it_is(client: FlaskClient) -> None:
    whole = client.get("/api/workflows").data
    client.put(RULES, json=[{"id": "slow", "delay_ms": 60}])
    start = time.monotonic()
    late = client.get("/api/workflows")
    assert time.monotonic() - start >= 0.06
    assert (late.data, late.headers[RULE]) == (whole, "slow")


def test_what_must_always_work_is_never_bent(client: FlaskClient) -> None:
    client.put(RULES, json=[{"status": 503}])
    assert client.get("/api/nothing").status_code == 503
    for path in ("/", "/health", "/api", "/api/health", RULES, "/_control"):
        assert client.get(path).status_code == 200, path
        assert client.get(f"{path.rstrip('/')}/").status_code == 200, path
    assert client.options("/api/workflows").status_code == 204
    assert client.get(RULES).get_json()[0]["matched"] == 1


def test_a_slash_at_the_end_of_a_path_or_of_a_pattern_means_nothing(client: FlaskClient) -> None:
    for pattern in ("/api/workflows", "/api/workflows/"):
        client.put(RULES, json=[{"match": {"path": pattern}, "status": 503}])
        assert client.get("/api/workflows").status_code == 503
        assert client.get("/api/workflows/").status_code == 503
    client.put(RULES, json=[{"match": {"path": "/api/workflows/*"}, "status": 503}])
    assert client.get("/api/workflows/").status_code == 200


def test_nth_may_be_one_number(client: FlaskClient) -> None:
    shown = client.put(RULES, json=[{"nth": 2, "status": 503}]).get_json()
    assert shown[0]["nth"] == [2]
    assert [client.get("/api/workflows").status_code for _ in range(3)] == [200, 503, 200]


def test_what_is_of_no_sandbox_is_asked_for_without_one(client: FlaskClient) -> None:
    for path in ("/s/mine/api", "/s/mine/favicon.ico"):
        client.get(path)
    assert client.get("/_control/sandboxes").get_json()["items"] == []


def test_a_path_is_matched_without_the_prefix_of_the_sandbox(client: FlaskClient) -> None:
    rule = {"match": {"path": "/api/workflows"}, "status": 503}
    assert client.put(f"/s/mine{RULES}", json=[rule]).status_code == 200
    assert client.get("/s/mine/api/workflows").status_code == 503
    assert client.get("/api/workflows").status_code == 200


WRONG = [
    ({}, ""),
    ({"match": {"path": "/api/**"}}, ""),
    ({"status": 399}, "/status"),
    ({"status": 600}, "/status"),
    ({"status": 503, "connection": "reset"}, "/status"),
    ({"code": "conflict", "connection": "reset"}, "/code"),
    ({"connection": "cut"}, "/connection"),
    ({"code": "no_such_code"}, "/code"),
    ({"status": 500, "code": "Not A Code"}, "/code"),
    ({"delay_ms": -1}, "/delay_ms"),
    ({"delay_ms": 600_001}, "/delay_ms"),
    ({"delay_ms": "5"}, "/delay_ms"),
    ({"delay_ms": [5]}, "/delay_ms"),
    ({"delay_ms": [9, 5]}, "/delay_ms/1"),
    ({"delay_ms": [0, "x"]}, "/delay_ms/1"),
    ({"delay_ms": {"distribution": "normal", "median": 1, "sigma": 1}}, "/delay_ms/distribution"),
    ({"delay_ms": {"distribution": "lognormal", "median": 0, "sigma": 1}}, "/delay_ms/median"),
    ({"delay_ms": {"distribution": "lognormal", "median": 1}}, "/delay_ms/sigma"),
    ({"status": 500, "nth": []}, "/nth"),
    ({"status": 500, "nth": 0}, "/nth"),
    ({"status": 500, "nth": "2"}, "/nth"),
    ({"status": 500, "nth": [1, 0]}, "/nth/1"),
    ({"status": 500, "times": 0}, "/times"),
    ({"status": 500, "probability": 1.1}, "/probability"),
    ({"status": 500, "match": {"method": "FETCH"}}, "/match/method"),
    ({"status": 500, "match": {"path": "api/x"}}, "/match/path"),
    ({"status": 500, "match": {"path": "/api/{x"}}, "/match/path"),
    ({"status": 500, "match": {"url": "/api/x"}}, "/match/url"),
    ({"status": 500, "match": {"node_id": "a"}}, "/match/node_id"),
    ({"status": 500, "often": True}, "/often"),
    ({"node": {}}, "/node"),
    ({"node": {"fail_attempts": 0}}, "/node/fail_attempts"),
    ({"node": {"duration_ms": 5, "output": 1}}, "/node/output"),
    ({"node": {"duration_ms": 5}, "status": 500}, "/status"),
    ({"node": {"duration_ms": 5}, "match": {"path": "/api/x"}}, "/match/path"),
    ({"status": 500, "id": ""}, "/id"),
    ({"stream": 7}, "/stream"),
    ({"stream": {}}, "/stream"),
    ({"stream": {"delay": 2}}, "/stream/delay_ms"),
    ({"stream": {"delay_ms": 2}}, "/stream/delay"),
    ({"stream": {"delay": 2, "delay_ms": 0}}, "/stream/delay_ms"),
    ({"stream": {"delay": 2, "delay_ms": 600_001}}, "/stream/delay_ms"),
    ({"stream": {"delay": 2, "delay_ms": 1.5}}, "/stream/delay_ms"),
    ({"stream": {"delay": 0, "delay_ms": 5}}, "/stream/delay"),
    ({"stream": {"drop_after": -1}}, "/stream/drop_after"),
    ({"stream": {"stall_after": "1"}}, "/stream/stall_after"),
    ({"stream": {"duplicate": 0}}, "/stream/duplicate"),
    ({"stream": {"swap": True}}, "/stream/swap"),
    ({"stream": {"swap": 2**53}}, "/stream/swap"),
    ({"stream": {"refuse_reconnect": 399}}, "/stream/refuse_reconnect"),
    ({"stream": {"refuse_reconnect": False}}, "/stream/refuse_reconnect"),
    ({"stream": {"omit_final": False}}, "/stream/omit_final"),
    ({"stream": {"omit_final": 1}}, "/stream/omit_final"),
    ({"stream": {"swap": 1, "drop": 2}}, "/stream/drop"),
    ({"stream": {"swap": 1}, "node": {"duration_ms": 5}}, "/stream"),
    ({"stream": {"swap": 1}, "delay_ms": 5}, "/delay_ms"),
    ({"stream": {"swap": 1}, "status": 500}, "/status"),
    ({"stream": {"swap": 1}, "code": "conflict"}, "/code"),
    ({"stream": {"swap": 1}, "connection": "reset"}, "/connection"),
    ({"stream": {"swap": 1}, "match": {"node_type": "set"}}, "/match/node_type"),
    (7, ""),
]


@pytest.mark.parametrize(("rule", "pointer"), WRONG)
def test_a_rule_that_makes_no_sense_is_refused_with_a_pointer(
    client: FlaskClient, problem_of: Any, rule: Any, pointer: str
) -> None:
    client.put(RULES, json=[{"id": "kept", "delay_ms": 0}])
    refused = problem_of(client.put(RULES, json=[{"delay_ms": 0}, rule]), 422)
    assert [culprit["pointer"] for culprit in refused["errors"]] == [f"/1{pointer}"]
    problem_of(client.post(RULES, json=rule), 422)
    assert [kept["id"] for kept in client.get(RULES).get_json()] == ["kept"]


def test_a_rule_about_streams_comes_back_as_it_was_sent(client: FlaskClient) -> None:
    everything = {
        "drop_after": 0,
        "duplicate": 1,
        "swap": 2,
        "delay": 3,
        "delay_ms": 600_000,
        "stall_after": 0,
        "refuse_reconnect": True,
        "omit_final": True,
    }
    common = {"match": {"method": "GET", "path": "/api/executions/*/events"}, "times": 1, "probability": 0.5}
    sent = [{"id": "all", "stream": everything, "nth": [1], **common}, {"stream": {"refuse_reconnect": 400}}]
    shown = client.put(RULES, json=sent)
    assert shown.status_code == 200
    counts = {"matched": 0, "applied": 0}
    assert client.get(RULES).get_json() == [sent[0] | counts, {"id": "rule_1", **sent[1], **counts}]


def test_rules_about_streams_survive_a_snapshot(client: FlaskClient) -> None:
    client.put(RULES, json=[{"id": "drop", "stream": {"drop_after": 5}, "times": 1}])
    before = client.get(RULES).get_json()
    client.post("/_control/snapshots", json={"name": "here"})
    client.delete(RULES)
    assert client.post("/_control/snapshots/here/restore").status_code == 200
    assert client.get(RULES).get_json() == before


def test_a_rule_about_two_things_is_told_what_it_is_about(client: FlaskClient, problem_of: Any) -> None:
    rule = {"stream": {"swap": 1}, "status": 500, "match": {"node_id": "a"}}
    refused = problem_of(client.post(RULES, json=rule), 422)
    message = "A rule is about requests, about nodes or about streams, and this one has 'stream'."
    assert {culprit["pointer"]: culprit["message"] for culprit in refused["errors"]} == {
        "/status": message,
        "/match/node_id": message,
    }


def test_every_culprit_is_named_at_once(client: FlaskClient, problem_of: Any) -> None:
    refused = problem_of(client.put(RULES, json=[{"status": 1, "nth": []}, {"node": {}}, {"status": 500}]), 422)
    assert {culprit["pointer"] for culprit in refused["errors"]} == {"/0/status", "/0/nth", "/1/node"}


def test_rules_are_a_bare_array_and_an_id_is_given_once(client: FlaskClient, problem_of: Any) -> None:
    problem_of(client.put(RULES, json={"items": []}), 422)
    twice = [{"id": "a", "status": 500}, {"id": "a", "status": 500}]
    assert problem_of(client.put(RULES, json=twice), 422)["code"] == "duplicate_rule"


def test_there_is_a_limit_on_rules(client: FlaskClient, problem_of: Any) -> None:
    assert client.put(RULES, json=[{"delay_ms": 0}] * 1000).status_code == 200
    assert problem_of(client.post(RULES, json={"delay_ms": 0}), 422)["code"] == "too_many_faults"
    assert problem_of(client.put(RULES, json=[{"delay_ms": 0}] * 1001), 422)["setting"] == "max_faults"


def test_rules_leave_workflows_and_their_runs_alone(client: FlaskClient, editor: Editor) -> None:
    saved = editor.save(node("a", "set"))
    client.put(RULES, json=[{"match": {"path": "/api/workflows/*/execute"}, "status": 503}])
    assert client.post(f"/api/workflows/{saved['id']}/execute").status_code == 503
    client.delete(RULES)
    assert client.get("/api/executions").get_json()["total"] == 0


def late_client(latency: str) -> FlaskClient:
    settings = Settings(pace="stopped", scenario="empty", latency=latency)
    return create_app(settings, Sandboxes(settings, SimulatedEngine)).test_client()


def test_latency_delays_what_no_rule_delays() -> None:
    client = late_client("40")
    start = time.monotonic()
    assert client.get("/api/workflows").headers[RULE] == "latency"
    assert time.monotonic() - start >= 0.04
    client.put(RULES, json=[{"match": {"path": "/api/files"}, "delay_ms": 0}, {"status": 500}])
    assert client.get("/api/files").headers[RULE] == "rule_1"
    failed = client.get("/api/templates")
    assert (failed.status_code, failed.headers[RULE]) == (500, "rule_2")
    for path in ("/health", "/api", "/api/"):
        assert RULE not in client.get(path).headers


@pytest.mark.parametrize("text", ["fast", "-1", "800..200", "..", "5..", "600001", "1..2..3"])
def test_a_latency_that_cannot_be_is_told_at_the_start(text: str) -> None:
    with pytest.raises(InvalidInput, match="latency"):
        read_settings({}, latency=text)


@pytest.mark.parametrize("text", ["", "0", "300", "200..800"])
def test_a_latency_is_a_number_or_a_range(text: str) -> None:
    assert read_settings({"UNDERSTUDY_LATENCY": text}).latency == text


@pytest.mark.parametrize("name", ["a\nb", "\u65e5\u672c", " a", "", "x" * 101])
def test_an_id_that_fits_no_header_is_refused(client: FlaskClient, problem_of: Any, name: str) -> None:
    response = client.post(RULES, json={"id": name, "status": 503})
    assert problem_of(response, 422)["errors"][0]["pointer"] == "/id"
