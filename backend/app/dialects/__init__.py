"""Other doors to the same house: API shapes of other workflow backends over the same core.

A dialect is a folder with ``routes.py`` (its URLs, and its `Door`) and ``mapping.py`` (its documents to ours and back).
"""

from __future__ import annotations

from importlib import import_module

from ..web.restful import Route

DIALECTS = ("django_flows", "open_webui")
"""The folders: a dialect is registered by its name here."""

ROUTES: tuple[Route, ...] = tuple(
    route for name in DIALECTS for route in import_module(f".{name}.routes", __name__).ROUTES
)
"""Every URL of every dialect."""
