"""Expressions: JSONata, in the forms that people know from n8n and Node-RED.

An expression sees the main input as its document, so ``total > 3`` works, and these variables:

    $json        the main input; in nodes that go item by item (filter): the item
    $input       what arrived, by port: $input.left
    $vars        the variables of the workflow
    $node        outputs of earlier nodes, by id and by label: $node."HTTP Request".json.status
    $execution   {id, input, workflow_id}
    $iteration   the number of the round within a loop
    $now         the virtual moment, ISO 8601; $now(), $millis(), $random(), $shuffle(), $uuid() follow the sandbox too
    $item, $index   in nodes that go item by item

The scope is a mapping of these names without the dollar sign. It may also hold two that no expression sees: ``rng``,
the luck of the node, from which ``$random()`` draws, and ``budget``, what its expressions may take.

In a configuration, any text may hold ``{{ expression }}``. A text that is exactly one of them becomes its value, any
other has the values written into it.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping
from functools import lru_cache, partial

from ..errors import NodeFailure
from .base import Effects, Inputs, Json

Scope = Mapping[str, Json]

MAX_EXPRESSION = 20_000
"""Characters of one expression."""
MAX_TEXT = 10_000_000
"""Characters of a text into which values were written."""
MAX_SHOWN = 120
"""Characters of its line that an error shows."""

_PATH = r"\$?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*"
_LITERAL = r"-?\d+(?:\.\d+)?|\"[^\"\\]*\"|'[^'\\]*'"
_SIMPLE = re.compile(rf"\s*({_PATH})\s*(?:(>=|<=|!=|=|>|<)\s*({_LITERAL})\s*)?")
_KEYWORDS = frozenset({"true", "false", "null", "and", "or", "in", "function"})
_MISSING = object()
_HIDDEN = frozenset({"rng", "budget"})


def evaluate(expression: str, scope: Scope) -> Json:
    """The value of an expression; what it does not find is null.

    It may be written with or without ``{{ }}``.

    :raises NodeFailure: ``expression_error``, whose message shows the line and the place.
    """
    text = _bare(expression)
    quick = _quick(text)
    if quick is not None:
        value = _evaluate_quick(quick, scope)
        if value is not _MISSING:
            return value
    return _evaluate_fully(text, scope)


def truth(value: Json) -> bool:
    """Whether a value counts as true, as ``$boolean`` has it: empty, zero and null do not."""
    if isinstance(value, list):
        return any(truth(item) for item in value)
    return bool(value)


def holds(expression: str, scope: Scope) -> bool:
    """Whether the value of an expression counts as true."""
    return truth(evaluate(expression, scope))


def render(value: Json, scope: Scope) -> Json:
    """A value of a configuration with every ``{{ }}`` in it worked out, however deep it lies.

    :raises NodeFailure: ``expression_error``.
    """
    if isinstance(value, str):
        return _render_text(value, scope) if "{{" in value else value
    if isinstance(value, dict):
        return {key: render(inner, scope) for key, inner in value.items()}
    if isinstance(value, list):
        return [render(inner, scope) for inner in value]
    return value


def resolve(config: dict[str, Json], schema: dict[str, Json], scope: Scope) -> dict[str, Json]:
    """A node's configuration with its ``{{ }}`` worked out; the same object if there are none.

    Properties that the schema marks ``format: expression`` stay as they are: the node evaluates those itself, with the
    scope of each item.
    """
    if not has_templates(config):
        return config
    resolved: dict[str, Json] = _resolve(config, schema, scope)
    return resolved


def has_templates(config: Json) -> bool:
    """Whether a text with ``{{`` lies anywhere in a value."""
    if isinstance(config, str):
        return "{{" in config
    if isinstance(config, dict):
        return any(has_templates(inner) for inner in config.values())
    if isinstance(config, list):
        return any(has_templates(inner) for inner in config)
    return False


def complaint(expression: str) -> str | None:
    """What is wrong with the form of an expression; ``None`` if it can be parsed."""
    from . import language

    text = _bare(expression)
    try:
        language.check(text)
    except language.LanguageError as failure:
        return _explained(text, failure.message, failure.end)[0]
    return None


def node_scope(inputs: Inputs, effects: Effects) -> dict[str, Json]:
    """What an expression inside of a node sees."""
    return {
        **effects.scope,
        "json": inputs.main if inputs else effects.scope.get("json"),
        "input": inputs.as_dict(),
        "now": effects.now,
        "rng": effects.rng,
    }


def item_scope(scope: dict[str, Json], item: Json, index: int) -> dict[str, Json]:
    """The scope for one item: ``$json`` and the document are the item."""
    return {**scope, "json": item, "item": item, "index": index}


def as_text(value: Json) -> str:
    """A value as it is written into a text: null is nothing, objects and lists are JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=4096)
def parts_of(template: str) -> tuple[tuple[bool, str], ...]:
    """A text taken apart: pairs of (is it an expression, the text); an unclosed ``{{`` is text."""
    parts, start = [], 0
    while (opened := template.find("{{", start)) >= 0:
        closed = _closing(template, opened + 2)
        if closed < 0:
            break
        parts.append((False, template[start:opened]))
        parts.append((True, template[opened + 2 : closed].strip()))
        start = closed + 2
    parts.append((False, template[start:]))
    return tuple(part for part in parts if part[0] or part[1])


def _closing(template: str, start: int) -> int:
    """Where the ``}}`` is that ends an expression: not one within quotes or braces of its own."""
    depth, quote = 0, ""
    for at in range(start, len(template)):
        char = template[at]
        if quote:
            # A backslash before a quote keeps the text open.
            quote = "" if char == quote and template[at - 1] != "\\" else quote
        elif char in "\"'`":
            quote = char
        elif char == "{":
            depth += 1
        elif char == "}" and depth:
            depth -= 1
        elif template.startswith("}}", at):
            return at
    return -1


def _bare(expression: str) -> str:
    if "{{" in expression:
        parts = parts_of(expression.strip())
        if len(parts) == 1 and parts[0][0]:
            return parts[0][1]
    return expression


def _render_text(text: str, scope: Scope) -> Json:
    parts = parts_of(text)
    if len(parts) == 1 and parts[0][0]:
        return evaluate(parts[0][1], scope) if parts[0][1] else None
    values, size = [], 0
    for dynamic, part in parts:
        values.append(as_text(evaluate(part, scope)) if dynamic and part else part)
        size += len(values[-1])
        if size > MAX_TEXT:
            raise NodeFailure("output_too_large", f"The text has more than {MAX_TEXT:,} characters.")
    return "".join(values)


def _resolve(value: Json, schema: Json, scope: Scope) -> Json:
    schema = schema if isinstance(schema, dict) else {}
    if schema.get("format") == "expression":
        return value
    if isinstance(value, dict):
        known, other = schema.get("properties", {}), schema.get("additionalProperties")
        return {key: _resolve(inner, known.get(key, other), scope) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolve(inner, schema.get("items"), scope) for inner in value]
    return render(value, scope)


@lru_cache(maxsize=4096)
def _quick(text: str) -> tuple[tuple[str, ...], str, Json] | None:
    """An expression that is a path, or compares a path with a literal: what most are, and needs no language."""
    match = _SIMPLE.fullmatch(text)
    if match is None:
        return None
    path = tuple(match[1].split("."))
    if _KEYWORDS.intersection(path):
        return None
    literal = match[3]
    if literal is None:
        return path, "", None
    quoted = literal[0] in "\"'"
    return path, match[2], literal[1:-1] if quoted else json.loads(literal) if _is_json(literal) else None


def _is_json(number: str) -> bool:
    return re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", number) is not None


def _evaluate_quick(quick: tuple[tuple[str, ...], str, Json], scope: Scope) -> Json:
    path, operator, literal = quick
    value = _walk(path, scope)
    if not operator or value is _MISSING:
        return value
    alike = isinstance(value, str) if isinstance(literal, str) else type(value) in (int, float) and literal is not None
    return _COMPARISONS[operator](value, literal) if alike else _MISSING


_COMPARISONS = {
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    "=": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}


def _walk(path: tuple[str, ...], scope: Scope) -> Json:
    """The value at the end of a path of plain objects; anything else is left to the language."""
    first, value = path[0], scope.get("json")
    if first.startswith("$"):
        value = scope.get(first[1:], _MISSING) if first[1:] not in _HIDDEN else _MISSING
        path = path[1:]
    for name in path:
        if type(value) is not dict:
            return _MISSING
        value = value.get(name)
    return value


def _evaluate_fully(text: str, scope: Scope) -> Json:
    from . import language

    if len(text) > MAX_EXPRESSION:
        raise NodeFailure("expression_error", f"The expression is longer than {MAX_EXPRESSION:,} characters.")
    variables = {name: value for name, value in scope.items() if name not in _HIDDEN}
    try:
        return language.evaluate(text, scope.get("json"), variables, partial(_luck, scope, text), scope.get("budget"))
    except language.LanguageError as failure:
        message, position = _explained(text, failure.message, failure.end)
        raise NodeFailure("expression_error", message, expression=text, position=position) from None


def _luck(scope: Scope, text: str) -> random.Random:
    rng = scope.get("rng")
    if isinstance(rng, random.Random):
        return rng
    return random.Random(f"{scope.get('execution')}:{scope.get('iteration')}:{scope.get('now')}:{text}")


def _explained(text: str, message: str, end: int) -> tuple[str, int]:
    """The message with the line it is about and carets under the place, and where that place begins."""
    start, end = _token(text, end)
    line_start = text.rfind("\n", 0, start) + 1
    line = text[line_start:].split("\n", 1)[0]
    column = start - line_start
    # A long line is shown around the place only.
    cut = max(column - MAX_SHOWN // 2, 0)
    carets = " " * (column - cut) + "^" * min(end - start, len(line) or 1)
    where = f"line {text.count(chr(10), 0, start) + 1}, column {column + 1}"
    return f"{message.rstrip('.')} ({where})\n{line[cut : cut + MAX_SHOWN]}\n{carets}", start


def _token(text: str, end: int) -> tuple[int, int]:
    """The word or sign that ends where JSONata says that it went wrong."""
    end = min(end, len(text)) if end > 0 else len(text.rstrip())
    if end > 1 and text[end - 1] == "(":
        end -= 1
    start = max(end - 1, 0)
    while start > 0 and re.match(r"\w", text[start]) and re.match(r"[\w$]", text[start - 1]):
        start -= 1
    return start, max(end, start + 1)
