"""What holds for all workflows: the statuses, and which may follow which."""

from __future__ import annotations

from typing import Any

from ..models import statuses
from ..web.conditional import tagged
from ..web.operation import operation
from ..web.restful import Resource
from .schemas.meta import STATUSES


class Statuses(Resource):
    """The statuses of workflows, executions and nodes."""

    @operation("listStatuses", gives=STATUSES, tagged=True)
    def get(self) -> Any:
        """Every status: what it means, and which may follow it.

        Those of workflows, executions and node executions; of the first two also the commands that change
        something then.
        """
        return tagged(statuses.machine())
