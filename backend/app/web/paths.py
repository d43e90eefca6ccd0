"""What lies at a path of the application, the prefix of the sandbox left out."""

from __future__ import annotations

from ..models.glob import plain_path

CONTROL = "/_control"

_OF_THE_SERVER = (f"{CONTROL}/sandboxes", f"{CONTROL}/scenarios")
_OF_NOBODY = ("/api", "/api/health", "/api/meta/statuses")


def is_control(path: str) -> bool:
    """Whether this is the control API."""
    return _is_within(path, CONTROL)


def is_api(path: str) -> bool:
    """Whether this is the API of one sandbox: its index and its health are those of the server."""
    return path.startswith("/api/") and plain_path(path) not in _OF_NOBODY


def is_sandboxed(path: str) -> bool:
    """Whether this is something of one sandbox."""
    if is_control(path):
        return not any(_is_within(path, root) for root in _OF_THE_SERVER)
    return is_api(path)


def _is_within(path: str, root: str) -> bool:
    return path == root or path.startswith(f"{root}/")
