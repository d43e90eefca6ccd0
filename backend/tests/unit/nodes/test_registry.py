"""The palette: what comes with the server, and what users add."""

from __future__ import annotations

import re

import pytest

from app.errors import Conflict, NotFound
from app.nodes import custom, schemas
from app.nodes.base import DATA_TYPES, Inputs
from app.nodes.registry import BUILT_IN, FAMILIES, Registry


@pytest.fixture
def registry():
    return Registry()


@pytest.mark.parametrize("kind", BUILT_IN.values(), ids=BUILT_IN)
def test_a_palette_entry_can_be_drawn(kind):
    assert schemas.check_schema(kind.config_schema) == []
    assert schemas.check_config(kind, kind.defaults) == []
    assert re.fullmatch(r"#[0-9a-f]{6}", kind.color)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", kind.icon)
    assert kind.description.endswith(".")
    assert {port.data_type for port in (*kind.inputs, *kind.outputs)} <= set(DATA_TYPES)
    for field in kind.config_schema.get("properties", {}).values():
        assert field["title"]
        assert field["description"]
    assert kind.annotation or set(kind.output_schema) <= {port.id for port in kind.outputs}


def test_no_two_families_have_a_type_of_the_same_name():
    names = [kind.type for family in FAMILIES for kind in family.TYPES]
    assert len(names) == len(set(names))


def test_the_palette_is_sorted_by_category_and_name(registry):
    shown = [(kind.category, kind.display_name.casefold()) for kind in registry.all()]
    assert shown == sorted(shown)
    assert len(shown) == len(BUILT_IN)


def test_an_unknown_type_passes_its_input_through(registry, effects):
    kind = registry.get("acmeWidget")
    assert kind.generic
    assert not registry.knows("acmeWidget")
    assert kind.run(Inputs({"anything": [{"a": 1}]}), {}, effects) == {"output": {"a": 1}}
    assert registry.get(None).run(Inputs(), {}, effects) == {"output": None}
    assert kind.simulation.failure_rate == 0


def test_react_flows_own_types_pass_on(registry, effects):
    assert registry.get("default").run(Inputs({"input": [1, 2]}), {}, effects) == {"output": [1, 2]}
    assert registry.get("input").run(Inputs({"input": [3]}), {}, effects) == {"output": 3}
    assert registry.get("output").run(Inputs({"input": [3]}), {}, effects) == {}
    assert registry.get("input").inputs == ()
    assert registry.get("output").outputs == ()


def test_notes_and_groups_are_never_executed(registry):
    assert registry.get("note").annotation
    assert registry.get("group").annotation
    assert not registry.get("set").annotation


def test_ones_own_types_come_and_go(registry):
    other = Registry()
    registry.add(custom.from_json({"type": "mine", "category": "a"}))
    assert registry.all()[0].type == "mine"
    assert registry.knows("mine")
    assert not other.knows("mine")
    registry.replace("mine", custom.from_json({"type": "renamed", "display_name": "New"}))
    assert registry.find("mine").display_name == "New"
    assert [kind.type for kind in registry.custom()] == ["mine"]
    registry.remove("mine")
    assert not registry.knows("mine")


def test_what_comes_with_the_server_stays(registry):
    mine = custom.from_json({"type": "if"})
    for attempt in (lambda: registry.add(mine), lambda: registry.replace("if", mine), lambda: registry.remove("if")):
        with pytest.raises(Conflict):
            attempt()
    assert registry.get("if") is BUILT_IN["if"]


def test_what_nobody_added_cannot_be_changed(registry):
    mine = custom.from_json({"type": "mine"})
    for attempt in (
        lambda: registry.replace("mine", mine),
        lambda: registry.remove("mine"),
        lambda: registry.find("mine"),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_a_template_fits_where_a_number_is_wanted(registry):
    delay = registry.get("delay")
    assert schemas.check_config(delay, {"seconds": "{{ $json.wait }}"}) == []
    faults = schemas.check_config(delay, {"seconds": "soon"})
    assert [fault["pointer"] for fault in faults] == ["/seconds"]


def test_an_expression_that_cannot_be_parsed_is_a_fault_of_the_configuration(registry):
    faults = schemas.check_config(registry.get("if"), {"condition": "total >"})
    assert faults[0]["pointer"] == "/condition"
    assert "^" in faults[0]["message"]
    faults = schemas.check_config(registry.get("set"), {"fields": {"a": ["x {{ 1 + }}"]}})
    assert [fault["pointer"] for fault in faults] == ["/fields/a/0"]


def test_faults_point_at_the_place():
    schema = {"type": "object", "required": ["a", "b"], "properties": {"c/d": {"type": "number"}}}
    faults = schemas.check({"c/d": "x"}, schema)
    assert {fault["pointer"] for fault in faults} == {"/a", "/b", "/c~1d"}
