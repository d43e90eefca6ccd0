"""The clock: a straight line in whole microseconds that never goes back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.world import Clock

from .test_machine_properties import examples

START = 1_000_000_000_000


class RealTime:
    """Real time that a test moves."""

    def __init__(self) -> None:
        self.now = 5_000

    def __call__(self) -> int:
        return self.now


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("pass"), st.integers(0, 10**10)),
        st.tuples(st.just("rate"), st.one_of(st.just(0.0), st.floats(0.001, 100_000))),
        st.tuples(st.just("jump"), st.integers(-(10**9), 10**12)),
    ),
    max_size=30,
)


@examples(200)
@given(DEEDS, st.floats(0, 1000))
def test_whatever_is_done_to_it_time_is_whole_and_never_goes_back(deeds, rate):
    real = RealTime()
    clock = Clock(START, rate, real)
    before = clock.now()
    for deed, amount in deeds:
        if deed == "pass":
            real.now += amount
        elif deed == "rate":
            clock.set_rate(amount)
            assert clock.now() == before
        else:
            clock.jump_to(before + amount)
            assert clock.now() == before + max(amount, 0)
        now = clock.now()
        assert isinstance(now, int)
        assert now >= before
        before = now


@examples(100)
@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 1000)), max_size=20))
def test_time_is_the_sum_of_what_went_by_at_each_rate(parts):
    real = RealTime()
    clock = Clock(START, 0, real)
    wanted = START
    for passed, rate in parts:
        clock.set_rate(rate)
        real.now += passed
        wanted += passed * rate
    assert clock.now() == wanted


@examples(100)
@given(st.floats(0.001, 100_000), st.integers(1, 10**9), st.integers(0, 10**9))
def test_the_wait_until_a_deadline_is_long_enough(rate, ahead, passed):
    real = RealTime()
    clock = Clock(START, rate, real)
    real.now += passed
    deadline = clock.now() + ahead
    seconds = clock.real_seconds_until(deadline)
    assert seconds > 0
    real.now += int(seconds * 1_000_000) + 1
    assert clock.now() >= deadline - 1
    clock.jump_to(deadline)
    assert clock.real_seconds_until(deadline) == 0
