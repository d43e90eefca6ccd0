"""Whether the server is there, what it is made of, and where things are."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from flask import Response

from ..contract.pages import home_page
from ..version import VERSION
from ..web.addresses import address, moved
from ..web.conditional import tagged, tagged_page
from ..web.current import choice, has_no_slash, settings
from ..web.guard import way_to_direct
from ..web.negotiation import best_type
from ..web.operation import Answer, operation
from ..web.reply import HTML, JSON
from ..web.restful import Resource
from .answers import LINKING, PAGE
from .console import POLICY, console_page
from .schemas import health as schemas

PACKAGES = {
    "flask": "flask",
    "werkzeug": "werkzeug",
    "flask_restful": "flask-restful",
    "flask_cors": "flask-cors",
    "marshmallow": "marshmallow",
    "orjson": "orjson",
    "pillow": "pillow",
    "faker": "faker",
    "jsonschema": "jsonschema",
    "jsonata": "jsonata-python",
    "pypdf": "pypdf",
}
"""What answers may depend on: the same seed gives the same bytes with the same versions."""

LINKS = {
    "api": ("/api", "This list for programs."),
    "health": ("/api/health", "Whether the server is there, and what it is made of."),
    "workflows": ("/api/workflows", "The graphs that the editor draws."),
    "executions": ("/api/executions", "The runs of workflows."),
    "node_types": ("/api/node-types", "What a palette shows."),
    "templates": ("/api/templates", "Ready-made workflows to start from."),
    "files": ("/api/files", "What was uploaded, and what nodes wrote."),
    "events": ("/api/events", "What has happened, as JSON or as a stream."),
    "socket_messages": ("/api/ws/schema", "What is said over a WebSocket."),
    "statuses": ("/api/meta/statuses", "All statuses, and which may follow which."),
    "control": ("/_control", "The sandbox as a whole: its clock, its faults, how much it holds."),
    "contract": ("/openapi.json", "The contract, as OpenAPI 3.1."),
    "docs": ("/docs", "Every call of the API, to read and to try."),
    "problems": ("/problems", "What can go wrong, and what to do about it."),
}
"""Where to begin, for a person or a program that knows nothing yet: by name, the path and what is there."""


class Health(Resource):
    """The server's health: never of a sandbox, never bent."""

    @operation("getHealth", gives=schemas.HEALTH)
    def get(self) -> Any:
        """The health of the server, and the versions of what it is made of.

        It is never of a sandbox, and never late or an error on purpose.
        """
        return {"status": "ok", "auth": settings().auth, "control": way_to_direct(), "versions": versions()}


class ServerHealth(Health):
    """The same where watchdogs look for it."""

    @operation("getServerHealth", gives=schemas.HEALTH)
    def get(self) -> Any:
        """The health of the server, where watchdogs look for it.

        It is the same as at ``/api/health``.
        """
        return super().get()


class Index(Resource):
    """Where things are."""

    @operation("getIndex", gives=schemas.INDEX, errors=LINKING)
    def get(self) -> Any:
        """Where things are, as JSON.

        The links keep the way in which the sandbox was chosen.
        """
        return {"name": "Understudy", "version": VERSION, "links": _links()}


class Home(Index):
    """The same for a browser."""

    produces = (JSON, HTML)

    @operation(
        "getHome",
        gives=schemas.INDEX,
        media={HTML: PAGE},
        tagged=True,
        answer_headers=("Content-Security-Policy",),
        also={308: Answer({}, ("Location",), "The address of a sandbox has no slash at its end; `Location` has one.")},
        errors=LINKING,
    )
    def get(self) -> Any:
        """The console, or where things are as JSON.

        Who prefers HTML, as browsers do, gets the console: a page in which workflows are edited and run. Where every
        request must name its sandbox and this one does not, it is a page of links.
        """
        if best_type(self.produces) != HTML:
            return tagged(super().get())
        sandbox = choice()
        if has_no_slash():
            return Response(b"", 308, {"Location": moved("/")})
        needs_name = settings().require_sandbox and sandbox.way == "default"
        page = console_page()
        if page is None or needs_name:
            return _page_of_links(asks_sandbox=page is not None)
        return tagged_page(page, {"Content-Security-Policy": POLICY})


@cache
def versions() -> dict[str, str]:
    """The versions of this project, of Python and of the packages that answers depend on."""
    return {"understudy": VERSION, "python": platform.python_version()} | {
        name: _version(package) for name, package in PACKAGES.items()
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _page_of_links(*, asks_sandbox: bool) -> Response:
    lead = "The stand-in backend for workflow editors. It is running; these answer:"
    return tagged_page(home_page(f"Understudy {VERSION}", lead, _about(), asks_sandbox=asks_sandbox).encode())


def _links() -> dict[str, str]:
    return {name: address(path) for name, (path, _) in LINKS.items()}


def _about() -> dict[str, str]:
    return {address(path): about for path, about in LINKS.values()}
