"""Every check says the same twice: what it finds nothing against fits its JSON Schema, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from marshmallow import Schema
from schemathesis import GenerationMode
from schemathesis.openapi import from_dict

from app import create_app
from app.api.schemas import control, executions, faults, templates, workflows
from app.web import graph
from app.web.checks import (
    anything,
    boolean,
    each,
    either,
    mapping,
    mapping_of,
    number,
    one_of,
    or_null,
    shape,
    text,
    whole,
)

Json = Any

some = settings(
    max_examples=40, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)

_point = {"x": number(), "y": number()}
CHECKS = {
    "text": text(2, 5),
    "number": number(),
    "number between": number(least=-1, most=2.5),
    "number above": number(above=0),
    "whole": whole(-2, 3),
    "one of": one_of("fixed", "exponential"),
    "boolean": boolean,
    "mapping": mapping,
    "anything": anything,
    "text or null": or_null(text(1, 3)),
    "word or null": or_null(one_of("a", "b")),
    "either or null": or_null(either(whole(0, 1), text(1), "Must be 0, 1 or a string.")),
    "either": either(number(least=1), one_of("fixed"), "Must be a number or fixed."),
    "each": each(whole(0, 2)),
    "each, two at least": each(boolean, 2),
    "mapping of": mapping_of(or_null(number())),
    "shape": shape(_point),
    "shape, all required": shape(_point, required=_point),
    "shape, closed": shape({"a": text(1), "b": each(boolean)}, ("a",), closed=True),
    "mock": graph.mock,
    "viewport": graph.viewport,
    "node": graph.node,
    "node by itself": graph.node_body,
    "node patch": graph.node_patch,
    "connection": graph.connection,
    "nodes": graph.nodes,
    "connections": graph.connections,
    "React Flow node": graph.REACT_FLOW_NODE,
    "React Flow edge": graph.REACT_FLOW_EDGE,
    "React Flow viewport": graph.REACT_FLOW_VIEWPORT,
}
BODIES: dict[str, Schema] = {
    "ExecuteBody": executions.EXECUTE_BODY,
    "ApplyBody": templates.APPLY_BODY,
    "WorkflowPatch": workflows.WORKFLOW_PATCH,
    "ResetBody": control.RESET,
    "ClockBody": control.CLOCK_BODY,
    "AdvanceBody": control.ADVANCE,
    "SnapshotBody": control.SNAPSHOT_BODY,
    "ForkBody": control.FORK,
}

ODD = (None, True, 0, -1, 1.5, 2**53, "", " ", "x" * 300, "fixed", [], [None], {}, {"x": 1})


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_says_the_same_as_its_schema(name: str) -> None:
    check = CHECKS[name]
    compare(check.schema, lambda value: not check.find(value))


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_taken_just_if_it_fits_the_contract(name: str) -> None:
    schema = BODIES[name]
    compare({"$ref": f"#/components/schemas/{name}"}, lambda value: not schema.validate(value))


def test_a_rule_is_taken_just_if_it_fits_the_contract() -> None:
    compare(faults.RuleBody.json_schema, lambda value: not faults.RULE_BODY.validate(value))


def compare(schema: Mapping[str, Json], is_let_pass: Any) -> None:
    """Hold both against each other, for values that fit, for values that do not, and for values a little beside."""
    whole = {**schema, "components": {"schemas": components()}}
    fits = jsonschema_rs.Draft202012Validator(whole).is_valid

    @some
    @given(value=values(schema), data=st.data())
    def hold(value: Json, data: st.DataObject) -> None:
        for one in filter(can_be_said, (value, data.draw(beside(value)))):
            assert fits(one) == is_let_pass(one), f"The schema says {fits(one)} to {json.dumps(one)}"

    hold()


@cache
def components() -> dict[str, Json]:
    """What the contract speaks of by name."""
    document = create_app().test_client().get("/openapi.json").get_json()
    found: dict[str, Json] = document["components"]["schemas"]
    return found


def values(schema: Mapping[str, Json]) -> st.SearchStrategy[Json]:
    """Values that fit a schema, and some that do not."""
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "", "version": "1"},
        "paths": {"/": {"post": {"requestBody": body, "responses": {}}}},
        "components": {"schemas": components()},
    }
    operation = from_dict(document)["/"]["POST"]
    cases = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    return st.one_of(cases).map(lambda case: as_javascript_writes(case.body)).filter(is_json)


def is_json(value: Json) -> bool:
    return value is None or isinstance(value, bool | int | float | str | list | dict)


def can_be_said(value: Json) -> bool:
    """Whether JSON Schema has words for what is right or wrong with a value.

    It has none for the years in which a moment may lie, for the order of two numbers, and for a code that needs a
    status beside it if it is not one of ours.
    """
    if not isinstance(value, dict):
        return True
    delay = value.get("delay_ms")
    is_range = isinstance(delay, list) and len(delay) == 2
    has_moment = any(isinstance(value.get(name), str) for name in ("now", "to"))
    return not has_moment and not is_range and ("code" not in value or "status" in value)


def as_javascript_writes(value: Json) -> Json:
    """The value with 1 for 1.0: JSON Schema calls both whole, JavaScript never writes the second, and we refuse it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        return {name: as_javascript_writes(held) for name, held in value.items()}
    return [as_javascript_writes(held) for held in value] if isinstance(value, list) else value


@st.composite
def beside(draw: st.DrawFn, value: Json) -> Json:
    """The value with another one somewhere in it, or with a member more or less."""
    if not isinstance(value, dict | list) or not value or draw(st.integers(0, 4)) == 0:
        return draw(st.sampled_from(ODD))
    if isinstance(value, list):
        place = draw(st.integers(0, len(value) - 1))
        return [*value[:place], draw(beside(value[place])), *value[place + 1 :]]
    name = draw(st.sampled_from([*value]))
    if draw(st.integers(0, 4)) == 0:
        return {other: held for other, held in value.items() if other != name}
    return {**value, name: draw(beside(value[name]))}
