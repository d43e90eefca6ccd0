"""What is documented comes about: every refusal and every answer that the contract has of an operation.

The operations come from the table of routes, and what they answer from what they say of themselves. So one that
promises too much fails here, and so does a code of which nobody has said how it comes about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from app.api.schemas.problems import PROBLEM
from app.contract.operations import refusals_of
from app.web.operation import Operation, Refusal
from app.web.restful import Route
from tests.contracts.refusals import ANSWERS, ANSWERS_OF, NOT_HERE, REFUSALS, REFUSALS_OF, Pair, Recipe, recipe_of
from tests.contracts.scenes import House, operations

Json = Any

EACH = [pytest.param(route, operation, id=operation.name) for route, _, operation in operations()]


@pytest.fixture(scope="module")
def houses() -> House:
    """Applications that many scenes share."""
    return House()


@pytest.fixture
def house(houses: House) -> Iterator[House]:
    """A house that is left as it was found."""
    yield houses
    houses.clear()


@pytest.mark.parametrize(("route", "operation"), EACH)
def test_every_refusal_of_the_contract_comes_about(house: House, route: Route, operation: Operation) -> None:
    for told in refusals_of(route, operation):
        recipe = recipe_of((operation.name, told.code), REFUSALS, REFUSALS_OF)
        response = recipe(house.begin(operation))
        problem = response.get_json(silent=True) or {}
        if route.door is not None:
            # Its errors have no code; that they are in its form, the application has looked at itself.
            assert response.status_code == route.door.status_of(*told), response.get_data(as_text=True)
            continue
        assert Refusal(problem.get("code"), response.status_code) == told, problem.get("detail")
        assert set(problem) <= set(PROBLEM.fields)


@pytest.mark.parametrize(("route", "operation"), EACH)
def test_every_answer_of_the_contract_comes_about(house: House, route: Route, operation: Operation) -> None:
    for status in statuses_of(operation):
        recipe = recipe_of((operation.name, status), ANSWERS, ANSWERS_OF)
        response = recipe(house.begin(operation))
        assert response.status_code == status, f"{route.url}: {response.get_data(as_text=True)}"


def test_every_recipe_is_needed() -> None:
    codes = {
        (operation.name, told.code) for route, _, operation in operations() for told in refusals_of(route, operation)
    }
    statuses = {(operation.name, status) for _, _, operation in operations() for status in statuses_of(operation)}
    assert unneeded(codes, REFUSALS, REFUSALS_OF) == []
    assert unneeded(statuses, ANSWERS, ANSWERS_OF) == []
    answers = {(operation.name, status) for _, _, operation in operations() for status in operation.answers}
    assert set(NOT_HERE) <= answers


def statuses_of(operation: Operation) -> list[int]:
    """The statuses that this server answers with by itself."""
    return [status for status in operation.answers if (operation.name, status) not in NOT_HERE]


def unneeded(wanted: set[Pair], usual: Mapping[Any, Recipe], others: Mapping[Pair, Recipe]) -> list[Any]:
    """The recipes by which no operation is brought to anything that the contract has of it."""
    asked = {what for name, what in wanted if (name, what) not in others}
    return [what for what in usual if what not in asked] + [pair for pair in others if pair not in wanted]
