"""What a graph shows at its end."""

from __future__ import annotations

from typing import Any

import pytest

from app.nodes.base import Inputs, Result
from app.nodes.outputs import TYPES
from tests.unit.nodes.family import Family, FamilyRules, outside

FAMILY = Family(TYPES)
NODE_TYPES, run, failure = FAMILY.types, FAMILY.run, FAMILY.failure


ROWS = [{"day": "2026-01-01", "a": 1, "b": 5}, {"day": "2026-01-02", "a": 2, "b": None}]
CASES: dict[str, Any] = {
    "display": (({"kind": "auto"}, {"kind": "json"}), ("one", "two")),
    "log": (({"level": "info"}, {"level": "error"}), ("one", "two")),
    "chart": (({"chart_type": "line"}, {"chart_type": "scatter"}), (ROWS, ROWS[:1])),
    "respond": (({"status": 200}, {"status": 404}), ("one", "two")),
}


class TestRules(FamilyRules):
    family = FAMILY
    cases = CASES


def test_a_log_line_is_what_the_configuration_says() -> None:
    effects = outside()
    assert run("log", {"level": "warning", "message": "look"}, {"a": 1}, effects) == {"a": 1}
    assert run("log", {}, {"a": 1}, effects) == {"a": 1}
    assert effects.logs == [{"level": "warning", "message": "look"}, {"level": "info", "message": '{"a": 1}'}]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ([{"a": 1}], "table"),
        ("hello", "text"),
        (3.5, "text"),
        ({"a": 1}, "json"),
        ([1, 2], "json"),
        ([], "json"),
        ({"files": [{"id": "f", "kind": "image"}]}, "image"),
        ({"content_type": "image/png"}, "image"),
        ("https://example.com/cat.png", "image"),
    ],
)
def test_what_arrived_is_shown_as_what_it_is(value: Any, kind: str) -> None:
    assert run("display", {}, value) == {"value": value, "kind": kind, "title": ""}


def test_a_chart_draws_every_number_over_the_time() -> None:
    drawn = run("chart", {}, ROWS)
    assert drawn["labels"] == ["2026-01-01", "2026-01-02"]
    assert drawn["datasets"] == [{"label": "a", "data": [1, 2]}, {"label": "b", "data": [5, None]}]


def test_a_chart_draws_the_fields_that_are_named() -> None:
    drawn = run("chart", {"x": "a", "y": ["b"], "chart_type": "scatter"}, {"rows": ROWS})
    assert drawn["type"] == "scatter"
    assert drawn["datasets"] == [{"label": "b", "data": [{"x": 1, "y": 5}, {"x": 2, "y": None}]}]


def test_plain_numbers_can_be_drawn() -> None:
    assert run("chart", {}, [4, 5])["datasets"] == [{"label": "value", "data": [4, 5]}]


def test_a_field_without_numbers_fails_and_names_the_others() -> None:
    assert "day, a, b" in failure("chart", {"y": "c"}, ROWS).message
    assert "what arrived is text" in failure("chart", {}, "hello").message


def test_respond_answers_for_the_whole_execution() -> None:
    kind = NODE_TYPES["respond"]
    answer = kind.run(Inputs({"input": [{"a": 1}]}), {"status": 201, "headers": {"X-A": 1}}, outside())
    assert isinstance(answer, Result)
    assert answer.responds is True
    assert answer.response == {"status": 201, "headers": {"x-a": "1"}, "body": {"a": 1}}
    assert answer.outputs["output"] == answer.response


def test_a_status_that_http_does_not_have_fails() -> None:
    assert failure("respond", {"status": 42}).code == "bad_config"
