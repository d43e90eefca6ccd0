"""Saving, changing and listing workflows."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Any

import orjson
import pytest

from app.errors import InvalidInput, NotFound, RevisionMismatch, TooMany
from app.moments import MICROSECONDS
from app.services import executions, nodes, workflows
from app.services.paging import Listing

from .conftest import body, graph, line, make_sandbox, node, saved, shown

TRANSIENT = {
    "selected": True,
    "dragging": False,
    "resizing": False,
    "measured": {"width": 1},
    "positionAbsolute": {"x": 1, "y": 2},
}


def later(sandbox: Any, seconds: int = 1) -> None:
    sandbox.world.clock.jump_to(sandbox.world.clock.now() + seconds * MICROSECONDS)


def test_unknown_fields_of_workflow_node_and_connection_come_back(sandbox):
    document = {
        "nodes": [node("a", zIndex=3, data={"mine": [1, {"x": None}]}), {"id": "b"}],
        "connections": [line("a", "b", animated=True, markerEnd={"type": "arrow"})],
        "framework": {"name": "ours"},
        "name": "N",
    }
    got = body(workflows.create(sandbox, document))
    assert {name: got[name] for name in document} == document


def test_exactly_the_transient_fields_are_dropped(sandbox):
    document = {
        "nodes": [node("a", **TRANSIENT, width=5, draggable=False), node("b")],
        "connections": [line("a", "b", selected=True, selectable=False)],
    }
    got = body(workflows.create(sandbox, document))
    assert got["nodes"] == [node("a", width=5, draggable=False), node("b")]
    assert got["connections"] == [line("a", "b", selectable=False)]


def test_fields_of_the_server_are_not_taken_from_a_body(sandbox):
    got = body(workflows.create(sandbox, {"id": "mine", "revision": 9, "status": "failed", "created_at": "never"}))
    assert got["id"] != "mine"
    assert (got["revision"], got["status"], got["created_at"]) == (1, "idle", "2026-01-01T09:00:00.000Z")


@pytest.mark.parametrize(
    "connections",
    [[line("a", "gone")], [line("a", "b"), line("b", "a")], [line("a", "a")], []],
    ids=["dangling", "cycle", "self loop", "unconnected"],
)
def test_an_unfinished_graph_is_saved(sandbox, connections):
    document = graph("a", "b") | {"connections": connections}
    key = workflows.create(sandbox, document).id
    assert shown(sandbox, key)["connections"] == connections
    assert body(workflows.replace(sandbox, saved(sandbox), document))["connections"] == connections


def test_two_nodes_with_one_id_are_refused_and_nothing_is_kept(sandbox):
    with pytest.raises(InvalidInput) as caught:
        workflows.create(sandbox, {"nodes": [node("a"), node("a")]})
    assert caught.value.code == "duplicate_id"
    assert caught.value.errors[0]["pointer"] == "/nodes/1/id"
    assert len(sandbox.store.workflows) == 0


def test_put_keeps_what_was_not_sent_and_so_unknown_fields(sandbox):
    own = {
        "name": "N",
        "description": "D",
        "tags": ["t"],
        "metadata": {"k": 1},
        "viewport": {"x": 1, "y": 2, "zoom": 3},
    }
    key = saved(sandbox, "a", "b", **own, extra="kept", other=1)
    got = body(workflows.replace(sandbox, key, {"nodes": [node("c")], "other": 2}))
    assert {name: got[name] for name in own} == own
    assert (got["nodes"], got["connections"]) == ([node("c")], [])
    assert (got["extra"], got["other"]) == ("kept", 2)


def test_patch_merges_objects_replaces_lists_removes_nulls_and_keeps_the_rest(sandbox):
    key = saved(sandbox, "a", "b", tags=["x"], metadata={"k": 1, "gone": 2, "deep": {"a": 1}}, one=1, two=2)
    changes = {"tags": ["y"], "metadata": {"gone": None, "deep": {"b": 2}}, "two": None, "three": 3, "revision": 77}
    got = body(workflows.patch(sandbox, key, changes))
    assert got["tags"] == ["y"]
    assert got["metadata"] == {"k": 1, "deep": {"a": 1, "b": 2}}
    assert (got["one"], got["three"], "two" in got) == (1, 3, False)
    assert (len(got["nodes"]), got["revision"]) == (2, 2)


def test_a_save_that_changes_nothing_keeps_revision_time_and_etag(sandbox):
    key = saved(sandbox, "a", "b", name="N", extra={"x": 1})
    before = workflows.get(sandbox, key)
    later(sandbox)
    assert workflows.replace(sandbox, key, graph("a", "b") | {"extra": {"x": 1}}) == before
    assert workflows.patch(sandbox, key, {"name": "N"}) == before


@pytest.mark.parametrize(("old", "new"), [(1, True), (0, False), (1, 1.5), ([1, 2], [2, 1]), ({"a": None}, {})])
def test_values_that_only_python_takes_for_equal_are_a_change(sandbox, old, new):
    key = workflows.create(sandbox, {"nodes": [node("a", data={"v": old})]}).id
    got = workflows.replace(sandbox, key, {"nodes": [node("a", data={"v": new})]})
    assert got.revision == 2
    assert json.dumps(body(got)["nodes"][0]["data"]["v"]) == json.dumps(new)


def test_a_change_raises_the_revision_and_moves_the_time(sandbox):
    key = saved(sandbox, "a")
    later(sandbox)
    got = workflows.patch(sandbox, key, {"name": "New"})
    assert got.revision == 2
    assert got.etag.startswith('"2-')
    assert body(got)["updated_at"] == "2026-01-01T09:00:01.000Z"
    assert body(got)["created_at"] == "2026-01-01T09:00:00.000Z"


def test_running_changes_status_and_etag_but_not_the_revision(sandbox):
    key = saved(sandbox, "a")
    before = workflows.get(sandbox, key)
    executions.execute(sandbox, key, {})
    running = workflows.get(sandbox, key)
    assert (body(running)["status"], running.revision) == ("running", before.revision)
    assert running.etag != before.etag
    later(sandbox, 3600)
    over = shown(sandbox, key)
    assert (over["status"], over["last_execution"]["status"]) == ("completed", "completed")
    assert over["last_execution"]["finished_at"] is not None


def test_another_revision_than_expected_changes_nothing(sandbox):
    key = saved(sandbox, "a")
    workflows.patch(sandbox, key, {"name": "theirs"})
    before = workflows.get(sandbox, key)
    for change in (
        lambda: workflows.replace(sandbox, key, {"nodes": []}, expected_revision=1),
        lambda: workflows.patch(sandbox, key, {"name": "mine"}, expected_revision=1),
        lambda: workflows.delete(sandbox, key, expected_revision=1),
    ):
        with pytest.raises(RevisionMismatch) as caught:
            change()
        assert caught.value.extra == {"current_revision": 2}
    assert workflows.get(sandbox, key) == before
    assert workflows.patch(sandbox, key, {"name": "mine"}, expected_revision=2).revision == 3


def test_each_limit_names_itself_and_leaves_everything_as_it_was():
    sandbox = make_sandbox(max_nodes=2, max_connections=1, max_workflows=1)
    key = saved(sandbox, "a", "b")
    before = workflows.get(sandbox, key)
    cases = {
        "too_many_nodes": lambda: workflows.replace(sandbox, key, graph("a", "b", "c") | {"name": "x"}),
        "too_many_connections": lambda: workflows.patch(
            sandbox, key, {"connections": [line("a", "b"), line("b", "a")]}
        ),
        "too_many_workflows": lambda: workflows.duplicate(sandbox, key),
    }
    for code, change in cases.items():
        with pytest.raises(TooMany) as caught:
            change()
        setting = code.removeprefix("too_")
        setting = setting.replace("many", "max")
        assert caught.value.code == code
        assert setting in caught.value.message
        assert caught.value.extra["setting"] == setting
    assert workflows.get(sandbox, key) == before
    assert len(sandbox.store.workflows) == 1


@pytest.mark.parametrize("value", ["\ud800", 2**70], ids=["half a character", "a long number"])
def test_what_could_not_be_sent_again_is_refused(sandbox, value):
    key = saved(sandbox, "a")
    before = workflows.get(sandbox, key)
    with pytest.raises(InvalidInput) as caught:
        workflows.patch(sandbox, key, {"metadata": {"v": value}})
    assert caught.value.code == "not_writable"
    assert workflows.get(sandbox, key) == before


def test_what_is_nested_too_deep_is_refused_before_an_export_could_fail(sandbox):
    def nested(levels: int) -> dict[str, Any]:
        deep: Any = "bottom"
        for _ in range(levels):
            deep = [deep]
        return {"metadata": {"deep": deep}}

    def is_taken(levels: int) -> bool:
        try:
            workflows.create(sandbox, nested(levels))
        except InvalidInput:
            return False
        return True

    taken = list(takewhile(is_taken, range(1, 500)))
    deepest = workflows.list_workflows(sandbox, Listing(per_page=1)).items[0]["id"]
    orjson.dumps({"items": [{"exported": workflows.export(sandbox, deepest)}]})
    assert 200 < taken[-1] < 499


def test_deleting_stops_what_runs_and_keeps_the_history(sandbox):
    key = saved(sandbox, "a")
    execution = executions.execute(sandbox, key, {})
    workflows.delete(sandbox, key)
    with pytest.raises(NotFound):
        workflows.get(sandbox, key)
    assert executions.get(sandbox, execution["id"])["status"] == "stopped"


def test_a_copy_has_the_same_document_and_lives_alone(sandbox):
    key = saved(sandbox, "a", "b", name="N", mine=1)
    copy = body(workflows.duplicate(sandbox, key))
    assert copy["name"] == "N (Copy)"
    assert (copy["nodes"], copy["mine"], copy["revision"]) == (graph("a", "b")["nodes"], 1, 1)
    workflows.patch(sandbox, copy["id"], {"nodes": []})
    assert len(shown(sandbox, key)["nodes"]) == 2
    assert body(workflows.duplicate(sandbox, key, "Other"))["name"] == "Other"


def test_an_execution_is_not_touched_by_a_later_change(sandbox):
    key = saved(sandbox, "a", "b")
    execution = executions.execute(sandbox, key, {"hold": True})
    workflows.patch(sandbox, key, {"nodes": [], "connections": []})
    executions.command(sandbox, execution["id"], "release")
    later(sandbox, 3600)
    got = executions.get(sandbox, execution["id"])
    assert (got["status"], len(got["nodes"])) == ("completed", 2)


def test_as_reactflow_gives_the_graph_and_nothing_else(sandbox):
    key = saved(sandbox, "a", "b", viewport={"x": 1, "y": 1, "zoom": 2}, mine=1)
    got = json.loads(workflows.as_reactflow(sandbox, key))
    assert got == {
        "nodes": graph("a", "b")["nodes"],
        "edges": graph("a", "b")["connections"],
        "viewport": {"x": 1, "y": 1, "zoom": 2},
    }


def test_the_last_changed_comes_first_and_summaries_count(sandbox):
    first, second, third = saved(sandbox, "a", "b"), saved(sandbox), saved(sandbox)
    later(sandbox)
    workflows.patch(sandbox, first, {"name": "changed"})
    page = workflows.list_workflows(sandbox, Listing())
    assert [item["id"] for item in page.items] == [first, third, second]
    assert (page.items[0]["node_count"], page.items[0]["connection_count"]) == (2, 1)
    assert "nodes" not in page.items[0]
    assert page == replace(workflows.list_workflows(sandbox, Listing(sort="-updated_at")))


def test_pages_cut_the_list_without_gap_or_overlap(sandbox):
    keys = [saved(sandbox, name=f"w{number}") for number in range(7)]
    for sort in (None, "name", "-name", "created_at"):
        pages = [workflows.list_workflows(sandbox, Listing(page, 3, sort)) for page in (1, 2, 3, 4)]
        found = [item["id"] for page in pages for item in page.items]
        assert sorted(found) == sorted(keys)
        assert [len(page.items) for page in pages] == [3, 3, 1, 0]
        assert {page.total for page in pages} == {7}


def test_lists_sort_filter_and_search(sandbox):
    apple = saved(sandbox, name="apple", tags=["red", "round"])
    pear = saved(sandbox, name="Pear", description="Green fruit")
    banana = saved(sandbox, name="banana", tags=["yellow"])
    executions.execute(sandbox, workflows.create(sandbox, graph("a") | {"name": "runs"}).id, {})

    def ids(**listing: Any) -> list[str]:
        return [item["id"] for item in workflows.list_workflows(sandbox, Listing(**listing)).items]

    assert ids(sort="name")[:3] == [apple, banana, pear]
    assert ids(filters={"tag": "red"}) == [apple]
    assert ids(filters={"tag": ["red", "yellow"]}, sort="-name") == [banana, apple]
    assert ids(q="GREEN") == [pear]
    assert len(ids(filters={"status": ["running"]})) == 1
    assert apple not in ids(filters={"status": "running"})


def test_an_order_that_the_list_does_not_have_is_refused_and_the_right_ones_named(sandbox):
    with pytest.raises(InvalidInput, match="updated_at") as caught:
        workflows.list_workflows(sandbox, Listing(sort="colour"))
    assert caught.value.code == "bad_sort"


def test_times_in_a_list_never_rise(sandbox):
    keys = [saved(sandbox) for _ in range(5)]
    for place in (3, 0, 3, 4):
        later(sandbox)
        workflows.patch(sandbox, keys[place], {"name": f"n{sandbox.now()}"})
    times = [item["updated_at"] for item in workflows.list_workflows(sandbox, Listing()).items]
    assert all(one >= other for one, other in pairwise(times))


def test_the_same_calls_give_the_same_bytes():
    def story() -> list[bytes]:
        sandbox = make_sandbox()
        first = workflows.create(sandbox, graph("a", "b"))
        return [
            first.body,
            workflows.duplicate(sandbox, first.id).body,
            workflows.patch(sandbox, first.id, {"x": 1}).body,
        ]

    assert story() == story()


def test_a_graph_from_where_more_was_allowed_may_change_and_become_smaller_but_not_grow(sandbox):
    key = saved(sandbox, "a", "b", "c")
    sandbox.limits = replace(sandbox.limits, max_nodes=1, max_connections=0)
    nodes.patch(sandbox, key, "a", {"data": {"label": "A"}})
    nodes.delete(sandbox, key, "c")
    with pytest.raises(TooMany):
        nodes.add(sandbox, key, node("d"))
    assert [one["id"] for one in body(workflows.get(sandbox, key))["nodes"]] == ["a", "b"]
