"""What is taken out of a request before the server sees it: what only costs real time, or asks for an error.

Everything else of the contract is sent as it was made. Each thing that is taken out has its reason here; what a short
run leaves out of the contract is in budget.py, and what a story does in test_stories.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from app.models.fault import LONGEST_DELAY
from app.services.waiting import LONGEST_WAIT

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from app.sandbox import Sandbox

Json = Any

_BRIEFLY = {
    # These are slept through, in real milliseconds.
    "HTTP_X_MOCK_RESPONSE_DELAY": (5, LONGEST_DELAY),
    "__delay": (5, LONGEST_DELAY),
    # So many real seconds somebody waits for news, and there are none: time stands.
    "wait": (0.005, LONGEST_WAIT),
}
"""By name: what a header or a parameter becomes, if it lies between this and what the server would do."""

_BRIEF_MS = 2

_CODES = ("HTTP_X_MOCK_RESPONSE_CODE", "__code")
# Whoever asks for an error is answered with one, which would be taken for a fault of the server.

_STATUS = re.compile(r"[1-5][0-9]{2}")
_PREFERRED_TIME = re.compile(r"\b(wait|delay)\s*=\s*\"?[0-9.]+")
_PREFERRED_CODE = re.compile(r"\bcode\s*=\s*\"?[1-5][0-9]{2}")


def spare(environ: WSGIEnvironment, sandboxes: Iterable[Sandbox]) -> None:
    """Take it out of a request.

    :param sandboxes: whose fault rules are forgotten before: a rule that an earlier request made would be taken for a
        fault of the server, or delay this one by minutes. What rules do is looked at in test_rules.py.
    """
    for sandbox in sandboxes:
        sandbox.faults.clear()
    for name in (*_BRIEFLY, *_CODES):
        if name in environ:
            environ[name] = _spared(name, environ[name])
    if "HTTP_PREFER" in environ:
        briefly = _PREFERRED_TIME.sub(r"\1=0", environ["HTTP_PREFER"])
        environ["HTTP_PREFER"] = _PREFERRED_CODE.sub("code=200", briefly)
    query = environ.get("QUERY_STRING", "")
    if any(name in query for name in (*_BRIEFLY, *_CODES)):
        environ["QUERY_STRING"] = _spared_query(query)


def spare_rule(rule: Json) -> Json:
    """A fault rule that says the same, and is soon over."""
    spared = {**rule}
    if "delay_ms" in rule:
        # It is slept through, in real milliseconds.
        spared["delay_ms"] = _briefly(rule["delay_ms"])
    if rule.get("connection") == "hang":
        # It is broken like the others here, but a server lets its caller wait for a minute.
        spared["connection"] = "empty"
    return spared


def _briefly(delay: Json) -> Json:
    if isinstance(delay, list):
        return [_briefly(end) for end in delay]
    if isinstance(delay, dict):
        return {**delay, "median": min(delay["median"], _BRIEF_MS), "sigma": min(delay["sigma"], 1)}
    return min(delay, _BRIEF_MS)


def _spared_query(query: str) -> str:
    told = parse_qsl(query, keep_blank_values=True, encoding="latin-1")
    return urlencode([(name, _spared(name, value)) for name, value in told], encoding="latin-1")


def _spared(name: str, value: str) -> str:
    if name in _CODES:
        return "200" if _STATUS.fullmatch(value) else value
    least, most = _BRIEFLY.get(name, (0, 0))
    return f"{least:g}" if least < _number(value) <= most else value


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0
