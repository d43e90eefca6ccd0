"""Nodes and connections, one at a time."""

from __future__ import annotations

import pytest

from app.errors import Conflict, InvalidInput, NotFound, RevisionMismatch
from app.services import connections, nodes, workflows

from .conftest import graph, line, node, saved, shown


def test_a_node_is_added_behind_the_others_and_raises_the_revision(sandbox):
    key = saved(sandbox, "a")
    part = nodes.add(sandbox, key, node("b", selected=True, mine=1))
    assert part.body == node("b", mine=1)
    assert part.revision == 2
    assert part.etag == workflows.get(sandbox, key).etag
    assert [one["id"] for one in nodes.list_nodes(sandbox, key)] == ["a", "b"]


def test_a_node_without_an_id_gets_a_free_one(sandbox):
    key = workflows.create(sandbox, {"nodes": [node("http_2")]}).id
    made = nodes.add(sandbox, key, {"type": "http", "position": {"x": 0, "y": 0}, "data": {}})
    assert made.body["id"] not in ("http_2", "")
    assert nodes.get(sandbox, key, made.body["id"]).body == made.body


def test_a_taken_id_is_a_conflict(sandbox):
    key = saved(sandbox, "a", "b", "c")
    with pytest.raises(Conflict) as caught:
        nodes.add(sandbox, key, node("a"))
    assert caught.value.code == "duplicate_id"
    with pytest.raises(Conflict) as caught:
        connections.add(sandbox, key, line("a", "c") | {"id": "a-b"})
    assert caught.value.code == "duplicate_id"
    assert shown(sandbox, key)["revision"] == 1


def test_a_node_is_patched_in_depth_and_replaced_as_a_whole(sandbox):
    key = workflows.create(sandbox, {"nodes": [node("a", data={"label": "L", "config": {"x": 1, "y": 2}})]}).id
    part = nodes.patch(sandbox, key, "a", {"data": {"config": {"y": None, "z": 3}}})
    assert part.body == node("a", data={"label": "L", "config": {"x": 1, "z": 3}})
    assert nodes.patch(sandbox, key, "a", {"data": {"label": "L"}}).revision == part.revision
    assert nodes.replace(sandbox, key, "a", {"position": {"x": 0, "y": 0}}).body == {
        "id": "a",
        "position": {"x": 0, "y": 0},
    }


@pytest.mark.parametrize("changes", [{"id": "b"}, {"data": "text"}, {"position": {"x": "far"}}])
def test_a_patch_that_spoils_a_node_is_refused(sandbox, changes):
    key = saved(sandbox, "a")
    with pytest.raises(InvalidInput):
        nodes.patch(sandbox, key, "a", changes)
    assert shown(sandbox, key)["nodes"] == [node("a")]


def test_deleting_a_node_deletes_its_connections(sandbox):
    key = saved(sandbox, "a", "b", "c")
    nodes.delete(sandbox, key, "b")
    got = shown(sandbox, key)
    assert ([one["id"] for one in got["nodes"]], got["connections"], got["revision"]) == (["a", "c"], [], 2)


def test_deleting_a_group_deletes_what_is_inside_however_deep(sandbox):
    inside = [node("g", type="group"), node("h", parentId="g"), node("i", parentNode="h"), node("o"), node("p")]
    lines = [line("i", "o"), line("o", "p")]
    key = workflows.create(sandbox, {"nodes": inside, "connections": lines}).id
    nodes.delete(sandbox, key, "g")
    got = shown(sandbox, key)
    assert ([one["id"] for one in got["nodes"]], got["connections"]) == (["o", "p"], [line("o", "p")])


def test_what_was_handed_out_does_not_change_afterwards(sandbox):
    key = saved(sandbox, "a", "b")
    before, listed = nodes.get(sandbox, key, "a").body, nodes.list_nodes(sandbox, key)
    nodes.patch(sandbox, key, "a", {"data": {"x": 1}})
    nodes.delete(sandbox, key, "b")
    assert before == node("a")
    assert len(listed) == 2


def test_a_connection_to_a_missing_node_is_refused_by_end(sandbox):
    key = saved(sandbox, "a", "b")
    for attempt in (
        lambda: connections.add(sandbox, key, line("x", "y")),
        lambda: connections.replace(sandbox, key, "a-b", {"source": "x", "target": "y"}),
    ):
        with pytest.raises(InvalidInput) as caught:
            attempt()
        assert caught.value.code == "dangling_connection"
        assert [culprit["pointer"] for culprit in caught.value.errors] == ["/source", "/target"]
    assert shown(sandbox, key)["revision"] == 1


def test_the_same_four_ends_again_are_the_same_connection(sandbox):
    key = saved(sandbox, "a", "b")
    part, created = connections.add(sandbox, key, {"source": "a", "target": "b", "sourceHandle": None})
    assert (part.body, created, part.revision) == (line("a", "b"), False, 1)
    with pytest.raises(Conflict) as caught:
        connections.add(sandbox, key, line("a", "b") | {"id": "other"})
    assert caught.value.code == "duplicate_connection"
    part, created = connections.add(sandbox, key, {"source": "a", "target": "b", "sourceHandle": "x"})
    assert (created, part.body["id"], part.revision) == (True, "xy-edge__ax-b", 2)


def test_a_connection_can_be_led_elsewhere_but_not_onto_another(sandbox):
    key = saved(sandbox, "a", "b", "c")
    part = connections.replace(sandbox, key, "a-b", {"source": "a", "target": "c"})
    assert part.body == {"id": "a-b", "source": "a", "target": "c"}
    with pytest.raises(Conflict) as caught:
        connections.replace(sandbox, key, "b-c", {"source": "a", "target": "c"})
    assert caught.value.code == "duplicate_connection"
    assert connections.replace(sandbox, key, "a-b", {"source": "a", "target": "c", "label": "l"}).revision == 3


def test_a_deleted_connection_is_gone(sandbox):
    key = saved(sandbox, "a", "b", "c")
    connections.delete(sandbox, key, "a-b")
    assert connections.list_connections(sandbox, key) == [line("b", "c")]
    with pytest.raises(NotFound):
        connections.get(sandbox, key, "a-b")
    with pytest.raises(NotFound):
        connections.delete(sandbox, key, "a-b")


def test_parts_hold_to_the_expected_revision_too(sandbox):
    key = saved(sandbox, "a", "b")
    for change in (
        lambda: nodes.add(sandbox, key, node("z"), expected_revision=7),
        lambda: nodes.delete(sandbox, key, "a", expected_revision=7),
        lambda: connections.delete(sandbox, key, "a-b", expected_revision=7),
        lambda: connections.add(sandbox, key, line("b", "a"), expected_revision=7),
    ):
        with pytest.raises(RevisionMismatch):
            change()
    assert shown(sandbox, key)["nodes"] == graph("a", "b")["nodes"]
