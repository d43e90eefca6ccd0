"""Query parameters through a schema."""

from __future__ import annotations

from functools import cache
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from ..errors import InvalidInput
from ..services.paging import Listing
from .body import culprits_of
from .restful import current_operation

_LISTING = ("page", "per_page", "sort", "q")


def read_query() -> dict[str, Any]:
    """The query parameters as the schema of this operation gives them; ones that it does not know are not looked at.

    :raises InvalidInput: ``bad_query``, with one entry for each culprit.
    """
    schema = current_operation().query
    assert schema is not None, "The operation says nothing of a query."
    if not request.query_string:
        return dict(_defaults(schema))
    given = {name: held[0] if len(held) == 1 else held for name, held in request.args.lists()}
    try:
        found: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        culprits = [entry | {"parameter": entry["pointer"][1:]} for entry in culprits_of(error.messages, {})]
    else:
        return found
    first = culprits[0]
    raise InvalidInput(
        f"The parameter {first['parameter']} does not fit: {first['message']}", culprits, code="bad_query"
    )


@cache
def _defaults(schema: Schema) -> dict[str, Any]:
    """What a request without parameters asks for."""
    defaults: dict[str, Any] = schema.load({})
    return defaults


def read_listing() -> Listing:
    """Which piece of a list is wanted; every parameter of the schema that a `Listing` does not name is a filter."""
    given = read_query()
    filters = {name: held for name, held in given.items() if name not in _LISTING and held not in ("", [])}
    return Listing(given["page"], given["per_page"], given["sort"], given["q"], filters)
