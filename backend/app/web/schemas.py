"""What the schemas are made of.

Every member says what it is, for the contract: the helpers insist on it, and `described` says it of any other field.

Each schema is made once. Bodies that come in are checked on every request; those that go out only in tests, since they
were made here and checking them would cost fifty times what writing them does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_marshmallow import Schema as FlaskSchema
from marshmallow import EXCLUDE, INCLUDE, RAISE, Schema, fields, post_load, validate

from .checks import Check, Checked, Told, each, or_null, text


class Input(Told, FlaskSchema):
    """A body that comes in; members that it does not know are refused."""

    class Meta:
        unknown = RAISE


class OpenInput(Told, FlaskSchema):
    """A body that comes in; members that it does not know are kept."""

    class Meta:
        unknown = INCLUDE

    @post_load(pass_original=True)
    def keep_order(self, data: dict[str, Any], original: Mapping[str, Any], **_options: Any) -> dict[str, Any]:
        """Give the members in the order in which they were sent: marshmallow takes the unknown ones from a set."""
        return {name: data[name] for name in original if name in data} | data


class Query(Told, FlaskSchema):
    """Query parameters; ones that it does not know are not looked at."""

    class Meta:
        unknown = EXCLUDE


class Output(Told, FlaskSchema):
    """A body that goes out; a member that is not declared is a mistake of ours."""

    grows = True

    class Meta:
        unknown = RAISE


def described(about: str) -> dict[str, str]:
    """The metadata of a field that says what it is."""
    return {"description": about}


def there(field: type[fields.Field[Any]], *args: Any, about: str, **options: Any) -> Any:
    """A field that every answer has."""
    return field(*args, required=True, metadata=described(about), **options)


def checked(check: Check, *, about: str, **options: Any) -> Any:
    """A field that every answer has, of which a check says what it is."""
    return Checked(check, required=True, metadata=described(about), **options)


def string(*, about: str, **options: Any) -> Any:
    """A string that every answer has."""
    return there(fields.String, about=about, **options)


def whole_number(least: int = 0, *, about: str, **options: Any) -> Any:
    """A whole number that every answer has."""
    return there(fields.Integer, about=about, strict=True, validate=validate.Range(min=least), **options)


def time(*, about: str, **options: Any) -> Any:
    """A moment as we write it: ISO 8601, UTC, milliseconds."""
    return string(about=about, validate=validate.Regexp(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"), **options)


def anything(*, about: str, **options: Any) -> Any:
    """Any JSON at all, ``null`` too."""
    return there(fields.Raw, about=about, allow_none=True, **options)


def id_or_null(*, about: str, **options: Any) -> Any:
    """An id that may be given, or ``null``."""
    return Checked(or_null(text(1, 200)), allow_none=True, metadata=described(about), **options)


def made(name: str, about: str, members: Mapping[str, Any]) -> Schema:
    """A schema of an answer, put together from its members."""
    kind = Output.from_dict(dict(members), name=name)
    kind.__doc__ = about
    return kind()


def page_of(item: type[FlaskSchema], things: str) -> Schema:
    """The schema of a page of such items.

    :param things: what they are, in the plural.
    """
    members = {
        "items": there(fields.List, fields.Nested(item), about=f"The {things} on this page."),
        "page": whole_number(1, about="Which page this is, from 1."),
        "per_page": whole_number(1, about="How many items a page has at most."),
        "total": whole_number(about="How many there are on all pages."),
        "pages": whole_number(about="How many pages there are; 0 if there is nothing to show."),
    }
    return made(f"{item.__name__}Page", f"A page of {things}.", members)


def items_of(item: type[FlaskSchema] | str, about: str, items: Check | None = None) -> Schema:
    """The schema of a list that comes all at once.

    :param item: the schema of its items, or the name of the list.
    :param about: what is in it, and in which order.
    :param items: what each item must be, if they have no schema of their own.
    """
    listed: dict[str, Any] = {"required": True, "metadata": described(about)}
    members = {"items": Checked(each(items), **listed) if items else fields.List(fields.Nested(item), **listed)}
    return made(item if isinstance(item, str) else f"{item.__name__}List", "A list that comes all at once.", members)
