"""What a method of a resource takes and gives, said once: by it the request is read, and the contract is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeAlias

from flask import request
from marshmallow import Schema

from .idempotency import idempotent
from .reply import JSON

Json = Any
Shape: TypeAlias = Schema | tuple[Schema, ...] | Mapping[str, Json]
"""A schema, several of which one fits, or a bare JSON Schema for what no schema of ours looks at."""

FORM = "multipart/form-data"
_OPERATION = "understudy.operation"


@dataclass(frozen=True, slots=True)
class Body:
    """A body that comes in."""

    schema: Shape
    required: bool = True
    """A command needs no body; one that is missing is read as ``{}``."""
    content_type: str = JSON


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is no error."""

    content: Mapping[str, Shape]
    """By content type; nothing for an answer without content."""
    headers: tuple[str, ...] = ()
    about: str = ""
    """When it comes, where its status does not say enough."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the API: a method at a URL."""

    name: str
    """The name of its method in a client (OpenAPI's ``operationId``)."""
    summary: str
    description: str
    query: Schema | None
    body: Body | None
    answers: Mapping[int, Answer]
    """By status."""
    errors: tuple[str, ...]
    """Codes of problems, beside those that follow from all the rest."""
    has_tag: bool
    """Whether the answer has an entity tag that ``If-None-Match`` can name."""
    expects_tag: bool
    """Whether ``If-Match`` is listened to."""
    is_idempotent: bool
    """Whether ``Idempotency-Key`` is listened to."""
    headers: tuple[str, ...]
    """Further headers of the request that it listens to."""


def operation(
    name: str,
    *,
    query: Schema | None = None,
    body: Schema | Body | None = None,
    gives: Shape | None = None,
    status: int | None = None,
    also: Mapping[int, Answer] | None = None,
    media: Mapping[str, Shape] | None = None,
    answer_headers: tuple[str, ...] = (),
    headers: tuple[str, ...] = (),
    tagged: bool = False,
    if_match: bool = False,
    once: bool = False,
    errors: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Say what a method takes and gives.

    :param name: of the method in a client, such as ``listWorkflows``.
    :param query: what `current_operation` reads the query with.
    :param body: a schema is that of a JSON body that must be there.
    :param gives: the schema of the JSON that it answers with.
    :param status: of the usual answer: 200, or 204 where it has no content.
    :param also: other answers that are no errors, by status.
    :param media: further content types of the usual answer.
    :param answer_headers: of the usual answer.
    :param headers: of the request, that it listens to.
    :param tagged: whether the answer has an entity tag, and ``If-None-Match`` is listened to.
    :param if_match: whether ``If-Match`` is listened to.
    :param once: whether ``Idempotency-Key`` is honoured, as by every POST that creates or starts.
    :param errors: codes of the problems that are its own.
    """

    def declare(method: Callable[..., Any]) -> Callable[..., Any]:
        summary, description = _words(method)
        content: dict[str, Shape] = {} if gives is None else {JSON: gives}
        content |= media or {}
        usual = Answer(content, (*(("ETag",) if tagged else ()), *answer_headers))
        answers = {status or (200 if content else 204): usual, **(also or {})}
        if tagged:
            answers[304] = Answer({}, usual.headers)
        declared = Operation(
            name=name,
            summary=summary,
            description=description,
            query=query,
            body=body if body is None or isinstance(body, Body) else Body(body),
            answers=answers,
            errors=errors,
            has_tag=tagged,
            expects_tag=if_match,
            is_idempotent=once,
            headers=headers,
        )
        act = idempotent(method) if once else method

        @wraps(method)
        def answer(*args: Any, **kwargs: Any) -> Any:
            request.environ[_OPERATION] = declared
            return act(*args, **kwargs)

        answer.operation = declared  # type: ignore[attr-defined]
        return answer

    return declare


def current_operation() -> Operation:
    """The operation that this request is about."""
    found: Operation = request.environ[_OPERATION]
    return found


def operation_of(method: Callable[..., Any]) -> Operation:
    """The operation that a method was declared to be.

    :raises AttributeError: if it was not.
    """
    found: Operation = method.operation  # type: ignore[attr-defined]
    return found


def _words(method: Callable[..., Any]) -> tuple[str, str]:
    """The first sentence of a docstring, and all of it, as Markdown."""
    lines = [line.strip() for line in (method.__doc__ or "").strip().splitlines()]
    text = "\n".join(lines).replace("``", "`")
    paragraph = text.split("\n\n")[0].replace("\n", " ")
    return paragraph.rstrip("."), text
