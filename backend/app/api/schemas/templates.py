"""Templates, in and out."""

from __future__ import annotations

from marshmallow import fields

from ...web import graph
from ...web.checks import Checked, anything, each, mapping, number, one_of, shape, text
from ...web.schemas import Input, Output, described, id_or_null, page_of, string, there, time, whole_number
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


class TemplateChange(GraphBody):
    """A template as it is saved; what is not given stays."""

    name = Checked(text(1, 200), metadata=described("What people call it."))
    description = Checked(text(0, 100_000), metadata=described("What it is for."))
    category = Checked(
        text(0, 100), metadata=described("The part of the gallery that it is in; `custom` if nothing is said.")
    )
    tags = Checked(each(text(1, 200)), metadata=described("Words to find it by."))
    parameters = Checked(each(_parameter), metadata=described(_PARAMETERS))


class TemplateBody(TemplateChange):
    """A template, made of a graph or of a workflow that is there."""

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


class _TemplateHead(Output):
    id = string(about="What names it in addresses; nothing is to be read into it.")
    name = string(about="What people call it.")
    description = string(about="What it is for.")
    category = string(about="The part of the gallery that it is in.")
    tags = there(fields.List, fields.String(), about="Words to find it by.")
    parameters = there(fields.List, fields.Dict(), about=_PARAMETERS)
    revision = whole_number(1, about="Rises with every change, from 1; `If-Match` compares it.")
    owner_id = string(
        allow_none=True, about="The id of the user that it belongs to; `null` if it came with the sandbox, for all."
    )
    created_at = time(about="When it was created.")
    updated_at = time(about="When it was last changed.")


class TemplateSummary(_TemplateHead):
    """A template as lists show it."""

    node_count = whole_number(about="How many nodes its graph has.")
    connection_count = whole_number(about="How many connections its graph has.")


class Template(_TemplateHead):
    """A template with its graph."""

    nodes = Checked(each(graph.KEPT_NODE), required=True, metadata=described("Its nodes, as they were sent."))
    connections = Checked(
        each(graph.KEPT_CONNECTION),
        required=True,
        metadata=described("The connections between them, as they were sent."),
    )
    viewport = Checked(graph.viewport, required=True, metadata=described("Which part of the canvas is looked at."))


class TemplateExport(Output):
    """A template to take elsewhere."""

    format = string(about="What this document is: `understudy/1`.")
    exported_at = time(about="When it was exported, in virtual time.")
    template = there(fields.Dict, about="The template, with an empty text in the place of every secret.")


TEMPLATE_BODY = TemplateBody()
TEMPLATE_CHANGE = TemplateChange()
APPLY_BODY = ApplyBody()
TEMPLATE = Template()
TEMPLATE_PAGE = page_of(TemplateSummary, "templates")
TEMPLATE_EXPORT = TemplateExport()
