"""A conversation about accounts: logging in and out, tokens that end, keys, and admins."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.config import Limits, Settings
from app.models.request import Request
from app.moments import iso
from app.sandbox import Sandbox
from app.web.current import EXTENSION
from tests.person import log_in

Json = Any

MINUTE = 60_000_000
DAY = 1440 * MINUTE
PASSWORDS = ("demo-password", "alice-password", "admin-password")
"""Those that every sandbox begins with."""


@pytest.fixture
def settings() -> Settings:
    """Everybody must log in."""
    return Settings(pace="stopped", scenario="empty", seed=7, auth="required", check_contract="fail")


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    """Plain HTTP, to sandboxes that have what a server puts into them."""
    return create_app(settings).test_client()


@pytest.fixture
def sandbox(client: FlaskClient) -> Sandbox:
    """The sandbox that requests without further words are for."""
    found: Sandbox = client.application.extensions[EXTENSION].get()
    return found


def shown(credential: str) -> Json:
    """The header that shows a token or a key."""
    return {"Authorization": f"Bearer {credential}"}


def refusal(answer: TestResponse) -> tuple[int, str]:
    """The status and the code of a problem."""
    return answer.status_code, answer.get_json()["code"]


def advance(sandbox: Sandbox, microseconds: int) -> None:
    with sandbox.turn() as now:
        sandbox.run_to(now + microseconds)


def test_the_users_of_every_sandbox_log_in_with_their_name_or_email(client: FlaskClient) -> None:
    for username, role in (("demo", "user"), ("alice", "user"), ("admin", "admin")):
        for name in (username, username.upper(), f"{username}@example.com"):
            told = log_in(client, name, f"{username}-password")
            assert (told["user"]["id"], told["user"]["role"]) == (f"us_{username}", role)
        me = client.get("/api/auth/me", headers=shown(told["access_token"]))
        assert me.get_json() == told["user"]


def test_a_wrong_password_is_refused_as_an_unknown_name_is(client: FlaskClient) -> None:
    told = [
        client.post("/api/auth/login", json={"username": name, "password": "demo-passwort"})
        for name in ("demo", "nobody", "demo@example.com")
    ]
    assert {refusal(answer) for answer in told} == {(401, "bad_credentials")}
    assert len({answer.get_data() for answer in told}) == 1
    assert told[0].headers["WWW-Authenticate"] == "Bearer"


def test_whoever_registers_is_logged_in_and_can_log_in_again(client: FlaskClient) -> None:
    body = {"username": "Bob.1", "email": "bob@example.com", "password": "bob's password"}
    made = client.post("/api/auth/register", json=body)
    told = made.get_json()
    assert (made.status_code, made.headers["Cache-Control"]) == (201, "no-store")
    assert (told["user"]["name"], told["user"]["role"]) == ("Bob.1", "user")
    assert client.get("/api/workflows", headers=shown(told["access_token"])).status_code == 200
    assert log_in(client, "bob.1", "bob's password")["user"]["id"] == told["user"]["id"]


def test_names_and_emails_are_unique_in_upper_and_lower_case(client: FlaskClient) -> None:
    def register(**given: Json) -> TestResponse:
        return client.post("/api/auth/register", json={"password": "long enough", **given})

    assert refusal(register(username="Alice")) == (409, "username_taken")
    assert refusal(register(username="bob", email="ALICE@example.com")) == (409, "email_taken")
    # Who gives no email takes none away.
    assert [register(username=name).status_code for name in ("bob", "eve")] == [201, 201]
    headers = shown(log_in(client)["access_token"])
    taken = client.patch("/api/auth/me", json={"email": "demo@example.com"}, headers=headers)
    assert refusal(taken) == (409, "email_taken")
    mine = client.patch("/api/auth/me", json={"email": "Alice@Example.com"}, headers=headers)
    assert (mine.status_code, mine.get_json()["email"]) == (200, "Alice@Example.com")


@pytest.mark.parametrize(
    ("pointer", "given"),
    [
        ("/username", {"username": "a b"}),
        ("/username", {"username": "al"}),
        ("/email", {"email": "nowhere"}),
        ("/password", {"password": "short"}),
        ("/role", {"role": "admin"}),
    ],
)
def test_who_registers_badly_is_told_where(client: FlaskClient, pointer: str, given: Json) -> None:
    body = {"username": "bob", "password": "long enough", **given}
    told = client.post("/api/auth/register", json=body)
    assert refusal(told) == (422, "invalid_input")
    assert [culprit["pointer"] for culprit in told.get_json()["errors"]] == [pointer]


def test_an_access_token_ends_on_the_clock_of_the_sandbox_and_a_refresh_token_gives_another(
    client: FlaskClient, sandbox: Sandbox
) -> None:
    told = log_in(client)
    headers = shown(told["access_token"])
    advance(sandbox, 15 * MINUTE - 1000)
    assert client.get("/api/auth/me", headers=headers).status_code == 200
    advance(sandbox, 1000)
    late = client.get("/api/auth/me", headers=headers)
    assert refusal(late) == (401, "token_expired")
    assert late.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    again = client.post("/api/auth/refresh", json={"refresh_token": told["refresh_token"]}).get_json()
    assert again["user"] == told["user"]
    assert client.get("/api/auth/me", headers=shown(again["access_token"])).status_code == 200
    advance(sandbox, 7 * DAY)
    late = client.post("/api/auth/refresh", json={"refresh_token": again["refresh_token"]})
    assert refusal(late) == (401, "token_expired")


def test_a_refresh_token_that_comes_twice_ends_its_login_and_no_other(client: FlaskClient) -> None:
    stolen, other = log_in(client), log_in(client)
    body = {"refresh_token": stolen["refresh_token"]}
    thief = client.post("/api/auth/refresh", json=body).get_json()
    assert refusal(client.post("/api/auth/refresh", json=body)) == (401, "bad_token")
    for told in (stolen, thief):
        assert refusal(client.get("/api/auth/me", headers=shown(told["access_token"]))) == (401, "bad_token")
    answer = client.post("/api/auth/refresh", json={"refresh_token": thief["refresh_token"]})
    assert refusal(answer) == (401, "bad_token")
    assert client.get("/api/auth/me", headers=shown(other["access_token"])).status_code == 200


def test_a_token_is_good_for_what_it_was_made_for_only(client: FlaskClient) -> None:
    told = log_in(client)
    for_address = client.post("/api/auth/url-token", headers=shown(told["access_token"])).get_json()["access_token"]
    for token in (told["refresh_token"], for_address):
        assert refusal(client.get("/api/auth/me", headers=shown(token))) == (401, "bad_token")
    for token in (told["access_token"], for_address):
        answer = client.post("/api/auth/refresh", json={"refresh_token": token})
        assert refusal(answer) == (401, "bad_token")
    # A mistake of this kind costs nobody their login.
    assert client.post("/api/auth/refresh", json={"refresh_token": told["refresh_token"]}).status_code == 200


def test_logging_out_ends_this_login_and_no_other(client: FlaskClient) -> None:
    here, there = log_in(client), log_in(client)
    assert client.post("/api/auth/logout", headers=shown(here["access_token"])).status_code == 204
    assert refusal(client.get("/api/auth/me", headers=shown(here["access_token"]))) == (401, "bad_token")
    answer = client.post("/api/auth/refresh", json={"refresh_token": here["refresh_token"]})
    assert refusal(answer) == (401, "bad_token")
    assert client.get("/api/auth/me", headers=shown(there["access_token"])).status_code == 200


def test_another_password_ends_all_other_logins(client: FlaskClient) -> None:
    here, there = log_in(client), log_in(client)
    headers = shown(here["access_token"])
    body = {"current_password": "alice-password", "new_password": "something else"}
    wrong = client.post("/api/auth/change-password", json=body | {"current_password": "no"}, headers=headers)
    assert refusal(wrong) == (422, "wrong_password")
    assert wrong.get_json()["errors"][0]["pointer"] == "/current_password"
    assert client.get("/api/auth/me", headers=shown(there["access_token"])).status_code == 200
    assert client.post("/api/auth/change-password", json=body, headers=headers).status_code == 204
    assert client.get("/api/auth/me", headers=headers).status_code == 200
    assert refusal(client.get("/api/auth/me", headers=shown(there["access_token"]))) == (401, "bad_token")
    old = client.post("/api/auth/login", json={"username": "alice", "password": "alice-password"})
    assert refusal(old) == (401, "bad_credentials")
    log_in(client, "alice", "something else")


def test_a_token_for_an_address_is_good_there_for_a_minute_and_as_long_as_its_login(
    client: FlaskClient, sandbox: Sandbox
) -> None:
    headers = shown(log_in(client)["access_token"])
    told = client.post("/api/auth/url-token", headers=headers).get_json()
    path = f"/api/events?access_token={told['access_token']}"
    assert (told["expires_in"], client.get(path).status_code) == (60, 200)
    advance(sandbox, MINUTE)
    assert refusal(client.get(path)) == (401, "token_expired")
    told = client.post("/api/auth/url-token", headers=headers).get_json()
    client.post("/api/auth/logout", headers=headers)
    assert refusal(client.get(f"/api/events?access_token={told['access_token']}")) == (401, "bad_token")


def test_an_api_key_is_shown_once_and_works_until_it_is_revoked(client: FlaskClient) -> None:
    headers = shown(log_in(client)["access_token"])
    made = client.post("/api/auth/api-keys", json={"name": "CI"}, headers=headers)
    told = made.get_json()
    path, key = made.headers["Location"], told.pop("key")
    assert (path, made.headers["Cache-Control"]) == (f"/api/auth/api-keys/{told['id']}", "no-store")
    assert key.startswith(told["prefix"])
    assert client.get(path, headers=headers).get_json() == told
    assert client.get("/api/auth/api-keys", headers=headers).get_json() == {"items": [told]}
    for given in (shown(key), {"X-API-Key": key}):
        assert client.get("/api/auth/me", headers=given).get_json()["id"] == "us_alice"
    # It is no key for addresses, which others see.
    assert refusal(client.get(f"/api/events?access_token={key}")) == (401, "bad_token")
    for_address = client.post("/api/auth/url-token", headers=shown(key)).get_json()["access_token"]
    assert client.get(f"/api/events?access_token={for_address}").status_code == 200
    assert client.delete(path, headers=headers).status_code == 204
    assert refusal(client.get("/api/auth/me", headers=shown(key))) == (401, "bad_token")
    assert refusal(client.get(f"/api/events?access_token={for_address}")) == (401, "bad_token")
    assert refusal(client.get(path, headers=headers)) == (404, "api_key_not_found")


def test_an_api_key_ends_when_it_was_told_to(client: FlaskClient, sandbox: Sandbox) -> None:
    headers = shown(log_in(client)["access_token"])
    for moment, status in (("2026-01-01T09:00:00Z", 422), ("2026-01-01T09:01:00Z", 201)):
        made = client.post("/api/auth/api-keys", json={"name": "a", "expires_at": moment}, headers=headers)
        assert made.status_code == status
    told = made.get_json()
    assert told["expires_at"] == "2026-01-01T09:01:00.000Z"
    advance(sandbox, MINUTE - 1000)
    assert client.get("/api/auth/me", headers=shown(told["key"])).status_code == 200
    advance(sandbox, 1000)
    assert refusal(client.get("/api/auth/me", headers=shown(told["key"]))) == (401, "token_expired")


def test_the_api_keys_of_others_are_not_there(client: FlaskClient) -> None:
    alices, admins = (shown(log_in(client, name)["access_token"]) for name in ("alice", "admin"))
    path = client.post("/api/auth/api-keys", json={"name": "mine"}, headers=alices).headers["Location"]
    assert refusal(client.get(path, headers=admins)) == (404, "api_key_not_found")
    assert refusal(client.delete(path, headers=admins)) == (404, "api_key_not_found")
    assert client.get("/api/auth/api-keys", headers=admins).get_json() == {"items": []}
    assert client.get(path, headers=alices).status_code == 200


def test_users_are_the_business_of_admins(client: FlaskClient) -> None:
    alices, admins = (shown(log_in(client, name)["access_token"]) for name in ("alice", "admin"))
    for answer in (
        client.get("/api/users", headers=alices),
        client.get("/api/users/nobody", headers=alices),
        client.patch("/api/users/us_alice", json={"role": "admin"}, headers=alices),
    ):
        assert refusal(answer) == (403, "admin_only")
    listed = client.get("/api/users?sort=-created_at", headers=admins).get_json()
    assert [user["username"] for user in listed["items"]] == ["admin", "alice", "demo"]
    found = client.get("/api/users?role=user&q=ALI", headers=admins).get_json()
    assert [user["id"] for user in found["items"]] == ["us_alice"]
    assert refusal(client.get("/api/users/nobody", headers=admins)) == (404, "user_not_found")
    assert client.patch("/api/users/us_alice", json={"role": "admin"}, headers=admins).get_json()["role"] == "admin"
    assert client.get("/api/users", headers=alices).status_code == 200


def test_whoever_is_not_active_any_more_is_logged_out_and_their_keys_are_refused(client: FlaskClient) -> None:
    told, admins = log_in(client), shown(log_in(client, "admin")["access_token"])
    key = client.post("/api/auth/api-keys", json={"name": "a"}, headers=shown(told["access_token"])).get_json()["key"]
    client.patch("/api/users/us_alice", json={"is_active": False}, headers=admins)
    for credential in (told["access_token"], key):
        assert refusal(client.get("/api/auth/me", headers=shown(credential))) == (401, "bad_token")
    again = client.post("/api/auth/login", json={"username": "alice", "password": "alice-password"})
    assert refusal(again) == (401, "bad_credentials")
    client.patch("/api/users/us_alice", json={"is_active": True}, headers=admins)
    assert client.get("/api/auth/me", headers=shown(key)).status_code == 200
    # What ended has ended.
    assert refusal(client.get("/api/auth/me", headers=shown(told["access_token"]))) == (401, "bad_token")


def test_there_is_always_an_active_admin(client: FlaskClient) -> None:
    headers = shown(log_in(client, "admin")["access_token"])
    for change in ({"role": "user"}, {"is_active": False}):
        answer = client.patch("/api/users/us_admin", json=change, headers=headers)
        assert refusal(answer) == (409, "last_admin")
    client.patch("/api/users/us_alice", json={"role": "admin", "is_active": False}, headers=headers)
    # Who is not active is none who could help.
    assert refusal(client.patch("/api/users/us_admin", json={"role": "user"}, headers=headers))[1] == "last_admin"
    client.patch("/api/users/us_alice", json={"is_active": True}, headers=headers)
    assert client.patch("/api/users/us_admin", json={"role": "user"}, headers=headers).status_code == 200


def test_users_change_their_own_name_and_nothing_that_makes_them_more(client: FlaskClient) -> None:
    headers = shown(log_in(client)["access_token"])
    changed = client.patch("/api/auth/me", json={"name": "Alice B.", "email": ""}, headers=headers).get_json()
    assert (changed["name"], changed["email"]) == ("Alice B.", "")
    assert refusal(client.patch("/api/auth/me", json={"role": "admin"}, headers=headers)) == (422, "invalid_input")
    assert client.get("/api/auth/me", headers=headers).get_json() == changed


@pytest.mark.parametrize("settings", [Settings(pace="stopped", scenario="empty", check_contract="fail")])
def test_where_nobody_logs_in_everyone_is_the_default_user_and_may_everything(client: FlaskClient) -> None:
    assert client.get("/api/auth/me").get_json()["username"] == "demo"
    told = log_in(client, "demo")
    for headers in ({}, shown(told["access_token"]), shown("nonsense")):
        assert client.get("/api/users", headers=headers).status_code == 200
        assert client.post("/api/auth/logout", headers=headers).status_code == 204
        assert client.post("/api/auth/url-token", headers=headers).status_code == 200
    body = {"current_password": "demo-password", "new_password": "something else"}
    assert client.post("/api/auth/change-password", json=body).status_code == 204
    log_in(client, "demo", "something else")


@pytest.mark.parametrize(
    "settings",
    [Settings(pace="stopped", scenario="empty", auth="required", limits=Limits(max_logins=2, max_api_keys=1))],
)
def test_the_oldest_logins_go_first_and_keys_are_counted_for_each_user(client: FlaskClient) -> None:
    first, *later = (shown(log_in(client, name)["access_token"]) for name in ("alice", "demo", "alice", "alice"))
    assert refusal(client.get("/api/auth/me", headers=first)) == (401, "bad_token")
    # What others do ends nobody's login.
    assert [client.get("/api/auth/me", headers=headers).status_code for headers in later] == [200, 200, 200]
    for headers in later[:2]:
        assert client.post("/api/auth/api-keys", json={"name": "a"}, headers=headers).status_code == 201
        answer = client.post("/api/auth/api-keys", json={"name": "b"}, headers=headers)
        assert refusal(answer) == (422, "too_many_api_keys")


def test_logins_that_are_over_are_forgotten_before_those_that_last(client: FlaskClient, sandbox: Sandbox) -> None:
    for name in ("alice", "demo"):
        log_in(client, name)
    advance(sandbox, DAY)
    refreshed = log_in(client, "alice")
    advance(sandbox, 6 * DAY)
    body = {"refresh_token": refreshed["refresh_token"]}
    lasting = client.post("/api/auth/refresh", json=body).get_json()
    assert len(sandbox.store.logins) == 3
    # Who refreshes tokens is there for another week.
    advance(sandbox, 2 * DAY)
    log_in(client, "admin")
    assert [login.user_id for login in sandbox.store.logins.values()] == ["us_alice", "us_admin"]
    body = {"refresh_token": lasting["refresh_token"]}
    assert client.post("/api/auth/refresh", json=body).status_code == 200


REGISTERED = (
    {"username": "eve", "password": "bob-password"},
    {"username": "bob", "password": "another password"},
)
"""Who registers next, and gets the id that somebody had before: under another name, or with another password."""


@pytest.mark.parametrize("body", REGISTERED)
def test_what_somebody_showed_before_a_reset_is_not_the_next_ones_who_has_their_id(
    client: FlaskClient, sandbox: Sandbox, body: Json
) -> None:
    def conversation(given: Json) -> tuple[Json, list[str]]:
        told = client.post("/api/auth/register", json=given).get_json()
        headers = shown(told["access_token"])
        key = client.post("/api/auth/api-keys", json={"name": "CI"}, headers=headers).get_json()["key"]
        short = client.post("/api/auth/url-token", headers=headers).get_json()["access_token"]
        return told["user"], [told["access_token"], key, short, told["refresh_token"]]

    def is_shown(credential: str) -> int:
        return client.get("/api/auth/me", headers=shown(credential)).status_code

    bob, shown_before = conversation({"username": "bob", "password": "bob-password"})
    assert [is_shown(credential) for credential in shown_before[:2]] == [200, 200]
    client.post("/_control/reset", json={"seed": 7})
    other, shown_now = conversation(body)
    assert other["id"] == bob["id"]
    assert [is_shown(credential) for credential in shown_before[:2]] == [401, 401]
    assert client.get(f"/api/events?access_token={shown_before[2]}").status_code == 401
    assert client.get(f"/api/events?access_token={shown_now[2]}").status_code == 200
    stolen = client.post("/api/auth/refresh", json={"refresh_token": shown_before[3]})
    assert refusal(stolen) == (401, "bad_token")
    assert [is_shown(credential) for credential in shown_now[:2]] == [200, 200]


def test_a_fork_and_a_snapshot_that_is_restored_know_the_tokens_and_keys_of_their_users(client: FlaskClient) -> None:
    told = client.post("/api/auth/register", json={"username": "bob", "password": "bob-password"}).get_json()
    headers = shown(told["access_token"])
    key = client.post("/api/auth/api-keys", json={"name": "CI"}, headers=headers).get_json()["key"]
    client.post("/_control/snapshots", json={"name": "then"})
    client.post("/_control/snapshots/then/fork", json={"sandbox": "twin"})
    client.post("/_control/reset")
    client.post("/_control/snapshots/then/restore")
    for place in ("", "/s/twin"):
        for credential in (told["access_token"], key):
            assert client.get(f"{place}/api/auth/me", headers=shown(credential)).status_code == 200


def test_what_rests_on_an_api_key_ends_with_it_and_says_so(client: FlaskClient, sandbox: Sandbox) -> None:
    headers = shown(log_in(client)["access_token"])
    soon = {"name": "short", "expires_at": iso(sandbox.now() + 30_000_000)}
    for body, code in ((soon, "token_expired"), ({"name": "gone"}, "bad_token")):
        key = client.post("/api/auth/api-keys", json=body, headers=headers).get_json()
        token = client.post("/api/auth/url-token", headers=shown(key["key"])).get_json()["access_token"]
        path = f"/api/events?access_token={token}"
        assert client.get(path).status_code == 200
        if code == "token_expired":
            advance(sandbox, 30_000_000)
        else:
            client.delete(f"/api/auth/api-keys/{key['id']}", headers=headers)
        answer = client.get(path)
        assert refusal(answer) == (401, code)
        assert "API key" in answer.get_json()["detail"]


def test_two_sandboxes_with_one_seed_give_the_same_tokens_and_keys(client: FlaskClient) -> None:
    def conversation(name: str) -> list[bytes]:
        def ask(path: str, body: Json, **headers: str) -> TestResponse:
            return client.post(f"/s/{name}/api/auth/{path}", json=body, headers=headers)

        told = ask("login", {"username": "alice", "password": "alice-password"})
        headers = shown(told.get_json()["access_token"])
        new = ask("register", {"username": "bob", "password": "bob-password"})
        key = ask("api-keys", {"name": "CI"}, **headers)
        ask("change-password", {"current_password": "alice-password", "new_password": "another one"}, **headers)
        with client.application.extensions[EXTENSION].get(name).view():
            hashes = [user.password_hash for user in client.application.extensions[EXTENSION].get(name).store.users]
        return [told.data, new.data, key.data, *(each.encode() for each in hashes)]

    assert conversation("one") == conversation("two")


def test_the_login_of_one_sandbox_is_none_of_another_user_in_another(client: FlaskClient) -> None:
    here = client.post("/s/one/api/auth/login", json={"username": "alice", "password": "alice-password"}).get_json()
    client.post("/s/two/api/auth/login", json={"username": "admin", "password": "admin-password"})
    # Both are the first login of a sandbox with this seed, and so have the same id.
    answer = client.get("/s/two/api/auth/me", headers=shown(here["access_token"]))
    assert refusal(answer) == (401, "bad_token")
    answer = client.post("/s/two/api/auth/refresh", json={"refresh_token": here["refresh_token"]})
    assert refusal(answer) == (401, "bad_token")


def test_accounts_survive_a_snapshot_without_a_password_a_token_or_a_key_in_it(client: FlaskClient) -> None:
    told = log_in(client)
    headers = shown(told["access_token"])
    body = {"current_password": "alice-password", "new_password": "something else"}
    assert client.post("/api/auth/change-password", json=body, headers=headers).status_code == 204
    key = client.post("/api/auth/api-keys", json={"name": "CI"}, headers=headers).get_json()["key"]
    client.post("/_control/snapshots", json={"name": "before"})
    client.post("/api/auth/logout", headers=headers)
    text = client.get("/_control/snapshots/before").get_data(as_text=True)
    for secret in (*PASSWORDS, key, told["access_token"], told["refresh_token"], "something else"):
        assert secret not in text
    client.post("/_control/snapshots/before/restore")
    for credential in (told["access_token"], key):
        assert client.get("/api/auth/me", headers=shown(credential)).status_code == 200
    log_in(client, "alice", "something else")
    client.post("/_control/reset")
    assert refusal(client.get("/api/auth/me", headers=headers)) == (401, "bad_token")
    log_in(client)


def test_no_secret_is_in_the_request_log_or_in_an_error(client: FlaskClient, sandbox: Sandbox) -> None:
    token = log_in(client)["access_token"]
    secrets = ["wrong-password", f"{token[:-2]}xx", f"usk_00001_{'a' * 40}"]
    answers = [
        client.post("/api/auth/login", json={"username": "alice", "password": secrets[0]}),
        client.post("/api/auth/login", json={"username": "alice", "password": secrets[0], "extra": 1}),
        *(client.get("/api/auth/me", headers=shown(secret)) for secret in secrets),
        *(client.get(f"/api/events?access_token={secret}") for secret in secrets),
        client.post("/api/auth/refresh", json={"refresh_token": secrets[1]}),
    ]
    assert all(answer.status_code >= 400 for answer in answers)
    told = [answer.get_data(as_text=True) for answer in answers] + [str(each) for each in sandbox.requests]
    assert all(isinstance(each, Request) for each in sandbox.requests)
    assert not [(secret, text) for secret in secrets for text in told if secret in text]
