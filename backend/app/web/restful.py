"""Flask-RESTful, as far as we use it: `Resource`, `add_resource`, and nothing of its own error path."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import flask_restful
from flask import Response, current_app, request

from .door import Door
from .operation import Operation, operation_of
from .reply import JSON, to_json

ROUTES = "understudy.routes"
"""Where an application has the lines of its table of routes, by endpoint."""

METHODS = ("get", "put", "post", "patch", "delete")
"""In the order in which they are told of."""


class Resource(flask_restful.Resource):  # type: ignore[misc]
    """One URL; its methods give ``body``, ``(body, status)`` or ``(body, status, headers)``, or a response."""

    produces: tuple[str, ...] = (JSON,)
    """The content types of its answers, the first preferred."""
    shows_files = False
    """Whether its answers show files of ours, whose addresses lie in the sandbox of the request."""
    is_embedded = False
    """Whether pages show it by themselves, as they do images and streams: then they cannot send a header."""
    guards_itself = False
    """Whether it refuses by itself whoever may not see what its address names."""


class Route(NamedTuple):
    """One URL and its resource."""

    url: str
    resource: type[Resource]
    is_public: bool = False
    """Whether no user is asked for, where others must log in; the control API asks for a token of its own."""
    door: Door | None = None
    """The other API that it is a part of; ``None`` for our own."""

    @property
    def endpoint(self) -> str:
        """The name of this URL within the application."""
        return self.url.strip("/") or "home"

    @property
    def path(self) -> str:
        """The URL with its variables in braces, as OpenAPI writes it."""
        return in_braces(self.url)

    @property
    def operations(self) -> dict[str, Operation]:
        """By method, in lower case: what can be done there."""
        methods = {name.lower() for name in self.resource.methods or ()}
        return {name: operation_of(getattr(self.resource, name)) for name in METHODS if name in methods}


def current_route() -> Route | None:
    """The line of the table that this request is about; ``None`` if there is nothing at its URL."""
    table: dict[str, Route] = current_app.extensions[ROUTES]
    return table.get(request.endpoint or "")


def doors_of(routes: Iterable[Route]) -> list[Door]:
    """The doors that lead to these URLs, each once."""
    return list(dict.fromkeys(route.door for route in routes if route.door is not None))


def in_braces(url: str) -> str:
    """A URL of the router with its variables in braces."""
    return re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", url)


def current_resource() -> type[Resource] | None:
    """The resource that this request is about; ``None`` if there is nothing at its URL."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "view_class", None)


def current_operation() -> Operation:
    """The operation that this request is about."""
    method = "get" if request.method == "HEAD" else request.method.lower()
    return operation_of(getattr(current_resource(), method))


class ProblemApi(flask_restful.Api):  # type: ignore[misc]
    """An API that leaves errors to Flask.

    Flask-RESTful takes them over otherwise, and answers differently while testing. The spare arguments are there
    because later versions of Flask hand over more.
    """

    def error_router(self, original_handler: Callable[..., Any], *args: Any) -> Any:
        """Hand an error back to the handler that Flask had."""
        return original_handler(*args)

    def make_response(
        self,
        data: Any,
        code: int = 200,
        headers: Mapping[str, str] | None = None,
        fallback_mediatype: str | None = None,  # noqa: ARG002
    ) -> Response:
        """The answer in JSON: what the caller accepts was settled before anything was done."""
        return to_json(data, code, headers)
