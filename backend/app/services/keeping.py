"""Keeping a sandbox in a file, so that a server that ends, however it ends, goes on where it was.

What a request changed is written before it is answered. That time went by is not written: what happens by itself
follows from what was, and happens again in the same way when the sandbox is read from the file.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any

import msgspec

from ..errors import InvalidInput, SetBack, UnderstudyError
from ..sandbox import DEFAULT, Routine, Sandbox, Sandboxes
from ..store.data_file import DataFile, Row
from ..world import real_now
from .snapshot_reader import assemble
from .snapshot_writer import Piece, encode, pieces
from .snapshots import read_kept, revive

SECONDS_BETWEEN = 0.25
"""Real seconds between two looks at whether something is left to write: a disk may have been full."""

_CLOCK = ("clock", "real")
"""The row that says at which real moment the others were written, in microseconds."""

_KEPT = "snapshot"
"""The kind of the rows that hold snapshots."""

Stamps = dict[tuple[str, str], Any]

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
        self._stamps: Stamps = {}
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
        elif self._stamps:
            self._file.write([], [*self._stamps, _CLOCK])
            self._store, self._stamps = None, {}

    def _save(self, sandbox: Sandbox) -> None:
        with sandbox.view():
            if sandbox.store is self._store and sandbox.changes == self._changes:
                return
            store, changes = sandbox.store, sandbox.changes
            # After a reset or a restore, the same key may stand for something else with the same stamp.
            known = self._stamps if store is self._store else {}
            stamps, captured = _changed(_all_pieces(sandbox), known)
            now = (*_CLOCK, str(real_now()).encode())
        gone = self._stamps.keys() - stamps.keys()
        # What takes long is done with the lock open.
        rows = ((kind, key, encode(held)) for kind, key, held in captured)
        self._file.write(chain(rows, [now]), gone)
        self._store, self._changes, self._stamps = store, changes, stamps

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
        every = ((piece.kind, piece.key, piece.stamp) for piece in _all_pieces(sandbox))
        self._stamps = {(kind, key): stamp for kind, key, stamp in every if (kind, key) in held}
        # A clock that runs has run on while nobody was there, like any other.
        clock = sandbox.world.clock
        clock.jump_to(clock.now() + int(clock.rate * max(real_now() - written_at, 0)))
        return sandbox


def _read_moment(body: bytes) -> int:
    try:
        return int(body)
    except ValueError:
        raise InvalidInput("It does not say when it was written.", code="bad_data_file") from None


def _all_pieces(sandbox: Sandbox) -> Iterator[Piece]:
    yield from pieces(sandbox)
    for name, kept in sandbox.snapshots.items():
        yield Piece(_KEPT, name, kept, partial(msgspec.Raw, kept.content))


def _changed(every: Iterable[Piece], known: Stamps) -> tuple[Stamps, list[tuple[str, str, Any]]]:
    """The stamps of all pieces, and what was captured of those that are not as they were."""
    stamps: Stamps = {}
    captured = []
    for kind, key, stamp, capture in every:
        stamps[kind, key] = stamp
        if stamp is None or known.get((kind, key)) != stamp:
            captured.append((kind, key, capture()))
    return stamps, captured
