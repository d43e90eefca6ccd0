"""Flow: which way it goes on, when, and whether at all."""

from __future__ import annotations

from ..errors import NodeFailure
from . import fields
from .base import Call, Config, Effects, Inputs, Json, NodeType, Port, Question, Result, Simulation
from .expressions import as_text, evaluate, holds, node_scope, render
from .functions import expression
from .items import items_of

COLOR = "#f59e0b"
QUICK = Simulation(median_ms=8, sigma=0.3, min_ms=1, max_ms=200)
FALLBACK = "fallback"
MERGE_MODES = ("append", "combine", "first", "wait_all")
MAX_DELAY_S = 30 * 86_400


def decide(inputs: Inputs, config: Config, effects: Effects) -> Result:
    """Send what arrived by port ``true`` or ``false``."""
    condition = config.get("condition")
    if isinstance(condition, bool):
        return _taken("true" if condition else "false", inputs)
    if not isinstance(condition, str) or not condition.strip():
        raise NodeFailure("bad_config", "'condition' is empty: there is nothing to decide by.")
    return _taken("true" if holds(condition, node_scope(inputs, effects)) else "false", inputs)


def choose(inputs: Inputs, config: Config, effects: Effects) -> Result:
    """Send what arrived by the port of the first rule that holds, else by ``fallback``."""
    scope = node_scope(inputs, effects)
    for rule, port in zip(_rules(config), switch_ports(config), strict=False):
        condition = rule.get("condition")
        if condition is True or (isinstance(condition, str) and condition.strip() and holds(condition, scope)):
            return _taken(port.id, inputs)
    if not config.get("fallback", True):
        return Result()
    return _taken(FALLBACK, inputs)


def switch_ports(config: Config) -> tuple[Port, ...]:
    """One output port per rule, and the fallback."""
    ports = [
        Port(as_text(rule.get("id")) or f"rule_{index}", as_text(rule.get("label")) or f"Rule {index + 1}")
        for index, rule in enumerate(_rules(config))
    ]
    return (*ports, Port(FALLBACK, "Otherwise")) if config.get("fallback", True) else tuple(ports)


def _rules(config: Config) -> list[dict[str, Json]]:
    return [rule for rule in items_of(config.get("rules")) if isinstance(rule, dict)]


def _taken(port: str, inputs: Inputs) -> Result:
    return Result(outputs={port: inputs.main}, branch=port)


def merge(inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """Bring what arrived by several connections together."""
    values = [value for port in inputs.by_port.values() for value in port]
    mode = fields.read_choice(config, "mode", MERGE_MODES)
    if mode == "append":
        return {"output": [item for value in values for item in items_of(value)]}
    if mode == "combine":
        return {"output": _combined(values)}
    if mode == "first":
        return {"output": values[0] if values else None}
    return {"output": values}


def _combined(values: list[Json]) -> dict[str, Json]:
    whole: dict[str, Json] = {}
    for index, value in enumerate(values):
        if isinstance(value, dict):
            whole |= value
        elif value is not None:
            whole[f"input_{index + 1}"] = value
    return whole


def iterate(inputs: Inputs, config: Config, effects: Effects) -> Result:
    """Cut what arrived into batches; the engine hands one after another to the body."""
    size = fields.read_whole(config, "batch_size", 1, 1, 100_000)
    limit = fields.read_whole(config, "max_iterations", 100, 1, 100_000)
    items = _loop_items(inputs, config, effects)
    batches = items if size == 1 else [items[at : at + size] for at in range(0, len(items), size)]
    if len(batches) > limit:
        effects.log(f"Only {limit} of {len(batches)} rounds are made: 'max_iterations' says so.", "warning")
    return Result(batches=batches[:limit])


def _loop_items(inputs: Inputs, config: Config, effects: Effects) -> list[Json]:
    given, wanted = inputs.get("input"), config.get("items")
    if wanted in (None, ""):
        return _rounds(given)
    scope = {**node_scope(inputs, effects), "json": given}
    return _rounds(evaluate(wanted, scope) if isinstance(wanted, str) else render(wanted, scope))


def _rounds(value: Json) -> list[Json]:
    # A whole number says how often, as in "repeat 3 times".
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000:
        return list(range(value))
    return items_of(value)


def wait(inputs: Inputs, config: Config, _effects: Effects) -> Result:
    """Give on what arrived after so many seconds."""
    seconds = fields.read_number(config, "seconds", 5, 0, MAX_DELAY_S)
    return Result(outputs={"output": inputs.main}, duration_ms=round(seconds * 1000))


def fail(_inputs: Inputs, config: Config, _effects: Effects) -> dict[str, Json]:
    """End the execution with an error of one's own.

    :raises NodeFailure: always.
    """
    message = fields.read_text(config, "message", "The workflow stopped here.")
    raise NodeFailure(fields.read_text(config, "code", "stopped_with_error"), message)


def call_workflow(inputs: Inputs, config: Config, _effects: Effects) -> Result:
    """Run another workflow and end with it."""
    workflow_id = fields.read_text(config, "workflow_id")
    if not workflow_id:
        raise NodeFailure("bad_config", "'workflow_id' is empty: there is no workflow to run.")
    given = config.get("input")
    return Result(call=Call(workflow_id, inputs.main if given in (None, "") else given))


def ask_approval(_inputs: Inputs, config: Config, _effects: Effects) -> Result:
    """Ask a person to decide."""
    options = approval_options(config)
    prompt = fields.read_text(config, "prompt", "Do you approve?")
    approvers = fields.read_names(config, "approvers")
    asked = f"{prompt} ({', '.join(approvers)})" if approvers else prompt
    schema = {
        "type": "object",
        "required": ["decision"],
        "properties": {
            "decision": {"title": "Decision", "enum": [option["id"] for option in options]},
            "comment": {"title": "Comment", "type": "string"},
        },
    }
    return Result(question=Question(prompt=asked, schema=schema, options=options))


def take_decision(inputs: Inputs, config: Config, answer: Json) -> Result:
    """Send what arrived, with the decision, by port ``approved`` or ``rejected``."""
    decision = answer.get("decision") if isinstance(answer, dict) else answer
    comment = answer.get("comment", "") if isinstance(answer, dict) else ""
    port = _port_of(as_text(decision), approval_options(config))
    outcome = {"decision": decision, "comment": comment, "approved": port == "approved", "input": inputs.main}
    return Result(outputs={port: outcome}, branch=port)


def approval_options(config: Config) -> list[dict[str, str]]:
    """The buttons of an approval: those of the configuration, else Approve and Reject."""
    found = []
    for option in items_of(config.get("options")):
        name = as_text(option.get("id") if isinstance(option, dict) else option).strip()
        label = as_text(option.get("label")) if isinstance(option, dict) else ""
        if name:
            found.append({"id": name, "label": label or name.replace("_", " ").capitalize()})
    return found or [{"id": "approved", "label": "Approve"}, {"id": "rejected", "label": "Reject"}]


def _port_of(decision: str, options: list[dict[str, str]]) -> str:
    """By its name, if it is one of the usual words; else the first option approves and the others reject."""
    if decision in ("approved", "approve", "yes", "accept"):
        return "approved"
    if decision in ("rejected", "reject", "no", "decline"):
        return "rejected"
    return "approved" if decision == options[0]["id"] else "rejected"


_IF = fields.form({"condition": expression("Condition", "true", "An expression such as $json.total > 100.")})
_SWITCH = fields.form(
    {
        "rules": {
            "type": "array",
            "title": "Rules",
            "description": "Each has a port of its own; the first that holds is taken.",
            "items": {
                "type": "object",
                "required": ["id", "condition"],
                "properties": {
                    "id": {"type": "string", "minLength": 1, "title": "Port", "description": "The id of its port."},
                    "label": {"type": "string", "title": "Label", "description": "What the port is called."},
                    "condition": expression("Condition", "true", "An expression."),
                },
            },
            "default": [{"id": "first", "label": "First", "condition": "true"}],
        },
        "fallback": fields.tick("Fallback", True, "A port for what no rule takes."),
    }
)
_MERGE = fields.form({"mode": fields.choice("Mode", MERGE_MODES, "One list, one object, the first, or all as a list.")})
_LOOP = fields.form(
    {
        "items": {
            "title": "Items",
            "description": "An expression; empty: what arrives. A number: so many rounds.",
            "type": ["string", "array", "integer"],
            "items": {},
            "format": "expression",
            "default": "",
        },
        "batch_size": fields.whole("Batch size", 1, 1, 100_000, "Items per round."),
        "max_iterations": fields.whole("At most", 100, 1, 100_000, "Rounds; the rest is left out."),
    }
)
_DELAY = fields.form({"seconds": fields.number("Seconds", 5, 0, MAX_DELAY_S, "How long it waits.")})
_STOP = fields.form(
    {
        "message": fields.line("Message", "The workflow stopped here.", "What the error says."),
        "code": fields.line("Code", "stopped_with_error", "A name that programs can tell apart."),
    }
)
_CALL = fields.form(
    {
        "workflow_id": fields.line("Workflow", "", "The id of the workflow to run."),
        "input": fields.anything("Input", "What it gets; empty: what arrives."),
    }
)
_APPROVAL = fields.form(
    {
        "prompt": fields.box("Question", "Do you approve?", "What the person reads."),
        "approvers": {
            "type": "array",
            "items": {"type": "string"},
            "title": "Approvers",
            "description": "Who is asked.",
            "default": [],
        },
        "options": {
            "type": "array",
            "title": "Options",
            "description": "The buttons; the first approves unless its id says otherwise.",
            "items": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "minLength": 1, "title": "Id", "description": "The decision."},
                    "label": {"type": "string", "title": "Label", "description": "What the button says."},
                },
            },
            "default": [{"id": "approved", "label": "Approve"}, {"id": "rejected", "label": "Reject"}],
        },
    }
)
_DECISION = {
    "type": "object",
    "required": ["decision", "comment", "approved"],
    "properties": {"comment": {"type": "string"}, "approved": {"type": "boolean"}},
}

TYPES: tuple[NodeType, ...] = (
    NodeType(
        type="if",
        display_name="If",
        description="Goes one way if a condition holds, else the other.",
        category="flow",
        run=decide,
        icon="git-branch",
        color=COLOR,
        outputs=(Port("true", "True"), Port("false", "False")),
        config_schema=_IF,
        defaults=fields.defaults_of(_IF),
        output_schema={"true": {}, "false": {}},
        simulation=QUICK,
    ),
    NodeType(
        type="switch",
        display_name="Switch",
        description="Goes the way of the first rule that holds.",
        category="flow",
        run=choose,
        icon="route",
        color=COLOR,
        outputs=(Port("first", "First"), Port(FALLBACK, "Otherwise")),
        config_schema=_SWITCH,
        defaults=fields.defaults_of(_SWITCH),
        output_schema={"first": {}, FALLBACK: {}},
        simulation=QUICK,
        dynamic_outputs=switch_ports,
    ),
    NodeType(
        type="merge",
        display_name="Merge",
        description="Brings several ways together.",
        category="flow",
        run=merge,
        icon="git-merge",
        color=COLOR,
        config_schema=_MERGE,
        defaults=fields.defaults_of(_MERGE),
        output_schema={"output": {}},
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="loop",
        display_name="Loop over items",
        description="Runs what hangs on 'item' once per item, then goes on at 'done'.",
        category="flow",
        run=iterate,
        icon="repeat",
        color=COLOR,
        inputs=(Port("input"), Port("back", "Back")),
        outputs=(Port("item", "Item"), Port("done", "Done", "array")),
        config_schema=_LOOP,
        defaults=fields.defaults_of(_LOOP),
        output_schema={"item": {}, "done": {}},
        simulation=QUICK,
    ),
    NodeType(
        type="delay",
        display_name="Delay",
        description="Waits before it goes on.",
        category="flow",
        run=wait,
        icon="timer",
        color=COLOR,
        config_schema=_DELAY,
        defaults=fields.defaults_of(_DELAY),
        output_schema={"output": {}},
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="stop_with_error",
        display_name="Stop with error",
        description="Fails with a message of your own.",
        category="flow",
        run=fail,
        icon="octagon-x",
        color=COLOR,
        outputs=(),
        config_schema=_STOP,
        defaults=fields.defaults_of(_STOP),
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="sub_workflow",
        display_name="Run workflow",
        description="Runs another workflow and goes on with its output.",
        category="flow",
        run=call_workflow,
        icon="workflow",
        color=COLOR,
        config_schema=_CALL,
        defaults=fields.defaults_of(_CALL),
        output_schema={"output": {}},
        simulation=QUICK,
        needs_effects=False,
    ),
    NodeType(
        type="approval",
        display_name="Approval",
        description="Waits for a person's decision.",
        category="flow",
        run=ask_approval,
        icon="user-check",
        color=COLOR,
        outputs=(Port("approved", data_type="object"), Port("rejected", data_type="object")),
        config_schema=_APPROVAL,
        defaults=fields.defaults_of(_APPROVAL),
        output_schema={"approved": _DECISION, "rejected": _DECISION},
        simulation=QUICK,
        answer=take_decision,
        needs_effects=False,
    ),
)
