"""How the contract is fuzzed: how much of it, with which ids, and what counts as a finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import schemathesis
import yaml
from schemathesis import Case, CheckContext, Response
from schemathesis.core import NotSet
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.openapi import from_dict

from tests.fuzz.budget import LONGER, leave_out, shorten
from tests.fuzz.examples import add_examples
from tests.fuzz.stage import Stage

Json = Any

EXAMPLES = LONGER or 6
"""Requests made by chance for each operation, beside those that the contract's examples and bounds make."""

_NOT_UNDERSTOOD = frozenset(
    (
        "bad_idempotency_key",
        "bad_last_event_id",
        "bad_preference",
        "bad_query",
        "bad_sandbox_name",
        "bad_snapshot_name",
        "invalid_input",
        "malformed",
        "malformed_json",
        "method_not_allowed",
        "too_deep",
        "unknown_url",
        "unsupported_media_type",
    )
)
"""Codes which say that a request is not written as the contract says."""

_NO_WHOLE = (
    "Not a valid integer.",
    "Must be a whole number.",
    "Must be a whole number above 0, or a list of them.",
    "Must be true or a status from 400 to 599.",
)
"""Said to 10.0, which JSON Schema calls a whole number: JavaScript never writes it, and no address has it."""

_UNSAID = {
    "Must not be below the least.": "JSON Schema cannot compare two numbers.",
    "Must lie between the years 1970 and 9998.": "JSON Schema cannot compare moments.",
    "is no code of ours: give a status, too.": "All codes, listed once more, would hide what a rule is.",
}
"""What a body may be refused for although it fits its schema, each with the reason why the schema does not say it."""

_EXCEPTIONS = {
    # An id of a node may have slashes: this is also the URL of a node whose id ends like this, and Allow says so.
    ("POST /api/workflows/{workflow_id}/nodes/{node_id}/process-files", "allow_header_conformance"),
}
"""By operation and check: what is no finding, with the reason."""


@dataclass
class Findings:
    """What came out of fuzzing."""

    called: Counter[str] = field(default_factory=Counter)
    """How many requests were sent, by operation."""
    done: Counter[str] = field(default_factory=Counter)
    """How many of them were answered with what they were sent for."""
    texts: list[str] = field(default_factory=list)
    """What is wrong, each with a line that shows it."""


def load(stage: Stage, url: str | None = None, *, without: Iterable[str] = ()) -> Any:
    """The contract of an application, ready to be fuzzed.

    :param url: where a server listens that has the application; it is called directly if there is none.
    :param without: shared parameters that are never sent, by their name in the contract.
    """
    document = stage.app.test_client().get("/openapi.json").get_json()
    add_examples(document, stage)
    leave_out(document, without)
    if not LONGER:
        shorten(document)
    schema = from_dict(
        document, config=schemathesis.Config.from_dict(_config(stage) | ({"base-url": url} if url else {}))
    )
    if url is None:
        schema.app = stage.app
    return schema


def find(schema: Any) -> Findings:
    """Fuzz each of its operations by itself: by examples, at the bounds, and by chance."""
    schema.config.phases.stateful.enabled = False
    found = Findings()
    for event in from_schema(schema).execute():
        if isinstance(event, ScenarioFinished):
            _take(event, found)
        elif isinstance(event, NonFatalError):
            found.texts.append(f"{event.label}: {event.info.format()}")
        elif isinstance(event, FatalError):
            raise event.exception
    return found


def _take(event: ScenarioFinished, found: Findings) -> None:
    for key, checks in event.recorder.checks.items():
        case = event.recorder.cases[key].value
        operation = case.operation.label
        response = event.recorder.interactions[key].response
        found.called[operation] += 1
        # Some are sent with another method, and OPTIONS succeeds everywhere.
        is_meant = case.method.upper() == case.operation.method.upper()
        found.done[operation] += is_meant and response is not None and 200 <= response.status_code < 300
        for check in checks:
            if (info := check.failure_info) is not None and (operation, check.name) not in _EXCEPTIONS:
                told = f"{operation}: {check.name}: {info.failure.title}\n{info.failure.message}"
                found.texts.append(f"{told}\n{info.code_sample}")


@schemathesis.check
def what_the_contract_says_is_understood(_ctx: CheckContext, response: Response, case: Case) -> None:
    """What is sent as the contract says may be refused for what it means, and never for how it is written."""
    if case.meta is None or not case.meta.generation.mode.is_positive or response.status_code < 400:
        return
    problem = response.json()
    if problem.get("code") == "method_not_allowed" and "{webhook_id}" in case.operation.path:
        return  # The node says to which method a webhook listens.
    if "code" not in problem:
        return  # At the doors of other backends, errors do not say so much.
    is_unsaid = bool(problem["errors"]) and all(_is_unsaid(culprit, case) for culprit in problem["errors"])
    assert is_unsaid or problem["code"] not in _NOT_UNDERSTOOD, problem


def _is_unsaid(culprit: Json, case: Case) -> bool:
    if not culprit["message"].endswith(_NO_WHOLE):
        return str(culprit["message"]).endswith(tuple(_UNSAID))
    sent = _sent(case, culprit["pointer"])
    return all(map(_is_whole, sent if isinstance(sent, list) else [sent]))


def _sent(case: Case, pointer: str) -> Json:
    """What was sent in the place that a problem is about, which is in the query where there is no body."""
    found = case.query if isinstance(case.body, NotSet) else case.body
    for step in pointer.split("/")[1:]:
        found = found[int(step)] if isinstance(found, list) else found[step.replace("~1", "/").replace("~0", "~")]
    return found


def _is_whole(value: Json) -> bool:
    try:
        return not isinstance(value, bool) and float(value).is_integer()
    except (TypeError, ValueError):
        return False


@schemathesis.deserializer("application/yaml")
def read_yaml(_ctx: Any, response: Response) -> Json:
    """The contract in YAML; to read it takes seconds, and it is always the same."""
    return _parsed(response.content)


@lru_cache(maxsize=1)
def _parsed(content: bytes) -> Json:
    return yaml.load(content, yaml.CSafeLoader)


def _config(stage: Stage) -> Json:
    # All ids are known; those that it finds in answers it takes for others, such as one of a node for a workflow's.
    alone = {"extra-data-sources": {"responses": False}}
    return {
        "continue-on-failure": True,
        "phases": dict.fromkeys(("examples", "coverage", "fuzzing"), alone),
        "generation": {"max-examples": EXAMPLES, "deterministic": not LONGER, "database": "none"},
        # What a refusal of data that fits may say is looked at by the check above; 413 is a refusal, too.
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "4xx"]},
            "negative_data_rejection": {"expected-statuses": ["4xx"]},
        },
        "dictionaries": {name: {"values": ids} for name, ids in stage.known.items()},
        "parameters": {f"path.{name}": {"dictionary": name, "probability": 0.7} for name in stage.known},
    }
