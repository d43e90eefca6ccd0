"""The contract of an application: the document, its forms, and what checks values against its schemas."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import orjson
from flask import Flask, current_app

Json = Any
_CONTRACT = "understudy.contract"
_NAME = "contract:"


class Contract:
    """The contract in its forms; nobody changes it."""

    def __init__(self, document: dict[str, Json]) -> None:
        self.document = document
        self._validators: dict[tuple[str, ...], Any] = {}

    def as_json(self, root: str = "/") -> bytes:
        """The contract in JSON.

        :param root: where its paths begin, such as ``/s/mine``.
        """
        return self._json if root == "/" else orjson.dumps(self.document | {"servers": [{"url": root}]})

    def as_yaml(self) -> str:
        """The contract in YAML."""
        return self._yaml

    def validator(self, *place: str) -> Any:
        """What checks values against the schema at a place of the document."""
        if place not in self._validators:
            self._validators[place] = self._make_validator(place)
        return self._validators[place]

    def _make_validator(self, place: tuple[str, ...]) -> Any:
        from jsonschema import Draft202012Validator

        path = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in place)
        return Draft202012Validator({"$ref": f"{_NAME}#{path}"}, registry=self._registry)

    @cached_property
    def _registry(self) -> Any:
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        return Registry().with_resource(_NAME, DRAFT202012.create_resource(self.document))

    @cached_property
    def _json(self) -> bytes:
        return orjson.dumps(self.document)

    @cached_property
    def _yaml(self) -> str:
        from apispec.yaml_utils import dict_to_yaml

        # Read again from JSON, no part is the same object as another one, of which YAML would make a reference.
        return str(dict_to_yaml(orjson.loads(self._json), {"sort_keys": False, "allow_unicode": True, "width": 120}))


def publish(app: Flask, find: Callable[[], Contract]) -> None:
    """Give an application its contract, which is made when it is first asked for."""
    app.extensions[_CONTRACT] = find


def published() -> Contract:
    """The contract of this application."""
    found: Contract = current_app.extensions[_CONTRACT]()
    return found
