"""A pool: each value once, known by its place."""

from __future__ import annotations

from app.models.pool import Pool


def test_a_pool_keeps_each_value_once():
    pool, shared = Pool(), {"a": 1}
    places = [pool.put(value) for value in (shared, {"a": 1}, shared, "x", "x", 1, True, 1.0, 0.0, -0.0, 1)]
    assert places == [0, 1, 0, 2, 2, 3, 4, 5, 6, 7, 3]
    assert pool.get(0) is shared


def test_a_pool_has_no_numbers_that_json_has_no_word_for():
    pool = Pool()
    assert pool.put(float("nan")) == pool.put(None) == pool.put(float("inf"))
    assert pool.values == [None]
