"""The Flask application, as far as it differs from any other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask


class Application(Flask):
    """A Flask application without coroutines."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Take every function as it is: Flask looks into each hook of each request for a coroutine otherwise.

        That look is an eighth of what a small request costs.
        """
        return func
