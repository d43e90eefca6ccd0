"""What a graph shows at its end."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.engine.fakes import SimulatedEffects
from app.errors import NodeFailure
from app.nodes.base import Inputs, Result
from app.nodes.outputs import TYPES
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
    assert name == "log" or run(name, other_config, given) != first  # What a log node is told goes into the log.
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


ROWS = [{"day": "2026-01-01", "a": 1, "b": 5}, {"day": "2026-01-02", "a": 2, "b": None}]
CASES: dict[str, Any] = {
    "display": (({"kind": "auto"}, {"kind": "json"}), ("one", "two")),
    "log": (({"level": "info"}, {"level": "error"}), ("one", "two")),
    "chart": (({"chart_type": "line"}, {"chart_type": "scatter"}), (ROWS, ROWS[:1])),
    "respond": (({"status": 200}, {"status": 404}), ("one", "two")),
}


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
