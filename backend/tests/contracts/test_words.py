"""The words of the contract: whoever reads it alone, in a browser or in an editor, knows what everything is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from app import create_app
from app.config import Settings

Json = Any
Text = tuple[str, str, Json]
"""Where something is, its name, and what is said about it."""

LONGEST_SUMMARY = 79
PLAIN = ("enum", "const", "default", "example", "examples", "required", "mapping")
"""Members of a schema in which there are no schemas."""
ENDS = (".", "```", "|")
"""How a description ends: with a sentence, a piece of code, or a table."""
CONFIG = re.compile(r"\w+Node/data/config/")
"""The settings of a node: a form shows their title, and no more where that says it all."""


def read_contract() -> dict[str, Json]:
    """The contract as it is published."""
    found: dict[str, Json] = create_app(Settings(scenario="empty")).test_client().get("/openapi.json").get_json()
    return found


DOCUMENT = read_contract()
OPERATIONS = [told for path in DOCUMENT["paths"].values() for told in path.values()]


def properties_of(schema: Json, where: str) -> Iterator[Text]:
    """Every property within a schema, at any depth."""
    if isinstance(schema, list):
        for part in schema:
            yield from properties_of(part, where)
    if not isinstance(schema, dict):
        return
    for name, held in schema.get("properties", {}).items():
        if is_declared(held):
            yield f"{where}/{name}", name, held.get("description")
        yield from properties_of(held, f"{where}/{name}")
    for word, part in schema.items():
        if word not in (*PLAIN, "properties"):
            yield from properties_of(part, where)


def is_declared(schema: Json) -> bool:
    """Whether a property is told of here, and not only ruled out or narrowed."""
    return isinstance(schema, dict) and schema.keys() != {"enum"}


def schemas() -> Iterator[Text]:
    """Every schema that has a name."""
    for name, schema in DOCUMENT["components"]["schemas"].items():
        yield name, name, schema.get("description")


def properties() -> Iterator[Text]:
    """Every property of the schemas that have a name, of bodies and of answers."""
    for name, schema in DOCUMENT["components"]["schemas"].items():
        yield from properties_of(schema, name)
    for told in OPERATIONS:
        yield from properties_of(told.get("requestBody", {}), told["operationId"])
        yield from properties_of(told["responses"], told["operationId"])


def parameters() -> Iterator[Text]:
    """Every parameter of every operation."""
    shared = DOCUMENT["components"]["parameters"]
    for told in OPERATIONS:
        for parameter in told["parameters"]:
            held = shared[parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
            yield f"{told['operationId']} {held['name']}", held["name"], held.get("description")


def others() -> Iterator[Text]:
    """Operations, their answers, tags, headers, servers and credentials."""
    yield "info", DOCUMENT["info"]["title"], DOCUMENT["info"]["description"]
    for told in OPERATIONS:
        yield told["operationId"], told["operationId"], told["description"]
    for tag in (*DOCUMENT["tags"], *DOCUMENT["servers"]):
        yield "a tag or a server", tag.get("name", tag.get("url")), tag.get("description")
    for part in ("headers", "securitySchemes"):
        for name, held in DOCUMENT["components"][part].items():
            yield part, name, held.get("description")


TEXTS = [*schemas(), *properties(), *parameters(), *others()]
SETTINGS = [text for text in TEXTS if CONFIG.match(text[0])]
SENTENCES = [text for text in TEXTS if not CONFIG.match(text[0])]


def test_everything_says_what_it_is_in_whole_sentences() -> None:
    wrong = [(where, told) for where, _, told in SENTENCES if not (told or "").rstrip().endswith(ENDS)]
    assert wrong == []


def test_every_setting_of_a_node_says_what_it_is() -> None:
    assert [where for where, _, told in SETTINGS if not told] == []


def test_no_description_is_the_name_once_more() -> None:
    wrong = [
        (where, told) for where, name, told in SENTENCES if plain(told or "") in (plain(name), "its" + plain(name))
    ]
    assert wrong == []


def test_descriptions_are_of_what_readers_see_and_not_of_the_code() -> None:
    wrong = [
        (where, told) for where, _, told in TEXTS if re.search(r":(param|raises|return)\b|(?<!`)``(?!`)", told or "")
    ]
    assert wrong == []


def test_every_summary_can_stand_in_a_list_by_itself() -> None:
    summaries = [told["summary"] for told in OPERATIONS]
    assert sorted(summaries) == sorted(set(summaries))
    for summary in summaries:
        assert 0 < len(summary) <= LONGEST_SUMMARY, summary
        assert not summary.endswith("."), summary
        assert not re.match(r"(\w+ )?(it|them)\b", summary, re.IGNORECASE), summary


def test_every_description_of_an_operation_says_more_than_its_summary() -> None:
    assert [told["operationId"] for told in OPERATIONS if told["description"].rstrip(".") == told["summary"]] == []


@pytest.mark.parametrize("name", ["listWorkflows", "listExecutions", "listTemplates", "listFiles"])
def test_a_list_tells_by_what_it_sorts(name: str) -> None:
    told = next(told for told in OPERATIONS if told["operationId"] == name)
    words = next(held["schema"]["enum"] for held in told["parameters"] if held.get("name") == "sort")
    assert "created_at" in words
    assert {word.removeprefix("-") for word in words if word.startswith("-")} == {
        word for word in words if not word.startswith("-")
    }


def test_a_list_takes_every_order_that_it_tells_of() -> None:
    client = create_app(Settings(scenario="empty")).test_client()
    for path, operations in DOCUMENT["paths"].items():
        for held in operations.get("get", {}).get("parameters", []):
            for word in held["schema"]["enum"] if held.get("name") == "sort" else ():
                assert client.get(path, query_string={"sort": word}).status_code == 200, (path, word)


def test_a_status_in_a_description_is_one_that_the_operation_answers_with() -> None:
    for told in OPERATIONS:
        for status, code in re.findall(r"\b(4\d\d) `(\w+)`", told["description"]):
            assert code in told["responses"][status]["description"], told["operationId"]


def plain(text: str) -> str:
    """The letters of a text, in lower case."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
