"""What the tests of the node library share: an outside that answers from memory."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from app.errors import NodeFailure


@dataclass
class FakeFile:
    """A file that lives in memory."""

    id: str
    name: str
    content: bytes = b""
    content_type: str = "application/octet-stream"
    kind: str = "other"
    metadata: dict[str, Any] = field(default_factory=dict)
    width: int | None = None
    height: int | None = None

    @property
    def size(self) -> int:
        return len(self.content)

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "size": self.size,
            "content_type": self.content_type,
            "kind": self.kind,
            "width": self.width,
            "height": self.height,
            "metadata": self.metadata,
        }


class FakeEffects:
    """An outside whose answers a test can foresee; it keeps what was sent, logged and written."""

    def __init__(
        self,
        seed: int | str = 1,
        now: str = "2026-01-01T09:00:00.000Z",
        scope: Mapping[str, Any] | None = None,
        files: Mapping[str, FakeFile] | None = None,
        messages: list[Any] | None = None,
    ) -> None:
        self.rng = random.Random(seed)
        self.now = now
        self.scope: Mapping[str, Any] = {
            "vars": {},
            "node": {},
            "execution": {"id": "ex_1", "workflow_id": "wf_1", "input": None},
            "iteration": None,
            "now": now,
            **(scope or {}),
        }
        self.files: dict[str, Any] = dict(files or {})
        self.messages = messages or []
        self.memory: dict[tuple[str, str], Any] = {}
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.requests: list[dict[str, Any]] = []
        self.logs: list[tuple[str, str]] = []
        self.written: list[FakeFile] = []
        self._seed = seed

    def fake(self) -> Any:
        from faker import Faker

        faker = Faker()
        faker.seed_instance(str(self._seed))
        return faker

    def request(self, method: str, url: str, headers: dict[str, str], body: Any, timeout_ms: int) -> dict[str, Any]:
        asked = {"method": method, "url": url, "headers": headers, "body": body, "timeout_ms": timeout_ms}
        self.requests.append(asked)
        return {"status": 200, "headers": {"content-type": "application/json"}, "body": {"url": url, "echo": body}}

    def complete(self, model: str, prompt: str, system: str, temperature: float, max_tokens: int) -> dict[str, Any]:
        text = f"About {prompt}"
        usage = {"prompt_tokens": len(prompt.split()), "completion_tokens": len(text.split())}
        return {"text": text, "model": model, "finish_reason": "stop", "usage": usage}

    def embed(self, model: str, texts: list[str], dimensions: int) -> list[list[float]]:
        return [self._unit_vector(f"{model}:{text}", dimensions) for text in texts]

    def query(self, sql: str, parameters: Any) -> dict[str, Any]:
        rows = [{"id": number, "sql": sql, "parameters": parameters} for number in (1, 2)]
        return {"columns": ["id", "sql", "parameters"], "rows": rows, "row_count": len(rows)}

    def send(self, service: str, message: dict[str, Any]) -> dict[str, Any]:
        self.sent.append((service, message))
        return {"id": f"{service}-{len(self.sent)}", "ok": True}

    def receive(self, service: str, source: str, count: int) -> list[Any]:
        made_up = [{"service": service, "source": source, "number": number} for number in range(count)]
        return (self.messages or made_up)[:count]

    def recall(self, namespace: str, key: str, default: Any = None) -> Any:
        return self.memory.get((namespace, key), default)

    def remember(self, namespace: str, key: str, value: Any) -> None:
        if value is None:
            self.memory.pop((namespace, key), None)
        else:
            self.memory[namespace, key] = value

    def file(self, file_id: str) -> Any:
        if file_id not in self.files:
            raise NodeFailure("file_not_found", f"There is no file '{file_id}' here.")
        return self.files[file_id]

    def write_file(self, name: str, content: bytes, content_type: str) -> dict[str, Any]:
        written = FakeFile(f"fl_{len(self.written) + 1}", name, content, content_type)
        self.written.append(written)
        self.files[written.id] = written
        return written.as_dict()

    def log(self, message: str, level: str = "info") -> None:
        self.logs.append((level, message))

    @staticmethod
    def _unit_vector(key: str, dimensions: int) -> list[float]:
        rng = random.Random(key)
        drawn = [rng.gauss(0, 1) for _ in range(dimensions)]
        length = sum(number * number for number in drawn) ** 0.5
        return [number / length for number in drawn]


@pytest.fixture
def effects() -> FakeEffects:
    """A fake outside with seed 1 at nine o'clock on New Year's Day 2026."""
    return FakeEffects()


@pytest.fixture
def make_effects() -> Callable[..., FakeEffects]:
    """The class itself, for a test that needs its own seed, time, files or messages."""
    return FakeEffects


@pytest.fixture
def make_file() -> Callable[..., FakeFile]:
    """The class of a file in memory: ``make_file(id, name, content=..., content_type=..., kind=...)``."""
    return FakeFile


ODD_VALUES: list[Any] = [
    None,
    True,
    -1,
    1e300,
    2**63 - 1,
    "",
    "text",
    [],
    [None, 1, "a", {}],
    {},
    {"a": [1], "b": [2]},
    [[1]],
]
"""What a user may write or send where something else was meant."""


def run_type(kind: Any, config: dict[str, Any], arrived: Any, effects: FakeEffects) -> dict[str, Any]:
    """Run a node as an engine would: defaults filled in, templates worked out; check what leaves by its schema.

    :param arrived: the input at port ``input``, or an `Inputs`.
    """
    from app.nodes import expressions, schemas
    from app.nodes.base import Inputs, Result

    inputs = arrived if isinstance(arrived, Inputs) else Inputs({"input": [arrived]})
    scope = expressions.node_scope(inputs, effects)
    resolved = expressions.resolve({**kind.defaults, **config}, kind.config_schema, scope)
    result = kind.run(inputs, resolved, effects if kind.needs_effects else None)
    outputs = result.outputs if isinstance(result, Result) else result
    orjson.dumps(outputs)
    for port, value in outputs.items():
        assert schemas.check(value, kind.output_schema.get(port, {})) == []
        assert port in {each.id for each in kind.output_ports({**kind.defaults, **config})}
    return outputs


@pytest.fixture
def run() -> Callable[..., dict[str, Any]]:
    """`run_type`."""
    return run_type


@pytest.fixture
def survive() -> Callable[[Any], None]:
    """Run a type with every odd value in every field and as its input: it may fail, in words, and nothing else."""

    def try_all(kind: Any) -> None:
        for name in [*kind.config_schema.get("properties", {}), "unknown"]:
            for odd in ODD_VALUES:
                _try(kind, {name: odd}, [{"value": 1, "id": 1}])
                _try(kind, {name: odd}, odd)

    def _try(kind: Any, config: dict[str, Any], arrived: Any) -> None:
        from app.nodes.base import Inputs

        ports = [port.id for port in kind.inputs] or ["input"]
        try:
            run_type(kind, config, Inputs({port: [arrived] for port in ports}), FakeEffects())
        except NodeFailure as failure:
            words = failure.message
        else:
            words = "it ran"
        assert words

    return try_all


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask the rules of a family about each of its types."""
    family = getattr(metafunc.cls, "family", None)
    if family is not None and "name" in metafunc.fixturenames:
        metafunc.parametrize("name", family.types)
