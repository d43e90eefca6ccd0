"""Slack, Gmail and Google Sheets nodes look like the services they stand in for."""

from __future__ import annotations

from typing import Any

import pytest

from app.nodes.base import Inputs
from app.nodes.integrations import TYPES
from tests.unit.nodes.family import Family, FamilyRules, outside

FAMILY = Family(TYPES)
NODE_TYPES, run, failure = FAMILY.types, FAMILY.run, FAMILY.failure


CASES: dict[str, Any] = {
    "slack": (({"channel": "#a"}, {"channel": "#b"}), ("one", "two")),
    "gmail": (({"operation": "send"}, {"operation": "search"}), ("one", "two")),
    "google_sheets": (({"operation": "append"}, {"operation": "read"}), ([{"a": 1}], [{"a": 2}])),
}


class TestRules(FamilyRules):
    family = FAMILY
    cases = CASES


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
