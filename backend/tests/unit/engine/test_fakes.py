"""The simulated outside: believable, on topic, and the same bytes for the same key."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from math import sqrt
from pathlib import Path
from typing import Any

import pytest

from app.engine.fake_text import count_tokens
from app.engine.fakes import SimulatedEffects
from app.errors import NodeFailure
from app.world import Chance

NOW = "2026-01-01T09:00:00.000Z"


def outside(seed: int = 7, values: dict[str, dict[str, Any]] | None = None) -> SimulatedEffects:
    return SimulatedEffects(Chance(seed).rng, NOW, {}, {}.get, {} if values is None else values)


def select(sql: str, parameters: Any = None, seed: int = 7) -> list[dict[str, Any]]:
    return outside(seed).query(sql, parameters)["rows"]


def ask(prompt: str, temperature: float = 0.7, max_tokens: int = 200, seed: int = 7) -> str:
    return outside(seed).complete("m", prompt, "", temperature, max_tokens)["text"]


def get(url: str, method: str = "GET", body: Any = None) -> dict[str, Any]:
    return outside().request(method, url, {}, body, 1000)


# --- the same key, the same bytes

EVERYTHING = """
import json, sys
from app.engine.fakes import SimulatedEffects
from app.world import Chance
e = SimulatedEffects(Chance(3).rng, "2026-01-01T09:00:00.000Z", {}, {}.get, {})
print(json.dumps([
    e.request("GET", "https://api.example.com/orders?limit=4", {}, None, 1),
    e.complete("m", "List three ideas for a garden", "", 0.9, 100),
    e.embed("m", ["a red bike", ""], 16),
    e.query("SELECT status, count(*), sum(total) FROM orders GROUP BY status ORDER BY 2 DESC", None),
    e.query("SELECT DISTINCT city FROM users WHERE age > 30 OR name LIKE 'A%'", None),
    [e.send(s, {"to": ["a@b.org"]}) for s in ("slack", "gmail", "mqtt", "email", "other")],
    [e.receive(s, "sensors/humidity", 3) for s in ("mqtt", "websocket", "gmail", "webhook")],
    e.fake().name(), e.rng.random(), e.write_file("a.txt", b"hello", "text/plain"),
]))
"""


def test_two_hash_seeds_give_the_same_bytes() -> None:
    backend = str(Path(__file__).parents[3])
    answers = {
        subprocess.run(
            [sys.executable, "-c", EVERYTHING],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": backend},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "4242")
    }
    assert len(answers) == 1
    assert len(answers.pop()) > 2000


def test_asking_one_thing_never_changes_the_answer_to_another() -> None:
    busy = outside()
    busy.request("GET", "https://example.com/users", {}, None, 1)
    busy.rng.random()
    busy.fake().name()
    assert busy.query("SELECT name FROM users", None) == outside().query("SELECT name FROM users", None)


def test_another_key_gives_other_answers() -> None:
    assert select("SELECT name FROM users", seed=1) != select("SELECT name FROM users", seed=2)
    assert outside(1).fake().name() != outside(2).fake().name()


def test_faker_repeats_whatever_another_node_asked_before() -> None:
    first = outside(5).fake().name()
    outside(6).fake().company()
    assert outside(5).fake().name() == first


# --- HTTP


def test_a_list_is_as_long_as_the_query_asks() -> None:
    body = get("https://api.example.com/v1/users?limit=3")["body"]
    assert len(body) == 3
    assert {"id", "name", "email"} <= body[0].keys()


def test_one_item_has_the_id_of_its_address() -> None:
    assert get("https://example.com/posts/17")["body"]["id"] == 17


def test_children_belong_to_the_parent_in_the_address() -> None:
    assert {post["userId"] for post in get("https://example.com/users/3/posts")["body"]} == {3}


def test_different_resources_have_different_fields() -> None:
    orders, weather = get("https://example.com/orders")["body"], get("https://example.com/weather?q=Oslo")["body"]
    assert "total" in orders[0]
    assert weather["location"] == "Oslo"
    assert "temperature" in weather


def test_post_gives_back_what_was_sent_with_an_id() -> None:
    answer = get("https://example.com/orders", "POST", {"total": 5})
    assert answer["status"] == 201
    assert answer["body"]["total"] == 5
    assert answer["body"]["id"]


def test_delete_gives_nothing() -> None:
    answer = get("https://example.com/orders/4", "DELETE")
    assert (answer["status"], answer["body"]) == (204, None)


@pytest.mark.parametrize("url", ["https://example.com/status/503", "https://httpstat.us/503"])
def test_an_address_can_ask_for_a_status(url: str) -> None:
    assert get(url)["status"] == 503


def test_the_answer_is_dated_at_the_virtual_moment() -> None:
    headers = get("https://example.com/users")["headers"]
    assert headers["date"] == "Thu, 01 Jan 2026 09:00:00 GMT"
    assert headers["content-type"].startswith("application/json")


@pytest.mark.parametrize("url", ["", "users", "ftp://example.com/x", "http://", "http://[::1", "http://a:99999999/"])
def test_what_is_no_address_fails_with_a_message(url: str) -> None:
    with pytest.raises(NodeFailure) as failure:
        get(url)
    assert failure.value.code == "invalid_url"


# --- the language model


def test_an_answer_takes_up_the_topic() -> None:
    assert "solar panels" in ask("Write something about solar panels").lower()


def test_a_summary_consists_of_sentences_of_the_text() -> None:
    text = "The pump failed on Monday. A technician replaced the seal of the pump. Lunch was good."
    answer = ask(f"Summarize this text:\n\n{text}")
    assert "pump" in answer
    assert all(f"{part}." in text for part in answer.rstrip(".").split(". "))
    assert len(answer) < len(text)


def test_a_question_about_a_text_is_answered_from_it() -> None:
    text = "The museum opens at 9. Tickets cost 12 euros. Dogs must stay outside."
    assert ask(f"How much do tickets cost?\n\n{text}") == "Tickets cost 12 euros."


@pytest.mark.parametrize(("word", "count"), [("three", 3), ("5", 5)])
def test_a_list_has_as_many_points_as_were_asked_for(word: str, count: int) -> None:
    lines = ask(f"List {word} risks of remote work").splitlines()
    assert [line.split(".")[0] for line in lines] == [str(number) for number in range(1, count + 1)]


def test_classifying_gives_one_of_the_labels() -> None:
    prompt = "Classify the message as billing, shipping or other: {}"
    assert ask(prompt.format("My billing statement shows two charges")) == "billing"
    assert ask(prompt.format("When is shipping done for my parcel")) == "shipping"
    assert ask(prompt.format("zzz qqq")) in ("billing", "shipping", "other")


def test_json_is_given_where_json_is_asked() -> None:
    answer = json.loads(ask("Reply in JSON with keys email, sentiment: Ada (ada@example.org) loves the new lamp"))
    assert answer == {"email": "ada@example.org", "sentiment": "positive"}


def test_the_answer_is_no_longer_than_allowed_and_tokens_fit_it() -> None:
    answer = outside().complete("m", "Explain how rivers shape valleys", "", 0.7, 8)
    assert answer["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == count_tokens(answer["text"]) == 8


def test_at_temperature_zero_chance_has_no_say() -> None:
    prompt = "Describe the harbour of Lisbon"
    assert len({ask(prompt, 0, seed=seed) for seed in range(20)}) == 1
    assert len({ask(prompt, 1, seed=seed) for seed in range(20)}) > 1


# --- embeddings


def near(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_like_texts_lie_near_each_other() -> None:
    cat, cats, tax = outside().embed("m", ["the cat sleeps", "sleeping cats", "income tax return form"], 256)
    assert near(cat, cats) > near(cat, tax) + 0.3


@pytest.mark.parametrize("text", ["a b c", "", "the the", "日本語の文"])
def test_vectors_have_length_one(text: str) -> None:
    for dimensions in (1, 7, 64):
        (found,) = outside().embed("m", [text], dimensions)
        assert len(found) == dimensions
        assert sqrt(near(found, found)) == pytest.approx(1, abs=1e-5)


# --- SQL


def test_rows_have_the_columns_that_are_named() -> None:
    (row,) = select("SELECT id, email AS mail, total * 2 double_total FROM orders LIMIT 1")
    assert list(row) == ["id", "mail", "double_total"]
    assert "@" in row["mail"]


def test_a_star_gives_the_columns_that_the_table_suggests() -> None:
    assert "sku" in select("SELECT * FROM shop.products LIMIT 1")[0]
    assert "sku" not in select("SELECT * FROM users LIMIT 1")[0]


def test_limit_and_offset_are_honoured() -> None:
    every = select("SELECT id FROM users ORDER BY id")
    assert select("SELECT id FROM users ORDER BY id LIMIT 3 OFFSET 2") == every[2:5]
    assert len(select("SELECT id FROM users LIMIT ?", [4])) == 4
    assert select("SELECT id FROM users LIMIT 0") == []


def test_conditions_hold_in_every_row() -> None:
    rows = select(
        "SELECT status, total, created_at, city FROM orders WHERE status = 'paid' AND total >= 100 "
        "AND created_at > '2025-12-01' AND city IN ('Lyon', :city)",
        {"city": "Leeds"},
    )
    assert {row["status"] for row in rows} == {"paid"}
    assert all(row["total"] >= 100 for row in rows)
    assert all("2025-12-01" < row["created_at"] < NOW for row in rows)
    assert {row["city"] for row in rows} == {"Lyon", "Leeds"}


def test_either_side_of_or_occurs() -> None:
    rows = select("SELECT status FROM orders WHERE (status = 'a') OR status = 'b'")
    assert {row["status"] for row in rows} == {"a", "b"}


def test_an_id_is_one_row() -> None:
    assert [row["id"] for row in select("SELECT id, name FROM users WHERE id = 9")] == [9]


def test_rows_come_in_the_order_that_is_asked() -> None:
    totals = [row["total"] for row in select("SELECT total FROM orders ORDER BY total DESC")]
    assert totals == sorted(totals, reverse=True)
    names = [row["name"] for row in select("SELECT name FROM users ORDER BY 1")]
    assert names == sorted(names)


def test_aggregates_agree_with_each_other() -> None:
    (row,) = select(
        "SELECT count(*) AS n, sum(total) AS s, avg(total) AS a, min(total) AS low, max(total) AS top FROM orders"
    )
    assert row["s"] / row["n"] == pytest.approx(row["a"], abs=0.01)
    assert row["low"] <= row["a"] <= row["top"]


def test_groups_are_distinct_and_having_leaves_some_out() -> None:
    rows = select("SELECT status, COUNT(*) AS n FROM orders GROUP BY status HAVING COUNT(*) > 4 ORDER BY n DESC")
    assert len({row["status"] for row in rows}) == len(rows)
    assert all(row["n"] > 4 for row in rows)
    assert [row["n"] for row in rows] == sorted((row["n"] for row in rows), reverse=True)


def test_changes_give_the_number_of_rows() -> None:
    assert outside().query("INSERT INTO t (a, b) VALUES (1, 'x,y'), (2, 'z')", None)["row_count"] == 2
    assert outside().query("UPDATE t SET a = 1 WHERE id = 5", None)["row_count"] == 1
    assert outside().query("DELETE FROM t", None)["row_count"] > 1
    assert outside().query("INSERT INTO t (a) VALUES (1) RETURNING id, name", None)["columns"] == ["id", "name"]


@pytest.mark.parametrize(
    ("sql", "near_text"),
    [
        ("SELEC name FROM users", "near 'SELEC' (line 1, column 1)"),
        ("SELECT FROM users", "near 'FROM'"),
        ("SELECT name,\n  FROM users", "near ',' (line 1, column 12)"),
        ("SELECT name FORM users", "near 'FORM'"),
        ("SELECT * users", "near '*'"),
        ("SELECT name FROM", "at the end"),
        ("SELECT name FROM users\nWHERE", "(line 2, column 6)"),
        ("SELECT name FROM users WHERE age >", "near '>'"),
        ("SELECT (name FROM users", "never closed"),
        ("SELECT name FROM users LIMIT ten", "near 'ten'"),
        ("SELECT 'name FROM users", "near '''"),
        ("DROP TABLE a; DROP TABLE b", "near ';'"),
        ("SELECT name FROM users WHERE id = ?", "parameter '?'"),
        ("SELECT a FROM t WHERE " + "(" * 3000 + "a = 1" + ")" * 3000, "nested"),
        ("", "no SQL statement"),
    ],
)
def test_nonsense_fails_and_shows_where(sql: str, near_text: str) -> None:
    with pytest.raises(NodeFailure) as failure:
        select(sql)
    assert failure.value.code == "sql_error"
    assert near_text in failure.value.message


def test_no_row_of_tokens_breaks_the_reader() -> None:
    words = "SELECT FROM WHERE t * ( ) , = 1 'a' AND ORDER BY LIMIT IN ? CASE THEN . BETWEEN NOT count LIKE"
    pieces = words.split()
    starts = (
        "SELECT ",
        "SELECT a FROM ",
        "SELECT a FROM t WHERE ",
        "SELECT a FROM t ORDER BY ",
        "INSERT ",
        "UPDATE t ",
    )
    rng = random.Random(1)
    for _ in range(4000):
        sql = rng.choice(starts) + " ".join(rng.choices(pieces, k=rng.randint(1, 6)))
        try:
            outside().query(sql, None)
        except NodeFailure as failure:
            assert failure.code == "sql_error", sql  # noqa: PT017  Either it answers, or it says what is wrong.


# --- services


def test_receipts_look_like_those_of_the_service() -> None:
    slack = outside().send("slack", {"channel": "#news", "text": "x"})
    assert slack["ok"] is True
    assert slack["ts"].startswith("1767258000.")
    gmail = outside().send("gmail", {})
    assert (gmail["threadId"], gmail["labelIds"]) == (gmail["id"], ["SENT"])
    assert outside().send("mqtt", {"qos": 2, "topic": "a"})["qos"] == 2
    assert outside().send("email", {"to": ["a@b.org"]})["accepted"] == ["a@b.org"]


def test_messages_fit_service_and_source() -> None:
    warm, damp = (outside().receive("mqtt", f"sensors/{kind}", 5) for kind in ("temperature", "humidity"))
    assert {message["payload"]["unit"] for message in warm} == {"°C"}
    assert {message["payload"]["unit"] for message in damp} == {"%"}
    ticks = outside().receive("websocket", "wss://example.com/t", 4)
    assert [tick["sequence"] for tick in ticks] == [1, 2, 3, 4]
    mails = outside().receive("gmail", "subject:invoice is:unread", 2)
    assert all("invoice" in mail["subject"] for mail in mails)


def test_messages_come_oldest_first_and_the_last_one_is_of_now() -> None:
    times = [message["timestamp"] for message in outside().receive("mqtt", "a/b", 4)]
    assert times == sorted(times)
    assert times[-1] == NOW


# --- values, files, logs


def test_what_is_remembered_outlives_the_node() -> None:
    values: dict[str, dict[str, Any]] = {}
    outside(values=values).remember("a", "k", [1])
    assert outside(values=values).recall("a", "k") == [1]
    assert outside(values=values).recall("b", "k", "none") == "none"
    outside(values=values).remember("a", "k", None)
    assert values == {"a": {}}


def test_a_missing_file_fails_the_node() -> None:
    with pytest.raises(NodeFailure) as failure:
        outside().file("fl_none")
    assert failure.value.code == "file_not_found"


def test_a_written_file_is_described_and_shown_by_the_same_object() -> None:
    effects = outside()
    shown = effects.write_file("note.txt", b"hello", "text/plain")
    (draft,) = effects.drafts
    assert draft.shown is shown
    assert draft.content == b"hello"
    assert (shown["size"], shown["kind"], shown["id"]) == (5, "text", None)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(NodeFailure):
        outside().write_file("a.txt", b"", "text/plain")


def test_log_lines_are_kept_in_order() -> None:
    effects = outside()
    effects.log("one")
    effects.log("two", "error")
    assert effects.logs == [{"level": "info", "message": "one"}, {"level": "error", "message": "two"}]
