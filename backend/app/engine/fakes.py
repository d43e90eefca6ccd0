"""The outside of a node, made up: the effects of the simulated engine.

Nothing here reads a clock or shares luck with anything else: each purpose has its own generator, keyed by the engine
for one attempt of one node, so that asking one thing never changes the answer to another.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import NodeFailure
from ..models.user import DEFAULT_USER
from ..nodes.base import Json, StoredFile
from ..nodes.words import vector
from . import fake_http, fake_messages, fake_sql, fake_text
from .fake_values import Luck

_BETWEEN = "\x1f"
"""Stands around the id of a user, in which it cannot be."""


@dataclass(slots=True)
class Draft:
    """A file that a node wrote and that is not among the files yet."""

    description: Any
    """What was found in the bytes: see `media/describe.py`."""
    content: bytes = field(repr=False)
    shown: dict[str, Json] = field(repr=False)
    """The very object that the node got and may have put into its outputs.

    The engine fills in its id, URLs and time of creation when it takes in the node's work.
    """


class SimulatedEffects:
    """Believable answers from everywhere, for one attempt of one node."""

    def __init__(
        self,
        chance_key_rng: Callable[[str], random.Random],
        now: str,
        scope: Mapping[str, Json],
        find_file: Callable[[str], StoredFile | None],
        values: dict[str, dict[str, Json]],
        owner_id: str = DEFAULT_USER,
    ) -> None:
        """:param chance_key_rng: a fresh generator for a purpose, the same one whenever it is asked.
        :param values: what `remember` keeps, by namespace: the sandbox's own, and changed in place.
        :param owner_id: the user whose values they are; nobody reaches those of others.
        """
        self.now = now
        self.scope = scope
        self.logs: list[dict[str, str]] = []
        self.drafts: list[Draft] = []
        self._chance = chance_key_rng
        self._streams: dict[str, random.Random] = {}
        self._find_file = find_file
        self._values = values
        self._owner_id = owner_id
        self._faker: Any = None

    @property
    def rng(self) -> random.Random:
        """Luck of this node execution alone."""
        return self._stream("node")

    @rng.setter
    def rng(self, generator: random.Random) -> None:
        self._streams["node"] = generator

    def fake(self) -> Any:
        """A seeded ``faker.Faker`` of this node execution; it goes on where the last call left it.

        Its functions for dates around now read the real clock and are not to be used.
        """
        if self._faker is None:
            from faker import Faker

            self._faker = Faker("en_US")
            self._faker.seed_instance(self._chance("faker").getrandbits(64))
        return self._faker

    def request(self, method: str, url: str, headers: dict[str, str], body: Json, timeout_ms: int) -> dict[str, Json]:  # noqa: ARG002
        """An HTTP call: ``{status, headers, body}``."""
        return fake_http.answer(method, url, headers, body, self._luck("request"))

    def complete(self, model: str, prompt: str, system: str, temperature: float, max_tokens: int) -> dict[str, Json]:
        """A language model's answer, about its prompt."""
        answer = fake_text.complete(prompt, system, temperature, max_tokens, self._stream("complete"))
        return {"text": answer["text"], "model": model} | answer

    def embed(self, model: str, texts: list[str], dimensions: int) -> list[list[float]]:
        """One unit vector per text; no luck in it, so that what was stored once is found again."""
        return [vector(text, dimensions, model) for text in texts]

    def query(self, sql: str, parameters: Json) -> dict[str, Json]:
        """A database's answer: ``{columns, rows, row_count}``."""
        return fake_sql.answer(sql, parameters, self._luck("query"))

    def send(self, service: str, message: dict[str, Json]) -> dict[str, Json]:
        """Hand a message to a service; nothing leaves the machine."""
        return fake_messages.receipt(service, message, self._luck("send"))

    def receive(self, service: str, source: str, count: int) -> list[Json]:
        """Messages that a service has for a topic, address or folder, oldest first."""
        return list(fake_messages.messages(service, source, count, self._luck("receive")))

    def recall(self, namespace: str, key: str, default: Json = None) -> Json:
        """A value that `remember` kept."""
        return self._values.get(self._own(namespace), {}).get(key, default)

    def remember(self, namespace: str, key: str, value: Json) -> None:
        """Keep a value under a key; ``None`` forgets it."""
        own = self._own(namespace)
        if value is None:
            self._values.get(own, {}).pop(key, None)
        else:
            self._values.setdefault(own, {})[key] = value

    def file(self, file_id: str) -> StoredFile:
        """An uploaded file.

        :raises NodeFailure: ``file_not_found``.
        """
        found = self._find_file(file_id)
        if found is None:
            raise NodeFailure("file_not_found", f"There is no file '{file_id[:100]}' here.", file_id=file_id)
        return found

    def write_file(self, name: str, content: bytes, content_type: str) -> dict[str, Json]:
        """Put a new file among the files when the node completes; gives the file as it will be shown."""
        draft = _draft(name, content, content_type)
        self.drafts.append(draft)
        return draft.shown

    def log(self, message: str, level: str = "info") -> None:
        """A line in the node's log."""
        self.logs.append({"level": level, "message": message})

    def _own(self, namespace: str) -> str:
        """Where the values of a namespace lie: those of the default user under its bare name, as they always did."""
        if self._owner_id == DEFAULT_USER and not namespace.startswith(_BETWEEN):
            return namespace
        return f"{_BETWEEN}{self._owner_id}{_BETWEEN}{namespace}"

    def _stream(self, purpose: str) -> random.Random:
        if purpose not in self._streams:
            self._streams[purpose] = self._chance(purpose)
        return self._streams[purpose]

    def _luck(self, purpose: str) -> Luck:
        return Luck(self._stream(purpose), self.now)


def _draft(name: str, content: bytes, content_type: str) -> Draft:
    """:raises NodeFailure: for bytes that would not be taken as an upload either."""
    from ..errors import UnderstudyError
    from ..media.describe import describe

    try:
        found = describe(content, name)
    except UnderstudyError as error:
        raise NodeFailure(error.code, error.message) from error
    shown: dict[str, Json] = {
        "id": None,
        "name": found.name,
        "size": found.size,
        "content_type": found.content_type or content_type,
        "kind": found.kind,
        "sha256": found.sha256,
        "width": found.width,
        "height": found.height,
        "metadata": found.metadata,
        "thumbnail_url": None,
        "content_url": None,
        "created_at": None,
    }
    return Draft(found, content, shown)
