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
RATE = "anonymous=20/day, user=20/day"
USED_KEY = "used"


def shown_by(name: str) -> dict[str, str]:
    """The credential of a user, whose token is only known when the request is sent."""
    return {"Authorization": f"Bearer {{{name}}}"}


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
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    sandbox: str = SANDBOX
    content_type: str = "application/json"
    is_large: bool = False
    is_broken: bool = False
    is_bent: bool = False
    is_hasty: bool = False
    """Whether somebody who has asked too often asks once more."""

    def __post_init__(self) -> None:
        self.headers = (TOKEN if self.is_control else shown_by("admin")) | self.headers

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
API = [*range(2, 11)]
OF = [*API, 11]
DELETE = [2, *range(4, 12)]
BODY = [13, 15, 16, 17]
ONCE = [*range(12, 18)]
EDGE = {"source": "a", "target": "b"}

REQUESTS: dict[str, tuple[Callable[[], Asked], list[int]]] = {
    "list": (lambda: Asked("GET", "/api/workflows", number="per_page"), [*API, 18]),
    "look": (lambda: Asked("GET", f"{E}", number="wait"), [*OF, 18, 19]),
    "follow": (lambda: Asked("GET", f"{E}/events", number="after"), [*OF, 18, 19]),
    "create": (lambda: Asked("POST", "/api/workflows", {}, "name", TOO_MANY), [*API, *ONCE, 22]),
    "copy": (lambda: Asked("POST", f"{W}/duplicate", {}, "name"), [*OF, *ONCE, 19]),
    "start": (lambda: Asked("POST", f"{W}/execute", {}, "start_node", {"start_node": "z"}), [*OF, *ONCE, 19, 22]),
    "again": (lambda: Asked("POST", f"{E}/retry"), [*OF, 12, 19]),
    "pause": (lambda: Asked("POST", "/api/executions/{running_id}/pause"), [*OF, 19]),
    "save": (lambda: Asked("PATCH", W, {}, "name", TOO_MANY), [*OF, *BODY, 19, 20, 22]),
    "replace": (lambda: Asked("PUT", W, {}, "name", TOO_MANY), [*OF, *BODY, 19, 20, 22]),
    "delete": (lambda: Asked("DELETE", W), [*DELETE, 19, 20]),
    "add a node": (lambda: Asked("POST", f"{W}/nodes", {}, "type", {"id": "a"}), [*OF, *ONCE, 19, 20, 22]),
    "change a node": (
        lambda: Asked("PATCH", f"{W}/nodes/{{node}}", {}, "type", {"id": "z"}),
        [*OF, *BODY, 19, 20, 21, 22],
    ),
    "replace a node": (
        lambda: Asked("PUT", f"{W}/nodes/{{node}}", {}, "type", {"id": "z"}),
        [*OF, *BODY, 19, 20, 21, 22],
    ),
    "delete a node": (lambda: Asked("DELETE", f"{W}/nodes/{{node}}"), [*DELETE, 19, 20, 21]),
    "reconnect": (
        lambda: Asked("PUT", f"{W}/connections/{{line}}", dict(EDGE), "target", {"target": "z"}),
        [*OF, *BODY, 19, 20, 21, 22],
    ),
    "disconnect": (lambda: Asked("DELETE", f"{W}/connections/{{line}}"), [*DELETE, 19, 20, 21]),
    "save a template": (lambda: Asked("PUT", T, {}, "name", TOO_MANY), [*OF, *BODY, 19, 20, 22]),
    "apply": (lambda: Asked("POST", f"{T}/apply", {}, "name"), [*OF, *ONCE, 19]),
    "teach": (
        lambda: Asked("POST", "/api/node-types", {"type": "mine"}, "type", {"type": "set"}),
        [*API, *ONCE, 22],
    ),
    "direct": (
        lambda: Asked("PUT", "/_control/clock", {}, "pace", {"now": "1999-01-01"}),
        [1, 2, 3, 9, *BODY, 22],
    ),
    "reset": (
        lambda: Asked("POST", "/_control/reset", {}, "pace", {"scenario": "none"}),
        [1, 2, 3, 9, *BODY, 22],
    ),
    "take": (lambda: Asked("POST", "/_control/snapshots", {"name": "new"}, "name"), [1, 2, 3, 9, *ONCE]),
    "bring": (
        lambda: Asked("PUT", "/_control/snapshots/{snapshot}", {}, "format"),
        [1, 2, 3, 9, 12, 13, 15],
    ),
    "look back": (lambda: Asked("GET", "/_control/requests", number="limit"), [1, 2, 3, 9, 18]),
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


def ask_in_haste(asked: Asked) -> None:
    """Ask once more than one may."""
    asked.is_hasty = True
    asked.headers |= shown_by("guest")


def show_nonsense(asked: Asked) -> None:
    """Show a token that is none."""
    asked.headers["Authorization"] = "Bearer nonsense"


def come_too_late(asked: Asked) -> None:
    """Show a token that has expired."""
    asked.headers |= shown_by("late")


def be_a_stranger(asked: Asked) -> None:
    """Be somebody for whom none of it is there."""
    asked.headers |= shown_by("stranger")


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
    8: [(ask_in_haste, "rate_limited")],
    9: [(ask_for_nothing, "unknown_url"), (use_another_method, "method_not_allowed")],
    10: [
        (show_no_token, "not_authenticated"),
        (show_nonsense, "bad_token"),
        (come_too_late, "token_expired"),
    ],
    11: [(be_a_stranger, "workflow_not_found execution_not_found template_not_found")],
    12: [(send_a_long_key, "bad_idempotency_key bad_snapshot_name")],
    13: [(send_too_much, "too_large")],
    14: [(send_a_used_key, "idempotency_key_reused")],
    15: [(send_a_table, "unsupported_media_type")],
    16: [(send_no_json, "malformed_json")],
    17: [(send_a_number, "invalid_input invalid_node_type")],
    18: [(ask_nonsense, "bad_query")],
    19: [(name_nothing, "workflow_not_found execution_not_found template_not_found")],
    20: [(know_another_revision, "revision_mismatch")],
    21: [(name_no_part, "node_not_found connection_not_found")],
    22: [(want_the_impossible, "")],
}
"""By the number of the question: what is wrong with a request that it refuses, and the codes that tell so."""

APART = {(2, 5), (3, 9), (12, 14), (16, 17), (16, 22)}
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
    settings = Settings(
        pace="stopped", scenario="empty", control_token="let-me", limits=LIMITS, auth="required", rate_limit=RATE
    )
    with create_app(settings).test_client() as client:
        yield client


@pytest.fixture(scope="module")
def made(client: FlaskClient) -> dict[str, str]:
    """What the sandbox has, by the names that requests give to it."""
    made = {"node": "a", "line": "e", "snapshot": "new", "late": log_in(client, "alice")}
    direct(client, "clock/advance", {"seconds": 900})
    for name, username in {"admin": "admin", "stranger": "alice", "guest": "demo"}.items():
        made[name] = log_in(client, username)
    headers = {"Authorization": f"Bearer {made['admin']}"}
    for name, wait in (("execution", 0), ("running", 60)):
        node = {"id": "a", "type": "delay", "data": {"config": {"seconds": wait}}}
        workflow = make(client, "workflows", {"nodes": [node]}, headers)
        made[f"{name}_id"] = make(client, f"workflows/{workflow}/execute", {}, headers)
        direct(client, "clock/advance", {"seconds": 30})
    graph = {"nodes": [{"id": "a"}, {"id": "b"}], "connections": [{"id": "e", **EDGE}]}
    for kind in ("workflow", "template"):
        made[f"{kind}_id"] = make(client, f"{kind}s", {"name": "mine", **graph}, headers)
    make(client, f"workflows/{made['workflow_id']}/shares", {"user": "demo", "permission": "view"}, headers)
    used = {"Idempotency-Key": USED_KEY}
    make(client, "workflows", {"name": "first"}, headers | used)
    direct(client, "snapshots", {"name": "first"}, used)
    # To log in takes long, so it is done once.
    direct(client, "snapshots", {"name": "made"})
    return made


@pytest.fixture
def things(client: FlaskClient, made: dict[str, str]) -> dict[str, str]:
    """The same, with nothing done to it yet."""
    direct(client, "snapshots/made/restore")
    return made


def direct(client: FlaskClient, path: str, body: Any = None, headers: dict[str, str] | None = None) -> None:
    """Direct the sandbox."""
    answer = client.post(f"{SANDBOX}/_control/{path}", json=body, headers=TOKEN | (headers or {}))
    assert answer.status_code < 300, answer.text


def log_in(client: FlaskClient, username: str) -> str:
    """The token of a user."""
    shown = {"username": username, "password": f"{username}-password"}
    token: str = client.post(f"{SANDBOX}/api/auth/login", json=shown).json["access_token"]
    return token


def make(client: FlaskClient, path: str, body: Any, headers: dict[str, str]) -> Any:
    """The id of something new."""
    answer = client.post(f"{SANDBOX}/api/{path}", json=body, headers=headers)
    assert answer.status_code in (201, 202), answer.text
    return answer.json.get("id")


def send(client: FlaskClient, asked: Asked, things: dict[str, str]) -> Any:
    """The answer."""
    if asked.is_hasty:
        hurry(client, things)
    rules = [{"status": 418, "code": "by_a_rule"}] if asked.is_bent else []
    client.put(f"{SANDBOX}/_control/faults", json=rules, headers=TOKEN)
    path = asked.sandbox + re.sub(r"\{(\w+)\}", lambda name: things[name[1]], asked.path)
    headers = filled(asked.headers, things)
    if asked.body is not None:
        headers = {"Content-Type": asked.content_type, **headers}
    answer = client.open(path, method=asked.method, query_string=asked.query, data=asked.content, headers=headers)
    client.put(f"{SANDBOX}/_control/faults", json=[], headers=TOKEN)
    return answer


def filled(headers: dict[str, str], things: dict[str, str]) -> dict[str, str]:
    """Headers in which tokens stand where only names stood."""
    return {name: re.sub(r"\{(\w+)\}", lambda found: things[found[1]], held) for name, held in headers.items()}


def hurry(client: FlaskClient, things: dict[str, str]) -> None:
    """Ask as often as one may, as the guest and as nobody."""
    for headers in (filled(shown_by("guest"), things), {}):
        while client.get(f"{SANDBOX}/api/workflows", headers=headers).status_code != 429:
            pass


def kept(client: FlaskClient, things: dict[str, str]) -> Any:
    """What there is to see of a sandbox."""
    headers = filled(shown_by("admin"), things)
    state = client.get(f"{SANDBOX}/_control", headers=TOKEN).json
    counts = {name: count for name, count in state["counts"].items() if name != "requests"}
    return (
        counts,
        state["clock"],
        client.get(f"{SANDBOX}/api/workflows", headers=headers).json,
        client.get(f"{SANDBOX}/api/executions", headers=headers).json,
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
    before, asked = kept(client, things), REQUESTS[name][0]()
    for make_wrong, _ in (second, first):
        make_wrong(asked)
    assert send(client, asked, things).json["code"] in first[1].split()
    assert kept(client, things) == before


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


@pytest.mark.parametrize(("query", "code"), [({"per_page": "501"}, "too_many_per_page"), ({"sort": "x"}, "bad_sort")])
def test_a_list_is_asked_how_long_and_in_which_order(
    client: FlaskClient, things: dict[str, str], query: dict[str, str], code: str
) -> None:
    assert send(client, Asked("GET", "/api/workflows", query=query), things).json["code"] == code


@pytest.mark.parametrize(("query", "code"), [({"after": "soon"}, "bad_query"), ({}, "bad_last_event_id")])
def test_a_stream_is_asked_for_its_place_behind_the_query(
    client: FlaskClient, things: dict[str, str], query: dict[str, str], code: str
) -> None:
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "soon"}
    asked = Asked("GET", "/api/executions/none/events", headers=headers, query=query)
    assert send(client, asked, things).json["code"] == code


@pytest.mark.parametrize("show", [show_no_token, show_nonsense, come_too_late])
def test_who_asks_too_often_is_told_so_whoever_it_is(
    client: FlaskClient, things: dict[str, str], show: Callable[[Asked], None]
) -> None:
    asked = Asked("GET", "/api/workflows", is_hasty=True)
    show(asked)
    assert send(client, asked, things).json["code"] == "rate_limited"


def test_who_may_only_view_is_told_so_before_anybody_looks_at_what_is_sent(
    client: FlaskClient, things: dict[str, str]
) -> None:
    asked = Asked("PUT", W, {}, headers=shown_by("guest"), is_broken=True)
    assert send(client, asked, things).json["code"] == "not_permitted"


def test_what_is_not_there_is_told_to_a_user_before_anybody_looks_at_what_is_sent(
    client: FlaskClient, things: dict[str, str]
) -> None:
    told = []
    for name in ("guest", "admin"):
        asked = Asked("PUT", "/api/workflows/none", {}, headers=shown_by(name), is_broken=True)
        told.append(send(client, asked, things).json["code"])
    assert told == ["workflow_not_found", "malformed_json"]


def test_what_is_for_a_websocket_is_asked_whether_it_is_one(client: FlaskClient, things: dict[str, str]) -> None:
    told = []
    for wrongs in ((use_another_method,), (choose_an_error,), (show_no_token,), ()):
        asked = Asked("GET", "/api/ws")
        for make_wrong in wrongs:
            make_wrong(asked)
        told.append(send(client, asked, things).json["code"])
    assert told == ["method_not_allowed", "i_m_a_teapot", "not_authenticated", "upgrade_required"]


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("PUT", "", {"nodes": [{"id": "a"}, {"id": "a"}]}, "duplicate_id"),
        ("PUT", "/connections/f", {"id": "e", **EDGE}, "id_mismatch"),
        ("PATCH", "", {"nodes": [{"id": "a"}, {"id": "a"}]}, "workflow_not_found"),
    ],
)
def test_a_whole_that_cannot_be_is_told_before_anybody_looks_for_the_thing(
    client: FlaskClient, things: dict[str, str], method: str, path: str, body: Any, code: str
) -> None:
    asked = Asked(method, f"/api/workflows/none{path}", body)
    assert send(client, asked, things).json["code"] == code
