"""Functions really compute: for each type, two configurations and two inputs, and rules of its own."""

from __future__ import annotations

import pytest

from app.errors import NodeFailure
from app.nodes import dates, functions, series
from app.nodes.base import Inputs

TYPES = {kind.type: kind for family in (functions, series, dates) for kind in family.TYPES}

PEOPLE = [{"id": 1, "name": "Ada", "age": 36}, {"id": 2, "name": "Bo", "age": 9}, {"id": 3, "name": "Cy", "age": 36}]
SALES = {"rows": [{"shop": "a", "sum": 0.1}, {"shop": "b", "sum": 5}, {"shop": "a", "sum": 0.2}]}
WINTER = {"when": "2026-01-31T12:00:00Z"}
LEAP = {"when": "2028-01-31T12:00:00Z"}


def two(left, right):
    return Inputs({"left": [left], "right": [right]})


TABLE = [
    ("set", {"fields": {"x": "{{ id }}"}}, {"id": 1}, {"id": 1, "x": 1}),
    ("set", {"fields": {"y": 2}, "keep_input": False}, {"id": 2}, {"y": 2}),
    ("set", {"fields": {"y": 2}}, [{"a": 1}, 5], [{"a": 1, "y": 2}, {"value": 5, "y": 2}]),
    ("code", {"expression": "$sum($.age)"}, PEOPLE, 81),
    ("code", {"expression": "age + $index", "mode": "each"}, PEOPLE[:2], [36, 10]),
    ("template", {"text": "{{ name }} ({{ age }})"}, PEOPLE[0], "Ada (36)"),
    ("template", {"text": "{{ $ }}"}, [1, None], "[1, null]"),
    ("filter", {"condition": "age > 10"}, PEOPLE, [PEOPLE[0], PEOPLE[2]]),
    ("filter", {"condition": "$json.name = 'Bo' or $index = 2"}, PEOPLE, PEOPLE[1:]),
    ("filter", {"condition": "{{ $item > 1 }}"}, {"numbers": [1, 2], "note": "x"}, [2]),
    ("split", {"separator": ";"}, "a; b;c", ["a", "b", "c"]),
    ("split", {"field": "rows", "batch_size": 2}, {"rows": [1, 2, 3], "other": [9]}, [[1, 2], [3]]),
    ("split", {"separator": "\\n"}, "a\nb", ["a", "b"]),
    ("join", {}, two(PEOPLE[:2], [{"id": 2, "city": "Rome"}]), [{**PEOPLE[1], "city": "Rome"}]),
    (
        "join",
        {"mode": "left", "key": "n", "right_key": "m"},
        two([{"n": 1}, {"n": 2}], [{"m": 1}]),
        [{"n": 1, "m": 1}, {"n": 2}],
    ),
    (
        "join",
        {"mode": "outer"},
        two([{"id": 1, "a": 1}], [{"id": 1, "a": 2}, {"id": 3}]),
        [{"id": 1, "a": 1, "right_a": 2}, {"id": 3}],
    ),
    ("join", {"key": "n", "right_key": "m"}, two([{"n": 1, "m": 9}], [{"m": 1, "x": 2}]), [{"n": 1, "m": 9, "x": 2}]),
    ("rename_keys", {"names": {"id": "key", "age": ""}}, PEOPLE[0], {"key": 1, "name": "Ada"}),
    ("rename_keys", {"names": {"name": "n"}}, [{"name": 1}, 2], [{"n": 1}, 2]),
    ("sort", {"by": "age"}, PEOPLE, [PEOPLE[1], PEOPLE[0], PEOPLE[2]]),
    ("sort", {"by": "age", "order": "descending"}, PEOPLE, [PEOPLE[0], PEOPLE[2], PEOPLE[1]]),
    ("sort", {}, ["b", 2, None, "a", 1.5], [1.5, 2, "a", "b", None]),
    (
        "aggregate",
        {"operations": [{"operation": "sum", "field": "sum", "as": "total"}], "group_by": ["shop"]},
        SALES,
        [{"shop": "a", "total": 0.3}, {"shop": "b", "total": 5}],
    ),
    (
        "aggregate",
        {
            "operations": [
                {"operation": "avg", "field": "age"},
                {"operation": "count"},
                {"operation": "last", "field": "name"},
            ]
        },
        PEOPLE,
        {"avg_age": 27, "count": 3, "last_name": "Cy"},
    ),
    (
        "aggregate",
        {"operations": [{"operation": "min", "field": "age"}, {"operation": "max", "field": "age"}]},
        PEOPLE,
        {"min_age": 9, "max_age": 36},
    ),
    ("moving_average", {"window": 2}, [1, 2, 6], [1, 1.5, 4]),
    (
        "moving_average",
        {"window": 3, "field": "age", "target": "smooth"},
        PEOPLE,
        [{**p, "smooth": s} for p, s in zip(PEOPLE, (36, 22.5, 27), strict=True)],
    ),
    ("min_max", {"field": "age"}, PEOPLE, {"min": 9, "max": 36, "range": 27, "count": 3}),
    ("min_max", {}, [{"value": 0.1}, {"value": 0.3}], {"min": 0.1, "max": 0.3, "range": 0.2, "count": 2}),
    ("limit", {"count": 2}, [1, 2, 3], [1, 2]),
    ("limit", {"count": 2}, {"a": [1, 2], "b": [3]}, [{"a": [1, 2], "b": [3]}]),
    ("limit", {"count": 1, "keep": "last"}, {"x": [4, 5]}, [5]),
    ("unique", {"field": "age"}, PEOPLE, PEOPLE[:2]),
    ("unique", {}, [1, 1.5, 1, {"a": 1}, {"a": 1}], [1, 1.5, {"a": 1}]),
    ("date", {"operation": "add", "field": "when", "amount": 1, "unit": "months"}, WINTER, "2026-02-28T12:00:00.000Z"),
    ("date", {"operation": "add", "field": "when", "amount": 1, "unit": "months"}, LEAP, "2028-02-29T12:00:00.000Z"),
    ("date", {"operation": "add", "field": "when", "amount": -36, "unit": "hours"}, WINTER, "2026-01-30T00:00:00.000Z"),
    ("date", {"operation": "format", "value": "2026-05-01", "format": "%d.%m.%Y"}, None, "01.05.2026"),
    ("date", {"operation": "diff", "field": "when", "other": "2026-02-02T00:00:00Z", "unit": "days"}, WINTER, 1.5),
    ("date", {"operation": "now"}, None, "2026-01-01T09:00:00.000Z"),
]


@pytest.mark.parametrize(("name", "config", "arrived", "output"), TABLE)
def test_the_output_follows_configuration_and_input(name, config, arrived, output, run, effects):
    assert run(TYPES[name], config, arrived, effects)["output"] == output


def test_no_type_is_missing_from_the_table():
    rows = [row[0] for row in TABLE]
    assert {name for name in TYPES if rows.count(name) < 2} == set()


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_odd_values_fail_in_words_if_at_all(kind, survive):
    survive(kind)


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_what_arrived_is_left_as_it_was(kind, effects):
    given = [{"id": 1, "value": 2, "tags": ["a"]}]
    arrived = Inputs({port.id: [given] for port in kind.inputs})
    kind.run(arrived, {**kind.defaults, "fields": {"id": 9}, "names": {"id": "x"}}, effects)
    assert given == [{"id": 1, "value": 2, "tags": ["a"]}]


def test_a_filter_gives_the_others_by_their_own_port(run, effects):
    assert run(TYPES["filter"], {"condition": "age > 10"}, PEOPLE, effects)["rejected"] == [PEOPLE[1]]
    with pytest.raises(NodeFailure, match="'condition' is empty"):
        run(TYPES["filter"], {"condition": " "}, PEOPLE, effects)


def test_a_wrong_field_name_is_told_with_the_right_ones(run, effects):
    with pytest.raises(NodeFailure, match=r"under 'agee'.*'id', 'name', 'age'"):
        run(TYPES["min_max"], {"field": "agee"}, PEOPLE, effects)
    with pytest.raises(NodeFailure, match="the first item is text"):
        run(TYPES["moving_average"], {}, "hello", effects)


def test_no_items_are_no_failure(run, effects):
    assert run(TYPES["min_max"], {"field": "age"}, [], effects)["output"]["count"] == 0
    assert run(TYPES["moving_average"], {"field": "age"}, [], effects) == {"output": []}
    assert run(TYPES["sort"], {"by": "age"}, None, effects) == {"output": []}


def test_items_without_the_field_come_last_both_ways(run, effects):
    items = [{"n": 1}, {}, {"n": 2}]
    assert run(TYPES["sort"], {"by": "n"}, items, effects)["output"][-1] == {}
    assert run(TYPES["sort"], {"by": "n", "order": "descending"}, items, effects)["output"][-1] == {}


def test_null_matches_nothing_in_a_join(run, effects):
    arrived = two([{"id": None, "a": 1}], [{"id": None, "b": 2}])
    assert run(TYPES["join"], {}, arrived, effects)["output"] == []
    assert len(run(TYPES["join"], {"mode": "outer"}, arrived, effects)["output"]) == 2


def test_a_join_in_which_all_keys_are_the_same_has_a_limit(run, effects):
    with pytest.raises(NodeFailure) as failed:
        run(TYPES["join"], {}, two([{"id": 1}] * 1_000, [{"id": 1}] * 1_000), effects)
    assert failed.value.code == "too_many_rows"


def test_a_date_is_taken_apart(run, effects):
    parts = run(TYPES["date"], {"operation": "parse", "value": 1767258000}, None, effects)["output"]
    assert parts["iso"] == effects.now
    assert (parts["weekday"], parts["week"], parts["timestamp_ms"]) == ("Thursday", 1, 1767258000000)
    with pytest.raises(NodeFailure, match="'soon' is no date"):
        run(TYPES["date"], {"operation": "parse", "value": "soon"}, None, effects)
