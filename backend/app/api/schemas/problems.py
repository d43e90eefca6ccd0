"""The catalogue of error codes, out."""

from __future__ import annotations

from marshmallow import fields, validate

from .base import Output, items_of, string, there

KINDS = ("answer", "failure", "issue")


class ErrorCode(Output):
    """What there is to tell about an error code: what happened, and what to do about it."""

    code = string(validate=validate.Regexp(r"^[a-z0-9_]+$"), about="The word that programs go by.")
    kind = string(
        validate=validate.OneOf(KINDS),
        about="What has the code: an answer, a node or an execution that failed, or an issue of a graph.",
    )
    statuses = there(
        fields.List,
        fields.Integer(strict=True, validate=validate.Range(min=400)),
        about="Of an answer: the statuses that it comes with.",
    )
    severities = there(
        fields.List,
        fields.String(validate=validate.OneOf(("error", "warning", "info"))),
        about="Of an issue: how bad it can be.",
    )
    title = string(about="What it says, in a few words.")
    happened = string(about="What has happened where it comes up.")
    do = string(about="What to do about it.")
    url = string(about="Where its page is.")


ERROR_CODES = items_of(ErrorCode, "The codes: those of answers, of failures, and of issues.")
