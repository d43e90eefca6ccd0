"""Sandboxes: chosen in five ways, apart from each other, ended when nobody uses them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import Limits, Settings
from app.sandbox import Sandboxes
from tests.editor import node

Json = Any

SAVED = {"name": "Mine", "nodes": [node("a")], "connections": []}

WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "path": ("/s/mine/api/workflows", {}),
    "header": ("/api/workflows", {"headers": {"X-Sandbox": "mine"}}),
    "query": ("/api/workflows?sandbox=mine", {}),
    "cookie": ("/api/workflows", {"headers": {"Cookie": "sandbox=mine"}}),
}


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Plain HTTP, without a cookie jar of its own: cookies are sent as the test says."""
    return app.test_client(use_cookies=False)


def names(client: FlaskClient, url: str, **options: Any) -> list[str]:
    """The names of the workflows that a list shows."""
    return [workflow["name"] for workflow in client.get(url, **options).get_json()["items"]]


@pytest.mark.parametrize("way", WAYS)
def test_each_way_leads_to_the_same_sandbox(client: FlaskClient, way: str) -> None:
    client.post("/s/mine/api/workflows", json=SAVED)
    url, options = WAYS[way]
    assert names(client, url, **options) == ["Mine"]


def test_who_names_no_sandbox_is_in_the_default_one(client: FlaskClient) -> None:
    client.post("/api/workflows", json=SAVED)
    assert names(client, "/s/default/api/workflows") == ["Mine"]
    assert names(client, "/s/other/api/workflows") == []


def test_the_path_goes_before_the_header_the_header_before_the_query_the_query_before_the_cookie(
    client: FlaskClient,
) -> None:
    def chosen(url: str, **headers: str) -> str:
        return client.get(url, headers=headers).get_json()["sandbox"]

    everything = {"X-Sandbox": "header", "Cookie": "sandbox=cookie"}
    assert chosen("/s/path/_control?sandbox=query", **everything) == "path"
    assert chosen("/_control?sandbox=query", **everything) == "header"
    assert chosen("/_control?sandbox=query", Cookie="sandbox=cookie") == "query"
    assert chosen("/_control", Cookie="sandbox=cookie") == "cookie"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://localhost:3000"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
def test_a_cookie_that_a_page_of_another_origin_sends_does_not_count(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    client.post("/s/mine/api/workflows", json=SAVED)
    assert names(client, "/api/workflows", headers={"Cookie": "sandbox=mine", **headers}) == []


def test_a_cookie_counts_for_a_page_of_this_server(client: FlaskClient) -> None:
    client.post("/s/mine/api/workflows", json=SAVED)
    headers = {"Cookie": "sandbox=mine", "Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert names(client, "/api/workflows", headers=headers) == ["Mine"]


@pytest.mark.parametrize("name", ["", "-a", "a b", "a/b", "ä", "x" * 65, "%2e%2e"])
def test_what_is_no_name_for_a_sandbox_is_refused(
    client: FlaskClient, problem_of: Callable[..., Json], name: str
) -> None:
    problem = problem_of(client.get("/api/workflows", query_string={"sandbox": name}), 400)
    assert problem["code"] == "bad_sandbox_name"
    problem = problem_of(client.get("/api/workflows", headers={"X-Sandbox": name.encode().decode("latin-1")}), 400)
    assert problem["code"] == "bad_sandbox_name"


def test_a_path_with_an_impossible_name_is_refused(client: FlaskClient, problem_of: Callable[..., Json]) -> None:
    assert problem_of(client.get("/s/-a/api/workflows"), 400)["code"] == "bad_sandbox_name"
    assert problem_of(client.get("/s//api/workflows"), 400)["code"] == "bad_sandbox_name"


def test_an_impossible_name_comes_back_as_it_was_written(client: FlaskClient, problem_of: Callable[..., Json]) -> None:
    for url, header in (
        ("/s/caf\u00e9/api/workflows", None),
        ("/api/workflows", "caf\u00e9".encode().decode("latin-1")),
    ):
        headers = {} if header is None else {"X-Sandbox": header}
        assert "'caf\u00e9'" in problem_of(client.get(url, headers=headers), 400)["detail"]


def test_the_index_of_a_sandbox_leads_on_within_it(client: FlaskClient) -> None:
    for url in ("/s/mine", "/s/mine/", "/s/mine/api"):
        assert client.get(url).get_json()["links"]["workflows"] == "/s/mine/api/workflows"
    assert client.get("/api?sandbox=mine").get_json()["links"]["files"] == "/api/files?sandbox=mine"


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("path", "/s/mine/api/workflows/{id}"),
        ("query", "/api/workflows/{id}?sandbox=mine"),
        ("header", "/api/workflows/{id}"),
        ("cookie", "/api/workflows/{id}"),
    ],
)
def test_location_keeps_the_way_in_which_the_sandbox_was_chosen(client: FlaskClient, way: str, told: str) -> None:
    url, options = WAYS[way]
    response = client.post(url, json=SAVED, **options)
    assert response.headers["Location"] == told.format(id=response.get_json()["id"])


def test_links_of_a_list_keep_the_way_in_which_the_sandbox_was_chosen(client: FlaskClient) -> None:
    for number in range(3):
        client.post("/s/mine/api/workflows", json={**SAVED, "name": str(number)})
    for url in ("/s/mine/api/workflows?per_page=2", "/api/workflows?per_page=2&sandbox=mine"):
        link = client.get(url).headers["Link"]
        following = next(part for part in link.split(", ") if 'rel="next"' in part).partition(">")[0][1:]
        assert names(client, following) == ["0"]


@pytest.mark.parametrize("way", WAYS)
def test_addresses_of_files_lead_to_the_file_wherever_they_are_shown(client: FlaskClient, way: str) -> None:
    url, options = WAYS[way]
    client.post("/s/mine/api/workflows", json={"nodes": [node("look", "image_info")], "connections": []})
    workflow_id = client.get("/s/mine/api/workflows").get_json()["items"][0]["id"]

    def there(path: str) -> str:
        return url.replace("/api/workflows", path)

    form = {"file": (io.BytesIO(b"hello"), "a.txt")}
    uploaded = client.post(there("/api/files/upload"), data=form, **options).get_json()["items"][0]
    assert client.get(uploaded["content_url"], **options).data == b"hello"
    listed = client.get(there("/api/files"), **options).get_json()["items"][0]
    assert listed == uploaded
    started = client.post(
        there(f"/api/workflows/{workflow_id}/nodes/look/process-files"), json={"file_ids": [uploaded["id"]]}, **options
    ).get_json()
    shown = client.get(there(f"/api/executions/{started['id']}"), **options).get_json()
    assert shown["input"]["files"][0]["content_url"] == uploaded["content_url"]
    events = client.get(there(f"/api/executions/{started['id']}/events"), **options).get_json()["items"]
    assert events[0]["data"]["input"]["files"][0]["thumbnail_url"] == uploaded["thumbnail_url"]


def test_a_document_comes_back_as_it_was_sent_whatever_addresses_are_in_it(client: FlaskClient) -> None:
    graph = {"nodes": [node("a", mock={"output": {"content_url": "/api/files/fl_1/content"}})], "connections": []}
    saved = client.post("/s/mine/api/workflows", json=graph).get_json()
    assert saved["nodes"] == graph["nodes"]


def test_sandboxes_have_nothing_in_common(client: FlaskClient) -> None:
    """Ids begin anew in each, an idempotency key of one means nothing in another, and so on."""
    one = client.post("/s/one/api/workflows", json=SAVED, headers={"Idempotency-Key": "k"}).get_json()
    two = client.post("/s/two/api/workflows", json={**SAVED, "name": "Other"}, headers={"Idempotency-Key": "k"})
    assert two.status_code == 201
    assert two.get_json()["id"] == one["id"]
    client.put("/s/one/_control/faults", json=[{"match": {"path": "/api/**"}, "status": 503}])
    client.post("/s/one/_control/clock/advance", json={"seconds": 60})
    client.post("/s/one/api/node-types", json={"type": "mine"})
    other = client.get("/s/two/_control").get_json()
    assert other["faults"] == []
    assert other["counts"]["node_types"] == 0
    assert other["clock"]["now"] == "2026-01-01T09:00:00.000Z"
    assert [entry["method"] for entry in client.get("/s/two/_control/requests").get_json()["items"]] == ["POST"]
    assert names(client, "/s/two/api/workflows") == ["Other"]


def test_a_sandbox_comes_to_life_on_first_use_and_is_listed(client: FlaskClient) -> None:
    client.get("/s/b/api/workflows")
    client.get("/s/a/_control/clock")
    listed = client.get("/_control/sandboxes").get_json()["items"]
    assert [sandbox["sandbox"] for sandbox in listed] == ["a", "b"]
    assert listed[0]["clock"] == {"pace": "stopped", "rate": 0, "now": "2026-01-01T09:00:00.000Z"}


@pytest.mark.parametrize("url", ["/s/a/health", "/s/a/api/health", "/s/a/api", "/s/a/", "/s/a/_control/sandboxes"])
def test_what_is_never_sandboxed_makes_no_sandbox(client: FlaskClient, url: str) -> None:
    assert client.get(url).status_code == 200
    assert client.get("/_control/sandboxes").get_json()["items"] == []


def test_options_makes_no_sandbox(client: FlaskClient) -> None:
    assert client.options("/s/a/api/workflows").status_code == 204
    assert client.get("/_control/sandboxes").get_json()["items"] == []


def test_a_deleted_sandbox_begins_anew(client: FlaskClient, problem_of: Callable[..., Json]) -> None:
    client.post("/s/mine/api/workflows", json=SAVED)
    assert client.delete("/_control/sandboxes/mine").status_code == 204
    assert problem_of(client.delete("/_control/sandboxes/mine"), 404)["code"] == "sandbox_not_found"
    assert names(client, "/s/mine/api/workflows") == []


def test_no_more_sandboxes_are_alive_than_may_be(problem_of: Callable[..., Json]) -> None:
    settings = Settings(pace="stopped", scenario="empty", limits=Limits(max_sandboxes=2))
    client = create_app(settings).test_client()
    client.get("/s/a/api/workflows")
    client.get("/s/b/api/workflows")
    problem = problem_of(client.get("/s/c/api/workflows"), 429)
    assert problem["code"] == "too_many_sandboxes"
    assert all(told in problem["detail"] for told in ("DELETE /_control/sandboxes/", "UNDERSTUDY_MAX_SANDBOXES"))
    assert client.get("/s/a/api/workflows").status_code == 200
    client.delete("/_control/sandboxes/a")
    assert client.get("/s/c/api/workflows").status_code == 200


class TestIdle:
    """A sandbox that nobody uses is forgotten after a time, but never the default one."""

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(pace="stopped", scenario="empty", limits=Limits(sandbox_idle_seconds=100))

    def leave_alone(self, sandboxes: Sandboxes, name: str, seconds: int) -> None:
        """Let a sandbox look as if it had last been used so long ago."""
        sandboxes.get(name).used_at -= seconds * 1_000_000

    def test_it_begins_anew_when_it_is_used_again(self, client: FlaskClient, sandboxes: Sandboxes) -> None:
        client.post("/s/mine/api/workflows", json=SAVED)
        self.leave_alone(sandboxes, "mine", 99)
        assert names(client, "/s/mine/api/workflows") == ["Mine"]
        self.leave_alone(sandboxes, "mine", 101)
        assert names(client, "/s/mine/api/workflows") == []

    def test_it_is_not_listed_any_more(self, client: FlaskClient, sandboxes: Sandboxes) -> None:
        client.get("/s/mine/api/workflows")
        self.leave_alone(sandboxes, "mine", 101)
        assert client.get("/_control/sandboxes").get_json()["items"] == []

    def test_the_default_one_stays(self, client: FlaskClient, sandboxes: Sandboxes) -> None:
        client.post("/api/workflows", json=SAVED)
        self.leave_alone(sandboxes, "default", 1000)
        assert names(client, "/api/workflows") == ["Mine"]
        assert client.get("/_control").get_json()["expires_at"] is None

    def test_the_state_says_when_it_will_be_forgotten(self, client: FlaskClient) -> None:
        state = client.get("/s/mine/_control").get_json()
        assert state["created_at"] < state["expires_at"]
        assert state["limits"]["sandbox_idle_seconds"] == 100
        assert state["limits"]["max_sandboxes"] == 200


class TestStrict:
    """With --require-sandbox, a request that names no sandbox is refused."""

    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(pace="stopped", scenario="empty", require_sandbox=True)

    @pytest.mark.parametrize("url", ["/api/workflows", "/_control", "/_control/clock", "/api/unknown"])
    def test_a_request_that_names_none_is_refused(
        self, client: FlaskClient, problem_of: Callable[..., Json], url: str
    ) -> None:
        assert problem_of(client.get(url), 400)["code"] == "no_sandbox"

    @pytest.mark.parametrize("way", WAYS)
    def test_one_that_names_one_is_answered(self, client: FlaskClient, way: str) -> None:
        url, options = WAYS[way]
        assert client.get(url, **options).status_code == 200

    @pytest.mark.parametrize(
        "url", ["/", "/api", "/health", "/api/health", "/_control/sandboxes", "/_control/scenarios"]
    )
    def test_what_is_of_no_sandbox_needs_none(self, client: FlaskClient, url: str) -> None:
        assert client.get(url).status_code == 200
        assert client.get(f"{url.rstrip('/')}/").status_code == 200

    @pytest.mark.parametrize("url", ["/_controlx", "/_control-panel/clock", "/apix"])
    def test_a_url_that_only_begins_like_ours_is_unknown(
        self, client: FlaskClient, problem_of: Callable[..., Json], url: str
    ) -> None:
        assert problem_of(client.get(url), 404)["code"] == "unknown_url"

    def test_a_preflight_needs_none(self, client: FlaskClient) -> None:
        assert client.options("/api/workflows").status_code == 204


def test_strict_mode_is_an_option() -> None:
    from app.command import make_parser
    from app.config import read_settings

    assert read_settings({}, **vars(make_parser().parse_args(["--require-sandbox"]))).require_sandbox
    assert read_settings({"UNDERSTUDY_REQUIRE_SANDBOX": "yes"}, **vars(make_parser().parse_args([]))).require_sandbox
    assert not read_settings({}).require_sandbox


def test_a_cookie_of_a_page_whose_origin_cannot_be_read_does_not_count(client: FlaskClient) -> None:
    client.post("/s/mine/api/workflows", json=SAVED)
    assert names(client, "/api/workflows", headers={"Cookie": "sandbox=mine", "Origin": "http://[::1"}) == []


def test_slashes_before_the_path_change_nothing(client: FlaskClient) -> None:
    client.post("/s/mine/api/workflows", json=SAVED)
    assert names(client, "/s/mine//api/workflows") == ["Mine"]
    assert len(client.get("/s/mine/_control/requests").get_json()["items"]) == 2


def test_a_sandbox_in_which_a_request_is_at_work_is_not_idle(sandboxes: Sandboxes) -> None:
    """An answer that is on purpose late, or a body that comes slowly, may take longer than the idle time."""
    busy = sandboxes.get("busy")
    busy.visitors.add(1)
    busy.used_at -= 10**12
    assert sandboxes.get("busy") is busy
    busy.used_at -= 10**12
    assert sandboxes.find("busy") is busy
    busy.visitors.discard(1)
    assert sandboxes.find("busy") is None


def test_a_request_leaves_its_sandbox(client: FlaskClient, sandboxes: Sandboxes) -> None:
    client.get("/s/mine/api/workflows")
    client.get("/s/mine/api/workflows/none")
    assert sandboxes.get("mine").visitors == set()
