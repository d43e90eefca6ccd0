"""Conversations over a WebSocket: a client says what it wants to be told, and what is to be done.

Its messages and ours are JSON objects with a ``type``; `socket_messages` has their schema. Events are sent as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Literal

import orjson
from flask import Response, request

from ..errors import Conflict, InvalidInput, MalformedInput, NotAllowed, SetBack, UpgradeRequired
from ..models.broken_stream import Step
from ..models.event import as_wire
from ..models.user import Viewer
from ..nodes.schemas import check
from ..services import executions, streams
from ..services.events import LATEST
from ..services.permissions import Kind
from ..services.permissions import check as check_permission
from ..services.sessions import check_caller, check_time
from ..services.streams import END, REFUSED, RESET, Place, Stream, Subscriptions, open_stream
from .addresses import readdresser
from .bending import refusal
from .body import parse
from .current import BEHIND_ASGI, current_sandbox, host_of, sandboxes, settings
from .errors import as_problem
from .identity import current_user, current_viewer
from .socket_messages import CLIENT, COMMANDS, WITH_SUBJECT
from .streams import OPENED, follow, identity, log_reset, watcher

Json = Any
Message = dict[str, Json]

MOST_UNSAID = 2_000
"""What may wait to be said to a client; one that talks on without listening is hung up on."""

_SUBJECTS = ("execution_id", "workflow_id", "all")


def converse() -> Response:
    """Go on with this request as a WebSocket.

    :raises UpgradeRequired: if it is a plain one.
    :raises NotAllowed: ``foreign_origin``: a page of this origin may not call.
    """
    check_handshake()
    sandbox, subscriptions = current_sandbox(), Subscriptions()
    on_change = partial(sandboxes().on_change, sandbox.name)

    def carry_on(stream: Stream) -> Response:
        request.environ[OPENED] = Conversation(stream, subscriptions, on_change)
        return Response(status=101)

    return follow(open_stream(sandbox, lambda: subscriptions, request.path, caller=current_user()), carry_on)


def check_handshake() -> None:
    """Refuse a request that cannot go on as a WebSocket.

    :raises UpgradeRequired: if it is a plain one.
    :raises NotAllowed: ``foreign_origin``: a page of this origin may not call.
    """
    if request.environ.get(BEHIND_ASGI, {}).get("type") != "websocket":
        raise UpgradeRequired
    _check_origin()


class Conversation:
    """What goes back and forth over one WebSocket."""

    def __init__(self, stream: Stream, subscriptions: Subscriptions, on_change: Callable[[], None]) -> None:
        """:param on_change: called when something was changed, before the client is told."""
        self.stream = stream
        self._sandbox = stream.sandbox
        self._subscriptions = subscriptions
        self._on_change = on_change
        self._readdress = readdresser()
        self._caller = current_user()
        self._viewer = current_viewer()
        self._watch = watcher()
        self._outbox: list[Step] = []

    def is_behind(self) -> bool:
        """Whether there may be something to say."""
        return bool(self._outbox) or self.stream.is_behind()

    def begin(self) -> bytes:
        """Nothing goes out first."""
        return b""

    def take(self) -> list[Step]:
        """With the sandbox's lock taken: what to say next."""
        self._put(self._news())
        steps, self._outbox = self._outbox, []
        return steps

    def encode(self, item: Any, known: dict[Any, bytes]) -> bytes:
        """An event, or what is said to this client, as it is sent."""
        if isinstance(item, dict):
            return self._written(item)
        if item == RESET:
            return self._written(log_reset(self.stream))
        key = (*identity(item), self._readdress)
        if key not in known:
            wire = as_wire(item)
            self._watch(wire)
            known[key] = self._written(wire)
        return known[key]

    def handle(self, text: str | None) -> None:
        """Do what the client says, and tell it; this may take a while.

        :param text: ``None`` for a message that is no text.
        """
        message: Json = None
        try:
            message = _parse(text)
            _check(message)
            _HANDLERS[message["type"]](self, message)
        except SetBack:
            return  # That the log is gone is the last that is said.
        except Exception as error:
            problem = as_problem(error, "a message of a WebSocket").as_dict()
            self._say("error", message, problem=problem)

    def _subscribe(self, message: Message) -> None:
        with self._sandbox.view():
            if (problem := self._refuse(message)) is not None:
                self._say("error", message, problem=problem)
                return
            place = _find_place(self._sandbox, message, self._viewer)
            self._say("ack", message, **_subject(message), after=place.after)
            self._subscriptions.add(_name(message), place)

    def _refuse(self, message: Message) -> Json:
        """The problem with which a rule refuses whoever comes back; ``None`` if none does."""
        broken = self.stream.broken
        status = None if broken is None or _place(message) in (0, LATEST) else broken.refuse()
        return None if broken is None or status is None else refusal(broken.rule_id, status).as_dict()

    def _unsubscribe(self, message: Message) -> None:
        with self._sandbox.view():
            self._say("ack", message, **_subject(message))
            self._subscriptions.remove(_name(message))

    def _command(self, message: Message) -> None:
        self._check_may(message)
        if "execution_id" in message:
            done = executions.command(self._sandbox, message["execution_id"], message["type"])
        else:
            done = executions.workflow_command(self._sandbox, message["workflow_id"], message["type"])
        self._acknowledge(message, done)

    def _answer(self, message: Message) -> None:
        self._check_may(message)
        given = message["execution_id"], message["node_id"], message.get("answer", {})
        self._acknowledge(message, executions.answer(self._sandbox, *given))

    def _check_may(self, message: Message) -> None:
        """Refuse who may not say what is to be done with this."""
        kind: Kind = "execution" if "execution_id" in message else "workflow"
        with self._sandbox.view() as now:
            if self._caller is not None:
                check_caller(self._sandbox, self._caller)
                check_time(self._caller, now)
            check_permission(self._sandbox, self._viewer, kind, message[f"{kind}_id"], "edit")

    def _ping(self, message: Message) -> None:
        self._say("pong", message)

    def _acknowledge(self, message: Message, execution: Message) -> None:
        self._on_change()
        told = {"execution_id": execution["id"]}
        self._say("ack", message, **told, **{name: execution[name] for name in ("workflow_id", "status", "last_seq")})

    def _say(self, kind: str, to: Json, **told: Json) -> None:
        """Have something said to a message of the client, behind what has happened, as far as the client keeps up."""
        answer = {"type": kind, "to": _kind(to), "id": _id(to), **told}
        with suppress(SetBack), self._sandbox.view():
            while self.stream.is_behind() and len(self._outbox) < MOST_UNSAID // 2 and not self._has_said_all:
                self._put(self._news())
            self._put([Step(answer)])

    def _news(self) -> list[Step]:
        """What happened; if the log forgot some of that, or the client may hear no more, this is said last."""
        try:
            steps = self.stream.take()
        except Conflict as error:
            return [_last(error, END)]
        refusal = self.stream.refusal
        return steps if refusal is None or not steps else [_last(refusal, REFUSED)]

    @property
    def _has_said_all(self) -> bool:
        return bool(self._outbox and self._outbox[-1].then)

    def _put(self, steps: list[Step]) -> None:
        """Have something said, unless the end was said."""
        if self._has_said_all:
            return
        self._outbox += steps
        if len(self._outbox) > MOST_UNSAID:
            self._outbox.append(Step(None, then="drop"))

    def _written(self, message: Message) -> bytes:
        text = orjson.dumps(message, option=orjson.OPT_NON_STR_KEYS, default=str)
        return text if self._readdress is None else self._readdress(text)


_HANDLERS: dict[str, Callable[[Conversation, Message], None]] = {
    "subscribe": Conversation._subscribe,
    "unsubscribe": Conversation._unsubscribe,
    "answer": Conversation._answer,
    "ping": Conversation._ping,
    **dict.fromkeys(COMMANDS, Conversation._command),
}
"""What is done about a message of each type."""


def _last(error: Exception, then: str) -> Step:
    """What is said last, and to no message."""
    problem = as_problem(error, "a subscription").as_dict()
    return Step({"type": "error", "to": None, "id": None, "problem": problem}, then=then)


def _check_origin() -> None:
    """Refuse pages that may not read our answers: no browser does that for us where WebSockets are concerned."""
    allowed, origin = settings().cors_origins, request.headers.get("Origin")
    if allowed == "*" or origin is None or host_of(origin) == request.host:
        return
    if origin not in [one.strip() for one in allowed.split(",")]:
        raise NotAllowed(f"Pages of {origin} may not call (UNDERSTUDY_CORS_ORIGINS).", code="foreign_origin")


def _parse(text: str | None) -> Json:
    if text is None:
        raise MalformedInput("Messages are texts of JSON.", code="malformed_json")
    return parse(text.encode())


def _check(message: Json) -> None:
    """Refuse a message that is none of those that a client may say.

    :raises InvalidInput: ``bad_message``.
    """
    kind = _kind(message)
    if kind is None:
        words = ", ".join(CLIENT)
        culprit = {"pointer": "/type", "message": f"Must be one of {words}."}
        raise InvalidInput(f"A message is an object whose type is one of {words}.", [culprit], code="bad_message")
    if kind in WITH_SUBJECT and not any(name in message for name in WITH_SUBJECT[kind]):
        wanted = f"Name one of {', '.join(WITH_SUBJECT[kind])}."
        raise InvalidInput(wanted, [{"pointer": "", "message": wanted}], code="bad_message")
    if faults := check(message, CLIENT[kind]):
        raise InvalidInput(f"This is no {kind} message: {faults[0]['message']}", faults, code="bad_message")


def _kind(message: Json) -> str | None:
    """The type of a message, if it has one that there is."""
    kind = message.get("type") if isinstance(message, dict) else None
    return kind if isinstance(kind, str) and kind in CLIENT else None


def _id(message: Json) -> Json:
    """The id that a client gave its message, if it can be one."""
    given = message.get("id") if isinstance(message, dict) else None
    return given if isinstance(given, str | int | float) and not isinstance(given, bool) else None


def _find_place(sandbox: Any, message: Message, viewer: Viewer) -> Place:
    after = _place(message)
    if "execution_id" in message:
        return streams.of_execution(sandbox, message["execution_id"], after, viewer=viewer)
    if "workflow_id" in message:
        return streams.of_workflow(sandbox, message["workflow_id"], after, viewer=viewer)
    return streams.of_sandbox(sandbox, after, viewer=viewer)


def _place(message: Message) -> int | Literal["latest"]:
    """Behind which event a subscription begins."""
    after = message.get("after") or 0
    return LATEST if after == LATEST else int(after)


def _subject(message: Message) -> Message:
    """What a subscription is about: of several, the narrowest."""
    name = next(name for name in _SUBJECTS if name in message)
    return {name: message[name]}


def _name(message: Message) -> str:
    """What tells a subscription from others."""
    return repr(_subject(message))
