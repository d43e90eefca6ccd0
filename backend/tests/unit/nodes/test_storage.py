"""Databases, values and written files."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import NodeFailure
from app.nodes.base import Inputs
from app.nodes.storage import TYPES
from tests.unit.nodes.family import Family, FamilyRules, outside

FAMILY = Family(TYPES)
NODE_TYPES, run, failure = FAMILY.types, FAMILY.run, FAMILY.failure


CASES: dict[str, Any] = {
    "sql_query": (
        (
            {"query": "SELECT name, city FROM users WHERE city = :city"},
            {"query": "SELECT id, name FROM users WHERE id = :id"},
        ),
        ({"city": "Leeds", "id": 1}, {"city": "Lyon", "id": 2}),
    ),
    "key_value": (({"operation": "set", "key": "a"}, {"operation": "set", "key": "b"}), (1, 2)),
    "write_file": (({"format": "json"}, {"format": "csv", "name": "rows"}), ([{"a": 1}], [{"a": 2}])),
}


class TestRules(FamilyRules):
    family = FAMILY
    cases = CASES


def test_a_query_gives_its_rows_as_a_table_and_their_number() -> None:
    kind = NODE_TYPES["sql_query"]
    outputs: Any = kind.run(Inputs(), {"query": "SELECT id, total FROM orders LIMIT 4"}, outside())
    assert [list(row) for row in outputs["output"]] == [["id", "total"]] * 4
    assert outputs["result"] == {"columns": ["id", "total"], "row_count": 4, "statement": "SELECT"}


def test_parameters_of_the_configuration_come_before_what_arrived() -> None:
    config = {"query": "SELECT city FROM users WHERE city = ? LIMIT 1", "parameters": ["Osaka"]}
    assert run("sql_query", config, ["Lyon"]) == [{"city": "Osaka"}]
    assert run("sql_query", config | {"parameters": None}, ["Lyon"]) == [{"city": "Lyon"}]


def test_a_wrong_statement_fails_with_its_place() -> None:
    failed = failure("sql_query", {"query": "SELECT name FORM users"})
    assert failed.code == "sql_error"
    assert "near 'FORM' (line 1, column 13)" in failed.message


def test_a_value_can_be_set_got_counted_and_deleted() -> None:
    values: dict[str, dict[str, Any]] = {}

    def do(operation: str, given: Any = None, **config: Any) -> Any:
        return run("key_value", {"operation": operation, "key": "n"} | config, given, outside(values))["value"]

    assert do("get") is None
    assert do("increment") == 1
    assert do("increment", by=2.5) == 3.5
    assert do("set", {"a": 1}) == {"a": 1}
    assert do("get") == {"a": 1}
    assert do("get", namespace="other") is None
    assert do("delete") == {"a": 1}
    assert do("get") is None


def test_only_numbers_can_be_counted_up() -> None:
    effects = outside({"default": {"n": "text"}})
    with pytest.raises(NodeFailure, match="holds text"):
        run("key_value", {"operation": "increment", "key": "n"}, None, effects)


def written(config: dict[str, Any], given: Any) -> tuple[str, str]:
    effects = outside()
    shown = run("write_file", config, given, effects)
    assert effects.drafts[0].shown is shown
    return shown["name"], effects.drafts[0].content.decode()


def test_rows_become_csv_with_the_columns_in_order_of_appearance() -> None:
    rows = [{"b": 1, "a": 'x, "y"'}, {"c": [1], "b": 2}]
    assert written({"format": "csv", "name": "t"}, rows) == ("t.csv", 'b,a,c\n1,"x, ""y""",\n2,,[1]\n')
    assert written({"format": "csv"}, {"rows": [{"a": 1}]})[1] == "a\n1\n"
    assert written({"format": "csv"}, {"a": 1})[1] == "a\n1\n"


def test_json_and_text_are_written_as_they_are() -> None:
    assert written({"name": "data.json"}, {"ä": 1}) == ("data.json", '{\n  "ä": 1\n}\n')
    assert written({"format": "text", "name": "note"}, "hello") == ("note.txt", "hello")
    assert written({"format": "text", "content": "mine"}, "hello")[1] == "mine"


def test_a_name_cannot_leave_its_folder() -> None:
    assert "/" not in written({"name": "../../etc/passwd"}, 1)[0]


@pytest.mark.parametrize(("given", "code"), [("text", "not_a_table"), (None, "nothing_to_write")])
def test_what_cannot_be_written_fails_in_words(given: Any, code: str) -> None:
    assert failure("write_file", {"format": "csv"}, given).code == code
