"""Expressions: what they see, where they complain, and what they may not do."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import NodeFailure
from app.nodes import expressions
from app.nodes.base import Inputs
from app.nodes.budget import Budget, NeedsTimeError

SCOPE = {
    "json": {"total": 5, "name": "Ada", "items": [{"price": 2}, {"price": 3}], "empty": None, "list": [1]},
    "input": {"input": {"total": 5}},
    "vars": {"limit": 3},
    "node": {"HTTP Request": {"json": {"status": 200}}, "n1": {"json": [1, 2]}},
    "execution": {"id": "ex_1", "workflow_id": "wf_1", "input": {"a": 1}},
    "iteration": 2,
    "now": "2026-01-01T09:00:00.000Z",
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("total > 3", True),
        ("$json.total > $vars.limit", True),
        ("$json.total<=4.5", False),
        ("name = 'Ada'", True),
        ('name != "Ada"', False),
        ("total = '5'", False),
        ('$node."HTTP Request".json.status', 200),
        ("$node.n1.json", [1, 2]),
        ("$sum(items.price)", 5),
        ("items.price", [2, 3]),
        ("list", [1]),
        ("items[price > 2]", {"price": 3}),
        ("nothing.here", None),
        ("empty", None),
        ("$input.input.total", 5),
        ("$execution.input.a + $iteration", 3),
        ("[1..3]", [1, 2, 3]),
        ("$count([1..3])", 3),
        ("{'a': {'b': total}}", {"a": {"b": 5}}),
        ("$now", "2026-01-01T09:00:00.000Z"),
        ("$substring($now, 0, 4)", "2026"),
        ("$now()", "2026-01-01T09:00:00.000Z"),
        ("$map([1..2], function($x) { $now() })", ["2026-01-01T09:00:00.000Z"] * 2),
        ("$millis()", 1767258000000),
        ("$toMillis('10:30', '[H01]:[m01]')", 1767263400000),
        ("$toMillis('03-02', '[M01]-[D01]')", 1772409600000),
        ("$pad('a', 3, '-') & $join(['x', 'y'], '+') & $replace('b', 'b', 'c')", "a--x+yc"),
        ("$match('abc', /B/i).match", "b"),
        ("{{ total }}", 5),
        ("true", True),
        ("$rng", None),
    ],
)
def test_an_expression_gives_its_value(expression, value):
    assert expressions.evaluate(expression, SCOPE) == value


def test_the_quick_way_and_the_language_agree():
    """The second form of each means the same and is too odd for the quick way."""
    for quick, full in [("total", "(total)"), ("$json.name", "($json.name)"), ("total >= 5", "(total >= 5)")]:
        assert expressions.evaluate(quick, SCOPE) == expressions.evaluate(full, SCOPE)
    for text in ("name > 3", "(name > 3)"):
        with pytest.raises(NodeFailure):
            expressions.evaluate(text, SCOPE)


def test_a_list_is_one_document():
    scope = {"json": [{"a": 1}, {"a": 2}]}
    assert expressions.evaluate("$", scope) == [{"a": 1}, {"a": 2}]
    assert expressions.evaluate("a", scope) == [1, 2]


@pytest.mark.parametrize(
    ("expression", "words", "position", "shown"),
    [
        ("$json.total >", "end of expression", 12, "$json.total >\n            ^"),
        ("1 + 'a'", "right side of the +", 2, "1 + 'a'\n  ^"),
        ("1 +\n  $foo(1)", "line 2, column 3", 6, "  $foo(1)\n  ^^^^"),
        ("$number('z')", "'z'", 0, "^^^^^^^"),
    ],
)
def test_a_wrong_expression_shows_where(expression, words, position, shown):
    with pytest.raises(NodeFailure) as failure:
        expressions.evaluate(expression, SCOPE)
    assert failure.value.code == "expression_error"
    assert words in failure.value.message
    assert failure.value.message.endswith(shown)
    assert failure.value.details == {"expression": expression, "position": position}


@pytest.mark.parametrize(
    "greedy",
    [
        "[1..1e9]",
        "[1..20000]",
        "$pad('a', 1e9)",
        "$eval('1')",
        "($f := function($n) { $f($n + 1) }; $f(1))",
        "($f := function($n) { 1 + $f($n + 1) }; $f(1))",
        "($f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f('aaaaaaaa', 40))",
        "($f := function($s, $n) { $n = 0 ? $s : $f($append($s, $s), $n - 1) }; $f([1, 2], 40))",
        "($f := function($s, $n) { $n = 0 ? $s : $f($s * $s, $n - 1) }; $f(12345, 60))",
        "(" * 5000,
        "$match('a', /(?=a)/)",
        "1 " * 20_000,
    ],
)
def test_an_expression_that_asks_too_much_fails_the_node(greedy):
    with pytest.raises(NodeFailure, match=r"line|longer"):
        expressions.evaluate(greedy, SCOPE)


def test_a_hostile_regular_expression_ends_at_once():
    assert expressions.evaluate(f"$match('{'a' * 50}!', /(a+)+$/)", SCOPE) is None


def test_luck_comes_from_the_scope_and_repeats():
    lucky = "[$random(), $uuid(), $shuffle([1..9])]"
    first = expressions.evaluate(lucky, {**SCOPE, "rng": random.Random(1)})
    assert first == expressions.evaluate(lucky, {**SCOPE, "rng": random.Random(1)})
    assert first != expressions.evaluate(lucky, {**SCOPE, "rng": random.Random(2)})
    assert expressions.evaluate("$random()", SCOPE) == expressions.evaluate("$random()", SCOPE)


def test_threads_do_not_disturb_each_other():
    def work(number):
        return expressions.evaluate("$sum([1..n].($ * 2))", {"json": {"n": number}})

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(1, 200))) == [n * (n + 1) for n in range(1, 200)]


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{ $json.total }}", 5),
        (" {{ $json.total }}", " 5"),
        ("{{ name }} has {{ items }}{{ empty }}.", 'Ada has [{"price": 2}, {"price": 3}].'),
        ("{{ {'a': {'b': 1}} }}", {"a": {"b": 1}}),
        ("{{ 'a}}b' }}!", "a}}b!"),
        ("{{ }}", None),
        ("{{ open", "{{ open"),
        ({"deep": ["{{ total }}", 1]}, {"deep": [5, 1]}),
    ],
)
def test_a_template_is_filled_in(template, value):
    assert expressions.render(template, SCOPE) == value


def test_a_configuration_is_resolved_except_for_its_expressions():
    schema = {
        "properties": {
            "condition": {"format": "expression"},
            "rules": {"items": {"properties": {"when": {"format": "expression"}}}},
        }
    }
    config = {"condition": "{{ a }}", "rules": [{"when": "{{ b }}", "label": "{{ name }}"}], "text": "{{ total }}"}
    assert expressions.resolve(config, schema, SCOPE) == {
        "condition": "{{ a }}",
        "rules": [{"when": "{{ b }}", "label": "Ada"}],
        "text": 5,
    }
    plain = {"text": "nothing to do"}
    assert expressions.resolve(plain, schema, SCOPE) is plain


def test_empty_things_do_not_count_as_true():
    assert [expressions.truth(value) for value in (None, 0, "", [], {}, [0, ""], False)] == [False] * 7
    assert [expressions.truth(value) for value in (1, "false", [0, 1], {"a": 0})] == [True] * 4


def test_within_a_node_the_item_is_the_document(effects):
    scope = expressions.node_scope(Inputs({"input": [{"total": 1}]}), effects)
    assert expressions.evaluate("total", scope) == 1
    scope = expressions.item_scope(scope, {"price": 7}, 3)
    assert expressions.evaluate("price + $item.price + $json.price + $index", scope) == 24
    assert expressions.evaluate("$input.input.total", scope) == 1


@pytest.mark.parametrize(
    "expression",
    [
        "($f := function($o, $n) { $n = 0 ? $o : $f({'a': $o, 'b': $o}, $n - 1) }; $f(1, 60))",
        "($f := function($o, $n) { $n = 0 ? $o : $f([[$o], [$o]], $n - 1) }; $string($f(1, 60)))",
        "$string([1..10000].{'a': [1..10000]})",
    ],
)
def test_a_value_that_refers_to_itself_over_and_over_is_refused_before_it_is_written(expression):
    with pytest.raises(NodeFailure) as failed:
        expressions.evaluate(expression, SCOPE)
    assert failed.value.code == "expression_error"


@pytest.mark.parametrize("picture", ["[Y]" * 30 + "!", "(1+)+!"])
def test_the_picture_of_a_date_cannot_hang(picture):
    scope = {**SCOPE, "json": {"text": "1" * 200, "picture": picture}}
    assert expressions.evaluate("$toMillis(text, picture)", scope) is None


def test_what_stands_between_the_parts_of_a_date_is_no_pattern():
    scope = {**SCOPE, "json": {"text": "(2026.01)", "other": "(2026x01)"}}
    assert expressions.evaluate("$toMillis(text, '([Y0001].[M01])')", scope) == 1767225600000
    assert expressions.evaluate("$toMillis(other, '([Y0001].[M01])')", scope) is None


def test_repeats_are_found_among_many_things():
    assert expressions.evaluate("$count($distinct([1..9999].{'a': $ % 3}))", SCOPE) == 3


def test_a_hasty_budget_asks_for_time_where_a_patient_one_goes_on():
    long = "$sum([1..3000].($ * 2))"
    with pytest.raises(NeedsTimeError):
        expressions.evaluate(long, {**SCOPE, "budget": Budget(hasty=True)})
    assert expressions.evaluate(long, {**SCOPE, "budget": Budget()}) == 9003000


def test_the_expressions_of_a_node_share_its_budget():
    scope = {**SCOPE, "budget": Budget(20_000)}
    with pytest.raises(NodeFailure, match="takes too long"):
        expressions.render(["{{ $sum([1..1000].($ * 2)) }}"] * 50, scope)
