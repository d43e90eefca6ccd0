"""Versions of workflows, in and out."""

from __future__ import annotations

from marshmallow import INCLUDE, fields, validate

from ...web import graph
from ...web.checks import Checked, each, or_null, text
from ...web.schemas import Input, Output, Query, described, items_of, made, string, there, time, whole_number
from .people import Person
from .workflows import KeptGraph

_LABEL = "What people call this version; `null`: nothing."
_BEFORE = "What was there; missing where nothing was."
_AFTER = "What is there now; missing where nothing is."

_OTHER = fields.String(
    load_default=None,
    metadata=described("Another revision, or `current`; without it, the version that is kept before this one."),
)


class VersionLabel(Input):
    """What a version is called."""

    label = Checked(or_null(text(1, 200)), required=True, allow_none=True, metadata=described(_LABEL))


class Version(Output):
    """A version of a workflow as lists show it."""

    revision = whole_number(1, about="The revision of the workflow that it is.")
    label = string(allow_none=True, about=_LABEL)
    is_current = there(fields.Boolean, about="Whether the workflow is at this version.")
    created_at = time(about="When it was saved.")
    saved_by = there(fields.Nested, Person, about="Who saved it.")
    restored_from = there(
        fields.Integer,
        strict=True,
        validate=validate.Range(min=1),
        allow_none=True,
        about="The revision that was restored by it; `null` if it is no restore.",
    )
    node_count = whole_number(about="How many nodes it has.")
    connection_count = whole_number(about="How many connections it has.")


class VersionDocument(KeptGraph):
    """The document of a version: what the author of the workflow had written, with all members of their own."""

    class Meta:
        unknown = INCLUDE

    name = string(about="What people called the workflow.")
    description = string(about="What it was for.")
    tags = there(fields.List, fields.String(), about="Words to find it by.")
    metadata = there(fields.Dict, about="Whatever else belonged to it.")


class VersionWithDocument(Version):
    """A version of a workflow with its document."""

    workflow = there(fields.Nested, VersionDocument, about="The document as it was saved; it can be saved again.")


class Difference(Output):
    """A value that is another one."""

    pointer = string(about="Where it is, as a JSON Pointer.")
    before = fields.Raw(allow_none=True, metadata=described(_BEFORE))
    after = fields.Raw(allow_none=True, metadata=described(_AFTER))


_CHANGES = there(fields.List, fields.Nested(Difference), about="Each value of it that is another one; a list is one.")
_ORDER = there(
    fields.List,
    fields.String(),
    allow_none=True,
    about="The ids of all in their new order; `null` if those that stay kept theirs and the added ones follow.",
)


class NodeChange(Output):
    """A node that is another one."""

    id = string(about="The id of the node.")
    before = Checked(graph.KEPT_NODE, required=True, metadata=described("The node as it was."))
    after = Checked(graph.KEPT_NODE, required=True, metadata=described("The node as it is now."))
    changes = _CHANGES


class ConnectionChange(Output):
    """A connection that is another one."""

    id = string(about="The id of the connection.")
    before = Checked(graph.KEPT_CONNECTION, required=True, metadata=described("The connection as it was."))
    after = Checked(graph.KEPT_CONNECTION, required=True, metadata=described("The connection as it is now."))
    changes = _CHANGES


class NodeDifferences(Output):
    """What is different of the nodes."""

    added = Checked(each(graph.KEPT_NODE), required=True, metadata=described("The nodes that are new."))
    removed = Checked(each(graph.KEPT_NODE), required=True, metadata=described("The nodes that are gone."))
    changed = there(fields.List, fields.Nested(NodeChange), about="The nodes that are others now; a move is one, too.")
    order = _ORDER


class ConnectionDifferences(Output):
    """What is different of the connections."""

    added = Checked(each(graph.KEPT_CONNECTION), required=True, metadata=described("The connections that are new."))
    removed = Checked(each(graph.KEPT_CONNECTION), required=True, metadata=described("The connections that are gone."))
    changed = there(fields.List, fields.Nested(ConnectionChange), about="The connections that are others now.")
    order = _ORDER


VERSION_LABEL = VersionLabel()
DIFFERENCES_QUERY = Query.from_dict({"with": _OTHER}, name="DifferencesQuery")()
"""What a version is compared with; `with` is no name that a class in Python could give."""
VERSIONS = items_of(Version, "The versions that are kept, the newest first.")
VERSION = VersionWithDocument()
DIFFERENCES = made(
    "VersionDifferences",
    "What is different between two versions of a workflow, from the older to the newer.",
    {
        "from": whole_number(1, about="The revision of the older one."),
        "to": whole_number(1, about="The revision of the newer one."),
        "nodes": there(fields.Nested, NodeDifferences, about="What is different of the nodes."),
        "connections": there(fields.Nested, ConnectionDifferences, about="What is different of the connections."),
        "fields": there(
            fields.List,
            fields.Nested(Difference),
            about="Each value beside nodes and connections that is another one.",
        ),
    },
)
