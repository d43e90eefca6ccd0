"""Every save keeps what was there before, and a restore brings it back as something new."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from app import mock_data
from app.config import Limits
from app.errors import InvalidInput, NotFound, RevisionMismatch
from app.models.user import ANYONE, Viewer
from app.sandbox import Sandbox
from app.services import connections, nodes, templates, versions, workflows
from app.services.scenarios import add_templates, fill

from .conftest import graph, installed, line, make_sandbox, node, saved, shown, written

Json = Any

ADA = Viewer("us_ada", sees_all=False)


@pytest.fixture
def sandbox() -> Sandbox:
    """A sandbox with its users."""
    sandbox = make_sandbox()
    fill(sandbox, "empty")
    return sandbox


@pytest.fixture
def tea(sandbox: Sandbox) -> str:
    """A workflow of three nodes at revision 3: first it was called Tea, then Chai, then Matcha."""
    key = saved(sandbox, "a", "b", "c", name="Tea", color="green")
    for name in ("Chai", "Matcha"):
        pass_a_second(sandbox)
        workflows.patch(sandbox, key, {"name": name})
    return key


def pass_a_second(sandbox: Sandbox) -> None:
    with sandbox.turn() as now:
        sandbox.run_to(now + 1_000_000)


def told(sandbox: Sandbox, key: str, *members: str) -> list[Json]:
    """These members of each version, the newest first."""
    listed = versions.list_versions(sandbox, key)
    return [one[members[0]] if len(members) == 1 else tuple(one[name] for name in members) for one in listed]


def document(sandbox: Sandbox, key: str, revision: object) -> Json:
    return versions.get(sandbox, key, str(revision))["workflow"]


def save(sandbox: Sandbox, key: str, count: int = 1) -> None:
    """So many saves, each of which changes something."""
    for _ in range(count):
        workflows.patch(sandbox, key, {"name": f"After {shown(sandbox, key)['revision']}"})


def test_a_workflow_that_never_changed_has_one_version_and_keeps_nothing_for_it(sandbox):
    key = saved(sandbox, "a", "b")
    (version,) = versions.list_versions(sandbox, key)
    assert version == {
        "revision": 1,
        "label": None,
        "is_current": True,
        "created_at": "2026-01-01T09:00:00.000Z",
        "saved_by": {"id": "us_demo", "username": "demo", "name": version["saved_by"]["name"]},
        "restored_from": None,
        "node_count": 2,
        "connection_count": 1,
    }
    assert sandbox.store.workflows.get(key).past == []


def test_each_save_makes_a_version_of_the_moment_when_it_was_saved(sandbox, tea):
    assert told(sandbox, tea, "revision", "is_current", "created_at") == [
        (3, True, "2026-01-01T09:00:02.000Z"),
        (2, False, "2026-01-01T09:00:01.000Z"),
        (1, False, "2026-01-01T09:00:00.000Z"),
    ]
    assert [document(sandbox, tea, revision)["name"] for revision in (1, 2, 3, "current")] == [
        *("Tea", "Chai", "Matcha"),
        "Matcha",
    ]


def test_a_version_has_the_document_with_its_authors_own_members_and_nothing_of_the_server(sandbox, tea):
    empty = {"description": "", "tags": [], "viewport": {"x": 0, "y": 0, "zoom": 1}, "metadata": {}}
    assert document(sandbox, tea, 1) == {"name": "Tea", "color": "green", **graph("a", "b", "c"), **empty}


def test_a_save_that_changes_nothing_makes_no_version(sandbox, tea):
    workflows.replace(sandbox, tea, shown(sandbox, tea))
    workflows.patch(sandbox, tea, {"name": "Matcha"})
    assert told(sandbox, tea, "revision") == [3, 2, 1]


WAYS: dict[str, Callable[[Sandbox, str, Viewer], Any]] = {
    "replace": lambda sandbox, key, viewer: workflows.replace(sandbox, key, graph("a"), viewer=viewer),
    "patch": lambda sandbox, key, viewer: workflows.patch(sandbox, key, {"name": "X"}, viewer=viewer),
    "add a node": lambda sandbox, key, viewer: nodes.add(sandbox, key, node("d"), viewer=viewer),
    "replace a node": lambda sandbox, key, viewer: nodes.replace(sandbox, key, "a", {"data": {}}, viewer=viewer),
    "patch a node": lambda sandbox, key, viewer: nodes.patch(sandbox, key, "a", {"data": {"x": 1}}, viewer=viewer),
    "delete a node": lambda sandbox, key, viewer: nodes.delete(sandbox, key, "b", viewer=viewer),
    "connect": lambda sandbox, key, viewer: connections.add(sandbox, key, line("a", "c"), viewer=viewer),
    "reconnect": lambda sandbox, key, viewer: connections.replace(
        sandbox, key, "a-b", line("a", "c", id="a-b"), viewer=viewer
    ),
    "disconnect": lambda sandbox, key, viewer: connections.delete(sandbox, key, "a-b", viewer=viewer),
    "restore": lambda sandbox, key, viewer: versions.restore(sandbox, key, "1", viewer=viewer),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_version_says_who_saved_it_whatever_way_they_chose(sandbox, tea, way):
    way(sandbox, tea, Viewer("us_admin"))
    assert [one["id"] for one in told(sandbox, tea, "saved_by")] == ["us_admin", "us_demo", "us_demo", "us_demo"]
    way_back = workflows.patch(sandbox, tea, {"description": "back"}, viewer=ANYONE)
    assert way_back.revision == 5
    assert [one["id"] for one in told(sandbox, tea, "saved_by")][:2] == ["us_demo", "us_admin"]


def test_so_does_one_that_a_template_was_put_into(sandbox, tea):
    add_templates(sandbox, mock_data.templates(), sandbox.now())
    template = next(iter(sandbox.store.templates)).id
    for mode in ("replace", "merge"):
        options = {"workflow_id": tea, "mode": mode}
        templates.apply(sandbox, template, options, viewer=Viewer("us_admin"))
    assert [one["id"] for one in told(sandbox, tea, "saved_by")][:3] == ["us_admin", "us_admin", "us_demo"]


def test_who_creates_a_workflow_has_saved_its_first_version(sandbox):
    key = workflows.create(sandbox, {}, viewer=Viewer("us_alice")).id
    copy = workflows.duplicate(sandbox, key, viewer=Viewer("us_admin")).id
    assert [told(sandbox, one, "saved_by")[0]["username"] for one in (key, copy)] == ["alice", "admin"]


def test_who_saved_is_told_without_a_name_if_there_is_no_such_user(sandbox, tea):
    workflows.patch(sandbox, tea, {"name": "X"}, viewer=Viewer("us_gone"))
    assert told(sandbox, tea, "saved_by")[0] == {"id": "us_gone", "username": None, "name": None}


def test_a_copy_begins_with_a_history_of_its_own(sandbox, tea):
    assert told(sandbox, workflows.duplicate(sandbox, tea).id, "revision") == [1]


def test_versions_share_what_did_not_change(sandbox, tea):
    nodes.patch(sandbox, tea, "a", {"data": {"x": 1}})
    workflow = sandbox.store.workflows.get(tea)
    first, *_, last = workflow.past
    assert first.nodes is last.nodes
    assert workflow.nodes[1] is first.nodes[1]
    assert first.connections is workflow.connections


def test_a_graph_that_is_sent_as_a_whole_shares_what_did_not_change(sandbox, tea):
    sent = graph("a", "b", "c", "d")
    sent["nodes"][0]["position"] = {"x": 11, "y": 20}
    sent["connections"][0]["label"] = "new"
    workflows.replace(sandbox, tea, sent)
    workflow = sandbox.store.workflows.get(tea)
    before = workflow.past[-1]
    shared = [new is old for new, old in zip(workflow.nodes, before.nodes, strict=False)]
    assert (shared, len(workflow.nodes)) == ([False, True, True], 4)
    assert [new is old for new, old in zip(workflow.connections, before.connections, strict=False)] == [False, True]
    assert document(sandbox, tea, "current")["nodes"] == sent["nodes"]


@pytest.mark.parametrize(("was", "becomes"), [(1, True), (1, 1.0), (0.0, -0.0), (False, 0), ([1], [True])])
def test_a_value_that_only_python_takes_for_the_same_is_saved(sandbox, was, becomes):
    key = workflows.create(sandbox, {"nodes": [node("a", data={"x": was}), node("b")]}).id
    workflows.replace(sandbox, key, {"nodes": [node("a", data={"x": becomes}), node("b", data={"y": 1})]})
    values = [shown(sandbox, key)["nodes"][0]["data"]["x"], document(sandbox, key, 1)["nodes"][0]["data"]["x"]]
    assert [repr(value) for value in values] == [repr(becomes), repr(was)]


def test_a_restore_is_a_new_version_that_says_what_it_restored(sandbox, tea):
    pass_a_second(sandbox)
    restored = versions.restore(sandbox, tea, "1")
    assert restored.revision == 4
    assert shown(sandbox, tea)["name"] == "Tea"
    assert document(sandbox, tea, 4) == document(sandbox, tea, 1)
    assert told(sandbox, tea, "revision", "restored_from") == [(4, 1), (3, None), (2, None), (1, None)]
    assert told(sandbox, tea, "created_at")[0] == shown(sandbox, tea)["updated_at"] == "2026-01-01T09:00:03.000Z"
    workflows.patch(sandbox, tea, {"name": "Oolong"})
    assert told(sandbox, tea, "revision", "restored_from")[:2] == [(5, None), (4, 1)]


def test_a_restore_brings_back_everything_that_was_saved_and_takes_away_what_was_not(sandbox):
    first = {"tags": ["x"], "metadata": {"a": 1}, "mine": {"deep": [1]}, **graph("a", "b")}
    key = workflows.create(sandbox, first).id
    before = document(sandbox, key, 1)
    workflows.replace(sandbox, key, {"name": "Other", "other": 5, "tags": [], "metadata": {"b": 2}, **graph("z")})
    versions.restore(sandbox, key, "1")
    assert document(sandbox, key, "current") == before
    assert "other" not in shown(sandbox, key)


@pytest.mark.parametrize("same", ["3", "current"])
def test_to_restore_what_is_there_changes_nothing(sandbox, tea, same):
    cursor = sandbox.store.log.cursor
    assert versions.restore(sandbox, tea, same).revision == 3
    versions.restore(sandbox, tea, "1")
    assert versions.restore(sandbox, tea, "1").revision == 4
    assert sandbox.store.log.cursor == cursor + 1


def test_a_restore_is_told_to_who_watches_the_workflow(sandbox, tea):
    cursor = sandbox.store.log.cursor
    versions.restore(sandbox, tea, "2")
    (event,) = sandbox.store.log.after(cursor)
    assert (event.subject.change, event.subject.revision, event.subject.name) == ("updated", 4, "Chai")


def test_a_restore_of_what_somebody_has_changed_meanwhile_is_refused(sandbox, tea):
    with pytest.raises(RevisionMismatch):
        versions.restore(sandbox, tea, "1", expected_revision=2)
    assert told(sandbox, tea, "revision") == [3, 2, 1]


def test_no_limit_stands_against_a_restore_of_what_was_taken_once(sandbox, tea):
    workflows.replace(sandbox, tea, graph("a"))
    small = installed(written(sandbox), max_nodes=2, max_connections=1)
    versions.restore(small, tea, "1")
    assert len(shown(small, tea)["nodes"]) == 3


@pytest.mark.parametrize("strange", ["0", "4", "-1", "01", "1.0", "abc", "", "1 ", "٣", "9" * 5000])
def test_what_is_no_version_that_is_kept_is_not_found(sandbox, tea, strange):
    acts = (
        lambda: versions.get(sandbox, tea, strange),
        lambda: versions.label(sandbox, tea, strange, "x"),
        lambda: versions.differences(sandbox, tea, strange),
        lambda: versions.differences(sandbox, tea, "1", strange),
        lambda: versions.restore(sandbox, tea, strange),
    )
    for act in acts:
        with pytest.raises(NotFound) as caught:
            act()
        assert caught.value.code == "version_not_found"
    assert told(sandbox, tea, "revision", "label") == [(3, None), (2, None), (1, None)]


def test_so_many_are_kept_as_the_limit_says_the_current_one_among_them():
    sandbox = make_sandbox(max_versions=4)
    key = saved(sandbox, "a")
    save(sandbox, key, 3)
    assert told(sandbox, key, "revision") == [4, 3, 2, 1]
    save(sandbox, key, 4)
    assert told(sandbox, key, "revision") == [8, 7, 6, 5]


def test_one_version_is_the_current_one():
    sandbox = make_sandbox(max_versions=1)
    key = saved(sandbox, "a")
    save(sandbox, key, 3)
    assert told(sandbox, key, "revision") == [4]


def test_the_usual_limit_is_fifty(sandbox, tea):
    save(sandbox, tea, 100)
    assert len(versions.list_versions(sandbox, tea)) == Limits().max_versions == 50


def test_the_oldest_without_a_label_goes_first():
    sandbox = make_sandbox(max_versions=4)
    key = saved(sandbox, "a")
    save(sandbox, key)
    versions.label(sandbox, key, "1", "first")
    versions.label(sandbox, key, "2", "second")
    save(sandbox, key, 5)
    assert told(sandbox, key, "revision", "label") == [(7, None), (6, None), (2, "second"), (1, "first")]


def test_where_all_have_labels_the_oldest_goes():
    sandbox = make_sandbox(max_versions=3)
    key = saved(sandbox, "a")
    for revision in range(1, 5):
        versions.label(sandbox, key, str(revision), f"label {revision}")
        save(sandbox, key)
    assert told(sandbox, key, "revision", "label") == [(5, None), (4, "label 4"), (3, "label 3")]


def test_a_history_goes_on_where_all_before_it_have_labels():
    sandbox = make_sandbox(max_versions=4)
    key = saved(sandbox, "a")
    for revision in ("1", "2", "3"):
        versions.label(sandbox, key, revision, f"label {revision}")
        save(sandbox, key)
    save(sandbox, key)
    assert told(sandbox, key, "revision", "label") == [(5, None), (4, None), (3, "label 3"), (2, "label 2")]
    save(sandbox, key, 2)
    assert told(sandbox, key, "revision") == [7, 6, 3, 2]


def test_a_label_belongs_to_one_version_and_changes_nothing_else(sandbox, tea):
    before = workflows.get(sandbox, tea)
    assert versions.label(sandbox, tea, "current", "now")["label"] == "now"
    assert versions.label(sandbox, tea, "1", "then")["label"] == "then"
    assert told(sandbox, tea, "revision", "label") == [(3, "now"), (2, None), (1, "then")]
    assert workflows.get(sandbox, tea) == before
    workflows.patch(sandbox, tea, {"name": "Oolong"})
    versions.label(sandbox, tea, "1", None)
    assert told(sandbox, tea, "revision", "label") == [(4, None), (3, "now"), (2, None), (1, None)]


def test_a_restore_takes_no_label_along(sandbox, tea):
    versions.label(sandbox, tea, "1", "best")
    versions.restore(sandbox, tea, "1")
    assert told(sandbox, tea, "label") == [None, None, None, "best"]


def test_a_version_is_compared_with_the_one_before(sandbox, tea):
    found = versions.differences(sandbox, tea, "2")
    assert (found["from"], found["to"]) == (1, 2)
    assert found["fields"] == [{"pointer": "/name", "before": "Tea", "after": "Chai"}]
    nothing = {"added": [], "removed": [], "changed": [], "order": None}
    assert found["nodes"] == found["connections"] == nothing


def test_two_versions_are_compared_from_the_older_to_the_newer(sandbox, tea):
    ways = [versions.differences(sandbox, tea, *pair) for pair in (("1", "3"), ("3", "1"), ("1", "current"))]
    assert ways[0] == ways[1] == ways[2]
    assert (ways[0]["from"], ways[0]["to"]) == (1, 3)
    assert ways[0]["fields"] == [{"pointer": "/name", "before": "Tea", "after": "Matcha"}]


def test_the_one_before_is_the_one_that_is_kept_before():
    sandbox = make_sandbox(max_versions=3)
    key = saved(sandbox, "a")
    versions.label(sandbox, key, "1", "kept")
    save(sandbox, key, 5)
    assert told(sandbox, key, "revision") == [6, 5, 1]
    found = versions.differences(sandbox, key, "5")
    assert (found["from"], found["to"]) == (1, 5)


def test_the_oldest_one_has_nothing_before_it(sandbox, tea):
    found = versions.differences(sandbox, tea, "1")
    assert (found["from"], found["to"], found["fields"]) == (1, 1, [])


def test_versions_are_in_a_snapshot_with_all_that_is_told_of_them(sandbox, tea):
    versions.label(sandbox, tea, "1", "first")
    versions.restore(sandbox, tea, "1", viewer=ADA)
    versions.label(sandbox, tea, "current", "again")
    raw = written(sandbox)
    other = installed(raw)
    assert written(other) == raw
    assert versions.list_versions(other, tea) == versions.list_versions(sandbox, tea)
    assert [document(other, tea, place) for place in range(1, 5)] == [
        document(sandbox, tea, place) for place in range(1, 5)
    ]


def test_versions_from_a_snapshot_share_what_did_not_change(sandbox, tea):
    nodes.patch(sandbox, tea, "a", {"data": {"x": 1}})
    nodes.patch(sandbox, tea, "a", {"data": {"x": 2}})
    workflow = installed(written(sandbox)).store.workflows.get(tea)
    assert all(version.nodes[1] is workflow.nodes[1] for version in workflow.past)
    assert all(version.connections[0] is workflow.connections[0] for version in workflow.past)
    assert [version.nodes[0]["data"] for version in workflow.past] == [{}, {}, {}, {"x": 1}]


def test_a_snapshot_from_before_there_were_versions_is_read(sandbox, tea):
    document = json.loads(written(sandbox))
    del document["versions"]
    for name in ("saved_by", "version_label", "restored_from"):
        del document["workflows"][0][name]
    other = installed(json.dumps(document).encode())
    assert told(other, tea, "revision", "label", "restored_from") == [(3, None, None)]
    assert told(other, tea, "saved_by")[0]["id"] == "us_demo"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda kept: kept[1].update(revision=3), "/versions/1"),
        (lambda kept: kept[1].update(revision=1), "/versions/1"),
        (lambda kept: kept.reverse(), "/versions/1"),
        (lambda kept: kept[0].update(workflow_id="wf_gone"), "/versions/0"),
        (lambda kept: kept[1].update(restored_from=2), "/versions/1"),
        (lambda kept: kept[0].update(nodes=[{"position": {"x": 0, "y": 0}}]), "/versions/0"),
        (lambda kept: kept[0]["connections"].append({"id": "x", "source": "a"}), "/versions/0"),
        (lambda kept: kept[0]["nodes"].append(kept[0]["nodes"][0]), "/versions/0"),
        (lambda kept: kept[0].update(label=5), "/versions/0/label"),
        (lambda kept: kept[0]["metadata"].update(deep=json.loads("[" * 250 + "]" * 250)), "/versions/0"),
    ],
)
def test_versions_that_do_not_fit_into_a_snapshot_are_refused(sandbox, tea, change, place):
    document = json.loads(written(sandbox))
    change(document["versions"])
    with pytest.raises(InvalidInput) as caught:
        installed(json.dumps(document).encode())
    assert (caught.value.code, [one["pointer"] for one in caught.value.errors]) == ("broken_snapshot", [place])


def test_what_was_saved_once_never_changes_afterwards(sandbox, tea):
    before = pickle.dumps([document(sandbox, tea, revision) for revision in (1, 2, 3)])
    nodes.patch(sandbox, tea, "a", {"data": {"x": {"y": 1}}})
    nodes.patch(sandbox, tea, "a", {"data": {"x": {"y": 2}}})
    versions.restore(sandbox, tea, "2")
    workflows.patch(sandbox, tea, {"metadata": {"x": 1}})
    assert pickle.dumps([document(sandbox, tea, revision) for revision in (1, 2, 3)]) == before
