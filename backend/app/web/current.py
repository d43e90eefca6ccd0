"""Which sandbox a request is for."""

from __future__ import annotations

from flask import current_app

from ..config import Limits, Settings
from ..sandbox import Sandbox, Sandboxes

EXTENSION = "understudy"
DEFAULT_SANDBOX = "default"


def sandboxes() -> Sandboxes:
    """The sandboxes of this application."""
    found: Sandboxes = current_app.extensions[EXTENSION]
    return found


def current_sandbox() -> Sandbox:
    """The sandbox of this request; it comes to life on first use."""
    return sandboxes().get(DEFAULT_SANDBOX)


def settings() -> Settings:
    """The settings of this application, readable without bringing a sandbox to life."""
    found: Settings = current_app.config["UNDERSTUDY"]
    return found


def limits() -> Limits:
    """The limits of this application."""
    return settings().limits
