"""The parameters of templates: what may be filled in, checked, and written where it belongs."""

from __future__ import annotations

from typing import Any

from ..errors import InvalidInput
from ..nodes.schemas import pointer

Json = Any

TYPES = ("string", "number", "integer", "boolean", "enum")
"""What a parameter can be."""


def check_declared(parameters: list[Json], graph: dict[str, Json]) -> None:
    """Refuse parameters that nobody could fill in, or that point at no place in the graph.

    :raises InvalidInput: ``bad_parameter``, with one error per culprit.
    """
    culprits: list[dict[str, Json]] = []
    seen: set[str] = set()
    for place, parameter in enumerate(parameters):
        faults = _faults(parameter, seen, graph)
        culprits += [{"pointer": f"/parameters/{place}{where}", "message": message} for where, message in faults]
        if isinstance(parameter, dict):
            seen.add(str(parameter.get("name")))
    if culprits:
        raise InvalidInput("The parameters do not fit.", culprits, code="bad_parameter")


def fill_in(graph: dict[str, Json], parameters: list[dict[str, Json]], values: dict[str, Json]) -> dict[str, Json]:
    """The graph with each value written at its parameter's pointers; what is not given has its default.

    The graph that was given stays as it is.

    :raises InvalidInput: ``bad_parameter``, for an unknown name and for a value that is not of its type.
    """
    _check_values(parameters, values)
    for parameter in parameters:
        value = values.get(parameter["name"], parameter.get("default"))
        if parameter["name"] in values or value is not None:
            for pointer in parameter.get("pointers") or []:
                graph = _written(graph, _steps(pointer), value)
    return graph


def _check_values(parameters: list[dict[str, Json]], values: dict[str, Json]) -> None:
    known = {parameter["name"]: parameter for parameter in parameters}
    culprits = []
    for name, value in values.items():
        if name not in known:
            names = ", ".join(known) or "none"
            message = f"There is no parameter '{name}'. There are: {names}."
        elif complaint := _complaint(known[name], value):
            message = f"'{name}' {complaint}"
        else:
            continue
        culprits.append({"pointer": pointer(["parameters", name]), "message": message})
    if culprits:
        raise InvalidInput("The parameters do not fit.", culprits, code="bad_parameter")


def _faults(parameter: Json, seen: set[str], graph: dict[str, Json]) -> list[tuple[str, str]]:
    if not isinstance(parameter, dict):
        return [("", "A parameter is an object.")]
    name, kind, pointers = parameter.get("name"), parameter.get("type", "string"), parameter.get("pointers") or []
    faults = []
    if not isinstance(name, str) or not name:
        faults.append(("/name", "The name is a text that is not empty."))
    elif name in seen:
        faults.append(("/name", f"There is another parameter '{name}'."))
    if kind not in TYPES:
        faults.append(("/type", f"The type is one of {', '.join(TYPES)}."))
    elif kind == "enum" and not (isinstance(parameter.get("enum"), list) and parameter["enum"]):
        faults.append(("/enum", "The values to choose from are a list that is not empty."))
    elif parameter.get("default") is not None and (complaint := _complaint(parameter, parameter["default"])):
        faults.append(("/default", f"The default {complaint}"))
    if not isinstance(pointers, list):
        return [*faults, ("/pointers", "The pointers are a list.")]
    return faults + [
        (f"/pointers/{place}", "This points at no place in the graph.")
        for place, pointer in enumerate(pointers)
        if not _leads_somewhere(graph, pointer)
    ]


def _complaint(parameter: dict[str, Json], value: Json) -> str:
    """What is wrong with a value; nothing if it fits."""
    kind = parameter.get("type", "string")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == "enum":
        choices = parameter["enum"]
        # Python takes true for 1, JSON does not.
        fits = any(value == choice and isinstance(value, bool) == isinstance(choice, bool) for choice in choices)
        return "" if fits else f"must be one of {', '.join(map(str, choices))}."
    fits = {
        "string": isinstance(value, str),
        "number": number,
        "integer": number and value == int(value),
        "boolean": isinstance(value, bool),
    }[kind]
    return "" if fits else f"must be of type {kind}."


def _steps(pointer: str) -> list[str]:
    """The steps of a JSON Pointer (RFC 6901)."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _leads_somewhere(graph: dict[str, Json], pointer: Json) -> bool:
    if not isinstance(pointer, str) or not pointer.startswith(("/nodes/", "/connections/")):
        return False
    place: Json = graph
    steps = _steps(pointer)
    for step in steps[:-1]:
        if not _has(place, step):
            return False
        place = place[int(step)] if isinstance(place, list) else place[step]
    # The last step may name a field that is not there yet; nodes themselves are not replaced.
    return len(steps) > 2 and (isinstance(place, dict) or _has(place, steps[-1]))


def _has(place: Json, step: str) -> bool:
    if isinstance(place, list):
        return step.isascii() and step.isdigit() and int(step) < len(place)
    return isinstance(place, dict) and step in place


def _written(place: Json, steps: list[str], value: Json) -> Json:
    """A copy with a value in one place; whatever lies beside the way is shared."""
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(place, list):
        return [_written(held, rest, value) if int(step) == index else held for index, held in enumerate(place)]
    return {**place, step: _written(place.get(step), rest, value)}
