"""Understudy: the stand-in backend for workflow editors.

`create_app` is the only place where the rooms of this house are joined.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from .version import VERSION

if TYPE_CHECKING:
    from flask import Flask

    from .config import Settings
    from .contract.publishing import Contract
    from .engine.base import Engine
    from .sandbox import Sandbox, Sandboxes
    from .web.restful import Route

__version__ = VERSION
__all__ = ["create_app", "routes"]


def create_app(settings: Settings | None = None, sandboxes: Sandboxes | None = None) -> Flask:
    """The application.

    :param settings: read from the environment if none are given.
    :param sandboxes: where its state lives; made from the settings if none are given.
    """
    from .api.routes import add_routes
    from .config import read_settings
    from .contract.checking import check_answers
    from .contract.publishing import publish
    from .sandbox import Sandboxes
    from .web.access import guard_things
    from .web.addresses import keep_addresses
    from .web.application import Application
    from .web.authentication import identify
    from .web.bending import bend_requests
    from .web.cors import allow_origins
    from .web.current import EXTENSION, choose_sandboxes
    from .web.errors import handle_errors
    from .web.guard import guard
    from .web.negotiation import negotiate
    from .web.rate_limits import limit_rate
    from .web.request_log import log_requests
    from .web.restful import ProblemApi, doors_of

    settings = settings or read_settings()
    app = Application(__name__, static_folder=None)
    app.config["UNDERSTUDY"] = settings
    app.config["MAX_CONTENT_LENGTH"] = settings.limits.max_body_bytes
    # A field of a form may be as large as any other body; werkzeug has a bound of its own that is smaller.
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.limits.max_body_bytes
    app.extensions[EXTENSION] = sandboxes or Sandboxes(settings, _make_engine, _fill, _fire)
    # A redirect would end a browser's preflight, so a slash at the end is forgiven and two in the middle are not.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    # What is asked of a request before it is handled, in this order; answers go back through them from the last on.
    log_requests(app)
    guard(app)
    choose_sandboxes(app)
    negotiate(app)
    allow_origins(app, settings.cors_origins, anyone_directs=bool(settings.control_token))
    if settings.check_contract:
        check_answers(app, settings.check_contract)
    keep_addresses(app)
    bend_requests(app, settings)
    identify(app, settings)
    limit_rate(app, settings)
    guard_things(app, settings)
    table = routes()
    add_routes(ProblemApi(app), table)
    handle_errors(app, doors_of(table))
    publish(app, _contract)
    return app


def routes() -> tuple[Route, ...]:
    """Every URL: those of our own API, and those of the dialects."""
    from .api.routes import ROUTES
    from .dialects import ROUTES as OTHERS

    return ROUTES + OTHERS


@cache
def _contract() -> Contract:
    """The contract follows from the code alone, so all applications of a process have the same."""
    from .api.schemas.components import named_schemas
    from .contract.document import build
    from .contract.examples import read_examples
    from .contract.publishing import Contract

    return Contract(partial(build, routes(), named_schemas(), read_examples()))


def _make_engine(*parts: Any) -> Engine:
    from .engine.simulated import SimulatedEngine

    return SimulatedEngine(*parts)


def _fire(sandbox: Sandbox, at: int) -> None:
    from .services.schedules import fire

    fire(sandbox, at)


def _fill(sandbox: Sandbox, scenario: str) -> None:
    from .config import SCENARIOS
    from .services.node_types import load_folder
    from .services.scenarios import fill

    # A scenario of one's own brings the node types that it was made with.
    if sandbox.settings.node_types and scenario in SCENARIOS:
        load_folder(sandbox, sandbox.settings.node_types)
    fill(sandbox, scenario)
