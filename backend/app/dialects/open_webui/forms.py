"""What comes in, looked at as FastAPI does: the same faults, in its words.

What a graph must be is said by our own rules, as at every door.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import request

from ...errors import InvalidInput, MalformedInput, UnsupportedMedia
from ...models.workflow import MOST_NAME
from ...web import graph
from ...web.body import culprits_of, read_json

Json = Any
Fault = dict[str, Json]


class Kind(NamedTuple):
    """What a member can be."""

    fits: Callable[[Json], bool]
    code: str
    message: str


STRING = Kind(lambda value: isinstance(value, str), "string_type", "Input should be a valid string")
LIST = Kind(lambda value: isinstance(value, list), "list_type", "Input should be a valid list")
OBJECT = Kind(lambda value: isinstance(value, dict), "dict_type", "Input should be a valid dictionary")
_FORM = Kind(
    OBJECT.fits, "model_attributes_type", "Input should be a valid dictionary or object to extract fields from"
)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a form."""

    kind: Kind
    about: str
    schema: Mapping[str, Json]
    is_required: bool = False
    """One that is not may be ``null``, too."""
    length: tuple[int, int] | None = None
    """How many characters a text has at least, and at most."""

    def faults(self, value: Json, loc: list[Json]) -> list[Fault]:
        """What is wrong with a value."""
        if value is None and not self.is_required:
            return []
        if not self.kind.fits(value):
            return [_fault(self.kind.code, loc, self.kind.message, value)]
        return [] if self.length is None else _wrong_length(value, *self.length, loc)

    def told(self) -> dict[str, Json]:
        """The same as JSON Schema."""
        bounds = {} if self.length is None else {"minLength": self.length[0], "maxLength": self.length[1]}
        schema = {**self.schema, **bounds}
        if not self.is_required:
            schema["type"] = [schema["type"], "null"]
        return {**schema, "description": self.about}


Form = Mapping[str, Member]
"""What a body must be, member by member."""

_NODES = {"type": "array", "items": graph.node.schema}
_EDGES = {"type": "array", "items": graph.connection.schema}
_TEXT = {"type": "string"}
_FREE = {"type": "object", "additionalProperties": True}


def _form(*, is_whole: bool) -> Form:
    """A flow to save: a whole one, or what changes of one."""
    return {
        "name": Member(STRING, "What people call it.", _TEXT, is_whole, (1, MOST_NAME)),
        "description": Member(STRING, "What it is for.", _TEXT, length=(0, 100_000)),
        "nodes": Member(LIST, "Its nodes, in the order in which they are drawn.", _NODES, is_whole),
        "edges": Member(LIST, "The connections between its nodes.", _EDGES, is_whole),
        "meta": Member(OBJECT, "Whatever else belongs to it: what our own API calls `metadata`.", _FREE),
    }


FLOW = _form(is_whole=True)
"""A flow that is made."""

CHANGES = _form(is_whole=False)
"""What changes of a flow."""

COPY: Form = {"name": CHANGES["name"]}
"""What a copy is called."""

INPUTS: Form = {"inputs": Member(OBJECT, "The inputs of the flow; without this member, the whole body is.", _FREE)}
"""What goes into an execution."""

CONTENT = CHANGES
"""What an import has under ``flow``: everything may be missing."""


def schema_of(form: Form) -> dict[str, Json]:
    """A form as JSON Schema."""
    required = [name for name, member in form.items() if member.is_required]
    told = {name: member.told() for name, member in form.items()}
    return {"type": "object", "properties": told, "additionalProperties": True} | (
        {"required": required} if required else {}
    )


def read_form(form: Form) -> dict[str, Json]:
    """The body, with the members that the form has; others are not looked at.

    :raises InvalidInput: ``invalid_input`` in FastAPI's words; ``bad_graph`` in ours.
    """
    body = _read(_FORM)
    if faults := faults_of(form, body, ["body"]):
        raise _unfit(*faults)
    found = {name: body[name] for name in form if name in body}
    check_graph(found)
    return found


def read_object() -> dict[str, Json]:
    """The body, which may be any object.

    :raises InvalidInput: ``invalid_input`` in FastAPI's words.
    """
    return _read(OBJECT)


def read_inputs() -> dict[str, Json]:
    """What the body says goes into an execution: its member ``inputs``, or all of it.

    :raises InvalidInput: ``invalid_input`` in FastAPI's words.
    """
    body = _read(OBJECT)
    if faults := faults_of(INPUTS, body, ["body"]):
        raise _unfit(*faults)
    return body["inputs"] or {} if "inputs" in body else body


def check_graph(form: Mapping[str, Json]) -> None:
    """Refuse nodes and edges that no door takes.

    :raises InvalidInput: ``bad_graph``, with one error per culprit.
    """
    rules = {"nodes": graph.nodes, "edges": graph.connections}
    messages = {name: found for name, rule in rules.items() if (found := rule.find(form.get(name) or []))}
    if messages:
        culprits = list(culprits_of(messages, form))
        message = f"The graph does not fit at {culprits[0]['pointer']}: {culprits[0]['message']}"
        raise InvalidInput(message, culprits[:100], code="bad_graph")


def read_number(name: str, usual: int) -> int:
    """A whole number from 1 on in the query.

    :raises InvalidInput: ``bad_query`` in FastAPI's words.
    """
    text = _asked(name)
    if text is None:
        return usual
    try:
        found = int(text)
    except ValueError:
        message = "Input should be a valid integer, unable to parse string as an integer"
        raise _unfit(_fault("int_parsing", ["query", name], message, text), code="bad_query") from None
    if found < 1:
        message = "Input should be greater than or equal to 1"
        raise _unfit(_fault("greater_than_equal", ["query", name], message, text, ge=1), code="bad_query")
    return found


def read_word(name: str, words: tuple[str, str]) -> str:
    """One of two words in the query; the first, if there is none.

    :raises InvalidInput: ``bad_query`` in FastAPI's words.
    """
    text = _asked(name)
    if text is None or text in words:
        return text or words[0]
    expected = " or ".join(f"'{word}'" for word in words)
    fault = _fault("literal_error", ["query", name], f"Input should be {expected}", text, expected=expected)
    raise _unfit(fault, code="bad_query")


def faults_of(form: Form, body: Mapping[str, Json], loc: list[Json]) -> list[Fault]:
    """What is wrong with the members of a body, or of something in it.

    :param loc: where that is.
    """
    found = []
    for name, member in form.items():
        if name in body:
            found += member.faults(body[name], [*loc, name])
        elif member.is_required:
            found.append(_fault("missing", [*loc, name], "Field required", body))
    return found


def _read(kind: Kind) -> dict[str, Json]:
    try:
        body = read_json()
    except UnsupportedMedia:
        # FastAPI takes what is no JSON for a text, which no form is.
        body = request.get_data(as_text=True)
    except MalformedInput as error:
        if error.code != "malformed_json":
            raise
        raise _unfit(_unreadable(error)) from None
    if not kind.fits(body):
        raise _unfit(_fault(kind.code, ["body"], kind.message, body))
    found: dict[str, Json] = body
    return found


def _unreadable(error: MalformedInput) -> Fault:
    """What Python says of a body that is no JSON: FastAPI reads with it."""
    raw = request.get_data()
    if not raw:
        return _fault("missing", ["body"], "Field required", None)
    place, reason = 0, error.message
    try:
        json.loads(raw)
    except json.JSONDecodeError as known:
        place, reason = known.pos, known.msg
    except UnicodeDecodeError as known:
        place, reason = known.start, known.reason
    return _fault("json_invalid", ["body", place], "JSON decode error", {}, error=reason)


def _asked(name: str) -> str | None:
    """A parameter of the query; the last, if it is there several times."""
    found = request.args.getlist(name)
    return found[-1] if found else None


def _wrong_length(value: str, least: int, most: int, loc: list[Json]) -> list[Fault]:
    if len(value) < least:
        message = f"String should have at least {_counted(least)}"
        return [_fault("string_too_short", loc, message, value, min_length=least)]
    if len(value) > most:
        message = f"String should have at most {_counted(most)}"
        return [_fault("string_too_long", loc, message, value, max_length=most)]
    return []


def _unfit(*faults: Fault, code: str = "invalid_input") -> InvalidInput:
    return InvalidInput("The request does not fit.", list(faults), code=code)


def _fault(code: str, loc: list[Json], message: str, value: Json, **ctx: Json) -> Fault:
    told = {"type": code, "loc": loc, "msg": message, "input": value}
    return told | ({"ctx": ctx} if ctx else {})


def _counted(count: int) -> str:
    return f"{count} character" if count == 1 else f"{count} characters"
