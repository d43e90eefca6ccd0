"""The data file: parts of a sandbox, each under a kind and a key, kept by SQLite.

SQLite writes all changes of a transaction or none, whenever the process or the machine ends; a half-written one is
taken back when the file is opened again. Nothing here knows what is in a part.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..errors import InvalidInput, UnderstudyError

APPLICATION = 0x55535459
"""Marks a file as ours: ``USTY``."""

VERSION = 1
"""Rises when files that were written before cannot be read any more; another one is refused."""

Row = tuple[str, str, bytes]
"""Kind, key and body of a part."""


class DataFile:
    """A file that one server keeps, and no other at the same time."""

    def __init__(self, path: str) -> None:
        """Open the file, or make one.

        :raises UnderstudyError: if it cannot be opened, is none of ours, or is kept by another server.
        """
        self.path = path
        # SQLite has names of its own for what is no file.
        place = Path(path).absolute()
        if not place.parent.is_dir():
            raise InvalidInput(f"There is no folder for the data file '{path}'.", code="bad_data_file")
        with self._explained():
            self._database = sqlite3.connect(place, timeout=1, isolation_level=None, check_same_thread=False)
        try:
            with self._explained():
                self._open()
        except BaseException:
            self._database.close()
            raise

    def rows(self) -> list[Row]:
        """Every part, in the order in which they were last written."""
        with self._explained():
            return list(self._database.execute("SELECT kind, key, body FROM parts ORDER BY rowid"))

    def write(self, rows: Iterable[Row], gone: Iterable[tuple[str, str]]) -> None:
        """Put parts in the place of those of the same kind and key, and take others out: all of that, or nothing.

        :raises UnderstudyError: if it cannot be written.
        """
        with self._explained_write(), self._transaction():
            self._database.executemany("DELETE FROM parts WHERE kind = ? AND key = ?", gone)
            self._database.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Let another server have it."""
        self._database.close()

    def _open(self) -> None:
        ask = self._database.execute
        # Taken with the first transaction and held until the end: two servers would overwrite each other.
        ask("PRAGMA locking_mode = EXCLUSIVE")
        mark, version = (ask(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        is_new = not ask("SELECT count(*) FROM sqlite_master").fetchone()[0] and not mark
        if not is_new:
            self._check(mark, version)
        with self._transaction():
            if is_new:
                ask(f"PRAGMA application_id = {APPLICATION}")
                ask(f"PRAGMA user_version = {VERSION}")
                ask("CREATE TABLE parts (kind TEXT, key TEXT, body BLOB NOT NULL, PRIMARY KEY (kind, key))")

    def _check(self, mark: int, version: int) -> None:
        if mark != APPLICATION:
            raise self._refusal("it is a database, but none of Understudy's")
        if version != VERSION:
            raise self._refusal(f"it has version {version}, and this Understudy reads version {VERSION}")
        found = self._database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise self._refusal(f"it is broken: {found}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN EXCLUSIVE")
        try:
            yield
            self._database.execute("COMMIT")
        except BaseException:
            # Some errors have taken everything back already. What went wrong first is what has to be told.
            if self._database.in_transaction:
                with suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
            raise

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorname", "") == "SQLITE_BUSY":
                raise UnderstudyError(f"The data file '{self.path}' is kept by another server.") from None
            raise self._refusal(str(error)) from None

    @contextmanager
    def _explained_write(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            told = f"The data file '{self.path}' cannot be written: {error}. It holds what it held before."
            raise UnderstudyError(told) from None

    def _refusal(self, why: str) -> InvalidInput:
        return InvalidInput(
            f"The data file '{self.path}' cannot be used: {why}. It was left as it is.", code="bad_data_file"
        )
