"""Faults on purpose: ordered rules that bend requests, nodes or streams when they match.

Rules are asked in their order, and the first that applies is the only one that does. A rule about requests has a delay,
a status or a broken connection; a rule about nodes has ``node``, one about streams has ``stream``. Which call a rule
hits depends on its own count and on the seed, never on what other rules or other sandboxes do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from ..errors import InvalidInput
from ..world import Chance
from .broken_stream import BrokenStream, is_stream, refusal_of
from .glob import compile_glob, plain_path

Json = Any

CONNECTIONS = ("reset", "empty", "truncate", "hang")
"""How a connection breaks. Of ``truncate`` the answer got lost; of the others the request never arrived."""

ID = re.compile(r"[!-~]([ -~]{0,98}[!-~])?")
"""What the id of a rule looks like, which stands in a header."""

LONGEST_DELAY = 600_000
"""Of an answer or an event, in milliseconds."""

COUNTS = ("matched", "applied")
"""What a rule tells about itself; whoever sends it is not listened to."""


@dataclass(frozen=True, slots=True)
class Bend:
    """What happens to one request, and by which rule; without status and connection it is only late."""

    rule_id: str
    delay_ms: int | None = None
    status: int | None = None
    code: str | None = None
    connection: str | None = None


@dataclass(frozen=True, slots=True)
class NodeFault:
    """What happens to one attempt of a node, and by which rule; without an error it takes another time only."""

    rule_id: str
    error: dict[str, Json] | None = None
    duration_ms: int | None = None


class Rule:
    """One rule, and how often it matched and applied."""

    def __init__(self, rule_id: str, document: dict[str, Json]) -> None:
        """:param document: the rule as it was sent, checked."""
        self.id = rule_id
        self.document = {name: held for name, held in document.items() if name not in ("id", *COUNTS)}
        self.matched = 0
        self.applied = 0
        match = document.get("match", {})
        self._match = match
        self._method = match["method"].upper() if "method" in match else None
        self._path = compile_glob(match["path"]) if "path" in match else None

    @property
    def is_about_nodes(self) -> bool:
        """Whether it bends nodes."""
        return "node" in self.document

    @property
    def is_about_streams(self) -> bool:
        """Whether it breaks streams; what is about neither bends requests."""
        return "stream" in self.document

    def as_dict(self) -> dict[str, Json]:
        """The rule as it was sent, with its id and its counts."""
        return {"id": self.id, **self.document, "matched": self.matched, "applied": self.applied}

    def bend(self, chance: Chance, method: str, path: str) -> Bend | None:
        """What it does to this request, if anything."""
        if not self._is_for(method, path) or not self._hits(chance):
            return None
        self.applied += 1
        told = self.document
        return Bend(self.id, self._delay(chance), told.get("status"), told.get("code"), told.get("connection"))

    def fail(self, chance: Chance, node_type: str, node_id: str, attempt: int) -> NodeFault | None:
        """What it does to this attempt of a node, if anything."""
        if self._match.get("node_type", node_type) != node_type or self._match.get("node_id", node_id) != node_id:
            return None
        hits, told = self._hits(chance), self.document["node"]
        fault = NodeFault(self.id, self._error(attempt), _whole(told.get("duration_ms")))
        if not hits or fault == NodeFault(self.id):
            return None
        self.applied += 1
        return fault

    def break_stream(self, chance: Chance, method: str, path: str, resumes: bool) -> BrokenStream | None:
        """The stream as it is once this rule has to do with it, or ``None`` if it has not."""
        if not self._is_for(method, path) or not self._hits(chance):
            return None
        told = self.document["stream"]
        refusal = refusal_of(told) if resumes else None
        if refusal is None:
            return BrokenStream(self.id, told, self._apply)
        self._apply()
        return BrokenStream(self.id, {}, self._apply, refusal)

    def _is_for(self, method: str, path: str) -> bool:
        if self._method not in (None, method):
            return False
        return self._path is None or self._path.fullmatch(plain_path(path)) is not None

    def _apply(self) -> bool:
        """Count that something happens, if it still may."""
        if self._is_used_up:
            return False
        self.applied += 1
        return True

    @property
    def _is_used_up(self) -> bool:
        times: float = self.document.get("times", math.inf)
        return self.applied >= times

    def _hits(self, chance: Chance) -> bool:
        """Count a match, and say whether it is one of those in which something happens."""
        self.matched += 1
        told = self.document
        if "nth" in told and self.matched not in told["nth"]:
            return False
        if self._is_used_up:
            return False
        return "probability" not in told or chance.share("fault", self.id, self.matched) < told["probability"]

    def _error(self, attempt: int) -> dict[str, Json] | None:
        told = self.document["node"]
        if not ("error" in told or "fail_attempts" in told) or attempt > told.get("fail_attempts", math.inf):
            return None
        given = told.get("error", {})
        usual = {"code": "fault", "message": f"Failed by the rule '{self.id}'."}
        return usual | ({"message": given} if isinstance(given, str) else given) | {"rule": self.id}

    def _delay(self, chance: Chance) -> int | None:
        if "delay_ms" not in self.document:
            return None
        return _draw(chance.rng("fault delay", self.id, self.matched), self.document["delay_ms"])


class Faults:
    """The rules of one sandbox, in their order."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._about_requests: list[Rule] = []
        self._about_nodes: list[Rule] = []
        self._about_streams: list[Rule] = []
        self._rules: list[Rule] = []
        self._last_id = 0
        self._late = 0

    def __len__(self) -> int:
        return len(self._rules)

    @property
    def has_request_rules(self) -> bool:
        """Whether a request may be bent at all; may be asked without the sandbox's lock."""
        return bool(self._about_requests)

    @property
    def has_stream_rules(self) -> bool:
        """Whether a stream may be broken at all; may be asked without the sandbox's lock."""
        return bool(self._about_streams)

    def as_list(self) -> list[dict[str, Json]]:
        """All rules with their ids and counts."""
        return [rule.as_dict() for rule in self._rules]

    def replace(self, documents: Sequence[dict[str, Json]]) -> list[dict[str, Json]]:
        """Put these rules in the place of all others; their counts begin anew.

        :raises InvalidInput: ``duplicate_rule``, with a pointer to each id that came before.
        """
        _refuse_twice([document.get("id") for document in documents])
        self._take([], documents)
        return self.as_list()

    def append(self, document: dict[str, Json]) -> dict[str, Json]:
        """Put one more rule behind the others.

        :raises InvalidInput: ``duplicate_rule``.
        """
        if document.get("id") in [rule.id for rule in self._rules]:
            raise _twice([("/id", document["id"])])
        self._take(self._rules, [document])
        return self._rules[-1].as_dict()

    def clear(self) -> None:
        """Forget all rules."""
        self._hold([])

    def for_request(self, method: str, path: str) -> Bend | None:
        """What happens to a request; it counts for the rules that it matches.

        :param method: in capitals.
        :param path: without the sandbox's prefix.
        """
        for rule in self._about_requests:
            if (bend := rule.bend(self._chance, method, path)) is not None:
                return bend
        return None

    def for_node(self, node_type: str, node_id: str, attempt: int) -> NodeFault | None:
        """What happens to an attempt of a node; it counts for the rules that it matches.

        :param attempt: from 1.
        """
        for rule in self._about_nodes:
            if (fault := rule.fail(self._chance, node_type, node_id, attempt)) is not None:
                return fault
        return None

    def for_stream(self, method: str, path: str, *, resumes: bool) -> BrokenStream | None:
        """What becomes of a stream that is opened; it counts for the rules that it matches.

        The stream keeps its rule to its end, also when the rules change meanwhile.

        :param method: in capitals.
        :param path: without the sandbox's prefix.
        :param resumes: whether the request says up to where it has the events.
        """
        for rule in self._about_streams:
            if (stream := rule.break_stream(self._chance, method, path, resumes)) is not None:
                return stream
        return None

    def draw_latency(self, least: int, most: int) -> int:
        """The delay of the next request that no rule delays, in milliseconds."""
        self._late += 1
        return self._chance.rng("latency", self._late).randint(least, most)

    def as_state(self) -> Json:
        """All there is to know, as JSON."""
        return {"rules": self.as_list(), "last_id": self._last_id, "late": self._late}

    def restore(self, state: Json) -> None:
        """Hold what was written as this state; after an error these faults are to be thrown away.

        :raises InvalidInput: ``bad_faults``, if this is no such state.
        """
        try:
            self._read(state)
        except (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise InvalidInput(f"The rules cannot be read: {error!r}.", code="bad_faults") from None

    def _read(self, state: Json) -> None:
        self._last_id, self._late = _count(state["last_id"]), _count(state["late"])
        rules = []
        for told in state["rules"]:
            _check(told)
            rule = Rule(_id(told["id"]), told)
            rule.matched, rule.applied = _count(told["matched"]), _count(told["applied"])
            rules.append(rule)
        _refuse_twice([rule.id for rule in rules])
        self._hold(rules)

    def _take(self, kept: list[Rule], documents: Sequence[dict[str, Json]]) -> None:
        """Hold these rules behind those that are kept; whoever has no id gets the next one that is free."""
        taken = {rule.id for rule in kept} | {document.get("id") for document in documents}
        last, rules = self._last_id, list(kept)
        for document in documents:
            name = document.get("id")
            while name is None or (name != document.get("id") and name in taken):
                last += 1
                name = f"rule_{last}"
            rules.append(Rule(name, document))
        self._last_id = last
        self._hold(rules)

    def _hold(self, rules: list[Rule]) -> None:
        self._rules = rules
        self._about_nodes = [rule for rule in rules if rule.is_about_nodes]
        self._about_streams = [rule for rule in rules if rule.is_about_streams]
        self._about_requests = [rule for rule in rules if not (rule.is_about_nodes or rule.is_about_streams)]


def _draw(rng: Random, delay: Json) -> int:
    """A delay in whole milliseconds, of a number, a range or a distribution."""
    if isinstance(delay, dict):
        return min(round(rng.lognormvariate(math.log(delay["median"]), delay["sigma"])), LONGEST_DELAY)
    return round(rng.uniform(*delay) if isinstance(delay, list) else delay)


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


def _refuse_twice(names: list[str | None]) -> None:
    seen: set[str] = set()
    culprits = []
    for place, name in enumerate(names):
        if name in seen:
            culprits.append((f"/{place}/id", name))
        elif name is not None:
            seen.add(name)
    if culprits:
        raise _twice(culprits)


def _twice(culprits: Sequence[tuple[str, str]]) -> InvalidInput:
    errors = [{"pointer": pointer, "message": f"There is a rule '{name}' already."} for pointer, name in culprits]
    return InvalidInput(errors[0]["message"], errors, code="duplicate_rule")


def _check(document: dict[str, Json]) -> None:
    """Refuse a rule of a state that could not be carried out; who sends one over HTTP is told more.

    :raises ValueError, TypeError, KeyError: if it could not.
    """
    for name, fits in _FITS.items():
        if name in document and not fits(document[name]):
            raise ValueError(f"{name} cannot be {document[name]!r}")
    if "node" in document and "stream" in document:
        raise ValueError("a rule is about nodes or about streams")
    node = document.get("node", {})
    _count(node.get("fail_attempts", 0))
    _count(round(node.get("duration_ms", 0)))


_FITS: dict[str, Callable[[Json], bool]] = {
    "match": lambda match: isinstance(match, dict),
    "nth": lambda numbers: [_count(number) for number in numbers] != [],
    "times": lambda times: _count(times) > 0,
    "probability": lambda probability: 0 <= probability <= 1,
    "delay_ms": lambda delay: 0 <= _draw(Chance(0).rng(), delay) <= LONGEST_DELAY,
    "status": lambda status: status in range(400, 600),
    "code": lambda code: isinstance(code, str),
    "connection": lambda how: how in CONNECTIONS,
    "node": lambda node: isinstance(node.get("error", ""), str | dict),
    "stream": lambda members: is_stream(members) and members.get("delay_ms", 0) <= LONGEST_DELAY,
}


def _count(number: Json) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ValueError(f"{number!r} is no count")
    return number


def _id(text: Json) -> str:
    if not isinstance(text, str) or not ID.fullmatch(text):
        raise ValueError(f"{text!r} is no id of a rule")
    return text
