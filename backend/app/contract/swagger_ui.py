"""The contract to read and to try, by Swagger UI; its files come with a package, so nothing comes from elsewhere."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files

import orjson

from ..web.addresses import address

ASSETS = {
    "favicon-32x32.png": "image/png",
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}
"""What the page needs, with its content type."""


def docs_page() -> str:
    """The contract to read and to try, by Swagger UI."""
    return f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>API - Understudy</title>
    <link rel="icon" href="{_at("/docs/favicon-32x32.png")}">
    <link rel="stylesheet" href="{_at("/docs/swagger-ui.css")}">
    <style>body {{ margin: 0; }} .swagger-ui .info {{ margin: 1.5rem 0; }}</style>
  </head>
  <body>
    <div id="api"></div>
    <script src="{_at("/docs/swagger-ui-bundle.js")}"></script>
    <script>
      SwaggerUIBundle({{
        dom_id: "#api",
        url: {_in_script("/openapi.json")},
        deepLinking: true,
        docExpansion: "none",
        defaultModelsExpandDepth: 0,
        displayRequestDuration: true,
        filter: true,
        persistAuthorization: true,
        syntaxHighlight: false,
        tryItOutEnabled: true,
        validatorUrl: null,
      }});
    </script>
  </body>
</html>
"""


@cache
def read_asset(name: str) -> bytes:
    """One of `ASSETS`."""
    return files("flask_swagger_ui").joinpath("dist", name).read_bytes()


def _at(path: str) -> str:
    return escape(address(path))


def _in_script(path: str) -> str:
    return orjson.dumps(address(path)).decode().replace("<", "\\u003c")
