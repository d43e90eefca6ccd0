"""Fault rules, made by chance: each is there as it was sent, and an answer that it bends says so."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.fuzz.budget import LONGER
from tests.fuzz.examples import ids_for
from tests.fuzz.fuzzing import load
from tests.fuzz.sparing import spare_rule
from tests.fuzz.stage import Stage

Json = Any

STAGE = Stage(forgetful=False, bends=True)
CLIENT = STAGE.app.test_client()
CONTRACT = load(STAGE)
RULES = CONTRACT["/_control/faults"]["POST"].as_strategy(generation_mode=GenerationMode.POSITIVE)
CALLS = [
    ("GET", "/api/workflows/{workflow_id}"),
    ("GET", "/api/workflows"),
    ("GET", "/api/files/{file_id}/content"),
    ("GET", "/api/executions/{execution_id}/events"),
    ("POST", "/api/workflows/{workflow_id}/execute"),
    ("DELETE", "/api/templates/{template_id}"),
]
is_problem = jsonschema_rs.Draft202012Validator(
    {"$ref": "#/components/schemas/Problem", "components": CONTRACT.raw_schema["components"]}
).is_valid


def everywhere(rule: Json) -> Json:
    """The rule for all requests: too few are like those that it names by chance."""
    return {name: held for name, held in rule.items() if name not in ("match", "nth", "probability")}


SOME = RULES.map(lambda case: spare_rule(case.body))


@settings(
    max_examples=LONGER or 60,
    derandomize=not LONGER,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(SOME | SOME.map(everywhere), st.permutations(CALLS))
def test_a_rule_does_what_it_says_and_nothing_else(rule: Json, calls: list[tuple[str, str]]) -> None:
    STAGE.clear()
    made = CLIENT.post("/_control/faults", json=rule)
    if made.status_code != 201:
        assert made.status_code in (409, 422), made.text
        return
    kept = made.get_json()
    assert CLIENT.get("/_control/faults").get_json()[-1] == kept
    bent = [ask(kept, *call) for call in calls]
    applied = CLIENT.get("/_control/faults").get_json()[-1]["applied"]
    # A rule about nodes bends none of these answers, but the execution that one of them starts.
    assert sum(bent) == (0 if "node" in rule else applied)
    assert CLIENT.delete("/_control/faults").status_code == 204
    assert CLIENT.get("/_control/faults").get_json() == []


def ask(rule: Json, method: str, path: str) -> bool:
    """Whether the rule has to do with the answer to a call; otherwise it has to be a usual one."""
    url = path.format(**ids_for("", STAGE))
    try:
        answer = CLIENT.open(url, method=method, **({"json": {}} if method == "POST" else {}))
    except ConnectionError:
        assert "connection" in rule
        return True
    is_bent = "X-Understudy-Rule" in answer.headers
    if is_bent:
        assert answer.headers["X-Understudy-Rule"] == rule["id"]
    if is_bent and ("status" in rule or "code" in rule):
        assert answer.status_code == rule.get("status", answer.status_code) >= 400
        assert is_problem(answer.get_json())
    else:
        assert answer.status_code < 300, answer.text
    return is_bent
