"""The page on how an answer is chosen: its questions are asked in its order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
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
LIMITS = Limits(max_sandboxes=1, max_nodes=2, max_body_bytes=5000)


@dataclass
class Asked:
    """A request in the making."""

    method: str
    path: str
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=lambda: dict(TOKEN))
    query: dict[str, str] = field(default_factory=dict)
    sandbox: str = SANDBOX
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
        written = b"{" if self.is_broken else orjson.dumps(self.body)
        return written + b" " * (LIMITS.max_body_bytes if self.is_large else 0)


REQUESTS: dict[str, tuple[Callable[[], Asked], range | list[int]]] = {
    "copy": (lambda: Asked("POST", "/api/workflows/{id}/duplicate", {}), range(2, 15)),
    "save": (lambda: Asked("PATCH", "/api/workflows/{id}", {}), [*range(2, 9), *range(10, 17)]),
    "direct": (lambda: Asked("PUT", "/_control/clock", {}), [1, 2, 3, 8, 10, 11, 12, 13, 16]),
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


def send_a_long_key(asked: Asked) -> None:
    """Send a key that is too long."""
    asked.headers["Idempotency-Key"] = "k" * 256


def send_too_much(asked: Asked) -> None:
    """Send more bytes than are taken."""
    asked.is_large = True


def send_a_table(asked: Asked) -> None:
    """Say that the body is something else."""
    asked.headers["Content-Type"] = "text/csv"


def send_no_json(asked: Asked) -> None:
    """Send half a body."""
    asked.is_broken = True


def send_a_number(asked: Asked) -> None:
    """Send a member of the wrong kind."""
    asked.body["pace" if asked.is_control else "name"] = 1


def name_no_workflow(asked: Asked) -> None:
    """Name a workflow that is not there."""
    asked.path = asked.path.replace("{id}", "wf_none")


def know_another_revision(asked: Asked) -> None:
    """Expect another revision."""
    asked.headers["If-Match"] = '"9"'


def want_the_impossible(asked: Asked) -> None:
    """Want what cannot be: time that goes back, or too large a graph."""
    asked.body |= {"now": "1999-01-01"} if asked.is_control else {"nodes": [{"id": name} for name in "abc"]}


WRONGS: dict[int, tuple[Callable[[Asked], None], str]] = {
    1: (show_no_token, "not_authenticated"),
    2: (name_no_sandbox, "bad_sandbox_name"),
    3: (read_tables_only, "not_acceptable"),
    4: (prefer_nonsense, "bad_preference"),
    5: (name_one_more_sandbox, "too_many_sandboxes"),
    6: (choose_an_error, "i_m_a_teapot"),
    7: (meet_a_rule, "by_a_rule"),
    8: (ask_for_nothing, "unknown_url"),
    9: (send_a_long_key, "bad_idempotency_key"),
    10: (send_too_much, "too_large"),
    11: (send_a_table, "unsupported_media_type"),
    12: (send_no_json, "malformed_json"),
    13: (send_a_number, "invalid_input"),
    14: (name_no_workflow, "workflow_not_found"),
    15: (know_another_revision, "revision_mismatch"),
    16: (want_the_impossible, ""),
}
"""By the number of the question: what is wrong with a request that it refuses, and the code that tells so."""

CASES = [
    pytest.param(name, *pair, id=f"{name}-{'-before-'.join(map(str, pair))}")
    for name, (_, questions) in REQUESTS.items()
    for pair in combinations(questions, 2)
    # A URL that is not there produces nothing that could be refused; see the test of that.
    if pair != (3, 8)
]


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    """A server with room for one sandbox, which has one workflow."""
    settings = Settings(pace="stopped", scenario="empty", control_token="let-me", limits=LIMITS)
    with create_app(settings).test_client() as client:
        yield client


@pytest.fixture
def workflow_id(client: FlaskClient) -> str:
    """The workflow."""
    client.post(f"{SANDBOX}/_control/reset", headers=TOKEN)
    created: str = client.post(f"{SANDBOX}/api/workflows", json={"nodes": []}).json["id"]
    return created


def send(client: FlaskClient, asked: Asked, workflow_id: str) -> Any:
    """The answer."""
    rules = [{"status": 418, "code": "by_a_rule"}] if asked.is_bent else []
    client.put(f"{SANDBOX}/_control/faults", json=rules, headers=TOKEN)
    path = asked.sandbox + asked.path.replace("{id}", workflow_id)
    headers = {"Content-Type": "application/json", **asked.headers}
    answer = client.open(path, method=asked.method, query_string=asked.query, data=asked.content, headers=headers)
    client.put(f"{SANDBOX}/_control/faults", json=[], headers=TOKEN)
    return answer


def test_the_page_has_every_question_with_the_code_that_comes() -> None:
    assert list(ROWS) == list(WRONGS)
    assert [number for number, codes in ROWS.items() if codes and WRONGS[number][1] not in (*codes, "")] == []
    assert [number for number, codes in ROWS.items() if not codes] == [6, 7]


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_with_nothing_wrong_is_answered(client: FlaskClient, workflow_id: str, name: str) -> None:
    assert send(client, REQUESTS[name][0](), workflow_id).status_code in (200, 201)


@pytest.mark.parametrize(("name", "first", "second"), CASES)
def test_of_two_wrongs_the_first_on_the_page_is_told(
    client: FlaskClient, workflow_id: str, name: str, first: int, second: int
) -> None:
    asked = REQUESTS[name][0]()
    for number in (second, first):
        WRONGS[number][0](asked)
    assert send(client, asked, workflow_id).json["code"] == WRONGS[first][1]
    assert [one["revision"] for one in client.get(f"{SANDBOX}/api/workflows").json["items"]] == [1]


@pytest.mark.parametrize("name", REQUESTS)
def test_only_a_url_that_is_there_is_asked_what_it_produces(client: FlaskClient, workflow_id: str, name: str) -> None:
    asked = REQUESTS[name][0]()
    read_tables_only(asked)
    ask_for_nothing(asked)
    assert send(client, asked, workflow_id).json["code"] == "unknown_url"


@pytest.mark.parametrize("name", ["save", "direct"])
def test_what_is_not_possible_now_is_asked_last(client: FlaskClient, workflow_id: str, name: str) -> None:
    asked = REQUESTS[name][0]()
    want_the_impossible(asked)
    assert send(client, asked, workflow_id).status_code == 422


def test_a_preflight_is_asked_nothing(client: FlaskClient, workflow_id: str) -> None:
    for path in (f"{SANDBOX}/api/workflows/{workflow_id}", "/s/another/api/workflows", f"{SANDBOX}/_control/clock"):
        asked = Asked("OPTIONS", path, {}, sandbox="", headers={"Accept": "text/csv", "Prefer": "code=503"})
        asked.is_bent = True
        assert send(client, asked, workflow_id).status_code == 204


def test_what_directs_a_sandbox_finds_no_room_for_it_only_behind_the_url(client: FlaskClient, workflow_id: str) -> None:
    for wrong, code in ((ask_for_nothing, "unknown_url"), (send_no_json, "too_many_sandboxes")):
        asked = REQUESTS["direct"][0]()
        name_one_more_sandbox(asked)
        wrong(asked)
        assert send(client, asked, workflow_id).json["code"] == code
