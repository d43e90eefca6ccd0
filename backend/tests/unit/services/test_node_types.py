"""The palette, and types of one's own."""

from __future__ import annotations

import json

import pytest

from app.errors import Conflict, InvalidInput, NotFound, TooMany
from app.services import node_types, workflows

from .conftest import make_sandbox, node

ROBOT = {"type": "robot", "output": {"output": {"moved": "{{ $config.by }}"}}, "defaults": {"by": 3}}


def test_a_type_of_ones_own_joins_the_palette_and_is_known(sandbox):
    key = workflows.create(sandbox, {"nodes": [node("a", type="robot")]}).id
    codes = {issue["code"] for issue in workflows.validate(sandbox, key)["issues"]}
    assert "unknown_node_type" in codes
    made = node_types.create(sandbox, ROBOT)
    assert made["custom"]
    assert made in node_types.list_types(sandbox)
    codes = {issue["code"] for issue in workflows.validate(sandbox, key)["issues"]}
    assert "unknown_node_type" not in codes


def test_what_is_read_can_be_sent_back(sandbox):
    node_types.create(sandbox, ROBOT)
    read = node_types.get(sandbox, "robot")
    assert read["output"] == ROBOT["output"]
    assert node_types.replace(sandbox, "robot", json.loads(json.dumps(read))) == read


def test_built_in_types_stay(sandbox):
    before = node_types.get(sandbox, "merge")
    for attempt in (
        lambda: node_types.replace(sandbox, "merge", {"type": "merge"}),
        lambda: node_types.delete(sandbox, "merge"),
    ):
        with pytest.raises(Conflict) as caught:
            attempt()
        assert caught.value.code == "built_in_type"
    with pytest.raises(Conflict):
        node_types.create(sandbox, {"type": "merge"})
    assert node_types.get(sandbox, "merge") == before


def test_names_do_not_change_and_deleted_types_are_gone(sandbox):
    node_types.create(sandbox, ROBOT)
    with pytest.raises(InvalidInput) as caught:
        node_types.replace(sandbox, "robot", {"type": "android"})
    assert caught.value.code == "id_mismatch"
    node_types.delete(sandbox, "robot")
    with pytest.raises(NotFound):
        node_types.get(sandbox, "robot")


def test_the_limit_of_types_names_itself():
    sandbox = make_sandbox(max_node_types=1)
    node_types.create(sandbox, ROBOT)
    with pytest.raises(TooMany) as caught:
        node_types.create(sandbox, {"type": "second"})
    assert caught.value.code == "too_many_node_types"


def test_a_folder_of_types_is_loaded_by_file_name(sandbox, tmp_path):
    (tmp_path / "b.json").write_text(json.dumps({"type": "beta"}))
    (tmp_path / "a.json").write_text(json.dumps({"type": "alpha"}))
    (tmp_path / "readme.txt").write_text("not a type")
    assert [kind["type"] for kind in node_types.load_folder(sandbox, str(tmp_path))] == ["alpha", "beta"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [("{", "JSON"), ('{"type": "0"}', "/type"), ('{"type": "merge"}', "merge"), ("[1]", "c.json")],
)
def test_a_broken_file_is_named_and_nothing_is_loaded(sandbox, tmp_path, text, fault):
    (tmp_path / "a.json").write_text(json.dumps({"type": "alpha"}))
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(InvalidInput) as caught:
        node_types.load_folder(sandbox, str(tmp_path))
    assert "c.json" in caught.value.message
    assert fault in caught.value.message
    assert not sandbox.registry.knows("alpha")


def test_a_missing_folder_is_told(sandbox, tmp_path):
    with pytest.raises(InvalidInput, match="nowhere"):
        node_types.load_folder(sandbox, str(tmp_path / "nowhere"))
