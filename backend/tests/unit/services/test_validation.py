"""What is wrong with a graph, told so that a canvas can mark it."""

from __future__ import annotations

from typing import Any

import pytest

from app.services import node_types, validation, workflows

from .conftest import line, node, saved

TRIGGER = node("t", type="manual_trigger")


def found(sandbox: Any, nodes: list[Any], *connections: Any) -> list[dict[str, Any]]:
    return validation.issues(nodes, list(connections), sandbox.registry)


def only(issues: list[dict[str, Any]], code: str) -> list[dict[str, Any]]:
    return [issue for issue in issues if issue["code"] == code]


def port_type(sandbox: Any, name: str, **ports: Any) -> None:
    node_types.create(sandbox, {"type": name} | ports)


def test_a_sound_graph_has_no_issue(sandbox):
    nodes = [TRIGGER, node("s", type="set"), node("l", type="log")]
    assert found(sandbox, nodes, line("t", "s"), line("s", "l")) == []


def test_an_unknown_type_is_a_warning_and_runs_with_any_ports(sandbox):
    issues = found(sandbox, [TRIGGER, node("x", type="myNode")], line("t", "x", targetHandle="whatever"))
    assert [(one["code"], one["severity"], one["pointer"]) for one in issues] == [
        ("unknown_node_type", "warning", "/nodes/1/type")
    ]


def test_bad_config_points_at_the_field(sandbox):
    schema = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["name"]}
    port_type(sandbox, "counted", config_schema=schema)
    issues = found(sandbox, [TRIGGER, node("c", type="counted", data={"config": {"count": "x"}})], line("t", "c"))
    wrong = only(issues, "config_invalid")
    assert sorted(one["pointer"] for one in wrong) == ["/nodes/1/data/config/count", "/nodes/1/data/config/name"]
    assert {(one["severity"], one["node_id"]) for one in wrong} == {("error", "c")}
    as_text = found(sandbox, [TRIGGER, node("w", type="delay", data={"config": "text"})], line("t", "w"))
    assert [one["pointer"] for one in only(as_text, "config_invalid")] == ["/nodes/1/data/config"]


def test_an_expression_in_a_number_field_is_no_fault_until_it_runs(sandbox):
    port_type(sandbox, "counted", config_schema={"type": "object", "properties": {"count": {"type": "integer"}}})
    open_until_run = node("c", type="counted", data={"config": {"count": "{{ $input }}"}})
    assert found(sandbox, [TRIGGER, open_until_run], line("t", "c")) == []


def test_each_end_that_dangles_is_told(sandbox):
    issues = only(found(sandbox, [TRIGGER], line("t", "gone"), line("x", "y")), "dangling_connection")
    assert [one["pointer"] for one in issues] == [
        "/connections/0/target",
        "/connections/1/source",
        "/connections/1/target",
    ]
    assert issues[0]["connection_id"] == "t-gone"
    assert issues[0]["severity"] == "error"


def test_a_missing_required_input_is_an_error_unless_the_group_is_fed(sandbox):
    joined = node("j", type="join")
    issues = found(sandbox, [TRIGGER, joined], line("t", "j", targetHandle="left"))
    assert [one["message"] for one in only(issues, "missing_required_input")] == [
        "Nothing is connected to its input 'right', which it needs."
    ]
    grouped = [TRIGGER, node("g", type="group"), joined | {"parentId": "g"}]
    assert only(found(sandbox, grouped, line("t", "g")), "missing_required_input") == []


def test_unknown_ports_are_told_by_end_and_the_error_port_is_known(sandbox):
    nodes = [TRIGGER, node("i", type="if"), node("l", type="log")]
    lines = [line("t", "i"), line("i", "l", sourceHandle="maybe", targetHandle="in9")]
    issues = only(found(sandbox, nodes, *lines), "unknown_port")
    assert [one["pointer"] for one in issues] == ["/connections/1/sourceHandle", "/connections/1/targetHandle"]
    assert "true, false" in issues[0]["message"]
    assert only(found(sandbox, nodes, line("t", "i"), line("i", "l", sourceHandle="error")), "unknown_port") == []


def test_ports_that_follow_the_configuration_are_known(sandbox):
    cases = {"cases": [{"port": "vip", "when": "true"}]}
    made = sandbox.registry.get("switch").output_ports(sandbox.registry.get("switch").defaults | cases)
    nodes = [TRIGGER, node("s", type="switch", data={"config": cases}), node("l", type="log")]
    issues = found(sandbox, nodes, line("t", "s"), line("s", "l", sourceHandle=made[0].id))
    assert only(issues, "unknown_port") == []


@pytest.mark.parametrize(
    ("leaving", "arriving", "severity"),
    [("number", "vector", "error"), ("number", "string", "warning"), ("any", "vector", None), ("file", "file", None)],
)
def test_unlike_port_types_are_an_error_and_convertible_ones_a_warning(sandbox, leaving, arriving, severity):
    port_type(sandbox, "giver", inputs=[], outputs=[{"id": "o", "data_type": leaving}])
    port_type(sandbox, "taker", inputs=[{"id": "i", "data_type": arriving}])
    issues = found(sandbox, [node("g", type="giver"), node("k", type="taker")], line("g", "k"))
    assert [one["severity"] for one in only(issues, "incompatible_types")] == ([severity] if severity else [])


def test_more_connections_than_a_port_takes_are_told_at_the_node(sandbox):
    port_type(sandbox, "narrow", inputs=[{"id": "i", "max_connections": 1}])
    nodes = [TRIGGER, node("u", type="manual_trigger"), node("n", type="narrow")]
    assert only(found(sandbox, nodes, line("t", "n")), "max_connections") == []
    issues = only(found(sandbox, nodes, line("t", "n"), line("u", "n")), "max_connections")
    assert [one["node_id"] for one in issues] == ["n"]


def test_the_same_ends_twice_are_told_at_the_second(sandbox):
    twin = line("t", "l") | {"id": "again", "sourceHandle": None}
    issues = only(found(sandbox, [TRIGGER, node("l", type="log")], line("t", "l"), twin), "duplicate_connection")
    assert [one["connection_id"] for one in issues] == ["again"]


def test_a_cycle_has_its_path_and_one_through_a_loop_is_legal(sandbox):
    nodes = [TRIGGER, node("a", type="set"), node("b", type="set")]
    lines = [line("t", "a"), line("a", "b"), line("b", "a")]
    issues = only(found(sandbox, nodes, *lines), "cycle")
    assert [(one["severity"], set(one["path"])) for one in issues] == [("error", {"a", "b"})]
    looped = [TRIGGER, node("a", type="loop"), node("b", type="set")]
    lines = [line("t", "a"), line("a", "b", sourceHandle="item"), line("b", "a", targetHandle="back")]
    assert found(sandbox, looped, *lines) == []


def test_a_self_loop_is_told_once(sandbox):
    issues = found(sandbox, [TRIGGER, node("a", type="set")], line("t", "a"), line("a", "a"))
    assert [one["code"] for one in issues] == ["self_loop"]
    assert issues[0]["connection_id"] == "a-a"


def test_cycles_are_found_beside_dangling_connections(sandbox):
    nodes = [TRIGGER, node("a", type="set"), node("b", type="set")]
    issues = found(sandbox, nodes, line("t", "a"), line("a", "b"), line("b", "a"), line("b", "gone"))
    assert {one["code"] for one in issues} == {"cycle", "dangling_connection"}


def test_what_no_trigger_leads_to_is_a_warning_but_sources_are_not(sandbox):
    nodes = [TRIGGER, node("l", type="log"), node("s", type="set"), node("c", type="constant"), node("d", type="set")]
    issues = found(sandbox, nodes, line("t", "l"), line("c", "d"))
    assert [(one["code"], one["severity"], one["node_id"]) for one in issues] == [("unreachable", "warning", "s")]


def test_what_lies_in_a_group_is_reached_through_it(sandbox):
    nodes = [TRIGGER, node("g", type="group"), node("s", type="set", parentId="g"), node("l", type="log")]
    assert found(sandbox, nodes, line("t", "g"), line("g", "l")) == []


def test_no_trigger_is_a_warning_and_nothing_to_execute_an_error(sandbox):
    assert [(one["code"], one["severity"]) for one in found(sandbox, [node("a", type="set")])] == [
        ("no_trigger", "warning")
    ]
    assert [(one["code"], one["severity"]) for one in found(sandbox, [node("n", type="note")])] == [
        ("nothing_to_execute", "error")
    ]


def test_missing_parents_and_positions_are_told(sandbox):
    nodes = [TRIGGER | {"parentId": "gone"}, {"id": "l", "type": "log"}]
    issues = found(sandbox, nodes, line("t", "l"))
    assert [(one["code"], one["severity"], one["pointer"]) for one in issues] == [
        ("missing_parent", "error", "/nodes/0/parentId"),
        ("missing_position", "info", "/nodes/1/position"),
    ]


def test_a_workflow_is_valid_if_no_issue_is_an_error(sandbox):
    assert workflows.validate(sandbox, saved(sandbox, "a", "b"))["valid"]
    broken = saved(sandbox, "a", connections=[line("a", "gone")])
    report = workflows.validate(sandbox, broken)
    assert not report["valid"]
    assert report == workflows.validate_graph(sandbox, [node("a")], [line("a", "gone")])
