"""HTTP, MQTT, WebSocket and mail nodes do what their configuration says."""

from __future__ import annotations

from typing import Any

import pytest

from app.nodes.base import Inputs
from app.nodes.network import TYPES
from tests.unit.nodes.family import Family, FamilyRules, outside

FAMILY = Family(TYPES)
NODE_TYPES, run, failure = FAMILY.types, FAMILY.run, FAMILY.failure


CASES: dict[str, Any] = {
    "http_request": (
        (
            {"method": "POST", "url": "https://example.com/orders"},
            {"method": "POST", "url": "https://example.com/users/4"},
        ),
        ({"total": 1}, {"total": 2}),
    ),
    "mqtt_in": (({"topic": "sensors/temperature"}, {"topic": "sensors/humidity"}), ({"value": 1}, {"value": 2})),
    "mqtt_out": (({"topic": "a/b"}, {"topic": "a/b", "qos": 2}), ("on", "off")),
    "websocket": (({"mode": "send"}, {"mode": "receive"}), ("one", "two")),
    "email": (({"to": "ada@example.org"}, {"to": ["ada@example.org", "bo@example.org"]}), ("Hello", "Bye")),
}


class TestRules(FamilyRules):
    family = FAMILY
    cases = CASES


def test_a_bad_status_fails_the_node_unless_told_otherwise() -> None:
    url = "https://example.com/status/503"
    failed = failure("http_request", {"url": url})
    assert failed.code == "http_503"
    assert failed.details["status"] == 503
    assert run("http_request", {"url": url, "fail_on_error_status": False})["ok"] is False


def test_the_query_is_added_to_the_address() -> None:
    answer = run("http_request", {"url": "https://example.com/users?page=2#top", "query": {"limit": 3, "q": "a b"}})
    assert answer["url"] == "https://example.com/users?page=2&limit=3&q=a+b#top"
    assert [user["id"] for user in answer["body"]] == [4, 5, 6]


def test_what_arrived_is_the_body_unless_the_configuration_has_one() -> None:
    post = {"method": "POST", "url": "https://example.com/orders"}
    assert run("http_request", post, {"total": 5})["body"]["total"] == 5
    assert run("http_request", post | {"body": {"total": 6}}, {"total": 5})["body"]["total"] == 6


def test_the_token_is_sent_as_a_bearer_token() -> None:
    config = {"url": "https://example.com/anything", "auth_token": "s3", "headers": {"X-A": 1}}
    assert run("http_request", config)["body"]["headers"] == {"x-a": "1", "authorization": "Bearer s3"}


def test_an_execution_started_with_an_input_takes_it_as_the_message() -> None:
    message = run("mqtt_in", {"topic": "doors/front", "qos": 1}, {"open": True})
    assert (message["payload"], message["topic"], message["qos"]) == ({"open": True}, "doors/front", 1)


def test_the_latest_of_several_messages_leaves_by_the_first_port() -> None:
    kind = NODE_TYPES["mqtt_in"]
    outputs = kind.run(Inputs(), kind.defaults | {"count": 4}, outside())
    assert len(outputs["messages"]) == 4  # type: ignore[index]
    assert outputs["messages"][-1] == outputs["output"]  # type: ignore[index]


def test_nothing_is_published_to_a_wildcard() -> None:
    assert failure("mqtt_out", {"topic": "sensors/#"}, 1).code == "bad_topic"


def test_a_websocket_receives_as_many_as_asked() -> None:
    assert run("websocket", {"count": 5})["count"] == 5
    assert failure("websocket", {"url": "https://example.com"}).code == "invalid_url"


@pytest.mark.parametrize(("to", "code"), [("", "missing_recipient"), ("ada", "invalid_recipient")])
def test_a_mail_needs_an_address(to: str, code: str) -> None:
    assert failure("email", {"to": to}).code == code


def test_every_recipient_is_accepted() -> None:
    assert run("email", {"to": "a@example.org, b@example.org"})["accepted"] == ["a@example.org", "b@example.org"]
