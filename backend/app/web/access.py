"""What may be done with the things that addresses name, decided in one place before a method runs."""

from __future__ import annotations

from flask import Flask, request

from ..config import Settings
from ..services.permissions import Kind, check
from .current import current_sandbox
from .identity import current_viewer
from .operation import need_of
from .restful import current_operation, current_route

_THINGS: dict[str, Kind] = {
    "workflow_id": "workflow",
    "execution_id": "execution",
    "template_id": "template",
    "file_id": "file",
}
"""By variable of an address: what belongs to somebody."""


def guard_things(app: Flask, settings: Settings) -> None:
    """Refuse whoever may not do with a thing what is asked; where nobody logs in, everyone may do all."""
    if settings.auth != "off":
        app.before_request(_guard)


def _guard() -> None:
    """Look at what the address names.

    :raises NotFound: if it is not there for whoever asks.
    :raises NotAllowed: ``not_permitted``.
    """
    named = [name for name in request.view_args or {} if name in _THINGS]
    viewer = current_viewer()
    if not named or viewer.sees_all or request.method == "OPTIONS":
        return
    route = current_route()
    if route is None or route.resource.guards_itself:
        return
    sandbox, need = current_sandbox(), need_of(current_operation(), request.method)
    with sandbox.view():
        for name in named:
            check(sandbox, viewer, _THINGS[name], (request.view_args or {})[name], need)
