"""The Postman collection and the `.http` file have what the contract has, and nothing else."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

ROOT = Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "contract"))

# The folder is no package: its files are commands.
from calls import END, LEFT_OUT, Call  # noqa: E402
from draft07 import as_draft07, definitions  # noqa: E402
from folders import BadCall, all_steps, make_folders, make_step  # noqa: E402
from http_file import make_http_file, write_http_file  # noqa: E402
from operations import read_operations  # noqa: E402
from postman import body_text, make_collection, write_postman  # noqa: E402
from stories import STORIES, Story  # noqa: E402

Json = Any

DOCUMENT: Json = json.loads((ROOT / "contract" / "openapi.json").read_text("utf-8"))
OPERATIONS = read_operations(DOCUMENT)
COLLECTION: Json = make_collection(DOCUMENT)
FOLDERS = make_folders(DOCUMENT)


def requests(item: Json) -> Iterator[Json]:
    for each in item["item"]:
        yield from requests(each) if "item" in each else [each]


def script(request: Json) -> str:
    return "\n".join(line for event in request["event"] for line in event["script"]["exec"])


def operation_of(method: str, path: str) -> str:
    """The operation that an address belongs to; the one with the fewest variables, as the server has it."""
    asked = path.split("?")[0].split("/")
    fits = [
        (len(operation.variables), operation.name)
        for operation in OPERATIONS.values()
        if operation.method == method and fit(operation.path.split("/"), asked)
    ]
    return min(fits, default=(0, f"{method} {path}"))[1]


def fit(path: list[str], asked: list[str]) -> bool:
    return len(path) == len(asked) and all(
        part == sent or part.startswith("{") for part, sent in zip(path, asked, strict=True)
    )


def test_every_operation_is_in_the_collection_or_left_out_with_a_reason():
    asked = {
        operation_of(each["request"]["method"], each["request"]["url"]["raw"].removeprefix("{{base_url}}"))
        for each in requests(COLLECTION)
    }
    assert asked | set(LEFT_OUT) == set(OPERATIONS)
    assert not asked & set(LEFT_OUT)
    assert all(reason in COLLECTION["info"]["description"] for reason in LEFT_OUT.values())


def test_every_operation_is_in_the_http_file_or_left_out_with_a_reason():
    text = make_http_file(DOCUMENT)
    lines = re.findall(r"^(GET|POST|PUT|PATCH|DELETE) {{base_url}}(.*)$", text, re.MULTILINE)
    assert {operation_of(method, path) for method, path in lines} | set(LEFT_OUT) == set(OPERATIONS)
    assert all(reason in text for reason in LEFT_OUT.values())


def test_the_files_are_as_they_would_be_written_now():
    folder = ROOT / "postman"
    texts = write_postman(DOCUMENT, folder) | write_http_file(DOCUMENT, folder)
    stale = [path.name for path, text in texts.items() if path.read_text("utf-8") != text]
    assert stale == [], "run python contract/write.py"


def test_every_request_checks_the_status_and_the_schema_of_its_answer():
    for step, request in zip(all_steps(FOLDERS), requests(COLLECTION), strict=True):
        tests = script(request)
        assert f"to.have.status({step.status})" in tests, request["name"]
        assert ("to.have.jsonSchema(schema)" in tests) == (step.answer_schema is not None), request["name"]


def test_a_folder_begins_in_a_sandbox_of_its_own_and_ends_it():
    for folder in [*FOLDERS[:-1], *FOLDERS[-1].folders]:
        if any("sandbox" in step.needed for step in folder.steps):
            first, last = folder.steps[0], folder.steps[-1]
            assert first.operation.name == "resetSandbox", folder.name
            assert (last.operation.name, last.given) == (END.operation, {"sandbox": "{{sandbox}}"}), folder.name


def test_a_folder_needs_nothing_that_no_request_before_tells():
    for folder in [*FOLDERS[:-1], *FOLDERS[-1].folders]:
        told = {"sandbox"}
        for step in folder.steps:
            assert step.needed <= told, f"{folder.name}: {step.name}"
            told |= set(step.kept)


def test_a_reference_in_the_http_file_names_a_request_before_it():
    named: set[str] = set()
    for part in re.split(r"^### ", make_http_file(DOCUMENT), flags=re.MULTILINE)[1:]:
        assert set(re.findall(r"{{(\w+)\.response\.", part)) <= named, part.splitlines()[0]
        mine = set(re.findall(r"^# @name (\w+)$", part, re.MULTILINE))
        assert not mine & named
        named |= mine
        assert set(re.findall(r"{{(\w+)}}", part)) <= {"base_url", "sandbox"}, part.splitlines()[0]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_calls_operations_of_the_contract(story):
    assert {call.operation for call in story.calls} <= set(OPERATIONS)


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (Call("makeCoffee"), "no operation makeCoffee"),
        (Call("openSocket"), "no operation openSocket"),
        (Call("getClock", body={}), "has no body"),
        (Call("getClock", given={"colour": "red"}), "no parameter colour"),
        (Call("getClock", status=418), "never answered with 418"),
        (Call("getClock", keep={"now": "now"}), "no runtime expression"),
        (Call("getClock", checks={"body.now": 1}), "no runtime expression"),
    ],
)
def test_a_call_that_the_contract_does_not_have_is_refused(call, why):
    with pytest.raises(BadCall, match=why):
        make_step(call, OPERATIONS)


def test_a_story_that_uses_what_nobody_told_is_refused():
    lost = Story("Lost", "It begins in the middle.", (Call("getWorkflow"),))
    with pytest.raises(BadCall, match="nothing before it tells workflow_id"):
        make_folders(DOCUMENT, [lost])


def test_what_is_said_of_an_operation_that_is_gone_is_refused():
    without = deepcopy(DOCUMENT)
    del without["paths"]["/_control/snapshots/{snapshot}/fork"]
    with pytest.raises(BadCall, match="no operation forkSnapshot"):
        make_folders(without)


def test_an_id_that_nothing_makes_is_refused():
    without = deepcopy(DOCUMENT)
    del without["paths"]["/api/files/upload"]
    with pytest.raises(BadCall, match="file_id"):
        make_folders(without)


def test_an_expression_of_a_node_is_not_taken_for_a_variable():
    body = {"text": "Hello {{ $json.name }}", "file": "{{file_id}}"}
    text = body_text(make_step(Call("createWorkflow", body=body), OPERATIONS))
    assert re.findall(r"{{.*?}}", text) == ["{{file_id}}"]
    assert json.loads(text) == body


def examples() -> Iterator[tuple[str, Json, Json]]:
    for operation in OPERATIONS.values():
        for status, answer in operation.told["responses"].items():
            for content in answer.get("content", {}).values():
                if "example" in content and isinstance(content["example"], dict):
                    yield f"{operation.name} {status}", content["schema"], content["example"]


def test_the_schemas_still_tell_right_from_wrong_in_draft_07():
    named = DOCUMENT["components"]["schemas"]
    seen = 0
    for name, schema, example in examples():
        told = {**as_draft07(schema), "definitions": definitions(named, schema)}
        Draft7Validator.check_schema(told)
        assert not list(Draft7Validator(told).iter_errors(example)), name
        assert not Draft7Validator(told).is_valid([example]), name
        seen += 1
    assert seen > 50
    assert not re.search(r'"(dependentSchemas|dependentRequired|prefixItems|format)":', json.dumps(told))


def test_beside_a_reference_all_else_counts_in_draft_07_too():
    schema = as_draft07({"$ref": "#/components/schemas/Clock", "required": ["zone"]})
    told = {**schema, "definitions": {"Clock": {"type": "object"}}}
    assert Draft7Validator(told).is_valid({"zone": "UTC"})
    assert not Draft7Validator(told).is_valid({})
    assert not Draft7Validator(told).is_valid([])


def test_what_depends_on_a_property_does_so_in_draft_07_too():
    schema = as_draft07(
        {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"properties": {"d": {"prefixItems": [False]}}}}}
    )
    assert not Draft7Validator(schema).is_valid({"a": 1})
    assert not Draft7Validator(schema).is_valid({"c": 1, "d": [1]})
    assert Draft7Validator(schema).is_valid({"a": 1, "b": 1, "c": 1, "d": []})
