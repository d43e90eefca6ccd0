"""What the error codes mean, as pages and as JSON: of the server, never of a sandbox, and never bent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..contract.pages import problem_page, problems_page
from ..contract.problems import AnswerCode, Entry, IssueCode, entries, find_entries
from ..web.addresses import address
from ..web.negotiation import best_type
from ..web.operation import operation
from ..web.reply import HTML, JSON, to_page
from ..web.restful import Resource
from .answers import LINKING, PAGE
from .schemas.problems import ERROR_CODES


class Problems(Resource):
    """The catalogue of error codes."""

    produces = (HTML, JSON)

    @operation("listProblems", gives=ERROR_CODES, media={HTML: PAGE}, errors=LINKING)
    def get(self) -> Any:
        """List all error codes.

        Those of answers, of nodes and executions that failed, and of issues of graphs. Who prefers HTML gets a
        page.
        """
        if best_type(self.produces) == HTML:
            return to_page(problems_page())
        return _listed(entries())


class Problem(Resource):
    """One error code: a problem's ``type`` leads here."""

    produces = (HTML, JSON)

    @operation("getProblem", gives=ERROR_CODES, media={HTML: PAGE}, errors=LINKING)
    def get(self, problem: str) -> Any:
        """What an error code means, and what to do about it.

        The ``type`` of a problem leads here. A code may be that of an answer, of a failure and of an issue:
        each has an entry. Who prefers HTML gets a page.
        """
        if best_type(self.produces) == HTML:
            return to_page(problem_page(problem))
        return _listed(find_entries(problem))


def _listed(found: Iterable[Entry]) -> dict[str, Any]:
    return {"items": [_shown(entry) for entry in found]}


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "code": entry.code,
        "kind": entry.kind,
        "statuses": entry.statuses if isinstance(entry, AnswerCode) else (),
        "severities": entry.severities if isinstance(entry, IssueCode) else (),
        "title": entry.title,
        "happened": entry.happened,
        "do": entry.do,
        "url": address(f"/problems/{entry.code}"),
    }
