"""Rules that bend requests, nodes or streams, in and out."""

from __future__ import annotations

from typing import Any

from marshmallow import INCLUDE, ValidationError, post_load, pre_load, validates_schema

from ...models.fault import COUNTS
from ...web.bending import status_for
from ...web.checks import Check, Checked, refer, shape
from ...web.schemas import Input, Output, string, whole_number
from .rules import MATCH, MATCH_NODES, MATCH_REQUESTS, NODE, NODES, REQUEST, SCHEMAS, STREAM, STREAMS, USUAL

_MEMBERS: dict[str, Check] = {
    **USUAL,
    **REQUEST,
    "match": shape(MATCH, closed=True),
    "node": NODES,
    "stream": STREAMS,
}

_KINDS: dict[str, tuple[dict[str, Check], tuple[str, ...]]] = {
    "node": (NODE, MATCH_REQUESTS),
    "stream": (STREAM, MATCH_NODES),
}
"""What a rule may be about beside requests: the members of that, and what it cannot match."""

_ONE_THING = "A rule is about requests, about nodes or about streams"


class RuleBody(Input):
    """A rule; its counts are taken as they are read, and not listened to."""

    class Meta(Input.Meta):
        include = {name: Checked(check, allow_none=name in COUNTS) for name, check in _MEMBERS.items()}

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
    wrong: dict[str, Any] = {name: message for name in (*REQUEST, *_KINDS) if name in rule and name != kind}
    alien = {name: message for name in aliens_in_match if name in match}
    idle = {kind: f"This does nothing: it has none of {', '.join(members)}."} if rule[kind] == {} else {}
    return wrong | ({"match": alien} if alien else {}) | idle


def _unclear(rule: dict[str, Any], match: dict[str, Any]) -> Any:
    """What is wrong with a rule that ought to be about requests."""
    if of_nodes := [name for name in MATCH_NODES if name in match]:
        return {"match": dict.fromkeys(of_nodes, f"{_ONE_THING}, and this one has no 'node' that says what happens.")}
    if not any(name in rule for name in REQUEST):
        return f"This rule does nothing: it has none of {', '.join((*REQUEST, *_KINDS))}."
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
