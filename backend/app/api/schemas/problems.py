"""Problems, and the catalogue of error codes, out."""

from __future__ import annotations

from marshmallow import fields, validate

from ...services.permissions import NEEDS
from ...web.checks import Checked
from ...web.schemas import OpenInput, Output, described, items_of, string, there, whole_number
from .meta import WORDS
from .statuses import WORKFLOW_STATUS


class Culprit(Output):
    """One thing that is wrong, and where it is."""

    pointer = string(about="The place in the body, as a JSON Pointer; of a query parameter, a slash and its name.")
    message = string(about="What is wrong there, for people.")
    node_id = fields.String(allow_none=True, metadata=described("The id of the node to mark on the canvas."))
    connection_id = fields.String(
        allow_none=True, metadata=described("The id of the connection to mark on the canvas.")
    )
    parameter = fields.String(metadata=described("The name of the query parameter that does not fit."))
    code = fields.String(metadata=described("What is wrong there, for programs, where a graph cannot run."))
    path = fields.Raw(metadata=described("The ids of the nodes of a cycle, in their order; the first is the last."))


class Problem(OpenInput):
    """An error, as RFC 9457 writes it."""

    type = string(validate=validate.Regexp(r"^/problems/[a-z0-9_]+$"), about="The address of a page about the code.")
    title = string(validate=validate.Length(1), about="What kind of error it is, in the same words every time.")
    status = whole_number(400, about="The status of the answer.")
    detail = string(validate=validate.Length(1), about="What went wrong this time, for people.")
    code = string(
        validate=validate.Regexp(r"^[a-z0-9_]+$"),
        about="What went wrong, for programs: it stays the same from release to release.",
    )
    errors = there(
        fields.List,
        fields.Nested(Culprit),
        about="Everything that is wrong, each with its place; empty if there is nothing to point at.",
    )
    current_status = Checked(
        WORKFLOW_STATUS,
        metadata=described("Of a command that is not possible: the status that does not allow it."),
    )
    allowed = fields.List(
        fields.String(validate=validate.OneOf([*WORDS, "delete"])),
        metadata=described("Of a command that is not possible: the commands that are."),
    )
    permission = fields.String(
        validate=validate.OneOf(NEEDS), metadata=described("Of `not_permitted`: what one may do with it.")
    )
    needed = fields.String(
        validate=validate.OneOf(NEEDS), metadata=described("Of `not_permitted`: what one must be allowed with it.")
    )
    current_revision = fields.Integer(
        strict=True, metadata=described("Of `revision_mismatch`: the revision that it has now.")
    )
    oldest = fields.Integer(
        strict=True, metadata=described("Of `events_forgotten`: the first event that is still there, by its cursor.")
    )
    execution_id = fields.String(metadata=described("Of `already_running`: the execution that is under way."))
    connection_id = fields.String(metadata=described("Of `duplicate_connection`: the connection that is there."))
    line = fields.Integer(strict=True, metadata=described("Of `malformed_json`: the line where reading ended, from 1."))
    column = fields.Integer(strict=True, metadata=described("Of `malformed_json`: the column where reading ended."))
    limit = fields.Integer(strict=True, metadata=described("Of a limit that was reached: how many there may be."))
    setting = fields.String(metadata=described("Of a limit that was reached: the name of its setting."))


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
PROBLEM = Problem()
