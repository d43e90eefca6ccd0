"""``Idempotency-Key``: a POST that is sent twice happens once, and is answered the same twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask_restful.utils import unpack

from ..errors import Conflict, InvalidInput
from ..models.glob import plain_path
from ..models.reply import Reply
from ..sandbox import Sandbox
from .current import PARAMETER, current_sandbox
from .identity import current_user
from .reply import to_json
from .uploads import allow_upload

HEADER = "Idempotency-Key"
LONGEST_KEY = 255


def idempotent(method: Callable[..., Any], *, takes_files: bool = False) -> Callable[..., Any]:
    """Let a method that creates or starts something honour ``Idempotency-Key``.

    :param takes_files: whether its body is an upload, which may be larger than others.
    """

    @wraps(method)
    def once(*args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return method(*args, **kwargs)
        return _once(key, lambda: method(*args, **kwargs), takes_files)

    return once


def _once(key: str, act: Callable[[], Any], takes_files: bool) -> Response:
    if not 0 < len(key) <= LONGEST_KEY:
        raise InvalidInput(f"{HEADER} must have 1 to {LONGEST_KEY} characters.", code="bad_idempotency_key")
    sandbox = current_sandbox()
    reply = Reply(_fingerprint(takes_files))
    earlier = _claim(sandbox, key, reply)
    return _again(key, earlier, reply) if earlier else _first(sandbox, key, reply, act)


def _claim(sandbox: Sandbox, key: str, reply: Reply) -> Reply | None:
    """Take the key for this request, or give the reply of the one that had it before."""
    with sandbox.view():
        earlier: Reply | None = sandbox.replies.setdefault(_place(key), reply)
        while len(sandbox.replies) > sandbox.limits.max_idempotency_keys:
            sandbox.replies.popitem(last=False)
    return None if earlier is reply else earlier


def _first(sandbox: Sandbox, key: str, reply: Reply, act: Callable[[], Any]) -> Response:
    """Only what succeeded is kept: who failed may mend the request and try the key again."""
    try:
        response = _as_response(act())
        # A turn, so that whoever keeps the sandbox in a file sees that there is something new.
        with sandbox.turn():
            reply.body, reply.headers = response.get_data(), tuple(response.headers)
            reply.status = response.status_code
        return response
    finally:
        if not 200 <= reply.status < 300:
            _give_up(sandbox, key, reply)


def _give_up(sandbox: Sandbox, key: str, reply: Reply) -> None:
    with sandbox.view():
        # After a reset meanwhile, the key may be another request's.
        if sandbox.replies.get(_place(key)) is reply:
            del sandbox.replies[_place(key)]


def _place(key: str) -> tuple[str, ...]:
    """Where the reply to a request with this key is kept: what users choose for keys, others may choose, too."""
    user = current_user()
    return (key,) if user is None else (key, user.id)


def _again(key: str, earlier: Reply, reply: Reply) -> Response:
    if earlier.fingerprint != reply.fingerprint:
        message = f"{HEADER} '{key}' was used for another request."
        raise InvalidInput(message, code="idempotency_key_reused")
    if not earlier.status:
        raise Conflict(f"The first request with {HEADER} '{key}' is still at work.", code="idempotency_in_progress")
    response = Response(earlier.body, earlier.status)
    response.headers.clear()
    response.headers.extend(earlier.headers)
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _as_response(result: Any) -> Response:
    return result if isinstance(result, Response) else to_json(*unpack(result))


def _fingerprint(takes_files: bool) -> bytes:
    """What makes a request the same: its method, URL and body, of a form the parts without their boundary.

    Who asks again after a fault that was asked for (``__code``) means the same request, and so does who chooses the
    sandbox in another way.
    """
    asked = [entry for entry in request.args.items(multi=True) if _is_asked(entry[0])]
    told = f"{request.method} {plain_path(request.path)}?{urlencode(asked)}\n"
    digest = blake2b(told.encode("utf-8", "surrogateescape"), digest_size=16)
    is_form = request.mimetype == "multipart/form-data"
    for part in _parts(takes_files) if is_form else [request.get_data()]:
        digest.update(part)
    return digest.digest()


def _parts(takes_files: bool) -> Iterator[bytes]:
    """What is in a form."""
    if takes_files:
        allow_upload()
    else:
        # So it is kept, and whoever reads the body next finds it.
        request.get_data()
    for name, value in request.form.items(multi=True):
        yield f"{name}\n{value}\n".encode("utf-8", "surrogateescape")
    for name, file in request.files.items(multi=True):
        yield f"{name}\n{file.filename}\n".encode("utf-8", "surrogateescape")
        yield file.stream.read()
        file.stream.seek(0)


def _is_asked(parameter: str) -> bool:
    return parameter != PARAMETER and not parameter.startswith("__")
