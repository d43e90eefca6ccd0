"""The clock of a sandbox: time that stands, runs, or goes on when told."""

from __future__ import annotations

from typing import Any

from ..services import advance, controls
from ..web.body import read_body
from ..web.current import current_sandbox
from ..web.operation import Body, operation
from ..web.restful import Resource
from .schemas import control as schemas


class Clock(Resource):
    """The clock of a sandbox."""

    @operation("getClock", gives=schemas.CLOCK)
    def get(self) -> Any:
        """How time goes by in a sandbox, and when it is.

        Looking at it does not move it.
        """
        return controls.clock(current_sandbox())

    @operation(
        "setClock",
        body=Body(schemas.CLOCK_BODY, required=False),
        gives=schemas.CLOCK,
        errors=("bad_rate", "clock_backwards"),
    )
    def put(self) -> Any:
        """Change how time goes by, or let it go on to a moment.

        What is not given stays. Everything that is due until then happens at its own time. Time never goes
        back: that is refused with 422 ``clock_backwards``.
        """
        return controls.set_clock(current_sandbox(), **read_body())


class Advance(Resource):
    """Time that goes on when told."""

    shows_files = True

    @operation(
        "advanceClock",
        body=schemas.ADVANCE,
        gives=schemas.ADVANCED,
        errors=("clock_backwards", "clock_too_far", "bad_until", "execution_not_found"),
    )
    def post(self) -> Any:
        """Let time go on: by seconds, to a moment, or until something happens.

        Everything that is due happens at its own time; the answer comes when all is settled, with what
        happened. An ``until`` that does not come about is no error: ``reached`` is ``false`` then.
        """
        return _advance(read_body())


def _advance(body: dict[str, Any]) -> Any:
    sandbox = current_sandbox()
    if "seconds" in body:
        return advance.by(sandbox, body["seconds"])
    if "to" in body:
        return advance.to(sandbox, body["to"])
    if "events" in body:
        return advance.step(sandbox, body["events"])
    return advance.until(sandbox, body.pop("until"), **body)
