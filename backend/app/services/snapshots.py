"""Snapshots of a sandbox: taken, listed, downloaded, uploaded, restored, forked into another sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..errors import Conflict, NotFound
from ..moments import iso
from ..sandbox import Sandbox, Sandboxes
from .changes import check_count
from .snapshot_format import Snapshot
from .snapshot_installer import install, settings_of
from .snapshot_reader import decode
from .snapshot_writer import capture, encode

Json = Any


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot as a sandbox keeps it."""

    name: str
    taken_at: int
    """The virtual moment that it shows, in microseconds."""
    content: bytes
    """The document."""

    def as_dict(self) -> dict[str, Json]:
        """The snapshot as lists show it."""
        return {"name": self.name, "taken_at": iso(self.taken_at), "size": len(self.content)}


def take(sandbox: Sandbox, name: str) -> dict[str, Json]:
    """Keep a sandbox as it is at this moment, in the middle of whatever is under way.

    :raises Conflict: ``snapshot_exists``.
    :raises TooMany: ``too_many_snapshots``.
    """
    with sandbox.turn():
        # What a node is working out is worked out first: how far it is depends on the machine.
        sandbox.finish_work()
        _check_new(sandbox, name)
        captured = capture(sandbox)
    # This takes long, so that it is done with the lock open.
    kept = Kept(name, captured.sandbox.now, encode(captured))
    with sandbox.turn():
        _check_new(sandbox, name)
        return _keep(sandbox, kept)


def list_snapshots(sandbox: Sandbox) -> list[dict[str, Json]]:
    """The snapshots of a sandbox, in the order in which they came."""
    with sandbox.view():
        return [snapshot.as_dict() for snapshot in sandbox.snapshots.values()]


def get(sandbox: Sandbox, name: str) -> Kept:
    """A snapshot of a sandbox.

    :raises NotFound: if there is none.
    """
    with sandbox.view():
        snapshot: Kept | None = sandbox.snapshots.get(name)
    if snapshot is None:
        raise NotFound("snapshot", name)
    return snapshot


def put(sandboxes: Sandboxes, sandbox: Sandbox, name: str, content: bytes) -> tuple[dict[str, Json], bool]:
    """Keep a document that was downloaded somewhere, and say whether the name is a new one.

    It is made a sandbox of first, so that what is kept can be restored.

    :raises MalformedInput: if it is no JSON.
    :raises InvalidInput: ``unknown_snapshot_version``, ``broken_snapshot``.
    """
    snapshot = decode(content)
    revive(sandboxes, sandbox.name, snapshot).close()
    with sandbox.turn():
        is_new = name not in sandbox.snapshots
        _check_room(sandbox, name)
        return _keep(sandbox, Kept(name, snapshot.sandbox.now, content)), is_new


def delete(sandbox: Sandbox, name: str) -> None:
    """Forget a snapshot.

    :raises NotFound: if there is none.
    """
    with sandbox.turn():
        if sandbox.snapshots.pop(name, None) is None:
            raise NotFound("snapshot", name)


def restore(sandboxes: Sandboxes, sandbox: Sandbox, name: str) -> Sandbox:
    """Set a sandbox back to a snapshot; its snapshots and its request log stay."""
    kept = get(sandbox, name)
    return sandboxes.put(sandbox.name, lambda: revive(sandboxes, sandbox.name, decode(kept.content)))


def fork(sandboxes: Sandboxes, sandbox: Sandbox, name: str, other: str) -> Sandbox:
    """Let another sandbox go on from a snapshot of this one.

    :raises Conflict: ``sandbox_exists``: nobody's work is overwritten.
    """
    kept = get(sandbox, name)
    return sandboxes.put(other, lambda: revive(sandboxes, other, decode(kept.content)), is_new=True)


def revive(sandboxes: Sandboxes, name: str, snapshot: Snapshot) -> Sandbox:
    """A new sandbox that holds what a snapshot does, and that nobody can find yet.

    :raises InvalidInput: ``broken_snapshot``.
    """
    settings = settings_of(snapshot, sandboxes.settings)
    sandbox = sandboxes.fresh(name, settings, snapshot.sandbox.now)
    try:
        install(snapshot, sandbox)
    except BaseException:
        sandbox.close()
        raise
    return sandbox


def read_kept(name: str, content: bytes) -> Kept:
    """A snapshot that a sandbox is to keep again."""
    return Kept(name, decode(content).sandbox.now, content)


def _check_new(sandbox: Sandbox, name: str) -> None:
    if name in sandbox.snapshots:
        raise Conflict(f"There is a snapshot '{name}' already; delete it first.", code="snapshot_exists")
    _check_room(sandbox, name)


def _check_room(sandbox: Sandbox, name: str) -> None:
    check_count("snapshots", len({*sandbox.snapshots, name}), sandbox.limits.max_snapshots, "max_snapshots")


def _keep(sandbox: Sandbox, kept: Kept) -> dict[str, Json]:
    shown = kept.as_dict()
    sandbox.snapshots[kept.name] = kept
    return shown
