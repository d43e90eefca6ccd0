"""The catalogue of error codes: what happened, and what to do about it. It is written in ``problems.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from http.client import responses
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from .. import errors
from ..web.errors import code_named

_CATALOGUE = Path(__file__).with_name("problems.toml")
_SERVICE_CODE = re.compile(r"http_([45])[0-9]{2}")
_STATUS_CODE = re.compile(r"status_([45][0-9]{2})")


@dataclass(frozen=True, slots=True)
class Entry:
    """What there is to tell about a code; the texts may have ``code`` between backticks."""

    kind: ClassVar[str]
    code: str
    title: str
    happened: str
    do: str


@dataclass(frozen=True, slots=True)
class AnswerCode(Entry):
    """A code of problems, which HTTP answers have as their body."""

    kind = "answer"
    statuses: tuple[int, ...]
    broader: str | None = None
    """The code of the kind of error that it is one of, where the status does not tell."""


@dataclass(frozen=True, slots=True)
class FailureCode(Entry):
    """A code in the ``error`` of an execution or of a node execution."""

    kind = "failure"


@dataclass(frozen=True, slots=True)
class IssueCode(Entry):
    """A code of what is wrong with a graph."""

    kind = "issue"
    severities: tuple[str, ...]


def answers() -> Mapping[str, AnswerCode]:
    """Every code that a problem has, in the order of the catalogue."""
    return _read().answers


def failures() -> Mapping[str, FailureCode]:
    """Every code with which nodes and executions fail; ``http_4xx`` and ``http_5xx`` stand for all such statuses."""
    return _read().failures


def issues() -> Mapping[str, IssueCode]:
    """Every code of an issue of a graph."""
    return _read().issues


def entries() -> Iterator[Entry]:
    """The whole catalogue: answers, failures, issues."""
    for part in (answers(), failures(), issues()):
        yield from part.values()


def find_entries(code: str) -> list[Entry]:
    """What a code means: as an answer, as a failure and as an issue.

    The name of an HTTP error is one, too: a caller or a rule can ask for every status.

    :raises NotFound: ``problem_not_found``.
    """
    found = [entry for entry in entries() if entry.code == code]
    service = _SERVICE_CODE.fullmatch(code)
    if service:
        found.append(replace(failures()[f"http_{service[1]}xx"], code=code))
    status = _status_named(code)
    if status and code not in answers():
        found.insert(0, _asked_for(code, status))
    if not found:
        raise errors.NotFound("problem", code, f"'{code}' is no error code of this server. GET /problems lists them.")
    return found


@dataclass(frozen=True, slots=True)
class _Catalogue:
    answers: Mapping[str, AnswerCode]
    failures: Mapping[str, FailureCode]
    issues: Mapping[str, IssueCode]


@cache
def _read() -> _Catalogue:
    import tomllib

    tables = tomllib.loads(_CATALOGUE.read_text("utf-8"))
    return _Catalogue(
        MappingProxyType({code: _answer(code, dict(told)) for code, told in tables["answers"].items()}),
        MappingProxyType({code: FailureCode(code, **told) for code, told in tables["failures"].items()}),
        MappingProxyType({code: _issue(code, dict(told)) for code, told in tables["issues"].items()}),
    )


def _answer(code: str, told: dict[str, Any]) -> AnswerCode:
    return AnswerCode(code, statuses=_several(told.pop("status")), **told)


def _issue(code: str, told: dict[str, Any]) -> IssueCode:
    return IssueCode(code, severities=_several(told.pop("severity")), **told)


def _several(told: Any) -> tuple[Any, ...]:
    return tuple(told) if isinstance(told, list) else (told,)


def _status_named(code: str) -> int | None:
    """The status that a code is the name of: ``i_m_a_teapot``, or ``status_599`` if it has no name."""
    unnamed = _STATUS_CODE.fullmatch(code)
    if unnamed and int(unnamed[1]) not in responses:
        return int(unnamed[1])
    return _statuses_by_name().get(code)


@cache
def _statuses_by_name() -> Mapping[str, int]:
    named = {status: phrase for status, phrase in responses.items() if status >= 400}
    return {code_named(phrase): int(status) for status, phrase in named.items()}


def _asked_for(code: str, status: int) -> AnswerCode:
    return AnswerCode(
        code,
        responses.get(status) or f"Status {status}",
        f"Somebody asked for status {status} in the place of the real answer: the caller, or a rule of the sandbox.",
        "Look at the header `X-Understudy-Rule`: `prefer` means the caller, all else is a rule in `/_control/faults`.",
        (status,),
    )
