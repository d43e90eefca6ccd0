"""What fuzzing found, each told as the rule that was broken."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.api.schemas import rules
from app.models.glob import BadPattern, compile_glob
from tests.editor import Editor, node


@pytest.mark.parametrize("tag", ['""', 'W/""', '"9-of-another", W/""'])
def test_an_empty_entity_tag_fits_nothing(client: FlaskClient, editor: Editor, tag: str) -> None:
    saved = editor.save(node("a", "set"))
    changed = client.patch(f"/api/workflows/{saved['id']}", json={"name": "Other"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.get_json()["code"]) == (412, "revision_mismatch")


def test_an_id_that_the_server_gives_can_be_sent_back(client: FlaskClient) -> None:
    handles = {"sourceHandle": "out" * 60, "targetHandle": "in" * 60}
    ends = {"source": "a", "target": "b", **handles}
    nodes = [{"id": "a"}, {"id": "b"}, {"type": "t" * 200}, {"type": "t" * 200}]
    saved = client.post("/api/workflows", json={"nodes": nodes, "connections": [ends, ends]}).get_json()
    assert len({node["id"] for node in saved["nodes"]}) == 4
    assert len({connection["id"] for connection in saved["connections"]}) == 2
    assert client.put(f"/api/workflows/{saved['id']}", json=saved).status_code == 200


@pytest.mark.parametrize("pattern", ["/a/{b,c}/**", "*", "{/a,/b}", "/{", "/}", "/{{a}}", "/\\", "/\\{", "a", "{"])
def test_the_contract_knows_which_patterns_can_be_read(pattern: str) -> None:
    import jsonschema_rs

    fits = jsonschema_rs.Draft202012Validator(rules.SCHEMAS["RequestRule"]["properties"]["match"]).is_valid
    assert fits({"path": pattern}) == (pattern[0] in "/*{" and can_be_read(pattern))


def can_be_read(pattern: str) -> bool:
    try:
        compile_glob(pattern)
    except BadPattern:
        return False
    return True
