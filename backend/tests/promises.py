"""What the contract says of things that tests read without the application seeing it."""

from __future__ import annotations

from functools import cache
from typing import Any

from app import create_app
from app.config import Settings
from app.contract.publishing import published

Json = Any


def check_event(event: Json) -> Json:
    """The event, if it is what the contract says of events of its type."""
    error = next(_validator(event["type"]).iter_errors(event), None)
    assert error is None, f"{event['type']}: {error.message if error else ''}"
    return event


@cache
def _validator(kind: str) -> Any:
    with create_app(Settings(scenario="empty")).app_context():
        contract = published()
    names = contract.document["components"]["schemas"]["Event"]["discriminator"]["mapping"]
    return contract.validator(*names[kind].removeprefix("#/").split("/"))
