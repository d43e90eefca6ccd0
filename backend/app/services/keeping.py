"""Keeping a sandbox in a file, so that a server that ends, however it ends, goes on where it was.

What a request changed is written before it is answered. That time went by is not written: what happens by itself
follows from what was, and happens again in the same way when the sandbox is read from the file.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from ..errors import InvalidInput, SetBack, UnderstudyError
from ..sandbox import DEFAULT, Routine, Sandbox, Sandboxes
from ..store.data_file import DataFile, Row
from ..world import real_now
from .snapshot_reader import assemble
from .snapshot_writer import Piece, bundles, encode, single_pieces
from .snapshots import read_kept, revive

SECONDS_BETWEEN = 0.25
"""Real seconds between two looks at whether something is left to write: a disk may have been full."""

_CLOCK = ("clock", "real")
"""The row that says at which real moment the others were written, in microseconds."""

_KEPT = "snapshot"
"""The kind of the rows that hold snapshots."""

Place = tuple[str, str]
"""The kind and the key of a row."""

Stamps = dict[Place, Any]


class Written(NamedTuple):
    """The stamps of what is in the file."""

    pieces: Stamps
    """Of those in no bundle."""
    bundles: dict[str, tuple[Any, Stamps]]
    """By the key of a bundle: its own stamp, and those of what is in it."""

    def places(self) -> Iterator[Place]:
        """Those of all rows."""
        return chain(self.pieces, *(held for _, held in self.bundles.values()))


_log = logging.getLogger(__name__)


class Keeper:
    """Keeps the default sandbox in a file, from what is in the file at the start to what there is at the end."""

    def __init__(self, sandboxes: Sandboxes, path: str) -> None:
        """:param path: of the data file; one that is not there is made.
        :raises UnderstudyError: if it cannot be used. Then it is left as it is.
        """
        self._sandboxes = sandboxes
        self._file = DataFile(path)
        self._store: object = None
        self._changes = -1
        self._written = Written({}, {})
        self._told = ""
        self._read()
        self._routine = Routine(self._save_or_tell, SECONDS_BETWEEN)
        sandboxes.on_change = self._keep

    def close(self) -> None:
        """Write what is not written yet, and let the file go."""
        self._routine.stop()
        self._file.close()

    def save(self) -> None:
        """Write what changed since the last time, all of it or nothing."""
        sandbox = self._sandboxes.find(DEFAULT)
        if sandbox is not None:
            self._save(sandbox)
        elif self._written.pieces:
            self._file.write([], [*self._written.places(), _CLOCK])
            self._store, self._written = None, Written({}, {})

    def _save(self, sandbox: Sandbox) -> None:
        with sandbox.view():
            if sandbox.store is self._store and sandbox.changes == self._changes:
                return
            store, changes = sandbox.store, sandbox.changes
            # After a reset or a restore, the same key may stand for something else with the same stamp.
            known = self._written if store is self._store else Written({}, {})
            written, captured = _changed(sandbox, known)
            now = (*_CLOCK, str(real_now()).encode())
        gone = _gone(self._written, written)
        # What takes long is done with the lock open.
        rows = ((kind, key, encode(held)) for kind, key, held in captured)
        self._file.write(chain(rows, [now]), gone)
        self._store, self._changes, self._written = store, changes, written

    def _keep(self, name: str) -> None:
        if name == DEFAULT:
            self._routine.act()

    def _save_or_tell(self) -> None:
        try:
            self.save()
        except SetBack:
            pass  # It was ended a moment ago; who did that has it written.
        except UnderstudyError as error:
            self._tell(error.message)
        except Exception as error:
            self._tell(repr(error))
        else:
            self._told = ""

    def _tell(self, trouble: str) -> None:
        """Say what is wrong, but not four times a second."""
        if trouble != self._told:
            self._told = trouble
            _log.error("Nothing is kept at the moment: %s", trouble)

    def _read(self) -> None:
        rows = self._file.rows()
        if not rows:
            return
        try:
            sandbox = self._sandboxes.put(DEFAULT, lambda: self._revive(rows))
        except UnderstudyError as error:
            self._file.close()
            message = f"The data file '{self._file.path}' cannot be used: {error.message} It was left as it is."
            raise InvalidInput(message, code="bad_data_file") from None
        self._store, self._changes = sandbox.store, sandbox.changes

    def _revive(self, rows: list[Row]) -> Sandbox:
        held = {(kind, key): body for kind, key, body in rows}
        written_at = _read_moment(held.pop(_CLOCK, b""))
        kept = sorted((key, body) for (kind, key), body in held.items() if kind == _KEPT)
        snapshot = assemble((kind, body) for (kind, _), body in held.items() if kind != _KEPT)
        snapshots = {name: read_kept(name, body) for name, body in kept}
        sandbox = revive(self._sandboxes, DEFAULT, snapshot)
        sandbox.snapshots.update(snapshots)
        self._written = _found(sandbox, held.keys())
        # A clock that runs has run on while nobody was there, like any other.
        clock = sandbox.world.clock
        clock.jump_to(clock.now() + int(clock.rate * max(real_now() - written_at, 0)))
        return sandbox


def _read_moment(body: bytes) -> int:
    try:
        return int(body)
    except ValueError:
        raise InvalidInput("It does not say when it was written.", code="bad_data_file") from None


def _loose_pieces(sandbox: Sandbox) -> Iterator[Piece]:
    yield from single_pieces(sandbox)
    for name, kept in sandbox.snapshots.items():
        yield Piece(_KEPT, name, kept, partial(msgspec.Raw, kept.content))


def _found(sandbox: Sandbox, rows: Collection[Place]) -> Written:
    """The stamps of what was read from these rows; what is in none of them has still to be written."""

    def stamps(every: Iterable[Piece]) -> Stamps:
        return {(piece.kind, piece.key): piece.stamp for piece in every if (piece.kind, piece.key) in rows}

    # A bundle has no stamp of its own yet: the first save looks into it.
    held = {bundle.key: (None, stamps(bundle.pieces())) for bundle in bundles(sandbox)}
    return Written(stamps(_loose_pieces(sandbox)), held)


def _changed(sandbox: Sandbox, known: Written) -> tuple[Written, list[tuple[str, str, Any]]]:
    """The stamps of all there is, and what was captured of that which is not as it was."""
    captured: list[tuple[str, str, Any]] = []
    written = Written(_compare(_loose_pieces(sandbox), known.pieces, captured), {})
    for key, stamp, open_bundle in bundles(sandbox):
        before = known.bundles.get(key, (None, {}))
        same = before[0] == stamp
        written.bundles[key] = before if same else (stamp, _compare(open_bundle(), before[1], captured))
    return written, captured


def _compare(every: Iterable[Piece], known: Stamps, captured: list[tuple[str, str, Any]]) -> Stamps:
    """The stamps of these pieces; those that are not as they were are captured."""
    stamps: Stamps = {}
    for kind, key, stamp, capture in every:
        stamps[kind, key] = stamp
        if stamp is None or known.get((kind, key)) != stamp:
            captured.append((kind, key, capture()))
    return stamps


def _gone(before: Written, after: Written) -> set[Place]:
    """The rows of what is not there any more."""
    gone = before.pieces.keys() - after.pieces.keys()
    for key, bundle in before.bundles.items():
        now = after.bundles.get(key, (None, {}))
        if now is not bundle:
            gone |= bundle[1].keys() - now[1].keys()
    return gone
