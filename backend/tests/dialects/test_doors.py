"""One house, three doors: what goes in through one comes out through every other, but for its words."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from app import create_app
from app.config import Settings
from tests.properties.graphs import drawings

Json = Any

SETTINGS = Settings(pace="stopped", scenario="empty", check_contract="fail")


class Door(ABC):
    """A client of one API. A workflow is ``{name, description, nodes, edges, metadata, tags}`` to the tests."""

    members: tuple[str, ...] = ("name", "description", "nodes", "edges", "metadata", "tags")
    """What a workflow has there."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    @abstractmethod
    def create(self, drawn: Json) -> str:
        """Save a new workflow; gives its id in our own API."""

    @abstractmethod
    def update(self, key: str, drawn: Json) -> None:
        """Save all of it once more."""

    @abstractmethod
    def rename(self, key: str, name: str) -> None:
        """Save its name only."""

    @abstractmethod
    def read(self, key: str) -> Json:
        """The workflow as it is told there, in the words of the tests."""

    def ask(self, method: str, path: str, body: Json = None) -> Json:
        """What is answered to a request that goes well."""
        response: TestResponse = self._client.open(path, method=method, json=body)
        assert response.status_code < 300, response.get_data(as_text=True)
        return response.get_json()


class Native(Door):
    """Our own API."""

    def create(self, drawn: Json) -> str:
        key: str = self.ask("POST", "/api/workflows", self._written(drawn))["id"]
        return key

    def update(self, key: str, drawn: Json) -> None:
        self.ask("PUT", f"/api/workflows/{key}", self._whole(key) | self._written(drawn))

    def rename(self, key: str, name: str) -> None:
        self.ask("PATCH", f"/api/workflows/{key}", {"name": name})

    def read(self, key: str) -> Json:
        told = self._whole(key)
        return {name: told["connections" if name == "edges" else name] for name in self.members}

    def number(self, key: str) -> int:
        """The number of a workflow, which is its id at doors that have numbers."""
        number: int = self._whole(key)["number"]
        return number

    def key(self, number: int) -> str:
        """The id of the workflow with a number."""
        every = self.ask("GET", "/api/workflows?sort=-created_at")["items"]
        return next(one["id"] for one in every if one["number"] == number)

    def _whole(self, key: str) -> Json:
        return self.ask("GET", f"/api/workflows/{key}")

    @staticmethod
    def _written(drawn: Json) -> Json:
        return {"connections" if name == "edges" else name: held for name, held in drawn.items()}


class Django(Door):
    """The Django flow editor's API."""

    def create(self, drawn: Json) -> str:
        return self._native.key(self.ask("POST", "/api/flows/", drawn)["id"])

    def update(self, key: str, drawn: Json) -> None:
        self.ask("PUT", self._path(key), drawn)

    def rename(self, key: str, name: str) -> None:
        self.ask("PATCH", self._path(key), {"name": name})

    def read(self, key: str) -> Json:
        told = self.ask("GET", self._path(key))
        return {name: told[name] for name in self.members}

    def _path(self, key: str) -> str:
        return f"/api/flows/{self._native.number(key)}/"

    @property
    def _native(self) -> Native:
        return Native(self._client)


class OpenWebui(Door):
    """Open WebUI's flows API."""

    members = ("name", "description", "nodes", "edges", "metadata")
    url = "/api/v1/flows"

    def create(self, drawn: Json) -> str:
        key: str = self.ask("POST", f"{self.url}/create", self._written(drawn))["id"]
        return key

    def update(self, key: str, drawn: Json) -> None:
        self.ask("POST", f"{self.url}/{key}", self._written(drawn))

    def rename(self, key: str, name: str) -> None:
        self.ask("POST", f"{self.url}/{key}", {"name": name})

    def read(self, key: str) -> Json:
        told = self.ask("GET", f"{self.url}/{key}")
        described = {"description": told["description"] or ""}
        return {name: told["meta" if name == "metadata" else name] for name in self.members} | described

    @staticmethod
    def _written(drawn: Json) -> Json:
        return {"meta" if name == "metadata" else name: held for name, held in drawn.items() if name != "tags"}


DOORS = (Native, Django, OpenWebui)

WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)
NAMES = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(WORDS, VALUES, max_size=3)
COORDINATES = st.integers(-9999, 9999) | st.floats(-9999, 9999)


@st.composite
def graphs(draw: Any) -> dict[str, Json]:
    """Graphs with all that editors put on nodes and edges."""
    graph = draw(drawings(6)).graph()
    nodes = [_dressed(draw, node) for node in graph.nodes]
    return {"nodes": nodes, "edges": [{**edge, "style": draw(OBJECTS)} for edge in graph.connections]}


def _dressed(draw: Any, node: dict[str, Json]) -> dict[str, Json]:
    position = {"x": draw(COORDINATES), "y": draw(COORDINATES)}
    return {**node, "position": position, "style": draw(OBJECTS), "data": {**node["data"], "own": draw(VALUES)}}


@st.composite
def workflows(draw: Any) -> dict[str, Json]:
    """Workflows in the words of the tests."""
    told = {"name": draw(NAMES), "description": draw(st.just("") | NAMES), "metadata": draw(OBJECTS)}
    return {**told, **draw(graphs()), "tags": draw(st.lists(WORDS, max_size=3))}


def pick(workflow: Json, *doors: Door) -> Json:
    """What all of these doors have of a workflow."""
    return {name: held for name, held in workflow.items() if all(name in door.members for door in doors)}


def assert_same(told: Json, expected: Json) -> None:
    """The same JSON: numbers and flags are told apart, and the order of members is nothing."""
    assert json.dumps(told, sort_keys=True) == json.dumps(expected, sort_keys=True)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    """A house of which the doors are tried again and again."""
    return create_app(SETTINGS).test_client()


def doors_of(client: FlaskClient) -> list[Door]:
    """All doors of the house."""
    return [door(client) for door in DOORS]


EACH = pytest.mark.parametrize("place", range(len(DOORS)), ids=[door.__name__ for door in DOORS])
OFTEN = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@EACH
@OFTEN
@given(drawn=workflows())
def test_what_is_created_through_one_door_comes_out_through_each(client: FlaskClient, place: int, drawn: Json) -> None:
    doors = doors_of(client)
    into = doors[place]
    key = into.create(drawn)
    for door in doors:
        assert_same(pick(door.read(key), into), pick(drawn, into, door))


@EACH
@OFTEN
@given(first=workflows(), then=workflows(), maker=st.integers(0, len(DOORS) - 1))
def test_what_is_changed_through_one_door_comes_out_through_each(
    client: FlaskClient, place: int, first: Json, then: Json, maker: int
) -> None:
    doors = doors_of(client)
    into = doors[place]
    key = doors[maker].create(first)
    before = Native(client).read(key)
    # A form has no empty description: what is there stays.
    then = then if then["description"] or not isinstance(into, OpenWebui) else then | {"description": "Text"}
    into.update(key, then)
    for door in doors:
        assert_same(door.read(key), pick(before | pick(then, into), door))


@EACH
@OFTEN
@given(first=workflows(), name=NAMES, maker=st.integers(0, len(DOORS) - 1))
def test_what_one_door_does_not_name_stays_for_each(
    client: FlaskClient, place: int, first: Json, name: str, maker: int
) -> None:
    doors = doors_of(client)
    key = doors[maker].create(first)
    before = [door.read(key) for door in doors]
    doors[place].rename(key, name)
    for door, told in zip(doors, before, strict=True):
        assert_same(door.read(key), told | {"name": name})


@EACH
def test_what_only_our_own_api_has_survives_every_door(client: FlaskClient, place: int) -> None:
    door, native = doors_of(client)[place], Native(client)
    own = {"viewport": {"x": 1, "y": 2, "zoom": 3}, "theme": {"dark": True}}
    key = native.ask("POST", "/api/workflows", {"name": "Ours", "nodes": [], "connections": [], **own})["id"]
    door.update(key, {"name": "Theirs", "description": "Text", "nodes": [], "edges": [], "metadata": {}, "tags": []})
    after = native.ask("GET", f"/api/workflows/{key}")
    assert {name: after[name] for name in own} == own
    assert after["name"] == "Theirs"


@EACH
def test_what_is_deleted_is_gone_behind_every_door(client: FlaskClient, place: int) -> None:
    doors = doors_of(client)
    key = doors[place].create({"name": "Short", "nodes": [], "edges": []})
    number = Native(client).number(key)
    client.delete(f"/api/workflows/{key}")
    paths = (f"/api/workflows/{key}", f"/api/flows/{number}/", f"/api/v1/flows/{key}")
    assert [client.get(path).status_code for path in paths] == [404, 404, 404]
