"""The operations of an OpenAPI document, as whoever calls them sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Json = Any

METHODS = ("get", "put", "post", "delete", "patch")


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    told: Mapping[str, Json]
    parameters: tuple[Mapping[str, Json], ...]
    """Those of the document, none of them a reference."""
    components: Mapping[str, Mapping[str, Json]]
    """What the document refers to, by kind and name."""

    @property
    def name(self) -> str:
        """The operationId."""
        return str(self.told["operationId"])

    @property
    def title(self) -> str:
        """The operationId in words."""
        return re.sub(r"(?<!^)(?=[A-Z])", " ", self.name).capitalize()

    @property
    def tag(self) -> str:
        """The group that it belongs to."""
        return str(self.told["tags"][0])

    @property
    def wants_token(self) -> bool:
        """Whether a control token has a place in it."""
        return self._takes("control_token")

    @property
    def takes_user(self) -> bool:
        """Whether a user's token has a place in it."""
        return self._takes("token")

    def _takes(self, scheme: str) -> bool:
        return any(scheme in choice for choice in self.told.get("security", ()))

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The variables of the address, in their order."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    @cached_property
    def usual_status(self) -> int:
        """The status of success, that of having made something where a POST can say so; 0 if there is none."""
        found = [int(status) for status in self.told["responses"] if status[0] == "2"]
        return 201 if self.method == "POST" and 201 in found else min(found, default=0)

    @cached_property
    def first_item(self) -> str:
        """The runtime expression of the first thing in a list; empty if the operation lists none."""
        if self.method != "GET":
            return ""
        if self._schema(self.usual_status).get("type") == "array":
            return "$response.body#/0"
        return "$response.body#/items/0" if "items" in self.members(self.usual_status) else ""

    def parameter(self, name: str) -> Mapping[str, Json] | None:
        """The parameter of this name; ``None`` if the document knows none."""
        return next((parameter for parameter in self.parameters if parameter["name"] == name), None)

    def answer(self, status: int) -> Mapping[str, Json] | None:
        """What the document says of an answer; ``None`` if it knows none with this status."""
        responses: Mapping[str, Mapping[str, Json]] = self.told["responses"]
        return responses.get(str(status), responses.get("default"))

    @cached_property
    def body_type(self) -> str:
        """The media type of the body; empty if there is none."""
        return next(iter(self.told.get("requestBody", {}).get("content", {})), "")

    @cached_property
    def body_example(self) -> Json:
        """A body that was really sent; ``None`` if the document has none."""
        content = self.told.get("requestBody", {}).get("content", {})
        return content[self.body_type].get("example") if content else None

    def examples(self, status: int) -> Iterator[tuple[str, str, Json]]:
        """Answers with this status that were really given: name (empty if there is but one), media type, body."""
        for media_type, content in (self.answer(status) or {}).get("content", {}).items():
            if "example" in content:
                yield "", media_type, content["example"]
            for name, told in content.get("examples", {}).items():
                yield name, media_type, _whole(told, self.components)["value"]

    def headers(self, status: int) -> list[str]:
        """The headers that an answer with this status always has."""
        told = (self.answer(status) or {}).get("headers", {})
        return [name for name, header in told.items() if _whole(header, self.components).get("required")]

    def members(self, status: int) -> dict[str, Mapping[str, Json]]:
        """The schemas that the contract has for the members of an answer of JSON, by name."""
        return self._members(self._schema(status))

    def _schema(self, status: int) -> Mapping[str, Json]:
        content = (self.answer(status) or {}).get("content", {})
        found: Mapping[str, Json] = content.get("application/json", {}).get("schema", {})
        return found

    def _members(self, schema: Mapping[str, Json]) -> dict[str, Mapping[str, Json]]:
        whole = _whole(schema, self.components)
        found = {name: _whole(each, self.components) for name, each in whole.get("properties", {}).items()}
        for part in whole.get("allOf", ()):
            found |= self._members(part)
        return found

    def makes(self, status: int) -> dict[str, str]:
        """What an answer tells of something new: runtime expressions by variable.

        The links of the document say it; what an answer only repeats from the request is left out.
        """
        links = (self.answer(status) or {}).get("links", {}) if status in (201, 202) else {}
        told = {name: value for link in links.values() for name, value in link.get("parameters", {}).items()}
        return {name: value for name, value in sorted(told.items()) if value.startswith("$response.")}


def read_operations(document: Mapping[str, Json]) -> dict[str, Operation]:
    """All operations by name, in the order of the document."""
    components = document["components"]
    found = [
        Operation(
            method.upper(),
            path,
            item[method],
            tuple(_whole(each, components) for each in _all(item, method)),
            components,
        )
        for path, item in document["paths"].items()
        for method in item
        if method in METHODS
    ]
    return {operation.name: operation for operation in found}


def _all(item: Mapping[str, Json], method: str) -> list[Mapping[str, Json]]:
    return [*item.get("parameters", []), *item[method].get("parameters", [])]


def _whole(told: Mapping[str, Json], components: Mapping[str, Mapping[str, Json]]) -> Mapping[str, Json]:
    """What is meant, if it is only referred to."""
    if "$ref" not in told:
        return told
    kind, name = told["$ref"].split("/")[-2:]
    found: Mapping[str, Json] = components[kind][name]
    return found
