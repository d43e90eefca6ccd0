"""Which sandbox a request is for, and how it said so.

By path (``/s/{name}/api/…``: just another base URL), else by ``X-Sandbox``, else by ``?sandbox=``, else by a cookie
``sandbox``, else it is the default one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from ..config import Limits, Settings
from ..errors import NoSandbox
from ..sandbox import DEFAULT, Sandbox, Sandboxes
from ..world import real_monotonic
from .paths import is_sandboxed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EXTENSION = "understudy"
HEADER = "X-Sandbox"
PARAMETER = "sandbox"
COOKIE = "sandbox"

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What the name of a sandbox, or of a snapshot, looks like."""

NAME_RULE = "1 to 64 letters, digits, dots, dashes and underscores, the first a letter or a digit."

BEHIND_ASGI = "asgi.scope"
"""What the environment has where an event loop carries on with what a request began."""

POSTPONED = "understudy.postponed"
"""Where the environment of a request says after how many real seconds it is to be asked again: it is late on purpose,
and nothing of it was done."""

_IN_PATH = "understudy.sandbox"
_HAS_NO_SLASH = "understudy.has_no_slash"
_CHOICE = "understudy.choice"
_SANDBOX = "understudy.sandbox_in_use"
# What is known of a request lies in its environment: it is asked for several times, and this is the nearest place.

_BY_PATH = re.compile(r"/+s/([^/]*)(/.*)?", re.DOTALL)


class Choice(NamedTuple):
    """The sandbox that a request chose."""

    name: str
    way: str
    """path, header, query, cookie, or default where nothing was said."""


class PathPrefix:
    """Moves ``/s/{name}`` from the path of a request to the root of its application, as WSGI has it."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        if found := _BY_PATH.fullmatch(path):
            name, path = found[1], found[2] or ""
            environ[_IN_PATH], environ[_HAS_NO_SLASH] = name, not path
            environ["SCRIPT_NAME"] = f"{environ.get('SCRIPT_NAME', '')}/s/{name}"
        # The router does not see how many slashes a path begins with, so nobody else may.
        environ["PATH_INFO"] = "/" + path.lstrip("/")
        return self._app(environ, start_response)


def choose_sandboxes(app: Flask) -> None:
    """Let every request choose its sandbox, and refuse it where it must and does not."""
    app.wsgi_app = PathPrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.before_request(_check_choice)
    app.after_request(_tell_change)
    app.teardown_request(_leave)


def choice() -> Choice:
    """The sandbox that this request chose.

    :raises NoSandbox: ``bad_sandbox_name``; ``no_sandbox`` if it said nothing, and must.
    """
    environ = request.environ
    found: Choice | None = environ.get(_CHOICE)
    if found is None:
        found = environ[_CHOICE] = _checked(_find_choice(environ), environ)
    return found


def way_chosen(environ: WSGIEnvironment) -> str | None:
    """The way in which a request chose its sandbox; ``None`` if it has not come to that."""
    found: Choice | None = environ.get(_CHOICE)
    return None if found is None else found.way


def has_no_slash() -> bool:
    """Whether this is for ``/s/{name}`` without the slash behind it, at which relative addresses go wrong."""
    return bool(request.environ.get(_HAS_NO_SLASH))


def sandboxes() -> Sandboxes:
    """The sandboxes of this application."""
    found: Sandboxes = current_app.extensions[EXTENSION]
    return found


def current_sandbox() -> Sandbox:
    """The sandbox of this request; it comes to life on first use."""
    environ = request.environ
    found: Sandbox | None = environ.get(_SANDBOX)
    if found is None:
        found = environ[_SANDBOX] = sandboxes().get(choice().name)
        found.visitors.add(id(environ))
    return found


def sandbox_in_use(environ: WSGIEnvironment) -> Sandbox | None:
    """The sandbox that was looked for in a request, if any was."""
    found: Sandbox | None = environ.get(_SANDBOX)
    return found


def settings() -> Settings:
    """The settings of this application, readable without bringing a sandbox to life."""
    found: Settings = current_app.config["UNDERSTUDY"]
    return found


def limits() -> Limits:
    """The limits of this application."""
    return settings().limits


def check_name(name: str, where: str, kind: str = "sandbox") -> str:
    """The name, if it can be one.

    :param where: in which part of the request it stands.
    :param kind: ``sandbox`` or ``snapshot``.
    :raises NoSandbox: ``bad_sandbox_name``, ``bad_snapshot_name``.
    """
    if NAME.fullmatch(name):
        return name
    raise NoSandbox(f"'{name}' ({where}) is no name for a {kind}: {NAME_RULE}", code=f"bad_{kind}_name")


def _tell_change(response: Response) -> Response:
    sandbox = sandbox_in_use(request.environ)
    if sandbox is not None and request.method not in ("GET", "HEAD"):
        sandboxes().on_change(sandbox.name)
    return response


def _leave(_error: BaseException | None) -> None:
    environ = request.environ
    sandbox = sandbox_in_use(environ)
    if sandbox is not None and POSTPONED not in environ:
        sandbox.used_at = real_monotonic()
        sandbox.visitors.discard(id(environ))


def _check_choice() -> None:
    environ = request.environ
    if is_sandboxed(environ["PATH_INFO"]) and environ["REQUEST_METHOD"] != "OPTIONS":
        choice()


def _find_choice(environ: WSGIEnvironment) -> Choice | None:
    found = None
    for way, where, ask in _WAYS:
        # A cookie may be another application's, so it is looked at only where it counts.
        name = ask(environ) if found is None or way != "cookie" else None
        if name is not None:
            told = Choice(check_name(name, where), way)
            found = found or told
    return found


def _checked(found: Choice | None, environ: WSGIEnvironment) -> Choice:
    path = environ["PATH_INFO"]
    if found is None and settings().require_sandbox and is_sandboxed(path):
        raise NoSandbox(
            f"This server wants every request to name its sandbox: /s/{{name}}{path}, "
            f"{HEADER}: {{name}}, or ?{PARAMETER}={{name}}."
        )
    return found or Choice(DEFAULT, "default")


def _decoded(text: str | None) -> str | None:
    """What WSGI gives as if it were Latin-1."""
    return None if text is None else text.encode("latin-1", "replace").decode("utf-8", "replace")


def _in_query(environ: WSGIEnvironment) -> str | None:
    return request.args.get(PARAMETER) if environ.get("QUERY_STRING") else None


def _in_cookie(environ: WSGIEnvironment) -> str | None:
    return request.cookies.get(COOKIE) if "HTTP_COOKIE" in environ and _is_same_origin(environ) else None


_WAYS: tuple[tuple[str, str, Callable[[WSGIEnvironment], str | None]], ...] = (
    ("path", "in the path", lambda environ: _decoded(environ.get(_IN_PATH))),
    ("header", f"in {HEADER}", lambda environ: _decoded(environ.get("HTTP_X_SANDBOX"))),
    ("query", f"in ?{PARAMETER}=", _in_query),
    ("cookie", "in a cookie", _in_cookie),
)


def _is_same_origin(environ: WSGIEnvironment) -> bool:
    """Whether a cookie counts: a page of another origin sends it along without knowing."""
    if environ.get("HTTP_SEC_FETCH_SITE", "none") not in ("same-origin", "none"):
        return False
    origin = environ.get("HTTP_ORIGIN")
    return origin is None or host_of(origin) == request.host


def host_of(origin: str) -> str:
    """The host of an origin, with its port; nothing if it has none that can be read."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
