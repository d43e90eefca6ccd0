"""Types that users bring as JSON."""

from __future__ import annotations

import pytest

from app.errors import InvalidInput, NodeFailure
from app.nodes import custom
from app.nodes.base import Inputs

FULL = {
    "type": "acme.scorer",
    "display_name": "Scorer",
    "description": "Scores things.",
    "category": "acme",
    "icon": "star",
    "color": "#ff0000",
    "inputs": [{"id": "left", "required": True, "data_type": "object", "max_connections": 1}, {"id": "right"}],
    "outputs": [{"id": "score"}, {"id": "report", "data_type": "object"}],
    "config_schema": {"type": "object", "properties": {"weight": {"type": "number"}}},
    "defaults": {"weight": 2},
    "simulation": {"duration_ms": {"median": 100, "sigma": 0.2, "min": 50, "max": 400}, "failure_rate": 0.1},
    "output": {"score": "{{ $input.left.value * $config.weight }}", "report": {"text": "Score of {{ $now }}"}},
}


def test_the_output_follows_its_template(effects):
    kind = custom.from_json(FULL)
    outputs = kind.run(Inputs({"left": [{"value": 3}], "right": [1]}), {"weight": 4}, effects)
    assert outputs == {"score": 12, "report": {"text": f"Score of {effects.now}"}}
    assert kind.run(Inputs({"left": [{"value": 5}]}), {"weight": 2}, effects)["score"] == 10


def test_without_an_output_the_input_passes_through(effects):
    kind = custom.from_json({"type": "mine", "outputs": [{"id": "a"}, {"id": "b"}]})
    assert kind.run(Inputs({"input": [7]}), {}, effects) == {"a": 7, "b": 7}
    kind = custom.from_json({"type": "mine", "output": "passthrough"})
    assert kind.run(Inputs({"input": ["x"]}), {}, effects) == {"output": "x"}


def test_a_wrong_template_fails_the_node(effects):
    kind = custom.from_json({"type": "mine", "output": {"output": "{{ 1 + }}"}})
    with pytest.raises(NodeFailure):
        kind.run(Inputs(), {}, effects)


def test_a_type_comes_back_as_it_went():
    kind = custom.from_json(FULL)
    document = custom.to_json(kind)
    for name in ("type", "category", "config_schema", "defaults", "simulation", "output"):
        assert document[name] == FULL[name]
    again = custom.from_json(document)
    assert again.as_dict() == kind.as_dict()
    assert custom.to_json(custom.from_json({"type": "mine"}))["output"] == "passthrough"


def test_a_short_document_gets_believable_names():
    kind = custom.from_json({"type": "acme.textSplitter_node"})
    assert kind.display_name == "Text splitter node"
    assert [port.id for port in (*kind.inputs, *kind.outputs)] == ["input", "output"]
    assert kind.custom


def test_one_number_is_an_exact_duration():
    kind = custom.from_json({"type": "mine", "simulation": {"duration_ms": 250}})
    assert {kind.simulation.duration_ms(share) for share in (0.01, 0.5, 0.99)} == {250}
    kind = custom.from_json({"type": "mine", "simulation": {"duration_ms": {"median": 100}}})
    assert kind.simulation.duration_ms(0.5) == 100


def test_every_fault_is_told_at_once():
    wrong = {
        "type": "no spaces!",
        "color": "red",
        "inputs": [{"id": "a"}, {"id": "a"}, {"label": "x"}],
        "config_schema": {"type": "nonsense"},
        "output_schema": {"output": {"type": 3}},
        "simulation": {"failure_rate": 2},
        "output": {"nowhere": 1},
    }
    with pytest.raises(InvalidInput) as refusal:
        custom.from_json(wrong)
    assert {fault["pointer"] for fault in refusal.value.errors} >= {
        "/type",
        "/color",
        "/inputs/1/id",
        "/inputs/2/id",
        "/config_schema/type",
        "/output_schema/output/type",
        "/simulation/failure_rate",
        "/output/nowhere",
    }


@pytest.mark.parametrize(
    "document", [None, [], "x", {}, {"type": 3}, {"type": "a", "inputs": 3}, {"type": "a", "output_schema": {"o": 1}}]
)
def test_what_is_no_document_is_refused(document):
    with pytest.raises(InvalidInput) as refusal:
        custom.from_json(document)
    assert refusal.value.errors


def test_defaults_must_fit_their_schema():
    schema = {"type": "object", "required": ["a"], "properties": {"b": {"type": "number"}}}
    custom.from_json({"type": "mine", "config_schema": schema, "defaults": {"b": 1}})
    with pytest.raises(InvalidInput) as refusal:
        custom.from_json({"type": "mine", "config_schema": schema, "defaults": {"b": "x"}})
    assert refusal.value.errors[0]["pointer"] == "/defaults/b"


def test_a_port_whose_id_is_no_text_is_named_as_a_fault():
    with pytest.raises(InvalidInput) as refused:
        custom.from_json({"type": "mine", "display_name": "Mine", "outputs": [{"id": []}], "output": {"out": 1}})
    assert {error["pointer"] for error in refused.value.errors} >= {"/outputs/0/id", "/output/out"}
