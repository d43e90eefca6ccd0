"""The data file: what it holds after a write that failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.errors import UnderstudyError
from app.store.data_file import DataFile

resource = pytest.importorskip("resource")


@contextmanager
def full_disk(size: int) -> Iterator[None]:
    """No file gets larger than that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [1_000_000, 9_000_000], ids=["at the end", "half-way"])
def test_a_full_disk_is_told_and_leaves_the_file_as_it_was(tmp_path: Path, size: int) -> None:
    """What is small enough is written when the transaction ends, the rest before."""
    path = tmp_path / "data"
    file = DataFile(str(path))
    file.write([("kind", "first", b"1")], [])
    with full_disk(path.stat().st_size), pytest.raises(UnderstudyError, match=r"cannot be written: disk I/O error\."):
        file.write([("kind", str(part), b"2" * 100_000) for part in range(size // 100_000)], [("kind", "first")])
    assert file.rows() == [("kind", "first", b"1")]
    file.write([("kind", "second", b"3")], [])
    file.close()
    again = DataFile(str(path))
    assert again.rows() == [("kind", "first", b"1"), ("kind", "second", b"3")]
    again.close()


def test_after_a_transaction_that_cannot_be_ended_the_next_one_works(tmp_path: Path) -> None:
    path = tmp_path / "data"
    DataFile(str(path)).close()
    with closing(sqlite3.connect(path)) as database:
        # A rule that is looked at when the transaction ends.
        database.execute("CREATE TABLE rule (x REFERENCES rule (y) DEFERRABLE INITIALLY DEFERRED, y UNIQUE)")
        database.execute(
            "CREATE TRIGGER breach AFTER INSERT ON parts WHEN new.key = 'bad' BEGIN INSERT INTO rule VALUES (1, 2); END"
        )
        database.commit()
    file = DataFile(str(path))
    file._database.execute("PRAGMA foreign_keys = ON")
    with pytest.raises(UnderstudyError, match="FOREIGN KEY"):
        file.write([("kind", "bad", b"1")], [])
    file.write([("kind", "good", b"2")], [])
    assert file.rows() == [("kind", "good", b"2")]
    file.close()


def test_the_reason_of_a_failure_is_what_is_told(tmp_path: Path) -> None:
    file = DataFile(str(tmp_path / "data"))
    with pytest.raises(ZeroDivisionError):
        file.write((("kind", "key", bytes(1 // 0)) for _ in range(1)), [])
    file.write([("kind", "key", b"1")], [])
    assert file.rows() == [("kind", "key", b"1")]
    file.close()
