"""Each operation of the contract by itself: whatever is sent, the server keeps what it promises."""

from __future__ import annotations

from typing import Any

import pytest

from app import routes
from app.contract.words import TAGS
from app.web.restful import doors_of
from tests.fuzz.fuzzing import find, load
from tests.fuzz.stage import Stage

_NEVER_DONE = {
    # A WebSocket needs a server that holds a connection; tests/api/test_sockets.py talks over one.
    "GET /api/ws",
    "GET /api/flows/{flow_id}/ws/",
    # Its token is of a login, and to log in takes as long as to answer a hundred requests; test_accounts.py does.
    "POST /api/auth/refresh",
}
"""What cannot be done here, each with the reason."""

_TAGS = [*TAGS, *(door.name for door in doors_of(routes()))]
"""Those of our own API, and one for each door of another backend."""


@pytest.fixture(scope="module")
def contract() -> Any:
    return load(Stage(forgetful=True))


@pytest.mark.parametrize("tag", _TAGS)
def test_every_operation_keeps_its_promises(contract: Any, tag: str) -> None:
    operations = {
        f"{method.upper()} {path}"
        for path, item in contract.raw_schema["paths"].items()
        for method, operation in item.items()
        if tag in operation["tags"]
    }
    found = find(contract.include(tag=tag))
    assert not found.texts, "\n\n".join(found.texts)
    assert set(found.called) == operations
    assert {name for name in operations if not found.done[name]} <= _NEVER_DONE, "They refuse whatever fits."
