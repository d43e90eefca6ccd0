"""Nodes that read and write as language models do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from ..errors import NodeFailure
from .base import Config, Effects, Inputs, Json, NodeType, Port, Simulation
from .fields import (
    box,
    choice,
    defaults_of,
    form,
    kind_of,
    line,
    list_of,
    number,
    read_choice,
    read_names,
    read_number,
    read_text,
    read_whole,
    secret,
    text_of,
    tick,
    whole,
    written_or_arrived,
)
from .words import extract, keywords, rank, sentences

COLOR = "#a855f7"
PROVIDERS = ("openai", "anthropic", "google", "mistral", "ollama")
MOST_TEXTS = 1_000
"""Texts or documents that one node takes."""

_kind = partial(NodeType, category="ai", color=COLOR)


def chat(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Ask a language model; what arrived stands below the prompt, unless it is in there already."""
    prompt = _prompt(inputs, config)
    if not prompt.strip():
        raise NodeFailure("empty_prompt", "The model was asked nothing: fill in 'prompt', or let a text arrive.")
    provider = read_choice(config, "provider", PROVIDERS)
    model = read_text(config, "model", "gpt-4o-mini")
    temperature = read_number(config, "temperature", 0.7, 0, 2)
    most = read_whole(config, "max_tokens", 512, 1, 100_000)
    answer = effects.complete(model, prompt, read_text(config, "system"), temperature, most)
    shown = {key: answer[key] for key in ("text", "model", "finish_reason", "usage")}
    return {"output": shown | {"provider": provider}}


def embeddings(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """One vector for each text: the one in the configuration, else what arrived."""
    texts = _texts(written_or_arrived(config, "text", inputs), read_text(config, "field"))
    model = read_text(config, "model", "text-embedding-3-small")
    dimensions = read_whole(config, "dimensions", 64, 1, 4_096)
    vectors = effects.embed(model, texts, dimensions)
    items = [{"index": place, "text": text, "vector": vectors[place]} for place, text in enumerate(texts)]
    return {"output": {"model": model, "dimensions": dimensions, "items": items}, "vectors": vectors}


def classify(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """The label whose words the text shares most; with none in common, chance decides and the score says so."""
    labels = _labels(config)
    text = text_of(written_or_arrived(config, "text", inputs))
    if not text.strip():
        raise NodeFailure("empty_text", "Nothing arrived that could be classified.")
    names: list[str] = list(labels)
    found = dict(rank(text, list(labels.values())))
    weights = [found[place] + 0.02 * effects.rng.random() + 0.02 for place in range(len(names))]
    total = sum(weight**1.5 for weight in weights)
    scores = {name: round(weight**1.5 / total, 4) for name, weight in zip(names, weights, strict=True)}
    best = max(names, key=lambda name: (scores[name], -names.index(name)))
    return {"output": {"label": best, "score": scores[best], "scores": scores, "text": text}}


def rag_query(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Find the documents that answer a question, and answer from them."""
    question = _question(inputs, config)
    documents = _documents(inputs, config) or _made_up_documents(question, effects)
    snippets = [document["text"] for document in documents]
    ranked = rank(question, snippets)[: read_whole(config, "top_k", 3, 1, 50)]
    sources: list[dict[str, Json]] = [
        {"title": documents[place]["title"], "snippet": _snippet(question, snippets[place]), "score": score}
        for place, score in ranked
    ]
    context = "\n".join(source["snippet"] for source in sources)
    model = read_text(config, "model", "gpt-4o-mini")
    answer = effects.complete(model, f"{question}\n\n{context}", "", 0, 256)
    return {"output": {"question": question, "answer": answer["text"], "sources": sources}}


def summarize(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """The sentences that say most, as they stand in the text."""
    text = text_of(written_or_arrived(config, "text", inputs))
    if not text.strip():
        raise NodeFailure("empty_text", "Nothing arrived that could be summarized.")
    found = extract(text, read_whole(config, "max_sentences", 3, 1, 100)) or [text.strip()]
    summary = " ".join(found)
    ratio = round(min(len(summary) / len(text), 1.0), 3)
    return {"output": {"summary": summary, "sentences": found, "ratio": ratio, "keywords": keywords(text)}}


def _prompt(inputs: Inputs, config: Config) -> str:
    prompt, arrived = read_text(config, "prompt"), text_of(inputs.main)
    if not prompt:
        return arrived
    wanted = config.get("include_input", True) and inputs.main not in (None, {}, [])
    return f"{prompt}\n\n{arrived}" if wanted and arrived not in prompt else prompt


def _texts(value: Json, field: str) -> list[str]:
    """The texts in a value: itself, or each of a list; of objects the field, if one is named."""
    listed = list_of(value, "items", "texts", "documents", "rows")
    texts = [_field_of(item, field) for item in (listed if listed is not None else [value])]
    if not any(text.strip() for text in texts):
        where = f" in the field '{field}'" if field else ""
        raise NodeFailure("empty_text", f"Nothing arrived that could be embedded{where}: {kind_of(value)}.")
    if len(texts) > MOST_TEXTS:
        raise NodeFailure("too_many_texts", f"{len(texts)} texts are more than the {MOST_TEXTS} of one call.")
    return texts


def _field_of(item: Json, field: str) -> str:
    if not field:
        return text_of(item)
    return text_of(item.get(field)) if isinstance(item, Mapping) else ""


def _labels(config: Config) -> dict[str, str]:
    """The labels, and the words by which each is known: ``billing: invoice, refund`` knows itself and these two."""
    value = config.get("labels")
    lines = value.split("\n" if ":" in value else ",") if isinstance(value, str) else read_names(config, "labels")
    labels: dict[str, str] = {}
    for each in lines:
        name, _, known = each.partition(":")
        if name.strip():
            labels[name.strip()] = f"{name.strip()} {known}"
    if len(labels) < 2:
        raise NodeFailure("missing_config", "A classifier needs at least two labels to choose from: fill in 'labels'.")
    return labels


def _question(inputs: Inputs, config: Config) -> str:
    question = read_text(config, "question").strip()
    arrived = inputs.get("input")
    if not question and isinstance(arrived, Mapping):
        question = text_of(arrived.get("question") or arrived.get("query") or ("" if _listed(arrived) else arrived))
    question = question or (arrived.strip() if isinstance(arrived, str) else "")
    if not question:
        raise NodeFailure("missing_question", "There is no question: fill in 'question', or let a text arrive.")
    return question


def _listed(value: Json) -> list[Json] | None:
    return list_of(value, "documents", "texts", "items", "rows")


def _documents(inputs: Inputs, config: Config) -> list[dict[str, str]]:
    candidates = (config.get("documents"), inputs.get("documents"), inputs.get("input"))
    listed = next((found for found in map(_listed, candidates) if found), None) or []
    if len(listed) > MOST_TEXTS:
        raise NodeFailure("too_many_texts", f"{len(listed)} documents are more than the {MOST_TEXTS} of one query.")
    named = [_document(item, place) for place, item in enumerate(listed, 1)]
    return [document for document in named if document["text"].strip()]


def _document(item: Json, place: int) -> dict[str, str]:
    if not isinstance(item, Mapping):
        return {"title": f"Document {place}", "text": text_of(item)}
    title = item.get("title") or item.get("name") or item.get("id") or f"Document {place}"
    return {"title": text_of(title), "text": text_of(item.get("snippet") or item)}


def _made_up_documents(question: str, effects: Effects) -> list[dict[str, str]]:
    """Documents of a knowledge base that nobody connected: about the words of the question and nothing else."""
    topics = keywords(question, 4) or ["this"]
    made = [effects.complete("", f"Explain {topic}: {question}", "", 0.7, 80)["text"] for topic in topics]
    return [{"title": f"About {topic}", "text": text} for topic, text in zip(topics, made, strict=True)]


def _snippet(question: str, text: str) -> str:
    """The two neighbouring sentences of a document that answer best."""
    found = sentences(text)
    pairs = [" ".join(found[place : place + 2]) for place in range(max(len(found) - 1, 1))]
    return pairs[rank(question, pairs)[0][0]] if pairs else text.strip()


_CHAT = form(
    {
        "provider": choice("Provider", PROVIDERS),
        "model": line("Model", "gpt-4o-mini"),
        "api_key": secret("API key"),
        "system": box("System", "You are a helpful assistant.", "How the model should behave."),
        "prompt": box("Prompt", description="The task; if empty, what arrived."),
        "include_input": tick("Put what arrived below the prompt", True),
        "temperature": number("Temperature", 0.7, 0, 2, "At 0 the same prompt always gives the same answer."),
        "max_tokens": whole("Longest answer (tokens)", 512, 1, 100_000),
    }
)
_EMBEDDINGS = form(
    {
        "text": box("Text", description="If empty, what arrived: one text, or a list."),
        "field": line("Field", "", "Of a list of objects: the field to embed."),
        "model": line("Model", "text-embedding-3-small"),
        "dimensions": whole("Dimensions", 64, 1, 4_096),
        "api_key": secret("API key"),
    }
)
_CLASSIFIER = form(
    {
        "labels": {
            "type": "array",
            "items": {"type": "string"},
            "minItems": 2,
            "title": "Labels",
            "description": "Words after a colon help: 'billing: invoice, refund'.",
            "default": ["positive: good, great, love, thanks", "negative: bad, broken, late, refund", "neutral"],
        },
        "text": box("Text", description="If empty, what arrived."),
        "model": line("Model", "gpt-4o-mini"),
        "api_key": secret("API key"),
    }
)
_RAG = form(
    {
        "question": line("Question", "", "If empty, what arrived."),
        "top_k": whole("Sources", 3, 1, 50, "How many documents to answer from."),
        "documents": {
            "type": "array",
            "title": "Documents",
            "items": {},
            "description": "If empty, those that arrived.",
            "default": [],
        },
        "model": line("Model", "gpt-4o-mini"),
        "api_key": secret("API key"),
    }
)
_SUMMARIZE = form(
    {
        "max_sentences": whole("Sentences", 3, 1, 100, "At most so many."),
        "text": box("Text", description="If empty, what arrived."),
    }
)
_TEXT = {"type": "string"}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_VECTOR = {"type": "array", "items": {"type": "number"}}
_BUSY = (
    ("rate_limited", "The model's provider answered with status 429: too many requests."),
    ("overloaded", "The model is overloaded at the moment."),
)

TYPES: tuple[NodeType, ...] = (
    _kind(
        "llm_chat",
        "LLM chat",
        "Asks a language model.",
        run=chat,
        icon="bot-message-square",
        outputs=(Port("output", "Answer", "object"),),
        config_schema=_CHAT,
        defaults=defaults_of(_CHAT),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "text": _TEXT,
                    "model": _TEXT,
                    "provider": {"enum": list(PROVIDERS)},
                    "finish_reason": {"enum": ["stop", "length"]},
                    "usage": {"type": "object", "required": ["prompt_tokens", "completion_tokens", "total_tokens"]},
                },
                "required": ["text", "model", "usage", "finish_reason"],
            }
        },
        simulation=Simulation(1_800, 0.5, 200, 60_000, 0.02, _BUSY),
    ),
    _kind(
        "embeddings",
        "Embeddings",
        "Turns texts into vectors.",
        run=embeddings,
        icon="binary",
        outputs=(Port("output", "Texts with vectors", "object"), Port("vectors", "Vectors", "vector")),
        config_schema=_EMBEDDINGS,
        defaults=defaults_of(_EMBEDDINGS),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "model": _TEXT,
                    "dimensions": {"type": "integer"},
                    "items": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"vector": _VECTOR},
                            "required": ["index", "text", "vector"],
                        },
                    },
                },
                "required": ["model", "dimensions", "items"],
            },
            "vectors": {"type": "array", "items": _VECTOR},
        },
        simulation=Simulation(240, 0.45, 30, 20_000, 0.01, _BUSY),
    ),
    _kind(
        "classifier",
        "Classifier",
        "Picks the label that fits a text.",
        run=classify,
        icon="tags",
        outputs=(Port("output", "Label", "object"),),
        config_schema=_CLASSIFIER,
        defaults=defaults_of(_CLASSIFIER),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "label": _TEXT,
                    "score": _SHARE,
                    "scores": {"type": "object", "additionalProperties": _SHARE},
                },
                "required": ["label", "score", "scores", "text"],
            }
        },
        simulation=Simulation(450, 0.45, 50, 20_000, 0.01, _BUSY),
    ),
    _kind(
        "rag_query",
        "RAG query",
        "Answers a question from documents.",
        run=rag_query,
        icon="book-open-text",
        inputs=(Port("input"), Port("documents", "Documents", "array")),
        outputs=(Port("output", "Answer", "object"),),
        config_schema=_RAG,
        defaults=defaults_of(_RAG),
        output_schema={
            "output": {
                "type": "object",
                "properties": {
                    "question": _TEXT,
                    "answer": _TEXT,
                    "sources": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"title": _TEXT, "snippet": _TEXT, "score": _SHARE},
                            "required": ["title", "snippet", "score"],
                        },
                    },
                },
                "required": ["question", "answer", "sources"],
            }
        },
        simulation=Simulation(2_200, 0.5, 250, 60_000, 0.02, _BUSY),
    ),
    _kind(
        "summarize",
        "Summarize",
        "Keeps the sentences that say most.",
        run=summarize,
        icon="text-quote",
        outputs=(Port("output", "Summary", "object"),),
        config_schema=_SUMMARIZE,
        defaults=defaults_of(_SUMMARIZE),
        output_schema={
            "output": {
                "type": "object",
                "properties": {"summary": _TEXT, "sentences": {"type": "array", "items": _TEXT}, "ratio": _SHARE},
                "required": ["summary", "sentences", "ratio", "keywords"],
            }
        },
        simulation=Simulation(1_200, 0.5, 100, 60_000, 0.01, _BUSY),
    ),
)
