"""How the contract is fuzzed: how much of it, with which ids, and what counts as a finding."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import schemathesis
import yaml
from schemathesis import Case, CheckContext, Response
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.openapi import from_dict

from tests.fuzz.budget import LONGER, shorten
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

_WHOLE = "JSON Schema calls 1.0 a whole number; JavaScript never writes it, and it is refused."
_UNSAID = {
    "Must be a whole number.": _WHOLE,
    "Must be a whole number above 0, or a list of them.": _WHOLE,
    "Must be true or a status from 400 to 599.": _WHOLE,
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
    texts: list[str] = field(default_factory=list)
    """What is wrong, each with a line that shows it."""


def load(stage: Stage, url: str | None = None) -> Any:
    """The contract of an application, ready to be fuzzed.

    :param url: where a server listens that has the application; it is called directly if there is none.
    """
    document = stage.app.test_client().get("/openapi.json").get_json()
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
        operation = event.recorder.cases[key].value.operation.label
        found.called[operation] += 1
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
    messages = [culprit["message"] for culprit in problem["errors"]]
    is_unsaid = bool(messages) and all(message.endswith(tuple(_UNSAID)) for message in messages)
    assert is_unsaid or problem["code"] not in _NOT_UNDERSTOOD, problem


@schemathesis.deserializer("application/yaml")
def read_yaml(_ctx: Any, response: Response) -> Json:
    """The contract in YAML; to read it takes seconds, and it is always the same."""
    return _parsed(response.content)


@lru_cache(maxsize=1)
def _parsed(content: bytes) -> Json:
    return yaml.load(content, yaml.CSafeLoader)


def _config(stage: Stage) -> Json:
    return {
        "continue-on-failure": True,
        "generation": {"max-examples": EXAMPLES, "deterministic": not LONGER, "database": "none"},
        # What a refusal of data that fits may say is looked at by the check above; 413 is a refusal, too.
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", "3xx", "4xx"]},
            "negative_data_rejection": {"expected-statuses": ["4xx"]},
        },
        "dictionaries": {name: {"values": ids} for name, ids in stage.known.items()},
        "parameters": {f"path.{name}": {"dictionary": name, "probability": 0.7} for name in stage.known},
    }
