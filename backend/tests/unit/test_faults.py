"""Rules on their own: which call they hit, what they do, and that a copy goes on in the same way."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import InvalidInput
from app.models.broken_stream import Step, Told
from app.models.fault import Bend, Faults, NodeFault
from app.models.glob import BadPattern, compile_glob
from app.world import Chance

PATH = "/api/workflows"


def rules(*documents: dict[str, Any], seed: int = 7) -> Faults:
    faults = Faults(Chance(seed))
    faults.replace(documents)
    return faults


def hits(faults: Faults, calls: int, path: str = PATH) -> list[int]:
    """The calls, from 1, that were bent."""
    return [call for call in range(1, calls + 1) if faults.for_request("GET", path)]


@pytest.mark.parametrize(
    ("pattern", "fitting", "alien"),
    [
        ("/api/workflows", ["/api/workflows"], ["/api/workflows/1", "/x/api/workflows"]),
        ("/api/*", ["/api/files"], ["/api/files/1", "/api"]),
        ("/api/workflows/*/execute", ["/api/workflows/wf_1/execute"], ["/api/workflows/a/b/execute"]),
        ("/api/**", ["/api/files", "/api/files/1/content"], ["/api", "/apis/x"]),
        ("**/execute", ["/execute", "/api/workflows/1/execute"], ["/api/executed"]),
        ("*/execute", ["/execute", "/api/workflows/1/execute"], ["/api/executed"]),
        ("*", ["/api/workflows/1/execute"], []),
        ("/api/files/", ["/api/files"], ["/api/files/1"]),
        ("/api/files/**/", ["/api/files/1", "/api/files/1/content"], ["/api/files"]),
        ("/api/**/nodes", ["/api/nodes", "/api/workflows/1/nodes"], ["/api/my-nodes"]),
        ("/api/file?", ["/api/files"], ["/api/file", "/api/file/"]),
        ("/api/{files,templates}/*", ["/api/files/1", "/api/templates/1"], ["/api/workflows/1"]),
        ("/api/a.b", ["/api/a.b"], ["/api/aXb"]),
        (r"/api/\*", ["/api/*"], ["/api/x"]),
        ("/api/*", ["/api/a\nb", "/api/größe"], []),
    ],
)
def test_a_path_is_a_glob_as_playwright_has_it(pattern: str, fitting: list[str], alien: list[str]) -> None:
    compiled = compile_glob(pattern)
    assert all(compiled.fullmatch(path) for path in fitting)
    assert not any(compiled.fullmatch(path) for path in alien)


@pytest.mark.parametrize("pattern", ["/api/{a,b", "/api/a}", "/api/{a,{b}}", "/api/\\"])
def test_a_pattern_that_is_left_open_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        compile_glob(pattern)


def test_the_first_rule_that_applies_is_the_only_one_that_is_asked() -> None:
    faults = rules({"nth": [2], "status": 500}, {"status": 503}, {"status": 404})
    statuses = [bend.status for _ in range(3) if (bend := faults.for_request("GET", PATH))]
    assert statuses == [503, 500, 503]
    assert [(rule["matched"], rule["applied"]) for rule in faults.as_list()] == [(3, 1), (2, 2), (0, 0)]


def test_nth_counts_the_calls_that_match() -> None:
    faults = rules({"match": {"path": PATH, "method": "get"}, "nth": [1, 3], "status": 500})
    assert faults.for_request("POST", PATH) is None
    assert faults.for_request("GET", "/api/files") is None
    assert hits(faults, 4) == [1, 3]


def test_times_counts_the_calls_that_were_bent() -> None:
    assert hits(rules({"nth": [2, 4, 5, 6], "times": 2, "status": 500}), 6) == [2, 4]


def test_probability_comes_from_the_seed_and_from_nothing_else() -> None:
    rule = {"id": "shaky", "probability": 0.3, "status": 500}
    alone = hits(rules(rule), 1000)
    assert 240 < len(alone) < 360
    assert hits(rules({"probability": 0.0, "status": 500}, rule), 1000) == alone
    assert hits(rules(rule, seed=8), 1000) != alone
    assert hits(rules({"probability": 1, "status": 500}), 3) == [1, 2, 3]


def test_a_delay_is_a_number_a_range_or_a_distribution() -> None:
    def drawn(delay: Any, seed: int = 7) -> list[int]:
        faults = rules({"delay_ms": delay}, seed=seed)
        return [bend.delay_ms or 0 for _ in range(400) if (bend := faults.for_request("GET", PATH))]

    assert set(drawn(20)) == {20}
    even = drawn([200, 800])
    assert (min(even) >= 200, max(even) <= 800, len(set(even)) > 100) == (True, True, True)
    skewed = sorted(drawn({"distribution": "lognormal", "median": 300, "sigma": 0.5}))
    assert 270 < skewed[200] < 330
    assert skewed[-1] > 900
    assert max(drawn({"distribution": "lognormal", "median": 600_000, "sigma": 10})) == 600_000
    assert drawn([200, 800]) == even != drawn([200, 800], seed=8)


def test_a_rule_without_an_id_gets_the_next_one_that_is_free() -> None:
    faults = rules({"status": 500}, {"id": "rule_2", "status": 500}, {"status": 500})
    assert [rule["id"] for rule in faults.as_list()] == ["rule_1", "rule_2", "rule_3"]
    faults.clear()
    assert faults.append({"status": 500})["id"] == "rule_4"


def test_an_id_is_given_once_and_a_refusal_changes_nothing() -> None:
    faults = rules({"id": "a", "status": 500})
    before = faults.as_state()
    with pytest.raises(InvalidInput) as refused:
        faults.replace([{"id": "b", "status": 500}, {"status": 500}, {"id": "b", "status": 500}])
    assert [culprit["pointer"] for culprit in refused.value.errors] == ["/2/id"]
    with pytest.raises(InvalidInput):
        faults.append({"id": "a", "status": 500})
    assert faults.as_state() == before


def test_a_node_fails_a_few_times_and_then_works() -> None:
    faults = rules({"match": {"node_type": "http_request"}, "node": {"fail_attempts": 2}})
    error = {"code": "fault", "message": "Failed by the rule 'rule_1'.", "rule": "rule_1"}
    found = [faults.for_node("http_request", "a", attempt) for attempt in (1, 2, 3)]
    assert found == [NodeFault("rule_1", error), NodeFault("rule_1", error), None]
    assert faults.for_node("set", "a", 1) is None
    assert [(rule["matched"], rule["applied"]) for rule in faults.as_list()] == [(3, 2)]


def test_a_node_rule_says_how_it_fails_and_how_long_it_takes() -> None:
    faults = rules(
        {"match": {"node_id": "a"}, "node": {"error": "Gone", "duration_ms": 70}},
        {"match": {"node_id": "b"}, "node": {"error": {"code": "quota", "message": "Full"}}},
        {"node": {"fail_attempts": 1, "duration_ms": 5}},
    )
    gone = {"code": "fault", "message": "Gone", "rule": "rule_1"}
    assert faults.for_node("set", "a", 1) == NodeFault("rule_1", gone, 70)
    assert faults.for_node("set", "b", 9) == NodeFault("rule_2", {"code": "quota", "message": "Full", "rule": "rule_2"})
    assert faults.for_node("set", "c", 2) == NodeFault("rule_3", None, 5)


def test_rules_about_nodes_and_rules_about_requests_do_not_meet() -> None:
    faults = rules({"node": {"duration_ms": 5}})
    assert (faults.has_request_rules, faults.for_request("GET", PATH)) == (False, None)
    faults = rules({"status": 500})
    assert (faults.has_request_rules, faults.for_node("set", "a", 1)) == (True, None)


STREAM = "/api/executions/ex_1/events"


def openings(faults: Faults, count: int, *, resumes: bool = False) -> list[str | int | None]:
    """By opening of a stream: the rule that it has to do with, or the status with which it is refused."""
    found = [faults.for_stream("GET", STREAM, resumes=resumes) for _ in range(count)]
    return [None if stream is None else stream.refusal or stream.rule_id for stream in found]


def test_rules_about_streams_are_asked_for_streams_only() -> None:
    faults = rules({"stream": {"drop_after": 3}})
    assert (faults.has_stream_rules, faults.has_request_rules) == (True, False)
    assert (faults.for_request("GET", STREAM), faults.for_node("set", "a", 1)) == (None, None)
    assert openings(faults, 1) == ["rule_1"]
    faults = rules({"status": 500}, {"node": {"duration_ms": 5}})
    assert (faults.has_stream_rules, openings(faults, 1)) == (False, [None])
    faults.clear()
    assert not faults.has_stream_rules


def test_openings_count_as_matched_and_what_happens_as_applied() -> None:
    faults = rules(
        {"match": {"path": "/api/executions/*/events"}, "nth": [2], "stream": {"duplicate": 1}},
        {"match": {"method": "get"}, "stream": {"drop_after": 3}},
        {"match": {"path": "/api/workflows/**"}, "stream": {"drop_after": 3}},
    )
    assert openings(faults, 3) == ["rule_2", "rule_1", "rule_2"]
    assert [(rule["matched"], rule["applied"]) for rule in faults.as_list()] == [(3, 0), (2, 0), (0, 0)]
    assert faults.for_stream("POST", "/api/nothing", resumes=False) is None


def test_only_who_resumes_is_refused_and_only_so_often() -> None:
    faults = rules({"times": 2, "stream": {"refuse_reconnect": True}}, {"stream": {"refuse_reconnect": 404}})
    assert openings(faults, 1) == ["rule_1"]
    assert openings(faults, 4, resumes=True) == [503, 503, 404, 404]
    assert [(rule["matched"], rule["applied"]) for rule in faults.as_list()] == [(5, 2), (2, 2)]


def test_nothing_else_happens_to_a_stream_that_is_refused() -> None:
    faults = rules({"stream": {"refuse_reconnect": 410, "drop_after": 0, "omit_final": True}})
    refused = faults.for_stream("GET", STREAM, resumes=True)
    assert refused is not None
    assert (refused.refusal, refused.begin()) == (410, [])
    assert refused.bend([Told(1, "e1", True)]) == [Step("e1")]
    assert faults.as_list()[0]["applied"] == 1


def test_which_streams_are_broken_by_chance_comes_from_the_seed() -> None:
    rule = {"id": "shaky", "probability": 0.3, "stream": {"drop_after": 3}}
    alone = openings(rules(rule), 1000)
    assert 240 < alone.count("shaky") < 360
    assert openings(rules({"probability": 0.0, "stream": {"swap": 1}}, rule), 1000) == alone
    assert openings(rules(rule, seed=8), 1000) != alone


def test_rules_about_streams_that_were_written_go_on_in_the_same_way() -> None:
    def go_on(faults: Faults) -> list[str | int | None]:
        return openings(faults, 20, resumes=True)

    faults = rules({"probability": 0.4, "times": 12, "stream": {"refuse_reconnect": 500, "swap": 2}})
    go_on(faults)
    copy = Faults(Chance(7))
    copy.restore(faults.as_state())
    assert copy.as_state() == faults.as_state()
    assert go_on(copy) == go_on(faults)
    assert copy.as_state() == faults.as_state()


def test_faults_that_were_written_go_on_in_the_same_way() -> None:
    def go_on(faults: Faults) -> list[Bend | int | None]:
        return [faults.for_request("GET", PATH) or faults.draw_latency(200, 800) for _ in range(60)]

    faults = rules({"probability": 0.4, "delay_ms": [1, 900], "times": 9}, {"node": {"duration_ms": 5}})
    go_on(faults)
    copy = Faults(Chance(7))
    copy.restore(faults.as_state())
    assert copy.as_state() == faults.as_state()
    assert go_on(copy) == go_on(faults)
    assert copy.append({"status": 500})["id"] == faults.append({"status": 500})["id"] == "rule_3"


GOOD: dict[str, Any] = {"id": "a", "match": {}, "status": 500, "matched": 1, "applied": 0}


@pytest.mark.parametrize(
    "state",
    [
        None,
        {},
        {"rules": [], "last_id": -1, "late": 0},
        {"rules": [GOOD, GOOD], "last_id": 0, "late": 0},
        *(
            {"rules": [GOOD | wrong], "last_id": 0, "late": 0}
            for wrong in (
                {"id": 5},
                {"match": []},
                {"match": {"path": "/{"}},
                {"matched": "1"},
                {"delay_ms": [5]},
                {"delay_ms": {"median": 0, "sigma": 1}},
                {"delay_ms": 1e12},
                {"nth": 3},
                {"nth": [7], "times": "often"},
                {"nth": [7], "probability": 2},
                {"delay_ms": [0, 1, 2]},
                {"node": {"error": 5}},
                {"node": {"fail_attempts": "2"}},
                {"status": 99},
                {"connection": "cut"},
                {"node": 7},
                {"stream": {"swap": 1}, "node": {}},
                {"stream": 7},
                {"stream": {}},
                {"stream": {"swap": 0}},
                {"stream": {"duplicate": True}},
                {"stream": {"drop_after": "3"}},
                {"stream": {"stall_after": -1}},
                {"stream": {"stall_after": 1.5}},
                {"stream": {"delay": 1}},
                {"stream": {"delay_ms": 1}},
                {"stream": {"delay": 1, "delay_ms": 600_001}},
                {"stream": {"refuse_reconnect": 200}},
                {"stream": {"refuse_reconnect": False}},
                {"stream": {"omit_final": 1}},
                {"stream": {"swap": 1, "often": 2}},
            )
        ),
    ],
)
def test_a_state_that_is_none_is_refused(state: Any) -> None:
    with pytest.raises(InvalidInput):
        Faults(Chance(7)).restore(state)
