"""Slack, Gmail and Google Sheets nodes look like the services they stand in for."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.engine.fakes import SimulatedEffects
from app.errors import NodeFailure
from app.nodes.base import Inputs, Result
from app.nodes.integrations import TYPES
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
    "slack": (({"channel": "#a"}, {"channel": "#b"}), ("one", "two")),
    "gmail": (({"operation": "send"}, {"operation": "search"}), ("one", "two")),
    "google_sheets": (({"operation": "append"}, {"operation": "read"}), ([{"a": 1}], [{"a": 2}])),
}


def result(config: dict[str, Any], given: Any = None) -> Any:
    kind = NODE_TYPES["google_sheets"]
    outputs: Any = kind.run(Inputs({"input": [given]}), kind.defaults | config, outside())
    return outputs["result"]


def test_a_slack_message_has_the_text_of_the_configuration_else_what_arrived() -> None:
    assert run("slack", {"text": "mine"}, "theirs")["text"] == "mine"
    posted = run("slack", {"channel": "#ops"}, {"message": "theirs"})
    assert (posted["text"], posted["channel_name"], posted["ok"]) == ("theirs", "#ops", True)
    assert posted["message"]["ts"] == posted["ts"]


def test_an_empty_slack_message_fails() -> None:
    assert failure("slack", {}).code == "no_text"


def test_a_sent_mail_has_an_id_and_the_sent_label() -> None:
    sent = run("gmail", {"to": "a@example.org", "subject": "Hi", "body": "Text"})
    assert (sent["labelIds"], sent["to"], sent["subject"]) == (["SENT"], ["a@example.org"], "Hi")


def test_a_search_gives_as_many_mails_as_asked_about_what_was_asked() -> None:
    found = run("gmail", {"operation": "search", "query": "subject:invoice", "limit": 3})
    assert found["count"] == len(found["messages"]) == 3
    assert all("invoice" in mail["subject"] for mail in found["messages"])


def test_rows_have_the_header_columns() -> None:
    rows = run("google_sheets", {"columns": ["Name", "Email", "Total"], "limit": 4})
    assert [list(row) for row in rows] == [["Name", "Email", "Total"]] * 4
    assert "@" in rows[0]["Email"]
    assert isinstance(rows[0]["Total"], float)


def test_the_range_says_how_many_rows_and_columns_there_are() -> None:
    config = {"range": "Orders!B2:C6", "columns": ["id", "total", "status"]}
    rows = run("google_sheets", config)
    assert [list(row) for row in rows] == [["id", "total"]] * 4
    assert result(config)["range"] == "Orders!B2:C6"


def test_a_sheet_named_like_a_table_has_its_columns() -> None:
    assert "sku" in run("google_sheets", {"range": "Products"})[0]


def test_appended_rows_are_counted_and_placed() -> None:
    rows = [{"name": "Ada", "age": 3}, {"name": "Bo", "age": 4}]
    assert run("google_sheets", {"operation": "append"}, rows) == rows
    told = result({"operation": "append", "range": "People"}, rows)
    assert (told["columns"], told["row_count"]) == (["name", "age"], 2)
    assert told["range"].startswith("People!A")


@pytest.mark.parametrize(
    ("config", "code"), [({"range": "a!b!c"}, "bad_range"), ({"spreadsheet": ""}, "spreadsheet_not_found")]
)
def test_a_place_that_cannot_be_fails(config: dict[str, Any], code: str) -> None:
    assert failure("google_sheets", config).code == code


def test_text_is_no_row() -> None:
    assert "what arrived is text" in failure("google_sheets", {"operation": "append"}, "hello").message
