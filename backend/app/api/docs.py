"""The contract to read and to try in a browser; nothing of it comes from elsewhere."""

from __future__ import annotations

from typing import Any

from ..contract.swagger_ui import ASSETS, docs_page, read_asset
from ..errors import NotFound
from ..web.conditional import etag_of
from ..web.operation import Answer, operation
from ..web.ranges import send_bytes
from ..web.reply import HTML, to_page
from ..web.restful import Resource
from .answers import BYTES, LINKING, PAGE, PARTS

_OF_BYTES = ("Accept-Ranges", "X-Content-Type-Options")


class Docs(Resource):
    """The page."""

    produces = (HTML,)

    @operation("getDocs", media={HTML: PAGE}, errors=LINKING)
    def get(self) -> Any:
        """This contract as a page, from which every operation can be tried.

        Nothing of the page comes from elsewhere.
        """
        return to_page(docs_page())


class DocsAsset(Resource):
    """What the page is made with."""

    produces = ("*/*",)

    @operation(
        "getDocsAsset",
        media={"*/*": BYTES},
        tagged=True,
        answer_headers=_OF_BYTES,
        headers=("Range", "If-Match"),
        also={206: Answer({"*/*": BYTES}, ("ETag", "Content-Range", *_OF_BYTES))},
        errors=PARTS,
    )
    def get(self, asset: str) -> Any:
        """A script, a style sheet or a picture of the documentation.

        The page asks for them by itself.
        """
        if asset not in ASSETS:
            raise NotFound("asset", asset)
        content = read_asset(asset)
        return send_bytes(content, ASSETS[asset], etag_of(content).strip('"'), cache="max-age=3600")
