"""Our door answers as the real backend does: the same requests are sent to both.

The real one is the document's own code on Django REST framework (`real`); what it answers is the truth here, but for
the differences that are listed with their reasons.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import orjson
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from app import create_app
from app.config import Settings
from app.sandbox import Sandbox
from app.services import accounts, workflows
from app.web.current import EXTENSION
from tests.dialects.django.cases import BEARER, DIFFERENT, FLOW, JSON, SAME, Case, patch, post, put
from tests.dialects.django.real import TOKENS, APIClient, real_backend

Json = Any

HEADERS = ("Allow", "Location", "WWW-Authenticate", "Content-Type")
"""The headers that a client may go by."""

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")
PASSWORD = "demo-password"


class Answer(NamedTuple):
    """What a client is answered, ids and times put aside."""

    status: int
    headers: dict[str, str]
    body: Json


class Backend:
    """A backend with a flow in it, and one that is empty."""

    def __init__(self, send: Callable[[Case, str], Answer]) -> None:
        self._send = send
        self._ids: dict[str, int] = {}
        for name, flow in (("empty", {"name": "Empty"}), ("id", FLOW)):
            made = send(Case("POST", body=orjson.dumps(flow)), "/api/flows/").body
            self._ids[name] = made["id"]

    def ask(self, case: Case) -> Answer:
        """Send a request, and put aside what is another one in every backend."""
        answer = self._send(case, case.path.format(**self._ids))
        return answer._replace(body=self._aside(answer.body))

    def _aside(self, body: Json) -> Json:
        if isinstance(body, list):
            return [self._aside(one) for one in body]
        if not isinstance(body, dict):
            return body
        return {name: self._put_aside(name, held) for name, held in body.items()}

    @staticmethod
    def _put_aside(name: str, held: Json) -> Json:
        if name in ("id", "execution_id") and isinstance(held, int):
            return "a whole number"
        if name in ("created_at", "updated_at") and TIME.fullmatch(str(held)):
            return "a time"
        return held


def to_real(client: APIClient) -> Callable[[Case, str], Answer]:
    """How a request goes to the real backend."""

    def send(case: Case, path: str) -> Answer:
        token = {"good": BEARER + next(iter(TOKENS)), None: ""}.get(case.token, case.token)
        client.credentials(**({"HTTP_AUTHORIZATION": token} if token else {}))
        accept = {"HTTP_ACCEPT": case.accept} if case.accept else {}
        response = client.generic(case.method, path, case.body, content_type=case.content_type, **accept)
        return _answer(response.status_code, response.headers, response.content)

    return send


def to_door(client: FlaskClient, token: str) -> Callable[[Case, str], Answer]:
    """How a request goes to our door."""

    def send(case: Case, path: str) -> Answer:
        shown = {"good": BEARER + token}.get(case.token or "", case.token)
        told = {"Authorization": shown, "Accept": case.accept or None}
        headers = {name: held for name, held in told.items() if held}
        kind = case.content_type or None
        response = client.open(path, method=case.method, data=case.body, headers=headers, content_type=kind)
        return _answer(response.status_code, response.headers, response.get_data())

    return send


def _answer(status: int, headers: Any, content: bytes) -> Answer:
    told = {name: headers[name] for name in HEADERS if headers.get(name)}
    if not content and status != 301:
        # A server without content may say which kind it would be, or not.
        told.pop("Content-Type", None)
    return Answer(status, told, orjson.loads(content) if told.get("Content-Type") == JSON else content)


class Stage:
    """An application where everybody must log in, and somebody who has."""

    def __init__(self) -> None:
        app = create_app(Settings(pace="stopped", scenario="empty", seed=7, auth="required", check_contract="fail"))
        self._client = app.test_client()
        self._sandbox: Sandbox = app.extensions[EXTENSION].get()
        self._token = accounts.log_in(self._sandbox, "demo", PASSWORD)["access_token"]

    @contextmanager
    def backends(self) -> Iterator[tuple[Backend, Backend]]:
        """The real backend and our door, each with the same flows and no others; both are left as they were."""
        with real_backend() as real:
            try:
                yield Backend(to_real(real)), Backend(to_door(self._client, self._token))
            finally:
                for workflow in list(self._sandbox.store.workflows):
                    workflows.delete(self._sandbox, workflow.id)


@pytest.fixture(scope="module")
def stage() -> Stage:
    """What all tests of this module play on."""
    return Stage()


@pytest.mark.parametrize("case", SAME.values(), ids=SAME)
def test_it_answers_as_the_real_one(stage: Stage, case: Case) -> None:
    with stage.backends() as (real, door):
        assert door.ask(case) == real.ask(case)
        # What is left behind is the same, too.
        assert door.ask(Case("GET")) == real.ask(Case("GET"))


@pytest.mark.parametrize(("case", "reason"), DIFFERENT.values(), ids=DIFFERENT)
def test_it_differs_only_where_there_is_a_reason(stage: Stage, case: Case, reason: str) -> None:
    with stage.backends() as (real, door):
        assert door.ask(case) != real.ask(case), f"No reason is needed any more: {reason}."


TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    # JSON has longer ones, which nobody but Python reads.
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.sampled_from(["", " ", "yes", "No", "ON", "off", "t", "x" * 20, "x" * 21, "x" * 255, "x" * 256]),
)
ANYTHING = st.recursive(SCALARS, lambda held: st.lists(held, max_size=3) | st.dictionaries(TEXTS, held, max_size=3))
NODE = st.fixed_dictionaries(
    {"id": st.text("abc", min_size=1)}, optional={"shape": ANYTHING, "data": st.dictionaries(st.text("xyz"), ANYTHING)}
)
FIELDS: dict[str, st.SearchStrategy[Json]] = {
    "name": ANYTHING,
    "description": ANYTHING,
    "nodes": st.none() | st.lists(NODE, max_size=3, unique_by=lambda node: node["id"]),
    "edges": st.none() | st.just([]),
    "metadata": st.none() | st.dictionaries(TEXTS, ANYTHING, max_size=3),
    "is_active": ANYTHING,
    "version": ANYTHING,
    "tags": st.none() | st.lists(st.text("abc", min_size=1), max_size=3),
    "id": ANYTHING,
    "created_at": ANYTHING,
    "whatever": ANYTHING,
}
"""What may be in a body; a graph, metadata and tags are of the kind that is kept here, since others are refused."""

OBJECTS = st.fixed_dictionaries({}, optional=FIELDS)
NAMED = OBJECTS.map(lambda held: {**held, "name": "New"})
OTHERS = ANYTHING.filter(lambda held: not isinstance(held, dict))


@given(body=OBJECTS | NAMED | OTHERS, make=st.sampled_from([post, put, patch]))
@settings(max_examples=150, deadline=None)
def test_whatever_is_saved_it_answers_as_the_real_one(stage: Stage, body: Json, make: Callable[[Json], Case]) -> None:
    with stage.backends() as (real, door):
        case = make(body)
        assert door.ask(case) == real.ask(case)
