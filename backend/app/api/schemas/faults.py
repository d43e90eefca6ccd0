"""Rules that bend requests, nodes or streams, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, ValidationError, post_load, pre_load, validates_schema

from ...models.fault import CONNECTIONS, COUNTS, ID, LONGEST_DELAY
from ...models.glob import BadPattern, compile_glob
from ...web.bending import status_for
from .base import Input, Output, string, whole_number
from .checks import Check, Checked, Messages, each, either, number, one_of, shape, text, whole

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
"""OPTIONS is never bent."""

_TO_REQUESTS = ("delay_ms", "status", "code", "connection")
_OF_REQUESTS = ("method", "path")
_OF_NODES = ("node_type", "node_id")
_MOST_SIGMA = 10


def _only(check: Check, *names: str) -> Check:
    """An object that has no members but these."""

    def check_names(value: Any) -> Messages:
        unknown = [name for name in value if name not in names] if isinstance(value, dict) else []
        return dict.fromkeys(unknown, "Unknown field.") or check(value)

    return check_names


def _method(value: Any) -> Messages:
    return one_of(*METHODS)(value.upper() if isinstance(value, str) else value)


def _path(value: Any) -> Messages:
    if wrong := text(1, 1000)(value):
        return wrong
    if not value.startswith(("/", "*", "{")):
        return "Must begin with / or *: it is compared with the path, without the host."
    try:
        compile_glob(value)
    except BadPattern as error:
        return str(error)
    return None


def _up_to(most: float, least: float = 0) -> Check:
    """A number between two others."""

    def check(value: Any) -> Messages:
        if wrong := number(least=least)(value):
            return wrong
        return None if value <= most else f"Must be at most {most:g}."

    return check


_milliseconds = _up_to(LONGEST_DELAY)


def _positive_milliseconds(value: Any) -> Messages:
    return number(above=0)(value) or _milliseconds(value)


_lognormal = _only(
    shape(
        {"distribution": one_of("lognormal"), "median": _positive_milliseconds, "sigma": _up_to(_MOST_SIGMA)},
        required=("distribution", "median", "sigma"),
    ),
    "distribution",
    "median",
    "sigma",
)


def _delay(value: Any) -> Messages:
    if isinstance(value, dict):
        return _lognormal(value)
    if not isinstance(value, list):
        return _milliseconds(value)
    if wrong := each(_milliseconds)(value):
        return wrong
    if len(value) != 2:
        return "Must have two numbers, the least and the most."
    return {1: "Must not be below the least."} if value[0] > value[1] else None


def _words(value: Any) -> Messages:
    """The name of an error: lower case, digits and underscores."""
    if wrong := text(1, 100)(value):
        return wrong
    fits = all(letter.isascii() and (letter.islower() or letter.isdigit() or letter == "_") for letter in value)
    return None if fits else "Must be in lower case, with digits and underscores."


_MATCH = {"method": _method, "path": _path, "node_type": text(1, 200), "node_id": text(1, 200)}
_NODE = {
    "error": either(
        text(1, 10_000),
        _only(shape({"code": text(1, 200), "message": text(0, 10_000)}), "code", "message"),
        "Must be a string or {code, message}.",
    ),
    "fail_attempts": whole(1, 1_000_000),
    "duration_ms": number(least=0),
}


_count = whole(1, 2**53 - 1)
_counts = each(_count, 1)


def _refusal(value: Any) -> Messages:
    return "Must be true or a status from 400 to 599." if value is not True and whole(400, 599)(value) else None


def _true(value: Any) -> Messages:
    return None if value is True else "Must be true, or left out."


_STREAM = {
    "drop_after": whole(0, 2**53 - 1),
    "duplicate": _count,
    "swap": _count,
    "delay": _count,
    "delay_ms": whole(1, LONGEST_DELAY),
    "stall_after": whole(0, 2**53 - 1),
    "refuse_reconnect": _refusal,
    "omit_final": _true,
}
_PAIR = {"delay": "delay_ms", "delay_ms": "delay"}
_stream_members = _only(shape(_STREAM), *_STREAM)


def _stream(value: Any) -> Messages:
    if wrong := _stream_members(value):
        return wrong
    lonely = {lacking: name for name, lacking in _PAIR.items() if name in value and lacking not in value}
    return {lacking: f"Must be given with '{name}'." for lacking, name in lonely.items()}


def _nth(value: Any) -> Messages:
    """A count, or a list of counts."""
    if isinstance(value, list):
        return _counts(value)
    return "Must be a whole number above 0, or a list of them." if _count(value) else None


def _id(value: Any) -> Messages:
    if isinstance(value, str) and ID.fullmatch(value):
        return None
    return "Must have 1 to 100 characters of ASCII, none of them a control character: it is sent in a header."


_KINDS: dict[str, tuple[dict[str, Check], tuple[str, ...]]] = {
    "node": (_NODE, _OF_REQUESTS),
    "stream": (_STREAM, _OF_NODES),
}
"""What a rule may be about beside requests: the members of that, and what it cannot match."""

_ONE_THING = "A rule is about requests, about nodes or about streams"


class RuleBody(Input):
    """A rule; its counts are taken as they are read, and not listened to."""

    id = Checked(_id)
    match = Checked(_only(shape(_MATCH), *_MATCH))
    nth = Checked(_nth)
    times = Checked(_count)
    probability = Checked(_up_to(1))
    delay_ms = Checked(_delay)
    status = Checked(whole(400, 599))
    code = Checked(_words)
    connection = Checked(one_of(*CONNECTIONS))
    node = Checked(_only(shape(_NODE), *_NODE))
    stream = Checked(_stream)
    matched = Checked(lambda _: None, allow_none=True)
    applied = Checked(lambda _: None, allow_none=True)

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


class RuleShown(Output):
    """A rule as it was sent, with its id and how often it matched and applied."""

    class Meta:
        unknown = INCLUDE

    id = string()
    matched = whole_number()
    applied = whole_number()


RULE_BODY = RuleBody()
RULES_BODY = RuleBody(many=True)
RULE = RuleShown()
RULES = RuleShown(many=True)
