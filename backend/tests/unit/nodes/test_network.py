"""HTTP, MQTT, WebSocket and mail nodes do what their configuration says."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.engine.fakes import SimulatedEffects
from app.errors import NodeFailure
from app.nodes.base import Inputs, Result
from app.nodes.network import TYPES
from app.world import Chance

NODE_TYPES = {kind.type: kind for kind in TYPES}
DEEP: list[Any] = []
for _ in range(1500):
    DEEP = [DEEP]
ODD_INPUTS = (DEEP, None, "text", 3, True, [], {}, [None], [1, "a", []], {"rows": 5}, [[[]]], {"files": [{"id": 7}]})


def outside(values: dict[str, dict[str, Any]] | None = None) -> SimulatedEffects:
    memory = {} if values is None else values
    return SimulatedEffects(Chance(7).rng, "2026-01-01T09:00:00.000Z", {}, {}.get, memory)


def run(name: str, config: dict[str, Any], given: Any = None, effects: SimulatedEffects | None = None) -> Any:
    """What leaves by each port, which fits the schema that the type declares."""
    kind = NODE_TYPES[name]
    given_inputs = Inputs({"input": [given]} if given is not None else {})
    answer = kind.run(given_inputs, kind.defaults | config, effects or outside())
    outputs = answer.outputs if isinstance(answer, Result) else answer
    for port, value in outputs.items():
        Draft202012Validator(kind.output_schema[port]).validate(value)
    assert {port.id for port in kind.outputs} == set(outputs)
    return outputs["output"]


def failure(name: str, config: dict[str, Any], given: Any = None) -> NodeFailure:
    with pytest.raises(NodeFailure) as caught:
        run(name, config, given)
    return caught.value


def test_every_type_of_the_family_is_in_the_table() -> None:
    assert set(CASES) == set(NODE_TYPES)


@pytest.mark.parametrize("name", NODE_TYPES)
def test_defaults_fit_the_form_and_need_no_secret(name: str) -> None:
    kind = NODE_TYPES[name]
    Draft202012Validator.check_schema(kind.config_schema)
    Draft202012Validator(kind.config_schema).validate(kind.defaults)
    for key, field in kind.config_schema["properties"].items():
        assert field["title"], key
        if field.get("format") == "password":
            assert field["writeOnly"] is True
            assert key not in kind.defaults


@pytest.mark.parametrize("name", NODE_TYPES)
def test_two_configs_and_two_inputs_give_outputs_that_differ(name: str) -> None:
    (config, other_config), (given, other_given) = CASES[name]
    first = run(name, config, given)
    assert run(name, config, given) == first
    assert run(name, other_config, given) != first
    assert run(name, config, other_given) != first


@pytest.mark.parametrize("name", NODE_TYPES)
def test_odd_inputs_fail_with_words_or_not_at_all(name: str) -> None:
    for odd in ODD_INPUTS:
        for config in ({}, CASES[name][0][0], CASES[name][0][1]):
            try:
                run(name, config, odd)
            except NodeFailure as caught:
                assert len(caught.message) > 15  # noqa: PT017  It may work; if not, it says why.


@pytest.mark.parametrize("name", NODE_TYPES)
def test_odd_configs_fail_with_words_or_not_at_all(name: str) -> None:
    for key in NODE_TYPES[name].config_schema["properties"]:
        for odd in ODD_INPUTS:
            try:
                run(name, CASES[name][0][0] | {key: odd}, {"text": "a text"})
            except NodeFailure as caught:
                assert len(caught.message) > 15  # noqa: PT017  It may work; if not, it says why.


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
