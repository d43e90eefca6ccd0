"""Who may what, of every operation of the table of routes: none is forgotten, whoever adds one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from app.contract.operations import variables_of, wants_user
from app.services import accounts
from app.services.snapshot_writer import capture, encode
from app.web.operation import Operation
from app.web.restful import Route
from tests.contracts.scenes import USUAL, House, Scene, operations

Json = Any

OWNED = ("workflow_id", "execution_id", "template_id", "file_id")
"""Variables of our own addresses that name what belongs to somebody."""

GUARDED = [pytest.param(route, each, id=each.name) for route, _, each in operations() if wants_user(route)]
PUBLIC = [pytest.param(route, each, id=each.name) for route, _, each in operations() if not wants_user(route)]
NAMING = [
    pytest.param(route, each, id=each.name)
    for route, _, each in operations()
    if wants_user(route) and (route.door or set(OWNED) & set(variables_of(route.path))) and variables_of(route.path)
]
OURS = [each for each in NAMING if each.values[0].door is None]
LISTING = [
    pytest.param(route, each, id=each.name)
    for route, method, each in operations()
    if wants_user(route) and method == "get" and not variables_of(route.path)
]


@pytest.fixture(scope="module")
def houses() -> House:
    """Applications that many scenes share."""
    return House()


@pytest.fixture
def house(houses: House) -> Iterator[House]:
    """A house that is left as it was found."""
    yield houses
    houses.clear()


def begin(house: House, operation: Operation, auth: str = "required") -> Scene:
    """A scene in which everything belongs to the default user."""
    house.clear()
    return house.add(operation, replace(USUAL, auth=auth))


def send_as(scene: Scene, username: str, **changes: Json) -> TestResponse:
    """The usual request, by this user."""
    request = scene.request(**changes)
    request["headers"] |= scene.log_in(username)
    return scene.app.test_client().open(**request)


def let_in(scene: Scene) -> str:
    """The name of a user who has nothing, and with whom nothing was shared."""
    accounts.register(scene.sandbox, {"username": "stranger", "password": "stranger-password"})
    return "stranger"


def state_of(scene: Scene) -> bytes:
    """Everything that the sandbox holds."""
    with scene.sandbox.view():
        return encode(capture(scene.sandbox))


@pytest.mark.parametrize(("route", "operation"), GUARDED)
def test_without_a_token_nothing_is_answered_where_all_must_log_in(
    house: House, route: Route, operation: Operation
) -> None:
    scene = begin(house, operation)
    request = scene.request()
    before = state_of(scene)
    response = scene.app.test_client().open(**request)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert state_of(scene) == before


@pytest.mark.parametrize(("route", "operation"), GUARDED)
def test_an_admin_may_do_everything(house: House, route: Route, operation: Operation) -> None:
    response = send_as(begin(house, operation), "admin")
    assert response.status_code not in (401, 403), response.get_data(as_text=True)


@pytest.mark.parametrize(("route", "operation"), PUBLIC)
def test_what_is_public_never_asks_who_one_is(house: House, route: Route, operation: Operation) -> None:
    scene = begin(house, operation)
    assert scene.send(headers={"Authorization": "Bearer nonsense"}).status_code not in (401, 403)


@pytest.mark.parametrize(("route", "operation"), NAMING)
def test_what_belongs_to_somebody_else_is_not_there(house: House, route: Route, operation: Operation) -> None:
    scene = begin(house, operation)
    request = scene.request()
    request["headers"] |= scene.log_in(let_in(scene))
    before = state_of(scene)
    response = scene.app.test_client().open(**request)
    assert response.status_code == 404 or (route.door and response.status_code == 403)
    assert state_of(scene) == before


@pytest.mark.parametrize(("route", "operation"), OURS)
def test_whether_it_is_there_for_somebody_else_cannot_be_told(house: House, route: Route, operation: Operation) -> None:
    scene = begin(house, operation)
    name = next(name for name in variables_of(route.path) if name in OWNED)
    stranger = let_in(scene)
    theirs = send_as(scene, stranger)
    nobodys = send_as(scene, stranger, path={name: "nothing"})
    assert nobodys.status_code == theirs.status_code == 404
    assert nobodys.get_data(as_text=True) == theirs.get_data(as_text=True).replace(getattr(scene, name), "nothing")


@pytest.mark.parametrize(("route", "operation"), LISTING)
def test_a_list_has_nothing_of_somebody_else(house: House, route: Route, operation: Operation) -> None:
    scene = begin(house, operation)
    theirs = [getattr(scene, name) for name in (*OWNED, "schedule_id", "share_token")]
    response = send_as(scene, let_in(scene))
    assert response.status_code < 400 or response.get_json()["code"] in ("admin_only", "upgrade_required")
    told = response.get_data(as_text=True)
    assert [key for key in theirs if key in told] == []


@pytest.mark.parametrize(("route", "operation"), NAMING)
def test_what_is_shared_to_be_seen_can_be_read_and_not_changed(
    house: House, route: Route, operation: Operation
) -> None:
    scene = begin(house, operation)
    request = scene.request()
    scene.share()
    request["headers"] |= scene.log_in("alice")
    before = state_of(scene)
    response = scene.app.test_client().open(**request)
    if route.door:
        # Shares do not count at the doors of others, which have none.
        assert response.status_code in (403, 404)
    elif "file_id" in variables_of(route.path):
        assert response.status_code == 404
    elif may_view(operation, request["method"]):
        assert response.status_code < 400
    else:
        assert (response.status_code, response.get_json()["code"]) == (403, "not_permitted")
    assert response.status_code < 400 or state_of(scene) == before


def may_view(operation: Operation, method: str) -> bool:
    """Whether it is enough to see the thing; the workflow that a template is put into must be one to edit."""
    need = operation.needs or ("view" if method == "GET" else "edit")
    return need == "view" and operation.name != "applyTemplate"
