"""Broken streams on their own: what comes out is what went in, except what the rule says."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.broken_stream import BrokenStream, Step, Told
from app.models.fault import Faults
from app.world import Chance
from tests.properties.test_machine_properties import examples

Json = Any

PATH = "/api/executions/ex_1/events"


def rule_about(members: dict[str, Json], **rule: Json) -> Faults:
    faults = Faults(Chance(7))
    faults.append({"stream": members, **rule})
    return faults


def opened(faults: Faults) -> BrokenStream:
    stream = faults.for_stream("GET", PATH, resumes=False)
    assert stream is not None
    return stream


def applied(faults: Faults) -> int:
    return int(faults.as_list()[0]["applied"])


def told(*positions: int, ends: bool = True) -> list[Told]:
    """Events at these positions; the last of them ends the stream, or does not."""
    return [Told(position, f"e{position}", ends and position == positions[-1]) for position in positions]


def sent(members: dict[str, Json], *positions: int, ends: bool = True) -> list[Step]:
    """All steps of a stream with these events."""
    stream = opened(rule_about(members))
    return stream.begin() + stream.bend(told(*positions, ends=ends))


def items(steps: list[Step]) -> list[int]:
    """The positions of what was sent."""
    return [int(step.item[1:]) for step in steps if step.item is not None]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"drop_after": 2}, [1, 2]),
        ({"stall_after": 2}, [1, 2]),
        ({"drop_after": 0}, []),
        ({"stall_after": 0}, []),
        ({"duplicate": 2}, [1, 2, 2, 3, 4]),
        ({"swap": 2}, [1, 3, 2, 4]),
        ({"swap": 3}, [1, 2, 4, 3]),
        ({"swap": 4}, [1, 2, 3, 4]),
        ({"omit_final": True}, [1, 2, 3]),
        ({"refuse_reconnect": True}, [1, 2, 3, 4]),
        ({"swap": 2, "duplicate": 2}, [1, 3, 2, 2, 4]),
        ({"swap": 2, "duplicate": 3}, [1, 3, 3, 2, 4]),
        ({"swap": 2, "drop_after": 3}, [1, 3]),
        ({"swap": 2, "drop_after": 2}, [1, 3, 2]),
        ({"duplicate": 2, "drop_after": 2}, [1, 2, 2]),
        ({"swap": 3, "omit_final": True}, [1, 2, 3]),
        ({"duplicate": 4, "omit_final": True}, [1, 2, 3]),
        ({"drop_after": 5}, [1, 2, 3, 4]),
    ],
)
def test_a_rule_changes_what_it_says_and_no_more(members: dict[str, Json], expected: list[int]) -> None:
    assert items(sent(members, 1, 2, 3, 4)) == expected


def test_the_last_step_says_what_happens_to_the_connection() -> None:
    assert sent({"drop_after": 2}, 1, 2, 3) == [Step("e1"), Step("e2", then="drop")]
    assert sent({"stall_after": 2}, 1, 2, 3) == [Step("e1"), Step("e2", then="stall")]
    assert sent({"duplicate": 1, "drop_after": 1}, 1, 2) == [Step("e1"), Step("e1", then="drop")]
    assert sent({"drop_after": 0}, 1) == [Step(None, then="drop")]
    assert sent({"stall_after": 0, "drop_after": 1}, 1) == [Step(None, then="stall")]
    assert sent({"stall_after": 1, "drop_after": 1}, 1) == [Step("e1", then="drop")]


def test_nothing_comes_and_nothing_is_counted_after_the_end() -> None:
    faults = rule_about({"drop_after": 0, "omit_final": True, "swap": 1})
    stream = opened(faults)
    assert stream.begin()[-1].then == "drop"
    assert stream.bend(told(1, 2)) == []
    assert stream.bend([]) == []
    assert applied(faults) == 1


def test_only_the_late_event_waits_and_of_two_copies_the_first() -> None:
    late = {"delay": 2, "delay_ms": 900}
    assert sent(late, 1, 2, 3) == [Step("e1"), Step("e2", 900), Step("e3")]
    assert sent(late | {"duplicate": 2}, 2, 3) == [Step("e2", 900), Step("e2"), Step("e3")]
    assert sent(late | {"swap": 2}, 2, 3) == [Step("e3"), Step("e2", 900)]


def test_what_changes_places_is_held_back_until_the_next_one_is_there() -> None:
    stream = opened(rule_about({"swap": 3}))
    assert stream.bend(told(3, ends=False)) == []
    assert stream.bend([]) == []
    assert items(stream.bend(told(8, ends=False))) == [8, 3]


def test_a_stream_that_goes_on_behind_a_position_never_meets_it() -> None:
    members = {"drop_after": 3, "duplicate": 3, "swap": 3, "delay": 3, "delay_ms": 5}
    assert sent(members, 4, 5) == [Step("e4"), Step("e5")]


def test_all_streams_together_meet_a_rule_so_often_as_it_says() -> None:
    faults = rule_about({"drop_after": 2}, times=1)
    first, second = opened(faults), opened(faults)
    assert items(second.bend(told(1, ends=False))) == [1]
    assert items(first.bend(told(1, 2, 3))) == [1, 2]
    assert items(second.bend(told(2, 3))) == [2, 3]
    assert applied(faults) == 1


def test_everything_that_happens_to_one_stream_counts() -> None:
    members = {"duplicate": 1, "delay": 2, "delay_ms": 5, "swap": 3, "omit_final": True}
    faults = rule_about(members)
    opened(faults).bend(told(1, 2, 3, 4, 5))
    assert applied(faults) == 4
    faults = rule_about(members, times=2)
    assert opened(faults).bend(told(1, 2, 3, 4)) == [Step(f"e{place}", 5 * (place == 2)) for place in (1, 1, 2, 3, 4)]
    assert applied(faults) == 2


PLACES = st.integers(1, 7)
LATE = PLACES.flatmap(lambda place: st.sampled_from([{}, {"delay": place, "delay_ms": 5}]))
OTHERS = st.fixed_dictionaries(
    {},
    optional={
        "drop_after": st.integers(0, 7),
        "stall_after": st.integers(0, 7),
        "duplicate": PLACES,
        "swap": PLACES,
        "omit_final": st.just(True),
    },
)
MEMBERS = st.builds(lambda late, others: late | others, LATE, OTHERS)
EVENTS = st.builds(
    lambda places, ends: told(*sorted(places), ends=ends), st.sets(PLACES, min_size=1, max_size=7), st.booleans()
)


@examples(500)
@given(MEMBERS, EVENTS, st.sets(st.integers(0, 7)))
def test_how_events_are_cut_into_portions_makes_no_difference(
    members: dict[str, Json], events: list[Told], cuts: set[int]
) -> None:
    at_once, in_portions = opened(rule_about(members)), opened(rule_about(members))
    borders = [0, *sorted(cuts), len(events)]
    portions = [events[start:end] for start, end in pairwise(borders)]
    steps = [step for portion in portions for step in in_portions.bend(portion)]
    assert steps == at_once.bend(events)


def left_by(members: dict[str, Json], events: list[Told]) -> tuple[list[int], bool]:
    """The positions that a rule leaves, in their order, and whether it breaks off behind them."""
    left = [event.position for event in events if not ("omit_final" in members and event.is_final)]
    if members.get("swap") in left:
        place = left.index(members["swap"])
        if place + 1 < len(left):
            left[place], left[place + 1] = left[place + 1], left[place]
        elif not events[-1].is_final:
            left.pop()
    for place, position in enumerate([0, *left]):
        if position in (members.get("drop_after"), members.get("stall_after")):
            return left[:place], True
    return left, False


@examples(1000)
@given(MEMBERS, EVENTS)
def test_what_comes_out_is_what_went_in_except_what_the_rule_says(members: dict[str, Json], events: list[Told]) -> None:
    stream = opened(rule_about(members))
    steps = stream.begin() + stream.bend(events)
    left, is_broken_off = left_by(members, events)
    assert list(dict.fromkeys(items(steps))) == left
    assert len(items(steps)) == len(left) + (members.get("duplicate") in left)
    assert [step.item for step in steps if step.delay_ms] == [f"e{at}" for at in left if at == members.get("delay")]
    assert [step for step in steps if step.then] == (steps[-1:] if is_broken_off else [])


@examples(500)
@given(MEMBERS, EVENTS, st.integers(1, 4))
def test_no_more_happens_than_was_counted_and_no_more_is_counted_than_may(
    members: dict[str, Json], events: list[Told], times: int
) -> None:
    faults = rule_about(members, times=times)
    stream = opened(faults)
    steps = stream.begin() + stream.bend(events)
    found = items(steps)
    is_cut = any(step.then for step in steps)
    missing = {event.position for event in events} - set(found) if not is_cut else set()
    visible = [
        is_cut,
        len(found) > len(set(found)),
        any(step.delay_ms for step in steps),
        found != sorted(found),
        bool(missing),
    ]
    assert sum(visible) <= applied(faults) <= times


@examples(200)
@given(MEMBERS, EVENTS)
def test_a_rule_that_other_streams_used_up_does_nothing(members: dict[str, Json], events: list[Told]) -> None:
    faults = rule_about(members | {"duplicate": 9}, times=1)
    late, first = opened(faults), opened(faults)
    first.bend(told(9, ends=False))
    assert late.begin() + late.bend(events) == [Step(event.item) for event in events]


def test_what_is_held_back_for_a_swap_comes_at_the_end_where_nothing_follows() -> None:
    stream = opened(rule_about({"swap": 2, "duplicate": 2}))
    assert items(stream.bend(told(1, 2, ends=False))) == [1]
    assert items(stream.end()) == [2, 2]
    assert stream.end() == []
