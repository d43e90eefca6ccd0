"""The command line: options, what it prints, and the server until somebody stops it."""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from .config import AUTH, PACES, PREFIX, SCENARIOS, Settings, read_settings
from .errors import UnderstudyError
from .version import VERSION

if TYPE_CHECKING:
    from socket import socket

    from .sandbox import Sandboxes
    from .services.keeping import Keeper

BAD_START = 2
"""The exit code where it could not even start."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the server, and end the process when it ends."""
    try:
        code = serve(arguments)
    except KeyboardInterrupt:
        code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    # Clients may hold connections open and a picture may be half done: nobody waits for that.
    os._exit(code)


def serve(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; gives the exit code."""
    _end_on_signals()
    # Nearly all that is made at the start stays: looking for garbage in between is a tenth of the time it takes.
    gc.disable()
    options = vars(make_parser().parse_args(arguments))
    try:
        settings = read_settings(**options)
        listener = _listen(settings)
        _serve(settings, listener)
    except UnderstudyError as error:
        print(f"understudy: {_told(error)}", file=sys.stderr)
        return BAD_START
    return 0


def make_parser() -> argparse.ArgumentParser:
    """The options, each with its environment variable."""
    usual = Settings()
    parser = argparse.ArgumentParser(
        prog="understudy",
        description="The stand-in backend for workflow editors.",
        epilog=f"Limits and the origins that may call have variables only: {PREFIX}MAX_NODES, "
        f"{PREFIX}MAX_UPLOAD_BYTES, {PREFIX}CORS_ORIGINS and so on; docs/settings.md lists them all.",
    )
    parser.add_argument("--version", action="version", version=f"Understudy {VERSION}")
    _add(parser, "host", str, f"address to listen at (default {usual.host}: this machine only)")
    _add(parser, "port", int, f"port to listen at, 0 for any free one (default {usual.port})")
    _add(parser, "seed", int, f"where chance and ids start: the same seed gives the same (default {usual.seed})")
    _add(parser, "pace", str, f"how time goes by: {', '.join(PACES)} (default {usual.pace})")
    _add(parser, "rate", float, f"virtual seconds per second at pace fast (default {usual.rate:g})")
    _add(parser, "scenario", str, f"what is there at the start: {', '.join(SCENARIOS)} (default {usual.scenario})")
    _add(parser, "auth", str, f"whether people log in: {', '.join(AUTH)} (default {usual.auth})")
    told = "requests that one may make: 100/minute, or by tier user=300/minute, anonymous=60/minute"
    _add(parser, "rate-limit", str, told, metavar="LIMIT")
    _add(parser, "latency", str, "delay of every answer in milliseconds, such as 300 or 200..800", metavar="MS")
    _add(parser, "heartbeat", float, f"seconds between signs of life in quiet streams (default {usual.heartbeat:g})")
    _add_switch(parser, "require-sandbox", "refuse requests that name no sandbox")
    told = "hold every answer against the contract: log (if nothing is said) a line, or fail with 500"
    _add(parser, "check-contract", str, told, metavar="HOW", nargs="?", const="log")
    told = "what callers of the control API must show; needed beyond this machine"
    _add(parser, "control-token", str, told, metavar="TOKEN")
    _add(parser, "data", str, "file that keeps the default sandbox across restarts", metavar="FILE")
    _add(parser, "scenarios", str, "folder with scenarios of your own: downloaded snapshots", metavar="DIR")
    _add(parser, "node-types", str, "folder with JSON files, one node type of your own in each", metavar="DIR")
    return parser


def _add(parser: argparse.ArgumentParser, name: str, kind: type, text: str, **more: Any) -> None:
    variable = PREFIX + name.upper().replace("-", "_")
    parser.add_argument(f"--{name}", type=kind, help=f"{text} [{variable}]", **more)


def _add_switch(parser: argparse.ArgumentParser, name: str, text: str) -> None:
    variable = PREFIX + name.upper().replace("-", "_")
    # Not given is not the same as no: the environment may say yes.
    parser.add_argument(f"--{name}", action="store_true", default=None, help=f"{text} [{variable}]")


def _end_on_signals() -> None:
    # A shell starts programs in the background with Ctrl-C ignored; this one wants to be stopped all the same.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)


def _listen(settings: Settings) -> socket:
    from .server import listen

    try:
        return listen(settings.host, settings.port)
    except (OSError, OverflowError, UnicodeError) as error:
        raise UnderstudyError(_why_not(settings, error)) from None


def _why_not(settings: Settings, error: Exception) -> str:
    import errno
    from socket import gaierror

    where = f"{settings.host}:{settings.port}"
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Port {settings.port} is in use. Stop what uses it, or choose another: --port {settings.port + 1}"
    if number == errno.EACCES:
        return f"Port {settings.port} needs more rights than you have. Choose one above 1023, such as --port 8000"
    if isinstance(error, gaierror | UnicodeError) or number == errno.EADDRNOTAVAIL:
        return (
            f"'{settings.host}' is no address of this machine. --host 127.0.0.1 is this machine only, 0.0.0.0 all of it"
        )
    return f"Cannot listen at {where}: {getattr(error, 'strerror', None) or error}"


def _serve(settings: Settings, listener: socket) -> None:
    from . import create_app
    from .server import Server, allow_many_connections, share_interpreter, tune_collector
    from .web.current import EXTENSION

    app = create_app(settings)
    keeper = _fill_first(app.extensions[EXTENSION], settings)
    server = Server(app, listener)
    allow_many_connections()
    tune_collector()
    share_interpreter()
    print(greeting(settings, server.port), flush=True)
    try:
        server.serve()
    finally:
        if keeper is not None:
            keeper.close()


def _fill_first(sandboxes: Sandboxes, settings: Settings) -> Keeper | None:
    """Fill the first sandbox while the server comes up: who asks for it at once waits, and nobody else.

    What a user brings may be wrong, and is read before anything is said to run.
    """
    _check_folder(settings.scenarios)
    keeper = _keep(sandboxes, settings.data) if settings.data else None
    if settings.node_types or settings.scenarios or settings.data:
        sandboxes.get()
    else:
        sandboxes.prepare()
    return keeper


def _check_folder(scenarios: str) -> None:
    from .services.own_scenarios import find_own

    find_own(scenarios)


def _keep(sandboxes: Sandboxes, path: str) -> Keeper:
    from .services.keeping import Keeper

    return Keeper(sandboxes, path)


def greeting(settings: Settings, port: int) -> str:
    """What is printed when the server is ready."""
    base = f"http://{_clickable(settings.host)}:{port}"
    pace = f"{settings.pace} ({settings.rate:g} times real time)" if settings.pace == "fast" else settings.pace
    kept = f"\n               kept in {settings.data}" if settings.data else ""
    return f"""\
Understudy {VERSION} is running.

  Start here   {base}/
  Docs         {base}/docs
  Workflows    {base}/api/workflows
  Node types   {base}/api/node-types
  Templates    {base}/api/templates
  Events       {base}/api/events
  Control      {_control(settings, base)}
  Health       {base}/health

  Sandbox      default: scenario {settings.scenario}, pace {pace}, seed {settings.seed}{kept}

Press Ctrl-C to stop."""


def _control(settings: Settings, base: str) -> str:
    from .web.guard import is_loopback

    if settings.control_token:
        return f"{base}/_control, with the token"
    return f"{base}/_control" if is_loopback(settings.host) else "answers nobody without --control-token"


def _clickable(host: str) -> str:
    """The host as a browser takes it."""
    if host in ("0.0.0.0", "::", ""):
        return "localhost"
    return f"[{host}]" if ":" in host else host


def _told(error: UnderstudyError) -> str:
    """The error in one line, with its culprits."""
    culprits = [entry["message"] for entry in error.errors if entry["message"] != error.message]
    return " ".join([error.message, *culprits]).replace("\n", " ")


if __name__ == "__main__":
    main()
