"""Node types, in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from ...nodes import custom
from ...web.checks import Checked, text
from ...web.schemas import OpenInput, Output, described, items_of, string, there, whole_number


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


NODE_TYPE_BODY = NodeTypeBody()
NEW_NODE_TYPE = NewNodeType()
NODE_TYPE = NodeType()
NODE_TYPES = items_of(NodeType, "The node types, by category and name.")
