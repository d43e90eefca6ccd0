"""What the schemas are made of.

Each schema is made once. Bodies that come in are checked on every request; those that go out only in tests, since they
were made here and checking them would cost fifty times what writing them does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_marshmallow import Schema as FlaskSchema
from marshmallow import EXCLUDE, INCLUDE, RAISE, Schema, fields, post_load, validate

from .checks import Checked, or_null, text


class Input(FlaskSchema):
    """A body that comes in; members that it does not know are refused."""

    class Meta:
        unknown = RAISE


class OpenInput(FlaskSchema):
    """A body that comes in; members that it does not know are kept."""

    class Meta:
        unknown = INCLUDE

    @post_load(pass_original=True)
    def keep_order(self, data: dict[str, Any], original: Mapping[str, Any], **_options: Any) -> dict[str, Any]:
        """Give the members in the order in which they were sent: marshmallow takes the unknown ones from a set."""
        return {name: data[name] for name in original if name in data} | data


class Query(FlaskSchema):
    """Query parameters; ones that it does not know are not looked at."""

    class Meta:
        unknown = EXCLUDE


class Output(FlaskSchema):
    """A body that goes out; a member that is not declared is a mistake of ours."""

    class Meta:
        unknown = RAISE


def there(field: type[fields.Field[Any]], *args: Any, **options: Any) -> Any:
    """A field that every answer has."""
    return field(*args, required=True, **options)


def string(**options: Any) -> Any:
    """A string that every answer has."""
    return fields.String(required=True, **options)


def whole_number(least: int = 0, **options: Any) -> Any:
    """A whole number that every answer has."""
    return fields.Integer(strict=True, required=True, validate=validate.Range(min=least), **options)


def time(**options: Any) -> Any:
    """A moment as we write it: ISO 8601, UTC, milliseconds."""
    return fields.String(
        required=True, validate=validate.Regexp(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z"), **options
    )


def anything(**options: Any) -> Any:
    """Any JSON at all, ``null`` too."""
    return fields.Raw(required=True, allow_none=True, **options)


def id_or_null(**options: Any) -> Any:
    """An id that may be given, or ``null``."""
    return Checked(or_null(text(1, 200)), allow_none=True, **options)


def page_of(item: type[FlaskSchema]) -> Schema:
    """The schema of a page of such items."""
    members = {
        "items": fields.List(fields.Nested(item), required=True),
        "page": whole_number(1),
        "per_page": whole_number(1),
        "total": whole_number(),
        "pages": whole_number(),
    }
    return Output.from_dict(members, name=f"{item.__name__}Page")()


def items_of(item: type[FlaskSchema], **members: Any) -> Schema:
    """The schema of a list that comes all at once."""
    listed = {"items": fields.List(fields.Nested(item), required=True), **members}
    return Output.from_dict(listed, name=f"{item.__name__}Items")()
