"""How often one may ask: by user or by address, on the sandbox's clock, and what callers are told of it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings, read_settings
from app.engine.simulated import SimulatedEngine
from app.errors import InvalidInput
from app.models.user import Caller
from app.moments import LAST_MOMENT, MICROSECONDS
from app.sandbox import Sandboxes
from app.services.keeping import Keeper
from app.web.current import BEHIND_ASGI, EXTENSION, POSTPONED
from app.web.identity import note_user
from app.web.rate_limits import LIMIT, REMAINING, RESET

Json = Any
W = "/api/workflows"
RATE = (LIMIT, REMAINING, RESET)
USUAL = Settings(pace="stopped", scenario="empty", seed=7, check_contract="fail")
START = 1_767_258_000
"""Where a stopped clock stands, in seconds since 1970."""


def limited(text: str, **settings: Json) -> FlaskClient:
    """A client of a server with this rate limit."""
    told = replace(USUAL, rate_limit=text, **settings)
    return create_app(told, Sandboxes(told, SimulatedEngine)).test_client()


def told(response: TestResponse) -> tuple[int, ...]:
    """The status, and what the headers say."""
    return (response.status_code, *(int(response.headers[name]) for name in RATE))


def let_pass(client: FlaskClient, seconds: float, name: str = "default") -> None:
    """Let the clock of a sandbox go on."""
    client.post("/_control/clock/advance", json={"seconds": seconds}, headers={"X-Sandbox": name})


def from_address(client: FlaskClient, address: str) -> TestResponse:
    """A request from somewhere else."""
    return client.get(W, environ_overrides={"REMOTE_ADDR": address})


def test_without_a_limit_nobody_is_counted(client: FlaskClient) -> None:
    response = client.get(W)
    assert not set(RATE) & set(response.headers.keys())


def test_nobody_waits_for_the_library_who_sets_no_limit() -> None:
    code = "import sys; from app import create_app; create_app().test_client().get('/api/workflows'); "
    check = "sys.exit('limits' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code + check], cwd="backend", check=False).returncode == 0


def test_every_answer_tells_how_many_are_left() -> None:
    client = limited("3/minute")
    assert [told(client.get(W)) for _ in range(3)] == [(200, 3, left, START + 60) for left in (2, 1, 0)]


def test_one_too_many_is_refused_and_told_when_to_come_again(problem_of: Any) -> None:
    client = limited("2/minute")
    client.get(W)
    let_pass(client, 20.5)
    client.get(W)
    response = client.get(W)
    problem = problem_of(response, 429)
    assert (problem["code"], problem["type"]) == ("rate_limited", "/problems/rate_limited")
    assert "2 per minute" in problem["detail"]
    assert told(response) == (429, 2, 0, START + 60)
    assert response.headers["Retry-After"] == "40"


def test_it_goes_by_the_clock_of_the_sandbox() -> None:
    client = limited("1/hour")
    assert [client.get(W).status_code for _ in range(2)] == [200, 429]
    let_pass(client, 3599.999)
    late = client.get(W)
    assert (late.status_code, late.headers["Retry-After"]) == (429, "1")
    let_pass(client, 0.001)
    assert told(client.get(W)) == (200, 1, 0, START + 7200)


def test_who_is_refused_is_not_kept_waiting_any_longer() -> None:
    client = limited("1/minute; 3/hour")
    for _ in range(3):
        assert client.get(W).status_code == 200
        assert [client.get(W).status_code for _ in range(5)] == [429] * 5
        let_pass(client, 60)
    refused = client.get(W)
    assert told(refused) == (429, 3, 0, START + 3600)
    assert refused.headers["Retry-After"] == str(3600 - 180)


def test_of_several_limits_the_narrowest_is_told_of() -> None:
    client = limited("2/second; 3/minute")
    assert [told(client.get(W)) for _ in range(2)] == [(200, 2, 1, START + 1), (200, 2, 0, START + 1)]
    let_pass(client, 1)
    assert told(client.get(W)) == (200, 3, 0, START + 60)


def test_of_limits_with_as_many_left_the_one_that_lasts_longest_is_told_of() -> None:
    client = limited("1/second; 1/minute")
    assert told(client.get(W)) == (200, 1, 0, START + 60)
    refused = client.get(W)
    assert (told(refused), refused.headers["Retry-After"]) == ((429, 1, 0, START + 60), "60")


def test_a_limit_may_be_for_several_minutes() -> None:
    client = limited("1 per 2 minutes")
    client.get(W)
    assert "1 per 2 minutes" in client.get(W).json["detail"]
    let_pass(client, 119)
    assert client.get(W).status_code == 429
    let_pass(client, 1)
    assert client.get(W).status_code == 200


def test_every_address_is_counted_apart() -> None:
    client = limited("1/minute")
    assert [from_address(client, place).status_code for place in ("10.0.0.1", "10.0.0.2", "10.0.0.1")] == [
        200,
        200,
        429,
    ]


def test_every_sandbox_counts_for_itself() -> None:
    client = limited("1/minute")
    assert [client.get(f"/s/{name}{W}").status_code for name in "aba"] == [200, 200, 429]


@pytest.mark.parametrize("path", ["/health", "/api", "/api/health", "/api/meta/statuses", "/openapi.json", "/_control"])
def test_what_is_no_part_of_a_sandbox_is_never_limited(path: str) -> None:
    client = limited("1/minute")
    client.get(W)
    answers = [client.get(path) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert LIMIT not in answers[0].headers


def test_a_preflight_is_not_counted() -> None:
    client = limited("1/minute")
    assert [client.options(W).status_code for _ in range(3)] == [204] * 3
    assert client.get(W).status_code == 200


@pytest.mark.parametrize("path", ["/api/nothing", f"{W}/nothing"])
def test_a_request_that_fails_counts_as_well(path: str) -> None:
    client = limited("2/minute")
    assert told(client.get(path))[:3] == (404, 2, 1)


def test_nothing_is_done_by_a_request_that_is_refused() -> None:
    client = limited("1/minute")
    client.post(W, json={"name": "kept"})
    assert client.post(W, json={"name": "refused"}).status_code == 429
    let_pass(client, 60)
    assert [item["name"] for item in client.get(W).json["items"]] == ["kept"]


def test_an_error_that_was_asked_for_is_not_counted() -> None:
    client = limited("1/minute")
    for status in (401, 503):
        bent = client.get(W, headers={"Prefer": f"code={status}"})
        assert (bent.status_code, LIMIT in bent.headers) == (status, False)
    assert client.get(W).status_code == 200


def test_a_request_that_is_late_on_purpose_is_counted_once() -> None:
    client = limited("2/minute")
    environ: dict[str, Json] = {BEHIND_ASGI: {"type": "http"}, "HTTP_PREFER": "delay=5"}
    request = client.application.test_request_context(W, environ_overrides=environ)
    with request:
        assert LIMIT not in client.application.full_dispatch_request().headers
        assert request.request.environ.pop(POSTPONED) == 0.005
        assert told(client.application.full_dispatch_request()) == (200, 2, 1, START + 60)


def test_another_origin_can_read_what_is_left() -> None:
    response = limited("1/minute").get(W, headers={"Origin": "http://localhost:5173"})
    assert set(RATE) <= set(response.headers["Access-Control-Expose-Headers"].split(", "))


def as_user(app: Flask, role: str) -> None:
    """Let everybody be a user whom the header says."""
    from flask import request

    def log_in() -> None:
        if name := request.headers.get("X-User"):
            note_user(Caller(name, role))

    app.before_request_funcs[None].insert(0, log_in)


def test_users_are_counted_wherever_they_are_and_by_their_role() -> None:
    client = limited("user=1/minute, anonymous=2/hour")
    as_user(client.application, "user")
    anna, bert = {"X-User": "us_anna"}, {"X-User": "us_bert"}
    statuses = [client.get(W, headers=headers).status_code for headers in (anna, bert, anna, {}, {}, {})]
    assert statuses == [200, 200, 429, 200, 200, 429]
    assert client.get(W, headers=anna, environ_overrides={"REMOTE_ADDR": "10.0.0.9"}).status_code == 429


def test_a_tier_that_is_not_named_is_not_limited() -> None:
    client = limited("user=1/minute, anonymous=1/minute")
    as_user(client.application, "admin")
    answers = [client.get(W, headers={"X-User": "us_root"}) for _ in range(3)]
    assert [(answer.status_code, LIMIT in answer.headers) for answer in answers] == [(200, False)] * 3


def test_a_credential_that_is_no_good_counts_for_the_address(problem_of: Any) -> None:
    client = limited("anonymous=2/minute", auth="required")
    wrong = {"Authorization": "Bearer nothing"}
    assert [told(client.get(W, headers=headers))[:3] for headers in (wrong, {})] == [(401, 2, 1), (401, 2, 0)]
    refused = client.get(W, headers=wrong)
    assert problem_of(refused, 429)["code"] == "rate_limited"
    assert refused.headers["Retry-After"] == "60"


def test_logging_in_counts_for_the_address() -> None:
    told_settings = replace(USUAL, scenario="demo", rate_limit="anonymous=2/minute", auth="required")
    client = create_app(told_settings).test_client()
    tries = [client.post("/api/auth/login", json={"username": "demo", "password": word}) for word in ("no", "no", "no")]
    assert [answer.status_code for answer in tries] == [401, 401, 429]


def test_a_reset_forgets_the_counts() -> None:
    client = limited("1/minute")
    client.get(W)
    client.post("/_control/reset")
    assert client.get(W).status_code == 200


def test_a_snapshot_keeps_the_counts() -> None:
    client = limited("2/minute")
    client.get(W)
    client.post("/_control/snapshots", json={"name": "one"})
    client.get(W)
    client.post("/_control/snapshots/one/restore")
    assert [client.get(W).status_code for _ in range(2)] == [200, 429]
    document = client.get("/_control/snapshots/one").json
    assert [*document["sandbox"]["windows"].values()] == [[1, (START + 60) * 10**6]]


def test_a_snapshot_from_before_there_were_limits_is_read(client: FlaskClient) -> None:
    client.post("/_control/snapshots", json={"name": "one"})
    document = client.get("/_control/snapshots/one").json
    del document["sandbox"]["windows"]
    taken = client.put("/_control/snapshots/old", data=orjson.dumps(document), content_type="application/json")
    assert taken.status_code == 201


def test_counts_that_are_over_are_forgotten() -> None:
    client = limited("1/minute")
    for last in range(5):
        from_address(client, f"10.0.0.{last}")
    let_pass(client, 60)
    from_address(client, "10.0.0.9")
    sandboxes: Sandboxes = client.application.extensions[EXTENSION]
    assert len(sandboxes.get().windows) == 1


def test_of_too_many_counts_the_one_that_began_first_is_forgotten() -> None:
    client = limited("1/minute", limits=replace(USUAL.limits, max_windows=2))
    asked = [from_address(client, f"10.0.0.{last}").status_code for last in (1, 2, 2, 3, 2, 3, 1)]
    assert asked == [200, 200, 429, 200, 429, 429, 200]
    sandboxes: Sandboxes = client.application.extensions[EXTENSION]
    assert len(sandboxes.get().windows) == 2


def test_at_the_end_of_time_a_window_ends_with_it() -> None:
    client = limited("1/day")
    client.put("/_control/clock", json={"now": "9998-12-31T23:59:59Z"})
    assert told(client.get(W)) == (200, 1, 0, LAST_MOMENT // MICROSECONDS)
    client.post("/_control/snapshots", json={"name": "one"})
    assert client.post("/_control/snapshots/one/restore").status_code == 200


@pytest.mark.parametrize(
    "text",
    ["often", "5", "5/fortnight", "0/minute", "user=5", "nobody=5/minute", "user=5/minute, user=6/minute", "=", ","],
)
def test_a_limit_that_cannot_be_is_told_at_the_start(text: str) -> None:
    with pytest.raises(InvalidInput, match="rate_limit") as refused:
        read_settings({}, rate_limit=text)
    assert refused.value.code == "bad_setting"


@pytest.mark.parametrize(
    "text", ["", "100/minute", "5/second; 100 per hour", "5/second, 9/day", "admin=9/day;1/second"]
)
def test_a_limit_is_a_text_that_people_write(text: str) -> None:
    assert read_settings({"UNDERSTUDY_RATE_LIMIT": text}).rate_limit == text


def test_the_data_file_keeps_the_counts(tmp_path: Path) -> None:
    def asked_again() -> int:
        """The status of a request to a server that begins with what is in the file."""
        client = limited("1/minute")
        keeper = Keeper(client.application.extensions[EXTENSION], str(tmp_path / "kept.db"))
        try:
            return client.get(W).status_code
        finally:
            keeper.close()

    assert [asked_again() for _ in range(2)] == [200, 429]
