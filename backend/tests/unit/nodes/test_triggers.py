"""Triggers: what an execution begins with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.errors import NodeFailure
from app.nodes import cron, triggers
from app.nodes.base import Inputs

TYPES = {kind.type: kind for kind in triggers.TYPES}


def test_every_trigger_is_one_and_has_no_input_port():
    assert set(TYPES) == {"manual_trigger", "webhook_trigger", "schedule_trigger"}
    assert all(kind.trigger and not kind.inputs for kind in TYPES.values())


@pytest.mark.parametrize("kind", TYPES.values(), ids=TYPES)
def test_odd_values_fail_in_words_if_at_all(kind, survive):
    survive(kind)


def test_a_manual_start_gives_the_input_on_and_else_the_sample(run, effects):
    kind = TYPES["manual_trigger"]
    assert run(kind, {"sample": {"a": 1}}, {"b": 2}, effects) == {"output": {"b": 2}}
    assert run(kind, {"sample": {"a": 1}}, Inputs(), effects) == {"output": {"a": 1}}
    assert run(kind, {"sample": {"a": 3}}, Inputs(), effects) == {"output": {"a": 3}}


def test_a_webhook_shows_the_request(run, effects):
    kind = TYPES["webhook_trigger"]
    request = run(kind, {"method": "PUT", "path": "orders"}, {"order": 7}, effects)["output"]
    assert (request["method"], request["path"], request["body"]) == ("PUT", "/orders", {"order": 7})
    assert request["headers"]["content-type"] == "application/json"
    request = run(kind, {"path": "/other"}, {"order": 8}, effects)["output"]
    assert (request["method"], request["path"], request["body"]) == ("POST", "/other", {"order": 8})


def test_a_whole_request_given_is_taken_as_it_is(run, effects):
    given = {"body": {"a": 1}, "query": {"q": "x"}, "headers": {"h": "1"}}
    request = run(TYPES["webhook_trigger"], {}, given, effects)["output"]
    assert {name: request[name] for name in given} == given
    assert request["method"] == "POST"


def test_a_webhook_without_input_gets_a_believable_body(run, make_effects):
    kind = TYPES["webhook_trigger"]
    made_up = make_effects(messages=[{"method": "POST", "body": {"event": "order.created"}}])
    assert run(kind, {}, Inputs(), made_up)["output"]["body"] == {"event": "order.created"}
    assert run(kind, {"method": "GET"}, Inputs(), made_up)["output"]["body"] is None


def test_a_schedule_says_when_it_fired_and_when_it_will_again(run, effects, make_effects):
    kind = TYPES["schedule_trigger"]
    fired = run(kind, {"every": 90, "unit": "seconds"}, Inputs(), effects)["output"]
    assert (fired["fired_at"], fired["next_at"]) == ("2026-01-01T09:00:00.000Z", "2026-01-01T09:01:30.000Z")
    assert (fired["weekday"], fired["interval_s"]) == ("Thursday", 90)
    later = make_effects(now="2026-01-02T23:00:00.000Z")
    fired = run(kind, {"mode": "cron", "cron": "30 8 * * mon-fri"}, Inputs(), later)["output"]
    assert (fired["fired_at"], fired["next_at"]) == ("2026-01-02T23:00:00.000Z", "2026-01-05T08:30:00.000Z")


@pytest.mark.parametrize(
    ("expression", "following"),
    [
        ("* * * * *", "2026-01-01T09:01"),
        ("*/15 * * * *", "2026-01-01T09:15"),
        ("0 9 * * *", "2026-01-02T09:00"),
        ("5,50 8-10 * * *", "2026-01-01T09:05"),
        ("0 0 29 2 *", "2028-02-29T00:00"),
        ("0 0 * * 7", "2026-01-04T00:00"),
        ("0 0 13 * fri", "2026-01-02T00:00"),
        ("0 0 1 jun *", "2026-06-01T00:00"),
        ("@monthly", "2026-02-01T00:00"),
    ],
)
def test_cron_finds_the_next_moment(expression, following):
    after = datetime(2026, 1, 1, 9, 0, 30, tzinfo=UTC)
    assert cron.next_moment(expression, after) == datetime.fromisoformat(following).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong", ["", "* * * *", "60 * * * *", "a * * * *", "5-1 * * * *", "*/0 * * * *", "0 0 31 2 *"]
)
def test_a_wrong_cron_expression_fails_in_words(wrong, run, effects):
    with pytest.raises(ValueError, match=r"'.*'"):
        cron.next_moment(wrong, datetime(2026, 1, 1, tzinfo=UTC))
    if wrong:
        with pytest.raises(NodeFailure, match="schedule"):
            run(TYPES["schedule_trigger"], {"mode": "cron", "cron": wrong}, Inputs(), effects)


@pytest.mark.parametrize(
    ("expression", "after", "following"),
    [
        # On 29 March 2026, the hour from two to three is left out in Berlin.
        ("30 2 * * *", "2026-03-29T00:00+00:00", "2026-03-29T01:00+00:00"),
        ("*/30 * * * *", "2026-03-29T00:45+00:00", "2026-03-29T01:00+00:00"),
        # On 25 October 2026, it comes twice.
        ("30 2 * * *", "2026-10-25T00:00+00:00", "2026-10-25T00:30+00:00"),
        ("30 2 * * *", "2026-10-25T00:30+00:00", "2026-10-26T01:30+00:00"),
        ("30 2 * * *", "2026-10-25T01:10+00:00", "2026-10-26T01:30+00:00"),
        ("*/30 * * * *", "2026-10-25T00:30+00:00", "2026-10-25T01:00+00:00"),
    ],
)
def test_where_clocks_are_changed_nothing_is_left_out_and_nothing_comes_twice(expression, after, following):
    berlin = cron.read_zone("Europe/Berlin")
    found = cron.next_moment(expression, datetime.fromisoformat(after).astimezone(berlin))
    assert found.astimezone(UTC) == datetime.fromisoformat(following)


@pytest.mark.parametrize("wrong", ["", "Mars/Base", "../etc/passwd", "/etc/passwd", "America", "Europe/Berlin\0"])
def test_what_is_no_time_zone_is_refused(wrong):
    with pytest.raises(ValueError, match="is no time zone"):
        cron.read_zone(wrong)


def test_behind_the_last_date_nothing_comes():
    late = datetime(9999, 6, 1, tzinfo=UTC)
    assert list(cron.moments("0 0 1 */3 *", late)) == [datetime(9999, month, 1, tzinfo=UTC) for month in (7, 10)]
    with pytest.raises(ValueError, match="never comes"):
        cron.next_moment("0 0 1 1 *", late)
