"""What breaks between two contracts is told, and asks for a version; what does not break asks for nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[3]
sys.path.append(str(ROOT / "contract"))

from compare import breaking_changes, other_changes  # noqa: E402  The folder is no package: its files are commands.

Json = Any
TEXT: Json = {"type": "string"}


def ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def union(*names: str) -> Json:
    mapping = {name.lower(): f"#/components/schemas/{name}" for name in names}
    return {"oneOf": [ref(name) for name in names], "discriminator": {"propertyName": "type", "mapping": mapping}}


def kind(name: str) -> Json:
    return {"type": "object", "required": ["type"], "properties": {"type": {"const": name}}}


def body(schema: Json) -> Json:
    return {"content": {"application/json": {"schema": schema}}}


def answer(schema: Json) -> Json:
    return {"description": "So it is."} | body(schema)


def sample() -> Json:
    """A small contract; what is sent and what is answered have schemas of their own."""
    thing = {
        "type": "object",
        "required": ["status"],
        "properties": {
            "status": {"enum": ["on", "off"]},
            "size": {"anyOf": [{"type": "integer", "minimum": 3}, {"type": "null"}]},
            "parent": {"anyOf": [ref("Thing"), {"type": "null"}]},
        },
    }
    sent = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string", "maxLength": 80},
            "status": {"type": "string", "enum": ["on", "off"], "default": "on"},
            "note": {"type": ["string", "null"]},
            "size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "meta": {"allOf": [ref("Meta")]},
        },
    }
    gets = {
        "operationId": "listThings",
        "parameters": [{"name": "q", "in": "query", "schema": TEXT}],
        "responses": {
            "200": answer({"type": "array", "items": ref("Thing")}) | {"headers": {"ETag": {"schema": TEXT}}},
            "404": answer(ref("Problem")),
        },
    }
    posts = {
        "operationId": "createThing",
        "requestBody": body(ref("ThingInput")),
        "responses": {"201": answer(ref("Thing"))},
    }
    events = {"operationId": "listEvents", "responses": {"200": answer(ref("Event"))}}
    sends = {"operationId": "send", "requestBody": body(ref("Command")), "responses": {"204": {"description": "So."}}}
    schemas = {
        "Thing": {"allOf": [ref("Base"), thing]},
        "Base": {
            "type": "object",
            "required": ["id"],
            "properties": {"id": TEXT, "note": {"type": ["string", "null"]}},
        },
        "ThingInput": sent,
        "Meta": {"type": "object", "properties": {"label": TEXT}},
        "Problem": {
            "type": "object",
            "additionalProperties": False,
            "required": ["code"],
            "properties": {"code": {"enum": ["not_found"]}},
        },
        "Event": union("Started", "Done"),
        "Command": union("Started", "Done"),
        "Started": kind("started"),
        "Done": kind("done"),
        "Gone": kind("gone"),
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Sample", "version": "1.0.0"},
        "paths": {"/things": {"get": gets, "post": posts}, "/events": {"get": events, "post": sends}},
        "components": {"schemas": schemas},
    }
    return json.loads(json.dumps(document))


Turn = Callable[[Json], Any]
"""Changes a contract."""


def schema(document: Json, *place: Any) -> Json:
    found = document["components"]["schemas"]
    for step in place:
        found = found[step]
    return found


def listing(document: Json) -> Json:
    return document["paths"]["/things"]["get"]


THING = ("Thing", "allOf", 1, "properties")
INPUT = ("ThingInput", "properties")

BREAKING: dict[str, Turn] = {
    "GET /events: the operation was there": lambda new: new["paths"].pop("/events"),
    "POST /things: the operation was there": lambda new: new["paths"]["/things"].pop("post"),
    "GET /things: the operationId was listThings": lambda new: listing(new).update(operationId="getThings"),
    "GET /things: the credential was none": lambda new: listing(new).update(security=[{"token": []}]),
    "GET /things query q in requests: the parameter was there": lambda new: listing(new)["parameters"].pop(),
    "GET /things query z in requests: the parameter was not there, is required": lambda new: listing(new)[
        "parameters"
    ].append({"name": "z", "in": "query", "required": True, "schema": TEXT}),
    "GET /things query q in requests: the parameter was optional": lambda new: listing(new)["parameters"][0].update(
        required=True
    ),
    "GET /things query q in requests: explode was unset": lambda new: listing(new)["parameters"][0].update(
        explode=False
    ),
    "GET /things query q in requests: any string was taken": lambda new: listing(new)["parameters"][0].update(
        schema={"type": "integer"}
    ),
    "POST /things in requests: the body was there": lambda new: new["paths"]["/things"]["post"].pop("requestBody"),
    "POST /things in requests: the body was optional": lambda new: new["paths"]["/things"]["post"][
        "requestBody"
    ].update(required=True),
    "GET /things 200 in answers: the status was there": lambda new: listing(new)["responses"].update(
        {"202": listing(new)["responses"].pop("200")}
    ),
    "GET /things 200 application/json in answers: the media type": lambda new: listing(new)["responses"]["200"].update(
        content={"text/plain": {"schema": TEXT}}
    ),
    "GET /things 200 header ETag in answers: the header": lambda new: listing(new)["responses"]["200"].pop("headers"),
    "Problem.code in errors: any integer was never given": lambda new: schema(new, "Problem", "properties").update(
        code={"type": "integer"}
    ),
    "Problem.code in errors: the property was always there": lambda new: schema(new, "Problem").pop("required"),
    "Thing.note in answers: the property was there": lambda new: schema(new, "Base", "properties").pop("note"),
    "Thing.id in answers: the property was always there": lambda new: schema(new, "Base").pop("required"),
    "Thing.id in answers: any integer was never given": lambda new: schema(new, "Base", "properties", "id").update(
        type="integer"
    ),
    "Thing.id in answers: null was never given": lambda new: schema(new, "Base", "properties", "id").update(
        type=["string", "null"]
    ),
    'Thing.status in answers: "odd" was never given': lambda new: schema(new, *THING, "status", "enum").append("odd"),
    "Thing.size in answers: any string was never given": lambda new: schema(new, *THING, "size", "anyOf").append(TEXT),
    'Event in answers: object with type "gone" was never given': lambda new: schema(new, "Event", "oneOf").append(
        ref("Gone")
    ),
    'Command in requests: object with type "done" was taken': lambda new: schema(new, "Command", "oneOf").pop(),
    "ThingInput.x in requests: the property was not there, is required": lambda new: (
        schema(new, *INPUT).update(x=TEXT),
        schema(new, "ThingInput", "required").append("x"),
    ),
    "ThingInput.note in requests: the property was there": lambda new: schema(new, *INPUT).pop("note"),
    "ThingInput.note in requests: null was taken": lambda new: schema(new, *INPUT, "note").update(type="string"),
    "ThingInput.size in requests: null was taken": lambda new: schema(new, *INPUT, "size", "anyOf").pop(),
    'ThingInput.status in requests: "off" was taken': lambda new: schema(new, *INPUT, "status", "enum").pop(),
    'ThingInput.status in requests: the default was "on"': lambda new: schema(new, *INPUT, "status").update(
        default="off"
    ),
    "ThingInput.name in requests: maxLength was 80, is 5": lambda new: schema(new, *INPUT, "name").update(maxLength=5),
    "ThingInput.name in requests: minLength was unset": lambda new: schema(new, *INPUT, "name").update(minLength=1),
    "Thing.status in answers: the property was always": lambda new: schema(new, "Thing", "allOf", 1).pop("required"),
    "ThingInput.name in requests: pattern was unset": lambda new: schema(new, *INPUT, "name").update(pattern="^a"),
    "ThingInput.* in requests: further properties was": lambda new: schema(new, "ThingInput").update(
        additionalProperties=False
    ),
    "Meta.label in requests: the property was optional": lambda new: schema(new, "Meta").update(required=["label"]),
}

HARMLESS: dict[str, Turn] = {
    "a path more": lambda new: new["paths"].update({"/more": {"get": listing(new)}}),
    "an optional parameter more": lambda new: listing(new)["parameters"].append(
        {"name": "z", "in": "query", "schema": TEXT}
    ),
    "a 404 less": lambda new: listing(new)["responses"].pop("404"),
    "a media type more": lambda new: listing(new)["responses"]["200"]["content"].update(
        {"text/plain": {"schema": TEXT}}
    ),
    "a property more in a request": lambda new: schema(new, *INPUT).update(x=TEXT),
    "a property more in an answer": lambda new: schema(new, "Base", "properties").update(x=TEXT),
    "a property that answers always have": lambda new: schema(new, "Base", "required").append("note"),
    "a value less in an answer": lambda new: schema(new, *THING, "status", "enum").pop(),
    "a value more in a request": lambda new: schema(new, *INPUT, "status", "enum").append("odd"),
    "no more null in an answer": lambda new: schema(new, *THING, "size", "anyOf").pop(),
    "a member less in an answer": lambda new: schema(new, "Event", "oneOf").pop(),
    "a member more in a request": lambda new: schema(new, "Command", "oneOf").append(ref("Gone")),
    "an answer that is closed no more": lambda new: schema(new, "Problem").pop("additionalProperties"),
    "null by its value": lambda new: schema(new, *INPUT).update(note={"anyOf": [TEXT, {"const": None}]}),
    "limits of which the stricter are as they were": lambda new: schema(new, *THING).update(
        size={"anyOf": [{"type": "null"}, {"allOf": [{"type": "integer"}, {"minimum": 3}, {"minimum": 1}]}]}
    ),
    "another code of an error": lambda new: schema(new, "Problem", "properties", "code", "enum").append("gone"),
    "a longer name": lambda new: schema(new, *INPUT, "name").update(maxLength=800),
    "the same in other words": lambda new: schema(new, *INPUT).update(
        size={"type": ["integer", "null"]}, meta=ref("Meta"), status={"oneOf": [{"const": "off"}, {"const": "on"}]}
    ),
    "a whole number where any was given": lambda new: schema(new, *THING).update(
        size={"type": "integer", "minimum": 3}
    ),
    "another text": lambda new: schema(new, "Thing").update(description="It is a thing."),
}


def changed(turn: Turn) -> tuple[Json, Json]:
    """The sample before and after."""
    old, new = sample(), sample()
    turn(new)
    return old, new


@pytest.mark.parametrize("place", BREAKING)
def test_what_breaks_is_told_with_its_place(place: str) -> None:
    lines = [str(change) for change in breaking_changes(*changed(BREAKING[place]))]
    assert any(line.startswith(place) for line in lines), lines


@pytest.mark.parametrize("name", HARMLESS)
def test_what_does_not_break_is_not_told(name: str) -> None:
    assert breaking_changes(*changed(HARMLESS[name])) == []


def test_a_change_of_a_schema_is_told_once_however_often_it_is_used() -> None:
    old, new = changed(lambda new: schema(new, "Base", "properties").pop("note"))
    assert [change.where for change in breaking_changes(old, new)] == ["Thing.note in answers"]


def test_what_does_not_break_can_be_asked_for() -> None:
    old, new = changed(lambda new: schema(new, *INPUT, "status", "enum").append("odd"))
    told = [str(change) for change in other_changes(old, new)]
    assert told == ['ThingInput.status in requests: "odd" was refused, is taken']


def test_a_break_is_not_among_the_other_changes() -> None:
    assert other_changes(*changed(BREAKING["GET /things query q in requests: explode was unset"])) == []


def test_a_schema_that_holds_itself_in_two_ways_comes_to_an_end() -> None:
    inner, other = {"properties": {"next": ref("Self")}}, {"properties": {"next": ref("Other")}}
    old = contract(
        {}, ref("Self"), Self={"type": "object", "allOf": [inner, other]}, Other=inner | {"minProperties": 1}
    )
    assert breaking_changes(old, deepcopy(old)) == []


# --- the command ---------------------------------------------------------------------------------------------------


def compare(folder: Path, old: Json, new: Json, *options: str) -> subprocess.CompletedProcess[str]:
    for name, document in (("old.json", old), ("new.json", new)):
        (folder / name).write_text(document if isinstance(document, str) else json.dumps(document))
    command = [sys.executable, str(ROOT / "contract" / "compare.py"), "old.json", "new.json", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def numbered(document: Json, version: str) -> Json:
    return deepcopy(document) | {"info": {"title": "Sample", "version": version}}


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ("0.1.0", "0.1.0", 1),
        ("0.1.0", "0.1.9", 1),
        ("0.1.0", "0.2.0", 0),
        ("0.9.0", "0.10.0", 0),
        ("0.9.0", "1.0.0", 0),
        ("1.2.3", "1.3.0", 1),
        ("1.2.3", "2.0.0", 0),
        ("2.0.0", "0.3.0", 1),
    ],
)
def test_a_break_asks_for_a_higher_version(tmp_path: Path, before: str, after: str, status: int) -> None:
    old, new = changed(lambda new: new["paths"].pop("/events"))
    done = compare(tmp_path, numbered(old, before), numbered(new, after))
    assert done.returncode == status, done.stdout + done.stderr
    assert "GET /events: the operation was there, is not there" in done.stdout
    assert ("must be" in done.stdout) is bool(status)


def test_other_changes_ask_for_no_version_and_are_listed_on_request(tmp_path: Path) -> None:
    old, new = changed(lambda new: new["paths"].update({"/more": {"get": listing(new)}}))
    quiet, everything = compare(tmp_path, old, new), compare(tmp_path, old, new, "--all")
    assert (quiet.returncode, everything.returncode) == (0, 0)
    assert "/more" not in quiet.stdout
    assert "(does not break) GET /more: the operation was not there, is there" in everything.stdout


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("{", "old.json cannot be read"),
        ({"openapi": "3.0.3"}, "old.json is not an OpenAPI 3.1 document"),
        (numbered(sample(), "soon"), "'soon' is not of the form 1.2.3"),
        (sample() | {"components": {}}, "#/components/schemas/Thing leads nowhere"),
    ],
)
def test_a_document_that_cannot_be_compared_gets_a_clear_error(tmp_path: Path, document: Json, says: str) -> None:
    done = compare(tmp_path, document, sample())
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


# --- rules that hold for any schema --------------------------------------------------------------------------------

NAMES = ["Self", "Other"]
SCALARS = st.sampled_from(
    [
        TEXT,
        {"type": "string", "minLength": 2},
        {"type": "string", "maxLength": 2},
        {"type": "integer"},
        {"type": "number", "minimum": 1},
        {"type": "number", "exclusiveMaximum": 2},
        {"type": ["string", "null"], "maxLength": 1},
        {"type": ["integer", "boolean"], "minimum": 0},
        {"enum": ["a", "abc", 1, 2.0, None, True]},
        {"enum": [1, "abc"]},
        {"type": "string", "enum": ["a"]},
        {"const": 1},
        {},
        True,
    ]
)
VALUES = st.recursive(
    st.sampled_from(["", "a", "ab", "abc", 0, 1, 2, 1.5, -1, None, True, False]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), inner),
    max_leaves=4,
)


def bigger(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    """Schemas made of others. Objects always list the same properties: those that are not listed are not compared."""
    some = st.lists(inner, min_size=1, max_size=3)
    members = st.fixed_dictionaries({"a": inner, "b": inner})
    required = st.lists(st.sampled_from(["a", "b"]), unique=True)
    return st.one_of(
        st.builds(lambda parts: {"anyOf": parts}, some),
        st.builds(lambda parts: {"allOf": parts}, some),
        st.builds(lambda items, least: {"type": "array", "items": items, "minItems": least}, inner, st.integers(0, 2)),
        st.builds(lambda parts, needed: {"type": "object", "properties": parts, "required": needed}, members, required),
    )


SCHEMAS = st.recursive(SCALARS, bigger, max_leaves=6)
REFERRING = st.recursive(SCALARS | st.sampled_from(NAMES).map(lambda name: {"items": ref(name)}), bigger, max_leaves=6)


def contract(sent: Json, answered: Json, **schemas: Json) -> Json:
    operation = {"requestBody": body(sent), "responses": {"200": answer(answered)}}
    return {"openapi": "3.1.0", "paths": {"/": {"post": operation}}, "components": {"schemas": schemas}}


@settings(deadline=None)
@given(REFERRING, REFERRING, REFERRING, REFERRING)
def test_a_contract_compared_with_itself_has_no_change(sent: Json, answered: Json, one: Json, other: Json) -> None:
    document = contract(sent, answered, Self=one, Other=other)
    assert breaking_changes(document, deepcopy(document)) == []
    assert other_changes(document, deepcopy(document)) == []


@settings(deadline=None)
@given(SCHEMAS, SCHEMAS, st.lists(VALUES, min_size=1, max_size=20))
def test_what_could_be_sent_is_taken_unless_a_break_is_told(old: Json, new: Json, values: list[Json]) -> None:
    if not breaking_changes(contract(old, {}), contract(new, {})):
        assert not [value for value in values if is_valid(old, value) and not is_valid(new, value)]


@settings(deadline=None)
@given(SCHEMAS, SCHEMAS, st.lists(VALUES, min_size=1, max_size=20))
def test_what_is_answered_was_told_unless_a_break_is_told(old: Json, new: Json, values: list[Json]) -> None:
    if not breaking_changes(contract({}, old), contract({}, new)):
        assert not [value for value in values if is_valid(new, value) and not is_valid(old, value)]


def is_valid(schema: Json, value: Json) -> bool:
    return bool(Draft202012Validator(schema).is_valid(value))


WRAPPERS: list[Turn] = [
    lambda inner: {"type": "array", "items": inner},
    lambda inner: {"anyOf": [inner, {"type": "null"}]},
    lambda inner: {"oneOf": [kind("started"), inner]},
    lambda inner: {"allOf": [inner, {"properties": {"z": TEXT}}]},
    lambda inner: {"type": "object", "required": ["inner"], "properties": {"inner": inner}},
    lambda inner: {"type": "object", "additionalProperties": inner},
]
OBJECTS = st.builds(
    lambda members, closed: (
        {"type": "object", "properties": members} | ({"additionalProperties": False} if closed else {})
    ),
    st.dictionaries(st.sampled_from("abc"), SCHEMAS),
    st.booleans(),
)
"""Objects that are open or closed."""


@settings(deadline=None)
@given(OBJECTS, SCHEMAS, st.lists(st.sampled_from(WRAPPERS), max_size=3), st.booleans(), st.booleans())
def test_a_new_optional_property_never_breaks_and_taking_it_away_does(
    old: Json, added: Json, wrappers: list[Turn], named: bool, answered: bool
) -> None:
    new = old | {"properties": old["properties"] | {"added": added}}
    documents = []
    for schema in (old, new):
        wrapped = ref("Self") if named else schema
        for wrap in wrappers:
            wrapped = wrap(wrapped)
        documents.append(contract({}, wrapped, Self=schema) if answered else contract(wrapped, {}, Self=schema))
    assert breaking_changes(*documents) == []
    assert breaking_changes(*reversed(documents)) != []


@settings(deadline=None)
@given(REFERRING, REFERRING)
def test_a_new_path_never_breaks_and_taking_it_away_does(sent: Json, answered: Json) -> None:
    old = contract(sent, answered, Self={}, Other={})
    new = old | {"paths": old["paths"] | {"/more": old["paths"]["/"]}}
    assert breaking_changes(old, new) == []
    assert [change.where for change in breaking_changes(new, old)] == ["POST /more"]


def refusing(*codes: str) -> Json:
    schema = {"allOf": [{}, {"properties": {"code": {"enum": [*codes]}}}]}
    document = sample()
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"]["409"] = {"description": "No.", "content": {"application/json": {"schema": schema}}}
    return document


def test_a_code_that_is_gone_from_the_whole_document_breaks() -> None:
    assert breaking_changes(refusing("busy"), refusing("busy", "locked")) == []
    assert [change.what for change in breaking_changes(refusing("busy", "locked"), refusing("busy"))] == [
        "the code 'locked'"
    ]


def test_a_version_never_falls(tmp_path: Path) -> None:
    done = compare(tmp_path, numbered(sample(), "0.2.0"), numbered(sample(), "0.1.9"))
    assert (done.returncode, "must be 0.2.0 or higher" in done.stdout) == (1, True)
