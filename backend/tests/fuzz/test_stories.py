"""Calls that follow from each other, as the links of the contract say: what was made is there, what is gone is not."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from app.contract.words import COMMON
from tests.fuzz.budget import LONGER
from tests.fuzz.fuzzing import load
from tests.fuzz.stage import Stage


def test_stories_of_calls_keep_what_each_of_them_promises() -> None:
    stage = Stage(forgetful=False)
    # A story has one sandbox: what is gone from it is still there in another one.
    machine = load(stage, without=COMMON).as_state_machine()

    class Stories(machine):  # type: ignore[misc, valid-type]
        def setup(self) -> None:
            stage.clear()

    Stories.run(
        settings=settings(
            max_examples=LONGER or 40,
            stateful_step_count=8,
            derandomize=not LONGER,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
    )
