"""Flow: which way it goes on, when, and whether at all."""

from __future__ import annotations

import pytest

from app.errors import NodeFailure
from app.nodes import flow, schemas
from app.nodes.base import Inputs

TYPES = {kind.type: kind for kind in flow.TYPES}


def test_the_family_is_complete():
    assert set(TYPES) == {"if", "switch", "merge", "loop", "delay", "stop_with_error", "sub_workflow", "approval"}


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_odd_values_fail_in_words_if_at_all(kind, survive):
    survive(kind)


@pytest.mark.parametrize(
    ("condition", "arrived", "port"),
    [
        ("total > 3", {"total": 5}, "true"),
        ("total > 3", {"total": 1}, "false"),
        ("$json.total < $input.input.limit", {"total": 1, "limit": 2}, "true"),
        ("{{ name }}", {"name": ""}, "false"),
        ("missing", {"a": 1}, "false"),
        (True, None, "true"),
    ],
)
def test_if_sends_what_arrived_one_way(condition, arrived, port, run, effects):
    assert run(TYPES["if"], {"condition": condition}, arrived, effects) == {port: arrived}


def test_if_names_the_way_it_took_and_needs_a_condition(effects):
    assert TYPES["if"].run(Inputs({"input": [1]}), {"condition": "$ = 1"}, effects).branch == "true"
    for config in ({}, {"condition": ""}, {"condition": None}):
        with pytest.raises(NodeFailure, match="'condition' is empty"):
            TYPES["if"].run(Inputs({"input": [1]}), config, effects)


RULES = [
    {"id": "big", "label": "Big", "condition": "total > 100"},
    {"id": "fair", "condition": "total > 10"},
    {"condition": "total < 0"},
]


@pytest.mark.parametrize(("total", "port"), [(500, "big"), (50, "fair"), (-1, "rule_2"), (5, "fallback")])
def test_switch_takes_the_first_rule_that_holds(total, port, run, effects):
    assert run(TYPES["switch"], {"rules": RULES}, {"total": total}, effects) == {port: {"total": total}}


def test_switch_has_a_port_per_rule():
    ports = TYPES["switch"].output_ports({"rules": RULES})
    assert [port.id for port in ports] == ["big", "fair", "rule_2", "fallback"]
    assert ports[0].as_dict()["label"] == "Big"
    assert [port.id for port in TYPES["switch"].output_ports({"rules": RULES[:1], "fallback": False})] == ["big"]


def test_without_a_fallback_nothing_may_leave(run, effects):
    assert run(TYPES["switch"], {"rules": RULES, "fallback": False}, {"total": 5}, effects) == {}


@pytest.mark.parametrize(
    ("mode", "values", "output"),
    [
        ("append", [[1, 2], 3, None], [1, 2, 3]),
        ("combine", [{"a": 1, "b": 1}, {"b": 2}, "x"], {"a": 1, "b": 2, "input_3": "x"}),
        ("first", ["x", "y"], "x"),
        ("wait_all", [[1], 2], [[1], 2]),
        ("append", [{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 2}]),
    ],
)
def test_merge_brings_ways_together(mode, values, output, run, effects):
    assert run(TYPES["merge"], {"mode": mode}, Inputs({"input": values}), effects) == {"output": output}


@pytest.mark.parametrize(
    ("config", "arrived", "batches"),
    [
        ({}, [1, 2, 3], [1, 2, 3]),
        ({"batch_size": 2}, [1, 2, 3], [[1, 2], [3]]),
        ({"items": "orders.id"}, {"orders": [{"id": 7}, {"id": 8}]}, [7, 8]),
        ({"items": "{{ n + 1 }}"}, {"n": 2}, [0, 1, 2]),
        ({"max_iterations": 2}, [1, 2, 3], [1, 2]),
        ({"items": ["{{ n }}", 5]}, {"n": 2}, [2, 5]),
        ({}, None, []),
    ],
)
def test_a_loop_cuts_its_items_into_rounds(config, arrived, batches, effects):
    kind = TYPES["loop"]
    assert kind.run(Inputs({"input": [arrived]}), {**kind.defaults, **config}, effects).batches == batches
    assert bool(effects.logs) == ("max_iterations" in config)


def test_a_delay_takes_as_long_as_it_says(effects):
    result = TYPES["delay"].run(Inputs({"input": ["x"]}), {"seconds": 1.5}, effects)
    assert (result.duration_ms, result.outputs) == (1500, {"output": "x"})
    assert TYPES["delay"].run(Inputs({"input": ["y"]}), {"seconds": "2"}, effects).duration_ms == 2000


def test_stop_with_error_fails_with_its_message(run, effects):
    with pytest.raises(NodeFailure, match="No stock for A7") as failure:
        run(TYPES["stop_with_error"], {"message": "No stock for {{ sku }}", "code": "no_stock"}, {"sku": "A7"}, effects)
    assert failure.value.code == "no_stock"


def test_a_sub_workflow_is_called_with_what_arrived_or_what_it_says(effects):
    kind, arrived = TYPES["sub_workflow"], Inputs({"input": [{"a": 1}]})
    call = kind.run(arrived, {"workflow_id": "wf_2"}, effects).call
    assert (call.workflow_id, call.input) == ("wf_2", {"a": 1})
    assert kind.run(arrived, {"workflow_id": "wf_3", "input": {"b": 2}}, effects).call.input == {"b": 2}
    with pytest.raises(NodeFailure, match="workflow_id"):
        kind.run(arrived, {}, effects)


def test_an_approval_asks_and_the_answer_decides(effects):
    kind, arrived = TYPES["approval"], Inputs({"input": [{"amount": 9}]})
    question = kind.run(arrived, {"prompt": "Pay?", "approvers": ["ada"]}, effects).question
    assert question.prompt == "Pay? (ada)"
    assert [option["id"] for option in question.options] == ["approved", "rejected"]
    assert schemas.check({"decision": "approved", "comment": "ok"}, question.schema) == []
    assert schemas.check({"decision": "perhaps"}, question.schema)
    result = kind.answer(arrived, {}, {"decision": "approved", "comment": "ok"})
    assert result.branch == "approved"
    assert result.outputs["approved"]["input"] == {"amount": 9}
    assert schemas.check(result.outputs["approved"], kind.output_schema["approved"]) == []
    assert list(kind.answer(arrived, {}, {"decision": "rejected"}).outputs) == ["rejected"]


def test_the_first_of_ones_own_options_approves(effects):
    kind, config = TYPES["approval"], {"options": [{"id": "ship", "label": "Ship it"}, "hold", {"label": "no id"}]}
    options = kind.run(Inputs(), config, effects).question.options
    assert options == [{"id": "ship", "label": "Ship it"}, {"id": "hold", "label": "Hold"}]
    assert kind.answer(Inputs(), config, {"decision": "ship"}).branch == "approved"
    assert kind.answer(Inputs(), config, {"decision": "hold"}).branch == "rejected"
