"""Templates: made, filled in, put into workflows."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import InvalidInput, NotFound, TooMany
from app.services import templates, workflows
from app.services.paging import Listing

from .conftest import body, graph, line, make_sandbox, node, saved, shown

CHANNEL = {
    "name": "channel",
    "label": "Channel",
    "type": "string",
    "default": "#general",
    "pointers": ["/nodes/0/data/config/channel", "/nodes/1/data/title"],
}


def made(sandbox: Any, **fields: Any) -> str:
    return templates.create(sandbox, graph("a", "b") | {"name": "T"} | fields)["id"]


def with_parameter(sandbox: Any, **parameter: Any) -> str:
    nodes = [node("a", data={"config": {"keep": 1}}), node("b")]
    return made(sandbox, nodes=nodes, parameters=[CHANNEL | parameter])


def test_a_template_is_made_of_a_workflow_or_of_a_graph(sandbox):
    key = saved(sandbox, "a", "b", description="D", tags=["t"])
    of_workflow = templates.create(sandbox, {"name": "Mine", "workflow_id": key})
    assert (of_workflow["name"], of_workflow["description"], of_workflow["tags"]) == ("Mine", "D", ["t"])
    assert of_workflow["nodes"] == graph("a", "b")["nodes"]
    workflows.patch(sandbox, key, {"nodes": []})
    assert templates.get(sandbox, of_workflow["id"]) == of_workflow
    of_graph = templates.create(sandbox, graph("c") | {"name": "Other"})
    assert of_graph["nodes"] == [node("c")]
    with pytest.raises(NotFound):
        templates.create(sandbox, {"name": "x", "workflow_id": "wf_gone"})


def test_lists_filter_by_category_and_tag(sandbox):
    made(sandbox, name="one", category="iot", tags=["x"])
    made(sandbox, name="two", category="ai", tags=["x", "y"])

    def names(**filters: Any) -> list[str]:
        page = templates.list_templates(sandbox, Listing(sort="name", filters=filters))
        return [item["name"] for item in page.items]

    assert names(category="iot") == ["one"]
    assert names(tag="y") == ["two"]
    assert names(tag="x") == ["one", "two"]
    assert templates.list_templates(sandbox, Listing()).items[0]["node_count"] == 2


def test_replacing_keeps_what_is_not_sent_and_counts_only_changes(sandbox):
    key = made(sandbox, description="D")
    assert templates.replace(sandbox, key, {"name": "T"})["revision"] == 1
    got = templates.replace(sandbox, key, graph("c"))
    assert (got["nodes"], got["description"], got["revision"]) == ([node("c")], "D", 2)


def test_applied_without_a_workflow_it_becomes_a_new_one(sandbox):
    got = body(templates.apply(sandbox, made(sandbox, name="Start", tags=["t"])))
    assert (got["name"], got["tags"], got["nodes"]) == ("Start", ["t"], graph("a", "b")["nodes"])


def test_mode_replace_puts_the_graph_in_place_and_keeps_the_rest(sandbox):
    key = saved(sandbox, "x", "y", "z", name="Mine", metadata={"k": 1})
    got = body(templates.apply(sandbox, made(sandbox), {"workflow_id": key}))
    assert [one["id"] for one in got["nodes"]] == ["a", "b"]
    assert (got["name"], got["metadata"], got["revision"]) == ("Mine", {"k": 1}, 2)


def test_mode_merge_renames_what_is_taken_and_everything_follows(sandbox):
    inside = [node("a", type="group"), node("b", parentId="a"), node("n")]
    template = made(sandbox, nodes=inside, connections=[line("b", "n"), line("n", "gone")])
    key = workflows.create(sandbox, {"nodes": [node("a"), node("b"), node("gone")], "connections": [line("b", "n")]}).id
    options = {"workflow_id": key, "mode": "merge", "offset": {"x": 100, "y": 5}}
    got = body(templates.apply(sandbox, template, options))
    assert got["nodes"][:3] == [node("a"), node("b"), node("gone")]
    group, child, free = got["nodes"][3:]
    assert (group["id"], child["id"], free["id"]) == ("a_2", "b_2", "n")
    assert child["parentId"] == "a_2"
    assert (group["position"], child["position"]) == ({"x": 110, "y": 25}, {"x": 10, "y": 20})
    first, second = got["connections"][1:]
    assert (first["source"], first["target"], first["id"]) == ("b_2", "n", "b-n_2")
    assert (second["source"], second["target"]) == ("n", "gone_2")


def test_merging_twice_keeps_ids_apart(sandbox):
    template, key = made(sandbox), saved(sandbox)
    for _ in range(3):
        got = body(templates.apply(sandbox, template, {"workflow_id": key, "mode": "merge"}))
    ids = [one["id"] for one in got["nodes"] + got["connections"]]
    assert len(ids) == len(set(ids)) == 9


def test_parameters_are_written_where_they_point_and_only_in_the_copy(sandbox):
    key = with_parameter(sandbox)
    got = body(templates.apply(sandbox, key, {"parameters": {"channel": "#ops"}}))
    assert [one["data"] for one in got["nodes"]] == [{"config": {"keep": 1, "channel": "#ops"}}, {"title": "#ops"}]
    assert templates.get(sandbox, key)["nodes"][0]["data"] == {"config": {"keep": 1}}
    assert body(templates.apply(sandbox, key))["nodes"][1]["data"] == {"title": "#general"}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("string", "", 1),
        ("number", 1.5, True),
        ("integer", 2, 2.5),
        ("boolean", False, 0),
        ("enum", "b", "c"),
    ],
)
def test_values_are_of_the_type_of_their_parameter(sandbox, kind, good, bad):
    key = with_parameter(sandbox, type=kind, default=None, enum=["a", "b"])
    got = body(templates.apply(sandbox, key, {"parameters": {"channel": good}}))
    assert got["nodes"][1]["data"]["title"] == good
    with pytest.raises(InvalidInput) as caught:
        templates.apply(sandbox, key, {"parameters": {"channel": bad}})
    assert caught.value.errors[0]["pointer"] == "/parameters/channel"


def test_unknown_parameters_and_modes_change_nothing(sandbox):
    template, key = with_parameter(sandbox), saved(sandbox, "x")
    before = shown(sandbox, key)
    for options in ({"parameters": {"colour": "red"}}, {"mode": "mix"}):
        with pytest.raises(InvalidInput):
            templates.apply(sandbox, template, {"workflow_id": key} | options)
    assert shown(sandbox, key) == before


@pytest.mark.parametrize(
    "parameter",
    [
        {"name": ""},
        {"type": "colour"},
        {"default": 7},
        {"pointers": ["/nodes/9/data/x"]},
        {"pointers": ["/nodes/0/nowhere/deep"]},
        {"pointers": ["/viewport/x"]},
        {"pointers": ["/nodes/0"]},
        {"type": "enum"},
    ],
)
def test_a_parameter_that_nobody_could_fill_in_is_refused(sandbox, parameter):
    with pytest.raises(InvalidInput) as caught:
        with_parameter(sandbox, **parameter)
    assert caught.value.code == "bad_parameter"
    assert len(sandbox.store.templates) == 0


def test_merging_past_the_limit_of_nodes_changes_nothing():
    sandbox = make_sandbox(max_nodes=3, max_templates=1)
    template, key = made(sandbox), saved(sandbox, "x", "y")
    with pytest.raises(TooMany) as caught:
        templates.apply(sandbox, template, {"workflow_id": key, "mode": "merge"})
    assert caught.value.code == "too_many_nodes"
    assert shown(sandbox, key)["revision"] == 1
    with pytest.raises(TooMany) as caught:
        made(sandbox)
    assert caught.value.code == "too_many_templates"
