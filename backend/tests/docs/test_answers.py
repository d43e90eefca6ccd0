"""The page on how an answer is chosen: its questions are asked in its order."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import Limits, Settings
from tests.docs.pages import DOCS, read_rows

ROWS = {
    int(number): re.findall(r"`(\w+)`", codes) for number, _, codes in read_rows(DOCS / "how-an-answer-is-chosen.md")
}
"""By the number of a question: the codes that the page names, none if any may come."""

SANDBOX = "/s/mine"
TOKEN = {"Authorization": "Bearer let-me"}
LIMITS = Limits(max_sandboxes=1, max_nodes=3, max_body_bytes=5000, max_snapshot_bytes=5000)
USED_KEY = "used"


@dataclass
class Asked:
    """A request in the making."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    member: str = ""
    """A member of the body that must be a text."""
    impossible: dict[str, Any] | None = None
    """What the body wants where it wants the impossible."""
    number: str = ""
    """A parameter of the query that must be a number."""
    headers: dict[str, str] = field(default_factory=lambda: dict(TOKEN))
    query: dict[str, str] = field(default_factory=dict)
    sandbox: str = SANDBOX
    content_type: str = "application/json"
    is_large: bool = False
    is_broken: bool = False
    is_bent: bool = False

    @property
    def is_control(self) -> bool:
        """Whether it is about the control API."""
        return self.path.startswith("/_control")

    @property
    def content(self) -> bytes:
        """The body as it is sent."""
        if self.body is None:
            return b""
        written = b"{" if self.is_broken else orjson.dumps(self.body)
        return written + b" " * (LIMITS.max_body_bytes if self.is_large else 0)


TOO_MANY = {"nodes": [{"id": name} for name in "abcd"]}
W, E, T = "/api/workflows/{workflow_id}", "/api/executions/{execution_id}", "/api/templates/{template_id}"
API = [*range(2, 9)]
BODY = [10, 12, 13, 14]
ONCE = [9, 10, 11, 12, 13, 14]
EDGE = {"source": "a", "target": "b"}

REQUESTS: dict[str, tuple[Callable[[], Asked], list[int]]] = {
    "list": (lambda: Asked("GET", "/api/workflows", number="per_page"), [*API, 15]),
    "look": (lambda: Asked("GET", f"{E}", number="wait"), [*API, 15, 16]),
    "follow": (lambda: Asked("GET", f"{E}/events", number="after"), [*API, 15, 16]),
    "create": (lambda: Asked("POST", "/api/workflows", {}, "name", TOO_MANY), [*API, *ONCE, 19]),
    "copy": (lambda: Asked("POST", f"{W}/duplicate", {}, "name"), [*API, *ONCE, 16]),
    "start": (lambda: Asked("POST", f"{W}/execute", {}, "start_node", {"start_node": "z"}), [*API, *ONCE, 16, 19]),
    "again": (lambda: Asked("POST", f"{E}/retry"), [*API, 9, 16]),
    "pause": (lambda: Asked("POST", "/api/executions/{running_id}/pause"), [*API, 16]),
    "save": (lambda: Asked("PATCH", W, {}, "name", TOO_MANY), [*API, *BODY, 16, 17, 19]),
    "replace": (lambda: Asked("PUT", W, {}, "name", TOO_MANY), [*API, *BODY, 16, 17, 19]),
    "delete": (lambda: Asked("DELETE", W), [2, *range(4, 9), 16, 17]),
    "add a node": (lambda: Asked("POST", f"{W}/nodes", {}, "type", {"id": "a"}), [*API, *ONCE, 16, 17, 19]),
    "change a node": (
        lambda: Asked("PATCH", f"{W}/nodes/{{node}}", {}, "type", {"id": "z"}),
        [*API, *BODY, 16, 17, 18, 19],
    ),
    "replace a node": (
        lambda: Asked("PUT", f"{W}/nodes/{{node}}", {}, "type", {"id": "z"}),
        [*API, *BODY, 16, 17, 18, 19],
    ),
    "delete a node": (lambda: Asked("DELETE", f"{W}/nodes/{{node}}"), [2, *range(4, 9), 16, 17, 18]),
    "reconnect": (
        lambda: Asked("PUT", f"{W}/connections/{{line}}", dict(EDGE), "target", {"target": "z"}),
        [*API, *BODY, 16, 17, 18, 19],
    ),
    "disconnect": (lambda: Asked("DELETE", f"{W}/connections/{{line}}"), [2, *range(4, 9), 16, 17, 18]),
    "save a template": (lambda: Asked("PUT", T, {}, "name", TOO_MANY), [*API, *BODY, 16, 17, 19]),
    "apply": (lambda: Asked("POST", f"{T}/apply", {}, "name"), [*API, *ONCE, 16]),
    "teach": (
        lambda: Asked("POST", "/api/node-types", {"type": "mine"}, "type", {"type": "set"}),
        [*API, *ONCE, 19],
    ),
    "direct": (
        lambda: Asked("PUT", "/_control/clock", {}, "pace", {"now": "1999-01-01"}),
        [1, 2, 3, 8, *BODY, 19],
    ),
    "reset": (
        lambda: Asked("POST", "/_control/reset", {}, "pace", {"scenario": "none"}),
        [1, 2, 3, 8, *BODY, 19],
    ),
    "take": (lambda: Asked("POST", "/_control/snapshots", {"name": "new"}, "name"), [1, 2, 3, 8, *ONCE]),
    "bring": (
        lambda: Asked("PUT", "/_control/snapshots/{snapshot}", {}, "format"),
        [1, 2, 3, 8, 9, 10, 12],
    ),
    "look back": (lambda: Asked("GET", "/_control/requests", number="limit"), [1, 2, 3, 8, 15]),
}
"""By name: a request with nothing wrong, and the questions that it is asked."""


def show_no_token(asked: Asked) -> None:
    """Show no token."""
    del asked.headers["Authorization"]


def name_no_sandbox(asked: Asked) -> None:
    """Name a sandbox that cannot be."""
    asked.sandbox = "/s/no name"


def read_tables_only(asked: Asked) -> None:
    """Accept nothing that is there."""
    asked.headers["Accept"] = "text/csv"


def prefer_nonsense(asked: Asked) -> None:
    """Prefer what nobody understands."""
    asked.query["__delay"] = "soon"


def name_one_more_sandbox(asked: Asked) -> None:
    """Name a sandbox that there is no room for."""
    asked.sandbox = "/s/another"


def choose_an_error(asked: Asked) -> None:
    """Choose an error."""
    asked.headers["Prefer"] = "code=418"


def meet_a_rule(asked: Asked) -> None:
    """Meet a rule."""
    asked.is_bent = True


def ask_for_nothing(asked: Asked) -> None:
    """Ask for what is not there."""
    asked.path = "/_control/nowhere" if asked.is_control else "/api/nowhere"


def use_another_method(asked: Asked) -> None:
    """Use a method that this URL does not have."""
    asked.method = "PROPFIND"


def send_a_long_key(asked: Asked) -> None:
    """Send a key that is too long; of a snapshot that is brought: a name that is none."""
    asked.headers["Idempotency-Key"] = "k" * 256
    asked.path = asked.path.replace("{snapshot}", "no name")


def send_too_much(asked: Asked) -> None:
    """Send more bytes than are taken."""
    asked.is_large = True


def send_a_used_key(asked: Asked) -> None:
    """Send the key of another request."""
    asked.headers["Idempotency-Key"] = USED_KEY


def send_a_table(asked: Asked) -> None:
    """Say that the body is something else."""
    asked.content_type = "text/csv"


def send_no_json(asked: Asked) -> None:
    """Send half a body."""
    asked.is_broken = True


def send_a_number(asked: Asked) -> None:
    """Send a member of the wrong kind."""
    assert asked.body is not None
    asked.body[asked.member] = 1


def ask_nonsense(asked: Asked) -> None:
    """Ask with a parameter that does not fit."""
    asked.query[asked.number] = "soon"


def name_nothing(asked: Asked) -> None:
    """Name a thing that is not there."""
    asked.path = re.sub(r"\{(workflow|execution|running|template)_id\}", "none", asked.path)


def know_another_revision(asked: Asked) -> None:
    """Expect another revision."""
    asked.headers["If-Match"] = '"9"'


def name_no_part(asked: Asked) -> None:
    """Name a part that is not there."""
    asked.path = re.sub(r"\{(node|line)\}", "none", asked.path)


def want_the_impossible(asked: Asked) -> None:
    """Want what cannot be."""
    assert asked.body is not None
    assert asked.impossible
    asked.body |= {name: held for name, held in asked.impossible.items() if asked.body.get(name) != 1}


Wrong = tuple[Callable[[Asked], None], str]

WRONGS: dict[int, list[Wrong]] = {
    1: [(show_no_token, "not_authenticated")],
    2: [(name_no_sandbox, "bad_sandbox_name")],
    3: [(read_tables_only, "not_acceptable")],
    4: [(prefer_nonsense, "bad_preference")],
    5: [(name_one_more_sandbox, "too_many_sandboxes")],
    6: [(choose_an_error, "i_m_a_teapot")],
    7: [(meet_a_rule, "by_a_rule")],
    8: [(ask_for_nothing, "unknown_url"), (use_another_method, "method_not_allowed")],
    9: [(send_a_long_key, "bad_idempotency_key bad_snapshot_name")],
    10: [(send_too_much, "too_large")],
    11: [(send_a_used_key, "idempotency_key_reused")],
    12: [(send_a_table, "unsupported_media_type")],
    13: [(send_no_json, "malformed_json")],
    14: [(send_a_number, "invalid_input invalid_node_type")],
    15: [(ask_nonsense, "bad_query")],
    16: [(name_nothing, "workflow_not_found execution_not_found template_not_found")],
    17: [(know_another_revision, "revision_mismatch")],
    18: [(name_no_part, "node_not_found connection_not_found")],
    19: [(want_the_impossible, "")],
}
"""By the number of the question: what is wrong with a request that it refuses, and the codes that tell so."""

APART = {(2, 5), (3, 8), (9, 11), (13, 14), (13, 19)}
"""Questions that no request can fail both."""


def adjacent(questions: list[int]) -> Iterator[tuple[int, int]]:
    """Each question with the next one that the same request can fail, too."""
    for place, question in enumerate(questions):
        following = (other for other in questions[place + 1 :] if (question, other) not in APART)
        yield from ((question, other) for other in itertools.islice(following, 1))


ALONE = [
    pytest.param(name, wrong, id=f"{name}-{number}-{wrong[0].__name__}")
    for name, (_, questions) in REQUESTS.items()
    for number in questions
    for wrong in WRONGS[number]
]
PAIRS = [
    pytest.param(name, first, second, id=f"{name}-{earlier}-before-{later}-{second[0].__name__}")
    for name, (_, questions) in REQUESTS.items()
    for earlier, later in adjacent(questions)
    for first, second in itertools.product(WRONGS[earlier], WRONGS[later])
]


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    """A server with room for one sandbox."""
    settings = Settings(pace="stopped", scenario="empty", control_token="let-me", limits=LIMITS)
    with create_app(settings).test_client() as client:
        yield client


@pytest.fixture
def things(client: FlaskClient) -> dict[str, str]:
    """What the sandbox has, by the names that the paths of the requests give to it."""
    client.post(f"{SANDBOX}/_control/reset", headers=TOKEN)
    made = {"node": "a", "line": "e", "snapshot": "new"}
    graph = {"nodes": [{"id": "a"}, {"id": "b"}], "connections": [{"id": "e", **EDGE}]}
    for name, wait in (("execution", 0), ("running", 60)):
        node = {"id": "a", "type": "delay", "data": {"config": {"seconds": wait}}}
        workflow = client.post(f"{SANDBOX}/api/workflows", json={"nodes": [node]}).json["id"]
        made[f"{name}_id"] = client.post(f"{SANDBOX}/api/workflows/{workflow}/execute").json["id"]
        client.post(f"{SANDBOX}/_control/clock/advance", json={"seconds": 30}, headers=TOKEN)
    for kind in ("workflow", "template"):
        made[f"{kind}_id"] = client.post(f"{SANDBOX}/api/{kind}s", json={"name": "mine", **graph}).json["id"]
    client.post(f"{SANDBOX}/api/workflows", json={"name": "first"}, headers={"Idempotency-Key": USED_KEY})
    return made


def send(client: FlaskClient, asked: Asked, things: dict[str, str]) -> Any:
    """The answer."""
    rules = [{"status": 418, "code": "by_a_rule"}] if asked.is_bent else []
    client.put(f"{SANDBOX}/_control/faults", json=rules, headers=TOKEN)
    path = asked.sandbox + re.sub(r"\{(\w+)\}", lambda name: things[name[1]], asked.path)
    headers = asked.headers if asked.body is None else {"Content-Type": asked.content_type, **asked.headers}
    answer = client.open(path, method=asked.method, query_string=asked.query, data=asked.content, headers=headers)
    client.put(f"{SANDBOX}/_control/faults", json=[], headers=TOKEN)
    return answer


def kept(client: FlaskClient) -> Any:
    """What there is to see of a sandbox."""
    state = client.get(f"{SANDBOX}/_control", headers=TOKEN).json
    counts = {name: count for name, count in state["counts"].items() if name != "requests"}
    return (
        counts,
        state["clock"],
        client.get(f"{SANDBOX}/api/workflows").json,
        client.get(f"{SANDBOX}/api/executions").json,
    )


def test_the_page_has_every_question_with_the_codes_that_come() -> None:
    assert list(ROWS) == list(WRONGS)
    assert [number for number, codes in ROWS.items() if not codes] == [6, 7]
    told = {number: {code for _, codes in wrongs for code in codes.split()} for number, wrongs in WRONGS.items()}
    assert {
        number: told[number] - set(codes) for number, codes in ROWS.items() if codes and told[number] - set(codes)
    } == {}


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_with_nothing_wrong_is_answered(client: FlaskClient, things: dict[str, str], name: str) -> None:
    answer = send(client, REQUESTS[name][0](), things)
    assert answer.status_code < 300 or answer.json["code"] == "unknown_snapshot_version"


@pytest.mark.parametrize(("name", "wrong"), ALONE)
def test_one_wrong_is_told(client: FlaskClient, things: dict[str, str], name: str, wrong: Wrong) -> None:
    asked = REQUESTS[name][0]()
    wrong[0](asked)
    told = send(client, asked, things).json
    assert told["status"] >= 400
    assert told["code"] in (wrong[1].split() or [told["code"]])


@pytest.mark.parametrize(("name", "first", "second"), PAIRS)
def test_of_two_wrongs_the_first_on_the_page_is_told(
    client: FlaskClient, things: dict[str, str], name: str, first: Wrong, second: Wrong
) -> None:
    before, asked = kept(client), REQUESTS[name][0]()
    for make_wrong, _ in (second, first):
        make_wrong(asked)
    assert send(client, asked, things).json["code"] in first[1].split()
    assert kept(client) == before


@pytest.mark.parametrize("missing", [ask_for_nothing, use_another_method])
@pytest.mark.parametrize("name", ["list", "save", "direct"])
def test_only_what_can_be_asked_is_asked_what_it_produces(
    client: FlaskClient, things: dict[str, str], name: str, missing: Callable[[Asked], None]
) -> None:
    asked = REQUESTS[name][0]()
    read_tables_only(asked)
    missing(asked)
    assert send(client, asked, things).json["code"] in ("unknown_url", "method_not_allowed")


def test_a_preflight_is_asked_nothing(client: FlaskClient, things: dict[str, str]) -> None:
    for path in (f"{SANDBOX}/api/workflows/none", "/s/another/api/workflows", f"{SANDBOX}/_control/clock"):
        asked = Asked("OPTIONS", path, sandbox="", headers={"Accept": "text/csv", "Prefer": "code=503"}, is_bent=True)
        assert send(client, asked, things).status_code == 204


def test_what_directs_a_sandbox_finds_no_room_for_it_only_behind_the_url(
    client: FlaskClient, things: dict[str, str]
) -> None:
    told = []
    for name, wrong in (("direct", ask_for_nothing), ("direct", send_no_json), ("reset", send_no_json)):
        asked = REQUESTS[name][0]()
        name_one_more_sandbox(asked)
        wrong(asked)
        told.append(send(client, asked, things).json["code"])
    assert told == ["unknown_url", "too_many_sandboxes", "malformed_json"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/workflows", "bad_sandbox_name"),
        ("/api/nowhere", "bad_sandbox_name"),
        ("/_control/nowhere", "bad_sandbox_name"),
        ("/", "bad_sandbox_name"),
        ("/api", "bad_sandbox_name"),
        ("/docs", "bad_sandbox_name"),
        ("/problems", "bad_sandbox_name"),
        ("/nowhere", "unknown_url"),
        ("/health", None),
        ("/api/health", None),
        ("/api/meta/statuses", None),
        ("/openapi.yaml", "bad_sandbox_name"),
        ("/_control/sandboxes", None),
    ],
)
def test_what_needs_no_sandbox_is_not_asked_for_one(client: FlaskClient, path: str, code: str | None) -> None:
    answer = client.get(path, headers={"X-Sandbox": "no name", **TOKEN})
    assert (answer.status_code < 300) if code is None else (answer.json["code"] == code)


def test_what_is_of_the_server_is_not_bent(client: FlaskClient) -> None:
    bent = {
        path: client.get(f"{SANDBOX}{path}", headers={"Prefer": "code=503", **TOKEN}).status_code == 503
        for path in ("/", "/health", "/openapi.json", "/_control", "/api", "/api/health", "/api/meta/statuses")
    }
    assert not any(bent.values())
    assert client.get(f"{SANDBOX}/api/ws/schema", headers={"Prefer": "code=503"}).status_code == 503


def test_a_list_is_asked_how_long_and_in_which_order(client: FlaskClient) -> None:
    told = [client.get(f"{SANDBOX}/api/workflows?{asked}").json["code"] for asked in ("per_page=501", "sort=colour")]
    assert told == ["too_many_per_page", "bad_sort"]


def test_a_stream_is_asked_for_its_place_behind_the_query(client: FlaskClient) -> None:
    asked = {"Accept": "text/event-stream", "Last-Event-ID": "soon"}
    path = f"{SANDBOX}/api/executions/none/events"
    told = [client.get(f"{path}{query}", headers=asked).json["code"] for query in ("?after=soon", "")]
    assert told == ["bad_query", "bad_last_event_id"]


def test_what_is_for_a_websocket_is_asked_whether_it_is_one(client: FlaskClient, things: dict[str, str]) -> None:
    told = []
    for wrongs in ((use_another_method,), (choose_an_error,), ()):
        asked = Asked("GET", "/api/ws")
        for make_wrong in wrongs:
            make_wrong(asked)
        told.append(send(client, asked, things).json["code"])
    assert told == ["method_not_allowed", "i_m_a_teapot", "upgrade_required"]


def test_a_whole_that_cannot_be_is_told_before_anybody_looks_for_the_thing(client: FlaskClient) -> None:
    twice = {"nodes": [{"id": "a"}, {"id": "a"}]}
    line = {"id": "e", "source": "a", "target": "b"}
    path = f"{SANDBOX}/api/workflows/none"
    assert client.put(path, json=twice).json["code"] == "duplicate_id"
    assert client.put(f"{path}/connections/f", json=line).json["code"] == "id_mismatch"
    assert client.patch(path, json=twice).json["code"] == "workflow_not_found"
