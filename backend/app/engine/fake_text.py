"""What a language model would have answered: made from the words of the prompt, so that it never leaves its topic."""

from __future__ import annotations

import json
import random
import re
from hashlib import blake2b

from ..nodes.base import Json
from ..nodes.words import extract, keywords, rank, sentences, stem, terms, words

NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
}  # fmt: skip
GOOD = """amazing best easy enjoy excellent fast glad good great happy helpful love nice perfect pleased thank thanks
    well wonderful"""
BAD = """angry awful bad broken bug crash delay disappointed error fail failed hate late lost poor problem slow
    terrible unhappy worst wrong"""

MOST_LABELS = 100
"""More than so many words with commas between them are no labels to choose from."""

_PIECE = re.compile(r"\s*(?:\w{1,6}|[^\w\s])")
_LIST = re.compile(
    r"\b(?:list|name|give(?: me)?|suggest|write|propose|find|extract)\s+(?:the\s+|me\s+|up to\s+)?"
    r"(\d{1,2}|" + "|".join(NUMBERS) + r")\b", re.I)  # fmt: skip
_LABELS = re.compile(
    r"(?:\b(?:as|into)\s+(?:one of\s*|either\s+)?|\b(?:one of|labels?|categories|classes|options)(?:\s+(?:are|is))?\s*)"
    r"(?:these|the following|the (?:labels|categories|classes))?\s*[:(]?\s*([^.\n:?)]+)", re.I)  # fmt: skip
_CLASSIFY = re.compile(r"\b(classif|categori[sz]e|label (?:this|the|it)|which (?:category|label)|sentiment)", re.I)
_SUMMARY = re.compile(r"\b(summari[sz]e|summary|tl;?dr|key points|main points|shorten|condense)\b", re.I)
_JSON = re.compile(r"\bjson\b", re.I)
_KEYS = re.compile(
    r"\b(?:keys?|fields?|properties)\s*[:(]?\s*((?:[`\"']?\w+[`\"']?)(?:\s*(?:,|and)+\s*[`\"']?\w+[`\"']?)*)", re.I
)
_QUESTION = re.compile(r"^(?:\W*)(what|who|when|where|why|how|which|is|are|does|do|can|should|did|was)\b", re.I)
_TRAILING = re.compile(r"[\s.?!:]+$")

_OPENINGS = (
    "{Topic}: the short answer begins with {first}.",
    "With {topic}, {first} is what to look at first.",
    "When it comes to {topic}, {first} is the place to begin.",
)
_MIDDLES = (
    "Start with {first}, then look at how it bears on {second}.",
    "What matters is that {first} and {second} are considered together.",
    "Most of the effort goes into {second}; {first} follows from it.",
)
_CLOSINGS = (
    "Keep {topic} in view and the rest can follow step by step.",
    "With {first} settled, {second} becomes simpler.",
)
_POINTS = (
    "Begin with {word}.", "Check {word} against the rest of {topic}.", "Make {word} visible to everyone involved.",
    "Keep {word} as simple as {topic} allows.", "Review {word} regularly.", "Decide who looks after {word}.",
    "Measure {word} before and after.", "Write down what {word} means here.", "Ask others about {word}.",
    "Plan the next step for {word}.",
)  # fmt: skip


def complete(prompt: str, system: str, temperature: float, max_tokens: int, rng: random.Random) -> dict[str, Json]:
    """An answer about the prompt: ``{text, finish_reason, usage}``; at temperature 0 chance has no say."""
    luck = rng if temperature > 0 else random.Random(_stable_seed(prompt, system))
    text = _answer(prompt.strip(), system, luck)
    cut = _first_tokens(text, max_tokens)
    asked = count_tokens(prompt) + count_tokens(system)
    used = count_tokens(cut)
    usage = {"prompt_tokens": asked, "completion_tokens": used, "total_tokens": asked + used}
    return {"text": cut, "finish_reason": "stop" if cut == text else "length", "usage": usage}


def count_tokens(text: str) -> int:
    """How many tokens a text has, counted as pieces of words of at most six letters."""
    return len(_PIECE.findall(text))


def _first_tokens(text: str, count: int) -> str:
    if count_tokens(text) <= count:
        return text
    pieces = [found.end() for found, _ in zip(_PIECE.finditer(text), range(count), strict=False)]
    return text[: pieces[-1]] if pieces else ""


def _stable_seed(prompt: str, system: str) -> int:
    digest = blake2b(f"{system}\x1f{prompt}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _answer(prompt: str, system: str, luck: random.Random) -> str:
    task, material = _task_and_material(prompt)
    everything = f"{system}\n{task}"
    if _JSON.search(everything) and re.search(
        r"\b(answer|reply|respond|return|output|give|as|in|format)\b", everything, re.I
    ):
        return json.dumps(_as_json(everything, task, material, luck), ensure_ascii=False)
    if _CLASSIFY.search(everything):
        return _label(everything, material or task, luck)
    if _LIST.search(task):
        return _list(task, material, luck)
    if material and (_SUMMARY.search(everything) or not _QUESTION.search(_question_in(task))):
        return " ".join(extract(material, 2))
    return _reply(task, material, luck)


def _task_and_material(prompt: str) -> tuple[str, str]:
    """What is asked, and the text it is asked about.

    People write the task first and the text after a colon or an empty line, or the text first and the task last.
    """
    head, _, rest = prompt.partition("\n\n")
    if rest.strip():
        task_last = _looks_like_task(rest.strip().rsplit("\n", 1)[-1]) and not _looks_like_task(head)
        if task_last:
            body, _, last = prompt.rpartition("\n")
            return last.strip(), body.strip()
        return head, rest.strip()
    head, colon, rest = prompt.partition(":")
    if colon and _looks_like_task(head) and len(words(rest)) > 3 and "\n" not in head:
        return head, rest.strip()
    first, _, rest = prompt.partition("\n")
    if rest.strip() and _looks_like_task(first):
        return first, rest.strip()
    found = sentences(prompt)
    if len(found) > 2 and _looks_like_task(found[0]):
        return found[0], prompt[len(found[0]) :].strip()
    return prompt, ""


def _looks_like_task(text: str) -> bool:
    patterns = (_QUESTION, _SUMMARY, _CLASSIFY, _LIST, _JSON)
    return any(pattern.search(text) for pattern in patterns) or bool(
        re.match(r"\W*(answer|translate|rewrite|explain|describe|extract|write|reply)\b", text, re.I)
    )


def _question_in(task: str) -> str:
    return next((part for part in sentences(task) if part.rstrip().endswith("?")), task)


def _label(task: str, material: str, luck: random.Random) -> str:
    labels = _labels_in(task)
    if not labels:
        found = [stem(word) for word in words(material)]
        balance = sum(word in _stems(GOOD) for word in found) - sum(word in _stems(BAD) for word in found)
        return "positive" if balance > 0 else "negative" if balance < 0 else "neutral"
    ranked = rank(material, labels)
    if ranked[0][1] > 0:
        return labels[ranked[0][0]]
    mood = _label("", material, luck)
    return next((label for label in labels if label.lower() == mood), labels[luck.randrange(len(labels))])


def _stems(listed: str) -> frozenset[str]:
    return frozenset(stem(word) for word in listed.split())


def _labels_in(task: str) -> list[str]:
    for found in _LABELS.finditer(task):
        parts = re.split(r"\s*(?:,|/|\||;|\bor\b|\band\b)\s*", found[1])
        labels = [part.strip(" `\"'-") for part in parts if part.strip(" `\"'-")]
        if 1 < len(labels) <= MOST_LABELS and all(len(label.split()) <= 4 for label in labels):
            return labels
    return []


def _list(task: str, material: str, luck: random.Random) -> str:
    asked = _LIST.search(task)
    named = asked[1].lower() if asked else "three"
    count = max(1, int(named) if named.isdigit() else NUMBERS[named])
    if material and len(sentences(material)) >= count:
        lines = extract(material, count)
    else:
        topic, about = _topic(task), _topic_words(f"{material} {task}")
        about = about[1:] or about
        start = luck.randrange(len(_POINTS))
        lines = [
            _POINTS[(start + place) % len(_POINTS)].format(word=about[place % len(about)], topic=topic)
            for place in range(count)
        ]
    return "\n".join(f"{place}. {text}" for place, text in enumerate(lines, 1))


def _reply(task: str, material: str, luck: random.Random) -> str:
    if material:
        return _found_answer(task, material)
    topic, about = _topic(task), _topic_words(task)
    if about == ["this"]:
        return "Hello! What would you like to know?"
    first, second = about[0], about[1 % len(about)]
    shape = [_OPENINGS, _MIDDLES, _CLOSINGS]
    names = {"topic": topic, "Topic": topic[:1].upper() + topic[1:], "first": first, "second": second}
    lead = {"why": "Because of {first}: ", "how": "Step by step: "}.get(_first_word(task), "").format(**names)
    return lead + " ".join(options[luck.randrange(len(options))].format(**names) for options in shape)


def _found_answer(question: str, material: str) -> str:
    """The sentence of the material that answers the question best; for *when* and *how many* one with a number."""
    found = sentences(material) or [material]
    ranked = rank(question, found)
    if re.search(r"\b(when|how (?:many|much|long|old)|what (?:year|date|time|number))\b", question, re.I):
        ranked = sorted(ranked, key=lambda pair: (pair[1] > 0 and bool(re.search(r"\d", found[pair[0]]))) * -1)
    return found[ranked[0][0]]


def _first_word(text: str) -> str:
    return next(iter(words(text)), "")


def _topic(task: str) -> str:
    """What a task is about, as a phrase: what stands after *about*, *of* or *for*, else its keywords."""
    named = re.search(r"\b(?:about|on|of|for)\s+(?:the\s+|our\s+|a\s+|an\s+)?([^.?!\n,;:]{3,60})", task, re.I)
    return _TRAILING.sub("", named[1]) if named else " and ".join(_topic_words(task)[:2])


_TASK_WORDS = frozenset(
    """answer list name give suggest write propose find extract explain describe tell summarize summary sentence
    sentences word words short please ideas tips reasons things points example examples help need want one two three
    four five six seven eight nine ten poem story text""".split()  # noqa: SIM905
)


def _topic_words(text: str) -> list[str]:
    found = [word for word in keywords(text, 12) if word not in _TASK_WORDS]
    return found or ["this"]


def _as_json(instructions: str, task: str, material: str, luck: random.Random) -> dict[str, Json]:
    return {key: _json_value(key, instructions, task, material or task, luck) for key in _keys_in(instructions)}


def _keys_in(instructions: str) -> list[str]:
    shown = re.search(r"\{[^{}]*\}", instructions)
    keys = re.findall(r"[\"'](\w+)[\"']\s*:", shown[0]) if shown else []
    named = _KEYS.search(instructions)
    if not keys and named:
        keys = [key for key in re.findall(r"\w+", named[1]) if key.lower() not in ("and", "or", "the")]
    return keys or ["answer", "keywords"]


def _json_value(key: str, instructions: str, task: str, material: str, luck: random.Random) -> Json:
    name = key.lower()
    if re.search(r"sentiment|mood", name):
        return _label("", material, luck)
    if re.search(r"label|category|class|intent|type", name):
        return _label(instructions, material, luck) if _labels_in(instructions) else _topic_words(material)[0]
    if re.search(r"score|confidence|probab|rating", name):
        return round(0.6 + 0.39 * luck.random(), 2)
    if re.search(r"^(is|has)_|urgent|valid", name):
        return bool(set(terms(name)) & set(terms(material)))
    if re.search(r"count|number|amount|total|quantity|price|year|age", name):
        number = re.search(r"\d+(?:\.\d+)?", material)
        return (float(number[0]) if "." in number[0] else int(number[0][:15])) if number else len(words(material))
    if re.search(r"keywords|tags|topics|points|items|list", name):
        return _topic_words(material)[:4]
    if re.search(r"email", name):
        address = re.search(r"[\w.+-]+@[\w-]+\.[\w.]+", material)
        return address[0] if address else None
    if re.search(r"name|person|author|customer", name):
        named = re.search(r"\b[A-Z]\w+(?: [A-Z]\w+)?", material)
        return named[0] if named else None
    if re.search(r"title|topic|subject", name):
        return " ".join(_topic_words(material)[:3]).capitalize()
    return " ".join(extract(material, 1)) or _reply(task, "", luck)
