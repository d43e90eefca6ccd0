"""Rules that bend requests, nodes or streams, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import INCLUDE, ValidationError, post_load, pre_load, validates_schema

from ...models.fault import CONNECTIONS, COUNTS, ID, LONGEST_DELAY
from ...models.glob import BadPattern, compile_glob
from ...web.bending import status_for
from ...web.checks import Check, Checked, Messages, anything, each, either, number, one_of, refer, shape, text, whole
from .base import Input, Output, string, whole_number

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
"""OPTIONS is never bent."""

_TO_REQUESTS = ("delay_ms", "status", "code", "connection")
_OF_REQUESTS = ("method", "path")
_OF_NODES = ("node_type", "node_id")
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


def _find_in_words(value: Any) -> Messages:
    if wrong := text(1, 100).find(value):
        return wrong
    fits = all(letter.isascii() and (letter.islower() or letter.isdigit() or letter == "_") for letter in value)
    return None if fits else "Must be in lower case, with digits and underscores."


_words = Check(_find_in_words, {"type": "string", "pattern": "^[a-z0-9_]{1,100}$"})
"""The name of an error."""

_MATCH = {
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
_NODE = {
    "error": either(text(1, 10_000), _FAILURE, "Must be a string or {code, message}.").about(
        "With what the attempt fails: a message, or a code and a message."
    ),
    "fail_attempts": whole(1, 1_000_000).about("How many attempts of a node fail before one works; without it, all."),
    "duration_ms": number(least=0).about("Milliseconds that the attempt takes."),
}

_node = Check(shape(_NODE, closed=True).find, {**shape(_NODE, closed=True).schema, "minProperties": 1})
_count = whole(1, 2**53 - 1)
_counts = each(_count, 1)


def _find_in_refusal(value: Any) -> Messages:
    return "Must be true or a status from 400 to 599." if value is not True and _error.find(value) else None


_error = whole(400, 599)
_refusal = Check(_find_in_refusal, {"anyOf": [{"const": True}, _error.schema]})
_true = Check(lambda value: None if value is True else "Must be true, or left out.", {"const": True})

_STREAM = {
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
_stream_members = shape(_STREAM, closed=True)


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


_KINDS: dict[str, tuple[dict[str, Check], tuple[str, ...]]] = {
    "node": (_NODE, _OF_REQUESTS),
    "stream": (_STREAM, _OF_NODES),
}
"""What a rule may be about beside requests: the members of that, and what it cannot match."""

_ONE_THING = "A rule is about requests, about nodes or about streams"


_USUAL = {
    "id": _id.about("What the rule is called; `rule_1` and so on if nothing is said."),
    "nth": _nth.about("Which of the matches it applies to, counted from 1: one, or a list of them."),
    "times": _count.about("How often it applies at most."),
    "probability": number(least=0, most=1).about("In which share of the matches it applies, by chance from the seed."),
    "matched": anything.about("How often it matched: only told, not listened to."),
    "applied": anything.about("How often it applied: only told, not listened to."),
}
_REQUEST = {
    "delay_ms": _delay.about(
        "Milliseconds by which the answer is late: so many, between a least and a most, or by chance."
    ),
    "status": _error.about("The status of the error that is answered; nothing is done."),
    "code": _words.about("The code of the error that is answered; one of the server's own brings its status along."),
    "connection": one_of(*CONNECTIONS).about(
        "How the connection breaks: reset, closed without an answer (`empty`), in the middle of one (`truncate`), or "
        "never answered (`hang`)."
    ),
}

_NODES = _node.about("What happens to an attempt of a node.")
_STREAMS = _stream.about("What happens to a stream that is opened; ids are those that it tells its reader.")
_ALL = "What the rule is about: all that is given must fit, and everything does if nothing is."


def _rule(about: str, match: tuple[str, ...], members: Mapping[str, Check]) -> dict[str, Any]:
    """What a rule about one kind of thing may have, as JSON Schema."""
    matched = shape({name: _MATCH[name] for name in match}, closed=True).about(_ALL)
    return {"description": about, **shape({**_USUAL, "match": matched, **members}, closed=True).schema}


SCHEMAS: dict[str, dict[str, Any]] = {
    "RequestRule": _rule("A rule about requests: they are late, refused or broken off.", _OF_REQUESTS, _REQUEST)
    | {
        "anyOf": [{"required": [name]} for name in _REQUEST],
        "dependentSchemas": {"connection": {"properties": {"status": False, "code": False}}},
    },
    "NodeRule": _rule("A rule about nodes: they fail, or take longer.", _OF_NODES, {"node": _NODES})
    | {"required": ["node"]},
    "StreamRule": _rule("A rule about streams: they lose, repeat or swap events.", _OF_REQUESTS, {"stream": _STREAMS})
    | {"required": ["stream"]},
}
"""The kinds of rules, as the contract speaks of them."""


class RuleBody(Input):
    """A rule; its counts are taken as they are read, and not listened to."""

    id = Checked(_id)
    match = Checked(shape(_MATCH, closed=True))
    nth = Checked(_nth)
    times = Checked(_count)
    probability = Checked(number(least=0, most=1))
    delay_ms = Checked(_delay)
    status = Checked(_error)
    code = Checked(_words)
    connection = Checked(one_of(*CONNECTIONS))
    node = Checked(_node)
    stream = Checked(_stream)
    matched = Checked(anything, allow_none=True)
    applied = Checked(anything, allow_none=True)
    json_schema = {"oneOf": [refer(name) for name in SCHEMAS]}

    @pre_load(pass_collection=True)
    def check_kind(self, data: Any, *, many: bool, **_options: Any) -> Any:
        """Refuse rules that are no list."""
        if many and not isinstance(data, list):
            raise ValidationError("Must be a list.")
        return data

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def check_sense(self, _data: dict[str, Any], original: Any, **_options: Any) -> None:
        """Refuse a rule that does nothing, or two things at once."""
        if not isinstance(original, dict):
            return
        match = original.get("match")
        wrong = _mixed(original, match if isinstance(match, dict) else {}) or _two_ends(original)
        if wrong:
            raise ValidationError(wrong)

    @post_load
    def tidy(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Give the rule without its counts, and ``nth`` as a list."""
        rule = {name: held for name, held in data.items() if name not in COUNTS}
        return rule | {"nth": [rule["nth"]]} if isinstance(rule.get("nth"), int) else rule


def _mixed(rule: dict[str, Any], match: dict[str, Any]) -> Any:
    """What is wrong with a rule that is not clearly about one thing, or that does nothing to it."""
    kind = next((name for name in _KINDS if name in rule), None)
    if kind is None:
        return _unclear(rule, match)
    members, aliens_in_match = _KINDS[kind]
    message = f"{_ONE_THING}, and this one has '{kind}'."
    wrong: dict[str, Any] = {name: message for name in (*_TO_REQUESTS, *_KINDS) if name in rule and name != kind}
    alien = {name: message for name in aliens_in_match if name in match}
    idle = {kind: f"This does nothing: it has none of {', '.join(members)}."} if rule[kind] == {} else {}
    return wrong | ({"match": alien} if alien else {}) | idle


def _unclear(rule: dict[str, Any], match: dict[str, Any]) -> Any:
    """What is wrong with a rule that ought to be about requests."""
    if of_nodes := [name for name in _OF_NODES if name in match]:
        return {"match": dict.fromkeys(of_nodes, f"{_ONE_THING}, and this one has no 'node' that says what happens.")}
    if not any(name in rule for name in _TO_REQUESTS):
        return f"This rule does nothing: it has none of {', '.join((*_TO_REQUESTS, *_KINDS))}."
    return None


def _two_ends(rule: dict[str, Any]) -> Any:
    """What is wrong with a rule that answers and breaks off, or that does not say how it answers."""
    if "connection" in rule and (both := [name for name in ("status", "code") if name in rule]):
        return dict.fromkeys(both, "A connection that breaks has no answer.")
    code = rule.get("code")
    if isinstance(code, str) and "status" not in rule and status_for(code) is None:
        return {"code": f"'{code}' is no code of ours: give a status, too."}
    return None


class Rule(Output):
    """A rule as it was sent, with its id and how often it matched and applied."""

    class Meta:
        unknown = INCLUDE

    id = string(about="What the rule is called.")
    matched = whole_number(about="How often it matched.")
    applied = whole_number(about="How often it applied.")


RULE_BODY = RuleBody()
RULES_BODY = RuleBody(many=True)
RULE = Rule()
RULES = Rule(many=True)
