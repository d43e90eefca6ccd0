"""Types without a meaning of their own: React Flow's built-ins, annotations, and the profile of unknown types."""

from __future__ import annotations

from .base import Config, Effects, Inputs, Json, NodeType, Simulation

COLOR = "#64748b"
QUICK = Simulation(median_ms=80, sigma=0.35, min_ms=5, max_ms=1000)


def pass_through(inputs: Inputs, _config: Config, _effects: Effects) -> dict[str, Json]:
    """Give on what arrived, as it arrived; what came by several ways is given on once.

    Otherwise a branch that joins again would double what flows, and forty of them in a row fill the memory.
    """
    values = [value for values in inputs.by_port.values() for value in values]
    if len(values) > 1 and all(value is values[0] for value in values):
        return {"output": values[0]}
    return {"output": inputs.main}


def end_here(_inputs: Inputs, _config: Config, _effects: Effects) -> dict[str, Json]:
    """Take what arrived; nothing leaves."""
    return {}


def _annotation(kind: str, name: str, description: str, icon: str, properties: dict[str, Json]) -> NodeType:
    return NodeType(
        type=kind,
        display_name=name,
        description=description,
        category="general",
        run=end_here,
        icon=icon,
        color="#eab308" if kind == "note" else COLOR,
        inputs=(),
        outputs=(),
        config_schema={"type": "object", "properties": properties},
        annotation=True,
    )


NOTES = frozenset({"annotation", "comment", "stickyNote", "sticky-note", "sticky_note", "stickynote"})
"""What other editors call a note: never executed either."""

GENERIC = NodeType(
    type="generic",
    display_name="Node",
    description="A node of a type that this server does not know: it passes its input through.",
    category="general",
    run=pass_through,
    color=COLOR,
    simulation=QUICK,
    needs_effects=False,
    generic=True,
)
"""The profile of unknown types; it never fails."""

TYPES: tuple[NodeType, ...] = (
    NodeType(
        type="default",
        display_name="Default",
        description="React Flow's plain node: passes its input through.",
        category="general",
        run=pass_through,
        icon="square",
        color=COLOR,
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="input",
        display_name="Input",
        description="React Flow's first node: passes the input of the execution on.",
        category="general",
        run=pass_through,
        icon="arrow-right-from-line",
        color=COLOR,
        inputs=(),
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="output",
        display_name="Output",
        description="React Flow's last node: takes what arrives.",
        category="general",
        run=end_here,
        icon="arrow-right-to-line",
        color=COLOR,
        outputs=(),
        simulation=QUICK,
        needs_effects=False,
    ),
    _annotation(
        "note",
        "Note",
        "A text on the canvas; it is never executed.",
        "sticky-note",
        {"text": {"type": "string", "title": "Text", "description": "Markdown.", "default": ""}},
    ),
    _annotation("group", "Group", "A frame around other nodes; it is never executed itself.", "group", {}),
)
