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
from calls import END, LEFT_OUT, ON_PURPOSE, WITHOUT_PATH, Call  # noqa: E402
from draft07 import as_draft07, definitions  # noqa: E402
from folders import FROM_THE_START, BadCall, all_steps, make_folders, make_step  # noqa: E402
from http_file import make_http_file, write_http_file  # noqa: E402
from operations import read_operations  # noqa: E402
from postman import body_text, make_collection, make_environment, write_postman  # noqa: E402
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


def step_of(folder: str, name: str) -> Any:
    told = [*FOLDERS, *FOLDERS[-1].folders]
    return next(step for each in told if each.name == folder for step in each.steps if step.name == name)


def test_a_request_checks_the_headers_that_its_answer_always_has():
    assert {"$response.header.Location", "$response.header.ETag"} <= set(step_of("Workflows", "Create workflow").checks)
    assert "$response.header.Link" in step_of("Workflows", "List workflows").checks
    rarely = {"Preference-Applied", "X-Understudy-Rule", "Idempotency-Replayed", "Content-Security-Policy"}
    for name, request in ((each["name"], script(each)) for each in requests(COLLECTION)):
        assert not [header for header in rarely if f"{header} is there" in request], name


@pytest.mark.parametrize(
    ("folder", "name", "where", "value"),
    [
        ("Workflows", "Create workflow", "name", "Greet"),
        ("Workflows", "Replace workflow", "name", "Greet politely"),
        ("Workflows", "Update workflow", "description", "Greets whoever comes."),
        ("Nodes", "Update node", "data/label", "Write it down"),
        ("Clock", "Set clock", "pace", "stopped"),
    ],
)
def test_a_text_that_is_sent_to_be_saved_must_come_back(folder, name, where, value):
    assert step_of(folder, name).checks[f"$response.body#/{where}"] == value


def test_what_an_answer_has_no_place_for_need_not_come_back():
    assert step_of("Executions", "Answer node").body["decision"] == "approved"
    assert "$response.body#/decision" not in step_of("Executions", "Answer node").checks


def test_a_list_is_asked_for_when_there_is_something_in_it():
    lists = [step for step in all_steps(FOLDERS[:-1]) if step.operation.first_item and step.status == 200]
    assert {step.operation.name for step in lists} >= {"listWorkflows", "listNodeTypes", "listProblems", "listFaults"}
    for step in lists:
        first = step.operation.first_item
        assert step.checks.get(first) == "*" or step.call.says.startswith("First: "), step.name


def test_bytes_and_pages_are_looked_at():
    for name, begins in (("Get file thumbnail", "RIFF"), ("Get docs", "<!doctype html>"), ("Get file content", "PNG")):
        assert f'{begins}")' in script(request_named(name)), name


def request_named(name: str) -> Json:
    return next(each for each in requests(COLLECTION) if each["name"] == name)


def test_behind_the_path_of_a_sandbox_nothing_is_sent():
    before = "\n".join(COLLECTION["event"][0]["script"]["exec"])
    assert json.dumps(WITHOUT_PATH) in before
    assert before.index("skipRequest") < before.index('set("sandbox"')
    found = re.search(r"if \(/(.+)/\.test", before)
    assert found is not None
    behind = found[1].replace("\\/", "/")
    assert re.search(behind, "http://localhost:8521/s/mine")
    assert re.search(behind, "https://host/proxy/s/mine/")
    for address in ("http://localhost:8521", "http://localhost:8521/", "http://s/tools", "http://localhost/s/"):
        assert not re.search(behind, address), address


def test_the_control_api_is_shown_the_token_in_the_http_file():
    for part in re.split(r"^### ", make_http_file(DOCUMENT), flags=re.MULTILINE)[1:]:
        asked = re.search(r"^[A-Z]+ {{base_url}}(/\S*)", part, re.MULTILINE)
        assert asked is not None
        shown = "Authorization: Bearer {{control_token}}\n" in part
        assert shown == asked[1].startswith("/_control"), part.splitlines()[0]


def test_who_has_a_username_logs_in_where_a_request_takes_a_token_of_a_user_and_shows_none():
    before = "\n".join(COLLECTION["event"][0]["script"]["exec"])
    assert "username && !pm.request.auth && !pm.request.headers.has" in before
    without = {"login", "refresh", "register", "getHealth", "getSharedWorkflow", "resetSandbox", "callWebhook"}
    for step, request in zip(all_steps(FOLDERS), requests(COLLECTION), strict=True):
        if step.operation.name in without or step.operation.path.startswith("/_control"):
            assert request["request"].get("auth") == {"type": "noauth"}, request["name"]
        if step.operation.name in ("listWorkflows", "getFileContent", "getMe", "djangoListFlows"):
            assert "auth" not in request["request"], request["name"]


def test_where_nobody_logs_in_the_password_is_that_of_the_user_who_everyone_is():
    values = {each["key"]: each["value"] for each in make_environment()["values"]}
    assert (values["username"], values["password"]) == ("", "demo-password")
    assert "@password = demo-password\n" in make_http_file(DOCUMENT)
    change = step_of("Accounts", "Change password").body
    assert change["new_password"] == change["current_password"] == "{{password}}"


def test_a_text_that_only_names_what_the_answer_describes_need_not_come_back():
    share = step_of("Shares", "Create share")
    assert share.body == {"user": "alice", "permission": "view"}
    assert "$response.body#/user" not in share.checks
    assert share.checks["$response.body#/permission"] == "view"


def test_a_story_may_say_who_asks_where_that_can_be_said():
    assert make_step(Call("getMe", given={"Authorization": "Bearer {{alice_token}}"}), OPERATIONS).given
    with pytest.raises(BadCall, match="no parameter Authorization"):
        make_step(Call("login", given={"Authorization": "Bearer {{alice_token}}"}), OPERATIONS)


def test_what_every_request_takes_is_shown_once():
    for name in ON_PURPOSE:
        told = [each["name"] for each in requests(COLLECTION) if name in parameters(each)]
        assert told == ["Ask for an error"], name
        assert f"- `{name}` (" in COLLECTION["info"]["description"]


def parameters(request: Json) -> list[str]:
    return [each["key"] for each in [*request["request"]["header"], *request["request"]["url"].get("query", ())]]


def test_what_is_carried_on_is_a_variable_of_the_collection():
    known = [each["key"] for each in COLLECTION["variable"]]
    assert len(known) == len(set(known))
    assert {name for step in all_steps(FOLDERS) for name in step.kept} <= set(known)
    assert {each["key"]: each["value"] for each in COLLECTION["variable"]}["workflow_id"] == ""


def test_no_two_folders_have_one_name():
    names = [folder.name for folder in [*FOLDERS, *FOLDERS[-1].folders]]
    assert len(names) == len({name.lower() for name in names})
    assert {"Node types", "WebSocket", "Errors on purpose"} <= set(names)


def test_answers_of_the_contract_are_saved_with_the_requests():
    saved = {each["name"]: each["response"] for each in requests(COLLECTION) if each["response"]}
    for name, answers in saved.items():
        for answer in answers:
            assert isinstance(json.loads(answer["body"]), (dict, list, bool)), name
    assert [answer["code"] for answer in saved["Create workflow"]][:1] == [201]
    assert 404 in [answer["code"] for answer in saved["Get workflow"]]
    assert len(json.dumps(COLLECTION, indent=1)) < 1_500_000


def test_an_error_that_was_asked_for_may_be_any():
    asked = Call("listWorkflows", given={"Prefer": "code=409"}, status=409)
    step = make_step(asked, OPERATIONS)
    assert step.answer_schema == {"$ref": "#/components/schemas/Problem"}


def test_a_folder_begins_in_a_sandbox_of_its_own_and_ends_it():
    for folder in [*FOLDERS[:-1], *FOLDERS[-1].folders]:
        if any("sandbox" in step.needed for step in folder.steps):
            first, last = folder.steps[0], folder.steps[-1]
            assert first.operation.name == "resetSandbox", folder.name
            assert (last.operation.name, last.given) == (END.operation, {"sandbox": "{{sandbox}}"}), folder.name


def test_a_folder_needs_nothing_that_no_request_before_tells():
    for folder in [*FOLDERS[:-1], *FOLDERS[-1].folders]:
        told = set(FROM_THE_START)
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
        assert set(re.findall(r"{{(\w+)}}", part)) <= {"base_url", "control_token", *FROM_THE_START}, part.splitlines()[
            0
        ]


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
