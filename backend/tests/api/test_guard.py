"""Who may direct: this machine, its pages, or whoever shows the token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings, read_settings
from app.errors import InvalidInput

Json = Any

HERE = "127.0.0.1"


def serve(**settings: Any) -> FlaskClient:
    """A server with these settings."""
    return create_app(Settings(pace="stopped", scenario="empty", **settings)).test_client()


def ask(client: FlaskClient, *, remote: str = HERE, host: str = "localhost:8000", **headers: str) -> Any:
    """Ask for a reset, which needs no body, so that any page could send it."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(
        "/_control/reset",
        base_url=f"http://{host}",
        headers=sent,
        environ_overrides={"REMOTE_ADDR": remote},
    )


class TestOnLoopback:
    """Bound to this machine only, without a token."""

    @pytest.fixture
    def client(self) -> FlaskClient:
        return serve()

    @pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "app.localhost"])
    def test_this_machine_may(self, client: FlaskClient, host: str) -> None:
        assert ask(client, host=host).status_code == 204

    @pytest.mark.parametrize(
        "origin", ["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000", "http://app.localhost:80"]
    )
    def test_pages_of_this_machine_may(self, client: FlaskClient, origin: str) -> None:
        for site in ("same-site", "cross-site"):
            response = ask(client, Origin=origin, Sec_Fetch_Site=site)
            assert response.status_code == 204
            assert response.headers["Access-Control-Allow-Origin"] == origin

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://example.org"},
            {"Origin": "http://localhost.example.org"},
            {"Origin": "http://127.0.0.1.example.org"},
            {"Origin": "null"},
            {"Origin": "file://"},
            {"Origin": "http://[::1"},
            {"Sec_Fetch_Site": "cross-site"},
        ],
    )
    def test_other_pages_may_not(
        self, client: FlaskClient, problem_of: Callable[..., Json], headers: dict[str, str]
    ) -> None:
        response = ask(client, **headers)
        assert problem_of(response, 403)["code"] == "foreign_origin"
        assert "Access-Control-Allow-Origin" not in response.headers

    @pytest.mark.parametrize("host", ["example.org", "example.org:8000", "127.0.0.1.example.org", "10.0.0.5:8000"])
    def test_a_foreign_name_for_this_machine_is_refused(
        self, client: FlaskClient, problem_of: Callable[..., Json], host: str
    ) -> None:
        """A page whose name is made to mean 127.0.0.1 is of the same origin for a browser."""
        assert problem_of(ask(client, host=host), 403)["code"] == "foreign_host"

    def test_another_machine_may_not(self, client: FlaskClient, problem_of: Callable[..., Json]) -> None:
        refused = problem_of(ask(client, remote="10.0.0.7"), 403)
        assert refused["code"] == "control_needs_token"
        assert "this machine only" in refused["detail"]

    @pytest.mark.parametrize(
        "path",
        [
            "/_control",
            "/s/mine/_control",
            "/_control/sandboxes",
            "/_control/nowhere",
            "///_control/clock",
            "/s/mine//_control",
            "/s/mine///_control/clock",
            "/s/mine/%2f_control",
            "/%2f_control",
        ],
    )
    def test_all_of_it_is_guarded(self, client: FlaskClient, problem_of: Callable[..., Json], path: str) -> None:
        response = client.get(path, headers={"Origin": "https://example.org"})
        assert problem_of(response, 403)["code"] == "foreign_origin"

    def test_nothing_happens_when_it_is_refused(self, client: FlaskClient) -> None:
        client.post("/api/workflows", json={"name": "x"})
        ask(client, Origin="https://example.org")
        assert client.get("/api/workflows").get_json()["total"] == 1

    def test_a_preflight_lets_pages_of_this_machine_in_and_no_others(self, client: FlaskClient) -> None:
        def allowed(origin: str) -> str | None:
            headers = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
            return client.options("/_control/clock", headers=headers).headers.get("Access-Control-Allow-Origin")

        assert allowed("http://localhost:5173") == "http://localhost:5173"
        assert allowed("https://example.org") is None

    def test_the_api_itself_is_open_to_any_page(self, client: FlaskClient) -> None:
        response = client.get("/api/workflows", headers={"Origin": "https://example.org"})
        assert response.status_code == 200
        assert response.headers["Access-Control-Allow-Origin"] == "*"


class TestBeyond:
    """Bound to all addresses."""

    def test_without_a_token_nobody_may(self, problem_of: Callable[..., Json]) -> None:
        refused = problem_of(ask(serve(host="0.0.0.0")), 403)
        assert refused["code"] == "control_needs_token"
        assert "nobody" in refused["detail"]
        assert "this machine only" not in refused["detail"]

    def test_with_a_token_whoever_shows_it_may(self, problem_of: Callable[..., Json]) -> None:
        client = serve(host="0.0.0.0", control_token="s3cret")
        refused = ask(client, remote="10.0.0.7", host="mocks.example.org")
        assert problem_of(refused, 401)["code"] == "not_authenticated"
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        wrong = ask(client, remote="10.0.0.7", host="mocks.example.org", Authorization="Bearer secret")
        assert wrong.status_code == 401
        for scheme in ("Bearer", "bearer"):
            shown = ask(client, remote="10.0.0.7", host="mocks.example.org", Authorization=f"{scheme} s3cret")
            assert shown.status_code == 204

    @pytest.mark.parametrize("token", ["a=b", "dGVzdA==", "a,b", "~!;'"])
    def test_any_token_of_ascii_can_be_shown(self, token: str) -> None:
        assert ask(serve(control_token=token), Authorization=f"Bearer {token}").status_code == 204
        assert ask(serve(control_token=token), Authorization="Bearer a").status_code == 401

    @pytest.mark.parametrize("token", ["g\u00e4ste", "two words", " padded", "line\n", "\u2026"])
    def test_a_token_that_fits_no_header_is_refused_at_the_start(self, token: str) -> None:
        with pytest.raises(InvalidInput, match="control_token") as refused:
            read_settings({"UNDERSTUDY_CONTROL_TOKEN": token})
        assert token.strip() not in refused.value.message

    def test_a_token_is_wanted_on_loopback_too_if_there_is_one(self) -> None:
        assert ask(serve(control_token="s3cret")).status_code == 401

    def test_with_a_token_a_page_of_anywhere_may_show_it(self) -> None:
        client = serve(host="0.0.0.0", control_token="s3cret")
        response = ask(client, Origin="https://example.org", Authorization="Bearer s3cret")
        assert response.status_code == 204
        assert response.headers["Access-Control-Allow-Origin"] == "*"

    def test_the_api_is_answered_without(self) -> None:
        assert serve(host="0.0.0.0").get("/api/workflows").status_code == 200
