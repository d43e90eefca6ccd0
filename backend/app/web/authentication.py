"""Logging in, request by request: who shows a token or an API key is its user.

A credential comes as ``Authorization: Bearer`` or as ``X-API-Key``. What a page shows by itself (an image, a stream of
events, a WebSocket) cannot send a header, so there a token may come as ``?access_token=``.
"""

from __future__ import annotations

from functools import partial

from flask import Flask, request

from ..config import Settings
from ..errors import NotAuthenticated
from .current import current_sandbox
from .identity import current_credential, note_user
from .restful import Route, current_route

IN_ADDRESS = "access_token"


def identify(app: Flask, settings: Settings) -> None:
    """Find out who makes each request, and refuse who does not say so where everybody must."""
    if settings.auth != "off":
        app.before_request(partial(_identify, must=settings.auth == "required"))


def _identify(*, must: bool) -> None:
    """Note the user of the request.

    :param must: whether there must be one.
    :raises NotAuthenticated: if the credential is no good, or missing where there must be one.
    """
    if request.method == "OPTIONS":
        return
    route = current_route()
    if route is None or route.is_public:
        return
    shown, in_address = current_credential(), _in_address(route)
    if shown or in_address:
        _log_in(shown, in_address)
    elif must:
        raise NotAuthenticated("This server wants to know who asks: show a token with Authorization: Bearer.")


def _log_in(shown: str | None, in_address: str) -> None:
    # The library for tokens takes a while to come, and nobody waits for it who does without.
    from ..services.accounts import authenticate

    note_user(authenticate(current_sandbox(), shown or in_address, in_address=shown is None))


def _in_address(route: Route) -> str:
    return request.args.get(IN_ADDRESS, "") if route.resource.is_embedded else ""
