"""Export and import."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.errors import InvalidInput
from app.services import node_types, templates, workflows
from app.services.exchange import read_template, read_workflow

from .conftest import body, graph, line, make_sandbox, node, saved

FLOW = {"nodes": [node("a"), node("b")], "edges": [line("a", "b")], "viewport": {"x": 1, "y": 2, "zoom": 1}}
BARE = {"nodes": FLOW["nodes"], "connections": FLOW["edges"]}


@pytest.mark.parametrize(
    "document",
    [
        {"format": "understudy/1", "exported_at": "2026-01-01T00:00:00Z", "workflow": BARE},
        BARE,
        FLOW,
        {"flow": FLOW, "cache": {}},
        {"data": FLOW, "name": "Langflow"},
        {"flowData": json.dumps(FLOW), "name": "Flowise"},
        {"format": "understudy/1", "template": BARE},
    ],
    ids=["export", "bare", "toObject", "flow", "data", "flowData", "template"],
)
def test_every_known_shape_is_read(sandbox, document):
    got = body(workflows.create(sandbox, read_workflow(document)))
    assert (got["nodes"], got["connections"]) == (FLOW["nodes"], FLOW["edges"])
    assert got["name"] == document.get("name", "Untitled workflow")


@pytest.mark.parametrize(
    "document",
    [
        [],
        "text",
        {},
        {"nodes": []},
        {"nodes": {}, "edges": []},
        {"flowData": "{not json"},
        {"nodes": [], "connections": {"A": {}}},
        {"format": "understudy/9", "workflow": BARE},
    ],
)
def test_what_holds_no_graph_is_refused(sandbox, document):
    with pytest.raises(InvalidInput) as caught:
        workflows.create(sandbox, read_workflow(document))
    assert caught.value.code == "unknown_format"


def test_every_culprit_in_a_graph_is_named(sandbox):
    document = {
        "nodes": ["text", {"id": 7}, {"id": "a", "data": "x"}, {"id": "b", "position": {"x": "1", "y": 2}}],
        "edges": [{"source": "a"}, {"source": "a", "target": "b", "sourceHandle": 3}],
    }
    with pytest.raises(InvalidInput) as caught:
        workflows.create(sandbox, read_workflow(document))
    pointers = [culprit["pointer"] for culprit in caught.value.errors]
    assert pointers == [
        "/nodes/0",
        "/nodes/1/id",
        "/nodes/2/data",
        "/nodes/3/position",
        "/connections/0/target",
        "/connections/1/sourceHandle",
    ]


@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"retry": {"max_attempts": "many"}}, "retry/max_attempts"),
        ({"retry": {"backoff": [1]}}, "retry/backoff"),
        ({"retry": "often"}, "retry"),
        ({"timeout_ms": "5s"}, "timeout_ms"),
        ({"timeout_ms": -1}, "timeout_ms"),
        ({"mock": "x"}, "mock"),
        ({"mock": {"duration_ms": "long"}}, "mock/duration_ms"),
        ({"on_error": "panic"}, "on_error"),
    ],
)
def test_data_that_no_engine_could_go_by_are_refused_before_they_run(sandbox, data, pointer):
    with pytest.raises(InvalidInput) as caught:
        workflows.create(sandbox, read_workflow({"nodes": [node("a", data=data)], "edges": []}))
    assert [culprit["pointer"] for culprit in caught.value.errors] == [f"/nodes/0/data/{pointer}"]


def test_what_is_exported_can_be_imported_elsewhere(sandbox):
    key = saved(sandbox, "a", "b", name="N", tags=["t"], mine={"x": 1}, metadata={"k": 1})
    exported = workflows.export(sandbox, key)
    assert (exported["format"], exported["exported_at"]) == ("understudy/1", "2026-01-01T09:00:00.000Z")
    assert "id" not in exported["workflow"]
    got = body(workflows.create(make_sandbox(), read_workflow(json.loads(json.dumps(exported)))))
    assert {name: got[name] for name in exported["workflow"]} == exported["workflow"]


def test_secrets_are_blank_in_an_export_by_name_and_by_schema(sandbox):
    schema = {"type": "object", "properties": {"pin": {"type": "integer", "writeOnly": True}, "shown": {}}}
    node_types.create(sandbox, {"type": "vault", "config_schema": schema})
    config: dict[str, Any] = {
        "apiKey": "k1",
        "headers": {"Authorization": "Bearer k2", "Accept": "json"},
        "rows": [{"name": "X-Api-Key", "value": "k3"}, {"name": "Accept", "value": "json"}],
        "client_secret": {"value": "k4", "type": "text"},
        "max_tokens": 5,
        "password": None,
        "pin": 1234,
        "shown": "s",
    }
    key = workflows.create(sandbox, {"nodes": [node("a", type="vault", data={"config": config})], "token": "k5"}).id
    written = workflows.export(sandbox, key)["workflow"]
    assert written["token"] == ""
    assert written["nodes"][0]["data"]["config"] == {
        "apiKey": "",
        "headers": {"Authorization": "", "Accept": "json"},
        "rows": [{"name": "X-Api-Key", "value": ""}, {"name": "Accept", "value": "json"}],
        "client_secret": {"value": "", "type": "text"},
        "max_tokens": 5,
        "password": None,
        "pin": "",
        "shown": "s",
    }
    kept = body(workflows.get(sandbox, key))
    assert (kept["nodes"][0]["data"]["config"], kept["token"]) == (config, "k5")


def test_a_template_travels_too(sandbox):
    made = templates.create(sandbox, graph("a", "b") | {"name": "T", "category": "demo", "tags": ["x"]})
    exported = json.loads(json.dumps(templates.export(sandbox, made["id"])))
    got = templates.create(make_sandbox(), read_template(exported))
    assert {name: got[name] for name in exported["template"]} == exported["template"]
