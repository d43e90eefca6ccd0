"""Lists: a page of items, how many there are, and links to the pages around it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import request

from ..services.paging import Page


def paged(page: Page) -> tuple[dict[str, Any], int, dict[str, str]]:
    """The answer of a list."""
    pages = -(-page.total // page.per_page)
    body = {
        "items": page.items,
        "page": page.page,
        "per_page": page.per_page,
        "total": page.total,
        "pages": pages,
    }
    return body, 200, {"X-Total-Count": str(page.total), "Link": _links(page.page, pages)}


def _links(number: int, pages: int) -> str:
    last, url = max(pages, 1), _url()
    wanted = {"first": 1, "prev": min(number - 1, last), "next": number + 1, "last": last}
    return ", ".join(f'<{url}{place}>; rel="{name}"' for name, place in wanted.items() if 1 <= place <= last)


def _url() -> str:
    """This list's URL up to the number of a page; the other parameters stay, but for those that bend one request.

    It has no host, as a proxy may have another.
    """
    others = [entry for entry in request.args.items(multi=True) if entry[0] != "page" and not entry[0].startswith("__")]
    return f"{request.script_root}{request.path}?{urlencode([*others, ('page', '')])}"
