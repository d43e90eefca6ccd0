"""What a rule that bends requests, nodes or streams may have: each member, and what goes together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...models.fault import CONNECTIONS, ID, LONGEST_DELAY
from ...models.glob import BadPattern, compile_glob
from ...web.checks import Check, Messages, anything, each, either, number, one_of, shape, text, whole

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
"""OPTIONS is never bent."""

MATCH_REQUESTS = ("method", "path")
"""What a rule about requests or streams can match."""

MATCH_NODES = ("node_type", "node_id")
"""What a rule about nodes can match."""

_MOST_SIGMA = 10


_METHOD = "|".join("".join(f"[{letter}{letter.lower()}]" for letter in method) for method in METHODS)


def _find_in_method(value: Any) -> Messages:
    return one_of(*METHODS).find(value.upper() if isinstance(value, str) else value)


def _find_in_path(value: Any) -> Messages:
    if wrong := text(1, 1000).find(value):
        return wrong
    if not value.startswith(("/", "*", "{")):
        return "Must begin with / or *: it is compared with the path, without the host."
    try:
        compile_glob(value)
    except BadPattern as error:
        return str(error)
    return None


_method = Check(_find_in_method, {"type": "string", "pattern": f"^({_METHOD})$"})
_LETTER = r"([^{}\\]|\\[\s\S])"
_CHOICE = rf"\{{{_LETTER}*\}}"
_GLOB = rf"^([/*]|{_CHOICE})({_LETTER}|{_CHOICE})*$"
"""A pattern that can be read: it begins like a path, and every brace is closed."""

_path = Check(_find_in_path, {"type": "string", "pattern": _GLOB, "maxLength": 1000})
_milliseconds = number(least=0, most=LONGEST_DELAY)
_lognormal = shape(
    {
        "distribution": one_of("lognormal").about("How it is distributed: as the delays of real services are."),
        "median": number(above=0, most=LONGEST_DELAY).about("Milliseconds that half of the delays stay below."),
        "sigma": number(least=0, most=_MOST_SIGMA).about("How far they lie apart; 0 is always the median."),
    },
    required=("distribution", "median", "sigma"),
    closed=True,
)
_least_and_most = each(_milliseconds, 2)


def _find_in_range(value: Any) -> Messages:
    if wrong := each(_milliseconds).find(value):
        return wrong
    if len(value) != 2:
        return "Must have two numbers, the least and the most."
    return {1: "Must not be below the least."} if value[0] > value[1] else None


def _find_in_delay(value: Any) -> Messages:
    if isinstance(value, dict):
        return _lognormal.find(value)
    return _find_in_range(value) if isinstance(value, list) else _milliseconds.find(value)


_delay = Check(
    _find_in_delay, {"anyOf": [_milliseconds.schema, {**_least_and_most.schema, "maxItems": 2}, _lognormal.schema]}
)


_CODE = re.compile("[a-z0-9_]{1,100}")


def _find_in_code(value: Any) -> Messages:
    fits = isinstance(value, str) and _CODE.fullmatch(value)
    return None if fits else "Must have 1 to 100 lower case letters, digits and underscores."


_code = Check(_find_in_code, {"type": "string", "pattern": f"^{_CODE.pattern}$"})

MATCH = {
    "method": _method.about("The HTTP method, in upper or lower case."),
    "path": _path.about(
        "A glob that the path fits, without the prefix of the sandbox; `*/status` fits all that end so."
    ),
    "node_type": text(1, 200).about("The type of a node."),
    "node_id": text(1, 200).about("The id of a node."),
}
_FAILURE = shape(
    {
        "code": text(1, 200).about("What went wrong, for programs; `fault` if nothing is said."),
        "message": text(0, 10_000).about("What went wrong, for people."),
    },
    closed=True,
)
NODE = {
    "error": either(text(1, 10_000), _FAILURE, "Must be a string or {code, message}.").about(
        "With what the attempt fails: a message, or a code and a message."
    ),
    "fail_attempts": whole(1, 1_000_000).about("How many attempts of a node fail before one works; without it, all."),
    "duration_ms": number(least=0).about("Milliseconds that the attempt takes."),
}

_node_members = shape(NODE, closed=True)
_node = Check(_node_members.find, {**_node_members.schema, "minProperties": 1})
_count = whole(1, 2**53 - 1)
_counts = each(_count, 1)


def _find_in_refusal(value: Any) -> Messages:
    return "Must be true or a status from 400 to 599." if value is not True and _error.find(value) else None


_error = whole(400, 599)
_refusal = Check(_find_in_refusal, {"anyOf": [{"const": True}, _error.schema]})
_true = Check(lambda value: None if value is True else "Must be true, or left out.", {"const": True})

STREAM = {
    "drop_after": whole(0, 2**53 - 1).about(
        "The id of the event after which the connection breaks; 0 is before the first."
    ),
    "duplicate": _count.about("The id of an event that comes twice."),
    "swap": _count.about("The id of an event that comes after the one that follows it."),
    "delay": _count.about("The id of an event that comes late."),
    "delay_ms": whole(1, LONGEST_DELAY).about("Real milliseconds by which the event of `delay` is late."),
    "stall_after": whole(0, 2**53 - 1).about("The id of the event after which nothing comes, not even a heartbeat."),
    "refuse_reconnect": _refusal.about("Whether who comes back is refused, with 503 (`true`) or with this status."),
    "omit_final": _true.about("That the last event of an execution does not come."),
}
_PAIR = {"delay": "delay_ms", "delay_ms": "delay"}
_stream_members = shape(STREAM, closed=True)


def _find_in_stream(value: Any) -> Messages:
    if wrong := _stream_members.find(value):
        return wrong
    lonely = {lacking: name for name, lacking in _PAIR.items() if name in value and lacking not in value}
    return {lacking: f"Must be given with '{name}'." for lacking, name in lonely.items()}


_stream = Check(
    _find_in_stream,
    {
        **_stream_members.schema,
        "minProperties": 1,
        "dependentRequired": {name: [lacking] for name, lacking in _PAIR.items()},
    },
)


def _find_in_nth(value: Any) -> Messages:
    if isinstance(value, list):
        return _counts.find(value)
    return "Must be a whole number above 0, or a list of them." if _count.find(value) else None


_nth = Check(_find_in_nth, {"anyOf": [_count.schema, _counts.schema]})


def _find_in_id(value: Any) -> Messages:
    if isinstance(value, str) and ID.fullmatch(value):
        return None
    return "Must have 1 to 100 characters of ASCII, none of them a control character: it is sent in a header."


_id = Check(_find_in_id, {"type": "string", "pattern": f"^{ID.pattern}$"})


USUAL = {
    "id": _id.about("What the rule is called; `rule_1` and so on if nothing is said."),
    "nth": _nth.about("Which of the matches it applies to, counted from 1: one, or a list of them."),
    "times": _count.about("How often it applies at most."),
    "probability": number(least=0, most=1).about("In which share of the matches it applies, by chance from the seed."),
    "matched": anything.about("How often it matched: only told, not listened to."),
    "applied": anything.about("How often it applied: only told, not listened to."),
}
REQUEST = {
    "delay_ms": _delay.about(
        "Milliseconds by which the answer is late: so many, between a least and a most, or by chance."
    ),
    "status": _error.about("The status of the error that is answered; nothing is done."),
    "code": _code.about("The code of the error that is answered; one of the server's own brings its status along."),
    "connection": one_of(*CONNECTIONS).about(
        "How the connection breaks: reset, closed without an answer (`empty`), in the middle of one (`truncate`), or "
        "never answered (`hang`)."
    ),
}

NODES = _node.about("What happens to an attempt of a node.")
STREAMS = _stream.about("What happens to a stream that is opened; ids are those that it tells its reader.")
_ALL = "What the rule is about: all that is given must fit, and everything does if nothing is."


def _rule(about: str, match: tuple[str, ...], members: Mapping[str, Check]) -> dict[str, Any]:
    """What a rule about one kind of thing may have, as JSON Schema."""
    matched = shape({name: MATCH[name] for name in match}, closed=True).about(_ALL)
    return {"description": about, **shape({**USUAL, "match": matched, **members}, closed=True).schema}


SCHEMAS: dict[str, dict[str, Any]] = {
    "RequestRule": _rule("A rule about requests: they are late, refused or broken off.", MATCH_REQUESTS, REQUEST)
    | {
        "anyOf": [{"required": [name]} for name in REQUEST],
        "dependentSchemas": {"connection": {"properties": {"status": False, "code": False}}},
    },
    "NodeRule": _rule("A rule about nodes: they fail, or take longer.", MATCH_NODES, {"node": NODES})
    | {"required": ["node"]},
    "StreamRule": _rule("A rule about streams: they lose, repeat or swap events.", MATCH_REQUESTS, {"stream": STREAMS})
    | {"required": ["stream"]},
}
"""The kinds of rules, as the contract speaks of them."""
