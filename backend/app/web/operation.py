"""What a method of a resource takes and gives, said once: by it requests are read, and the contract is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from marshmallow import Schema

from ..services.permissions import Need
from .idempotency import idempotent
from .reply import JSON

Json = Any
Content: TypeAlias = Schema | tuple[Schema, ...] | Mapping[str, Json]
"""A schema, several of which one fits, or a bare JSON Schema for what no schema of ours looks at."""

Method: TypeAlias = Callable[..., Any]
FORM = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Body:
    """A body that comes in."""

    schema: Content
    required: bool = True
    """A command needs no body; one that is missing is read as ``{}``."""
    content_type: str = JSON
    is_raw: bool = False
    """Whether its bytes are taken as they are, and looked into later."""
    takes_any: bool = False
    """Whether bodies of other content types are taken, too."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is no error."""

    content: Mapping[str, Content]
    """By content type; nothing for an answer without content."""
    headers: tuple[str, ...] = ()
    about: str = ""
    """When it comes, where its status does not say enough."""


class Refusal(NamedTuple):
    """A problem that an operation can answer with, where its code comes with several statuses."""

    code: str
    status: int


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
    """By status, the usual one first."""
    errors: tuple[str | Refusal, ...]
    """Codes of problems, beside those that follow from all the rest."""
    tagged: bool
    """Whether the answer has an entity tag, which ``If-None-Match`` can name."""
    if_match: bool
    """Whether ``If-Match`` is listened to."""
    once: bool
    """Whether ``Idempotency-Key`` is listened to."""
    headers: tuple[str, ...]
    """Further headers of the request that it listens to."""
    needs: Need | None
    """What one must be allowed with the thing that the address names; ``None`` for what the method usually needs."""


def need_of(operation: Operation, method: str) -> Need:
    """What one must be allowed with the thing that the address names.

    :param method: of HTTP, by which the operation is called.
    """
    return operation.needs or ("view" if method.upper() in ("GET", "HEAD") else "edit")


def operation(
    name: str,
    *,
    query: Schema | None = None,
    body: Schema | Body | None = None,
    gives: Content | None = None,
    status: int | None = None,
    also: Mapping[int, Answer] | None = None,
    media: Mapping[str, Content] | None = None,
    answer_headers: tuple[str, ...] = (),
    headers: tuple[str, ...] = (),
    tagged: bool = False,
    if_match: bool = False,
    once: bool = False,
    errors: tuple[str | Refusal, ...] = (),
    needs: Need | None = None,
) -> Callable[[Method], Method]:
    """Say what a method takes and gives.

    :param name: of the method in a client, such as ``listWorkflows``.
    :param query: what the query is read with.
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
    :param errors: codes of the problems that are its own; a code that has several statuses comes with the first of
        them, unless it is given as a `Refusal`.
    :param needs: what one must be allowed with the thing that the address names: to ``view`` it, as usual for GET, to
        ``edit`` it, as usual for everything else, or to ``own`` it.
    """
    content: dict[str, Content] = ({} if gives is None else {JSON: gives}) | dict(media or {})
    usual = Answer(content, (*(("ETag",) if tagged else ()), *answer_headers))
    unchanged = {304: Answer({}, usual.headers)} if tagged else {}
    answers = {status or (200 if content else 204): usual, **(also or {}), **unchanged}

    def declare(method: Method) -> Method:
        read = body if body is None or isinstance(body, Body) else Body(body)
        takes_files = read is not None and read.content_type == FORM
        declared = idempotent(method, takes_files=takes_files) if once else method
        text = in_markdown(method.__doc__)
        summary = text.partition("\n")[0].rstrip(".")
        declared.operation = Operation(  # type: ignore[attr-defined]
            name, summary, text, query, read, answers, errors, tagged, if_match, once, headers, needs
        )
        return declared

    return declare


def operation_of(method: Method) -> Operation:
    """The operation that a method was declared to be.

    :raises TypeError: if it was not.
    """
    found: Operation | None = getattr(method, "operation", None)
    if found is None:
        raise TypeError(f"{method.__qualname__} has no @operation, which says what it takes and gives.")
    return found


def in_markdown(docstring: str | None) -> str:
    """A docstring as Markdown, its lines joined to paragraphs."""
    paragraphs = (docstring or "").strip().replace("``", "`").split("\n\n")
    return "\n\n".join(" ".join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs)
