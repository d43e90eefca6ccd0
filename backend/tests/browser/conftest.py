"""One browser for all pages that are tried here."""

from ..docs.browser import browser  # noqa: F401
