"""Scenarios: what a sandbox can be filled with."""

from __future__ import annotations

from typing import Any

from ..services import scenarios
from ..web.current import settings
from ..web.operation import operation
from ..web.restful import Resource
from .schemas import control as schemas


class Scenarios(Resource):
    """What a sandbox can be filled with."""

    @operation("listScenarios", gives=schemas.SCENARIOS_SHOWN, errors=("bad_scenario_file",))
    def get(self) -> Any:
        """List the scenarios that a sandbox can be filled with.

        They come with the server, or are one's own, from the folder that it was started with.
        """
        return {"items": scenarios.list_scenarios(settings())}
