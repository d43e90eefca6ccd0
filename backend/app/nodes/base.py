"""What a node type is, and what the engine and a node say to each other.

A node is a function: ``run(inputs, config, effects)`` gives what leaves by each port. It knows nothing of time,
threads, HTTP or the graph around it. What lies outside of it, it asks `Effects` for: made up by the simulated engine,
real behind a real one.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any, Protocol

Json = Any
Config = dict[str, Json]

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Port:
    """A socket of a node: what may be connected to it."""

    id: str
    label: str = ""
    data_type: str = "any"
    """One of `DATA_TYPES`; ``any`` fits everything."""
    required: bool = False
    max_connections: int | None = None
    """``None``: as many as one likes."""

    def as_dict(self) -> dict[str, Json]:
        """The port as the API shows it."""
        return {
            "id": self.id,
            "label": self.label or self.id.replace("_", " ").capitalize(),
            "data_type": self.data_type,
            "required": self.required,
            "max_connections": self.max_connections,
        }


DATA_TYPES = ("any", "object", "array", "string", "number", "boolean", "file", "message", "table", "vector")
"""What may flow over a connection."""

CONVERTIBLE = frozenset(
    {
        ("number", "string"),
        ("boolean", "string"),
        ("table", "array"),
        ("vector", "array"),
        ("message", "object"),
        ("file", "object"),
        ("object", "string"),
        ("message", "string"),
        ("array", "table"),
    }
)
"""Pairs (from, to) of unlike data types that fit all the same, with a warning."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """How long a node takes in the simulation, and how often it fails by chance.

    Durations are lognormal around the median, as those of real services are; all are in milliseconds.
    """

    median_ms: float = 40
    sigma: float = 0.35
    min_ms: int = 1
    max_ms: int = 60_000
    failure_rate: float = 0.0
    errors: tuple[tuple[str, str], ...] = (("service_unavailable", "The service did not answer."),)
    """What goes wrong when it fails by chance: pairs of code and message."""

    def duration_ms(self, share: float) -> int:
        """The duration, in whole milliseconds, at this share (0 to 1) of the distribution."""
        drawn = self.median_ms * math.exp(self.sigma * _NORMAL.inv_cdf(min(max(share, 1e-9), 1 - 1e-9)))
        return round(min(max(drawn, self.min_ms), self.max_ms))

    def as_dict(self) -> dict[str, Json]:
        """The profile as the API shows it."""
        return {
            "duration_ms": {
                "distribution": "lognormal",
                "median": self.median_ms,
                "sigma": self.sigma,
                "min": self.min_ms,
                "max": self.max_ms,
            },
            "failure_rate": self.failure_rate,
        }


class Inputs:
    """What arrived at a node: for each port, the values of its connections in the order of the document."""

    __slots__ = ("by_port",)

    def __init__(self, by_port: Mapping[str, list[Json]] | None = None) -> None:
        self.by_port: Mapping[str, list[Json]] = by_port or {}

    def __bool__(self) -> bool:
        return bool(self.by_port)

    def all(self, port: str) -> list[Json]:
        """Every value that arrived at a port, one per connection."""
        return self.by_port.get(port, [])

    def get(self, port: str, default: Json = None) -> Json:
        """What arrived at a port: the value itself if one connection delivered, else the list of them."""
        values = self.by_port.get(port)
        if not values:
            return default
        return values[0] if len(values) == 1 else values

    @property
    def main(self) -> Json:
        """What arrived, seen as one value: that of the only port, else of port ``input``, else a mapping of all."""
        if len(self.by_port) == 1:
            return self.get(next(iter(self.by_port)))
        if "input" in self.by_port:
            return self.get("input")
        return self.as_dict() if self.by_port else None

    def as_dict(self) -> dict[str, Json]:
        """The inputs as a node execution shows them: ``{port: value}``."""
        return {port: self.get(port) for port in self.by_port}


@dataclass(slots=True)
class Question:
    """What a node asks a person; the execution waits for the answer."""

    prompt: str
    schema: dict[str, Json]
    """JSON Schema of the answer."""
    options: list[dict[str, str]] = field(default_factory=list)
    """Buttons to offer: ``{id, label}``."""


@dataclass(slots=True)
class Call:
    """A node that runs another workflow and ends when that has ended."""

    workflow_id: str
    input: Json


@dataclass(slots=True)
class Result:
    """What a node says when a plain mapping of outputs is not enough."""

    outputs: dict[str, Json] = field(default_factory=dict)
    """By port. A port that is not named does not deliver: its connections are dead."""
    branch: str | None = None
    """The port that was taken, for nodes that decide."""
    duration_ms: int | None = None
    """How long it takes, if the configuration says so (delay); ``None``: as the type's profile has it."""
    question: Question | None = None
    call: Call | None = None
    batches: list[Json] | None = None
    """What a loop hands to its body, one per iteration."""
    response: Json = None
    responds: bool = False
    """``True``: `response` is what the execution as a whole gives back (node type ``respond``)."""


class StoredFile(Protocol):
    """A file as nodes see it."""

    id: str
    name: str
    content_type: str
    kind: str
    size: int
    metadata: dict[str, Json]
    width: int | None
    height: int | None

    @property
    def content(self) -> bytes: ...

    def as_dict(self) -> dict[str, Json]: ...


class Effects(Protocol):
    """Everything outside of a node. Answers are plain JSON.

    The simulated engine makes them up, from chance that is keyed by execution, node, iteration and attempt; a real
    engine asks real services.
    """

    rng: random.Random
    """Luck of this node execution alone."""
    now: str
    """The virtual moment, ISO 8601."""
    scope: Mapping[str, Json]
    """The variables an expression sees, without the dollar sign: see `nodes/expressions.py`."""

    def fake(self) -> Any:
        """A seeded ``faker.Faker``."""

    def request(self, method: str, url: str, headers: dict[str, str], body: Json, timeout_ms: int) -> dict[str, Json]:
        """An HTTP call: ``{status, headers, body}``."""

    def complete(self, model: str, prompt: str, system: str, temperature: float, max_tokens: int) -> dict[str, Json]:
        """A language model's answer: ``{text, model, finish_reason, usage {prompt_tokens, completion_tokens}}``."""

    def embed(self, model: str, texts: list[str], dimensions: int) -> list[list[float]]:
        """One unit vector per text; like texts lie near each other."""

    def query(self, sql: str, parameters: Json) -> dict[str, Json]:
        """A database's answer: ``{columns, rows: [{column: value}], row_count}``."""

    def send(self, service: str, message: dict[str, Json]) -> dict[str, Json]:
        """Hand a message to a service (mail, slack, mqtt ...): a receipt ``{id, ok, ...}``."""

    def receive(self, service: str, source: str, count: int) -> list[Json]:
        """Messages that a service (mqtt, websocket, webhook, gmail ...) has for a topic, path or folder."""

    def recall(self, namespace: str, key: str, default: Json = None) -> Json:
        """A value that `remember` kept, in this sandbox."""

    def remember(self, namespace: str, key: str, value: Json) -> None:
        """Keep a value under a key; ``None`` forgets it."""

    def file(self, file_id: str) -> StoredFile:
        """An uploaded file.

        :raises NodeFailure: ``file_not_found``.
        """

    def write_file(self, name: str, content: bytes, content_type: str) -> dict[str, Json]:
        """Put a new file among the files when the node completes; gives the file as it will be shown."""

    def log(self, message: str, level: str = "info") -> None:
        """A line in the node's log: level is debug, info, warning or error."""


Run = Callable[[Inputs, Config, Effects], "dict[str, Json] | Result"]
"""Outputs by port, or a `Result`. May raise `NodeFailure`; a port that is left out does not deliver."""

Answer = Callable[[Inputs, Config, Json], "dict[str, Json] | Result"]
"""For types that ask: what a person's answer, already checked against the schema, makes of the node."""


@dataclass(frozen=True, slots=True)
class NodeType:
    """One entry of the palette."""

    type: str
    display_name: str
    description: str
    category: str
    run: Run
    icon: str = "box"
    """A name from the Lucide set."""
    color: str = "#64748b"
    inputs: tuple[Port, ...] = (Port("input"),)
    outputs: tuple[Port, ...] = (Port("output"),)
    config_schema: dict[str, Json] = field(default_factory=lambda: {"type": "object", "properties": {}})
    """JSON Schema 2020-12. Secrets carry ``format: password`` and ``writeOnly``; expressions ``format: expression``."""
    defaults: Config = field(default_factory=dict)
    output_schema: dict[str, Json] = field(default_factory=dict)
    """By port: JSON Schema of what leaves."""
    simulation: Simulation = field(default_factory=Simulation)
    dynamic_outputs: Callable[[Config], tuple[Port, ...]] | None = None
    """For types whose ports follow the configuration (switch)."""
    answer: Answer | None = None
    needs_effects: bool = True
    """``False``: `run` looks at its inputs and its configuration only, and may be given no effects."""
    generic: bool = False
    """Stands in for a type that nobody knows: its input ports are those that something is connected to."""
    heavy: bool = False
    """Real work on bytes: done outside of the sandbox's lock."""
    keeps_values: bool = False
    """It changes what the sandbox keeps for its nodes (`Effects.remember`)."""
    trigger: bool = False
    annotation: bool = False
    """Drawn, never executed."""
    custom: bool = False
    """Made by a user of this sandbox."""

    def output_ports(self, config: Config) -> tuple[Port, ...]:
        """The output ports of a node with this configuration."""
        return self.dynamic_outputs(config) if self.dynamic_outputs else self.outputs

    def as_dict(self) -> dict[str, Json]:
        """The type as the API shows it."""
        return {
            "type": self.type,
            "display_name": self.display_name,
            "description": self.description,
            "category": self.category,
            "icon": self.icon,
            "color": self.color,
            "inputs": [port.as_dict() for port in self.inputs],
            "outputs": [port.as_dict() for port in self.outputs],
            "dynamic_outputs": self.dynamic_outputs is not None,
            "config_schema": self.config_schema,
            "defaults": self.defaults,
            "output_schema": self.output_schema,
            "simulation": self.simulation.as_dict(),
            "trigger": self.trigger,
            "annotation": self.annotation,
            "custom": self.custom,
        }
