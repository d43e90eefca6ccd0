"""A sandbox as a whole: its state, and a new beginning."""

from __future__ import annotations

from typing import Any

from ..services import controls
from ..web.body import read_body
from ..web.current import choice, current_sandbox, sandboxes
from ..web.operation import Body, operation
from ..web.restful import Resource
from .schemas import control as schemas


class State(Resource):
    """A sandbox as a whole."""

    @operation("getState", gives=schemas.STATE)
    def get(self) -> Any:
        """The state of a sandbox: seed, clock, counts, faults and limits.

        Looking at it changes nothing in it.
        """
        return controls.state(current_sandbox())


class Reset(Resource):
    """A new beginning."""

    @operation(
        "resetSandbox",
        body=Body(schemas.RESET, required=False),
        errors=("unknown_scenario", "bad_scenario_file", "bad_rate", "clock_backwards"),
    )
    def post(self) -> Any:
        """Make a sandbox like a new one.

        What is not given is as the server was started. Only its snapshots stay; executions, files, fault rules
        and the request log are gone, and open streams end with ``log.reset``.
        """
        controls.reset(sandboxes(), choice().name, **read_body())
        return None, 204
