"""The AI nodes answer about what they are given."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.engine.fakes import SimulatedEffects
from app.errors import NodeFailure
from app.nodes.ai import TYPES
from app.nodes.base import Inputs, Result
from app.world import Chance

NODE_TYPES = {kind.type: kind for kind in TYPES}
DEEP: list[Any] = []
for _ in range(1500):
    DEEP = [DEEP]
ODD_INPUTS = (DEEP, None, "text", 3, True, [], {}, [None], [1, "a", []], {"rows": 5}, [[[]]], {"files": [{"id": 7}]})


def outside(values: dict[str, dict[str, Any]] | None = None) -> SimulatedEffects:
    memory = {} if values is None else values
    return SimulatedEffects(Chance(7).rng, "2026-01-01T09:00:00.000Z", {}, {}.get, memory)


def run(name: str, config: dict[str, Any], given: Any = None, effects: SimulatedEffects | None = None) -> Any:
    """What leaves by each port, which fits the schema that the type declares."""
    kind = NODE_TYPES[name]
    given_inputs = Inputs({"input": [given]} if given is not None else {})
    answer = kind.run(given_inputs, kind.defaults | config, effects or outside())
    outputs = answer.outputs if isinstance(answer, Result) else answer
    for port, value in outputs.items():
        Draft202012Validator(kind.output_schema[port]).validate(value)
    assert {port.id for port in kind.outputs} == set(outputs)
    return outputs["output"]


def failure(name: str, config: dict[str, Any], given: Any = None) -> NodeFailure:
    with pytest.raises(NodeFailure) as caught:
        run(name, config, given)
    return caught.value


def test_every_type_of_the_family_is_in_the_table() -> None:
    assert set(CASES) == set(NODE_TYPES)


@pytest.mark.parametrize("name", NODE_TYPES)
def test_defaults_fit_the_form_and_need_no_secret(name: str) -> None:
    kind = NODE_TYPES[name]
    Draft202012Validator.check_schema(kind.config_schema)
    Draft202012Validator(kind.config_schema).validate(kind.defaults)
    for key, field in kind.config_schema["properties"].items():
        assert field["title"], key
        if field.get("format") == "password":
            assert field["writeOnly"] is True
            assert key not in kind.defaults


@pytest.mark.parametrize("name", NODE_TYPES)
def test_two_configs_and_two_inputs_give_outputs_that_differ(name: str) -> None:
    (config, other_config), (given, other_given) = CASES[name]
    first = run(name, config, given)
    assert run(name, config, given) == first
    assert run(name, other_config, given) != first
    assert run(name, config, other_given) != first


@pytest.mark.parametrize("name", NODE_TYPES)
def test_odd_inputs_fail_with_words_or_not_at_all(name: str) -> None:
    for odd in ODD_INPUTS:
        for config in ({}, CASES[name][0][0], CASES[name][0][1]):
            try:
                run(name, config, odd)
            except NodeFailure as caught:
                assert len(caught.message) > 15  # noqa: PT017  It may work; if not, it says why.


@pytest.mark.parametrize("name", NODE_TYPES)
def test_odd_configs_fail_with_words_or_not_at_all(name: str) -> None:
    for key in NODE_TYPES[name].config_schema["properties"]:
        for odd in ODD_INPUTS:
            try:
                run(name, CASES[name][0][0] | {key: odd}, {"text": "a text"})
            except NodeFailure as caught:
                assert len(caught.message) > 15  # noqa: PT017  It may work; if not, it says why.


STORY = (
    "The harbour was rebuilt in 1902. Ships bring coffee to the harbour every week. "
    "A small cafe sells soup. Harbour fees pay for the ships."
)
DOCUMENTS = {
    "question": "How long does a refund take?",
    "documents": [
        {"title": "Shipping", "text": "Parcels leave within a day. Tracking is sent by mail."},
        {"title": "Refunds", "text": "Ask support for a refund. A refund takes five days. Gift cards stay."},
        {"title": "Jobs", "text": "We look for two cooks."},
    ],
}
CASES: dict[str, Any] = {
    "llm_chat": (
        ({"prompt": "Summarize:"}, {"prompt": "List three points:"}),
        (STORY, "Whales sing. Whales are large."),
    ),
    "embeddings": (({"dimensions": 8}, {"dimensions": 9}), ("red", "blue")),
    "classifier": (({"labels": ["ship", "soup"]}, {"labels": ["coffee", "tea"]}), ("a ship", "a soup")),
    "rag_query": (({"top_k": 1}, {"top_k": 2}), (DOCUMENTS, DOCUMENTS | {"question": "Who looks for cooks?"})),
    "summarize": (({"max_sentences": 1}, {"max_sentences": 2}), (STORY, "Whales sing. Whales are large.")),
}


def test_what_arrived_stands_below_the_prompt_once() -> None:
    with_input = run("llm_chat", {"prompt": "Summarize the text:"}, STORY)
    assert with_input["text"].split(". ")[0].rstrip(".") in STORY
    rendered = run("llm_chat", {"prompt": f"Summarize the text:\n\n{STORY}"}, STORY)
    assert rendered["usage"] == with_input["usage"]


def test_the_answer_names_the_model_and_keeps_to_the_token_limit() -> None:
    answer = run("llm_chat", {"model": "mine", "prompt": "Describe the sea", "max_tokens": 5})
    assert (answer["model"], answer["finish_reason"], answer["usage"]["completion_tokens"]) == ("mine", "length", 5)


def test_asking_nothing_fails() -> None:
    assert failure("llm_chat", {}).code == "empty_prompt"


def test_each_text_of_a_list_gets_its_vector() -> None:
    rows = [{"title": "a cat", "n": 1}, {"title": "a dog", "n": 2}]
    items = run("embeddings", {"field": "title", "dimensions": 12}, rows)["items"]
    assert [item["text"] for item in items] == ["a cat", "a dog"]
    assert {len(item["vector"]) for item in items} == {12}


def test_a_missing_field_fails_in_words() -> None:
    assert "'name'" in failure("embeddings", {"field": "name"}, [{"title": "x"}]).message


def test_the_label_whose_words_occur_wins() -> None:
    config = {"labels": ["billing: invoice, refund", "technical: crash, error", "other"]}
    found = run("classifier", config, {"text": "The app shows an error and then a crash"})
    assert found["label"] == "technical"
    assert found["score"] == max(found["scores"].values()) > 0.5
    assert sum(found["scores"].values()) == pytest.approx(1, abs=0.001)
    assert run("classifier", config, "please refund my invoices")["label"] == "billing"


def test_without_any_common_word_no_label_is_sure() -> None:
    assert run("classifier", {"labels": "one, two, three"}, "qqq")["score"] < 0.7


def test_one_label_is_no_choice() -> None:
    assert failure("classifier", {"labels": ["one"]}, "text").code == "missing_config"


def test_the_answer_comes_from_the_document_that_fits() -> None:
    found = run("rag_query", {"top_k": 2}, DOCUMENTS)
    assert found["answer"] == "A refund takes five days."
    assert found["sources"][0]["title"] == "Refunds"
    assert len(found["sources"]) == 2


def test_documents_may_come_by_their_own_port_or_as_extracted_texts() -> None:
    kind = NODE_TYPES["rag_query"]
    texts = [{"texts": [{"name": "b.txt", "text": "The door code is 4711."}, {"name": "a.txt", "text": "Soup."}]}]
    given = Inputs({"input": ["What is the door code?"], "documents": texts})
    outputs: Any = kind.run(given, kind.defaults, outside())
    assert outputs["output"]["answer"] == "The door code is 4711."
    assert outputs["output"]["sources"][0]["title"] == "b.txt"


def test_without_documents_the_sources_are_about_the_question() -> None:
    found = run("rag_query", {"question": "How do glaciers move?"})
    assert all("glaciers" in (source["title"] + source["snippet"]).lower() for source in found["sources"])


def test_a_summary_is_taken_from_the_text_in_its_order() -> None:
    found = run("summarize", {"max_sentences": 2}, STORY)
    assert len(found["sentences"]) == 2
    places = [STORY.index(sentence) for sentence in found["sentences"]]
    assert places == sorted(places)
    assert "soup" not in found["summary"]
    assert found["ratio"] == pytest.approx(len(found["summary"]) / len(STORY), abs=0.001)
