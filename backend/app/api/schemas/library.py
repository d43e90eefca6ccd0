"""Node types, templates and files, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from ...models.file import KINDS
from ...nodes import custom
from ...web.checks import Checked, anything, each, mapping, number, one_of, shape, text
from . import graph
from .base import Input, OpenInput, Output, described, id_or_null, items_of, page_of, string, there, time, whole_number
from .workflows import GraphBody

PARAMETER_TYPES = ("string", "number", "integer", "boolean", "enum")

_parameter = shape(
    {
        "name": text(1, 200).about("By which a value is given for it."),
        "label": text(0, 200).about("What a form calls it."),
        "description": text(0, 2000).about("What a form says about it."),
        "type": one_of(*PARAMETER_TYPES).about("What a value must be; `string` if nothing is said."),
        "enum": each(anything).about("The values to choose from, if the type is `enum`."),
        "default": anything.about(
            "What it is if no value is given; `null` or nothing: the graph stays as it is there."
        ),
        "pointers": each(text(0, 1000)).about("The places in the graph where it is written, as JSON Pointers."),
    },
    required=("name",),
)
_POINT = {"x": number().about("Pixels to the right."), "y": number().about("Pixels down.")}
_PARAMETERS = "What may be filled in when the template is applied; no value is required."


class NodeTypeBody(OpenInput):
    """A node type of one's own, as it is put in the place of another one; the node library checks all of it."""

    type = Checked(text(1, 64), metadata=described("What nodes of this type carry as their `type`."))
    rules: Mapping[str, Any] = {"properties": custom.SCHEMA["properties"]}


class NewNodeType(NodeTypeBody):
    """A node type of one's own."""

    rules = {**NodeTypeBody.rules, "required": custom.SCHEMA["required"]}


class Port(Output):
    """A socket of a node."""

    id = string(about="How connections name it: as `sourceHandle` or `targetHandle`.")
    label = string(about="What an editor calls it.")
    data_type = string(about="What goes through it; `any` fits everything.")
    required = there(fields.Boolean, about="Whether something must be connected to it.")
    max_connections = whole_number(1, allow_none=True, about="How many connections it takes; `null`: any number.")


class NodeType(Output):
    """An entry of the palette."""

    type = string(about="What nodes of this type carry as their `type`.")
    display_name = string(about="What the palette calls it.")
    description = string(about="What such a node does.")
    category = string(about="The part of the palette that it is in.")
    icon = string(about="Its picture, by the name that Lucide has for it.")
    color = string(about="Its colour, such as `#64748b`.")
    inputs = there(fields.List, fields.Nested(Port), about="The ports at which something arrives.")
    outputs = there(fields.List, fields.Nested(Port), about="The ports by which something leaves.")
    dynamic_outputs = there(
        fields.Boolean,
        about="Whether the ports by which something leaves follow the configuration, as those of `switch` do.",
    )
    config_schema = there(
        fields.Dict, about="What `data.config` of a node may be, as JSON Schema 2020-12: enough for a form."
    )
    defaults = there(fields.Dict, about="What holds where the configuration of a node says nothing.")
    output_schema = there(fields.Dict, about="What leaves, by port, as JSON Schema; empty if nobody knows.")
    simulation = there(
        fields.Dict,
        about="How long it takes (`duration_ms`), and how often it fails (`failure_rate`) in scenario `failing`.",
    )
    trigger = there(fields.Boolean, about="Whether executions begin there.")
    annotation = there(fields.Boolean, about="Whether it is only drawn, and never executed.")
    custom = there(fields.Boolean, about="Whether a user of this sandbox brought it.")
    output = fields.Raw(
        allow_none=True,
        metadata=described(
            "The sample that the outputs of a type of one's own are made of, by port, or `passthrough`; not there in "
            "those of the server."
        ),
    )


class TemplateBody(GraphBody):
    """A template, made of a graph or of a workflow that is there."""

    name = Checked(text(1, 200), metadata=described("What people call it."))
    description = Checked(text(0, 100_000), metadata=described("What it is for."))
    category = Checked(
        text(0, 100), metadata=described("The part of the gallery that it is in; `custom` if nothing is said.")
    )
    tags = Checked(each(text(1, 200)), metadata=described("Words to find it by."))
    parameters = Checked(each(_parameter), metadata=described(_PARAMETERS))
    workflow_id = Checked(
        text(1, 200),
        metadata=described("The id of the workflow to make it of; what is given beside it comes before what that has."),
    )
    rules = {**GraphBody.rules, "anyOf": [{"required": ["nodes"]}, {"required": ["workflow_id"]}]}


class ApplyBody(Input):
    """Where a template goes, and what is filled in."""

    workflow_id = id_or_null(about="The id of the workflow that the template goes into; `null` or nothing: a new one.")
    mode = Checked(
        one_of("replace", "merge"),
        metadata=described(
            "Whether the graph that is there goes (`replace`, the usual) or stays beside the new one (`merge`)."
        ),
    )
    offset = Checked(
        shape(_POINT, required=_POINT),
        metadata=described("How far the nodes of the template move; those in a group move with it."),
    )
    parameters = Checked(
        mapping, metadata=described("Values, by the name of the parameter; one that is missing has its default.")
    )


class TemplateSummary(Output):
    """A template as lists show it."""

    id = string(about="What names it in addresses; nothing is to be read into it.")
    name = string(about="What people call it.")
    description = string(about="What it is for.")
    category = string(about="The part of the gallery that it is in.")
    tags = there(fields.List, fields.String(), about="Words to find it by.")
    parameters = there(fields.List, fields.Dict(), about=_PARAMETERS)
    revision = whole_number(1, about="Rises with every change, from 1; `If-Match` compares it.")
    created_at = time(about="When it was created.")
    updated_at = time(about="When it was last changed.")
    node_count = whole_number(about="How many nodes its graph has.")
    connection_count = whole_number(about="How many connections its graph has.")


class Template(Output):
    """A template with its graph."""

    id = string(about="What names it in addresses; nothing is to be read into it.")
    name = string(about="What people call it.")
    description = string(about="What it is for.")
    category = string(about="The part of the gallery that it is in.")
    tags = there(fields.List, fields.String(), about="Words to find it by.")
    nodes = Checked(each(graph.KEPT_NODE), required=True, metadata=described("Its nodes, as they were sent."))
    connections = Checked(
        each(graph.KEPT_CONNECTION),
        required=True,
        metadata=described("The connections between them, as they were sent."),
    )
    viewport = Checked(graph.viewport, required=True, metadata=described("Which part of the canvas is looked at."))
    parameters = there(fields.List, fields.Dict(), about=_PARAMETERS)
    revision = whole_number(1, about="Rises with every change, from 1; `If-Match` compares it.")
    created_at = time(about="When it was created.")
    updated_at = time(about="When it was last changed.")


class TemplateExport(Output):
    """A template to take elsewhere."""

    format = string(about="What this document is: `understudy/1`.")
    exported_at = time(about="When it was exported, in virtual time.")
    template = there(fields.Dict, about="The template, with an empty text in the place of every secret.")


class File(Output):
    """A file and what was found in it."""

    id = string(about="What names it in addresses; nothing is to be read into it.")
    name = string(about="What it was called when it was uploaded or written, without what a file name must not have.")
    size = whole_number(about="How many bytes it has.")
    content_type = string(about="What it is, told from its bytes and not from its name.")
    kind = string(validate=validate.OneOf(KINDS), about="What it is, as far as an editor must tell apart.")
    sha256 = string(
        validate=validate.Regexp(r"^[0-9a-f]{64}$"), about="The SHA-256 of its bytes, in hexadecimal digits."
    )
    width = whole_number(
        1, allow_none=True, about="Pixels from left to right, as the picture is seen; `null` if it has none."
    )
    height = whole_number(
        1, allow_none=True, about="Pixels from top to bottom, as the picture is seen; `null` if it has none."
    )
    metadata = there(
        fields.Dict,
        about="What else was found in it; `error` if it is damaged, `mismatch` if its name claims another type.",
    )
    thumbnail_url = string(about="Where a small picture of it is.")
    content_url = string(about="Where its bytes are.")
    created_at = time(about="When it was uploaded or written, in virtual time.")


class Health(Output):
    """That the server is there, and what it is made of."""

    status = string(validate=validate.Equal("ok"), about="That the server answers.")
    versions = there(
        fields.Dict,
        keys=fields.String(),
        values=fields.String(),
        about="The versions of the server, of Python and of the packages that answers depend on, by name.",
    )


class Index(Output):
    """Where things are."""

    name = string(about="What answers here.")
    version = string(about="Which release of it.")
    links = there(fields.Dict, keys=fields.String(), values=fields.String(), about="Where to begin, by what is there.")


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


NODE_TYPE_BODY = NodeTypeBody()
NEW_NODE_TYPE = NewNodeType()
NODE_TYPE = NodeType()
NODE_TYPES = items_of(NodeType, "The node types, by category and name.")
TEMPLATE_BODY = TemplateBody()
APPLY_BODY = ApplyBody()
TEMPLATE = Template()
TEMPLATE_PAGE = page_of(TemplateSummary, "templates")
TEMPLATE_EXPORT = TemplateExport()
FILE = File()
FILES = items_of(File, "The files, in the order in which they were sent.")
FILE_PAGE = page_of(File, "files")
HEALTH = Health()
INDEX = Index()
JSON_SCHEMA = {"type": "object", "additionalProperties": True}
"""A JSON Schema."""
UPLOAD = {
    "type": "object",
    "properties": {
        "file": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "minItems": 1,
            "description": "The files; the field may be there several times.",
        }
    },
    "required": ["file"],
}
"""The fields of a form with files."""
PROBLEM = Problem()
