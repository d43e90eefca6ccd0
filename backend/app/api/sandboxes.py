"""Sandboxes: the backends within this server, each apart from all others."""

from __future__ import annotations

from typing import Any

from ..services import controls
from ..web.current import sandboxes
from ..web.operation import operation
from ..web.restful import Resource
from .schemas import control as schemas


class Sandboxes(Resource):
    """All sandboxes of the server."""

    @operation("listSandboxes", gives=schemas.SANDBOXES)
    def get(self) -> Any:
        """List the sandboxes that are alive, by name.

        Each comes with its clock, and with the moment at which it is forgotten if nobody uses it.
        """
        return {"items": controls.list_sandboxes(sandboxes())}


class Sandbox(Resource):
    """One sandbox of the server."""

    @operation("deleteSandbox")
    def delete(self, sandbox: str) -> Any:
        """Delete a sandbox with all that it holds.

        Open streams end with ``log.reset``. The name begins anew when it is used again.
        """
        sandboxes().remove(sandbox)
        return None, 204
