"""Who may direct: the control API is for people at this machine, or for whoever shows the token.

It can set everything back, so no page that somebody happens to visit may reach it: not by a request that a browser
sends along (``Origin``, ``Sec-Fetch-Site``), and not by a host name that suddenly means this machine (``Host``).
"""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, request

from ..errors import NotAllowed, NotAuthenticated
from .current import host_of, settings
from .paths import is_control

LOOPBACK_ORIGINS = r"https?://(localhost|127(\.\d{1,3}){3}|\[::1\]|([a-z0-9-]+\.)+localhost)(:\d{1,5})?$"
"""Pages that are served from this machine."""


def guard(app: Flask) -> None:
    """Let only those use the control API who may."""
    app.before_request(check_caller)


def check_caller() -> None:
    """Refuse whoever may not direct.

    :raises NotAuthenticated: if the token is wanted and was not shown.
    :raises NotAllowed: if there is no token, and the request does not come from this machine.
    """
    if not _is_control() or request.environ["REQUEST_METHOD"] == "OPTIONS":
        return
    token = settings().control_token
    if token:
        _check_token(token)
    else:
        _check_origin()


def way_to_direct() -> str:
    """Who may direct: whoever shows the ``token``, people at this machine (``open``), or nobody (``closed``)."""
    if settings().control_token:
        return "token"
    return "open" if is_loopback(settings().host) else "closed"


def is_loopback(host: str) -> bool:
    """Whether a host name or an address, with or without a port, can only mean this machine."""
    name = _name_of(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _is_control() -> bool:
    """Whether this is about the control API, by its path or by the rule that the router found for it."""
    rule = request.url_rule
    return is_control(request.environ["PATH_INFO"]) or (rule is not None and is_control(rule.rule))


def _check_token(token: str) -> None:
    # Werkzeug takes a token with an equals sign in it for parameters.
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    is_right = compare_digest(given.strip().encode("utf-8", "surrogateescape"), token.encode())
    if scheme.lower() != "bearer" or not is_right:
        raise NotAuthenticated("The control API of this server wants Authorization: Bearer and the control token.")


def _check_origin() -> None:
    if not is_loopback(settings().host):
        raise _needs_token("listens beyond this machine, so its control API answers nobody without a token")
    if not is_loopback(request.remote_addr or "localhost"):
        raise _needs_token("has no token, so its control API answers to this machine only")
    if not is_loopback(request.host):
        raise NotAllowed(f"'{request.host}' is no name of this machine.", code="foreign_host")
    if _is_of_foreign_page(request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")):
        raise NotAllowed("A page of another origin may not direct this server.", code="foreign_origin")


def _needs_token(told: str) -> NotAllowed:
    message = f"This server {told}. Start it with --control-token, and whoever shows the token may direct."
    return NotAllowed(message, code="control_needs_token")


def _is_of_foreign_page(origin: str | None, site: str | None) -> bool:
    """Whether a browser sends this for a page that is not of this machine.

    A page of localhost that asks 127.0.0.1 is on another site for a browser; its origin says that it is from here.
    """
    return site == "cross-site" if origin is None else not is_loopback(host_of(origin))


def _name_of(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "") if host.count(":") < 2 or "[" in host else host
    except ValueError:
        return ""
