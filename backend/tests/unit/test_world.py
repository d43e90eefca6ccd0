"""Time, chance and ids of one sandbox."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.moments import LAST_MOMENT, from_iso, iso
from app.world import FIXED_START, Chance, Clock, Ids, World

BACKEND = Path(__file__).resolve().parents[2]


class RealTime:
    """Real time that a test moves."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


def test_a_stopped_clock_moves_when_told_and_not_by_itself():
    real = RealTime()
    clock = Clock(100, 0, real)
    real.now += 10**9
    assert clock.now() == 100
    clock.jump_to(500)
    assert clock.now() == 500
    assert clock.real_seconds_until(501) == math.inf


def test_a_jump_into_the_past_changes_nothing():
    clock = Clock(100, 0, RealTime())
    clock.jump_to(50)
    assert clock.now() == 100


def test_a_change_of_rate_is_no_jump():
    real = RealTime()
    clock = Clock(0, 10, real)
    real.now += 1000
    clock.set_rate(1)
    assert clock.now() == 10_000
    real.now += 5
    assert clock.now() == 10_005
    assert clock.rate == 1


@pytest.mark.parametrize("rate", [-1, -0.001, math.nan, math.inf])
def test_a_clock_runs_forward_at_a_rate_that_can_be_told(rate):
    clock = Clock(0, 1, RealTime())
    with pytest.raises(ValueError):
        clock.set_rate(rate)
    assert clock.rate == 1
    assert clock.now() == 0


def test_the_wait_is_told_in_real_seconds():
    clock = Clock(0, 4, RealTime())
    assert clock.real_seconds_until(8_000_000) == 2
    assert clock.real_seconds_until(-5) == 0


@pytest.mark.parametrize("moment", [0, FIXED_START, 1_767_258_000_123_000, 999_000, 253_402_300_799_999_000])
def test_a_moment_is_written_and_read_back(moment):
    assert from_iso(iso(moment)) == moment


def test_a_moment_looks_like_this():
    assert iso(FIXED_START) == "2026-01-01T09:00:00.000Z"
    assert iso(FIXED_START + 1_999) == "2026-01-01T09:00:00.001Z"
    assert from_iso("2026-01-01T10:00:00+01:00") == FIXED_START
    assert from_iso("2026-01-01T09:00:00") == FIXED_START


def test_chance_depends_on_the_seed_and_on_what_it_is_for():
    shares = {Chance(seed).share("execution", node, attempt) for seed in (1, 2) for node in "ab" for attempt in (1, 2)}
    assert len(shares) == 8
    assert all(0 <= share < 1 for share in shares)


def test_the_order_of_asking_does_not_matter():
    keys = [("a", 1), ("b", 1), ("a", 2), ("a", "1", "2")]
    forward, backward = Chance(7), Chance(7)
    first = {key: forward.share(*key) for key in keys}
    again = {key: backward.share(*key) for key in reversed(keys)}
    assert first == again
    assert forward.rng("a").random() == backward.rng("a").random()


def test_a_key_is_not_just_its_letters_in_a_row():
    chance = Chance(7)
    assert chance.share("ab", "c") != chance.share("a", "bc")


def test_one_generator_does_not_disturb_another():
    chance = Chance(7)
    one = chance.rng("a")
    [one.random() for _ in range(100)]
    assert chance.rng("b").random() == Chance(7).rng("b").random()


def test_whole_numbers_fit_javascript():
    numbers = [Chance(seed).whole("seed") for seed in range(200)]
    assert all(0 <= number < 2**53 for number in numbers)
    assert len(set(numbers)) == 200


def test_a_part_of_chance_says_what_the_whole_says_of_keys_that_begin_so():
    part = Chance(7).within(5, "execution")
    assert part.share("a", None, 1) == Chance(7).share(5, "execution", "a", None, 1)
    assert part.rng("a").random() == Chance(7).rng(5, "execution", "a").random()
    assert part.share("a", None, 1) != Chance(7).within(6, "execution").share("a", None, 1)


def test_keys_may_hold_any_text():
    assert 0 <= Chance(1).share("\ud800", "ключ", None, [1, 2]) < 1


def test_shares_are_spread_evenly():
    chance = Chance(3)
    shares = [chance.share("spread", number) for number in range(2000)]
    assert 0.47 < sum(shares) / 2000 < 0.53


def test_chance_does_not_hang_on_the_hash_seed_of_the_process():
    script = (
        f"import sys; sys.path.insert(0, {str(BACKEND)!r})\n"
        "from app.world import Chance\n"
        "print(Chance(5).share('a', 'b'), Chance(5).rng('c').random(), Chance(5).whole(('t', 1)))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(said) == 1


def test_ids_sort_by_age_and_do_not_repeat():
    ids = Ids(Chance(1))
    made = [ids.new("wf") for _ in range(3000)]
    assert made == sorted(made)
    assert len(set(made)) == 3000
    assert all(one.startswith("wf_") for one in made)


def test_ids_repeat_with_the_seed_and_each_kind_counts_for_itself():
    one, other = Ids(Chance(1)), Ids(Chance(1))
    [other.new("fl") for _ in range(5)]
    assert [one.new("wf") for _ in range(3)] == [other.new("wf") for _ in range(3)]
    assert Ids(Chance(1)).new("wf") != Ids(Chance(2)).new("wf")


def test_two_worlds_with_one_seed_are_alike():
    one, other = World(4, Clock(0, 0)), World(4, Clock(0, 0))
    assert one.ids.new("ex") == other.ids.new("ex")
    assert one.chance.share("x") == other.chance.share("x")


def test_time_ends_where_dates_do():
    """A clock that runs, or is told to, never gets to where a moment could not be written any more."""
    real = [0]
    clock = Clock(LAST_MOMENT - 10, 1_000_000, lambda: real[0])
    real[0] += 10**9
    assert clock.now() == LAST_MOMENT
    clock.jump_to(LAST_MOMENT + 5)
    clock.set_rate(1)
    assert clock.now() == LAST_MOMENT
    assert iso(clock.now()) == "9999-01-01T00:00:00.000Z"
