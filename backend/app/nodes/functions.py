"""Functions that shape data: they really compute, behind every engine."""

from __future__ import annotations

from ..errors import NodeFailure
from . import fields
from .base import Config, Effects, Inputs, Json, NodeType, Port, Simulation
from .expressions import as_text, evaluate, holds, item_scope, node_scope
from .items import LIST_OUT, arrived, describe, identity, items_of, value_at

COLOR = "#8b5cf6"
QUICK = Simulation(median_ms=18, sigma=0.35, min_ms=1, max_ms=500)
ANY_OUT: dict[str, Json] = {"output": {}}
LIST_SCHEMA = {"output": {"type": "array"}}


def set_fields(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """Write fields into what arrived, or into a new object; into each item of a list."""
    added, given = fields.read_mapping(config, "fields"), inputs.main
    if not config.get("keep_input", True) or given is None:
        return {"output": added}
    if isinstance(given, list):
        return {"output": [_with_fields(item, added) for item in given]}
    return {"output": _with_fields(given, added)}


def _with_fields(item: Json, added: dict[str, Json]) -> dict[str, Json]:
    return {**item, **added} if isinstance(item, dict) else {"value": item, **added}


def run_code(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """The value of an expression: of the whole input, or of each item."""
    expression, scope = _expression(config, "expression", "to evaluate"), node_scope(inputs, effects)
    if fields.read_choice(config, "mode", CODE_MODES) == "once":
        return {"output": evaluate(expression, scope)}
    every = enumerate(arrived(inputs))
    return {"output": [evaluate(expression, item_scope(scope, item, index)) for index, item in every]}


def fill_template(_inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """The text, whose ``{{ }}`` were worked out before."""
    return {"output": as_text(config.get("text"))}


def filter_items(inputs: Inputs, config: Config, effects: Effects) -> dict[str, Json]:
    """Part the items into those for which the condition holds, and the others."""
    condition, scope = _expression(config, "condition", "to decide by"), node_scope(inputs, effects)
    kept: list[Json] = []
    rejected: list[Json] = []
    for index, item in enumerate(arrived(inputs)):
        (kept if holds(condition, item_scope(scope, item, index)) else rejected).append(item)
    return {"output": kept, "rejected": rejected}


def _expression(config: Config, key: str, purpose: str) -> str:
    text = config.get(key)
    if isinstance(text, bool):
        return "true" if text else "false"
    if not isinstance(text, str) or not text.strip():
        raise NodeFailure("bad_config", f"'{key}' is empty: there is no expression {purpose}.")
    return text


def split(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """Take a text apart at a separator, or a list into its items or into batches."""
    value = value_at(inputs.main, fields.read_text(config, "field"))
    size = fields.read_whole(config, "batch_size", 1, 1, 1_000_000)
    if isinstance(value, str):
        separator = _separator(config)
        pieces: list[Json] = [piece.strip() for piece in value.split(separator)]
    else:
        pieces = items_of(value)
    if size > 1:
        pieces = [pieces[at : at + size] for at in range(0, len(pieces), size)]
    return {"output": pieces}


def _separator(config: Config) -> str:
    separator = config.get("separator", ",")
    if not isinstance(separator, str) or not separator:
        raise NodeFailure("bad_config", "'separator' is empty: a text cannot be split at nothing.")
    return separator.replace("\\n", "\n").replace("\\t", "\t")


def join(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """Match the items of two lists by a key, as a database does."""
    key = fields.read_text(config, "key", "id")
    right_key = fields.read_text(config, "right_key", key)
    mode = fields.read_choice(config, "mode", JOIN_MODES)
    left, right = _objects(inputs, "left"), _objects(inputs, "right")
    by_key = _by_key(right, right_key)
    joined: list[Json] = []
    matched: set[str] = set()
    for item in left:
        name = identity(value_at(item, key))
        partners = by_key.get(name, []) if value_at(item, key) is not None else []
        matched.update([name] if partners else [])
        if len(joined) + len(partners) > MOST_ROWS:
            raise NodeFailure("too_many_rows", f"The lists have more than {MOST_ROWS:,} pairs with the same '{key}'.")
        joined += [_side_by_side(item, partner, right_key) for partner in partners]
        if not partners and mode != "inner":
            joined.append(item)
    if mode == "outer":
        joined += [item for item in right if identity(value_at(item, right_key)) not in matched]
    return {"output": joined}


def _objects(inputs: Inputs, port: str) -> list[dict[str, Json]]:
    found = arrived(inputs, port)
    if not all(isinstance(item, dict) for item in found):
        raise NodeFailure("bad_input", f"Only objects can be joined; on port '{port}', {describe(found)}.")
    return found


def _by_key(items: list[dict[str, Json]], key: str) -> dict[str, list[dict[str, Json]]]:
    found: dict[str, list[dict[str, Json]]] = {}
    for item in items:
        if value_at(item, key) is not None:
            found.setdefault(identity(value_at(item, key)), []).append(item)
    return found


def _side_by_side(left: dict[str, Json], right: dict[str, Json], right_key: str) -> dict[str, Json]:
    merged = dict(left)
    for name, value in right.items():
        if name not in merged:
            merged[name] = value
        elif name != right_key and merged[name] != value:
            merged[f"right_{name}"] = value
    return merged


def rename_keys(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """Give keys other names; those renamed to nothing are dropped."""
    names, given = fields.read_mapping(config, "names"), inputs.main
    if isinstance(given, list):
        return {"output": [_renamed(item, names) for item in given]}
    return {"output": _renamed(given, names)}


def _renamed(item: Json, names: dict[str, Json]) -> Json:
    if not isinstance(item, dict):
        return item
    pairs = [(as_text(names[key]) if key in names else key, value) for key, value in item.items()]
    return {key: value for key, value in pairs if key}


CODE_MODES = ("once", "each")
JOIN_MODES = ("inner", "left", "outer")
MOST_ROWS = 100_000
"""Rows that a join gives."""


def expression(title: str, default: str, description: str) -> dict[str, Json]:
    """A field for an expression that the node evaluates itself."""
    return {"type": ["string", "boolean"]} | {
        key: value
        for key, value in fields.line(title, default, description, format="expression").items()
        if key != "type"
    }


_SET = fields.form(
    {
        "fields": {
            "type": "object",
            "title": "Fields",
            "description": "Names and values; values may hold {{ }}.",
            "additionalProperties": True,
            "default": {"status": "new"},
        },
        "keep_input": fields.tick("Keep the input", True, "Add to what arrived instead of starting anew."),
    }
)
_CODE = fields.form(
    {
        "expression": expression("Expression", "$json", "JSONata, such as $sum(items.price)."),
        "mode": fields.choice("Run", CODE_MODES, "Once for the whole input, or for each item."),
    }
)
_TEMPLATE = fields.form({"text": fields.box("Text", "Hello {{ $json.name }}", "What leaves; {{ }} are filled in.")})
_FILTER = fields.form({"condition": expression("Condition", "true", "What an item must fulfil: price > 10.")})
_SPLIT = fields.form(
    {
        "field": fields.line("Field", "", "Where the list or text lies; empty: the input itself."),
        "separator": fields.line("Separator", ",", "Where a text is split; \\n for lines."),
        "batch_size": fields.whole("Batch size", 1, 1, 1_000_000, "More than 1 gives lists of that many."),
    }
)
_JOIN = fields.form(
    {
        "key": fields.line("Key", "id", "The field by which items match."),
        "right_key": fields.line("Key on the right", "", "If it has another name there."),
        "mode": fields.choice("Keep", JOIN_MODES, "Only matches, all of the left, or all of both."),
    }
)
_RENAME = fields.form(
    {
        "names": {
            "type": "object",
            "title": "Names",
            "description": "Old names and new ones; an empty new name drops the field.",
            "additionalProperties": {"type": ["string", "null"]},
            "default": {},
        }
    }
)

TYPES: tuple[NodeType, ...] = (
    NodeType(
        type="set",
        display_name="Set fields",
        description="Adds fields, or makes a new object.",
        category="functions",
        run=set_fields,
        icon="pencil",
        color=COLOR,
        config_schema=_SET,
        defaults=fields.defaults_of(_SET),
        output_schema={"output": {"type": ["object", "array"]}},
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="code",
        display_name="Code",
        description="A JSONata expression.",
        category="functions",
        run=run_code,
        icon="code",
        color=COLOR,
        config_schema=_CODE,
        defaults=fields.defaults_of(_CODE),
        output_schema=ANY_OUT,
        simulation=Simulation(median_ms=45, sigma=0.5, min_ms=2, max_ms=3000),
    ),
    NodeType(
        type="template",
        display_name="Text template",
        description="A text with values filled in.",
        category="functions",
        run=fill_template,
        icon="text-quote",
        color=COLOR,
        outputs=(Port("output", data_type="string"),),
        config_schema=_TEMPLATE,
        defaults=fields.defaults_of(_TEMPLATE),
        output_schema={"output": {"type": "string"}},
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="filter",
        display_name="Filter",
        description="Keeps the items that fulfil a condition.",
        category="functions",
        run=filter_items,
        icon="filter",
        color=COLOR,
        outputs=(LIST_OUT, Port("rejected", data_type="array")),
        config_schema=_FILTER,
        defaults=fields.defaults_of(_FILTER),
        output_schema={**LIST_SCHEMA, "rejected": {"type": "array"}},
        simulation=QUICK,
    ),
    NodeType(
        type="split",
        display_name="Split",
        description="Takes a text or a list apart.",
        category="functions",
        run=split,
        icon="split",
        color=COLOR,
        outputs=(LIST_OUT,),
        config_schema=_SPLIT,
        defaults=fields.defaults_of(_SPLIT),
        output_schema=LIST_SCHEMA,
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="join",
        display_name="Join",
        description="Matches two lists by a key.",
        category="functions",
        run=join,
        icon="combine",
        color=COLOR,
        inputs=(Port("left", required=True), Port("right", required=True)),
        outputs=(LIST_OUT,),
        config_schema=_JOIN,
        defaults=fields.defaults_of(_JOIN),
        output_schema={"output": {"type": "array", "items": {"type": "object"}}},
        simulation=Simulation(median_ms=60, sigma=0.4, min_ms=2, max_ms=3000),
        needs_effects=False,
    ),
    NodeType(
        type="rename_keys",
        display_name="Rename keys",
        description="Gives fields other names.",
        category="functions",
        run=rename_keys,
        icon="tags",
        color=COLOR,
        config_schema=_RENAME,
        defaults=fields.defaults_of(_RENAME),
        output_schema=ANY_OUT,
        simulation=QUICK,
        needs_effects=False,
    ),
)
