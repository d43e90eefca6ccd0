"""Everything that can go wrong by rule, as one tree.

    UnderstudyError
      InvalidInput            a body, a parameter or an option does not fit         422
        CannotRun             a graph that cannot be executed                       422
        TooMany               a limit of this server was reached                    422
      MalformedInput          it could not even be read                             400
        NoSandbox               the request names no sandbox, or none that can be   400
      NotAuthenticated        the control API wants its token                       401
      NotAllowed              whoever asks may not                                  403
      NotFound                no such thing                                         404
      Conflict                it exists, or it is busy                              409
        SetBack               the sandbox was reset, restored or ended meanwhile    409
        WrongStatus           a command that this status does not allow             409
        IllegalTransition     a status change that the machine does not know        500
      RevisionMismatch        somebody else saved in between                        412
      TooLarge                more bytes than the server takes                      413
      UnsupportedMedia        a content type or file kind that is not taken         415
      RangeNotSatisfiable     a byte range outside of the content                   416
      UpgradeRequired         this URL is for WebSockets                            426
      TooManySandboxes        as many sandboxes are alive as there may be           429
      QueueFull               as many executions wait for their turn as there may be  429
      TooManyStreams          as many streams are open as there may be              429
      RateLimited             more requests than one may make in a while            429
      BrokenContract          an answer is not what the contract says               500
    NodeFailure               a node failed: never an answer, always an event

The status is decided where HTTP begins (`web/errors.py`); the numbers above only show it.
Every class has a stable `code`; an instance may carry a narrower one.
"""

from __future__ import annotations

from typing import Any


class UnderstudyError(Exception):
    """Base of all errors that this project raises on purpose."""

    code = "error"
    title = "Error"

    def __init__(
        self, message: str, errors: list[dict[str, Any]] | None = None, *, code: str | None = None, **extra: Any
    ) -> None:
        """:param errors: one entry per culprit: ``{pointer, message, node_id?, connection_id?}``.
        :param extra: further members of the answer, such as ``status`` and ``allowed``.
        """
        super().__init__(message)
        self.message = message
        self.errors = errors or []
        self.code = code or type(self).code
        self.extra = extra


class InvalidInput(UnderstudyError):
    """The input was understood and does not fit."""

    code = "invalid_input"
    title = "Invalid input"


class CannotRun(InvalidInput):
    """The graph was saved, and cannot be executed as it is."""

    code = "cannot_run"
    title = "The workflow cannot run"


class TooMany(InvalidInput):
    """A limit of this server was reached; the message names the setting."""

    code = "limit_reached"
    title = "Limit reached"


class MalformedInput(UnderstudyError):
    """The input could not be parsed."""

    code = "malformed"
    title = "Malformed input"


class NoSandbox(MalformedInput):
    """The request names no sandbox where it must, or one that cannot be."""

    code = "no_sandbox"
    title = "No sandbox"


class NotAuthenticated(UnderstudyError):
    """Whoever asks has not shown the token."""

    code = "not_authenticated"
    title = "Not authenticated"


class NotAllowed(UnderstudyError):
    """Whoever asks may not."""

    code = "not_allowed"
    title = "Not allowed"


class NotFound(UnderstudyError):
    """There is no such thing in this sandbox."""

    code = "not_found"
    title = "Not found"

    def __init__(self, kind: str, key: str, message: str | None = None) -> None:
        super().__init__(message or f"There is no {kind.replace('_', ' ')} '{key}' here.", code=f"{kind}_not_found")


class Conflict(UnderstudyError):
    """The request contradicts what is there."""

    code = "conflict"
    title = "Conflict"


class SetBack(Conflict):
    """Somebody reset, restored or ended the sandbox meanwhile; nothing is left of what was under way."""

    code = "set_back"
    title = "Set back meanwhile"

    def __init__(self, name: str) -> None:
        super().__init__(f"The sandbox '{name}' was reset, restored or ended while this was under way.")


class WrongStatus(Conflict):
    """A command that the current status does not allow."""

    code = "wrong_status"
    title = "Not possible in this status"

    def __init__(self, message: str, *, status: str, allowed: list[str], code: str | None = None) -> None:
        """:param allowed: the commands that the status does allow."""
        super().__init__(message, code=code, current_status=status, allowed=allowed)


class IllegalTransition(Conflict):
    """The machine was asked for a status change that its table does not have: a bug of ours."""

    code = "illegal_transition"
    title = "Illegal transition"

    def __init__(self, what: str, start: str, finish: str, story: list[str]) -> None:
        """:param story: what happened to that execution until now, oldest first."""
        told = "\n  ".join(story[-40:])
        super().__init__(f"{what} cannot go from {start} to {finish}. Its story:\n  {told}")
        self.story = story


class RevisionMismatch(UnderstudyError):
    """The document changed since the caller read it."""

    code = "revision_mismatch"
    title = "The document has changed"


class TooLarge(UnderstudyError):
    """More bytes than the server takes."""

    code = "too_large"
    title = "Too large"


class UnsupportedMedia(UnderstudyError):
    """A content type, or a kind of file, that is not taken here."""

    code = "unsupported_media_type"
    title = "Unsupported media type"


class RangeNotSatisfiable(UnderstudyError):
    """The byte range lies outside of the content."""

    code = "range_not_satisfiable"
    title = "Range not satisfiable"


class UpgradeRequired(UnderstudyError):
    """This URL is for WebSockets, and the request is a plain one."""

    code = "upgrade_required"
    title = "Upgrade required"

    def __init__(self) -> None:
        super().__init__("This URL speaks WebSocket. GET /api/ws/schema has the schema of its messages.")


class TooManySandboxes(UnderstudyError):
    """As many sandboxes are alive as there may be."""

    code = "too_many_sandboxes"
    title = "Too many sandboxes"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} sandboxes are alive, and no more may be (UNDERSTUDY_MAX_SANDBOXES). "
            "DELETE /_control/sandboxes/{name} ends one; those that nobody uses end by themselves."
        )


class QueueFull(UnderstudyError):
    """As many executions of a workflow wait for their turn as there may be."""

    code = "queue_full"
    title = "The queue is full"

    def __init__(self, workflow_id: str, most: int) -> None:
        super().__init__(
            f"{most} executions of workflow '{workflow_id}' wait for their turn, and no more may be "
            "(setting max_queued, UNDERSTUDY_MAX_QUEUED)."
        )


class TooManyStreams(UnderstudyError):
    """As many streams of a sandbox are open as there may be."""

    code = "too_many_streams"
    title = "Too many streams"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} streams of this sandbox are open, and no more may be (UNDERSTUDY_MAX_STREAMS).")


class RateLimited(UnderstudyError):
    """More requests than whoever asks may make in a while."""

    code = "rate_limited"
    title = "Too many requests"

    def __init__(self, limit: str, seconds: int) -> None:
        """:param limit: in words, such as ``100 per minute``.
        :param seconds: until more may be made, in the time of the sandbox.
        """
        super().__init__(f"More than {limit} are refused here. Come again in {seconds} s, as the sandbox's clock goes.")
        self.seconds = seconds


class BrokenContract(UnderstudyError):
    """An answer is not what the contract says: a bug of ours."""

    code = "broken_contract"
    title = "The contract is broken"

    def __init__(self, asked: str, status: int, errors: list[dict[str, str]]) -> None:
        where, message = errors[0]["pointer"] or "/", errors[0]["message"]
        super().__init__(f"The {status} to {asked} is not what the contract says at {where}: {message}", errors)


class NodeFailure(Exception):
    """A node failed. The engine turns it into ``node.failed``; it never leaves as an answer by itself."""

    def __init__(self, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = details

    def as_dict(self) -> dict[str, Any]:
        """The failure as it is shown: ``{code, message, ...details}``."""
        return {"code": self.code, "message": self.message, **self.details}
