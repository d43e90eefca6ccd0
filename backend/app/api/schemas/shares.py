"""Shares of workflows, in and out."""

from __future__ import annotations

from marshmallow import fields, validate

from ...models.workflow import PERMISSIONS
from ...web.checks import Checked, one_of, text
from ...web.schemas import Input, Output, described, string, there, time, whole_number
from .people import Person
from .workflows import KeptGraph

_PERMISSION = "What the user may do: `view` it and its executions, or `edit` and execute it, too."


class ShareChange(Input):
    """What a user may do with a workflow."""

    permission = Checked(one_of(*PERMISSIONS), required=True, metadata=described(_PERMISSION))


class ShareBody(ShareChange):
    """With whom a workflow is shared, and what they may do with it."""

    user = Checked(text(1, 320), required=True, metadata=described("The user: an id, a username or an email."))


class Share(Output):
    """A user with whom a workflow is shared."""

    user = there(fields.Nested, Person, about="With whom it is shared.")
    permission = string(validate=validate.OneOf(PERMISSIONS), about=_PERMISSION)


class ShareLink(Output):
    """A link that shows a workflow to whoever has it."""

    url = string(about="The address to give away, without the host; it needs no login.")
    token = string(about="What is secret about it.")
    created_at = time(about="When it was made.")


class Shares(Output):
    """With whom a workflow is shared."""

    owner = there(fields.Nested, Person, about="Whose it is.")
    permission = string(
        validate=validate.OneOf((*PERMISSIONS, "own")), about="What the caller may do: `view`, `edit` or `own` it."
    )
    items = there(
        fields.List, fields.Nested(Share), about="Those with whom it is shared, in the order in which it was."
    )
    link = there(
        fields.Nested, ShareLink, allow_none=True, about="Its link; `null` if there is none, and for all but its owner."
    )


class SharedWorkflow(KeptGraph):
    """A workflow as its link shows it, with an empty text in the place of every secret."""

    name = string(about="What people call it.")
    description = string(about="What it is for.")
    tags = there(fields.List, fields.String(), about="Words to find it by.")
    revision = whole_number(1, about="Rises with every change of the document.")
    updated_at = time(about="When the document was last changed.")
    owner_name = string(about="What people call its owner.")


SHARE_BODY = ShareBody()
SHARE_CHANGE = ShareChange()
SHARES = Shares()
SHARE = Share()
SHARE_LINK = ShareLink()
SHARED_WORKFLOW = SharedWorkflow()
