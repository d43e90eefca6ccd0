"""Inputs: values, made-up series, files, and forms."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from statistics import mean

import pytest

from app.errors import NodeFailure
from app.nodes import inputs, schemas
from app.nodes.base import Inputs

TYPES = {kind.type: kind for kind in inputs.TYPES}


def test_the_family_is_complete():
    assert set(TYPES) == {"constant", "random", "sensor", "file_input", "form"}


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_odd_values_fail_in_words_if_at_all(kind, survive):
    survive(kind)


def test_a_constant_is_what_it_says_whatever_arrives(run, effects):
    assert run(TYPES["constant"], {"value": {"a": [1]}}, "x", effects) == {"output": {"a": [1]}}
    assert run(TYPES["constant"], {"value": "{{ n * 2 }}"}, {"n": 4}, effects) == {"output": 8}


@pytest.mark.parametrize(
    ("config", "fits"),
    [
        ({"kind": "integer", "min": 3, "max": 5}, lambda value: value in (3, 4, 5)),
        ({"kind": "float", "min": -1, "max": 1}, lambda value: isinstance(value, float) and -1 <= value <= 1),
        ({"kind": "boolean"}, lambda value: isinstance(value, bool)),
        ({"kind": "choice", "choices": ["a", "b"]}, lambda value: value in ("a", "b")),
        ({"kind": "uuid"}, lambda value: len(value) == 36 and value[14] == "4"),
        ({"kind": "string"}, lambda value: len(value) == 12 and value.isalnum()),
        ({"kind": "integer", "min": 9, "max": 1}, lambda value: 1 <= value <= 9),
    ],
)
def test_what_is_drawn_is_of_its_kind(config, fits, run, make_effects):
    drawn = run(TYPES["random"], {**config, "count": 40}, None, make_effects(seed=5))["output"]
    assert len(drawn) == 40
    assert all(fits(value) for value in drawn)
    assert len(set(drawn)) > 1
    assert drawn == run(TYPES["random"], {**config, "count": 40}, None, make_effects(seed=5))["output"]
    assert fits(run(TYPES["random"], config, None, make_effects())["output"])


def test_there_must_be_something_to_choose_from(run, effects):
    with pytest.raises(NodeFailure, match="choices"):
        run(TYPES["random"], {"kind": "choice", "choices": []}, None, effects)


def test_a_sensor_measures_up_to_now(run, effects):
    series = run(TYPES["sensor"], {"kind": "temperature", "count": 288, "interval_s": 300}, None, effects)["output"]
    assert len(series) == 288
    assert series[-1]["timestamp"] == effects.now
    steps = [datetime.fromisoformat(reading["timestamp"]) for reading in series]
    assert {(later - earlier).total_seconds() for earlier, later in pairwise(steps)} == {300.0}
    by_hour = {hour: [r["value"] for r, at in zip(series, steps, strict=True) if at.hour == hour] for hour in (3, 15)}
    assert mean(by_hour[3]) < 18 < 24 < mean(by_hour[15])
    assert {(reading["unit"], reading["sensor_id"]) for reading in series} == {("°C", "sensor-1")}


def test_a_sensor_follows_its_settings(run, make_effects):
    flat = {"baseline": 7, "amplitude": 0, "noise": 0, "count": 5, "sensor_id": "s9", "kind": "power"}
    assert [r["value"] for r in run(TYPES["sensor"], flat, None, make_effects())["output"]] == [7] * 5
    odd = run(TYPES["sensor"], {**flat, "noise": 1, "count": 50, "anomalies": 2}, None, make_effects())["output"]
    assert sum(abs(reading["value"] - 7) > 5 for reading in odd) == 2
    noisy = {**flat, "noise": 1}
    other = run(TYPES["sensor"], noisy, None, make_effects(seed=2))["output"]
    assert other != run(TYPES["sensor"], noisy, None, make_effects(seed=1))["output"]


def test_files_come_from_the_configuration_or_the_input(run, make_effects, make_file):
    effects = make_effects(files={name: make_file(name, f"{name}.txt", b"abc") for name in ("f1", "f2")})
    kind = TYPES["file_input"]
    assert [f["name"] for f in run(kind, {"file_ids": ["f1"]}, ["f2"], effects)["output"]] == ["f1.txt"]
    for arrived in (["f2"], {"file_ids": ["f2"]}, {"files": [{"id": "f2"}]}, {"id": "f2"}, "f2"):
        assert [f["id"] for f in run(kind, {}, arrived, effects)["output"]] == ["f2"]
    assert run(kind, {}, None, effects) == {"output": []}
    with pytest.raises(NodeFailure, match="'nope'"):
        run(kind, {"file_ids": ["nope"]}, None, effects)


def test_a_form_asks_for_its_fields(effects):
    kind = TYPES["form"]
    config = {
        "title": "Refund",
        "fields": [
            {"name": "amount", "type": "number", "required": True},
            {"name": "why", "type": "choice", "options": ["late", "broken"], "label": "Reason"},
        ],
    }
    question = kind.run(Inputs(), config, effects).question
    assert question.prompt == "Refund"
    assert schemas.check({"amount": 3, "why": "late"}, question.schema) == []
    assert len(schemas.check({"why": "bored"}, question.schema)) == 2
    assert question.schema["properties"]["why"]["title"] == "Reason"
    assert kind.answer(Inputs(), config, {"amount": 3}) == {"output": {"amount": 3}}
