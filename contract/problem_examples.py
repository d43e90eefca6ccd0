"""Examples of problems: each code is really brought about, by the calls that the tests make, too."""

from __future__ import annotations

import logging
from typing import Any

from app.contract.operations import refusals_of
from app.web.operation import Operation
from app.web.restful import Route
from tests.contracts.refusals import REFUSALS, REFUSALS_OF, recipe_of
from tests.contracts.scenes import House, operations

Json = Any

NO_EXAMPLE = ("bad_scenario_file",)
"""What tells of a place on the machine that it comes about on."""


def _is_elsewhere(place: tuple[Route, str, Operation]) -> bool:
    """Examples are of workflows first, since that is what most look for."""
    return not place[0].path.startswith("/api/workflows")


def make_problem_examples() -> dict[str, Json]:
    """The body of a problem, by its code."""
    house, found = House(), dict[str, Json]()
    # Some of it goes wrong on purpose, and would be told at length.
    logging.disable()
    for route, _, operation in sorted(operations(), key=_is_elsewhere):
        for told in refusals_of(route, operation):
            if told.code not in found and told.code not in NO_EXAMPLE:
                recipe = recipe_of((operation.name, told.code), REFUSALS, REFUSALS_OF)
                found[told.code] = recipe(house.begin(operation)).get_json()
    house.clear()
    logging.disable(logging.NOTSET)
    return dict(sorted(found.items()))
