"""The contract to read and to try in a browser; nothing of it comes from elsewhere."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from flask import Response
from werkzeug.exceptions import NotFound

from ..contract.pages import docs_page
from ..version import VERSION
from ..web.operation import operation
from ..web.ranges import send_bytes
from ..web.restful import Resource
from .answers import BYTES

HTML = "text/html"
ASSETS = {
    "favicon-32x32.png": "image/png",
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}
"""What the page needs of Swagger UI, with its content type."""


class Docs(Resource):
    """The page."""

    produces = (HTML,)

    @operation("getDocs", media={HTML: {"type": "string"}})
    def get(self) -> Any:
        """This contract as a page, from which every operation can be tried.

        Nothing of the page comes from elsewhere.
        """
        return Response(docs_page(), content_type=f"{HTML}; charset=utf-8")


class DocsAsset(Resource):
    """What the page is made with."""

    produces = ("*/*",)

    @operation(
        "getDocsAsset",
        media={"*/*": BYTES},
        tagged=True,
        answer_headers=("Accept-Ranges", "X-Content-Type-Options"),
        headers=("Range",),
    )
    def get(self, asset: str) -> Any:
        """A script, a style sheet or a picture of the documentation.

        The page asks for them by itself.
        """
        if asset not in ASSETS:
            raise NotFound
        content = files("flask_swagger_ui").joinpath("dist", asset).read_bytes()
        return send_bytes(content, ASSETS[asset], f"{VERSION}-{len(content)}", cache="max-age=3600")
