"""What holds for every family of node types that touches the outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from jsonschema import Draft202012Validator

from app.engine.fakes import SimulatedEffects
from app.errors import NodeFailure
from app.nodes.base import Inputs, NodeType, Result
from app.world import Chance

DEEP: list[Any] = []
for _ in range(1500):
    DEEP = [DEEP]
ODD_INPUTS = (
    DEEP,
    None,
    "text",
    3,
    True,
    [],
    {},
    [None],
    [1, "a", []],
    {"rows": 5},
    [[[]]],
    "none",
    {"id": "none"},
    {"files": [{"id": 7}]},
)
NOW = "2026-01-01T09:00:00.000Z"

Cases = dict[str, Any]
"""By type: two configurations and two inputs that must make a difference."""


def outside(
    values: dict[str, dict[str, Any]] | None = None, find_file: Callable[[str], Any] = {}.get
) -> SimulatedEffects:
    """Simulated effects with luck of their own."""
    return SimulatedEffects(Chance(7).rng, NOW, {}, find_file, {} if values is None else values)


class Family:
    """The types of a family, and how a test runs one."""

    def __init__(self, types: tuple[NodeType, ...], effects: Callable[[], SimulatedEffects] = outside) -> None:
        self.types = {kind.type: kind for kind in types}
        self._effects = effects

    def run(self, name: str, config: dict[str, Any], given: Any = None, effects: SimulatedEffects | None = None) -> Any:
        """What leaves by the first port; all ports fit the schemas that the type declares."""
        kind = self.types[name]
        inputs = Inputs({"input": [given]} if given is not None else {})
        answer = kind.run(inputs, kind.defaults | config, effects or self._effects())
        outputs = answer.outputs if isinstance(answer, Result) else answer
        for port, value in outputs.items():
            Draft202012Validator(kind.output_schema[port]).validate(value)
        assert {port.id for port in kind.outputs} == set(outputs)
        return outputs["output"]

    def failure(self, name: str, config: dict[str, Any], given: Any = None) -> NodeFailure:
        """How it fails."""
        with pytest.raises(NodeFailure) as caught:
            self.run(name, config, given)
        return caught.value

    def try_out(self, name: str, config: dict[str, Any], given: Any) -> None:
        """It may work; if not, it says why."""
        try:
            self.run(name, config, given)
        except NodeFailure as failure:
            assert len(failure.message) > 15  # noqa: PT017  Not every odd input is a failure.


class FamilyRules:
    """The rules, as tests; a family inherits them and names itself and its cases."""

    family: ClassVar[Family]
    cases: ClassVar[Cases]

    def test_every_type_of_the_family_is_in_the_table(self) -> None:
        assert set(self.cases) == set(self.family.types)

    def test_defaults_fit_the_form_and_need_no_secret(self, name: str) -> None:
        kind = self.family.types[name]
        Draft202012Validator.check_schema(kind.config_schema)
        Draft202012Validator(kind.config_schema).validate(kind.defaults)
        for key, field in kind.config_schema["properties"].items():
            assert field["title"], key
            if field.get("format") == "password":
                assert field["writeOnly"] is True
                assert key not in kind.defaults

    def test_two_configs_and_two_inputs_give_outputs_that_differ(self, name: str) -> None:
        (config, other_config), (given, other_given) = self.cases[name]
        first = self.family.run(name, config, given)
        assert self.family.run(name, config, given) == first
        # What a log node is told goes into the log, and not into its output.
        assert name == "log" or self.family.run(name, other_config, given) != first
        assert self.family.run(name, config, other_given) != first

    def test_odd_inputs_fail_with_words_or_not_at_all(self, name: str) -> None:
        for odd in ODD_INPUTS:
            for config in ({}, *self.cases[name][0]):
                self.family.try_out(name, config, odd)

    def test_odd_configs_fail_with_words_or_not_at_all(self, name: str) -> None:
        for key in self.family.types[name].config_schema["properties"]:
            for odd in ODD_INPUTS:
                self.family.try_out(name, self.cases[name][0][0] | {key: odd}, {"text": "a text"})
