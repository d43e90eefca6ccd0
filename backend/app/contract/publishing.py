"""The contract of an application: the document, its forms, and what checks values against its schemas."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import Any

import orjson
from flask import Flask, current_app

from ..nodes.schemas import pointer

Json = Any
_CONTRACT = "understudy.contract"
_NAME = "contract:"


class Contract:
    """The contract in its forms; nobody changes the document."""

    def __init__(self, build: Callable[..., dict[str, Json]]) -> None:
        """:param build: makes the document; with ``strict``, that of answers without further members."""
        self._build = build
        self.document = build()
        self._validators: dict[tuple[str, ...], Any] = {}

    def as_json(self, root: str = "/") -> bytes:
        """The contract in JSON.

        :param root: where its paths begin, such as ``/s/mine``.
        """
        return self._json if root == "/" else orjson.dumps(self.document | {"servers": [{"url": root}]})

    def as_yaml(self, root: str = "/") -> bytes:
        """The same in YAML."""
        return self._yaml if root == "/" else self._write_yaml(root)

    def validator(self, *place: str) -> Any:
        """What checks values against the schema at a place of the document."""
        if place not in self._validators:
            self._validators[place] = self._make_validator(place)
        return self._validators[place]

    def _make_validator(self, place: tuple[str, ...]) -> Any:
        return _validator_class()({"$ref": f"{_NAME}#{pointer([*place])}"}, registry=self._registry)

    @cached_property
    def _registry(self) -> Any:
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        return Registry().with_resource(_NAME, DRAFT202012.create_resource(self._build(strict=True)))

    @cached_property
    def _yaml(self) -> bytes:
        # It takes a fifth of a second to write.
        return self._write_yaml("/")

    def _write_yaml(self, root: str) -> bytes:
        import yaml

        # Read again from JSON, no part is the same object as another one, of which YAML would make a reference.
        document = orjson.loads(self.as_json(root))
        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        text: bytes = yaml.dump(
            document, Dumper=dumper, sort_keys=False, allow_unicode=True, width=120, encoding="utf-8"
        )
        return text

    @cached_property
    def _json(self) -> bytes:
        return orjson.dumps(self.document)


@cache
def _validator_class() -> Any:
    from jsonschema.validators import Draft202012Validator, extend

    return extend(Draft202012Validator, {"oneOf": _find_in_union})


def _find_in_union(validator: Any, members: Json, value: Json, schema: Json) -> Iterator[Any]:
    """What is wrong with a member of a union: its discriminator says which, so that no other is looked at."""
    from jsonschema.exceptions import ValidationError
    from jsonschema.validators import Draft202012Validator

    told = schema.get("discriminator")
    if told is None or not isinstance(value, dict):
        yield from Draft202012Validator.VALIDATORS["oneOf"](validator, members, value, schema)
        return
    name = value.get(told["propertyName"])
    if isinstance(name, str) and name in told["mapping"]:
        yield from validator.descend(value, {"$ref": told["mapping"][name]})
    else:
        yield ValidationError(f"{name!r} is no {told['propertyName']} of these.", path=[told["propertyName"]])


def publish(app: Flask, find: Callable[[], Contract]) -> None:
    """Give an application its contract, which is made when it is first asked for."""
    app.extensions[_CONTRACT] = find


def published() -> Contract:
    """The contract of this application."""
    return contract_of(current_app)


def contract_of(app: Flask) -> Contract:
    """The contract of an application."""
    found: Contract = app.extensions[_CONTRACT]()
    return found
