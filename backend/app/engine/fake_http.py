"""What a web service would have answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import SplitResult, parse_qsl, urlsplit

from ..errors import NodeFailure
from ..moments import MICROSECONDS, from_iso
from ..nodes.base import Json
from .fake_values import CITIES, Luck, columns_of, plural, row_of

LONGEST_LIST = 100
"""Items in one answer, whatever the query asks for."""

REASONS = {
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 410: "Gone",
    422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
    503: "Service Unavailable", 504: "Gateway Timeout",
}  # fmt: skip

_FORCED = re.compile(r"(?:^|[/.])(?:status|httpstat[^/]*|error|code)s?/([1-5]\d\d)(?=/|$)")
_VERSION = re.compile(r"^(api|rest|v\d+(\.\d+)?|public|json)$")
_KEY = re.compile(r"^(\d+|[0-9a-f]{8}-[0-9a-f-]{27}|(?=.*\d)[a-z]{1,4}_[0-9a-zA-Z]+|(?=.*\d)[0-9a-f]{12,})$")
_ECHOES = ("get", "post", "put", "patch", "delete", "anything", "echo", "webhook")


def answer(method: str, url: str, headers: Mapping[str, str], body: Json, luck: Luck) -> dict[str, Json]:
    """The answer to an HTTP call: ``{status, headers, body}``.

    :raises NodeFailure: ``invalid_url``.
    """
    parts = _split(url)
    status, content = _answer(method.upper(), parts, headers, body, luck)
    given = None if method.upper() == "HEAD" else content
    return {"status": status, "headers": _headers(status, content, luck), "body": given}


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        fits = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", parts.netloc)
        _ = parts.port
    except ValueError:
        fits = None
    if not fits:
        raise NodeFailure("invalid_url", f"'{url[:200]}' is no address: it must begin with http:// or https://.")
    return parts


def _answer(method: str, parts: SplitResult, headers: Mapping[str, str], body: Json, luck: Luck) -> tuple[int, Json]:
    forced = _FORCED.search(f"{parts.hostname}{parts.path}")
    if forced:
        return _forced(int(forced[1]))
    steps = [step for step in parts.path.split("/") if step and not _VERSION.match(step.lower())]
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not steps or steps[-1].lower() in _ECHOES or method == "OPTIONS":
        return 200, {"method": method, "url": parts.geturl(), "args": query, "headers": dict(headers), "data": body}
    if method == "DELETE":
        return 204, None
    if method in ("POST", "PUT", "PATCH"):
        return _written(method, steps, body, luck)
    return 200, _read(steps, query, luck)


def _forced(status: int) -> tuple[int, Json]:
    if status in (204, 304) or status < 200:
        return status, None
    reason = REASONS.get(status, "OK" if status < 400 else "Error")
    return status, {"status": status, "message": reason} if status < 400 else {"error": reason, "status": status}


def _written(method: str, steps: list[str], body: Json, luck: Luck) -> tuple[int, Json]:
    key = _key(steps[-1]) if _KEY.match(steps[-1]) else luck.rng.randrange(101, 10_000)
    echoed = dict(body) if isinstance(body, Mapping) else {} if body is None else {"data": body}
    stamp = "created_at" if method == "POST" else "updated_at"
    return (201 if method == "POST" else 200), {"id": key} | echoed | {stamp: luck.now}


def _read(steps: list[str], query: dict[str, str], luck: Luck) -> Json:
    last = steps[-1].lower()
    if re.search(r"weather|forecast", "/".join(steps).lower()):
        return _weather(last, query, luck)
    if last in ("rates", "latest", "exchange", "currency"):
        return _rates(query, luck)
    if last in ("health", "healthz", "ping", "ready"):
        return {"status": "ok", "time": luck.now}
    if last in ("time", "now", "timezone"):
        return {"utc_datetime": luck.now, "timezone": "Etc/UTC"}
    if _KEY.match(steps[-1]) and len(steps) > 1:
        return _item(steps[-2].lower(), _key(steps[-1]), luck)
    if last in ("me", "profile", "self", "random"):
        return _item("users", luck.rng.randint(1, 40), luck)
    return _items(steps, query, luck)


def _key(text: str) -> Json:
    return int(text) if text.isdigit() and len(text) < 16 else text


def _item(noun: str, key: Json, luck: Luck) -> dict[str, Json]:
    luck.table = plural(noun)
    return row_of(columns_of(noun), luck, 0) | {"id": key}


def _items(steps: list[str], query: dict[str, str], luck: Luck) -> list[Json]:
    """A list, as long as the query wants it; fields that the query names have the value it names."""
    luck.table = plural(steps[-1].lower())
    columns = columns_of(steps[-1])
    size = _wanted(query, ("limit", "_limit", "per_page", "page_size", "pageSize", "size", "count", "results"), 10)
    first = (_wanted(query, ("page", "_page"), 1) - 1) * size
    fixed = {name: _key(value) for name, value in query.items() if name in columns} | _parent(steps, columns)
    return [row_of(columns, luck, first + place) | fixed for place in range(size)]


def _parent(steps: list[str], columns: list[str]) -> dict[str, Json]:
    """``/users/3/posts``: every post belongs to user 3."""
    if len(steps) < 3 or not _KEY.match(steps[-2]):
        return {}
    noun = re.sub(r"ies$", "y", steps[-3].lower()) if steps[-3].lower().endswith("ies") else steps[-3].lower()
    noun = noun.removesuffix("s")
    name = f"{noun}Id" if f"{noun}Id" in columns else f"{noun}_id"
    return {name: _key(steps[-2])}


def _wanted(query: dict[str, str], names: tuple[str, ...], default: int) -> int:
    asked = next((query[name] for name in names if query.get(name, "").isdigit()), None)
    return min(max(int(asked[:6]), 1), LONGEST_LIST) if asked else default


def _weather(last: str, query: dict[str, str], luck: Luck) -> dict[str, Json]:
    named = query.get("q") or query.get("city") or query.get("location")
    place = named or (str(luck.pick(CITIES)[0]) if "weather" in last or "forecast" in last else last.title())
    day = {"temperature": round(luck.rng.gauss(15, 8), 1), "humidity": luck.rng.randint(30, 95)}
    sky = luck.pick(("clear", "partly cloudy", "overcast", "light rain", "windy"))
    wind = {"wind_speed": round(abs(luck.rng.gauss(4, 3)), 1), "unit": "metric"}
    return {"location": place, "observed_at": luck.now} | day | {"conditions": sky} | wind


def _rates(query: dict[str, str], luck: Luck) -> dict[str, Json]:
    base = query.get("base") or query.get("from") or "EUR"
    usual = {"EUR": 1.0, "USD": 1.09, "GBP": 0.85, "JPY": 165.0, "CHF": 0.95, "BRL": 6.1}
    against = usual.get(base, 1.0)
    rates = {
        name: round(rate / against * luck.rng.uniform(0.98, 1.02), 4) for name, rate in usual.items() if name != base
    }
    return {"base": base, "date": luck.now[:10], "rates": rates}


def _headers(status: int, content: Json, luck: Luck) -> dict[str, str]:
    moment = datetime.fromtimestamp(from_iso(luck.now) // MICROSECONDS, UTC)
    stamp = format_datetime(moment, usegmt=True)
    headers = {"date": stamp, "x-request-id": luck.code(16)}
    if content is not None and status != 204:
        headers["content-type"] = "application/json; charset=utf-8"
    return headers
