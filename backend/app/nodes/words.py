"""Words, sentences and how near texts are to each other: as much of reading as the node library needs."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b

STOP_WORDS = frozenset(
    """a about above after again all also am an and any are as at be because been before being between both but by can
    could did do does doing down during each few for from further had has have having he her here him his how i if in
    into is it its just like me more most my no nor not now of off on once only or other our out over own please same
    she should so some such than that the their them then there these they this those through to too under until up
    us use using very was we were what when where which while who whom why will with would you your""".split()  # noqa: SIM905
)
"""Words that say nothing about a topic."""

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")  # noqa: RUF001
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’)\]]*\s+|\n\s*\n+|\n(?=\s*(?:[-*•]|\d+[.)])\s)")  # noqa: RUF001


def words(text: str) -> list[str]:
    """The words of a text, lower case, in order."""
    return _WORD.findall(text.lower())


def stem(word: str) -> str:
    """A word without the commonest English endings, so that *invoices* meets *invoice*."""
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", "e"), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return (word[: -len(ending)] + put).removesuffix("e")
    return word.removesuffix("e") if len(word) > 3 else word


def terms(text: str) -> list[str]:
    """The stems of the words that carry meaning; all words if none does."""
    found = words(text)
    return [stem(word) for word in found if word not in STOP_WORDS] or [stem(word) for word in found]


def keywords(text: str, count: int = 5) -> list[str]:
    """The words that a text is about, most frequent first, else in order."""
    found = [word for word in words(text) if word not in STOP_WORDS and len(word) > 2 and not word.isdigit()]
    counted = Counter(found)
    return sorted(counted, key=lambda word: (-counted[word], found.index(word)))[:count]


def sentences(text: str) -> list[str]:
    """The sentences of a text, as they stand there."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and _WORD.search(part)]


def extract(text: str, count: int) -> list[str]:
    """The sentences that say most of a text, at most so many, in the order of the text.

    A sentence weighs what its words weigh in the whole text, for its length; the first one has a small advantage, as
    it has in what people write.
    """
    found = sentences(text)
    weights = Counter(terms(text))
    ranked = sorted(range(len(found)), key=lambda place: (-_weight(found[place], weights, place), place))
    return [found[place] for place in sorted(ranked[:count])]


def rank(question: str, texts: Sequence[str]) -> list[tuple[int, float]]:
    """The places of the texts, best first, with how well each answers the question, from 0 to 1.

    Okapi BM25 with its usual constants (Robertson and Zaragoza 2009), divided by the best score that the question
    could reach.
    """
    asked = list(dict.fromkeys(terms(question)))
    bags = [Counter(terms(text)) for text in texts]
    usual = sum(sum(bag.values()) for bag in bags) / max(len(bags), 1) or 1
    rarity = {term: _rarity(sum(term in bag for bag in bags), len(bags)) for term in asked}
    ceiling = sum(rarity.values()) * 2.2 or 1
    scored = [(place, _bm25(bag, rarity, usual) / ceiling) for place, bag in enumerate(bags)]
    return sorted(((place, round(score, 4)) for place, score in scored), key=lambda pair: (-pair[1], pair[0]))


def vector(text: str, dimensions: int, space: str = "") -> list[float]:
    """A unit vector for a text: its words hashed into a bag, so that like texts lie near each other.

    :param space: vectors of different spaces (models) mean nothing to each other.
    """
    bag = [0.0] * dimensions
    for term, times in Counter(terms(text) or [""]).items():
        digest = blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8, key=space.encode()[:64]).digest()
        number = int.from_bytes(digest, "big")
        bag[(number >> 1) % dimensions] += (1 if number & 1 else -1) * (1 + math.log(times))
    length = math.sqrt(sum(value * value for value in bag))
    return [round(value / length, 8) for value in bag] if length else [1.0] + [0.0] * (dimensions - 1)


def _weight(sentence: str, weights: Counter[str], place: int) -> float:
    found = terms(sentence)
    return sum(weights[term] for term in found) / (len(found) + 3) * (1.15 if place == 0 else 1)


def _rarity(having: int, total: int) -> float:
    return math.log(1 + (total - having + 0.5) / (having + 0.5))


def _bm25(bag: Counter[str], rarity: dict[str, float], usual: float) -> float:
    length = 0.25 + 0.75 * sum(bag.values()) / usual
    return sum(worth * bag[term] * 2.2 / (bag[term] + 1.2 * length) for term, worth in rarity.items())
