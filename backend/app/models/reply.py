"""A reply: what was answered to a request that bore an ``Idempotency-Key``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Reply:
    """An answer that is kept for its key; without a status as long as the first request is at work."""

    fingerprint: bytes
    status: int = 0
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
