"""Calls from other origins: any dev server may call, and sees our headers."""

from __future__ import annotations

from flask import Flask, Response
from flask_cors import CORS

from .guard import LOOPBACK_ORIGINS
from .paths import CONTROL
from .rate_limits import HEADERS as RATE_HEADERS

EXPOSED = (
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "Preference-Applied",
    "Retry-After",
    *RATE_HEADERS,
    "WWW-Authenticate",
    "X-Total-Count",
    "X-Understudy-Rule",
)
"""Our headers that a script of another origin may read."""

VARY = "X-Sandbox, Authorization, Cookie, Origin, Accept"
"""What an answer depends on besides its URL."""


def allow_origins(app: Flask, origins: str, *, anyone_directs: bool = False) -> None:
    """Let these origins call.

    Any origin may call without credentials. With credentials only a named list may, since otherwise every site that
    a user visits could act in the user's name. Without a token, the control API is for pages of this machine.

    :param origins: ``*``, or origins separated by commas.
    :param anyone_directs: the control API wants a token, so that it may be called from anywhere.
    """
    named = [origin.strip() for origin in origins.split(",") if origin.strip() != "*"]
    anyone = {
        "origins": named or "*",
        "supports_credentials": bool(named),
        "always_send": not named,
        "send_wildcard": not named,
    }
    here = {"origins": LOOPBACK_ORIGINS, "always_send": False}
    CORS(
        app,
        resources={rf"{CONTROL}(/.*)?$": anyone if anyone_directs else here, r"/.*": anyone},
        # All request headers are allowed: a stand-in should not stumble over a header that the real one takes.
        allow_headers="*",
        expose_headers=list(EXPOSED),
        max_age=600,
        vary_header=False,
    )
    app.after_request(_add_manners)


def _add_manners(response: Response) -> Response:
    headers = response.headers
    own = headers.get("Vary")
    headers["Vary"] = f"{VARY}, {own}" if own else VARY
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-cache"
    return response
