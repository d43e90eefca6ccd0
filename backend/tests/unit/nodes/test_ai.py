"""The AI nodes answer about what they are given."""

from __future__ import annotations

from typing import Any

import pytest

from app.nodes.ai import TYPES
from app.nodes.base import Inputs
from tests.unit.nodes.family import Family, FamilyRules, outside

FAMILY = Family(TYPES)
NODE_TYPES, run, failure = FAMILY.types, FAMILY.run, FAMILY.failure


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


class TestRules(FamilyRules):
    family = FAMILY
    cases = CASES


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
