"""What a caller chooses for one request: a status, a delay, an empty list.

Said by ``Prefer`` (RFC 7240), else by the headers that Postman's mock servers take, else by query parameters for those
who cannot set a header.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from flask import Response, after_this_request, request
from werkzeug.http import parse_list_header

from ..errors import MalformedInput
from ..models.fault import LONGEST_DELAY
from ..services.paging import Page
from ..services.waiting import LONGEST_WAIT
from .conditional import etag_of, has_already
from .paging import paged
from .reply import JSON, to_json

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

APPLIED = "Preference-Applied"

_HEADERS = {"code": "X-Mock-Response-Code", "delay": "X-Mock-Response-Delay"}
_ENVIRON = {name: "HTTP_" + header.upper().replace("-", "_") for name, header in _HEADERS.items()}
_SAID_IN = frozenset(("HTTP_PREFER", *_ENVIRON.values()))
_MARK = "__"
"""What our query parameters begin with, and nobody else's."""

_STATUS = re.compile(r"[1-5][0-9]{2}")
_DELAY = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")
_WAIT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


class Preferences(NamedTuple):
    """What the caller of one request chose."""

    status: int | None = None
    """An error to answer with."""
    usual: int | None = None
    """A status that is no error: it comes by itself, or does not."""
    delay_ms: int | None = None
    wants_empty: bool = False


def read_preferences(environ: WSGIEnvironment) -> Preferences | None:
    """What the caller of this request chose; ``None`` if nothing.

    :param environ: that of this request.
    :raises MalformedInput: ``bad_preference``, naming the header or the parameter.
    """
    # Nearly nobody chooses, and every request comes through here.
    if _MARK not in environ.get("QUERY_STRING", "") and environ.keys().isdisjoint(_SAID_IN):
        return None
    code = _status()
    status, usual = (None, code) if code is not None and code < 400 else (code, None)
    found = Preferences(status, usual, _delay(), _wants_empty())
    return None if found == Preferences() else found


def preferred_wait() -> str | None:
    """The real seconds that ``Prefer: wait=`` says, as they are written there; only some URLs listen to it.

    Who would wait for longer than anybody may waits for as long as that.

    :raises MalformedInput: ``bad_preference``.
    """
    told = _preferred(request.environ.get("HTTP_PREFER", "")).get("wait")
    if told is not None and not _WAIT.fullmatch(told):
        raise _bad("'wait' in the header Prefer", told, "seconds, such as 30")
    return str(LONGEST_WAIT) if told is not None and float(told) > LONGEST_WAIT else told


def tell_applied(words: list[str], status: int | None = None) -> None:
    """Have the answer say which preferences were followed.

    :param status: only if this is the status of the answer.
    """

    def tell(response: Response) -> Response:
        return _tell(response, words) if status in (None, response.status_code) else response

    after_this_request(tell)


def empty_list(sign: Callable[[Response], Response]) -> None:
    """Have a list answered without its items; any other answer stays as it is.

    :param sign: says in an answer what bent it.
    """
    # The caller may have the full list, and must not be told that it is still the same.
    known = request.environ.pop("HTTP_IF_NONE_MATCH", None)

    def empty(response: Response) -> Response:
        if known is not None:
            request.environ["HTTP_IF_NONE_MATCH"] = known
        body = _list_of(response)
        if body is None:
            return response
        return sign(_tell(_without_items(response, body), ["example=empty"]))

    after_this_request(empty)


def _tell(response: Response, words: list[str]) -> Response:
    response.headers[APPLIED] = ", ".join([*response.headers.getlist(APPLIED), *words])
    return response


def _list_of(response: Response) -> dict[str, Any] | None:
    """The body of a list; a thing that has an id may have items of its own, which are no list of ours."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.content_type != JSON:
        return None
    body = orjson.loads(response.get_data())
    is_list = isinstance(body, dict) and isinstance(body.get("items"), list) and "id" not in body
    return body if is_list else None


def _without_items(response: Response, body: dict[str, Any]) -> Response:
    if "per_page" in body:
        body, _, headers = paged(Page([], 0, body["page"], body["per_page"]))
        response.headers.update(headers)
    else:
        body["items"] = []
    response.set_data(orjson.dumps(body))
    if "ETag" in response.headers:
        response.headers["ETag"] = etag = etag_of(response.get_data())
        if has_already(etag):
            return to_json(None, 304, {"ETag": etag})
    return response


def _status() -> int | None:
    """The status that is wanted."""
    found = _find("code")
    for told, where in found:
        if not _STATUS.fullmatch(told):
            raise _bad(where, told, "a status from 100 to 599")
    return int(found[0][0]) if found else None


def _delay() -> int | None:
    found = _find("delay")
    for told, where in found:
        if not _DELAY.fullmatch(told) or float(told) > LONGEST_DELAY:
            raise _bad(where, told, f"milliseconds from 0 to {LONGEST_DELAY}")
    return round(float(found[0][0])) if found else None


def _wants_empty() -> bool:
    found = _find("example")
    return bool(found) and found[0][0] == "empty"


def _find(name: str) -> list[tuple[str, str]]:
    """What was said, and where; the first counts."""
    found = []
    if "HTTP_PREFER" in request.environ:
        preferred = _preferred(request.environ["HTTP_PREFER"])
        if name in preferred:
            found.append((preferred[name], f"'{name}' in the header Prefer"))
    if name in _ENVIRON and _ENVIRON[name] in request.environ:
        found.append((request.environ[_ENVIRON[name]].strip(), f"the header {_HEADERS[name]}"))
    found += [(told, f"the parameter {_MARK}{name}") for told in request.args.getlist(_MARK + name)]
    return found


def _preferred(header: str) -> dict[str, str]:
    """The preferences of a header: of two of the same name the first counts (RFC 7240)."""
    found: dict[str, str] = {}
    for told in parse_list_header(header):
        # What follows a semicolon are parameters of a preference; ours have none.
        name, _, value = told.partition(";")[0].partition("=")
        found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found


def _bad(where: str, told: str, wanted: str) -> MalformedInput:
    return MalformedInput(f"Bad preference: {where} must be {wanted}, not {told!r}.", code="bad_preference")
