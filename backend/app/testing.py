"""What end-to-end tests need: a server in this process, a sandbox for every test, and hands on its clock.

    from understudy.testing import serve

    with serve() as server, server.sandbox() as sandbox:
        workflow = sandbox.post("/api/workflows", {"nodes": [{"id": "a", "type": "delay"}]})
        execution = sandbox.post(f"/api/workflows/{workflow['id']}/execute")
        sandbox.clock.until(execution_id=execution["id"], status="completed")

With pytest, ``from understudy.testing import understudy, understudy_server`` in a conftest gives every test a sandbox.
A moment is a ``datetime``, an ISO 8601 text, or milliseconds since 1970; without a zone it is UTC.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any, NoReturn, Self
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

from .config import Settings, read_settings

if TYPE_CHECKING:
    from .sandbox import Sandboxes
    from .server import Server as HttpServer

Json = Any
Moment = datetime | str | int | float

PATIENCE = 120.0
"""Real seconds until a request of a helper is given up."""

_MOST_TOLD = 20
_HOST = "127.0.0.1"


class Refused(Exception):
    """The server answered with an error."""

    def __init__(self, asked: str, status: int, problem: Json) -> None:
        super().__init__(f"{asked} was answered with {status}: {json.dumps(problem)}")
        self.status = status
        self.problem = problem
        """The body, as `application/problem+json` has it; ``None`` if there was none that can be read."""


class NotReached(AssertionError):
    """Time went on, and what was waited for did not happen."""

    def __init__(self, wanted: dict[str, Json], answer: Json) -> None:
        """:param answer: what the advance of the clock was answered with."""
        told = [f"{event['at']} {event['type']} {_subject(event)}".rstrip() for event in answer["events"][-_MOST_TOLD:]]
        story = "\n  ".join(told or ["nothing"])
        super().__init__(f"{wanted} was not reached; it is {answer['now']}. What happened last:\n  {story}")
        self.answer = answer


class Server:
    """A server that runs, here or elsewhere."""

    def __init__(self, url: str, token: str = "") -> None:
        """:param token: the control token, if the server has one."""
        self.url = url.rstrip("/")
        self._token = token
        self._numbers = count(1)

    def sandbox(self, name: str | None = None, **reset: Json) -> SandboxClient:
        """A sandbox that begins anew, and is deleted at the end of a ``with`` block.

        :param name: ``test-1``, ``test-2`` and so on if none is given.
        :param reset: any of ``seed, scenario, now, pace, rate``; what is not given is as the server was started.
        """
        client = SandboxClient(self.url, name or f"test-{next(self._numbers)}", self._token)
        client.reset(**reset)
        return client


class SandboxClient:
    """One sandbox of a server: its API as a frontend uses it, and what directs it."""

    def __init__(self, server_url: str, name: str, token: str = "") -> None:
        self.name = name
        self.url = f"{server_url}/s/{name}"
        self.api = f"{self.url}/api"
        """The base URL for a frontend."""
        self.clock = Clock(self)
        self.faults = Faults(self)
        self.snapshots = Snapshots(self)
        self._server_url = server_url
        self._token = token
        # A proxy that the environment names has no business with a server for tests.
        self._opener = build_opener(ProxyHandler({}))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.delete()
        except Refused as refused:
            if refused.status != 404:  # The test may have deleted it.
                raise

    def get(self, path: str, *, headers: dict[str, str] | None = None) -> Json:
        """The JSON at a path, such as ``/api/workflows``.

        :raises Refused: at an answer of 400 or above, as every method here does.
        :raises OSError: without an answer, as every method here does: ``URLError`` where nobody listens,
            ``ConnectionError`` where a connection broke, ``TimeoutError`` after `PATIENCE`.
        :raises IncompleteRead: of ``http.client``, if the answer was cut off, as every method here does.
        """
        return self._ask("GET", path, None, headers)

    def post(self, path: str, json: Json = None, headers: dict[str, str] | None = None) -> Json:
        """Send something, or just a command; gives the JSON of the answer, or ``None``."""
        return self._ask("POST", path, json, headers)

    def put(self, path: str, json: Json = None, headers: dict[str, str] | None = None) -> Json:
        """Replace what is at a path."""
        return self._ask("PUT", path, json, headers)

    def patch(self, path: str, json: Json = None, headers: dict[str, str] | None = None) -> Json:
        """Change a part of what is at a path."""
        return self._ask("PATCH", path, json, headers)

    def delete(self, path: str | None = None, *, headers: dict[str, str] | None = None) -> Json:
        """Delete what is at a path; without one, the sandbox."""
        return self._ask("DELETE", path or f"/_control/sandboxes/{self.name}", None, headers)

    def state(self) -> Json:
        """The sandbox as a whole: seed, clock, counts, faults, limits."""
        return self.get("/_control")

    def reset(self, **how: Json) -> None:
        """Begin anew: any of ``seed, scenario, now, pace, rate``."""
        self.post("/_control/reset", _with_moment(how))

    def requests(self, **filters: str | int) -> list[Json]:
        """The latest requests to the API, oldest first; by ``method, path`` (a glob), ``status, rule``."""
        found: list[Json] = self.get(f"/_control/requests?{urlencode(filters)}")["items"]
        return found

    def fellow(self, name: str) -> SandboxClient:
        """Another sandbox of the same server, as it is."""
        return SandboxClient(self._server_url, name, self._token)

    def _ask(self, method: str, path: str, body: Json, headers: dict[str, str] | None) -> Json:
        sent = {"Content-Type": "application/json"} if body is not None else {}
        if self._token and path.startswith("/_control"):
            sent["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, sent | (headers or {}), method=method)
        try:
            with self._opener.open(request, timeout=PATIENCE) as answer:
                text = answer.read()
        except HTTPError as error:
            with error:
                raise Refused(f"{method} {path}", error.code, _problem(error.read())) from None
        return json.loads(text) if text else None


class Clock:
    """The time of a sandbox. What moves it answers when all is settled: ``{now, reached, event_count, events}``."""

    def __init__(self, sandbox: SandboxClient) -> None:
        self._sandbox = sandbox

    @property
    def now(self) -> datetime:
        """The moment, in UTC."""
        return datetime.fromisoformat(self._sandbox.get("/_control/clock")["now"])

    def advance(self, seconds: float) -> Json:
        """Let so many seconds go by; everything due happens at its own time."""
        return self._go({"seconds": seconds})

    def to(self, moment: Moment) -> Json:
        """Let time go on to a moment."""
        return self._go({"to": _moment(moment)})

    def step(self, events: int = 1) -> Json:
        """Let time go on until so many further events have happened."""
        return self._go({"events": events})

    def until(self, *, limit_seconds: float | None = None, **wanted: str) -> Json:
        """Let time go on until an event happens that has all that is wanted; it is the last of the answer.

        :param limit_seconds: of virtual time; a day if none is given.
        :param wanted: any of ``execution_id, event, node_id, status``.
        :raises NotReached: with the last events that happened, if it did not.
        """
        limit = {} if limit_seconds is None else {"limit_seconds": limit_seconds}
        answer = self._go({"until": wanted, **limit})
        if not answer["reached"]:
            raise NotReached(wanted, answer)
        return answer

    def set(self, **how: Json) -> Json:
        """Change any of ``pace, rate, now``; gives the clock."""
        return self._sandbox.put("/_control/clock", _with_moment(how))

    def pause_at(self, moment: Moment) -> Json:
        """Let time go on to a moment, and stand there."""
        return self.set(pace="stopped", now=moment)

    def resume(self) -> Json:
        """Let time go by as real time does."""
        return self.set(pace="real")

    def _go(self, how: dict[str, Json]) -> Json:
        return self._sandbox.post("/_control/clock/advance", how)


class Faults:
    """The rules of a sandbox that bend requests and nodes."""

    def __init__(self, sandbox: SandboxClient) -> None:
        self._sandbox = sandbox

    def add(self, **rule: Json) -> Json:
        """Put one more rule behind the others; gives it with its id."""
        return self._sandbox.post("/_control/faults", rule)

    def replace(self, rules: list[Json]) -> Json:
        """Put these rules in the place of all others."""
        return self._sandbox.put("/_control/faults", rules)

    def clear(self) -> None:
        """Forget all rules."""
        self._sandbox.delete("/_control/faults")

    def list(self) -> Json:
        """The rules in their order, with how often each matched and applied."""
        return self._sandbox.get("/_control/faults")


class Snapshots:
    """What a sandbox held at some moments, by name."""

    def __init__(self, sandbox: SandboxClient) -> None:
        self._sandbox = sandbox

    def take(self, name: str) -> Json:
        """Keep all that the sandbox holds now."""
        return self._sandbox.post("/_control/snapshots", {"name": name})

    def restore(self, name: str) -> None:
        """Hold what was held then."""
        self._sandbox.post(f"{_snapshot(name)}/restore")

    def fork(self, name: str, sandbox: str) -> SandboxClient:
        """Let another sandbox go on from there; it is deleted at the end of a ``with`` block."""
        self._sandbox.post(f"{_snapshot(name)}/fork", {"sandbox": sandbox})
        return self._sandbox.fellow(sandbox)

    def download(self, name: str) -> Json:
        """The snapshot as a document, for a file."""
        return self._sandbox.get(_snapshot(name))

    def upload(self, name: str, document: Json) -> Json:
        """Keep a document that was downloaded, under this name."""
        return self._sandbox.put(_snapshot(name), document)

    def delete(self, name: str) -> None:
        """Forget a snapshot."""
        self._sandbox.delete(_snapshot(name))

    def list(self) -> Json:
        """The snapshots that are kept."""
        return self._sandbox.get("/_control/snapshots")["items"]


@contextmanager
def serve(**settings: Json) -> Iterator[Server]:
    """A server on a free port of this machine, in a thread of this process, until the block ends.

    The environment is not asked. Unless the settings say otherwise, nothing is there at first and time moves when told.

    :param settings: those of `Settings` by name, but for ``host`` and ``data``.
    :raises InvalidInput: if a setting does not fit.
    :raises TypeError: if there is no such setting.
    """
    usual = {"port": 0, "pace": "stopped", "scenario": "empty"}
    # Who gives one of the first two gets a TypeError: a server for tests is for this machine, and keeps nothing.
    chosen = read_settings({}, host=_HOST, data="", **(usual | settings))
    server, sandboxes = _make(chosen)
    thread = threading.Thread(target=server.serve, name="understudy", daemon=True)
    thread.start()
    try:
        yield Server(f"http://{chosen.host}:{server.port}", chosen.control_token)
    finally:
        server.stop()
        thread.join()
        sandboxes.close()


def _make(settings: Settings) -> tuple[HttpServer, Sandboxes]:
    """A server that listens, and its sandboxes."""
    from . import create_app
    from .server import Server, listen
    from .web.current import EXTENSION

    app = create_app(settings)
    sandboxes: Sandboxes = app.extensions[EXTENSION]
    if settings.node_types or settings.scenarios:
        # What is wrong with a folder is said here, and not to the first request.
        sandboxes.get()
    return Server(app, listen(settings.host, settings.port)), sandboxes


def _with_moment(how: dict[str, Json]) -> dict[str, Json]:
    return how | {"now": _moment(how["now"])} if how.get("now") is not None else how


def _moment(moment: Moment) -> str | int | float:
    return moment.isoformat() if isinstance(moment, datetime) else moment


def _snapshot(name: str) -> str:
    return f"/_control/snapshots/{quote(name, safe='')}"


def _subject(event: Json) -> str:
    subject: str = event["data"].get("node_id") or event["data"].get("connection_id") or event["execution_id"]
    return subject


def _problem(text: bytes) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        return None


try:
    import pytest
except ImportError:  # Everything but the fixtures does without it.

    def __getattr__(name: str) -> NoReturn:
        if name in ("understudy", "understudy_server"):
            raise ImportError("The fixtures need pytest: pip install pytest")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

else:

    @pytest.fixture(scope="session")
    def understudy_server() -> Iterator[Server]:
        """A server for all tests of this process."""
        with serve() as server:
            yield server

    @pytest.fixture
    def understudy(understudy_server: Server) -> Iterator[SandboxClient]:
        """A sandbox for one test: empty, its clock stopped, deleted afterwards."""
        with understudy_server.sandbox() as sandbox:
            yield sandbox
