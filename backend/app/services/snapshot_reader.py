"""Reads snapshots, whole or in pieces; the form of everything in them is checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec

from ..errors import InvalidInput, MalformedInput
from ..store.account_parts import ApiKeyPart, LoginPart, UserPart
from ..store.parts import ChangesPart, FilePart, Part, SchedulePart, TemplatePart, VersionPart, WorkflowPart
from ..version import VERSION
from .snapshot_format import FORMAT, FORMAT_VERSION, LivePart, ReplyPart, SandboxPart, Snapshot, broken

_KINDS: dict[str, type[Part]] = {
    "sandbox": SandboxPart,
    "reply": ReplyPart,
    "workflow": WorkflowPart,
    "version": VersionPart,
    "template": TemplatePart,
    "schedule": SchedulePart,
    "file": FilePart,
    "user": UserPart,
    "login": LoginPart,
    "api_key": ApiKeyPart,
    "execution": LivePart,
    "changes": ChangesPart,
}


class _Head(msgspec.Struct):
    """What tells whether the rest can be read."""

    format: Any = None
    version: Any = None


_READABLE: tuple[type[msgspec.Struct], ...] = (_Head, Snapshot, *_KINDS.values())
_DECODERS: dict[type[msgspec.Struct], msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind) for kind in _READABLE
}
"""Made once, while this module is imported, which only one thread does: if two threads let msgspec (0.22) look at a
type for the first time at the same moment, Python crashes. A decoder that is made may be used by any number of threads.
"""

_Read = TypeVar("_Read", bound=msgspec.Struct)


def decode(raw: bytes) -> Snapshot:
    """Read a snapshot, and check the form of everything in it.

    :raises MalformedInput: ``malformed_json``.
    :raises InvalidInput: ``unknown_snapshot_version``; ``broken_snapshot``, with the place of what does not fit.
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    head = _parse(raw, _Head)
    if head.format != FORMAT:
        raise InvalidInput(f"This is no snapshot: its format is not '{FORMAT}'.", code="unknown_snapshot_version")
    if head.version != FORMAT_VERSION or isinstance(head.version, bool):
        found = f"{head.version!r}"[:100]
        message = f"This snapshot has version {found}; what is read here is version {FORMAT_VERSION}."
        raise InvalidInput(message, code="unknown_snapshot_version")
    return _parse(raw, Snapshot)


def assemble(given: Iterable[tuple[str, bytes]]) -> Snapshot:
    """The snapshot whose parts these are, each with its kind: in whatever order, but that the oldest reply comes first.

    :raises MalformedInput: ``malformed_json``.
    :raises InvalidInput: ``broken_snapshot``.
    """
    found: dict[str, list[Any]] = {kind: [] for kind in _KINDS}
    for kind, raw in given:
        if kind not in _KINDS:
            raise broken("$", f"there is no part of kind '{kind}'")
        found[kind].append(_parse(raw, _KINDS[kind]))
    if len(found["sandbox"]) != 1:
        raise broken("$.sandbox", f"there must be one part of kind 'sandbox', not {len(found['sandbox'])}")
    for kind in ("workflow", "template", "schedule", "execution", "user", "login", "api_key"):
        found[kind].sort(key=lambda part: part.number)
    found["file"].sort(key=lambda part: part.id)
    found["version"].sort(key=lambda part: (part.workflow_id, part.revision))
    found["sandbox"][0].replies += found["reply"]
    changes = sorted((change for part in found["changes"] for change in part.changes), key=lambda one: one.cursor)
    return Snapshot(
        FORMAT,
        FORMAT_VERSION,
        VERSION,
        sandbox=found["sandbox"][0],
        workflows=found["workflow"],
        templates=found["template"],
        files=found["file"],
        executions=found["execution"],
        changes=changes,
        schedules=found["schedule"],
        versions=found["version"],
        users=found["user"] or None,
        logins=found["login"],
        api_keys=found["api_key"],
    )


def _parse(raw: bytes, kind: type[_Read]) -> _Read:
    try:
        return _DECODERS[kind].decode(raw)  # type: ignore[no-any-return]
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at `")
        raise broken(place.rstrip("`") or "$", message) from None
    except RecursionError:
        raise broken("$", "it is nested too deep") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedInput(f"This is no JSON: {error}.", code="malformed_json") from None
