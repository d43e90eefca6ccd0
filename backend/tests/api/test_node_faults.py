"""Rules that bend nodes: they fail, fail and then work, or take longer, whatever they would have done."""

from __future__ import annotations

from typing import Any

import pytest

from tests.editor import Editor, node

Json = Any


def bend(editor: Editor, *rules: Json) -> None:
    """Put these rules in the place of all others."""
    assert editor.client.put("/_control/faults", json=list(rules)).status_code == 200


def run(editor: Editor, *nodes: Json) -> Json:
    """An execution of these nodes, one after the other, until it has ended."""
    return editor.finish(editor.execute(editor.save(*nodes)))


def test_a_node_fails_as_the_rule_says(editor: Editor) -> None:
    bend(editor, {"id": "down", "match": {"node_id": "b"}, "node": {"error": {"code": "no_route", "message": "Down."}}})
    ended = run(editor, node("a"), node("b"), node("c"))
    assert ended["status"] == "failed"
    assert ended["error"] == {"code": "no_route", "message": "Down.", "rule": "down", "node_id": "b"}
    assert [one["status"] for one in ended["nodes"]] == ["completed", "failed", "skipped"]


def test_all_nodes_of_a_type_fail(editor: Editor) -> None:
    bend(editor, {"match": {"node_type": "http_request"}, "node": {"error": "No network."}})
    assert run(editor, node("a"), node("b", "http_request"))["error"]["message"] == "No network."
    assert run(editor, node("a"))["status"] == "completed"


def test_a_node_fails_twice_and_then_works(editor: Editor) -> None:
    bend(editor, {"match": {"node_id": "a"}, "node": {"fail_attempts": 2}})
    ended = run(editor, node("a", retry={"max_attempts": 3, "delay_ms": 1000}))
    assert ended["status"] == "completed"
    assert ended["nodes"][0]["attempt"] == 3


def test_without_enough_attempts_it_fails_for_good(editor: Editor) -> None:
    bend(editor, {"match": {"node_id": "a"}, "node": {"fail_attempts": 2}})
    assert run(editor, node("a", retry={"max_attempts": 2, "delay_ms": 1000}))["status"] == "failed"


def test_a_node_takes_as_long_as_the_rule_says(editor: Editor) -> None:
    bend(editor, {"match": {"node_id": "a"}, "node": {"duration_ms": 7000}})
    ended = run(editor, node("a"))
    assert ended["nodes"][0]["duration_ms"] == 7000
    assert ended["status"] == "completed"


def test_a_rule_goes_before_what_is_pinned(editor: Editor) -> None:
    bend(editor, {"match": {"node_id": "a"}, "node": {"error": "Broken."}})
    assert run(editor, node("a", mock={"output": 1}))["status"] == "failed"


def test_on_error_of_the_node_says_what_follows(editor: Editor) -> None:
    bend(editor, {"match": {"node_id": "a"}, "node": {"error": "Broken."}})
    assert run(editor, node("a", on_error="continue"), node("b"))["status"] == "completed"


@pytest.mark.parametrize(("nth", "statuses"), [([2], "cfc"), ([1, 3], "fcf")])
def test_only_the_nth_attempts_fail(editor: Editor, nth: list[int], statuses: str) -> None:
    bend(editor, {"match": {"node_id": "a"}, "nth": nth, "node": {"error": "Broken."}})
    assert "".join(run(editor, node("a"))["status"][0] for _ in range(3)) == statuses


def test_a_rule_counts_what_it_matched_and_what_it_bent(editor: Editor) -> None:
    bend(editor, {"match": {"node_type": "set"}, "times": 1, "node": {"error": "Broken."}})
    run(editor, node("a"))
    run(editor, node("a"))
    rule = editor.get("/_control/faults")[0]
    assert (rule["matched"], rule["applied"]) == (2, 1)


def test_what_began_before_the_rule_goes_on_as_it_was(editor: Editor) -> None:
    execution = editor.execute(editor.save(node("a", "delay", config={"seconds": 60})))
    bend(editor, {"match": {"node_id": "a"}, "node": {"error": "Broken."}})
    assert editor.finish(execution)["status"] == "completed"


def test_reading_counts_nothing(editor: Editor) -> None:
    bend(editor, {"match": {"node_id": "b"}, "nth": [2], "node": {"error": "Broken."}})
    execution = editor.execute(editor.save(node("a", "delay", config={"seconds": 5}), node("b")))
    editor.advance(60_000)
    for _ in range(5):
        editor.get(f"/api/executions/{execution['id']}")
    assert editor.get("/_control/faults")[0]["matched"] == 1
