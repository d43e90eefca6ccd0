"""The request log: what this sandbox was asked."""

from __future__ import annotations

from typing import Any

from ..services import controls
from ..web.current import current_sandbox
from ..web.operation import operation
from ..web.query import read_query
from ..web.restful import Resource
from .schemas import control as schemas


class Requests(Resource):
    """The request log of a sandbox."""

    @operation("listRequests", query=schemas.REQUESTS_QUERY, gives=schemas.REQUESTS)
    def get(self) -> Any:
        """List the latest requests to a sandbox, oldest first.

        A request is there with its answer, so one that still waits is not.
        """
        return {"items": controls.list_requests(current_sandbox(), read_query())}

    @operation("clearRequests", query=schemas.REQUESTS_QUERY)
    def delete(self) -> Any:
        """Forget requests of the log.

        They are those that GET shows with the same filters; without any, all.
        """
        controls.clear_requests(current_sandbox(), read_query())
        return None, 204
