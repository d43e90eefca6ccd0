"""Node types, templates and files, in and out."""

from __future__ import annotations

from marshmallow import fields, validate

from ...models.file import KINDS
from .base import Input, OpenInput, Output, id_or_null, items_of, page_of, string, there, time, whole_number
from .checks import Check, Checked, each, mapping, number, one_of, shape, text
from .workflows import Connection, GraphBody, Node

PARAMETER_TYPES = ("string", "number", "integer", "boolean", "enum")

_parameter: Check = shape(
    {
        "name": text(1, 200),
        "label": text(0, 200),
        "description": text(0, 2000),
        "type": one_of(*PARAMETER_TYPES),
        "enum": each(lambda _: None),
        "pointers": each(text(0, 1000)),
    },
    required=("name",),
)


class NodeTypeBody(OpenInput):
    """A node type of one's own; the node library checks all the rest of it."""

    type = Checked(text(1, 64))


class Port(Output):
    """A socket of a node."""

    id = string()
    label = string()
    data_type = string()
    required = there(fields.Boolean)
    max_connections = whole_number(1, allow_none=True)


class NodeType(Output):
    """An entry of the palette."""

    type = string()
    display_name = string()
    description = string()
    category = string()
    icon = string()
    color = string()
    inputs = there(fields.List, fields.Nested(Port))
    outputs = there(fields.List, fields.Nested(Port))
    dynamic_outputs = there(fields.Boolean)
    config_schema = there(fields.Dict)
    defaults = there(fields.Dict)
    output_schema = there(fields.Dict)
    simulation = there(fields.Dict)
    trigger = there(fields.Boolean)
    annotation = there(fields.Boolean)
    custom = there(fields.Boolean)
    output = fields.Raw(allow_none=True)
    """Of one's own types: the sample that their outputs are made of."""


class TemplateBody(GraphBody):
    """A template, made of a graph or of a workflow that is there."""

    name = Checked(text(1, 200))
    description = Checked(text(0, 100_000))
    category = Checked(text(0, 100))
    tags = Checked(each(text(1, 200)))
    parameters = Checked(each(_parameter))
    workflow_id = Checked(text(1, 200))


class ApplyBody(Input):
    """Where a template goes, and what is filled in."""

    workflow_id = id_or_null()
    mode = Checked(one_of("replace", "merge"))
    offset = Checked(shape({"x": number(), "y": number()}, required=("x", "y")))
    parameters = Checked(mapping)


class TemplateSummary(Output):
    """A template as lists show it."""

    id = string()
    name = string()
    description = string()
    category = string()
    tags = there(fields.List, fields.String())
    parameters = there(fields.List, fields.Dict())
    revision = whole_number(1)
    created_at = time()
    updated_at = time()
    node_count = whole_number()
    connection_count = whole_number()


class Template(Output):
    """A template with its graph."""

    id = string()
    name = string()
    description = string()
    category = string()
    tags = there(fields.List, fields.String())
    nodes = there(fields.List, fields.Nested(Node))
    connections = there(fields.List, fields.Nested(Connection))
    viewport = there(fields.Dict)
    parameters = there(fields.List, fields.Dict())
    revision = whole_number(1)
    created_at = time()
    updated_at = time()


class TemplateExport(Output):
    """A template to take elsewhere."""

    format = string()
    exported_at = time()
    template = there(fields.Dict)


class File(Output):
    """A file and what was found in it."""

    id = string()
    name = string()
    size = whole_number()
    content_type = string()
    kind = string(validate=validate.OneOf(KINDS))
    sha256 = string(validate=validate.Regexp(r"[0-9a-f]{64}\Z"))
    width = whole_number(1, allow_none=True)
    height = whole_number(1, allow_none=True)
    metadata = there(fields.Dict)
    thumbnail_url = string()
    content_url = string()
    created_at = time()


class Health(Output):
    """That the server is there, and what it is made of."""

    status = string(validate=validate.Equal("ok"))
    versions = there(fields.Dict, keys=fields.String(), values=fields.String())


class Index(Output):
    """Where things are."""

    name = string()
    version = string()
    links = there(fields.Dict, keys=fields.String(), values=fields.String())


class ProblemError(Output):
    """One culprit."""

    pointer = string()
    message = string()
    node_id = fields.String(allow_none=True)
    connection_id = fields.String(allow_none=True)
    parameter = fields.String()
    code = fields.String()
    path = fields.Raw()


class ProblemDetails(OpenInput):
    """An error, as RFC 9457 writes it."""

    type = string(validate=validate.Regexp(r"/problems/[a-z0-9_]+\Z"))
    title = string(validate=validate.Length(1))
    status = whole_number(400)
    detail = string(validate=validate.Length(1))
    code = string(validate=validate.Regexp(r"[a-z0-9_]+\Z"))
    errors = there(fields.List, fields.Nested(ProblemError))


class JsonSchema(OpenInput):
    """A JSON Schema."""


NODE_TYPE_BODY = NodeTypeBody()
NODE_TYPE = NodeType()
NODE_TYPES = items_of(NodeType)
TEMPLATE_BODY = TemplateBody()
APPLY_BODY = ApplyBody()
TEMPLATE = Template()
TEMPLATE_PAGE = page_of(TemplateSummary)
TEMPLATE_EXPORT = TemplateExport()
FILE = File()
FILES = items_of(File)
FILE_PAGE = page_of(File)
HEALTH = Health()
INDEX = Index()
JSON_SCHEMA = JsonSchema()
PROBLEM = ProblemDetails()
